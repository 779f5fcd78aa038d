//! Programs as tables: what each is, its targets by year, its money by year and fund.
//!
//! Owns: walking the tree in the plan's order and laying a node out as a row. Does not own: what came
//! of it (`results`). What a newcomer gets wrong: repeating what a unit project inherits. Field and
//! department stand once, on the node that says them.

use std::collections::BTreeSet;

use iljari_base::{Won, Year};
use iljari_disclosure::log::words::Field;
use iljari_disclosure::plan::{District, Figure, Funding, Measure, Node, Plan, ROOT};
use iljari_plans::pages::words::rule_text;
use iljari_print::{Cell, Column, Document, Row, RowKind, Table};

use super::Layout;
use super::parts::{above, department, figure, figure_or_none, note_sources, period_text, remark, words};

/// A strategy with everything below it, in the plan's order.
#[derive(Debug, Clone)]
pub struct Strategy<'p> {
    /// Its name.
    pub name: &'p str,
    /// What it is about.
    pub description: Option<&'p str>,
    /// What lies below it: tasks, programs, unit projects, each before its own children.
    pub below: Vec<&'p Node>,
}

impl Strategy<'_> {
    /// Opens its part of a document; `false`, and a sentence, where no program below it is known by name.
    pub fn open(&self, document: &mut Document) -> bool {
        document.heading(2, self.name);
        if let Some(description) = self.description {
            document.paragraph(description);
        }
        if self.below.is_empty() {
            document.paragraph("이름이 알려진 사업이 없습니다.");
        }
        !self.below.is_empty()
    }
}

/// The name over programs of which no source says to which strategy they belong.
const NO_STRATEGY: &str = "전략을 알 수 없는 사업";

/// The strategies of a plan, each with what lies below it. Programs that hang on no strategy come
/// last, together.
pub fn strategies(plan: &Plan) -> Vec<Strategy<'_>> {
    let (strategies, loose): (Vec<&Node>, Vec<&Node>) =
        plan.children(ROOT).partition(|node| is_above_programs(plan, node));
    let mut all: Vec<Strategy<'_>> = strategies
        .into_iter()
        .map(|node| Strategy {
            name: &node.name,
            description: node.description.as_deref().map(str::trim),
            below: below(plan, node),
        })
        .collect();
    let loose: Vec<&Node> = loose.into_iter().flat_map(|node| std::iter::once(node).chain(below(plan, node))).collect();
    if !loose.is_empty() {
        all.push(Strategy { name: NO_STRATEGY, description: None, below: loose });
    }
    all
}

fn below<'p>(plan: &'p Plan, node: &'p Node) -> Vec<&'p Node> {
    plan.children(&node.id).flat_map(|child| std::iter::once(child).chain(below(plan, child))).collect()
}

/// Whether a node lies above the programs: its row sums theirs.
pub fn is_above_programs(plan: &Plan, node: &Node) -> bool {
    plan.program_level().is_some_and(|level| node.level < level)
}

/// How far a node's name is set in below its strategy's heading.
pub fn depth(plan: &Plan, node: &Node) -> u8 {
    u8::try_from(plan.ancestors(&node.id).len().saturating_sub(1)).unwrap_or(u8::MAX)
}

/// A row for a node: set in and summing as its place in the tree says, or flat for a sheet.
pub fn row(plan: &Plan, node: &Node, layout: Layout, cells: Vec<Cell>) -> Row {
    match layout {
        Layout::Pages => {
            let kind = if is_above_programs(plan, node) { RowKind::Subtotal } else { RowKind::Ordinary };
            Row { kind, indent: depth(plan, node), cells }
        }
        Layout::Sheets => {
            let (strategy, task) = above(plan, &node.id);
            let mut all = vec![Cell::text(strategy), Cell::text(task), Cell::text(plan.level_name(node))];
            all.extend(cells);
            Row::ordinary(all)
        }
    }
}

/// The columns that name a row, in either layout.
pub fn name_columns(layout: Layout) -> Vec<Column> {
    let name = Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다.");
    match layout {
        Layout::Pages => vec![name],
        Layout::Sheets => vec![
            Column::text("strategy", "전략").described("사업이 놓인 전략입니다."),
            Column::text("task", "실천과제").described("사업이 놓인 실천과제입니다. 없으면 비어 있습니다."),
            Column::text("level", "단계").narrow().described("사업인지 단위사업인지 적었습니다."),
            name,
        ],
    }
}

/// The nodes that have rows: in a sheet no sums, which a reader would add once more.
pub fn rows_of<'p>(plan: &Plan, nodes: &[&'p Node], layout: Layout) -> Vec<&'p Node> {
    let keeps = |node: &&&Node| layout == Layout::Pages || !is_above_programs(plan, node);
    nodes.iter().filter(keeps).copied().collect()
}

/// A field's word, or 미확인.
pub fn field(field: Option<Field>) -> Cell {
    words(field.filter(|field| *field != Field::Unknown).map(Field::as_str))
}

