//! `/districts/{code}/plan/{node}/{chart}.svg|png|csv`: a node's charts to keep, for press releases.
//!
//! Owns: which charts there are and what stands in them. Does not own: the drawing (`print::chart`).
//! What a newcomer gets wrong: a picture without its source and day. It travels alone, so both stand
//! inside, and an invented district's picture says 예시.

use axum::response::Response;
use iljari_base::{Date, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{District, ROOT, TargetSet};
use iljari_plans::Books;
use iljari_print::model::SAMPLE;
use iljari_print::{Chart, Drawing, Line, LinePoint, Part, Tone, YearBar, YearBars, chart};
use iljari_web::{Office, PageError};

use super::number::counter;
use crate::pages::csv_file::{broken, kept, response};
use crate::progress::overview::unit_of;
use crate::progress::year::{YearRead, read};

/// How wide a picture for a newspaper is, in pixels.
const PNG_WIDTH: u32 = 1_920;

/// The charts of a node: their name in the address.
pub const CHARTS: [&str; 3] = ["years", "months", "made-of"];

/// A chart's name and ending, where an address ends in them.
fn parsed(file: &str) -> Option<(&str, &str)> {
    let (name, ending) = file.rsplit_once('.')?;
    (CHARTS.contains(&name) && ["svg", "png", "csv"].contains(&ending)).then_some((name, ending))
}

/// The file of an address; `None` where it names no chart.
pub async fn file(
    office: &Office,
    books: &Books,
    code: &str,
    node: &str,
    file: &str,
) -> Option<Result<Response, PageError>> {
    let (name, ending) = parsed(file)?;
    Some(answer(office, books, code, node, name, ending).await)
}

async fn answer(
    office: &Office,
    books: &Books,
    code: &str,
    node: &str,
    name: &str,
    ending: &str,
) -> Result<Response, PageError> {
    let code = code.parse().map_err(|_| PageError::NotFound)?;
    let (books, today) = (books.clone(), office.clock.today());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(book) = books.within(tx, &code).await? else { return Ok(None) };
                let read = read(tx, &book, today.year()).await?;
                Ok(Some((book, read)))
            })
        })
        .await?;
    let (book, read) = found.ok_or(PageError::NotFound)?;
    let drawn = drawn(&book, &read, node, name, today).ok_or(PageError::NotFound)?;
    let kept_as = format!("{}-{name}-{today}", book.code);
    let marks: &[&str] = if book.is_sample { &[SAMPLE] } else { &[] };
    match ending {
        "csv" => response(&drawn.table(), &kept_as),
        "svg" => Ok(kept(chart::svg(&drawn, marks), "image/svg+xml", &format!("{kept_as}.svg"))),
        _ => {
            let bytes = chart::png(&chart::svg(&drawn, marks), PNG_WIDTH).map_err(broken)?;
            Ok(kept(bytes, "image/png", &format!("{kept_as}.png")))
        }
    }
}

/// The set that a node's charts are drawn against: one that stands on it, else one that gives it targets.
fn set_of<'b>(book: &'b District, node: &str) -> Option<(&'b TargetSet, Unit)> {
    if node == ROOT {
        let main = iljari_plans::pages::words::main_set(book);
        return main.and_then(|set| Some((set, unit_of(set)?)));
    }
    let has_target = |set: &&TargetSet| {
        book.years().into_iter().any(|year| book.node_targets(node, &set.id, year).in_force().is_some())
    };
    let sets = book.target_sets();
    let found = sets.iter().find(|set| unit_of(set).is_some() && has_target(set)).copied();
    let found = found.or_else(|| iljari_plans::pages::words::main_set(book))?;
    Some((found, unit_of(found)?))
}

/// One chart of a node; `None` where there is nothing to draw.
pub(super) fn drawn(book: &District, read: &YearRead, node: &str, name: &str, today: Date) -> Option<Chart> {
    if !book.knows_node(node) {
        return None;
    }
    let (set, unit) = set_of(book, node)?;
    let who = match node {
        ROOT => book.name.clone(),
        _ => book.node(node, read.year).map_or_else(|| node.to_owned(), |node| node.name.clone()),
    };
    let whole = |year: Year| read.progress.whole(node, year, unit, &set.fields);
    let counted: Vec<Year> =
        read.progress.years(node, unit).into_iter().filter(|year| whole(*year).is_some()).collect();
    let (title, note, drawing) = match name {
        "years" => {
            let years = set.first_year.0..=set.last_year.0;
            let bars: Vec<YearBar> = years
                .map(Year)
                .map(|year| YearBar {
                    label: format!("{year}년"),
                    target: book.node_targets(node, &set.id, year).in_force().and_then(|figure| figure.count()),
                    actual: whole(year).map(|split| split.total()),
                    word: if year >= today.year() { "진행 중".to_owned() } else { String::new() },
                    ..YearBar::default()
                })
                .collect();
            if bars.iter().all(|bar| bar.target.is_none() && bar.actual.is_none()) {
                return None;
            }
            (format!("{who} {}", set.name), String::new(), Drawing::YearBars(YearBars { bars, ..YearBars::default() }))
        }
        "months" => {
            let (_, judgement) = read.judgement(book, today)?;
            let pace = match node {
                ROOT => &judgement.whole,
                _ => &judgement.rows.iter().find(|row| row.id == node)?.pace,
            };
            let course = judgement.course(node, read.year)?;
            let points = (1..=12).map(|month: i8| LinePoint {
                label: format!("{month}월"),
                actual: course.at(month),
                forecast: pace.forecast.ok().filter(|_| month == 12 && pace.end().is_some()).map(|told| told.middle),
            });
            let line = Line { target: pace.target, points: points.collect() };
            let note = pace.forecast.map(|told| told.method()).unwrap_or_default();
            (format!("{who} {}년 누적 실적", read.year), note, Drawing::Line(line))
        }
        _ => {
            let year = *counted.last()?;
            let split = whole(year)?;
            let part =
                |label: &str, source: Source, tone| Part { label: label.to_owned(), value: split.part(source), tone };
            let parts = vec![
                part("기록", Source::Records, Tone::Strong),
                part("부서 집계", Source::Sums, Tone::Soft),
                part("보도", Source::Press, Tone::Hatched),
            ];
            (format!("{who} {year}년 실적을 무엇으로 셌는지"), String::new(), Drawing::Split(parts))
        }
    };
    Some(Chart {
        id: name.to_owned(),
        title,
        unit: counter(unit).to_owned(),
        source: format!("{} 일자리 원장", book.name),
        as_of: today,
        note,
        drawing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_chart_and_an_ending_or_nothing() {
        assert_eq!(parsed("years.svg"), Some(("years", "svg")));
        assert_eq!(parsed("made-of.csv"), Some(("made-of", "csv")));
        for other in ["2025", "years", "years.pdf", "..svg", "other.png", ""] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
