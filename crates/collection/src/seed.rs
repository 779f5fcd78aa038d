//! The demo's round (시연자료): an open round of an invented district, with something in every state.
//!
//! Owns: what the demo's board shows. Does not own: any road of its own; the files are taken in, submitted
//! and confirmed by the acts of the pages, by two invented officers.

use iljari_base::{Actor, DistrictCode, Month, Outcome, Period, Refusal, Stop};
use iljari_people::Cx;
use iljari_plans::Books;
use iljari_sheets::{Encoding, Limits, Part, csv};
use iljari_web::Office;

use crate::hand_in::{HandedIn, hand_in};
use crate::model::{Ask, departments};
use crate::open_round::{RoundWanted, open_round};
use crate::template::{NOTHING_ANSWER, column};
use crate::{apply, confirm, store, submit};

/// How long the invented departments still have.
const DAYS_LEFT: i64 = 9;

/// What an invented department sends.
#[derive(Clone, Copy)]
enum Sends {
    Figures,
    Faulty,
    Nothing,
}

/// Opens a round for last month and lets some departments answer. Where the invented plan does not reach
/// today, there is no round.
pub async fn invented_round(office: &Office, district: &DistrictCode, writer: Actor, checker: Actor) -> Outcome<()> {
    if !office.demo {
        return Err(Refusal::new("not-a-demo", "", "시연에서만 쓸 수 있습니다.").into());
    }
    let (opening, writing) =
        (Cx::inside(office, checker, district.clone()), Cx::inside(office, writer, district.clone()));
    let today = office.clock.today();
    let month = Month::new(today.year().0, i8::max(1, today.month().of_year().saturating_sub(1)));
    let Some(period) = month.and_then(|month| Period::new(month, month)) else { return Ok(()) };
    let wanted = RoundWanted {
        title: format!("{} 실적 (예시)", period.korean()),
        period,
        deadline: today.plus_days(DAYS_LEFT),
        departments: None,
        approval_no: "일자리정책과-1390 (예시)".to_owned(),
        approval_on: Some(today),
        approval_remark: String::new(),
    };
    let books = Books::new();
    let Some(book) = books.of(&office.store, district).await? else { return Ok(()) };
    let (acting, plan) = (opening.clone(), book.clone());
    let opened = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let round = open_round(tx, &acting, &plan, wanted).await?;
                Ok((round.no, store::asks(tx, &acting.district, round.no).await?))
            })
        })
        .await;
    let (round, asks) = match opened {
        Err(Stop::Refused(_)) => return Ok(()),
        opened => opened?,
    };
    let by_hand: Vec<Ask> = asks.into_iter().filter(Ask::by_hand).collect();
    let names = departments(&by_hand);
    let of = |places: &[usize]| -> Vec<Ask> {
        let wanted: Vec<&str> = places.iter().filter_map(|place| names.get(*place).copied()).collect();
        by_hand.iter().filter(|ask| wanted.contains(&ask.department.as_str())).cloned().collect()
    };
    // Handed in by two departments on one sheet, nothing to report by a third: confirmed.
    for (asked, sends) in [(of(&[1, 4]), Sends::Figures), (of(&[5]), Sends::Nothing)] {
        if let Some(upload) = take_in(office, &writing, round, &asked, sends).await?
            && send_on(office, &writing, &books, upload).await?
        {
            let (acting, district) = (opening.clone(), district.clone());
            office
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        let viewer = apply::viewer(tx, &acting, acting.actor).await?;
                        confirm::confirm(tx, &acting, &viewer, upload).await
                    })
                })
                .await?;
            apply::to_the_end(office, &district, upload).await?;
        }
    }
    // One waits for its second officer, one has a cell to mend, the others owe their answers.
    if let Some(upload) = take_in(office, &writing, round, &of(&[2]), Sends::Figures).await? {
        send_on(office, &writing, &books, upload).await?;
    }
    take_in(office, &writing, round, &of(&[3]), Sends::Faulty).await?;
    Ok(())
}

/// A department's sheet arrives.
async fn take_in(office: &Office, cx: &Cx, round: i64, asks: &[Ask], sends: Sends) -> Outcome<Option<i64>> {
    let Some(first) = asks.first() else { return Ok(None) };
    let name = format!("실적_{}(예시).csv", first.department);
    let bytes = sheet(asks, sends);
    // Our own bytes, so no child has to read them.
    let grid = iljari_sheets::read(&bytes, &name, &Limits::default());
    if grid.is_err() {
        return Ok(None);
    }
    let (parts, cx) = (vec![Part { name, bytes, grid }], cx.clone());
    let taken = office.store.write(move |tx| Box::pin(async move { hand_in(tx, &cx, round, parts).await })).await?;
    Ok(match taken {
        HandedIn::New(no) => Some(no),
        HandedIn::Known(_) => None,
    })
}

/// Submits it; `false` where what stands does not let it.
async fn send_on(office: &Office, cx: &Cx, books: &Books, upload: i64) -> Outcome<bool> {
    let (cx, books) = (cx.clone(), books.clone());
    let outcome = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(book) = books.within(tx, &cx.district).await? else { return Ok(false) };
                submit::submit(tx, &cx, &book, upload).await.map(|_done| true)
            })
        })
        .await;
    match outcome {
        Err(Stop::Refused(_)) => Ok(false),
        outcome => outcome,
    }
}

/// A sheet as a department would save it.
fn sheet(asks: &[Ask], sends: Sends) -> Vec<u8> {
    let heads = [column::CODE, column::NAME, column::OWN, column::NOTHING, column::REASON];
    let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).to_vec()];
    for (nth, ask) in (0_i64..).zip(asks) {
        let figure = (nth * 7 + 4).to_string();
        let (own, nothing) = match sends {
            Sends::Figures => (figure, String::new()),
            Sends::Faulty if nth == 0 => ("2O4".to_owned(), String::new()),
            Sends::Faulty => (figure, String::new()),
            Sends::Nothing => (String::new(), NOTHING_ANSWER.to_owned()),
        };
        rows.push(vec![ask.node.to_string(), ask.name.clone(), own, nothing, String::new()]);
    }
    csv::write(&rows, Encoding::Utf8Bom)
}
