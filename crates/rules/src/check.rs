//! What compares two places of a rule file (규칙 점검): tables without gaps, histories in force, cases
//! that come out as written.
//!
//! Owns: the rules that need the whole set. Does not own: reading it (`read`). What a newcomer gets
//! wrong: testing a table by samples. Every boundary is tried, and what lies just beside it.

use std::collections::BTreeSet;

use iljari_authored::{Both, Place, both};
use iljari_base::Date;

use crate::codes::Code;
use crate::compile::{CompiledTest, Term};
use crate::eval::{self, Person};
use crate::model::{Clause, RuleSet, ScoreItem};
use crate::num::Num;
use crate::value::{Kind, Truth, Value};
use crate::{Problem, Problems};

/// Checks a set of rules as a whole.
pub(crate) fn check(rules: &RuleSet, problems: &mut Problems) {
    histories(rules, problems);
    facts(rules, problems);
    for clause in rules.clauses.iter().filter(|clause| clause.basis.is_empty()) {
        let id = &clause.id;
        let title = both!("조항 '{id}'의 근거가 없습니다", "the clause '{id}' has no article");
        let todo = both!("'근거: 모집공고 2.가'처럼 적어 주세요", "add '근거: …', the article it rests on");
        problems.push(Problem::new(Code::NoBasis, &clause.place, title).todo(todo));
    }
    for item in &rules.scores {
        table(rules, item, problems);
    }
    cases(rules, problems);
}

fn histories(rules: &RuleSet, problems: &mut Problems) {
    for reference in rules.references.iter().filter(|reference| reference.on(rules.from).is_none()) {
        let (name, from) = (&reference.name, rules.from);
        let title = both!("{from}에 시행 중인 '{name}'[이/가] 없습니다", "no '{name}' is in force on {from}");
        let todo = both!("그날 쓰이던 값을 출처와 함께 적어 주세요", "add the value of that day with its source");
        problems.push(Problem::new(Code::NotInForce, &reference.place, title).todo(todo));
    }
}

fn facts(rules: &RuleSet, problems: &mut Problems) {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let clauses = rules.clauses.iter().map(|clause| &clause.condition);
    let others = rules.scores.iter().map(|item| &item.subject).chain(rules.ties.iter().map(|tie| &tie.subject));
    for term in clauses.chain(others) {
        used.extend(term.facts());
    }
    for (place, fact) in rules.facts.iter().enumerate() {
        let name = &fact.name;
        if !used.contains(&place) {
            let title = both!("'{name}'[은/는] 어떤 조건에도 쓰이지 않습니다", "'{name}' is used by no condition");
            let todo = both!("쓰지 않을 사실은 묻지 않습니다. 지워 주세요", "what is not used is not asked; delete it");
            problems.push(Problem::new(Code::UnusedFact, &fact.place, title).todo(todo));
        }
        if fact.document.is_empty() && !fact.from_call {
            let title = both!("'{name}'[을/를] 무엇으로 확인하는지 없습니다", "nothing says what proves '{name}'");
            let todo = both!("'서류: 주민등록등본'처럼 적어 주세요", "add '서류: …', the document or look-up");
            problems.push(Problem::new(Code::NoDocument, &fact.place, title).todo(todo));
        }
    }
}

/// Values worth trying on a table: every boundary and its neighbours, every word.
fn probes(rules: &RuleSet, item: &ScoreItem) -> Vec<Value> {
    if let Term::Fact(place) = &item.subject {
        match rules.facts.get(*place).map(|fact| &fact.kind) {
            Some(Kind::Yes) => return vec![Value::Yes(true), Value::Yes(false)],
            Some(Kind::One(words)) => return words.iter().cloned().map(Value::Word).collect(),
            // Any of several words may match several rows: the first one counts.
            Some(Kind::Any(_)) => return Vec::new(),
            _ => {}
        }
    }
    let mut numbers: BTreeSet<Num> = BTreeSet::from([Num::whole(0)]);
    let mut bound = |term: &Term| {
        if let Some(number) = term.as_number() {
            numbers.insert(number);
            numbers.extend(number.plus(Num::whole(1)));
            numbers.extend(number.minus(Num::whole(1)));
        }
    };
    for test in item.rows.iter().flat_map(|row| &row.tests) {
        match test {
            CompiledTest::Anything => {}
            CompiledTest::Compare(_, term) => bound(term),
            CompiledTest::Between { low, high, .. } => {
                bound(low);
                bound(high);
            }
        }
    }
    numbers.into_iter().filter(|number| *number >= Num::whole(0)).map(Value::Number).collect()
}

