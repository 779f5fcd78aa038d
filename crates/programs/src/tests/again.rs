//! A selection made again after an objection that was found right, told on both engines.

use iljari_base::Outcome;
use iljari_plans::Books;
use iljari_store::testing::both;
use iljari_web::Side;
use tower::ServiceExt as _;

use super::desk::{PEOPLE, day, filled};
use super::{Desk, codes};
use crate::after::{self, Asked};
use crate::application::Consent;
use crate::ranking::Ranked;
use crate::screen::Screened;
use crate::selection::{AGAIN_WHY, Line, Run, Standing};
use crate::work::{After, AskedBy};
use crate::{again, chores, objection, outcome, participate, reserve, screen, select, store};

const WORDS: &str = "재산에 전세금이 두 번 들어갔습니다";

impl Desk {
    /// Somebody objects, and the second officer finds it right.
    async fn object_and_uphold(&self, call_no: i64, app: i64) {
        let no = self.object(call_no, app).await.expect("taken");
        self.uphold(call_no, no).await.expect("answered");
    }

    async fn object(&self, call_no: i64, app: i64) -> Outcome<i64> {
        let (cx, safe) = (self.cx(&self.clerk), self.safe());
        let taken =
            self.write(move |tx| Box::pin(async move { objection::take(tx, &cx, &safe, (call_no, app), WORDS).await }));
        taken.await.map(|(no, _)| no)
    }

    async fn uphold(&self, call_no: i64, objection_no: i64) -> Outcome<()> {
        let (cx, viewer) = (self.cx(&self.checker), self.checker.clone());
        self.write(move |tx| {
            Box::pin(async move {
                objection::answer(tx, &cx, &viewer, (call_no, objection_no), true, "전세금을 한 번만 더합니다").await
            })
        })
        .await
    }

    /// Screens an application again: her assets turn out to be nothing.
    async fn correct(&self, call_no: i64, app: i64) -> Outcome<()> {
        let rules = crate::rulebook::Rulebook::freeze(super::desk::RULES).expect("sound").open().expect("opens");
        let seen = rules.facts.iter().map(|fact| fact.document.clone()).filter(|it| !it.is_empty()).collect();
        let (cx, safe) = (self.cx(&self.clerk), self.safe());
        let screened = Screened { seen, read: vec![("가구재산".to_owned(), "0".to_owned())], instead: None };
        let judged = self
            .write(move |tx| Box::pin(async move { screen::decide(tx, &cx, &safe, (call_no, app), screened).await }));
        judged.await.map(|_| ())
    }

    async fn draw_again(&self, call_no: i64, reason: &str) -> Outcome<Run> {
        let (cx, safe, reason) = (self.cx(&self.clerk), self.safe(), reason.to_owned());
        self.write(move |tx| Box::pin(async move { again::draw_up(tx, &cx, &safe, call_no, &reason).await })).await
    }

    async fn runs(&self, call_no: i64) -> Vec<(Run, Vec<Line>, Vec<Ranked>)> {
        let cx = self.cx(&self.clerk);
        self.write(move |tx| {
            Box::pin(async move {
                let call = store::call_of(tx, &cx.district, call_no).await?.expect("a call");
                let mut all = Vec::new();
                for run in store::confirmed_runs(tx, &cx.district, call_no).await? {
                    let lines = store::lines(tx, &cx.district, call_no, run.no).await?;
                    let again = select::recompute(tx, &cx, &call, &run).await?;
                    all.push((run, lines, again));
                }
                Ok(all)
            })
        })
        .await
        .expect("runs")
    }

    async fn destroyed(&self) -> u64 {
        chores::run(&self.office).await.expect("done").destroyed
    }
}

/// A public page's text, or its status where there is none.
async fn public(desk: &Desk, path: &str) -> String {
    let router = crate::routes().into_router(desk.office.clone(), Side::Public).layer(axum::Extension(Books::new()));
    let request = axum::http::Request::builder().uri(path).header("host", "localhost");
    let answer = router.oneshot(request.body(axum::body::Body::empty()).expect("a request")).await.expect("an answer");
    if answer.status() != axum::http::StatusCode::OK {
        return answer.status().as_u16().to_string();
    }
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8_lossy(&body).into_owned()
}

