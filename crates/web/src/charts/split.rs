//! What a total is made of: records, departments' sums, press.

use super::{Drawing, Mark, Svg, counted, escaped, percent};

/// What the bar shows. The three parts add up to the total beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitBar<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Whose number: `2025년 실적`.
    pub what: &'a str,
    /// The unit glued to numbers: `개`.
    pub unit: &'a str,
    /// Counted one by one (기록).
    pub records: i64,
    /// Sums from departments (집계).
    pub sums: i64,
    /// Taken from press reports (보도).
    pub press: i64,
}

/// Draws the bar and the list of its parts with their numbers.
pub fn split_bar(data: &SplitBar<'_>) -> Svg {
    let parts = [
        (Mark::Records, "actual", data.records),
        (Mark::Sums, "earlier", data.sums),
        (Mark::Press, "press", data.press),
    ];
    let said: Vec<String> =
        parts.iter().map(|(mark, _, number)| format!("{} {}", mark.word(), counted(*number, data.unit))).collect();
    let title = format!("{}. {}", escaped(data.what), said.join(", "));
    let mut drawing = Drawing::titled("chart--split", data.id, &title);
    let whole = parts.iter().fold(0_i64, |sum, (_, _, number)| sum.saturating_add((*number).max(0)));
    let hatch = drawing.hatch(data.id);
    drawing.rect("track", ("0", "0"), ("100%", "100%"));
    let mut from = 0_i64;
    for (_, class, number) in parts {
        let number = number.max(0);
        if number == 0 {
            continue;
        }
        let (x, width) = (percent(from, whole), percent(number, whole));
        if class == "press" {
            drawing.push(format_args!(
                r#"<rect class="forecast" fill="url(#{hatch})" x="{x}" y="0" width="{width}" height="100%"/>"#
            ));
        } else {
            drawing.rect(class, (&x, "0"), (&width, "100%"));
        }
        if from > 0 {
            drawing.push(format_args!(r#"<line class="part-gap" x1="{x}" x2="{x}" y1="0" y2="100%"/>"#));
        }
        from = from.saturating_add(number);
    }
    let lines: String = parts
        .iter()
        .map(|(mark, _, number)| mark.line(Some(&format!("<b>{}</b>", counted(*number, data.unit)))))
        .collect();
    Svg::of(format!(r#"{}<ul class="legend">{lines}</ul>"#, drawing.close()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_bar_and_an_empty_part_is_still_named() {
        let data = SplitBar { id: "s1", what: "2025년 실적", unit: "개", records: 0, sums: 300, press: 100 };
        let drawn = split_bar(&data).to_string();
        assert!(drawn.contains("기록 0개, 부서 집계 300개, 보도 100개</title>"), "{drawn}");
        assert!(drawn.contains(r#"<rect class="earlier" x="0%" y="0" width="75%""#), "{drawn}");
        assert!(drawn.contains(r#"x="75%" y="0" width="25%""#), "{drawn}");
        assert!(drawn.contains("기록 <b>0개</b>"), "{drawn}");
        assert!(!drawn.contains(r#"<rect class="actual" x="#), "{drawn}");
    }

    #[test]
    fn an_empty_total_is_an_empty_track() {
        let drawn = split_bar(&SplitBar { id: "s1", ..SplitBar::default() }).to_string();
        assert!(drawn.contains("track") && !drawn.contains("part-gap"), "{drawn}");
    }
}
