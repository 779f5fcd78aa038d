//! What has come together month by month, under the target line.

use super::{ACTUAL, EDGE, HAIR, OVER, PAPER, Pen, SMALL, SOFT, STRONG, Sign, Style, TEXT, counted, measured, scaled};
use crate::fonts::Weight;
use crate::model::Line;
use iljari_base::quantity::grouped;

const HEIGHT: i64 = 300;

/// A label in the gutter at the right, at the height of what it names.
struct Label {
    y: i64,
    text: String,
    style: Style,
}

pub(super) fn draw(pen: &mut Pen, data: &Line, unit: &str) {
    let values = data.points.iter().flat_map(|point| [point.actual, point.forecast]).flatten();
    let largest = values.chain(data.target).max().unwrap_or(0).max(1);
    let step = step(largest);
    let top = step.saturating_mul(largest.saturating_add(step / 10) / step + 1);
    let last_actual = data.points.iter().rposition(|point| point.actual.is_some());
    let last_forecast = data.points.iter().rposition(|point| point.forecast.is_some());

    let mut said = Vec::new();
    if let Some(target) = data.target {
        said.push((target, format!("목표 {}", counted(target, unit)), Style::new(TEXT).bold().fill(STRONG)));
    }
    if let Some((place, actual)) = last_actual.and_then(|place| Some((place, data.points[place].actual?))) {
        let text = format!("{} {}", data.points[place].label, counted(actual, unit));
        said.push((actual, text, Style::new(TEXT).bold().fill(ACTUAL)));
    }
    if let Some(forecast) = last_forecast.and_then(|place| data.points[place].forecast) {
        said.push((forecast, format!("예상 {}", counted(forecast, unit)), Style::new(TEXT).fill(SOFT)));
    }
    let gutter = said.iter().map(|(_, text, style)| measured(text, TEXT, style.weight)).max().unwrap_or(0) + 16;
    let ticks: Vec<i64> = (0..=6).map(|tick| step.saturating_mul(tick)).take_while(|tick| *tick <= top).collect();
    let axis = ticks.iter().map(|tick| measured(&grouped(*tick), SMALL, Weight::Regular)).max().unwrap_or(0) + 12;

    let (left, right) = (pen.left + axis, pen.left + pen.room() - gutter);
    let (high, low) = (pen.y + 16, pen.y + 16 + HEIGHT);
    let count = i64::try_from(data.points.len()).unwrap_or(0);
    let x = |place: usize| {
        let place = i64::try_from(place).unwrap_or(0);
        // Half a step stays free at both ends, so that the names of the months have room.
        left + (2 * place + 1) * (right - left) / (2 * count.max(1))
    };
    let y = |value: i64| low - scaled(value, top, HEIGHT);

    for tick in &ticks {
        let at = y(*tick);
        let stroke = if *tick == 0 { EDGE } else { HAIR };
        pen.push(format_args!(r#"<line x1="{left}" y1="{at}" x2="{right}" y2="{at}" stroke="{stroke}"/>"#));
        pen.text(left - 10, at + 6, Style::new(SMALL).fill(SOFT).end(), &grouped(*tick));
    }
    // As many names below as have room.
    let widest = data.points.iter().map(|point| measured(&point.label, SMALL, Weight::Regular)).max().unwrap_or(0);
    let every = usize::try_from((widest + 8) * count / (right - left).max(1) + 1).unwrap_or(1);
    for (place, point) in data.points.iter().enumerate().filter(|(place, _)| place % every == 0) {
        pen.text(x(place), low + 26, Style::new(SMALL).fill(SOFT).middle(), &point.label);
    }

    let mut signs = Vec::new();
    if let Some(forecasts) = forecast_points(data) {
        let outline: Vec<String> =
            forecasts.iter().map(|(place, value)| format!("{},{}", x(*place), y(*value))).collect();
        let (first, last) = (forecasts.first().map_or(0, |point| point.0), forecasts.last().map_or(0, |point| point.0));
        let (hatch, path) = (pen.hatch(), outline.join(" "));
        pen.push(format_args!(
            r#"<polygon points="{path} {},{low} {},{low}" fill="{hatch}"/><polyline points="{path}" fill="none" stroke="{ACTUAL}" stroke-width="3" stroke-dasharray="8 6"/>"#,
            x(last),
            x(first),
        ));
        signs.push(Sign::Forecast);
    }
    if let Some(target) = data.target {
        let at = y(target);
        pen.target((left, at), (right, at));
        signs.push(Sign::Target);
    }
    for pair in data.points.windows(2).enumerate() {
        let (place, [one, other]) = (pair.0, pair.1) else { continue };
        let (Some(from), Some(to)) = (one.actual, other.actual) else { continue };
        let (start, end) = ((x(place), y(from)), (x(place + 1), y(to)));
        match data.target.filter(|target| (from <= *target) != (to <= *target)) {
            Some(target) => {
                // Where the line meets the target it changes colour.
                let (rise, part) = (i128::from(to) - i128::from(from), i128::from(target) - i128::from(from));
                let across = i128::from(end.0 - start.0) * part / rise;
                let meeting = (start.0 + i64::try_from(across).unwrap_or(0), y(target));
                pen.segment(start, meeting, if from > target { OVER } else { ACTUAL });
                pen.segment(meeting, end, if to > target { OVER } else { ACTUAL });
            }
            None => {
                let over = data.target.is_some_and(|target| from > target);
                pen.segment(start, end, if over { OVER } else { ACTUAL });
            }
        }
    }
    for (place, point) in data.points.iter().enumerate() {
        if let Some(actual) = point.actual {
            let over = data.target.is_some_and(|target| actual > target);
            let (fill, radius) = (if over { OVER } else { ACTUAL }, if Some(place) == last_actual { 7 } else { 5 });
            pen.push(format_args!(
                r#"<circle cx="{}" cy="{}" r="{radius}" fill="{fill}" stroke="{PAPER}" stroke-width="2"/>"#,
                x(place),
                y(actual)
            ));
            signs.push(if over { Sign::Over } else { Sign::Actual });
        }
    }

    let labels = said.into_iter().map(|(value, text, style)| Label { y: y(value), text, style }).collect();
    let marked = last_actual.and_then(|place| Some((x(place), y(data.points[place].actual?))));
    if let Some((from, at)) = marked.filter(|(from, _)| right - from > 40) {
        pen.push(format_args!(
            r#"<line x1="{}" y1="{at}" x2="{right}" y2="{at}" stroke="{EDGE}" stroke-dasharray="2 4"/>"#,
            from + 12
        ));
    }
    for label in apart(labels, high, low) {
        pen.text(right + 12, label.y + 6, label.style, &label.text);
    }
    pen.y = low + 34;
    pen.legend(signs, |sign| match sign {
        Sign::Actual => "그 달까지의 실적".to_owned(),
        Sign::Over => "목표를 넘은 뒤".to_owned(),
        Sign::Target => "목표".to_owned(),
        _ => "예상".to_owned(),
    });
}

impl Pen {
    fn segment(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64), stroke: &str) {
        self.push(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="4" stroke-linecap="round"/>"#
        ));
    }
}

