//! A row a year: label, numbers, bar, target line.

use super::{Drawing, Mark, Svg, counted, escaped, legend, percent, scaled};

/// One year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearBar {
    /// `2023년`.
    pub label: String,
    /// The year's target; none where the plan names none.
    pub target: Option<i64>,
    /// The year's actual number; none where it is not known.
    pub actual: Option<i64>,
    /// The word in place of an unknown number: `확인 중`, `진행 중`; empty says 없음.
    pub note: String,
}

/// What the bars show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearBars<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Whose numbers: `광진구 연도별 실적`.
    pub what: &'a str,
    /// The unit glued to numbers: `개`.
    pub unit: &'a str,
    /// The years, in order.
    pub rows: &'a [YearBar],
}

/// Most rows one drawing may hold; the style sheet has a height for each number up to it.
pub const ROWS_MAX: usize = 12;

// Hundredths of the reader's rem, so that every place is a whole number.
const ROW: i64 = 400;
const TOP_LABEL: i64 = 120;

/// Draws the bars. Years beyond [`ROWS_MAX`] are left out of the picture; the table has them.
pub fn year_bars(data: &YearBars<'_>) -> Svg {
    let rows = &data.rows[data.rows.len().saturating_sub(ROWS_MAX)..];
    if rows.is_empty() {
        return Svg::default();
    }
    let row_count = i64::try_from(rows.len()).unwrap_or(1);
    let largest = rows.iter().flat_map(|row| [row.target, row.actual]).flatten().max().unwrap_or(0);
    let full = scaled(largest, 16, 15).max(1);
    let shared = shared_target(rows);
    let head = if shared.is_some() { TOP_LABEL } else { 0 };
    let height = ROW * row_count + head;
    let class = match shared {
        Some(_) => format!("chart--rows-{row_count}-headed"),
        None => format!("chart--rows-{row_count}"),
    };
    let mut drawing = Drawing::titled(&class, data.id, &title(data, rows));
    if let Some(target) = shared {
        let text = format!("목표 {}", counted(target, data.unit));
        drawing.text("t-strong t-end", &percent(target, full), &percent(50, height), &text);
    }
    let mut marks = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let start = head + ROW * i64::try_from(place).unwrap_or(0);
        let y = |offset: i64| percent(start + offset, height);
        drawing.text("t-strong", "0", &y(85), &escaped(&row.label));
        let target = row.target.filter(|target| *target > 0);
        let in_brackets = match target.filter(|_| shared.is_none()) {
            Some(target) => format!(" (목표 {})", counted(target, data.unit)),
            None => String::new(),
        };
        let bar = percent(160, height);
        match row.actual {
            Some(actual) => {
                let text = format!("{}{in_brackets}", counted(actual, data.unit));
                drawing.text("t-end", "100%", &y(85), &text);
                drawing.rect("track", ("0", &y(180)), ("100%", &bar));
                let up_to_target = target.map_or(actual, |target| actual.min(target));
                drawing.rect("actual", ("0", &y(180)), (&percent(up_to_target, full), &bar));
                note(&mut marks, Mark::Actual);
                if let Some(target) = target.filter(|target| actual > *target) {
                    let from = percent(target, full);
                    drawing.rect("over", (&from, &y(180)), (&percent(actual - target, full), &bar));
                    note(&mut marks, Mark::Over);
                }
            }
            None => {
                let text = format!("{}{in_brackets}", escaped(word(row)));
                drawing.text("t-soft t-end", "100%", &y(85), &text);
                drawing.rect("unknown", ("0", &y(180)), ("100%", &bar));
                note(&mut marks, Mark::Unknown);
            }
        }
        if let Some(target) = target {
            drawing.target(&percent(target, full), &y(160), &y(365));
            note(&mut marks, Mark::Target);
        }
    }
    marks.sort_by_key(|mark| {
        [Mark::Actual, Mark::Over, Mark::Target, Mark::Unknown].iter().position(|known| known == mark)
    });
    let legend = legend(&marks);
    Svg::of(format!("{}{legend}", drawing.close()))
}

/// The target when every year has the same: then it is written once, over the line.
fn shared_target(rows: &[YearBar]) -> Option<i64> {
    let first = rows.first()?.target.filter(|target| *target > 0)?;
    (rows.len() > 1 && rows.iter().all(|row| row.target == Some(first))).then_some(first)
}

fn word(row: &YearBar) -> &str {
    if row.note.is_empty() { "없음" } else { &row.note }
}

fn note(marks: &mut Vec<Mark>, mark: Mark) {
    if !marks.contains(&mark) {
        marks.push(mark);
    }
}

fn title(data: &YearBars<'_>, rows: &[YearBar]) -> String {
    let sentence = |row: &YearBar| {
        let target = match row.target {
            Some(target) => format!("목표 {}", counted(target, data.unit)),
            None => "목표 없음".to_owned(),
        };
        let actual = match row.actual {
            Some(actual) => counted(actual, data.unit),
            None => escaped(word(row)),
        };
        format!("{} {target}, 실적 {actual}", escaped(&row.label))
    };
    let sentences: Vec<String> = rows.iter().map(sentence).collect();
    format!("{}. {}", escaped(data.what), sentences.join(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, target: Option<i64>, actual: Option<i64>) -> YearBar {
        YearBar { label: label.to_owned(), target, actual, note: "확인 중".to_owned() }
    }

    fn draw(rows: &[YearBar]) -> String {
        year_bars(&YearBars { id: "b1", what: "은평구", unit: "개", rows }).to_string()
    }

    #[test]
    fn years_with_one_target_write_it_once() {
        let drawn = draw(&[row("2023년", Some(6000), Some(6197)), row("2024년", Some(6000), Some(6318))]);
        assert_eq!(drawn.matches(">목표 6,000개</text>").count(), 1, "{drawn}");
        assert_eq!(drawn.matches(r#"class="over" x="#).count(), 2, "{drawn}");
        assert!(drawn.contains("chart--rows-2-headed"), "{drawn}");
    }

    #[test]
    fn a_year_nobody_knows_is_dashed_and_keeps_its_target() {
        let drawn = draw(&[row("2023년", Some(12_515), Some(14_434)), row("2024년", Some(12_703), None)]);
        assert!(drawn.contains("14,434개 (목표 12,515개)</text>"), "{drawn}");
        assert!(drawn.contains("확인 중 (목표 12,703개)</text>"), "{drawn}");
        assert!(drawn.contains("2024년 목표 12,703개, 실적 확인 중</title>"), "{drawn}");
        assert_eq!(drawn.matches(r#"<rect class="unknown" x="#).count(), 1, "{drawn}");
        assert!(drawn.contains("아직 없는 숫자"), "{drawn}");
    }

    #[test]
    fn no_years_draw_nothing_and_many_years_keep_the_latest() {
        assert_eq!(draw(&[]), "");
        let rows: Vec<YearBar> = (2000..2020).map(|year| row(&format!("{year}년"), None, Some(1))).collect();
        let drawn = draw(&rows);
        assert!(drawn.contains("chart--rows-12\"") && drawn.contains("2019년") && !drawn.contains("2007년"));
    }
}