fn standings(lines: &[Line]) -> Vec<(i64, Standing, Option<i64>)> {
    let mut all: Vec<_> = lines.iter().map(|line| (line.app_no, line.outcome, line.reserve_no)).collect();
    all.sort_by_key(|(app, ..)| *app);
    all
}

#[tokio::test]
async fn an_upheld_objection_makes_another_result_and_nobody_loses_a_seat() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        assert_eq!(codes(&desk.draw_again(no, "").await), ["nothing-upheld"]);
        desk.clock.set(day("2026-11-30").at_hour(10));
        desk.object_and_uphold(no, 3).await;
        assert_eq!(codes(&desk.draw_again(no, "").await), ["not-screened-again"]);
        assert_eq!(codes(&desk.draw_up(no).await), ["selection-confirmed"], "only as another run");
        assert_eq!(codes(&desk.correct(no, 4).await), ["selection-confirmed"], "nobody else's is opened again");
        // The days to object are over, but what was found right is kept until another result stands.
        desk.clock.set(day("2026-12-09").at_hour(10));
        assert_eq!(desk.destroyed().await, 0);
        desk.correct(no, 3).await.expect("screened again");
        assert_eq!(codes(&desk.draw_again(no, "").await), ["extra-without-reason"]);
        assert_eq!(codes(&desk.draw_again(no, "번호 750707-1234567").await), ["resident-number"]);
        desk.draw_again(no, "먼저 뽑힌 두 분이 자리를 지킵니다").await.expect("drawn up");
        assert_eq!(codes(&desk.draw_again(no, "").await), ["selection-waiting"]);
        // Until it is confirmed the first result stands, and people go on being placed by it.
        desk.place(no, 2, "1-01").await.expect("placed by the first result");
        assert_eq!(desk.runs(no).await.len(), 1);
        assert_eq!(codes(&desk.confirm(&desk.clerk, no).await), ["own-confirmation"]);
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["borderline-not-opened"]);
        desk.open_all(&desk.checker, no).await;
        let due = desk.confirm(&desk.checker, no).await.expect("confirmed");
        assert_eq!(due.on, day("2026-12-16"), "the new result has days to object of its own");

        let runs = desk.runs(no).await;
        let [(first, before, once), (second, after, twice)] = runs.as_slice() else { panic!("{runs:?}") };
        assert_eq!((first.again.as_ref(), second.again.as_ref().map(|again| again.replaces)), (None, Some(1)));
        let chosen = |app: i64| (app, Standing::Chosen, None);
        let waits = |app: i64, place: i64| (app, Standing::Reserve, Some(place));
        assert_eq!(standings(before)[..3], [chosen(1), chosen(2), waits(3, 1)], "the first result stays readable");
        // By the corrected ranking the second would wait; she keeps her seat all the same.
        assert_eq!(standings(after)[..3], [chosen(1), (2, Standing::Chosen, Some(1)), chosen(3)]);
        assert_eq!(standings(after)[3..5].iter().map(|it| it.1).collect::<Vec<_>>(), [Standing::Reserve; 2]);
        assert_eq!((once.len(), twice.len()), (6, 6));
        assert_ne!(once, twice, "the ranking of each comes out of its own points");
        let code = desk.code.clone();
        let (seats, extra) = desk
            .write(move |tx| {
                Box::pin(
                    async move { Ok((store::seats(tx, &code, no).await?, store::extra_seats(tx, &code, no).await?)) },
                )
            })
            .await
            .expect("seats");
        assert_eq!(extra.into_iter().collect::<Vec<_>>(), [("1-01".to_owned(), 1)]);
        let mut held: Vec<i64> = seats.iter().filter(|(place, ..)| place == "1-01").map(|(.., app)| *app).collect();
        held.sort_unstable();
        assert_eq!(held, [1, 2, 3]);
        let told = |app: i64| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { outcome::told(tx, &cx, no, app).await }))
        };
        let third = told(3).await.expect("told");
        assert_eq!((third.run.no, third.line.outcome), (2, Standing::Chosen));
        // Everybody reads when and why the result was replaced, and finds the first one.
        let now = public(&desk, &format!("/districts/99001/calls/{no}/results")).await;
        for wanted in ["2026년 12월 9일(수)에 발표한 결과", AGAIN_WHY, "/results/1", "26-001-0003"] {
            assert!(now.contains(wanted), "{wanted}: {now}");
        }
        let then = public(&desk, &format!("/districts/99001/calls/{no}/results/1")).await;
        assert!(then.contains("이 결과는 2026년 12월 9일(수)에 발표한 결과로 바뀌었습니다"), "{then}");
        assert_eq!(public(&desk, &format!("/districts/99001/calls/{no}/results/3")).await, "404");
        desk.place(no, 3, "1-01").await.expect("the additional seat is hers");
        assert_eq!(codes(&desk.draw_again(no, "").await), ["nothing-upheld"]);
        assert_eq!(desk.destroyed().await, 0, "the days of the new result are not over");
        desk.clock.set(day("2026-12-17").at_hour(10));
        assert_eq!(desk.destroyed().await, 6);
        assert_eq!(desk.runs(no).await[1].2, runs[1].2, "points and tie places are enough, as for the first");
    })
    .await;
}

