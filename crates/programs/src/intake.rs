//! Taking applications in (접수): at the counter, by post, by telephone; one number sequence a call.
//!
//! Owns: the refusals of an application in order of precedence, drafts and their codes, withdrawing. Does
//! not own: whether somebody may take part; a verdict is computed and told, but no application is turned
//! away for it. What a newcomer gets wrong: refusing for a missing fact. It becomes a list of documents.

use iljari_base::{Date, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_people::residents::{self, Alike, NewResident, Safe};
use iljari_people::seal::Sealer;
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_rules::eval::{age, months};
use iljari_rules::model::LimitKind;
use iljari_rules::{Outcome as Verdict, RuleSet};
use iljari_store::Tx;

use crate::application::{Application, ApplicationState, Channel, Consent, Evidence, Origin, Said};
use crate::call::{published_of, refuse_all, resident_numbers};
use crate::judge::{self, Proof, judge};
use crate::model::Call;
use crate::{code, evidence, store};

/// Longest note, in characters.
const NOTE_MAX: usize = 500;

/// Whether the applicant is in the office's records already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Nobody said. Refused where somebody of the same name and day of birth is known.
    Unsaid,
    /// This one.
    Known(Id<id::Resident>),
    /// Another person of the same name and day of birth.
    Another,
}

/// The head of the household, as the clerk saw it in the register (세대주).
#[derive(Clone, PartialEq, Eq)]
pub enum Head {
    /// The applicant herself.
    Herself,
    /// Somebody else.
    Other {
        /// The name.
        name: String,
        /// The day of birth.
        birth: Date,
    },
}

/// An application as a clerk hands it in.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    /// How it came in.
    pub channel: Channel,
    /// The 동 that takes it.
    pub dong: String,
    /// Who applies.
    pub resident: NewResident,
    /// Whether she is known.
    pub who: Who,
    /// Whose household.
    pub head: Head,
    /// 희망 사업번호.
    pub wanted: String,
    /// Facts by name, as typed; what she does not know is left out.
    pub facts: Vec<(String, String)>,
    /// What she agrees to.
    pub consents: Vec<Consent>,
    /// The clerk's note.
    pub note: String,
    /// The draft it comes from.
    pub draft: Option<String>,
}

/// What the applicant takes home (접수증).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its number in the call.
    pub no: i64,
    /// 접수번호.
    pub receipt: String,
    /// When, to the second.
    pub at: Timestamp,
    /// What came out by her word alone.
    pub verdict: Verdict,
    /// Documents to bring.
    pub missing: Vec<String>,
}