/// What every program is: field, department, period, new or continued, for whom, what is done.
pub fn described(plan: &Plan, book: &District, nodes: &[&Node], id: String, layout: Layout) -> Table {
    let mut table = Table::new(id, "사업의 내용").sheet("사업");
    table.columns = name_columns(layout);
    table.columns.extend([
        Column::text("field", "부문").described("일자리를 만드는 방법입니다."),
        Column::text("department", "담당부서").described("맡은 부서입니다."),
        Column::text("period", "기간").described("사업을 하는 기간입니다."),
        Column::text("standing", "구분").narrow().described("신규 사업인지 계속 사업인지 적었습니다."),
        Column::text("audience", "대상").described("누구를 위한 사업인지 적었습니다."),
        Column::text("content", "사업내용").wide().described("무엇을 하는지 적었습니다."),
    ]);
    if layout == Layout::Sheets {
        table.columns.extend([
            Column::text("contact", "연락처").described("맡은 부서의 전화나 자리입니다. 사람 이름은 적지 않습니다."),
            Column::text("laws", "법적근거").described("근거가 되는 법령입니다."),
            Column::text("guidelines", "관련지침").described("따르는 지침입니다."),
            Column::text("rule", "세는 기준").wide().described("무엇을 일자리 하나로 세는지 적었습니다."),
            Column::text("note", "비고").wide().described("더 알아야 할 것을 적었습니다."),
        ]);
    }
    for node in rows_of(plan, nodes, layout) {
        let mut cells = vec![Cell::text(node.name.clone())];
        cells.extend(described_cells(plan, node));
        if layout == Layout::Sheets {
            cells.extend(further_cells(plan, book, node));
        }
        table.push(row(plan, node, layout, cells));
    }
    table
}

fn described_cells(plan: &Plan, node: &Node) -> Vec<Cell> {
    let text = node.content.as_deref().or(node.description.as_deref());
    if is_above_programs(plan, node) {
        let mut cells = vec![Cell::text(""); 5];
        cells.push(remark(text));
        return cells;
    }
    // A unit project says only what is its own; a program says what it does not know as well.
    let is_program = plan.program_level() == Some(node.level);
    let own = |known: Option<Cell>| known.unwrap_or(if is_program { Cell::Unknown } else { Cell::text("") });
    let audience = (!node.audience.is_empty()).then(|| Cell::text(node.audience.join(", ")));
    vec![
        own(if is_program { Some(field(plan.field(&node.id))) } else { node.field.map(|one| field(Some(one))) }),
        own(if is_program {
            Some(department(plan.responsible(&node.id)))
        } else {
            node.responsible.as_ref().map(|one| department(Some(one)))
        }),
        own(node.period.map(|period| Cell::text(period_text(period)))),
        own(node.standing.map(|standing| Cell::text(standing.as_str()))),
        own(audience),
        own(text.map(Cell::text)),
    ]
}

fn further_cells(plan: &Plan, book: &District, node: &Node) -> Vec<Cell> {
    let responsible = plan.responsible(&node.id);
    let telephone = || {
        let of = book.departments.iter().find(|one| Some(&one.name) == responsible.map(|it| &it.department));
        of.and_then(|department| department.telephone.as_deref())
    };
    let contact = responsible.and_then(|one| one.contact.as_deref()).or_else(telephone);
    let rule = plan.counting_rule(&node.id, plan.last_year).map(rule_text);
    vec![
        words(contact),
        remark(Some(&node.laws.join(", "))),
        remark(Some(&node.guidelines.join(", "))),
        words(rule.as_deref()),
        remark(node.note.as_deref().map(str::trim)),
    ]
}

/// The targets of programs over the plan's years; `None` where no program has one.
pub fn targets(
    plan: &Plan,
    nodes: &[&Node],
    id: String,
    layout: Layout,
    found: &mut BTreeSet<String>,
) -> Option<Table> {
    let years: Vec<Year> = (plan.first_year.0..=plan.last_year.0).map(Year).collect();
    let mut table = Table::new(id, "사업별 목표, 연도별").sheet("사업별 목표");
    table.columns = name_columns(layout);
    let counts = |set: &&String| plan.target_set(set).is_some_and(|set| set.measure != Measure::Rate);
    let sets: BTreeSet<&String> = nodes.iter().flat_map(|node| node.targets.keys()).filter(counts).collect();
    // One promise alone is named once, over the table; a sheet names it on every row.
    let alone = if let (1, Layout::Pages) = (sets.len(), layout) { sets.first().copied() } else { None };
    if let Some(set) = alone.and_then(|set| plan.target_set(set)) {
        table.caption = format!("{}, 연도별", set.name);
        table.unit = set.measure.counter().to_owned();
    } else {
        table.columns.extend([
            Column::text("set", "목표").described("어느 목표인지 적었습니다."),
            Column::text("unit", "단위").narrow().described("목표를 세는 단위입니다."),
        ]);
    }
    for year in &years {
        let column = Column::count(format!("y{year}"), year.to_string());
        table.columns.push(column.described(format!("{year}년의 목표입니다.")));
    }
    table.columns.push(Column::count("total", "계").described("계획이 적은 합계입니다."));
    let mut any = false;
    for node in rows_of(plan, nodes, layout) {
        let counted = node.targets.iter().filter_map(|(set, values)| {
            let set = plan.target_set(set)?;
            (set.measure != Measure::Rate).then_some((set, values))
        });
        let counted: Vec<_> = counted.collect();
        any |= !counted.is_empty();
        for (set, values) in &counted {
            note_sources(found, values.years.values().chain(&values.total));
            let mut cells = vec![Cell::text(node.name.clone())];
            if alone.is_none() {
                cells.extend([Cell::text(set.name.clone()), Cell::text(set.measure.as_str())]);
            }
            cells.extend(years.iter().map(|year| figure_or_none(values.years.get(year))));
            cells.push(figure_or_none(values.total.as_ref()));
            table.push(row(plan, node, layout, cells));
        }
        if counted.is_empty() && node.targets_unknown {
            let mut cells = vec![Cell::text(node.name.clone())];
            if alone.is_none() {
                cells.extend([Cell::text(""), Cell::text("")]);
            }
            cells.extend(vec![Cell::Unknown; years.len() + 1]);
            table.push(row(plan, node, layout, cells));
        }
    }
    any.then_some(table)
}

