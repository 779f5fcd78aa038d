//! Every statement of the store and the books read through it, told on both engines.

use iljari_base::{Actor, Clock as _, Date, DistrictCode, FixedClock, Id, SeededEntropy, Stop, Year};
use iljari_store::testing::{both, script};
use iljari_store::{Act, Engine, Store, Tx, args};

use super::files;
use crate::books::{Books, as_of};
use crate::store::{self, DistrictRow, PlanFile};

/// Makes files that repeat themselves.
struct Maker {
    clock: FixedClock,
    entropy: SeededEntropy,
}

impl Maker {
    fn new() -> Self {
        let clock = FixedClock::at(Date::new(2026, 3, 27).expect("a day").at_hour(9));
        Self { clock, entropy: SeededEntropy::new("plan files") }
    }

    fn file(&self, file_name: &str, body: &[u8]) -> PlanFile {
        PlanFile {
            id: Id::fresh(&self.clock, &self.entropy),
            kind: "종합계획".to_owned(),
            reference: "종합-2023".to_owned(),
            file_name: file_name.to_owned(),
            sha256: "ab".repeat(32),
            body: body.to_vec(),
            adopted_by: Actor::Officer(Id::fresh(&self.clock, &self.entropy)),
            adopted_at: self.clock.now(),
        }
    }
}

fn code(text: &str) -> DistrictCode {
    text.parse().expect("a code")
}

async fn on(store: &Store, story: impl for<'t> FnOnce(&'t mut Tx) -> Act<'t, ()> + Send + 'static) {
    store.write(story).await.expect("the story's statements");
}

fn bodies(files: &[PlanFile]) -> Vec<&[u8]> {
    files.iter().map(|file| file.body.as_slice()).collect()
}

#[tokio::test]
async fn districts_are_listed_with_the_real_ones_first_and_may_be_renamed() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let at = Maker::new().clock.now();
                let row = |number: &str, name: &str, is_sample| DistrictRow {
                    code: code(number),
                    name: name.to_owned(),
                    is_sample,
                };
                assert_eq!(store::districts(tx).await?, []);
                let all = [row("11215", "광진구", false), row("11380", "은평구", false), row("10001", "가람구", true)];
                for district in all.iter().rev() {
                    store::put_district(tx, district, at).await?;
                }
                assert_eq!(store::districts(tx).await?, all);
                store::put_district(tx, &row("11215", "새광진구", false), at).await?;
                let names: Vec<String> = store::districts(tx).await?.into_iter().map(|row| row.name).collect();
                assert_eq!(names, ["새광진구", "은평구", "가람구"]);
                Ok(())
            })
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn the_newest_file_of_a_name_is_in_force_and_every_older_one_is_kept() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let (naru, garam) = (code("99001"), code("99002"));
                assert_eq!(store::newest_seq(tx, &naru).await?, 0);
                assert_eq!(store::files_in_force(tx, &naru).await?, []);
                let term = make.file("term.yaml", b"first");
                assert_eq!(store::insert_file(tx, &naru, &term).await?, 1);
                // Bytes are bytes: a zero, a broken letter, nothing at all.
                let year = make.file("year.yaml", b"\x00\xff\xed\xa0\x80");
                assert_eq!(store::insert_file(tx, &naru, &year).await?, 2);
                assert_eq!(store::insert_file(tx, &naru, &make.file("term.yaml", b"second")).await?, 3);
                assert_eq!(store::insert_file(tx, &garam, &make.file("term.yaml", b"")).await?, 1);
                assert_eq!(store::newest_seq(tx, &naru).await?, 3);

                assert_eq!(bodies(&store::files_in_force(tx, &naru).await?), [b"second".as_slice(), &year.body]);
                assert_eq!(store::files_in_force_at(tx, &naru, 2).await?, [term.clone(), year.clone()], "as it was");
                assert_eq!(store::files_in_force_at(tx, &naru, 1).await?, std::slice::from_ref(&term));
                assert_eq!(store::files_in_force_at(tx, &naru, 0).await?, []);
                assert_eq!(bodies(&store::files(tx, &naru).await?), [b"first".as_slice(), &year.body, b"second"]);
                assert_eq!(bodies(&store::files(tx, &garam).await?), [b"".as_slice()], "each district its own");
                Ok(())
            })
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_adopted_file_is_never_changed_or_deleted() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                store::insert_file(tx, &code("99001"), &Maker::new().file("term.yaml", b"first")).await?;
                Ok(())
            })
        })
        .await;
        for fault in ["UPDATE plan_file SET file_name = file_name", "DELETE FROM plan_file"] {
            let told = store.write(move |tx| Box::pin(async move { Ok(tx.execute(fault, args![]).await?) })).await;
            assert!(told.expect_err(fault).to_string().contains("a trigger refused it"), "{fault}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_by_nobody_is_told_with_its_table_and_column() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                store::insert_file(tx, &code("99001"), &Maker::new().file("term.yaml", b"first")).await?;
                Ok(())
            })
        })
        .await;
        let unlock = match store.engine() {
            Engine::Sqlite => "DROP TRIGGER plan_file_no_update",
            Engine::Postgres => "DROP TRIGGER plan_file_no_change ON plan_file",
        };
        script(&store, unlock).await.expect("unlocked");
        script(&store, "UPDATE plan_file SET adopted_by = 'somebody'").await.expect("changed");
        let read = store.read(|tx| Box::pin(async move { store::files(tx, &code("99001")).await })).await;
        let Err(Stop::Inconsistent(found)) = read else { panic!("an unknown hand was read: {read:?}") };
        assert_eq!((found.table, found.column.as_str(), found.row.as_str()), ("plan_file", "adopted_by", "somebody"));
    })
    .await;
}

