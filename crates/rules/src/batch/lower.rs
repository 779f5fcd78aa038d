//! From conditions to tests on columns (조건을 열의 검사로): each distinct test once, for all programs.
//!
//! Owns: which conditions have a form in columns, and that equal tests are one. Does not own: values
//! of people. What a newcomer gets wrong: lowering what is nearly the same. A term either has exactly
//! its meaning here or is left to `eval`.

use iljari_base::Date;

use super::Facts;
use super::people::{days, place};
use crate::compile::{CompiledTest, Term};
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::model::RuleSet;
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

/// A node and whether its opposite is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lit {
    pub(super) node: usize,
    pub(super) negated: bool,
}

impl Lit {
    fn of(node: usize) -> Self {
        Self { node, negated: false }
    }

    fn not_if(self, negated: bool) -> Self {
        Self { negated: self.negated != negated, ..self }
    }
}

/// A test on one fact or two. Where a fact in it is not known, neither is the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// The number is in one of these ranges, ends included.
    Ranges { slot: usize, ranges: Vec<(i64, i64)> },
    /// One of these bits is set.
    Bits { slot: usize, mask: i64 },
    /// Two facts: equal, less, or at most.
    Pair { how: Compare, left: usize, right: usize },
    /// A number held against a term of one other fact: equal, less, or at most.
    Against { how: Compare, left: usize, key: usize },
    /// Any term of one fact.
    OfOne { slot: usize },
    /// Anything else.
    Term,
}

/// The term that a test was made from, by which `eval` can always answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin<'r> {
    pub(super) set: usize,
    pub(super) term: &'r Term,
    /// Whether the test says the opposite of the term.
    pub(super) negated: bool,
    /// The other side, for [`Test::Against`].
    pub(super) other: Option<&'r Term>,
}

/// What a clause comes down to. Parts stand before what is made of them.
#[derive(Debug, Clone)]
pub(super) enum Node<'r> {
    /// Holds for everybody.
    Certain,
    /// Is known of nobody, for want of a reference value.
    Unknown,
    Test(Test, Origin<'r>),
    All(Vec<Lit>),
}

/// The clauses of several programs for one day, each distinct test once (판정 계획).
#[derive(Debug, Clone)]
pub struct Plan<'r> {
    pub(super) sets: Vec<&'r RuleSet>,
    pub(super) facts: Facts,
    pub(super) as_of: Date,
    pub(super) nodes: Vec<Node<'r>>,
    /// For each program and clause: kept.
    pub(super) programs: Vec<Vec<Lit>>,
}

impl<'r> Plan<'r> {
    /// Plans the clauses of these sets as of a day.
    pub fn of(sets: &[&'r RuleSet], as_of: Date) -> Self {
        let mut plan = Self {
            facts: Facts::of(sets),
            sets: sets.to_vec(),
            as_of,
            nodes: vec![Node::Certain],
            programs: Vec::with_capacity(sets.len()),
        };
        for (set, rules) in sets.iter().enumerate() {
            let kept = |clause: &'r crate::model::Clause| {
                // A lifted ban is kept by everybody, as `eval::clause_truth` says.
                if !clause.applies_on(as_of) {
                    return Lit::of(0);
                }
                let holds = plan.condition(set, rules, &clause.condition);
                holds.not_if(clause.is_exclusion)
            };
            let clauses = rules.clauses.iter().map(kept).collect();
            plan.programs.push(clauses);
        }
        plan
    }

    /// The facts that the programs share.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The day as of which is judged.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// How many distinct tests there are, and how many of them have a form in columns.
    pub fn tests(&self) -> (usize, usize) {
        let tests = self.nodes.iter().filter_map(|node| match node {
            Node::Test(test, _) => Some(usize::from(*test != Test::Term)),
            _ => None,
        });
        tests.fold((0, 0), |(all, columns), column| (all + 1, columns + column))
    }

    fn slot(&self, set: usize, fact: usize) -> usize {
        self.facts.of_set(set).get(fact).copied().unwrap_or(usize::MAX)
    }

    /// Nobody in particular: what comes out for her, comes out for all.
    fn nobody(&self, rules: &RuleSet) -> Person {
        Person { facts: vec![None; rules.facts.len()], as_of: self.as_of }
    }

    fn condition(&mut self, set: usize, rules: &'r RuleSet, term: &'r Term) -> Lit {
        match term {
            Term::And(parts) => {
                let lits = parts.iter().map(|part| self.condition(set, rules, part)).collect();
                self.all(lits)
            }
            // One of them holds unless all fail; that is so in three values too.
            Term::Or(parts) => {
                let lits = parts.iter().map(|part| self.condition(set, rules, part).not_if(true)).collect();
                self.all(lits).not_if(true)
            }
            Term::Not(inner) => self.condition(set, rules, inner).not_if(true),
            _ => self.test(set, rules, term),
        }
    }

