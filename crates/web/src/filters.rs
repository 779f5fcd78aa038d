//! Korean in templates: numbers, dates, particles.
//!
//! Write `use iljari_web::filters;` beside a page struct and its template has them:
//! `{{ count|grouped }}`, `{{ name|josa("은/는") }}`, `{{ day|ymd }}`.
//! Owns: nothing but the wording of values. What a newcomer gets wrong: gluing 은(는) by hand.

// The attribute turns each function into a type whose fields carry no documentation.
#![expect(missing_docs, reason = "written by the filter_fn attribute")]

use std::fmt::Display;

use askama::{Result, Values};
use iljari_base::korean::with_particle;
use iljari_base::{Date, Rate, Timestamp};

/// `6570` → `6,570`. Takes anything that is written as a whole number.
#[askama::filter_fn]
pub fn grouped(number: impl Display, _: &dyn Values) -> Result<String> {
    let text = number.to_string();
    Ok(text.parse::<i64>().map_or(text, iljari_base::quantity::grouped))
}

/// `6570` → `+6,570`, `-5` → `−5` with a real minus sign: a difference.
#[askama::filter_fn]
pub fn signed(number: impl Display, _: &dyn Values) -> Result<String> {
    let text = number.to_string();
    Ok(text.parse::<i64>().map_or(text, crate::filters::signed_text))
}

/// The word with its particle: `광진구|josa("은/는")` → `광진구는`.
#[askama::filter_fn]
pub fn josa(word: impl Display, _: &dyn Values, pair: &str) -> Result<String> {
    Ok(with_particle(&word.to_string(), pair))
}

/// A day as people read it: `2026년 12월 4일(금)`.
#[askama::filter_fn]
pub fn ymd(day: &Date, _: &dyn Values) -> Result<String> {
    Ok(day.korean())
}

/// An instant as people read it, in Seoul: `2026년 11월 5일(목) 14:03`.
#[askama::filter_fn]
pub fn at_time(instant: &Timestamp, _: &dyn Values) -> Result<String> {
    Ok(instant.korean())
}

/// The day of an instant, in Seoul.
#[askama::filter_fn]
pub fn on_day(instant: &Timestamp, _: &dyn Values) -> Result<String> {
    Ok(instant.seoul_date().korean())
}

/// A rate, or a dash where there is none: `109.5 %`, `–`.
#[askama::filter_fn]
pub fn percent(rate: &Option<Rate>, _: &dyn Values) -> Result<String> {
    Ok(rate.map_or_else(|| "–".to_owned(), |rate| rate.to_string()))
}

/// A difference with its sign.
pub(crate) fn signed_text(number: i64) -> String {
    let digits = iljari_base::quantity::grouped(number);
    match number {
        1.. => format!("+{digits}"),
        0 => "0".to_owned(),
        _ => digits.replacen('-', "−", 1),
    }
}
