//! A round of look-ups (자격 조회): a list goes out, an answer sheet comes in.
//!
//! Owns: the columns of both, and what an answer changes. Does not own: reading files (`sheets`, in a child
//! process), nor the national system, where resident numbers are joined; here there are none. What a
//! newcomer gets wrong: writing an answer over what the applicant said. Both stay, and where they differ
//! the screener sees it.

use std::collections::BTreeMap;

use iljari_base::{Date, Failure, Outcome, Refusal, Stop};
use iljari_people::residents::{self, ListName, ListWanted, Safe};
use iljari_people::{Access, Cx, DownloadReason, Whose, download_mark, downloads, log_access};
use iljari_print::model::{Cell, Column, Document, Meta, Row, Table};
use iljari_rules::RuleSet;
use iljari_rules::model::Fact;
use iljari_sheets::{Encoding, Grid, csv};
use iljari_store::Tx;

use crate::application::{Application, Origin, Said, truth_of};
use crate::assigned::only_who_answers;
use crate::call::{published_of, resident_numbers};
use crate::judge::{Proof, fault_of, is_looked_up, judge};
use crate::model::Call;
use crate::{evidence, store};

/// 접수번호.
pub const RECEIPT: &str = "접수번호";
/// 이름.
const NAME: &str = "이름";
/// 생년월일.
const BIRTH: &str = "생년월일";
/// 조회일.
const LOOKED_UP_ON: &str = "조회일";
/// 재정지원 중복참여.
const DUPLICATE: &str = "재정지원 중복참여";
/// Its own day.
const DUPLICATE_ON: &str = "중복참여 조회일";
/// Columns that the national system's own form may want; nobody here has seen that form.
const ILMOA: [&str; 2] = ["일모아 사업번호(서식 확인 필요)", "일모아 참여자번호(서식 확인 필요)"];

/// Who took the list, and when.
const TAKEN: &str = "내려받은 사람과 때";

/// The columns that an answer sheet fills in, with what may stand in each.
pub fn answer_columns(rules: &RuleSet) -> Vec<(String, String)> {
    let mut columns: Vec<(String, String)> =
        rules.clauses.iter().map(|clause| (clause_column(&clause.id), "충족, 미충족, 미확인".to_owned())).collect();
    let looked_up = rules.facts.iter().filter(|fact| is_looked_up(fact));
    columns.extend(looked_up.map(|fact| (fact.name.clone(), format!("{} 그대로", fact.kind.word()))));
    columns.push((LOOKED_UP_ON.to_owned(), "2026-12-10".to_owned()));
    columns.push((DUPLICATE.to_owned(), "해당 없음, 중복, 미확인".to_owned()));
    columns.push((DUPLICATE_ON.to_owned(), "2026-12-10".to_owned()));
    columns
}

fn clause_column(id: &str) -> String {
    format!("자격: {id}")
}

/// The list that goes out: 접수번호, name, day of birth, the empty columns of the answer, and in every row who took it
/// and when. With the reason, which the access log keeps. Protected residents are named in no list; they stand there by number only.
///
/// A long list waits for a second officer; the refusal inside says so.
///
/// Refusals: `no-such-call`, `call-not-published`, `not-your-call`, and those of [`downloads::clear`].
pub async fn export(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    call_no: i64,
    reason: DownloadReason,
) -> Outcome<Result<List, Refusal>> {
    let call = published_of(tx, cx, call_no).await?;
    only_who_answers(tx, cx, &call).await?;
    let rules = call.rules.open()?;
    let live: Vec<Application> =
        store::applications(tx, &cx.district, call_no).await?.into_iter().filter(Application::is_live).collect();
    let what = format!("모집공고 {call_no}번 자격 조회 명단");
    let cleared = match downloads::clear(tx, cx, &what, live.len(), reason).await? {
        Ok(cleared) => cleared,
        Err(not_yet) => return Ok(Err(not_yet)),
    };
    let residents = live.iter().map(|it| it.resident).collect();
    let wanted = ListWanted { what, residents, download: Some(cleared) };
    let names = residents::names_for_list(tx, cx, safe, wanted).await?;
    let mut head = vec![RECEIPT.to_owned(), NAME.to_owned(), BIRTH.to_owned()];
    head.extend(answer_columns(&rules).into_iter().map(|(name, _)| name));
    head.extend(ILMOA.map(str::to_owned));
    head.push(TAKEN.to_owned());
    let mark = download_mark(tx, cx).await?;
    let rows = live
        .iter()
        .map(|it| {
            let (name, birth) = match names.get(&it.resident) {
                Some(ListName::Named { name, birth }) => (name.clone(), birth.to_string()),
                Some(other) => (other.shown().to_owned(), String::new()),
                None => (String::new(), String::new()),
            };
            let mut row = vec![call.receipt(it.no), name, birth];
            row.resize(head.len(), String::new());
            row.splice(row.len().saturating_sub(1).., [mark.clone()]);
            row
        })
        .collect();
    Ok(Ok(List { title: format!("{} 자격 조회 명단", call.terms.title), call_no, head, rows }))
}

