//! Attendance sheets (출근부) come in: 접수번호, month, days, hours.
//!
//! Owns: what a row may say. Does not own: pay, which is not computed here. What a newcomer gets wrong:
//! taking a sheet in halves. It is taken whole, or every fault of it comes back.

use std::collections::BTreeMap;

use iljari_base::{Month, Outcome, Refusal, Stop};
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_sheets::Grid;
use iljari_store::Tx;

use crate::assigned::Theirs;
use crate::call::{published_of, resident_numbers};
use crate::store;
use crate::work::{Attendance, WorkState};

/// The columns of an attendance sheet.
pub const COLUMNS: [&str; 4] = ["접수번호", "달", "일한 날", "일한 시간"];

/// Takes a sheet in; how many rows. Refusals, each with its row: `no-such-call`, `resident-number`,
/// `no-columns`, `nothing-said`, `unknown-participant` (also of somebody who is another officer's), `month-outside`, `days-impossible`, `hours-impossible`,
/// `row-twice`.
pub async fn take(tx: &mut Tx, cx: &Cx, call_no: i64, file_name: &str, grid: &Grid) -> Outcome<usize> {
    let call = published_of(tx, cx, call_no).await?;
    let named = resident_numbers(&[("file", file_name)]);
    if !named.is_empty() {
        return Err(Stop::Refused(named));
    }
    let theirs = Theirs::of(tx, cx, &call).await?;
    let started: BTreeMap<String, i64> = store::participations(tx, &cx.district, call_no)
        .await?
        .into_iter()
        .filter(|it| matches!(it.state, WorkState::Started | WorkState::Left { .. } | WorkState::Ended { .. }))
        .filter(|it| theirs.has(it.app_no))
        .map(|it| (call.receipt(it.app_no), it.app_no))
        .collect();
    let found = grid.sheets.iter().find_map(|sheet| {
        let header = sheet.find_header(&COLUMNS)?;
        header.missing(&COLUMNS).is_empty().then_some((sheet, header))
    });
    let Some((sheet, header)) = found else {
        let message = format!("{} 열이 모두 있어야 합니다.", COLUMNS.join(", "));
        return Err(Refusal::new("no-columns", "", message).at("file").into());
    };
    let (mut rows, mut faults) = (BTreeMap::new(), Vec::new());
    for row in sheet.rows.iter().filter(|row| row.number > header.row && !row.total) {
        let text = |nth: usize| -> String {
            let column = header.columns.get(nth).copied().flatten();
            column.and_then(|column| row.cell(column)).map(|cell| cell.text().trim().to_owned()).unwrap_or_default()
        };
        let receipt = text(0);
        if receipt.is_empty() {
            continue;
        }
        let line = row.number.saturating_add(1);
        let mut fault = |code, message: String| {
            faults.push(Refusal::new(code, "", format!("{line}행: {message}")).at("file"));
        };
        let Some(app_no) = started.get(&receipt) else {
            fault("unknown-participant", format!("이 공고에서 일한 분의 접수번호가 아닙니다({receipt})."));
            continue;
        };
        let month = text(1)
            .parse::<Month>()
            .ok()
            .filter(|month| *month >= call.terms.first_month() && *month <= call.terms.work_last_on.month());
        let Some(month) = month else {
            fault("month-outside", "달을 일하는 기간 안에서 2027-01처럼 적어 주세요.".to_owned());
            continue;
        };
        let number = |text: String, most: i64| text.parse::<i64>().ok().filter(|number| (0..=most).contains(number));
        let (days, hours) = (number(text(2), 31), number(text(3), 31 * 24));
        match (days, hours) {
            (None, _) => fault("days-impossible", "일한 날을 0에서 31까지 적어 주세요.".to_owned()),
            (_, None) => fault("hours-impossible", "일한 시간을 정수로 적어 주세요.".to_owned()),
            (Some(days), Some(hours)) if hours > days.saturating_mul(24) => {
                fault("hours-impossible", "일한 시간이 일한 날보다 너무 많습니다.".to_owned());
            }
            (Some(days), Some(hours)) => {
                let read = Attendance { app_no: *app_no, month, days, hours };
                if rows.insert((*app_no, month.number()), read).is_some() {
                    fault("row-twice", format!("같은 접수번호와 달이 두 번 있습니다({receipt})."));
                }
            }
        }
    }
    if faults.is_empty() && rows.is_empty() {
        faults.push(Refusal::new("nothing-said", "", "적힌 줄이 없습니다.").at("file"));
    }
    if !faults.is_empty() {
        return Err(Stop::Refused(faults));
    }
    for read in rows.values() {
        store::put_attendance(tx, &cx.district, call_no, read, cx.actor, cx.now()).await?;
    }
    let what = format!("모집공고 {call_no}번 출근부 {}줄 올리기", rows.len());
    log_access(tx, cx, Access::to(what, Whose::Nobody)).await?;
    Ok(rows.len())
}
