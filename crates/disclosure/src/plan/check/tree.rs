//! The tree: what the document says it has, what hangs where, who is named.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::codes::Code;
use crate::plan::model::{District, Node, Plan};
use crate::plan::read::{closest, dangling};
use crate::plan::{Problem, Problems};
use iljari_authored::{Severity, both, quoted};

pub(super) fn check(district: &District, plan: &Plan, whole: bool, problems: &mut Problems) {
    names(plan, problems);
    declared(plan, problems);
    branches(district, plan, problems);
    departments(district, plan, problems);
    let ids: Vec<&str> = plan.nodes.iter().map(|node| node.id.as_str()).collect();
    for set in &plan.target_sets {
        let known = if whole { district.knows_node(&set.node) } else { true };
        if !known {
            problems.push(dangling(&set.place, &set.node, &ids));
        }
    }
    for development in plan.developments.iter().chain(&district.developments) {
        for link in development.linked.iter().filter(|link| whole && !district.knows_node(link)) {
            problems.push(dangling(&development.place, link, &ids));
        }
    }
}

/// Two nodes of one level with one name: perhaps one task under two strategies.
fn names(plan: &Plan, problems: &mut Problems) {
    let mut seen: BTreeMap<(usize, &str), &Node> = BTreeMap::new();
    for node in &plan.nodes {
        match seen.get(&(node.level, node.name.as_str())) {
            Some(first) => {
                let (name, line) = (&node.name, first.place.span.start.line);
                let (one, other) = (&first.parent, &node.parent);
                let title = both!("이름이 '{name}'인 것이 둘입니다", "two nodes are called '{name}'");
                let found = both!("'{one}' 아래와 '{other}' 아래", "below '{one}' and below '{other}'");
                let todo = both!(
                    "{line}번째 줄과 같은 것이면 한 곳에만 두고, 다른 것이면 이름을 구별해 주세요",
                    "if it is the same as in line {line}, keep one; else tell the names apart"
                );
                problems.push(Problem::new(Code::DuplicateName, &node.place, title).found(found).todo(todo));
            }
            None => {
                seen.insert((node.level, &node.name), node);
            }
        }
    }
}

/// What the document says it has (구성) against what the file names.
fn declared(plan: &Plan, problems: &mut Problems) {
    for (what, figure) in &plan.declared_counts {
        let level = plan.levels.iter().position(|level| level == what);
        let departments = what == "부서";
        if level.is_none() && !departments && what != "단위사업" {
            // Without levels there is nothing to compare with, and every word may be a level of the document.
            if !plan.levels.is_empty() {
                let mut words: Vec<&str> = plan.levels.iter().map(String::as_str).collect();
                words.extend(["부서", "단위사업"]);
                let it = quoted(what, "은/는");
                let title = both!("{it} 이 계획의 단계가 아닙니다", "'{what}' is no level of this plan");
                let todo = match closest(what, &words) {
                    Some(word) => both!("'{word}'인가요?", "did you mean '{word}'?"),
                    None => both!(
                        "'단계'에 있는 이름이나 부서, 단위사업을 적어 주세요",
                        "use a name from '단계', or 부서, 단위사업"
                    ),
                };
                problems.push(Problem::new(Code::UnknownWord, &figure.place, title).found_text(what).todo(todo));
            }
            continue;
        }
        let Some(said) = figure.count() else { continue };
        let named = match level {
            Some(level) => plan.nodes.iter().filter(|node| node.level == level).count(),
            None if departments => {
                let names = plan.nodes.iter().filter_map(|node| node.responsible.as_ref());
                names.map(|one| one.department.as_str()).collect::<BTreeSet<_>>().len()
            }
            None => 0,
        };
        let named = i64::try_from(named).unwrap_or(i64::MAX);
        if named == said {
            continue;
        }
        let title = both!(
            "문서는 {what} {said}개라고 하는데 파일에는 {named}개가 있습니다",
            "the document says {said} of '{what}', the file names {named}"
        );
        let todo = both!(
            "빠진 것을 적거나, 문서에 이름이 없으면 그대로 두세요. 이 차이는 공개됩니다",
            "add what is missing, or leave it if the document does not name them; the difference is published"
        );
        let problem = Problem::new(Code::DeclaredCount, &figure.place, title).found(both!("{named}개", "{named}"));
        let problem = problem.expected(both!("{said}개", "{said}")).todo(todo);
        // Where nothing of a kind is named, the file does not claim to be complete.
        problems.push(if named == 0 { problem.weighing(Severity::Note) } else { problem });
    }
}

