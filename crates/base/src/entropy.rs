//! The one door through which randomness enters (I7).

use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// Gives random bytes. Everything that needs chance takes one.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);

    /// A number below `bound`, without bias (rejection sampling); 0 when `bound` is 0.
    fn below(&self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let mut bytes = [0; 8];
            self.fill(&mut bytes);
            let number = u64::from_le_bytes(bytes);
            if number < limit {
                return number % bound;
            }
        }
    }

    /// Shuffles in place (Fisher–Yates).
    fn shuffle<T>(&self, items: &mut [T])
    where
        Self: Sized,
    {
        shuffle(self, items);
    }
}

/// Shuffles in place (Fisher–Yates), for a `dyn Entropy` too.
pub fn shuffle<T>(entropy: &(impl Entropy + ?Sized), items: &mut [T]) {
    for upper in (1..items.len()).rev() {
        let bound = u64::try_from(upper).unwrap_or(u64::MAX).saturating_add(1);
        let other = usize::try_from(entropy.below(bound)).unwrap_or(upper);
        items.swap(upper, other);
    }
}

/// The operating system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "this is the door; without randomness nothing may go on"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// Repeatable bytes from a seed (SHA-256 in counter mode), for tests and the demo's invented data.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: [u8; 32],
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// Same seed, same bytes.
    pub fn new(seed: &str) -> Self {
        Self { seed: Sha256::digest(seed.as_bytes()).into(), counter: Mutex::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut counter = self.counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            *counter = counter.wrapping_add(1);
            let block = Sha256::new().chain_update(self.seed).chain_update(counter.to_le_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_a_shuffle_loses_nothing() {
        let (one, other) = (SeededEntropy::new("가"), SeededEntropy::new("가"));
        let mut left: Vec<u32> = (0..100).collect();
        let mut right = left.clone();
        one.shuffle(&mut left);
        shuffle(&other as &dyn Entropy, &mut right);
        assert_eq!(left, right);
        left.sort_unstable();
        assert_eq!(left, (0..100).collect::<Vec<_>>());
    }
}
