//! Planted records: like any other to whoever looks, an alarm for the auditors at once (T-09).

use axum::http::StatusCode;
use iljari_base::{Id, id};
use iljari_store::Store;
use iljari_store::testing::both;
use iljari_web::Duty;

use super::super::kit::{TestOffice, codes};
use super::han;
use super::pages::Desk;
use crate::residents::{self, NewResident};

fn invented() -> NewResident {
    NewResident { name: "황보견본".to_owned(), phone: None, address_dong: None, contact_note: None, ..han() }
}

#[tokio::test]
async fn whoever_finds_or_opens_a_planted_record_stands_before_the_auditor_at_once() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let auditor = Desk::of(&office, "박시연", &[Duty::Audit]).await;
        let both_duties = Desk::of(&office, "최모형", &[Duty::Record, Duty::Audit]).await;
        let curious = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let honest = Desk::of(&office, "이견본", &[Duty::Record]).await;
        let real = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        // Nobody is planted who could be meant.
        let (status, _, page) =
            auditor.post("/office/residents/honey", &[("name", "한시범"), ("birth", "1961-03-12")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("아무도 찾을 까닭이 없는"), "{page}");
        let (status, to, _) =
            auditor.post("/office/residents/honey", &[("name", "황보견본"), ("birth", "1961-03-12")]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/office/residents/honey"));
        let quiet = |page: &str| !page.contains("미끼 기록을 찾거나 연 사람이 있습니다");
        assert!(
            quiet(&auditor.get("/office/residents/honey").await.1) && quiet(&auditor.get("/office/access-log").await.1)
        );
        // Work on other records raises nothing.
        honest.post(&format!("/office/residents/{real}/open"), &[("why", "screening")]).await;
        assert!(quiet(&auditor.get("/office/access-log").await.1));

        // Found: like any other record.
        let search = [("name", "황보견본"), ("birth", "1961-03-12")];
        let (_, _, found) = curious.post("/office/residents/find", &search).await;
        let planted =
            found.split("/office/residents/rsd_").nth(1).and_then(|rest| rest.split('"').next()).expect("found");
        let planted: Id<id::Resident> = format!("rsd_{planted}").parse().expect("an id");
        let like = |page: String, id: Id<id::Resident>| page.replace(&id.to_string(), "ID").replace("황보견본", "NAME");
        let card = like(curious.get(&format!("/office/residents/{planted}")).await.1, planted);
        assert!(!card.contains("미끼") && card.contains("목적을 골라야 가린 정보가 열립니다"));
        let (_, page) = auditor.get("/office/access-log").await;
        assert!(page.contains("확인하지 않은 경보가 2건 있습니다"), "found and its card: {page}");
        curious.post(&format!("/office/residents/{planted}/open"), &[("why", "contact")]).await;
        let (_, page) = auditor.get("/office/residents/honey").await;
        assert!(page.contains("김보기") && page.contains("주민 정보 열람(연락)") && !page.contains("이견본"), "{page}");
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        assert!(!quiet(&page));
        // It is the auditors' page, and nobody answers for her own look.
        assert_eq!(curious.get("/office/residents/honey").await.0, StatusCode::FORBIDDEN);
        both_duties.get(&format!("/office/residents/{planted}")).await;
        let (status, _, page) = both_duties.post("/office/residents/honey/seen", &[]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("다른 감사 담당자"));
        assert_eq!(auditor.post("/office/residents/honey/seen", &[]).await.0, StatusCode::SEE_OTHER);
        assert!(quiet(&auditor.get("/office/access-log").await.1));
        let (status, _, page) = auditor.post("/office/residents/honey/seen", &[]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("확인할 경보가 없습니다"));
        // The next look raises the next alarm.
        curious.get(&format!("/office/residents/{planted}/change")).await;
        assert!(auditor.get("/office/access-log").await.1.contains("확인하지 않은 경보가 1건 있습니다"));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_planted_name_is_told_as_of_any_other() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (cx, safe) = (office.inside(), office.safe());
        let (at, with) = (cx.clone(), safe.clone());
        let wrong = NewResident { name: "...".to_owned(), ..invented() };
        let refused =
            office.act(move |tx| Box::pin(async move { residents::plant(tx, &at, &with, wrong).await })).await;
        assert_eq!(codes(refused), ["name-impossible"]);
        let (at, with) = (cx.clone(), safe.clone());
        office
            .act(move |tx| Box::pin(async move { residents::plant(tx, &at, &with, invented()).await }))
            .await
            .expect("planted");
        let at = cx.clone();
        let twice =
            office.act(move |tx| Box::pin(async move { residents::plant(tx, &at, &safe, invented()).await })).await;
        assert_eq!(codes(twice), ["name-known"]);
        let at = cx.clone();
        let seen = office.act(move |tx| Box::pin(async move { residents::mark_alarms_seen(tx, &at).await })).await;
        assert_eq!(codes(seen), ["officers-only"]);
        let planted = office.act(move |tx| Box::pin(async move { residents::planted(tx, &cx).await })).await;
        assert_eq!(planted.expect("counted"), 1);
    })
    .await;
}
