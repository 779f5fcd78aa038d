//! One family of tables: one year, unit and attribute, over the nodes of the tree and over time.
//!
//! Owns: the equations of a family and the search for what else to hide. Does not own: the rule
//! itself (its page is [`crate::suppress`]). What a newcomer gets wrong: looking at the newest tables alone. An
//! earlier table is still on the citizens' disks; it can be joined but not taken back.

use std::collections::{BTreeMap, BTreeSet};

use super::system::{System, Var};
use super::{AttributeTable, Mark, SMALLEST_SHOWN, Screened, Tied, Withheld};
use crate::bundle::attributes::UNKNOWN;
use crate::log::rollup::PlanTree;
use crate::log::words::NodeId;

/// Most sets of two tried for one small number.
const PAIRS_MAX: usize = 400;

/// A table that is or was published.
struct Version<'t> {
    table: &'t AttributeTable,
    marks: &'t [Mark],
    /// Which disclosure; the newest is the one being made.
    layer: usize,
    /// Its place among the new tables.
    new: Option<usize>,
}

/// What must stay possible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    /// Where it is about: layer, node, item, and a letter for what kind of population.
    name: (usize, NodeId, String, char),
    var: Var,
    low: i64,
    high: i64,
    /// The new tables that something can be hidden in for it, most fitting first.
    scope: Vec<usize>,
}

impl Need {
    fn is_met(&self, system: &System) -> bool {
        if self.name.3 == NOT_THE_TRUTH {
            return (self.low..=self.high)
                .any(|value| value != system.truth(self.var) && system.can_be(self.var, value));
        }
        (self.low..=self.high).all(|value| system.can_be(self.var, value))
    }
}

/// The letter of a hidden number that is not small, but hidden for another table's sake: it must not follow.
const NOT_THE_TRUTH: char = 'h';

/// What earlier disclosures gave away already.
type Hopeless = BTreeSet<(usize, NodeId, String, char)>;

/// The family at work.
struct Family<'t> {
    new: Vec<Screened>,
    old: &'t [Vec<&'t Screened>],
    tree: &'t PlanTree,
    tied: &'t Tied,
}

/// Decides the new tables of a family.
pub(super) fn screen(new: &[&AttributeTable], old: &[Vec<&Screened>], tree: &PlanTree, tied: &Tied) -> Vec<Screened> {
    let blank = |table: &&AttributeTable| Screened {
        marks: table.items.iter().map(|(item, n)| if is_small(item, *n) { Mark::Small } else { Mark::Open }).collect(),
        table: (*table).clone(),
        withheld: of_itself(table),
    };
    let mut family = Family { new: new.iter().map(blank).collect(), old, tree, tied };
    family.withhold_strangers();
    let hopeless = family.hopeless();
    family.start_from_before();
    family.hide_until_safe(&hopeless);
    family.show_what_can_be_shown(&hopeless);
    family.show_what_is_hidden_in_vain(&hopeless);
    family.new
}

fn is_small(item: &str, n: i64) -> bool {
    item != UNKNOWN && (1..SMALLEST_SHOWN).contains(&n)
}

/// What a table is withheld for whatever stands beside it.
fn of_itself(table: &AttributeTable) -> Option<Withheld> {
    let known = table.items.iter().filter(|(item, n)| item != UNKNOWN && *n > 0).count();
    if table.total < SMALLEST_SHOWN {
        Some(Withheld::FewPeople)
    } else if known < 2 {
        Some(Withheld::OneItem)
    } else {
        None
    }
}

fn number(table: &AttributeTable, item: &str) -> i64 {
    table.items.iter().find(|(name, _)| name == item).map_or(0, |(_, n)| *n)
}

/// The items of some tables, each once, in a fixed order.
fn items<'t>(tables: impl IntoIterator<Item = &'t AttributeTable>) -> BTreeSet<&'t str> {
    tables.into_iter().flat_map(|table| table.items.iter().map(|(item, _)| item.as_str())).collect()
}

/// Whether two tables part people alike: where one has more items, they are further ones.
fn are_alike(one: &AttributeTable, other: &AttributeTable) -> bool {
    let known = |table| -> BTreeSet<&str> { items([table]).into_iter().filter(|item| *item != UNKNOWN).collect() };
    let (one, other) = (known(one), known(other));
    one.is_subset(&other) || other.is_subset(&one)
}

