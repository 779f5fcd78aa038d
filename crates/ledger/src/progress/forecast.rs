//! Where a year may end (연말 예상), from what the same node did before.
//!
//! Owns: the interval, when there is none, and the words that say how it was made. Does not own:
//! whether a target is missed (`pace`).
//! What a newcomer gets wrong: an interval from three numbers. Below [`POINTS_MIN`] points, or where
//! history has fewer than [`RUNS_MIN`] stretches as long as what is left, the answer is '자료 부족'.
//!
//! The method has no distribution in it, so that anybody can redo it with a pencil: of all stretches
//! in the node's past that are as long as the rest of this year, the smallest, the middle and the
//! largest are added to what stands. Only integers are used.

use iljari_base::quantity::grouped;

use super::course::Course;

/// Fewer points than this make no interval.
pub const POINTS_MIN: usize = 6;
/// Fewer stretches than this make no interval.
pub const RUNS_MIN: usize = 3;
/// The lengths of a step that cut a year evenly, in months.
const STEPS: [i8; 5] = [1, 2, 3, 4, 6];

/// The three numbers and what they rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The last month reported.
    pub month: i8,
    /// What stands.
    pub actual: i64,
    /// The year's end after the smallest stretch.
    pub low: i64,
    /// After the middle one.
    pub middle: i64,
    /// After the largest.
    pub high: i64,
    /// Months in a step.
    pub step: i8,
    /// Steps of history that were used.
    pub points: usize,
    /// Stretches that were compared.
    pub runs: usize,
}

/// Why there is no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Nothing was reported this year.
    Nothing,
    /// The year is over; nothing is left to expect.
    Finished,
    /// The months cannot be cut into equal steps.
    Uneven,
    /// Too few points: so many.
    Points(usize),
    /// Enough points, but too few stretches as long as the rest of the year: so many.
    Runs(usize),
}

impl Lack {
    /// As a page says it.
    pub fn korean(self) -> String {
        match self {
            Lack::Nothing => "자료 부족: 올해 들어온 기록이 없습니다".to_owned(),
            Lack::Finished => "한 해가 다 찼습니다".to_owned(),
            Lack::Uneven => "자료 부족: 보고한 기간의 길이가 달라 견줄 수 없습니다".to_owned(),
            Lack::Points(count) => {
                format!("자료 부족: 견줄 지난 기간이 {POINTS_MIN}개는 있어야 하는데 {count}개뿐입니다")
            }
            Lack::Runs(count) => {
                format!("자료 부족: 남은 기간만큼 이어진 지난 기간이 {RUNS_MIN}번은 있어야 하는데 {count}번뿐입니다")
            }
        }
    }
}

/// Expects the rest of a year. `before`: the years before it, nearest first, without a gap.
///
/// Steps are as short as this year allows. An earlier year is used as long as it is whole and can be
/// cut into the same steps. A year's first step is left out and no stretch runs over New Year:
/// programs that begin all at once in January would make every forecast jump.
pub fn forecast(now: &Course, before: &[&Course]) -> Result<Forecast, Lack> {
    let month = now.until().ok_or(Lack::Nothing)?;
    if month >= 12 {
        return Err(Lack::Finished);
    }
    let cut = |step: i8| Some((step, now.steps(step)?));
    let (step, this_year) = STEPS.into_iter().find_map(cut).ok_or(Lack::Uneven)?;
    let left = usize::try_from((12 - month) / step).unwrap_or(0);
    let mut years: Vec<Vec<i64>> = vec![this_year];
    years.extend(before.iter().map_while(|year| year.steps(step).filter(|_| year.whole().is_some())));
    let usable: Vec<&[i64]> = years.iter().filter_map(|steps| steps.get(1..)).collect();
    let points: usize = usable.iter().map(|steps| steps.len()).sum();
    if points < POINTS_MIN {
        return Err(Lack::Points(points));
    }
    let mut runs: Vec<i64> = usable
        .iter()
        .flat_map(|steps| steps.windows(left.max(1)))
        .map(|run| run.iter().fold(0, |sum, step| i64::saturating_add(sum, *step)))
        .collect();
    if runs.len() < RUNS_MIN {
        return Err(Lack::Runs(runs.len()));
    }
    runs.sort_unstable();
    let actual = now.total();
    let end = |rest: i64| actual.saturating_add(rest);
    let (low, high) = (runs.first().copied().unwrap_or(0), runs.last().copied().unwrap_or(0));
    let forecast = Forecast {
        month,
        actual,
        low: end(low),
        middle: end(middle(&runs)),
        high: end(high),
        step,
        points,
        runs: runs.len(),
    };
    Ok(forecast)
}

/// The middle of a sorted list; of two, their mean, rounded half up.
fn middle(sorted: &[i64]) -> i64 {
    let half = sorted.len() / 2;
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0);
    if sorted.len() % 2 == 1 {
        return at(half);
    }
    let sum = at(half.saturating_sub(1)).saturating_add(at(half)).saturating_add(1);
    sum.div_euclid(2)
}

