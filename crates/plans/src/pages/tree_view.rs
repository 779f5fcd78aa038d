//! A year's plan tree as rows: who, what kind, how many, how much.
//!
//! Owns: the shape of the tree on the page. Does not own: which tree is in force.
//! What a newcomer gets wrong: assuming three levels. A plan names its own levels; those above the
//! program (사업) become headings, the rest rows.

use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::{District, Funding, Node, Plan, ROOT, TargetAt, YearBudget};

use crate::pages::promised::{Layer, Promised};
use crate::pages::words::{NOTHING, funds_text, main_set, node_href, responsible_text};

/// An outermost heading with everything below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Unique on the page.
    pub anchor: String,
    /// `전략`; empty for what stands below no heading.
    pub level: String,
    /// Its name; empty for what stands below no heading.
    pub name: String,
    /// The node's page.
    pub href: String,
    /// What it is about.
    pub description: String,
    /// Said when nothing below it is known.
    pub gap: String,
    /// What stands below.
    pub blocks: Vec<Block>,
}

/// A heading between the outermost and the programs, with its programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// `실천과제`; empty for programs right below the outermost heading.
    pub level: String,
    /// Its name, with those between it and the outermost: `복지 › 어르신`.
    pub name: String,
    /// The node's page.
    pub href: String,
    /// Said when not everything below it is known.
    pub gap: String,
    /// Its programs and unit projects.
    pub rows: Vec<Row>,
}

/// A program or unit project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// The node's page.
    pub href: String,
    /// `사업 · 신규`, `단위사업`.
    pub kind: String,
    /// Whether it lies below another row.
    pub inner: bool,
    /// 부문.
    pub field: String,
    /// Whether the row above it says the same.
    pub same_field: bool,
    /// 담당부서.
    pub department: String,
    /// Whether the row above it says the same.
    pub same_department: bool,
    /// The year's targets, one a set.
    pub targets: Vec<TargetCell>,
    /// The year's money.
    pub money: MoneyCell,
}

/// The year's target of one set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetCell {
    /// The set's name; empty for the district's main one.
    pub set: String,
    /// What the term plan said, where the year's plan says something else.
    pub before: Promised,
    /// What holds.
    pub value: Promised,
}

/// The year's money, planned and spent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyCell {
    /// The planned total or '자료 없음'.
    pub planned: Promised,
    /// By fund.
    pub funds: String,
    /// The spent total; empty when nothing is known.
    pub spent: Promised,
    /// By fund.
    pub spent_funds: String,
}

/// Everything a row is made from.
struct Cx<'b> {
    book: &'b District,
    plan: &'b Plan,
    year: Year,
    programs: usize,
    first_set: Option<&'b str>,
}

/// The tree of a plan as it stands in a year.
pub fn groups(book: &District, plan: &Plan, year: Year) -> Vec<Group> {
    let cx = Cx {
        book,
        plan,
        year,
        programs: plan.program_level().unwrap_or(0),
        // The set that most numbers belong to goes without saying; the others are named.
        first_set: main_set(book).map(|set| set.id.as_str()),
    };
    let mut groups = Vec::new();
    let mut loose = Block::default();
    for (place, node) in plan.children(ROOT).enumerate() {
        if node.level < cx.programs {
            groups.push(cx.group(node, place));
        } else {
            cx.rows(node, false, &mut loose.rows);
        }
    }
    if !loose.rows.is_empty() {
        let anchor = format!("group-{}", groups.len());
        groups.push(Group { anchor, blocks: vec![loose], ..Group::default() });
    }
    groups
}

