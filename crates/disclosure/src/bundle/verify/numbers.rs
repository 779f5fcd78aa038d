//! The numbers: leaves are added up anew, rolled up along the tree, and given to [`super::tables`].

use std::collections::BTreeMap;

use iljari_base::korean;
use iljari_base::quantity::grouped;

use super::super::documents::{read_tree_csv, tree_csv};
use super::super::report::Code;
use super::super::{Bundle, LOG, Report, TREE_CSV};
use super::{Found, attributes, tables};
use crate::log::rollup::{PlanTree, RollUpProblem, TreeProblem, roll_up};
use crate::log::totals::{Fold, Key, Split, TotalsProblem};

pub(super) fn check(bundle: &Bundle, found: &Found, report: &mut Report) {
    let own = if found.entries {
        let mark = report.mark();
        let own = fold(found, report);
        report.check("기재의 앞뒤", mark, "정정은 모두 앞선 기재를 가리키고, 음수가 된 합계가 없습니다.");
        own
    } else {
        report.not_done("기재의 앞뒤", "기재를 읽을 수 없어 더하지 못했습니다.");
        None
    };

    let mark = report.mark();
    let tree = tree(bundle, report);
    report.check("사업 위치표", mark, "사업의 위아래가 빠짐없이 이어집니다.");

    // Without one of these a sum would be a guess, and a guess would accuse the innocent.
    let (Some(own), Some(tree), Some(heading)) = (own, tree, &found.heading) else {
        report.not_done("공시한 수", "기재나 위치표, 목록, 봉인 가운데 읽을 수 없는 것이 있어 더하지 못했습니다.");
        attributes::check(bundle, None, report);
        return;
    };
    let mark = report.mark();
    let (lines, problems) = roll_up(&own, &tree, heading.year);
    for problem in problems {
        roll_up_problem(&problem, report);
    }
    tables::csv(bundle, &lines, report);
    tables::json(bundle, found, &lines, report);
    report.check(
        "공시한 수",
        mark,
        format!("공시한 수 {}개를 모두 다시 계산해 같은 값을 얻었습니다.", grouped_u64(report.numbers_checked)),
    );
    attributes::check(bundle, Some(&lines), report);
}

