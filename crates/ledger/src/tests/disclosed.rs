//! Disclosures, beyond the everyday: every refusal, several years, plans that changed meanwhile.

use iljari_base::{Date, Outcome, Year};
use iljari_disclosure::bundle::{self, Bundle, Code, Options, verify};
use iljari_store::Store;
use iljari_store::testing::{both, on_sqlite};

use super::{Desk, code_of};
use crate::adopt::{NewFile, adopt, nothing_left_behind};
use crate::disclose::{Wish, disclose};
use crate::documents::files;
use crate::model::Disclosure;
use crate::publish;
use crate::record::Figure;

fn wish(year: i16, remark: &str) -> Wish {
    Wish {
        year: Year(year),
        approval_no: "일자리정책과-1201 (예시)".to_owned(),
        approval_on: Date::new(2026, 11, 19),
        remark: remark.to_owned(),
    }
}

impl Desk {
    async fn disclose(&self, wish: Wish) -> Outcome<Disclosure> {
        disclose(&self.office, &self.cx(&self.checker), wish).await
    }

    fn bundle(&self, no: i64) -> Bundle {
        let zip = std::fs::read(publish::bundle_zip(&self.office, &self.code, no)).expect("the ZIP twin");
        bundle::from_zip(&zip).expect("readable")
    }

    /// The bundle passes with the key named, and continues the earlier one.
    fn verifies(&self, no: i64, since: Option<&Bundle>) {
        let key = self.keys().verifier(&self.code).expect("readable").expect("a key").to_string();
        let report = verify(&self.bundle(no), &Options { key: Some(&key), since });
        assert_eq!((report.exit_code(), report.problems), (0, vec![]), "disclosure {no}");
    }

    async fn adopt_plan(&self, file_name: &str, reference: &str, body: String) {
        let cx = self.cx(&self.checker);
        let file = NewFile {
            kind: "연차계획".to_owned(),
            reference: Some(reference.parse().expect("a name")),
            file_name: file_name.to_owned(),
            body: body.into_bytes(),
        };
        self.write(move |tx| Box::pin(async move { adopt(tx, &cx, file).await })).await.expect("adopted");
    }
}

#[tokio::test]
async fn every_fault_of_a_wish_is_told_at_once_and_nothing_is_done() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let all_wrong =
            Wish { year: Year(2027), approval_no: "  ".to_owned(), approval_on: None, remark: "없음".to_owned() };
        let unsaid = Wish { approval_on: None, ..wish(2026, "") };
        let person = Wish { remark: "홍예시 900101-1234567".to_owned(), ..wish(2026, "") };
        let person_too = Wish { approval_no: "900101-1234567".to_owned(), ..wish(2026, "") };
        let table: [(Wish, &[&str]); 4] = [
            (all_wrong, &["future-year", "approval-or-reason"]),
            (unsaid, &["approval-date"]),
            (person, &["resident-number"]),
            (person_too, &["resident-number"]),
        ];
        for (wish, expected) in table {
            let told = format!("{wish:?}");
            let stop = desk.disclose(wish).await.expect_err("refused");
            let codes: Vec<&str> = stop.refusals().iter().map(|refusal| refusal.code).collect();
            assert_eq!(codes, expected, "{told}");
        }
        assert_eq!(desk.seals().await, [], "a refused wish seals nothing");
        // A reason stands in for the approval.
        let reason =
            Wish { approval_no: String::new(), approval_on: None, ..wish(2026, "결재가 다음 주입니다") };
        desk.disclose(reason).await.expect("disclosed");
        assert_eq!(code_of(&desk.disclose(wish(2024, "")).await), "nothing-counted");
        desk.verifies(1, None);
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn each_year_counts_its_own_disclosures_and_each_bundle_continues_the_last() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let old = desk.enter("1-1-1", 2025, (1, 12), 40).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let first = desk.disclose(wish(2025, "")).await.expect("disclosed");
        let bundle_1 = desk.bundle(1);
        let second = desk.disclose(wish(2026, "")).await.expect("disclosed");
        let bundle_2 = desk.bundle(2);
        desk.correct(&old.leaf_id, 41).await;
        let third = desk.disclose(wish(2025, "한 건이 빠져 있었습니다")).await.expect("disclosed");
        assert_eq!([first.corrects_no, second.corrects_no, third.corrects_no], [None, None, Some(1)]);
        let leaf = desk.entries().await.into_iter().find(|entry| entry.leaf_id == third.leaf_id).expect("its leaf");
        let line = String::from_utf8(leaf.body).expect("text");
        assert!(line.contains(&format!(r#""corrects":"{}""#, first.leaf_id)) && line.contains(r#""no":2"#), "{line}");
        desk.verifies(1, None);
        desk.verifies(2, Some(&bundle_1));
        desk.verifies(3, Some(&bundle_2));
        // Backwards it is no continuation.
        let report = verify(&bundle_1, &Options { key: None, since: Some(&bundle_2) });
        assert!(report.has(Code::SinceLonger), "{report:?}");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_confirmed_after_the_first_seal_waits_for_the_next_disclosure() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed");
        desk.disclose(wish(2026, "")).await.expect("disclosed");
        let before = desk.bundle(1);
        desk.enter("1-1-1", 2026, (4, 6), 500).await;
        desk.seal().await.expect("sealed");
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert!(desk.bundle(1) == before, "a bundle is what it was");
        let table = |no| String::from_utf8(desk.bundle(no)["documents/totals.csv"].clone()).expect("text");
        assert!(table(1).contains(",63,") && !table(1).contains("563"), "{}", table(1));
        desk.disclose(wish(2026, "상반기를 더했습니다")).await.expect("disclosed");
        assert!(table(2).contains(",563,"), "{}", table(2));
        desk.verifies(2, Some(&before));
    })
    .await;
}

