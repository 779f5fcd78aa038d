//! Getting in, staying in, being put out.

use iljari_store::{Store, testing::both, testing::on_sqlite};
use iljari_web::Duty;

use super::kit::{DESK, PASSWORD, TestOffice, codes, district};
use crate::admin::{self, InvitationWanted, RightsWanted};
use crate::cx::ClientAddress;
use crate::enrol::{Ticket, enrol};
use crate::password::Password;
use crate::sign_in::{Entrance, change_password};
use crate::{present_code, session, store, throttle, totp};

#[tokio::test]
async fn the_right_three_open_the_door_and_anything_else_says_the_same() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[Duty::Record]).await;
        let code = present_code(&office.office, "한시범").await.expect("a code");
        let mut sentences = Vec::new();
        for (login, password, code) in [
            ("한시범", "다른 비밀번호입니다", code.as_str()),
            ("한시범", PASSWORD, "000000"),
            ("한시범", PASSWORD, ""),
            ("없는사람", PASSWORD, code.as_str()),
            ("이름이 될 수 없는 것", PASSWORD, code.as_str()),
            ("", "", ""),
        ] {
            let stop = office.try_door(login, password, code, DESK, None).await.err().expect("refused");
            assert!(stop.has("sign-in-refused"), "{login:?}: {stop}");
            sentences.push(stop.to_string());
        }
        sentences.dedup();
        office.clock.advance_seconds(1);
        assert_eq!(sentences.len(), 1, "one sentence for everything: {sentences:?}");

        let Entrance::Office { opened, .. } =
            office.try_door(" 한시범 ", PASSWORD, &code, DESK, None).await.expect("in")
        else {
            panic!("not the office");
        };
        let viewer = office.who(&opened.token).await.expect("a viewer");
        assert_eq!((viewer.name.as_str(), viewer.department.as_str()), ("한시범", "일자리정책과"));
        assert_eq!(viewer.duties, [Duty::Record]);
        assert_eq!(viewer.session, opened.session);
        assert_eq!(office.who("no such token").await, None);

        office.clock.advance_seconds(1);
        // The code has opened once, at the next second and at the end of its window.
        let again = office.try_door("한시범", PASSWORD, &code, DESK, None).await;
        assert_eq!(codes(again), ["sign-in-refused"]);
        let attempts = office
            .act(|tx| Box::pin(async move { store::attempts(tx, &throttle::account_hash("한시범")).await }))
            .await
            .expect("read");
        assert_eq!(attempts, ["틀림", "틀림", "틀림", "맞음", "틀림"]);
    })
    .await;
}

#[tokio::test]
async fn ten_wrong_then_the_right_one_after_the_delay() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        for attempt in 1..=10 {
            loop {
                let found = codes(office.try_door("한시범", "틀린 비밀번호", "000000", DESK, None).await);
                if found == ["sign-in-refused"] {
                    break;
                }
                assert_eq!(found, ["too-many-attempts"], "attempt {attempt}");
                assert!(attempt > 5, "the first five may follow each other: {attempt}");
                office.clock.advance_seconds(30);
            }
        }
        assert_eq!(codes(office.enter("한시범", DESK, None).await), ["too-many-attempts"]);
        office.clock.advance_seconds(16 * 60);
        let (token, _) = office.enter("한시범", DESK, None).await.expect("in after the delay");
        assert!(office.who(&token).await.is_some());
        // A right one clears the lane.
        assert_eq!(codes(office.try_door("한시범", "틀린 비밀번호", "000000", DESK, None).await), ["sign-in-refused"]);
        office.enter("한시범", DESK, None).await.expect("no delay after one wrong one");
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_waits_like_a_known_one() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        for login in ["한시범", "없는사람"] {
            let mut seen = Vec::new();
            for _ in 0..7 {
                seen.extend(codes(office.try_door(login, "틀린 비밀번호", "1", "192.0.2.1", None).await));
            }
            assert_eq!(seen[..5], ["sign-in-refused"; 5], "{login}");
            assert_eq!(seen[5..], ["too-many-attempts"; 2], "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stranger_cannot_keep_the_owner_out_of_the_usual_browser() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        let (_, device) = office.enter("한시범", DESK, None).await.expect("in");
        for number in 0..40 {
            let _guess = office.try_door("한시범", "틀린 비밀번호", "1", &format!("192.0.2.{number}"), None).await;
            office.clock.advance_seconds(30);
        }
        assert_eq!(codes(office.enter("한시범", DESK, None).await), ["too-many-attempts"], "a new browser waits");
        office.enter("한시범", DESK, Some(&device)).await.expect("the usual one does not");
        assert_eq!(codes(office.enter("한시범", DESK, Some("made up")).await), ["too-many-attempts"]);
        // Another account's browser is a stranger's.
        office.officer("홍예시", &[]).await;
        let (_, others) = office.enter("홍예시", "10.0.0.9", None).await.expect("in");
        assert_eq!(codes(office.enter("한시범", DESK, Some(&others)).await), ["too-many-attempts"]);
    })
    .await;
}

