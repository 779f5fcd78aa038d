//! Curious staff (T-09): whose an application is, what everybody else sees of it, and opening one with a reason.

use iljari_store::testing::{both, on_sqlite};
use iljari_web::{Duty, Viewer};

use super::desk::{PEOPLE, day, filled, grid};
use super::protected::resident_of;
use super::wire::Browser;
use super::{Desk, codes};
use crate::assigned::{break_glass, told};
use crate::{attendance, lookup, objection, store};

/// T-09: whoever has nothing to do with an application is told that there is none; the try is written down, and the
/// person reads it in her own list.
#[tokio::test]
async fn an_application_opens_for_its_department_and_for_whoever_took_it_in() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let elsewhere = desk.elsewhere("최모형").await;
        let others = desk.elsewhere("정시안").await;
        desk.submit(no, filled("이견본", "1961-03-02", "1-01", "0")).await.expect("taken by the department");
        let (cx, safe) = (desk.cx(&elsewhere), desk.safe());
        let at_the_dong = filled("오가상", "1970-05-05", "1-01", "0");
        desk.write(move |tx| Box::pin(async move { crate::intake::submit(tx, &cx, &safe, no, at_the_dong).await }))
            .await
            .expect("taken in elsewhere");
        let (clerk, taker) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "최모형").await);
        let curious = Browser::of(&desk, &others.name).await;
        let base = format!("/office/calls/{no}/applications");
        // The department screens both; whoever took one in sees that one.
        for (who, app, wanted) in [
            (&clerk, 1, 200),
            (&clerk, 2, 200),
            (&taker, 1, 404),
            (&taker, 2, 200),
            (&curious, 1, 404),
            (&curious, 2, 404),
        ] {
            for tail in ["", "/receipt"] {
                assert_eq!(who.get(&format!("{base}/{app}{tail}")).await.status, wanted, "{app}{tail}");
            }
        }
        // An application that is not hers reads as one that is not there.
        let (there, nowhere) = (curious.get(&format!("{base}/1")).await, curious.get(&format!("{base}/77")).await);
        let told = nowhere.text().replace("/applications/77", "/applications/1");
        assert_eq!((there.status, there.text()), (nowhere.status, told));
        for (path, fields) in [("1", [("seen", "주민등록표 등본")]), ("1/withdraw", [("", "")])] {
            assert_eq!(curious.post(&format!("{base}/{path}"), &fields).await.status, 404, "{path}");
        }
        assert_eq!(curious.get(&format!("{base}/1/result")).await.status, 404);
        let her = resident_of(&desk, no, 1).await;
        let looked = clerk.get(&format!("/office/residents/{her}/looked")).await.text();
        assert!(looked.contains("을 열려 함: 보여 주지 않음") && looked.contains("정시안"), "{looked}");
        assert!(desk.screen(no, 1, None).await.is_ok(), "nothing was withdrawn");
    })
    .await;
}

/// A call whose people are selected, placed and at work; 복지과 took the second of them in.
async fn at_work(desk: &Desk, taker: &Viewer) -> i64 {
    let no = desk.published().await;
    for (nth, (name, birth, wanted, assets)) in PEOPLE.into_iter().enumerate() {
        let (cx, safe) = (desk.cx(if nth == 1 { taker } else { &desk.clerk }), desk.safe());
        let it = filled(name, birth, wanted, assets);
        desk.write(move |tx| Box::pin(async move { crate::intake::submit(tx, &cx, &safe, no, it).await }))
            .await
            .expect(name);
    }
    for app in 1..=6 {
        desk.screen(no, app, None).await.expect("screened");
    }
    desk.clock.set(day("2026-11-29").at_hour(9));
    desk.draw_up(no).await.expect("drawn up");
    desk.open_all(&desk.checker, no).await;
    desk.confirm(&desk.checker, no).await.expect("confirmed");
    desk.clock.set(day("2026-11-30").at_hour(9));
    for app in [1, 2] {
        desk.place(no, app, "1-01").await.expect("placed");
        desk.report(no, app, "2026-11-30").await.expect("reported");
        desk.start(&desk.checker, no, app).await.expect("started");
    }
    for app in [1, 3] {
        let (cx, safe, words) = (desk.cx(&desk.clerk), desk.safe(), "점수를 다시 보아 주세요");
        desk.write(move |tx| Box::pin(async move { objection::take(tx, &cx, &safe, (no, app), words).await }))
            .await
            .expect("objected");
    }
    no
}