/// The last actual number and the forecasts behind it; none without a forecast.
fn forecast_points(data: &Line) -> Option<Vec<(usize, i64)>> {
    let last = data.points.iter().rposition(|point| point.actual.is_some());
    let from = last.map_or(0, |place| place + 1);
    let mut points: Vec<(usize, i64)> =
        last.and_then(|place| Some((place, data.points[place].actual?))).into_iter().collect();
    let ahead = data.points.iter().enumerate().skip(from);
    points.extend(ahead.filter_map(|(place, point)| Some((place, point.forecast?))));
    (points.len() > usize::from(last.is_some())).then_some(points)
}

/// The labels moved apart, so that none covers another.
fn apart(mut labels: Vec<Label>, high: i64, low: i64) -> Vec<Label> {
    const GAP: i64 = 26;
    labels.sort_by_key(|label| label.y);
    let mut next = high;
    for label in &mut labels {
        label.y = label.y.max(next);
        next = label.y + GAP;
    }
    let mut limit = low;
    for label in labels.iter_mut().rev() {
        label.y = label.y.min(limit);
        limit = label.y - GAP;
    }
    labels
}

/// The distance of the grid's lines: 1, 2 or 5 with zeros, four to five of them.
fn step(largest: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let step = unit.saturating_mul(factor);
            if largest / step < 5 {
                return step;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::bare;
    use crate::model::{Chart, Drawing, LinePoint};
    use iljari_base::Date;

    fn chart(target: Option<i64>, actual: &[i64], forecast: &[i64]) -> Chart {
        let point = |place: usize, actual, forecast| LinePoint { label: format!("{}월", place + 1), actual, forecast };
        let known = actual.iter().enumerate().map(|(place, value)| point(place, Some(*value), None));
        let ahead = forecast.iter().enumerate().map(|(place, value)| point(actual.len() + place, None, Some(*value)));
        Chart {
            id: "months".to_owned(),
            title: "제목".to_owned(),
            unit: "개".to_owned(),
            source: "원장".to_owned(),
            as_of: Date::new(2026, 3, 31).expect("a day"),
            note: String::new(),
            drawing: Drawing::Line(Line { target, points: known.chain(ahead).collect() }),
        }
    }

    #[test]
    fn the_grid_has_few_round_lines() {
        assert_eq!(step(6000), 2000);
        assert_eq!(step(1), 1);
        assert_eq!(step(24), 5);
        assert!(step(i64::MAX) > 0);
    }

    #[test]
    fn a_line_changes_colour_where_it_meets_the_target() {
        let drawn = bare(&chart(Some(100), &[50, 150], &[]));
        assert_eq!(drawn.matches("stroke=\"#063a74\" stroke-width=\"4\"").count(), 1, "{drawn}");
        assert_eq!(drawn.matches("stroke=\"#256ef4\" stroke-width=\"4\"").count(), 1, "{drawn}");
    }

    #[test]
    fn what_is_expected_is_hatched_and_said() {
        let drawn = bare(&chart(Some(100), &[20, 40], &[60, 80]));
        assert!(drawn.contains("fill=\"url(#months-hatch)\"") && drawn.contains(">예상 80개</text>"), "{drawn}");
        assert!(!bare(&chart(Some(100), &[20, 40], &[])).contains("예상"));
    }

    #[test]
    fn no_month_one_month_and_the_largest_numbers_are_drawn_too() {
        assert!(bare(&chart(None, &[], &[])).ends_with("</svg>"));
        assert!(bare(&chart(Some(3), &[4], &[])).contains(">1월 4개</text>"));
        assert!(bare(&chart(Some(i64::MAX), &[i64::MAX, i64::MIN], &[])).ends_with("</svg>"));
    }

    #[test]
    fn labels_at_one_height_move_apart() {
        let label = |y| Label { y, text: String::new(), style: Style::new(TEXT) };
        let placed: Vec<i64> = apart(vec![label(100), label(101), label(99)], 0, 300).iter().map(|l| l.y).collect();
        assert_eq!(placed, [99, 125, 151]);
        let placed: Vec<i64> = apart(vec![label(299), label(300)], 0, 300).iter().map(|l| l.y).collect();
        assert_eq!(placed, [274, 300]);
    }
}
