//! What a fact can be (사실의 값), and what is known of it.

use std::collections::BTreeSet;
use std::fmt;

use iljari_base::Date;
use iljari_base::korean::{read_number, read_won};

use crate::num::Num;

/// The kind of a fact (사실의 종류).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// 수.
    Number,
    /// 원.
    Won,
    /// 날짜.
    Date,
    /// 예아니오.
    Yes,
    /// 하나: one of these words.
    One(Vec<String>),
    /// 여럿: any of these words, none of them included.
    Any(Vec<String>),
}

impl Kind {
    /// The word in a rule file.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Number => "수",
            Kind::Won => "원",
            Kind::Date => "날짜",
            Kind::Yes => "예아니오",
            Kind::One(_) => "하나",
            Kind::Any(_) => "여럿",
        }
    }

    /// Whether a value is of this kind.
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Number | Kind::Won, Value::Number(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::Yes, Value::Yes(_)) => true,
            (Kind::One(words), Value::Word(word)) => words.contains(word),
            (Kind::Any(words), Value::Words(chosen)) => chosen.iter().all(|word| words.contains(word)),
            _ => false,
        }
    }

    /// Reads what a person wrote for a fact of this kind, or says what was expected.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let choice = |words: &[String], word: &str| {
            if words.iter().any(|known| known == word) {
                Ok(word.to_owned())
            } else {
                Err(format!("{} 가운데 하나여야 합니다. '{word}'는 없는 말입니다", words.join(", ")))
            }
        };
        match self {
            Kind::Number => match read_number(text) {
                Ok(read) if !read.about => Ok(Value::Number(Num::whole(read.value))),
                Ok(_) => Err("어림수가 아니라 정확한 수를 적어 주세요".to_owned()),
                Err(fault) => Err(format!("수를 적어 주세요({fault})")),
            },
            Kind::Won => match read_won(text) {
                Ok(read) if !read.about => Ok(Value::Number(Num::whole(read.value))),
                Ok(_) => Err("어림한 금액이 아니라 정확한 금액을 적어 주세요".to_owned()),
                Err(fault) => Err(format!("금액을 적어 주세요({fault})")),
            },
            Kind::Date => {
                text.parse::<Date>().map(Value::Date).map_err(|_| "날짜를 2026-01-09처럼 적어 주세요".to_owned())
            }
            Kind::Yes => match text {
                "예" => Ok(Value::Yes(true)),
                "아니오" => Ok(Value::Yes(false)),
                _ => Err("예 또는 아니오로 적어 주세요".to_owned()),
            },
            Kind::One(words) => choice(words, text).map(Value::Word),
            Kind::Any(words) => {
                if text == "없음" || text.is_empty() {
                    return Ok(Value::Words(BTreeSet::new()));
                }
                let each = text.split([',', '·', ';']).map(str::trim).filter(|word| !word.is_empty());
                each.map(|word| choice(words, word)).collect::<Result<_, _>>().map(Value::Words)
            }
        }
    }
}

/// A known value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number or an amount of won.
    Number(Num),
    /// A day.
    Date(Date),
    /// Yes or no.
    Yes(bool),
    /// One word of several.
    Word(String),
    /// Any words of several.
    Words(BTreeSet<String>),
}

impl Value {
    /// As people read it, a number with what it is counted in.
    pub fn in_unit(&self, unit: &str) -> String {
        match self {
            Value::Number(number) if unit == "%" => format!("{number} %"),
            Value::Number(number) => format!("{number}{unit}"),
            other => other.text(false),
        }
    }

    /// As people read it; `won` says that a number is money.
    pub fn text(&self, won: bool) -> String {
        match self {
            Value::Number(number) if won => format!("{number}원"),
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Yes(true) => "예".to_owned(),
            Value::Yes(false) => "아니오".to_owned(),
            Value::Word(word) => word.clone(),
            Value::Words(words) if words.is_empty() => "없음".to_owned(),
            Value::Words(words) => words.iter().cloned().collect::<Vec<_>>().join(", "),
        }
    }
}

/// The three values of a clause (세 값 판정): strong Kleene logic. What is not known makes a clause
/// unknown unless the rest of it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// 충족.
    Met,
    /// 미충족.
    NotMet,
    /// 아직 모름.
    Unknown,
}

impl Truth {
    /// From a decided answer.
    pub fn of(met: bool) -> Self {
        if met { Truth::Met } else { Truth::NotMet }
    }

    /// All of them must hold.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Truth::NotMet, _) | (_, Truth::NotMet) => Truth::NotMet,
            (Truth::Met, Truth::Met) => Truth::Met,
            _ => Truth::Unknown,
        }
    }

    /// One of them must hold.
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// The opposite; what is not known stays so.
    #[expect(clippy::should_implement_trait, reason = "three-valued negation reads as a method beside and, or")]
    pub fn not(self) -> Self {
        match self {
            Truth::Met => Truth::NotMet,
            Truth::NotMet => Truth::Met,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Truth::Met => "충족",
            Truth::NotMet => "미충족",
            Truth::Unknown => "아직 모름",
        })
    }
}
