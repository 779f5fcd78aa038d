//! A call from its draft to the notice that everybody reads.

use iljari_plans::Books;
use iljari_store::testing::both;
use iljari_web::Side;
use tower::ServiceExt as _;

use super::desk::{RULES, day, places, pools, terms};
use super::{Desk, codes};
use crate::model::{CallState, Terms, WorkPlace};
use crate::rulebook::Rulebook;
use crate::{call, notice, store, wage};

#[tokio::test]
async fn a_call_takes_two_people_and_then_stands_still() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.draft(terms()).await.expect("drafted");
        assert_eq!(codes(&desk.check(&desk.clerk, no).await), ["no-places"]);
        assert_eq!(codes(&desk.publish(&desk.checker, no).await), ["call-not-checked"]);
        desk.set_places(no, pools(), places()).await.expect("places");
        desk.check(&desk.clerk, no).await.expect("checked");
        assert_eq!(codes(&desk.publish(&desk.clerk, no).await), ["own-confirmation"]);
        assert_eq!(codes(&desk.set_places(no, pools(), places()).await), ["call-not-draft"]);
        let (cx, reason) = (desk.cx(&desk.checker), "자리 수를 다시 세어 주세요");
        desk.write(move |tx| Box::pin(async move { call::send_back(tx, &cx, no, reason).await })).await.expect("back");
        // Whoever drafted it may not publish it, even where somebody else checked it.
        desk.check(&desk.both, no).await.expect("checked again");
        assert_eq!(codes(&desk.publish(&desk.both, no).await), ["own-confirmation"]);
        desk.publish(&desk.checker, no).await.expect("published");
        assert_eq!(codes(&desk.publish(&desk.checker, no).await), ["call-not-checked"]);
        let (cx, rules) = (desk.cx(&desk.clerk), Rulebook::freeze(RULES).expect("sound"));
        let revised =
            desk.write(move |tx| Box::pin(async move { call::revise(tx, &cx, no, terms(), rules).await })).await;
        assert_eq!(codes(&revised), ["call-not-draft"]);
        let code = desk.code.clone();
        let calls = desk.write(move |tx| Box::pin(async move { store::calls(tx, &code).await })).await.expect("calls");
        assert!(matches!(calls[0].state, CallState::Published { .. }));
        assert_eq!((calls.len(), &calls[0].terms), (1, &terms()));
    })
    .await;
}

/// What is changed in a sound place, and the code it is refused with.
type Case = (fn(&mut WorkPlace), &'static str);

#[tokio::test]
async fn every_gap_of_a_call_is_told_at_once() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let wrong = Terms {
            title: " ".to_owned(),
            body: "900101-1234567".to_owned(),
            apply_last_on: day("2026-11-20"),
            result_on: day("2026-11-20"),
            work_last_on: day("2026-11-01"),
            objection_days: 1,
            answer_days: 0,
            wage_hourly: 0,
            ..terms()
        };
        assert_eq!(
            codes(&desk.draft(wrong).await),
            [
                "resident-number",
                "empty",
                "apply-order",
                "result-order",
                "work-end",
                "objection-days",
                "answer-days",
                "wage"
            ]
        );
        let no = desk.draft(terms()).await.expect("drafted");
        let of = |change: fn(&mut WorkPlace)| {
            let mut all = places();
            change(&mut all[0]);
            all
        };
        let cases: [Case; 4] = [
            (|place| place.no = "1-02".to_owned(), "place-twice"),
            (|place| place.site = " ".to_owned(), "place-unnamed"),
            (|place| place.capacity = 0, "place-capacity"),
            (|place| place.pool = "어르신".to_owned(), "place-pool"),
        ];
        for (change, code) in cases {
            assert_eq!(codes(&desk.set_places(no, pools(), of(change)).await), [code]);
        }
        let elsewhere = |node: &str| {
            let mut all = places();
            all[0].node = node.parse().expect("a node");
            all
        };
        for (node, code) in [("9-9", "unknown-node"), ("1-1-1-1", "counted-by-sums")] {
            desk.set_places(no, pools(), elsewhere(node)).await.expect("places");
            assert_eq!(codes(&desk.check(&desk.clerk, no).await), [code]);
        }
    })
    .await;
}

/// The invented rules with other wages; nothing where the rules know none.
fn rules_with(wages: &str) -> Rulebook {
    let from = RULES.find("  - 이름: 최저임금").expect("the minimum wage");
    let upto = RULES.find("자격:").expect("the clauses");
    Rulebook::freeze(&format!("{}{wages}{}", &RULES[..from], &RULES[upto..])).expect("sound")
}

#[tokio::test]
async fn a_call_that_pays_less_than_the_minimum_wage_is_neither_checked_nor_published() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.draft(Terms { wage_hourly: 10_319, ..terms() }).await.expect("a draft may still be wrong");
        desk.set_places(no, pools(), places()).await.expect("places");
        let refused = desk.check(&desk.clerk, no).await.expect_err("below the minimum");
        let [refusal] = refused.refusals() else { panic!("{refused:?}") };
        assert_eq!((refusal.code, refusal.basis), ("below-minimum-wage", "최저임금법 제6조제1항"));
        for figure in ["10,319원", "2026년 최저임금 10,320원", "1원 적습니다"] {
            assert!(refusal.message.contains(figure), "{figure}: {}", refusal.message);
        }
        let (cx, rules) = (desk.cx(&desk.clerk), Rulebook::freeze(RULES).expect("sound"));
        desk.write(move |tx| Box::pin(async move { call::revise(tx, &cx, no, terms(), rules).await }))
            .await
            .expect("revised");
        desk.check(&desk.clerk, no).await.expect("the minimum itself is enough");
        // Asked again when it is published: what was checked may have been changed behind the office's back.
        let sql = format!("UPDATE program_call SET wage_hourly = 10319 WHERE no = {no}");
        iljari_store::testing::script(&desk.office.store, &sql).await.expect("changed");
        assert_eq!(codes(&desk.publish(&desk.checker, no).await), ["below-minimum-wage"]);
    })
    .await;
}

