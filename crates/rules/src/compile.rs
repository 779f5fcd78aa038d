//! Names to places and kinds to kinds (조건의 번역): an expression becomes a term that cannot be wrong.
//!
//! Owns: which functions there are, and refusing what compares a date with money. Does not own: the
//! values. The same terms are behind the reasons of one person and the masks of a whole district.

use std::collections::BTreeSet;

use iljari_authored::closest;
use iljari_base::korean::with_particle;

use crate::expr::{Arithmetic, At, Compare, Expr, Node, Test};
use crate::model::{Fact, Reference};
use crate::num::Num;
use crate::value::{Kind, Value};

/// The day as of which is judged, as conditions name it.
pub const AS_OF: &str = "기준일";

/// The functions of conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `만나이(생년월일, 날)`: completed years; somebody born on 29 February turns a year older on
    /// 1 March of an ordinary year (민법 제160조: the day that is not there is passed over).
    Age,
    /// `연나이(생년월일, 날)`: the difference of the calendar years.
    YearAge,
    /// `개월(처음, 끝)`: completed months.
    Months,
    /// `반올림(수)`: to whole numbers, halves away from zero.
    Round,
    /// `개수(여럿)`: how many words.
    Count,
    /// `백분율(수, 전체)`: how many whole per cent, rounded up, so that `<= 30` means 30 % at most to the won.
    Percent,
}

impl Function {
    const ALL: [(&'static str, Function); 6] = [
        ("만나이", Function::Age),
        ("연나이", Function::YearAge),
        ("개월", Function::Months),
        ("반올림", Function::Round),
        ("개수", Function::Count),
        ("백분율", Function::Percent),
    ];

    /// The name in conditions.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}

/// A resolved expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A constant.
    Constant(Value),
    /// The day as of which is judged.
    AsOf,
    /// A fact by its place.
    Fact(usize),
    /// A reference value by its place, with its key where it is a table.
    Reference(usize, Option<Box<Term>>),
    /// A function.
    Call(Function, Vec<Term>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    /// A comparison.
    Compare(Compare, Box<Term>, Box<Term>),
    /// One of several tests.
    In(Box<Term>, Vec<CompiledTest>),
    /// All.
    And(Vec<Term>),
    /// Any.
    Or(Vec<Term>),
    /// The opposite.
    Not(Box<Term>),
}

/// A resolved unary test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompiledTest {
    /// Anything.
    Anything,
    /// Compared with a term.
    Compare(Compare, Term),
    /// Between two terms, each end with whether it is included.
    Between {
        /// The lower end.
        low: Term,
        /// Whether it belongs to it.
        low_included: bool,
        /// The upper end.
        high: Term,
        /// Whether it belongs to it.
        high_included: bool,
    },
}

/// What a term comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A number or money.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    Yes,
    /// One word.
    Word,
    /// Any words.
    Words,
}

impl Type {
    fn korean(self) -> &'static str {
        match self {
            Type::Number => "수",
            Type::Date => "날짜",
            Type::Yes => "예아니오",
            Type::Word => "말",
            Type::Words => "여러 말",
        }
    }
}

/// Why an expression does not become a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A name that is neither fact nor reference value nor function; the nearest known one.
    Name {
        /// Where.
        at: At,
        /// The name.
        name: String,
        /// The nearest known one.
        near: Option<String>,
    },
    /// Two kinds that cannot stand together.
    Types {
        /// Where.
        at: At,
        /// What is the matter, in Korean.
        ko: String,
    },
}

/// What names an expression may use.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    /// Facts.
    pub facts: &'n [Fact],
    /// Reference values.
    pub references: &'n [Reference],
}

