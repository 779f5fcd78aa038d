//! From `rules.json` to our rule files (규칙 옮기기), one for each program, with test cases.
//!
//! Owns: the words of the files. Does not own: what they mean to us; the expected outcomes of the
//! cases come from `plain`, so that checking a file already compares two opinions.

use std::fmt::Write as _;

use crate::chance::Chance;
use crate::plain::{Clause, Program};
use crate::workload::{COLUMNS, Column, FLAG_COUNT, FLAGS, flag};

/// Made-up people tried for the cases of a program.
const TRIES: usize = 3_000;

/// The day of the cases.
pub const AS_OF: &str = "2026-01-09";

fn column_of(name: &str) -> Result<&'static Column, String> {
    COLUMNS.iter().find(|column| column.name == name).ok_or_else(|| format!("no column '{name}'"))
}

fn fact(name: &str) -> Result<&'static str, String> {
    column_of(name).map(|column| column.fact)
}

/// The condition of a clause in our language.
pub fn condition(clause: &Clause) -> Result<String, String> {
    Ok(match clause {
        Clause::Any(parts) => {
            let each: Vec<String> = parts.iter().map(condition).collect::<Result<_, _>>()?;
            each.join(" or ")
        }
        Clause::AtLeast(column, bound) => format!("{} >= {bound}", fact(column)?),
        Clause::AtMost(column, bound) => format!("{} <= {bound}", fact(column)?),
        Clause::Less(column, bound) => format!("{} < {bound}", fact(column)?),
        Clause::Between(column, low, high) => format!("{} in [{low}..{high}]", fact(column)?),
        Clause::In(column, listed) => {
            let listed: Vec<String> = listed.iter().map(i64::to_string).collect();
            format!("{} in ({})", fact(column)?, listed.join(", "))
        }
        Clause::BitsAny(column, bits) => {
            let words = (0..FLAG_COUNT).filter(|bit| bits >> bit & 1 == 1).map(|bit| format!("\"{}\"", flag(bit)));
            format!("{} in ({})", fact(column)?, words.collect::<Vec<_>>().join(", "))
        }
        Clause::AtMostColumn(column, other) => format!("{} <= {}", fact(column)?, fact(other)?),
    })
}

fn sentence(clause: &Clause) -> Result<String, String> {
    Ok(match clause {
        Clause::Any(parts) => {
            let each: Vec<String> = parts.iter().map(sentence).collect::<Result<_, _>>()?;
            each.join(" 또는 ")
        }
        Clause::AtLeast(column, bound) => format!("{} {bound} 이상", fact(column)?),
        Clause::AtMost(column, bound) => format!("{} {bound} 이하", fact(column)?),
        Clause::Less(column, bound) => format!("{} {bound} 미만", fact(column)?),
        Clause::Between(column, low, high) => format!("{} {low}부터 {high}까지", fact(column)?),
        Clause::In(column, listed) => {
            let listed: Vec<String> = listed.iter().map(i64::to_string).collect();
            format!("{} {} 가운데 하나", fact(column)?, listed.join("·"))
        }
        Clause::BitsAny(column, bits) => format!("{} {bits} 가운데 하나", fact(column)?),
        Clause::AtMostColumn(column, other) => format!("{} {} 이하", fact(column)?, fact(other)?),
    })
}

/// The file of a program. The same program gives the same bytes.
pub fn file(program: &Program) -> Result<String, String> {
    let used: Vec<&Column> =
        COLUMNS.iter().filter(|column| program.clauses.iter().any(|it| it.columns().contains(&column.name))).collect();
    let mut out = String::from("형식: 일자리-규칙/1\n");
    let id = &program.id;
    let _ = write!(
        out,
        "번호: {id}\n이름: 견줌 사업 {id}(예시)\n판: 견줌 일감 A\n유효: 2026-01-01 ~\n예시: 예\n출처:\n  - {{번호: 일감A, 이름: 견줌 일감 A의 rules.json(예시)}}\n사실:\n"
    );
    for column in &used {
        let kind = if column.name == FLAGS {
            let words: Vec<String> = (0..FLAG_COUNT).map(flag).collect();
            format!("여럿, 말: [{}]", words.join(", "))
        } else {
            "수".to_owned()
        };
        let _ = writeln!(out, "  - {{이름: {}, 종류: {kind}, 서류: 견줌 자료}}", column.fact);
    }
    out.push_str("자격:\n");
    for (place, clause) in program.clauses.iter().enumerate() {
        let (name, text) = (sentence(clause)?, condition(clause)?.replace('"', "\\\""));
        let _ = writeln!(out, "  - {{번호: C{place:02}, 이름: {name}, 근거: 일감 A, 조건: \"{text}\"}}");
    }
    cases(program, &used, &mut out);
    Ok(out)
}

/// Somebody who may take part, if one turns up, and for each clause somebody who fails there.
fn cases(program: &Program, used: &[&Column], out: &mut String) {
    out.push_str("시험:\n");
    let seed = program.id.bytes().fold(0_u64, |seed, byte| seed << 8 | u64::from(byte));
    let mut chance = Chance::new(seed);
    let (mut missed, mut eligible): (Vec<usize>, bool) = ((0..program.clauses.len()).collect(), false);
    for number in 1..=TRIES {
        let person: Vec<i64> = used.iter().map(|column| chance.below(column.below)).collect();
        let of = |name: &str| used.iter().position(|column| column.name == name).and_then(|at| person.get(at)).copied();
        let failing: Vec<usize> = program
            .clauses
            .iter()
            .enumerate()
            .filter(|(_, clause)| clause.holds(&of) == Some(false))
            .map(|(place, _)| place)
            .collect();
        let news = if failing.is_empty() { !eligible } else { failing.iter().any(|place| missed.contains(place)) };
        if !news && number != TRIES {
            continue;
        }
        eligible |= failing.is_empty();
        missed.retain(|place| !failing.contains(place));
        let facts: Vec<String> = used.iter().zip(&person).map(|(column, number)| written(column, *number)).collect();
        let _ = write!(out, "  - {{이름: 사람 {number}(예시), 기준일: {AS_OF}, 사실: {{{}}}, ", facts.join(", "));
        let _ = if failing.is_empty() {
            writeln!(out, "결과: 가능}}")
        } else {
            let ids: Vec<String> = failing.iter().map(|place| format!("C{place:02}")).collect();
            writeln!(out, "결과: 불가, 걸리는 조항: [{}]}}", ids.join(", "))
        };
        if eligible && missed.is_empty() {
            break;
        }
    }
}

fn written(column: &Column, number: i64) -> String {
    if column.name != FLAGS {
        return format!("{}: {number}", column.fact);
    }
    let words: Vec<String> = (0..FLAG_COUNT).filter(|bit| number >> bit & 1 == 1).map(flag).collect();
    let words = if words.is_empty() { "없음".to_owned() } else { format!("[{}]", words.join(", ")) };
    format!("{}: {words}", column.fact)
}
