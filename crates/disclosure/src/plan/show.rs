//! A district's plans as readable text: targets, tree, money, results.

use std::fmt::Write as _;

use super::model::{
    Counting, District, DongTable, DongValue, Figure, Funding, Node, Plan, PlanKind, PublishedResult, ROOT, SMALL,
    TargetSet, WITHHELD, YearFigures,
};
use iljari_authored::Lang;

/// Labels in both languages, the Korean first.
struct Words {
    lang: Lang,
}

impl Words {
    fn say<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ko => ko,
            Lang::En => en,
        }
    }

    fn not_available(&self) -> &'static str {
        self.say("자료 없음", "not available")
    }
}

/// Everything the files say, as an indented text. What a document wrote stays Korean.
pub fn show(district: &District, lang: Lang) -> String {
    let words = Words { lang };
    let mut out = String::new();
    let sample = if district.is_sample { words.say(" · 예시", " · sample") } else { "" };
    line(&mut out, 0, &format!("{} ({}){sample}", district.name, district.code));
    let dongs = district.dongs.join(", ");
    pair(&mut out, 1, words.say("동", "dong"), &dongs);
    let departments: Vec<&str> = district.departments.iter().map(|department| department.name.as_str()).collect();
    let departments = if departments.is_empty() { words.not_available().to_owned() } else { departments.join(", ") };
    pair(&mut out, 1, words.say("부서", "departments"), &departments);
    for plan in &district.plans {
        out.push('\n');
        show_plan(&mut out, district, plan, &words);
    }
    if !district.results.is_empty() {
        out.push('\n');
        line(&mut out, 0, words.say("공표 실적", "published results"));
        for result in &district.results {
            show_result(&mut out, district, result, &words);
        }
    }
    if !district.dong_tables.is_empty() {
        out.push('\n');
        line(&mut out, 0, words.say("동별 표", "tables by dong"));
        for table in &district.dong_tables {
            show_dongs(&mut out, table, &words);
        }
    }
    out
}

fn show_dongs(out: &mut String, table: &DongTable, words: &Words) {
    line(out, 1, &format!("{} ({}, {})", table.name, table.node, table.period));
    for (name, value) in &table.values {
        let said = match value {
            DongValue::Known(figure) => figure.text(),
            DongValue::Small => SMALL.to_owned(),
            DongValue::Withheld => WITHHELD.to_owned(),
        };
        pair(out, 2, name, &said);
    }
    let total = table.total.as_ref().map(Figure::text).unwrap_or_default();
    pair(out, 2, words.say("계", "sum"), &total);
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}{text}", "  ".repeat(depth));
}

fn pair(out: &mut String, depth: usize, label: &str, text: &str) {
    if !text.is_empty() {
        line(out, depth, &format!("{label}: {text}"));
    }
}

fn show_plan(out: &mut String, district: &District, plan: &Plan, words: &Words) {
    let years = if plan.first_year == plan.last_year {
        format!("{}", plan.first_year)
    } else {
        format!("{}~{}", plan.first_year, plan.last_year)
    };
    line(out, 0, &format!("[{}] {} · {years}", plan.ref_label, plan.title));
    let disclosed = plan.disclosed.map(|when| when.to_string()).unwrap_or_default();
    pair(out, 1, words.say("공시일", "disclosed"), &disclosed);
    pair(out, 1, words.say("비전", "vision"), plan.vision.as_deref().unwrap_or_default());
    let counts: Vec<String> =
        plan.declared_counts.iter().map(|(what, figure)| format!("{what} {}", figure.amount)).collect();
    pair(out, 1, words.say("문서가 말한 수", "what the document says it has"), &counts.join(", "));
    let budgets: Vec<String> =
        plan.declared_budget.iter().map(|(year, figure)| format!("{year} {}", figure.text())).collect();
    pair(out, 1, words.say("사업비 총액", "budget"), &budgets.join(" · "));
    for set in &plan.target_sets {
        show_set(out, district, plan, set, words);
    }
    for node in plan.children(ROOT) {
        show_node(out, plan, node, 1, words);
    }
    if plan.kind == PlanKind::Yearly && !plan.has_tree {
        let term = plan.term_plan.as_deref().unwrap_or_else(|| words.not_available());
        pair(out, 1, words.say("나무", "tree"), &format!("{} {term}", words.say("종합계획", "of the term plan")));
    }
    for development in &plan.developments {
        let stage = development.stage.map_or_else(|| words.not_available(), |stage| stage.as_str());
        pair(out, 1, words.say("개발사업", "development"), &format!("{} ({stage})", development.name));
    }
    for statistic in &plan.statistics {
        let as_of = statistic.figure.as_of.map(|when| format!(" ({when})")).unwrap_or_default();
        pair(out, 1, words.say("통계", "statistic"), &format!("{} {}{as_of}", statistic.name, statistic.figure.text()));
    }
}

fn show_set(out: &mut String, district: &District, plan: &Plan, set: &TargetSet, words: &Words) {
    let fields: Vec<&str> = set.fields.iter().map(|field| field.as_str()).collect();
    let fields =
        if fields.is_empty() { words.say("모든 부문", "all fields").to_owned() } else { fields.join(", ") };
    let node = district.node(&set.node, plan.first_year).map_or(set.node.as_str(), |node| node.name.as_str());
    let unit = set.measure.as_str();
    line(out, 1, &format!("◆ {} — {node}, {fields}, {unit}, {}", set.name, set.aggregation.as_str()));
    let definition = set.definition.as_deref().unwrap_or(words.say("정의 미확인", "definition not confirmed"));
    pair(out, 3, words.say("뜻", "definition"), definition);
    // A yearly plan shows the term plan's value beside its own.
    let values: Vec<String> = set
        .values
        .years
        .iter()
        .map(|(year, figure)| {
            let term = district.node_targets(&set.node, &set.id, *year).term;
            match term.filter(|term| plan.kind == PlanKind::Yearly && term.amount != figure.amount) {
                Some(term) => format!("{year} {} → {}", term.text(), figure.text()),
                None => format!("{year} {}", figure.text()),
            }
        })
        .collect();
    let total = set.values.total.as_ref().map(|total| format!("{} {}", words.say("계", "total"), total.text()));
    let all: Vec<String> = values.into_iter().chain(total).collect();
    let all = if all.is_empty() { words.not_available().to_owned() } else { all.join(" · ") };
    line(out, 3, &all);
}