    fn all(&mut self, mut lits: Vec<Lit>) -> Lit {
        lits.sort();
        lits.dedup();
        lits.retain(|lit| *lit != Lit::of(0));
        if lits.contains(&Lit::of(0).not_if(true)) {
            return Lit::of(0).not_if(true);
        }
        match lits.as_slice() {
            [] => Lit::of(0),
            [one] => *one,
            _ => {
                let known = self.nodes.iter().position(|node| matches!(node, Node::All(parts) if *parts == lits));
                Lit::of(known.unwrap_or_else(|| self.add(Node::All(lits))))
            }
        }
    }

    fn add(&mut self, node: Node<'r>) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn test(&mut self, set: usize, rules: &'r RuleSet, term: &'r Term) -> Lit {
        let facts = term.facts();
        if facts.is_empty() {
            return match eval::truth(rules, &self.nobody(rules), term).0 {
                Truth::Met => Lit::of(0),
                Truth::NotMet => Lit::of(0).not_if(true),
                Truth::Unknown => {
                    let known = self.nodes.iter().position(|node| matches!(node, Node::Unknown));
                    Lit::of(known.unwrap_or_else(|| self.add(Node::Unknown)))
                }
            };
        }
        let mut other = None;
        let found = match term {
            Term::Compare(how, left, right) => self.compared(set, rules, *how, left, right, &mut other),
            Term::In(subject, tests) => self.listed(set, rules, subject, tests),
            Term::Fact(fact) => {
                let slot = self.slot(set, *fact);
                let yes = self.facts.kind(slot) == Some(&Kind::Yes);
                yes.then(|| (Test::Ranges { slot, ranges: vec![(1, 1)] }, false))
            }
            _ => None,
        };
        let (test, negated) = found.unwrap_or_else(|| match facts.iter().collect::<Vec<_>>().as_slice() {
            [fact] => (Test::OfOne { slot: self.slot(set, **fact) }, false),
            _ => (Test::Term, false),
        });
        self.intern(test, Origin { set, term, negated, other }).not_if(negated)
    }

    fn intern(&mut self, test: Test, origin: Origin<'r>) -> Lit {
        // Only a test that says all there is to it is the same in another set of rules.
        let closed = matches!(test, Test::Ranges { .. } | Test::Bits { .. } | Test::Pair { .. });
        let known = self
            .nodes
            .iter()
            .position(|node| matches!(node, Node::Test(other, from) if *other == test && (closed || *from == origin)));
        Lit::of(known.unwrap_or_else(|| self.add(Node::Test(test, origin))))
    }

    /// A term without facts, where it is known.
    fn constant(&self, rules: &RuleSet, term: &Term) -> Option<Value> {
        if !term.facts().is_empty() {
            return None;
        }
        eval::value(rules, &self.nobody(rules), term).ok()
    }

    fn compared(
        &self,
        set: usize,
        rules: &RuleSet,
        how: Compare,
        left: &'r Term,
        right: &'r Term,
        other: &mut Option<&'r Term>,
    ) -> Option<(Test, bool)> {
        let (how, left, right) = match (left, right) {
            (Term::Fact(_), _) => (how, left, right),
            (_, Term::Fact(_)) => (turned(how), right, left),
            _ => return None,
        };
        let Term::Fact(fact) = left else { return None };
        let slot = self.slot(set, *fact);
        let kind = self.facts.kind(slot)?;
        if let Some(value) = self.constant(rules, right) {
            return held_against(kind, slot, how, &value);
        }
        // Three comparisons are enough: more is not at most, and at least is not less.
        let (three, negated) = match how {
            Compare::More => (Compare::AtMost, true),
            Compare::AtLeast => (Compare::Less, true),
            Compare::Unequal => (Compare::Equal, true),
            other => (other, false),
        };
        if let Term::Fact(second) = right {
            let right = self.slot(set, *second);
            let comparable = match (kind, self.facts.kind(right)?) {
                (Kind::Number | Kind::Won, Kind::Number | Kind::Won) | (Kind::Date, Kind::Date) => true,
                (Kind::Yes, Kind::Yes) => three == Compare::Equal,
                (Kind::One(words), Kind::One(same)) => words == same && three == Compare::Equal,
                _ => false,
            };
            return comparable.then_some((Test::Pair { how: three, left: slot, right }, negated));
        }
        let keys = right.facts();
        let key = keys.first().filter(|_| keys.len() == 1).map(|key| self.slot(set, *key))?;
        let is_number = matches!(kind, Kind::Number | Kind::Won) && key != slot;
        *other = is_number.then_some(right);
        is_number.then_some((Test::Against { how: three, left: slot, key }, negated))
    }

