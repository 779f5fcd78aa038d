//! Who may confirm, who deputises, who took over.

use iljari_base::{Actor, Id, Outcome, id};
use iljari_store::{Store, testing::both};
use iljari_web::{Duty, Viewer};

use super::kit::{TestOffice, codes, day, district};
use crate::deputy::{Appointment, appoint_deputy, end_deputy};
use crate::handover::{HandoverWanted, hand_over};
use crate::model::ConfirmingAs;
use crate::{admin, may_confirm, present_code, responsible, responsible_for, seed, successor_of};

type OfficerId = Id<id::Officer>;

/// A viewer as a request's beginning would give it; `may_confirm` must not trust its duties.
fn viewer(office: &TestOffice, officer: OfficerId) -> Viewer {
    Viewer {
        officer,
        name: String::new(),
        district: district(),
        department: String::new(),
        duties: Duty::ALL.to_vec(),
        session: Id::fresh(office.clock.as_ref(), office.office.entropy.as_ref()),
    }
}

async fn confirm(office: &TestOffice, who: OfficerId, wrote: Actor, on: &str) -> Outcome<ConfirmingAs> {
    let (viewer, on) = (viewer(office, who), day(on));
    office.act(move |tx| Box::pin(async move { may_confirm(tx, &viewer, wrote, on).await })).await
}

async fn appoint(office: &TestOffice, by: OfficerId, wanted: Appointment) -> Outcome<()> {
    let cx = office.by(by);
    office.act(move |tx| Box::pin(async move { appoint_deputy(tx, &cx, wanted).await })).await
}

#[tokio::test]
async fn nobody_confirms_their_own_through_any_door() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let writer = office.officer("한시범", &[Duty::Record]).await;
        let checker = office.officer("김보기", &[Duty::Record, Duty::Confirm]).await;
        let other = office.officer("이견본", &[Duty::Confirm]).await;
        let stand_in = office.officer("홍예시", &[Duty::Record]).await;
        let both_hands = office.officer("박시연", &[Duty::Confirm, Duty::Administer]).await;
        let until =
            |principal, deputy| Appointment { principal, deputy, from: day("2026-11-23"), until: day("2026-11-30") };
        appoint(&office, checker, until(checker, stand_in)).await.expect("appointed");
        // A confirmer who deputises as well confirms by their own duty.
        appoint(&office, both_hands, until(checker, both_hands)).await.expect("appointed");
        let by = Actor::Officer;
        let on = "2026-11-24";
        for (case, who, wrote, expected) in [
            ("another's", checker, by(writer), Ok(ConfirmingAs::Oneself)),
            ("a command's", checker, Actor::Operator, Ok(ConfirmingAs::Oneself)),
            ("the demo's", checker, Actor::Demo, Ok(ConfirmingAs::Oneself)),
            ("one's own", checker, by(checker), Err("own-confirmation")),
            ("one's own, without the duty", writer, by(writer), Err("own-confirmation")),
            ("without the duty", writer, by(checker), Err("not-confirmer")),
            ("as deputy", stand_in, by(writer), Ok(ConfirmingAs::DeputyOf(checker))),
            ("as deputy, one's own", stand_in, by(stand_in), Err("own-confirmation")),
            ("as deputy, the principal's own", stand_in, by(checker), Err("own-confirmation")),
            ("as deputy with one's own duty, the principal's", both_hands, by(checker), Ok(ConfirmingAs::Oneself)),
            ("another confirmer's", other, by(checker), Ok(ConfirmingAs::Oneself)),
        ] {
            let found = confirm(&office, who, wrote, on).await.map_err(|stop| stop.refusals()[0].code);
            assert_eq!(found, expected, "{case}");
        }
        for (on, expected) in [
            ("2026-11-22", vec!["not-confirmer"]),
            ("2026-11-23", vec![]),
            ("2026-11-30", vec![]),
            ("2026-12-01", vec!["not-confirmer"]),
        ] {
            assert_eq!(codes(confirm(&office, stand_in, by(writer), on).await), expected, "{on}");
        }

        // Handed over, the writer is still the one who wrote it, and the new hand is not.
        let cx = office.by(writer);
        let wanted = HandoverWanted {
            from: writer,
            to: checker,
            effective_on: day("2026-11-23"),
            remark: "부서 이동".to_owned(),
        };
        office.act(move |tx| Box::pin(async move { hand_over(tx, &cx, wanted).await })).await.expect("handed over");
        assert_eq!(codes(confirm(&office, writer, by(writer), on).await), ["own-confirmation"]);
        assert_eq!(confirm(&office, checker, by(writer), on).await.expect("may"), ConfirmingAs::Oneself);

        // A deputyship ends with its principal's duty, and when it is taken back.
        let cx = office.by(both_hands);
        office
            .act({
                let cx = cx.clone();
                move |tx| Box::pin(async move { end_deputy(tx, &cx, checker, stand_in).await })
            })
            .await
            .expect("taken back");
        assert_eq!(codes(confirm(&office, stand_in, by(writer), on).await), ["not-confirmer"]);
        let again = office.act(move |tx| Box::pin(async move { end_deputy(tx, &cx, checker, stand_in).await })).await;
        assert_eq!(codes(again), ["no-such-deputy"]);
        appoint(&office, checker, until(checker, stand_in)).await.expect("appointed again");
        let cx = office.by(both_hands);
        let none = admin::RightsWanted { department: "10".to_owned(), duties: vec![Duty::Record] };
        office
            .act(move |tx| Box::pin(async move { admin::set_rights(tx, &cx, checker, none).await }))
            .await
            .expect("less");
        assert_eq!(codes(confirm(&office, stand_in, by(writer), on).await), ["not-confirmer"]);
        assert_eq!(
            codes(confirm(&office, checker, by(writer), on).await),
            ["not-confirmer"],
            "the viewer's own duties are read again"
        );
    })
    .await;
}

