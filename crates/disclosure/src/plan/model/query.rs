//! Questions to a district and its plans. Every answer is a look-up; nothing is computed that a
//! document does not say.

use std::collections::BTreeSet;

use iljari_base::{Rate, Won, Year};

use super::*;
use crate::log::words::Unit;

/// A target of one year with both of its layers.
#[derive(Debug, Clone, Copy)]
pub struct TargetAt<'a> {
    /// What the term plan promised.
    pub term: Option<&'a Figure>,
    /// What the year's plan promised, where it says something.
    pub yearly: Option<&'a Figure>,
}

impl<'a> TargetAt<'a> {
    /// The value that holds: the year's plan's, else the term plan's.
    pub fn in_force(&self) -> Option<&'a Figure> {
        self.yearly.or(self.term)
    }

    /// Whether the year's plan says something else than the term plan.
    pub fn revised(&self) -> bool {
        matches!((self.term, self.yearly), (Some(term), Some(yearly)) if term.amount != yearly.amount)
    }
}

/// What totals a counted target compares with.
#[derive(Debug, Clone)]
pub struct CountedTarget<'a> {
    /// The set.
    pub set: &'a TargetSet,
    /// The ledger unit it counts in.
    pub unit: Unit,
    /// The year's values.
    pub at: TargetAt<'a>,
}

impl Plan {
    /// The node of that id. The root is no node of the file.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The nodes right below `id`, in the document's order. `children(ROOT)` are the outermost.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.parent == id)
    }

    /// The nodes above `id`, nearest first, without the root.
    pub fn ancestors(&self, id: &str) -> Vec<&Node> {
        let mut above = Vec::new();
        let mut at = self.node(id);
        while let Some(parent) = at.and_then(|node| self.node(&node.parent)) {
            // A cycle is refused when the file is read; the bound keeps a look-up from hanging all the same.
            if above.len() > self.nodes.len() {
                break;
            }
            above.push(parent);
            at = Some(parent);
        }
        above
    }

    /// `id` and everything below it, parents first. For [`ROOT`], every node.
    pub fn descendants(&self, id: &str) -> Vec<&Node> {
        if id == ROOT {
            return self.nodes.iter().collect();
        }
        let mut inside: BTreeSet<&str> = BTreeSet::new();
        let mut found = Vec::new();
        for node in &self.nodes {
            if node.id == id || inside.contains(node.parent.as_str()) {
                inside.insert(&node.id);
                found.push(node);
            }
        }
        found
    }

    /// The name of a node's level: `사업`.
    pub fn level_name(&self, node: &Node) -> &str {
        self.levels.get(node.level).map_or("", String::as_str)
    }

    /// The level that holds programs (사업): the one of that name, else the innermost that is not 단위사업.
    pub fn program_level(&self) -> Option<usize> {
        let named = |name: &str| self.levels.iter().position(|level| level == name);
        named("사업").or_else(|| self.levels.iter().rposition(|level| level != "단위사업"))
    }

    /// Whether the plan speaks of that year.
    pub fn covers(&self, year: Year) -> bool {
        self.first_year <= year && year <= self.last_year
    }

    /// The nearest value on the way up that `of` finds.
    fn nearest<'a, T>(&'a self, id: &str, of: impl Fn(&'a Node) -> Option<T>) -> Option<T> {
        let node = self.node(id)?;
        of(node).or_else(|| self.ancestors(id).into_iter().find_map(of))
    }

    /// The node's field (부문), its own or inherited.
    pub fn field(&self, id: &str) -> Option<Field> {
        self.nearest(id, |node| node.field)
    }

    /// Who is responsible, for the node itself or for the nearest above it.
    pub fn responsible(&self, id: &str) -> Option<&Responsible> {
        self.nearest(id, |node| node.responsible.as_ref())
    }

    /// How the node's jobs enter the ledger in that year. `None` where nothing was declared.
    pub fn counting(&self, id: &str, year: Year) -> Option<Counting> {
        let own = |node: &Node| node.counting.get(&Some(year)).or_else(|| node.counting.get(&None)).copied();
        self.nearest(id, own).or(self.default_counting)
    }

    /// The counting rule that holds at the end of that year.
    pub fn counting_rule(&self, id: &str, year: Year) -> Option<&DatedRule> {
        self.nearest(id, |node| node.rules.iter().rfind(|rule| rule.since.is_none_or(|since| since.year() <= year)))
    }

    /// Planned and spent money of a node in a year, as the document gives it for that very node.
    pub fn budget(&self, id: &str, year: Year) -> Option<&YearBudget> {
        self.node(id)?.budget.get(&year)
    }

    /// The target set of that id.
    pub fn target_set(&self, id: &str) -> Option<&TargetSet> {
        self.target_sets.iter().find(|set| set.id == id)
    }

    /// The indicator of that id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// What the plan promises for a node, set and year: the set's own value where the set stands on
    /// that node, else the node's.
    pub fn target(&self, node: &str, set: &str, year: Year) -> Option<&Figure> {
        let own = self.node(node).and_then(|node| node.targets.get(set)).and_then(|values| values.years.get(&year));
        own.or_else(|| self.target_set(set).filter(|set| set.node == node)?.values.years.get(&year))
    }
}

