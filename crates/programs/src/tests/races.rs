//! Limits across rows hold when many hands are at once, on both engines, and the keys themselves hold them.
//!
//! `ILJARI_RACE_ROUNDS=5000` plays them all; every run plays a few. In each round several acts stand at the door
//! together; afterwards rows are written past every check, as two acts would that had counted the same.

use std::sync::Arc;

use iljari_base::{Id, Outcome, Stop, id};
use iljari_people::residents;
use iljari_store::testing::both;

use super::desk::{day, filled};
use super::{Desk, codes};
use crate::application::Application;
use crate::intake::{self, Filled, Head, Who};
use crate::{seats, store};

/// Rounds that every run plays.
const ROUNDS: u32 = 25;

fn rounds() -> u32 {
    std::env::var("ILJARI_RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// What each hand was told, sorted.
async fn at_once<F>(hands: impl IntoIterator<Item = F>) -> Vec<String>
where
    F: Future<Output = Outcome<()>> + Send + 'static,
{
    let hands: Vec<_> = hands.into_iter().map(tokio::spawn).collect();
    let mut told = Vec::new();
    for hand in hands {
        told.push(codes(&hand.await.expect("no hand panicked")).join(" "));
    }
    told.sort();
    told
}

/// Three syllables that stand for a number; no two numbers look alike to the pair score.
fn name(nth: u32) -> String {
    let letter = |part: u32| char::from_u32(0xac00 + (part * 37) % 11_000).expect("a syllable");
    [letter(nth % 90), letter(90 + nth / 90 % 90), letter(180 + nth % 89)].iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_a_household_and_one_application_a_person_under_a_race() {
    both(|store| async move {
        let desk = Arc::new(Desk::on(store).await);
        let no = desk.published().await;
        for nth in 0..rounds() {
            let birth = day("1950-01-01").plus_days(i64::from(nth) * 3);
            let of_house = |who: &str, birth: iljari_base::Date, known: Who| {
                let head = Head::Other { name: name(nth), birth: day("1940-01-01").plus_days(i64::from(nth)) };
                let mut it = Filled { who: known, head, ..filled(who, &birth.to_string(), "1-01", "0") };
                // Each has a phone of her own: a round is about one household, not about all before it.
                it.resident.phone = Some(format!("010-{:04}-{:04}", nth, birth.year()));
                it
            };
            let one = residents_record(&desk, &format!("한{}", name(nth)), birth).await;
            let hers = || of_house(&format!("한{}", name(nth)), birth, Who::Known(one));
            let his = of_house(&format!("홍{}", name(nth)), birth.plus_days(1), Who::Unsaid);
            // She twice, from two counters, and he of the same household.
            let told = at_once([hers(), his, hers()].map(|it| {
                let desk = Arc::clone(&desk);
                async move { desk.submit(no, it).await.map(drop) }
            }))
            .await;
            assert_eq!(told.iter().filter(|said| *said == "accepted").count(), 1, "round {nth}: {told:?}");
            let refused = |said: &String| said == "accepted" || said == "household-full" || said == "live-application";
            assert!(told.iter().all(refused), "round {nth}: {told:?}");
            past_every_check(&desk, no, i64::from(nth) + 1).await;
        }
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        assert_eq!(all.expect("read").len(), usize::try_from(rounds()).expect("few"));
    })
    .await;
}

async fn residents_record(desk: &Desk, name: &str, birth: iljari_base::Date) -> Id<id::Resident> {
    let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
    let new = filled(name, &birth.to_string(), "1-01", "0").resident;
    let new = residents::NewResident { phone: None, ..new };
    let enrolled = desk.write(move |tx| Box::pin(async move { residents::enrol(tx, &cx, &safe, new).await })).await;
    enrolled.expect("enrolled").id
}

/// The same again as rows: of the household, and of the person.
async fn past_every_check(desk: &Desk, call_no: i64, no: i64) {
    let code = desk.code.clone();
    let stands: Application = desk
        .write(move |tx| {
            Box::pin(async move { Ok(store::application_of(tx, &code, call_no, no).await?.expect("stands")) })
        })
        .await
        .expect("read");
    let stranger = || Id::fresh(desk.office.clock.as_ref(), desk.office.entropy.as_ref());
    let of_household = Application { no: 1_000_000 + no, resident: stranger(), ..stands.clone() };
    let of_person = Application { no: 2_000_000 + no, household: stranger(), ..stands };
    for (forged, key) in [(of_household, "household-full"), (of_person, "live-application")] {
        let code = desk.code.clone();
        let written =
            desk.write(move |tx| Box::pin(async move { store::insert_application(tx, &code, &forged).await })).await;
        assert_eq!(codes(&written), [key]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_rounds_in_two_years_under_a_race() {
    both(|store| async move {
        let desk = Arc::new(Desk::on(store).await);
        let no = desk.published().await;
        let (cx, code) = (desk.cx(&desk.clerk), desk.code.clone());
        let call =
            desk.write(move |tx| Box::pin(async move { Ok(store::call_of(tx, &code, no).await?.expect("a call")) }));
        let call = Arc::new(call.await.expect("read"));
        let rules = call.rules.open().expect("opens");
        for nth in 0..rounds() {
            let resident: Id<id::Resident> = Id::fresh(desk.office.clock.as_ref(), desk.office.entropy.as_ref());
            // What confirming a start does: counts what is left, takes the next number.
            let told = at_once((0..4).map(|_| {
                let (desk, cx, call, rules) = (Arc::clone(&desk), cx.clone(), Arc::clone(&call), Arc::clone(&rules));
                async move {
                    desk.write(move |tx| {
                        Box::pin(async move {
                            let use_no = intake::rounds_left(tx, &cx, &call, &rules, resident).await?;
                            let first = call.terms.work_first_on;
                            let whose = (rules.id.as_str(), resident);
                            store::insert_round(tx, &cx.district, whose, (use_no, call.no), first, cx.now()).await
                        })
                    })
                    .await
                }
            }))
            .await;
            assert_eq!(told, ["accepted", "accepted", "rounds-used-up", "rounds-used-up"], "round {nth}");
            let (cx, call, rules) = (cx.clone(), Arc::clone(&call), Arc::clone(&rules));
            let counted_the_same = desk
                .write(move |tx| {
                    Box::pin(async move {
                        let whose = (rules.id.as_str(), resident);
                        store::insert_round(tx, &cx.district, whose, (2, call.no), call.terms.work_first_on, cx.now())
                            .await
                    })
                })
                .await;
            assert_eq!(codes(&counted_the_same), ["already-decided"]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_seat_goes_to_one_under_a_race() {
    both(|store| async move {
        let desk = Arc::new(Desk::on(store).await);
        let no = desk.published().await;
        for nth in 0..rounds() {
            let first = i64::from(nth) * 4;
            let place = super::desk::places().into_iter().find(|place| place.capacity == 1).expect("one seat");
            let told = at_once((0..4).map(|hand| {
                let (desk, place, cx) = (Arc::clone(&desk), place.clone(), desk.cx(&desk.clerk));
                async move {
                    desk.write(move |tx| {
                        Box::pin(async move { seats::take(tx, &cx, no, &place, first + hand).await.map(drop) })
                    })
                    .await
                }
            }))
            .await;
            assert_eq!(told, ["accepted", "place-full", "place-full", "place-full"], "round {nth}");
            let (cx, at) = (desk.cx(&desk.clerk), place.no.clone());
            let counted_the_same = desk
                .write(move |tx| {
                    Box::pin(
                        async move { store::insert_seat(tx, &cx.district, no, (&at, 1), 9_999_999, cx.now()).await },
                    )
                })
                .await;
            assert_eq!(codes(&counted_the_same), ["place-full"]);
            let (cx, at) = (desk.cx(&desk.clerk), place.no.clone());
            let freed: Outcome<bool> = desk
                .write(move |tx| {
                    Box::pin(async move {
                        let held = store::seats(tx, &cx.district, no).await?;
                        let holder = held.iter().find(|(place, ..)| *place == at).map(|(_, _, app)| *app);
                        let holder = holder.ok_or_else(|| Stop::from(iljari_base::Failure::new("nobody holds it")))?;
                        store::release_seat(tx, &cx.district, no, holder, cx.now()).await
                    })
                })
                .await;
            assert!(freed.expect("freed"), "round {nth}");
        }
    })
    .await;
}
