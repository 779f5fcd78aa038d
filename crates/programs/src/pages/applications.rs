//! `/office/calls/{no}/applications`: the queue of a call, by 접수번호. No name stands here, and of applications that
//! are somebody else's only how many there are.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Outcome, Refusal};
use iljari_people::seal::Sealer;
use iljari_people::{ClientAddress, Cx};
use iljari_rules::Outcome as Verdict;
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::shown::Shown;
use super::{frame, number};
use crate::application::{Application, ApplicationState, Stage};
use crate::assigned::Theirs;
use crate::hidden::Hidden;
use crate::model::Call;
use crate::store::Queued;
use crate::{intake, store};

struct Row {
    href: String,
    receipt: String,
    wanted: String,
    pool: String,
    state: &'static str,
    kind: &'static str,
    verdict: &'static str,
    look_at: String,
    when: String,
}

#[derive(Template)]
#[template(path = "programs/applications.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    title: String,
    heading: String,
    rows: Vec<Row>,
    shown: Shown,
    /// How many are somebody else's.
    others: usize,
    code: String,
    open: bool,
}

/// The queue: what still needs somebody comes first.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, number(&no)?, FieldErrors::none(), &typed).await.map(render)
}

/// Finds a draft by its code and opens the form with it.
pub async fn find(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let code = typed.get("code").to_owned();
    let found: Outcome<(i64, String)> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (call_no, code, _) = intake::find_draft(tx, &cx, &sealer, &code).await?;
                Ok((call_no, code))
            })
        })
        .await;
    match found {
        Ok((call_no, code)) => {
            Ok(Redirect::to(&format!("/office/calls/{call_no}/applications/new?code={code}")).into_response())
        }
        Err(stop) => answer(Err(stop), "", |errors| view(&office, &prefs, &viewer, no, errors, &typed)).await,
    }
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    typed: &Typed,
) -> Result<Page, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let looking = cx.clone();
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let cx = looking;
                let Some(call) = store::call_of(tx, &cx.district, no).await?.filter(Call::is_public) else {
                    return Ok(None);
                };
                let theirs = Theirs::of(tx, &cx, &call).await?;
                Ok(Some((store::queue(tx, &cx.district, no).await?, call, theirs)))
            })
        })
        .await?;
    let (mut all, call, theirs) = found.ok_or(PageError::NotFound)?;
    let weight = |it: &Queued| match (it.stage, it.conflicts) {
        (Stage::Received, _) => 0,
        (Stage::Screened, 1..) => 1,
        (Stage::Screened, _) => 2,
        (Stage::Withdrawn, _) => 3,
    };
    all.sort_by_key(|it| (weight(it), it.no));
    let waiting = all.iter().filter(|it| it.stage == Stage::Received).count();
    let base = format!("/office/calls/{no}");
    let mut lines: Vec<(Queued, String)> =
        all.iter().filter(|it| theirs.has(it.no)).map(|it| (*it, call.receipt(it.no))).collect();
    let others = all.len().saturating_sub(lines.len());
    let sorted = |(it, _): &(Queued, String)| match it.overridden || it.conflicts > 0 {
        true => "살펴볼 것이 있음".to_owned(),
        false => it.stage.label().to_owned(),
    };
    let shown = Shown::cut(&mut lines, typed, &format!("{base}/applications"), sorted, |(_, receipt)| receipt);
    let wanted: Vec<i64> = lines.iter().map(|(it, _)| it.no).collect();
    let (applications, hidden) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let mut applications = Vec::with_capacity(wanted.len());
                for app_no in wanted {
                    applications.extend(store::application_of(tx, &cx.district, no, app_no).await?);
                }
                Ok((applications, Hidden::from(tx, &cx, no).await?))
            })
        })
        .await?;
    let rows = applications.iter().map(|it| row(&call, &hidden, &base, it)).collect();
    let shell = frame(prefs, viewer, "접수와 서류확인")
        .crumb(&call.terms.title, base.clone())
        .here("접수와 서류확인")
        .faults(errors.len());
    Ok(Page {
        shell,
        errors,
        base,
        heading: heading(all.len(), waiting),
        rows,
        shown,
        others,
        code: typed.get("code").to_owned(),
        open: call.takes_applications(office.clock.today()),
        title: call.terms.title,
    })
}

fn row(call: &Call, hidden: &Hidden, base: &str, it: &Application) -> Row {
    Row {
        href: format!("{base}/applications/{}", it.no),
        receipt: call.receipt(it.no),
        wanted: hidden.cover(it.no, &it.wanted),
        pool: it.pool.clone(),
        state: it.state.label(),
        kind: match it.state {
            ApplicationState::Received => "care",
            ApplicationState::Screened { .. } => "good",
            ApplicationState::Withdrawn => "quiet",
        },
        verdict: verdict_words(it.standing_verdict()),
        look_at: match (it.conflicts, it.overridden) {
            (1.., None) => format!("말과 조회가 다름 {}곳", it.conflicts),
            (_, Some(_)) => "판정을 바꿈".to_owned(),
            _ => String::new(),
        },
        when: it.taken_at.korean(),
    }
}

fn heading(all: usize, waiting: usize) -> String {
    match (all, waiting) {
        (0, _) => "아직 접수한 신청이 없습니다".to_owned(),
        (all, 0) => format!("신청 {all}건의 서류확인을 마쳤습니다"),
        (all, waiting) => format!("신청 {all}건 가운데 {waiting}건이 서류확인을 기다립니다"),
    }
}

/// A verdict as officers read it.
pub(super) fn verdict_words(verdict: Verdict) -> &'static str {
    verdict.korean()
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |nth: usize| Row {
            href: format!("/office/calls/3/applications/{nth}"),
            receipt: format!("27-003-{nth:04}"),
            wanted: "3-01".to_owned(),
            pool: "일반".to_owned(),
            state: "접수함",
            kind: "care",
            verdict: "조건부 가능",
            look_at: if nth.is_multiple_of(2) { "말과 조회가 다름 2곳".to_owned() } else { String::new() },
            when: "2026년 11월 23일(월) 10:00:00".to_owned(),
        };
        let page = |rows: usize, errors: FieldErrors| Page {
            shown: super::sample_shown(rows),
            shell: super::sample_shell("접수와 서류확인").faults(errors.len()),
            errors,
            base: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "신청 3건 가운데 2건이 서류확인을 기다립니다".to_owned(),
            rows: (1..=rows).map(row).collect(),
            others: rows / 3,
            code: "3467-9ACD".to_owned(),
            open: rows < 100,
        };
        let fault = Refusal::new("no-such-draft", "", "그 번호로 적다 만 신청을 찾지 못했습니다.").at("code");
        vec![page(0, FieldErrors::none()), page(3, vec![fault].into()), page(800, FieldErrors::none())]
    }
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn the_headline_counts_what_waits_and_says_when_nothing_does() {
        assert_eq!(heading(0, 0), "아직 접수한 신청이 없습니다");
        assert_eq!(heading(416, 3), "신청 416건 가운데 3건이 서류확인을 기다립니다");
        assert_eq!(heading(416, 0), "신청 416건의 서류확인을 마쳤습니다");
    }
}
