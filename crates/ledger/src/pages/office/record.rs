//! `/office/entries/new`: one number, with its period, its evidence and where it comes from.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::korean::{self, NumberReading};
use iljari_base::{Month, Period, Refusal, Stop};
use iljari_disclosure::log::words::{NodeId, Unit};
use iljari_disclosure::plan::{Counting as PlanCounting, District};
use iljari_people::{ClientAddress, logged};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{
    Desk, DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{book, cx, frame};
use crate::model::EvidenceKind;
use crate::record::{self, Counting, Figure, NewNumber, NodeFacts};

#[derive(Template)]
#[template(path = "office/record.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    nodes: Vec<Choice>,
    years: Vec<Choice>,
    firsts: Vec<Choice>,
    lasts: Vec<Choice>,
    figures: Vec<Choice>,
    units: Vec<Choice>,
    evidences: Vec<Choice>,
    amount: String,
    remark: String,
}

/// The empty form, or the form for one node (`?node=`).
pub async fn form(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    typed: Typed,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "실적 적기", Desk::NewEntry).await?;
    Ok(render(page(shell, &office, &book, &typed, FieldErrors::none())))
}

/// Writes the number down for a second person.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let outcome = match read(&book, &typed) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok((facts, number)) => {
            let cx = cx(&office, &viewer, &address);
            logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { record::record(tx, cx, &facts, &number).await }),
                |id| format!("실적 작성 {id}"),
            )
            .await
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/office/staged/{id}")).into_response()),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let shell = frame(&office, &prefs, &viewer, "실적 적기", Desk::NewEntry).await?.faults(errors.len());
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page(shell, &office, &book, &typed, errors)))
        }
    }
}

/// Everything the form can be wrong in, at once.
fn read(book: &District, typed: &Typed) -> Result<(NodeFacts, NewNumber), Vec<Refusal>> {
    let mut faults = Vec::new();
    let period = read_period(typed).map_err(|fault| faults.push(fault)).ok();
    let amount = read_amount(typed).map_err(|fault| faults.push(fault)).ok();
    let unit = typed
        .get("unit")
        .parse::<Unit>()
        .map_err(|_| faults.push(Refusal::new("unit", "", "단위를 골라 주세요.").at("unit")))
        .ok();
    let evidence_kind = EvidenceKind::from_text(typed.get("evidence"));
    if evidence_kind.is_none() {
        faults.push(Refusal::new("evidence", "", "무엇을 보고 세었는지(근거) 골라 주세요.").at("evidence"));
    }
    let figure = match (typed.get("figure"), amount) {
        ("own", Some(amount)) => Some(Figure::Own(amount)),
        ("cumulative", Some(amount)) => Some(Figure::Cumulative(amount)),
        (_, None) => None,
        _ => {
            faults.push(
                Refusal::new("figure", "", "이 기간만의 수(당기)인지 1월부터의 합(누계)인지 골라 주세요.").at("figure"),
            );
            None
        }
    };
    let facts = node_facts(book, typed.get("node"), period).map_err(|fault| faults.push(fault)).ok();
    match (facts, period, figure, unit, evidence_kind) {
        (Some(facts), Some(period), Some(figure), Some(unit), Some(evidence_kind)) if faults.is_empty() => {
            let remark = typed.get("remark").to_owned();
            Ok((facts, NewNumber { period, unit, figure, evidence_kind, remark }))
        }
        _ => Err(faults),
    }
}

fn node_facts(book: &District, node: &str, period: Option<Period>) -> Result<NodeFacts, Refusal> {
    let unknown = || Refusal::new("unknown-node", "", "사업을 골라 주세요.").at("node");
    let id: NodeId = node.parse().map_err(|_| unknown())?;
    let year = period.map(|period| period.first().year());
    let plan = match year {
        // Without a period the node is looked for in any year; the period's own fault is told beside it.
        None => book.plans.iter().rev().find(|plan| plan.node(node).is_some()),
        Some(year) => book.tree_in_force(year),
    };
    let Some((plan, found)) = plan.and_then(|plan| Some((plan, plan.node(node)?))) else {
        return Err(match year {
            Some(year) if book.knows_node(node) => Refusal::new(
                "node-not-in-year",
                "",
                format!("{year}년 계획에는 이 사업이 없습니다. 해나 사업을 다시 골라 주세요."),
            )
            .at("node"),
            _ => unknown(),
        });
    };
    let counting = match year.and_then(|year| plan.counting(node, year)) {
        Some(PlanCounting::Individual) => Counting::Records,
        Some(PlanCounting::Aggregate) | None => Counting::Sums,
    };
    Ok(NodeFacts { node: id, name: found.name.clone(), field: plan.field(node), counting })
}

fn read_period(typed: &Typed) -> Result<Period, Refusal> {
    let month = |name: &'static str, label: &str| -> Result<Month, Refusal> {
        let year: Option<i16> = typed.get("year").trim().parse().ok();
        let month: Option<i8> = typed.get(name).trim().parse().ok();
        year.zip(month).and_then(|(year, month)| Month::new(year, month)).ok_or_else(|| {
            Refusal::new(
                "month",
                "",
                format!("{} 1월부터 12월 가운데 골라 주세요.", korean::with_particle(label, "을/를")),
            )
            .at(name)
        })
    };
    let first = month("month_first", "시작 달")?;
    let last = month("month_last", "끝 달")?;
    Period::new(first, last).ok_or_else(|| {
        Refusal::new("period-backwards", "", "끝 달이 시작 달보다 앞섭니다. 두 달을 바꾸어 주세요.").at("month_last")
    })
}

