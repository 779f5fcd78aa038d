//! Exact decimals (정확한 소수): an integer and how many of its digits stand behind the point.
//!
//! Owns: arithmetic that never rounds and says so when it would overflow. Does not own: money or
//! counts as the office keeps them (`base`). What a newcomer gets wrong: 85 % of 2,564,238 won is
//! 2,179,602.3 won here, and an income of 2,179,602 won is compared with exactly that.

use std::cmp::Ordering;
use std::fmt;

use iljari_base::quantity::grouped;

/// An exact decimal, at most twelve digits behind the point.
#[derive(Debug, Clone, Copy)]
pub struct Num {
    scaled: i128,
    decimals: u8,
}

const DECIMALS_MAX: u8 = 12;

impl Num {
    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { scaled: i128::from(value), decimals: 0 }
    }

    /// `653` and 1 are 65.3.
    pub fn new(scaled: i64, decimals: u8) -> Option<Self> {
        (decimals <= DECIMALS_MAX).then(|| Self { scaled: i128::from(scaled), decimals }.normal())
    }

    /// The value, where it is a whole number that an i64 holds.
    pub fn as_whole(self) -> Option<i64> {
        let normal = self.normal();
        (normal.decimals == 0).then(|| i64::try_from(normal.scaled).ok()).flatten()
    }

    /// Rounded to a whole number, halves away from zero, as the published tables of 기준중위소득 are.
    pub fn rounded(self) -> Option<Self> {
        let unit = 10_i128.checked_pow(u32::from(self.decimals))?;
        let half = unit / 2;
        let shifted = if self.scaled < 0 { self.scaled.checked_sub(half)? } else { self.scaled.checked_add(half)? };
        Some(Self { scaled: shifted / unit, decimals: 0 })
    }

    /// The largest whole number that is not above it, and whether it is that number.
    pub(crate) fn floor(self) -> (i128, bool) {
        let unit = 10_i128.pow(u32::from(self.decimals.min(DECIMALS_MAX)));
        (self.scaled.div_euclid(unit), self.scaled % unit == 0)
    }

    /// Sum, or `None` when it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (one, two, decimals) = self.aligned(other)?;
        Some(Self { scaled: one.checked_add(two)?, decimals }.normal())
    }

    /// Difference, or `None` when it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        let (one, two, decimals) = self.aligned(other)?;
        Some(Self { scaled: one.checked_sub(two)?, decimals }.normal())
    }

    /// Product, or `None` when it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.checked_add(other.decimals)?;
        let product = Self { scaled: self.scaled.checked_mul(other.scaled)?, decimals }.normal();
        (product.decimals <= DECIMALS_MAX).then_some(product)
    }

    /// The largest whole number that is not above it.
    pub fn rounded_down(self) -> Option<Self> {
        let unit = 10_i128.checked_pow(u32::from(self.decimals))?;
        Some(Self { scaled: self.scaled.div_euclid(unit), decimals: 0 })
    }

    /// How many whole per cent of `whole` this is, rounded up; `None` of nothing or less.
    pub fn percent_of(self, whole: Self) -> Option<Self> {
        let (part, whole, _) = self.aligned(whole)?;
        if whole <= 0 {
            return None;
        }
        let hundredfold = part.checked_mul(100)?;
        let over = i128::from(hundredfold.rem_euclid(whole) != 0);
        Some(Self { scaled: hundredfold.div_euclid(whole) + over, decimals: 0 })
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u8)> {
        let decimals = self.decimals.max(other.decimals);
        let lifted = |num: Self| {
            let factor = 10_i128.checked_pow(u32::from(decimals.saturating_sub(num.decimals)))?;
            num.scaled.checked_mul(factor)
        };
        Some((lifted(self)?, lifted(other)?, decimals))
    }

    fn normal(mut self) -> Self {
        while self.decimals > 0 && self.scaled % 10 == 0 {
            self.scaled /= 10;
            self.decimals -= 1;
        }
        self
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Num {}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((one, two, _)) => one.cmp(&two),
            // Only numbers of wholly different size cannot be lifted to one scale.
            None => self.scaled.signum().cmp(&other.scaled.signum()).then_with(|| {
                let digits = |num: &Self| {
                    num.scaled.unsigned_abs().checked_ilog10().unwrap_or(0).saturating_sub(u32::from(num.decimals))
                };
                digits(self).cmp(&digits(other))
            }),
        }
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let normal = self.normal();
        let unit = 10_i128.pow(u32::from(normal.decimals.min(DECIMALS_MAX)));
        let whole = i64::try_from(normal.scaled / unit).map_or_else(|_| (normal.scaled / unit).to_string(), grouped);
        if normal.decimals == 0 {
            return f.write_str(&whole);
        }
        let sign = if normal.scaled < 0 && normal.scaled / unit == 0 { "-" } else { "" };
        let rest = (normal.scaled % unit).unsigned_abs();
        write!(f, "{sign}{whole}.{rest:0width$}", width = usize::from(normal.decimals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_median_is_exact() {
        let limit = Num::whole(2_564_238).times(Num::new(85, 2).expect("0.85")).expect("fits");
        assert_eq!(limit.to_string(), "2,179,602.3");
        assert!(Num::whole(2_179_602) < limit && limit < Num::whole(2_179_603));
        assert_eq!(limit.rounded().and_then(Num::as_whole), Some(2_179_602));
        // 63 % of 3,932,658 is printed as 2,477,575 in the official table.
        let printed = Num::whole(3_932_658).times(Num::new(63, 2).expect("0.63")).and_then(Num::rounded);
        assert_eq!(printed.and_then(Num::as_whole), Some(2_477_575));
    }

    #[test]
    fn per_cent_are_rounded_up_so_that_a_bound_is_exact() {
        let percent = |part: i64, whole: i64| Num::whole(part).percent_of(Num::whole(whole)).and_then(Num::as_whole);
        // 85 % of 2,564,238 is 2,179,602.3: one won more is over the bound.
        assert_eq!(percent(2_179_602, 2_564_238), Some(85));
        assert_eq!(percent(2_179_603, 2_564_238), Some(86));
        assert_eq!((percent(0, 5), percent(5, 5), percent(6, 5)), (Some(0), Some(100), Some(120)));
        assert_eq!(percent(5, 0), None);
        assert_eq!(Num::new(-5, 1).and_then(Num::rounded_down).and_then(Num::as_whole), Some(-1));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        assert_eq!(Num { scaled: i128::MAX, decimals: 0 }.times(Num::whole(2)), None);
        assert_eq!(Num::new(5, 1).expect("0.5"), Num::new(50, 2).expect("0.50"));
        assert_eq!(Num::new(-5, 1).expect("-0.5").to_string(), "-0.5");
        assert_eq!(Num::new(-25, 1).and_then(Num::rounded).and_then(Num::as_whole), Some(-3));
    }
}