/// Of the lists, whoever is neither of the department nor took somebody in reads how many; of the pages of one
/// person, that there is none. Whoever took somebody in reads of her.
#[tokio::test]
async fn lists_say_how_many_to_whoever_has_nothing_to_do_with_the_call() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let (taker, curious) =
            (desk.elsewhere("최모형").await, desk.elsewhere_with("정시안", &[Duty::Record, Duty::Confirm]).await);
        let no = at_work(&desk, &taker).await;
        let browser = async |who: &str| Browser::of(&desk, who).await;
        let (clerk, both, taker, curious) = (
            browser("한시범").await,
            browser("홍예시").await,
            browser(&taker.name).await,
            browser(&curious.name).await,
        );
        let base = format!("/office/calls/{no}");
        let receipt = |app: i64| format!("26-001-{app:04}");
        let named = |text: &str| -> Vec<i64> { (1..=6).filter(|app| text.contains(&receipt(*app))).collect() };
        for (list, everybody) in [
            ("/applications", vec![1, 2, 3, 4, 5, 6]),
            ("/selection", vec![1, 2, 3, 4, 5, 6]),
            ("/selection/runs/1", vec![1, 2, 3, 4, 5, 6]),
            // Those with a seat, and who objected.
            ("/work", vec![1, 2, 3, 6]),
        ] {
            let path = format!("{base}{list}");
            assert_eq!(named(&both.get(&path).await.text()), everybody, "{list}");
            assert_eq!(named(&taker.get(&path).await.text()), [2], "{list}");
            let got = curious.get(&path).await;
            assert_eq!((got.status, named(&got.text())), (200, Vec::new()), "{list}");
            assert!(got.text().contains("맡지 않은 것은 수만 보입니다"), "{list}: {}", got.text());
        }
        // How many there are stands in the headings.
        assert!(curious.get(&format!("{base}/applications")).await.text().contains("신청 6건"));
        assert!(curious.get(&format!("{base}/work")).await.text().contains("3명 가운데 2명이 일하고 있습니다"));
        desk.clock.set(day("2026-12-07").at_hour(9));
        desk.leave(no, 1, "2026-12-07", "다른 일을 찾음").await.expect("left");
        let (clerk_again, curious) = (browser("한시범").await, browser("정시안").await);
        drop(clerk);
        let outcomes = format!("{base}/outcomes");
        assert_eq!(named(&clerk_again.get(&outcomes).await.text()), [1]);
        assert_eq!(named(&curious.get(&outcomes).await.text()), Vec::<i64>::new());

        // Pages of one person, and acts on one.
        for tail in [
            "/selection/1",
            "/outcomes/1",
            "/objections/1",
            "/applications/1",
            "/applications/1/job",
            "/applications/1/result",
        ] {
            let got = curious.get(&format!("{base}{tail}")).await;
            assert_eq!((got.status, named(&got.text())), (404, Vec::new()), "{tail}");
        }
        let acts: [(&str, &[(&str, &str)]); 6] = [
            ("work/record", &[("act", "place"), ("app", "3"), ("place", "1-02")]),
            ("work/record", &[("act", "leave"), ("app", "2"), ("left_on", "2026-12-07"), ("why", "그만둠")]),
            ("work/confirm", &[("act", "start"), ("app", "2")]),
            (
                "outcomes",
                &[("app", "1"), ("months", "3"), ("after", "hired"), ("by", "phone"), ("asked_on", "2026-12-07")],
            ),
            ("objections/1", &[("upheld", "0"), ("answer", "그대로 둡니다")]),
            ("applications/1/withdraw", &[("", "")]),
        ];
        for (path, fields) in acts {
            assert_eq!(curious.post(&format!("{base}/{path}"), fields).await.status, 404, "{path} {fields:?}");
        }
        for (path, fields) in [
            ("/selection/draw", [("act", "again")]),
            ("/selection/send-back", [("reason", "다시 보아 주세요")]),
            ("/lookup/list", [("reason", "자격 조회 의뢰")]),
        ] {
            let got = curious.post(&format!("{base}{path}"), &fields).await;
            let text = got.text();
            assert_eq!(got.status, 422, "{path}: {text}");
            assert!(text.contains("이 공고를 맡은 부서의 담당자만"), "{path}: {text}");
        }
        let offered = curious.post(&format!("{base}/work/record"), &[("act", "offer"), ("place", "1-01")]).await;
        assert!(offered.status == 422 && offered.text().contains("맡은 부서"));
    })
    .await;
}

