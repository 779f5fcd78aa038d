//! `/office/calls/new` and `/office/calls/{no}/edit`: what a call says, and its rules.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Refusal, Stop};
use iljari_people::{ClientAddress, Cx, logged};
use iljari_web::{
    DisplayPrefs, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer, answer, meanwhile, render,
};

use super::sent::Sent;
use super::{act, amount, day, frame, number};
use crate::call::{self, resident_numbers};
use crate::model::{Call, CallState, Terms};
use crate::rulebook::Rulebook;
use crate::store;

#[derive(Template)]
#[template(path = "programs/call_form.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    meanwhile: Meanwhile,
    action: String,
    typed: Typed,
}

/// What the fields of the form are called.
const LABELS: [(&str, &str); 17] = [
    ("title", "공고 제목"),
    ("program", "사업 이름"),
    ("apply_first_on", "접수 시작일"),
    ("apply_last_on", "접수 마감일"),
    ("result_on", "결과 발표 예정일"),
    ("work_first_on", "일을 시작하는 날"),
    ("work_last_on", "일을 마치는 날"),
    ("as_of_on", "자격을 보는 기준일"),
    ("objection_days", "이의신청 기간"),
    ("answer_days", "예비자가 답할 기간"),
    ("wage_hourly", "시간당 임금"),
    ("hours", "일하는 시간"),
    ("pay_note", "더 드리는 것"),
    ("documents", "필요한 서류"),
    ("body", "그 밖에 알릴 것"),
    ("contact", "묻는 곳"),
    ("rules", "규칙"),
];

/// The empty form, with the usual days filled in.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let today = office.clock.today();
    let typed = Typed::new()
        .with("apply_first_on", today.plus_days(7).to_string())
        .with("apply_last_on", today.plus_days(18).to_string())
        .with("result_on", today.plus_days(46).to_string())
        .with("objection_days", "7")
        .with("answer_days", "2");
    let new = ("/office/calls/new".to_owned(), Meanwhile::default());
    Ok(render(page(&prefs, &viewer, new, typed, FieldErrors::none())))
}

/// The form of a draft.
pub async fn edit(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let call = draft_of(&office, &viewer, no).await?;
    let typed = filled(&call);
    let opened_on = Meanwhile::opened_on(&typed);
    Ok(render(page(&prefs, &viewer, (edit_href(no), opened_on), typed, FieldErrors::none())))
}

fn edit_href(no: i64) -> String {
    format!("/office/calls/{no}/edit")
}

/// A draft of the officer's own district; anything else is not there to be changed.
async fn draft_of(office: &Office, viewer: &Viewer, no: i64) -> Result<Call, PageError> {
    let district = viewer.district.clone();
    let found = office.store.read(move |tx| Box::pin(async move { store::call_of(tx, &district, no).await })).await?;
    found.filter(|call| call.state == CallState::Draft).ok_or(PageError::NotFound)
}

/// Drafts a call.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    mut sent: Sent,
) -> Result<Response, PageError> {
    let (typed, terms) = filed(&mut sent);
    let outcome = match terms {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok((terms, rules)) => {
            let cx = Cx::of(&office, &viewer, &address);
            let act = logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { call::draft(tx, cx, terms, rules).await }),
                |no| format!("모집공고 {no}번 쓰기"),
            );
            act.await
        }
    };
    let next = outcome.as_ref().map(|no| format!("/office/calls/{no}")).unwrap_or_default();
    let new = ("/office/calls/new".to_owned(), Meanwhile::default());
    let again = |errors| async { Ok(page(&prefs, &viewer, new, typed, errors)) };
    answer(outcome.map(|_| ()), &next, again).await
}

/// Changes a draft.
pub async fn save_edit(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    mut sent: Sent,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let (typed, terms) = filed(&mut sent);
    let outcome = match terms {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok((terms, rules)) => {
            let sent = typed.clone();
            act(&office, (&viewer, &address), (no, "고치기"), move |tx, cx, _| {
                Box::pin(async move {
                    let now = store::call_of(tx, &cx.district, no).await?;
                    if let Some(now) = now.filter(|call| call.state == CallState::Draft) {
                        meanwhile::unchanged(&sent, &filled(&now))?;
                    }
                    call::revise(tx, cx, no, terms, rules).await
                })
            })
            .await
        }
    };
    let changed = outcome.as_ref().is_err_and(meanwhile::is_changed);
    let again = |errors| async {
        let call = draft_of(&office, &viewer, no).await?;
        let meanwhile =
            if changed { Meanwhile::compared(&filled(&call), &typed, &LABELS) } else { Meanwhile::as_sent(&typed) };
        Ok(page(&prefs, &viewer, (edit_href(no), meanwhile), typed, errors))
    };
    answer(outcome, &format!("/office/calls/{no}"), again).await
}