#[tokio::test]
async fn one_address_slows_down_over_many_names() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let mut seen = Vec::new();
        for number in 0..32 {
            seen.extend(codes(
                office.try_door(&format!("이름{number}"), "틀린 비밀번호", "1", "192.0.2.1", None).await,
            ));
        }
        assert_eq!(seen[30], "sign-in-refused");
        assert_eq!(seen[31], "too-many-attempts");
        assert_eq!(
            codes(office.try_door("이름99", "틀린 비밀번호", "1", "192.0.2.2", None).await),
            ["sign-in-refused"]
        );
    })
    .await;
}

/// S-04 through the door itself: a day of guesses at one account, each from another address than the one before.
#[tokio::test]
async fn two_hundred_addresses_at_one_account_reach_the_hash_a_hundred_times_a_day_at_most() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[Duty::Record]).await;
        let Entrance::Office { device, .. } = office
            .try_door("한시범", PASSWORD, &present_code(&office.office, "한시범").await.expect("a code"), DESK, None)
            .await
            .expect("the owner's own browser")
        else {
            panic!("not the office");
        };
        let mut answers = Vec::new();
        for nth in 0..288 {
            let address = format!("192.0.2.{}", nth % 200 + 1);
            answers.extend(codes(office.try_door("한시범", "틀린 비밀번호", "000000", &address, None).await));
            // Two volleys of every ten minutes: the second one finds the lane closed.
            office.clock.advance_seconds(if nth % 2 == 0 { 1 } else { 599 });
        }
        let looked_at = answers.iter().filter(|code| **code == "sign-in-refused").count();
        let told_to_wait = answers.iter().filter(|code| **code == "too-many-attempts").count();
        assert_eq!(looked_at + told_to_wait, 288);
        assert!((20..=100).contains(&looked_at), "{looked_at} guesses reached the hash in a day");
        // Whose account it is comes in all the same, from the browser that it knows.
        let code = present_code(&office.office, "한시범").await.expect("a code");
        assert!(office.try_door("한시범", PASSWORD, &code, DESK, Some(&device)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_ten_hours() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        let token = office.token("한시범").await;
        office.clock.advance_seconds(14 * 60 + 59);
        assert!(office.who(&token).await.is_some(), "a second before");
        office.clock.advance_seconds(14 * 60);
        assert!(office.who(&token).await.is_some(), "the request before began it anew");
        office.clock.advance_seconds(15 * 60);
        assert!(office.who(&token).await.is_none(), "idle");

        let token = office.token("한시범").await;
        for _ in 0..59 {
            office.clock.advance_seconds(10 * 60);
            assert!(office.who(&token).await.is_some());
        }
        office.clock.advance_seconds(10 * 60);
        assert!(office.who(&token).await.is_none(), "ten hours, however busy");
    })
    .await;
}

#[tokio::test]
async fn the_first_device_is_told_of_the_second_and_the_sixth_ends_the_oldest() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        let first = office.token("한시범").await;
        let viewer = office.who(&first).await.expect("in");
        let told = |viewer: iljari_web::Viewer| {
            office.act(move |tx| Box::pin(async move { session::notice(tx, &viewer).await }))
        };
        assert_eq!(told(viewer.clone()).await.expect("read"), None);
        let (second, _) = office.enter("한시범", "192.0.2.9", None).await.expect("in");
        let notice = told(viewer).await.expect("read").expect("a notice");
        assert!(notice.contains("192.0.2.9") && notice.contains("같은 계정"), "{notice}");
        let second = office.who(&second).await.expect("in");
        assert_eq!(told(second).await.expect("read"), None);
        for _ in 0..4 {
            office.token("한시범").await;
        }
        assert!(office.who(&first).await.is_none(), "five at a time");
    })
    .await;
}

