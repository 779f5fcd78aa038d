//! Two records that may be one person (중복): what officers decide, and how to undo it.
//!
//! Owns: the pairs that were found, decisions with their reasons, links. Does not own: how alike two
//! are (`score`), nor what a link means for a rule (the slice that asks [`linked`]).
//! What a newcomer gets wrong: merging by copying. Both records stay as they are, what pointed to one
//! still points to it, and undoing a link is one more line of the log.
//!
//! | from | decision | to |
//! | --- | --- | --- |
//! | open | 같은 사람 | same (linked) |
//! | open | 다른 사람 | different |
//! | same, different | 되돌림 | open |

mod store;

use std::collections::BTreeSet;
use std::str::FromStr;

use iljari_base::korean::refuse_resident_number;
use iljari_base::{Actor, Date, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_store::Tx;

use super::model::masked_name;
use super::open::{existing, field_context, key_of, protected, unseal, whose_of};
use super::protect;
use super::safe::Safe;
use super::score::{PairScore, compare};
use super::store::{Content, Record};
use crate::access::{Access, log_access};
use crate::cx::Cx;
use crate::store::Book;

pub(crate) use store::PairRow;

/// Most pairs on one page.
const PAIRS_MAX: i64 = 50;
/// Longest remark, in letters.
const REMARK_LETTERS_MAX: usize = 300;

/// What an officer decides about a pair (결정).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// One person: the two are linked.
    Same,
    /// Two people.
    Different,
    /// What was decided before is taken back.
    Undo,
}

impl Decision {
    /// All, in the order pages list them.
    pub const ALL: [Decision; 3] = [Decision::Same, Decision::Different, Decision::Undo];

    /// The word stored and sent in forms; also the state the pair is in afterwards.
    pub fn code(self) -> &'static str {
        match self {
            Decision::Same => "same",
            Decision::Different => "different",
            Decision::Undo => "open",
        }
    }

    /// The word on pages.
    pub fn korean(self) -> &'static str {
        match self {
            Decision::Same => "같은 사람",
            Decision::Different => "다른 사람",
            Decision::Undo => "되돌림",
        }
    }
}

impl FromStr for Decision {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let known = Decision::ALL.into_iter().find(|decision| decision.code() == text);
        known.ok_or_else(|| {
            Refusal::new("decision-unknown", "", "같은 사람인지 다른 사람인지 골라 주세요.").at("decision")
        })
    }
}

super::model::words! {
    /// What a decision about a pair rests on (결정의 근거).
    PairReason, "pair-reason-unknown" {
        /// Documents that she showed.
        Documents = "documents", "서류로 확인함";
        /// Her own word.
        Asked = "asked", "본인에게 물어봄";
        /// Twins, family, a shared phone.
        Family = "family", "쌍둥이나 가족임";
        /// A slip of the pen in one of them.
        Slip = "slip", "잘못 적힌 글자를 바로 알아봄";
        /// The decision before was wrong.
        Wrong = "wrong", "앞의 결정이 틀렸음";
    }
}

/// What is to be decided.
#[derive(Debug, Clone)]
pub struct DecisionWanted {
    /// The two records, in either order.
    pub pair: (Id<id::Resident>, Id<id::Resident>),
    /// What.
    pub decision: Decision,
    /// What it rests on.
    pub why: PairReason,
    /// More about it, in the officer's words; sealed with the older record's key.
    pub remark: String,
}

/// Notes a pair that looks alike, or its new score. A decision that stands is left alone.
pub(crate) async fn note(
    tx: &mut Tx,
    cx: &Cx,
    one: Id<id::Resident>,
    other: Id<id::Resident>,
    score: i64,
) -> Outcome<()> {
    store::note(tx, &cx.district, ordered((one, other)), score, cx.now()).await
}

fn ordered((one, other): (Id<id::Resident>, Id<id::Resident>)) -> (Id<id::Resident>, Id<id::Resident>) {
    if one <= other { (one, other) } else { (other, one) }
}

