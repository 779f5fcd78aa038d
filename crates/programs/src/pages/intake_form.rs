//! `/office/calls/{no}/applications/new`: an application at the counter, and the receipt to print.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::korean::refuse_resident_number;
use iljari_base::{Date, Outcome, Refusal, Stop};
use iljari_people::residents::{NewResident, Safe};
use iljari_people::seal::Sealer;
use iljari_people::{ClientAddress, Cx};
use iljari_rules::{Kind, RuleSet};
use iljari_store::Tx;
use iljari_web::parts::Choice;
use iljari_web::{
    DisplayPrefs, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer, meanwhile, render,
    render_with, status_of,
};

use super::{frame, missing, number};
use crate::application::{Channel, Consent};
use crate::intake::{Filled, Head, Who};
use crate::judge::BIRTH;
use crate::model::{Call, WorkPlace};
use crate::{code, intake, store};

/// One question of the rules.
struct Question {
    name: String,
    label: String,
    hint: String,
    value: String,
    choices: Vec<Choice>,
    several: bool,
}

#[derive(Template)]
#[template(path = "programs/intake.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    meanwhile: Meanwhile,
    action: String,
    title: String,
    draft: String,
    draft_shown: String,
    saved: bool,
    typed: Typed,
    channels: Vec<Choice>,
    places: Vec<Choice>,
    questions: Vec<Question>,
    consents: Vec<Choice>,
    who: Vec<Choice>,
    heads: Vec<Choice>,
}

/// The empty form, or the one that a code finds.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let (call, places) = call(&office, &viewer, no).await?;
    let typed_code = typed.get("code").to_owned();
    if typed_code.is_empty() {
        let typed = Typed::new().with("channel", Channel::Counter.as_str()).with("head", "self");
        let new = (typed, Meanwhile::default());
        let page = page(&prefs, &viewer, &call, &places, new, FieldErrors::none(), Vec::new(), false)?;
        return Ok(render(page));
    }
    let cx = Cx::of(&office, &viewer, &address);
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let (_, code, pairs) = office
        .store
        .write(move |tx| Box::pin(async move { intake::find_draft(tx, &cx, &sealer, &typed_code).await }))
        .await?;
    let saved = typed.get("saved") == "1";
    let opened_on = Meanwhile::opened_on(&pairs.clone().into());
    let mut pairs = pairs;
    pairs.retain(|(name, _)| name != "draft");
    pairs.push(("draft".to_owned(), code));
    let found = (pairs.into(), opened_on);
    Ok(render(page(&prefs, &viewer, &call, &places, found, FieldErrors::none(), Vec::new(), saved)?))
}

/// Takes the application in, or keeps what was typed for later.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let (call, places) = call(&office, &viewer, no).await?;
    let rules = call.rules.open()?;
    let cx = Cx::of(&office, &viewer, &address);
    if typed.get("act") == "keep" {
        return keep(&office, &prefs, &viewer, cx, &call, &places, &rules, typed).await;
    }
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome = match read(&typed, &rules) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok(filled) => {
            let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
            let (acting, safe, sent) = (cx.clone(), safe.clone(), typed.clone());
            office
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        draft_unchanged(tx, &acting, &sealer, &sent).await?;
                        intake::submit(tx, &acting, &safe, no, filled).await
                    })
                })
                .await
        }
    };
    match outcome {
        Ok(received) => {
            Ok(Redirect::to(&format!("/office/calls/{no}/applications/{}/receipt", received.no)).into_response())
        }
        Err(stop) => {
            let (status, typed) = (status_of(&stop), typed.without_resident_numbers());
            let meanwhile = meanwhile_of(&office, &cx, &rules, &stop, &typed).await?;
            let alike =
                if stop.has("same-name-and-birth") { alike(&office, cx, safe, &typed).await? } else { Vec::new() };
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&prefs, &viewer, &call, &places, (typed, meanwhile), errors, alike, false)?;
            Ok(render_with(status, page))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the page again, with everything it was drawn from")]
async fn keep(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    call: &Call,
    places: &[WorkPlace],
    rules: &RuleSet,
    typed: Typed,
) -> Result<Response, PageError> {
    let mut names: Vec<String> = FIELDS.iter().map(|name| (*name).to_owned()).collect();
    names.extend(rules.facts.iter().map(|fact| field_of(&fact.name)));
    let pairs: Vec<(String, String)> = names
        .iter()
        .flat_map(|name| typed.all(name).into_iter().map(|value| (name.clone(), value.to_owned())).collect::<Vec<_>>())
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let (no, earlier) = (call.no, code::read(typed.get("draft")));
    let (acting, sent) = (cx.clone(), typed.clone());
    let kept: Outcome<String> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                draft_unchanged(tx, &acting, &sealer, &sent).await?;
                intake::save_draft(tx, &acting, &sealer, no, earlier, &pairs).await
            })
        })
        .await;
    match kept {
        Ok(code) => {
            Ok(Redirect::to(&format!("/office/calls/{no}/applications/new?code={code}&saved=1")).into_response())
        }
        Err(stop) => {
            let (status, typed) = (status_of(&stop), typed.without_resident_numbers());
            let meanwhile = meanwhile_of(office, &cx, rules, &stop, &typed).await?;
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(prefs, viewer, call, places, (typed, meanwhile), errors, Vec::new(), false)?;
            Ok(render_with(status, page))
        }
    }
}