impl<'t> Family<'t> {
    fn layer_of_new(&self) -> usize {
        self.old.len()
    }

    /// The tables of other kinds of items, and those that contradict the ones below them.
    fn withhold_strangers(&mut self) {
        for nth in 0..self.new.len() {
            let table = &self.new[nth].table;
            let before = self
                .old
                .iter()
                .rev()
                .flatten()
                .find(|old| old.withheld.is_none() && old.table.place.node == table.place.node);
            let kin_differs = before.is_some_and(|old| !are_alike(&old.table, table))
                || self.new.iter().any(|other| {
                    self.is_below(&table.place.node, &other.table.place.node) && !are_alike(&other.table, table)
                });
            if self.new[nth].withheld.is_none() && kin_differs {
                self.new[nth].withheld = Some(Withheld::OtherItems);
            }
        }
        for nth in 0..self.new.len() {
            let below = self.just_below(nth);
            let table = &self.new[nth].table;
            let sum = |item: &str| below.iter().map(|other| number(&self.new[*other].table, item)).sum::<i64>();
            let uneven = items([table].into_iter().chain(below.iter().map(|other| &self.new[*other].table)))
                .into_iter()
                .any(|item| sum(item) > number(table, item));
            if self.new[nth].withheld.is_none() && uneven {
                self.new[nth].withheld = Some(Withheld::Uneven);
            }
        }
    }

    /// The new tables below one, none of them below another of them.
    fn just_below(&self, nth: usize) -> Vec<usize> {
        let node = |nth: usize| &self.new[nth].table.place.node;
        let below: Vec<usize> = (0..self.new.len())
            .filter(|other| self.new[*other].withheld.is_none() && self.is_below(node(*other), node(nth)))
            .collect();
        let is_highest = |one: &usize| !below.iter().any(|other| self.is_below(node(*one), node(*other)));
        below.iter().copied().filter(is_highest).collect()
    }

    fn is_below(&self, node: &NodeId, above: &NodeId) -> bool {
        let year = self.new.first().map(|one| one.table.place.year);
        node != above && year.is_some_and(|year| self.tree.path(year, node).contains(&above))
    }

    /// What was hidden last time is hidden again at first, so that two disclosures of the same numbers do
    /// not hide different ones; and what is hidden elsewhere under the same word.
    fn start_from_before(&mut self) {
        let tied = self.tied;
        for one in &mut self.new {
            let place = &one.table.place;
            let before = self
                .old
                .iter()
                .rev()
                .flatten()
                .find(|old| old.withheld.is_none() && old.table.place.node == place.node);
            for ((item, n), mark) in one.table.items.iter().zip(&mut one.marks) {
                let again = before.is_some_and(|old| old.hides(item)) || tied.contains(&(place.clone(), item.clone()));
                if *n > 0 && *mark == Mark::Open && again {
                    *mark = Mark::Complement;
                }
            }
        }
    }

    /// What earlier disclosures gave away already: no table of today can take it back.
    fn hopeless(&self) -> Hopeless {
        let (system, needs) = self.system(false);
        needs.into_iter().filter(|need| !need.is_met(&system)).map(|need| need.name).collect()
    }

    fn hide_until_safe(&mut self, hopeless: &Hopeless) {
        // Each round hides something or withholds a table, and there are finitely many of both.
        loop {
            let (system, needs) = self.system(true);
            let unmet = needs.into_iter().find(|need| !hopeless.contains(&need.name) && !need.is_met(&system));
            let Some(need) = unmet else { return };
            if let Some(cells) = self.complement(&need) {
                for (nth, place) in cells {
                    self.new[nth].marks[place] = Mark::Complement;
                }
                continue;
            }
            let withheld = need.scope.iter().find(|nth| self.new[**nth].withheld.is_none());
            match withheld {
                Some(nth) => self.new[*nth].withheld = Some(Withheld::Unprotected),
                None => return,
            }
        }
    }

