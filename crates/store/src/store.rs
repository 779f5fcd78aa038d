//! Every statement on the table `setting`: the few facts an office's database knows about itself.
//!
//! Not a place for configuration: that is given on the command line. Here stands what must travel
//! with the data, e.g. `made_by`.

use iljari_base::Timestamp;

use crate::{DbError, Tx, args};

/// The value of a setting; `None` when it was never set.
pub async fn setting(tx: &mut Tx, key: &str) -> Result<Option<String>, DbError> {
    let row = tx.fetch_opt("SELECT key, value FROM setting WHERE key = $1", args![key]).await?;
    row.map(|row| row.text("value")).transpose().map_err(|bad| DbError::Failed(iljari_base::Failure::new(bad)))
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
