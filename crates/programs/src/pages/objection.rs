//! `/office/calls/{no}/objections/{objection}`: what somebody objected, read by whoever answers it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Outcome, Refusal};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx};
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::{frame, missing, number};
use crate::assigned::admit;
use crate::call::published_of;
use crate::{objection, store};

#[derive(Template)]
#[template(path = "programs/objection.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    action: String,
    back: String,
    receipt: String,
    heading: String,
    facts: Vec<(&'static str, String)>,
    /// What she said; empty after it was destroyed.
    words: String,
    open: bool,
    typed: String,
}

/// The page. Opening it opens her words, and that is written down.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, objection)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&objection)?);
    admit_to(&office, &Cx::of(&office, &viewer, &address), at).await?;
    view(&office, &prefs, (&viewer, &address), at, FieldErrors::none(), "").await.map(render)
}

/// Answers it.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, objection)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&objection)?);
    let (cx, acting) = (Cx::of(&office, &viewer, &address), viewer.clone());
    admit_to(&office, &cx, at).await?;
    let (upheld, words) = (typed.get("upheld").to_owned(), typed.get("answer").to_owned());
    let outcome: Outcome<()> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let upheld = match upheld.as_str() {
                    "1" => true,
                    "0" => false,
                    _ => return Err(Refusal::new("unknown-act", "", "무엇을 할지 골라 주세요.").into()),
                };
                objection::answer(tx, &cx, &acting, at, upheld, &words).await
            })
        })
        .await;
    let again = |errors| view(&office, &prefs, (&viewer, &address), at, errors, typed.get("answer"));
    answer(outcome, &format!("/office/calls/{}/work#objections", at.0), again).await
}

/// Lets an officer go on to an objection to a result that is hers; 404 otherwise.
async fn admit_to(office: &Office, cx: &Cx, (no, objection): (i64, i64)) -> Result<(), PageError> {
    let district = cx.district.clone();
    let all = office.store.read(move |tx| Box::pin(async move { store::objections(tx, &district, no).await })).await?;
    let found = all.iter().find(|it| it.no == objection).ok_or(PageError::NotFound)?;
    admit(office, cx, (no, found.app_no)).await
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    (viewer, address): (&Viewer, &ClientAddress),
    (no, objection_no): (i64, i64),
    errors: FieldErrors,
    typed: &str,
) -> Result<Page, PageError> {
    let cx = Cx::of(office, viewer, address);
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome: Outcome<_> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let call = published_of(tx, &cx, no).await?;
                let all = store::objections(tx, &cx.district, no).await?;
                let Some(it) = all.into_iter().find(|it| it.no == objection_no) else { return Ok(None) };
                let words = objection::words(tx, &cx, &safe, &call, &it).await?;
                Ok(Some((call, it, words)))
            })
        })
        .await;
    let (call, it, words) = outcome.map_err(missing)?.ok_or(PageError::NotFound)?;
    let receipt = call.receipt(it.app_no);
    let back = format!("/office/calls/{no}/work");
    let shell = frame(prefs, viewer, "이의신청")
        .crumb(&call.terms.title, format!("/office/calls/{no}"))
        .crumb("배치와 참여", back.clone())
        .here("이의신청")
        .faults(errors.len());
    let mut facts = vec![("접수", it.received_at.korean()), ("답할 기한", it.answer_due_on.korean())];
    if let Some(at) = it.answered_at {
        facts.push(("답", if it.upheld { "받아들임" } else { "결과를 그대로 둠" }.to_owned()));
        facts.push(("답한 때", at.korean()));
        facts.push(("답한 말", it.answer.clone()));
    }
    Ok(Page {
        shell,
        errors,
        action: format!("/office/calls/{no}/objections/{objection_no}"),
        back,
        receipt,
        heading: if it.open {
            format!("{}까지 이의신청에 답합니다", it.answer_due_on.korean())
        } else {
            "답한 이의신청입니다".to_owned()
        },
        facts,
        words: words.unwrap_or_default(),
        open: it.open,
        typed: typed.to_owned(),
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |words: &str, open: bool, typed: &str, errors: FieldErrors| Page {
            shell: super::sample_shell("이의신청").faults(errors.len()),
            errors,
            action: "/office/calls/3/objections/1".to_owned(),
            back: "/office/calls/3/work".to_owned(),
            receipt: "27-003-0012".to_owned(),
            heading: "2027년 1월 26일(화)까지 이의신청에 답합니다".to_owned(),
            facts: vec![("접수", "2027년 1월 12일(화) 10:00:00".to_owned())],
            words: words.to_owned(),
            open,
            typed: typed.to_owned(),
        };
        let fault = Refusal::new("answer-empty", "", "답을 다섯 글자 이상 적어 주세요.").at("answer");
        vec![
            page("", false, "다시 살펴보았습니다", FieldErrors::none()),
            page("재산에 전세금이 두 번 들어갔습니다", true, "", vec![fault].into()),
            page(&"전세금이 두 번 들어갔습니다. ".repeat(120), true, "", FieldErrors::none()),
        ]
    }
}
