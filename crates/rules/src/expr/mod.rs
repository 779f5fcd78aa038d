//! Conditions as officers write them (조건식): the part of FEEL (OMG DMN 1.5) that eligibility needs.
//!
//! Owns: the tree of an expression, its letters and its grammar. Does not own: whether the names in
//! it exist (`check`) or what it comes to (`eval`). What a newcomer gets wrong: `=` compares, there
//! is no `==`. Beyond FEEL there is one thing: `4억9900만원` is a number.

mod lex;
mod parse;

pub use parse::{parse_condition, parse_test};

/// Where something stands in an expression, in characters from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// First character.
    pub from: usize,
    /// Behind the last.
    pub to: usize,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: At,
    /// What was found there.
    pub found: String,
    /// What was expected, in Korean.
    pub ko: String,
    /// What was expected, in English.
    pub en: String,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Arithmetic that stays exact; there is no division.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub at: At,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `18`, `0.85`, `4억9900만원`
    Number(crate::num::Num),
    /// `"받음"`
    Text(String),
    /// `true`, `false`
    Truth(bool),
    /// `date("2026-01-09")`
    Date(iljari_base::Date),
    /// A fact, by its name.
    Name(String),
    /// `만나이(생년월일, 사업시작일)`, `기준중위소득(가구원수)`
    Call(String, Vec<Expr>),
    /// `a + b`
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `a <= b`
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `a in (…)`, `a in [1..4]`
    In(Box<Expr>, Vec<Test>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `not(a)`
    Not(Box<Expr>),
}

/// A unary test: what stands in a cell of a table or behind `in`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `-`: anything.
    Anything,
    /// `<= 18`, and a bare value as `= value`.
    Compare(Compare, Expr),
    /// `[0..100)`; each end with whether it is included.
    Between {
        /// The lower end.
        low: Expr,
        /// Whether the lower end belongs to it.
        low_included: bool,
        /// The upper end.
        high: Expr,
        /// Whether the upper end belongs to it.
        high_included: bool,
    },
}
