//! Charts as pictures: SVG with a fixed frame for documents and press releases, and PNG of it.
//!
//! Owns: the drawing. Every place is a whole number, every colour stands in the picture. The target
//! line is the darkest thing and keeps its paper-coloured halo; what goes beyond it changes colour;
//! what is not known is dashed and has a word; what is expected is hatched. Does not own: the charts
//! inside web pages, which follow the reader's type size (the page kit draws those).
//! What a newcomer gets wrong: 0 for a number nobody knows. That is `None`.

mod bars;
mod line;
mod png;
mod split;
mod tiles;

use std::fmt::Write as _;

use iljari_base::quantity::grouped;

pub use png::png;

use crate::fonts::{self, FAMILY, Weight, drawable};
use crate::model::{Chart, Drawing};
use crate::text::escaped;

/// The width of every picture, in its own units.
pub const WIDTH: i64 = 960;
const MARGIN: i64 = 32;

const PAPER: &str = "#ffffff";
const INK: &str = "#1e2124";
const STRONG: &str = "#131416";
const SOFT: &str = "#464c53";
const HAIR: &str = "#cdd1d5";
const EDGE: &str = "#58616a";
const TRACK: &str = "#e6e8ea";
const ACTUAL: &str = "#063a74";
const OVER: &str = "#256ef4";
const EARLIER: &str = "#61758f";
const QUIET: &str = "#98acc5";

const TEXT: i64 = 18;
const SMALL: i64 = 16;

/// A chart as a picture of its own, with title, source and day inside.
///
/// `marks` are the words that a document carries on every page (see [`crate::Meta::marks`]); a
/// picture travels alone and carries them as well.
pub fn svg(chart: &Chart, marks: &[&str]) -> String {
    let mut pen = Pen::new(chart, MARGIN);
    pen.y = 28;
    for mark in marks {
        let width = fonts::width(mark, Weight::Bold) * SMALL / 1000 + 20;
        let x = WIDTH - MARGIN - width;
        pen.push(format_args!(
            r#"<rect x="{x}" y="24" width="{width}" height="28" rx="4" fill="none" stroke="{EDGE}" stroke-dasharray="4 3"/>"#
        ));
        pen.text(x + width / 2, 44, Style::new(SMALL).bold().fill(SOFT).middle(), mark);
        pen.right_taken += width + 8;
    }
    let room = WIDTH - 2 * MARGIN - pen.right_taken;
    for line in wrapped(&chart.title, 26, room, Weight::Bold) {
        pen.y += 34;
        pen.text(MARGIN, pen.y - 10, Style::new(26).bold().fill(STRONG), &line);
    }
    pen.y += 14;
    draw(&mut pen, chart);
    let source = format!("출처: {} · 기준일: {}", chart.source, chart.as_of.korean());
    pen.y += 10;
    for text in [chart.note.as_str(), &source] {
        for line in wrapped(text, SMALL, WIDTH - 2 * MARGIN, Weight::Regular) {
            pen.y += 24;
            pen.text(MARGIN, pen.y - 7, Style::new(SMALL).fill(SOFT), &line);
        }
    }
    pen.y += 20;
    pen.close()
}

/// The drawing and its legend only; what is around it is set by the document.
pub(crate) fn bare(chart: &Chart) -> String {
    let mut pen = Pen::new(chart, 0);
    draw(&mut pen, chart);
    pen.close()
}

/// What the picture says, in words; for whoever cannot see it.
pub fn sentence(chart: &Chart) -> String {
    let table = chart.table();
    let rows: Vec<String> = table
        .rows
        .iter()
        .map(|row| {
            let mut said = String::new();
            for (place, (column, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
                let shown = cell.shown(column.kind);
                match place {
                    0 => said.push_str(&shown),
                    _ => {
                        let _ = write!(said, "{} {} {shown}", if place == 1 { "" } else { "," }, column.title);
                    }
                }
            }
            said
        })
        .collect();
    format!("{} {}.", chart.title.trim_end_matches('.'), rows.join(". "))
}

fn draw(pen: &mut Pen, chart: &Chart) {
    match &chart.drawing {
        Drawing::YearBars(drawing) => bars::draw(pen, drawing, &chart.unit),
        Drawing::Line(drawing) => line::draw(pen, drawing, &chart.unit),
        Drawing::Split(parts) => split::draw(pen, parts, &chart.unit),
        Drawing::TileMap(map) => tiles::draw(pen, map, &chart.unit),
    }
}

/// `6,570개`.
fn counted(number: i64, unit: &str) -> String {
    format!("{}{unit}", grouped(number))
}

/// The share of `full` that `value` is, on a length; between 0 and the length.
fn scaled(value: i64, full: i64, length: i64) -> i64 {
    if full <= 0 {
        return 0;
    }
    let wide = i128::from(value.clamp(0, full)) * i128::from(length) * 2 + i128::from(full);
    i64::try_from(wide / (i128::from(full) * 2)).unwrap_or(length)
}

/// Lines of a text that fit a width, as they are drawn; none for an empty text.
fn wrapped(text: &str, size: i64, room: i64, weight: Weight) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    fonts::lines(&drawable(text), room * 1000 / size, weight)
}