impl Funding {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.total.is_none() && self.funds().iter().all(|(_, figure)| figure.is_none())
    }

    /// The four funds with their names.
    pub fn funds(&self) -> [(&'static str, Option<&Figure>); 4] {
        [
            ("국비", self.national.as_ref()),
            ("시비", self.city.as_ref()),
            ("구비", self.district.as_ref()),
            ("민자", self.private.as_ref()),
        ]
    }

    /// The sum of the funds that are known, and whether all four are.
    pub fn known_sum(&self) -> (Option<Won>, bool) {
        let funds = self.funds();
        let known: Vec<Won> = funds.iter().filter_map(|(_, figure)| figure.and_then(Figure::won)).collect();
        let sum = known.iter().try_fold(Won(0), |sum, won| sum.checked_add(*won));
        (sum.filter(|_| !known.is_empty()), known.len() == funds.len())
    }

    /// The total: as written, else the sum when all four funds are known.
    pub fn amount(&self) -> Option<Won> {
        match (self.total.as_ref().and_then(Figure::won), self.known_sum()) {
            (Some(total), _) => Some(total),
            (None, (sum, true)) => sum,
            (None, _) => None,
        }
    }
}

impl District {
    /// The plan whose tree holds in that year: the year's own plan where it has a tree (the one
    /// disclosed last, if several), else the term plan. `None` for a year no plan covers.
    pub fn tree_in_force(&self, year: Year) -> Option<&Plan> {
        self.yearly_plans(year).rfind(|plan| plan.has_tree).or_else(|| self.term_plan(year))
    }

    /// The term plan that covers the year; the one disclosed last, if several.
    pub fn term_plan(&self, year: Year) -> Option<&Plan> {
        self.plans.iter().rfind(|plan| plan.kind == PlanKind::Term && plan.covers(year))
    }

    /// The yearly plans of that year, in the order they were disclosed.
    pub fn yearly_plans(&self, year: Year) -> impl DoubleEndedIterator<Item = &Plan> {
        self.plans.iter().filter(move |plan| plan.kind == PlanKind::Yearly && plan.first_year == year)
    }

