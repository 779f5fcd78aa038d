//! The plan trees of all years as the disclosed tables know them.
//!
//! Owns: which tree holds in which year, for roll-ups and for `tree.csv`. Does not own: the roll-up
//! itself (`disclosure::log::rollup`). A year that no plan covers still has its root, so that a
//! number published for it can stand somewhere.

use std::collections::BTreeSet;

use iljari_base::{Failure, Year};
use iljari_disclosure::log::rollup::{PlanNode, PlanTree};
use iljari_disclosure::log::words::NodeId;
use iljari_disclosure::plan::{District, ROOT};

/// The trees of these years. What the files say was checked when they were adopted; a name or id
/// that a published table cannot hold is a failure that names it.
pub fn plan_tree(district: &District, years: &BTreeSet<Year>) -> Result<PlanTree, Failure> {
    let mut nodes = Vec::new();
    for year in years {
        nodes.push(PlanNode {
            year: *year,
            node: NodeId::root(),
            parent: None,
            name: district.name.clone(),
            field: None,
        });
        let Some(plan) = district.tree_in_force(*year) else { continue };
        for node in &plan.nodes {
            nodes.push(PlanNode {
                year: *year,
                node: node_id(&node.id)?,
                parent: Some(if node.parent == ROOT { NodeId::root() } else { node_id(&node.parent)? }),
                name: node.name.clone(),
                field: plan.field(&node.id),
            });
        }
    }
    PlanTree::new(nodes).map_err(|problems| {
        Failure::new(format!("{:?}", problems.first())).context(format!("lay out the plan trees of {}", district.code))
    })
}

/// The id of a plan's node, as leaves carry it.
pub fn node_id(text: &str) -> Result<NodeId, Failure> {
    text.parse().map_err(|fault| Failure::new(format!("{fault}")))
}
