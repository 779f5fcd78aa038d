//! What a row would change (견주기): the department's figures held against what stands.
//!
//! Owns: turning 당기, 누계 and 실적 없음 into one act on the ledger or none, and saying where the two
//! figures contradict each other. Does not own: the refusals of those acts; they are drafted here with
//! `ledger::record`, so that a preview says exactly what the ledger would. What a newcomer gets wrong:
//! keeping the answer. The ledger moves on; ask again when it is needed.

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_base::{Outcome, Period, Stop};
use iljari_disclosure::log::words::Why;
use iljari_disclosure::plan::District;
use iljari_ledger::model::EvidenceKind;
use iljari_ledger::record::{self, Figure, NewNumber};
use iljari_people::Cx;
use iljari_store::Tx;

use crate::model::{Ask, Fault, Round, SheetRow};
use crate::stands::{OfNode, Stands};

/// A row with what it would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// The row.
    pub row: SheetRow,
    /// What was asked.
    pub ask: Ask,
    /// The running sum of the year that stands now; `None` where no entry speaks of it.
    pub now: Option<i64>,
    /// What would come of it.
    pub verdict: Verdict,
}

/// What would come of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No answer: every cell is empty.
    Unanswered,
    /// An answer by which nothing changes.
    Same,
    /// The same number is already written down and waits for its second officer.
    Waits,
    /// Something changes: the act, and by how much.
    Changes(Change, i64),
    /// It cannot be.
    Faulty(Vec<Fault>),
}

/// The act on the ledger that a row becomes (바뀌는 것).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A number of months that nothing covered yet.
    New(Period, Figure),
    /// An earlier entry was wrong.
    Correct {
        /// The entry's leaf.
        leaf_id: String,
        /// What it should have counted.
        right: i64,
        /// Why, as the department's words begin.
        why: Why,
    },
}

/// An objection to a row: in which cell, what, what to do.
struct Objection(Which, String, String);

#[derive(Clone, Copy)]
enum Which {
    Code,
    Own,
    Cumulative,
    Nothing,
    Reason,
}

/// Weighs every row of an upload.
pub async fn weigh(
    tx: &mut Tx,
    cx: &Cx,
    book: &District,
    round: &Round,
    asks: &[Ask],
    rows: Vec<SheetRow>,
) -> Outcome<Vec<Weighed>> {
    let stands = Stands::read(tx, &cx.district).await?;
    let mut weighed = Vec::new();
    for row in rows {
        let Some(ask) = asks.iter().find(|ask| ask.node == row.node) else { continue };
        let of_node = stands.of(ask);
        let verdict = match wish(round, &row, &of_node) {
            Err(objection) => Verdict::Faulty(vec![fault(&row, objection)]),
            Ok(Wish::Unanswered) => Verdict::Unanswered,
            Ok(Wish::Same) => Verdict::Same,
            Ok(Wish::Waits) => Verdict::Waits,
            Ok(Wish::Change(change)) => match counted_elsewhere(book, round, ask, &stands, &change) {
                Some(objection) => Verdict::Faulty(vec![fault(&row, objection)]),
                None => draft(tx, cx, ask, &row, change, of_node.within(round.period)).await?,
            },
        };
        weighed.push(Weighed { now: of_node.cumulative(round.period), ask: ask.clone(), row, verdict });
    }
    Ok(weighed)
}

impl Weighed {
    /// The running sum of the year after the change.
    pub fn after(&self) -> Option<i64> {
        match &self.verdict {
            Verdict::Changes(_, by) => Some(self.now.unwrap_or(0).saturating_add(*by)),
            _ => self.now,
        }
    }
}

enum Wish {
    Unanswered,
    Same,
    Waits,
    Change(Change),
}

fn wish(round: &Round, row: &SheetRow, stands: &OfNode) -> Result<Wish, Objection> {
    if !row.answered() {
        return Ok(Wish::Unanswered);
    }
    let before = stands.before(round.period).unwrap_or(0);
    if row.nothing {
        let number = row.own.filter(|own| *own != 0).or(row.cumulative.filter(|sum| *sum != before));
        if let Some(number) = number {
            return Err(Objection(
                Which::Nothing,
                format!("‘실적 없음’을 골랐는데 같은 줄에 {} 적혀 있습니다", with_particle(&grouped(number), "이/가")),
                "실적이 있으면 ‘실적 없음’을 지우고, 없으면 수를 지워 주세요".to_owned(),
            ));
        }
        return of_own(round, row, stands, 0);
    }
    match (row.own, row.cumulative) {
        (Some(own), Some(sum)) if before.checked_add(own) != Some(sum) => Err(Objection(
            Which::Cumulative,
            format!(
                "당기 {} 누계 {}의 셈이 서로 맞지 않습니다. 지난 누계 {}에 당기를 더하면 {}입니다",
                with_particle(&grouped(own), "과/와"),
                grouped(sum),
                grouped(before),
                grouped(before.saturating_add(own))
            ),
            "둘 가운데 틀린 칸을 고치거나, 맞는 칸 하나만 남겨 주세요".to_owned(),
        )),
        (Some(own), _) => of_own(round, row, stands, own),
        (None, Some(sum)) => of_cumulative(round, row, stands, sum),
        (None, None) => Ok(Wish::Unanswered),
    }
}