impl Names<'_> {
    /// A condition.
    pub fn condition(self, expr: &Expr) -> Result<Term, Wrong> {
        let (term, of) = self.term(expr)?;
        match of {
            Type::Yes => Ok(term),
            other => Err(types(expr.at, format!("조건은 예나 아니오가 되어야 하는데 {}입니다", other.korean()))),
        }
    }

    /// A term with its type.
    pub fn term(self, expr: &Expr) -> Result<(Term, Type), Wrong> {
        match &expr.node {
            Node::Number(number) => Ok((Term::Constant(Value::Number(*number)), Type::Number)),
            Node::Text(text) => Ok((Term::Constant(Value::Word(text.clone())), Type::Word)),
            Node::Truth(truth) => Ok((Term::Constant(Value::Yes(*truth)), Type::Yes)),
            Node::Date(date) => Ok((Term::Constant(Value::Date(*date)), Type::Date)),
            Node::Name(name) => self.name(name, expr.at),
            Node::Call(name, arguments) => self.call(name, arguments, expr.at),
            Node::Arithmetic(how, left, right) => {
                let (one, two) = (self.number(left)?, self.number(right)?);
                Ok((Term::Arithmetic(*how, Box::new(one), Box::new(two)), Type::Number))
            }
            Node::Compare(compare, left, right) => {
                let (one, of) = self.term(left)?;
                let two = self.comparable(*compare, of, &one, right)?;
                Ok((Term::Compare(*compare, Box::new(one), Box::new(two)), Type::Yes))
            }
            Node::In(left, tests) => {
                let (one, of) = self.term(left)?;
                let tests = tests.iter().map(|test| self.test(test, of, &one)).collect::<Result<_, _>>()?;
                Ok((Term::In(Box::new(one), tests), Type::Yes))
            }
            Node::And(parts) => Ok((Term::And(self.conditions(parts)?), Type::Yes)),
            Node::Or(parts) => Ok((Term::Or(self.conditions(parts)?), Type::Yes)),
            Node::Not(inner) => Ok((Term::Not(Box::new(self.condition(inner)?)), Type::Yes)),
        }
    }

    /// A unary test on a subject of that type.
    pub fn test(self, test: &Test, of: Type, subject: &Term) -> Result<CompiledTest, Wrong> {
        match test {
            Test::Anything => Ok(CompiledTest::Anything),
            Test::Compare(compare, right) => {
                Ok(CompiledTest::Compare(*compare, self.comparable(*compare, of, subject, right)?))
            }
            Test::Between { low, low_included, high, high_included } => Ok(CompiledTest::Between {
                low: self.comparable(Compare::AtLeast, of, subject, low)?,
                low_included: *low_included,
                high: self.comparable(Compare::AtMost, of, subject, high)?,
                high_included: *high_included,
            }),
        }
    }

    fn conditions(self, parts: &[Expr]) -> Result<Vec<Term>, Wrong> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn number(self, expr: &Expr) -> Result<Term, Wrong> {
        match self.term(expr)? {
            (term, Type::Number) => Ok(term),
            (_, other) => {
                Err(types(expr.at, format!("수가 올 자리에 {} 있습니다", with_particle(other.korean(), "이/가"))))
            }
        }
    }

    /// The right side of a comparison: of the left side's type, and a word the left side can be.
    fn comparable(self, compare: Compare, of: Type, left: &Term, right: &Expr) -> Result<Term, Wrong> {
        let (term, found) = self.term(right)?;
        let ordered = !matches!(compare, Compare::Equal | Compare::Unequal);
        if ordered && !matches!(of, Type::Number | Type::Date) {
            return Err(types(
                right.at,
                format!("{} 크고 작음을 견줄 수 없습니다", with_particle(of.korean(), "은/는")),
            ));
        }
        // A fact that is any of several words is compared with one word: whether it is among them.
        let fits = found == of || (of == Type::Words && found == Type::Word);
        if !fits {
            return Err(types(
                right.at,
                format!(
                    "{} {} 견줄 수 없습니다",
                    with_particle(of.korean(), "과/와"),
                    with_particle(found.korean(), "을/를")
                ),
            ));
        }
        if let (Term::Fact(place), Term::Constant(Value::Word(word))) = (left, &term)
            && let Some(Kind::One(words) | Kind::Any(words)) = self.facts.get(*place).map(|fact| &fact.kind)
            && !words.contains(word)
        {
            return Err(types(
                right.at,
                format!(
                    "{} 이 사실의 말이 아닙니다({})",
                    with_particle(&format!("'{word}'"), "은/는"),
                    words.join(", ")
                ),
            ));
        }
        Ok(term)
    }

    fn name(self, name: &str, at: At) -> Result<(Term, Type), Wrong> {
        if name == AS_OF {
            return Ok((Term::AsOf, Type::Date));
        }
        if let Some(place) = self.facts.iter().position(|fact| fact.name == name) {
            let of = match self.facts.get(place).map(|fact| &fact.kind) {
                Some(Kind::Date) => Type::Date,
                Some(Kind::Yes) => Type::Yes,
                Some(Kind::One(_)) => Type::Word,
                Some(Kind::Any(_)) => Type::Words,
                _ => Type::Number,
            };
            return Ok((Term::Fact(place), of));
        }
        if let Some(place) = self.references.iter().position(|reference| reference.name == name) {
            if self.references.get(place).is_some_and(|reference| reference.by_number) {
                return Err(types(
                    at,
                    format!(
                        "{} 표입니다. '{name}(가구원수)'처럼 적어 주세요",
                        with_particle(&format!("'{name}'"), "은/는")
                    ),
                ));
            }
            return Ok((Term::Reference(place, None), Type::Number));
        }
        Err(self.unknown(name, at))
    }

    fn call(self, name: &str, arguments: &[Expr], at: At) -> Result<(Term, Type), Wrong> {
        if let Some(place) = self.references.iter().position(|reference| reference.name == name) {
            let is_table = self.references.get(place).is_some_and(|reference| reference.by_number);
            return match (arguments, is_table) {
                ([key], true) => Ok((Term::Reference(place, Some(Box::new(self.number(key)?))), Type::Number)),
                _ => Err(types(
                    at,
                    format!("{} 괄호 안에 수 하나를 받는 표여야 합니다", with_particle(&format!("'{name}'"), "은/는")),
                )),
            };
        }
        let Some((_, function)) = Function::ALL.iter().find(|(known, _)| *known == name) else {
            return Err(self.unknown(name, at));
        };
        let read: Vec<(Term, Type)> = arguments.iter().map(|expr| self.term(expr)).collect::<Result<_, _>>()?;
        let found: Vec<Type> = read.iter().map(|(_, of)| *of).collect();
        let wanted: &[Type] = match function {
            Function::Age | Function::YearAge | Function::Months => &[Type::Date, Type::Date],
            Function::Round => &[Type::Number],
            Function::Count => &[Type::Words],
            Function::Percent => &[Type::Number, Type::Number],
        };
        if found != wanted {
            let list = |types: &[Type]| types.iter().map(|of| of.korean()).collect::<Vec<_>>().join(", ");
            return Err(types(at, format!("{name}({})로 적어야 하는데 ({})입니다", list(wanted), list(&found))));
        }
        Ok((Term::Call(*function, read.into_iter().map(|(term, _)| term).collect()), Type::Number))
    }

    fn unknown(self, name: &str, at: At) -> Wrong {
        let mut known: Vec<&str> = vec![AS_OF];
        known.extend(self.facts.iter().map(|fact| fact.name.as_str()));
        known.extend(self.references.iter().map(|reference| reference.name.as_str()));
        known.extend(Function::ALL.iter().map(|(name, _)| *name));
        Wrong::Name { at, name: name.to_owned(), near: closest(name, &known).map(str::to_owned) }
    }
}