impl Cx<'_> {
    fn group(&self, node: &Node, place: usize) -> Group {
        let mut blocks = Vec::new();
        let mut straight = Block::default();
        self.blocks(node, "", &mut straight, &mut blocks);
        straight.gap = self.gap(node);
        if !straight.rows.is_empty() || (!straight.gap.is_empty() && !blocks.is_empty()) {
            blocks.insert(0, straight);
        }
        let gap = if blocks.is_empty() { nothing_below(self.plan, node) } else { String::new() };
        Group {
            anchor: format!("group-{place}"),
            level: self.plan.level_name(node).to_owned(),
            name: node.name.clone(),
            href: node_href(&self.book.code, &node.id),
            description: node.description.clone().or_else(|| node.content.clone()).unwrap_or_default(),
            gap,
            blocks,
        }
    }

    /// Headings below `above` become blocks, programs right below it go into `straight`.
    fn blocks(&self, above: &Node, path: &str, straight: &mut Block, blocks: &mut Vec<Block>) {
        for node in self.plan.children(&above.id) {
            if node.level >= self.programs {
                self.rows(node, false, &mut straight.rows);
                continue;
            }
            let name = if path.is_empty() { node.name.clone() } else { format!("{path} › {}", node.name) };
            let mut block = Block {
                level: self.plan.level_name(node).to_owned(),
                href: node_href(&self.book.code, &node.id),
                gap: self.gap(node),
                ..Block::default()
            };
            let mut deeper = Vec::new();
            self.blocks(node, &name, &mut block, &mut deeper);
            if block.rows.is_empty() && deeper.is_empty() && block.gap.is_empty() {
                block.gap = nothing_below(self.plan, node);
            }
            block.name = name;
            blocks.push(block);
            blocks.append(&mut deeper);
        }
    }

    fn gap(&self, node: &Node) -> String {
        if node.children_unknown { nothing_below(self.plan, node) } else { String::new() }
    }

    fn rows(&self, node: &Node, inner: bool, rows: &mut Vec<Row>) {
        rows.push(self.row(node, inner));
        for below in self.plan.children(&node.id) {
            let first = rows.len();
            self.rows(below, true, rows);
            // What a unit project has in common with the program above it is not written twice.
            let above = self.row(node, inner);
            if let Some(row) = rows.get_mut(first) {
                row.same_field = row.field == above.field;
                row.same_department = row.department == above.department;
            }
        }
    }

    fn row(&self, node: &Node, inner: bool) -> Row {
        let plan = self.plan;
        let kind = [Some(plan.level_name(node)), node.standing.map(|standing| standing.as_str())];
        let or_nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
        Row {
            name: node.name.clone(),
            href: node_href(&self.book.code, &node.id),
            kind: kind.into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · "),
            inner,
            field: or_nothing(plan.field(&node.id).map(|field| field.as_str().to_owned())),
            department: or_nothing(plan.responsible(&node.id).map(responsible_text)),
            targets: self.targets(node),
            money: money_cell(&node.id, self.year, self.book.budget(&node.id, self.year)),
            same_field: false,
            same_department: false,
        }
    }

    fn targets(&self, node: &Node) -> Vec<TargetCell> {
        let cell = |(id, name): (&str, &str)| {
            let at = self.book.node_targets(&node.id, id, self.year);
            target_cell(if self.first_set == Some(id) { "" } else { name }, (id, &node.id, self.year), at)
        };
        let sets = self.book.target_sets();
        sets.iter().filter_map(|set| cell((&set.id, &set.name))).collect()
    }
}

/// One target with its earlier value; `None` where neither plan says anything.
pub fn target_cell(set: &str, (id, node, year): (&str, &str, Year), at: TargetAt<'_>) -> Option<TargetCell> {
    let target = |figure, layer| Promised::target(figure, id, node, year, layer);
    let value = target(at.in_force()?, Layer::InForce);
    let before = at.term.filter(|_| at.revised()).map(|figure| target(figure, Layer::Term)).unwrap_or_default();
    Some(TargetCell { set: set.to_owned(), before, value })
}

/// A year's money of one node.
pub fn money_cell(node: &str, year: Year, budget: Option<&YearBudget>) -> MoneyCell {
    let total = |funding: &Funding, kind: &str| Some(Promised::money(funding.amount()?, node, year, kind, "계"));
    let known = |funding: &Funding| (!funding.is_empty()).then(|| Promised::words(format!("{} 가운데 일부", NOTHING)));
    let nothing = || Promised::words(NOTHING);
    let Some(budget) = budget else { return MoneyCell { planned: nothing(), ..MoneyCell::default() } };
    MoneyCell {
        planned: total(&budget.planned, "계획").or_else(|| known(&budget.planned)).unwrap_or_else(nothing),
        funds: funds_text(&budget.planned),
        spent: total(&budget.spent, "집행").unwrap_or_default(),
        spent_funds: funds_text(&budget.spent),
    }
}

/// What is said under a heading whose children nobody named.
fn nothing_below(plan: &Plan, node: &Node) -> String {
    let level = plan.levels.get(node.level + 1).map_or("사업", String::as_str);
    format!("이 아래 {level} 가운데 이름이 알려지지 않은 것이 있습니다.")
}

/// What the plan says it has against what it names: `문서는 사업이 47개라고 하지만 …`.
pub fn said_and_named(plan: &Plan) -> Vec<String> {
    let mut said = Vec::new();
    for (level, name) in plan.levels.iter().enumerate() {
        let Some(declared) = plan.declared_counts.get(name).and_then(|figure| figure.count()) else { continue };
        let named = plan.nodes.iter().filter(|node| node.level == level).count();
        let named = i64::try_from(named).unwrap_or(i64::MAX);
        if declared != named {
            said.push(format!(
                "{name}: 문서는 {}개라고 했고, 이름이 나온 것은 {}개입니다.",
                grouped(declared),
                grouped(named)
            ));
        }
    }
    said
}
