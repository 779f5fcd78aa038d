//! Am I suitable? (나에게 맞는 일자리): which questions, and what the answers come to.
//!
//! Owns: the five first questions of a shelf, the next one, a verdict for every program. Does not own: the
//! verdict itself (`rules::explain` gives it, as it does at the counter and in the selection), nor any
//! answer: nothing here is kept. What a newcomer gets wrong: taking no answer for a no. Whoever says
//! ‘잘 모르겠습니다’ is told which paper would settle it, and is never refused for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use iljari_base::{Date, Entropy as _, SeededEntropy};
use iljari_rules::answers::{answers, terms};
use iljari_rules::eval::{self, Person};
use iljari_rules::value::Kind;
use iljari_rules::{Clause, Explanation, Fact, Outcome, RuleSet, Truth, Value, explain, next_question};

use crate::shelf::Lot;

/// How many questions come first.
pub const FIRST_QUESTIONS: usize = 5;
/// How many invented people the questions are tried on.
const PEOPLE: usize = 96;
/// The fact that a call says; between calls work is taken to begin on the day of the answer.
const FIRST_DAY: &str = "사업시작일";

/// A question of a shelf (물음): facts of one name are asked once for all programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The fact.
    pub name: String,
    /// How it is asked, in the rules' own words.
    pub text: String,
    /// What the answer can be; words of all programs together.
    pub kind: Kind,
    /// What a number is counted in.
    pub unit: String,
}

impl Question {
    fn of(fact: &Fact) -> Self {
        Self { name: fact.name.clone(), text: fact.question.clone(), kind: fact.kind.clone(), unit: fact.unit.clone() }
    }

    /// The words to choose from; none for other kinds.
    pub fn words(&self) -> &[String] {
        match &self.kind {
            Kind::One(words) | Kind::Any(words) => words,
            _ => &[],
        }
    }
}

/// An answer (답).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What the person says.
    Known(Value),
    /// 잘 모르겠습니다: asked, and not asked again.
    NotKnown,
}

/// What a person has answered, by the name of the fact. Lives as long as one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    fn value(&self, fact: &Fact) -> Option<Value> {
        let Answer::Known(value) = self.0.get(&fact.name)? else { return None };
        let value = match (&fact.kind, value) {
            // Another program offers more words; those this one does not know say nothing to it.
            (Kind::Any(words), Value::Words(chosen)) => {
                Value::Words(chosen.iter().filter(|word| words.contains(word)).cloned().collect())
            }
            (_, value) => value.clone(),
        };
        fact.kind.holds(&value).then_some(value)
    }
}

/// A program with what its call says.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The rules.
    pub lot: Lot,
    /// The day on which work begins, where a call says so.
    pub work_first_on: Option<Date>,
}

impl From<Lot> for Asked {
    fn from(lot: Lot) -> Self {
        Self { lot, work_first_on: None }
    }
}

/// What comes out for one program.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The rules that were asked.
    pub lot: Lot,
    /// The answer with its reasons.
    pub told: Explanation,
}

/// The facts that clauses ask for on a day, by place; what only gives points is nobody's business here.
fn asked_by(rules: &RuleSet, day: Date) -> BTreeSet<usize> {
    let clauses = rules.clauses.iter().filter(|clause| clause.applies_on(day));
    let facts: BTreeSet<usize> = clauses.flat_map(|clause| clause.condition.facts()).collect();
    facts.into_iter().filter(|place| rules.facts.get(*place).is_some_and(|fact| !fact.from_call)).collect()
}

