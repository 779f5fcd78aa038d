//! Workload G on our side (일감 G): a year's documents of a district, in every format we write.
//!
//! Owns: turning the workload's districts into plan files and entries of ours. Does not own: the documents,
//! which are the product's, set in full: title, tables, notes, fonts, PDF/A-2a with tags.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use iljari_authored::{Lang, Severity, render_text};
use iljari_base::id::Id;
use iljari_base::{Actor, Clock as _, Date, DistrictCode, FixedClock, SeededEntropy, Year};
use iljari_disclosure::log::totals::{Source, fold};
use iljari_disclosure::log::words::{Field, Grade, Unit};
use iljari_disclosure::log::{Body, Leaf, LeafId, Slot};
use iljari_disclosure::plan::{self, District};
use iljari_ledger::documents::facts::{Disclosed, Facts, Standing};
use iljari_ledger::documents::files;
use iljari_ledger::model::{Counted, Entry, EntryKind};
use iljari_ledger::progress::Progress;
use serde_json::Value;

use crate::crc::crc32;
use crate::figure::{Line, Times};
use crate::ledger::code;

/// The year whose documents are made: the workload's last.
pub const YEAR: i16 = 2026;

/// A district of the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub district: String,
    /// 비전.
    pub vision: String,
    /// Its programs.
    pub programs: Vec<WantedProgram>,
}

/// A program of the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedProgram {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The strategy above it.
    pub strategy: String,
    /// What it does.
    pub summary: String,
    /// Its numbers by year.
    pub rows: Vec<WantedYear>,
}

/// A program's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedYear {
    /// The year.
    pub year: i16,
    /// 목표.
    pub target: i64,
    /// 실적.
    pub actual: i64,
    /// 사업비, in millions.
    pub budget: i64,
}

fn text(value: &Value, key: &str) -> Result<String, String> {
    value[key].as_str().map(str::to_owned).ok_or_else(|| format!("no text '{key}'"))
}

fn number(value: &Value, key: &str) -> Result<i64, String> {
    value[key].as_i64().ok_or_else(|| format!("no number '{key}'"))
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v Vec<Value>, String> {
    value[key].as_array().ok_or_else(|| format!("no list '{key}'"))
}

/// Reads `disclosure.json`.
pub fn wanted(json: &str) -> Result<Vec<Wanted>, String> {
    let read: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let year = |row: &Value| {
        let year = i16::try_from(number(row, "year")?).map_err(|error| error.to_string())?;
        Ok::<_, String>(WantedYear {
            year,
            target: number(row, "target")?,
            actual: number(row, "actual")?,
            budget: number(row, "budget")?,
        })
    };
    let program = |value: &Value| {
        Ok::<_, String>(WantedProgram {
            id: text(value, "id")?,
            name: text(value, "name")?,
            strategy: text(value, "strategy")?,
            summary: text(value, "summary")?,
            rows: list(value, "rows")?.iter().map(year).collect::<Result<_, _>>()?,
        })
    };
    let district = |value: &Value| {
        Ok::<_, String>(Wanted {
            district: text(value, "district")?,
            vision: text(value, "vision")?,
            programs: list(value, "programs")?.iter().map(program).collect::<Result<_, _>>()?,
        })
    };
    read.as_array().ok_or("not a list of districts")?.iter().map(district).collect()
}

fn by_year(rows: &[WantedYear], number: impl Fn(&WantedYear) -> i64) -> String {
    let each: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.year, number(row))).collect();
    let total: i64 = rows.iter().map(number).sum();
    format!("{{{}, 계: {total}}}", each.join(", "))
}

