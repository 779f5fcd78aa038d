//! Workload A (일감 A): residents as eighteen whole numbers each.

use iljari_rules::batch::{Facts, People};

/// A column: its name in the workload, ours, and below which number made-up people have theirs.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// In the head of the residents' file and in `rules.json`.
    pub name: &'static str,
    /// In our rule files.
    pub fact: &'static str,
    /// Made-up numbers lie from 0 up to this, not included.
    pub below: i64,
}

const fn column(name: &'static str, fact: &'static str, below: i64) -> Column {
    Column { name, fact, below }
}

/// The columns in the order of the file, behind the id.
pub const COLUMNS: [Column; 18] = [
    column("age", "나이", 101),
    column("sex", "성별", 2),
    column("dong", "동", 16),
    column("res_months", "거주개월", 60),
    column("income_pct", "소득비율", 200),
    column("assets_man", "재산만원", 70_000),
    column("emp_status", "취업상태", 6),
    column("unemp_months", "실업개월", 18),
    column("disab", "장애", 3),
    column("hh_type", "가구유형", 8),
    column("hh_size", "가구원수", 7),
    column(FLAGS, "해당사항", 256),
    column("edu", "학력", 6),
    column("ins_type", "보험유형", 4),
    column("past_count", "참여횟수", 4),
    column("past_gap_months", "참여뒤개월", 60),
    column("edu_hours", "교육시간", 20),
    column("car_value_man", "차량가액만원", 5_000),
];

/// The column whose bits are words of their own.
pub const FLAGS: &str = "flags";

/// The word of a bit of [`FLAGS`].
pub fn flag(bit: usize) -> String {
    format!("해당{bit}")
}

/// How many words [`FLAGS`] has.
pub const FLAG_COUNT: usize = 8;

/// Reads a residents' file: one list of numbers a column, in the order of [`COLUMNS`].
pub fn residents(text: &str) -> Result<Vec<Vec<i64>>, String> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let wanted: Vec<&str> = std::iter::once("id").chain(COLUMNS.iter().map(|column| column.name)).collect();
    if head != wanted {
        return Err(format!("the head of the residents' file is {head:?}, not {wanted:?}"));
    }
    let mut columns = vec![Vec::new(); COLUMNS.len()];
    for (number, line) in lines.enumerate() {
        let mut cells = line.split(',').skip(1);
        for column in &mut columns {
            let cell = cells.next().and_then(|cell| cell.parse().ok());
            column.push(cell.ok_or_else(|| format!("line {}: not eighteen numbers", number + 2))?);
        }
    }
    Ok(columns)
}

/// The residents as our columns, by the facts that the programs use.
pub fn people(facts: &Facts, residents: &[Vec<i64>]) -> Result<People, String> {
    let of = |name: &str| {
        let place = COLUMNS.iter().position(|column| column.fact == name);
        place.and_then(|place| residents.get(place)).cloned().ok_or_else(|| format!("no column for '{name}'"))
    };
    let columns = facts.iter().map(|(name, _)| of(name)).collect::<Result<Vec<_>, _>>()?;
    People::of_numbers(facts, columns).ok_or_else(|| "the columns are not equally long".to_owned())
}
