//! `/districts/{code}/plan.csv`: a year's tree as a table, one row a node.
//!
//! Owns: the columns. Does not own: how a cell is written (`disclosure::bundle::table`).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{Date, Year};
use iljari_disclosure::bundle::table::{BOM, guarded, write_row};
use iljari_disclosure::plan::{District, Figure, Funding, Node, Plan};
use iljari_web::{Office, PageError};

use crate::books::Books;
use crate::pages::district_of;
use crate::pages::plan::{Asked, year_asked};
use crate::pages::words::{provider, rule_text};
use crate::store;

/// The columns before the targets.
const FIRST: [&str; 18] = [
    "연도",
    "번호",
    "상위",
    "단계",
    "이름",
    "부문",
    "부서",
    "팀",
    "협조부서",
    "처음 달",
    "끝 달",
    "구분",
    "대상",
    "사업내용",
    "법적근거",
    "관련지침",
    "세는 기준",
    "집계 방식",
];

/// The columns after the targets.
const LAST: [&str; 10] = [
    "계획 국비",
    "계획 시비",
    "계획 구비",
    "계획 민자",
    "계획 계",
    "집행 국비",
    "집행 시비",
    "집행 구비",
    "집행 민자",
    "집행 계",
];

/// The columns every table of open data ends with here.
const ALWAYS_LAST: [&str; 2] = ["데이터기준일자", "제공기관"];

/// Every column with what stands in it. The targets' columns are named after the promises.
pub fn dictionary() -> Vec<(String, &'static str)> {
    let first = FIRST.iter().map(|name| ((*name).to_owned(), meaning(name)));
    let targets = [
        ("(목표이름) 종합계획 목표", "네 해 계획에 적힌 그해의 목표입니다. 약속마다 한 칸입니다."),
        ("(목표이름) (연도)년 목표", "지금 견주는 목표입니다. 그해 세부계획에 값이 있으면 그 값입니다."),
    ];
    let targets = targets.into_iter().map(|(name, meaning)| (name.to_owned(), meaning));
    let last = LAST.iter().chain(&ALWAYS_LAST).map(|name| ((*name).to_owned(), meaning(name)));
    first.chain(targets).chain(last).collect()
}

fn meaning(column: &str) -> &'static str {
    match column {
        "연도" => "네 자리 연도입니다.",
        "번호" => "계획 파일의 번호입니다.",
        "상위" => "바로 위에 있는 것의 번호입니다.",
        "단계" => "그 계획이 스스로 부르는 이름입니다. 전략, 실천과제, 사업 따위입니다.",
        "이름" => "계획에 적힌 이름입니다.",
        "부문" => "일자리대책의 부문입니다.",
        "부서" => "맡은 부서입니다.",
        "팀" => "맡은 팀입니다.",
        "협조부서" => "함께하는 부서입니다.",
        "처음 달" | "끝 달" => "사업 기간의 달입니다(YYYY-MM).",
        "구분" => "신규인지 계속인지입니다.",
        "대상" => "누구를 위한 것인지입니다.",
        "사업내용" => "계획에 적힌 글입니다.",
        "법적근거" | "관련지침" => "계획에 적힌 근거입니다.",
        "세는 기준" => "무엇을 하나로 세는지입니다.",
        "집계 방식" => "집계(부서가 더함) 또는 개별(한 사람씩)입니다.",
        "데이터기준일자" => "이 구의 계획 파일을 마지막으로 채택한 날입니다(YYYY-MM-DD).",
        "제공기관" => "자료를 낸 기관입니다.",
        _ => "원 단위의 금액입니다. 비어 있으면 자료가 없습니다.",
    }
}

/// `GET /districts/{code}/plan.csv`
pub async fn file(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let year = year_asked(&book, &asked, office.clock.today())?;
    let plan = book.tree_in_force(year).ok_or(PageError::NotFound)?;
    let name = format!("attachment; filename=\"plan-{}-{year}.csv\"", book.code);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    let at = book.code.clone();
    let adopted = office.store.read(move |tx| Box::pin(async move { store::last_adopted(tx, &at).await })).await?;
    let as_of = adopted.map(|instant| instant.seoul_date());
    Ok((headers, write(&book, plan, year, as_of, &provider(&book, office.demo))).into_response())
}

/// The table. Money is in won; an empty cell is a value nobody knows.
pub fn write(book: &District, plan: &Plan, year: Year, as_of: Option<Date>, provider: &str) -> String {
    let sets = book.target_sets();
    let mut out = BOM.to_owned();
    let mut heads: Vec<String> = FIRST.iter().map(|head| (*head).to_owned()).collect();
    for set in &sets {
        heads.push(format!("{} 종합계획 목표", set.name));
        heads.push(format!("{} {year}년 목표", set.name));
    }
    heads.extend(LAST.iter().chain(&ALWAYS_LAST).map(|head| (*head).to_owned()));
    write_row(&mut out, heads.iter().map(String::as_str));
    for node in &plan.nodes {
        let mut cells = facts(plan, node, year);
        for set in &sets {
            let at = book.node_targets(&node.id, &set.id, year);
            cells.extend([at.term, at.in_force()].map(|figure| figure.map(plain).unwrap_or_default()));
        }
        let budget = book.budget(&node.id, year).cloned().unwrap_or_default();
        cells.extend(funds(&budget.planned));
        cells.extend(funds(&budget.spent));
        cells.extend([as_of.map(|day| day.to_string()).unwrap_or_default(), provider.to_owned()]);
        let guarded: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        write_row(&mut out, guarded.iter().map(AsRef::as_ref));
    }
    out
}

fn facts(plan: &Plan, node: &Node, year: Year) -> Vec<String> {
    let responsible = plan.responsible(&node.id);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    vec![
        year.to_string(),
        node.id.clone(),
        node.parent.clone(),
        plan.level_name(node).to_owned(),
        node.name.clone(),
        text(plan.field(&node.id).map(|field| field.as_str())),
        text(responsible.map(|responsible| responsible.department.as_str())),
        text(responsible.and_then(|responsible| responsible.team.as_deref())),
        node.helping.join("; "),
        node.period.map(|period| period.first().to_string()).unwrap_or_default(),
        node.period.map(|period| period.last().to_string()).unwrap_or_default(),
        text(node.standing.map(|standing| standing.as_str())),
        node.audience.join("; "),
        text(node.content.as_deref()).trim().to_owned(),
        node.laws.join("; "),
        node.guidelines.join("; "),
        plan.counting_rule(&node.id, year).map(rule_text).unwrap_or_default(),
        text(plan.counting(&node.id, year).map(|counting| counting.as_str())),
    ]
}

/// Digits without grouping, so that a spreadsheet reads a number.
fn plain(figure: &Figure) -> String {
    match figure.amount {
        iljari_disclosure::plan::Amount::Count(number) => number.to_string(),
        iljari_disclosure::plan::Amount::Percent(percent) => percent.to_string(),
        iljari_disclosure::plan::Amount::Won(won) => won.0.to_string(),
    }
}

fn funds(funding: &Funding) -> Vec<String> {
    let won = |figure: Option<&Figure>| figure.and_then(Figure::won).map(|won| won.0.to_string()).unwrap_or_default();
    let total = funding.amount().map(|won| won.0.to_string()).unwrap_or_default();
    funding.funds().into_iter().map(|(_, figure)| won(figure)).chain([total]).collect()
}
