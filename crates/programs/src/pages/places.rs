//! `/office/calls/{no}/places`: pools and places, from a sheet, pasted, or typed a line each.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{DistrictCode, Outcome, Refusal, Stop};
use iljari_people::ClientAddress;
use iljari_sheets::Reader;
use iljari_store::Tx;
use iljari_web::{
    DisplayPrefs, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer, answer, meanwhile, render,
};

use super::sent::Sent;
use super::{act, frame, number, parts};
use crate::call::{self, resident_numbers};
use crate::model::{CallState, Pool, WorkPlace};
use crate::store;

/// The columns of a sheet of places, in the order of a typed line.
const COLUMNS: [&str; 8] = ["사업번호", "하는 일", "일하는 곳", "동", "분야", "모집 구분", "단위사업 코드", "자리 수"];

#[derive(Template)]
#[template(path = "programs/places.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    meanwhile: Meanwhile,
    no: i64,
    title: String,
    pools: String,
    places: String,
}

/// The form with what the draft has.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let typed = standing(&office, &viewer, no).await?;
    let opened_on = Meanwhile::opened_on(&typed);
    page(&office, &prefs, &viewer, no, (&typed, opened_on), FieldErrors::none()).await.map(render)
}

/// What the draft has, as the form shows it.
async fn filled(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Typed> {
    let (pools, places) = (store::pools(tx, district, no).await?, store::places(tx, district, no).await?);
    Ok(Typed::new().with("pools", pool_lines(&pools)).with("places", place_lines(&places)))
}

async fn standing(office: &Office, viewer: &Viewer, no: i64) -> Result<Typed, PageError> {
    let district = viewer.district.clone();
    Ok(office.store.read(move |tx| Box::pin(async move { filled(tx, &district, no).await })).await?)
}

/// Sets them.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(reader): Extension<Arc<Reader>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    mut sent: Sent,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let file = sent.fill_with_rows(&reader, "places", "places_file", &COLUMNS).await;
    let typed = sent.typed();
    let outcome = match file.and_then(|()| read(&typed).map_err(Stop::Refused)) {
        Err(stop) => Err(stop),
        Ok((pools, places)) => {
            let sent = typed.clone();
            act(&office, (&viewer, &address), (no, "자리 적기"), move |tx, cx, _| {
                Box::pin(async move {
                    meanwhile::unchanged(&sent, &filled(tx, &cx.district, no).await?)?;
                    call::set_places(tx, cx, no, pools, places).await
                })
            })
            .await
        }
    };
    let changed = outcome.as_ref().is_err_and(meanwhile::is_changed);
    let again = |errors| async {
        let meanwhile = if changed {
            let now = standing(&office, &viewer, no).await?;
            Meanwhile::compared(&now, &typed, &[("pools", "모집 구분"), ("places", "자리")])
        } else {
            Meanwhile::as_sent(&typed)
        };
        page(&office, &prefs, &viewer, no, (&typed, meanwhile), errors).await
    };
    answer(outcome, &format!("/office/calls/{no}"), again).await
}

fn read(typed: &Typed) -> Result<(Vec<Pool>, Vec<WorkPlace>), Vec<Refusal>> {
    let mut faults = resident_numbers(&[("pools", typed.get("pools")), ("places", typed.get("places"))]);
    let lines = |name: &str| -> Vec<(usize, String)> {
        let all = (1..).zip(typed.get(name).lines());
        all.filter(|(_, line)| !line.trim().is_empty()).map(|(nth, line)| (nth, line.to_owned())).collect()
    };
    let mut pools = Vec::new();
    for (nth, line) in lines("pools") {
        let fields = parts(&line);
        let age = |place: usize| match fields.get(place).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => text.parse::<i64>().map(Some).map_err(|_| ()),
        };
        match (fields.first(), age(1), age(2)) {
            (Some(name), Ok(age_min), Ok(age_max)) => pools.push(Pool { name: (*name).to_owned(), age_min, age_max }),
            _ => {
                let message = format!("모집 구분 {nth}번째 줄의 나이를 수로 적어 주세요. 예: 청년 | 18 | 39");
                faults.push(Refusal::new("pool-line", "", message).at("pools"));
            }
        }
    }
    let mut places = Vec::new();
    for (nth, line) in lines("places") {
        let fields = parts(&line);
        let [no, name, site, dong, area, pool, node, capacity] = fields.as_slice() else {
            let message = format!("자리 {nth}번째 줄에는 여덟 칸이 있어야 합니다. 지금은 {}칸입니다.", fields.len());
            faults.push(Refusal::new("place-line", "", message).at("places"));
            continue;
        };
        match (node.parse(), capacity.parse()) {
            (Ok(node), Ok(capacity)) => places.push(WorkPlace {
                no: (*no).to_owned(),
                name: (*name).to_owned(),
                site: (*site).to_owned(),
                dong: (*dong).to_owned(),
                area: (*area).to_owned(),
                pool: (*pool).to_owned(),
                node,
                capacity,
            }),
            _ => {
                let message = format!("자리 {nth}번째 줄의 단위사업 코드나 자리 수를 읽지 못했습니다.");
                faults.push(Refusal::new("place-line", "", message).at("places"));
            }
        }
    }
    if faults.is_empty() { Ok((pools, places)) } else { Err(faults) }
}

fn pool_lines(pools: &[Pool]) -> String {
    let age = |age: Option<i64>| age.map(|age| age.to_string()).unwrap_or_default();
    let line = |pool: &Pool| match (pool.age_min, pool.age_max) {
        (None, None) => pool.name.clone(),
        _ => format!("{} | {} | {}", pool.name, age(pool.age_min), age(pool.age_max)),
    };
    pools.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn place_lines(places: &[WorkPlace]) -> String {
    let line = |it: &WorkPlace| {
        let capacity = it.capacity.to_string();
        let fields: [&str; 8] = [&it.no, &it.name, &it.site, &it.dong, &it.area, &it.pool, it.node.as_str(), &capacity];
        fields.join(" | ")
    };
    places.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    (typed, meanwhile): (&Typed, Meanwhile),
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let district = viewer.district.clone();
    let found = office.store.read(move |tx| Box::pin(async move { store::call_of(tx, &district, no).await })).await?;
    let call = found.filter(|call| call.state == CallState::Draft).ok_or(PageError::NotFound)?;
    let shell =
        frame(prefs, viewer, "자리 적기").crumb(&call.terms.title, format!("/office/calls/{no}")).here("자리 적기");
    Ok(Page {
        shell: shell.faults(errors.len()),
        errors,
        meanwhile,
        no,
        title: call.terms.title,
        pools: typed.get("pools").to_owned(),
        places: typed.get("places").to_owned(),
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |lines: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("자리 적기").faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(if lines > 2 { 2 } else { 0 }),
            no: 3,
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            pools: "일반\n청년 | 18 | 39".to_owned(),
            places: "3-01 | 골목 안전 지킴이 | 나루1동 골목 | 나루1동 | 사회안전 | 일반 | 1-1-1-3 | 6\n".repeat(lines),
        };
        let fault = Refusal::new("place-line", "", "자리 2번째 줄에는 여덟 칸이 있어야 합니다.").at("places");
        vec![page(0, FieldErrors::none()), page(2, vec![fault].into()), page(300, FieldErrors::none())]
    }
}