fn show_node(out: &mut String, plan: &Plan, node: &Node, depth: usize, words: &Words) {
    let standing = node.standing.map(|standing| format!(" [{}]", standing.as_str())).unwrap_or_default();
    line(out, depth, &format!("{} {} ({}){standing}", plan.level_name(node), node.name, node.id));
    let inner = depth + 2;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(node.field.map(|field| field.as_str().to_owned()));
    facts.extend(node.responsible.as_ref().map(|one| match &one.team {
        Some(team) => format!("{} {team}", one.department),
        None => one.department.clone(),
    }));
    facts.extend(node.period.map(|period| period.korean()));
    facts.extend((!node.audience.is_empty()).then(|| node.audience.join("·")));
    for rule in &node.rules {
        let minimum = rule.minimum.as_ref().map(|minimum| format!("({minimum})")).unwrap_or_default();
        facts.push(format!("{} {}{minimum}", words.say("세는 기준", "counts"), rule.rule.as_str()));
    }
    let modes: Vec<String> = node
        .counting
        .iter()
        .map(|(year, mode): (_, &Counting)| match year {
            Some(year) => format!("{year} {}", mode.as_str()),
            None => mode.as_str().to_owned(),
        })
        .collect();
    facts.extend((!modes.is_empty()).then(|| format!("{} {}", words.say("집계 방식", "entered as"), modes.join(", "))));
    if !facts.is_empty() {
        line(out, inner, &facts.join(" · "));
    }
    for (set, values) in &node.targets {
        let name = plan.target_set(set).map_or(set.as_str(), |set| set.name.as_str());
        pair(out, inner, &format!("{} {name}", words.say("목표", "target")), &years(values, words));
    }
    if node.targets_unknown {
        pair(out, inner, words.say("목표", "target"), words.not_available());
    }
    for (year, budget) in &node.budget {
        pair(out, inner, &format!("{} {year}", words.say("사업비", "budget")), &funding(&budget.planned, words));
        if !budget.spent.is_empty() {
            pair(out, inner, &format!("{} {year}", words.say("집행", "spent")), &funding(&budget.spent, words));
        }
    }
    for child in plan.children(&node.id) {
        show_node(out, plan, child, depth + 1, words);
    }
    if node.children_unknown {
        line(out, depth + 1, &format!("({})", words.not_available()));
    }
}

fn years(values: &YearFigures, words: &Words) -> String {
    let each = values.years.iter().map(|(year, figure)| format!("{year} {}", figure.text()));
    let total = values.total.as_ref().map(|total| format!("{} {}", words.say("계", "total"), total.text()));
    each.chain(total).collect::<Vec<_>>().join(" · ")
}

fn funding(funding: &Funding, words: &Words) -> String {
    let parts: Vec<String> =
        funding.funds().into_iter().filter_map(|(name, figure)| Some(format!("{name} {}", figure?.text()))).collect();
    let total = match (&funding.total, funding.amount()) {
        (Some(total), _) => total.text(),
        (None, Some(won)) => super::model::won_text(won),
        (None, None) => words.not_available().to_owned(),
    };
    if parts.is_empty() { total } else { format!("{total} ({})", parts.join(" + ")) }
}

fn show_result(out: &mut String, district: &District, result: &PublishedResult, words: &Words) {
    let year = result.period.first().year();
    let name = district.node(&result.node, year).map_or(result.node.as_str(), |node| node.name.as_str());
    let cumulative = if result.cumulative { words.say(" (누계)", " (cumulative)") } else { "" };
    let field = result.field.map(|field| format!(", {}", field.as_str())).unwrap_or_default();
    let rate = result
        .printed_rate
        .as_ref()
        .map(|rate| format!(" · {} {}", words.say("적힌 달성률", "printed rate"), rate.percent));
    let target = result
        .printed_target
        .as_ref()
        .map(|target| format!(" / {} {}", words.say("목표", "target"), target.figure.text()));
    let period = result.period.korean();
    let text = result.figure.text();
    line(
        out,
        1,
        &format!(
            "{period} {name}{field}: {text}{cumulative}{}{}",
            target.unwrap_or_default(),
            rate.unwrap_or_default()
        ),
    );
    for part in &result.parts {
        let name = district.node(&part.node, year).map_or(part.node.as_str(), |node| node.name.as_str());
        line(out, 2, &format!("{name} {}", part.figure.text()));
    }
    if let Some(rest) = result.rest().filter(|rest| *rest > 0) {
        let like: &Figure = &result.figure;
        let rest = iljari_base::quantity::grouped(rest);
        line(out, 2, &format!("{} {rest}{}", words.say("내역 미상", "rest, unknown"), like.measure.counter()));
    }
    pair(out, 2, words.say("미달 사유", "why short"), result.short_reason.as_deref().unwrap_or_default());
    pair(out, 2, words.say("초과 사유", "why beyond"), result.over_reason.as_deref().unwrap_or_default());
    pair(out, 2, words.say("향후계획", "outlook"), result.outlook.as_deref().unwrap_or_default());
}
