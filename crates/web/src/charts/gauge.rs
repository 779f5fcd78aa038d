//! One target, one actual, on one bar that may go past the target.

use iljari_base::Rate;

use super::{Drawing, Mark, Svg, counted, escaped, legend, percent, scaled, share};

/// What a gauge shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauge<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Whose number, and when: `2025년 공공 직접일자리`.
    pub what: &'a str,
    /// The unit glued to numbers: `개`.
    pub unit: &'a str,
    /// The target; none where the plan names none.
    pub target: Option<i64>,
    /// The actual number; none where it is not known.
    pub actual: Option<i64>,
    /// The word before the actual number: `실적`, `3년 동안`.
    pub actual_word: &'a str,
    /// The word in place of an unknown number: `확인 중`.
    pub unknown_word: &'a str,
    /// Whether the legend stands below.
    pub legend: bool,
}

/// Below this share of the width a label ending at its bar would leave the page.
const ROOM_FOR_A_LABEL: i64 = 5_000;

/// The drawing's width in tenths of a letter where it is narrowest: the largest text on a phone.
/// Labels are placed for that page; a wider one only has more room.
const NARROWEST: i64 = 140;

/// About how wide a text is, in tenths of a letter: Hangul fills its square, figures a bit more than
/// half of one.
fn width(text: &str) -> i64 {
    let letter = |letter: char| match letter {
        ',' | '.' | ' ' => 3,
        letter if letter.is_ascii() => 6,
        _ => 10,
    };
    text.chars().map(letter).sum()
}

/// Where the actual number's words stand: class, place, and whether the scale's 0 stays readable.
fn label_place(actual: i64, full: i64, text: &str) -> (&'static str, String, bool) {
    let at = share(actual, full);
    let (before, wide) = (at * NARROWEST / 10_000, width(text));
    if at >= ROOM_FOR_A_LABEL && before >= wide {
        return ("t-strong t-end", percent(actual, full), before >= wide + 12);
    }
    // Not over the zero.
    let start = scaled(full, 6, 100).max(actual);
    if share(start, full) * NARROWEST / 10_000 + wide <= NARROWEST {
        return ("t-strong", percent(start, full), share(start, full) * NARROWEST / 10_000 >= 8);
    }
    ("t-strong", "0".to_owned(), false)
}

/// Draws a gauge.
pub fn gauge(data: &Gauge<'_>) -> Svg {
    let target = data.target.filter(|target| *target > 0);
    let actual = data.actual;
    // The target stands at 80 %, unless the actual needs the room.
    let full = scaled(target.unwrap_or(0), 5, 4).max(scaled(actual.unwrap_or(0), 26, 25)) - 1;
    let full = full.max(1);
    let actual_word = if data.actual_word.is_empty() { "실적" } else { data.actual_word };
    let unknown_word = if data.unknown_word.is_empty() { "확인 중" } else { data.unknown_word };
    let mut drawing = Drawing::titled("chart--gauge", data.id, &title(data, actual_word, unknown_word));
    let (top, height) = ("34%", "36%");
    let mut marks = Vec::new();

    match actual {
        None => {
            drawing.rect("unknown", ("0", top), ("100%", height));
            marks.push(Mark::Unknown);
        }
        Some(actual) => {
            drawing.rect("track", ("0", top), ("100%", height));
            let up_to_target = target.map_or(actual, |target| actual.min(target));
            drawing.rect("actual", ("0", top), (&percent(up_to_target, full), height));
            marks.push(Mark::Actual);
            if let Some(target) = target.filter(|target| actual > *target) {
                let place = (&*percent(target, full), top);
                drawing.rect("over", place, (&percent(actual - target, full), height));
                marks.push(Mark::Over);
            }
        }
    }
    match target {
        Some(target) => {
            let at = percent(target, full);
            drawing.target(&at, "24%", "80%");
            let end = if share(target, full) < ROOM_FOR_A_LABEL { "t-strong" } else { "t-strong t-end" };
            drawing.text(end, &at, "10%", &format!("목표 {}", counted(target, data.unit)));
            marks.push(Mark::Target);
        }
        None => drawing.text("t-soft", "0", "10%", "목표 없음"),
    }
    match actual {
        None => drawing.text("t-soft", "0", "92%", &escaped(unknown_word)),
        Some(actual) => {
            let text = format!("{} {}", escaped(actual_word), counted(actual, data.unit));
            let (class, at, zero_stays) = label_place(actual, full, &text);
            if zero_stays {
                drawing.text("t-soft", "0", "92%", "0");
            }
            drawing.text(class, &at, "92%", &text);
        }
    }
    let mut markup = drawing.close();
    if data.legend {
        markup.push_str(legend(&marks).as_str());
    }
    Svg::of(markup)
}