/// 당기: what the period itself counts.
fn of_own(round: &Round, row: &SheetRow, stands: &OfNode, own: i64) -> Result<Wish, Objection> {
    let period = round.period;
    if let Some(other) =
        stands.entered.iter().find(|entry| entry.period.overlaps(period) && !period.covers(entry.period))
    {
        return Err(Objection(
            Which::Own,
            format!(
                "이 기간을 포함한 실적 {} {} 한 줄로 이미 올라와 있습니다",
                with_particle(&grouped(other.amount), "이/가"),
                other.period.korean()
            ),
            "누계로 적거나, 그 기록을 정정해 주세요".to_owned(),
        ));
    }
    let waiting: Vec<_> = stands.waiting.iter().filter(|number| number.period.overlaps(period)).collect();
    if !waiting.is_empty() {
        let within = stands.within(period).unwrap_or(0);
        let sum = waiting.iter().map(|number| number.amount).fold(within, i64::saturating_add);
        return if sum == own { Ok(Wish::Waits) } else { Err(waits(Which::Own)) };
    }
    match stands.within(period) {
        Some(within) if within == own => Ok(Wish::Same),
        Some(within) => {
            let inside = stands.entered.iter().filter(|entry| period.covers(entry.period));
            correct(row, inside.collect(), own.saturating_sub(within), Which::Own)
        }
        None if own == 0 && (row.nothing || row.cumulative.is_some()) => Ok(Wish::Same),
        None if own == 0 => Err(zero(Which::Own)),
        None => Ok(Wish::Change(Change::New(period, Figure::Own(own)))),
    }
}

/// 누계: January to the end of the period.
fn of_cumulative(round: &Round, row: &SheetRow, stands: &OfNode, sum: i64) -> Result<Wish, Objection> {
    let year = round.year_so_far();
    let stood = stands.cumulative(year);
    let waiting: Vec<_> = stands.waiting.iter().filter(|number| year.covers(number.period)).collect();
    if !waiting.is_empty() {
        let with = waiting.iter().map(|number| number.amount).fold(stood.unwrap_or(0), i64::saturating_add);
        return if with == sum { Ok(Wish::Waits) } else { Err(waits(Which::Cumulative)) };
    }
    let Some(stood) = stood else {
        return if sum == 0 {
            Err(zero(Which::Cumulative))
        } else {
            Ok(Wish::Change(Change::New(year, Figure::Cumulative(sum))))
        };
    };
    if sum == stood {
        return Ok(Wish::Same);
    }
    let covered = stands.up_to(year).any(|entry| entry.period.last() == year.last());
    if sum > stood && !covered {
        return Ok(Wish::Change(Change::New(year, Figure::Cumulative(sum))));
    }
    correct(row, stands.up_to(year).collect(), sum.saturating_sub(stood), Which::Cumulative)
}

/// The newest entry that can carry the difference is the one to correct.
fn correct(row: &SheetRow, entries: Vec<&crate::stands::Entered>, by: i64, which: Which) -> Result<Wish, Objection> {
    let carries = entries.iter().rev().find(|entry| entry.amount.checked_add(by).is_some_and(|right| right >= 0));
    match carries {
        Some(entry) => Ok(Wish::Change(Change::Correct {
            leaf_id: entry.leaf_id.clone(),
            right: entry.amount.saturating_add(by),
            why: why_of(&row.reason),
        })),
        None => Err(Objection(
            which,
            format!("{}만큼 줄이려면 기록 여러 개를 정정해야 합니다", grouped(by.saturating_abs())),
            "담당자가 기록 화면에서 하나씩 정정해 주세요".to_owned(),
        )),
    }
}

fn waits(which: Which) -> Objection {
    Objection(
        which,
        "이 사업의 다른 숫자가 확인을 기다리고 있습니다".to_owned(),
        "그 숫자를 먼저 확인하거나 거둬들인 뒤에 다시 올려 주세요".to_owned(),
    )
}

fn zero(which: Which) -> Objection {
    Objection(
        which,
        "0은 실적으로 올리지 않습니다".to_owned(),
        "실적이 없으면 수를 지우고 ‘실적 없음’ 칸에서 ‘실적 없음’을 골라 주세요".to_owned(),
    )
}

