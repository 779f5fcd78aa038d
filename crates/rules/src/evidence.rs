//! What is known of a person and by which paper (증빙): a value, the document, the day it is of.
//!
//! Owns: that a document older than the rules allow proves nothing. Does not own: the documents
//! themselves, which are nowhere kept here. What a newcomer gets wrong: refusing somebody for an old
//! paper. What it said is not known any more, and the answer says which paper to bring anew.

use iljari_base::Date;

use crate::eval::Person;
use crate::model::RuleSet;
use crate::value::Value;

/// What proves a fact (증빙).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Which document was seen or which look-up answered.
    pub document: String,
    /// The day it is of: issued, or looked up (조회일).
    pub dated: Date,
}

/// A known value, with what proves it. What somebody only says has no proof, and no age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// What proves it.
    pub proof: Option<Proof>,
}

/// What is known of a person by documents, by place in [`RuleSet::facts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Known values.
    pub facts: Vec<Option<Known>>,
    /// 기준일.
    pub as_of: Date,
}

/// A fact whose document is too old (오래된 서류).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The fact, by place.
    pub fact: usize,
    /// The day its document is of.
    pub dated: Date,
    /// How many days old it may be.
    pub days: i64,
}

impl Evidence {
    /// What counts as known on the day, and what does not because its document is too old.
    pub fn person(&self, rules: &RuleSet) -> (Person, Vec<Stale>) {
        let (mut facts, mut stale) = (Vec::with_capacity(rules.facts.len()), Vec::new());
        for (place, fact) in rules.facts.iter().enumerate() {
            let known = self.facts.get(place).and_then(Option::as_ref);
            let dated = known.and_then(|known| known.proof.as_ref()).map(|proof| proof.dated);
            let too_old = fact.fresh_days.zip(dated).filter(|(days, dated)| dated.days_until(self.as_of) > *days);
            if let Some((days, dated)) = too_old {
                stale.push(Stale { fact: place, dated, days });
            }
            facts.push(known.filter(|_| too_old.is_none()).map(|known| known.value.clone()));
        }
        (Person { facts, as_of: self.as_of }, stale)
    }
}
