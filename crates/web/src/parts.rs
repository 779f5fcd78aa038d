//! Plain values that the component macros draw: choices, steps, pages.
//!
//! Owns: the shapes. Does not own: the mark-up (`templates/component`).
//! What a newcomer gets wrong: leaving out "잘 모르겠습니다" where a person may not know.

/// One choice of a select, a radio group or a group of check boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A sentence below it; empty for none.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// The same choice with a sentence below it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same choice, chosen or not.
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// Marks the choices whose value is among those sent.
    pub fn mark(choices: Vec<Choice>, sent: &[&str]) -> Vec<Choice> {
        let mark = |choice: Choice| {
            let chosen = sent.contains(&choice.value.as_str());
            choice.chosen(chosen)
        };
        choices.into_iter().map(mark).collect()
    }
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// The one we are at.
    Current,
    /// Still to come.
    Ahead,
}

/// One step of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub label: String,
    /// When, or who; empty for none.
    pub note: String,
    /// Where it stands.
    pub state: StepState,
}

impl Step {
    /// Whether it is behind us.
    pub fn done(&self) -> bool {
        self.state == StepState::Done
    }

    /// Whether it is the one we are at.
    pub fn current(&self) -> bool {
        self.state == StepState::Current
    }

    /// The steps of a way, the `current`th (from 0) being the one we are at.
    pub fn way(labels: &[(&str, &str)], current: usize) -> Vec<Step> {
        let step = |(place, (label, note)): (usize, &(&str, &str))| Step {
            label: (*label).to_owned(),
            note: (*note).to_owned(),
            state: match place.cmp(&current) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Current,
                std::cmp::Ordering::Greater => StepState::Ahead,
            },
        };
        labels.iter().enumerate().map(step).collect()
    }
}

/// Which pages of a long list to offer: the first, the last, and those around the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// The current page, from 1.
    pub current: i64,
    /// The last page, at least 1.
    pub last: i64,
    /// The address up to the page's number: `/office/access-log?page=`.
    pub href: String,
}

impl Pager {
    /// Rows on a page.
    pub const ROWS: i64 = 50;

    /// The pager of a list of `rows` rows; a page outside is moved inside.
    pub fn of(rows: i64, page: i64, href: impl Into<String>) -> Self {
        let last = ((rows + Self::ROWS - 1) / Self::ROWS).max(1);
        Self { current: page.clamp(1, last), last, href: href.into() }
    }

    /// How many rows lie before the current page.
    pub fn offset(&self) -> i64 {
        (self.current - 1) * Self::ROWS
    }

    /// The numbers to show; 0 stands for a gap.
    pub fn numbers(&self) -> Vec<i64> {
        let mut numbers = Vec::new();
        for page in 1..=self.last {
            let near = (page - self.current).abs() <= 1;
            if page == 1 || page == self.last || near {
                numbers.push(page);
            } else if numbers.last() != Some(&0) {
                numbers.push(0);
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_shows_the_ends_and_the_neighbours() {
        let pager = Pager::of(1000, 10, "?page=");
        assert_eq!((pager.last, pager.offset()), (20, 450));
        assert_eq!(pager.numbers(), [1, 0, 9, 10, 11, 0, 20]);
        assert_eq!(Pager::of(0, 7, "").numbers(), [1]);
        assert_eq!(Pager::of(51, -3, "").numbers(), [1, 2]);
    }

    #[test]
    fn a_way_has_one_current_step() {
        let way = Step::way(&[("적기", ""), ("확인", ""), ("봉인", "")], 1);
        assert!(way[0].done() && way[1].current() && way[2].state == StepState::Ahead);
    }
}