#[tokio::test]
async fn a_freed_seat_goes_to_whoever_gains_one_and_what_moves_meanwhile_is_noticed() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        desk.clock.set(day("2026-11-30").at_hour(10));
        let (fourth, fifth) = (desk.object(no, 4).await.expect("taken"), desk.object(no, 5).await.expect("taken"));
        desk.uphold(no, fourth).await.expect("answered");
        desk.correct(no, 4).await.expect("screened again");
        // Somebody gives up; while the next on the list is asked, nothing is drawn up.
        desk.place(no, 1, "1-01").await.expect("placed");
        let cx = desk.cx(&desk.clerk);
        let act = desk.write(move |tx| {
            Box::pin(async move {
                participate::give_up(tx, &cx, (no, 1)).await?;
                reserve::offer_next(tx, &cx, no, "1-01").await
            })
        });
        let (offer, _) = act.await.expect("offered");
        assert_eq!(offer.app_no, 3);
        assert_eq!(codes(&desk.draw_again(no, "").await), ["offer-open"]);
        let cx = desk.cx(&desk.clerk);
        let act = desk.write(move |tx| {
            Box::pin(async move {
                reserve::note_contact(tx, &cx, (no, offer.no), "전화", "사양하심").await?;
                reserve::answer(tx, &cx, (no, offer.no), false).await
            })
        });
        act.await.expect("declined");
        // A seat is free: it needs no additional one and no reason.
        desk.clock.advance_seconds(60);
        desk.draw_again(no, "").await.expect("drawn up");
        desk.open_all(&desk.checker, no).await;
        // The fifth's objection is found right too, after the drawing: that has to be weighed as well.
        desk.clock.advance_seconds(60);
        desk.uphold(no, fifth).await.expect("answered");
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["selection-stale"]);
        let (cx, viewer) = (desk.cx(&desk.checker), desk.checker.clone());
        let act = desk.write(move |tx| {
            Box::pin(async move { select::send_back(tx, &cx, &viewer, no, "5번의 이의신청도 봅니다").await })
        });
        act.await.expect("sent back");
        assert_eq!(codes(&desk.draw_again(no, "").await), ["not-screened-again"]);
        // It was right, but changes nothing: she is screened with what she had.
        desk.screen(no, 5, None).await.expect("screened again");
        let run = desk.draw_again(no, "").await.expect("drawn up");
        assert_eq!(run.no, 3, "after the first and the one that was sent back");
        desk.open_all(&desk.checker, no).await;
        desk.confirm(&desk.checker, no).await.expect("confirmed");
        let runs = desk.runs(no).await;
        let (second, after, _) = &runs[1];
        assert_eq!(second.again.as_ref().map(|again| (again.replaces, again.reason.as_str())), Some((1, "")));
        let told: Vec<_> = standings(after).into_iter().map(|(app, outcome, _)| (app, outcome)).collect();
        let (chosen, passed, waits) = (Standing::Chosen, Standing::Passed, Standing::Reserve);
        assert_eq!(told, [(1, chosen), (2, chosen), (3, passed), (4, chosen), (5, waits), (6, chosen)]);
        assert_eq!(codes(&desk.place(no, 1, "1-01").await), ["placed-already"], "her turn was taken");
        desk.place(no, 4, "1-01").await.expect("placed");
    })
    .await;
}

