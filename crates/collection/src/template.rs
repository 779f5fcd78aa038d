//! The departments' workbooks (취합 서식): a row a project, to be filled in and sent back.
//!
//! Owns: which columns and rows a workbook has, and all workbooks as one ZIP. Does not own: how a form
//! is laid out and locked (`sheets`). What a newcomer gets wrong: putting today's date into the file; the
//! same round gives the same bytes, so that an office can see that nothing was changed on the way.

use iljari_base::{DistrictCode, Failure, Outcome};
use iljari_disclosure::bundle;
use iljari_sheets::{ColumnKind, Form, FormCell, FormColumn, Stamp};

use crate::model::{Ask, Round, departments};
use crate::stands::Stands;

/// The names of the columns; the reader finds them by these.
pub mod column {
    /// The project's code in the plan.
    pub const CODE: &str = "사업 코드";
    /// Its name.
    pub const NAME: &str = "사업명";
    /// 부문.
    pub const FIELD: &str = "부문";
    /// 단위.
    pub const UNIT: &str = "단위";
    /// What stood before the period.
    pub const BEFORE: &str = "지난 누계";
    /// What the period itself counts.
    pub const OWN: &str = "당기";
    /// January to the end of the period.
    pub const CUMULATIVE: &str = "누계";
    /// The answer of a department that has nothing to report.
    pub const NOTHING: &str = "실적 없음";
    /// Why a number was corrected.
    pub const REASON: &str = "사유";
}

/// The one word that the column 실적 없음 takes.
pub const NOTHING_ANSWER: &str = "실적 없음";
/// What stands, locked, where the office's own records count.
pub const SYSTEM_COUNTED: &str = "시스템 집계";
/// The word before the last row.
pub const TOTAL: &str = "총계";
/// Longest reason, in characters. The ledger takes 500 and gets the place in the file as well.
pub const REASON_MAX: u32 = 300;

/// A file to hand out: its name and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// `취합-3회차-어르신복지과.xlsx`.
    pub file_name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The workbook of one department.
pub fn workbook(
    district: &DistrictCode,
    round: &Round,
    asks: &[Ask],
    department: &str,
    stands: &Stands,
) -> Outcome<Workbook> {
    let form = form(district, round, asks, department, stands);
    Ok(Workbook { file_name: file_name(round, department), bytes: form.xlsx()? })
}

/// Every department's workbook as one ZIP.
pub fn all_workbooks(district: &DistrictCode, round: &Round, asks: &[Ask], stands: &Stands) -> Outcome<Workbook> {
    let mut files = bundle::Bundle::new();
    for department in departments(asks) {
        let Workbook { file_name, bytes } = workbook(district, round, asks, department, stands)?;
        files.insert(file_name, bytes);
    }
    let bytes = bundle::zip(&files).map_err(|fault| Failure::new(fault).context("pack the workbooks"))?;
    Ok(Workbook { file_name: format!("취합-{}회차-모든 부서.zip", round.no), bytes })
}

fn file_name(round: &Round, department: &str) -> String {
    let safe: String = department.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    format!("취합-{}회차-{safe}.xlsx", round.no)
}

/// What a stamp calls the things that tell a returned sheet's round.
pub mod stamp {
    /// The district's code.
    pub const DISTRICT: &str = "district";
    /// The round's number.
    pub const ROUND: &str = "round";
    /// The department's name.
    pub const DEPARTMENT: &str = "department";
}

fn form(district: &DistrictCode, round: &Round, asks: &[Ask], department: &str, stands: &Stands) -> Form {
    let months = |first: i8, last: i8| if first == last { format!("{first}월") } else { format!("{first}~{last}월") };
    let (first, last) = (round.period.first().of_year(), round.period.last().of_year());
    let before = if first == 1 { "이 해의 첫 기간".to_owned() } else { months(1, first.saturating_sub(1)) };
    let of = |name: &str, hint: &str, width: u16, kind: ColumnKind| FormColumn {
        name: name.to_owned(),
        hint: hint.to_owned(),
        width,
        kind,
    };
    let no = round.no.to_string();
    Form {
        sheet: "실적".to_owned(),
        title: format!("{} · {department}", round.title),
        instructions: vec![
            format!("{}까지 일자리 담당 부서로 보내 주세요.", round.deadline.korean()),
            format!(
                "당기({})와 누계({}) 가운데 하나만 적어도 됩니다.",
                months(first, last),
                months(1, last)
            ),
            "실적이 없으면 ‘실적 없음’을 골라 주세요. 빈칸은 답이 아닙니다.".to_owned(),
            "먼저 낸 수를 고치거나 누계가 줄면 사유를 적어 주세요. 사유는 누구나 보게 되니 사람 이름이나 번호를 적지 마세요."
                .to_owned(),
        ],
        stamp: Stamp::new([
            (stamp::DISTRICT, district.as_str()),
            (stamp::ROUND, no.as_str()),
            (stamp::DEPARTMENT, department),
        ]),
        columns: vec![
            of(column::CODE, "고치지 마세요", 12, ColumnKind::Fixed),
            of(column::NAME, "", 34, ColumnKind::Fixed),
            of(column::FIELD, "", 16, ColumnKind::Fixed),
            of(column::UNIT, "", 10, ColumnKind::Fixed),
            of(column::BEFORE, &before, 12, ColumnKind::Previous),
            of(column::OWN, &months(first, last), 12, ColumnKind::Count),
            of(column::CUMULATIVE, &months(1, last), 12, ColumnKind::Count),
            of(column::NOTHING, "없으면 고르기", 14, ColumnKind::Choice(vec![NOTHING_ANSWER.to_owned()])),
            of(column::REASON, "고치거나 줄 때", 36, ColumnKind::Words(REASON_MAX)),
        ],
        rows: asks
            .iter()
            .filter(|ask| ask.department == department)
            .map(|ask| row(round, ask, stands))
            .collect(),
        totals: Some(TOTAL.to_owned()),
        frozen_columns: 2,
        created: round.opened_at.seoul_date(),
    }
}

fn row(round: &Round, ask: &Ask, stands: &Stands) -> Vec<FormCell> {
    let before = match stands.of(ask).before(round.period) {
        Some(sum) => FormCell::Number(sum),
        None => FormCell::Empty,
    };
    let input = || if ask.by_hand() { FormCell::Empty } else { FormCell::Locked(SYSTEM_COUNTED.to_owned()) };
    let quiet = || if ask.by_hand() { FormCell::Empty } else { FormCell::Locked(String::new()) };
    vec![
        FormCell::Text(ask.node.to_string()),
        FormCell::Text(ask.name.clone()),
        FormCell::Text(ask.field.to_string()),
        FormCell::Text(ask.unit.to_string()),
        before,
        input(),
        input(),
        quiet(),
        quiet(),
    ]
}
