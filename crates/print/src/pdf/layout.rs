//! How wide the columns of a table are, how large its letters, and which way its page lies.
//!
//! Owns: that arithmetic, in whole thousandths of a point. A number is never broken, a word only
//! where it alone is wider than its column may become. What a newcomer gets wrong: the slack. A
//! box as wide as its column to the last thousandth would still be pushed to the next line.

use crate::fonts::{self, Weight, drawable};
use crate::model::{Kind, Row, Table, Width};

/// The room between the margins of an A4 page, upright and flipped, in thousandths of a point.
pub(super) const UPRIGHT: i64 = 481_800;
pub(super) const FLIPPED: i64 = 728_500;
/// What a cell keeps free at both sides together.
const INSET: i64 = 8_000;
/// One step of an indented name.
pub(super) const STEP: i64 = 9_000;

/// Tenths of a point, tried in this order; letters never get smaller than the last.
const UPRIGHT_SIZES: [i64; 4] = [95, 90, 85, 80];
const FLIPPED_SIZES: [i64; 6] = [90, 85, 80, 75, 70, 65];

/// How a table is laid out.
#[derive(Debug)]
pub(super) struct Layout {
    /// Tenths of a point.
    pub(super) size: i64,
    pub(super) flipped: bool,
    /// Thousandths of a point; they fill the page's width.
    pub(super) widths: Vec<i64>,
}

impl Layout {
    /// The widest piece that fits a column, in thousandths of the type size.
    pub(super) fn widest(&self, column: usize, indent: u8) -> i64 {
        let width = self.widths.get(column).copied().unwrap_or(0);
        let indent = if column == 0 { i64::from(indent) * STEP } else { 0 };
        // Two hundredths of slack, for what shaping adds to plain advances.
        ((width - INSET - indent).max(0) * 10 / self.size.max(1)) * 98 / 100
    }
}

/// The table as it is printed: whole, or, where its columns have no room on any page, in parts one
/// below the other. Each part repeats the columns that name the rows.
pub(super) fn parts(table: &Table) -> Vec<Table> {
    let size = FLIPPED_SIZES[FLIPPED_SIZES.len() - 1];
    let least: Vec<i64> = (0..table.columns.len()).map(|place| points(wish(table, place).least, size)).collect();
    if least.iter().sum::<i64>() <= FLIPPED {
        return vec![table.clone()];
    }
    let names_rows = table.columns.iter().take_while(|column| column.heads_rows).count().max(1);
    let heads: i64 = least.iter().take(names_rows).sum();
    let others = least.iter().skip(names_rows);
    let (sum, widest) = (others.clone().sum::<i64>(), others.copied().max().unwrap_or(0));
    // As few parts as can be, and about as wide as each other.
    let room = (FLIPPED - heads).max(1);
    let limit = FLIPPED.min(heads + sum / (sum / room + 1) + widest);
    let (mut parts, mut places, mut used) = (Vec::new(), Vec::new(), heads);
    for (place, width) in least.iter().enumerate().skip(names_rows) {
        if used + width > limit && !places.is_empty() {
            parts.push(std::mem::take(&mut places));
            used = heads;
        }
        places.push(place);
        used += width;
    }
    parts.push(places);
    let count = parts.len();
    let part = |(number, places): (usize, Vec<usize>)| {
        let places: Vec<usize> = (0..names_rows).chain(places).collect();
        let last = number == count;
        let rows = table.rows.iter().map(|row| Row {
            cells: places.iter().filter_map(|place| row.cells.get(*place).cloned()).collect(),
            ..*row
        });
        Table {
            caption: format!("{} ({number}/{count})", table.caption),
            note: if last { table.note.clone() } else { String::new() },
            columns: places.iter().filter_map(|place| table.columns.get(*place).cloned()).collect(),
            rows: rows.collect(),
            ..table.clone()
        }
    };
    (1..).zip(parts).map(part).collect()
}

/// What a column wants, in thousandths of the type size.
struct Wish {
    /// Less than this would break numbers, or words that need not break.
    least: i64,
    /// With this, nothing wraps; at most a readable line.
    most: i64,
    words: bool,
}

pub(super) fn lay_out(table: &Table) -> Layout {
    let wishes: Vec<Wish> = (0..table.columns.len()).map(|place| wish(table, place)).collect();
    let upright = UPRIGHT_SIZES.iter().map(|size| (*size, false, UPRIGHT));
    let flipped = FLIPPED_SIZES.iter().map(|size| (*size, true, FLIPPED));
    for (size, flipped, room) in upright.chain(flipped) {
        let least: i64 = wishes.iter().map(|wish| points(wish.least, size)).sum();
        if least <= room {
            return Layout { size, flipped, widths: spread(&wishes, size, room) };
        }
    }
    // Too much for any page: everybody gets a share, and long words and numbers are cut.
    let size = FLIPPED_SIZES[FLIPPED_SIZES.len() - 1];
    let all: i64 = wishes.iter().map(|wish| wish.least.max(1)).sum::<i64>().max(1);
    let widths = wishes.iter().map(|wish| FLIPPED * wish.least.max(1) / all).collect();
    Layout { size, flipped: true, widths }
}

/// The column's width for a text of a width at a size.
fn points(text: i64, size: i64) -> i64 {
    text * size / 10 * 103 / 100 + INSET
}