#[tokio::test]
async fn only_hashes_of_tokens_lie_in_the_tables() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        let (token, device) = office.enter("한시범", DESK, None).await.expect("in");
        assert_eq!(token.len(), 43);
        let stored = office
            .act(|tx| {
                Box::pin(async move {
                    let sessions = tx.fetch_one("SELECT token_hash FROM office_session", vec![]).await?;
                    let devices = tx.fetch_one("SELECT token_hash FROM known_device", vec![]).await?;
                    let officer = tx.fetch_one("SELECT password_phc, totp_sealed FROM officer", vec![]).await?;
                    Ok((
                        sessions.text("token_hash")?,
                        devices.text("token_hash")?,
                        officer.text("password_phc")?,
                        officer.blob("totp_sealed")?,
                    ))
                })
            })
            .await
            .expect("read");
        assert_eq!((stored.0, stored.1), (session::token_hash(&token), session::token_hash(&device)));
        assert!(stored.2.starts_with("$argon2id$"));
        let secret: Vec<u8> = "한시범".bytes().cycle().take(totp::SECRET_BYTES).collect();
        assert!(!stored.3.windows(8).any(|window| window == &secret[..8]));
    })
    .await;
}

#[tokio::test]
async fn who_leaves_is_out_at_once() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let chief = office.officer("박시연", &[Duty::Administer]).await;
        let leaver = office.officer("한시범", &[Duty::Record]).await;
        let token = office.token("한시범").await;
        let cx = office.by(chief);
        let today = cx.today();
        let later = office
            .act({
                let cx = cx.clone();
                move |tx| Box::pin(async move { admin::mark_left(tx, &cx, leaver, today.plus_days(1)).await })
            })
            .await;
        assert_eq!(codes(later), ["left-in-future"]);
        assert!(office.who(&token).await.is_some());
        office
            .act({
                let cx = cx.clone();
                move |tx| Box::pin(async move { admin::mark_left(tx, &cx, leaver, today).await })
            })
            .await
            .expect("left");
        assert!(office.who(&token).await.is_none());
        assert_eq!(codes(office.enter("한시범", DESK, None).await), ["sign-in-refused"]);
        let again = office.act(move |tx| Box::pin(async move { admin::mark_left(tx, &cx, leaver, today).await })).await;
        assert_eq!(codes(again), ["officer-has-left"]);
    })
    .await;
}

#[tokio::test]
async fn an_invited_officer_sets_up_the_second_factor_alone() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let chief = office.officer("박시연", &[Duty::Administer]).await;
        let wanted = InvitationWanted {
            login: "Hongyesi".to_owned(),
            name: "홍예시".to_owned(),
            department: "10".to_owned(),
            duties: vec![Duty::Record],
        };
        let invited = admin::invite(&office.office, &office.by(chief), wanted.clone()).await.expect("invited");
        assert_eq!(codes(admin::invite(&office.office, &office.by(chief), wanted).await), ["login-taken"]);

        let door = async |password: &str| office.try_door("hongyesi", password, "", DESK, None).await;
        assert_eq!(codes(door("틀린 비밀번호").await), ["sign-in-refused"]);
        let Entrance::Enrolment { ticket: sealed } = door(invited.temporary.reveal()).await.expect("a ticket") else {
            panic!("no code yet, so no office")
        };
        let ticket = || Ticket::read(&office.office, &sealed).expect("read");
        let secret = ticket().expect("a ticket").secret;
        let now_code = |secret: &[u8]| totp::code(secret, totp::step_at(office.now()));
        let address = || ClientAddress(DESK.to_owned());

        let weak =
            enrol(&office.office, ticket().expect("a ticket"), Password::typed("12345678"), "000000", address()).await;
        assert_eq!(codes(weak), ["password-too-common", "code-wrong"]);
        let code = now_code(&secret);
        let (opened, _) =
            enrol(&office.office, ticket().expect("a ticket"), Password::typed(PASSWORD), &code, address())
                .await
                .expect("enrolled");
        assert_eq!(office.who(&opened.token).await.expect("in").duties, [Duty::Record]);

        // Everything that led here leads nowhere now.
        assert_eq!(
            codes(
                enrol(&office.office, ticket().expect("still readable"), Password::typed(PASSWORD), &code, address())
                    .await
            ),
            ["ticket-expired"]
        );
        assert_eq!(codes(door(invited.temporary.reveal()).await), ["sign-in-refused"]);
        assert_eq!(
            codes(office.try_door("hongyesi", PASSWORD, &code, DESK, None).await),
            ["sign-in-refused"],
            "the enrolling code is used up"
        );
        office.clock.advance_seconds(60);
        office.try_door("hongyesi", PASSWORD, &now_code(&secret), DESK, None).await.expect("in");

        // Invited again: the old password and phone are worthless, and so is a late temporary one.
        let again =
            admin::invite_again(&office.office, &office.by(chief), invited.officer).await.expect("invited again");
        assert!(office.who(&opened.token).await.is_none());
        assert_eq!(
            codes(office.try_door("hongyesi", PASSWORD, &now_code(&secret), DESK, None).await),
            ["sign-in-refused"]
        );
        office.clock.advance_seconds(admin::INVITATION_HOURS * 3600);
        assert_eq!(codes(door(again.temporary.reveal()).await), ["sign-in-refused"]);
        assert!(ticket().is_none(), "a ticket is good for minutes");
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        let (here, elsewhere) = (office.token("한시범").await, office.token("한시범").await);
        let session = office.who(&here).await.expect("in").session;
        let cx = office.by(officer);
        let change = async |old: &str, new: &str| {
            change_password(&office.office, &cx, session, Password::typed(old), Password::typed(new)).await
        };
        assert_eq!(codes(change("틀린 비밀번호", "산 너머 작은 마을").await), ["old-password-wrong"]);
        assert_eq!(codes(change(PASSWORD, "qwer1234").await), ["password-too-common"]);
        change(PASSWORD, "산 너머 작은 마을").await.expect("changed");
        assert!(office.who(&here).await.is_some());
        assert!(office.who(&elsewhere).await.is_none());
        assert_eq!(codes(office.enter("한시범", DESK, None).await), ["sign-in-refused"]);
    })
    .await;
}