    fn listed(&self, set: usize, rules: &RuleSet, subject: &Term, tests: &[CompiledTest]) -> Option<(Test, bool)> {
        let Term::Fact(fact) = subject else { return None };
        let slot = self.slot(set, *fact);
        let kind = self.facts.kind(slot)?;
        let (mut ranges, mut mask) = (Vec::new(), 0);
        let mut one = |how: Compare, term: &Term| match held_against(kind, slot, how, &self.constant(rules, term)?)? {
            (Test::Ranges { ranges: more, .. }, false) => Some(more),
            (Test::Bits { mask: more, .. }, false) => {
                mask |= more;
                Some(Vec::new())
            }
            _ => None,
        };
        for test in tests {
            match test {
                CompiledTest::Anything => return None,
                CompiledTest::Compare(how, term) => ranges.extend(one(*how, term)?),
                CompiledTest::Between { low, low_included, high, high_included } => {
                    let low = one(if *low_included { Compare::AtLeast } else { Compare::More }, low)?;
                    let high = one(if *high_included { Compare::AtMost } else { Compare::Less }, high)?;
                    let cut = low.iter().zip(&high).map(|(low, high)| (low.0.max(high.0), low.1.min(high.1)));
                    ranges.extend(cut.filter(|range| range.0 <= range.1));
                }
            }
        }
        let test = match kind {
            Kind::Any(_) => Test::Bits { slot, mask },
            _ => Test::Ranges { slot, ranges: merged(ranges) },
        };
        Some((test, false))
    }
}

/// A comparison with its sides exchanged.
fn turned(how: Compare) -> Compare {
    match how {
        Compare::Less => Compare::More,
        Compare::AtMost => Compare::AtLeast,
        Compare::More => Compare::Less,
        Compare::AtLeast => Compare::AtMost,
        same => same,
    }
}

/// A fact held against a value: the test, and whether its opposite is meant.
fn held_against(kind: &Kind, slot: usize, how: Compare, value: &Value) -> Option<(Test, bool)> {
    let ordered = !matches!(how, Compare::Equal | Compare::Unequal);
    let ranges = match (kind, value) {
        (Kind::Number | Kind::Won, Value::Number(number)) => number_range(how, *number),
        (Kind::Date, Value::Date(date)) => number_range(how, Num::whole(days(*date))),
        (Kind::Yes, Value::Yes(yes)) if !ordered => number_range(how, Num::whole(i64::from(*yes))),
        (Kind::One(words), Value::Word(word)) if !ordered => match place(words, word) {
            Some(at) => number_range(how, Num::whole(at)),
            None if how == Compare::Equal => Vec::new(),
            None => vec![(i64::MIN, i64::MAX)],
        },
        (Kind::Any(words), Value::Word(word)) if !ordered => {
            let at = place(words, word).filter(|at| *at < 62)?;
            return Some((Test::Bits { slot, mask: 1 << at }, how == Compare::Unequal));
        }
        _ => return None,
    };
    Some((Test::Ranges { slot, ranges }, false))
}

/// The whole numbers that stand so to a number.
pub(super) fn number_range(how: Compare, number: Num) -> Vec<(i64, i64)> {
    let (floor, exact) = number.floor();
    let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
    let ranges = match how {
        Compare::Less => vec![(least, if exact { floor - 1 } else { floor })],
        Compare::AtMost => vec![(least, floor)],
        Compare::More => vec![(floor + 1, most)],
        Compare::AtLeast => vec![(if exact { floor } else { floor + 1 }, most)],
        Compare::Equal if exact => vec![(floor, floor)],
        Compare::Equal => vec![],
        Compare::Unequal if exact => vec![(least, floor - 1), (floor + 1, most)],
        Compare::Unequal => vec![(least, most)],
    };
    let inside = ranges.into_iter().filter(|(from, upto)| from <= upto && *from <= most && *upto >= least);
    let narrow = |number: i128| i64::try_from(number.clamp(least, most)).unwrap_or(0);
    inside.map(|(from, upto)| (narrow(from), narrow(upto))).collect()
}

/// Sorted, apart, and not touching.
pub(super) fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut all: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (from, upto) in ranges {
        match all.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(upto),
            _ => all.push((from, upto)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_between_two_whole_numbers_is_neither() {
        let bound = Num::whole(2_564_238).times(Num::new(85, 2).expect("0.85")).expect("fits");
        assert_eq!(number_range(Compare::AtMost, bound), [(i64::MIN, 2_179_602)]);
        assert_eq!(number_range(Compare::Less, bound), [(i64::MIN, 2_179_602)]);
        assert_eq!(number_range(Compare::AtLeast, bound), [(2_179_603, i64::MAX)]);
        assert_eq!(number_range(Compare::Equal, bound), []);
        assert_eq!(number_range(Compare::Unequal, Num::whole(i64::MIN)), [(i64::MIN + 1, i64::MAX)]);
        assert_eq!(number_range(Compare::More, Num::whole(i64::MAX)), []);
        let below = Num::new(-5, 1).expect("-0.5");
        assert_eq!(number_range(Compare::AtMost, below), [(i64::MIN, -1)]);
    }

    #[test]
    fn ranges_that_touch_are_one() {
        assert_eq!(merged(vec![(5, 6), (1, 2), (3, 3), (9, 9)]), [(1, 3), (5, 6), (9, 9)]);
        assert_eq!(merged(vec![(1, i64::MAX), (4, 5)]), [(1, i64::MAX)]);
    }
}
