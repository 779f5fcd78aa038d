//! How a node's year is drawn and told, alike for officers and citizens: the line of what came
//! together month by month, and how its end was reckoned.
//!
//! Owns: handing a judgement to the chart, and the words below it. Does not own: the judgement
//! (`progress`), the drawing (`web::charts`).

use iljari_base::Year;
use iljari_web::charts::{Cumulative, Svg, cumulative};

use crate::progress::judged::Judgement;
use crate::progress::pace::Pace;

/// The line of a node's year, with last year's where it is known month by month.
pub(super) fn line(
    judgement: &Judgement,
    node: &str,
    year: Year,
    id: &str,
    what: &str,
    unit: &str,
    pace: &Pace,
) -> Svg {
    let points = judgement.course(node, year).map(|course| course.points()).unwrap_or_default();
    let last = judgement.course(node, Year(year.0 - 1)).map(|course| course.points()).unwrap_or_default();
    let forecast = pace.forecast.ok().filter(|_| pace.end().is_some());
    cumulative(&Cumulative {
        id,
        what,
        unit,
        target: pace.target,
        points: &points,
        last_year: if last.len() > 1 { &last } else { &[] },
        forecast: forecast.map(|told| (told.low, told.middle, told.high)),
    })
}

/// How the end of the year was reckoned; empty where nothing is expected.
pub(super) fn method(pace: &Pace) -> String {
    if pace.end().is_none() {
        return String::new();
    }
    match pace.forecast {
        Ok(told) => {
            format!("12월 예상은 {}입니다. {}", told.span(), told.method())
        }
        Err(lack) => {
            let basis = pace.basis().map(|basis| format!("{}. ", basis.korean())).unwrap_or_default();
            format!("{basis}예상의 구간은 없습니다. {}.", lack.korean())
        }
    }
}