fn title(data: &Gauge<'_>, actual_word: &str, unknown_word: &str) -> String {
    let mut title = format!("{}. ", escaped(data.what));
    match data.target {
        Some(target) => title.push_str(&format!("목표 {}, ", counted(target, data.unit))),
        None => title.push_str("목표 없음, "),
    }
    match data.actual {
        Some(actual) => title.push_str(&format!("{} {}", escaped(actual_word), counted(actual, data.unit))),
        None => title.push_str(&format!("실적은 {}", escaped(unknown_word))),
    }
    let rate = data.actual.zip(data.target).and_then(|(actual, target)| Rate::new(actual, target));
    if let Some(rate) = rate {
        title.push_str(&format!(", 달성률 {}퍼센트", rate.percent_text()));
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(target: Option<i64>, actual: Option<i64>) -> String {
        let data = Gauge { id: "g1", what: "2025년", unit: "개", target, actual, ..Gauge::default() };
        gauge(&data).to_string()
    }

    #[test]
    fn a_gauge_passes_one_hundred_percent() {
        let drawn = draw(Some(6000), Some(6570));
        assert!(drawn.contains("목표 6,000개, 실적 6,570개, 달성률 109.5퍼센트</title>"), "{drawn}");
        assert!(drawn.contains(r#"<rect class="actual" x="0" y="34%" width="80%" height="36%"/>"#), "{drawn}");
        assert!(drawn.contains(r#"<rect class="over" x="80%" y="34%" width="7.6%" height="36%"/>"#), "{drawn}");
        assert!(drawn.contains(r#"<line class="target-halo" x1="80%""#), "{drawn}");
    }

    #[test]
    fn a_gauge_far_past_its_target_stays_on_the_page() {
        let drawn = draw(Some(100), Some(1_000));
        assert!(drawn.contains(r#"<text class="t-strong" x="9.62%" y="10%">목표 100개"#), "{drawn}");
        assert!(drawn.contains(r#"width="86.54%""#), "{drawn}");
    }

    #[test]
    fn a_gauge_below_its_target_has_no_part_beyond() {
        let drawn = draw(Some(60), Some(31));
        assert!(drawn.contains(r#"width="41.33%""#) && !drawn.contains("over"), "{drawn}");
    }

    #[test]
    fn a_gauge_without_a_target_draws_no_line() {
        for target in [Some(0), None] {
            let drawn = draw(target, Some(12));
            assert!(!drawn.contains("class=\"target") && drawn.contains("목표 없음"), "{drawn}");
        }
    }

    #[test]
    fn an_unknown_number_is_an_empty_bar_with_a_word() {
        let drawn = draw(Some(12_703), None);
        assert!(drawn.contains(r#"<rect class="unknown""#) && drawn.contains("실적은 확인 중</title>"), "{drawn}");
        assert!(!drawn.contains(r#"class="actual""#), "{drawn}");
    }

    #[test]
    fn the_words_of_the_actual_number_never_cover_the_zero() {
        // (actual of 24,000, class, place, whether the zero is written)
        let text = "지금까지 19,085개";
        let table = [
            (300, "t-strong", "6%", true),
            (9_000, "t-strong", "30%", true),
            (15_000, "t-strong", "0", false),
            (19_085, "t-strong t-end", "63.62%", false),
            (23_000, "t-strong t-end", "76.67%", true),
        ];
        for (actual, class, place, zero) in table {
            let told = label_place(actual, 30_000, text);
            assert_eq!((told.0, told.1.as_str(), told.2), (class, place, zero), "{actual}");
        }
        assert!(width(text) > 70 && width(text) < 100);
        let drawn = draw(Some(24_000), Some(19_085));
        assert_eq!(drawn.matches(">0</text>").count(), usize::from(label_place(19_085, 30_000, "실적 19,085개").2));
    }

    #[test]
    fn nothing_at_all_and_less_than_nothing_are_drawn_too() {
        assert!(draw(None, None).contains("목표 없음"));
        let drawn = draw(Some(60), Some(-3));
        assert!(drawn.contains("실적 -3개") && drawn.contains(r#"width="0%""#), "{drawn}");
    }
}