impl Forecast {
    /// How it was made, for the page that shows it.
    pub fn method(&self) -> String {
        let left = 12 - self.month;
        format!(
            "{}월까지의 {}에, 이 자리의 지난 기록에서 잇따른 {left}개월의 합을 더했습니다. 그런 {left}개월은 {}번 있었고, \
             가장 적을 때·가운데·가장 많을 때를 씁니다. 해의 첫 기간과 해를 넘는 기간은 뺍니다.",
            self.month,
            grouped(self.actual),
            self.runs
        )
    }

    /// `6,180~6,412`.
    pub fn span(&self) -> String {
        if self.low == self.high {
            return grouped(self.low);
        }
        format!("{}~{}", grouped(self.low), grouped(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::tests::course;
    use super::*;

    fn monthly(amounts: &[i64]) -> Course {
        let runs: Vec<(i8, i8, i64)> = (1..).zip(amounts).map(|(month, amount)| (month, month, *amount)).collect();
        course(&runs)
    }

    fn quarterly(amounts: &[i64]) -> Course {
        let runs: Vec<(i8, i8, i64)> =
            (0..).zip(amounts).map(|(nth, amount)| (nth * 3 + 1, nth * 3 + 3, *amount)).collect();
        course(&runs)
    }

    #[test]
    fn an_interval_comes_from_the_nodes_own_stretches() {
        let now = monthly(&[41, 38, 57, 62, 60, 58, 49, 52, 66, 64]);
        let told = forecast(&now, &[]).expect("an interval");
        // Two months are left: 95 is the smallest of eight neighbours after January, 130 the largest.
        assert_eq!((told.month, told.actual, told.step, told.points, told.runs), (10, 547, 1, 9, 8));
        assert_eq!((told.low, told.middle, told.high), (547 + 95, 547 + 118, 547 + 130));
        assert_eq!(told.span(), "642~677");
        assert!(told.method().contains("10월까지의 547에"), "{}", told.method());
        assert!(told.method().contains("2개월은 8번"), "{}", told.method());
    }

    #[test]
    fn fewer_than_six_points_are_too_few() {
        let lacks = |now: &Course, before: &[&Course]| forecast(now, before).expect_err("too little");
        assert_eq!(lacks(&monthly(&[41, 38, 57, 62, 60, 58]), &[]), Lack::Points(5));
        assert_eq!(lacks(&quarterly(&[136, 180, 167]), &[]), Lack::Points(2));
        assert_eq!(lacks(&quarterly(&[136, 180, 167]), &[&quarterly(&[1, 2, 3, 4])]), Lack::Points(5));
        assert_eq!(lacks(&course(&[(1, 9, 13_262)]), &[]), Lack::Uneven, "nine months are cut by no step of a year");
        assert_eq!(lacks(&course(&[(1, 6, 300)]), &[]), Lack::Points(0));
        assert_eq!(lacks(&course(&[]), &[]), Lack::Nothing);
        assert_eq!(lacks(&course(&[(1, 12, 6_570)]), &[]), Lack::Finished);
        assert!(Lack::Points(5).korean().starts_with("자료 부족") && Lack::Points(5).korean().contains("5개뿐"));
    }

    #[test]
    fn six_points_with_too_few_stretches_are_too_few_too() {
        let now = monthly(&[41, 38, 57, 62, 60, 58, 49]);
        assert_eq!(forecast(&now, &[]).expect_err("five months are left"), Lack::Runs(2));
    }

    #[test]
    fn an_earlier_year_counts_as_long_as_it_is_cut_alike() {
        let (last, before) = (quarterly(&[500, 60, 70, 90]), quarterly(&[480, 50, 65, 85]));
        let now = quarterly(&[510, 55, 62]);
        let told = forecast(&now, &[&last, &before]).expect("two years of quarters");
        assert_eq!((told.step, told.points, told.runs), (3, 8, 8));
        assert_eq!((told.low, told.high), (627 + 50, 627 + 90), "the first quarters' 500 make no stretch");
        let yearly = course(&[(1, 12, 700)]);
        assert_eq!(forecast(&now, &[&yearly, &last]).expect_err("a year between is a gap"), Lack::Points(2));
        let unfinished = quarterly(&[500, 60]);
        assert_eq!(forecast(&now, &[&unfinished]).expect_err("not whole"), Lack::Points(2));
    }

    #[test]
    fn a_year_that_only_falls_is_expected_to_fall() {
        let now = monthly(&[90, -1, -2, -3, -1, -2, -3, -1, -2, -3]);
        let told = forecast(&now, &[]).expect("an interval");
        assert!(told.high < told.actual && told.low <= told.middle && told.middle <= told.high, "{told:?}");
    }

    #[test]
    fn the_middle_of_two_is_rounded_half_up() {
        assert_eq!(middle(&[1, 2]), 2);
        assert_eq!(middle(&[-2, -1]), -1);
        assert_eq!(middle(&[1, 5, 9]), 5);
        assert_eq!(middle(&[]), 0);
    }
}
