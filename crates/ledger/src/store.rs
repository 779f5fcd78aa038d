//! Every statement on `entry`, `seal`, `sealed_leaf`, `total`, `staged`, `disclosure`, its documents and channels,
//! `attribute_sheet` and `attribute_disclosed`.

use std::collections::BTreeMap;

mod courses;

use iljari_base::id::{self, Id};
use iljari_base::{Actor, DistrictCode, Inconsistency, Month, Outcome, Period, Stop, Timestamp, Year};
use iljari_disclosure::log::totals::{Key, Source, Split};
use iljari_disclosure::log::words::{Field, Grade, Unit, Why};
use iljari_disclosure::suppress::{AttributeTable, Mark, Place, Screened, Withheld};
use iljari_store::{Row, Tx, args};

use crate::model::{
    Announcement, AttributeSheet, Channel, Counted, Disclosure, Entry, EntryKind, EvidenceKind, Seal, Sealed,
    SheetState, Staged, StagedState,
};
pub use courses::{CountedRow, corrections_of_year, counted_since, newest_entry};

/// What [`insert_entry`] needs beyond the leaf.
#[derive(Debug, Clone)]
pub struct NewEntry<'e> {
    /// Internal id.
    pub id: Id<id::Entry>,
    /// The leaf's public id.
    pub leaf_id: &'e str,
    /// What kind.
    pub kind: EntryKind,
    /// The leaf's line.
    pub body: &'e [u8],
    /// What it counts.
    pub counted: Option<&'e Counted>,
    /// Which part of the total.
    pub source: Option<Source>,
    /// The leaf it answers.
    pub answers: Option<&'e str>,
    /// What it rests on.
    pub evidence_kind: &'e str,
    /// The officer's words.
    pub remark: &'e str,
    /// 작성자.
    pub recorded_by: Actor,
    /// 확인자.
    pub confirmed_by: Actor,
}

/// Enters one entry as the newest and returns its order of recording. Only `append` calls this.
pub async fn insert_entry(tx: &mut Tx, district: &DistrictCode, entry: &NewEntry<'_>, at: Timestamp) -> Outcome<i64> {
    let row =
        tx.fetch_one("SELECT COALESCE(MAX(seq), 0) AS seq FROM entry WHERE district = $1", args![district]).await?;
    let seq = row.int("seq")?.saturating_add(1);
    let counted = entry.counted;
    tx.execute(
        "INSERT INTO entry
           (district, seq, id, leaf_id, kind, body, node, month_first, month_last, field, unit, amount, grade,
            rest, split, answers, evidence_kind, remark, recorded_by, confirmed_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        args![
            district,
            seq,
            entry.id,
            entry.leaf_id,
            entry.kind.as_str(),
            entry.body.to_vec(),
            counted.map(|it| it.node.to_string()),
            counted.map(|it| it.period.first().number()),
            counted.map(|it| it.period.last().number()),
            counted.map(|it| it.field.as_str().to_owned()),
            counted.map(|it| it.unit.as_str().to_owned()),
            counted.map(|it| it.amount),
            counted.map(|it| it.grade.number()),
            counted.map(|it| i64::from(it.rest)),
            entry.source.map(|source| source.korean().to_owned()),
            entry.answers.map(str::to_owned),
            entry.evidence_kind,
            entry.remark,
            entry.recorded_by,
            entry.confirmed_by,
            at
        ],
    )
    .await?;
    Ok(seq)
}

const ENTRY_COLUMNS: &str = "e.seq, e.id, e.leaf_id, e.kind, e.body, e.node, e.month_first, e.month_last, e.field, \
     e.unit, e.amount, e.grade, e.rest, e.split, e.answers, e.evidence_kind, e.remark, e.recorded_by, \
     e.confirmed_by, e.created_at, l.leaf_index, l.seal_no, l.created_at AS sealed_at, l.recovered";

const ENTRY_TABLES: &str = "entry e LEFT JOIN sealed_leaf l ON l.district = e.district AND l.entry_seq = e.seq";

/// Every entry of the district, in the order of recording.
pub async fn entries(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Entry>> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES} WHERE e.district = $1 ORDER BY e.seq");
    tx.fetch_all(&sql, args![district]).await?.iter().map(entry).collect()
}

