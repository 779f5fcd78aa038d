//! Residents' pages as officers use them: what is shown, what is not, what is written down.

use axum::Router;
use axum::http::{Method, StatusCode};
use iljari_base::{Id, id};
use iljari_store::Store;
use iljari_store::testing::on_sqlite;
use iljari_web::{Duty, Side};

use super::super::kit::TestOffice;
use super::super::routes::{ask, form, location, text};
use super::{a_look, han, hong};
use crate::residents::{NewResident, PROMISE};
use crate::routes;

pub(super) struct Desk {
    router: Router,
    cookie: String,
}

impl Desk {
    pub(super) async fn of(office: &TestOffice, login: &str, duties: &[Duty]) -> Self {
        office.officer(login, duties).await;
        let cookie = format!("iljari_session={}", office.token(login).await);
        Self { router: routes().into_router(office.office.clone(), Side::Office), cookie }
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = ask(&self.router, &Method::GET, path, &self.cookie, "").await;
        (answer.status(), text(answer).await)
    }

    /// Status, where to, and the page.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let answer = ask(&self.router, &Method::POST, path, &self.cookie, &form(fields)).await;
        let to = location(&answer).to_owned();
        (answer.status(), to, text(answer).await)
    }
}

fn page_of(id: Id<id::Resident>) -> String {
    format!("/office/residents/{id}")
}