/// Reads the amount as people write it; what was not plain digits is shown again on the next page.
pub(super) fn read_amount(typed: &Typed) -> Result<i64, Refusal> {
    match korean::read_number(typed.get("amount")) {
        Ok(NumberReading { about: true, .. }) => Err(Refusal::new(
            "about",
            "",
            "‘약’이나 ‘여’가 붙은 수는 합계에 넣을 수 없습니다. 정확한 수를 적어 주세요.",
        )
        .at("amount")),
        Ok(reading) => Ok(reading.value),
        Err(fault) => {
            Err(Refusal::new("not-a-number", "", format!("{fault}. 1234, 1,234, 1만2천처럼 적어 주세요.")).at("amount"))
        }
    }
}

fn page(shell: Shell, office: &Office, book: &District, typed: &Typed, errors: FieldErrors) -> Page {
    let today = office.clock.today();
    let this_year = today.year();
    let chosen = |name: &str, default: &str| {
        let value = typed.get(name);
        if value.is_empty() { default.to_owned() } else { value.to_owned() }
    };
    let (year, node) = (chosen("year", &this_year.to_string()), typed.get("node").to_owned());
    let last_month = i8::max(1, today.month().of_year() - 1).to_string();
    let months = |name: &str, default: &str| -> Vec<Choice> {
        let value = chosen(name, default);
        (1..=12_i8)
            .map(|month| Choice::new(month.to_string(), format!("{month}월")).chosen(value == month.to_string()))
            .collect()
    };
    let mut years: Vec<i16> = book.years().into_iter().map(|year| year.0).filter(|year| *year <= this_year.0).collect();
    years.sort_unstable_by(|one, other| other.cmp(one));
    let figure = chosen("figure", "cumulative");
    let unit = chosen("unit", Unit::Jobs.as_str());
    Page {
        nodes: node_choices(book, &node),
        years: years
            .iter()
            .map(|known| Choice::new(known.to_string(), format!("{known}년")).chosen(year == known.to_string()))
            .collect(),
        firsts: months("month_first", "1"),
        lasts: months("month_last", &last_month),
        figures: vec![
            Choice::new("cumulative", "누계")
                .hint("1월부터 끝 달까지 모두 더한 수. 먼저 올린 것과의 차이만 더해집니다.")
                .chosen(figure == "cumulative"),
            Choice::new("own", "당기").hint("고른 기간에 새로 생긴 수.").chosen(figure == "own"),
        ],
        units: Unit::ALL
            .iter()
            .map(|each| Choice::new(each.as_str(), each.as_str()).chosen(unit == each.as_str()))
            .collect(),
        evidences: EvidenceKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), kind.label()).chosen(typed.chose("evidence", kind.as_str())))
            .collect(),
        amount: typed.get("amount").to_owned(),
        remark: typed.get("remark").to_owned(),
        shell,
        errors,
    }
}

/// Programs and unit projects of the newest trees, indented as they hang.
pub(super) fn node_choices(book: &District, node: &str) -> Vec<Choice> {
    let mut seen: Vec<String> = Vec::new();
    let mut choices = vec![Choice::new("", "사업을 골라 주세요").chosen(node.is_empty())];
    for plan in book.plans.iter().rev().filter(|plan| plan.has_tree) {
        let lowest = plan.program_level().unwrap_or(0);
        for found in plan.nodes.iter().filter(|found| found.level >= lowest) {
            if seen.contains(&found.id) {
                continue;
            }
            seen.push(found.id.clone());
            let indent = if found.level > lowest { "\u{3000}└ " } else { "" };
            choices.push(Choice::new(&found.id, format!("{indent}{}", found.name)).chosen(node == found.id));
        }
    }
    choices
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |errors: FieldErrors, nodes: usize| Page {
            shell: super::sample_shell("실적 적기", Desk::NewEntry).faults(errors.len()),
            errors,
            nodes: (0..nodes.max(1))
                .map(|nth| Choice::new(format!("사업{nth}"), format!("어르신 일자리 {nth} (예시)")))
                .collect(),
            years: vec![Choice::new("2026", "2026년").chosen(true)],
            firsts: vec![Choice::new("1", "1월").chosen(true)],
            lasts: vec![Choice::new("9", "9월").chosen(true)],
            figures: vec![Choice::new("cumulative", "누계").hint("1월부터").chosen(true), Choice::new("own", "당기")],
            units: vec![Choice::new("일자리 수", "일자리 수").chosen(true)],
            evidences: EvidenceKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect(),
            amount: "1만2천".to_owned(),
            remark: String::new(),
        };
        let faults = vec![
            Refusal::new("not-positive", "", "0은 올리지 않습니다.").at("amount"),
            Refusal::new("overlapping-period", "", "2026년 1~3월에는 이미 120개가 올라와 있습니다.").at("month_first"),
        ];
        vec![page(FieldErrors::none(), 0), page(faults.into(), 3), page(FieldErrors::none(), 200)]
    }
}
