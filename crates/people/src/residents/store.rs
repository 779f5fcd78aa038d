//! Statements about residents, their tags, their boxes and the lists they were shown in.
//!
//! Owns: resident, resident_tag, resident_box, resident_list, resident_list_member. Does not own:
//! pairs, protection and looks with a reason (`pairs`, `protect`), nor any key: bytes go through as they come.
//! What a newcomer gets wrong: keeping a `week` apart from its `wrapped_key`. The two are written together, always.

use std::collections::BTreeSet;

use iljari_base::{Actor, Date, DistrictCode, Id, Inconsistency, Outcome, Stop, Timestamp, id};
use iljari_store::{Row, Tx, args};

/// A key as it lies in a row: wrapped with the key of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrappedKey {
    pub week: Date,
    pub wrapped: Vec<u8>,
}

/// The sealed fields of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedFields {
    pub name: Vec<u8>,
    pub birth: Vec<u8>,
    pub phone: Option<Vec<u8>>,
    pub dong: Option<Vec<u8>>,
    pub contact: Option<Vec<u8>>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Living { key: WrappedKey, fields: SealedFields },
    Erased { at: Timestamp, why: String },
}

/// A record as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub id: Id<id::Resident>,
    pub district: DistrictCode,
    pub content: Content,
    pub protected_by: Option<Actor>,
    pub since: Timestamp,
}

const COLUMNS: &str = "district, id, state, week, wrapped_key, name_sealed, birth_sealed, phone_sealed, dong_sealed,
             contact_sealed, protected_by, erased_at, erased_why, created_at";

fn read_record(row: &Row) -> Outcome<Record> {
    let id: Id<id::Resident> = row.parse("id")?;
    let content = match row.text("state")?.as_str() {
        "living" => Content::Living {
            key: WrappedKey { week: row.parse("week")?, wrapped: row.blob("wrapped_key")? },
            fields: SealedFields {
                name: row.blob("name_sealed")?,
                birth: row.blob("birth_sealed")?,
                phone: row.opt_blob("phone_sealed")?,
                dong: row.opt_blob("dong_sealed")?,
                contact: row.opt_blob("contact_sealed")?,
            },
        },
        "erased" => Content::Erased { at: row.parse("erased_at")?, why: row.text("erased_why")? },
        _ => return Err(impossible("resident", "state", &id.to_string())),
    };
    let protected_by = row.opt_text("protected_by")?;
    Ok(Record {
        id,
        district: row.parse("district")?,
        content,
        protected_by: protected_by
            .map(|text| Actor::from_text(&text).ok_or_else(|| impossible("resident", "protected_by", &id.to_string())))
            .transpose()?,
        since: row.parse("created_at")?,
    })
}

pub(crate) fn impossible(table: &'static str, column: &str, row: &str) -> Stop {
    Inconsistency { table, column: column.to_owned(), row: row.to_owned() }.into()
}