#[tokio::test]
async fn a_clerk_finds_opens_and_prints_who_looked() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let desk = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let her = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        let (status, _, page) =
            desk.post("/office/residents/find", &[("name", "한 시범"), ("birth", "1961-03-12")]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("한○범") && page.contains(&page_of(her)) && page.contains("1건 있습니다"));
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        let (status, _, page) =
            desk.post("/office/residents/find", &[("name", "한시범"), ("birth", "1961-03-13")]).await;
        assert!(status == StatusCode::OK && page.contains("찾지 못했습니다"));
        let (status, _, page) =
            desk.post("/office/residents/find", &[("name", "610312-1234567"), ("birth", "1961-03-12")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && !page.contains("1234567"), "never sent back");
        let (status, _, page) = desk.post("/office/residents/find", &[("name", "한시범"), ("birth", "61.3.12")]).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("value=\"한시범\"")
                && page.contains("value=\"61.3.12\"")
        );

        // The card shows what identifies nobody; opening shows the rest, once.
        let (status, page) = desk.get(&page_of(her)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("한○범")
                && !page.contains("한시범")
                && !page.contains("010-0000-1111")
                && !page.contains("1961-03-12")
        );
        let open = format!("{}/open", page_of(her));
        let (status, _, page) = desk.post(&open, &[("why", "screening")]).await;
        assert_eq!(status, StatusCode::OK);
        for plain in ["한시범", "1961년 3월 12일", "010-0000-1111", "나루1동", "오후에 전화", "목적: 심사"]
        {
            assert!(page.contains(plain), "{plain}");
        }
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        let (status, _, page) = desk.post(&open, &[("why", "curiosity")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && !page.contains("010-0000-1111"));

        let (status, page) = desk.get(&format!("{}/looked", page_of(her))).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        for said in
            ["주민 정보 열람(심사)", "주민 찾기(이름과 생년월일)", "김보기", "일자리정책과", "시연자료", "한○범"]
        {
            assert!(page.contains(said), "{said}");
        }
        assert!(!page.contains("한시범"), "paper gets lost");
        for path in ["/office/residents/nonsense", "/office/residents/rsd_01kb3wmz8q0000000000000001"] {
            for tail in ["", "/looked"] {
                assert_eq!(desk.get(&format!("{path}{tail}")).await.0, StatusCode::NOT_FOUND, "{path}{tail}");
            }
            let (status, _, _) = desk.post(&format!("{path}/open"), &[("why", "intake")]).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pair_is_decided_and_undone_on_its_page() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let desk = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let one = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        office.clock.advance_seconds(1);
        let slip = NewResident { name: "한시빔".to_owned(), ..han() };
        let other = office.enrol(&office.inside(), slip).await.expect("enrolled").id;
        let pair = format!("/office/residents/duplicates/{one}/{other}");
        let (_, page) = desk.get("/office/residents/duplicates").await;
        assert!(
            page.contains("1쌍")
                && page.contains(&pair)
                && page.contains("이름 비슷함(+3), 생년월일 같음(+6), 전화 같음(+5)")
        );
        assert!(desk.get(&page_of(one)).await.1.contains("결정 기다림"));
        let (_, page) = desk.get(&pair).await;
        assert!(page.contains("이름이 한 글자만 다릅니다.") && page.contains("아직 결정이 없습니다"));
        let (status, _, page) = desk.post(&pair, &[("decision", "same")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("목록에서 하나를 골라 주세요"));
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        let (status, to, _) =
            desk.post(&pair, &[("decision", "same"), ("why", "documents"), ("remark", "신분증을 봄")]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, pair.as_str()));
        let (_, page) = desk.get(&pair).await;
        assert!(
            page.contains("한 사람으로 이어 둔 두 기록입니다")
                && page.contains("신분증을 봄")
                && page.contains("김보기")
        );
        assert!(desk.get("/office/residents/duplicates").await.1.contains("기다리는 짝이 없습니다"));
        let (status, _, _) = desk.post(&pair, &[("decision", "open"), ("why", "wrong")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(desk.get("/office/residents/duplicates").await.1.contains(&pair));
        let stranger = office.enrol(&office.inside(), hong()).await.expect("enrolled").id;
        let (status, _) = desk.get(&format!("/office/residents/duplicates/{one}/{stranger}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// T-13: what a protected resident's pages say to whoever has not broken the glass.
#[tokio::test]
async fn a_protected_resident_shows_nothing_until_the_glass_is_broken() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let desk = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let other = Desk::of(&office, "이견본", &[Duty::Record]).await;
        let supervisor = Desk::of(&office, "박시연", &[Duty::Audit]).await;
        let her = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        let (status, to, _) = other.post(&format!("{}/protect", page_of(her)), &[]).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, page_of(her)));

        let secret = ["한시범", "한○범", "1961", "010-0000-1111", "나루1동", "오후에 전화"];
        let nothing_in = |page: &str, place: &str| {
            for value in secret {
                assert!(!page.contains(value), "{value} at {place}");
            }
        };
        for hand in [&desk, &other] {
            for tail in ["", "/looked", "/break-glass"] {
                nothing_in(&hand.get(&format!("{}{tail}", page_of(her))).await.1, tail);
            }
            nothing_in(&hand.get("/office/residents/duplicates").await.1, "duplicates");
            let (status, _, page) = hand.post(&format!("{}/open", page_of(her)), &[("why", "intake")]).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            nothing_in(&page, "open");
        }
        let (_, _, page) = desk.post("/office/residents/find", &[("name", "한시범"), ("birth", "1961-03-12")]).await;
        assert!(
            page.contains("찾지 못했습니다") && !page.contains("010-0000-1111") && !page.contains(&her.to_string())
        );

        let glass = format!("{}/break-glass", page_of(her));
        let (status, _, page) = desk.post(&glass, &[("why", "here"), ("remark", "급함")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("5자 이상"));
        let (status, to, _) = desk.post(&glass, &[("why", "here"), ("remark", "창구에서 고치려 함")]).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, page_of(her)));
        assert!(desk.get(&page_of(her)).await.1.contains("긴급 열람 중입니다"));
        let (_, _, page) = desk.post(&format!("{}/open", page_of(her)), &[("why", "intake")]).await;
        assert!(page.contains("한시범") && page.contains("010-0000-1111"));
        nothing_in(&other.get(&page_of(her)).await.1, "the other officer's page");
        nothing_in(&desk.get(&format!("{}/looked", page_of(her))).await.1, "the printed list");

        // The supervisor is told on the access log's own page, and sees it.
        let (_, page) = supervisor.get("/office/access-log").await;
        assert!(page.contains("확인하지 않은 긴급 열람이 1건 있습니다"), "{page}");
        let (_, page) = supervisor.get("/office/residents/looks").await;
        assert!(page.contains("창구에서 고치려 함") && page.contains("김보기"));
        nothing_in(&page, "the supervisor's list");
        let start = page.find("/office/residents/looks/brk_").expect("the button");
        let seen = page[start..].split('"').next().expect("a path").to_owned();
        assert_eq!(supervisor.post(&seen, &[]).await.0, StatusCode::SEE_OTHER);
        assert!(supervisor.get("/office/residents/looks").await.1.contains("확인함"));
        assert!(!supervisor.get("/office/access-log").await.1.contains("확인하지 않은 긴급 열람"));

        let (status, _, _) = other.post(&format!("{}/lift", page_of(her)), &[]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "not by whoever set it");
        assert_eq!(desk.post(&format!("{}/lift", page_of(her)), &[]).await.0, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_record_is_changed_with_a_reason_and_the_log_names_only_the_fields() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let desk = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let other = Desk::of(&office, "이견본", &[Duty::Record]).await;
        let her = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        let change = format!("{}/change", page_of(her));
        assert!(desk.get(&page_of(her)).await.1.contains(&change));
        let (status, page) = desk.get(&change).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        for kept in ["한시범", "1961-03-12", "010-0000-1111", "나루1동", "오후에 전화"] {
            assert!(page.contains(kept), "{kept}");
        }
        let form = |name: &'static str, birth: &'static str, phone: &'static str, why: &'static str| {
            [
                ("name", name),
                ("birth", birth),
                ("phone", phone),
                ("address_dong", "나루2동"),
                ("contact_note", ""),
                ("why", why),
            ]
        };
        // What it is refused for, and that no resident number comes back from any field.
        for (fields, said) in [
            (form("한시범", "1961-03-12", "010-0000-2222", ""), "목록에서 하나를 골라 주세요"),
            (form("한시범", "61.3.12", "010-0000-2222", "moved"), "날짜를 2026-12-04처럼"),
            (form("한시범", "610312-1234567", "010-0000-2222", "moved"), "주민등록번호나 외국인등록번호처럼"),
            (form("한시범", "1961-03-12", "６１０３１２１２３４５６７", "moved"), "주민등록번호나 외국인등록번호처럼"),
            (form("...", "1961-03-12", "010-0000-2222", "moved"), "이름을"),
        ] {
            let (status, _, page) = desk.post(&change, &fields).await;
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said), "{said}: {page}");
            assert!(!page.contains("1234567") && !page.contains("１２３４５６７"), "never sent back");
            assert!(page.contains("나루2동"), "what was typed stays");
            assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        }
        let same = [
            ("name", "한시범"),
            ("birth", "1961-03-12"),
            ("phone", "010-0000-1111"),
            ("address_dong", "나루1동"),
            ("contact_note", "오후에 전화"),
            ("why", "slip"),
        ];
        let (status, _, page) = desk.post(&change, &same).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("바뀐 것이 없습니다"));
        let (status, to, _) = desk.post(&change, &form("한시범", "1961-03-12", "010-0000-2222", "moved")).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, page_of(her)));
        let (_, _, page) = desk.post(&format!("{}/open", page_of(her)), &[("why", "contact")]).await;
        assert!(page.contains("010-0000-2222") && page.contains("나루2동") && !page.contains("010-0000-1111"));
        let log = office.logged().await;
        let line = "주민 정보 정정(이사하거나 연락처가 바뀜): 전화, 사는 동, 연락 방법".to_owned();
        assert!(log.contains(&(format!("주민 {her}"), line)), "{log:?}");
        for value in ["010-0000", "나루2동", "나루1동", "오후에", "한시범", "1961"] {
            assert!(log.iter().all(|(subject, act)| !subject.contains(value) && !act.contains(value)), "{value}");
        }
        // Nobody changes a protected record without breaking the glass; the form does not open either.
        assert_eq!(other.post(&format!("{}/protect", page_of(her)), &[]).await.0, StatusCode::SEE_OTHER);
        let (status, page) = desk.get(&change).await;
        assert!(status == StatusCode::SEE_OTHER && !page.contains("한시범"));
        let (status, _, page) = desk.post(&change, &form("홍예시", "1961-03-12", "", "moved")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("보호 대상입니다"));
        for secret in ["한시범", "010-0000-2222"] {
            assert!(!page.contains(secret), "{secret}");
        }
        assert_eq!(desk.get("/office/residents/rsd_01kb3wmz8q0000000000000001/change").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_erasure_is_promised_done_and_remembered() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let clerk = Desk::of(&office, "김보기", &[Duty::Record]).await;
        let senior = Desk::of(&office, "이견본", &[Duty::Record, Duty::Confirm]).await;
        let her = office.enrol(&office.inside(), han()).await.expect("enrolled").id;
        let erase = format!("{}/erase", page_of(her));
        assert!(!clerk.get(&page_of(her)).await.1.contains(&erase), "no link to a page that would turn her away");
        assert_eq!(clerk.get(&erase).await.0, StatusCode::FORBIDDEN);
        assert!(senior.get(&page_of(her)).await.1.contains(&erase));
        assert!(senior.get(&erase).await.1.contains(PROMISE));
        let (status, _, _) = senior.post(&erase, &[("why", "restored")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "that word is the chore's");
        assert_eq!(senior.post(&erase, &[("why", "asked")]).await.0, StatusCode::SEE_OTHER);
        let (_, page) = senior.get(&page_of(her)).await;
        assert!(page.contains("지운 정보입니다") && page.contains(PROMISE) && page.contains("본인이 삭제를 요구함"));
        let memory = std::fs::read_to_string(office.office.keys.join("residents/erased.txt")).expect("remembered");
        assert!(memory.contains(&her.to_string()));
        let (status, _, page) = senior.post(&erase, &[("why", "asked")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("이미 지운 정보입니다"));
    })
    .await;
}