#[tokio::test]
async fn without_evidence_nothing_is_judged_again() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let (name, birth, wanted, assets) = PEOPLE[0];
        desk.submit(no, filled(name, birth, wanted, assets)).await.expect("taken");
        desk.screen(no, 1, None).await.expect("screened");
        desk.clock.set(day("2026-11-29").at_hour(9));
        assert_eq!(codes(&desk.draw_again(no, "").await), ["selection-not-confirmed"]);
        desk.draw_up(no).await.expect("drawn up");
        desk.confirm(&desk.checker, no).await.expect("confirmed");
        desk.clock.set(day("2026-12-08").at_hour(9));
        assert_eq!(desk.destroyed().await, 1);
        assert_eq!(codes(&desk.object(no, 1).await), ["objections-over"]);
        assert_eq!(codes(&desk.draw_again(no, "").await), ["nothing-upheld"]);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_agreed_is_asked_when_it_is_time_and_the_first_page_says_so() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let (name, birth, wanted, assets) = PEOPLE[0];
        let mut it = filled(name, birth, wanted, assets);
        it.consents.push(Consent::Survey);
        desk.submit(no, it).await.expect("taken");
        desk.screen(no, 1, None).await.expect("screened");
        desk.clock.set(day("2026-11-29").at_hour(9));
        desk.draw_up(no).await.expect("drawn up");
        desk.confirm(&desk.checker, no).await.expect("confirmed");
        desk.place(no, 1, "1-01").await.expect("placed");
        desk.clock.set(day("2026-11-30").at_hour(18));
        desk.report(no, 1, "2026-11-30").await.expect("reported");
        desk.start(&desk.checker, no, 1).await.expect("started");
        let note = |months: i64, on: &'static str| {
            let cx = desk.cx(&desk.clerk);
            let asked = Asked { months, after: After::OtherProgram, on: day(on), by: AskedBy::Phone };
            desk.write(move |tx| Box::pin(async move { after::note(tx, &cx, (no, 1), asked).await }))
        };
        let state = || {
            let (code, today) = (desk.code.clone(), iljari_base::Clock::today(desk.clock.as_ref()));
            desk.write(move |tx| {
                Box::pin(async move {
                    let hints = crate::hints(tx, code.clone(), today).await?;
                    let said = hints.into_iter().map(|hint| (hint.what, hint.href)).collect::<Vec<_>>();
                    Ok((said, after::people(tx, &code, no, today).await?))
                })
            })
        };
        assert_eq!(codes(&note(3, "2026-12-01").await), ["still-working"]);
        desk.clock.set(day("2027-01-02").at_hour(9));
        chores::run(&desk.office).await.expect("it ended on 31 December");
        assert_eq!(codes(&note(3, "2027-01-02").await), ["after-too-early"]);
        assert_eq!(codes(&note(4, "2027-01-02").await), ["after-months"]);
        assert_eq!(state().await.expect("read").0, []);
        desk.clock.set(day("2027-03-31").at_hour(9));
        let (hints, people) = state().await.expect("read");
        assert_eq!(
            hints,
            [(format!("사후 확인 · {}", super::desk::terms().title), format!("/office/calls/{no}/outcomes"))]
        );
        assert_eq!(people[0].due, Some(3));
        assert_eq!(codes(&note(3, "2027-04-01").await), ["asked-in-future"]);
        note(3, "2027-03-31").await.expect("noted");
        let (hints, people) = state().await.expect("read");
        assert_eq!((hints.len(), people[0].due, people[0].answers.len()), (0, None, 1));
        let answer = people[0].answers[0];
        assert_eq!((answer.after, answer.asked_on), (After::OtherProgram, Some(day("2027-03-31"))));
    })
    .await;
}