/// The planned money of programs: each year's sum, and the whole term by fund. `None` where no
/// program has any.
pub fn budget(plan: &Plan, nodes: &[&Node], id: String) -> Option<Table> {
    let years: Vec<Year> = (plan.first_year.0..=plan.last_year.0).map(Year).collect();
    let mut table = Table::new(id, "사업별 사업비, 연도별").unit("백만 원").sheet("사업별 사업비");
    table.columns = name_columns(Layout::Pages);
    for year in &years {
        let column = Column::millions(format!("y{year}"), year.to_string());
        table.columns.push(column.described(format!("{year}년의 사업비입니다.")));
    }
    let whole = |column: Column, what: &str| column.group("기간 합계").described(format!("계획 기간의 {what}입니다."));
    table.columns.push(whole(Column::millions("total", "계"), "사업비 합계"));
    for (key, name) in FUNDS {
        table.columns.push(whole(Column::millions(key, name), name));
    }
    for node in nodes.iter().filter(|node| !node.budget.is_empty()) {
        let funding = |year: &Year| node.budget.get(year).map(|budget| &budget.planned);
        let mut cells = vec![Cell::text(node.name.clone())];
        cells.extend(years.iter().map(|year| won(funding(year).and_then(Funding::amount))));
        let sum = |of: &dyn Fn(&Funding) -> Option<Won>| {
            years.iter().try_fold(Won(0), |sum, year| sum.checked_add(of(funding(year)?)?))
        };
        cells.push(won(sum(&Funding::amount)));
        for nth in 0..FUNDS.len() {
            cells.push(won(sum(&|funding: &Funding| funding.funds().get(nth)?.1.and_then(Figure::won))));
        }
        table.push(row(plan, node, Layout::Pages, cells));
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The four funds: key and name, in the order of [`Funding::funds`].
pub const FUNDS: [(&str, &str); 4] =
    [("national", "국비"), ("city", "시비"), ("district", "구비"), ("private", "민자")];

/// Money, or 미확인.
pub fn won(won: Option<Won>) -> Cell {
    won.map_or(Cell::Unknown, Cell::Won)
}

/// The five cells of some money: its sum and the four funds; all of them 미확인 where nothing is known.
pub fn funding_cells(funding: Option<&Funding>) -> Vec<Cell> {
    let mut cells = vec![won(funding.and_then(Funding::amount))];
    let funds = funding.map(Funding::funds);
    for nth in 0..FUNDS.len() {
        let fund = funds.as_ref().and_then(|funds| funds.get(nth)).and_then(|(_, figure)| *figure);
        cells.push(fund.map_or(Cell::Unknown, figure));
    }
    cells
}

/// Every program's money, a row a year, for a sheet. `None` where no program has any.
pub fn budget_by_year(plan: &Plan, nodes: &[&Node]) -> Option<Table> {
    let mut table = Table::new("program_budgets", "사업별 사업비").unit("백만 원").sheet("사업별 사업비");
    table.columns = name_columns(Layout::Sheets);
    table.columns.push(Column::new("year", "연도", iljari_print::Kind::Year).described("사업비의 해입니다."));
    table.columns.push(Column::millions("total", "계").described("사업비 합계입니다."));
    for (key, name) in FUNDS {
        table.columns.push(Column::millions(key, name).described(format!("{name}입니다.")));
    }
    for node in rows_of(plan, nodes, Layout::Sheets) {
        for (year, budget) in node.budget.iter().filter(|(_, budget)| !budget.planned.is_empty()) {
            let mut cells = vec![Cell::text(node.name.clone()), Cell::Year(*year)];
            cells.extend(funding_cells(Some(&budget.planned)));
            table.push(row(plan, node, Layout::Sheets, cells));
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