/// S-05: what is typed and what is kept stands in no address that a page offers.
#[tokio::test]
async fn no_address_holds_a_name_or_a_number() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let desk = Desk::of(&office, "김보기", &[Duty::Record, Duty::Confirm, Duty::Audit]).await;
        let cx = office.inside();
        let one = office.enrol(&cx, han()).await.expect("enrolled").id;
        office.enrol(&cx, han()).await.expect("enrolled");
        let officer = office.officer("홍예시", &[Duty::Record]).await;
        let guarded = office.enrol(&cx, hong()).await.expect("enrolled").id;
        a_look(&office, &office.by(officer), guarded).await;
        let mut pages = vec![
            desk.post("/office/residents/find", &[("name", "한시범"), ("birth", "1961-03-12")]).await.2,
            desk.post(&format!("{}/open", page_of(one)), &[("why", "contact")]).await.2,
        ];
        let paths =
            ["/office/residents", "/office/residents/duplicates", "/office/residents/looks", "/office/access-log"];
        for path in
            paths.iter().map(|path| (*path).to_owned()).chain([page_of(one), format!("{}/looked", page_of(one))])
        {
            pages.push(desk.get(&path).await.1);
        }
        for page in pages {
            for attribute in ["href=\"", "action=\""] {
                for address in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                    for value in ["한시범", "%ED%95%9C%EC%8B%9C", "1961-03-12", "010-0000", "name=", "birth="] {
                        assert!(!address.contains(value), "{value} in {address}");
                    }
                }
            }
        }
    })
    .await;
}