fn table(rules: &RuleSet, item: &ScoreItem, problems: &mut Problems) {
    let person = Person { facts: vec![None; rules.facts.len()], as_of: rules.from };
    let matches = |value: &Value| -> Vec<&str> {
        let holds = |test: &CompiledTest| eval::test_holds(rules, &person, value, test).0 == Truth::Met;
        let last_resort = |test: &CompiledTest| matches!(test, CompiledTest::Anything);
        let rows = item.rows.iter().filter(|row| row.tests.iter().any(|test| !last_resort(test) && holds(test)));
        rows.map(|row| row.label.as_str()).collect()
    };
    let open = item.rows.iter().any(|row| row.tests.iter().any(|test| matches!(test, CompiledTest::Anything)));
    let name = &item.name;
    let mut said = (false, false);
    for value in probes(rules, item) {
        let rows = matches(&value);
        let shown = value.text(false);
        match rows.as_slice() {
            [] if !open && !said.0 => {
                said.0 = true;
                let title = both!(
                    "배점표 '{name}'에 {shown}[이/가] 들 칸이 없습니다",
                    "the table '{name}' has no row for {shown}"
                );
                let todo = both!("그 값의 칸이나 '그 밖' 칸을 더해 주세요", "add a row for it, or one for '그 밖'");
                problems.push(Problem::new(Code::BracketGap, &item.place, title).todo(todo));
            }
            [one, other, ..] if !said.1 => {
                said.1 = true;
                let title = both!(
                    "배점표 '{name}'에서 {shown}[은/는] 두 칸에 듭니다",
                    "in the table '{name}' {shown} is in two rows"
                );
                let expected = Both::same(format!("{one} / {other}"));
                let todo = both!("범위의 끝을 (나 )로 열어 주세요", "open one end with ( or )");
                problems.push(Problem::new(Code::BracketOverlap, &item.place, title).found(expected).todo(todo));
            }
            _ => {}
        }
    }
}

fn cases(rules: &RuleSet, problems: &mut Problems) {
    if rules.cases.is_empty() {
        let title = both!("시험이 하나도 없습니다", "there are no test cases");
        let todo = both!(
            "담당자가 아는 사람을 떠올려 '시험:'에 사실과 바른 결과를 적어 주세요",
            "write cases with their right outcomes under '시험:'"
        );
        problems.push(Problem::new(Code::NoCase, &rules.place, title).todo(todo));
        return;
    }
    let mut failed_at: BTreeSet<usize> = BTreeSet::new();
    for case in &rules.cases {
        let person = Person { facts: case.facts.clone(), as_of: case.as_of };
        let broken: Vec<usize> = (0..rules.clauses.len())
            .filter(|place| {
                let clause = rules.clauses.get(*place);
                clause.is_some_and(|clause| eval::clause_truth(rules, &person, clause).0 == Truth::NotMet)
            })
            .collect();
        failed_at.extend(&broken);
        let (outcome, missing) = eval::outcome(rules, &person);
        let name = &case.name;
        let mut wrong = |place: &Place, found: Both, expected: Both| {
            let title = both!("시험 '{name}'의 결과가 다릅니다", "the case '{name}' comes out otherwise");
            let todo =
                both!("규칙이 틀렸는지 시험이 틀렸는지 봐 주세요", "see whether the rules or the case are wrong");
            problems.push(Problem::new(Code::CaseFails, place, title).found(found).expected(expected).todo(todo));
        };
        if outcome != case.expected {
            let why = if outcome == crate::Outcome::Conditional {
                format!(" (아직 모름: {})", crate::explain::names(rules, &missing).join(", "))
            } else {
                String::new()
            };
            wrong(&case.place, Both::same(format!("{}{why}", outcome.korean())), Both::same(case.expected.korean()));
        }
        let ids: Vec<&str> =
            broken.iter().filter_map(|place| rules.clauses.get(*place)).map(|clause| clause.id.as_str()).collect();
        if let Some(wanted) = &case.failing
            && wanted.iter().map(String::as_str).collect::<BTreeSet<_>>()
                != ids.iter().copied().collect::<BTreeSet<_>>()
        {
            wrong(&case.place, Both::same(format!("걸린 조항 {}", ids.join(", "))), Both::same(wanted.join(", ")));
        }
        if let Some(points) = case.points {
            let items = eval::points(rules, &person);
            let (least, most): (i64, i64) =
                (items.iter().map(|item| item.least).sum(), items.iter().map(|item| item.most).sum());
            if (least, most) != (points, points) {
                let found = if least == most { format!("{least}점") } else { format!("{least}~{most}점") };
                wrong(&case.place, Both::same(found), Both::same(format!("{points}점")));
            }
        }
    }
    // A ban that was lifted before these rules begin is written down to be seen; nobody can fail there.
    let asked = |clause: &Clause| {
        clause.upto.is_none_or(|upto| rules.from <= upto)
            && rules.upto.is_none_or(|last| clause.from.is_none_or(|from| from <= last))
    };
    for (place, clause) in rules.clauses.iter().enumerate().filter(|(place, _)| !failed_at.contains(place)) {
        if !asked(clause) {
            continue;
        }
        let (id, _) = (&clause.id, place);
        let title = both!("조항 '{id}'에서 떨어지는 시험이 없습니다", "no case fails at the clause '{id}'");
        let todo =
            both!("이 조항 때문에 안 되는 사람을 시험에 하나 더해 주세요", "add a case of somebody who fails here");
        problems.push(Problem::new(Code::ClauseNeverFails, &clause.place, title).todo(todo));
    }
}

/// A day on which these rules can be tried when nobody names one: today if they are in force, else their first.
pub fn usual_day(rules: &RuleSet, today: Date) -> Date {
    if rules.in_force_on(today) { today } else { rules.from }
}
