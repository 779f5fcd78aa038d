//! Who lies or splits a household (T-16): the keys are in `races`; here the sample that an auditor draws.

use iljari_base::Actor;
use iljari_ledger::{seal, store as ledger};
use iljari_store::testing::both;
use sha2::{Digest as _, Sha256};

use super::Desk;
use super::desk::{day, filled};
use super::wire::Browser;
use crate::spot_check::{AT_LEAST, draw, sample};
use crate::store;

#[tokio::test]
async fn the_sample_is_the_same_whoever_draws_it_and_nobody_chooses_its_seed() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        for nth in 0..8_u32 {
            let name = format!("예시{}", char::from_u32(0xac00 + nth).expect("a letter"));
            desk.submit(no, filled(&name, "1969-01-01", "1-01", "0")).await.expect("taken");
        }
        let drawn = |by: &iljari_web::Viewer| {
            let cx = desk.cx(by);
            desk.write(move |tx| Box::pin(async move { draw(tx, &cx, no).await }))
        };
        // A seal while people apply is no seed: its root could be known to who applies.
        seal::seal(&desk.office, &desk.code, Actor::System).await.expect("sealed").expect("the plan's leaves");
        let before = drawn(&desk.checker).await.expect("asked");
        assert_eq!((before.seed, before.receipts.len(), before.of), (None, 0, 8));
        desk.clock.set(day("2026-11-28").at_hour(9));
        let cx = desk.cx(&desk.clerk);
        // Anything that is entered makes the next seal.
        let file = iljari_ledger::adopt::NewFile {
            kind: "연차계획".to_owned(),
            reference: Some("연차-2026".parse().expect("a name")),
            file_name: "year-2026.yaml".to_owned(),
            body: include_bytes!("../../../../districts/naru/year-2026.yaml").to_vec(),
        };
        desk.write(move |tx| Box::pin(async move { iljari_ledger::adopt::adopt(tx, &cx, file).await }))
            .await
            .expect("adopted");
        seal::seal(&desk.office, &desk.code, Actor::System).await.expect("sealed").expect("one more leaf");
        let one = drawn(&desk.checker).await.expect("drawn");
        let other = drawn(&desk.both).await.expect("drawn");
        assert_eq!(one, other, "whoever draws it");
        assert_eq!(one.receipts.len(), AT_LEAST);
        desk.clock.set(day("2027-02-01").at_hour(9));
        assert_eq!(drawn(&desk.both).await.expect("drawn").receipts, one.receipts, "whenever");
        // By hand, from what is public: the root of the seal and the 접수번호.
        let code = desk.code.clone();
        let root = desk
            .write(move |tx| Box::pin(async move { Ok(ledger::seals(tx, &code).await?[1].root.clone()) }))
            .await
            .expect("read");
        assert_eq!(one.seed.as_deref(), Some(root.as_str()));
        let mut by_hand: Vec<(Vec<u8>, String)> = (1..=8)
            .map(|app| format!("26-001-{app:04}"))
            .map(|receipt| (Sha256::digest(format!("{root}\n{receipt}")).to_vec(), receipt))
            .collect();
        by_hand.sort();
        let by_hand: Vec<String> = by_hand.into_iter().take(AT_LEAST).map(|(_, receipt)| receipt).collect();
        assert_eq!(one.receipts.iter().map(|(_, receipt)| receipt.clone()).collect::<Vec<_>>(), by_hand);
        // One in twenty of many, and another root draws others.
        let code = desk.code.clone();
        let call = desk.write(move |tx| Box::pin(async move { store::call_of(tx, &code, no).await })).await;
        let (call, live) = (call.expect("read").expect("a call"), (1..=401).collect::<Vec<i64>>());
        assert_eq!(sample(&call, &live, &root).len(), 21);
        assert_ne!(sample(&call, &live, &root), sample(&call, &live, "another root"));
        // The page is the auditors' and names nobody.
        desk.auditor().await;
        let (auditor, clerk) = (Browser::of(&desk, "박시연").await, Browser::of(&desk, "한시범").await);
        let path = format!("/office/calls/{no}/spot-check");
        assert_eq!(clerk.get(&path).await.status, 403);
        let page = auditor.get(&path).await.text();
        assert!(by_hand.iter().all(|receipt| page.contains(receipt)) && !page.contains("예시가"), "{page}");
    })
    .await;
}