    /// The smallest further set of cells that meets a need: one, else two, else the rest of a square.
    fn complement(&mut self, need: &Need) -> Option<Vec<(usize, usize)>> {
        let item = need.name.2.clone();
        let mut cells: Vec<(usize, bool, i64, usize, usize)> = Vec::new();
        for (rank, nth) in need.scope.iter().enumerate().filter(|(_, nth)| self.new[**nth].withheld.is_none()) {
            let one = &self.new[*nth];
            for (place, ((name, n), mark)) in one.table.items.iter().zip(&one.marks).enumerate() {
                if *n > 0 && *mark == Mark::Open {
                    cells.push((rank, *name != item, *n, *nth, place));
                }
            }
        }
        cells.sort_unstable();
        let cells: Vec<(usize, usize)> = cells.into_iter().map(|(.., nth, place)| (nth, place)).collect();
        let singles = cells.iter().map(|cell| vec![*cell]);
        let pairs =
            cells.iter().enumerate().flat_map(|(at, one)| cells[at + 1..].iter().map(|other| vec![*one, *other]));
        let squares = self.squares(&cells, &item);
        let sets: Vec<Vec<(usize, usize)>> = singles.chain(pairs.take(PAIRS_MAX)).chain(squares).collect();
        sets.into_iter().find(|set| self.helps(set, need))
    }

    /// In a second table the item and another one, in a first table that other one.
    fn squares(&self, cells: &[(usize, usize)], item: &str) -> Vec<Vec<(usize, usize)>> {
        let name = |(nth, place): (usize, usize)| self.new[nth].table.items[place].0.as_str();
        let mut squares = Vec::new();
        for corner in cells.iter().filter(|corner| name(**corner) == item) {
            for beside in cells.iter().filter(|beside| beside.0 == corner.0 && name(**beside) != item) {
                for last in cells.iter().filter(|last| last.0 != corner.0 && name(**last) == name(*beside)) {
                    squares.push(vec![*corner, *beside, *last]);
                }
            }
        }
        squares
    }

    fn helps(&mut self, cells: &[(usize, usize)], need: &Need) -> bool {
        for (nth, place) in cells {
            self.new[*nth].marks[*place] = Mark::Complement;
        }
        let (system, needs) = self.system(true);
        let met = needs.iter().find(|other| other.name == need.name).is_none_or(|need| need.is_met(&system));
        for (nth, place) in cells {
            self.new[*nth].marks[*place] = Mark::Open;
        }
        met
    }

    /// Shows again, largest first, what was hidden without need.
    fn show_what_can_be_shown(&mut self, hopeless: &Hopeless) {
        let mut hidden = self.free_complements();
        hidden.sort_unstable_by(|a, b| b.cmp(a));
        for (_, nth, place) in hidden {
            self.show_if_safe(nth, place, hopeless);
        }
    }

    /// Shows what follows anyway: there is nothing to it but the trouble of computing it.
    fn show_what_is_hidden_in_vain(&mut self, hopeless: &Hopeless) {
        for (n, nth, place) in self.free_complements() {
            let (system, _) = self.system(true);
            let Some(var) = self.var_of(nth, place) else { continue };
            if !system.can_be(var, n - 1) && !system.can_be(var, n + 1) {
                self.show_if_safe(nth, place, hopeless);
            }
        }
    }

    /// The hidden numbers that nothing but their neighbours keeps hidden: number, table, place.
    fn free_complements(&self) -> Vec<(i64, usize, usize)> {
        let mut hidden: Vec<(i64, usize, usize)> = Vec::new();
        for (nth, one) in self.new.iter().enumerate().filter(|(_, one)| one.withheld.is_none()) {
            for (place, ((item, n), mark)) in one.table.items.iter().zip(&one.marks).enumerate() {
                if *mark == Mark::Complement && !self.tied.contains(&(one.table.place.clone(), item.clone())) {
                    hidden.push((*n, nth, place));
                }
            }
        }
        hidden
    }

    fn show_if_safe(&mut self, nth: usize, place: usize, hopeless: &Hopeless) {
        self.new[nth].marks[place] = Mark::Open;
        let (system, needs) = self.system(true);
        if !needs.iter().all(|need| hopeless.contains(&need.name) || need.is_met(&system)) {
            self.new[nth].marks[place] = Mark::Complement;
        }
    }