/// The district's two files as an office would write them.
fn plan_files(wanted: &Wanted, code: &DistrictCode) -> [(String, String); 2] {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let district = format!(
        "형식: 일자리-계획/1\n종류: 구\n코드: {code}\n이름: {}\n예시: 예\n출처 목록:\n  일감: {{제목: 견줌 일감 G(예시), 종류: 예시, 날짜: 2023-01-20}}\n",
        quoted(&wanted.district)
    );
    let mut plan = format!(
        "형식: 일자리-계획/1\n종류: 종합계획\n구: {code}\n이름표: 종합-2023\n제목: {}\n기간: 2023~2026\n비전: {}\n출처: 일감\n금액 단위: 백만원\n집계 방식: 집계\n단계: [전략, 사업]\n",
        quoted(&format!("{} 일자리대책 종합계획", wanted.district)),
        quoted(&wanted.vision)
    );
    let all: Vec<WantedYear> = (2023..=YEAR)
        .map(|year| {
            let rows = || wanted.programs.iter().flat_map(|program| &program.rows).filter(move |row| row.year == year);
            let sum = |number: fn(&WantedYear) -> i64| rows().map(number).sum();
            WantedYear {
                year,
                target: sum(|row| row.target),
                actual: sum(|row| row.actual),
                budget: sum(|row| row.budget),
            }
        })
        .collect();
    let targets = by_year(&all, |row| row.target);
    let values = targets.rsplit_once(", 계").map_or("{}".to_owned(), |(years, _)| format!("{years}}}"));
    let total: i64 = all.iter().map(|row| row.target).sum();
    let _ = write!(
        plan,
        "지표:\n  - {{번호: 일자리, 이름: 일자리 창출 수, 뜻: 만든 일자리, 단위: 일자리 수, 집계: 합, 구분: 개별}}\n목표 묶음:\n  - {{번호: 일자리, 이름: 일자리 목표, 지표: 일자리, 부문: 전체, 노드: 전체, 값: {values}, 계: {total}}}\n구조:\n"
    );
    let mut strategies: Vec<&str> = wanted.programs.iter().map(|program| program.strategy.as_str()).collect();
    strategies.sort_unstable();
    strategies.dedup();
    for (number, strategy) in (1..).zip(&strategies) {
        let _ = writeln!(plan, "  - {{번호: S{number}, 이름: {}, 단계: 전략}}", quoted(strategy));
    }
    for program in &wanted.programs {
        let above = strategies.iter().position(|strategy| *strategy == program.strategy).unwrap_or(0) + 1;
        let _ = writeln!(
            plan,
            "  - 번호: {}\n    이름: {}\n    단계: 사업\n    상위: S{above}\n    부문: 직접일자리 창출\n    사업내용: {}\n    목표: {{일자리: {}}}\n    사업비:",
            program.id,
            quoted(&program.name),
            quoted(&program.summary),
            by_year(&program.rows, |row| row.target)
        );
        for row in &program.rows {
            let _ = writeln!(plan, "      {}: {{계: {}}}", row.year, row.budget);
        }
    }
    [("district.yaml".to_owned(), district), ("term-2023.yaml".to_owned(), plan)]
}

/// The district as the product reads it.
pub fn book(wanted: &Wanted, place: usize) -> Result<District, String> {
    let report = plan::check(&plan_files(wanted, &code(place)?));
    if report.count(Severity::Error) > 0 {
        return Err(render_text(&report, Lang::En, false));
    }
    report.district.ok_or_else(|| "no district in the files".to_owned())
}

/// What the product composes documents from: the plan, and an entry for each program and year.
pub fn facts(wanted: &Wanted, place: usize) -> Result<Facts, String> {
    let book = book(wanted, place)?;
    let day = Date::new(2027, 3, 30).ok_or("no day")?;
    let (clock, entropy) = (FixedClock::at(day.at_hour(9)), SeededEntropy::new("bench"));
    let (mut entries, mut leaves) = (Vec::new(), Vec::new());
    for (program, row) in wanted.programs.iter().flat_map(|program| program.rows.iter().map(move |row| (program, row)))
    {
        let slot = Slot {
            node: program.id.parse().map_err(|error| format!("{error}"))?,
            period: Year(row.year).period(),
            field: Field::Direct,
            unit: Unit::Jobs,
        };
        let mut id = [0; 16];
        id.split_at_mut(8).0.copy_from_slice(&u64::try_from(entries.len()).unwrap_or(0).to_be_bytes());
        let body = Body::Count { slot: slot.clone(), n: row.actual, grade: Grade::Sum, rest: false };
        let leaf = Leaf::new(book.code.clone(), LeafId(id), body).map_err(|fault| fault.to_string())?;
        entries.push(Entry {
            id: Id::fresh(&clock, &entropy),
            seq: i64::try_from(entries.len()).unwrap_or(0) + 1,
            leaf_id: leaf.id().to_string(),
            kind: EntryKind::Count,
            body: leaf.to_line().into_bytes(),
            counted: Some(Counted {
                node: slot.node,
                period: slot.period,
                field: slot.field,
                unit: slot.unit,
                amount: row.actual,
                grade: Grade::Sum,
                rest: false,
            }),
            source: Some(Source::Sums),
            answers: None,
            evidence_kind: "부서집계".to_owned(),
            remark: String::new(),
            recorded_by: Actor::Demo,
            confirmed_by: Actor::Demo,
            entered_at: clock.now(),
            sealed: None,
        });
        leaves.push(leaf);
    }
    let (totals, problems) = fold(&leaves);
    if let Some(problem) = problems.first() {
        return Err(format!("{problem:?}"));
    }
    let progress = Progress::of(&book, &totals).map_err(|failure| failure.to_string())?;
    let standing = Standing::Disclosed(Disclosed {
        no: 1,
        on: day,
        size: i64::try_from(entries.len()).unwrap_or(0),
        root: "0".repeat(64),
        fingerprint: "0000 0000 0000 0000 0000 0000 0000 0000".to_owned(),
        approval_no: "일자리정책과-1 (예시)".to_owned(),
        approval_on: Some(day),
        remark: String::new(),
    });
    Ok(Facts {
        book,
        year: Year(YEAR),
        progress,
        entries,
        standing,
        is_demo: true,
        corrects: None,
        screened: Vec::new(),
        attributes: Vec::new(),
    })
}

