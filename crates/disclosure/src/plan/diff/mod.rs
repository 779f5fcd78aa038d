//! What changed between two versions of a district's files, clause by clause, in sentences.
//!
//! Owns: comparing models. Does not own: judging a change (`check` asks for the reason of a
//! lowered target). What a newcomer gets wrong: comparing files. Moving a key or a comment is no
//! change; a new number is.

mod nodes;
mod words;

use std::collections::BTreeSet;

use super::model::{District, Figure, Funding, Plan, PublishedResult, TargetSet, YearFigures};
use iljari_authored::{Both, Lang, both};
use words::Clause;

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Something new.
    Added,
    /// Something gone.
    Removed,
    /// Something else than before.
    Changed,
}

/// One change of one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where: `종합-2023 › 어르신일자리 › 목표 일자리`.
    pub clause: Both,
    /// Added, removed or changed.
    pub kind: ChangeKind,
    /// A whole sentence.
    pub sentence: Both,
}

/// Every change from the old files to the new ones, in the order of the new ones.
pub fn diff(old: &District, new: &District) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut clause = Clause::new(&mut changes, both!("구", "district"));
    clause.text(&both!("이름", "name"), Some(&old.name), Some(&new.name));
    clause.list(&both!("동", "dong"), &old.dongs, &new.dongs);
    let names =
        |district: &District| -> Vec<String> { district.departments.iter().map(|one| one.name.clone()).collect() };
    clause.list(&both!("부서", "department"), &names(old), &names(new));
    let sources = |district: &District| -> Vec<String> {
        district.sources.values().map(|one| format!("{}({})", one.id, one.title)).collect()
    };
    clause.list(&both!("출처", "source"), &sources(old), &sources(new));
    let labels =
        |district: &District| -> Vec<String> { district.plans.iter().map(|plan| plan.ref_label.clone()).collect() };
    clause.list(&both!("계획", "plan"), &labels(old), &labels(new));
    for plan in &new.plans {
        if let Some(before) = old.plan(&plan.ref_label) {
            plans(&mut changes, before, plan);
        }
    }
    statistics(&mut changes, old, new);
    results(&mut changes, old, new);
    changes
}

/// The changes as text, grouped by clause.
pub fn render_changes(changes: &[Change], lang: Lang) -> String {
    let mut out = String::new();
    let mut last = "";
    for change in changes {
        let clause = change.clause.in_lang(lang);
        if clause != last {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(clause);
            out.push('\n');
            last = clause;
        }
        let mark = match change.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        out.push_str(&format!("  {mark} {}\n", change.sentence.in_lang(lang)));
    }
    if out.is_empty() {
        out.push_str(match lang {
            Lang::Ko => "달라진 것이 없습니다.\n",
            Lang::En => "nothing changed.\n",
        });
    }
    out
}

fn plans(changes: &mut Vec<Change>, old: &Plan, new: &Plan) {
    let label = &new.ref_label;
    let mut clause = Clause::new(changes, Both::same(label.clone()));
    clause.text(&both!("제목", "title"), Some(&old.title), Some(&new.title));
    let years = |plan: &Plan| format!("{}~{}", plan.first_year, plan.last_year);
    clause.text(&both!("기간", "period"), Some(&years(old)), Some(&years(new)));
    let disclosed = |plan: &Plan| plan.disclosed.map(|when| when.to_string());
    clause.text(&both!("공시일", "day of disclosure"), disclosed(old).as_deref(), disclosed(new).as_deref());
    clause.text(&both!("비전", "vision"), old.vision.as_deref(), new.vision.as_deref());
    clause.text(&both!("단계", "levels"), Some(&old.levels.join(" → ")), Some(&new.levels.join(" → ")));
    let counting = |plan: &Plan| plan.default_counting.map(super::model::Counting::as_str);
    clause.text(&both!("집계 방식", "counting mode"), counting(old), counting(new));
    clause.text(&both!("종합계획", "term plan"), old.term_plan.as_deref(), new.term_plan.as_deref());
    for indicator in &new.indicators {
        if let Some(before) = old.indicator(&indicator.id) {
            let what = both!("지표 '{}'의 뜻", "the definition of '{}'", indicator.name);
            clause.text(&what, before.definition.as_deref(), indicator.definition.as_deref());
        }
    }
    let kinds: BTreeSet<&String> = old.declared_counts.keys().chain(new.declared_counts.keys()).collect();
    for kind in kinds {
        let what = both!("문서가 말한 {kind} 수", "declared number of {kind}");
        clause.figure(&what, old.declared_counts.get(kind), new.declared_counts.get(kind));
    }
    let totals: BTreeSet<_> = old.declared_budget.keys().chain(new.declared_budget.keys()).collect();
    for year in totals {
        let what = both!("{year}년 사업비 총액", "budget of {year}");
        clause.figure(&what, old.declared_budget.get(year), new.declared_budget.get(year));
    }
    let names = |plan: &Plan| -> Vec<String> { plan.target_sets.iter().map(|set| set.id.clone()).collect() };
    clause.list(&both!("목표 묶음", "target set"), &names(old), &names(new));
    let chapters = |plan: &Plan| -> Vec<String> { plan.chapters.iter().map(|chapter| chapter.title.clone()).collect() };
    clause.list(&both!("장", "chapter"), &chapters(old), &chapters(new));
    for chapter in &new.chapters {
        if let Some(before) = old.chapters.iter().find(|before| before.id == chapter.id) {
            let what = both!("장 '{}'의 글", "the text of chapter '{}'", chapter.title);
            clause.prose(&what, Some(&before.text), Some(&chapter.text));
        }
    }
    let projects = |plan: &Plan| -> Vec<String> { plan.developments.iter().map(|one| one.name.clone()).collect() };
    clause.list(&both!("개발사업", "development project"), &projects(old), &projects(new));
    for project in &new.developments {
        if let Some(before) = old.developments.iter().find(|before| before.id == project.id) {
            let what = both!("개발사업 '{}'의 상태", "the stage of '{}'", project.name);
            let stage = |one: &super::model::Development| one.stage.map(super::model::Stage::as_str);
            clause.text(&what, stage(before), stage(project));
        }
    }
    for set in &new.target_sets {
        if let Some(before) = old.target_set(&set.id) {
            target_set(changes, label, before, set);
        }
    }
    nodes::diff(changes, old, new);
}

