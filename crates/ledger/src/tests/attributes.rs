//! Tables by personal attributes: handed in by one, confirmed by another, hidden where they must be.

use std::sync::Arc;

use iljari_base::{Date, Id, Outcome, Year, id};
use iljari_disclosure::bundle::attributes::PublishedTable;
use iljari_disclosure::bundle::{self, Bundle, Options, verify};
use iljari_disclosure::log::words::{Attribute, Unit};
use iljari_disclosure::plan::District;
use iljari_disclosure::suppress::{Mark, Place};
use iljari_store::Store;
use iljari_store::testing::both;
use iljari_web::Viewer;

use super::{Desk, code_of};
use crate::attributes::{self, NewSheet};
use crate::disclose::{Wish, disclose};
use crate::model::{AttributeSheet, SheetState};
use crate::{publish, store};

fn place(node: &str, attribute: Attribute) -> Place {
    Place { year: Year(2026), unit: Unit::Jobs, attribute, node: node.parse().expect("a node") }
}

fn sheet(node: &str, attribute: Attribute, items: &[(&str, i64)]) -> NewSheet {
    let items = items.iter().map(|(item, n)| ((*item).to_owned(), *n)).collect();
    NewSheet { place: place(node, attribute), items, remark: "부서 취합표".to_owned() }
}

fn sexes(node: &str, men: i64, women: i64) -> NewSheet {
    sheet(node, Attribute::Sex, &[("남성", men), ("여성", women)])
}

fn ages(node: &str, numbers: [i64; 3]) -> NewSheet {
    let [young, middle, old] = numbers;
    sheet(node, Attribute::Age, &[("15~29세", young), ("30~59세", middle), ("60세 이상", old)])
}

impl Desk {
    async fn book(&self) -> Arc<District> {
        let books = iljari_plans::Books::new();
        books.of(&self.office.store, &self.code).await.expect("read").expect("a book")
    }

    async fn hand_in(&self, by: &Viewer, new: NewSheet) -> Outcome<Id<id::AttributeSheet>> {
        let (cx, book) = (self.cx(by), self.book().await);
        self.write(move |tx| Box::pin(async move { attributes::hand_in(tx, &cx, &book, &new).await })).await
    }

    async fn confirm_sheet(&self, by: &Viewer, id: Id<id::AttributeSheet>) -> Outcome<()> {
        let (cx, viewer, book) = (self.cx(by), by.clone(), self.book().await);
        self.write(move |tx| Box::pin(async move { attributes::confirm(tx, &cx, &viewer, &book, id).await })).await
    }

    /// Handed in and confirmed.
    async fn stands(&self, new: NewSheet) {
        self.clock.advance_seconds(1);
        let id = self.hand_in(&self.writer, new).await.expect("handed in");
        self.confirm_sheet(&self.checker, id).await.expect("confirmed");
    }

    async fn sheets(&self) -> Vec<AttributeSheet> {
        let code = self.code.clone();
        let read = self.office.store.read(move |tx| Box::pin(async move { store::sheets(tx, &code).await }));
        read.await.expect("sheets")
    }

    async fn put_out(&self, remark: &str) -> Outcome<i64> {
        let wish = Wish {
            year: Year(2026),
            approval_no: "과-1 (예시)".to_owned(),
            approval_on: Date::new(2026, 11, 19),
            remark: remark.to_owned(),
        };
        disclose(&self.office, &self.cx(&self.checker), wish).await.map(|disclosure| disclosure.no)
    }

    fn zip(&self, no: i64) -> Bundle {
        let zip = std::fs::read(publish::bundle_zip(&self.office, &self.code, no)).expect("the ZIP twin");
        bundle::from_zip(&zip).expect("readable")
    }

    fn table(&self, no: i64, attribute: Attribute) -> Vec<PublishedTable> {
        let files = self.zip(no);
        let path = bundle::attributes::path(attribute);
        let report = verify(&files, &Options::default());
        assert_eq!(report.problems, [], "disclosure {no}");
        files.get(&path).map(|bytes| bundle::attributes::read(bytes, attribute).0).unwrap_or_default()
    }
}

fn numbers(table: &PublishedTable) -> Vec<Option<i64>> {
    table.items.iter().map(|(_, n)| *n).collect()
}