/// Takes an application in. Refusals, the most senior first; those of one line come together:
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-published` | | |
/// | `not-open-yet`, `closed` | | the instant of acceptance lies outside 접수 |
/// | `resident-number` | any text | something shaped like a resident number |
/// | `consent-needed` | `consents` | a purpose without which there is no application |
/// | `no-such-place` | `wanted` | no such 사업번호 |
/// | `fact-unreadable` | `facts` | an answer that is none |
/// | `note-too-long` | `note` | |
/// | `pool-age` | `wanted` | her age is outside the pool's |
/// | those of `people::residents::enrol` | `name`, `birth`, … | |
/// | `same-name-and-birth` | `who` | somebody of that name and birth is known and nobody said whether it is she |
/// | `live-application` | `name` | she has one in this call |
/// | `household-full` | `household` | her household has as many as may be |
/// | `rounds-used-up` | `name` | she took part as often as may be |
pub async fn submit(tx: &mut Tx, cx: &Cx, safe: &Safe, call_no: i64, filled: Filled) -> Outcome<Received> {
    let call = published_of(tx, cx, call_no).await?;
    in_time(&call, cx.today())?;
    refuse_all(resident_numbers_in(&filled))?;
    let rules = call.rules.open()?;
    let places = store::places(tx, &cx.district, call_no).await?;
    let place = places.iter().find(|place| place.no == filled.wanted.trim());
    let mut refusals = faults(&rules, &filled);
    let Some(place) = place else {
        let message = format!("이 공고에 없는 사업번호입니다({}). 공고에서 다시 골라 주세요.", filled.wanted.trim());
        refusals.push(Refusal::new("no-such-place", "", message).at("wanted"));
        return Err(Stop::Refused(refusals));
    };
    let pools = store::pools(tx, &cx.district, call_no).await?;
    let years = age(filled.resident.birth, call.terms.work_first_on);
    if let Some(pool) = pools.iter().find(|pool| pool.name == place.pool).filter(|pool| !pool.takes(years)) {
        let message = format!(
            "‘{}’ 모집은 일을 시작하는 날 {}인 분만 신청할 수 있습니다. 그날 만 {years}세입니다. 다른 사업번호를 골라 주세요.",
            pool.name,
            pool.ages()
        );
        refusals.push(Refusal::new("pool-age", "모집공고 모집 구분", message).at("wanted"));
    }
    refuse_all(refusals)?;
    let resident = resident(tx, cx, safe, &filled).await?;
    if store::has_live(tx, &cx.district, call_no, resident).await? {
        return Err(store::live_already().into());
    }
    let household = household(tx, cx, safe, &filled.head, resident).await?;
    let slot = household_slot(tx, cx, &rules, call_no, household).await?;
    rounds_left(tx, cx, &call, &rules, resident).await?;
    let mut said = Said { note: filled.note.trim().to_owned(), ..Said::default() };
    said.facts = filled.facts.iter().map(|(name, text)| (name.clone(), text.trim().to_owned())).collect();
    said.facts.insert(judge::BIRTH.to_owned(), filled.resident.birth.to_string());
    let evidence = Evidence { declared: said, ..Evidence::default() };
    let judged = judge(&call, &rules, &evidence, Proof::Word);
    let papers = judge(&call, &rules, &evidence, Proof::Seen).missing;
    let no = store::take_receipt(tx, &cx.district, call_no).await?;
    let application = Application {
        call_no,
        no,
        resident,
        evidence_box: residents::new_box(tx, cx, safe, resident).await?,
        channel: filled.channel,
        dong: filled.dong.trim().to_owned(),
        pool: place.pool.clone(),
        wanted: place.no.clone(),
        household,
        household_slot: slot,
        state: ApplicationState::Received,
        verdict: judged.outcome,
        broken: judged.broken(),
        conflicts: 0,
        overridden: None,
        override_reason: String::new(),
        taken_by: cx.actor,
        taken_at: cx.now(),
        destroyed_at: None,
    };
    store::insert_application(tx, &cx.district, &application).await?;
    store::put_consents(tx, &cx.district, call_no, no, &filled.consents, cx.now()).await?;
    evidence::put(tx, cx, safe, &application, Origin::Declared, &evidence.declared).await?;
    if let Some(code) = &filled.draft {
        store::empty_draft(tx, &cx.district, code).await?;
    }
    let receipt = call.receipt(no);
    log_access(tx, cx, Access::to(format!("신청 접수({})", filled.channel.label()), Whose::Receipt(receipt.clone())))
        .await?;
    Ok(Received { no, receipt, at: application.taken_at, verdict: judged.outcome, missing: papers })
}

fn in_time(call: &Call, today: Date) -> Outcome<()> {
    let terms = &call.terms;
    if today < terms.apply_first_on {
        let message = format!("{}부터 접수합니다. 그날 다시 와 주세요.", terms.apply_first_on.korean());
        return Err(Refusal::new("not-open-yet", "모집공고 접수 기간", message).into());
    }
    if today > terms.apply_last_on {
        let message = format!("접수가 {}에 끝났습니다. 다음 모집을 기다려 주세요.", terms.apply_last_on.korean());
        return Err(Refusal::new("closed", "모집공고 접수 기간", message).into());
    }
    Ok(())
}

fn resident_numbers_in(filled: &Filled) -> Vec<Refusal> {
    let head = match &filled.head {
        Head::Herself => "",
        Head::Other { name, .. } => name,
    };
    let mut found = resident_numbers(&[
        ("name", &filled.resident.name),
        ("phone", filled.resident.phone.as_deref().unwrap_or_default()),
        ("address_dong", filled.resident.address_dong.as_deref().unwrap_or_default()),
        ("contact_note", filled.resident.contact_note.as_deref().unwrap_or_default()),
        ("household", head),
        ("dong", &filled.dong),
        ("wanted", &filled.wanted),
        ("note", &filled.note),
    ]);
    let facts: Vec<(&'static str, &str)> = filled.facts.iter().map(|(_, text)| ("facts", text.as_str())).collect();
    found.extend(resident_numbers(&facts).into_iter().take(1));
    found
}

fn faults(rules: &RuleSet, filled: &Filled) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for consent in Consent::ALL.into_iter().filter(|consent| consent.needed()) {
        if !filled.consents.contains(&consent) {
            let message =
                format!("‘{}’에 동의해야 신청할 수 있습니다. 나머지는 동의하지 않아도 됩니다.", consent.label());
            refusals.push(Refusal::new("consent-needed", "고용정책 기본법 제13조의4", message).at("consents"));
        }
    }
    for (name, text) in &filled.facts {
        let fault = match rules.facts.iter().find(|fact| fact.name == *name && !fact.from_call) {
            None => Some("이 공고가 묻지 않는 것입니다".to_owned()),
            Some(fact) => judge::fault_of(fact, text),
        };
        if let Some(fault) = fault {
            refusals.push(Refusal::new("fact-unreadable", "", format!("{name}: {fault}.")).at("facts"));
        }
    }
    let length = filled.note.chars().count();
    if length > NOTE_MAX {
        let message = format!("{NOTE_MAX}자까지 적을 수 있습니다. 지금은 {length}자입니다.");
        refusals.push(Refusal::new("note-too-long", "", message).at("note"));
    }
    refusals
}

/// The applicant's record: the one that was named, or a new one where that is certain.
async fn resident(tx: &mut Tx, cx: &Cx, safe: &Safe, filled: &Filled) -> Outcome<Id<id::Resident>> {
    let known = residents::find(tx, cx, safe, &filled.resident.name, filled.resident.birth).await?;
    match &filled.who {
        Who::Known(id) if known.iter().any(|alike| alike.id == *id) => Ok(*id),
        Who::Another => Ok(residents::enrol(tx, cx, safe, filled.resident.clone()).await?.id),
        Who::Unsaid if known.is_empty() => Ok(residents::enrol(tx, cx, safe, filled.resident.clone()).await?.id),
        Who::Known(_) | Who::Unsaid => {
            let message = "이름과 생년월일이 같은 분이 이미 등록되어 있습니다. 같은 분인지 확인해서 골라 주세요.";
            Err(Refusal::new("same-name-and-birth", "", message).at("who").into())
        }
    }
}

/// Who of that name and birth is known, for the question whether it is she.
pub async fn alike(tx: &mut Tx, cx: &Cx, safe: &Safe, name: &str, birth: Date) -> Outcome<Vec<Alike>> {
    residents::find(tx, cx, safe, name, birth).await
}

async fn household(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    head: &Head,
    applicant: Id<id::Resident>,
) -> Outcome<Id<id::Resident>> {
    let Head::Other { name, birth } = head else { return Ok(applicant) };
    let at_household = |stop: Stop| match stop {
        Stop::Refused(refusals) => Stop::Refused(refusals.into_iter().map(|refusal| refusal.at("household")).collect()),
        other => other,
    };
    let known = residents::find(tx, cx, safe, name, *birth).await.map_err(at_household)?;
    if let Some(head) = known.first() {
        return Ok(head.id);
    }
    let new = NewResident { name: name.clone(), birth: *birth, phone: None, address_dong: None, contact_note: None };
    Ok(residents::enrol(tx, cx, safe, new).await.map_err(at_household)?.id)
}

/// The smallest free number within the household. The table's key stands behind it.
async fn household_slot(
    tx: &mut Tx,
    cx: &Cx,
    rules: &RuleSet,
    call_no: i64,
    household: Id<id::Resident>,
) -> Outcome<i64> {
    let most = rules.limits.iter().find_map(|limit| match limit.kind {
        LimitKind::PerHousehold(most) => Some(most),
        LimitKind::Rounds { .. } => None,
    });
    let taken = store::household_slots(tx, &cx.district, call_no, household).await?;
    let free = (1..).find(|slot| !taken.contains(slot)).unwrap_or(i64::MAX);
    match most {
        Some(most) if free > most => Err(store::household_full(most).into()),
        _ => Ok(free),
    }
}

/// Refuses somebody who took part as often as the rules allow, this time included.
pub(crate) async fn rounds_left(
    tx: &mut Tx,
    cx: &Cx,
    call: &Call,
    rules: &RuleSet,
    resident: Id<id::Resident>,
) -> Outcome<i64> {
    let rounds = store::rounds(tx, &cx.district, &rules.id, resident).await?;
    for limit in &rules.limits {
        let LimitKind::Rounds { times, months: within } = limit.kind else { continue };
        let recent = rounds.iter().filter(|(_, first)| months(*first, call.terms.work_first_on) < within).count();
        if i64::try_from(recent).unwrap_or(i64::MAX).saturating_add(1) > times {
            let message =
                format!("지난 {within}개월 안에 이미 {recent}번 참여하셨습니다. {times}번까지 참여할 수 있습니다.");
            return Err(Refusal::new("rounds-used-up", "모집공고 참여제한", message).at("name").into());
        }
    }
    Ok(rounds.last().map_or(0, |(use_no, _)| *use_no).saturating_add(1))
}

/// Withdraws an application (취하): its place in the household is free again, its evidence is destroyed.
///
/// Refusals: `no-such-application`, `already-withdrawn`, `selection-confirmed`.
pub async fn withdraw(tx: &mut Tx, cx: &Cx, call_no: i64, no: i64) -> Outcome<()> {
    let it = application_of(tx, cx, call_no, no).await?;
    if !it.is_live() {
        return Err(Refusal::new("already-withdrawn", "", "이미 취하한 신청입니다.").into());
    }
    if store::confirmed_run(tx, &cx.district, call_no).await?.is_some() {
        let message = "선발이 끝난 신청은 취하할 수 없습니다. 배치 화면에서 ‘시작하지 않음’으로 적어 주세요.";
        return Err(Refusal::new("selection-confirmed", "", message).into());
    }
    store::withdraw(tx, &cx.district, call_no, no).await?;
    evidence::destroy(tx, cx, &it, residents::DestroyReason::Withdrawn).await
}

/// An application of the district, or `no-such-application`.
pub(crate) async fn application_of(tx: &mut Tx, cx: &Cx, call_no: i64, no: i64) -> Outcome<Application> {
    let found = store::application_of(tx, &cx.district, call_no, no).await?;
    found.ok_or_else(|| Refusal::new("no-such-application", "", "신청을 찾지 못했습니다.").into())
}

/// Keeps a half-filled form under a code (이어쓰기). `code` is the one it was found by, if any.
///
/// Refusals: `no-such-call`, `call-not-published`, `closed`, `resident-number`, `draft-too-long`.
pub async fn save_draft(
    tx: &mut Tx,
    cx: &Cx,
    sealer: &Sealer,
    call_no: i64,
    code: Option<String>,
    pairs: &[(String, String)],
) -> Outcome<String> {
    let call = published_of(tx, cx, call_no).await?;
    if cx.today() > call.terms.apply_last_on {
        in_time(&call, cx.today())?;
    }
    let all: String = pairs.iter().map(|(_, text)| format!("{text}\n")).collect();
    // One by one: behind the digits of the next field a number would not look like one.
    let each: Vec<(&'static str, &str)> = pairs.iter().map(|(_, text)| ("draft", text.as_str())).collect();
    refuse_all(resident_numbers(&each).into_iter().take(1).collect())?;
    if all.chars().count() > 20_000 {
        return Err(Refusal::new("draft-too-long", "", "적은 글이 너무 깁니다. 줄여 주세요.").into());
    }
    let code = code.unwrap_or_else(|| code::fresh(cx.entropy.as_ref()));
    let text = serde_json::to_string(pairs).map_err(iljari_base::Failure::new)?;
    let sealed = sealer.seal(cx.entropy.as_ref(), &draft_context(cx, &code), text.as_bytes())?;
    store::put_draft(tx, &cx.district, &code, call_no, sealed, cx.actor, cx.now()).await?;
    Ok(code)
}

/// What a draft holds, to hold a form against; nobody is shown it. `None` where the code finds none.
pub async fn draft_as_it_is(
    tx: &mut Tx,
    cx: &Cx,
    sealer: &Sealer,
    code: &str,
) -> Outcome<Option<Vec<(String, String)>>> {
    let Some((_, sealed)) = store::draft(tx, &cx.district, code).await? else { return Ok(None) };
    let plain = sealer.open_sealed(&draft_context(cx, code), &sealed);
    Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()))
}

/// Finds a draft by its code, as typed. Refusals: `no-such-draft`.
pub async fn find_draft(
    tx: &mut Tx,
    cx: &Cx,
    sealer: &Sealer,
    typed: &str,
) -> Outcome<(i64, String, Vec<(String, String)>)> {
    let none = || {
        let message = "그 번호로 적다 만 신청을 찾지 못했습니다. 여덟 글자를 다시 확인해 주세요.";
        Stop::from(Refusal::new("no-such-draft", "", message).at("code"))
    };
    let code = code::read(typed).ok_or_else(none)?;
    let (call_no, sealed) = store::draft(tx, &cx.district, &code).await?.ok_or_else(none)?;
    let plain = sealer.open_sealed(&draft_context(cx, &code), &sealed).ok_or_else(none)?;
    let pairs = serde_json::from_slice(&plain).map_err(|_| none())?;
    log_access(tx, cx, Access::to("적다 만 신청 열기", Whose::Nobody)).await?;
    Ok((call_no, code, pairs))
}

fn draft_context(cx: &Cx, code: &str) -> String {
    format!("program draft {} {code}", cx.district)
}
