//! The plan's tree as far as counting needs it, and the roll-up of totals along it (상위 합계).
//!
//! Owns: the tree's own rules and the lines of the disclosed table. Does not own: how a plan file
//! becomes a tree. What a newcomer gets wrong: printing a line for every node. A node without a
//! single leaf below it has no line: its number is unknown (미확인), not 0.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use iljari_base::{Year, korean};

use super::totals::{Key, Split};
use super::words::{Field, NodeId, Unit};

/// One node of the plan in force in one year (사업 위치).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanNode {
    /// The year.
    pub year: Year,
    /// The node's id.
    pub node: NodeId,
    /// The node above; `None` for the root alone.
    pub parent: Option<NodeId>,
    /// Its name as the plan of that year prints it.
    pub name: String,
    /// Its field, where the plan gives one.
    pub field: Option<Field>,
}

/// What is wrong with a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeProblem {
    /// The same node twice in a year.
    Twice(Year, NodeId),
    /// A year whose root is missing, or a node without a parent that is not the root.
    Rootless(Year, NodeId),
    /// A parent that is not in the tree of that year.
    UnknownParent(Year, NodeId),
    /// A node that is its own ancestor.
    Cycle(Year, NodeId),
    /// A name that is empty, longer than 200 characters, not NFC or with hidden characters.
    BadName(Year, NodeId),
}

/// The plan trees in force, year by year (계획 나무).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanTree {
    nodes: BTreeMap<(Year, NodeId), PlanNode>,
}

/// Whether a name may stand in a published table.
fn is_printable_name(name: &str) -> bool {
    name.chars().count() <= 200 && korean::canonical_name(name).as_deref() == Some(name)
}

impl PlanTree {
    /// A tree from its nodes in any order, or everything that is wrong with it.
    pub fn new(nodes: impl IntoIterator<Item = PlanNode>) -> Result<Self, Vec<TreeProblem>> {
        let (tree, problems) = Self::understood(nodes);
        if problems.is_empty() { Ok(tree) } else { Err(problems) }
    }

    /// As much of a tree as makes sense, and what does not.
    pub fn understood(nodes: impl IntoIterator<Item = PlanNode>) -> (Self, Vec<TreeProblem>) {
        let mut tree = Self::default();
        let mut problems = Vec::new();
        for node in nodes {
            let place = (node.year, node.node.clone());
            if !is_printable_name(&node.name) {
                problems.push(TreeProblem::BadName(node.year, node.node.clone()));
            }
            match tree.nodes.entry(place) {
                Entry::Occupied(_) => problems.push(TreeProblem::Twice(node.year, node.node)),
                Entry::Vacant(free) => {
                    free.insert(node);
                }
            }
        }
        let mut years: Vec<Year> = tree.nodes.keys().map(|(year, _)| *year).collect();
        years.dedup();
        for year in years {
            if tree.get(year, &NodeId::root()).is_none() {
                problems.push(TreeProblem::Rootless(year, NodeId::root()));
            }
        }
        for node in tree.nodes.values() {
            let problem = match &node.parent {
                None if node.node.is_root() => continue,
                Some(_) if node.node.is_root() => TreeProblem::Rootless,
                None => TreeProblem::Rootless,
                Some(parent) if tree.get(node.year, parent).is_none() => TreeProblem::UnknownParent,
                Some(_) if !tree.path(node.year, &node.node).iter().any(|node| node.is_root()) => TreeProblem::Cycle,
                Some(_) => continue,
            };
            problems.push(problem(node.year, node.node.clone()));
        }
        (tree, problems)
    }

    /// One node in one year.
    pub fn get(&self, year: Year, node: &NodeId) -> Option<&PlanNode> {
        self.nodes.get(&(year, node.clone()))
    }

    /// Every node, by year, then by id.
    pub fn nodes(&self) -> impl Iterator<Item = &PlanNode> {
        self.nodes.values()
    }

    /// The node and everything above it, upwards. Ends where a parent is missing or comes again.
    pub(crate) fn path<'t>(&'t self, year: Year, node: &'t NodeId) -> Vec<&'t NodeId> {
        let mut path: Vec<&NodeId> = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next.filter(|node| !path.contains(node)) {
            path.push(node);
            next = self.get(year, node).and_then(|node| node.parent.as_ref());
        }
        path
    }
}

/// One line of the disclosed table: a node's numbers in one year, unit and field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The year.
    pub year: Year,
    /// The node.
    pub node: NodeId,
    /// The node's name.
    pub name: String,
    /// The unit.
    pub unit: Unit,
    /// The field; `None` for the line over all fields (합계).
    pub field: Option<Field>,
    /// The node with everything below it.
    pub whole: Split,
    /// The node alone.
    pub own: Split,
}

/// What stops a total from being rolled up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollUpProblem {
    /// Numbers at a node that the tree of that year does not have.
    UnknownNode(Key),
    /// A sum too large to count.
    Overflow(Key),
}

/// Rolls totals up: one line per year ≤ `through`, node, unit and field with a leaf at or below the
/// node, and one over all fields; by year, node id, unit, then 합계 before the fields.
pub fn roll_up(own: &BTreeMap<Key, Split>, tree: &PlanTree, through: Year) -> (Vec<Line>, Vec<RollUpProblem>) {
    let mut lines: BTreeMap<(Year, NodeId, Unit, Option<Field>), Line> = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, split) in own.iter().filter(|(key, _)| key.year <= through) {
        if tree.get(key.year, &key.node).is_none() {
            problems.push(RollUpProblem::UnknownNode(key.clone()));
            continue;
        }
        for node in tree.path(key.year, &key.node) {
            for field in [None, Some(key.field)] {
                let line = lines.entry((key.year, node.clone(), key.unit, field)).or_insert_with(|| Line {
                    year: key.year,
                    node: node.clone(),
                    name: tree.get(key.year, node).map(|node| node.name.clone()).unwrap_or_default(),
                    unit: key.unit,
                    field,
                    whole: Split::default(),
                    own: Split::default(),
                });
                let whole = line.whole.checked_add(*split);
                let own = if *node == key.node { line.own.checked_add(*split) } else { Some(line.own) };
                match (whole, own) {
                    (Some(whole), Some(own)) => (line.whole, line.own) = (whole, own),
                    _ => problems.push(RollUpProblem::Overflow(key.clone())),
                }
            }
        }
    }
    (lines.into_values().collect(), problems)
}
