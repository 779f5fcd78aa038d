//! Looks and rows: one picture, typed values, faults that name their place.

use std::sync::Arc;

use iljari_base::{Date, DistrictCode, Id, Month, Stop, Timestamp, Year, id};
use iljari_store::testing::both;
use iljari_store::{Engine, Store, args, set_setting, setting};
use tokio::sync::Notify;

use crate::{failure, make_notes, note, notes, now};

/// The address of a PostgreSQL story's database, for a second node.
pub(crate) async fn address_of(store: &Store) -> String {
    let name = store
        .read(|tx| {
            Box::pin(async move { Ok(tx.fetch_one("SELECT current_database() AS name", args![]).await?.text("name")?) })
        })
        .await
        .expect("the database's name");
    iljari_store::testing::postgres_database(&name)
}

#[tokio::test]
async fn a_look_sees_one_picture_and_nothing_uncommitted() {
    both(async |store: Store| {
        make_notes(&store).await;
        note(&store, 1, "하나").await.expect("the first note");
        let (written, keep) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let act = {
            let (store, written, keep) = (store.clone(), Arc::clone(&written), Arc::clone(&keep));
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            let insert = "INSERT INTO note (id, district, word, line) VALUES (2, '11215', '둘', 2)";
                            tx.execute(insert, args![]).await?;
                            written.notify_one();
                            keep.notified().await;
                            Ok(())
                        })
                    })
                    .await
            })
        };
        written.notified().await;
        assert_eq!(notes(&store).await, vec![1], "an uncommitted note was seen");

        // A look that began before the commit keeps its picture after it.
        let (looked, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let look = {
            let (store, looked, go_on) = (store.clone(), Arc::clone(&looked), Arc::clone(&go_on));
            tokio::spawn(async move {
                store
                    .read(move |tx| {
                        Box::pin(async move {
                            let count = "SELECT count(*) AS notes FROM note";
                            let before = tx.fetch_one(count, args![]).await?.int("notes")?;
                            looked.notify_one();
                            go_on.notified().await;
                            let after = tx.fetch_one(count, args![]).await?.int("notes")?;
                            Ok((before, after))
                        })
                    })
                    .await
            })
        };
        looked.notified().await;
        keep.notify_one();
        act.await.expect("the act ran").expect("the act was kept");
        go_on.notify_one();
        assert_eq!(look.await.expect("the look ran").expect("the look was answered"), (1, 1));
        assert_eq!(notes(&store).await, vec![1, 2]);
    })
    .await;
}

#[tokio::test]
async fn writing_in_a_look_fails() {
    both(async |store: Store| {
        make_notes(&store).await;
        for statement in
            ["INSERT INTO note (id, district, word, line) VALUES (1, '11215', '하나', 1)", "DROP TABLE note"]
        {
            let outcome = store
                .read(move |tx| {
                    Box::pin(async move {
                        tx.execute(statement, args![]).await?;
                        Ok(())
                    })
                })
                .await;
            let words = failure(outcome);
            assert!(words.contains("read-only") || words.contains("readonly"), "{words}");
        }
        assert!(notes(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_value_crosses_and_comes_back() {
    both(async |store: Store| {
        let (yes, blob) = match store.engine() {
            Engine::Sqlite => ("INTEGER", "BLOB"),
            Engine::Postgres => ("BOOLEAN", "BYTEA"),
        };
        let table = format!(
            "CREATE TABLE thing (id TEXT NOT NULL PRIMARY KEY, district TEXT, at_text TEXT, on_text TEXT, year BIGINT,
             month INTEGER, yes {yes}, bytes {blob}, absent TEXT, no_number BIGINT, no_bytes {blob}, no_yes {yes})"
        );
        iljari_store::testing::script(&store, &table).await.expect("a table");
        let id: Id<id::Entry> = "ent_00000000000000000000000001".parse().expect("an id");
        let district: DistrictCode = "11215".parse().expect("a district");
        let day = Date::new(2026, 11, 23).expect("a day");
        let month = Month::new(2026, 11).expect("a month");
        let row = {
            let district = district.clone();
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let insert = "INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
                        let changed = tx
                            .execute(
                                insert,
                                args![
                                    id,
                                    &district,
                                    now(),
                                    day,
                                    Year(2026),
                                    month,
                                    true,
                                    vec![0_u8, 255],
                                    None::<String>,
                                    None::<i64>,
                                    None::<Vec<u8>>,
                                    None::<bool>,
                                ],
                            )
                            .await?;
                        assert_eq!(changed, 1);
                        Ok(tx.fetch_one("SELECT * FROM thing WHERE id = $1", args![&id]).await?)
                    })
                })
                .await
                .expect("written and read")
        };
        assert_eq!(row.parse::<Id<id::Entry>>("id"), Ok(id));
        assert_eq!(row.parse::<DistrictCode>("district"), Ok(district));
        assert_eq!(row.parse::<Timestamp>("at_text"), Ok(now()));
        assert_eq!(row.parse::<Date>("on_text"), Ok(day));
        assert_eq!(row.year("year"), Ok(Year(2026)));
        assert_eq!(row.month("month"), Ok(month));
        assert_eq!(row.bool("yes"), Ok(true));
        assert_eq!(row.blob("bytes"), Ok(vec![0, 255]));
        assert_eq!(row.opt_text("absent"), Ok(None));
        assert_eq!(row.opt_int("no_number"), Ok(None));
        assert_eq!(row.opt_blob("no_bytes"), Ok(None));
        assert_eq!(row.opt_bool("no_yes"), Ok(None));
        assert_eq!(row.opt_parse::<Date>("absent"), Ok(None));

        let bad = row.parse::<Date>("at_text").expect_err("an instant is no day");
        match Stop::from(bad) {
            Stop::Inconsistent(fault) => {
                assert_eq!(fault.table, "thing");
                assert!(fault.column.starts_with("at_text"));
                assert_eq!(fault.row, format!("id={id} district=11215"));
            }
            other => panic!("{other:?}"),
        }
        assert!(row.int("id").is_err());
        assert!(row.text("absent").is_err());
        assert!(row.text("not_selected").is_err());
    })
    .await;
}