/// The counting entries of one node, oldest period first.
pub async fn entries_of_node(tx: &mut Tx, district: &DistrictCode, node: &str) -> Outcome<Vec<Entry>> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES}
         WHERE e.district = $1 AND e.node = $2 ORDER BY e.month_first, e.seq"
    );
    tx.fetch_all(&sql, args![district, node]).await?.iter().map(entry).collect()
}

/// One entry by its public leaf id.
pub async fn entry_of_leaf(tx: &mut Tx, district: &DistrictCode, leaf_id: &str) -> Outcome<Option<Entry>> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES} WHERE e.district = $1 AND e.leaf_id = $2");
    tx.fetch_opt(&sql, args![district, leaf_id]).await?.as_ref().map(entry).transpose()
}

/// The corrections that answer a leaf, in the order of recording.
pub async fn corrections_of(tx: &mut Tx, district: &DistrictCode, leaf_id: &str) -> Outcome<Vec<Entry>> {
    let sql =
        format!("SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES} WHERE e.district = $1 AND e.answers = $2 ORDER BY e.seq");
    tx.fetch_all(&sql, args![district, leaf_id]).await?.iter().map(entry).collect()
}

/// The newest entries of any kind.
pub async fn latest_entries(tx: &mut Tx, district: &DistrictCode, most: i64) -> Outcome<Vec<Entry>> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES} WHERE e.district = $1 ORDER BY e.seq DESC LIMIT $2");
    tx.fetch_all(&sql, args![district, most]).await?.iter().map(entry).collect()
}

/// The entries that no seal holds yet, in the order of recording.
pub async fn pending_entries(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Entry>> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM {ENTRY_TABLES}
         WHERE e.district = $1 AND l.leaf_index IS NULL ORDER BY e.seq"
    );
    tx.fetch_all(&sql, args![district]).await?.iter().map(entry).collect()
}

/// What a seal needs of an entry that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingLeaf {
    /// Its order of recording.
    pub seq: i64,
    /// What kind.
    pub kind: EntryKind,
    /// The leaf's line.
    pub body: Vec<u8>,
}

