//! The acts on a number before it is an entry: write it down, confirm it, send it back, take it back.
//!
//! Owns: the refusals of those acts, in order of precedence, and the rule that a cumulative figure
//! enters as the difference to what stands. Does not own: who may confirm (`people::may_confirm`).
//! What a newcomer gets wrong: thinking that writing a number down moves a total. Nothing moves
//! before a second person confirms (I9).

use iljari_base::id::{self, Id};
use iljari_base::korean::{looks_like_resident_number, with_particle};
use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Month, Outcome, Period, Refusal, Stop};
use iljari_disclosure::log::leaf::AMOUNT_MAX;
use iljari_disclosure::log::words::{Field, NodeId, Unit, Why};
use iljari_people::Cx;
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::append;
use crate::model::{Counted, Entry, EntryKind, EvidenceKind, Staged, StagedState};
use crate::store;

/// How a node is counted in a year, as the plan declares it once (집계 방식).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// By a department's sums (집계).
    Sums,
    /// By single records (개별).
    Records,
}

/// What the plan says of the node that a number is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFacts {
    /// Its id.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Its 부문, where the plan gives one.
    pub field: Option<Field>,
    /// How it is counted in the year asked for.
    pub counting: Counting,
}

/// Whether the officer typed this period's own figure or the running sum of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// 당기: what this period added.
    Own(i64),
    /// 누계: January up to the last month.
    Cumulative(i64),
}

/// A number as an officer hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNumber {
    /// First to last month.
    pub period: Period,
    /// 단위.
    pub unit: Unit,
    /// The figure.
    pub figure: Figure,
    /// What it rests on.
    pub evidence_kind: EvidenceKind,
    /// Where it comes from, in the officer's words.
    pub remark: String,
}

/// A number more than this many times the largest earlier one needs a reason of its own.
const SUSPICIOUS_TIMES: i64 = 10;

/// Longest remark, in characters.
const REMARK_MAX: usize = 500;

/// How a typed running sum begins, in [`Staged::as_typed`].
const CUMULATIVE: &str = "누계 ";

/// Writes a number down for a second person (작성).
///
/// Refusals, most senior first: `resident-number`, `remark-too-long`, `counted-by-record`,
/// `future-period`, `two-years`, `cumulative-from-january`, `not-positive`, `overlapping-period`,
/// `falling-cumulative`, `nothing-new`, `too-large`, `ten-times`.
pub async fn record(tx: &mut Tx, cx: &Cx, facts: &NodeFacts, number: &NewNumber) -> Outcome<Id<id::Staged>> {
    let staged = draft(tx, cx, facts, number).await?;
    store::insert_staged(tx, &staged).await?;
    Ok(staged.id)
}

/// What [`record`] would write down, or its refusals; writes nothing. For a preview.
pub async fn draft(tx: &mut Tx, cx: &Cx, facts: &NodeFacts, number: &NewNumber) -> Outcome<Staged> {
    check_words(&number.remark, "remark")?;
    if facts.counting == Counting::Records {
        return Err(Refusal::new(
            "counted-by-record",
            "계획 파일의 집계 방식",
            format!("‘{}’ 사업은 한 사람씩 기록해서 셉니다. 집계로는 올릴 수 없습니다.", facts.name),
        )
        .at("node")
        .into());
    }
    let this_month = cx.clock.today().month();
    if number.period.last() > this_month {
        return Err(Refusal::new(
            "future-period",
            "",
            format!(
                "{} 아직 오지 않았습니다. 끝 달을 {}까지로 적어 주세요.",
                with_particle(&month_text(number.period.last()), "은/는"),
                month_text(this_month)
            ),
        )
        .at("month_last")
        .into());
    }
    if number.period.first().year() != number.period.last().year() {
        return Err(Refusal::new(
            "two-years",
            "",
            "한 번에 한 해의 실적만 올릴 수 있습니다. 해마다 나누어 적어 주세요.",
        )
        .at("month_first")
        .into());
    }
    let field = facts.field.unwrap_or(Field::Unknown);
    let standing = standing(tx, cx, &facts.node, field, number.unit).await?;
    let (period, amount, as_typed) = match number.figure {
        Figure::Own(amount) => {
            if amount <= 0 {
                return Err(not_positive(amount));
            }
            refuse_overlap(&standing, number.period)?;
            (number.period, amount, format!("당기 {}", grouped(amount)))
        }
        Figure::Cumulative(sum) => {
            let (period, amount) = difference(&standing, number.period, sum)?;
            (period, amount, format!("{CUMULATIVE}{}", grouped(sum)))
        }
    };
    if amount > AMOUNT_MAX {
        return Err(too_large());
    }
    refuse_suspicious(&standing, amount, &number.remark)?;
    Ok(Staged {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        district: cx.district.clone(),
        counted: Counted {
            node: facts.node.clone(),
            period,
            field,
            unit: number.unit,
            amount,
            grade: number.evidence_kind.grade(),
            rest: false,
        },
        as_typed,
        correction: None,
        evidence_kind: number.evidence_kind,
        remark: number.remark.trim().to_owned(),
        recorded_by: cx.actor,
        recorded_at: cx.clock.now(),
        state: StagedState::Waiting,
    })
}

