//! Somebody who has every published table and tries all whole numbers that fit. Written without a line
//! of the code it judges: it knows published tables, a list of parents, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use iljari_disclosure::bundle::attributes::PublishedTable;

/// Numbers for the items of a table.
pub type Guess = BTreeMap<String, i64>;

/// One published table with everything it could stand for.
struct Known {
    layer: usize,
    node: String,
    total: i64,
    possible: Vec<Guess>,
}

/// What the attacker has gathered.
pub struct Attacker {
    tables: Vec<Known>,
    parents: BTreeMap<String, String>,
    /// Pairs of tables (earlier, later) of one node of which the attacker guesses that people were only
    /// added or only taken away.
    one_way: BTreeSet<(usize, usize)>,
    /// Upper tables with the tables that are parts of them.
    sums: Vec<(usize, Vec<usize>)>,
}

/// All ways to fill the hidden items.
fn possible(table: &PublishedTable) -> Vec<Guess> {
    let open: i64 = table.items.iter().filter_map(|(_, n)| *n).sum();
    let hidden: Vec<&String> = table.items.iter().filter(|(_, n)| n.is_none()).map(|(item, _)| item).collect();
    let mut all = Vec::new();
    let start: Guess = table.items.iter().filter_map(|(item, n)| n.map(|n| (item.clone(), n))).collect();
    fill(&hidden, table.total - open, start, &mut all);
    all
}

fn fill(hidden: &[&String], left: i64, guess: Guess, all: &mut Vec<Guess>) {
    let Some((first, rest)) = hidden.split_first() else {
        if left == 0 {
            all.push(guess);
        }
        return;
    };
    let others = rest.len() as i64;
    let range = if rest.is_empty() { left..=left } else { 1..=left - others };
    for n in range.filter(|n| *n >= 1) {
        let mut guess = guess.clone();
        guess.insert((*first).clone(), n);
        fill(rest, left - n, guess, all);
    }
}

fn value(guess: &Guess, item: &str) -> i64 {
    guess.get(item).copied().unwrap_or(0)
}

impl Attacker {
    /// Gathers what was published, disclosure by disclosure. The truth (by disclosure, node and item) only
    /// tells where a guess is right: that people were only added or only taken away, that a table of another day still
    /// is a part of this one. A wrong guess would teach nothing true.
    pub fn new(
        disclosures: &[Vec<PublishedTable>],
        parents: &BTreeMap<String, String>,
        truth: impl Fn(usize, &str) -> Guess,
    ) -> Self {
        let mut attacker =
            Self { tables: Vec::new(), parents: parents.clone(), one_way: BTreeSet::new(), sums: Vec::new() };
        for (layer, at_once) in disclosures.iter().enumerate() {
            for table in at_once.iter().filter(|table| !table.items.is_empty()) {
                let node = table.node.to_string();
                let known = Known { layer, node, total: table.total, possible: possible(table) };
                attacker.tables.push(known);
            }
        }
        let truths: Vec<Guess> = attacker.tables.iter().map(|known| truth(known.layer, &known.node)).collect();
        let chosen: Vec<Option<&Guess>> = truths.iter().map(Some).collect();
        for after in 0..truths.len() {
            let node = &attacker.tables[after].node;
            if let Some(before) = attacker.tables[..after].iter().rposition(|known| known.node == *node)
                && attacker.goes_one_way((before, after), &chosen)
            {
                attacker.one_way.insert((before, after));
            }
        }
        let sums = attacker.sums();
        attacker.sums = sums.into_iter().filter(|(upper, below)| !attacker.is_over((*upper, below), &chosen)).collect();
        attacker
    }

    fn is_below(&self, node: &str, above: &str) -> bool {
        let mut at = node;
        while let Some(parent) = self.parents.get(at) {
            if parent == above {
                return true;
            }
            at = parent;
        }
        false
    }

