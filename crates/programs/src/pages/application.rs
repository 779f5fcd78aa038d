//! `/office/calls/{no}/applications/{app}`: what is known of one applicant, by origin, and the screener's decision.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::residents::{self, Purpose, Safe};
use iljari_people::{Access, ClientAddress, Cx, Whose, log_access};
use iljari_rules::{Kind, Outcome as Verdict, RuleSet, Truth};
use iljari_web::parts::Choice;
use iljari_web::{
    DisplayPrefs, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer, answer, meanwhile, render,
};

use super::{frame, missing, number};
use crate::application::{Application, ApplicationState, Evidence, Said, outcome_of, outcome_text, truth_word};
use crate::assigned::admit;
use crate::hidden::{COVER, Hidden};
use crate::judge::BIRTH;
use crate::screen::{Screened, decide, look};
use crate::{again, intake, store};

/// One fact with what each origin says.
struct FactRow {
    name: String,
    document: String,
    declared: String,
    looked_up: String,
    read: String,
    field: String,
    seen: bool,
}

/// One clause with its answer.
struct ClauseRow {
    state: &'static str,
    name: String,
    note: String,
}

#[derive(Template)]
#[template(path = "programs/application.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    meanwhile: Meanwhile,
    base: String,
    receipt: String,
    heading: String,
    who: Vec<(&'static str, String)>,
    clauses: Vec<ClauseRow>,
    conflicts: Vec<String>,
    missing: Vec<String>,
    facts: Vec<FactRow>,
    documents: Vec<Choice>,
    verdicts: Vec<Choice>,
    typed: Typed,
    open: bool,
    destroyed: bool,
    may_withdraw: bool,
}

/// The page. Opening it opens the resident's record for screening, and that is written down.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&app)?);
    admit(&office, &Cx::of(&office, &viewer, &address), at).await?;
    let opened = (Typed::new(), Asked::Opened);
    view(&office, &prefs, &viewer, &address, at, FieldErrors::none(), opened).await.map(render)
}

/// Screens.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, at).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let screened = read(&office, &viewer, at.0, &typed).await?;
    let sent = typed.clone();
    let outcome = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (_, it, known, _) = look(tx, &cx, &safe, at).await?;
                if it.is_live() {
                    meanwhile::unchanged(&sent, &standing(&it, &known))?;
                }
                decide(tx, &cx, &safe, at, screened).await.map(|_| ())
            })
        })
        .await;
    after(&office, &prefs, &viewer, &address, at, typed, outcome).await
}

/// Withdraws.
pub async fn withdraw(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, at).await?;
    let outcome =
        office.store.write(move |tx| Box::pin(async move { intake::withdraw(tx, &cx, at.0, at.1).await })).await;
    if outcome.is_ok() {
        // Her evidence went: a backup restored tomorrow must not bring it back.
        residents::remember(&office).await?;
    }
    after(&office, &prefs, &viewer, &address, at, Typed::new(), outcome).await
}

async fn after(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    address: &ClientAddress,
    at: (i64, i64),
    typed: Typed,
    outcome: Outcome<()>,
) -> Result<Response, PageError> {
    let next = format!("/office/calls/{}/applications/{}", at.0, at.1);
    let asked = if outcome.as_ref().is_err_and(meanwhile::is_changed) { Asked::Changed } else { Asked::Again };
    answer(outcome, &next, |errors| view(office, prefs, viewer, address, at, errors, (typed, asked))).await
}

/// Why the page is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// It was opened.
    Opened,
    /// Its form came back.
    Again,
    /// Its form came back, because somebody else screened in the meantime.
    Changed,
}

/// What the form of the screening shows of what was screened before.
fn standing(it: &Application, known: &Evidence) -> Typed {
    let verdict = it.overridden.map(outcome_text).unwrap_or_default();
    let typed = Typed::new().with("verdict", verdict).with("reason", &it.override_reason);
    let typed = known.seen.iter().fold(typed, |typed, document| typed.with("seen", document));
    let read = known.document.facts.iter();
    read.fold(typed, |typed, (name, text)| typed.with(format!("read:{name}"), text))
}

/// Both screenings side by side.
fn compared(rules: &RuleSet, now: &Typed, typed: &Typed) -> Meanwhile {
    let fields: Vec<String> = rules.facts.iter().map(|fact| format!("read:{}", fact.name)).collect();
    let words = |it: &Typed| {
        let verdict = outcome_of(it.get("verdict")).map(Verdict::korean).unwrap_or_default();
        let seen = it.all("seen").into_iter().map(|document| ("seen", document));
        let read = fields.iter().map(|field| (field.as_str(), it.get(field)));
        let start = Typed::new().with("verdict", verdict).with("reason", it.get("reason"));
        seen.chain(read).fold(start, |typed, (name, value)| typed.with(name, value))
    };
    let start = [("seen", "본 서류"), ("verdict", "바꾼 판정"), ("reason", "판정을 바꾼 까닭")];
    let read = fields.iter().zip(&rules.facts).map(|(field, fact)| (field.as_str(), fact.name.as_str()));
    let labels: Vec<(&str, &str)> = start.into_iter().chain(read).collect();
    Meanwhile::compared_in_words(now, typed, words, &labels)
}

