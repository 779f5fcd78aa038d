//! Money, counts and rates: whole numbers, checked sums, rounding once.

use std::fmt;

/// Korean won (원).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Won(pub i64);

impl Won {
    /// Sum that notices overflow.
    pub fn checked_add(self, other: Won) -> Option<Won> {
        self.0.checked_add(other.0).map(Won)
    }

    /// As a plan prints it: in 백만원, rounded half up; below a million, in won.
    pub fn korean(self) -> String {
        if self.0.abs() >= 1_000_000 {
            let sign = if self.0 < 0 { -1 } else { 1 };
            format!("{}백만 원", grouped(sign * ((self.0.abs() + 500_000) / 1_000_000)))
        } else {
            format!("{}원", grouped(self.0))
        }
    }
}

impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

/// A number of jobs (일자리 수), signed because corrections subtract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct JobCount(pub i64);

impl JobCount {
    /// Sum that notices overflow.
    pub fn checked_add(self, other: JobCount) -> Option<JobCount> {
        self.0.checked_add(other.0).map(JobCount)
    }
}

impl fmt::Display for JobCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

/// A rate (율) as two integers. Never a float; rounded once, when shown, half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    numerator: i64,
    denominator: i64,
}

impl Rate {
    /// `None` unless the denominator is positive.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// The upper number.
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// The lower number.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// Tenths of a percent, rounded half up (away from zero): 6,570 of 6,000 is 1,095.
    pub fn per_mille(self) -> i64 {
        let wide =
            i128::from(self.numerator) * 2000 + i128::from(self.denominator) * i128::from(self.numerator.signum());
        i64::try_from(wide / (i128::from(self.denominator) * 2)).unwrap_or(i64::MAX)
    }

    /// One decimal, rounded half up: `109.5`.
    pub fn percent_text(self) -> String {
        let tenths = self.per_mille();
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}", grouped(tenths.abs() / 10), tenths.abs() % 10)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent_text())
    }
}

/// Groups digits by three: 24000 → `24,000`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_achievement_rates_are_computed_once_and_half_up() {
        let rate = |top, bottom| Rate::new(top, bottom).expect("a rate").percent_text();
        assert_eq!(rate(6318, 6000), "105.3");
        assert_eq!(rate(6570, 6000), "109.5");
        assert_eq!(rate(14434, 12515), "115.3");
        assert_eq!(rate(14955, 12270), "121.9");
        assert_eq!(rate(13262, 12270), "108.1");
        assert_eq!(rate(1, 2000), "0.1");
        assert_eq!(rate(-1, 2000), "-0.1");
        assert!(Rate::new(1, 0).is_none());
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(grouped(51200), "51,200");
        assert_eq!(grouped(-1234567), "-1,234,567");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }
}
