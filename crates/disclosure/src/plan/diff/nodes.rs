//! Changes of the tree: nodes that came, went, moved, and everything they say.

use std::collections::BTreeSet;

use super::words::Clause;
use super::{Change, funding, years};
use crate::plan::model::{Counting, DatedRule, Node, Plan, YearBudget};
use iljari_authored::both;

pub(super) fn diff(changes: &mut Vec<Change>, old: &Plan, new: &Plan) {
    let label = &new.ref_label;
    let mut clause = Clause::new(changes, both!("{label} › 나무", "{label} › tree"));
    let names = |plan: &Plan| -> Vec<String> {
        plan.nodes.iter().map(|node| format!("{} {}", plan.level_name(node), node.id)).collect()
    };
    clause.list(&both!("나무에", "tree node"), &names(old), &names(new));
    for now in &new.nodes {
        if let Some(before) = old.node(&now.id) {
            let (level, name) = (new.level_name(now), &now.name);
            let mut clause = Clause::new(changes, both!("{label} › {level} '{name}'", "{label} › {level} '{name}'"));
            node(&mut clause, before, now);
        }
    }
}

fn node(clause: &mut Clause<'_>, old: &Node, new: &Node) {
    clause.text(&both!("이름", "name"), Some(&old.name), Some(&new.name));
    clause.text(&both!("상위", "parent"), Some(&old.parent), Some(&new.parent));
    let field = |node: &Node| node.field.map(|field| field.as_str());
    clause.text(&both!("부문", "field"), field(old), field(new));
    let responsible = |node: &Node| {
        node.responsible.as_ref().map(|one| match &one.team {
            Some(team) => format!("{} {team}", one.department),
            None => one.department.clone(),
        })
    };
    clause.text(&both!("담당부서", "department"), responsible(old).as_deref(), responsible(new).as_deref());
    clause.list(&both!("협조부서", "helping department"), &old.helping, &new.helping);
    let period = |node: &Node| node.period.map(|period| period.korean());
    clause.text(&both!("사업기간", "period"), period(old).as_deref(), period(new).as_deref());
    let standing = |node: &Node| node.standing.map(|standing| standing.as_str());
    clause.text(&both!("신규·계속", "standing"), standing(old), standing(new));
    clause.list(&both!("대상", "audience"), &old.audience, &new.audience);
    clause.prose(&both!("설명", "description"), old.description.as_deref(), new.description.as_deref());
    clause.prose(&both!("사업내용", "content"), old.content.as_deref(), new.content.as_deref());
    clause.list(&both!("법적근거", "legal basis"), &old.laws, &new.laws);
    clause.list(&both!("관련지침", "guideline"), &old.guidelines, &new.guidelines);
    let rules = |node: &Node| -> Vec<String> { node.rules.iter().map(rule).collect() };
    clause.list(&both!("세는 기준", "counting rule"), &rules(old), &rules(new));
    let every: BTreeSet<_> = old.counting.keys().chain(new.counting.keys()).collect();
    for year in every {
        let what = match year {
            Some(year) => both!("{year}년 집계 방식", "counting mode of {year}"),
            None => both!("집계 방식", "counting mode"),
        };
        let mode = |node: &Node| node.counting.get(year).map(|mode: &Counting| mode.as_str());
        clause.text(&what, mode(old), mode(new));
    }
    let sets: BTreeSet<&String> = old.targets.keys().chain(new.targets.keys()).collect();
    for set in sets {
        years(clause, &both!("목표 {set}", "target {set}"), old.targets.get(set), new.targets.get(set));
    }
    let budget_years: BTreeSet<_> = old.budget.keys().chain(new.budget.keys()).collect();
    let none = YearBudget::default();
    for year in budget_years {
        let (before, now) = (old.budget.get(year).unwrap_or(&none), new.budget.get(year).unwrap_or(&none));
        funding(clause, &both!("{year}년 사업비", "budget of {year}"), &before.planned, &now.planned);
        funding(clause, &both!("{year}년 집행액", "spending of {year}"), &before.spent, &now.spent);
    }
}

/// A counting rule in one line, so that a change of any part of it is seen.
fn rule(rule: &DatedRule) -> String {
    let since = rule.since.map(|since| format!("{since}부터 ")).unwrap_or_default();
    let minimum = rule.minimum.as_ref().map(|minimum| format!(" 최소 {minimum}")).unwrap_or_default();
    format!("{since}{}{minimum}", rule.rule.as_str())
}
