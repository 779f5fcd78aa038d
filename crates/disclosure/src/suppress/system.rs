//! What a reader can work out, as equations over whole numbers with bounds, and the proof by example.
//!
//! Owns: building another set of numbers that fits everything published. Does not own: what the
//! equations mean. What a newcomer gets wrong: reading `false` as "impossible". It says that none
//! was found; whoever asks then hides more, which is the safe side.

/// Most steps of one search.
const STEPS: u32 = 4_000;

/// An unknown of the system.
pub(super) type Var = usize;

/// Equations over bounded whole numbers of which one solution, the truth, is known.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    low: Vec<i64>,
    high: Vec<i64>,
    truth: Vec<i64>,
    /// Sums of terms that are 0 at the truth, plus a constant.
    equations: Vec<Vec<(Var, i64)>>,
    /// The equations each unknown stands in.
    of_var: Vec<Vec<(usize, i64)>>,
}

impl System {
    /// A new unknown between two bounds.
    pub(super) fn var(&mut self, truth: i64, low: i64, high: i64) -> Var {
        self.truth.push(truth);
        self.low.push(low.min(truth));
        self.high.push(high.max(truth));
        self.of_var.push(Vec::new());
        self.truth.len() - 1
    }

    /// What an unknown truly is.
    pub(super) fn truth(&self, var: Var) -> i64 {
        self.truth[var]
    }

    /// A sum that is the same for every solution as it is at the truth.
    pub(super) fn equation(&mut self, terms: Vec<(Var, i64)>) {
        let number = self.equations.len();
        for (var, factor) in &terms {
            if let Some(places) = self.of_var.get_mut(*var) {
                places.push((number, *factor));
            }
        }
        self.equations.push(terms);
    }

    /// Whether some solution with this value of one unknown was found.
    pub(super) fn can_be(&self, var: Var, value: i64) -> bool {
        let truth = self.truth[var];
        if value == truth {
            return true;
        }
        if value < self.low[var] || value > self.high[var] {
            return false;
        }
        let mut search = Search {
            system: self,
            value: self.truth.clone(),
            touched: vec![false; self.truth.len()],
            off: vec![0; self.equations.len()],
            steps: STEPS,
        };
        search.set(var, value);
        search.touched[var] = true;
        search.repair()
    }
}

/// A search from the truth: one unknown was moved, and each equation that is off by it is mended by
/// moving another unknown in it, each at most once.
struct Search<'s> {
    system: &'s System,
    value: Vec<i64>,
    touched: Vec<bool>,
    /// By how much each equation is off.
    off: Vec<i64>,
    steps: u32,
}

impl Search<'_> {
    fn set(&mut self, var: Var, value: i64) {
        let change = value - self.value[var];
        self.value[var] = value;
        for (equation, factor) in &self.system.of_var[var] {
            self.off[*equation] += factor * change;
        }
    }

    fn repair(&mut self) -> bool {
        let system = self.system;
        let Some(broken) = self.off.iter().position(|off| *off != 0) else { return true };
        let mut ways: Vec<(bool, i64, Var)> = Vec::new();
        for (var, factor) in &system.equations[broken] {
            let (low, high) = (system.low[*var], system.high[*var]);
            let wanted = self.value[*var] - self.off[broken] * factor;
            let to = wanted.clamp(low, high);
            if !self.touched[*var] && to != self.value[*var] {
                ways.push((to != wanted, to, *var));
            }
        }
        // What mends the equation at once goes first.
        ways.sort_by_key(|(partly, _, var)| (*partly, *var));
        for (_, to, var) in ways {
            if self.steps == 0 {
                return false;
            }
            self.steps -= 1;
            let from = self.value[var];
            self.set(var, to);
            self.touched[var] = true;
            if self.repair() {
                return true;
            }
            self.set(var, from);
            self.touched[var] = false;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_number_beside_an_open_margin_is_what_it_is() {
        let mut system = System::default();
        let small = system.var(3, 1, 20);
        let open = system.var(17, 17, 17);
        system.equation(vec![(small, 1), (open, 1)]);
        assert!(system.can_be(small, 3) && !system.can_be(small, 4));
    }

    #[test]
    fn two_hidden_numbers_move_against_each_other_as_far_as_both_can() {
        let mut system = System::default();
        let (small, large) = (system.var(3, 1, 23), system.var(20, 1, 23));
        system.equation(vec![(small, 1), (large, 1)]);
        assert!((1..=22).all(|value| system.can_be(small, value)));
        assert!(!system.can_be(small, 0) && !system.can_be(small, 23));
    }

    #[test]
    fn a_change_goes_around_a_square_and_is_split_where_one_is_not_enough() {
        // Two tables of two items under open sums by item: only a cycle of four moves.
        let mut system = System::default();
        let cells: Vec<Var> = [3, 9, 9, 6].iter().map(|n| system.var(*n, 1, 12)).collect();
        for (one, other) in [(0, 1), (2, 3), (0, 2), (1, 3)] {
            system.equation(vec![(cells[one], 1), (cells[other], 1)]);
        }
        assert!(system.can_be(cells[0], 5) && system.can_be(cells[0], 1) && !system.can_be(cells[0], 10));
        let mut system = System::default();
        let cells: Vec<Var> = [1, 3, 3].iter().map(|n| system.var(*n, 1, 7)).collect();
        system.equation(cells.iter().map(|cell| (*cell, 1)).collect());
        assert!(system.can_be(cells[0], 5), "both others give what they have");
        assert!(!system.can_be(cells[0], 6));
    }
}