#[tokio::test]
async fn a_disclosure_is_laid_out_by_the_plans_of_its_day() {
    on_sqlite(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.disclose(wish(2026, "")).await.expect("disclosed");
        let before = desk.bundle(1);
        let year = include_str!("../../../../districts/naru/year-2026.yaml");
        let renamed = year.replace("나루 동행일자리", "새나루 동행일자리");
        assert_ne!(renamed, year);
        desk.adopt_plan("year-2026.yaml", "연차-2026", renamed.clone()).await;
        desk.adopt_plan("year-2026.yaml", "연차-2026", renamed).await;
        desk.enter("1-1-1", 2026, (4, 6), 7).await;
        desk.disclose(wish(2026, "2분기를 더했습니다")).await.expect("disclosed");
        let tree = |no| String::from_utf8(desk.bundle(no)["documents/tree.csv"].clone()).expect("text");
        assert!(!tree(1).contains("새나루") && tree(2).contains("새나루"), "{}", tree(2));
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert!(desk.bundle(1) == before, "a bundle is what it was");
        desk.verifies(1, None);
        desk.verifies(2, Some(&before));
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_disclosure_cut_off_before_its_second_seal_is_finished_by_the_next() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed");
        // The clock fails between the two: the disclosure is entered, its leaf is not sealed.
        let (cx, office) = (desk.cx(&desk.checker), desk.office.clone());
        let signer = desk.keys().signer(&desk.code, &*office.entropy).expect("a key");
        let acted = wish(2026, "");
        let entered = desk
            .write(move |tx| {
                Box::pin(async move {
                    let fingerprint = signer.verifier().fingerprint();
                    let ready = crate::disclose::prepare(tx, &cx, &acted, true, fingerprint).await?;
                    let others = files::all(&ready.facts).map(files::in_bundle)?;
                    crate::disclose::enter(tx, &cx, acted, ready, others, &signer).await
                })
            })
            .await
            .expect("entered");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert!(!publish::bundle_zip(&desk.office, &desk.code, entered.no).exists(), "no bundle without its seal");
        // Meanwhile work goes on; the next seal finishes what was cut off.
        let waiting = desk.record(&desk.writer, "1-1-1", (4, 6), Figure::Own(9)).await.expect("written");
        desk.confirm(&desk.checker, &waiting).await.expect("confirmed");
        desk.seal().await.expect("sealed").expect("something to seal");
        desk.verifies(entered.no, None);
        let table = String::from_utf8(desk.bundle(1)["documents/totals.csv"].clone()).expect("text");
        assert!(table.contains(",63,") && !table.contains(",72,"), "{table}");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_would_leave_a_number_without_its_place_is_not_adopted() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.record(&desk.writer, "1-1-2", (1, 3), Figure::Own(7)).await.expect("written");
        let adopted = async |year_plan: String| {
            let cx = desk.cx(&desk.checker);
            let file = NewFile {
                kind: "연차계획".to_owned(),
                reference: Some("연차-2026".parse().expect("a name")),
                file_name: "year-2026.yaml".to_owned(),
                body: year_plan.into_bytes(),
            };
            desk.write(move |tx| {
                Box::pin(async move {
                    adopt(tx, &cx, file).await?;
                    let newest = iljari_plans::store::newest_seq(tx, &cx.district).await?;
                    let book = iljari_plans::books::as_of(tx, &cx.district, newest).await?;
                    nothing_left_behind(tx, &book).await
                })
            })
            .await
        };
        let year = include_str!("../../../../districts/naru/year-2026.yaml");
        let before = desk.entries().await.len();
        let stop = adopted(year.replace("번호: 1-1-1\n", "번호: 1-1-9\n").replace("번호: 1-1-2\n", "번호: 1-1-8\n"))
            .await
            .expect_err("refused");
        let codes: Vec<&str> = stop.refusals().iter().map(|refusal| refusal.code).collect();
        assert_eq!(codes, ["node-with-numbers", "node-with-numbers"], "what is entered and what waits: {stop}");
        assert_eq!(desk.entries().await.len(), before, "nothing of it stays");
        adopted(year.to_owned()).await.expect("adopted");
        assert_eq!(desk.entries().await.len(), before + 1);
        desk.disclose(wish(2026, "")).await.expect("disclosed");
        desk.verifies(1, None);
    })
    .await;
}
