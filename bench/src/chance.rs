//! Numbers that look random and are the same each time (정해진 난수), by a seed that a test can print.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to make people up.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number from 0 up to `below`, not included; 0 where that is 0.
    pub fn below(&mut self, below: i64) -> i64 {
        let span = u64::try_from(below).unwrap_or(0).max(1);
        i64::try_from(self.draw() % span).unwrap_or(0)
    }
}
