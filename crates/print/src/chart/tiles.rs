//! One tile for each 동, darker for more; hatched where the number is hidden.

use iljari_base::quantity::grouped;

use super::{PAPER, Pen, QUIET, SMALL, SOFT, STRONG, Sign, Style, counted, measured, wrapped};
use crate::fonts::Weight;
use crate::model::{Cell, Kind, TileMap};

/// The four classes, from few to many, with the ink that is legible on each.
const CLASSES: [(&str, &str); 4] = [("#e5ecf9", STRONG), ("#b1cefb", STRONG), ("#4c87f6", STRONG), ("#083891", PAPER)];
const GAP: i64 = 6;

pub(super) fn draw(pen: &mut Pen, map: &TileMap, unit: &str) {
    let (left, room) = (pen.left, pen.room());
    let across = map.tiles.iter().map(|tile| i64::from(tile.column) + 1).max().unwrap_or(1);
    let down = map.tiles.iter().map(|tile| i64::from(tile.row) + 1).max().unwrap_or(0);
    let width = ((room + GAP) / across - GAP).clamp(20, 170);
    let shift = (room - across * (width + GAP) + GAP).max(0) / 2;
    let names: Vec<Vec<String>> =
        map.tiles.iter().map(|tile| wrapped(&tile.label, SMALL, width - 20, Weight::Regular)).collect();
    let lines = names.iter().map(|lines| i64::try_from(lines.len()).unwrap_or(1)).max().unwrap_or(1);
    let height = 22 * lines + 52;
    let largest = map.tiles.iter().filter_map(|tile| count(&tile.value)).max().unwrap_or(0);
    let step = class_step(largest);
    let mut signs = Vec::new();
    let mut used = [false; 4];

    pen.y += 8;
    for (tile, name) in map.tiles.iter().zip(&names) {
        let x = left + shift + i64::from(tile.column) * (width + GAP);
        let y = pen.y + i64::from(tile.row) * (height + GAP);
        let ink = match &tile.value {
            Cell::Suppressed | Cell::Withheld => {
                let hatch = pen.hatch();
                pen.rect((x, y), (width, height), &hatch);
                pen.push(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{PAPER}"/>"#,
                    x + 6,
                    y + 6,
                    width - 12,
                    height - 12
                ));
                pen.push(format_args!(
                    r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{QUIET}"/>"#
                ));
                signs.push(Sign::Hidden);
                STRONG
            }
            value => match count(value) {
                Some(number) => {
                    let class = class_of(number, step);
                    used[class] = true;
                    pen.rect((x, y), (width, height), CLASSES[class].0);
                    CLASSES[class].1
                }
                None => {
                    pen.unknown((x, y), (width, height));
                    signs.push(Sign::Unknown);
                    STRONG
                }
            },
        };
        for (number, line) in (1..).zip(name) {
            pen.text(x + 12, y + 6 + 22 * number, Style::new(SMALL).fill(ink), line);
        }
        let shown = tile.value.shown(Kind::Count);
        let size = if measured(&shown, 22, Weight::Bold) > width - 20 { SMALL } else { 22 };
        pen.text(x + 12, y + height - 14, Style::new(size).bold().fill(ink), &shown);
    }
    pen.y += down * (height + GAP);
    legend(pen, &used, step, unit);
    pen.legend(signs, |sign| match sign {
        Sign::Hidden => "5 미만이거나 함께 숨긴 곳".to_owned(),
        _ => "아직 없는 숫자".to_owned(),
    });
}

/// What the four shades mean.
fn legend(pen: &mut Pen, used: &[bool; 4], step: i64, unit: &str) {
    let mut x = pen.left;
    if !used.contains(&true) {
        return;
    }
    pen.y += 30;
    for class in (0..4).filter(|class| used[*class]) {
        let from = step.saturating_mul(i64::try_from(class).unwrap_or(0));
        let text = match class {
            0 => format!("{} 미만", counted(step, unit)),
            3 => format!("{} 이상", counted(from, unit)),
            _ => format!("{} ~ {}", grouped(from), counted(from.saturating_add(step - 1), unit)),
        };
        pen.rect((x, pen.y - 13), (24, 14), CLASSES[class].0);
        pen.text(x + 34, pen.y, Style::new(SMALL).fill(SOFT), &text);
        x += 60 + measured(&text, SMALL, Weight::Regular);
    }
}

fn count(value: &Cell) -> Option<i64> {
    match value {
        Cell::Count(count) | Cell::About(count) => Some(*count),
        _ => None,
    }
}

/// The width of a class: a round number, four of which reach the largest.
fn class_step(largest: i64) -> i64 {
    let wanted = (largest / 4 + 1).max(1);
    let mut unit = 1_i64;
    while unit.saturating_mul(100) < wanted {
        unit = unit.saturating_mul(10);
    }
    (wanted / unit + i64::from(wanted % unit != 0)).saturating_mul(unit)
}

fn class_of(number: i64, step: i64) -> usize {
    usize::try_from(number.max(0) / step.max(1)).unwrap_or(3).min(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::bare;
    use crate::model::{Chart, Drawing, Tile};
    use iljari_base::Date;

    #[test]
    fn classes_are_round_and_hold_every_number() {
        assert_eq!(class_step(0), 1);
        assert_eq!(class_step(641), 170);
        assert_eq!(class_step(612), 160);
        for largest in [0, 1, 3, 4, 99, 612, 12_345] {
            assert!(class_step(largest) * 4 > largest, "{largest}");
            assert!(class_of(largest, class_step(largest)) <= 3);
        }
    }

    #[test]
    fn a_hidden_tile_shows_a_word_and_no_number() {
        let tile = |label: &str, column, value| Tile { label: label.to_owned(), column, row: 0, value };
        let map = TileMap {
            tiles: vec![
                tile("가람동", 0, Cell::Count(612)),
                tile("능동", 1, Cell::Suppressed),
                tile("누리동", 2, Cell::Unknown),
            ],
            ..TileMap::default()
        };
        let drawn = bare(&Chart {
            id: "map".to_owned(),
            title: "제목".to_owned(),
            unit: "명".to_owned(),
            source: "원장".to_owned(),
            as_of: Date::new(2026, 3, 31).expect("a day"),
            note: String::new(),
            drawing: Drawing::TileMap(map),
        });
        assert!(drawn.contains(">5 미만</text>") && drawn.contains(">미확인</text>"), "{drawn}");
        assert!(drawn.contains(">480명 이상</text>") && drawn.contains("함께 숨긴 곳</text>"), "{drawn}");
    }
}