/// The same entries as [`pending_entries`], as far as a seal needs them.
pub async fn pending_leaves(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<PendingLeaf>> {
    let sql = format!(
        "SELECT e.seq, e.kind, e.body FROM {ENTRY_TABLES} WHERE e.district = $1 AND l.leaf_index IS NULL ORDER BY e.seq"
    );
    let rows = tx.fetch_all(&sql, args![district]).await?;
    rows.iter()
        .map(|row| Ok(PendingLeaf { seq: row.int("seq")?, kind: entry_kind(row)?, body: row.blob("body")? }))
        .collect()
}

/// The sealed leaves' lines in the order of the log.
pub async fn leaf_lines(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Vec<u8>>> {
    leaf_lines_from(tx, district, 0).await
}

/// The same without the first `from` of them.
pub async fn leaf_lines_from(tx: &mut Tx, district: &DistrictCode, from: i64) -> Outcome<Vec<Vec<u8>>> {
    let rows = tx
        .fetch_all(
            "SELECT e.body AS body FROM sealed_leaf l
             JOIN entry e ON e.district = l.district AND e.seq = l.entry_seq
             WHERE l.district = $1 AND l.leaf_index >= $2 ORDER BY l.leaf_index",
            args![district, from],
        )
        .await?;
    rows.iter().map(|row| Ok(row.blob("body")?)).collect()
}

/// The line of the newest leaf that names a key.
pub async fn key_line(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Vec<u8>>> {
    let row = tx
        .fetch_opt(
            "SELECT e.body AS body FROM sealed_leaf l
             JOIN entry e ON e.district = l.district AND e.seq = l.entry_seq
             WHERE l.district = $1 AND e.kind = $2 ORDER BY l.leaf_index DESC LIMIT 1",
            args![district, EntryKind::Key.as_str()],
        )
        .await?;
    row.map(|row| Ok(row.blob("body")?)).transpose()
}

/// When the newest leaf that names a key was entered; `None` where the first key still signs.
pub async fn key_named_at(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    let sql = "SELECT MAX(created_at) AS newest FROM entry WHERE district = $1 AND kind = $2";
    Ok(tx.fetch_one(sql, args![district, EntryKind::Key.as_str()]).await?.opt_parse("newest")?)
}

/// When the district's log was sealed first.
pub async fn first_sealed_at(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    let sql = "SELECT MIN(created_at) AS oldest FROM seal WHERE district = $1";
    Ok(tx.fetch_one(sql, args![district]).await?.opt_parse("oldest")?)
}

/// Leaves that one statement sets in their place; SQLite reads up to 32,766 arguments, PostgreSQL 65,535.
const LEAVES_AT_ONCE: usize = 500;

/// Sets entries in their place in the log: these, in this order, from `first` on. `recovered` where the place comes
/// from what was published.
pub async fn insert_sealed_leaves(
    tx: &mut Tx,
    district: &DistrictCode,
    first: i64,
    entry_seqs: &[i64],
    (seal_no, recovered): (i64, bool),
    at: Timestamp,
) -> Outcome<()> {
    let mut leaf_index = first;
    for part in entry_seqs.chunks(LEAVES_AT_ONCE) {
        let mut sql =
            "INSERT INTO sealed_leaf (district, seal_no, recovered, created_at, leaf_index, entry_seq) VALUES "
                .to_owned();
        let mut args = args![district, seal_no, i64::from(recovered), at];
        for seq in part {
            let comma = if args.len() > 4 { ", " } else { "" };
            let (index, entry) = (args.len() + 1, args.len() + 2);
            sql.push_str(&format!("{comma}($1, $2, $3, $4, ${index}, ${entry})"));
            args.extend(args![leaf_index, *seq]);
            leaf_index = leaf_index.saturating_add(1);
        }
        tx.execute(&sql, args).await?;
    }
    Ok(())
}

/// Enters a seal.
pub async fn insert_seal(tx: &mut Tx, district: &DistrictCode, seal: &Seal) -> Outcome<()> {
    tx.execute(
        "INSERT INTO seal (district, no, size, root, checkpoint, sealed_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, seal.no, seal.size, &seal.root, &seal.checkpoint, seal.sealed_by, seal.sealed_at],
    )
    .await?;
    Ok(())
}

/// Every seal, oldest first.
pub async fn seals(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Seal>> {
    let rows = tx
        .fetch_all(
            "SELECT no, size, root, checkpoint, sealed_by, created_at FROM seal WHERE district = $1 ORDER BY no",
            args![district],
        )
        .await?;
    rows.iter().map(seal).collect()
}

/// The newest seal.
pub async fn latest_seal(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Seal>> {
    let row = tx
        .fetch_opt(
            "SELECT no, size, root, checkpoint, sealed_by, created_at FROM seal
             WHERE district = $1 ORDER BY no DESC LIMIT 1",
            args![district],
        )
        .await?;
    row.as_ref().map(seal).transpose()
}

/// Adds to a total of a node's own entries, making the row where there is none.
pub async fn add_to_total(
    tx: &mut Tx,
    district: &DistrictCode,
    key: &Key,
    source: Source,
    amount: i64,
    at: Timestamp,
) -> Outcome<()> {
    let part = |wanted: Source| if source == wanted { amount } else { 0 };
    tx.execute(
        "INSERT INTO total (district, node, year, field, unit, records, sums, press, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (district, node, year, field, unit) DO UPDATE SET
           records = total.records + excluded.records,
           sums = total.sums + excluded.sums,
           press = total.press + excluded.press",
        args![
            district,
            key.node.to_string(),
            key.year,
            key.field.as_str(),
            key.unit.as_str(),
            part(Source::Records),
            part(Source::Sums),
            part(Source::Press),
            at
        ],
    )
    .await?;
    Ok(())
}

/// Every kept-up total, by key.
pub async fn totals(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<(Key, Split)>> {
    let rows = tx
        .fetch_all(
            "SELECT node, year, field, unit, records, sums, press FROM total
             WHERE district = $1 ORDER BY node, year, field, unit",
            args![district],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let key = Key {
                node: row.parse("node")?,
                year: year(row)?,
                field: row.parse::<Field>("field")?,
                unit: row.parse::<Unit>("unit")?,
            };
            let split = Split { records: row.int("records")?, sums: row.int("sums")?, press: row.int("press")? };
            Ok((key, split))
        })
        .collect()
}

/// Throws the kept-up totals of a district away, to be folded anew (I5).
pub async fn clear_totals(tx: &mut Tx, district: &DistrictCode) -> Outcome<()> {
    tx.execute("DELETE FROM total WHERE district = $1", args![district]).await?;
    Ok(())
}

/// Stages a number for its second person.
pub async fn insert_staged(tx: &mut Tx, staged: &Staged) -> Outcome<()> {
    let counted = &staged.counted;
    tx.execute(
        "INSERT INTO staged
           (district, id, kind, node, month_first, month_last, field, unit, amount, as_typed, grade, rest,
            answers, why, evidence_kind, remark, state, recorded_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        args![
            &staged.district,
            staged.id,
            if staged.correction.is_some() { EntryKind::Correction.as_str() } else { EntryKind::Count.as_str() },
            counted.node.to_string(),
            counted.period.first().number(),
            counted.period.last().number(),
            counted.field.as_str(),
            counted.unit.as_str(),
            counted.amount,
            &staged.as_typed,
            counted.grade.number(),
            i64::from(counted.rest),
            staged.correction.as_ref().map(|(leaf, _)| leaf.clone()),
            staged.correction.as_ref().map(|(_, why)| why.as_str().to_owned()),
            staged.evidence_kind.as_str(),
            &staged.remark,
            staged.state.as_str(),
            staged.recorded_by,
            staged.recorded_at
        ],
    )
    .await?;
    Ok(())
}

const STAGED_COLUMNS: &str = "district, id, node, month_first, month_last, field, unit, amount, as_typed, grade, \
     rest, answers, why, evidence_kind, remark, state, recorded_by, decided_by, decided_at, decision_reason, \
     entry_seq, created_at";

/// One staged number.
pub async fn staged_of(tx: &mut Tx, district: &DistrictCode, id: Id<id::Staged>) -> Outcome<Option<Staged>> {
    let sql = format!("SELECT {STAGED_COLUMNS} FROM staged WHERE district = $1 AND id = $2");
    tx.fetch_opt(&sql, args![district, id]).await?.as_ref().map(staged).transpose()
}

/// Everything that waits, oldest first.
pub async fn staged_waiting(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Staged>> {
    let sql = format!("SELECT {STAGED_COLUMNS} FROM staged WHERE district = $1 AND state = 'waiting' ORDER BY id");
    tx.fetch_all(&sql, args![district]).await?.iter().map(staged).collect()
}

/// What was decided lately, newest first.
pub async fn staged_decided(tx: &mut Tx, district: &DistrictCode, most: i64) -> Outcome<Vec<Staged>> {
    let sql = format!(
        "SELECT {STAGED_COLUMNS} FROM staged WHERE district = $1 AND state <> 'waiting'
         ORDER BY decided_at DESC, id DESC LIMIT $2"
    );
    tx.fetch_all(&sql, args![district, most]).await?.iter().map(staged).collect()
}

/// Moves a waiting number to its end. `false` when somebody else was faster.
pub async fn decide_staged(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Staged>,
    state: &StagedState,
    by: Actor,
    at: Timestamp,
) -> Outcome<bool> {
    let (reason, entry_seq) = match state {
        StagedState::SentBack { reason, .. } => (Some(reason.clone()), None),
        StagedState::Confirmed { entry_seq, .. } => (None, Some(*entry_seq)),
        StagedState::Waiting | StagedState::Withdrawn { .. } => (None, None),
    };
    let changed = tx
        .execute(
            "UPDATE staged SET state = $3, decided_by = $4, decided_at = $5, decision_reason = $6, entry_seq = $7
             WHERE district = $1 AND id = $2 AND state = 'waiting'",
            args![district, id, state.as_str(), by, at, reason, entry_seq],
        )
        .await?;
    Ok(changed == 1)
}

/// Enters a disclosure.
pub async fn insert_disclosure(tx: &mut Tx, district: &DistrictCode, disclosure: &Disclosure) -> Outcome<()> {
    tx.execute(
        "INSERT INTO disclosure
           (district, no, id, year, leaf_id, first_seal, books_seq, corrects_no, approval_no, approval_on, remark,
            disclosed_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            district,
            disclosure.no,
            disclosure.id,
            disclosure.year,
            &disclosure.leaf_id,
            disclosure.first_seal,
            disclosure.books_seq,
            disclosure.corrects_no,
            &disclosure.approval_no,
            disclosure.approval_on,
            &disclosure.remark,
            disclosure.disclosed_by,
            disclosure.disclosed_at
        ],
    )
    .await?;
    Ok(())
}

/// Every disclosure, oldest first.
pub async fn disclosures(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Disclosure>> {
    let rows = tx
        .fetch_all(
            "SELECT id, no, year, leaf_id, first_seal, books_seq, corrects_no, approval_no, approval_on, remark,
                    disclosed_by, created_at
             FROM disclosure WHERE district = $1 ORDER BY no",
            args![district],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Disclosure {
                id: row.parse("id")?,
                no: row.int("no")?,
                year: year(row)?,
                leaf_id: row.text("leaf_id")?,
                first_seal: row.int("first_seal")?,
                books_seq: row.int("books_seq")?,
                corrects_no: row.opt_int("corrects_no")?,
                approval_no: row.text("approval_no")?,
                approval_on: row.opt_parse("approval_on")?,
                remark: row.text("remark")?,
                disclosed_by: actor(row, "disclosure", "disclosed_by")?,
                disclosed_at: row.parse("created_at")?,
            })
        })
        .collect()
}

/// Keeps a handed-in table.
pub async fn insert_sheet(tx: &mut Tx, district: &DistrictCode, sheet: &AttributeSheet) -> Outcome<()> {
    let (by, at, reason) = match &sheet.state {
        SheetState::Waiting => (None, None, None),
        SheetState::Confirmed { by, at } => (Some(*by), Some(*at), None),
        SheetState::SentBack { by, at, reason } => (Some(*by), Some(*at), Some(reason.clone())),
        SheetState::Withdrawn { at } => (Some(sheet.recorded_by), Some(*at), None),
    };
    let items = serde_json::to_string(&sheet.items).map_err(iljari_base::Failure::new)?;
    tx.execute(
        "INSERT INTO attribute_sheet
           (district, id, year, unit, attribute, node, items, remark, state, recorded_by, decided_by, decided_at,
            decision_reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            district,
            sheet.id,
            sheet.place.year,
            sheet.place.unit.as_str(),
            sheet.place.attribute.as_str(),
            sheet.place.node.to_string(),
            items,
            &sheet.remark,
            sheet.state.as_str(),
            sheet.recorded_by,
            by,
            at,
            reason,
            sheet.recorded_at
        ],
    )
    .await?;
    Ok(())
}

/// Every handed-in table, oldest first.
pub async fn sheets(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<AttributeSheet>> {
    let rows = tx
        .fetch_all(
            "SELECT id, year, unit, attribute, node, items, remark, state, recorded_by, decided_by, decided_at,
                    decision_reason, created_at
             FROM attribute_sheet WHERE district = $1 ORDER BY id",
            args![district],
        )
        .await?;
    rows.iter().map(sheet).collect()
}

/// Moves a waiting table to its end. `false` when somebody else was faster.
pub async fn decide_sheet(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::AttributeSheet>,
    state: &SheetState,
    by: Actor,
    at: Timestamp,
) -> Outcome<bool> {
    let reason = match state {
        SheetState::SentBack { reason, .. } => Some(reason.clone()),
        SheetState::Waiting | SheetState::Confirmed { .. } | SheetState::Withdrawn { .. } => None,
    };
    let changed = tx
        .execute(
            "UPDATE attribute_sheet SET state = $3, decided_by = $4, decided_at = $5, decision_reason = $6
             WHERE district = $1 AND id = $2 AND state = 'waiting'",
            args![district, id, state.as_str(), by, at, reason],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps what a disclosure made of a table.
pub async fn insert_disclosed_table(
    tx: &mut Tx,
    district: &DistrictCode,
    disclosure_no: i64,
    screened: &Screened,
    at: Timestamp,
) -> Outcome<()> {
    let table = &screened.table;
    let items: Vec<(&str, i64, &str)> =
        table.items.iter().zip(&screened.marks).map(|((item, n), mark)| (item.as_str(), *n, mark.as_str())).collect();
    tx.execute(
        "INSERT INTO attribute_disclosed
           (district, disclosure_no, year, unit, attribute, node, total, items, withheld, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            district,
            disclosure_no,
            table.place.year,
            table.place.unit.as_str(),
            table.place.attribute.as_str(),
            table.place.node.to_string(),
            table.total,
            serde_json::to_string(&items).map_err(iljari_base::Failure::new)?,
            screened.withheld.map(|reason| reason.as_str().to_owned()),
            at
        ],
    )
    .await?;
    Ok(())
}

/// What every disclosure made of the tables, disclosure by disclosure.
pub async fn disclosed_tables(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<(i64, Vec<Screened>)>> {
    let rows = tx
        .fetch_all(
            "SELECT disclosure_no, year, unit, attribute, node, total, items, withheld FROM attribute_disclosed
             WHERE district = $1 ORDER BY disclosure_no, year, unit, attribute, node",
            args![district],
        )
        .await?;
    let mut all: Vec<(i64, Vec<Screened>)> = Vec::new();
    for row in &rows {
        let no = row.int("disclosure_no")?;
        let one = screened(row)?;
        match all.last_mut().filter(|(last, _)| *last == no) {
            Some((_, of_it)) => of_it.push(one),
            None => all.push((no, vec![one])),
        }
    }
    Ok(all)
}

fn place(row: &Row) -> Outcome<Place> {
    Ok(Place {
        year: year(row)?,
        unit: row.parse("unit")?,
        attribute: row.parse("attribute")?,
        node: row.parse("node")?,
    })
}

fn sheet(row: &Row) -> Outcome<AttributeSheet> {
    let table = "attribute_sheet";
    let (items, state_text) = (row.text("items")?, row.text("state")?);
    let state = match state_text.as_str() {
        "waiting" => SheetState::Waiting,
        "confirmed" => SheetState::Confirmed { by: actor(row, table, "decided_by")?, at: row.parse("decided_at")? },
        "sent-back" => SheetState::SentBack {
            by: actor(row, table, "decided_by")?,
            at: row.parse("decided_at")?,
            reason: row.text("decision_reason")?,
        },
        "withdrawn" => SheetState::Withdrawn { at: row.parse("decided_at")? },
        _ => return Err(impossible(table, "state", &state_text)),
    };
    let id: Id<id::AttributeSheet> = row.parse("id")?;
    Ok(AttributeSheet {
        id,
        place: place(row)?,
        items: serde_json::from_str(&items).map_err(|_| impossible(table, "items", &id.to_string()))?,
        remark: row.text("remark")?,
        recorded_by: actor(row, table, "recorded_by")?,
        recorded_at: row.parse("created_at")?,
        state,
    })
}

fn screened(row: &Row) -> Outcome<Screened> {
    let table = "attribute_disclosed";
    let wrong = |column: &str| impossible(table, column, "");
    let kept: Vec<(String, i64, String)> = serde_json::from_str(&row.text("items")?).map_err(|_| wrong("items"))?;
    let mut marks = Vec::new();
    let mut items = Vec::new();
    for (item, n, mark) in kept {
        marks.push(Mark::from_text(&mark).ok_or_else(|| wrong("items"))?);
        items.push((item, n));
    }
    let withheld = match row.opt_text("withheld")? {
        None => None,
        Some(text) => Some(Withheld::from_text(&text).ok_or_else(|| wrong("withheld"))?),
    };
    Ok(Screened { table: AttributeTable { place: place(row)?, total: row.int("total")?, items }, marks, withheld })
}

/// Keeps a disclosure's documents, by path within its bundle.
pub async fn insert_documents(
    tx: &mut Tx,
    district: &DistrictCode,
    no: i64,
    documents: &BTreeMap<String, Vec<u8>>,
    at: Timestamp,
) -> Outcome<()> {
    for (path, body) in documents {
        tx.execute(
            "INSERT INTO disclosure_document (district, disclosure_no, path, body, created_at)
             VALUES ($1, $2, $3, $4, $5)",
            args![district, no, path, body.clone(), at],
        )
        .await?;
    }
    Ok(())
}

/// A disclosure's documents by path. Empty for one that was made before documents were kept.
pub async fn documents_of(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let rows = tx
        .fetch_all(
            "SELECT path, body FROM disclosure_document WHERE district = $1 AND disclosure_no = $2 ORDER BY path",
            args![district, no],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("path")?, row.blob("body")?))).collect()
}

/// Enters where a disclosure was announced.
pub async fn insert_announcement(tx: &mut Tx, district: &DistrictCode, line: &Announcement) -> Outcome<()> {
    tx.execute(
        "INSERT INTO disclosure_channel
           (district, no, disclosure_no, channel, announced_on, place, told_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            district,
            line.no,
            line.disclosure_no,
            line.channel.as_str(),
            line.announced_on,
            &line.place,
            line.told_by,
            line.told_at
        ],
    )
    .await?;
    Ok(())
}

/// Strikes one of them through.
pub async fn insert_strike(
    tx: &mut Tx,
    district: &DistrictCode,
    channel_no: i64,
    reason: &str,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO disclosure_channel_strike (district, channel_no, reason, struck_by, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        args![district, channel_no, reason, by, at],
    )
    .await?;
    Ok(())
}

/// Where the district's disclosures were announced, in the order of writing down, struck ones too.
pub async fn announcements(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Announcement>> {
    let rows = tx
        .fetch_all(
            "SELECT c.no, c.disclosure_no, c.channel, c.announced_on, c.place, c.told_by, c.created_at,
                    s.reason, s.created_at AS struck_at
             FROM disclosure_channel c
             LEFT JOIN disclosure_channel_strike s ON s.district = c.district AND s.channel_no = c.no
             WHERE c.district = $1 ORDER BY c.no",
            args![district],
        )
        .await?;
    rows.iter().map(announcement).collect()
}

fn announcement(row: &Row) -> Outcome<Announcement> {
    let channel = row.text("channel")?;
    let struck = match (row.opt_text("reason")?, row.opt_parse("struck_at")?) {
        (Some(reason), Some(at)) => Some((reason, at)),
        _ => None,
    };
    Ok(Announcement {
        no: row.int("no")?,
        disclosure_no: row.int("disclosure_no")?,
        channel: Channel::from_text(&channel).ok_or_else(|| impossible("disclosure_channel", "channel", &channel))?,
        announced_on: row.parse("announced_on")?,
        place: row.text("place")?,
        told_by: actor(row, "disclosure_channel", "told_by")?,
        told_at: row.parse("created_at")?,
        struck,
    })
}

/// The instant of the newest row that public pages can show; `None` while there is none.
pub async fn newest_fact(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    let row = tx
        .fetch_one(
            "SELECT MAX(created_at) AS newest FROM (
               SELECT MAX(created_at) AS created_at FROM entry WHERE district = $1
               UNION ALL SELECT MAX(created_at) FROM seal WHERE district = $1
               UNION ALL SELECT MAX(created_at) FROM disclosure WHERE district = $1
               UNION ALL SELECT MAX(created_at) FROM disclosure_channel WHERE district = $1
               UNION ALL SELECT MAX(created_at) FROM disclosure_channel_strike WHERE district = $1
             ) AS facts",
            args![district],
        )
        .await?;
    Ok(row.opt_parse("newest")?)
}

fn entry_kind(row: &Row) -> Outcome<EntryKind> {
    let text = row.text("kind")?;
    EntryKind::from_text(&text).ok_or_else(|| impossible("entry", "kind", &text))
}

fn entry(row: &Row) -> Outcome<Entry> {
    let kind = entry_kind(row)?;
    let counted = match row.opt_parse("node")? {
        None => None,
        Some(node) => Some(Counted {
            node,
            period: period(row, "entry")?,
            field: row.parse("field")?,
            unit: row.parse("unit")?,
            amount: row.int("amount")?,
            grade: grade(row, "entry")?,
            rest: row.int("rest")? == 1,
        }),
    };
    let source = match row.opt_text("split")? {
        None => None,
        Some(text) => Some(source_of(&text).ok_or_else(|| impossible("entry", "split", &text))?),
    };
    let sealed = match (row.opt_int("leaf_index")?, row.opt_int("seal_no")?) {
        (Some(leaf_index), Some(seal_no)) => {
            let recovered = row.int("recovered")? == 1;
            Some(Sealed { leaf_index, seal_no, sealed_at: row.parse("sealed_at")?, recovered })
        }
        _ => None,
    };
    Ok(Entry {
        id: row.parse("id")?,
        seq: row.int("seq")?,
        leaf_id: row.text("leaf_id")?,
        kind,
        body: row.blob("body")?,
        counted,
        source,
        answers: row.opt_text("answers")?,
        evidence_kind: row.text("evidence_kind")?,
        remark: row.text("remark")?,
        recorded_by: actor(row, "entry", "recorded_by")?,
        confirmed_by: actor(row, "entry", "confirmed_by")?,
        entered_at: row.parse("created_at")?,
        sealed,
    })
}

fn staged(row: &Row) -> Outcome<Staged> {
    let evidence = row.text("evidence_kind")?;
    let correction = match (row.opt_text("answers")?, row.opt_text("why")?) {
        (Some(leaf), Some(why)) => Some((leaf, why.parse::<Why>().map_err(|_| impossible("staged", "why", &why))?)),
        _ => None,
    };
    let state_text = row.text("state")?;
    let state = match state_text.as_str() {
        "waiting" => StagedState::Waiting,
        "confirmed" => StagedState::Confirmed {
            by: actor(row, "staged", "decided_by")?,
            at: row.parse("decided_at")?,
            entry_seq: row.int("entry_seq")?,
        },
        "sent-back" => StagedState::SentBack {
            by: actor(row, "staged", "decided_by")?,
            at: row.parse("decided_at")?,
            reason: row.text("decision_reason")?,
        },
        "withdrawn" => StagedState::Withdrawn { at: row.parse("decided_at")? },
        _ => return Err(impossible("staged", "state", &state_text)),
    };
    Ok(Staged {
        id: row.parse("id")?,
        district: row.parse("district")?,
        counted: Counted {
            node: row.parse("node")?,
            period: period(row, "staged")?,
            field: row.parse("field")?,
            unit: row.parse("unit")?,
            amount: row.int("amount")?,
            grade: grade(row, "staged")?,
            rest: row.int("rest")? == 1,
        },
        as_typed: row.text("as_typed")?,
        correction,
        evidence_kind: EvidenceKind::from_text(&evidence)
            .ok_or_else(|| impossible("staged", "evidence_kind", &evidence))?,
        remark: row.text("remark")?,
        recorded_by: actor(row, "staged", "recorded_by")?,
        recorded_at: row.parse("created_at")?,
        state,
    })
}

fn seal(row: &Row) -> Outcome<Seal> {
    Ok(Seal {
        no: row.int("no")?,
        size: row.int("size")?,
        root: row.text("root")?,
        checkpoint: row.text("checkpoint")?,
        sealed_by: actor(row, "seal", "sealed_by")?,
        sealed_at: row.parse("created_at")?,
    })
}

fn source_of(text: &str) -> Option<Source> {
    [Source::Records, Source::Sums, Source::Press].into_iter().find(|source| source.korean() == text)
}

fn impossible(table: &'static str, column: &str, value: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table, column: column.to_owned(), row: value.to_owned() })
}

fn year(row: &Row) -> Outcome<Year> {
    let number = row.int("year")?;
    i16::try_from(number).map(Year).map_err(|_| impossible("ledger", "year", &number.to_string()))
}

fn period(row: &Row, table: &'static str) -> Outcome<Period> {
    let (first, last) = (row.int("month_first")?, row.int("month_last")?);
    Month::from_number(first)
        .zip(Month::from_number(last))
        .and_then(|(first, last)| Period::new(first, last))
        .ok_or_else(|| impossible(table, "month_first", &format!("{first}..{last}")))
}

fn grade(row: &Row, table: &'static str) -> Outcome<Grade> {
    let number = row.int("grade")?;
    Grade::from_number(number).ok_or_else(|| impossible(table, "grade", &number.to_string()))
}

fn actor(row: &Row, table: &'static str, column: &'static str) -> Outcome<Actor> {
    let text = row.text(column)?;
    Actor::from_text(&text).ok_or_else(|| impossible(table, column, &text))
}