/// Writes a correction down for a second person (정정). `right` is what the number should have been.
///
/// Refusals: `resident-number`, `remark-too-long`, `correction-without-reason`, `no-such-entry`,
/// `correction-of-correction`, `not-a-count`, `correction-waiting`, `below-zero`, `too-large`, `nothing-new`.
pub async fn correct(
    tx: &mut Tx,
    cx: &Cx,
    leaf_id: &str,
    right: i64,
    why: Why,
    remark: &str,
) -> Outcome<Id<id::Staged>> {
    let staged = draft_correction(tx, cx, leaf_id, right, why, remark).await?;
    store::insert_staged(tx, &staged).await?;
    Ok(staged.id)
}

/// What [`correct`] would write down, or its refusals; writes nothing. For a preview.
pub async fn draft_correction(
    tx: &mut Tx,
    cx: &Cx,
    leaf_id: &str,
    right: i64,
    why: Why,
    remark: &str,
) -> Outcome<Staged> {
    check_words(remark, "remark")?;
    if remark.trim().chars().count() < 5 {
        return Err(Refusal::new(
            "correction-without-reason",
            "",
            "무엇이 왜 틀렸는지 다섯 글자 이상 적어 주세요. 이 글은 누구나 볼 수 있습니다.",
        )
        .at("remark")
        .into());
    }
    let Some(entry) = store::entry_of_leaf(tx, &cx.district, leaf_id).await? else {
        return Err(Refusal::new("no-such-entry", "", "정정할 기록을 찾지 못했습니다.").into());
    };
    if entry.kind == EntryKind::Correction {
        return Err(Refusal::new(
            "correction-of-correction",
            "",
            "정정 기록은 다시 정정하지 않습니다. 처음 기록을 골라 맞는 수를 적어 주세요.",
        )
        .into());
    }
    let Some(counted) = entry.counted.clone() else {
        return Err(Refusal::new("not-a-count", "", "수를 센 기록만 정정할 수 있습니다.").into());
    };
    if waiting_correction(tx, cx, leaf_id).await? {
        return Err(Refusal::new(
            "correction-waiting",
            "",
            "이 기록의 다른 정정이 확인을 기다리고 있습니다. 그것이 먼저 끝나야 합니다.",
        )
        .into());
    }
    let stands = standing_amount(tx, &cx.district, &entry).await?;
    if right < 0 {
        return Err(Refusal::new("below-zero", "", "맞는 수는 0 이상이어야 합니다.").at("amount").into());
    }
    if right > AMOUNT_MAX {
        return Err(too_large());
    }
    let delta = right.checked_sub(stands).ok_or_else(too_large)?;
    if delta == 0 {
        return Err(Refusal::new(
            "nothing-new",
            "",
            format!("지금 기록도 {}입니다. 달라질 것이 없습니다.", grouped(stands)),
        )
        .at("amount")
        .into());
    }
    Ok(Staged {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        district: cx.district.clone(),
        counted: Counted { amount: delta, rest: false, ..counted },
        as_typed: format!("{} → {}", grouped(stands), grouped(right)),
        correction: Some((leaf_id.to_owned(), why)),
        evidence_kind: EvidenceKind::from_text(&entry.evidence_kind).unwrap_or(EvidenceKind::DepartmentSum),
        remark: remark.trim().to_owned(),
        recorded_by: cx.actor,
        recorded_at: cx.clock.now(),
        state: StagedState::Waiting,
    })
}

