//! The access log for the duty 감사: a month at a time, checked, downloaded with a reason.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{Failure, Month, Refusal, Stop};
use iljari_web::filters;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::account::sample_line;
use super::{RenderedSample, rendered};
use crate::access::{self, Access, AccessLine, BrokenLine, ReadableLine, Whose, download_reason, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::downloads;

/// `GET /office/access-log`.
#[derive(Template)]
#[template(path = "access_log.html")]
pub struct AccessLogPage {
    shell: Shell,
    errors: FieldErrors,
    month: Month,
    /// How many lines the month has; the page shows the latest [`access::PAGE_LINES`].
    count: i64,
    lines: Vec<ReadableLine>,
    broken: Option<BrokenLine>,
    /// Looks at protected residents that no supervisor has seen yet.
    unseen_looks: i64,
    /// Finds and looks of planted records that no auditor has seen yet.
    honey_alarms: usize,
    reason: String,
}

impl AccessLogPage {
    fn month_korean(&self) -> String {
        format!("{}년 {}월", self.month.year(), self.month.of_year())
    }
}

fn month(typed: &Typed, office: &Office) -> Result<Month, Refusal> {
    match typed.get("month").trim() {
        "" => Ok(office.clock.today().month()),
        text => {
            text.parse().map_err(|_| Refusal::new("month-unreadable", "", "달을 2026-11처럼 적어 주세요.").at("month"))
        }
    }
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    typed: &Typed,
    mut errors: FieldErrors,
) -> Result<AccessLogPage, PageError> {
    let month = month(typed, office).unwrap_or_else(|refusal| {
        if errors.is_empty() {
            errors = vec![refusal].into();
        }
        office.clock.today().month()
    });
    let (lines, count, broken, unseen_looks, honey_alarms) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                // Looking at the log is itself looked at.
                log_access(tx, &cx, Access::to(format!("접속기록 열람 {month}"), Whose::AllOfficers)).await?;
                let (lines, count) = access::month_lines(tx, &cx.district, month).await?;
                let lines = access::readable(&lines, &crate::admin::officers(tx, &cx.district).await?);
                let unseen = crate::residents::unseen_looks(tx, &cx).await?;
                let alarms = crate::residents::honey_alarms(tx, &cx).await?.len();
                Ok((lines, count, access::verify_access_log(tx, &cx.district).await?, unseen, alarms))
            })
        })
        .await?;
    Ok(AccessLogPage {
        shell: Shell::office(prefs, viewer, "접속기록", Desk::AccessLog)
            .crumb("담당자", "/office")
            .here("접속기록")
            .faults(errors.len()),
        errors,
        month,
        count,
        lines,
        broken,
        unseen_looks,
        honey_alarms,
        reason: typed.get("reason").to_owned(),
    })
}

/// Shows a month.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    Ok(render(page(&office, &prefs, &viewer, cx, &typed, FieldErrors::none()).await?))
}

/// Gives a month as CSV. Without a reason there is none.
pub async fn download(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let read = super::both(download_reason(typed.get("reason")), month(&typed, &office));
    let (reason, month) = match read {
        Ok(read) => read,
        Err(stop) => return not_taken(&office, &prefs, &viewer, cx, &typed, stop).await,
    };
    let district = viewer.district.clone();
    let acting = cx.clone();
    let taken = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let cx = acting;
                let count = access::month_count(tx, &cx.district, month).await?;
                let rows = usize::try_from(count).unwrap_or(usize::MAX);
                let what = format!("접속기록 {month}");
                let cleared = match downloads::clear(tx, &cx, &what, rows, reason).await? {
                    Ok(cleared) => cleared,
                    Err(not_yet) => return Ok(Err(not_yet)),
                };
                // The line of this very download is one more than was counted.
                let reason = cleared.reason_for(rows);
                let access =
                    Access { whose: Whose::AllOfficers, act: format!("접속기록 내려받기 {month}"), reason };
                log_access(tx, &cx, access).await?;
                Ok(Ok(access::month_file_lines(tx, &cx.district, month).await?))
            })
        })
        .await;
    let lines = match taken {
        Ok(Ok(lines)) => lines,
        Ok(Err(not_yet)) => return not_taken(&office, &prefs, &viewer, cx, &typed, not_yet.into()).await,
        Err(stop) => return not_taken(&office, &prefs, &viewer, cx, &typed, stop).await,
    };
    let name = format!("attachment; filename=\"access-log-{district}-{month}.csv\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, csv(&lines)?).into_response())
}

