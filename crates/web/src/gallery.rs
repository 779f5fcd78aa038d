//! All parts on one page: for looking at them, and for the wall.
//!
//! Owns: the gallery. `cargo run -p iljari-web --example gallery -- 8090` shows it; no binary of
//! the product has its route. What a newcomer gets wrong: a new part without a place here.

use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use iljari_base::{DistrictCode, Refusal, Timestamp};
use serde::Deserialize;

use crate::charts::{self, Gauge, SplitBar, Svg, YearBar, YearBars};
use crate::filters;
use crate::form::{FieldErrors, Typed};
use crate::office::{Duty, Viewer};
use crate::page_error::{PageError, render};
use crate::parts::{Choice, Pager, Step};
use crate::prefs::DisplayPrefs;
use crate::routes::{Audience, RouteTable};
use crate::shell::{Desk, District, PublicNav, Shell};
use crate::wall::Sample;

/// The parts in the residents' frame.
#[derive(Template)]
#[template(path = "page/gallery.html")]
pub struct GalleryPage {
    shell: Shell,
    parts: Parts,
}

/// The parts in the officers' frame.
#[derive(Template)]
#[template(path = "page/gallery_office.html")]
pub struct OfficeGalleryPage {
    shell: Shell,
    parts: Parts,
}

/// What the gallery shows.
struct Parts {
    typed: Typed,
    errors: FieldErrors,
    fields: Vec<Choice>,
    duties: Vec<Choice>,
    way: Vec<Step>,
    pager: Pager,
    over: Svg,
    under: Svg,
    unknown: Svg,
    far: Svg,
    same_target: Svg,
    years: Svg,
    split: Svg,
    tasks: Vec<(&'static str, i64, i64, Svg)>,
    now: Timestamp,
}

fn year(label: &str, target: i64, actual: Option<i64>, note: &str) -> YearBar {
    YearBar { label: label.to_owned(), target: Some(target), actual, note: note.to_owned() }
}

fn draw_gauge(id: &str, target: Option<i64>, actual: Option<i64>) -> Svg {
    charts::gauge(&Gauge {
        id,
        what: "2025년 공공 직접일자리",
        unit: "개",
        target,
        actual,
        legend: true,
        ..Gauge::default()
    })
}

impl Parts {
    fn new(error_count: usize) -> Self {
        let refusals = [
            Refusal::new("amount-not-a-number", "", "실적은 숫자로 적어 주세요. ‘2O4’에는 영어 글자 O가 들어 있습니다")
                .at("amount"),
            Refusal::new("field-missing", "", "부문을 하나 골라 주세요").at("field"),
            Refusal::new("why-missing", "", "줄이는 이유를 적어 주세요").at("why"),
        ];
        let fields = ["직접일자리 창출", "직업능력개발훈련", "고용서비스"].map(|word| Choice::new(word, word));
        let duties = Duty::ALL.map(|duty| Choice::new(duty.code(), duty.korean())).to_vec();
        let task = |name, actual, target| (name, actual, target, charts::spark(Some(actual), Some(target)));
        Self {
            typed: Typed::new().with("amount", "2O4").with("duty", "record"),
            errors: refusals.into_iter().take(error_count).collect::<Vec<_>>().into(),
            fields: fields.to_vec(),
            duties: Choice::mark(duties, &["record"]),
            way: Step::way(
                &[
                    ("실적 적기", "한시범, 11월 23일"),
                    ("동료 확인", "다른 사람이 합니다"),
                    ("봉인", ""),
                    ("공시", "2027년 3월"),
                ],
                1,
            ),
            pager: Pager::of(420, 4, "/gallery?page="),
            over: draw_gauge("gauge-over", Some(6000), Some(6570)),
            under: draw_gauge("gauge-under", Some(60), Some(31)),
            unknown: draw_gauge("gauge-unknown", Some(12_703), None),
            far: draw_gauge("gauge-far", Some(100), Some(740)),
            same_target: charts::year_bars(&YearBars {
                id: "bars-same",
                what: "광진구 연도별 실적",
                unit: "개",
                rows: &[
                    year("2023년", 6000, Some(6197), ""),
                    year("2024년", 6000, Some(6318), ""),
                    year("2025년", 6000, Some(6570), ""),
                ],
            }),
            years: charts::year_bars(&YearBars {
                id: "bars-years",
                what: "은평구 연도별 목표와 실적",
                unit: "개",
                rows: &[
                    year("2023년", 12_515, Some(14_434), ""),
                    year("2024년", 12_703, None, "확인 중"),
                    year("2025년", 12_894, None, ""),
                    year("2026년", 13_088, None, "진행 중"),
                ],
            }),
            split: charts::split_bar(&SplitBar {
                id: "split",
                what: "2025년 실적",
                unit: "개",
                records: 412,
                sums: 5_120,
                press: 1_038,
            }),
            tasks: vec![
                task("장애인 직업 재활 훈련", 31, 60),
                task("찾아가는 일자리센터 취업 연계", 547, 620),
                task("동행일자리 상·하반기", 641, 620),
            ],
            now: Timestamp::from_microsecond(1_795_410_000_000_000),
        }
    }
}

/// What the address may ask of the gallery.
#[derive(Debug, Default, Deserialize)]
struct Wish {
    #[serde(default)]
    faults: usize,
}

/// The gallery's route.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/gallery", Audience::Public, public_page)
        .get("/gallery/office", Audience::Public, office_page)
        .get("/gallery/failure", Audience::Public, async || {
            PageError::Failed(iljari_base::Failure::new("the gallery fails on purpose"))
        })
}

