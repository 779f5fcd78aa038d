//! Disclosures: what goes out, what is refused, and that a bundle can be made again to the same bytes.

use std::collections::BTreeMap;

use iljari_base::{Outcome, Year};
use iljari_disclosure::bundle::{self, Bundle, Options, verify};
use iljari_store::Store;
use iljari_store::testing::{both, on_postgres, on_sqlite};

use super::{Desk, code_of, plan_file};
use crate::adopt::adopt;
use crate::disclose::{Wish, disclose};
use crate::keys::KeyFolder;
use crate::model::Disclosure;
use crate::publish;

async fn put_out(desk: &Desk, year: i16, approval_no: &str, remark: &str) -> Outcome<Disclosure> {
    let wish = Wish {
        year: Year(year),
        approval_no: approval_no.to_owned(),
        approval_on: iljari_base::Date::new(2026, 11, 19),
        remark: remark.to_owned(),
    };
    disclose(&desk.office, &desk.cx(&desk.checker), wish).await
}

fn bundle_of(desk: &Desk, no: i64) -> Bundle {
    let folder = publish::bundle_folder(&desk.office, &desk.code, no);
    iljari_store::files::list(&folder)
        .expect("listed")
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
            (bundle::canonical_path(&name), std::fs::read(&path).expect("a file"))
        })
        .collect()
}

fn key(desk: &Desk) -> String {
    let keys = KeyFolder::new(&desk.office.keys, true);
    keys.verifier(&desk.code).expect("readable").expect("a key").to_string()
}

#[tokio::test]
async fn a_year_goes_out_and_a_stranger_checks_it() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        assert_eq!(code_of(&put_out(&desk, 2027, "과-1", "").await), "future-year");
        assert_eq!(code_of(&put_out(&desk, 2026, "", "").await), "approval-or-reason");
        assert_eq!(code_of(&put_out(&desk, 2026, "과-1", "").await), "nothing-counted");
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let waits = desk.record(&desk.writer, "1-1-2", (1, 3), crate::record::Figure::Own(9)).await.expect("written");
        let first = put_out(&desk, 2026, "과-1", "").await.expect("disclosed");
        assert_eq!((first.no, first.corrects_no), (1, None));
        let bundle = bundle_of(&desk, 1);
        let key = key(&desk);
        let report = verify(&bundle, &Options { key: Some(&key), since: None });
        assert_eq!((report.exit_code(), report.problems), (0, vec![]));
        let csv = String::from_utf8_lossy(&bundle["documents/totals.csv"]).into_owned();
        assert!(csv.contains("2026,1-1-1,") && csv.contains(",63,"), "{csv}");
        assert!(!csv.contains("2026,1-1-2,"), "an unconfirmed number must not go out: {csv}");

        assert_eq!(code_of(&put_out(&desk, 2026, "과-2", "").await), "correction-without-reason");
        assert_eq!(code_of(&put_out(&desk, 2026, "과-2", "다시 냅니다").await), "nothing-changed");
        desk.correct(&entry.leaf_id, 58).await;
        desk.confirm(&desk.checker, &waits).await.expect("confirmed");
        let second = put_out(&desk, 2026, "과-2", "겹친 다섯 건을 뺐습니다").await.expect("disclosed again");
        assert_eq!((second.no, second.corrects_no), (2, Some(1)));
        let newer = bundle_of(&desk, 2);
        let report = verify(&newer, &Options { key: Some(&key), since: Some(&bundle) });
        assert_eq!((report.exit_code(), report.problems), (0, vec![]));
        let without = verify(&newer, &Options { key: None, since: None });
        assert_eq!(without.exit_code(), 3);
        let mut tampered = newer.clone();
        let csv = tampered.get_mut("documents/totals.csv").expect("the table");
        let text = String::from_utf8_lossy(csv).replace(",58,", ",59,");
        *csv = text.into_bytes();
        let report = verify(&tampered, &Options { key: Some(&key), since: None });
        assert_eq!(report.exit_code(), 1);
        assert!(
            report.problems.iter().any(|one| one.sentence_ko.contains("59개") && one.sentence_ko.contains("58개")),
            "{report:?}"
        );
        for statement in ["UPDATE disclosure SET year = 2024", "DELETE FROM disclosure"] {
            let refused = desk
                .write(move |tx| Box::pin(async move { Ok(tx.execute(statement, iljari_store::args![]).await?) }))
                .await;
            assert!(refused.is_err(), "{statement}");
        }
        let zip = std::fs::read(publish::bundle_zip(&desk.office, &desk.code, 2)).expect("the ZIP twin");
        assert_eq!(bundle::from_zip(&zip).expect("readable"), newer);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_is_made_again_to_the_same_bytes_whatever_came_after() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        put_out(&desk, 2026, "과-1", "").await.expect("disclosed");
        let before: BTreeMap<_, _> =
            desk.published().into_iter().filter(|(name, _)| name.contains("/disclosures/")).collect();
        assert!(before.contains_key("99001/disclosures/1.zip"));
        let newer = super::PLAN.replace("나루구 일자리대책", "나루구 새 일자리대책");
        assert_ne!(newer, super::PLAN);
        let cx = desk.cx(&desk.checker);
        desk.write(move |tx| Box::pin(async move { adopt(tx, &cx, plan_file(&newer)).await })).await.expect("adopted");
        desk.enter("1-1-2", 2026, (1, 3), 12).await;
        desk.seal().await.expect("sealed");
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        let after: BTreeMap<_, _> =
            desk.published().into_iter().filter(|(name, _)| name.contains("/disclosures/")).collect();
        assert_eq!(before, after);
    })
    .await;
}

/// The same seeds, the same clock, the same acts.
async fn a_year_of_work(store: Store) -> BTreeMap<String, Vec<u8>> {
    let desk = Desk::on(store).await;
    let entry = desk.enter("1-1-1", 2025, (1, 6), 63).await;
    desk.enter("1-1-2", 2025, (1, 12), 31).await;
    desk.seal().await.expect("sealed");
    desk.correct(&entry.leaf_id, 61).await;
    put_out(&desk, 2025, "과-1", "").await.expect("disclosed");
    desk.enter("1-1-1", 2025, (7, 12), 40).await;
    put_out(&desk, 2025, "과-2", "하반기가 빠져 있었습니다").await.expect("disclosed");
    let published = desk.published();
    drop(desk.folder);
    published
}

#[tokio::test]
async fn both_engines_publish_the_same_bytes() {
    let told = std::sync::Mutex::new(Vec::new());
    let keep = async |store: Store| {
        let published = a_year_of_work(store).await;
        told.lock().expect("no panic held it").push(published);
    };
    on_sqlite(&keep).await;
    on_postgres(&keep).await;
    let told = told.into_inner().expect("no panic held it");
    assert_eq!(told.len(), 2);
    assert!(told[0].len() > 20);
    assert!(told[0] == told[1], "SQLite and PostgreSQL published different bytes");
}