/// Confirms a waiting number: it becomes an entry and the total moves, together or not at all (확인).
///
/// Refusals: `not-yours-to-see`, `already-decided`, those of `people::may_confirm`
/// (`own-confirmation`), and for figures that no longer fit `overlapping-period`, `cumulative-moved`,
/// `below-zero`.
pub async fn confirm(tx: &mut Tx, cx: &Cx, viewer: &Viewer, id: Id<id::Staged>) -> Outcome<Entry> {
    let staged = waiting(tx, cx, id).await?;
    may_confirm(tx, cx, viewer, &staged).await?;
    if let Some((leaf_id, _)) = &staged.correction {
        let stands = match store::entry_of_leaf(tx, &cx.district, leaf_id).await? {
            Some(answered) => standing_amount(tx, &cx.district, &answered).await?,
            None => return Err(Refusal::new("no-such-entry", "", "정정할 기록을 찾지 못했습니다.").into()),
        };
        if stands.checked_add(staged.counted.amount).is_none_or(|sum| sum < 0) {
            return Err(Refusal::new("below-zero", "", "정정하면 0보다 작아집니다. 다시 적어 주세요.").into());
        }
    } else {
        let counted = &staged.counted;
        let standing = entered(tx, cx, &counted.node, counted.field, counted.unit).await?;
        refuse_overlap(&standing, counted.period)?;
        refuse_moved(&standing, &staged)?;
    }
    let entry = append::enter_staged(tx, cx, &staged).await?;
    let state = StagedState::Confirmed { by: cx.actor, at: cx.clock.now(), entry_seq: entry.seq };
    decide(tx, cx, id, &state).await?;
    Ok(entry)
}

/// Sends a waiting number back to its writer, with a reason (반려).
pub async fn send_back(tx: &mut Tx, cx: &Cx, viewer: &Viewer, id: Id<id::Staged>, reason: &str) -> Outcome<()> {
    // First of all whether there is anything to send back: a page without the form has no field to mend.
    let staged = waiting(tx, cx, id).await?;
    check_words(reason, "reason")?;
    if reason.trim().chars().count() < 5 {
        return Err(Refusal::new(
            "send-back-without-reason",
            "",
            "돌려보내는 까닭을 다섯 글자 이상 적어 주세요. 쓴 사람이 보고 고칩니다.",
        )
        .at("reason")
        .into());
    }
    may_confirm(tx, cx, viewer, &staged).await?;
    let state = StagedState::SentBack { by: cx.actor, at: cx.clock.now(), reason: reason.trim().to_owned() };
    decide(tx, cx, id, &state).await
}

/// Takes one's own waiting number back, or one taken over with somebody's work (업무 인계).
///
/// Refusals: `not-yours-to-see`, `already-decided`, `not-your-own`.
pub async fn withdraw(tx: &mut Tx, cx: &Cx, id: Id<id::Staged>) -> Outcome<()> {
    let staged = waiting(tx, cx, id).await?;
    if !answers_for(tx, cx, &staged).await? {
        return Err(
            Refusal::new("not-your-own", "", "쓴 사람이나 그 업무를 넘겨받은 사람만 거둬들일 수 있습니다.").into()
        );
    }
    decide(tx, cx, id, &StagedState::Withdrawn { at: cx.clock.now() }).await
}

/// Whether the number is the actor's own or came to the actor by a hand-over.
pub(crate) async fn answers_for(tx: &mut Tx, cx: &Cx, staged: &Staged) -> Outcome<bool> {
    if staged.recorded_by == cx.actor {
        return Ok(true);
    }
    let (Some(writer), Some(actor)) = (staged.recorded_by.officer(), cx.actor.officer()) else { return Ok(false) };
    let made_on = staged.recorded_at.seoul_date();
    Ok(iljari_people::responsible_for(tx, &cx.district, writer, made_on, cx.today()).await? == actor)
}

