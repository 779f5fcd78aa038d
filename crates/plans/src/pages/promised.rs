//! A number of the plan on a page: written as the plan writes it, and readable by a program.
//!
//! Owns: the attributes of its `<data>`. Does not own: the number. What a newcomer gets wrong: plain
//! text for a target. Whoever compares the pages with the plan files would not see it.
//!
//! | attribute | meaning |
//! | --- | --- |
//! | `value` | the number, ungrouped; a rate with its point; money in won |
//! | `data-set` | which target set |
//! | `data-budget` | 계획 or 집행, for money |
//! | `data-fund` | 국비, 시비, 구비, 민자 or 계, for money |
//! | `data-node`, `data-year` | whose, and of which year |
//! | `data-layer` | 종합계획, 연차계획, 쓰는 값 (the one that counts), 합계 (over all years of the set) |

use std::fmt;

use iljari_base::markup::escaped;
use iljari_base::quantity::grouped;
use iljari_base::{Won, Year};
use iljari_disclosure::plan::{Amount, Figure, ROOT, TargetSet};

use super::words::money;

/// Which of the plan's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The term plan's.
    Term,
    /// The yearly plan's.
    Yearly,
    /// The one that counts.
    InForce,
}

impl Layer {
    /// The word in `data-layer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Term => "종합계획",
            Layer::Yearly => "연차계획",
            Layer::InForce => "쓰는 값",
        }
    }
}

/// A number of the plan, or the words that stand for one. Written into a page as `<data>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promised {
    text: String,
    value: String,
    attributes: Vec<(&'static str, String)>,
}

impl Promised {
    /// Words in place of a number.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A target with its counter: `6,000개`.
    pub fn target(figure: &Figure, set: &str, node: &str, year: Year, layer: Layer) -> Self {
        Self::of_set(figure.text(), figure, set, node, year, layer)
    }

    /// The same without the counter, for a column that says its unit.
    pub fn bare(figure: &Figure, set: &str, node: &str, year: Year, layer: Layer) -> Self {
        Self::of_set(figure.amount.to_string(), figure, set, node, year, layer)
    }

    fn of_set(text: String, figure: &Figure, set: &str, node: &str, year: Year, layer: Layer) -> Self {
        let value = match figure.amount {
            Amount::Count(number) => number.to_string(),
            Amount::Percent(percent) => percent.to_string().trim_end_matches(['%', ' ']).to_owned(),
            Amount::Won(won) => won.0.to_string(),
        };
        let attributes = vec![
            ("data-set", set.to_owned()),
            ("data-node", node.to_owned()),
            ("data-year", year.to_string()),
            ("data-layer", layer.as_str().to_owned()),
        ];
        Self { text, value, attributes }
    }

    /// What a set promises over all its years, without the counter.
    pub fn total(set: &TargetSet, total: i64) -> Self {
        let attributes =
            vec![("data-set", set.id.clone()), ("data-node", set.node.clone()), ("data-layer", "합계".to_owned())];
        Self { text: grouped(total), value: total.to_string(), attributes }
    }

    /// A year's money of a node.
    pub fn money(won: Won, node: &str, year: Year, budget: &str, fund: &str) -> Self {
        let attributes = vec![
            ("data-budget", budget.to_owned()),
            ("data-fund", fund.to_owned()),
            ("data-node", if node.is_empty() { ROOT.to_owned() } else { node.to_owned() }),
            ("data-year", year.to_string()),
        ];
        Self { text: money(won), value: won.0.to_string(), attributes }
    }

    /// The same with a word behind it: `개`.
    pub fn counted(mut self, counter: &str) -> Self {
        self.text.push_str(counter);
        self
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// As people read it, without mark-up.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Promised {
    fn from(text: &str) -> Self {
        Self::words(text)
    }
}

impl fmt::Display for Promised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_empty() {
            return f.write_str(&escaped(&self.text));
        }
        write!(f, "<data value=\"{}\"", escaped(&self.value))?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", escaped(value))?;
        }
        write!(f, ">{}</data>", escaped(&self.text))
    }
}

// Everything inside is escaped above.
impl askama::filters::HtmlSafe for Promised {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words_and_nothing_leaves_its_place() {
        assert_eq!(Promised::words("자료 <없음>").to_string(), "자료 &lt;없음&gt;");
        let money = Promised::money(Won(3_000_000), "a\"b", Year(2025), "계획", "국비");
        assert_eq!(
            money.to_string(),
            "<data value=\"3000000\" data-budget=\"계획\" data-fund=\"국비\" data-node=\"a&quot;b\" data-year=\"2025\">3백만 원</data>"
        );
        assert!(Promised::default().is_empty());
    }
}
