//! Which unit projects a round asks for (묻는 사업).
//!
//! Owns: the choice of level. A number may stand on a program or on its unit projects, never on both
//! for one period, so each branch is asked where this year's numbers already stand, and at its leaves
//! where none do. Does not own: the tree (`plans`). What a newcomer gets wrong: always asking the
//! leaves; a program's own sum would then be counted a second time from below.

use std::collections::BTreeSet;

use iljari_base::{Outcome, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{Counting as PlanCounting, District, Measure, Node, Plan, ROOT};
use iljari_ledger::record::Counting;

use crate::model::{Ask, NO_DEPARTMENT};
use crate::stands::Stands;

/// Everything that can be asked for in a year, in the order of the plan. Empty where no plan holds.
pub fn askable(book: &District, year: Year, stands: &Stands) -> Outcome<Vec<Ask>> {
    let Some(plan) = book.tree_in_force(year) else { return Ok(Vec::new()) };
    let standing: BTreeSet<&str> = stands.nodes_of_year(year).collect();
    let mut asks = Vec::new();
    for node in plan.children(ROOT) {
        collect(book, plan, year, node, &standing, &mut asks)?;
    }
    Ok(asks)
}

fn collect(
    book: &District,
    plan: &Plan,
    year: Year,
    node: &Node,
    standing: &BTreeSet<&str>,
    asks: &mut Vec<Ask>,
) -> Outcome<()> {
    let id = node.id.as_str();
    let below: Vec<&str> =
        plan.descendants(id).into_iter().map(|below| below.id.as_str()).filter(|below| *below != id).collect();
    let is_leaf = below.is_empty();
    let stands_here = standing.contains(id) && !below.iter().any(|below| standing.contains(below));
    if is_leaf || stands_here {
        asks.push(ask(book, plan, year, node)?);
        return Ok(());
    }
    for child in plan.children(&node.id) {
        collect(book, plan, year, child, standing, asks)?;
    }
    Ok(())
}

fn ask(book: &District, plan: &Plan, year: Year, node: &Node) -> Outcome<Ask> {
    let unit = node.targets.keys().find_map(|set| match book.target_set(set)?.measure {
        Measure::Count(unit) => Some(unit),
        _ => None,
    });
    let counting = match plan.counting(&node.id, year) {
        Some(PlanCounting::Individual) => Counting::Records,
        Some(PlanCounting::Aggregate) | None => Counting::Sums,
    };
    let responsible = plan.responsible(&node.id);
    Ok(Ask {
        node: iljari_plans::tree::node_id(&node.id)?,
        name: node.name.clone(),
        department: responsible.map_or_else(|| NO_DEPARTMENT.to_owned(), |found| found.department.clone()),
        field: plan.field(&node.id).unwrap_or(Field::Unknown),
        unit: unit.unwrap_or(Unit::Jobs),
        counting,
    })
}
