//! Every statement on the tables `setting`, the few facts an office's database knows about itself, and `form_act`,
//! the forms whose act was done.
//!
//! Not a place for configuration: that is given on the command line. In `setting` stands what must travel
//! with the data, e.g. `made_by`.

use iljari_base::{DistrictCode, Failure, Id, Timestamp, id};

use crate::once::Known;
use crate::{BadColumn, DbError, Tx, args};

/// The value of a setting; `None` when it was never set.
pub async fn setting(tx: &mut Tx, key: &str) -> Result<Option<String>, DbError> {
    let row = tx.fetch_opt("SELECT key, value FROM setting WHERE key = $1", args![key]).await?;
    row.map(|row| row.text("value")).transpose().map_err(|bad| DbError::Failed(Failure::new(bad)))
}

/// Sets a setting, over what stood there. `created_at` stays that of the first time.
pub async fn set_setting(tx: &mut Tx, key: &str, value: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO setting (key, value, created_at)
         VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        args![key, value, now],
    )
    .await?;
    Ok(())
}

/// Writes down that the act of a form was done; `false` where it was done already.
pub(crate) async fn add_form_act(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    (act, body): (&str, &str),
    at: Timestamp,
) -> Result<bool, DbError> {
    let added = tx
        .execute(
            "INSERT INTO form_act (district, act, officer, body, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (district, act) DO NOTHING",
            args![district, act, officer, body, at],
        )
        .await?;
    Ok(added == 1)
}

/// What is known of a form's act.
pub(crate) async fn form_act(tx: &mut Tx, district: &DistrictCode, act: &str) -> Result<Option<Known>, DbError> {
    let sql = "SELECT officer, body, status, location, created_at FROM form_act WHERE district = $1 AND act = $2";
    let Some(row) = tx.fetch_opt(sql, args![district, act]).await? else { return Ok(None) };
    let read = || -> Result<Known, BadColumn> {
        let status = row.opt_int("status")?.map(u16::try_from).transpose();
        let status = status.map_err(|_| row.bad("status", "no status of an answer"))?;
        let location = row.opt_text("location")?;
        Ok(Known {
            officer: row.parse("officer")?,
            body: row.text("body")?,
            at: row.parse("created_at")?,
            answer: status.map(|status| (status, location)),
        })
    };
    read().map(Some).map_err(|bad| DbError::Failed(Failure::new(bad)))
}

/// Keeps what the form was answered.
pub(crate) async fn answer_form_act(
    tx: &mut Tx,
    district: &DistrictCode,
    act: &str,
    status: u16,
    location: Option<&str>,
) -> Result<(), DbError> {
    let sql = "UPDATE form_act SET status = $3, location = $4 WHERE district = $1 AND act = $2";
    tx.execute(sql, args![district, act, status, location]).await?;
    Ok(())
}

/// Forgets what was done before that instant.
pub(crate) async fn forget_form_acts(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM form_act WHERE created_at < $1", args![before]).await
}