fn target_set(changes: &mut Vec<Change>, label: &str, old: &TargetSet, new: &TargetSet) {
    let name = &new.name;
    let mut clause = Clause::new(changes, both!("{label} › 목표 묶음 '{name}'", "{label} › target set '{name}'"));
    clause.text(&both!("이름", "name"), Some(&old.name), Some(&new.name));
    clause.text(&both!("뜻", "definition"), old.definition.as_deref(), new.definition.as_deref());
    clause.text(&both!("단위", "unit"), Some(old.measure.as_str()), Some(new.measure.as_str()));
    clause.text(&both!("집계", "aggregation"), Some(old.aggregation.as_str()), Some(new.aggregation.as_str()));
    clause.text(&both!("노드", "node"), Some(&old.node), Some(&new.node));
    let fields =
        |set: &TargetSet| -> Vec<String> { set.fields.iter().map(|field| field.as_str().to_owned()).collect() };
    clause.list(&both!("부문", "field"), &fields(old), &fields(new));
    years(&mut clause, &both!("목표", "target"), Some(&old.values), Some(&new.values));
}

/// Values by year, each year a change of its own.
fn years(clause: &mut Clause<'_>, what: &Both, old: Option<&YearFigures>, new: Option<&YearFigures>) {
    let (none, another) = (YearFigures::default(), YearFigures::default());
    let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&another));
    let (ko, en) = (&what.ko, &what.en);
    let every: BTreeSet<_> = old.years.keys().chain(new.years.keys()).collect();
    for year in every {
        let what = Both { ko: format!("{year}년 {ko}"), en: format!("{en} of {year}") };
        clause.figure(&what, old.years.get(year), new.years.get(year));
    }
    let what = Both { ko: format!("{ko}의 계"), en: format!("total of {en}") };
    clause.figure(&what, old.total.as_ref(), new.total.as_ref());
}

fn funding(clause: &mut Clause<'_>, what: &Both, old: &Funding, new: &Funding) {
    let (ko, en) = (&what.ko, &what.en);
    for ((name, before), (_, now)) in old.funds().into_iter().zip(new.funds()) {
        let what = Both { ko: format!("{ko} {name}"), en: format!("{en} {name}") };
        clause.figure(&what, before, now);
    }
    let what = Both { ko: format!("{ko} 계"), en: format!("{en} total") };
    clause.figure(&what, old.total.as_ref(), new.total.as_ref());
}

fn statistics(changes: &mut Vec<Change>, old: &District, new: &District) {
    let mut clause = Clause::new(changes, both!("통계", "statistics"));
    let find = |district: &District, id: &str| -> Option<Figure> {
        district.all_statistics().find(|statistic| statistic.id == id).map(|statistic| statistic.figure.clone())
    };
    let ids: BTreeSet<&str> =
        old.all_statistics().chain(new.all_statistics()).map(|statistic| statistic.id.as_str()).collect();
    for id in ids {
        clause.figure(&Both::same(id), find(old, id).as_ref(), find(new, id).as_ref());
    }
}

fn results(changes: &mut Vec<Change>, old: &District, new: &District) {
    let mut clause = Clause::new(changes, both!("공표 실적", "published results"));
    let key = |result: &PublishedResult| {
        let field = result.field.map_or("", |field| field.as_str());
        let restated = result.restates.as_ref().map_or("", |(of, _)| of.as_str());
        (result.period, result.node.clone(), field, result.measure, restated.to_owned())
    };
    let mut keys: Vec<_> = old.results.iter().chain(&new.results).map(key).collect();
    keys.sort();
    keys.dedup();
    for wanted in keys {
        let find = |district: &District| {
            district.results.iter().find(|result| key(result) == wanted).map(|result| result.figure.clone())
        };
        let (period, node) = (wanted.0, &wanted.1);
        let korean = period.korean();
        let unit = wanted.3.as_str();
        let what = both!("{korean} {node} {unit}", "{period} {node} {unit}");
        clause.figure(&what, find(old).as_ref(), find(new).as_ref());
    }
}
