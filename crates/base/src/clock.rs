//! The one door through which time enters (I7).

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::date::{Date, Timestamp};

/// Tells the present instant. Everything that needs "now" takes one.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> Timestamp;

    /// Today's date in Asia/Seoul.
    fn today(&self) -> Date {
        self.now().seoul_date()
    }
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> Timestamp {
        Timestamp::from_jiff(jiff::Timestamp::now())
    }
}

/// A clock for tests and the demo: stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64, Mutex<()>);

impl FixedClock {
    /// A clock that stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()), Mutex::new(()))
    }

    /// Sets the clock to another instant.
    pub fn set(&self, at: Timestamp) {
        let _one_at_a_time = self.1.lock();
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the clock forward (or back, with a negative number) by seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        let _one_at_a_time = self.1.lock();
        self.0.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst))
    }
}