#[tokio::test]
async fn a_book_is_read_once_and_anew_when_a_newer_file_comes() {
    both(async |store: Store| {
        let naru = code("99001");
        let books = Books::new();
        assert!(books.of(&store, &naru).await.expect("read").is_none(), "no such district");
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                for (name, body) in files("naru").into_iter().filter(|(name, _)| name != "year-2026.yaml") {
                    store::insert_file(tx, &code("99001"), &make.file(&name, &body)).await?;
                }
                Ok(())
            })
        })
        .await;
        let first = books.of(&store, &naru).await.expect("read").expect("a book");
        let again = books.clone().of(&store, &naru).await.expect("read").expect("a book");
        assert!(std::sync::Arc::ptr_eq(&first, &again), "clones share what was read");
        assert_eq!(first.yearly_plans(Year(2026)).count(), 0);
        let before =
            store.read(|tx| Box::pin(async move { store::newest_seq(tx, &code("99001")).await })).await.expect("read");
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                // Another second, so that ids differ from those of the first files.
                make.clock.advance_seconds(60);
                let year = files("naru").into_iter().find(|(name, _)| name == "year-2026.yaml").expect("a file");
                store::insert_file(tx, &code("99001"), &make.file(&year.0, &year.1)).await?;
                Ok(())
            })
        })
        .await;
        let newer = books.of(&store, &naru).await.expect("read").expect("a book");
        assert_eq!(newer.yearly_plans(Year(2026)).count(), 1);
        let old = store
            .read(move |tx| Box::pin(async move { as_of(tx, &code("99001"), before).await }))
            .await
            .expect("the book as it stood");
        assert_eq!(old.plans.len(), first.plans.len());
        // Files that no longer read are our own fault, not a district that is not here.
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                make.clock.advance_seconds(120);
                store::insert_file(tx, &code("99001"), &make.file("district.yaml", b"\xff")).await?;
                Ok(())
            })
        })
        .await;
        let told = books.of(&store, &naru).await;
        assert!(matches!(told, Err(Stop::Failed(_))), "{told:?}");
    })
    .await;
}