#[tokio::test]
async fn a_duty_counts_from_the_next_request() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let chief = office.officer("박시연", &[Duty::Administer]).await;
        let officer = office.officer("한시범", &[Duty::Record]).await;
        let token = office.token("한시범").await;
        let set = async |duties: &[Duty], department: &str| {
            let (cx, wanted) =
                (office.by(chief), RightsWanted { department: department.to_owned(), duties: duties.to_vec() });
            office.act(move |tx| Box::pin(async move { admin::set_rights(tx, &cx, officer, wanted).await })).await
        };
        set(&[Duty::Record, Duty::Audit], "10").await.expect("more");
        assert_eq!(office.who(&token).await.expect("still in").duties, [Duty::Record, Duty::Audit]);
        set(&[Duty::Audit], "10").await.expect("less");
        assert!(office.who(&token).await.is_none(), "what was taken away ends the sessions");
        let token = office.token("한시범").await;
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Audit]);
        set(&[Duty::Audit], "20").await.expect("moved");
        assert!(office.who(&token).await.is_none(), "so does another department");
        assert_eq!(codes(set(&[], "99").await), ["no-such-department"]);
        // Given back on the same day.
        set(&[Duty::Record], "20").await.expect("back");
        let token = office.token("한시범").await;
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Record]);

        let history = office
            .act(move |tx| Box::pin(async move { admin::rights_history(tx, &district(), officer).await }))
            .await
            .expect("read");
        let words: Vec<String> = history.iter().rev().map(|line| format!("{} {}", line.change, line.detail)).collect();
        assert_eq!(
            words,
            [
                "초대 한시범, 10",
                "업무 더함 작성",
                "등록 마침 한시범",
                "업무 더함 감사",
                "업무 뺌 작성",
                "부서 바꿈 10 → 20",
                "업무 더함 작성",
                "업무 뺌 감사"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let chief = office.officer("박시연", &[Duty::Administer]).await;
        let none = RightsWanted { department: "10".to_owned(), duties: vec![] };
        let less = async |who| {
            let (cx, wanted) = (office.by(chief), none.clone());
            office.act(move |tx| Box::pin(async move { admin::set_rights(tx, &cx, who, wanted).await })).await
        };
        assert_eq!(codes(less(chief).await), ["last-administrator"]);
        let cx = office.by(chief);
        let leave =
            office.act(move |tx| Box::pin(async move { admin::mark_left(tx, &cx, chief, cx.today()).await })).await;
        assert_eq!(codes(leave), ["last-administrator"]);
        let other = office.officer("이견본", &[Duty::Administer]).await;
        less(chief).await.expect("now there is another");
        assert_eq!(codes(less(other).await), ["last-administrator"]);
    })
    .await;
}