/// Makes every document of every district.
pub fn documents(path: &Path, most: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let mut load = Times::default();
    let all = load.run(|| -> Result<Vec<Facts>, String> {
        let json = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        wanted(&json)?.iter().take(most).enumerate().map(|(place, wanted)| facts(wanted, place)).collect()
    });
    let all = all?;
    let (mut work, mut write) = (Times::default(), Times::default());
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (mut made, mut bytes, mut crcs) = (0, 0, Vec::new());
    let mut by_ending: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for facts in &all {
        let files = work.run(|| files::all(facts)).map_err(|failure| failure.to_string())?;
        write.run(|| {
            for (name, bytes) in &files {
                let path = folder.path().join(facts.book.code.as_str()).join(name);
                let made = fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, bytes));
                made.map_err(|error| format!("{}: {error}", path.display()))?;
            }
            Ok::<_, String>(())
        })?;
        made += files.len();
        for (name, content) in &files {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
            let of = by_ending.entry(ending).or_default();
            *of = (of.0 + 1, of.1 + u64::try_from(content.len()).unwrap_or(0));
            bytes += content.len();
            crcs.push(crc32(content.iter().copied()));
        }
    }
    let endings: Vec<String> =
        by_ending.iter().map(|(ending, (files, bytes))| format!("{ending} {files} files {bytes} bytes")).collect();
    say(Line::new("G", "every document of a district, every format", "ledger::documents::files::all")
        .number("docs", 1_u64)
        .number("districts", u64::try_from(all.len()).unwrap_or(0))
        .number("files", u64::try_from(made).unwrap_or(0))
        .number("bytes", u64::try_from(bytes).unwrap_or(0))
        .text("formats", &endings.join(", "))
        .number("crc", crc32(crcs.iter().flat_map(|crc| crc.to_le_bytes())))
        .time("load_s", load.total())
        .times(&work)
        .time("all_s", work.total())
        .time("write_s", write.total())
        .end());
    by_format(&all, say)
}

/// The same format by format, as the peers make one format each.
fn by_format(all: &[Facts], say: &mut dyn FnMut(String)) -> Result<(), String> {
    use iljari_ledger::documents::DocumentKind;
    for format in iljari_print::Format::ALL {
        let (mut work, mut bytes, mut crcs) = (Times::default(), 0, Vec::new());
        for facts in all {
            let made = work.run(|| files::one(facts, DocumentKind::Results, format));
            let (_, content) = made.map_err(|failure| failure.to_string())?.ok_or("no results")?;
            bytes = content.len();
            crcs.push(crc32(content.iter().copied()));
        }
        let what = format!("{}, results of a year", format.ending().to_uppercase());
        say(Line::new("G", &what, "ledger::documents::files::one")
            .number("docs", 1_u64)
            .number("districts", u64::try_from(all.len()).unwrap_or(0))
            .number("doc_bytes", u64::try_from(bytes).unwrap_or(0))
            .number("crc", crc32(crcs.iter().flat_map(|crc| crc.to_le_bytes())))
            .time("load_s", std::time::Duration::ZERO)
            .times(&work)
            .time("write_s", std::time::Duration::ZERO)
            .end());
    }
    Ok(())
}