fn types(at: At, ko: String) -> Wrong {
    Wrong::Types { at, ko }
}

impl Term {
    /// Every fact in it.
    pub fn facts(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.walk(&mut |term| {
            if let Term::Fact(place) = term {
                found.insert(*place);
            }
        });
        found
    }

    /// Every part of it, itself first.
    pub fn walk(&self, visit: &mut dyn FnMut(&Term)) {
        visit(self);
        match self {
            Term::Constant(_) | Term::AsOf | Term::Fact(_) | Term::Reference(_, None) => {}
            Term::Reference(_, Some(key)) | Term::Not(key) => key.walk(visit),
            Term::Call(_, parts) | Term::And(parts) | Term::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Term::Arithmetic(_, one, two) | Term::Compare(_, one, two) => {
                one.walk(visit);
                two.walk(visit);
            }
            Term::In(subject, tests) => {
                subject.walk(visit);
                for test in tests {
                    match test {
                        CompiledTest::Anything => {}
                        CompiledTest::Compare(_, right) => right.walk(visit),
                        CompiledTest::Between { low, high, .. } => {
                            low.walk(visit);
                            high.walk(visit);
                        }
                    }
                }
            }
        }
    }

    /// The constant number, where it is one.
    pub fn as_number(&self) -> Option<Num> {
        match self {
            Term::Constant(Value::Number(number)) => Some(*number),
            // A negative constant is written as a difference from nothing.
            Term::Arithmetic(Arithmetic::Sub, one, two) => one.as_number()?.minus(two.as_number()?),
            _ => None,
        }
    }
}