fn grouped_u64(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The totals at C₁, where the log has one. Leaves behind it are walked too: a correction there must
/// also name an earlier leaf, and the log as a whole must not go below zero either.
fn fold(found: &Found, report: &mut Report) -> Option<BTreeMap<Key, Split>> {
    let disclosed = found.disclosed();
    let mut fold = Fold::new();
    let mut at_first = (disclosed == Some(0)).then(Fold::new);
    for (index, leaf) in found.leaves.iter().enumerate() {
        match leaf {
            Some(leaf) => fold.add(leaf),
            None => fold.skip(),
        }
        if disclosed == Some(index + 1) {
            at_first = Some(fold.clone());
        }
    }
    let (_, mut problems) = fold.finish();
    let own = at_first.map(|fold| {
        let (own, earlier) = fold.finish();
        // The rest of what the earlier fold found, the later one has found too.
        let at_first_only = earlier.into_iter().filter(|problem| matches!(problem, TotalsProblem::BelowZero { .. }));
        let unseen: Vec<_> = at_first_only.filter(|problem| !problems.contains(problem)).collect();
        problems.extend(unseen);
        own
    });
    for problem in &problems {
        totals_problem(problem, report);
    }
    own
}

pub(super) fn totals_problem(problem: &TotalsProblem, report: &mut Report) {
    let path = format!("{LOG}tile/entries");
    let (code, ko, en) = match problem {
        TotalsProblem::DuplicateId { index, id } => (
            Code::DuplicateId,
            format!("{index}번 기재의 번호가 앞선 기재와 같습니다: {id}."),
            format!("Leaf {index} repeats the id {id}."),
        ),
        TotalsProblem::DuplicateCommitment { index, id } => (
            Code::DuplicateCommitment,
            format!("{index}번 기재({id})는 앞선 기재와 같은 사람 값을 씁니다. 한 기록을 두 번 센 것입니다."),
            format!("Leaf {index} ({id}) repeats a commitment: one record counted twice."),
        ),
        TotalsProblem::NoEarlierLeaf { index, id, of } => (
            Code::CorrectionTarget,
            format!("{index}번 정정({id})이 가리키는 기재({of})가 앞에 없습니다."),
            format!("Correction {index} ({id}) names {of}, which is no earlier leaf."),
        ),
        TotalsProblem::OtherSlot { index, id, of } => (
            Code::CorrectionSlot,
            format!("{index}번 정정({id})의 사업, 연도, 부문, 단위가 가리키는 기재({of})와 다릅니다."),
            format!("Correction {index} ({id}) counts elsewhere than {of}."),
        ),
        TotalsProblem::BelowZero { key, source, n } => (
            Code::BelowZero,
            format!(
                "{}년 '{}'의 {} 합계가 {}입니다. 정정이 원래 수보다 큽니다.",
                key.year,
                key.node,
                source.korean(),
                grouped(*n)
            ),
            format!("{} {} ({}, {}) comes to {n}.", key.year, key.node, key.unit, source.korean()),
        ),
        TotalsProblem::Overflow { key } => overflow(key),
    };
    report.problem(code, &path, ko, en);
}

fn overflow(key: &Key) -> (Code, String, String) {
    (
        Code::Overflow,
        format!("{}년 '{}'의 합계가 셀 수 없이 큽니다.", key.year, key.node),
        format!("{} {} is too large to count.", key.year, key.node),
    )
}

pub(super) fn roll_up_problem(problem: &RollUpProblem, report: &mut Report) {
    let (code, ko, en) = match problem {
        RollUpProblem::UnknownNode(key) => (
            Code::NodeUnknown,
            format!(
                "{}년 사업 위치표에 '{}'{} 없는데 기재가 있습니다.",
                key.year,
                key.node,
                korean::particle(key.node.as_str(), "이/가")
            ),
            format!("Leaves of {} hang on {}, which the tree does not have.", key.year, key.node),
        ),
        RollUpProblem::Overflow(key) => overflow(key),
    };
    report.problem(code, TREE_CSV, ko, en);
}

/// The tree, if it is one and canonical.
fn tree(bundle: &Bundle, report: &mut Report) -> Option<PlanTree> {
    let bytes = bundle.get(TREE_CSV)?;
    let mark = report.mark();
    let (nodes, bad_rows) = read_tree_csv(bytes);
    for row in &bad_rows {
        report.problem(
            Code::TreeForm,
            TREE_CSV,
            format!("사업 위치표의 {row}번째 줄을 읽을 수 없습니다."),
            format!("Row {row} of the tree table cannot be read."),
        );
    }
    let (tree, problems) = PlanTree::understood(nodes);
    for problem in &problems {
        let (ko, en) = tree_sentence(problem);
        report.problem(Code::TreeForm, TREE_CSV, ko, en);
    }
    if bad_rows.is_empty() && problems.is_empty() && tree_csv(&tree).as_bytes() != bytes {
        report.problem(
            Code::TreeForm,
            TREE_CSV,
            "사업 위치표의 글자나 차례가 정해진 꼴과 다릅니다.",
            "The tree table is not in its canonical form.",
        );
    }
    (report.mark() == mark).then_some(tree)
}

fn tree_sentence(problem: &TreeProblem) -> (String, String) {
    match problem {
        TreeProblem::Twice(year, node) => {
            (format!("{year}년 사업 '{node}'의 위치가 두 번 적혀 있습니다."), format!("{year} {node} stands twice."))
        }
        TreeProblem::Rootless(year, node) => {
            (format!("{year}년 사업 '{node}' 위에 '전체'가 없습니다."), format!("{year} {node} has no root above it."))
        }
        TreeProblem::UnknownParent(year, node) => (
            format!("{year}년 사업 '{node}'의 상위 사업이 표에 없습니다."),
            format!("The parent of {year} {node} is not in the table."),
        ),
        TreeProblem::Cycle(year, node) => {
            (format!("{year}년 사업 '{node}'의 위아래가 돌고 돕니다."), format!("{year} {node} is its own ancestor."))
        }
        TreeProblem::BadName(year, node) => (
            format!("{year}년 사업 '{node}'의 이름에 쓸 수 없는 글자가 있습니다."),
            format!("The name of {year} {node} cannot be printed."),
        ),
    }
}