/// The width of a text as it is drawn, generous: where the font is not installed, a wider one stands in.
fn measured(text: &str, size: i64, weight: Weight) -> i64 {
    fonts::width(&drawable(text), weight) * size * 108 / 100_000 + 2
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Style {
    size: i64,
    weight: Weight,
    fill: &'static str,
    anchor: &'static str,
    halo: bool,
}

impl Style {
    fn new(size: i64) -> Self {
        Self { size, weight: Weight::Regular, fill: INK, anchor: "start", halo: false }
    }

    fn bold(mut self) -> Self {
        self.weight = Weight::Bold;
        self
    }

    fn fill(mut self, fill: &'static str) -> Self {
        self.fill = fill;
        self
    }

    fn end(mut self) -> Self {
        self.anchor = "end";
        self
    }

    fn middle(mut self) -> Self {
        self.anchor = "middle";
        self
    }
}

/// Something the legend explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Actual,
    Over,
    Target,
    OtherTarget,
    Forecast,
    Unknown,
    Hidden,
}

/// Collects the elements of one picture from top to bottom.
struct Pen {
    body: String,
    title: String,
    id: String,
    left: i64,
    y: i64,
    right_taken: i64,
}

impl Pen {
    fn new(chart: &Chart, left: i64) -> Self {
        Self { body: String::new(), title: sentence(chart), id: chart.id.clone(), left, y: 0, right_taken: 0 }
    }

    /// The room between the margins.
    fn room(&self) -> i64 {
        WIDTH - 2 * self.left
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing into a String cannot fail.
        let _ = self.body.write_fmt(element);
    }

    fn rect(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), fill: &str) {
        if width > 0 {
            self.push(format_args!(
                r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{}"/>"#,
                escaped(fill)
            ));
        }
    }

    /// An empty dashed place for a number that nobody knows.
    fn unknown(&mut self, (x, y): (i64, i64), (width, height): (i64, i64)) {
        self.push(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{EDGE}" stroke-width="1.5" stroke-dasharray="5 4"/>"#
        ));
    }

    /// A hatched place for a number that is expected.
    fn hatched(&mut self, (x, y): (i64, i64), (width, height): (i64, i64)) {
        if width > 0 {
            let hatch = self.hatch();
            self.push(format_args!(
                r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{hatch}" stroke="{ACTUAL}"/>"#
            ));
        }
    }

    fn hatch(&self) -> String {
        format!("url(#{}-hatch)", self.id)
    }

    /// A target line from one point to another, with its halo.
    fn target(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64)) {
        for (stroke, width) in [(PAPER, 7), (STRONG, 3)] {
            self.push(format_args!(
                r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}"/>"#
            ));
        }
    }

    /// The line of a second set of targets: dashed, with the same halo.
    fn other_target(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64)) {
        for (stroke, width, dash) in [(PAPER, 7, ""), (STRONG, 3, r#" stroke-dasharray="4 3""#)] {
            self.push(format_args!(
                r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}"{dash}/>"#
            ));
        }
    }

    /// A hairline.
    fn hair(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64)) {
        self.push(format_args!(r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{HAIR}"/>"#));
    }

    fn text(&mut self, x: i64, y: i64, style: Style, text: &str) {
        let Style { size, weight, fill, anchor, halo } = style;
        let weight = if weight == Weight::Bold { 700 } else { 400 };
        let halo = if halo {
            format!(r#" stroke="{PAPER}" stroke-width="5" stroke-linejoin="round" paint-order="stroke""#)
        } else {
            String::new()
        };
        let text = escaped(&drawable(text));
        self.push(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"{halo}>{text}</text>"#
        ));
    }

    /// The list of signs below a drawing, as many to a line as fit.
    fn legend(&mut self, mut signs: Vec<Sign>, names: impl Fn(Sign) -> String) {
        signs.sort_unstable();
        signs.dedup();
        if signs.is_empty() {
            return;
        }
        self.y += 36;
        let mut x = self.left;
        for sign in signs {
            let name = names(sign);
            let width = 34 + measured(&name, SMALL, Weight::Regular);
            if x > self.left && x + width > self.left + self.room() {
                x = self.left;
                self.y += 26;
            }
            self.swatch(sign, x, self.y);
            self.text(x + 34, self.y, Style::new(SMALL).fill(SOFT), &name);
            x += width + 26;
        }
        self.y += 8;
    }

    fn swatch(&mut self, sign: Sign, x: i64, y: i64) {
        let (place, size) = ((x, y - 13), (24, 14));
        match sign {
            Sign::Actual => self.rect(place, size, ACTUAL),
            Sign::Over => self.rect(place, size, OVER),
            Sign::Target => self.target((x + 12, y - 16), (x + 12, y + 4)),
            Sign::OtherTarget => self.other_target((x + 12, y - 16), (x + 12, y + 4)),
            Sign::Forecast => self.hatched(place, size),
            Sign::Unknown => self.unknown(place, size),
            Sign::Hidden => {
                let hatch = self.hatch();
                self.rect(place, size, &hatch);
            }
        }
    }

    fn close(self) -> String {
        let Pen { body, title, id, y, .. } = self;
        let title = escaped(&title);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" aria-labelledby="{id}-title" font-family="'{FAMILY}', Pretendard, 'Noto Sans KR', 'Malgun Gothic', sans-serif"><title id="{id}-title">{title}</title><defs><pattern id="{id}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="{PAPER}"/><rect width="3" height="8" fill="{QUIET}"/></pattern></defs><rect width="{WIDTH}" height="{y}" fill="{PAPER}"/>{body}</svg>"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_rounded_once_and_stays_inside() {
        assert_eq!(scaled(6570, 7500, 1000), 876);
        assert_eq!(scaled(-3, 7, 100), 0);
        assert_eq!(scaled(9, 7, 100), 100);
        assert_eq!(scaled(3, 0, 100), 0);
        assert_eq!(scaled(i64::MAX, i64::MAX, 960), 960);
    }
}
