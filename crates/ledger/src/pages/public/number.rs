//! A number of the ledger on a page: written, machine-readable, and leading to its entries.
//!
//! Owns: the attributes of `<data>`. Does not own: the number. What a newcomer gets wrong: writing
//! a counted number as plain text. Whoever compares the pages with the ledger would not see it.
//!
//! | attribute | meaning |
//! | --- | --- |
//! | `value` | the number, ungrouped |
//! | `data-node`, `data-unit` | which node and unit |
//! | `data-year` | the year, or `2023..2025` for a sum over years |
//! | `data-field` | the 부문 it is limited to, joined by `,`; absent: all |
//! | `data-part` | 기록, 집계 or 보도; absent: all three |
//! | `data-through` | only periods that end in or before this month, `202209` |
//! | `data-period` | only this very period, `202201..202209`, of the node's tree |
//! | `data-within` | only periods inside this one, `202510..202512` |
//! | `data-leaf` | this one entry's own amount |
//! | `data-stands` | 앞 or 뒤: what the entry that this correction answers stood at before or after it |
//! | `data-disclosure` | as that disclosure froze it, not as it stands now |

use std::fmt::{self, Write as _};

use iljari_base::markup::escaped;
use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Month, Period, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::{Field, Unit};
use iljari_plans::pages::promised::Promised;
use iljari_plans::pages::words::{node_href, node_year_href};

/// One number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// The number.
    pub value: i64,
    /// The page that opens it.
    pub href: String,
    /// Said behind the number by the page, not by the macro: `개`.
    pub counter: &'static str,
    pub(crate) node: String,
    pub(crate) year: String,
    pub(crate) unit: String,
    pub(crate) field: String,
    pub(crate) part: String,
    pub(crate) through: String,
    pub(crate) period: String,
    pub(crate) within: String,
    pub(crate) leaf: String,
    pub(crate) disclosure: String,
    pub(crate) stands: &'static str,
}

fn period_text(period: Period) -> String {
    format!("{}..{}", period.first().number(), period.last().number())
}

/// `개` for jobs, `명` for people, `건` for cases.
pub fn counter(unit: Unit) -> &'static str {
    iljari_disclosure::plan::Measure::Count(unit).counter()
}

impl Number {
    /// A node's total of a year.
    pub fn total(code: &DistrictCode, node: &str, year: Year, unit: Unit, value: i64) -> Self {
        Self {
            value,
            href: node_year_href(code, node, year),
            counter: counter(unit),
            node: node.to_owned(),
            year: year.to_string(),
            unit: unit.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// A node's total over several years. It opens at the node.
    pub fn over_years(code: &DistrictCode, node: &str, years: (Year, Year), unit: Unit, value: i64) -> Self {
        let total = Self::total(code, node, years.0, unit, value);
        if years.0 == years.1 {
            return total;
        }
        Self { href: node_href(code, node), year: format!("{}..{}", years.0, years.1), ..total }
    }

    /// The same, limited to these fields; empty means all.
    pub fn of_fields(self, fields: &[Field]) -> Self {
        let words: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        Self { field: words.join(","), ..self }
    }

    /// The same, only the part from this source.
    pub fn of_part(self, part: Source) -> Self {
        Self { part: part.korean().to_owned(), ..self }
    }

    /// The same, only what ends in or before a month.
    pub fn through(self, month: Month) -> Self {
        Self { through: month.number().to_string(), ..self }
    }

    /// The same, only one period.
    pub fn of_period(self, period: Period) -> Self {
        Self { period: period_text(period), ..self }
    }

    /// The same, only what lies inside a period.
    pub fn within(self, period: Period) -> Self {
        Self { within: period_text(period), ..self }
    }

    /// The same, only one entry.
    pub fn of_leaf(self, leaf_id: &str) -> Self {
        Self { leaf: leaf_id.to_owned(), ..self }
    }

    /// The same, as a disclosure froze it.
    pub fn as_disclosed(self, no: i64) -> Self {
        Self { disclosure: no.to_string(), ..self }
    }

    /// What the answered entry stood at before this correction, or after it.
    pub fn stands(self, correction: &str, after: bool) -> Self {
        Self { stands: if after { "뒤" } else { "앞" }, ..self.of_leaf(correction) }
    }

    /// The optional attributes, in a fixed order: name and value.
    pub fn attributes(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("data-field", self.field.as_str()),
            ("data-part", &self.part),
            ("data-through", &self.through),
            ("data-period", &self.period),
            ("data-within", &self.within),
            ("data-leaf", &self.leaf),
            ("data-stands", self.stands),
            ("data-disclosure", &self.disclosure),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A sentence with numbers in it, each as its own `<data>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// A sentence that begins with these words.
    pub fn new(words: &str) -> Self {
        Self::default().words(words)
    }

    /// The same with more words.
    pub fn words(mut self, words: &str) -> Self {
        self.0.push_str(&escaped(words));
        self
    }

    /// The same with a number of the ledger.
    pub fn number(mut self, number: &Number) -> Self {
        // Writing into a String cannot fail.
        let _ = write!(
            self.0,
            "<data value=\"{}\" data-node=\"{}\" data-year=\"{}\" data-unit=\"{}\"",
            number.value,
            escaped(&number.node),
            number.year,
            number.unit
        );
        for (name, value) in number.attributes() {
            let _ = write!(self.0, " {name}=\"{}\"", escaped(value));
        }
        let _ = write!(self.0, ">{}</data>", grouped(number.value));
        self
    }

    /// The same with a number of the plan.
    pub fn promised(mut self, promised: &Promised) -> Self {
        let _ = write!(self.0, "{promised}");
        self
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Words are escaped when they enter, and the numbers bring their own mark-up.
impl askama::filters::HtmlSafe for Said {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_numbers_apart_and_its_words_harmless() {
        let code: DistrictCode = "99001".parse().expect("a code");
        let number = Number::total(&code, "1-1", Year(2026), Unit::Jobs, 1260).stands("ab", true);
        let said = Said::new("<b>").number(&number).words("개");
        assert_eq!(
            said.to_string(),
            "&lt;b&gt;<data value=\"1260\" data-node=\"1-1\" data-year=\"2026\" data-unit=\"일자리 수\" \
             data-leaf=\"ab\" data-stands=\"뒤\">1,260</data>개"
        );
    }
}
