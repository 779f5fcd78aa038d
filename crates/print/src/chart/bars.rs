//! A row a year: name, bar with the target line, numbers.

use iljari_base::Rate;

use super::{ACTUAL, OVER, Pen, SMALL, SOFT, STRONG, Sign, Style, TEXT, TRACK, counted, measured, scaled, wrapped};
use crate::fonts::Weight;
use crate::model::{UNKNOWN, YearBar, YearBars};

const BAR: i64 = 26;
const LINE: i64 = 23;

/// The words beside one bar.
struct Words {
    name: Vec<String>,
    strong: Vec<String>,
    soft: Vec<String>,
}

pub(super) fn draw(pen: &mut Pen, data: &YearBars, unit: &str) {
    let words: Vec<Words> = data.bars.iter().map(|bar| words(bar, data, unit)).collect();
    let widest = |lines: &dyn Fn(&Words) -> &Vec<String>, size, weight| {
        words.iter().flat_map(lines).map(|line| measured(line, size, weight)).max().unwrap_or(0)
    };
    let name_width = widest(&|words| &words.name, TEXT, Weight::Bold);
    let words_width =
        widest(&|words| &words.strong, TEXT, Weight::Bold).max(widest(&|words| &words.soft, SMALL, Weight::Regular));
    let (left, room) = (pen.left, pen.room());
    let bar_left = left + name_width + 20;
    let bar_width = room - name_width - words_width - 44;
    let words_left = bar_left + bar_width + 24;
    let largest = data
        .bars
        .iter()
        .flat_map(|bar| [bar.target, bar.other_target, bar.actual, bar.forecast])
        .flatten()
        .max()
        .unwrap_or(0);
    // A little room beyond the longest, so that a line at the end is seen whole.
    let full = largest.saturating_add(largest / 25).max(1);
    let mut signs = Vec::new();

    pen.y += 4;
    for (bar, words) in data.bars.iter().zip(&words) {
        let lines = words.name.len().max(words.strong.len() + words.soft.len());
        let inner = (i64::try_from(lines).unwrap_or(1) * LINE).max(BAR + 14);
        pen.hair((left, pen.y), (left + room, pen.y));
        let top = pen.y + 12;
        let middle = top + inner / 2;
        let place = (bar_left, middle - BAR / 2);

        let first = middle - i64::try_from(words.name.len()).unwrap_or(1) * LINE / 2;
        for (number, line) in (1..).zip(&words.name) {
            pen.text(left, first + number * LINE - 6, Style::new(TEXT).bold().fill(STRONG), line);
        }
        let first = middle - i64::try_from(words.strong.len() + words.soft.len()).unwrap_or(1) * LINE / 2;
        let strong = words.strong.iter().map(|line| (Style::new(TEXT).bold().fill(STRONG), line));
        let soft = words.soft.iter().map(|line| (Style::new(SMALL).fill(SOFT), line));
        for (number, (style, line)) in (1..).zip(strong.chain(soft)) {
            pen.text(words_left, first + number * LINE - 6, style, line);
        }

        let target = bar.target.filter(|target| *target > 0);
        let at = |value: i64| scaled(value, full, bar_width);
        match bar.actual {
            None => {
                pen.unknown(place, (bar_width, BAR));
                signs.push(Sign::Unknown);
            }
            Some(actual) => {
                pen.rect(place, (bar_width, BAR), TRACK);
                let up_to = target.map_or(actual, |target| actual.min(target));
                pen.rect(place, (at(up_to), BAR), ACTUAL);
                signs.push(Sign::Actual);
                if let Some(target) = target.filter(|target| actual > *target) {
                    pen.rect((bar_left + at(target), place.1), (at(actual) - at(target), BAR), OVER);
                    signs.push(Sign::Over);
                }
            }
        }
        let from = bar.actual.unwrap_or(0).max(0);
        if let Some(forecast) = bar.forecast.filter(|forecast| *forecast > from) {
            pen.hatched((bar_left + at(from), place.1), (at(forecast) - at(from), BAR));
            signs.push(Sign::Forecast);
        }
        if let Some(other) = bar.other_target.filter(|other| *other > 0) {
            let x = bar_left + at(other);
            pen.other_target((x, place.1 - 7), (x, place.1 + BAR + 7));
            signs.push(Sign::OtherTarget);
        }
        if let Some(target) = target {
            let x = bar_left + at(target);
            pen.target((x, place.1 - 7), (x, place.1 + BAR + 7));
            signs.push(Sign::Target);
        }
        pen.y = top + inner + 12;
    }
    pen.hair((left, pen.y), (left + room, pen.y));
    pen.legend(signs, |sign| match sign {
        Sign::Actual => "실적".to_owned(),
        // The name of a promise over years may hold a number of its own, which no single year goes past.
        Sign::Over => "목표를 넘은 만큼".to_owned(),
        Sign::Target => data.target_word().to_owned(),
        Sign::OtherTarget => data.other_target_name.clone(),
        Sign::Forecast => "예상".to_owned(),
        Sign::Unknown | Sign::Hidden => "아직 없는 숫자".to_owned(),
    });
}

