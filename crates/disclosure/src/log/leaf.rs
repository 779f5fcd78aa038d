//! Leaves (장부 기재): one line of canonical JSON each, written and read byte for byte.
//!
//! Owns: the leaf kinds, their keys, their limits. Does not own: what may be appended when; that is
//! the ledger's. What a newcomer gets wrong: reading leaves with a JSON library. Two texts that
//! mean the same JSON are two different leaves here, and only one of them is a leaf at all.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use iljari_base::{DistrictCode, Period, Year};
use unicode_normalization::is_nfc;

use super::checkpoint::SIZE_MAX;
use super::note::VerifierKey;
use super::read::Reader;
use super::tree::{Hash, is_lower_hex, leaf_hash};
use super::words::{Field, Grade, NodeId, PlanRef, Unit, Why};

/// A leaf is shorter than this many bytes.
pub const LEAF_LIMIT: usize = 512;
/// Largest amount a leaf may hold, in either direction.
pub const AMOUNT_MAX: i64 = 1_000_000_000;

/// Why some bytes are no leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafFault {
    /// 512 bytes or more.
    #[error("기재가 512바이트 이상입니다({0}바이트)")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("UTF-8 글자가 아닙니다")]
    NotUtf8,
    /// Not in Unicode NFC.
    #[error("글자가 NFC로 모여 있지 않습니다")]
    NotNfc,
    /// None of the known kinds.
    #[error("알 수 없는 종류의 기재입니다: {0:?}")]
    UnknownKind(String),
    /// Something else than the canonical form wants here.
    #[error("{at}번째 바이트가 정해진 꼴과 다릅니다")]
    Shape {
        /// Bytes before the fault.
        at: usize,
    },
    /// A value outside what its key allows.
    #[error("{key:?} 값이 허용된 범위를 벗어났습니다")]
    Value {
        /// The key.
        key: &'static str,
    },
}

/// A leaf's own random name (기재 번호): 16 bytes, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeafId(pub [u8; 16]);

impl fmt::Display for LeafId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for LeafId {
    type Err = LeafFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || LeafFault::Value { key: "id" };
        if text.len() != 32 || !is_lower_hex(text) {
            return Err(bad());
        }
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| bad())?;
        Ok(Self(bytes))
    }
}

/// Where and when a number counts: node, period, field, unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The node of the plan it hangs on.
    pub node: NodeId,
    /// First and last month.
    pub period: Period,
    /// The field (부문).
    pub field: Field,
    /// The unit (단위).
    pub unit: Unit,
}

impl Slot {
    /// The year it counts in: the year of its first month.
    pub fn year(&self) -> Year {
        self.period.first().year()
    }
}

/// What a leaf says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A plan version was adopted (계획 채택).
    Plan {
        /// The plan's name.
        reference: PlanRef,
        /// SHA-256 of the plan file's bytes.
        sha256: Hash,
    },
    /// A department's sum, or a figure from the press (집계).
    Count {
        /// Where it counts.
        slot: Slot,
        /// How many; never negative.
        n: i64,
        /// How well it is evidenced.
        grade: Grade,
        /// Whether it is the unexplained rest of a known whole (내역 미상).
        rest: bool,
    },
    /// One person's job (일자리 1건). Its unit is always 일자리 수.
    Job {
        /// Where it counts.
        slot: Slot,
        /// How well it is evidenced; never 보도.
        grade: Grade,
        /// The commitment that stands for the person.
        commit: Hash,
    },
    /// The answer to an earlier leaf that was wrong (정정).
    Correction {
        /// The leaf it answers.
        of: LeafId,
        /// Where it counts: node, field, unit and year of the answered leaf.
        slot: Slot,
        /// What is added; negative to take away, never 0.
        n: i64,
        /// How well it is evidenced.
        grade: Grade,
        /// Why.
        why: Why,
    },
    /// A disclosure was made (공시).
    Disclosure {
        /// The disclosed year.
        year: Year,
        /// Which disclosure of that year, from 1.
        no: i64,
        /// Size of the log whose numbers it discloses.
        size: u64,
        /// Root of that log.
        root: Hash,
        /// SHA-256 of `documents.sha256`.
        docs: Hash,
        /// The disclosure leaf it corrects, if any.
        corrects: Option<LeafId>,
    },
    /// From here on another key signs (키 교체).
    Key {
        /// The new key.
        key: VerifierKey,
    },
}

/// One leaf. Only canonical ones exist: built by [`Leaf::new`] or read by [`Leaf::parse`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    district: DistrictCode,
    id: LeafId,
    body: Body,
}