#[tokio::test]
async fn a_table_needs_two_people_and_can_be_sent_back_or_taken_back() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let id = desk.hand_in(&desk.both, sexes("1-1-1", 20, 40)).await.expect("handed in");
        assert_eq!(code_of(&desk.confirm_sheet(&desk.both, id).await), "own-confirmation");
        assert_eq!(code_of(&desk.hand_in(&desk.writer, sexes("1-1-1", 21, 40)).await), "sheet-waiting");
        desk.confirm_sheet(&desk.checker, id).await.expect("confirmed");
        assert_eq!(code_of(&desk.confirm_sheet(&desk.checker, id).await), "already-decided");
        assert_eq!(code_of(&desk.hand_in(&desk.writer, sexes("1-1-1", 20, 40)).await), "nothing-new");
        let back = desk.hand_in(&desk.writer, sexes("1-1-1", 22, 40)).await.expect("handed in");
        let send = async |reason: &str| {
            let (cx, viewer, reason) = (desk.cx(&desk.checker), desk.checker.clone(), reason.to_owned());
            desk.write(move |tx| Box::pin(async move { attributes::send_back(tx, &cx, &viewer, back, &reason).await }))
                .await
        };
        assert_eq!(code_of(&send("짧다").await), "send-back-without-reason");
        assert_eq!(code_of(&send("900101-1234567 이 사람입니다").await), "resident-number");
        send("여성 수를 다시 보아 주세요").await.expect("sent back");
        let own = desk.hand_in(&desk.writer, sexes("1-1-1", 23, 40)).await.expect("handed in");
        let (cx, other) = (desk.cx(&desk.writer), desk.cx(&desk.both));
        let refused = desk.write(move |tx| Box::pin(async move { attributes::withdraw(tx, &other, own).await })).await;
        assert_eq!(code_of(&refused), "not-your-own");
        desk.write(move |tx| Box::pin(async move { attributes::withdraw(tx, &cx, own).await }))
            .await
            .expect("taken back");
        let sheets = desk.sheets().await;
        let states: Vec<&str> = sheets.iter().map(|sheet| sheet.state.as_str()).collect();
        assert_eq!(states, ["confirmed", "sent-back", "withdrawn"]);
        assert_eq!(attributes::standing(&sheets).len(), 1);
        assert!(matches!(&sheets[1].state, SheetState::SentBack { reason, .. } if reason.starts_with("여성")));
    })
    .await;
}

#[tokio::test]
async fn a_table_may_know_fewer_people_than_were_counted_never_more() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        assert_eq!(code_of(&desk.hand_in(&desk.writer, sexes("1-1-1", 20, 40)).await), "no-total");
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        assert_eq!(code_of(&desk.hand_in(&desk.writer, sexes("1-1-1", 24, 40)).await), "above-total");
        let visits =
            NewSheet { place: Place { unit: Unit::Visits, ..place("1-1-1", Attribute::Sex) }, ..sexes("1-1-1", 1, 2) };
        assert_eq!(code_of(&desk.hand_in(&desk.writer, visits).await), "unit-of-no-people");
        let named = NewSheet { remark: "900101-1234567".to_owned(), ..sexes("1-1-1", 20, 40) };
        assert_eq!(code_of(&desk.hand_in(&desk.writer, named).await), "resident-number");
        let id = desk.hand_in(&desk.writer, sexes("1-1-1", 20, 40)).await.expect("handed in");
        desk.correct(&entry.leaf_id, 50).await;
        assert_eq!(code_of(&desk.confirm_sheet(&desk.checker, id).await), "above-total");
        desk.correct(&entry.leaf_id, 66).await;
        desk.confirm_sheet(&desk.checker, id).await.expect("confirmed");
        desk.put_out("").await.expect("disclosed");
        let tables = desk.table(1, Attribute::Sex);
        assert_eq!(tables[0].total, 66);
        assert_eq!(numbers(&tables[0]), [Some(20), Some(40), Some(6)], "the rest is 미상");
        // Where the total falls below what the table knows, the table waits for a new one.
        desk.correct(&entry.leaf_id, 50).await;
        desk.put_out("겹친 것을 뺐습니다").await.expect("disclosed");
        assert_eq!(desk.table(2, Attribute::Sex), []);
    })
    .await;
}