/// The list as rows of text.
#[derive(Clone, PartialEq, Eq)]
pub struct List {
    title: String,
    call_no: i64,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl List {
    /// As CSV that Excel opens without asking.
    pub fn csv(&self) -> Vec<u8> {
        let mut lines = vec![self.head.clone()];
        lines.extend(self.rows.iter().cloned());
        csv::write(&lines, Encoding::Utf8Bom)
    }

    /// As a workbook.
    pub fn xlsx(&self, issuer: &str, as_of: Date) -> Result<Vec<u8>, Failure> {
        let stem = format!("자격조회-{}", self.call_no);
        let mut document = Document::new(Meta::new(&self.title, issuer, as_of.year(), as_of, stem));
        let mut table = Table::new("list", "자격 조회 명단").sheet("명단");
        for (place, name) in self.head.iter().enumerate() {
            table = table.column(Column::text(format!("column_{place}"), name));
        }
        for row in &self.rows {
            table.push(Row::ordinary(row.iter().map(Cell::text).collect::<Vec<_>>()));
        }
        document.push(iljari_print::model::Block::Table(table));
        iljari_print::render(&document, iljari_print::Format::Xlsx).map_err(Failure::new)
    }

    /// The rows, for tests and pages.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }
}

/// What an answer sheet did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    /// How many applications were answered.
    pub applications: usize,
    /// 접수번호 with what contradicts what.
    pub conflicts: Vec<(String, String)>,
}

/// Takes an answer sheet in: whole or not at all. Every fault of it comes back with the row it stands in.
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `call-not-published` | |
/// | `not-your-call` | the officer is not of the call's department |
/// | `resident-number` | in the file's name or a cell |
/// | `no-receipt-column` | no column 접수번호 |
/// | `nothing-answered` | no row says anything |
/// | `unknown-receipt` | a 접수번호 that is none of this call's |
/// | `receipt-twice` | one 접수번호 in two rows |
/// | `answer-unreadable` | a word or value that is none |
/// | `answer-without-day` | an answer without 조회일 |
/// | `answer-too-old` | 조회일 before 접수 began or after today |
pub async fn answer(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    call_no: i64,
    file_name: &str,
    grid: &Grid,
) -> Outcome<Answered> {
    let call = published_of(tx, cx, call_no).await?;
    only_who_answers(tx, cx, &call).await?;
    let rules = call.rules.open()?;
    let named = resident_numbers(&[("file", file_name)]);
    if !named.is_empty() {
        return Err(Stop::Refused(named));
    }
    let live: BTreeMap<String, Application> = store::applications(tx, &cx.district, call_no)
        .await?
        .into_iter()
        .filter(Application::is_live)
        .map(|it| (call.receipt(it.no), it))
        .collect();
    let said = read(&call, &rules, grid, cx.today(), |receipt| live.contains_key(receipt)).map_err(Stop::Refused)?;
    let mut answered = Answered::default();
    for (receipt, said) in said {
        let Some(it) = live.get(&receipt) else { continue };
        let mut known = evidence::open(tx, cx, safe, it).await?;
        evidence::put(tx, cx, safe, it, Origin::LookUp, &said).await?;
        known.look_up = said;
        let judged = judge(&call, &rules, &known, Proof::Seen);
        let changed = Application {
            verdict: judged.outcome,
            broken: judged.broken(),
            conflicts: i64::try_from(judged.conflicts.len()).unwrap_or(i64::MAX),
            ..it.clone()
        };
        store::put_verdict(tx, &cx.district, &changed).await?;
        answered.applications = answered.applications.saturating_add(1);
        if !judged.conflicts.is_empty() {
            // The sentences quote what she said and what was found; the officer reads them next.
            log_access(tx, cx, Access::to("자격 조회에서 서로 다른 것 보기", Whose::Receipt(receipt.clone()))).await?;
        }
        answered.conflicts.extend(judged.conflicts.into_iter().map(|conflict| (receipt.clone(), conflict)));
    }
    let what = format!("모집공고 {call_no}번 자격 조회 결과 {}건 올리기", answered.applications);
    log_access(tx, cx, Access::to(what, Whose::Nobody)).await?;
    Ok(answered)
}

