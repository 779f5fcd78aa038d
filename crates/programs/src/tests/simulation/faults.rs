//! What breaks: a table that takes no row in the middle of an act, a program that stops and starts again.

use iljari_base::Outcome;
use iljari_store::testing::script;
use iljari_store::{Store, args};

use super::{Year, allowed};
use crate::chores;
use crate::tests::Desk;

/// Tables that break under an act. Each act writes into one of them after it has written elsewhere.
const BREAK: [&str; 9] = [
    "access_log",
    "entry",
    "program_application",
    "program_consent",
    "program_contact",
    "program_participation",
    "program_points",
    "program_round",
    "program_seat",
];

/// Tables whose every row is held against itself before and after.
const HELD: [&str; 29] = [
    "access_log",
    "entry",
    "total",
    "staged",
    "seal",
    "sealed_leaf",
    "disclosure",
    "people_book",
    "resident",
    "resident_tag",
    "resident_box",
    "resident_pair",
    "program_call",
    "program_pool",
    "program_place",
    "program_application",
    "program_consent",
    "program_evidence",
    "program_document",
    "program_round",
    "program_run",
    "program_standing",
    "program_points",
    "program_seat",
    "program_offer",
    "program_contact",
    "program_objection",
    "program_participation",
    "program_attendance",
];

/// Every value of every held table, in the order of the rows.
async fn everything(store: &Store) -> String {
    let read = store.read(|tx| {
        Box::pin(async move {
            let mut all = String::new();
            for table in HELD {
                let columns = tx.fetch_all("SELECT name FROM pragma_table_info($1) ORDER BY cid", args![table]).await?;
                let columns: Vec<String> =
                    columns.iter().map(|row| Ok(format!("quote({})", row.text("name")?))).collect::<Outcome<_>>()?;
                assert!(!columns.is_empty(), "there is no table {table}");
                let line = columns.join(" || '|' || ");
                let sql = format!("SELECT {line} AS line FROM {table} ORDER BY rowid");
                for row in tx.fetch_all(&sql, args![]).await? {
                    all.push_str(&row.text("line")?);
                    all.push('\n');
                }
            }
            Ok(all)
        })
    });
    read.await.expect("read")
}

impl Year {
    /// Does an act. Now and then a table breaks under it first; what was refused or broken has left nothing.
    pub(super) async fn act<T>(&mut self, act: impl AsyncFn(&Desk) -> Outcome<T>) -> Option<T> {
        if self.dice.one_in(20) {
            let table = *self.dice.pick(&BREAK).expect("a table");
            let store = self.desk.office.store.clone();
            let before = everything(&store).await;
            for what in ["INSERT", "UPDATE"] {
                let sql = format!(
                    "CREATE TRIGGER broken_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'the disk broke'); END"
                );
                script(&store, &sql).await.expect("broken");
            }
            let outcome = act(&self.desk).await;
            for what in ["INSERT", "UPDATE"] {
                script(&store, &format!("DROP TRIGGER broken_{what}")).await.expect("mended");
            }
            match outcome {
                // It needs that table not at all.
                Ok(value) => return Some(value),
                Err(stop) => {
                    assert!(
                        before == everything(&store).await,
                        "an act that broke at {table} left something: {stop:?}"
                    );
                    self.tell("fault");
                }
            }
        }
        allowed(act(&self.desk).await)
    }

    /// An act that nothing stands against.
    pub(super) async fn must<T>(&mut self, act: impl AsyncFn(&Desk) -> Outcome<T>) -> T {
        self.act(act).await.expect("nothing stands against it")
    }

    /// The program stops and starts again over the same files. Now and then what it published was lost meanwhile.
    pub(super) async fn restart(&mut self) {
        self.desk.office.store.close().await;
        let file = self.folder.path().join("iljari.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("opened again");
        store.migrate().await.expect("nothing to migrate");
        self.desk.over(store).await;
        let lost = self.dice.one_in(3) && self.desk.office.published.exists();
        let before = lost.then(|| self.export());
        if lost {
            std::fs::remove_dir_all(&self.desk.office.published).expect("lost");
        }
        let office = self.desk.office.clone();
        iljari_people::residents::rotate_keys(&office).await.expect("the week's keys");
        chores::run(&office).await.expect("the chores");
        iljari_ledger::seal::catch_up_memory(&office, &self.desk.code).await.expect("caught up");
        iljari_ledger::publish::publish(&office, &self.desk.code).await.expect("published");
        if let Some(before) = before {
            assert_eq!(self.export(), before, "what was published comes back as it was");
        }
        self.tell("restart");
    }
}