#[test]
fn what_the_law_does_not_forbid_is_a_remark() {
    let remarks = |wages: &str, terms: &Terms| {
        let rules = rules_with(wages).open().expect("opens");
        assert_eq!(wage::refusals(terms, &rules), [], "{wages}");
        wage::remarks(terms, &rules)
    };
    let codes = |remarks: &[wage::Remark]| remarks.iter().map(|remark| remark.code).collect::<Vec<_>>();
    let told = remarks("", &terms());
    assert_eq!(codes(&told), ["minimum-wage-unknown"], "no wage at all");
    assert!(told[0].message.starts_with("확인 필요:") && !told[0].message.contains("마지막"), "{told:?}");
    // A minimum of another year says nothing about this one, whichever way it lies.
    let of_2025 = "  - {이름: 최저임금, 단위: 원, 값: [{시행: 2025-01-01, 출처: 지어냄, 값: 99999}]}\n";
    let told = remarks(of_2025, &terms());
    assert_eq!(codes(&told), ["minimum-wage-unknown"]);
    assert!(told[0].message.contains("2025년 99,999원"), "{told:?}");
    let living = |amount: &str| {
        format!(
            "  - {{이름: 최저임금, 단위: 원, 값: [{{시행: 2026-01-01, 출처: 지어냄, 값: 10320}}]}}
  - {{이름: 생활임금, 단위: 원, 값: [{{시행: 2026-01-01, 출처: 지어냄, 값: {amount}}}]}}
"
        )
    };
    let told = remarks(&living("10321"), &terms());
    assert_eq!(codes(&told), ["below-living-wage"]);
    assert!(told[0].message.contains("10,321원보다 1원 적습니다"), "{told:?}");
    assert_eq!(remarks(&living("10320"), &terms()), [], "the living wage itself is no less");
    // Both years of a call that lies in two are looked at.
    let two = Terms { work_last_on: day("2027-02-28"), ..terms() };
    assert_eq!(codes(&remarks(&living("10320"), &two)), ["minimum-wage-unknown"]);
}

#[tokio::test]
async fn rules_that_changed_after_publication_cannot_be_opened() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let sql = format!("UPDATE program_call SET rules_text = rules_text || '# x' WHERE no = {no}");
        iljari_store::testing::script(&desk.office.store, &sql).await.expect("forged");
        let code = desk.code.clone();
        let call = desk.write(move |tx| Box::pin(async move { store::call_of(tx, &code, no).await })).await;
        assert_eq!(codes(&call.expect("read").expect("a call").rules.open()), ["rules-changed"]);
    })
    .await;
}

#[tokio::test]
async fn everybody_reads_the_notice_and_its_files() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let draft = desk.draft(terms()).await.expect("a draft");
        let no = desk.published().await;
        let router =
            crate::routes().into_router(desk.office.clone(), Side::Public).layer(axum::Extension(Books::new()));
        let ask = |path: String| {
            let request = axum::http::Request::builder().uri(path).header("host", "localhost");
            let answer = router.clone().oneshot(request.body(axum::body::Body::empty()).expect("a request"));
            async move {
                let answer = answer.await.expect("an answer");
                let status = answer.status().as_u16();
                let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
                (status, String::from_utf8_lossy(&body).into_owned())
            }
        };
        let (status, list) = ask("/districts/99001/calls".to_owned()).await;
        assert!(status == 200 && list.contains(&terms().title), "{status}");
        let (status, page) = ask(format!("/districts/99001/calls/{no}")).await;
        assert_eq!(status, 200);
        for wanted in ["2026년 11월 27일", "1-01", "배점", "소득이 적은 사람", "SHA-256"] {
            assert!(page.contains(wanted), "{wanted}");
        }
        assert_eq!(ask(format!("/districts/99001/calls/{draft}")).await.0, 404, "a draft is nobody's business");
        let (status, ics) = ask(format!("/districts/99001/calls/{no}/dates.ics")).await;
        assert_eq!(status, 200);
        assert!(
            ics.contains("DTSTART;VALUE=DATE:20261121\r\n") && ics.contains("DTEND;VALUE=DATE:20261128\r\n"),
            "{ics}"
        );
        assert!(ics.lines().all(|line| line.len() <= 75));
        let (status, feed) = ask("/districts/99001/calls.atom".to_owned()).await;
        assert!(status == 200 && feed.contains(&format!("<id>urn:iljari:99001:calls:{no}</id>")), "{feed}");
        let (status, hwpx) = ask(format!("/districts/99001/calls/{no}/notice.hwpx")).await;
        assert!(status == 200 && hwpx.starts_with("PK"));
        assert_eq!(ask(format!("/districts/99001/calls/{no}/notice.exe")).await.0, 404);
    })
    .await;
}

#[test]
fn the_notice_says_what_decides_when_points_are_equal() {
    let rules = Rulebook::freeze(RULES).expect("sound").open().expect("opens");
    let ties = notice::ties(&rules);
    assert_eq!(ties.first().map(String::as_str), Some("소득이 적은 사람"));
    assert_eq!(ties.last().map(String::as_str), Some(crate::model::LAST_TIE));
    assert_eq!(notice::limits(&rules).len(), 2);
}
