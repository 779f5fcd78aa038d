//! The words everyone shares: ids, dates, money, counts, rates, clock, entropy, actors, refusals.
//!
//! Owns: small value types with one meaning each, and the two doors through which time and
//! randomness enter. Does not own: anything of the domain (a plan, an entry), any IO.
//! What a newcomer gets wrong: reading the system clock. Ask a [`Clock`].

pub mod actor;
pub mod clock;
pub mod code;
pub mod csv;
pub mod date;
pub mod entropy;
pub mod id;
pub mod korean;
pub mod markup;
pub mod quantity;
pub mod refusal;

pub use actor::Actor;
pub use clock::{Clock, FixedClock, SystemClock};
pub use code::DistrictCode;
pub use date::{Date, Month, Period, Timestamp, Year};
pub use entropy::{Entropy, OsEntropy, SeededEntropy};
pub use id::Id;
pub use quantity::{JobCount, Rate, Won};
pub use refusal::{Failure, FailureKind, Inconsistency, Outcome, Refusal, Stop};
