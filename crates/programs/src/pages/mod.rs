//! The pages of the slice: officers' desks and what everybody may read.
//!
//! Owns: forms and tables. Does not own: any refusal or rule; the acts give those. What a newcomer gets
//! wrong: showing a name where a 접수번호 is enough. Names stand on the pages of 접수 and 서류확인 only.

pub mod application;
pub mod applications;
pub mod call;
pub mod call_form;
pub mod calls;
pub mod glass;
pub mod intake_form;
pub mod job_paper;
pub mod lookup;
pub mod notice;
pub mod objection;
pub mod outcomes;
pub mod places;
pub mod result;
pub mod selection;
mod sent;
mod shown;
pub mod spot_check;
pub mod suitable;
pub mod work;

use std::sync::Arc;

use iljari_base::korean::refuse_resident_number;
use iljari_base::{Date, Outcome, Refusal, Stop};
use iljari_disclosure::plan::District;
use iljari_people::{ClientAddress, Cx, logged};
use iljari_plans::Books;
use iljari_store::{Act, Tx};
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Typed, Viewer, number};

/// A page's name with one of its samples, rendered.
pub type RenderedSample = (&'static str, Result<String, askama::Error>);

/// Every page of the slice with each of its samples, for the wall.
pub fn samples() -> Vec<RenderedSample> {
    let mut all = Vec::new();
    rendered::<calls::Page>("programs-calls", &mut all);
    rendered::<call_form::Page>("programs-call-form", &mut all);
    rendered::<call::Page>("programs-call", &mut all);
    rendered::<places::Page>("programs-places", &mut all);
    rendered::<notice::ListPage>("programs-notices", &mut all);
    rendered::<notice::NoticePage>("programs-notice", &mut all);
    rendered::<result::ResultsPage>("programs-results", &mut all);
    rendered::<suitable::FormPage>("programs-suitable", &mut all);
    rendered::<suitable::ResultPage>("programs-suitable-result", &mut all);
    rendered::<applications::Page>("programs-applications", &mut all);
    rendered::<intake_form::Page>("programs-intake", &mut all);
    rendered::<intake_form::ReceiptPage>("programs-receipt", &mut all);
    rendered::<application::Page>("programs-application", &mut all);
    rendered::<lookup::Page>("programs-lookup", &mut all);
    rendered::<selection::Page>("programs-selection", &mut all);
    rendered::<selection::LinePage>("programs-line", &mut all);
    rendered::<result::Page>("programs-result", &mut all);
    rendered::<work::Page>("programs-work", &mut all);
    rendered::<objection::Page>("programs-objection", &mut all);
    rendered::<outcomes::Page>("programs-outcomes", &mut all);
    rendered::<outcomes::PersonPage>("programs-outcome", &mut all);
    rendered::<job_paper::Page>("programs-job-paper", &mut all);
    rendered::<glass::Page>("programs-glass", &mut all);
    rendered::<spot_check::Page>("programs-spot-check", &mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}

/// The frame of an officer's page.
fn frame(prefs: &DisplayPrefs, viewer: &Viewer, title: &str) -> Shell {
    Shell::office(prefs, viewer, title, Desk::Calls).crumb("담당자", "/office").crumb("모집과 선발", "/office/calls")
}

/// The viewer's district as adopted.
async fn book(office: &Office, books: &Books, viewer: &Viewer) -> Result<Arc<District>, PageError> {
    books.of(&office.store, &viewer.district).await?.ok_or(PageError::NotFound)
}

/// Runs an officer's act on a call that shows nobody's data, with its line of the access log.
async fn act<T, D>(
    office: &Office,
    (viewer, address): (&Viewer, &ClientAddress),
    (no, what): (i64, &'static str),
    decide: D,
) -> Outcome<T>
where
    T: Send + 'static,
    D: for<'t> FnOnce(&'t mut Tx, &'t Cx, &'t Viewer) -> Act<'t, T> + Send + 'static,
{
    let (cx, acting) = (Cx::of(office, viewer, address), viewer.clone());
    let act = logged(
        office,
        cx,
        move |tx, cx| Box::pin(async move { decide(tx, cx, &acting).await }),
        move |_| format!("모집공고 {no}번 {what}"),
    );
    act.await
}

/// Refusals without their fields, for a page on which the same field stands in many rows: the words are told on top.
fn without_fields(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusals) => {
            Stop::Refused(refusals.into_iter().map(|refusal| Refusal { field: None, ..refusal }).collect())
        }
        other => other,
    }
}

/// What is not there for the act, or not public yet, is not there for the reader: 404.
fn missing(stop: Stop) -> PageError {
    let codes = [
        "no-such-call",
        "call-not-published",
        "no-such-application",
        "selection-not-confirmed",
        "no-such-participation",
    ];
    if codes.iter().any(|code| stop.has(code)) { PageError::NotFound } else { stop.into() }
}

/// A day as it was typed, or what is wrong with it.
fn day(typed: &Typed, name: &'static str, faults: &mut Vec<Refusal>) -> Option<Date> {
    let text = typed.get(name).trim();
    let read = text.parse::<Date>();
    if let Err(refusal) = refuse_resident_number(name, text) {
        faults.push(refusal);
    } else if read.is_err() {
        let message = format!("날짜를 2027-01-08처럼 적어 주세요. ‘{text}’라고 적으셨습니다.");
        faults.push(Refusal::new("not-a-date", "", message).at(name));
    }
    read.ok()
}

/// A number as it was typed, or what is wrong with it.
fn amount(typed: &Typed, name: &'static str, faults: &mut Vec<Refusal>) -> Option<i64> {
    match iljari_base::korean::read_won(typed.get(name).trim()) {
        Ok(read) if !read.about => Some(read.value),
        Ok(_) => {
            faults.push(Refusal::new("not-a-number", "", "어림수가 아니라 정확한 수를 적어 주세요.").at(name));
            None
        }
        Err(fault) => {
            faults.push(Refusal::new("not-a-number", "", format!("수를 적어 주세요({fault}).")).at(name));
            None
        }
    }
}

/// The parts of a line that was pasted from a sheet or typed with bars.
fn parts(line: &str) -> Vec<&str> {
    let by = if line.contains('\t') { '\t' } else { '|' };
    line.split(by).map(str::trim).collect()
}

/// A frame for samples: a signed-in officer of the invented district.
fn sample_shell(title: &str) -> Shell {
    frame(&DisplayPrefs::sample(), &sample_viewer(), title).here(title)
}

#[expect(clippy::expect_used, reason = "a constant that is a code")]
fn sample_viewer() -> Viewer {
    use iljari_base::{FixedClock, Id, SeededEntropy, Timestamp};
    let clock = FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000));
    let entropy = SeededEntropy::new("samples");
    Viewer {
        officer: Id::fresh(&clock, &entropy),
        name: "한시범 (예시)".to_owned(),
        district: "99001".parse().expect("five digits"),
        department: "일자리정책과".to_owned(),
        duties: iljari_web::Duty::ALL.to_vec(),
        session: Id::fresh(&clock, &entropy),
    }
}

/// The part of a list that samples show.
fn sample_shown(rows: usize) -> shown::Shown {
    let mut all: Vec<usize> = (0..rows).collect();
    shown::Shown::cut(&mut all, &Typed::new(), "/office/calls/3/work", |_| "일하는 중".to_owned(), |_| "27-003-0001")
}