/// Reads an answer sheet: what it says of each 접수번호.
fn read(
    call: &Call,
    rules: &RuleSet,
    grid: &Grid,
    today: Date,
    known: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Said>, Vec<Refusal>> {
    let columns = answer_columns(rules);
    let names: Vec<&str> = [RECEIPT].into_iter().chain(columns.iter().map(|(name, _)| name.as_str())).collect();
    let no_receipts = || {
        let message = "‘접수번호’ 열을 찾지 못했습니다. 내려받은 명단에 결과를 적어서 올려 주세요.";
        vec![Refusal::new("no-receipt-column", "", message).at("file")]
    };
    let found = grid.sheets.iter().find_map(|sheet| {
        let header = sheet.find_header(&names)?;
        header.columns.first().copied().flatten()?;
        Some((sheet, header))
    });
    let (sheet, header) = found.ok_or_else(no_receipts)?;
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in sheet.rows.iter().filter(|row| row.number > header.row && !row.total) {
        let text = |nth: usize| -> String {
            let column = header.columns.get(nth).copied().flatten();
            column.and_then(|column| row.cell(column)).map(|cell| cell.text().trim().to_owned()).unwrap_or_default()
        };
        let receipt = text(0);
        let line = row.number.saturating_add(1);
        let mut fault = |code, message: String| {
            faults.push(Refusal::new(code, "", format!("{line}행: {message}")).at("file"));
        };
        if receipt.is_empty() {
            continue;
        }
        if !known(&receipt) {
            fault("unknown-receipt", format!("이 공고의 접수번호가 아니거나 취하한 신청입니다({receipt})."));
            continue;
        }
        let mut said = Said::default();
        let mut any = false;
        for (nth, (name, _)) in (1..).zip(&columns) {
            let cell = text(nth);
            if cell.is_empty() {
                continue;
            }
            any = true;
            if let Err(message) = take(rules, name, &cell, &mut said) {
                fault("answer-unreadable", message);
            }
        }
        if !any {
            continue;
        }
        let answers = !said.clauses.is_empty() || !said.facts.is_empty();
        for (day, label, needed) in
            [(said.looked_up_on, LOOKED_UP_ON, answers), (said.duplicate_on, DUPLICATE_ON, said.duplicate.is_some())]
        {
            match day {
                None if needed => {
                    fault("answer-without-day", format!("‘{label}’ 칸이 비어 있습니다. 날짜를 적어 주세요."))
                }
                Some(day) if day > today || day < call.terms.apply_first_on => {
                    fault(
                        "answer-too-old",
                        format!("‘{label}’ 칸의 날({day})은 접수를 시작한 날과 오늘 사이여야 합니다."),
                    );
                }
                _ => {}
            }
        }
        if all.insert(receipt.clone(), said).is_some() {
            fault("receipt-twice", format!("같은 접수번호({receipt})가 두 번 있습니다."));
        }
    }
    if faults.is_empty() && all.is_empty() {
        let message = "결과가 적힌 줄이 없습니다. 명단의 빈칸에 조회 결과를 적어서 올려 주세요.";
        faults.push(Refusal::new("nothing-answered", "", message).at("file"));
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

fn take(rules: &RuleSet, column: &str, cell: &str, said: &mut Said) -> Result<(), String> {
    let day = || cell.parse::<Date>().map_err(|_| format!("{column}: 날짜를 2026-12-10처럼 적어 주세요."));
    let truth = |words: &str| truth_of(cell).ok_or_else(|| format!("{column}: {words} 가운데 하나로 적어 주세요."));
    match column {
        LOOKED_UP_ON => said.looked_up_on = Some(day()?),
        DUPLICATE_ON => said.duplicate_on = Some(day()?),
        DUPLICATE => said.duplicate = Some(truth("해당 없음, 중복, 미확인")?),
        _ => match column.strip_prefix("자격: ") {
            Some(id) => {
                said.clauses.insert(id.to_owned(), truth("충족, 미충족, 미확인")?);
            }
            None => {
                let of = |fact: &&Fact| fact.name == column;
                let fact = rules.facts.iter().find(of).ok_or_else(|| format!("{column}: 모르는 열입니다."))?;
                if let Some(fault) = fault_of(fact, cell) {
                    return Err(format!("{column}: {fault}."));
                }
                said.facts.insert(fact.name.clone(), cell.to_owned());
            }
        },
    }
    Ok(())
}
