//! two officers who change one text from the same version.

use axum::Router;
use axum::http::{Method, StatusCode};
use iljari_store::{Store, testing::both};
use iljari_web::{Duty, Side};

use super::kit::TestOffice;
use super::routes::{ask, form, location, text};
use crate::routes;

/// One officer at the browser.
struct Desk {
    router: Router,
    cookie: String,
}

impl Desk {
    async fn of(office: &TestOffice, login: &str, duties: &[Duty]) -> Self {
        office.officer(login, duties).await;
        let cookie = format!("iljari_session={}", office.token(login).await);
        Self { router: routes().into_router(office.office.clone(), Side::Office), cookie }
    }

    /// Opens a form; the version that it carries.
    async fn open(&self, path: &str) -> String {
        version_in(&text(ask(&self.router, &Method::GET, path, &self.cookie, "").await).await)
    }

    async fn save(&self, path: &str, version: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let fields: Vec<(&str, &str)> = std::iter::once(("version", version)).chain(fields.iter().copied()).collect();
        let answer = ask(&self.router, &Method::POST, path, &self.cookie, &form(&fields)).await;
        let to = location(&answer).to_owned();
        (answer.status(), to, text(answer).await)
    }
}

fn version_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"version\" value=\"").expect("a version");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn two_clerks_who_correct_one_record_lose_nothing() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let one = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let other = Desk::of(&office, "홍예시", &[Duty::Record]).await;
        let her = office.enrol(&office.inside(), super::residents::han()).await.expect("enrolled").id;
        let path = format!("/office/residents/{her}/change");
        let fields = |phone: &'static str, note: &'static str| {
            [
                ("name", "한시범"),
                ("birth", "1961-03-12"),
                ("phone", phone),
                ("address_dong", "나루1동"),
                ("contact_note", note),
                ("why", "moved"),
            ]
        };
        let (first, second) = (one.open(&path).await, other.open(&path).await);
        assert_eq!(first, second, "both opened the same text");
        let (status, to, _) = one.save(&path, &first, &fields("010-0000-2222", "오후에 전화")).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/office/residents/{her}")));

        let mine = fields("010-0000-1111", "우편으로만");
        let (status, _, page) = other.save(&path, &second, &mine).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        for both_texts in ["010-0000-2222", "010-0000-1111", "오후에 전화", "우편으로만", "다른 담당자가 고쳐서"]
        {
            assert!(page.contains(both_texts), "{both_texts}: {page}");
        }
        let (_, kept) = page.split_once("name=\"phone\" value=\"").expect("the field");
        assert!(kept.starts_with("010-0000-1111"), "what the second wrote stays in the form");
        // The same old form is refused again; the one that came back saves over what stands.
        let (status, ..) = other.save(&path, &second, &mine).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        let (status, ..) = other.save(&path, &version_in(&page), &fields("010-0000-2222", "우편으로만")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (status, _, page) = one.save(&path, &version_in(&page), &mine).await;
        assert!(status == StatusCode::PRECONDITION_FAILED && page.contains("우편으로만"));
    })
    .await;
}

#[tokio::test]
async fn two_administrators_who_set_one_officers_duties_lose_nothing() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let one = Desk::of(&office, "박시연", &[Duty::Administer]).await;
        let other = Desk::of(&office, "이견본", &[Duty::Administer]).await;
        let clerk = office.officer("한시범", &[Duty::Record]).await;
        let path = format!("/office/people/{clerk}/rights");
        let (first, second) = (one.open(&path).await, other.open(&path).await);
        let (status, ..) =
            one.save(&path, &first, &[("department", "10"), ("duty", "record"), ("duty", "confirm")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        // Would have taken 확인 away again without having seen it.
        let mine = [("department", "10"), ("duty", "record"), ("duty", "disclose")];
        let (status, _, page) = other.save(&path, &second, &mine).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        assert!(page.contains("작성, 확인") && page.contains("작성, 공시"), "{page}");
        let duties = async || {
            let cx = office.inside();
            let read =
                office.act(move |tx| Box::pin(async move { crate::admin::officer(tx, &cx.district, clerk).await }));
            read.await.expect("read").expect("there").duties_on(super::kit::day("2026-11-23"))
        };
        assert_eq!(duties().await, [Duty::Record, Duty::Confirm]);
        let (status, ..) = other.save(&path, &version_in(&page), &mine).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(duties().await, [Duty::Record, Duty::Disclose]);
    })
    .await;
}
