//! What came together month by month, with the target line and the way of an even pace.

use super::{Drawing, Mark, Svg, counted, escaped, legend, share};

/// What the line shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cumulative<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Whose numbers, and when: `2026년 찾아가는 일자리센터`.
    pub what: &'a str,
    /// The unit glued to numbers: `명`.
    pub unit: &'a str,
    /// The year's target; none where the plan names none.
    pub target: Option<i64>,
    /// Months (1 to 12) with what had come together by their end, in order.
    pub points: &'a [(i8, i64)],
    /// The same of last year; empty where it is not known.
    pub last_year: &'a [(i8, i64)],
    /// Where December may end: smallest, middle, largest.
    pub forecast: Option<(i64, i64, i64)>,
}

// The field of the drawing in hundredths of a percent of its width and height.
const LEFT: i64 = 1_300;
const RIGHT: i64 = 9_600;
const TOP: i64 = 1_000;
const BOTTOM: i64 = 8_600;

/// Draws the line; nothing where there is no point.
pub fn cumulative(data: &Cumulative<'_>) -> Svg {
    let Some((last_month, last)) = data.points.last().copied() else { return Svg::default() };
    let target = data.target.filter(|target| *target > 0);
    let ends = data.forecast.into_iter().flat_map(|(low, middle, high)| [low, middle, high]);
    let numbers = data.points.iter().chain(data.last_year).map(|(_, number)| *number);
    let largest = numbers.chain(ends).chain(target).max().unwrap_or(0).max(1);
    let tick = tick(largest);
    let full = largest.saturating_add(tick / 2).max(1);
    let place = |month: i8, number: i64| (month, share(number, full));
    let y = |number: i64| hundredths(BOTTOM - share(number, full) * (BOTTOM - TOP) / 10_000);
    let x = |month: i8| hundredths(LEFT + (RIGHT - LEFT) * i64::from(month) / 12);
    let mut drawing = Drawing::titled("chart--cum", data.id, &title(data));
    for step in 0..=full / tick {
        let number = tick.saturating_mul(step);
        let class = if step == 0 { "base" } else { "grid" };
        let at = y(number);
        drawing.push(format_args!(r#"<line class="{class}" x1="{}" x2="100%" y1="{at}" y2="{at}"/>"#, x(0)));
        drawing.text("t-soft t-end", &hundredths(LEFT - 200), &at, &counted(number, ""));
    }
    for month in [3, 6, 9, 12] {
        drawing.text("t-soft t-mid", &x(month), "94%", &format!("{month}월"));
    }
    if let Some(target) = target {
        let at = y(target);
        drawing.push(format_args!(r#"<line class="target" x1="{}" x2="100%" y1="{at}" y2="{at}"/>"#, x(0)));
        let above = hundredths(BOTTOM - share(target, full) * (BOTTOM - TOP) / 10_000 - 500);
        drawing.text("t-strong", &hundredths(LEFT + 100), &above, &format!("목표 {}", counted(target, data.unit)));
    }
    let mut marks = vec![Mark::Line];
    let field = format!(
        r#"<svg x="{}" y="{}" width="{}" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">"#,
        hundredths(LEFT),
        hundredths(TOP),
        hundredths(RIGHT - LEFT),
        hundredths(BOTTOM - TOP)
    );
    drawing.push(format_args!("{field}"));
    if let Some(target) = target {
        drawing.push(format_args!(
            r#"<polyline class="line-pace" points="{}"/>"#,
            points([(0, 0), place(12, target)].into_iter())
        ));
        marks.push(Mark::EvenPace);
    }
    if !data.last_year.is_empty() {
        let way = data.last_year.iter().map(|(month, number)| place(*month, *number));
        let way = std::iter::once((0, 0)).chain(way);
        drawing.push(format_args!(r#"<polyline class="line-before" points="{}"/>"#, points(way)));
        marks.push(Mark::LastYear);
    }
    if let Some((low, _, high)) = data.forecast {
        for end in [low, high] {
            let way = [place(last_month, last), place(12, end)].into_iter();
            drawing.push(format_args!(r#"<polyline class="line-edge" points="{}"/>"#, points(way)));
        }
        marks.push(Mark::Forecast);
    }
    let way = std::iter::once((0, 0)).chain(data.points.iter().map(|(month, number)| place(*month, *number)));
    drawing.push(format_args!(r#"<polyline class="line" points="{}"/></svg>"#, points(way)));
    if let Some((low, middle, high)) = data.forecast {
        forecast_bar(&mut drawing, data, (low, high), &y);
        let at = y(middle);
        drawing.push(format_args!(
            r#"<line class="base" x1="{}" x2="{}" y1="{at}" y2="{at}"/>"#,
            hundredths(RIGHT - 150),
            hundredths(RIGHT + 150)
        ));
    }
    let at = (x(last_month), y(last));
    drawing.push(format_args!(r#"<circle class="dot" cx="{}" cy="{}" r="6"/>"#, at.0, at.1));
    label(&mut drawing, data, (last_month, last), full);
    let legend = legend(&marks);
    Svg::of(format!("{}{legend}", drawing.close()))
}

/// The interval for December as a hatched bar: it holds for that month alone.
fn forecast_bar(drawing: &mut Drawing, data: &Cumulative<'_>, (low, high): (i64, i64), y: &impl Fn(i64) -> String) {
    let hatch = drawing.hatch(data.id);
    // The top is a percentage and the height another; both are cut from the same places.
    let (top, bottom) = (y(high), y(low));
    drawing.push(format_args!(
        r#"<svg x="{}" y="{top}" width="3%" height="{}" overflow="visible"><rect class="forecast" fill="url(#{hatch})" width="100%" height="100%"/></svg>"#,
        hundredths(RIGHT - 150),
        difference(&bottom, &top)
    ));
}

/// The last point's words: left of it, or right of it where there is no room.
fn label(drawing: &mut Drawing, data: &Cumulative<'_>, (month, number): (i8, i64), full: i64) {
    let text = format!("{month}월 {}", counted(number, data.unit));
    let height = BOTTOM - share(number, full) * (BOTTOM - TOP) / 10_000;
    let across = LEFT + (RIGHT - LEFT) * i64::from(month) / 12;
    if month < 5 {
        // Below the way of the line, which rises to the right.
        drawing.text("t-strong", &hundredths(across + 200), &hundredths((height + 600).min(BOTTOM - 300)), &text);
    } else {
        drawing.text("t-strong t-end", &hundredths(across - 250), &hundredths((height - 500).max(300)), &text);
    }
}

/// `12.5%` from hundredths of a percent.
fn hundredths(number: i64) -> String {
    let number = number.max(0);
    match (number / 100, number % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, rest) => format!("{whole}.{rest:02}%"),
    }
}

fn difference(bottom: &str, top: &str) -> String {
    let read = |text: &str| {
        let text = text.trim_end_matches('%');
        let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
        whole.parse::<i64>().unwrap_or(0) * 100 + rest.parse::<i64>().unwrap_or(0)
    };
    hundredths((read(bottom) - read(top)).max(60))
}

/// Points of a way in the stretched field, 100 by 100: month across, share of the height down.
fn points(way: impl Iterator<Item = (i8, i64)>) -> String {
    let one = |(month, share): (i8, i64)| {
        let across = i64::from(month) * 10_000 / 12;
        let down = 10_000 - share;
        format!("{}.{:02},{}.{:02}", across / 100, across % 100, down / 100, down % 100)
    };
    way.map(one).collect::<Vec<_>>().join(" ")
}

/// A round distance between grid lines: at most five of them.
fn tick(largest: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            let tick = power.saturating_mul(factor);
            if largest / tick < 5 {
                return tick;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn title(data: &Cumulative<'_>) -> String {
    let mut title = format!("{}. ", escaped(data.what));
    match data.target {
        Some(target) => title.push_str(&format!("목표 {}. ", counted(target, data.unit))),
        None => title.push_str("목표 없음. "),
    }
    let said = data.points.iter().map(|(month, number)| format!("{month}월까지 {}", counted(*number, data.unit)));
    title.push_str(&said.collect::<Vec<_>>().join(", "));
    if let Some((low, _, high)) = data.forecast {
        title.push_str(&format!(". 12월 예상 {}에서 {}", counted(low, data.unit), counted(high, data.unit)));
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [(i8, i64); 3] = [(3, 136), (6, 316), (10, 547)];

    fn draw(data: &Cumulative<'_>) -> String {
        cumulative(data).to_string()
    }

    fn year() -> Cumulative<'static> {
        Cumulative {
            id: "c1", what: "2026년", unit: "명", target: Some(620), points: &POINTS, ..Cumulative::default()
        }
    }

    #[test]
    fn the_line_the_target_and_the_even_way_are_drawn() {
        let drawn = draw(&year());
        assert!(drawn.contains("목표 620명. 3월까지 136명, 6월까지 316명, 10월까지 547명</title>"), "{drawn}");
        assert!(drawn.contains(r#"class="target""#) && drawn.contains(r#"class="line-pace" points="0.00,100.00 "#));
        assert!(drawn.contains(">10월 547명</text>") && drawn.contains(">목표 620명</text>"), "{drawn}");
        assert!(!drawn.contains("url(#") && !drawn.contains("line-before"), "{drawn}");
        assert!(!drawn.contains("<svg class=\"chart chart--cum\" role=\"img\" viewBox"), "letters keep their size");
    }

    #[test]
    fn an_interval_is_hatched_and_said() {
        let drawn = draw(&Cumulative { forecast: Some((640, 660, 680)), ..year() });
        assert!(drawn.contains("12월 예상 640명에서 680명</title>"), "{drawn}");
        assert!(drawn.contains(r#"class="forecast" fill="url(#c1-hatch)""#), "{drawn}");
        assert_eq!(drawn.matches("line-edge").count(), 2, "{drawn}");
        assert!(drawn.contains("연말까지 예상"), "{drawn}");
    }

    #[test]
    fn without_points_nothing_and_without_a_target_no_line() {
        assert_eq!(draw(&Cumulative { points: &[], ..year() }), "");
        let drawn = draw(&Cumulative { target: None, ..year() });
        assert!(!drawn.contains(r#"class="target""#) && !drawn.contains("line-pace"), "{drawn}");
    }

    #[test]
    fn last_year_has_its_own_line() {
        let drawn = draw(&Cumulative { last_year: &[(6, 300), (12, 588)], ..year() });
        assert!(drawn.contains(r#"class="line-before""#) && drawn.contains("지난해"), "{drawn}");
    }

    #[test]
    fn grid_lines_are_few_and_round() {
        assert_eq!([1, 7, 620, 6_570, 51_200].map(tick), [1, 2, 200, 2_000, 20_000]);
        assert!(i64::MAX / tick(i64::MAX) < 5);
        let drawn = draw(&Cumulative { points: &[(12, i64::MAX)], target: None, ..year() });
        assert!(drawn.contains("9,223,372,036,854,775,807명"), "{drawn}");
        let drawn = draw(&Cumulative { points: &[(3, -4)], target: None, ..year() });
        assert!(drawn.contains("3월까지 -4명"), "{drawn}");
    }

    #[test]
    fn heights_are_cut_from_the_same_places() {
        assert_eq!(difference("43.5%", "20.25%"), "22.80%", "43.05 less 20.25: the parts are hundredths");
        assert_eq!(difference("20%", "20%"), "0.60%", "never thinner than a line");
        assert_eq!(hundredths(4_350), "43.50%");
    }
}
