//! How fast one may guess (시도 간격): a growing delay, never a lock.
//!
//! Owns: the arithmetic of a lane. Does not own: the rows (`store`) or who guesses.
//! What a newcomer gets wrong: an attempt is counted when it is let in, *before* the password is
//! looked at, and taken back when it was right. Otherwise a hundred attempts at once would all
//! find the lane free.
//!
//! Three kinds of lane:
//!
//! | lane | who shares it | why |
//! | --- | --- | --- |
//! | account | all strangers at one account | at most 100 tries a day reach the hash (NIST 800-63B) |
//! | address | everything from one address | an office behind one address must still get in: generous |
//! | device | one account from a browser it has used before | a stranger cannot keep the owner out |

use iljari_base::Timestamp;
use sha2::{Digest, Sha256};

/// What is known of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Attempts let in since the last right one.
    pub failures: i64,
    /// When the last one was let in.
    pub last_at: Timestamp,
    /// From when on the next one is let in.
    pub next_at: Timestamp,
}

/// How a kind of lane slows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Attempts without delay.
    pub free: i64,
    /// The first delay in seconds; each further one is twice as long.
    pub first_delay: i64,
    /// The longest delay in seconds.
    pub longest_delay: i64,
    /// Seconds of quiet after which everything is forgotten.
    pub forgotten_after: i64,
}

/// An account seen from browsers that it has not used before.
pub const ACCOUNT: Pace = Pace { free: 4, first_delay: 30, longest_delay: 20 * 60, forgotten_after: 24 * 3600 };
/// One address, whatever account.
pub const ADDRESS: Pace = Pace { free: 30, first_delay: 10, longest_delay: 5 * 60, forgotten_after: 3600 };

impl Pace {
    /// The lane after one more attempt, or the seconds to wait.
    pub fn admit(self, lane: Option<Lane>, now: Timestamp) -> Result<Lane, i64> {
        let known = lane.filter(|lane| now < lane.last_at.plus_seconds(self.forgotten_after));
        if let Some(lane) = known
            && now < lane.next_at
        {
            let micros = lane.next_at.as_microsecond() - now.as_microsecond();
            return Err(micros.div_euclid(1_000_000) + i64::from(micros.rem_euclid(1_000_000) > 0));
        }
        let failures = known.map_or(0, |lane| lane.failures).saturating_add(1);
        Ok(Lane { failures, last_at: now, next_at: now.plus_seconds(self.delay_after(failures)) })
    }

    fn delay_after(self, failures: i64) -> i64 {
        let beyond = failures - self.free;
        if beyond <= 0 {
            return 0;
        }
        // Twenty doublings are past every longest delay.
        let doublings = u32::try_from((beyond - 1).min(20)).unwrap_or(20);
        self.first_delay.saturating_mul(1 << doublings).min(self.longest_delay)
    }
}

/// The name of an account's lane. Hashed, because people type passwords into the name field.
pub fn account_lane(login: &str) -> String {
    format!("account {}", account_hash(login))
}

/// The name of an address's lane.
pub fn address_lane(address: &str) -> String {
    format!("address {address}")
}

/// The name of the lane of one account from one known browser.
pub fn device_lane(login: &str, device_hash: &str) -> String {
    format!("device {} {device_hash}", account_hash(login))
}

/// What stands for a typed name in tables and logs.
pub fn account_hash(login: &str) -> String {
    hex::encode(Sha256::digest(login.as_bytes()))
}

/// `40초`, `3분`: how people read a wait, rounded up.
pub fn korean_wait(seconds: i64) -> String {
    if seconds < 60 { format!("{}초", seconds.max(1)) } else { format!("{}분", (seconds + 59) / 60) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::{Clock, FixedClock};

    fn clock() -> FixedClock {
        FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000))
    }

    #[test]
    fn delays_grow_and_end() {
        let clock = clock();
        let mut lane = None;
        // After the nth attempt one waits so many seconds.
        for (attempt, expected) in [
            (1, 0),
            (2, 0),
            (3, 0),
            (4, 0),
            (5, 30),
            (6, 60),
            (7, 120),
            (8, 240),
            (9, 480),
            (10, 960),
            (11, 1200),
            (12, 1200),
        ] {
            let next = ACCOUNT.admit(lane, clock.now()).expect("let in");
            let wait = (next.next_at.as_second()) - clock.now().as_second();
            assert_eq!(wait, expected, "attempt {attempt}");
            if wait > 0 {
                clock.advance_seconds(wait - 1);
                assert_eq!(ACCOUNT.admit(Some(next), clock.now()), Err(1), "attempt {attempt}, a second early");
                clock.advance_seconds(1);
            }
            lane = Some(next);
        }
    }

    #[test]
    fn ten_thousand_guesses_a_minute_reach_the_hash_a_hundred_times_a_day_at_most() {
        let clock = clock();
        let (mut lane, mut reached) = (None, 0);
        for _second in 0..86_400 {
            // 167 a second; within one second only the free ones differ.
            for _guess in 0..167 {
                match ACCOUNT.admit(lane, clock.now()) {
                    Ok(next) => {
                        reached += 1;
                        lane = Some(next);
                    }
                    Err(_) => break,
                }
            }
            clock.advance_seconds(1);
        }
        assert!((50..=100).contains(&reached), "{reached}");
    }

    #[test]
    fn a_quiet_day_is_forgotten() {
        let clock = clock();
        let mut lane = None;
        for _ in 0..5 {
            lane = Some(ACCOUNT.admit(lane, clock.now()).expect("let in"));
        }
        assert!(ACCOUNT.admit(lane, clock.now()).is_err());
        clock.advance_seconds(86_400);
        assert_eq!(ACCOUNT.admit(lane, clock.now()).expect("let in").failures, 1);
    }

    #[test]
    fn waits_are_read_aloud() {
        assert_eq!(korean_wait(0), "1초");
        assert_eq!(korean_wait(59), "59초");
        assert_eq!(korean_wait(60), "1분");
        assert_eq!(korean_wait(61), "2분");
    }
}
