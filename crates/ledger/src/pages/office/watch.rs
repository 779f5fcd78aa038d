//! `/office/odd-numbers`: what stands out among the numbers that two officers entered, for the auditor.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use iljari_base::Actor;
use iljari_people::{Access, ClientAddress, Whose, admin, log_access};
use iljari_web::filters;
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Viewer, render};

use super::{Names, cx, frame};
use crate::store;
use crate::watch::{Departments, Habit, Odd, odd};

/// One thing that stands out, ready to read.
pub struct OddRow {
    what: &'static str,
    who: String,
    count: usize,
    of: usize,
}

#[derive(Template)]
#[template(path = "office/watch.html")]
pub(super) struct Page {
    shell: Shell,
    rows: Vec<OddRow>,
}

/// The page. Looking at it is a line in the access log: it is about officers.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let shell = frame(&office, &prefs, &viewer, "살펴볼 실적", Desk::AccessLog).await?;
    let cx = cx(&office, &viewer, &address);
    let page = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                log_access(tx, &cx, Access::to("살펴볼 실적 보기", Whose::AllOfficers)).await?;
                let names = Names::read(tx, &cx.district).await?;
                let officers = admin::officers(tx, &cx.district).await?;
                let departments: Departments =
                    officers.into_iter().map(|officer| (officer.id, officer.department)).collect();
                let found = odd(&store::entries(tx, &cx.district).await?, &departments);
                Ok(Page { shell, rows: found.into_iter().map(|odd| row(&names, odd)).collect() })
            })
        })
        .await?;
    Ok(render(page))
}

fn row(names: &Names, odd: Odd) -> OddRow {
    let named = |actor: &Actor| names.of(*actor);
    let who = match odd.who.iter().map(named).collect::<Vec<_>>().as_slice() {
        [author, confirmer] => format!("작성 {author}, 확인 {confirmer}"),
        [one] if odd.habit == Habit::Haste => format!("확인 {one}"),
        [one] => format!("작성 {one}"),
        _ => String::new(),
    };
    OddRow { what: odd.habit.korean(), who, count: odd.count, of: odd.of }
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let habits = [Habit::OnePair, Habit::OneDepartment, Habit::Haste, Habit::Round, Habit::MonthEnd];
        let page = |many: usize| Self {
            shell: super::sample_shell("살펴볼 실적", Desk::AccessLog),
            rows: habits
                .into_iter()
                .cycle()
                .take(many)
                .map(|habit| OddRow {
                    what: habit.korean(),
                    who: format!("작성 {}, 확인 이견본 (예시)", "가나다라마".repeat(6)),
                    count: 1_200,
                    of: 1_234,
                })
                .collect(),
        };
        vec![page(0), page(5), page(200)]
    }
}