#[tokio::test]
async fn sums_counts_and_conditions_are_read_alike() {
    both(async |store: Store| {
        make_notes(&store).await;
        for id in [1, 2, 40_000] {
            note(&store, id, &id.to_string()).await.expect("a note");
        }
        let row = store
            .read(|tx| {
                Box::pin(async move {
                    let sql = "SELECT sum(line) AS total, count(*) AS notes, max(word) AS last, sum(line) > $1 AS many,
                               $2 || $3 || $2 AS joined
                               FROM note";
                    Ok(tx.fetch_one(sql, args![5, "b", "a"]).await?)
                })
            })
            .await
            .expect("summed");
        assert_eq!(row.int("total"), Ok(40_003));
        assert_eq!(row.int("notes"), Ok(3));
        assert_eq!(row.text("last").as_deref(), Ok("40000"));
        assert_eq!(row.bool("many"), Ok(true));
        assert_eq!(row.text("joined").as_deref(), Ok("bab"));
    })
    .await;
}

#[tokio::test]
async fn text_sorts_by_code_point() {
    both(async |store: Store| {
        make_notes(&store).await;
        for (id, word) in ["나", "a", "Z", "가", "_", "1"].iter().enumerate() {
            note(&store, i64::try_from(id).expect("small"), word).await.expect("a note");
        }
        let words = store
            .read(|tx| {
                Box::pin(async move {
                    let rows = tx.fetch_all("SELECT word FROM note ORDER BY word", args![]).await?;
                    Ok(rows.iter().map(|row| row.text("word")).collect::<Result<Vec<_>, _>>()?)
                })
            })
            .await
            .expect("read");
        assert_eq!(words, ["1", "Z", "_", "a", "가", "나"]);
    })
    .await;
}

#[tokio::test]
async fn what_only_one_engine_would_take_is_refused_by_both() {
    both(async |store: Store| {
        make_notes(&store).await;
        let outcome = store
            .write(|tx| {
                Box::pin(async move {
                    let insert = "INSERT INTO note (id, district, word, line) VALUES ($1, $2, $3, $4)";
                    let too_few = tx.execute(insert, args![1, "11215", "하나"]).await;
                    assert!(too_few.is_err());
                    let nul = tx.execute(insert, args![1, "11215", "하\0나", 1]).await;
                    assert!(nul.is_err());
                    assert!(tx.fetch_one("SELECT id FROM note WHERE id = $1", args![1]).await.is_err());
                    assert!(tx.fetch_opt("SELECT 1 AS one UNION ALL SELECT 2", args![]).await.is_err());
                    Ok(())
                })
            })
            .await;
        outcome.expect("none of these reached the database, or it answered them");
        assert!(notes(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_setting_is_remembered_and_replaced() {
    both(async |store: Store| {
        let values = store
            .write(|tx| {
                Box::pin(async move {
                    let none = setting(tx, "made_by").await?;
                    set_setting(tx, "made_by", "demo", now()).await?;
                    set_setting(tx, "made_by", "office", now().plus_seconds(60)).await?;
                    let row = tx.fetch_one("SELECT created_at FROM setting WHERE key = $1", args!["made_by"]).await?;
                    Ok((none, setting(tx, "made_by").await?, row.parse::<Timestamp>("created_at")?))
                })
            })
            .await
            .expect("set");
        assert_eq!(values, (None, Some("office".to_owned()), now()));
    })
    .await;
}