/// Every question of some programs on a day, in the order of their files.
pub fn questions(lots: &[Lot], day: Date) -> Vec<Question> {
    let mut all: Vec<Question> = Vec::new();
    for lot in lots {
        for fact in asked_by(&lot.rules, day).iter().filter_map(|place| lot.rules.facts.get(*place)) {
            match all.iter_mut().find(|question| question.name == fact.name) {
                None => all.push(Question::of(fact)),
                Some(Question { kind: Kind::One(words) | Kind::Any(words), .. }) => {
                    if let Kind::One(more) | Kind::Any(more) = &fact.kind {
                        words.extend(more.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
                    }
                }
                Some(_) => {}
            }
        }
    }
    all
}

/// The person that the answers describe, for one program.
pub fn person(asked: &Asked, answers: &Answers, day: Date) -> Person {
    let known = asked.lot.rules.facts.iter().map(|fact| match fact.from_call {
        true => (fact.name == FIRST_DAY).then(|| Value::Date(asked.work_first_on.unwrap_or(day))),
        false => answers.value(fact),
    });
    Person { facts: known.collect(), as_of: day }
}

/// Every program's verdict: 가능 first, then 조건부 가능 with the least to find out, then 불가.
pub fn judge(asked: &[Asked], answers: &Answers, day: Date) -> Vec<Verdict> {
    let verdict = |program: &Asked| {
        let told = explain(&program.lot.rules, &person(program, answers, day));
        Verdict { lot: program.lot.clone(), told }
    };
    let mut all: Vec<Verdict> = asked.iter().map(verdict).collect();
    let broken = |told: &Explanation| told.reasons.iter().filter(|reason| reason.truth == Truth::NotMet).count();
    all.sort_by_key(|verdict| {
        let rank = match verdict.told.outcome {
            Outcome::Eligible => 0,
            Outcome::Conditional => 1,
            Outcome::NotEligible => 2,
        };
        (rank, verdict.lot.is_past, broken(&verdict.told), verdict.told.missing.len())
    });
    all
}

/// The question that settles most of what is still open, those answered with ‘잘 모르겠습니다’ left out.
pub fn next(asked: &[Asked], answers: &Answers, day: Date) -> Option<Question> {
    let declined = |fact: &Fact| answers.0.get(&fact.name) == Some(&Answer::NotKnown);
    let sets: Vec<(RuleSet, Person)> = asked
        .iter()
        .map(|program| {
            let mut rules = RuleSet::clone(&program.lot.rules);
            // What nobody is asked is what the call says; a question that was declined is asked no more than that.
            for fact in rules.facts.iter_mut().filter(|fact| declined(fact)) {
                fact.from_call = true;
            }
            (rules, person(program, answers, day))
        })
        .collect();
    let pairs: Vec<(&RuleSet, &Person)> = sets.iter().map(|(rules, person)| (rules, person)).collect();
    let name = next_question(&pairs)?;
    let lots: Vec<Lot> = asked.iter().map(|program| program.lot.clone()).collect();
    questions(&lots, day).into_iter().find(|question| question.name == name)
}

/// The questions that come first: the five whose answers settle the most programs. They are tried on invented
/// people with every answer at which some rule turns; a program is settled where a clause is broken or all
/// are kept. One question is taken after the other, then exchanged while an exchange settles more.
pub fn first_questions(lots: &[Lot], day: Date) -> Vec<Question> {
    let all = questions(lots, day);
    if all.len() <= FIRST_QUESTIONS {
        return all;
    }
    let tried = Tried::on(lots, &all, day);
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    let with = |chosen: &BTreeSet<usize>, out: Option<usize>, more: usize| -> BTreeSet<usize> {
        chosen.iter().copied().filter(|place| Some(*place) != out).chain([more]).collect()
    };
    // Where nothing is gained, the earlier question stays: `max_by_key` would take the last.
    let best = |chosen: &BTreeSet<usize>, outs: &[Option<usize>]| {
        let mut best: Option<(Gain, BTreeSet<usize>)> = None;
        for out in outs {
            for more in (0..all.len()).filter(|more| !chosen.contains(more)) {
                let next = with(chosen, *out, more);
                let gain = tried.gain(&next);
                if best.as_ref().is_none_or(|(known, _)| gain > *known) {
                    best = Some((gain, next));
                }
            }
        }
        best
    };
    while chosen.len() < FIRST_QUESTIONS {
        match best(&chosen, &[None]) {
            Some((_, next)) => chosen = next,
            None => break,
        }
    }
    loop {
        let outs: Vec<Option<usize>> = chosen.iter().copied().map(Some).collect();
        match best(&chosen, &outs) {
            Some((gain, next)) if gain > tried.gain(&chosen) => chosen = next,
            _ => break,
        }
    }
    let mut places: Vec<usize> = chosen.into_iter().collect();
    places.sort_by_key(|place| std::cmp::Reverse(tried.programs_asking(*place)));
    places.into_iter().filter_map(|place| all.get(place).cloned()).collect()
}

/// How much a set of questions settles: programs, then clauses, over all people.
type Gain = (usize, usize);

/// Clauses of invented people, and which questions each of them needs.
struct Tried {
    /// Program by program, clause by clause: the questions, as places in the list.
    needs: Vec<Vec<BTreeSet<usize>>>,
    /// Person by person the same: whether the clause is kept.
    kept: Vec<Vec<Vec<bool>>>,
}

impl Tried {
    fn on(lots: &[Lot], all: &[Question], day: Date) -> Self {
        let place_of = |name: &str| all.iter().position(|question| question.name == name);
        let needs = lots.iter().map(|lot| {
            let clauses = lot.rules.clauses.iter().map(|clause| {
                let asked = if clause.applies_on(day) { clause.condition.facts() } else { BTreeSet::default() };
                asked.iter().filter_map(|fact| place_of(&lot.rules.facts.get(*fact)?.name)).collect()
            });
            clauses.collect()
        });
        let values: Vec<Vec<Value>> = all.iter().map(|question| values(lots, question, day)).collect();
        let chance = SeededEntropy::new("suitable");
        let person_kept = |_| {
            let drawn = all.iter().zip(&values).filter_map(|(question, values)| {
                let place = chance.below(u64::try_from(values.len()).unwrap_or(1).max(1));
                let value = values.get(usize::try_from(place).unwrap_or(0))?;
                Some((question.name.clone(), Answer::Known(value.clone())))
            });
            let answers = Answers(drawn.collect());
            let keeps = |lot: &Lot| {
                let person = person(&Asked::from(lot.clone()), &answers, day);
                let kept = |clause: &Clause| eval::clause_truth(&lot.rules, &person, clause).0 != Truth::NotMet;
                lot.rules.clauses.iter().map(kept).collect()
            };
            lots.iter().map(keeps).collect()
        };
        Self { needs: needs.collect(), kept: (0..PEOPLE).map(person_kept).collect() }
    }

    fn gain(&self, chosen: &BTreeSet<usize>) -> Gain {
        let known: Vec<Vec<bool>> =
            self.needs.iter().map(|clauses| clauses.iter().map(|needs| needs.is_subset(chosen)).collect()).collect();
        let (mut programs, mut clauses) = (0, 0);
        for kept in &self.kept {
            for (kept, known) in kept.iter().zip(&known) {
                let decided = known.iter().filter(|known| **known).count();
                let broken = kept.iter().zip(known).any(|(kept, known)| *known && !kept);
                programs += usize::from(broken || decided == known.len());
                clauses += if broken { known.len() } else { decided };
            }
        }
        (programs, clauses)
    }

    fn programs_asking(&self, place: usize) -> usize {
        self.needs.iter().filter(|clauses| clauses.iter().any(|needs| needs.contains(&place))).count()
    }
}

/// The answers to a question at which some program's rules turn.
fn values(lots: &[Lot], question: &Question, day: Date) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for lot in lots {
        let Some(place) = lot.rules.fact(&question.name) else { continue };
        let nobody = person(&Asked::from(lot.clone()), &Answers::default(), day);
        for value in answers(&lot.rules, &nobody, place, &terms(&lot.rules)) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
    }
    all
}

/// The rules of a call take the place of the shelf's edition of the same program.
pub fn with_call(asked: &mut Vec<Asked>, rules: Arc<RuleSet>, work_first_on: Date) {
    let called = Asked { lot: Lot { rules, is_past: false }, work_first_on: Some(work_first_on) };
    match asked.iter_mut().find(|program| program.lot.rules.id == called.lot.rules.id) {
        Some(place) => *place = called,
        None => asked.push(called),
    }
}
