//! What a total is made of: one bar, and its parts with their numbers.

use iljari_base::Rate;

use super::{ACTUAL, EARLIER, PAPER, Pen, SOFT, STRONG, Style, TEXT, TRACK, counted, measured, scaled, wrapped};
use crate::fonts::Weight;
use crate::model::{Part, Tone};

const BAR: i64 = 44;

pub(super) fn draw(pen: &mut Pen, parts: &[Part], unit: &str) {
    let whole = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.value.max(0)));
    let (left, room) = (pen.left, pen.room());
    pen.y += 8;
    let top = pen.y;
    pen.rect((left, top), (room, BAR), TRACK);
    let mut from = 0_i64;
    for part in parts.iter().filter(|part| part.value > 0) {
        let to = from.saturating_add(part.value);
        let (start, end) = (left + scaled(from, whole, room), left + scaled(to, whole, room));
        fill(pen, part.tone, (start, top), (end - start, BAR));
        if from > 0 {
            pen.push(format_args!(
                r#"<line x1="{start}" y1="{top}" x2="{start}" y2="{}" stroke="{PAPER}" stroke-width="3"/>"#,
                top + BAR
            ));
        }
        from = to;
    }
    pen.y = top + BAR + 10;
    let numbers: Vec<String> = parts.iter().map(|part| counted(part.value, unit)).collect();
    let widest = numbers.iter().map(|number| measured(number, TEXT, Weight::Bold)).max().unwrap_or(0);
    let name_room = room - 40 - widest - 130;
    for (part, number) in parts.iter().zip(&numbers) {
        let lines = wrapped(&part.label, TEXT, name_room, Weight::Regular);
        fill(pen, part.tone, (left, pen.y + 13), (24, 16));
        let share = Rate::new(part.value, whole).map(|rate| rate.to_string()).unwrap_or_default();
        pen.text(left + room - 130, pen.y + 28, Style::new(TEXT).bold().fill(STRONG).end(), number);
        pen.text(left + room, pen.y + 28, Style::new(TEXT).fill(SOFT).end(), &share);
        for line in &lines {
            pen.y += 26;
            pen.text(left + 40, pen.y + 2, Style::new(TEXT), line);
        }
        pen.y += if lines.is_empty() { 38 } else { 12 };
        pen.hair((left, pen.y), (left + room, pen.y));
    }
    pen.y += 6;
}

fn fill(pen: &mut Pen, tone: Tone, place: (i64, i64), size: (i64, i64)) {
    match tone {
        Tone::Strong => pen.rect(place, size, ACTUAL),
        Tone::Soft => pen.rect(place, size, EARLIER),
        Tone::Hatched => pen.hatched(place, size),
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::bare;
    use crate::model::{Chart, Drawing, Part, Tone};
    use iljari_base::Date;

    fn drawn(parts: Vec<Part>) -> String {
        bare(&Chart {
            id: "parts".to_owned(),
            title: "제목".to_owned(),
            unit: "개".to_owned(),
            source: "원장".to_owned(),
            as_of: Date::new(2026, 3, 31).expect("a day"),
            note: String::new(),
            drawing: Drawing::Split(parts),
        })
    }

    #[test]
    fn parts_fill_the_bar_and_an_empty_part_is_still_named() {
        let part = |label: &str, value, tone| Part { label: label.to_owned(), value, tone };
        let drawn = drawn(vec![
            part("기록", 0, Tone::Strong),
            part("부서 집계", 300, Tone::Soft),
            part("보도", 100, Tone::Hatched),
        ]);
        assert!(drawn.contains(">기록</text>") && drawn.contains(">0개</text>"), "{drawn}");
        assert!(drawn.contains(r##"<rect x="0" y="8" width="720" height="44" fill="#61758f"/>"##), "{drawn}");
        assert!(drawn.contains(r#"<rect x="720" y="8" width="240" height="44" fill="url(#parts-hatch)""#), "{drawn}");
    }

    #[test]
    fn an_empty_total_is_an_empty_track() {
        assert!(drawn(Vec::new()).contains("#e6e8ea"));
    }
}