/// The reason of a correction by its first word, as the public list knows it; else 기타.
fn why_of(reason: &str) -> Why {
    let reason = reason.trim();
    Why::ALL.iter().copied().find(|why| reason.starts_with(why.as_str())).unwrap_or(Why::Other)
}

/// A number on a program and on its unit projects for the same months would count twice.
fn counted_elsewhere(book: &District, round: &Round, ask: &Ask, stands: &Stands, change: &Change) -> Option<Objection> {
    let Change::New(period, figure) = change else { return None };
    let plan = book.tree_in_force(round.period.first().year())?;
    // A running sum enters the months after the last covered one; what lies before is not touched.
    let own = stands.of(ask);
    let covered = own.up_to(*period).map(|entry| entry.period.last()).max();
    let entering = match (figure, covered.and_then(|last| last.next())) {
        (Figure::Cumulative(_), Some(first)) => Period::new(first, period.last()).unwrap_or(*period),
        _ => *period,
    };
    let id = ask.node.as_str();
    let above = plan.ancestors(id).into_iter();
    let below = plan.descendants(id).into_iter().filter(|node| node.id != id);
    let other = above.chain(below).find(|node| stands.touches(&node.id, ask.unit, entering))?;
    let which = if matches!(figure, Figure::Own(_)) { Which::Own } else { Which::Cumulative };
    Some(Objection(
        which,
        format!("같은 달의 실적이 ‘{}’에 이미 올라와 있어 두 번 세게 됩니다", other.name),
        "그 사업의 실적으로 올리거나, 그 기록을 먼저 정정해 주세요".to_owned(),
    ))
}

/// Asks the ledger's own acts whether they would take it.
///
/// `stands`: what the period holds already, for a department that does not know that it corrects.
async fn draft(
    tx: &mut Tx,
    cx: &Cx,
    ask: &Ask,
    row: &SheetRow,
    change: Change,
    stands: Option<i64>,
) -> Outcome<Verdict> {
    let drafted = match &change {
        Change::New(period, figure) => {
            record::draft(tx, cx, &ask.facts(), &number(ask, *period, *figure, row.reason.clone())).await
        }
        Change::Correct { leaf_id, right, why } => {
            record::draft_correction(tx, cx, leaf_id, *right, *why, &row.reason).await
        }
    };
    match drafted {
        Ok(staged) => Ok(Verdict::Changes(change, staged.counted.amount)),
        Err(Stop::Refused(refusals)) => Ok(Verdict::Faulty(
            refusals.into_iter().map(|refusal| refused(row, refusal.field, refusal.message, stands)).collect(),
        )),
        Err(other) => Err(other),
    }
}

/// A row's number as the ledger takes it. Departments hand in sums.
pub(crate) fn number(ask: &Ask, period: Period, figure: Figure, remark: String) -> NewNumber {
    NewNumber { period, unit: ask.unit, figure, evidence_kind: EvidenceKind::DepartmentSum, remark }
}

fn refused(row: &SheetRow, field: Option<&str>, message: String, stands: Option<i64>) -> Fault {
    let message = match stands.filter(|_| field == Some("remark")) {
        Some(number) => {
            format!(
                "이미 {} 올라와 있어 바꾸려면 사유가 필요합니다. {message}",
                with_particle(&grouped(number), "이/가")
            )
        }
        None => message,
    };
    let figure = if row.own.is_some() { Which::Own } else { Which::Cumulative };
    let (which, todo) = match field {
        Some("remark") => (Which::Reason, "‘사유’ 칸에 적고 다시 올려 주세요"),
        Some("node") => (Which::Code, "이 줄을 비워 주세요"),
        _ => (figure, "이 칸을 고치고 다시 올려 주세요"),
    };
    fault(row, Objection(which, message.trim_end_matches('.').to_owned(), todo.to_owned()))
}

fn fault(row: &SheetRow, Objection(which, what, todo): Objection) -> Fault {
    let number = |number: Option<i64>| number.map(grouped).unwrap_or_default();
    let (cell, stood) = match which {
        Which::Code => (&row.cells.code, row.node.to_string()),
        Which::Own => (&row.cells.own, number(row.own)),
        Which::Cumulative => (&row.cells.cumulative, number(row.cumulative)),
        Which::Nothing => (&row.cells.nothing, "실적 없음".to_owned()),
        Which::Reason => (&row.cells.reason, row.reason.clone()),
    };
    let cell = if cell.is_empty() { &row.cells.code } else { cell };
    Fault { file_no: row.file_no, sheet: row.sheet.clone(), cell: cell.clone(), stood, what, todo, blocks: true }
}