/// Decides about a pair, or takes a decision back.
///
/// Refusals, most senior first: `resident-number`, `remark-too-long`, `not-a-pair`, `already-decided`,
/// `protected-resident`, `resident-erased`, `resident-key-gone`.
pub async fn decide(tx: &mut Tx, cx: &Cx, safe: &Safe, wanted: DecisionWanted) -> Outcome<()> {
    let remark = wanted.remark.trim();
    refuse_resident_number("remark", remark)?;
    if remark.chars().count() > REMARK_LETTERS_MAX {
        let message = format!("덧붙이는 말은 {REMARK_LETTERS_MAX}자까지 적을 수 있습니다.");
        return Err(Refusal::new("remark-too-long", "", message).at("remark").into());
    }
    let pair = ordered(wanted.pair);
    let Some(row) = store::pair(tx, &cx.district, pair).await? else {
        return Err(Refusal::new("not-a-pair", "", "견줄 두 기록이 짝으로 올라와 있지 않습니다.").into());
    };
    let undoing = wanted.decision == Decision::Undo;
    if undoing == (row.state == Decision::Undo.code()) {
        let message = if undoing {
            "되돌릴 결정이 없습니다."
        } else {
            "이미 결정한 짝입니다. 바꾸려면 먼저 되돌려 주세요."
        };
        return Err(Refusal::new("already-decided", "", message).at("decision").into());
    }
    let (one, other) = (existing(tx, cx, pair.0).await?, existing(tx, cx, pair.1).await?);
    for record in [&one, &other] {
        if record.protected_by.is_some() && !protect::may_look(tx, cx, record.id).await? {
            return Err(protected());
        }
    }
    let score = compare(&unseal(safe, &one)?.plain, &unseal(safe, &other)?.plain).total();
    let (seq, _) = crate::store::next_number(tx, &cx.district, Book::ResidentDecisions, cx.now()).await?;
    let sealed = if remark.is_empty() {
        None
    } else {
        let context = field_context(&cx.district, pair.0, &remark_field(seq));
        Some(key_of(safe, &one)?.seal(cx.entropy.as_ref(), &context, remark.as_bytes())?)
    };
    let line =
        store::NewDecision { seq, pair, decision: wanted.decision.code(), score, why: wanted.why.code(), sealed };
    store::add_decision(tx, &cx.district, line, cx.actor, cx.now()).await?;
    store::set_state(tx, &cx.district, pair, wanted.decision.code()).await?;
    let whose = whose_of(tx, cx, &BTreeSet::from([pair.0, pair.1])).await?;
    log_access(tx, cx, Access::to(format!("중복 결정({})", wanted.decision.korean()), whose)).await?;
    Ok(())
}

fn remark_field(seq: i64) -> String {
    format!("decision {seq} remark")
}

/// One of a pair, as little as an officer needs.
#[derive(Clone, PartialEq, Eq)]
pub struct PairSide {
    /// The record.
    pub id: Id<id::Resident>,
    /// The name, its middle hidden.
    pub masked_name: String,
    /// The day of birth.
    pub birth: Date,
    /// When it was written down.
    pub since: Timestamp,
}

/// A pair that waits for a decision, with the reasons it was found for.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenPair {
    /// The older record.
    pub one: PairSide,
    /// The newer one.
    pub other: PairSide,
    /// How alike they are now.
    pub score: PairScore,
}