/// What takes a whole call is its department's, also where no page stands before it.
#[tokio::test]
async fn a_whole_call_is_its_departments() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let (taker, other) =
            (desk.elsewhere("최모형").await, desk.elsewhere_with("정시안", &[Duty::Record, Duty::Confirm]).await);
        let no = at_work(&desk, &taker).await;
        for who in [&taker, &other] {
            let (cx, safe) = (desk.cx(who), desk.safe());
            let reason = iljari_people::download_reason("자격 조회 의뢰").expect("a reason");
            let list = desk
                .write(move |tx| Box::pin(async move { lookup::export(tx, &cx, &safe, no, reason).await.map(drop) }));
            assert_eq!(codes(&list.await), ["not-your-call"]);
            let (cx, safe, sheet) = (desk.cx(who), desk.safe(), grid("접수번호|조회일\n26-001-0002|2026-11-23"));
            let answer = desk.write(move |tx| {
                Box::pin(async move { lookup::answer(tx, &cx, &safe, no, "결과.csv", &sheet).await.map(drop) })
            });
            assert_eq!(codes(&answer.await), ["not-your-call"]);
            let (cx, safe) = (desk.cx(who), desk.safe());
            let drawn = desk
                .write(move |tx| Box::pin(async move { crate::select::draw_up(tx, &cx, &safe, no).await.map(drop) }));
            assert_eq!(codes(&drawn.await), ["not-your-call"]);
            assert_eq!(codes(&desk.confirm(who, no).await), ["not-your-call"]);
        }
        // An attendance sheet of the one she took in, and of somebody else.
        for (who, row, said) in [
            (&taker, "26-001-0002", "accepted"),
            (&taker, "26-001-0001", "unknown-participant"),
            (&other, "26-001-0002", "unknown-participant"),
        ] {
            let (cx, sheet) = (desk.cx(who), grid(&format!("접수번호|달|일한 날|일한 시간\n{row}|2026-12|4|16")));
            let taken = desk
                .write(move |tx| Box::pin(async move { attendance::take(tx, &cx, no, "출근부.csv", &sheet).await }));
            assert_eq!(codes(&taken.await), [said], "{row}");
        }
        // A deputy of somebody of the department stands in for her, between two days.
        let (cx, principal, deputy) = (desk.cx(&desk.checker), desk.checker.officer, other.officer);
        let today = desk.office.clock.today();
        let wanted = iljari_people::deputy::Appointment { principal, deputy, from: today, until: today.plus_days(7) };
        desk.write(move |tx| Box::pin(async move { iljari_people::deputy::appoint_deputy(tx, &cx, wanted).await }))
            .await
            .expect("appointed");
        assert_eq!(codes(&desk.confirm(&other, no).await), ["no-selection"], "she is let on to what comes next");
        desk.clock.set(day("2026-12-08").at_hour(9));
        assert_eq!(codes(&desk.confirm(&other, no).await), ["not-your-call"]);
    })
    .await;
}