/// The page again, with why there is no file.
async fn not_taken(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    typed: &Typed,
    stop: Stop,
) -> Result<Response, PageError> {
    let errors = FieldErrors::from_stop(stop)?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page(office, prefs, viewer, cx, typed, errors).await?))
}

/// The table as CSV, with the mark that makes spreadsheets read it as UTF-8.
fn csv(lines: &[AccessLine]) -> Result<Vec<u8>, Failure> {
    let broken = |err: &dyn std::fmt::Display| Failure::new(err).context("writing the access log as CSV");
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heading =
        ["번호", "접속일시", "계정", "접속지", "처리한 정보주체", "수행업무", "내려받은 이유", "앞줄 확인값", "확인값"];
    writer.write_record(heading).map_err(|err| broken(&err))?;
    for line in lines {
        let reason = line.reason.as_deref().unwrap_or_default();
        let seq = line.seq.to_string();
        let cells = [
            &seq,
            &line.at,
            &line.account,
            &line.address,
            &line.subject,
            &line.act,
            reason,
            &line.prev_hash,
            &line.hash,
        ];
        writer.write_record(cells.map(harmless)).map_err(|err| broken(&err))?;
    }
    writer.into_inner().map_err(|err| broken(&err))
}

/// A spreadsheet runs a cell that begins like a formula; with an apostrophe it is text (ASVS 1.2.10).
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<AccessLogPage>("access_log", all);
}

impl Sample for AccessLogPage {
    fn samples() -> Vec<Self> {
        let refusal = Refusal::new("download-without-reason", "", "내려받는 이유를 5자 이상 적어 주세요.").at("reason");
        let lines = |many: u8| -> Vec<AccessLine> {
            let act = |number: u8| {
                if number.is_multiple_of(3) {
                    "실적 작성 stg_01kb3wmz8q0000000000000001"
                } else {
                    "담당자 정보 열람"
                }
            };
            (0..many).map(|number| sample_line(number, act(number))).collect()
        };
        let page = |many: u8, errors: FieldErrors, broken: Option<BrokenLine>| Self {
            shell: super::sample::shell("접속기록", Desk::AccessLog, &[Duty::Audit]).faults(errors.len()),
            errors,
            month: super::sample::today().month(),
            count: i64::from(many) * 50,
            lines: access::readable(&lines(many), &[]),
            broken,
            unseen_looks: i64::from(many / 5),
            honey_alarms: usize::from(many / 7),
            reason: "점검".to_owned(),
        };
        let broken = BrokenLine { seq: 7, why: access::BrokenWhy::Changed };
        vec![
            page(0, FieldErrors::none(), None),
            page(5, vec![refusal].into(), Some(broken)),
            page(200, FieldErrors::none(), None),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_for_a_spreadsheet_holds_no_formula() {
        let mut line = sample_line(2, "=HYPERLINK(\"http://example.invalid\")");
        line.reason = Some("가, \"나\"\n다".to_owned());
        let text = String::from_utf8(csv(&[line]).expect("written")).expect("text");
        assert!(text.starts_with("\u{feff}번호,접속일시,계정,"));
        assert!(text.contains("\"'=HYPERLINK(\"\"http://example.invalid\"\")\""), "{text}");
        assert!(text.contains("\"가, \"\"나\"\"\n다\""), "{text}");
    }
}
