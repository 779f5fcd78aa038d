//! Every statement on `district` and `plan_file`.

use iljari_base::id::{Id, PlanVersion};
use iljari_base::{Actor, DistrictCode, Inconsistency, Outcome, Stop, Timestamp};
use iljari_store::{Row, Tx, args};

/// A plan file as it was adopted (채택된 계획 파일).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The row's id.
    pub id: Id<PlanVersion>,
    /// What the file is: 구, 종합계획, 연차계획, 실적.
    pub kind: String,
    /// The short name that the ledger's plan leaf carries; empty for files that are no plan.
    pub reference: String,
    /// The file's name in the district's folder.
    pub file_name: String,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// The bytes.
    pub body: Vec<u8>,
    /// Who adopted it.
    pub adopted_by: Actor,
    /// When.
    pub adopted_at: Timestamp,
}

/// A district whose plans are here (자치구).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictRow {
    /// Its code.
    pub code: DistrictCode,
    /// Its name, e.g. 광진구.
    pub name: String,
    /// Whether it is invented (예시).
    pub is_sample: bool,
}

/// Enters a district, or renames it.
pub async fn put_district(tx: &mut Tx, district: &DistrictRow, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "INSERT INTO district (code, name, is_sample, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, is_sample = excluded.is_sample",
        args![&district.code, &district.name, district.is_sample, at],
    )
    .await?;
    Ok(())
}

/// All districts, real ones first, by code.
pub async fn districts(tx: &mut Tx) -> Outcome<Vec<DistrictRow>> {
    let rows = tx.fetch_all("SELECT code, name, is_sample FROM district ORDER BY is_sample, code", args![]).await?;
    rows.iter()
        .map(|row| {
            Ok(DistrictRow { code: row.parse("code")?, name: row.text("name")?, is_sample: row.bool("is_sample")? })
        })
        .collect()
}

/// Adds an adopted file as the newest of its name. Only `ledger::adopt` calls this for plans.
pub async fn insert_file(tx: &mut Tx, district: &DistrictCode, file: &PlanFile) -> Outcome<i64> {
    let seq = newest_seq(tx, district).await?.saturating_add(1);
    tx.execute(
        "INSERT INTO plan_file (district, seq, id, kind, ref, file_name, sha256, body, adopted_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            district,
            seq,
            file.id,
            &file.kind,
            &file.reference,
            &file.file_name,
            &file.sha256,
            file.body.clone(),
            file.adopted_by,
            file.adopted_at
        ],
    )
    .await?;
    Ok(seq)
}

/// The number of the newest file of a district; 0 when there is none. A changed number means that
/// the books must be read anew.
pub async fn newest_seq(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row =
        tx.fetch_one("SELECT COALESCE(MAX(seq), 0) AS seq FROM plan_file WHERE district = $1", args![district]).await?;
    Ok(row.int("seq")?)
}

/// When the newest file was adopted; `None` where there is none.
pub async fn last_adopted(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    let row =
        tx.fetch_one("SELECT MAX(created_at) AS newest FROM plan_file WHERE district = $1", args![district]).await?;
    Ok(row.opt_parse("newest")?)
}

/// The files in force: the newest of each name, by name.
pub async fn files_in_force(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<PlanFile>> {
    files_in_force_at(tx, district, i64::MAX).await
}

/// The files that were in force when `seq` was the newest: what an earlier disclosure was made from.
pub async fn files_in_force_at(tx: &mut Tx, district: &DistrictCode, seq: i64) -> Outcome<Vec<PlanFile>> {
    let rows = tx
        .fetch_all(
            "SELECT id, kind, ref, file_name, sha256, body, adopted_by, created_at FROM plan_file
             WHERE district = $1 AND seq IN
               (SELECT MAX(seq) FROM plan_file WHERE district = $1 AND seq <= $2 GROUP BY file_name)
             ORDER BY file_name",
            args![district, seq],
        )
        .await?;
    rows.iter().map(file).collect()
}

/// Every file ever adopted, oldest first.
pub async fn files(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<PlanFile>> {
    let rows = tx
        .fetch_all(
            "SELECT id, kind, ref, file_name, sha256, body, adopted_by, created_at FROM plan_file
             WHERE district = $1 ORDER BY seq",
            args![district],
        )
        .await?;
    rows.iter().map(file).collect()
}

fn file(row: &Row) -> Outcome<PlanFile> {
    let adopted_by = row.text("adopted_by")?;
    Ok(PlanFile {
        id: row.parse("id")?,
        kind: row.text("kind")?,
        reference: row.text("ref")?,
        file_name: row.text("file_name")?,
        sha256: row.text("sha256")?,
        body: row.blob("body")?,
        adopted_by: Actor::from_text(&adopted_by).ok_or_else(|| {
            Stop::Inconsistent(Inconsistency {
                table: "plan_file",
                column: "adopted_by".to_owned(),
                row: adopted_by.clone(),
            })
        })?,
        adopted_at: row.parse("created_at")?,
    })
}