    /// The unknown of a cell: those of the new tables come last, table by table, item by item.
    fn var_of(&self, nth: usize, place: usize) -> Option<Var> {
        let published = |one: &&Screened| one.withheld.is_none();
        let items = |one: &Screened| one.table.items.len();
        let old: usize = self.old.iter().flatten().copied().filter(published).map(items).sum();
        let before: usize = self.new.iter().take(nth).filter(published).map(items).sum();
        self.new.get(nth).filter(published).map(|_| old + before + place)
    }

    /// Everything a reader has: the published tables as equations, and what must stay possible.
    fn system(&self, with_new: bool) -> (System, Vec<Need>) {
        let mut versions: Vec<Version<'_>> = Vec::new();
        for (layer, at_once) in self.old.iter().enumerate() {
            let published = at_once.iter().filter(|old| old.withheld.is_none());
            versions.extend(published.map(|old| Version { table: &old.table, marks: &old.marks, layer, new: None }));
        }
        let layer = self.layer_of_new();
        if with_new {
            let published = self.new.iter().enumerate().filter(|(_, new)| new.withheld.is_none());
            versions.extend(published.map(|(nth, new)| Version {
                table: &new.table,
                marks: &new.marks,
                layer,
                new: Some(nth),
            }));
        }
        let mut reader = Reader { system: System::default(), vars: Vec::new(), needs: Vec::new(), family: self };
        for version in &versions {
            reader.table(version);
        }
        for (at, version) in versions.iter().enumerate() {
            let before = versions[..at].iter().rposition(|old| old.table.place == version.table.place);
            if let Some(before) = before {
                reader.change(&versions, before, at);
            }
        }
        reader.rests(&versions);
        (reader.system, reader.needs)
    }
}

/// The equations while they are written down.
struct Reader<'f, 't> {
    system: System,
    /// For each version its unknowns by item.
    vars: Vec<BTreeMap<String, Var>>,
    needs: Vec<Need>,
    family: &'f Family<'t>,
}

impl Reader<'_, '_> {
    fn table(&mut self, version: &Version<'_>) {
        let table = version.table;
        let mut vars = BTreeMap::new();
        for ((item, n), mark) in table.items.iter().zip(version.marks) {
            let (low, high) = if *mark == Mark::Open { (*n, *n) } else { (1, table.total) };
            let var = self.system.var(*n, low, high);
            vars.insert(item.clone(), var);
            if *mark == Mark::Small {
                let name = (version.layer, table.place.node.clone(), item.clone(), 't');
                let scope = self.scope([&table.place.node]);
                self.needs.push(Need { name, var, low: 1, high: SMALLEST_SHOWN, scope });
            } else if version.new.is_some() && self.family.tied.contains(&(table.place.clone(), item.clone())) {
                let name = (version.layer, table.place.node.clone(), item.clone(), NOT_THE_TRUTH);
                let scope = self.scope([&table.place.node]);
                self.needs.push(Need { name, var, low: n.saturating_sub(1), high: n.saturating_add(1), scope });
            }
        }
        self.system.equation(vars.values().map(|var| (*var, 1)).collect());
        self.vars.push(vars);
    }