/// Refuses where somebody else went on with the same draft.
async fn draft_unchanged(tx: &mut Tx, cx: &Cx, sealer: &Sealer, sent: &Typed) -> Outcome<()> {
    let Some(code) = code::read(sent.get("draft")) else { return Ok(()) };
    if let Some(now) = intake::draft_as_it_is(tx, cx, sealer, &code).await? {
        meanwhile::unchanged(sent, &now.into())?;
    }
    Ok(())
}

/// What the form that comes back knows of its draft. Where somebody else went on with it, both are shown, and that it
/// was opened is written down.
async fn meanwhile_of(
    office: &Office,
    cx: &Cx,
    rules: &RuleSet,
    stop: &Stop,
    typed: &Typed,
) -> Result<Meanwhile, PageError> {
    if !meanwhile::is_changed(stop) {
        return Ok(Meanwhile::as_sent(typed));
    }
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let (acting, code) = (cx.clone(), typed.get("draft").to_owned());
    let (_, _, pairs) = office
        .store
        .write(move |tx| Box::pin(async move { intake::find_draft(tx, &acting, &sealer, &code).await }))
        .await?;
    let now: Typed = pairs.into();
    let fields: Vec<(String, &str)> =
        rules.facts.iter().map(|fact| (field_of(&fact.name), fact.name.as_str())).collect();
    let facts = fields.iter().map(|(field, name)| (field.as_str(), *name));
    let labels: Vec<(&str, &str)> = LABELS.into_iter().chain(facts).collect();
    Ok(Meanwhile::compared_in_words(&now, typed, in_words, &labels))
}

/// What is chosen from a list, in its words.
fn in_words(typed: &Typed) -> Typed {
    typed.pairs().map(|(name, value)| (name.to_owned(), word(name, value))).collect::<Vec<_>>().into()
}

fn word(name: &str, value: &str) -> String {
    let known = match name {
        "channel" => Channel::from_text(value).map(Channel::label),
        "head" => Some(if value == "other" { "다른 분" } else { "신청하는 분" }),
        "consents" => Consent::ALL.into_iter().find(|it| it.as_str() == value).map(Consent::label),
        _ => None,
    };
    known.unwrap_or(value).to_owned()
}

/// What the fields of every application are called.
const LABELS: [(&str, &str); 13] = [
    ("channel", "접수 방법"),
    ("dong", "접수한 동"),
    ("name", "이름"),
    ("birth", "생년월일"),
    ("phone", "전화번호"),
    ("address_dong", "사는 동"),
    ("contact_note", "연락하는 다른 방법"),
    ("head", "세대주"),
    ("household", "세대주 이름"),
    ("household_birth", "세대주 생년월일"),
    ("wanted", "희망 사업번호"),
    ("consents", "동의"),
    ("note", "적어 둘 것"),
];