/// A file that is somebody else's opens with a reason: for half an hour, for that officer, for that file; the person,
/// the auditor and the department read of it.
#[tokio::test]
async fn a_file_of_somebody_else_opens_with_a_reason_that_three_read() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let (taker, other) = (desk.elsewhere("최모형").await, desk.elsewhere("정시안").await);
        let no = at_work(&desk, &taker).await;
        desk.auditor().await;
        let open = async |by: &Viewer, call_no: i64, receipt: &str, remark: &str| {
            let (cx, safe) = (desk.cx(by), desk.safe());
            let (receipt, remark) = (receipt.to_owned(), remark.to_owned());
            desk.write(move |tx| {
                Box::pin(async move { break_glass(tx, &cx, &safe, call_no, (&receipt, &remark)).await })
            })
            .await
        };
        let why = "본인이 창구에서 결과를 물음";
        for (by, call_no, receipt, remark, said) in [
            (&other, 99, "26-001-0001", why, "no-such-call"),
            (&other, no, "26-001-0099", why, "no-such-application"),
            (&other, no, "26-002-0001", why, "no-such-application"),
            (&other, no, "", why, "no-such-application"),
            (&desk.clerk, no, "26-001-0001", why, "yours-already"),
            (&taker, no, "26-001-0002", why, "yours-already"),
            (&other, no, "26-001-0001", "610302-1234567", "resident-number"),
            (&other, no, "26-001-0001", "급함", "remark-too-short"),
        ] {
            assert_eq!(codes(&open(by, call_no, receipt, remark).await), [said], "{receipt} {remark}");
        }
        let (curious, supervisor) = (Browser::of(&desk, "정시안").await, Browser::of(&desk, "박시연").await);
        let base = format!("/office/calls/{no}");
        let file = format!("{base}/applications/1");
        assert_eq!(curious.get(&file).await.status, 404);
        let form = curious.get(&format!("{base}/break-glass")).await;
        assert!(form.status == 200 && form.text().contains("여는 순간 기록이 남습니다"));
        let short =
            curious.post(&format!("{base}/break-glass"), &[("receipt", "26-001-0001"), ("remark", "급함")]).await;
        assert!(short.status == 422 && short.text().contains("26-001-0001"), "what was typed is kept");
        let opened = curious.post(&format!("{base}/break-glass"), &[("receipt", "26-001-0001"), ("remark", why)]).await;
        assert_eq!((opened.status, opened.location.as_str()), (303, file.as_str()), "{}", opened.text());
        assert!(curious.get(&file).await.text().contains("이견본"));
        assert!(curious.get(&format!("{base}/selection")).await.text().contains("26-001-0001"), "her line too");
        assert_eq!(codes(&open(&other, no, "26-001-0001", why).await), ["yours-already"]);
        for elsewhere in [format!("{base}/applications/3"), format!("{base}/objections/1")] {
            assert!(
                matches!(curious.get(&elsewhere).await.status, 403 | 404),
                "{elsewhere}: that file alone, and no duty"
            );
        }
        let takers = Browser::of(&desk, "최모형").await;
        assert_eq!(takers.get(&file).await.status, 404, "for that officer alone");
        // Three read of it: she, the auditor, the department; nobody else.
        let clerk = Browser::of(&desk, "한시범").await;
        let her = resident_of(&desk, no, 1).await;
        let looked = clerk.get(&format!("/office/residents/{her}/looked")).await.text();
        assert!(looked.contains("맡지 않은 신청(26-001-0001) 긴급 열람 시작") && looked.contains("정시안"), "{looked}");
        assert!(supervisor.get("/office/access-log").await.text().contains("확인하지 않은 긴급 열람이 1건 있습니다"));
        let looks = supervisor.get("/office/residents/looks").await.text();
        assert!(looks.contains(why) && looks.contains("맡지 않은 신청"), "{looks}");
        let (of_call, elsewhere) = (clerk.get(&base).await.text(), takers.get(&base).await.text());
        assert!(of_call.contains("정시안 (복지과)") && of_call.contains(why) && of_call.contains("26-001-0001"));
        assert!(!elsewhere.contains(why) && !elsewhere.contains("26-001-0001"), "{elsewhere}");
        let (district, today) = (desk.code.clone(), desk.office.clock.today());
        let hinted = async |today: iljari_base::Date| {
            let district = district.clone();
            let hints = desk.write(move |tx| Box::pin(async move { crate::hints(tx, district, today).await })).await;
            hints.expect("hints").iter().any(|hint| hint.what.starts_with("긴급 열람"))
        };
        assert!(hinted(today).await && hinted(today.plus_days(6)).await && !hinted(today.plus_days(7)).await);
        // A protected record stays closed to it: that takes a reason of its own.
        let (cx, at) = (desk.cx(&desk.both), her);
        desk.write(move |tx| Box::pin(async move { iljari_people::residents::protect(tx, &cx, at).await }))
            .await
            .expect("protected");
        assert!(!curious.get(&file).await.text().contains("이견본"));
        // It ends by itself.
        desk.clock.advance_seconds(30 * 60);
        let curious = Browser::of(&desk, "정시안").await;
        assert_eq!(curious.get(&file).await.status, 404);
        let code = desk.code.clone();
        let kept = desk.write(move |tx| Box::pin(async move { store::looks(tx, &code, no).await })).await;
        assert_eq!(kept.expect("read").len(), 1, "and stays written down");
        let (cx, safe) = (desk.cx(&taker), desk.safe());
        let told = desk.write(move |tx| {
            Box::pin(async move {
                let call = store::call_of(tx, &cx.district, no).await?.expect("a call");
                told(tx, &cx, &safe, &call).await
            })
        });
        assert!(told.await.expect("read").is_empty(), "nobody is told but the department");
    })
    .await;
}