    /// Upper tables with the highest tables below them, as held at some disclosure.
    fn sums(&self) -> Vec<(usize, Vec<usize>)> {
        let last = self.tables.iter().map(|table| table.layer).max().unwrap_or(0);
        let mut sums = Vec::new();
        for layer in 0..=last {
            let newest: Vec<usize> = (0..self.tables.len())
                .filter(|at| self.tables[*at].layer <= layer)
                .filter(|at| {
                    !(at + 1..self.tables.len()).any(|later| {
                        self.tables[later].layer <= layer && self.tables[later].node == self.tables[*at].node
                    })
                })
                .collect();
            for upper in &newest {
                let below: Vec<usize> = newest
                    .iter()
                    .copied()
                    .filter(|at| self.is_below(&self.tables[*at].node, &self.tables[*upper].node))
                    .collect();
                let highest: Vec<usize> = below
                    .iter()
                    .copied()
                    .filter(|one| {
                        !below.iter().any(|other| self.is_below(&self.tables[*one].node, &self.tables[*other].node))
                    })
                    .collect();
                if !highest.is_empty() {
                    sums.push((*upper, highest));
                }
            }
        }
        sums
    }

    fn goes_one_way(&self, (before, after): (usize, usize), chosen: &[Option<&Guess>]) -> bool {
        let (Some(old), Some(new)) = (chosen[before], chosen[after]) else { return true };
        let grows = self.tables[after].total >= self.tables[before].total;
        old.keys().chain(new.keys()).all(|item| {
            let change = value(new, item) - value(old, item);
            if grows { change >= 0 } else { change <= 0 }
        })
    }

    fn is_over(&self, (upper, below): (usize, &[usize]), chosen: &[Option<&Guess>]) -> bool {
        let Some(above) = chosen[upper] else { return false };
        let parts: Vec<&Guess> = below.iter().filter_map(|at| chosen[*at]).collect();
        let over = |item: &String| parts.iter().map(|part| value(part, item)).sum::<i64>() > value(above, item);
        above.keys().chain(parts.iter().flat_map(|part| part.keys())).any(over)
    }

    /// Whether the guesses made so far fit together.
    fn fits(&self, chosen: &[Option<&Guess>], at: usize) -> bool {
        let ways = self.one_way.iter().filter(|(one, other)| *one == at || *other == at);
        let sums = self.sums.iter().filter(|(upper, below)| *upper == at || below.contains(&at));
        ways.clone().all(|pair| self.goes_one_way(*pair, chosen))
            && !sums.clone().any(|(upper, below)| self.is_over((*upper, below), chosen))
    }

    /// Whether some world that fits everything published has this in it.
    pub fn thinks_possible(&self, wanted: impl Fn(usize, &str, &Guess) -> bool) -> bool {
        let mut chosen: Vec<Option<&Guess>> = vec![None; self.tables.len()];
        self.world(0, &mut chosen, &wanted)
    }

    fn world<'a>(
        &'a self,
        at: usize,
        chosen: &mut Vec<Option<&'a Guess>>,
        wanted: &impl Fn(usize, &str, &Guess) -> bool,
    ) -> bool {
        let Some(table) = self.tables.get(at) else { return true };
        for guess in table.possible.iter().filter(|guess| wanted(table.layer, &table.node, guess)) {
            chosen[at] = Some(guess);
            if self.fits(chosen, at) && self.world(at + 1, chosen, wanted) {
                chosen[at] = None;
                return true;
            }
        }
        chosen[at] = None;
        false
    }

    /// What one item of one table could be, from 0 to a bound.
    pub fn values(&self, layer: usize, node: &str, item: &str, upto: i64) -> Vec<i64> {
        (0..=upto).filter(|n| self.values_at(layer, node, item, *n)).collect()
    }

    /// Whether one item of one table could be this number.
    pub fn values_at(&self, layer: usize, node: &str, item: &str, n: i64) -> bool {
        self.thinks_possible(|of_layer, of_node, guess| of_layer != layer || of_node != node || value(guess, item) == n)
    }
}
