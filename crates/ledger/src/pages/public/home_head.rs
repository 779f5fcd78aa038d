//! The first sentence of a district's home, its figure and its gauge.
//!
//! Owns: which of two sentences is said. Does not own: the numbers.
//! What a newcomer gets wrong: a first sentence that boasts of one good year. It says what was made
//! only when half of the promised years are known; before that, what was promised.

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::Split;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::TargetSet;
use iljari_plans::pages::words::{counted_text, set_total, years_text};
use iljari_web::charts::{Gauge, gauge};

use super::home::{Headline, Picture, Sentence};
use super::look::Look;
use super::number::{Number, counter};
use super::promises::{YearLine, against_target, unit_of};

pub(super) type Head = (String, Sentence, Option<Headline>, Option<Picture>);

/// The first sentence, its figure and its gauge.
pub(super) fn head(look: &Look, set: &TargetSet, lines: &[YearLine]) -> Option<Head> {
    let unit = unit_of(set)?;
    let known: Vec<&YearLine> = lines.iter().filter(|line| line.whole().is_some()).collect();
    let last = known.last().copied();
    let made = last.filter(|_| known.len() * 2 >= lines.len());
    let name = &look.book.name;
    let title = match (made, set_total(set)) {
        (Some(line), _) => made_sentence(look, set, unit, line),
        (None, Some(total)) => {
            let amount = with_particle(&counted_text(set.measure, total), "을/를");
            let years = i32::from(set.last_year.0) - i32::from(set.first_year.0) + 1;
            let subject = with_particle(name, "은/는");
            Sentence {
                before: format!("{subject} {years}년 동안 {amount} 약속했습니다"), ..Sentence::default()
            }
        }
        (None, None) => Sentence {
            before: format!("{} ‘{}’ 약속했습니다", with_particle(name, "은/는"), with_particle(&set.name, "을/를")),
            ..Sentence::default()
        },
    };
    let span = years_text(set.first_year, set.last_year);
    let eyebrow = match made {
        Some(line) => format!("{}년 · {}", line.year, set.name),
        None => format!("{span} 계획 · {}", set.name),
    };
    let figure = last.and_then(|line| headline(look, set, line, made.is_some()));
    let shown = last.or_else(|| lines.iter().find(|line| line.target.is_some()));
    Some((eyebrow, title, figure, shown.map(|line| picture(set, unit, line))))
}

/// `광진구는 2025년에 일자리 6,570개를 만들었습니다`
fn made_sentence(look: &Look, set: &TargetSet, unit: Unit, line: &YearLine) -> Sentence {
    let thing = if unit == Unit::Jobs { "일자리 " } else { "" };
    let value = line.whole().unwrap_or(0);
    Sentence {
        before: format!("{} {}년에 {thing}", with_particle(&look.book.name, "은/는"), line.year),
        number: Some(Number::total(&look.book.code, &set.node, line.year, unit, value).of_fields(&set.fields)),
        after: format!("{} 만들었습니다", with_particle(counter(unit), "을/를")),
    }
}

fn headline(look: &Look, set: &TargetSet, line: &YearLine, made: bool) -> Option<Headline> {
    let (actual, target) = (line.whole()?, line.target?);
    let unit = unit_of(set)?;
    let word = counter(unit);
    let said = if made {
        against_target(actual, target, word)
    } else {
        format!("{}년, 목표 {}{word}에 실적 {}{word}", line.year, grouped(target), grouped(actual))
    };
    Some(Headline {
        figure: line.rate()?.percent_text(),
        unit: "%".to_owned(),
        said,
        href: Number::total(&look.book.code, &set.node, line.year, unit, actual).href,
    })
}

fn picture(set: &TargetSet, unit: Unit, line: &YearLine) -> Picture {
    let svg = gauge(&Gauge {
        id: "gauge",
        what: &format!("{}년 {}", line.year, set.name),
        unit: counter(unit),
        target: line.target,
        actual: line.actual.map(Split::total),
        actual_word: "",
        unknown_word: line.word,
        legend: true,
    });
    let as_of = match line.until {
        Some(month) => format!("{}월까지", month.of_year()),
        None if line.actual.is_some() => format!("{}년 12월 31일 기준", line.year),
        None => line.word.to_owned(),
    };
    Picture {
        caption: format!("{}년 목표와 실적", line.year), note: format!("단위: {} · {as_of}", counter(unit)), svg
    }
}