async fn may_confirm(tx: &mut Tx, cx: &Cx, viewer: &Viewer, staged: &Staged) -> Outcome<()> {
    iljari_people::may_confirm(tx, viewer, staged.recorded_by, cx.clock.today()).await.map(|_as_whom| ())
}

async fn waiting(tx: &mut Tx, cx: &Cx, id: Id<id::Staged>) -> Outcome<Staged> {
    let Some(staged) = store::staged_of(tx, &cx.district, id).await? else {
        return Err(Refusal::new("not-yours-to-see", "", "찾으시는 자료가 없습니다.").into());
    };
    match staged.state {
        StagedState::Waiting => Ok(staged),
        _ => Err(already_decided(staged.state.label())),
    }
}

async fn decide(tx: &mut Tx, cx: &Cx, id: Id<id::Staged>, state: &StagedState) -> Outcome<()> {
    if store::decide_staged(tx, &cx.district, id, state, cx.actor, cx.clock.now()).await? {
        Ok(())
    } else {
        Err(already_decided("처리됨"))
    }
}

fn already_decided(label: &str) -> Stop {
    Refusal::new("already-decided", "", format!("이미 처리된 자료입니다(지금 상태: {label}).")).into()
}

/// The amount of an entry with its corrections so far.
pub async fn standing_amount(tx: &mut Tx, district: &DistrictCode, entry: &Entry) -> Outcome<i64> {
    let mut sum = entry.counted.as_ref().map_or(0, |counted| counted.amount);
    for correction in store::corrections_of(tx, district, &entry.leaf_id).await? {
        let amount = correction.counted.map_or(0, |counted| counted.amount);
        sum = sum.checked_add(amount).ok_or_else(too_large)?;
    }
    Ok(sum)
}

async fn waiting_correction(tx: &mut Tx, cx: &Cx, leaf_id: &str) -> Outcome<bool> {
    let waiting = store::staged_waiting(tx, &cx.district).await?;
    Ok(waiting.iter().any(|staged| staged.correction.as_ref().is_some_and(|(leaf, _)| leaf == leaf_id)))
}

/// What already covers months of this node: period and amount, corrections folded in.
type Standing = Vec<(Period, i64)>;

/// Entered and waiting together: two officers must not hand in the same months twice.
async fn standing(tx: &mut Tx, cx: &Cx, node: &NodeId, field: Field, unit: Unit) -> Outcome<Standing> {
    let mut standing = entered(tx, cx, node, field, unit).await?;
    for staged in store::staged_waiting(tx, &cx.district).await? {
        let counted = staged.counted;
        if staged.correction.is_none() && counted.node == *node && counted.field == field && counted.unit == unit {
            standing.push((counted.period, counted.amount));
        }
    }
    Ok(standing)
}

async fn entered(tx: &mut Tx, cx: &Cx, node: &NodeId, field: Field, unit: Unit) -> Outcome<Standing> {
    let entries = store::entries_of_node(tx, &cx.district, node.as_str()).await?;
    let mut standing: Standing = Vec::new();
    for entry in entries {
        let Some(counted) = entry.counted else { continue };
        if counted.field == field && counted.unit == unit {
            standing.push((counted.period, counted.amount));
        }
    }
    Ok(standing)
}

fn refuse_overlap(standing: &Standing, period: Period) -> Outcome<()> {
    match standing.iter().find(|(other, amount)| *amount > 0 && other.overlaps(period)) {
        None => Ok(()),
        Some((other, amount)) => Err(Refusal::new(
            "overlapping-period",
            "",
            format!(
                "{}에는 이미 {}개가 올라와 있거나 확인을 기다립니다. 달을 겹치지 않게 적거나, 틀렸다면 그 기록을 정정해 주세요.",
                other.korean(),
                grouped(*amount)
            ),
        )
        .at("month_first")
        .into()),
    }
}

