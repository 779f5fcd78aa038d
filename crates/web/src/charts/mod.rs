//! Charts as SVG in the page: the target line is the darkest thing, what goes beyond it changes
//! colour, what is not known is an empty dashed bar with a word.
//!
//! Owns: the drawing. Coordinates are percentages computed in whole numbers and there is no
//! `viewBox`, so letters keep the reader's size. Does not own: the table of the same numbers that
//! stands beside every chart (the page writes it).
//! What a newcomer gets wrong: 0 for a number nobody knows. That is `None`.

mod bars;
mod cumulative;
mod gauge;
mod legend;
mod spark;
mod split;
mod tiles;

use std::fmt::{self, Write};

use iljari_base::markup::escaped;
use iljari_base::quantity::grouped;

pub use bars::{ROWS_MAX, YearBar, YearBars, year_bars};
pub use cumulative::{Cumulative, cumulative};
pub use gauge::{Gauge, gauge};
pub use legend::{Mark, legend};
pub use spark::{spark, spark_expected};
pub use split::{SplitBar, split_bar};
pub use tiles::{TILES_MAX, Tile, tiles};

/// Finished mark-up: templates write it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// For this crate's drawings only: whoever calls it has escaped every text inside.
    pub(crate) fn of(markup: String) -> Self {
        Self(markup)
    }

    /// The mark-up.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Svg {}

/// A share of the width or height with two decimals, between 0 % and 100 %: `87.6%`.
fn percent(part: i64, whole: i64) -> String {
    let hundredths = share(part, whole);
    let (units, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => format!("{units}%"),
        rest if rest % 10 == 0 => format!("{units}.{}%", rest / 10),
        rest => format!("{units}.{rest:02}%"),
    }
}

/// The share in hundredths of a percent, rounded half up, between 0 and 10,000.
fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (part, whole) = (i128::from(part.clamp(0, whole)), i128::from(whole));
    i64::try_from((part * 20_000 + whole) / (whole * 2)).unwrap_or(0)
}

/// `value` × `top` / `bottom`, rounded up: for the number at the right end of a scale.
fn scaled(value: i64, top: i64, bottom: i64) -> i64 {
    let wide = i128::from(value.max(0)) * i128::from(top);
    i64::try_from(wide / i128::from(bottom)).unwrap_or(i64::MAX).saturating_add(1)
}

/// `6,570개`.
fn counted(number: i64, unit: &str) -> String {
    format!("{}{}", grouped(number), escaped(unit))
}

/// The pattern of what is expected or taken from elsewhere.
fn hatch_pattern(name: &str, size: u8) -> String {
    format!(
        r#"<defs><pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-bg" width="{size}" height="{size}"/><line class="hatch" x1="0" x2="0" y1="0" y2="{size}"/></pattern></defs>"#
    )
}

/// Collects the elements of one drawing.
struct Drawing(String);

impl Drawing {
    /// Opens a drawing that speaks for itself: a title that says everything.
    fn titled(class: &str, id: &str, title: &str) -> Self {
        let id = escaped(id);
        Self(format!(
            r#"<svg class="chart {class}" role="img" aria-labelledby="{id}"><title id="{id}">{title}</title>"#
        ))
    }

    fn rect(&mut self, class: &str, (x, y): (&str, &str), (width, height): (&str, &str)) {
        self.push(format_args!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#));
    }

    fn target(&mut self, x: &str, top: &str, bottom: &str) {
        // The paper-coloured halo is what tells the line from the bars; it is never left out.
        for class in ["target-halo", "target"] {
            self.push(format_args!(r#"<line class="{class}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>"#));
        }
    }

    fn text(&mut self, class: &str, x: &str, y: &str, text: &str) {
        self.push(format_args!(r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#));
    }

    /// Defines the hatch of what is expected, and names it.
    fn hatch(&mut self, id: &str) -> String {
        let hatch = format!("{}-hatch", escaped(id));
        self.push(format_args!("{}", hatch_pattern(&hatch, 8)));
        hatch
    }

    fn push(&mut self, element: fmt::Arguments<'_>) {
        // Writing into a String cannot fail.
        let _ = self.0.write_fmt(element);
    }

    fn close(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_once_and_stay_inside() {
        assert_eq!(percent(6570, 7500), "87.6%");
        assert_eq!(percent(31, 75), "41.33%");
        assert_eq!(percent(2, 3), "66.67%");
        assert_eq!(percent(1, 1000), "0.1%");
        assert_eq!(percent(1, 10_000), "0.01%");
        assert_eq!(percent(7, 7), "100%");
        assert_eq!(percent(9, 7), "100%");
        assert_eq!(percent(-3, 7), "0%");
        assert_eq!(percent(3, 0), "0%");
        assert_eq!(percent(i64::MAX, i64::MAX), "100%");
    }

    #[test]
    fn a_text_cannot_leave_its_place() {
        assert_eq!(escaped(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }
}