/// The fields that every application has.
const FIELDS: [&str; 14] = [
    "channel",
    "dong",
    "name",
    "birth",
    "phone",
    "address_dong",
    "contact_note",
    "head",
    "household",
    "household_birth",
    "wanted",
    "consents",
    "note",
    "draft",
];

fn field_of(fact: &str) -> String {
    format!("fact:{fact}")
}

/// Who of that name and birth is known, as choices.
async fn alike(office: &Office, cx: Cx, safe: Safe, typed: &Typed) -> Result<Vec<Choice>, PageError> {
    let Ok(birth) = typed.get("birth").trim().parse::<Date>() else { return Ok(Vec::new()) };
    let name = typed.get("name").to_owned();
    let found = office
        .store
        .write(move |tx| Box::pin(async move { intake::alike(tx, &cx, &safe, &name, birth).await }))
        .await?;
    let mut choices: Vec<Choice> = found
        .iter()
        .map(|it| Choice::new(it.id.to_string(), format!("{} {} — 같은 분입니다", it.masked_name, it.birth)))
        .collect();
    choices.push(Choice::new("another", "이름과 생년월일만 같은 다른 분입니다"));
    Ok(choices)
}

/// Everything the form can be wrong in, at once.
fn read(typed: &Typed, rules: &RuleSet) -> Result<Filled, Vec<Refusal>> {
    let mut faults = Vec::new();
    let text = |name: &str| typed.get(name).trim().to_owned();
    let filled = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let birth = super::day(typed, "birth", &mut faults);
    let channel = Channel::from_text(typed.get("channel"));
    if channel.is_none() {
        faults.push(Refusal::new("no-channel", "", "접수 방법을 골라 주세요.").at("channel"));
    }
    let head = match typed.get("head") {
        "other" => match typed.get("household_birth").trim().parse::<Date>() {
            Ok(birth) => Some(Head::Other { name: text("household"), birth }),
            Err(_) => {
                let message = "세대주의 생년월일을 1961-03-02처럼 적어 주세요.";
                let unread = Refusal::new("not-a-date", "", message).at("household");
                faults.push(refuse_resident_number("household", typed.get("household_birth")).err().unwrap_or(unread));
                None
            }
        },
        _ => Some(Head::Herself),
    };
    let who = match typed.get("who") {
        "" => Who::Unsaid,
        "another" => Who::Another,
        id => match id.parse() {
            Ok(id) => Who::Known(id),
            Err(_) => Who::Unsaid,
        },
    };
    let facts = rules
        .facts
        .iter()
        .filter(|fact| !fact.from_call && fact.name != BIRTH)
        .filter_map(|fact| {
            let sent: Vec<&str> =
                typed.all(&field_of(&fact.name)).into_iter().filter(|text| !text.trim().is_empty()).collect();
            if sent.is_empty() { None } else { Some((fact.name.clone(), sent.join(", "))) }
        })
        .collect();
    let consents = Consent::ALL.into_iter().filter(|consent| typed.chose("consents", consent.as_str())).collect();
    let (Some(birth), Some(channel), Some(head)) = (birth, channel, head) else { return Err(faults) };
    Ok(Filled {
        channel,
        dong: text("dong"),
        resident: NewResident {
            name: text("name"),
            birth,
            phone: filled("phone"),
            address_dong: filled("address_dong"),
            contact_note: filled("contact_note"),
        },
        who,
        head,
        wanted: text("wanted"),
        facts,
        consents,
        note: text("note"),
        draft: code::read(typed.get("draft")),
    })
}

async fn call(office: &Office, viewer: &Viewer, no: i64) -> Result<(Call, Vec<WorkPlace>), PageError> {
    let district = viewer.district.clone();
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &district, no).await?.filter(Call::is_public) else {
                    return Ok(None);
                };
                Ok(Some((call, store::places(tx, &district, no).await?)))
            })
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

