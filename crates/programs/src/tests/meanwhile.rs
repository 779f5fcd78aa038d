//! two officers who change one text from the same version; and two who decide one thing.

use iljari_store::testing::both;

use super::Desk;
use super::desk::{filled, places, pools, terms};
use super::wire::{Browser, Got, fields_of, with};
use crate::{intake, store};

type Fields = Vec<(String, String)>;

/// The form at this address, untouched.
async fn opened(browser: &Browser, page: &str, action: &str) -> Fields {
    let got = browser.get(page).await;
    assert_eq!(got.status, 200, "{page}");
    fields_of(&got.text(), action)
}

/// The second saving is refused with both texts, keeps what was written, and goes through from the page that came back.
async fn second_is_shown_both(browser: &Browser, action: &str, mine: Fields, (theirs, wrote): (&str, &str)) -> Got {
    let refused = browser.post(action, &mine).await;
    let page = refused.text();
    assert_eq!(refused.status, 412, "{page}");
    assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
    assert!(page.contains(theirs) && page.contains(wrote) && page.contains("다른 담당자가 고쳐서"), "{page}");
    let back = fields_of(&page, action);
    assert!(back.iter().any(|(_, value)| value.contains(wrote)), "what was written stays: {back:?}");
    browser.post(action, &back).await
}

#[tokio::test]
async fn two_clerks_who_edit_one_draft_of_a_call_lose_nothing() {
    both(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.draft(terms()).await.expect("drafted");
        let (one, other) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "홍예시").await);
        let (page, next) = (format!("/office/calls/{no}/edit"), format!("/office/calls/{no}"));
        let (first, second) = (opened(&one, &page, &page).await, opened(&other, &page, &page).await);
        let saved = one.post(&page, &with(first, "hours", "하루 5시간, 주 5일")).await;
        assert_eq!((saved.status, saved.location), (303, next.clone()), "the first");
        let mine = with(second, "contact", "복지과 02-000-0000(예시)");
        let saved = second_is_shown_both(&other, &page, mine, ("하루 5시간", "복지과 02-000")).await;
        assert_eq!((saved.status, saved.location), (303, next));
        let code = desk.code.clone();
        let call = desk.write(move |tx| Box::pin(async move { store::call_of(tx, &code, no).await })).await;
        assert_eq!(call.expect("read").expect("a call").terms.contact, "복지과 02-000-0000(예시)");
        // A form that comes back for another fault is still held against what it was opened on.
        let stale = opened(&one, &page, &page).await;
        let now = opened(&other, &page, &page).await;
        assert_eq!(other.post(&page, &with(now, "hours", "하루 3시간")).await.status, 303);
        let faulty = one.post(&page, &with(stale, "wage_hourly", "만 원쯤")).await;
        assert_eq!(faulty.status, 422);
        let mended = with(fields_of(&faulty.text(), &page), "wage_hourly", "11,000");
        assert_eq!(one.post(&page, &mended).await.status, 412);
    })
    .await;
}

#[tokio::test]
async fn two_clerks_who_write_the_places_of_one_call_lose_nothing() {
    both(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.draft(terms()).await.expect("drafted");
        desk.set_places(no, pools(), places()).await.expect("places");
        let (one, other) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "홍예시").await);
        let page = format!("/office/calls/{no}/places");
        let (first, second) = (opened(&one, &page, &page).await, opened(&other, &page, &page).await);
        let lines = |fields: &Fields| {
            fields.iter().find(|(name, _)| name == "places").map(|(_, lines)| lines.clone()).expect("lines")
        };
        let (fewer, more) = (lines(&first).replace(" | 2", " | 9"), lines(&second).replace("도우미", "길잡이"));
        assert_eq!(one.post(&page, &with(first, "places", &fewer)).await.status, 303);
        let saved = second_is_shown_both(&other, &page, with(second, "places", &more), (" | 9", "길잡이")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    })
    .await;
}

