//! Statements about pairs of residents and decisions about them.
//!
//! Owns: resident_pair, resident_decision. Does not own: what a decision is allowed to be.
//! What a newcomer gets wrong: the order. `one` is always the smaller id, which is the older record.

use iljari_base::{Actor, DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::{Row, Tx, args};

use crate::residents::store::impossible;

/// Two records, the older one first.
pub(crate) type Pair = (Id<id::Resident>, Id<id::Resident>);

/// A pair as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PairRow {
    pub pair: Pair,
    pub score: i64,
    pub state: String,
}

fn read_pair(row: &Row) -> Outcome<PairRow> {
    Ok(PairRow { pair: (row.parse("one")?, row.parse("other")?), score: row.int("score")?, state: row.text("state")? })
}

pub(crate) async fn note(tx: &mut Tx, district: &DistrictCode, pair: Pair, score: i64, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_pair (district, one, other, score, state, created_at)
         VALUES ($1, $2, $3, $4, 'open', $5)
         ON CONFLICT (district, one, other) DO UPDATE SET score = excluded.score",
        args![district, pair.0, pair.1, score, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn pair(tx: &mut Tx, district: &DistrictCode, pair: Pair) -> Outcome<Option<PairRow>> {
    let row = tx
        .fetch_opt(
            "SELECT one, other, score, state FROM resident_pair WHERE district = $1 AND one = $2 AND other = $3",
            args![district, pair.0, pair.1],
        )
        .await?;
    row.as_ref().map(read_pair).transpose()
}

/// Pairs of living records that wait for a decision, the highest score first.
pub(crate) async fn open_pairs(tx: &mut Tx, district: &DistrictCode, at_most: i64) -> Outcome<Vec<PairRow>> {
    let rows = tx
        .fetch_all(
            "SELECT p.one AS one, p.other AS other, p.score AS score, p.state AS state
             FROM resident_pair p
             JOIN resident a ON a.district = p.district AND a.id = p.one
             JOIN resident b ON b.district = p.district AND b.id = p.other
             WHERE p.district = $1 AND p.state = 'open' AND a.state = 'living' AND b.state = 'living'
             ORDER BY p.score DESC, p.one, p.other
             LIMIT $2",
            args![district, at_most],
        )
        .await?;
    rows.iter().map(read_pair).collect()
}

pub(crate) async fn pairs_of(tx: &mut Tx, district: &DistrictCode, id: Id<id::Resident>) -> Outcome<Vec<PairRow>> {
    let rows = tx
        .fetch_all(
            "SELECT one, other, score, state
             FROM resident_pair
             WHERE district = $1 AND (one = $2 OR other = $2)
             ORDER BY score DESC, one, other",
            args![district, id],
        )
        .await?;
    rows.iter().map(read_pair).collect()
}

pub(crate) async fn set_state(tx: &mut Tx, district: &DistrictCode, pair: Pair, state: &str) -> Outcome<()> {
    tx.execute(
        "UPDATE resident_pair SET state = $4 WHERE district = $1 AND one = $2 AND other = $3",
        args![district, pair.0, pair.1, state],
    )
    .await?;
    Ok(())
}

/// A line to be.
pub(crate) struct NewDecision {
    pub seq: i64,
    pub pair: Pair,
    pub decision: &'static str,
    pub score: i64,
    pub why: &'static str,
    pub sealed: Option<Vec<u8>>,
}

pub(crate) async fn add_decision(
    tx: &mut Tx,
    district: &DistrictCode,
    new: NewDecision,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_decision (district, seq, one, other, decision, score, why, remark_sealed, decided_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![district, new.seq, new.pair.0, new.pair.1, new.decision, new.score, new.why, new.sealed, by, at],
    )
    .await?;
    Ok(())
}

/// A line as it lies in the table.
pub(crate) struct DecisionRow {
    pub seq: i64,
    pub decision: String,
    pub score: i64,
    pub why: String,
    pub sealed: Option<Vec<u8>>,
    pub by: Actor,
    pub at: Timestamp,
}

pub(crate) async fn decisions(tx: &mut Tx, district: &DistrictCode, pair: Pair) -> Outcome<Vec<DecisionRow>> {
    let rows = tx
        .fetch_all(
            "SELECT seq, decision, score, why, remark_sealed, decided_by, created_at
             FROM resident_decision
             WHERE district = $1 AND one = $2 AND other = $3
             ORDER BY seq",
            args![district, pair.0, pair.1],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let seq = row.int("seq")?;
            let by = Actor::from_text(&row.text("decided_by")?);
            Ok(DecisionRow {
                seq,
                decision: row.text("decision")?,
                score: row.int("score")?,
                why: row.text("why")?,
                sealed: row.opt_blob("remark_sealed")?,
                by: by.ok_or_else(|| impossible("resident_decision", "decided_by", &seq.to_string()))?,
                at: row.parse("created_at")?,
            })
        })
        .collect()
}