/// What the form says, the rules out of the file where one came along.
fn filed(sent: &mut Sent) -> (Typed, Result<(Terms, Rulebook), Vec<Refusal>>) {
    let file = sent.fill_with_text("rules", "rules_file");
    let typed = sent.typed();
    let read = file.and_then(|()| read(&typed));
    (typed, read)
}

/// Everything the form can be wrong in, at once.
fn read(typed: &Typed) -> Result<(Terms, Rulebook), Vec<Refusal>> {
    let mut faults = Vec::new();
    let days: Vec<_> = ["as_of_on", "apply_first_on", "apply_last_on", "result_on", "work_first_on", "work_last_on"]
        .into_iter()
        .map(|name| day(typed, name, &mut faults))
        .collect();
    let numbers: Vec<_> = ["objection_days", "answer_days", "wage_hourly"]
        .into_iter()
        .map(|name| amount(typed, name, &mut faults))
        .collect();
    faults.extend(resident_numbers(&[("rules", typed.get("rules"))]));
    // Written line ends differ between browsers; the frozen text has one kind.
    let rules =
        Rulebook::freeze(&typed.get("rules").replace("\r\n", "\n")).map_err(|refusal| faults.push(refusal)).ok();
    let text = |name: &str| typed.get(name).trim().to_owned();
    let (
        [Some(as_of_on), Some(apply_first_on), Some(apply_last_on), Some(result_on), Some(first), Some(last)],
        [Some(objection_days), Some(answer_days), Some(wage_hourly)],
        Some(rules),
    ) = (days.as_slice(), numbers.as_slice(), rules)
    else {
        return Err(faults);
    };
    let terms = Terms {
        title: text("title"),
        program: text("program"),
        as_of_on: *as_of_on,
        apply_first_on: *apply_first_on,
        apply_last_on: *apply_last_on,
        result_on: *result_on,
        work_first_on: *first,
        work_last_on: *last,
        objection_days: *objection_days,
        answer_days: *answer_days,
        wage_hourly: *wage_hourly,
        hours: text("hours"),
        pay_note: text("pay_note"),
        documents: typed
            .get("documents")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        body: text("body"),
        contact: text("contact"),
    };
    if faults.is_empty() { Ok((terms, rules)) } else { Err(faults) }
}

fn filled(call: &Call) -> Typed {
    let terms = &call.terms;
    Typed::new()
        .with("title", &terms.title)
        .with("program", &terms.program)
        .with("as_of_on", terms.as_of_on.to_string())
        .with("apply_first_on", terms.apply_first_on.to_string())
        .with("apply_last_on", terms.apply_last_on.to_string())
        .with("result_on", terms.result_on.to_string())
        .with("work_first_on", terms.work_first_on.to_string())
        .with("work_last_on", terms.work_last_on.to_string())
        .with("objection_days", terms.objection_days.to_string())
        .with("answer_days", terms.answer_days.to_string())
        .with("wage_hourly", terms.wage_hourly.to_string())
        .with("hours", &terms.hours)
        .with("pay_note", &terms.pay_note)
        .with("documents", terms.documents.join("\n"))
        .with("body", &terms.body)
        .with("contact", &terms.contact)
        .with("rules", call.rules.text())
}

fn page(
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    (action, meanwhile): (String, Meanwhile),
    typed: Typed,
    errors: FieldErrors,
) -> Page {
    let shell = frame(prefs, viewer, "모집공고 쓰기").here("모집공고 쓰기").faults(errors.len());
    Page { shell, errors, meanwhile, action, typed }
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |typed: Typed, changed: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("모집공고 쓰기").faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(changed),
            action: "/office/calls/new".to_owned(),
            typed,
        };
        let faults = vec![
            Refusal::new("empty", "", "비어 있습니다. 적어 주세요.").at("title"),
            Refusal::new("rules-not-sound", "", "규칙 파일에 고칠 곳이 2개 있습니다.").at("rules"),
        ];
        let full = Typed::new()
            .with("title", "2027년 상반기 나루 공공근로 참여자 모집(예시)")
            .with("rules", "형식: 일자리-규칙/1\n".repeat(200));
        vec![
            page(Typed::new(), 0, FieldErrors::none()),
            page(full.clone(), 0, faults.into()),
            page(full, 17, FieldErrors::none()),
        ]
    }
}
