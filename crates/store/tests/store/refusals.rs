//! What the database says no with, told the same on both engines.

use iljari_base::Refusal;
use iljari_store::testing::{both, script};
use iljari_store::{DbError, Engine, OnUnique as _, Store, args};

use crate::{failure, make_notes, note, notes};

/// Runs one statement and gives the database's answer.
async fn answer(store: &Store, sql: &'static str) -> Option<DbError> {
    let (told, heard) = tokio::sync::oneshot::channel();
    let _failed = store
        .write(move |tx| {
            Box::pin(async move {
                let answer = tx.execute(sql, args![]).await;
                told.send(answer.err()).expect("somebody listens");
                Ok(())
            })
        })
        .await;
    heard.await.expect("an answer")
}

fn constraint(answer: Option<DbError>) -> String {
    match answer {
        Some(DbError::Unique { constraint }) => constraint,
        other => panic!("a unique violation was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_unique_violation_names_its_constraint() {
    both(async |store: Store| {
        make_notes(&store).await;
        let more = "
            CREATE TABLE part (district TEXT NOT NULL, id TEXT NOT NULL, word TEXT, of_note BIGINT, PRIMARY KEY (district, id));
            CREATE UNIQUE INDEX part_one_open ON part (of_note) WHERE word IS NULL;
            CREATE UNIQUE INDEX part_one_lower ON part (lower(word));";
        script(&store, more).await.expect("another table");
        note(&store, 1, "하나").await.expect("a note");
        let insert = "INSERT INTO part (district, id, word, of_note) VALUES ('11215', 'a', 'A', 7), ('11215', 'b', NULL, 8)";
        assert!(answer(&store, insert).await.is_none());

        let same_word = "INSERT INTO note (id, district, word, line) VALUES (2, '11215', '하나', 2)";
        assert_eq!(constraint(answer(&store, same_word).await), "note_one_word");
        let same_id = "INSERT INTO note (id, district, word, line) VALUES (1, '11215', '둘', 2)";
        assert_eq!(constraint(answer(&store, same_id).await), "note_pkey");
        let same_line = "INSERT INTO note (id, district, word, line) VALUES (2, '11215', '둘', 1)";
        assert_eq!(constraint(answer(&store, same_line).await), "note_district_line_key");
        let same_pair = "INSERT INTO part (district, id, word, of_note) VALUES ('11215', 'a', 'C', 9)";
        assert_eq!(constraint(answer(&store, same_pair).await), "part_pkey");
        let second_open = "INSERT INTO part (district, id, of_note) VALUES ('11215', 'c', 8)";
        assert_eq!(constraint(answer(&store, second_open).await), "part_one_open");
        let same_letters = "INSERT INTO part (district, id, word, of_note) VALUES ('11215', 'c', 'a', 9)";
        assert_eq!(constraint(answer(&store, same_letters).await), "part_one_lower");
    })
    .await;
}

#[tokio::test]
async fn a_unique_violation_becomes_a_refusal_where_an_act_answers_for_it() {
    both(async |store: Store| {
        make_notes(&store).await;
        note(&store, 1, "하나").await.expect("a note");
        let again = |wanted: &'static str| {
            store.write(move |tx| {
                Box::pin(async move {
                    let insert = "INSERT INTO note (id, district, word, line) VALUES (2, '11215', '하나', 2)";
                    tx.execute(insert, args![]).await.on_unique(wanted, || {
                        Refusal::new("word-taken", "", "같은 낱말이 있습니다. 다른 낱말을 씁니다.")
                    })?;
                    Ok(())
                })
            })
        };
        assert!(again("note_one_word").await.expect_err("a refusal").has("word-taken"));
        assert!(failure(again("note_one_other").await).contains("note_one_word"));
        assert_eq!(notes(&store).await, vec![1]);
    })
    .await;
}

#[tokio::test]
async fn a_trigger_refuses_in_its_own_words() {
    both(async |store: Store| {
        make_notes(&store).await;
        let trigger = match store.engine() {
            Engine::Sqlite => {
                "CREATE TRIGGER note_stays BEFORE DELETE ON note
                 BEGIN
                     SELECT RAISE(ABORT, '쓴 것은 지우지 않습니다');
                 END;
                 CREATE TRIGGER note_as_is BEFORE UPDATE ON note
                 BEGIN
                     SELECT RAISE(ABORT, '쓴 것은 고치지 않습니다');
                 END;"
            }
            Engine::Postgres => {
                "CREATE FUNCTION note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN
                     IF TG_OP = 'DELETE' THEN
                         RAISE EXCEPTION '쓴 것은 지우지 않습니다';
                     END IF;
                     RAISE EXCEPTION '쓴 것은 고치지 않습니다';
                 END;
                 $$;
                 CREATE TRIGGER note_stays BEFORE DELETE OR UPDATE ON note FOR EACH ROW EXECUTE FUNCTION note_stays();"
            }
        };
        script(&store, trigger).await.expect("triggers");
        note(&store, 1, "하나").await.expect("a note");
        for (sql, words) in [
            ("DELETE FROM note", "쓴 것은 지우지 않습니다"),
            ("UPDATE note SET word = '둘' WHERE id = 1", "쓴 것은 고치지 않습니다"),
        ] {
            match answer(&store, sql).await {
                Some(DbError::Refused { message }) => assert_eq!(message, words),
                other => panic!("{sql}: {other:?}"),
            }
        }
        assert_eq!(notes(&store).await, vec![1]);
    })
    .await;
}

#[tokio::test]
async fn foreign_keys_and_other_rules_hold() {
    both(async |store: Store| {
        make_notes(&store).await;
        let child = "CREATE TABLE remark (
            id BIGINT NOT NULL PRIMARY KEY,
            note_id BIGINT NOT NULL REFERENCES note (id),
            size BIGINT NOT NULL CHECK (size > 0)
        );";
        script(&store, child).await.expect("a table");
        note(&store, 1, "하나").await.expect("a note");
        assert!(answer(&store, "INSERT INTO remark VALUES (1, 1, 1)").await.is_none());
        let orphan = answer(&store, "INSERT INTO remark VALUES (2, 9, 1)").await;
        assert!(matches!(orphan, Some(DbError::ForeignKey)), "{orphan:?}");
        let parent = answer(&store, "DELETE FROM note").await;
        assert!(matches!(parent, Some(DbError::ForeignKey)), "{parent:?}");
        let check = answer(&store, "INSERT INTO remark VALUES (2, 1, 0)").await;
        assert!(matches!(check, Some(DbError::Failed(_))), "{check:?}");
        let null = answer(&store, "INSERT INTO remark VALUES (2, 1, NULL)").await;
        assert!(matches!(null, Some(DbError::Failed(_))), "{null:?}");
    })
    .await;
}