#[expect(clippy::too_many_arguments, reason = "everything the form is drawn from")]
fn page(
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    call: &Call,
    places: &[WorkPlace],
    (typed, meanwhile): (Typed, Meanwhile),
    errors: FieldErrors,
    who: Vec<Choice>,
    saved: bool,
) -> Result<Page, PageError> {
    let rules = call.rules.open()?;
    let base = format!("/office/calls/{}", call.no);
    let shell = frame(prefs, viewer, "새 신청 적기")
        .crumb(&call.terms.title, base.clone())
        .crumb("접수와 서류확인", format!("{base}/applications"))
        .here("새 신청 적기")
        .faults(errors.len());
    let draft = code::read(typed.get("draft")).unwrap_or_default();
    let chosen = |name: &str, choices: Vec<Choice>| Choice::mark(choices, &typed.all(name));
    let channels = Channel::ALL.map(|channel| Choice::new(channel.as_str(), channel.label())).to_vec();
    let wishes = places
        .iter()
        .map(|place| Choice::new(&place.no, format!("{} {} ({}, {})", place.no, place.name, place.site, place.pool)))
        .collect();
    let consents = Consent::ALL
        .map(|consent| {
            let label =
                if consent.needed() { "꼭 필요합니다" } else { "동의하지 않아도 결과는 같습니다" };
            Choice::new(consent.as_str(), consent.label()).hint(label)
        })
        .to_vec();
    let heads = vec![
        Choice::new("self", "신청하는 분이 세대주입니다"),
        Choice::new("other", "다른 분이 세대주입니다. 아래에 적습니다"),
    ];
    Ok(Page {
        shell,
        errors,
        meanwhile,
        action: format!("{base}/applications/new"),
        title: call.terms.title.clone(),
        draft_shown: code::shown(&draft),
        draft,
        saved,
        channels: chosen("channel", channels),
        places: chosen("wanted", wishes),
        questions: questions(&rules, &typed),
        consents: chosen("consents", consents),
        who: chosen("who", who),
        heads: chosen("head", heads),
        typed,
    })
}

fn questions(rules: &RuleSet, typed: &Typed) -> Vec<Question> {
    let asked = rules.facts.iter().filter(|fact| !fact.from_call && fact.name != BIRTH);
    let question = |fact: &iljari_rules::Fact| {
        let name = field_of(&fact.name);
        let (choices, several) = match &fact.kind {
            Kind::Yes => (vec!["예".to_owned(), "아니오".to_owned()], false),
            Kind::One(words) => (words.clone(), false),
            Kind::Any(words) => (words.iter().cloned().chain(["없음".to_owned()]).collect(), true),
            Kind::Number | Kind::Won | Kind::Date => (Vec::new(), false),
        };
        let mut choices: Vec<Choice> = choices.into_iter().map(|word| Choice::new(word.clone(), word)).collect();
        if !choices.is_empty() && !several {
            choices.push(Choice::new("", "모름"));
        }
        Question {
            label: if fact.question.is_empty() { fact.name.clone() } else { fact.question.clone() },
            hint: format!("확인하는 것: {}. 모르면 비워 두세요", fact.document),
            value: typed.get(&name).to_owned(),
            choices: Choice::mark(choices, &typed.all(&name)),
            name,
            several,
        }
    };
    asked.map(question).collect()
}

