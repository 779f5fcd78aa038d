//! The forms behind acts: the mark is kept with the act or not at all.

use std::sync::Arc;

use iljari_base::{DistrictCode, Failure, Id, Outcome, Refusal, id};
use iljari_store::once::{self, Form, Known};
use iljari_store::testing::both;
use iljari_store::{Store, set_setting};

use crate::{make_notes, now};

fn district() -> DistrictCode {
    "11215".parse().expect("a code")
}

fn officer() -> Id<id::Officer> {
    "ofc_00000000000000000000000001".parse().expect("an id")
}

fn form(act: &str) -> Arc<Form> {
    Arc::new(Form::new(district(), officer(), act.to_owned(), "body".to_owned(), now()))
}

/// An act that changes one word, and comes to this end.
async fn write(store: &Store, word: &'static str, end: fn() -> Outcome<()>) -> Outcome<()> {
    store
        .write(move |tx| {
            Box::pin(async move {
                set_setting(tx, "word", word, now()).await?;
                end()
            })
        })
        .await
}

async fn known(store: &Store, act: &'static str) -> Option<Known> {
    let look = store.read(move |tx| Box::pin(async move { once::known(tx, &district(), act).await }));
    look.await.expect("a look")
}

async fn word(store: &Store) -> Option<String> {
    let look = store.read(|tx| Box::pin(async move { Ok(iljari_store::setting(tx, "word").await?) }));
    look.await.expect("a look")
}

#[tokio::test]
async fn an_act_and_the_mark_of_its_form_are_kept_together_or_not_at_all() {
    both(async |store: Store| {
        let ends: [fn() -> Outcome<()>; 3] = [
            || Err(Refusal::new("not-today", "", "오늘은 쓸 수 없습니다.").into()),
            || Err(Failure::new("out of ink").into()),
            || panic!("the pen broke"),
        ];
        for end in ends {
            let sent = form("a");
            assert!(once::as_form(Arc::clone(&sent), write(&store, "하나", end)).await.is_err());
            assert!(!sent.is_done() && !sent.was_taken());
            assert_eq!((known(&store, "a").await, word(&store).await), (None, None));
        }
        let sent = form("a");
        once::as_form(Arc::clone(&sent), write(&store, "하나", || Ok(()))).await.expect("written");
        assert!(sent.is_done());
        let kept = known(&store, "a").await.expect("marked");
        assert_eq!(kept, Known { officer: officer(), body: "body".to_owned(), at: now(), answer: None });

        // The same form once more, as another node would bring it: nothing of it is kept.
        let again = form("a");
        let refused = once::as_form(Arc::clone(&again), write(&store, "둘", || Ok(()))).await;
        assert!(refused.expect_err("refused").has("form-already-used"));
        assert!(again.was_taken() && !again.is_done());
        assert_eq!(word(&store).await.as_deref(), Some("하나"));

        // Several acts of one form are one form's; acts aside and acts of no form leave no mark.
        let several = form("b");
        once::as_form(Arc::clone(&several), async {
            once::aside(write(&store, "둘", || Ok(()))).await.expect("aside");
            assert!(!several.is_done());
            write(&store, "셋", || Ok(())).await.expect("the first");
            write(&store, "넷", || Ok(())).await.expect("the second");
        })
        .await;
        assert!(several.is_done() && known(&store, "b").await.is_some());
        assert_eq!(word(&store).await.as_deref(), Some("넷"));
    })
    .await;
}

#[tokio::test]
async fn a_look_that_is_written_down_leaves_no_mark() {
    both(async |store: Store| {
        make_notes(&store).await;
        let sent = form("a");
        let looked = once::as_form(Arc::clone(&sent), async {
            store
                .write(|tx| {
                    Box::pin(async move {
                        tx.execute(
                            "INSERT INTO sign_in_lane (lane, failures, last_at, next_at, created_at)
                             VALUES ($1, 1, $2, $2, $2)",
                            iljari_store::args!["lane", now()],
                        )
                        .await?;
                        Ok(())
                    })
                })
                .await
        });
        looked.await.expect("written down");
        assert!(!sent.is_done() && known(&store, "a").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_kept_beside_the_act_and_forgotten_with_it() {
    both(async |store: Store| {
        once::as_form(form("a"), write(&store, "하나", || Ok(()))).await.expect("written");
        let keep = store.write(|tx| {
            Box::pin(async move { once::keep_answer(tx, &district(), "a", (303, Some("/office/calls/3"))).await })
        });
        keep.await.expect("kept");
        let answer = known(&store, "a").await.expect("marked").answer;
        assert_eq!(answer, Some((303, Some("/office/calls/3".to_owned()))));
        for (before, forgotten) in [(now(), 0), (now().plus_seconds(1), 1)] {
            let gone = store.write(move |tx| Box::pin(once::forget_before(tx, before))).await.expect("forgotten");
            assert_eq!(gone, forgotten);
        }
        assert_eq!(known(&store, "a").await, None);
    })
    .await;
}