/// Tasks without programs, programs without target or field; what says '자료 없음' is noted once.
fn branches(district: &District, plan: &Plan, problems: &mut Problems) {
    let Some(program_level) = plan.program_level() else { return };
    let mut unnamed = Vec::new();
    let mut untargeted = Vec::new();
    let mut fieldless = Vec::new();
    for node in &plan.nodes {
        let name = &node.name;
        let childless = plan.children(&node.id).next().is_none();
        if node.children_unknown {
            unnamed.push(node.name.as_str());
        } else if node.level < program_level && childless {
            let level = plan.level_name(node);
            let program = plan.levels.get(program_level).map_or("사업", String::as_str);
            let title = both!(
                "{level} '{name}' 아래에 {program}[이/가] 없습니다",
                "there is no {program} below the {level} '{name}'"
            );
            let todo = both!(
                "아래에 적어 주세요. 문서에 이름이 없으면 '하위: 자료 없음'이라고 적어 주세요",
                "add them, or write '하위: 자료 없음' if the document does not name them"
            );
            problems.push(Problem::new(Code::TaskWithoutProgram, &node.place, title).todo(todo));
        }
        if node.level != program_level {
            continue;
        }
        if plan.field(&node.id).is_none() {
            fieldless.push(node);
        }
        let inside = plan.descendants(&node.id);
        let of_sets = |id: &str| plan.target_sets.iter().any(|set| set.node == id && !set.values.is_empty());
        let in_this = inside.iter().any(|node| !node.targets.is_empty() || of_sets(&node.id));
        let elsewhere =
            || district.plans.iter().any(|other| other.node(&node.id).is_some_and(|node| !node.targets.is_empty()));
        if node.targets_unknown {
            untargeted.push(node.name.as_str());
        } else if !in_this && !elsewhere() {
            let title = both!("사업 '{name}'에 목표가 없습니다", "the program '{name}' has no target");
            let todo = both!(
                "'목표'를 적어 주세요. 문서에 없으면 '목표: 자료 없음'이라고 적어 주세요",
                "add '목표', or '목표: 자료 없음' if the document gives none"
            );
            problems.push(Problem::new(Code::ProgramWithoutTarget, &node.place, title).todo(todo));
        }
    }
    if let Some(first) = fieldless.first() {
        let count = fieldless.len();
        let names: Vec<&str> = fieldless.iter().map(|node| node.name.as_str()).collect();
        let title = both!("부문이 없는 사업이 {count}개 있습니다", "{count} programs have no 부문");
        let todo = both!(
            "'부문: 직접일자리 창출'처럼 적어 주세요. 문서에 없으면 '부문: 미상'이라고 적어 주세요",
            "add one of the nine 부문, or '부문: 미상' if the document does not say"
        );
        let problem = Problem::new(Code::ProgramWithoutField, &first.place, title);
        problems.push(problem.found_text(&names.join(", ")).todo(todo));
    }
    let notes = [
        (unnamed, both!("아래에 무엇이 있는지 '자료 없음'인 곳", "nodes whose children are '자료 없음'")),
        (untargeted, both!("목표가 '자료 없음'인 사업", "programs whose target is '자료 없음'")),
    ];
    for (names, what) in notes {
        if names.is_empty() {
            continue;
        }
        let count = names.len();
        let title = what.says(both!("{count}개", "{count}"));
        let todo = both!("문서를 더 찾으면 채워 주세요", "fill them in when the document turns up");
        problems.push(Problem::new(Code::NotNamed, &plan.place, title).found_text(&names.join(", ")).todo(todo));
    }
}

/// Departments that the district does not list.
fn departments(district: &District, plan: &Plan, problems: &mut Problems) {
    if !district.departments_known {
        return;
    }
    let known: Vec<&str> = district.departments.iter().map(|department| department.name.as_str()).collect();
    let former =
        |name: &str| district.departments.iter().find(|one| one.former_names.iter().any(|former| former == name));
    let named = plan.nodes.iter().flat_map(|node| {
        let own = node.responsible.iter().map(|one| (one.department.as_str(), &one.place));
        own.chain(node.helping.iter().map(|name| (name.as_str(), &node.place)))
    });
    let of_tables = plan
        .sum_tables
        .iter()
        .flat_map(|table| table.by_department.iter().map(|(name, _)| (name.as_str(), &table.place)));
    for (name, place) in named.chain(of_tables) {
        if known.contains(&name) {
            continue;
        }
        let it = quoted(name, "은/는");
        let title = both!("{it} 부서 목록에 없습니다", "'{name}' is not in the list of departments");
        let todo = match (former(name), closest(name, &known)) {
            (Some(now), _) => {
                let now = &now.name;
                both!("지금 이름은 '{now}'입니다", "it is called '{now}' now")
            }
            (None, Some(word)) => both!("'{word}'인가요?", "did you mean '{word}'?"),
            (None, None) => both!("구 파일의 '부서'에 더해 주세요", "add it to '부서' in the district's file"),
        };
        let problem = Problem::new(Code::UnknownDepartment, place, title).found_text(name).todo(todo);
        // A former name is right for the years it was in use.
        problems.push(if former(name).is_some() { problem.weighing(Severity::Note) } else { problem });
    }
}
