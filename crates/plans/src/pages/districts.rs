//! `/`: the districts that are here, each with one true sentence.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use iljari_base::korean::with_particle;
use iljari_disclosure::plan::District;
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};

use crate::books::Books;
use crate::pages::words::{counted_text, home_href, main_set, set_total, years_text};
use crate::store;

/// The list of districts.
#[derive(Debug, Template)]
#[template(path = "plans/districts.html")]
pub struct DistrictsPage {
    shell: Shell,
    title: String,
    real: Vec<DistrictLine>,
    invented: Vec<DistrictLine>,
}

/// One district with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictLine {
    href: String,
    name: String,
    province: String,
    sentence: String,
}

/// `GET /`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
) -> Result<Response, PageError> {
    let found = office
        .store
        .read_kept("districts", move |tx| {
            Box::pin(async move {
                let mut found: Vec<Arc<District>> = Vec::new();
                for row in store::districts(tx).await? {
                    if let Some(book) = books.within(tx, &row.code).await? {
                        found.push(book);
                    }
                }
                Ok(found)
            })
        })
        .await?;
    Ok(render(build(&prefs, &found)))
}

/// The page of these districts.
pub fn build(prefs: &DisplayPrefs, books: &[Arc<District>]) -> DistrictsPage {
    let lines = |invented: bool| -> Vec<DistrictLine> {
        books.iter().filter(|book| book.is_sample == invented).map(|book| line(book)).collect()
    };
    page_of(prefs, lines(false), lines(true))
}

fn page_of(prefs: &DisplayPrefs, real: Vec<DistrictLine>, invented: Vec<DistrictLine>) -> DistrictsPage {
    let title = match (real.len(), invented.len()) {
        (0, 0) => "아직 올라온 자치구가 없습니다".to_owned(),
        (0, _) => "지어낸 자치구의 계획만 있습니다".to_owned(),
        (count, _) => format!("자치구 {count}곳이 일자리 계획을 공개했습니다"),
    };
    let shell = Shell::public(prefs, "자치구 고르기", None, PublicNav::None);
    DistrictsPage { shell, title, real, invented }
}

fn line(book: &District) -> DistrictLine {
    DistrictLine {
        href: home_href(&book.code),
        name: book.name.clone(),
        province: book.province.clone().unwrap_or_default(),
        sentence: sentence(book),
    }
}

/// One true sentence: `4년 동안 일자리 51,200개를 약속했습니다`.
pub fn sentence(book: &District) -> String {
    let promised = main_set(book).and_then(|set| Some((set, set_total(set)?)));
    match promised {
        Some((set, total)) => {
            let years = i32::from(set.last_year.0) - i32::from(set.first_year.0) + 1;
            let amount = with_particle(&counted_text(set.measure, total), "을/를");
            let span = years_text(set.first_year, set.last_year);
            match years {
                1 => format!("{span}에 {amount} 약속했습니다"),
                _ => format!("{years}년 동안({span}) {amount} 약속했습니다"),
            }
        }
        None if book.plans.is_empty() => "아직 계획을 올리지 않았습니다".to_owned(),
        None => "일자리 수로 센 약속은 계획에 없습니다".to_owned(),
    }
}

impl Sample for DistrictsPage {
    fn samples() -> Vec<Self> {
        let prefs = DisplayPrefs::sample();
        let line = |code: &str, name: &str, province: &str, sentence: &str| DistrictLine {
            href: format!("/districts/{code}"),
            name: name.to_owned(),
            province: province.to_owned(),
            sentence: sentence.to_owned(),
        };
        let gwangjin = line("11215", "광진구", "서울특별시", "5년 동안(2022~2026년) 일자리 30,000개를 약속했습니다");
        let eunpyeong = line("11380", "은평구", "서울특별시", "4년 동안(2023~2026년) 일자리 51,200개를 약속했습니다");
        let naru = line("99001", "나루구", "예시특별시", "4년 동안(2023~2026년) 일자리 1,260개를 약속했습니다");
        let many = (10_001..10_041)
            .map(|code| {
                line(
                    &code.to_string(),
                    "강물이흐르는아주긴이름의자치구",
                    "예시특별자치도",
                    "일자리 수로 센 약속은 계획에 없습니다",
                )
            })
            .collect();
        vec![
            page_of(&prefs, Vec::new(), Vec::new()),
            page_of(&prefs, vec![gwangjin, eunpyeong], vec![naru.clone()]),
            page_of(&prefs, many, vec![naru]),
        ]
    }
}
