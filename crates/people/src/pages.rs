//! The pages of the slice: what each shows, and the handlers behind them.
//!
//! Owns: page structs, their samples, thin handlers. Does not own: any rule; handlers read the form,
//! ask an act, and show what it says.
//! What a newcomer gets wrong: showing a form again with an empty field. What was typed stays,
//! except passwords and codes.

pub mod access_log;
pub mod account;
pub mod downloads;
pub mod handover;
pub mod invite;
pub mod people;
pub mod residents;
pub mod sign_in;

use axum::http::header::{HeaderMap, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use iljari_base::korean::refuse_resident_number;
use iljari_base::{Date, DistrictCode, Failure, Id, Outcome, Refusal, Stop, id};
use iljari_store::Tx;
use iljari_web::session::sign_in_cookie;
use iljari_web::{Choice, Duty, Office, PageError, Sample, Typed};

use crate::model::{Officer, OfficerState};
use crate::store;

/// One sample page: its name and its HTML.
pub type RenderedSample = (&'static str, Result<String, askama::Error>);

/// Every page of the slice with each of its samples, for the wall.
pub fn samples() -> Vec<RenderedSample> {
    let mut all = Vec::new();
    sign_in::samples(&mut all);
    account::samples(&mut all);
    invite::samples(&mut all);
    people::samples(&mut all);
    handover::samples(&mut all);
    access_log::samples(&mut all);
    downloads::samples(&mut all);
    residents::samples(&mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}

/// Goes on to another page after an act.
fn see_other(to: &str) -> Response {
    match HeaderValue::try_from(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(err) => PageError::from(Failure::new(err).context("a redirect's address")).into_response(),
    }
}

/// A cookie of ours beside the session's. The kit decides whether this connection wants `Secure`.
fn cookie(office: &Office, request: &HeaderMap, text: &str) -> Result<HeaderValue, Failure> {
    let like = sign_in_cookie(office, request, "x")?;
    let secure = if like.as_bytes().ends_with(b"; Secure") { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{text}; HttpOnly; SameSite=Lax{secure}"))
        .map_err(|err| Failure::new(err).context("writing a cookie"))
}

/// Without a script, a password is shown by asking for the page again with a plain field.
fn password_kind(shown: bool) -> &'static str {
    if shown { "text" } else { "password" }
}

/// The id in an address; what cannot be one is not there.
fn officer_id(text: &str) -> Result<Id<id::Officer>, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// A day from a form field.
fn day(typed: &Typed, field: &'static str) -> Result<Date, Refusal> {
    let text = typed.get(field).trim();
    refuse_resident_number(field, text)?;
    text.parse().map_err(|_| {
        let message = if text.is_empty() {
            "날짜를 적어 주세요. 예: 2026-12-04".to_owned()
        } else {
            format!("날짜를 2026-12-04처럼 적어 주세요. {text:?}라고 적으셨습니다.")
        };
        Refusal::new("date-unreadable", "", message).at(field)
    })
}

/// Several readings of one form: all their refusals at once.
fn both<A, B>(one: Result<A, Refusal>, other: Result<B, Refusal>) -> Result<(A, B), Stop> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(Stop::Refused(one.err().into_iter().chain(other.err()).collect())),
    }
}

/// Colleagues to choose from: everybody of the district who has not left, but one.
async fn colleagues(tx: &mut Tx, district: &DistrictCode, but: Id<id::Officer>) -> Outcome<Vec<Officer>> {
    let mut officers = store::officers(tx, district).await?;
    officers.retain(|officer| officer.id != but && !matches!(officer.state, OfficerState::Left { .. }));
    Ok(officers)
}

/// They as choices of a select, the one sent marked, with an empty first line.
fn officer_choices(officers: &[Officer], sent: &str) -> Vec<Choice> {
    let first = Choice::new("", "고르세요");
    let lines = officers
        .iter()
        .map(|officer| Choice::new(officer.id.to_string(), format!("{} ({})", officer.name, officer.login)));
    Choice::mark(std::iter::once(first).chain(lines).collect(), &[sent])
}

/// The officer a select named.
fn chosen_officer(typed: &Typed, field: &'static str) -> Result<Id<id::Officer>, Refusal> {
    typed
        .get(field)
        .parse()
        .map_err(|_| Refusal::new("nobody-chosen", "", "담당자를 목록에서 한 사람 골라 주세요.").at(field))
}

/// A department's name, or its code where the office has not named it.
fn department_name(departments: &[(String, String)], code: &str) -> String {
    departments.iter().find(|(known, _)| known == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
}

fn department_choices(departments: &[(String, String)], sent: &str) -> Vec<Choice> {
    let first = Choice::new("", "고르세요");
    let lines = departments.iter().map(|(code, name)| Choice::new(code, name));
    Choice::mark(std::iter::once(first).chain(lines).collect(), &[sent])
}

fn duty_choices(chosen: &[Duty]) -> Vec<Choice> {
    let hint = |duty: Duty| match duty {
        Duty::Record => "실적과 정정을 적습니다.",
        Duty::Confirm => "다른 담당자가 적은 숫자를 확인합니다. 자기가 적은 것은 확인할 수 없습니다.",
        Duty::Disclose => "봉인하고 공시합니다.",
        Duty::Administer => "담당자를 초대하고 업무를 정합니다.",
        Duty::Audit => "모두 읽고 접속기록을 점검합니다. 아무것도 바꾸지 않습니다.",
    };
    Duty::ALL
        .into_iter()
        .map(|duty| Choice::new(duty.code(), duty.korean()).hint(hint(duty)).chosen(chosen.contains(&duty)))
        .collect()
}

/// The duties ticked in a form; words that name none are left out.
fn ticked_duties(typed: &Typed) -> Vec<Duty> {
    typed.all("duty").iter().filter_map(|word| word.parse().ok()).collect()
}

/// Duties in words, or `없음`.
fn in_words(duties: &[Duty]) -> String {
    if duties.is_empty() {
        return "없음".to_owned();
    }
    duties.iter().map(|duty| duty.korean()).collect::<Vec<_>>().join(", ")
}

/// A name with its login: `한시범 (hansibeom)`; the id where the officer is not known.
fn who(officers: &[Officer], id: Id<id::Officer>) -> String {
    officers
        .iter()
        .find(|officer| officer.id == id)
        .map_or_else(|| id.to_string(), |officer| format!("{} ({})", officer.name, officer.login))
}

/// For samples.
mod sample {
    use super::*;
    use iljari_base::{Clock, FixedClock, SeededEntropy, Timestamp};
    use iljari_web::{DisplayPrefs, Viewer};

    /// The longest name a form takes.
    pub fn longest() -> String {
        "가나다라마".repeat(6)
    }

    /// 2026-11-23 10:00 in Seoul.
    pub fn now() -> Timestamp {
        Timestamp::from_microsecond(1_795_395_600_000_000)
    }

    /// An id; the same number gives the same one.
    pub fn id<K: iljari_base::id::Kind>(number: u8) -> Id<K> {
        Id::fresh(&FixedClock::at(now()), &SeededEntropy::new(&number.to_string()))
    }

    /// Today.
    pub fn today() -> Date {
        FixedClock::at(now()).today()
    }

    /// Somebody who looks at the page.
    pub fn viewer(duties: &[Duty]) -> Result<Viewer, Refusal> {
        Ok(Viewer {
            officer: id(1),
            name: "한시범 (예시)".to_owned(),
            district: "11999".parse().map_err(|_| Refusal::new("sample", "", ""))?,
            department: "일자리정책과".to_owned(),
            duties: duties.to_vec(),
            session: id(1),
        })
    }

    /// The frame of an office page.
    pub fn shell(title: &str, desk: iljari_web::Desk, duties: &[Duty]) -> iljari_web::Shell {
        match viewer(duties) {
            Ok(viewer) => iljari_web::Shell::office(&DisplayPrefs::sample(), &viewer, title, desk),
            Err(_) => iljari_web::Shell::public(&DisplayPrefs::sample(), title, None, iljari_web::PublicNav::None),
        }
    }
}
