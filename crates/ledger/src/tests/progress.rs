//! How a year goes, told on both engines: sums by month, corrections, and the office's two pages.

use iljari_base::{Date, Year};
use iljari_disclosure::log::words::{Field, Unit, Why};
use iljari_disclosure::plan::ROOT;
use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, period};
use crate::progress::course::month_sums;
use crate::progress::{restated, year};
use crate::store;

#[tokio::test]
async fn a_year_is_added_up_by_months_with_its_corrections() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1-2", 2026, (1, 3), 40).await;
        desk.enter("1-1-1-2", 2026, (4, 6), 63).await;
        let wrong = desk.enter("1-1-1-2", 2026, (7, 9), 58).await;
        desk.enter("1-1-1-2", 2025, (1, 12), 200).await;
        desk.correct(&wrong.leaf_id, 50).await;
        desk.correct(&wrong.leaf_id, 52).await;
        let code = desk.code.clone();
        let (sums, corrections, of_file) = desk
            .office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let sums = month_sums(tx, &code, (Year(2026), Year(2026))).await?.0;
                    let corrections = store::corrections_of_year(tx, &code, Year(2026)).await?;
                    Ok((sums, corrections, store::corrections_of_year(tx, &code, Year(2025)).await?))
                })
            })
            .await
            .expect("read");
        let told: Vec<_> = sums.iter().map(|sum| (sum.period, sum.amount, sum.entries)).collect();
        let quarters = [(1, 3), (4, 6), (7, 9)].map(|months| period(2026, months));
        assert_eq!(told, [(quarters[0], 40, 1), (quarters[1], 63, 1), (quarters[2], 52, 3)]);
        assert!(sums.iter().all(|sum| sum.node == "1-1-1-2" && sum.unit == Unit::Jobs && sum.field == Field::Direct));
        assert!(sums[2].newest >= sums[0].newest);
        assert_eq!(of_file, []);
        let said_again = restated::from_corrections(&corrections);
        let pairs: Vec<_> = said_again.iter().map(|one| (one.old, one.new, one.why)).collect();
        assert_eq!(pairs, [(58, 50, Some(Why::Duplicate)), (50, 52, Some(Why::Duplicate))]);
    })
    .await;
}

#[tokio::test]
async fn a_year_read_at_one_moment_judges_every_node() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1-2", 2026, (1, 9), 90).await;
        let books = iljari_plans::Books::new();
        let code = desk.code.clone();
        let (book, read) = desk
            .office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let book = books.within(tx, &code).await?.expect("a book");
                    let read = year::read(tx, &book, Year(2026)).await?;
                    Ok((book, read))
                })
            })
            .await
            .expect("read");
        let today = Date::new(2026, 11, 20).expect("a day");
        let (_, judgement) = read.judgement(&book, today).expect("a judgement");
        let row = |id: &str| judgement.rows.iter().find(|row| row.id == id).expect("a row");
        assert_eq!(row("1-1-1-2").pace.actual, Some(90));
        assert_eq!((row("1-1").pace.actual, judgement.whole.actual), (Some(90), Some(90)));
        assert_eq!(judgement.course(ROOT, Year(2026)).and_then(|course| course.at(9)), Some(90));
        assert!(judgement.whole.misses(), "90 of thousands by September");
        assert_eq!(row("2-1").pace.actual, None, "not 0");
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_in_memory_follows_what_is_entered_and_never_what_is_undone() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let sums = async || {
            let code = desk.code.clone();
            let look = desk
                .office
                .store
                .read(move |tx| Box::pin(async move { Ok(month_sums(tx, &code, (Year(2026), Year(2026))).await?.0) }));
            look.await.expect("read").iter().map(|sum| sum.amount).collect::<Vec<_>>()
        };
        assert!(sums().await.is_empty());
        desk.enter("1-1-1-2", 2026, (1, 3), 40).await;
        assert_eq!(sums().await, [40]);
        desk.enter("1-1-1-2", 2026, (4, 6), 63).await;
        assert_eq!(sums().await, [40, 63]);
        // An act sees its own entry; nobody else does once it is undone.
        let staged = desk
            .record_as(
                &desk.writer,
                &super::facts("1-1-1-2"),
                super::number(2026, (7, 9), super::Figure::Own(7), "부서 취합표"),
            )
            .await
            .expect("written");
        let (cx, viewer, id, code) = (desk.cx(&desk.checker), desk.checker.clone(), staged.id, desk.code.clone());
        let undone: iljari_base::Outcome<()> = desk
            .write(move |tx| {
                Box::pin(async move {
                    crate::record::confirm(tx, &cx, &viewer, id).await?;
                    let seen = month_sums(tx, &code, (Year(2026), Year(2026))).await?.0;
                    assert_eq!(seen.iter().map(|sum| sum.amount).collect::<Vec<_>>(), [40, 63, 7]);
                    assert!(tx.memory().is_none());
                    Err(iljari_base::Refusal::new("undone", "", "없던 일로 합니다.").into())
                })
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(sums().await, [40, 63]);
        desk.confirm(&desk.checker, &staged).await.expect("confirmed");
        assert_eq!(sums().await, [40, 63, 7]);
        // A look that began before the newest entries does not see them, whoever has read them meanwhile.
        let (office, code) = (desk.office.clone(), desk.code.clone());
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go_on, may_go_on) = tokio::sync::oneshot::channel();
        let early = tokio::spawn(async move {
            let look = office.store.read(move |tx| {
                Box::pin(async move {
                    store::newest_entry(tx, &code).await?;
                    begun.send(()).expect("awaited");
                    may_go_on.await.expect("told");
                    Ok(month_sums(tx, &code, (Year(2026), Year(2026))).await?.0)
                })
            });
            look.await.expect("read").iter().map(|sum| sum.amount).collect::<Vec<_>>()
        });
        has_begun.await.expect("begun");
        desk.enter("1-1-1-2", 2026, (10, 10), 9).await;
        assert_eq!(sums().await, [40, 63, 7, 9]);
        go_on.send(()).expect("awaited");
        assert_eq!(early.await.expect("read"), [40, 63, 7]);
        assert_eq!(sums().await, [40, 63, 7, 9]);
    })
    .await;
}
