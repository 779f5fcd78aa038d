//! Every entity its own id: a marker per entity, alphabetical, append-only.
//!
//! An id is 128 bits, ordered by time (48 bits of milliseconds, then chance) and printed with a
//! short kind prefix, so that a pasted id says what it is: `ent_01kb…`. Ids are internal: none
//! enters a public leaf. Codes shown to people (접수번호) are something else.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use crate::clock::Clock;
use crate::entropy::Entropy;

/// What kind of thing an id names.
pub trait Kind {
    /// The three letters before the underscore.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {}
            impl Kind for $name { const PREFIX: &'static str = $prefix; }
        )*
    };
}

kinds! {
    /// A line of the access log (접속기록).
    Access = "acc";
    /// A table by a personal attribute as handed in (개인 속성 집계).
    AttributeSheet = "ats";
    /// A look at a protected person's record with a reason (긴급 열람).
    BreakGlass = "brk";
    /// A disclosure (공시).
    Disclosure = "dsc";
    /// A ledger entry (원장 기재).
    Entry = "ent";
    /// An office user (담당자).
    Officer = "ofc";
    /// An adopted version of a plan (채택된 계획 판).
    PlanVersion = "plv";
    /// A resident without an account (주민).
    Resident = "rsd";
    /// A box of sealed evidence about one resident, destroyed apart from her (증빙함).
    ResidentBox = "rbx";
    /// A seal (봉인).
    Seal = "sel";
    /// A sign-in (접속). Not a counselling session.
    Session = "ses";
    /// A number waiting for its second person (확인 대기).
    Staged = "stg";
}

/// The id of one entity of kind `K`.
pub struct Id<K>(u128, PhantomData<fn() -> K>);

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> Id<K> {
    /// A fresh id.
    pub fn fresh(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
        let mut chance = [0; 16];
        entropy.fill(&mut chance);
        let millis = u128::try_from(clock.now().as_microsecond() / 1000).unwrap_or(0);
        Self((millis << 80) | (u128::from_le_bytes(chance) >> 48), PhantomData)
    }
}

/// Crockford's base 32 in small letters: no i, l, o, u.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", K::PREFIX)?;
        for place in (0..26).rev() {
            let digit = usize::try_from((self.0 >> (place * 5)) & 31).unwrap_or(0);
            write!(f, "{}", char::from(DIGITS[digit]))?;
        }
        Ok(())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no id of the wanted kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{wanted} 번호로 읽을 수 없습니다: {found:?}")]
pub struct BadId {
    /// The prefix that was wanted.
    pub wanted: &'static str,
    /// What stood there.
    pub found: String,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadId { wanted: K::PREFIX, found: text.to_owned() };
        let digits = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(bad)?;
        if digits.len() != 26 {
            return Err(bad());
        }
        let mut value: u128 = 0;
        for byte in digits.bytes() {
            let digit = DIGITS.iter().position(|known| *known == byte).ok_or_else(bad)?;
            if value >> 123 != 0 {
                return Err(bad());
            }
            value = (value << 5) | u128::try_from(digit).unwrap_or(0);
        }
        Ok(Self(value, PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::date::Timestamp;
    use crate::entropy::SeededEntropy;

    #[test]
    fn an_id_reads_back_and_later_ids_sort_later() {
        let clock = FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000));
        let entropy = SeededEntropy::new("ids");
        let one: Id<Entry> = Id::fresh(&clock, &entropy);
        clock.advance_seconds(1);
        let other: Id<Entry> = Id::fresh(&clock, &entropy);
        assert!(one.to_string() < other.to_string());
        assert_eq!(one.to_string().parse::<Id<Entry>>(), Ok(one));
        assert!(one.to_string().parse::<Id<Officer>>().is_err());
    }
}