impl Leaf {
    /// A leaf, if every value is inside its limits.
    pub fn new(district: DistrictCode, id: LeafId, body: Body) -> Result<Self, LeafFault> {
        let fault = |key| Err(LeafFault::Value { key });
        match &body {
            Body::Plan { .. } => {}
            Body::Count { n, .. } if !(0..=AMOUNT_MAX).contains(n) => return fault("n"),
            Body::Count { .. } => {}
            Body::Job { slot, .. } if slot.unit != Unit::Jobs => return fault("unit"),
            Body::Job { grade: Grade::Press, .. } => return fault("grade"),
            Body::Job { .. } => {}
            Body::Correction { n, .. } if *n == 0 || !(-AMOUNT_MAX..=AMOUNT_MAX).contains(n) => return fault("n"),
            Body::Correction { .. } => {}
            Body::Disclosure { year, .. } if !(1900..=2200).contains(&year.0) => return fault("year"),
            Body::Disclosure { no, .. } if !(1..=AMOUNT_MAX).contains(no) => return fault("no"),
            Body::Disclosure { size, .. } if *size > SIZE_MAX => return fault("size"),
            Body::Disclosure { .. } => {}
            Body::Key { key } if !super::checkpoint::is_origin(key.name()) => return fault("key"),
            // The key is the only text without a letter list of its own; it must need no escapes.
            Body::Key { key } if key.name().contains(['"', '\\']) => return fault("key"),
            Body::Key { .. } => {}
        }
        Ok(Self { district, id, body })
    }

    /// The district it belongs to.
    pub fn district(&self) -> &DistrictCode {
        &self.district
    }

    /// Its own random name.
    pub fn id(&self) -> LeafId {
        self.id
    }

    /// What it says.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The kind as it stands in the leaf: `plan`, `count`, `job`, `correction`, `disclosure`, `key`.
    pub fn kind(&self) -> &'static str {
        match self.body {
            Body::Plan { .. } => "plan",
            Body::Count { .. } => "count",
            Body::Job { .. } => "job",
            Body::Correction { .. } => "correction",
            Body::Disclosure { .. } => "disclosure",
            Body::Key { .. } => "key",
        }
    }

    /// The slot it counts in; `None` for kinds that carry no number.
    pub fn slot(&self) -> Option<&Slot> {
        match &self.body {
            Body::Count { slot, .. } | Body::Job { slot, .. } | Body::Correction { slot, .. } => Some(slot),
            Body::Plan { .. } | Body::Disclosure { .. } | Body::Key { .. } => None,
        }
    }

    /// What it adds to its slot; 0 for kinds that carry no number.
    pub fn amount(&self) -> i64 {
        match &self.body {
            Body::Count { n, .. } | Body::Correction { n, .. } => *n,
            Body::Job { .. } => 1,
            Body::Plan { .. } | Body::Disclosure { .. } | Body::Key { .. } => 0,
        }
    }

    /// The leaf hash of its line (RFC 6962).
    pub fn hash(&self) -> Hash {
        leaf_hash(self.to_line().as_bytes())
    }

    /// The canonical line, without a newline.
    pub fn to_line(&self) -> String {
        let mut line = format!(r#"{{"v":1,"k":"{}","d":"{}","id":"{}""#, self.kind(), self.district, self.id);
        // Writing into a String cannot fail.
        let _ = match &self.body {
            Body::Plan { reference, sha256 } => write!(line, r#","ref":"{reference}","sha256":"{sha256}"}}"#),
            Body::Count { slot, n, grade, rest } => {
                write_slot(&mut line, slot);
                write!(line, r#","n":{n},"grade":{},"rest":{}}}"#, grade.number(), u8::from(*rest))
            }
            Body::Job { slot, grade, commit } => {
                write_slot(&mut line, slot);
                write!(line, r#","n":1,"grade":{},"commit":"{commit}"}}"#, grade.number())
            }
            Body::Correction { of, slot, n, grade, why } => {
                let _ = write!(line, r#","of":"{of}""#);
                write_slot(&mut line, slot);
                write!(line, r#","n":{n},"grade":{},"why":"{why}"}}"#, grade.number())
            }
            Body::Disclosure { year, no, size, root, docs, corrects } => {
                let corrects = corrects.map(|id| id.to_string()).unwrap_or_default();
                write!(
                    line,
                    r#","year":{year},"no":{no},"size":{size},"root":"{root}","docs":"{docs}","corrects":"{corrects}"}}"#
                )
            }
            Body::Key { key } => write!(line, r#","key":"{key}"}}"#),
        };
        line
    }

    /// Reads a line. Anything that [`Leaf::to_line`] would not write byte for byte is refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafFault> {
        if bytes.len() >= LEAF_LIMIT {
            return Err(LeafFault::TooLong(bytes.len()));
        }
        let line = std::str::from_utf8(bytes).map_err(|_| LeafFault::NotUtf8)?;
        if !is_nfc(line) {
            return Err(LeafFault::NotNfc);
        }
        let leaf = Reader::new(line).leaf()?;
        if leaf.to_line() == line { Ok(leaf) } else { Err(LeafFault::Shape { at: line.len() }) }
    }
}

fn write_slot(line: &mut String, slot: &Slot) {
    let (first, last) = (slot.period.first().number(), slot.period.last().number());
    let _ = write!(
        line,
        r#","node":"{}","from":{first},"to":{last},"field":"{}","unit":"{}""#,
        slot.node, slot.field, slot.unit
    );
}