/// A cumulative figure enters as what it adds: the months after the last covered one, the amount
/// above what stands (13,262 up to September, then 14,955 for the year: 1,693 for October to December).
fn difference(standing: &Standing, period: Period, sum: i64) -> Outcome<(Period, i64)> {
    if period.first().of_year() != 1 {
        return Err(Refusal::new(
            "cumulative-from-january",
            "",
            "누계는 1월부터 셉니다. 시작 달을 1월로 적거나 ‘당기’를 골라 주세요.",
        )
        .at("month_first")
        .into());
    }
    if sum <= 0 {
        return Err(not_positive(sum));
    }
    let same_year: Vec<&(Period, i64)> =
        standing.iter().filter(|(other, _)| other.first().year() == period.first().year()).collect();
    if let Some((later, _)) = same_year.iter().find(|(other, _)| other.last() > period.last()) {
        return Err(Refusal::new(
            "overlapping-period",
            "",
            format!("{} 실적이 이미 있습니다. 그 뒤까지의 누계를 적어 주세요.", later.korean()),
        )
        .at("month_last")
        .into());
    }
    let stands =
        same_year.iter().try_fold(0_i64, |stands, (_, amount)| stands.checked_add(*amount)).ok_or_else(too_large)?;
    let last_covered = same_year.iter().map(|(other, _)| other.last()).max();
    let first = last_covered.and_then(next_month_in_year);
    let new_period = match (last_covered, first) {
        (None, _) => Some(period),
        (Some(_), Some(first)) => Period::new(first, period.last()),
        (Some(_), None) => None,
    };
    let amount = sum.checked_sub(stands).ok_or_else(too_large)?;
    if amount < 0 {
        return Err(Refusal::new(
            "falling-cumulative",
            "",
            format!(
                "지금까지 올라온 누계가 {}인데 {} 줄었습니다. 줄어든 것은 먼저 올린 기록을 정정해 주세요.",
                grouped(stands),
                with_particle(&grouped(sum), "으로/로")
            ),
        )
        .at("amount")
        .into());
    }
    match new_period {
        Some(new_period) if amount > 0 => Ok((new_period, amount)),
        _ if amount == 0 => Err(Refusal::new(
            "nothing-new",
            "",
            format!("지금까지 올라온 누계도 {}입니다. 새로 더할 것이 없습니다.", grouped(stands)),
        )
        .at("amount")
        .into()),
        _ => Err(Refusal::new(
            "overlapping-period",
            "",
            format!("{}까지는 이미 올라와 있습니다. 늘어난 것은 그 기록을 정정해 주세요.", month_text(period.last())),
        )
        .at("month_last")
        .into()),
    }
}

/// A cumulative figure was typed over what stood or waited then. Where that was sent back, corrected
/// or is not confirmed yet, the difference alone would not give the sum that the officer typed.
fn refuse_moved(standing: &Standing, staged: &Staged) -> Outcome<()> {
    let typed = staged.as_typed.strip_prefix(CUMULATIVE).and_then(|sum| sum.replace(',', "").parse::<i64>().ok());
    let Some(typed) = typed else { return Ok(()) };
    let counted = &staged.counted;
    let up_to_here = standing
        .iter()
        .filter(|(other, _)| other.first().year() == counted.year() && other.last() <= counted.period.last());
    let sum = up_to_here.map(|(_, amount)| *amount).try_fold(counted.amount, i64::checked_add).ok_or_else(too_large)?;
    if sum == typed {
        return Ok(());
    }
    Err(Refusal::new(
        "cumulative-moved",
        "",
        format!(
            "{}까지의 누계로 {} 적었는데, 지금 확인하면 {} 됩니다. 앞선 달의 실적이 아직 확인되지 않았거나 그 사이 달라졌습니다. 앞선 것을 먼저 확인하거나, 돌려보내고 누계를 다시 적어 달라고 해 주세요.",
            month_text(counted.period.last()),
            with_particle(&grouped(typed), "을/를"),
            with_particle(&grouped(sum), "이/가")
        ),
    )
    .into())
}

fn next_month_in_year(month: Month) -> Option<Month> {
    Month::new(month.year().0, month.of_year().checked_add(1)?)
}

