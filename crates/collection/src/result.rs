//! What came of an upload, to take away (결과 파일), and the marks for the file that goes back (오류 열).
//!
//! Owns: the lines of the result as CSV and which cell is marked with what. Does not own: writing a
//! column into somebody's workbook (`sheets`). What a newcomer gets wrong: a result that lists only what
//! changed; the department wants to see each of its rows.

use iljari_base::quantity::grouped;
use iljari_sheets::{CellRef, Encoding, Marks, csv};

use crate::model::{Fault, RowState, SheetRow};
use crate::read_sheet::COLUMNS;
use crate::weigh::{Verdict, Weighed};

/// The result as CSV with a byte order mark, which Excel opens without asking.
pub fn result_csv(rows: &[Weighed]) -> Vec<u8> {
    let heads = ["사업 코드", "사업명", "담당 부서", "적은 당기", "적은 누계", "실적 없음", "결과", "기록 번호·까닭"];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for it in rows {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let (result, detail) = outcome(it);
        lines.push(vec![
            it.ask.node.to_string(),
            it.ask.name.clone(),
            it.ask.department.clone(),
            number(it.row.own),
            number(it.row.cumulative),
            if it.row.nothing { "실적 없음".to_owned() } else { String::new() },
            result.to_owned(),
            detail,
        ]);
    }
    csv::write(&lines, Encoding::Utf8Bom)
}

/// How a row ended, and the entry's number or why not.
pub fn outcome(it: &Weighed) -> (&'static str, String) {
    match (&it.row.state, &it.verdict) {
        (RowState::Applied(leaf), _) => ("반영됨", leaf.clone()),
        (RowState::Refused(words), _) => ("반영하지 못함", words.clone()),
        (RowState::Staged(_), _) => ("확인 대기", String::new()),
        (RowState::Same, _) if it.row.nothing => ("실적 없음", String::new()),
        (RowState::Same, _) => ("달라진 것 없음", String::new()),
        (RowState::Read, Verdict::Unanswered) => ("답 없음", String::new()),
        (RowState::Read, Verdict::Changes(_, by)) => ("바뀔 것", grouped(*by)),
        (RowState::Read, Verdict::Same) if it.row.nothing => ("실적 없음", String::new()),
        (RowState::Read, Verdict::Same | Verdict::Waits) => ("달라질 것 없음", String::new()),
        (RowState::Read, Verdict::Faulty(faults)) => {
            ("고칠 것", faults.iter().map(|fault| fault.what.clone()).collect::<Vec<_>>().join(" / "))
        }
    }
}

/// The faults of one file as marks, sheet by sheet. A fault without a cell is told on the page alone.
/// The column's name goes into the row of the headings; where none is known any more, above the first row read.
pub fn marks<'r>(file_no: i64, faults: &[Fault], rows: impl Iterator<Item = &'r SheetRow> + Clone) -> Vec<Marks> {
    let mut marks: Vec<Marks> = Vec::new();
    for fault in faults.iter().filter(|fault| fault.file_no == file_no && fault.blocks) {
        let Ok(at) = fault.cell.parse() else { continue };
        let words = format!("{}. {}", fault.what, fault.todo);
        match marks.iter_mut().find(|known| known.sheet == fault.sheet) {
            Some(known) => known.faults.push((at, words)),
            None => marks.push(Marks {
                sheet: fault.sheet.clone(),
                columns: COLUMNS.map(str::to_owned).to_vec(),
                header_row: None,
                faults: vec![(at, words)],
            }),
        }
    }
    for sheet in &mut marks {
        let of_sheet = rows.clone().filter(|row| row.file_no == file_no && row.sheet == sheet.sheet);
        let read = of_sheet.filter_map(|row| row.cells.code.parse::<CellRef>().ok()).map(|at| at.row);
        let first = read.chain(sheet.faults.iter().map(|(at, _)| at.row)).min();
        sheet.header_row = first.and_then(|first| first.checked_sub(1));
    }
    marks
}