#[tokio::test]
async fn small_numbers_leave_the_office_in_no_disclosure_and_bundles_are_made_again_to_the_same_bytes() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.stands(ages("1-1-1", [3, 20, 40])).await;
        desk.put_out("").await.expect("disclosed");
        let first = desk.table(1, Attribute::Age);
        assert_eq!(numbers(&first[0]), [None, None, Some(40)]);
        let before = desk.zip(1);
        // Nothing changed: neither the numbers nor the tables.
        assert_eq!(code_of(&desk.put_out("다시 내 봅니다").await), "nothing-changed");
        // The small number grows; shown beside the old table it would tell what it was.
        desk.stands(ages("1-1-1", [5, 20, 38])).await;
        desk.put_out("표를 바로잡았습니다").await.expect("tables alone are a reason too");
        let second = desk.table(2, Attribute::Age);
        assert!(second[0].items.is_empty() || numbers(&second[0])[0].is_none(), "{second:?}");
        desk.correct(&entry.leaf_id, 60).await;
        desk.put_out("겹친 것을 뺐습니다").await.expect("disclosed");
        let after: Vec<Bundle> = (1..=3).map(|no| desk.zip(no)).collect();
        assert!(after[0] == before, "a bundle is what it was");
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        for (no, bundle) in (1..).zip(&after) {
            assert!(desk.zip(no) == *bundle, "disclosure {no} made again");
        }
        // No published file says that there were three; not as a number of its own, not in a table.
        for (path, bytes) in desk.published() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("15~29세,3") && !text.contains("주 비공개"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_and_why_can_be_seen_before_disclosing_and_is_kept_afterwards() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.stands(ages("1-1-1", [3, 20, 40])).await;
        desk.stands(sheet("1-1-1", Attribute::Disability, &[("장애인", 2), ("해당 없음", 61)])).await;
        desk.put_out("").await.expect("disclosed");
        let code = desk.code.clone();
        let read = desk.office.store.read(move |tx| {
            Box::pin(async move {
                let kept = attributes::disclosed(tx, &code, 1).await?;
                let map = attributes::newest_published(tx, &code, Year(2026), Attribute::Age).await?;
                assert_eq!(attributes::newest_published(tx, &code, Year(2025), Attribute::Age).await?, []);
                Ok((kept, map))
            })
        });
        let (kept, map) = read.await.expect("read");
        assert_eq!(kept[0].marks, [Mark::Small, Mark::Complement, Mark::Open]);
        assert_eq!(kept[1].marks, [Mark::Small, Mark::Complement]);
        assert_eq!(numbers(&map[0]), [None, None, Some(40)]);
        // What a disclosure made of a table never changes.
        for statement in ["UPDATE attribute_disclosed SET total = 0", "DELETE FROM attribute_disclosed"] {
            let changed = desk
                .write(move |tx| {
                    Box::pin(async move {
                        tx.execute(statement, iljari_store::args![]).await.map(|_| ()).map_err(Into::into)
                    })
                })
                .await;
            assert_eq!(code_of(&changed), "failed", "{statement}");
        }
    })
    .await;
}

#[path = "../../../disclosure/tests/suppress/attacker.rs"]
mod attacker;

#[tokio::test]
async fn whoever_has_the_whole_public_folder_can_compute_no_number_below_five() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let slip = desk.enter("1-1-1", 2026, (1, 3), 26).await;
        desk.enter("1-1-2", 2026, (1, 3), 24).await;
        // A program and both of its parts: what two of them say, the third must not give away.
        for new in [ages("1-1-1", [3, 10, 13]), ages("1-1-2", [8, 6, 10]), ages("1-1", [11, 16, 23])] {
            desk.stands(new).await;
        }
        desk.put_out("").await.expect("disclosed");
        desk.correct(&slip.leaf_id, 25).await;
        for new in [ages("1-1-1", [3, 10, 12]), ages("1-1", [11, 16, 22])] {
            desk.stands(new).await;
        }
        desk.put_out("겹친 한 건을 뺐습니다").await.expect("disclosed again");
        let public: Vec<Vec<PublishedTable>> = (1..=2).map(|no| desk.table(no, Attribute::Age)).collect();
        assert!(public.iter().flatten().any(|table| table.hidden() > 0), "{public:?}");
        let code = desk.code.clone();
        let read = desk.office.store.read(move |tx| Box::pin(async move { store::disclosed_tables(tx, &code).await }));
        let truth = read.await.expect("kept");
        let parents = [("1-1-1", "1-1"), ("1-1-2", "1-1")].map(|(node, above)| (node.to_owned(), above.to_owned()));
        let attacker = attacker::Attacker::new(&public, &parents.into_iter().collect(), |layer, node| {
            let table = truth[layer].1.iter().find(|one| one.table.place.node.as_str() == node).expect("a table");
            table.table.items.iter().cloned().collect()
        });
        let mut judged = 0;
        for (layer, (_, tables)) in truth.iter().enumerate() {
            for one in tables.iter().filter(|one| one.withheld.is_none()) {
                for ((item, _), _) in one.table.items.iter().zip(&one.marks).filter(|(_, mark)| **mark == Mark::Small) {
                    let could_be = attacker.values(layer, one.table.place.node.as_str(), item, 5);
                    assert_eq!(could_be, [1, 2, 3, 4, 5], "{layer} {} {item}", one.table.place.node);
                    judged += 1;
                }
            }
        }
        assert!(judged > 0);
    })
    .await;
}