fn refuse_suspicious(standing: &Standing, amount: i64, remark: &str) -> Outcome<()> {
    let largest = standing.iter().map(|(_, amount)| *amount).max().unwrap_or(0);
    let suspicious = largest > 0 && amount / SUSPICIOUS_TIMES >= largest;
    if suspicious && remark.trim().chars().count() < 5 {
        return Err(Refusal::new(
            "ten-times",
            "",
            format!(
                "먼저 올린 가장 큰 수({})의 열 배가 넘습니다. 0을 하나 더 적지 않으셨나요? 맞다면 까닭을 적어 주세요.",
                grouped(largest)
            ),
        )
        .at("amount")
        .into());
    }
    Ok(())
}

fn check_words(text: &str, field: &'static str) -> Outcome<()> {
    if looks_like_resident_number(text) {
        return Err(Refusal::new(
            "resident-number",
            "개인정보 보호법 제24조의2",
            "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.",
        )
        .at(field)
        .into());
    }
    if text.chars().count() > REMARK_MAX {
        return Err(Refusal::new(
            "remark-too-long",
            "",
            format!("{REMARK_MAX}자까지 적을 수 있습니다. 지금은 {}자입니다.", text.chars().count()),
        )
        .at(field)
        .into());
    }
    Ok(())
}

fn not_positive(amount: i64) -> Stop {
    let message = if amount == 0 {
        "0은 올리지 않습니다. 실적이 없으면 올릴 것이 없습니다.".to_owned()
    } else {
        format!("{}처럼 0보다 작은 수는 올릴 수 없습니다. 줄이려면 먼저 올린 기록을 정정해 주세요.", grouped(amount))
    };
    Refusal::new("not-positive", "", message).at("amount").into()
}

fn too_large() -> Stop {
    Refusal::new("too-large", "", "수가 너무 큽니다. 다시 확인해 주세요.").at("amount").into()
}

fn month_text(month: Month) -> String {
    format!("{}년 {}월", month.year(), month.of_year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(first: i64, last: i64) -> Period {
        Month::from_number(first)
            .zip(Month::from_number(last))
            .and_then(|(first, last)| Period::new(first, last))
            .expect("a period")
    }

    fn code<T>(outcome: Outcome<T>) -> &'static str {
        match outcome {
            Err(stop) => stop.refusals().first().map_or("failed", |refusal| refusal.code),
            Ok(_) => "accepted",
        }
    }

    #[test]
    fn a_cumulative_figure_enters_as_the_difference_to_what_stands() {
        let none: Standing = vec![];
        assert_eq!(difference(&none, period(202201, 202209), 13262).expect("new"), (period(202201, 202209), 13262));
        let some = vec![(period(202201, 202209), 13262)];
        assert_eq!(difference(&some, period(202201, 202212), 14955).expect("more"), (period(202210, 202212), 1693));
        // What is folded in may be a correction that subtracted.
        let corrected = vec![(period(202201, 202209), 13262), (period(202201, 202209), -62)];
        assert_eq!(difference(&corrected, period(202201, 202212), 13300).expect("more"), (period(202210, 202212), 100));
    }

    #[test]
    fn a_cumulative_figure_that_cannot_be_is_refused() {
        let some = vec![(period(202201, 202209), 13262)];
        assert_eq!(code(difference(&some, period(202201, 202212), 13000)), "falling-cumulative");
        assert_eq!(code(difference(&some, period(202201, 202212), 13262)), "nothing-new");
        assert_eq!(code(difference(&some, period(202202, 202212), 14000)), "cumulative-from-january");
        assert_eq!(code(difference(&some, period(202201, 202206), 14000)), "overlapping-period");
        assert_eq!(code(difference(&some, period(202201, 202209), 14000)), "overlapping-period");
        assert_eq!(code(difference(&some, period(202201, 202212), -5)), "not-positive");
    }

    #[test]
    fn one_zero_too_many_asks_for_a_reason() {
        let some = vec![(period(202501, 202501), 120)];
        assert_eq!(code(refuse_suspicious(&some, 1200, "")), "ten-times");
        assert_eq!(code(refuse_suspicious(&some, 1199, "")), "accepted");
        assert_eq!(code(refuse_suspicious(&some, 1200, "대상 기관이 열두 곳 늘었습니다")), "accepted");
    }
}