async fn read(office: &Office, viewer: &Viewer, call_no: i64, typed: &Typed) -> Result<Screened, PageError> {
    let district = viewer.district.clone();
    let found =
        office.store.read(move |tx| Box::pin(async move { store::call_of(tx, &district, call_no).await })).await?;
    let rules = found.ok_or(PageError::NotFound)?.rules.open()?;
    let read = rules
        .facts
        .iter()
        .filter_map(|fact| {
            let text = typed.get(&format!("read:{}", fact.name)).trim().to_owned();
            if text.is_empty() { None } else { Some((fact.name.clone(), text)) }
        })
        .collect();
    let instead = outcome_of(typed.get("verdict")).map(|verdict| (verdict, typed.get("reason").to_owned()));
    Ok(Screened { seen: typed.all("seen").into_iter().map(str::to_owned).collect(), read, instead })
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    address: &ClientAddress,
    at: (i64, i64),
    errors: FieldErrors,
    (typed, asked): (Typed, Asked),
) -> Result<Page, PageError> {
    let cx = Cx::of(office, viewer, address);
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome: Outcome<_> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (call, it, known, judged) = look(tx, &cx, &safe, at).await?;
                // A protected or erased resident is shown by her 접수번호 alone.
                let person = match residents::open(tx, &cx, &safe, it.resident, Purpose::Screening).await {
                    Ok(person) => Some(person),
                    Err(Stop::Refused(_)) => None,
                    Err(stop) => return Err(stop),
                };
                let whose = Whose::Receipt(call.receipt(it.no));
                log_access(tx, &cx, Access::to("신청 자료 열람", whose)).await?;
                let confirmed = store::confirmed_run(tx, &cx.district, at.0).await?.is_some();
                let open = again::may_screen(tx, &cx, at.0, at.1).await?;
                let hidden = Hidden::from(tx, &cx, at.0).await?;
                Ok((call, it, known, judged, person, (confirmed, open), hidden))
            })
        })
        .await;
    let (call, it, known, judged, person, (confirmed, open), hidden) = outcome.map_err(missing)?;
    let rules = call.rules.open()?;
    let (base, receipt) = (format!("/office/calls/{}/applications", at.0), call.receipt(it.no));
    let meanwhile = match asked {
        Asked::Opened => Meanwhile::opened_on(&standing(&it, &known)),
        Asked::Again => Meanwhile::as_sent(&typed),
        Asked::Changed => compared(&rules, &standing(&it, &known), &typed),
    };
    let mut facts = facts(&rules, &known, &typed);
    if person.is_none() {
        // What she told at the counter says as much as her record would.
        for row in facts.iter_mut().filter(|row| row.name == BIRTH) {
            *row = FactRow {
                name: row.name.clone(),
                document: row.document.clone(),
                declared: COVER.to_owned(),
                looked_up: String::new(),
                read: String::new(),
                field: String::new(),
                seen: row.seen,
            };
        }
    }
    let mut who = match person {
        Some(person) => vec![
            ("이름", person.name.clone()),
            ("생년월일", person.birth.to_string()),
            ("전화", person.phone.clone().unwrap_or_else(|| "없음".to_owned())),
        ],
        None => vec![("이름", "보호 대상이거나 지운 정보입니다".to_owned())],
    };
    who.extend([
        ("희망 사업번호", hidden.cover(it.no, &it.wanted)),
        ("접수", format!("{} {}", it.taken_at.korean(), it.channel.label())),
        ("상태", it.state.label().to_owned()),
    ]);
    if let Some(verdict) = it.overridden {
        who.push(("바꾼 판정", format!("{}: {}", verdict.korean(), it.override_reason)));
    }
    let shell = frame(prefs, viewer, &receipt)
        .crumb(&call.terms.title, format!("/office/calls/{}", at.0))
        .crumb("접수와 서류확인", base.clone())
        .here(&receipt)
        .faults(errors.len());
    let mut documents: Vec<Choice> = Vec::new();
    let chosen = |document: &str| known.seen.contains(document) || typed.chose("seen", document);
    for fact in rules.facts.iter().filter(|fact| !fact.document.is_empty()) {
        if !documents.iter().any(|choice| choice.value == fact.document) {
            documents.push(Choice::new(&fact.document, &fact.document).chosen(chosen(&fact.document)));
        }
    }
    let verdicts = [Verdict::Eligible, Verdict::Conditional, Verdict::NotEligible];
    let mut choices = vec![Choice::new("", "셈한 판정 그대로").chosen(typed.get("verdict").is_empty())];
    choices.extend(verdicts.map(|verdict| {
        let value = outcome_text(verdict);
        Choice::new(value, verdict.korean()).chosen(typed.get("verdict") == value)
    }));
    Ok(Page {
        shell,
        errors,
        meanwhile,
        base: format!("{base}/{}", it.no),
        heading: format!("판정은 ‘{}’입니다", it.standing_verdict().korean()),
        receipt,
        who,
        clauses: judged
            .clauses
            .iter()
            .map(|clause| ClauseRow {
                state: match clause.truth {
                    Truth::Met => "met",
                    Truth::NotMet => "not",
                    Truth::Unknown => "unknown",
                },
                name: clause.name.clone(),
                note: std::iter::once(clause.basis.clone())
                    .chain(clause.remedy.iter().cloned())
                    .collect::<Vec<_>>()
                    .join(". "),
            })
            .collect(),
        conflicts: judged.conflicts.clone(),
        missing: judged.missing.clone(),
        facts,
        documents,
        verdicts: choices,
        typed,
        open: it.is_live() && open && it.destroyed_at.is_none(),
        destroyed: it.destroyed_at.is_some(),
        may_withdraw: it.state != ApplicationState::Withdrawn && !confirmed,
    })
}