    /// The new tables that stand nearest to some nodes: their own, those right above and below, the rest.
    fn scope<'n>(&self, nodes: impl IntoIterator<Item = &'n NodeId>) -> Vec<usize> {
        let nodes: Vec<&NodeId> = nodes.into_iter().collect();
        let rank = |nth: usize| {
            let node = &self.family.new[nth].table.place.node;
            let near = |other: &&NodeId| self.family.is_below(node, other) || self.family.is_below(other, node);
            match (nodes.contains(&node), nodes.iter().any(near)) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            }
        };
        let mut scope: Vec<usize> = (0..self.family.new.len()).collect();
        scope.sort_by_key(|nth| (rank(*nth), *nth));
        scope
    }

    /// What changed at a node between two disclosures of its table.
    fn change(&mut self, versions: &[Version<'_>], before: usize, after: usize) {
        let (old, new) = (versions[before].table, versions[after].table);
        let difference = new.total - old.total;
        let grows = difference >= 0;
        let changes: Vec<(&str, i64)> =
            items([old, new]).into_iter().map(|item| (item, number(new, item) - number(old, item))).collect();
        // Only added, or only taken away: then a reader may guess so, and bounds follow.
        let one_way = changes.iter().all(|(_, change)| if grows { *change >= 0 } else { *change <= 0 });
        let most = old.total.max(new.total);
        for (item, change) in changes {
            let (low, high) = match (one_way, grows) {
                (true, true) => (0, difference),
                (true, false) => (difference, 0),
                (false, _) => (-most, most),
            };
            let var = self.system.var(change, low, high);
            let mut terms = vec![(var, -1)];
            terms.extend(self.vars[after].get(item).map(|var| (*var, 1)));
            terms.extend(self.vars[before].get(item).map(|var| (*var, -1)));
            self.system.equation(terms);
            // From or to nobody, the change is the hidden number itself, and that is cared for already.
            let told_by_itself = number(old, item) == 0 || number(new, item) == 0;
            if versions[after].new.is_some() && is_small(item, change.abs()) && !told_by_itself {
                let reach = if one_way { difference.abs().min(SMALLEST_SHOWN) } else { SMALLEST_SHOWN };
                let (low, high) = if change > 0 { (0, reach) } else { (-reach, 0) };
                let name = (versions[after].layer, new.place.node.clone(), item.to_owned(), 'c');
                let scope = self.scope([&new.place.node]);
                self.needs.push(Need { name, var, low, high, scope });
            }
        }
    }

    /// What a node has beside the tables below it, at each disclosure: the newest table of each node
    /// is what a reader holds then.
    fn rests(&mut self, versions: &[Version<'_>]) {
        let mut told: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        for layer in 0..=self.family.layer_of_new() {
            let mut held: BTreeMap<&NodeId, usize> = BTreeMap::new();
            for (at, version) in versions.iter().enumerate().filter(|(_, version)| version.layer <= layer) {
                held.insert(&version.table.place.node, at);
            }
            for (node, upper) in &held {
                let below: Vec<(&NodeId, usize)> = held
                    .iter()
                    .filter(|(other, _)| self.family.is_below(other, node))
                    .map(|(other, at)| (*other, *at))
                    .collect();
                let highest: Vec<usize> = below
                    .iter()
                    .filter(|(one, _)| !below.iter().any(|(other, _)| self.family.is_below(one, other)))
                    .map(|(_, at)| *at)
                    .collect();
                if !highest.is_empty() && told.insert((*upper, highest.clone())) {
                    self.rest(versions, *upper, &highest, layer);
                }
            }
        }
    }

    fn rest(&mut self, versions: &[Version<'_>], upper: usize, below: &[usize], layer: usize) {
        let table = versions[upper].table;
        let parts: Vec<&AttributeTable> = below.iter().map(|at| versions[*at].table).collect();
        let left = table.total - parts.iter().map(|part| part.total).sum::<i64>();
        let rests: Vec<(&str, i64)> = items([table].into_iter().chain(parts.iter().copied()))
            .into_iter()
            .map(|item| (item, number(table, item) - parts.iter().map(|part| number(part, item)).sum::<i64>()))
            .collect();
        if left < 0 || rests.iter().any(|(_, rest)| *rest < 0) {
            // Tables of different days that do not fit into each other say nothing together.
            return;
        }
        let touches_new = versions[upper].new.is_some() || below.iter().any(|at| versions[*at].new.is_some());
        for (item, rest) in rests {
            let var = self.system.var(rest, 0, left);
            let mut terms = vec![(var, -1)];
            terms.extend(self.vars[upper].get(item).map(|var| (*var, 1)));
            for at in below {
                terms.extend(self.vars[*at].get(item).map(|var| (*var, -1)));
            }
            self.system.equation(terms);
            let told_by_itself = parts.iter().all(|part| number(part, item) == 0);
            if touches_new && is_small(item, rest) && !told_by_itself {
                let name = (layer, table.place.node.clone(), item.to_owned(), 'r');
                let nodes = parts.iter().map(|part| &part.place.node).chain([&table.place.node]);
                let scope = self.scope(nodes);
                self.needs.push(Need { name, var, low: 0, high: left.min(SMALLEST_SHOWN), scope });
            }
        }
    }
}