    /// The plan with that label.
    pub fn plan(&self, ref_label: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.ref_label == ref_label)
    }

    /// Both layers of a target set in a year, on the node the set stands on.
    pub fn targets(&self, set: &str, year: Year) -> TargetAt<'_> {
        let node = self.target_set(set).map_or(ROOT, |set| set.node.as_str());
        self.node_targets(node, set, year)
    }

    /// Both layers of a node's target in a year.
    pub fn node_targets(&self, node: &str, set: &str, year: Year) -> TargetAt<'_> {
        let term_plans = self.plans.iter().filter(|plan| plan.kind == PlanKind::Term);
        TargetAt {
            // A pledge may speak of years before its plan begins, so every term plan is asked.
            term: term_plans.rev().find_map(|plan| plan.target(node, set, year)),
            yearly: self.yearly_plans(year).rev().find_map(|plan| plan.target(node, set, year)),
        }
    }

    /// A target set by id, from the plan that defined it first.
    pub fn target_set(&self, id: &str) -> Option<&TargetSet> {
        self.plans.iter().find_map(|plan| plan.target_set(id))
    }

    /// An indicator by id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.plans.iter().find_map(|plan| plan.indicator(id))
    }

    /// Every target set once, as first defined, in the plans' order.
    pub fn target_sets(&self) -> Vec<&TargetSet> {
        let mut seen = BTreeSet::new();
        self.plans.iter().flat_map(|plan| &plan.target_sets).filter(|set| seen.insert(set.id.as_str())).collect()
    }

    /// The sets of that year that the ledger's totals can be compared with: counts, on any node.
    pub fn counted_targets(&self, year: Year) -> Vec<CountedTarget<'_>> {
        let of = |set: &'_ TargetSet| match set.measure {
            Measure::Count(unit) => Some(unit),
            _ => None,
        };
        self.target_sets()
            .into_iter()
            .filter_map(|set| Some(CountedTarget { set, unit: of(set)?, at: self.targets(&set.id, year) }))
            .filter(|target| target.at.in_force().is_some())
            .collect()
    }

    /// Money of a node in a year: the year's plan's where it says something, else the term plan's.
    pub fn budget(&self, node: &str, year: Year) -> Option<&YearBudget> {
        let yearly = self.yearly_plans(year).rev().find_map(|plan| plan.budget(node, year));
        yearly.or_else(|| self.term_plan(year)?.budget(node, year))
    }

    /// The node of that id as the year's tree has it, or as any plan had it.
    pub fn node(&self, id: &str, year: Year) -> Option<&Node> {
        let in_force = self.tree_in_force(year).and_then(|plan| plan.node(id));
        in_force.or_else(|| self.plans.iter().rev().find_map(|plan| plan.node(id)))
    }

    /// Whether any plan of the district knows the id; the root always is.
    pub fn knows_node(&self, id: &str) -> bool {
        id == ROOT || self.plans.iter().any(|plan| plan.node(id).is_some())
    }

    /// Published results whose period lies in that year.
    pub fn results_of(&self, year: Year) -> impl Iterator<Item = &PublishedResult> {
        self.results.iter().filter(move |result| result.period.first().year() == year)
    }

    /// Statistics of the district's file, its results and its plans.
    pub fn all_statistics(&self) -> impl Iterator<Item = &Statistic> {
        self.statistics.iter().chain(self.plans.iter().flat_map(|plan| &plan.statistics))
    }

    /// Development projects of the district's file and its plans.
    pub fn all_developments(&self) -> impl Iterator<Item = &Development> {
        self.developments.iter().chain(self.plans.iter().flat_map(|plan| &plan.developments))
    }

    /// Every year that a plan or a target set speaks of, or a result lies in.
    pub fn years(&self) -> BTreeSet<Year> {
        let sets = self.plans.iter().flat_map(|plan| &plan.target_sets);
        let of_sets = sets.flat_map(|set| set.values.years.keys().copied());
        let of_plans = self.plans.iter().flat_map(|plan| (plan.first_year.0..=plan.last_year.0).map(Year));
        let of_results = self.results.iter().map(|result| result.period.first().year());
        of_sets.chain(of_plans).chain(of_results).collect()
    }

    /// The source of a figure.
    pub fn source_of(&self, figure: &Figure) -> Option<&Source> {
        self.sources.get(figure.source()?)
    }

    /// Actual over target, both exact.
    pub fn achievement(actual: i64, target: i64) -> Option<Rate> {
        Rate::new(actual, target)
    }
}