/// The receipt to print and take home.
#[derive(Template)]
#[template(path = "programs/receipt.html")]
pub(super) struct ReceiptPage {
    shell: Shell,
    receipt: String,
    title: String,
    when: String,
    channel: &'static str,
    wanted: String,
    verdict: &'static str,
    documents: Vec<String>,
    consents: Vec<(&'static str, bool)>,
    next: Vec<(&'static str, String)>,
    base: String,
}

/// `GET /office/calls/{no}/applications/{app}/receipt`
pub async fn receipt(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (no, app) = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    crate::assigned::admit(&office, &cx, (no, app)).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome: Outcome<_> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (call, it, _, judged) = crate::screen::look(tx, &cx, &safe, (no, app)).await?;
                let agreed = store::consents(tx, &cx.district, no, app).await?;
                let whose = iljari_people::Whose::Receipt(call.receipt(app));
                iljari_people::log_access(tx, &cx, iljari_people::Access::to("접수증 보기", whose)).await?;
                let hidden = crate::hidden::Hidden::from(tx, &cx, no).await?;
                Ok((call, it, judged, agreed, hidden))
            })
        })
        .await;
    let (call, it, judged, agreed, hidden) = outcome.map_err(missing)?;
    let base = format!("/office/calls/{no}");
    let shell = frame(&prefs, &viewer, "접수증")
        .crumb(&call.terms.title, base.clone())
        .crumb("접수와 서류확인", format!("{base}/applications"))
        .here("접수증");
    Ok(render(ReceiptPage {
        shell,
        receipt: call.receipt(app),
        when: it.taken_at.korean(),
        channel: it.channel.label(),
        wanted: hidden.cover(it.no, &it.wanted),
        verdict: it.verdict.korean(),
        documents: judged.missing,
        consents: Consent::ALL.into_iter().map(|consent| (consent.label(), agreed.contains(&consent))).collect(),
        next: vec![
            ("결과 발표", format!("{} 예정. 접수번호로 볼 수 있습니다", call.terms.result_on.korean())),
            ("이의신청", format!("발표 다음 날부터 {}일", call.terms.objection_days)),
            ("일하는 기간", format!("{}부터", call.terms.work_first_on.korean())),
            ("묻는 곳", call.terms.contact.clone()),
        ],
        title: call.terms.title,
        base,
    }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |rows: usize, errors: FieldErrors, saved: bool| Page {
            shell: super::sample_shell("새 신청 적기").faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(rows / 10),
            action: "/office/calls/3/applications/new".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            draft: if saved { "34679ACD".to_owned() } else { String::new() },
            draft_shown: if saved { "3467-9ACD".to_owned() } else { String::new() },
            saved,
            typed: Typed::new().with("name", "선우 보기 알렉산드라 예시"),
            channels: vec![Choice::new("counter", "동 주민센터 창구").chosen(true)],
            places: (0..rows).map(|nth| Choice::new(format!("3-{nth:02}"), "골목 안전 지킴이")).collect(),
            questions: (0..rows.min(12))
                .map(|nth| Question {
                    name: format!("fact:물음{nth}"),
                    label: "가족이 한 달에 버는 돈을 모두 더하면 얼마인가요?".to_owned(),
                    hint: "소득 조회(구청이 확인)".to_owned(),
                    value: String::new(),
                    choices: if nth % 3 == 0 { Vec::new() } else { vec![Choice::new("예", "예")] },
                    several: nth % 3 == 2,
                })
                .collect(),
            consents: Consent::ALL.map(|consent| Choice::new(consent.as_str(), consent.label())).to_vec(),
            who: if rows > 2 { vec![Choice::new("another", "다른 분입니다")] } else { Vec::new() },
            heads: vec![Choice::new("self", "신청하는 분이 세대주입니다")],
        };
        let faults = vec![
            Refusal::new("consent-needed", "", "동의해야 신청할 수 있습니다.").at("consents"),
            Refusal::new("same-name-and-birth", "", "같은 분인지 골라 주세요.").at("who"),
            Refusal::new("fact-unreadable", "", "가구소득: 금액을 적어 주세요.").at("facts"),
        ];
        vec![page(1, FieldErrors::none(), false), page(4, faults.into(), true), page(300, FieldErrors::none(), false)]
    }
}

impl Sample for ReceiptPage {
    fn samples() -> Vec<Self> {
        let page = |documents: usize| ReceiptPage {
            shell: super::sample_shell("접수증"),
            receipt: "27-003-0012".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            when: "2026년 11월 23일(월) 10:00:00".to_owned(),
            channel: "동 주민센터 창구",
            wanted: "3-01".to_owned(),
            verdict: "조건부 가능",
            documents: (0..documents).map(|nth| format!("서류 {nth}")).collect(),
            consents: vec![("신청을 받고 선발하는 데 쓰기", true), ("다른 일자리 소식 받기", false)],
            next: vec![("결과 발표", "2027년 1월 5일(화) 예정".to_owned())],
            base: "/office/calls/3".to_owned(),
        };
        vec![page(0), page(4), page(30)]
    }
}