pub(crate) async fn insert(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    (key, fields): (WrappedKey, SealedFields),
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident (district, id, state, week, wrapped_key, name_sealed, birth_sealed, phone_sealed,
             dong_sealed, contact_sealed, changed_at, created_by, created_at)
         VALUES ($1, $2, 'living', $3, $4, $5, $6, $7, $8, $9, $11, $10, $11)",
        args![
            district,
            id,
            key.week,
            key.wrapped,
            fields.name,
            fields.birth,
            fields.phone,
            fields.dong,
            fields.contact,
            by,
            at
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn record(tx: &mut Tx, district: &DistrictCode, id: Id<id::Resident>) -> Outcome<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM resident WHERE district = $1 AND id = $2");
    tx.fetch_opt(&sql, args![district, id]).await?.as_ref().map(read_record).transpose()
}

/// New fields of a living record; false where it is none any more.
pub(crate) async fn put_fields(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    fields: SealedFields,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE resident
             SET name_sealed = $3, birth_sealed = $4, phone_sealed = $5, dong_sealed = $6, contact_sealed = $7, changed_at = $8
             WHERE district = $1 AND id = $2 AND state = 'living'",
            args![district, id, fields.name, fields.birth, fields.phone, fields.dong, fields.contact, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Empties a living record and keeps the fact; false where it is erased already.
pub(crate) async fn erase(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    why: &str,
    by: Actor,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE resident
             SET state = 'erased', week = NULL, wrapped_key = NULL, name_sealed = NULL, birth_sealed = NULL,
                 phone_sealed = NULL, dong_sealed = NULL, contact_sealed = NULL, protected_at = NULL, protected_by = NULL,
                 erased_at = $5, erased_by = $4, erased_why = $3
             WHERE district = $1 AND id = $2 AND state = 'living'",
            args![district, id, why, by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Marks a living record as protected, or no longer.
pub(crate) async fn set_protection(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    protected: Option<(Actor, Timestamp)>,
) -> Outcome<()> {
    let (by, at) = protected.unzip();
    tx.execute(
        "UPDATE resident SET protected_by = $3, protected_at = $4 WHERE district = $1 AND id = $2 AND state = 'living'",
        args![district, id, by, at],
    )
    .await?;
    Ok(())
}

/// The living records that are protected.
pub(crate) async fn protected(tx: &mut Tx, district: &DistrictCode) -> Outcome<BTreeSet<Id<id::Resident>>> {
    let rows = tx
        .fetch_all(
            "SELECT id FROM resident WHERE district = $1 AND protected_by IS NOT NULL AND state = 'living'",
            args![district],
        )
        .await?;
    rows.iter().map(|row| Ok(row.parse("id")?)).collect()
}

/// Records erased since an instant, for the memory beside the keys.
pub(crate) async fn erased_since(
    tx: &mut Tx,
    since: Timestamp,
) -> Outcome<Vec<(DistrictCode, Id<id::Resident>, Timestamp)>> {
    let rows = tx
        .fetch_all(
            "SELECT district, id, erased_at FROM resident WHERE state = 'erased' AND erased_at >= $1 ORDER BY erased_at, id",
            args![since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.parse("district")?, row.parse("id")?, row.parse("erased_at")?))).collect()
}

/// Living records that the key of this week wraps, of all districts; the chore works through them.
pub(crate) async fn wrapped_in(tx: &mut Tx, week: Date, at_most: i64) -> Outcome<Vec<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM resident WHERE week = $1 ORDER BY id LIMIT $2");
    let rows = tx.fetch_all(&sql, args![week, at_most]).await?;
    rows.iter().map(read_record).collect()
}

/// How many living records are wrapped in each week.
pub(crate) async fn living_by_week(tx: &mut Tx) -> Outcome<Vec<(Date, u64)>> {
    let sql = "SELECT week, count(*) AS n FROM resident WHERE week IS NOT NULL GROUP BY week ORDER BY week";
    let rows = tx.fetch_all(sql, args![]).await?;
    rows.iter().map(|row| Ok((row.parse("week")?, u64::try_from(row.int("n")?).unwrap_or(0)))).collect()
}

/// The weeks whose keys wrap something.
pub(crate) async fn weeks_in_use(tx: &mut Tx) -> Outcome<Vec<Date>> {
    let rows = tx
        .fetch_all(
            "SELECT week FROM resident WHERE week IS NOT NULL
             UNION
             SELECT week FROM resident_box WHERE week IS NOT NULL
             ORDER BY week",
            args![],
        )
        .await?;
    rows.iter().map(|row| Ok(row.parse("week")?)).collect()
}

pub(crate) async fn put_key(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    key: WrappedKey,
) -> Outcome<()> {
    tx.execute(
        "UPDATE resident SET week = $3, wrapped_key = $4 WHERE district = $1 AND id = $2 AND state = 'living'",
        args![district, id, key.week, key.wrapped],
    )
    .await?;
    Ok(())
}

// --- the blind index ---

pub(crate) async fn add_tag(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::Resident>,
    (kind, tag): (&str, [u8; 16]),
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_tag (district, kind, tag, resident, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (district, kind, tag, resident) DO NOTHING",
        args![district, kind, tag, id, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn drop_tags(tx: &mut Tx, district: &DistrictCode, id: Id<id::Resident>) -> Outcome<()> {
    tx.execute("DELETE FROM resident_tag WHERE district = $1 AND resident = $2", args![district, id]).await?;
    Ok(())
}

/// Who has this tag, the earliest written down first.
pub(crate) async fn tagged(
    tx: &mut Tx,
    district: &DistrictCode,
    (kind, tag): (&str, [u8; 16]),
    at_most: i64,
) -> Outcome<Vec<Id<id::Resident>>> {
    let rows = tx
        .fetch_all(
            "SELECT resident FROM resident_tag WHERE district = $1 AND kind = $2 AND tag = $3
             ORDER BY resident LIMIT $4",
            args![district, kind, tag, at_most],
        )
        .await?;
    rows.iter().map(|row| Ok(row.parse("resident")?)).collect()
}

// --- boxes ---

/// A box as it lies in the table; without a key where it is destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoxRow {
    pub id: Id<id::ResidentBox>,
    pub district: DistrictCode,
    pub owner: Id<id::Resident>,
    pub key: Option<WrappedKey>,
}

fn read_box(row: &Row) -> Outcome<BoxRow> {
    let key = match (row.opt_parse("week")?, row.opt_blob("wrapped_key")?) {
        (Some(week), Some(wrapped)) => Some(WrappedKey { week, wrapped }),
        _ => None,
    };
    Ok(BoxRow { id: row.parse("id")?, district: row.parse("district")?, owner: row.parse("resident")?, key })
}

const BOX_COLUMNS: &str = "district, id, resident, week, wrapped_key";

pub(crate) async fn insert_box(
    tx: &mut Tx,
    district: &DistrictCode,
    (id, owner): (Id<id::ResidentBox>, Id<id::Resident>),
    key: WrappedKey,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_box (district, id, resident, week, wrapped_key, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, id, owner, key.week, key.wrapped, by, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn box_row(tx: &mut Tx, district: &DistrictCode, id: Id<id::ResidentBox>) -> Outcome<Option<BoxRow>> {
    let sql = format!("SELECT {BOX_COLUMNS} FROM resident_box WHERE district = $1 AND id = $2");
    tx.fetch_opt(&sql, args![district, id]).await?.as_ref().map(read_box).transpose()
}

pub(crate) async fn boxes_wrapped_in(tx: &mut Tx, week: Date, at_most: i64) -> Outcome<Vec<BoxRow>> {
    let sql = format!("SELECT {BOX_COLUMNS} FROM resident_box WHERE week = $1 ORDER BY id LIMIT $2");
    let rows = tx.fetch_all(&sql, args![week, at_most]).await?;
    rows.iter().map(read_box).collect()
}

pub(crate) async fn put_box_key(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::ResidentBox>,
    key: WrappedKey,
) -> Outcome<()> {
    tx.execute(
        "UPDATE resident_box SET week = $3, wrapped_key = $4 WHERE district = $1 AND id = $2 AND destroyed_at IS NULL",
        args![district, id, key.week, key.wrapped],
    )
    .await?;
    Ok(())
}

/// Destroys one box; false where it was destroyed already.
pub(crate) async fn destroy_box(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::ResidentBox>,
    why: &str,
    by: Actor,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE resident_box
             SET week = NULL, wrapped_key = NULL, destroyed_at = $5, destroyed_by = $4, destroyed_why = $3
             WHERE district = $1 AND id = $2 AND destroyed_at IS NULL",
            args![district, id, why, by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Destroys every box of a resident; how many there were.
pub(crate) async fn destroy_boxes_of(
    tx: &mut Tx,
    district: &DistrictCode,
    owner: Id<id::Resident>,
    why: &str,
    by: Actor,
    at: Timestamp,
) -> Outcome<u64> {
    let changed = tx
        .execute(
            "UPDATE resident_box
             SET week = NULL, wrapped_key = NULL, destroyed_at = $5, destroyed_by = $4, destroyed_why = $3
             WHERE district = $1 AND resident = $2 AND destroyed_at IS NULL",
            args![district, owner, why, by, at],
        )
        .await?;
    Ok(changed)
}

/// Boxes destroyed since an instant, for the memory beside the keys.
pub(crate) async fn boxes_destroyed_since(
    tx: &mut Tx,
    since: Timestamp,
) -> Outcome<Vec<(DistrictCode, Id<id::ResidentBox>, Timestamp)>> {
    let rows = tx
        .fetch_all(
            "SELECT district, id, destroyed_at FROM resident_box WHERE destroyed_at >= $1 ORDER BY destroyed_at, id",
            args![since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.parse("district")?, row.parse("id")?, row.parse("destroyed_at")?))).collect()
}

// --- lists ---

/// The number of a list of just these people, where one was given out.
pub(crate) async fn list_number(tx: &mut Tx, district: &DistrictCode, sha256: &str) -> Outcome<Option<i64>> {
    let row = tx
        .fetch_opt("SELECT no FROM resident_list WHERE district = $1 AND sha256 = $2", args![district, sha256])
        .await?;
    Ok(row.map(|row| row.int("no")).transpose()?)
}

pub(crate) async fn insert_list(
    tx: &mut Tx,
    district: &DistrictCode,
    (no, sha256): (i64, &str),
    members: &[Id<id::Resident>],
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_list (district, no, sha256, created_at) VALUES ($1, $2, $3, $4)",
        args![district, no, sha256, at],
    )
    .await?;
    for member in members {
        tx.execute(
            "INSERT INTO resident_list_member (district, no, resident, created_at) VALUES ($1, $2, $3, $4)",
            args![district, no, member, at],
        )
        .await?;
    }
    Ok(())
}

/// The numbers of the lists somebody was shown in.
pub(crate) async fn lists_with(tx: &mut Tx, district: &DistrictCode, id: Id<id::Resident>) -> Outcome<Vec<i64>> {
    let rows = tx
        .fetch_all(
            "SELECT no FROM resident_list_member WHERE district = $1 AND resident = $2 ORDER BY no",
            args![district, id],
        )
        .await?;
    rows.iter().map(|row| Ok(row.int("no")?)).collect()
}
