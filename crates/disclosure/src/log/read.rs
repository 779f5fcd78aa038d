//! Reading a leaf's line, token by token.
//!
//! Owns: the walk from left to right. Does not own: limits of values (see [`super::leaf`]). What a
//! newcomer gets wrong: skipping something. There is nothing to skip: no spaces, no unknown keys.

use std::str::FromStr;

use iljari_base::{Month, Period, Year};

use super::leaf::{Body, Leaf, LeafFault, Slot};
use super::words::Grade;

/// Walks a line from left to right, expecting exactly what the canonical form has next.
pub(super) struct Reader<'l> {
    line: &'l str,
    at: usize,
}

impl<'l> Reader<'l> {
    pub(super) fn new(line: &'l str) -> Self {
        Self { line, at: 0 }
    }

    /// The whole line as one leaf, nothing before or after it.
    pub(super) fn leaf(&mut self) -> Result<Leaf, LeafFault> {
        self.literal(r#"{"v":1,"k":""#)?;
        let kind = self.until_quote()?;
        let district = self.parsed("d")?;
        let id = self.parsed("id")?;
        let body = match kind {
            "plan" => Body::Plan { reference: self.parsed("ref")?, sha256: self.parsed("sha256")? },
            "count" => Body::Count {
                slot: self.slot()?,
                n: self.integer("n")?,
                grade: self.grade()?,
                rest: match self.integer("rest")? {
                    0 => false,
                    1 => true,
                    _ => return Err(LeafFault::Value { key: "rest" }),
                },
            },
            "job" => {
                let slot = self.slot()?;
                if self.integer("n")? != 1 {
                    return Err(LeafFault::Value { key: "n" });
                }
                Body::Job { slot, grade: self.grade()?, commit: self.parsed("commit")? }
            }
            "correction" => Body::Correction {
                of: self.parsed("of")?,
                slot: self.slot()?,
                n: self.integer("n")?,
                grade: self.grade()?,
                why: self.parsed("why")?,
            },
            "disclosure" => {
                let out_of_range = |key| LeafFault::Value { key };
                Body::Disclosure {
                    year: Year(i16::try_from(self.integer("year")?).map_err(|_| out_of_range("year"))?),
                    no: self.integer("no")?,
                    size: u64::try_from(self.integer("size")?).map_err(|_| out_of_range("size"))?,
                    root: self.parsed("root")?,
                    docs: self.parsed("docs")?,
                    corrects: match self.text("corrects")? {
                        "" => None,
                        id => Some(id.parse().map_err(|_| out_of_range("corrects"))?),
                    },
                }
            }
            "key" => Body::Key { key: self.parsed("key")? },
            other => return Err(LeafFault::UnknownKind(other.to_owned())),
        };
        self.literal("}")?;
        if self.at != self.line.len() {
            return Err(LeafFault::Shape { at: self.at });
        }
        Leaf::new(district, id, body)
    }

    fn slot(&mut self) -> Result<Slot, LeafFault> {
        let node = self.parsed("node")?;
        let first = Month::from_number(self.integer("from")?).ok_or(LeafFault::Value { key: "from" })?;
        let last = Month::from_number(self.integer("to")?).ok_or(LeafFault::Value { key: "to" })?;
        let period = Period::new(first, last).ok_or(LeafFault::Value { key: "to" })?;
        Ok(Slot { node, period, field: self.parsed("field")?, unit: self.parsed("unit")? })
    }

    fn grade(&mut self) -> Result<Grade, LeafFault> {
        Grade::from_number(self.integer("grade")?).ok_or(LeafFault::Value { key: "grade" })
    }

    fn rest(&self) -> &'l str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn literal(&mut self, wanted: &str) -> Result<(), LeafFault> {
        if !self.rest().starts_with(wanted) {
            return Err(LeafFault::Shape { at: self.at });
        }
        self.at += wanted.len();
        Ok(())
    }

    fn key(&mut self, key: &'static str) -> Result<(), LeafFault> {
        self.literal(",\"")?;
        self.literal(key)?;
        self.literal("\":")
    }

    /// A string's content, its closing quote taken. No string of a leaf needs an escape, so a
    /// backslash or a control character is a fault.
    fn until_quote(&mut self) -> Result<&'l str, LeafFault> {
        let rest = self.rest();
        let end = rest.find(|letter: char| letter == '"' || letter == '\\' || letter.is_control());
        match end {
            Some(end) if rest.as_bytes().get(end) == Some(&b'"') => {
                self.at += end + 1;
                Ok(&rest[..end])
            }
            end => Err(LeafFault::Shape { at: self.at + end.unwrap_or(rest.len()) }),
        }
    }

    fn text(&mut self, key: &'static str) -> Result<&'l str, LeafFault> {
        self.key(key)?;
        self.literal("\"")?;
        self.until_quote()
    }

    fn parsed<T: FromStr>(&mut self, key: &'static str) -> Result<T, LeafFault> {
        self.text(key)?.parse().map_err(|_| LeafFault::Value { key })
    }

    fn integer(&mut self, key: &'static str) -> Result<i64, LeafFault> {
        self.key(key)?;
        let rest = self.rest();
        let end = rest.find(|letter: char| letter != '-' && !letter.is_ascii_digit()).unwrap_or(rest.len());
        let digits = &rest[..end];
        let number: i64 = digits.parse().map_err(|_| LeafFault::Shape { at: self.at })?;
        // One writing per number: no leading zeros, no "-0".
        if number.to_string() != digits {
            return Err(LeafFault::Shape { at: self.at });
        }
        self.at += end;
        Ok(number)
    }
}
