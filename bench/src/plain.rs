//! The workload's rules as they come (`rules.json`), read and judged without any of our crates.
//!
//! Owns: the meaning of the file as its README gives it. Does not own: our meaning of it. What a
//! newcomer gets wrong: sharing code with the product. This is the other opinion in the tests.

use serde_json::Value;

/// A clause of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// One of them.
    Any(Vec<Clause>),
    /// `>=`, the column and the bound.
    AtLeast(String, i64),
    /// `<=`
    AtMost(String, i64),
    /// `<`
    Less(String, i64),
    /// Both ends included.
    Between(String, i64, i64),
    /// One of these numbers.
    In(String, Vec<i64>),
    /// One of these bits.
    BitsAny(String, i64),
    /// At most another column.
    AtMostColumn(String, String),
}

/// A program of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its id.
    pub id: String,
    /// Its clauses, all of which must hold.
    pub clauses: Vec<Clause>,
}

/// Reads the file.
pub fn programs(text: &str) -> Result<Vec<Program>, String> {
    let root: Value = serde_json::from_str(text).map_err(|error| format!("rules.json: {error}"))?;
    let each = root.as_array().ok_or("rules.json: not a list")?;
    let program = |value: &Value| {
        let id = text_of(value, "id")?;
        let clauses = value["all"].as_array().ok_or(format!("{id}: no 'all'"))?;
        Ok(Program { id, clauses: clauses.iter().map(clause).collect::<Result<_, String>>()? })
    };
    each.iter().map(program).collect()
}

fn text_of(value: &Value, key: &str) -> Result<String, String> {
    value[key].as_str().map(str::to_owned).ok_or_else(|| format!("no text '{key}' in {value}"))
}

fn number_of(value: &Value, key: &str) -> Result<i64, String> {
    value[key].as_i64().ok_or_else(|| format!("no number '{key}' in {value}"))
}

fn clause(value: &Value) -> Result<Clause, String> {
    if let Some(parts) = value["any"].as_array() {
        return Ok(Clause::Any(parts.iter().map(clause).collect::<Result<_, _>>()?));
    }
    let column = text_of(value, "f")?;
    Ok(match text_of(value, "op")?.as_str() {
        ">=" => Clause::AtLeast(column, number_of(value, "v")?),
        "<=" => Clause::AtMost(column, number_of(value, "v")?),
        "<" => Clause::Less(column, number_of(value, "v")?),
        "between" => Clause::Between(column, number_of(value, "lo")?, number_of(value, "hi")?),
        "in" => {
            let listed = value["v"].as_array().ok_or(format!("no list in {value}"))?;
            Clause::In(column, listed.iter().filter_map(Value::as_i64).collect())
        }
        "bits_any" => Clause::BitsAny(column, number_of(value, "v")?),
        "<=field" => Clause::AtMostColumn(column, text_of(value, "g")?),
        other => return Err(format!("unknown operator '{other}'")),
    })
}

impl Clause {
    /// Whether it holds: `None` is not known. Strong Kleene logic, as our format page says it.
    pub fn holds(&self, of: &dyn Fn(&str) -> Option<i64>) -> Option<bool> {
        match self {
            Clause::Any(parts) => {
                let each: Vec<Option<bool>> = parts.iter().map(|part| part.holds(of)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else if each.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Clause::AtLeast(column, bound) => of(column).map(|number| number >= *bound),
            Clause::AtMost(column, bound) => of(column).map(|number| number <= *bound),
            Clause::Less(column, bound) => of(column).map(|number| number < *bound),
            Clause::Between(column, low, high) => of(column).map(|number| (*low..=*high).contains(&number)),
            Clause::In(column, listed) => of(column).map(|number| listed.contains(&number)),
            Clause::BitsAny(column, bits) => of(column).map(|number| number & bits != 0),
            Clause::AtMostColumn(column, other) => of(column).zip(of(other)).map(|(one, two)| one <= two),
        }
    }

    /// Every column in it, in order, repeats included.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Clause::Any(parts) => parts.iter().flat_map(Clause::columns).collect(),
            Clause::AtMostColumn(column, other) => vec![column, other],
            Clause::AtLeast(column, _)
            | Clause::AtMost(column, _)
            | Clause::Less(column, _)
            | Clause::Between(column, ..)
            | Clause::In(column, _)
            | Clause::BitsAny(column, _) => vec![column],
        }
    }
}