/// The pairs that wait, the most alike first. Pairs with a protected resident are left out, unless the
/// officer looks at her with a reason at this hour. Writes down whose records were compared.
pub async fn open_pairs(tx: &mut Tx, cx: &Cx, safe: &Safe) -> Outcome<Vec<OpenPair>> {
    let mut pairs = Vec::new();
    for row in store::open_pairs(tx, &cx.district, PAIRS_MAX).await? {
        let (one, other) = (existing(tx, cx, row.pair.0).await?, existing(tx, cx, row.pair.1).await?);
        if !shown(tx, cx, &one).await? || !shown(tx, cx, &other).await? {
            continue;
        }
        let (left, right) = match (unseal(safe, &one), unseal(safe, &other)) {
            (Ok(left), Ok(right)) => (left.plain, right.plain),
            (Err(stop), _) | (_, Err(stop)) if stop.has("resident-key-gone") => continue,
            (Err(stop), _) | (_, Err(stop)) => return Err(stop),
        };
        let side = |record: &Record, name: &str, birth| PairSide {
            id: record.id,
            masked_name: masked_name(name),
            birth,
            since: record.since,
        };
        pairs.push(OpenPair {
            one: side(&one, &left.name, left.birth),
            other: side(&other, &right.name, right.birth),
            score: compare(&left, &right),
        });
    }
    let whose = whose_of(tx, cx, &pairs.iter().flat_map(|pair| [pair.one.id, pair.other.id]).collect()).await?;
    log_access(tx, cx, Access::to("중복 견주기", whose)).await?;
    Ok(pairs)
}

async fn shown(tx: &mut Tx, cx: &Cx, record: &Record) -> Outcome<bool> {
    match record.content {
        Content::Erased { .. } => Ok(false),
        Content::Living { .. } if record.protected_by.is_some() => protect::may_look(tx, cx, record.id).await,
        Content::Living { .. } => Ok(true),
    }
}

/// Every record that officers decided to be this person, this one among them (a link to a link counts).
pub async fn linked(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<BTreeSet<Id<id::Resident>>> {
    let mut all = BTreeSet::from([id]);
    let mut to_ask = vec![id];
    while let Some(next) = to_ask.pop() {
        for row in store::pairs_of(tx, &cx.district, next).await? {
            let other = if row.pair.0 == next { row.pair.1 } else { row.pair.0 };
            if row.state == Decision::Same.code() && all.insert(other) {
                to_ask.push(other);
            }
        }
    }
    Ok(all)
}

/// The pairs of one record, whatever was decided about them.
pub(crate) async fn pairs_of(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<Vec<PairRow>> {
    store::pairs_of(tx, &cx.district, id).await
}

/// A decision as it was written down.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionLine {
    /// What.
    pub decision: Decision,
    /// How alike they were then.
    pub score: i64,
    /// What it rested on.
    pub why: PairReason,
    /// The officer's words; `None` where there are none, or none that can still be opened.
    pub remark: Option<String>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// All decisions about a pair, the earliest first.
///
/// Refusals: `no-such-resident`, `protected-resident`.
pub async fn history(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    pair: (Id<id::Resident>, Id<id::Resident>),
) -> Outcome<Vec<DecisionLine>> {
    let pair = ordered(pair);
    let one = existing(tx, cx, pair.0).await?;
    if one.protected_by.is_some() && !protect::may_look(tx, cx, pair.0).await? {
        return Err(protected());
    }
    let key = match key_of(safe, &one) {
        Ok(key) => Some(key),
        Err(Stop::Refused(_)) => None,
        Err(stop) => return Err(stop),
    };
    let rows = store::decisions(tx, &cx.district, pair).await?;
    let line = |row: store::DecisionRow| -> Outcome<DecisionLine> {
        let impossible = |column| super::store::impossible("resident_decision", column, &row.seq.to_string());
        let context = field_context(&cx.district, pair.0, &remark_field(row.seq));
        let remark = match (&key, &row.sealed) {
            (Some(key), Some(sealed)) => {
                let plain = key.open_sealed(&context, sealed).ok_or_else(|| impossible("remark_sealed"))?;
                Some(String::from_utf8_lossy(&plain).into_owned())
            }
            _ => None,
        };
        Ok(DecisionLine {
            decision: row.decision.parse().map_err(|_| impossible("decision"))?,
            score: row.score,
            why: row.why.parse().map_err(|_| impossible("why"))?,
            remark,
            by: row.by,
            at: row.at,
        })
    };
    rows.into_iter().map(line).collect()
}