fn facts(rules: &iljari_rules::RuleSet, known: &Evidence, typed: &Typed) -> Vec<FactRow> {
    let said = |said: &Said, fact: &iljari_rules::Fact| {
        let text = said.facts.get(&fact.name).map(String::as_str).unwrap_or_default();
        match fact.kind.read(text) {
            Ok(value) if !text.is_empty() => value.text(fact.kind == Kind::Won),
            _ => text.to_owned(),
        }
    };
    let asked = rules.facts.iter().filter(|fact| !fact.from_call);
    let mut rows: Vec<FactRow> = asked
        .map(|fact| {
            let field = format!("read:{}", fact.name);
            FactRow {
                name: fact.name.clone(),
                document: fact.document.clone(),
                declared: said(&known.declared, fact),
                looked_up: said(&known.look_up, fact),
                read: match typed.get(&field) {
                    "" => said(&known.document, fact).replace('원', ""),
                    text => text.to_owned(),
                },
                field,
                seen: known.seen.contains(&fact.document),
            }
        })
        .collect();
    for (id, truth) in &known.look_up.clauses {
        rows.push(FactRow {
            name: format!("조회한 자격: {id}"),
            document: known.look_up.looked_up_on.map(|day| format!("조회일 {day}")).unwrap_or_default(),
            declared: String::new(),
            looked_up: truth_word(*truth).to_owned(),
            read: String::new(),
            field: String::new(),
            seen: true,
        });
    }
    if let Some(truth) = known.look_up.duplicate {
        rows.push(FactRow {
            name: "재정지원 중복참여".to_owned(),
            document: known.look_up.duplicate_on.map(|day| format!("조회일 {day}")).unwrap_or_default(),
            declared: String::new(),
            looked_up: match truth {
                Truth::Met => "해당 없음",
                Truth::NotMet => "중복",
                Truth::Unknown => "미확인",
            }
            .to_owned(),
            read: String::new(),
            field: String::new(),
            seen: true,
        });
    }
    rows
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |rows: usize, errors: FieldErrors, destroyed: bool| Page {
            shell: super::sample_shell("27-003-0012").faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(rows / 3),
            base: "/office/calls/3/applications/12".to_owned(),
            receipt: "27-003-0012".to_owned(),
            heading: "판정은 ‘조건부 가능’입니다".to_owned(),
            who: vec![("이름", "선우 보기 알렉산드라 예시".to_owned()), ("전화", "없음".to_owned())],
            clauses: (0..rows)
                .map(|nth| ClauseRow {
                    state: if nth == 0 { "not" } else { "unknown" },
                    name: "가구 소득이 기준 중위소득의 85 % 이하입니다".to_owned(),
                    note: "모집공고 신청자격. 가구소득이 2,179,602원 이하여야 합니다".to_owned(),
                })
                .collect(),
            conflicts: if rows > 1 {
                vec!["‘가구소득’이 서로 다릅니다: 본인 0원, 조회 5원.".to_owned()]
            } else {
                vec![]
            },
            missing: if rows > 1 { vec!["주민등록표 등본".to_owned()] } else { vec![] },
            facts: (0..rows)
                .map(|nth| FactRow {
                    name: format!("사실{nth}"),
                    document: "주민등록표 등본".to_owned(),
                    declared: "1,000,000원".to_owned(),
                    looked_up: String::new(),
                    read: String::new(),
                    field: if nth == 1 { String::new() } else { format!("read:사실{nth}") },
                    seen: nth % 2 == 0,
                })
                .collect(),
            documents: vec![Choice::new("주민등록표 등본", "주민등록표 등본")],
            verdicts: vec![Choice::new("", "셈한 판정 그대로").chosen(true)],
            typed: Typed::new(),
            open: !destroyed,
            destroyed,
            may_withdraw: !destroyed,
        };
        let fault = Refusal::new("override-without-reason", "", "까닭을 적어 주세요.").at("reason");
        vec![
            page(0, FieldErrors::none(), true),
            page(3, vec![fault].into(), false),
            page(30, FieldErrors::none(), false),
        ]
    }
}