fn wish(table: &Table, place: usize) -> Wish {
    let Some(column) = table.columns.get(place) else {
        return Wish { least: 0, most: 0, words: false };
    };
    // In thousandths: a text column keeps words of nine syllables whole, and more if it is wide.
    let (longest_word, longest_line) = match column.width {
        Width::Narrow => (5_000, 8_000),
        Width::Fitting => (8_000, 20_000),
        Width::Wide => (9_000, 34_000),
    };
    let words = column.kind == Kind::Text;
    let title = drawable(&column.title);
    let mut least = widest_word(&title, Weight::Bold).min(longest_word);
    let mut most = widest_line(&title, Weight::Bold).min(if words { longest_line } else { 6_000 });
    for row in &table.rows {
        let Some(cell) = row.cells.get(place) else { continue };
        // Sums are bold; measuring all as bold keeps the columns still when a row becomes one.
        let shown = drawable(&cell.shown(column.kind));
        let indent = if place == 0 { i64::from(row.indent) * 1_000 } else { 0 };
        let (word, line) = (widest_word(&shown, Weight::Bold), widest_line(&shown, Weight::Bold));
        if words {
            least = least.max(word.min(longest_word) + indent);
            most = most.max(line.min(longest_line) + indent);
        } else {
            least = least.max(line);
            most = most.max(line);
        }
    }
    Wish { least, most: most.max(least), words }
}

fn widest_word(text: &str, weight: Weight) -> i64 {
    text.split_whitespace().map(|word| fonts::width(word, weight)).max().unwrap_or(0)
}

fn widest_line(text: &str, weight: Weight) -> i64 {
    text.split('\n').map(|line| fonts::width(line, weight)).max().unwrap_or(0)
}

/// Everybody's least, and the rest towards everybody's most; what is left then goes to the words.
fn spread(wishes: &[Wish], size: i64, room: i64) -> Vec<i64> {
    let least: Vec<i64> = wishes.iter().map(|wish| points(wish.least, size)).collect();
    let most: Vec<i64> = wishes.iter().map(|wish| points(wish.most, size)).collect();
    let (sum_least, sum_most): (i64, i64) = (least.iter().sum(), most.iter().sum());
    let rest = room - sum_least;
    if sum_most > room {
        let wanted = (sum_most - sum_least).max(1);
        return least.iter().zip(&most).map(|(least, most)| least + rest * (most - least) / wanted).collect();
    }
    let over = room - sum_most;
    let takes = |wish: &Wish, most: i64| if wish.words { most * 2 } else { most };
    let all: i64 = wishes.iter().zip(&most).map(|(wish, most)| takes(wish, *most)).sum::<i64>().max(1);
    wishes.iter().zip(&most).map(|(wish, most)| most + over * takes(wish, *most) / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Column, Row};

    fn with_columns(count: usize, name: &str, number: i64) -> Table {
        let mut table = Table::new("t", "표").column(Column::text("name", "사업").wide());
        let mut cells: Vec<Cell> = vec![name.into()];
        for place in 0..count {
            table = table.column(Column::count(format!("n{place}"), "실적"));
            cells.push(Cell::Count(number));
        }
        table.push(Row::ordinary(cells));
        table
    }

    #[test]
    fn a_table_fills_its_page_and_keeps_numbers_whole() {
        for (count, number) in [(1, 3), (5, 24_000), (9, 1_234_567)] {
            let table = with_columns(count, "나루구 청년 일자리 나눔 사업", number);
            let layout = lay_out(&table);
            let room = if layout.flipped { FLIPPED } else { UPRIGHT };
            let sum: i64 = layout.widths.iter().sum();
            assert!(sum <= room && sum > room - 100, "{sum} of {room}");
            let needed = fonts::width(&Cell::Count(number).shown(Kind::Count), Weight::Bold);
            for column in 1..=count {
                assert!(layout.widest(column, 0) >= needed, "{layout:?}");
            }
        }
    }

    #[test]
    fn many_columns_turn_the_page_and_far_too_many_come_in_parts() {
        assert!(!lay_out(&with_columns(6, "사업", 24_000)).flipped);
        assert!(lay_out(&with_columns(12, "사업", 1_234_567)).flipped);
        let crowd = with_columns(60, "사업", 1_234_567_890);
        let parts = parts(&crowd);
        assert!(parts.len() > 1);
        let numbers: usize = parts.iter().map(|part| part.columns.len() - 1).sum();
        assert_eq!(numbers, 60);
        let needed = fonts::width(&Cell::Count(1_234_567_890).shown(Kind::Count), Weight::Bold);
        for part in &parts {
            let layout = lay_out(part);
            assert!(part.columns[0].key == "name" && layout.widest(1, 0) >= needed, "{layout:?}");
        }
        // Nobody prints such a number; it is cut into lines rather than lost.
        let forced = lay_out(&with_columns(60, "사업", 1_234_567_890));
        assert!(forced.flipped && forced.widths.iter().sum::<i64>() <= FLIPPED);
    }

    #[test]
    fn a_table_without_columns_or_rows_is_laid_out() {
        assert_eq!(lay_out(&Table::new("t", "표")).widths, Vec::<i64>::new());
        assert_eq!(lay_out(&Table::new("t", "표").column(Column::count("n", "수"))).widths.len(), 1);
    }
}