#[tokio::test]
async fn a_deputy_passes_the_gate_within_the_days() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let checker = office.officer("김보기", &[Duty::Confirm]).await;
        let stand_in = office.officer("홍예시", &[Duty::Record]).await;
        appoint(
            &office,
            checker,
            Appointment { principal: checker, deputy: stand_in, from: day("2026-11-24"), until: day("2026-11-24") },
        )
        .await
        .expect("appointed");
        let token = office.token("홍예시").await;
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Record]);
        office.clock.advance_seconds(24 * 3600);
        let token = office.token("홍예시").await;
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Record, Duty::Confirm]);
        office.clock.advance_seconds(24 * 3600);
        let token = office.token("홍예시").await;
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Record]);
    })
    .await;
}

#[tokio::test]
async fn a_deputyship_has_an_end_and_two_people() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let checker = office.officer("김보기", &[Duty::Confirm]).await;
        let writer = office.officer("한시범", &[Duty::Record]).await;
        for (principal, deputy, from, until, expected) in [
            (checker, checker, "2026-11-23", "2026-11-24", vec!["deputy-of-oneself"]),
            (writer, checker, "2026-11-23", "2026-11-24", vec!["principal-not-confirmer"]),
            (checker, writer, "2026-11-24", "2026-11-23", vec!["deputy-ends-before-start"]),
            (checker, writer, "2026-11-01", "2026-11-22", vec!["principal-not-confirmer", "deputy-over"][1..].to_vec()),
            (checker, writer, "2026-11-23", "2027-11-25", vec!["deputy-too-long"]),
            (checker, writer, "2026-11-23", "2026-11-23", vec![]),
        ] {
            let wanted = Appointment { principal, deputy, from: day(from), until: day(until) };
            assert_eq!(codes(appoint(&office, checker, wanted).await), expected, "{from} to {until}");
        }
        let stranger = viewer(&office, checker).session.to_string().replace("ses_", "ofc_").parse().expect("an id");
        let wanted =
            Appointment { principal: checker, deputy: stranger, from: day("2026-11-23"), until: day("2026-11-24") };
        assert_eq!(codes(appoint(&office, checker, wanted).await), ["no-such-officer"]);
    })
    .await;
}

#[tokio::test]
async fn everything_of_a_person_is_anothers_from_the_day() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let first = office.officer("한시범", &[Duty::Record]).await;
        let second = office.officer("홍예시", &[Duty::Record]).await;
        let gone = office.officer("이견본", &[Duty::Record]).await;
        let cx = office.by(first);
        let leave = cx.clone();
        office
            .act(move |tx| Box::pin(async move { admin::mark_left(tx, &leave, gone, leave.today()).await }))
            .await
            .expect("left");
        let hand = async |from, to, on: &str, remark: &str| {
            let (cx, wanted) =
                (cx.clone(), HandoverWanted { from, to, effective_on: day(on), remark: remark.to_owned() });
            office.act(move |tx| Box::pin(async move { hand_over(tx, &cx, wanted).await })).await
        };
        assert_eq!(codes(hand(first, first, "2026-12-01", "").await), ["handover-to-oneself"]);
        assert_eq!(codes(hand(first, gone, "2026-12-01", "").await), ["handover-to-left"]);
        assert_eq!(
            codes(hand(first, second, "2028-01-01", "900101-1234567").await),
            ["handover-too-far", "resident-number-typed"]
        );
        hand(first, second, "2026-12-01", "부서 이동").await.expect("handed over");
        hand(gone, first, "2026-11-01", "").await.expect("for somebody who left");
        let asked = async |officer, on: &str| {
            let on = day(on);
            office
                .act(move |tx| {
                    Box::pin(async move {
                        let now_at = responsible(tx, &district(), officer, on).await?;
                        let made_late = responsible_for(tx, &district(), officer, day("2026-12-02"), on).await?;
                        Ok((now_at, made_late, successor_of(tx, &district(), officer, on).await?))
                    })
                })
                .await
                .expect("asked")
        };
        assert_eq!(asked(first, "2026-11-30").await, (first, first, None));
        assert_eq!(asked(first, "2026-12-01").await, (second, first, Some(second)));
        assert_eq!(asked(gone, "2026-11-30").await, (first, gone, Some(first)));
        assert_eq!(asked(gone, "2026-12-01").await, (second, gone, Some(second)), "through two hands");
        let listed = office
            .act(|tx| Box::pin(async move { crate::handover::handovers(tx, &district()).await }))
            .await
            .expect("read");
        assert_eq!(listed.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn seeding_and_codes_are_the_demos_alone() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[]).await;
        assert_eq!(codes(present_code(&office.office, "없는사람").await), ["no-such-officer"]);
        let real = iljari_web::Office {
            store: office.office.store.clone(),
            clock: office.office.clock.clone(),
            entropy: office.office.entropy.clone(),
            demo: false,
            published: office.office.published.clone(),
            keys: office.office.keys.clone(),
            gate: office.office.gate.clone(),
        };
        assert_eq!(codes(present_code(&real, "한시범").await), ["not-a-demo"]);
        let wanted = crate::SeedOfficer {
            district: district(),
            login: "홍예시".to_owned(),
            name: "홍예시".to_owned(),
            department: "10".to_owned(),
            duties: vec![],
            password: super::kit::PASSWORD.to_owned(),
            totp_secret: vec![1; crate::totp::SECRET_BYTES],
        };
        assert_eq!(codes(seed(&real, wanted).await), ["not-a-demo"]);
    })
    .await;
}