#[tokio::test]
async fn two_clerks_who_screen_one_application_lose_nothing() {
    both(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        desk.submit(no, filled("이견본", "1961-03-02", "1-01", "0")).await.expect("taken in");
        let (one, other) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "홍예시").await);
        let page = format!("/office/calls/{no}/applications/1");
        let (first, second) = (opened(&one, &page, &page).await, opened(&other, &page, &page).await);
        let seen = "주민등록표 등본";
        let mine = with(with(second, "verdict", "not-eligible"), "reason", "거주 기간이 짧습니다");
        let saved = one.post(&page, &with(first, "seen", seen)).await;
        assert_eq!((saved.status, saved.location.as_str()), (303, page.as_str()), "{}", saved.text());
        let saved = second_is_shown_both(&other, &page, mine, (seen, "거주 기간이 짧습니다")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    })
    .await;
}

#[tokio::test]
async fn two_clerks_who_go_on_with_one_draft_at_the_counter_lose_nothing() {
    both(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let (one, other) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "홍예시").await);
        let action = format!("/office/calls/{no}/applications/new");
        let kept = one.post(&action, &[("act", "keep"), ("name", "이견본"), ("phone", "010-0000-0001")]).await;
        let (code, _) = kept.location.split_once("code=").expect("a code").1.split_once('&').expect("saved");
        let page = format!("{action}?code={code}");
        let keep = |fields: Fields, name: &str, value: &str| with(with(fields, name, value), "act", "keep");
        let (first, second) = (opened(&one, &page, &action).await, opened(&other, &page, &action).await);
        assert_eq!(one.post(&action, &keep(first, "phone", "010-0000-0002")).await.status, 303);
        let mine = keep(second, "note", "통역이 필요합니다");
        let refused = other.post(&action, &mine).await;
        let text = refused.text();
        assert_eq!(refused.status, 412, "{text}");
        assert!(text.contains("010-0000-0001") && text.contains("010-0000-0002") && text.contains("통역이 필요합니다"));
        let back = keep(fields_of(&text, &action), "phone", "010-0000-0002");
        assert_eq!(other.post(&action, &back).await.status, 303);
        let (cx, code) = (desk.cx(&desk.clerk), code.to_owned());
        let sealer = iljari_people::seal::Sealer::open(&desk.office.keys, desk.office.entropy.as_ref()).expect("a key");
        let now = desk
            .write(move |tx| Box::pin(async move { intake::draft_as_it_is(tx, &cx, &sealer, &code).await }))
            .await
            .expect("read")
            .expect("a draft");
        for field in [("phone", "010-0000-0002"), ("note", "통역이 필요합니다")] {
            assert!(now.iter().any(|(name, value)| (name.as_str(), value.as_str()) == field), "{field:?} in {now:?}");
        }
    })
    .await;
}

/// the form that confirms a thing which was decided already; the clerk's second draw changes nothing either.
#[tokio::test]
async fn a_confirmation_of_what_was_decided_says_so_and_changes_nothing() {
    both(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.draft(terms()).await.expect("drafted");
        desk.set_places(no, pools(), places()).await.expect("places");
        desk.check(&desk.clerk, no).await.expect("checked");
        let (one, other) = (Browser::of(&desk, "김보기").await, Browser::of(&desk, "홍예시").await);
        let (page, publish) = (format!("/office/calls/{no}"), format!("/office/calls/{no}/publish"));
        let (first, second) = (opened(&one, &page, &publish).await, opened(&other, &page, &publish).await);
        assert_eq!(one.post(&publish, &first).await.status, 303);
        let code = desk.code.clone();
        let state = async || {
            let code = code.clone();
            let read = desk.write(move |tx| Box::pin(async move { store::call_of(tx, &code, no).await })).await;
            format!("{:?}", read.expect("read").expect("a call").state)
        };
        let before = state().await;
        let late = other.post(&publish, &second).await;
        assert_eq!(late.status, 409, "{}", late.text());
        assert_eq!(state().await, before);
    })
    .await;
}