fn words(bar: &YearBar, data: &YearBars, unit: &str) -> Words {
    let strong = match bar.actual {
        Some(actual) => counted(actual, unit),
        None if bar.word.is_empty() => UNKNOWN.to_owned(),
        None => bar.word.clone(),
    };
    let mut soft = Vec::new();
    if let Some(target) = bar.target {
        let rate = bar.actual.and_then(|actual| Rate::new(actual, target));
        let rate = rate.map(|rate| format!(" · {rate}")).unwrap_or_default();
        soft.push(format!("{} {}{rate}", data.target_word(), counted(target, unit)));
    } else {
        soft.push(format!("{} 없음", data.target_word()));
    }
    if let Some(other) = bar.other_target {
        soft.push(format!("{} {}", data.other_target_name, counted(other, unit)));
    }
    if let Some(forecast) = bar.forecast {
        soft.push(format!("예상 {}", counted(forecast, unit)));
    }
    let wrap = |text: &String| wrapped(text, SMALL, 330, Weight::Regular);
    Words {
        name: wrapped(&bar.label, TEXT, 210, Weight::Bold),
        strong: wrapped(&strong, TEXT, 330, Weight::Bold),
        soft: soft.iter().flat_map(wrap).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::{bare, svg};
    use crate::model::{Chart, Drawing, YearBar, YearBars};
    use iljari_base::Date;

    fn chart(bars: Vec<YearBar>, other: &str) -> Chart {
        Chart {
            id: "years".to_owned(),
            title: "4년 가운데 3년은 목표를 넘었습니다".to_owned(),
            unit: "개".to_owned(),
            source: "나루구 일자리 원장".to_owned(),
            as_of: Date::new(2026, 3, 31).expect("a day"),
            note: String::new(),
            drawing: Drawing::YearBars(YearBars { other_target_name: other.to_owned(), bars, ..YearBars::default() }),
        }
    }

    fn bar(label: &str, target: Option<i64>, actual: Option<i64>) -> YearBar {
        YearBar { label: label.to_owned(), target, actual, ..YearBar::default() }
    }

    #[test]
    fn a_year_beyond_its_target_changes_colour_and_an_unknown_one_is_dashed() {
        let drawn = svg(&chart(vec![bar("2024년", Some(6000), Some(6318)), bar("2025년", Some(6000), None)], ""), &[]);
        assert!(drawn.contains("#256ef4") && drawn.contains("목표를 넘은 만큼</text>"), "{drawn}");
        assert!(drawn.contains("stroke-dasharray=\"5 4\"") && drawn.contains(">미확인</text>"), "{drawn}");
        assert!(drawn.contains(">목표 6,000개 · 105.3 %</text>"), "{drawn}");
        assert!(drawn.contains("출처: 나루구 일자리 원장 · 기준일: 2026년 3월 31일(화)</text>"), "{drawn}");
    }

    #[test]
    fn two_sets_of_targets_stand_over_one_actual() {
        let two = YearBar { other_target: Some(7500), ..bar("2025년", Some(6000), Some(6570)) };
        let drawn = bare(&chart(vec![two], "확대 목표"));
        assert!(drawn.contains(">확대 목표 7,500개</text>") && drawn.contains(">확대 목표</text>"), "{drawn}");
    }

    #[test]
    fn nothing_and_the_largest_numbers_are_drawn_too() {
        assert!(svg(&chart(Vec::new(), ""), &[]).ends_with("</svg>"));
        let most = bar("아주 긴 이름을 가진 부서의 2025년", Some(i64::MAX), Some(i64::MAX));
        assert!(svg(&chart(vec![most, bar("적자", Some(3), Some(-3))], ""), &["예시"]).contains(">-3개</text>"));
    }
}