async fn public_page(prefs: DisplayPrefs, Query(wish): Query<Wish>) -> Response {
    let prefs = DisplayPrefs { doors: Arc::new(crate::Doors::all_open()), ..prefs };
    render(GalleryPage::with(&prefs, wish.faults))
}

async fn office_page(prefs: DisplayPrefs) -> Response {
    let prefs = DisplayPrefs { doors: Arc::new(crate::Doors::all_open()), ..prefs };
    match OfficeGalleryPage::with(&prefs) {
        Some(page) => render(page),
        None => axum::response::IntoResponse::into_response(PageError::NotFound),
    }
}

/// An invented officer, for samples.
pub(crate) fn sample_viewer() -> Option<Viewer> {
    Some(Viewer {
        officer: "ofc_00000000000000000000000001".parse().ok()?,
        name: "한시범".to_owned(),
        district: "99999".parse().ok()?,
        department: "일자리정책과".to_owned(),
        duties: vec![Duty::Record, Duty::Confirm],
        session: "ses_00000000000000000000000001".parse().ok()?,
    })
}

impl GalleryPage {
    fn with(prefs: &DisplayPrefs, faults: usize) -> Self {
        let code: Option<DistrictCode> = "99999".parse().ok();
        let district = code.map(|code| District::new(code, "나루구"));
        let shell = Shell::public(prefs, "부품 한 장", district, PublicNav::Plan)
            .crumb("진행 상황", "/districts/99999")
            .here("부품 한 장")
            .faults(faults.min(3));
        Self { shell, parts: Parts::new(faults) }
    }
}

impl OfficeGalleryPage {
    fn with(prefs: &DisplayPrefs) -> Option<Self> {
        let viewer = sample_viewer()?;
        let shell = Shell::office(prefs, &viewer, "부품 한 장", Desk::Staged)
            .crumb("담당자", "/office")
            .here("부품 한 장")
            .count(Desk::Staged, 6);
        Some(Self { shell, parts: Parts::new(0) })
    }
}

impl Sample for GalleryPage {
    fn samples() -> Vec<Self> {
        let prefs = DisplayPrefs::sample();
        vec![GalleryPage::with(&prefs, 0), GalleryPage::with(&prefs, 2), GalleryPage::with(&prefs, 3)]
    }
}

impl Sample for OfficeGalleryPage {
    fn samples() -> Vec<Self> {
        OfficeGalleryPage::with(&DisplayPrefs::sample()).into_iter().collect()
    }
}
