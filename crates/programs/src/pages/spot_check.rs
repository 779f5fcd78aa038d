//! `/office/calls/{no}/spot-check`: the sample whose documents an auditor looks at once more, by 접수번호.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_people::{ClientAddress, Cx};
use iljari_web::{DisplayPrefs, Office, PageError, Sample, Shell, Viewer, render};

use super::{frame, missing, number};
use crate::spot_check::{self, RULE};

#[derive(Template)]
#[template(path = "programs/spot_check.html")]
pub(super) struct Page {
    shell: Shell,
    title: String,
    heading: String,
    rule: &'static str,
    seed: String,
    receipts: Vec<String>,
}

/// The page. A draft has no applications to draw from.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let drawn = office.store.write(move |tx| Box::pin(async move { spot_check::draw(tx, &cx, no).await })).await;
    let drawn = drawn.map_err(missing)?;
    let shell = frame(&prefs, &viewer, "표본 점검")
        .crumb(&drawn.call.terms.title, format!("/office/calls/{no}"))
        .here("표본 점검");
    let heading = match &drawn.seed {
        None => "접수가 끝난 뒤 첫 봉인이 있어야 뽑습니다".to_owned(),
        Some(_) => format!("신청 {}건 가운데 {}건을 뽑았습니다", drawn.of, drawn.receipts.len()),
    };
    Ok(render(Page {
        shell,
        title: drawn.call.terms.title,
        heading,
        rule: RULE,
        seed: drawn.seed.unwrap_or_default(),
        receipts: drawn.receipts.into_iter().map(|(_, receipt)| receipt).collect(),
    }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |rows: usize| Page {
            shell: super::sample_shell("표본 점검"),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "신청 100건 가운데 5건을 뽑았습니다".to_owned(),
            rule: RULE,
            seed: if rows > 0 { "Xq0mQ6yN2c1d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8=".to_owned() } else { String::new() },
            receipts: (1..=rows).map(|nth| format!("27-003-{nth:04}")).collect(),
        };
        vec![page(0), page(5), page(200)]
    }
}
