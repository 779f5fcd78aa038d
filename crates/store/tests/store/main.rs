//! What the seam promises, told on both engines.

#![expect(clippy::expect_used, reason = "helpers of tests fail loudly too")]

mod acts;
mod answers;
mod faults;
mod kept;
mod migrations;
mod once;
mod refusals;
mod shapes;

use iljari_base::{Outcome, Stop, Timestamp};
use iljari_store::{Store, args};

/// A table that only these stories need.
const NOTE: &str = "
    CREATE TABLE note (
        id BIGINT NOT NULL PRIMARY KEY,
        district TEXT NOT NULL,
        word TEXT NOT NULL,
        line BIGINT NOT NULL,
        UNIQUE (district, line)
    );
    CREATE UNIQUE INDEX note_one_word ON note (district, word);";

/// An instant for what is written.
fn now() -> Timestamp {
    Timestamp::from_microsecond(1_790_000_000_000_000)
}

/// Makes the table.
async fn make_notes(store: &Store) {
    iljari_store::testing::script(store, NOTE).await.expect("a table for notes");
}

/// Writes a note in an act of its own.
async fn note(store: &Store, id: i64, word: &str) -> Outcome<()> {
    let word = word.to_owned();
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.execute(
                    "INSERT INTO note (id, district, word, line) VALUES ($1, $2, $3, $4)",
                    args![id, "11215", word, id],
                )
                .await?;
                Ok(())
            })
        })
        .await
}

/// The ids of the notes that are there.
async fn notes(store: &Store) -> Vec<i64> {
    store
        .read(|tx| {
            Box::pin(async move {
                let rows = tx.fetch_all("SELECT id FROM note ORDER BY id", args![]).await?;
                Ok(rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>, _>>()?)
            })
        })
        .await
        .expect("the notes are read")
}

/// The words of a failure.
fn failure<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Stop::Failed(failure)) => failure.to_string(),
        other => panic!("a failure was expected, not {other:?}"),
    }
}
