//! `/districts/{code}/calls`: what can be applied for, and each notice with its files.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::Failure;
use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_print::Format;
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};

use super::call::{PlaceRow, facts};
use super::number;
use crate::model::{Call, Pool, WorkPlace};
use crate::notice::{self, Notice};
use crate::store;

/// One call in the list.
struct CallLine {
    href: String,
    title: String,
    phase: &'static str,
    kind: &'static str,
    apply: String,
    seats: String,
}

/// The list of calls.
#[derive(Template)]
#[template(path = "programs/notices.html")]
pub(super) struct ListPage {
    shell: Shell,
    is_sample: bool,
    title: String,
    lines: Vec<CallLine>,
    feed_href: String,
}

/// One item of the score sheet.
struct ScoreRow {
    item: String,
    label: String,
    points: String,
}

/// One notice.
#[derive(Template)]
#[template(path = "programs/notice.html")]
pub(super) struct NoticePage {
    shell: Shell,
    is_sample: bool,
    eyebrow: String,
    heading: String,
    body: String,
    facts: Vec<(&'static str, String)>,
    places: Vec<PlaceRow>,
    pools: Vec<String>,
    clauses: Vec<(String, String)>,
    limits: Vec<String>,
    documents: Vec<String>,
    scores: Vec<ScoreRow>,
    scores_are_sample: bool,
    ties: Vec<String>,
    files: Vec<(&'static str, String)>,
    results_href: String,
    sha256: String,
}

/// `GET /districts/{code}/calls`
pub async fn list(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let calls = public_calls(&office, &book).await?;
    let (district, today) = (book.code.clone(), office.clock.today());
    let numbers: Vec<i64> = calls.iter().map(|call| call.no).collect();
    let seats = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let mut seats = Vec::new();
                for no in numbers {
                    let places = store::places(tx, &district, no).await?;
                    seats.push(places.iter().map(|place| place.capacity).sum::<i64>());
                }
                Ok(seats)
            })
        })
        .await?;
    let home = home_href(&book.code);
    let lines: Vec<CallLine> = calls
        .iter()
        .zip(seats)
        .map(|(call, seats)| CallLine {
            href: format!("{home}/calls/{}", call.no),
            title: call.terms.title.clone(),
            phase: call.phase(today),
            kind: kind(call.phase(today)),
            apply: format!("{}부터 {}까지", call.terms.apply_first_on.korean(), call.terms.apply_last_on.korean()),
            seats: grouped(seats),
        })
        .collect();
    let open = calls.iter().filter(|call| call.takes_applications(today)).count();
    let name = with_particle(&book.name, "은/는");
    let title = match open {
        0 => format!("{name} 지금 접수하는 모집이 없습니다"),
        open => format!("{name} 지금 {open}건을 접수하고 있습니다"),
    };
    let shell = Shell::public(&prefs, "모집공고", Some(place(&book)), PublicNav::Calls)
        .crumb("진행 상황", home.clone())
        .here("모집공고");
    let feed_href = format!("{home}/calls.atom");
    Ok(render(ListPage { shell, is_sample: book.is_sample, title, lines, feed_href }))
}

fn kind(phase: &str) -> &'static str {
    match phase {
        "접수 중" => "good",
        "접수 전" => "info",
        _ => "plain",
    }
}

fn place(book: &District) -> iljari_web::District {
    iljari_web::District::new(book.code.clone(), book.name.clone())
}

async fn public_calls(office: &Office, book: &District) -> Result<Vec<Call>, PageError> {
    let code = book.code.clone();
    let calls = office.store.read(move |tx| Box::pin(async move { store::calls(tx, &code).await })).await?;
    Ok(calls.into_iter().filter(Call::is_public).collect())
}

/// A published call with its pools and places; 404 for anything else.
pub(super) async fn public_call(
    office: &Office,
    book: &District,
    no: &str,
) -> Result<(Call, Vec<Pool>, Vec<WorkPlace>), PageError> {
    let (no, code) = (number(no)?, book.code.clone());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &code, no).await?.filter(Call::is_public) else {
                    return Ok(None);
                };
                Ok(Some((call, store::pools(tx, &code, no).await?, store::places(tx, &code, no).await?)))
            })
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

/// `GET /districts/{code}/calls/{no}`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, no)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let (call, pools, places) = public_call(&office, &book, &no).await?;
    let rules = call.rules.open()?;
    let (home, today) = (home_href(&book.code), office.clock.today());
    let here = format!("{home}/calls/{}", call.no);
    let shell = Shell::public(&prefs, &call.terms.title, Some(place(&book)), PublicNav::Calls)
        .crumb("모집공고", format!("{home}/calls"))
        .here(&call.terms.title);
    let scores = rules.scores.iter().flat_map(|item| {
        item.rows.iter().map(|row| ScoreRow {
            item: item.name.clone(),
            label: notice::bracket(&row.label),
            points: row.points.to_string(),
        })
    });
    let heading = match call.phase(today) {
        "접수 전" => format!("{}부터 접수합니다", call.terms.apply_first_on.korean()),
        "접수 중" => format!("{}까지 동 주민센터에서 접수합니다", call.terms.apply_last_on.korean()),
        "접수 마감" => format!("접수가 끝났습니다. 결과는 {}에 발표할 예정입니다", call.terms.result_on.korean()),
        phase => format!("모집이 끝났고 지금은 ‘{phase}’입니다"),
    };
    Ok(render(NoticePage {
        shell,
        is_sample: book.is_sample,
        eyebrow: call.terms.title.clone(),
        heading,
        body: call.terms.body.clone(),
        facts: facts(&call),
        places: places.iter().map(PlaceRow::of).collect(),
        pools: pools
            .iter()
            .map(|pool| match pool.ages().as_str() {
                "" => format!("{}: 나이 제한 없이 따로 순위를 매깁니다", pool.name),
                ages => format!("{}: 일을 시작하는 날 {ages}, 따로 순위를 매깁니다", pool.name),
            })
            .collect(),
        clauses: rules.clauses.iter().map(|clause| (clause.name.clone(), clause.basis.clone())).collect(),
        limits: notice::limits(&rules),
        documents: call.terms.documents.clone(),
        scores: scores.collect(),
        scores_are_sample: rules.scores_are_sample,
        ties: notice::ties(&rules),
        files: vec![
            ("PDF", format!("{here}/notice.pdf")),
            ("한글(HWPX)", format!("{here}/notice.hwpx")),
            ("달력(iCalendar)", format!("{here}/dates.ics")),
        ],
        results_href: format!("{here}/results"),
        sha256: call.rules.sha256().to_owned(),
    }))
}

/// `GET /districts/{code}/calls/{no}/{file}`: the notice as a file, or its days.
pub async fn file(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, no, file)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let (call, pools, places) = public_call(&office, &book, &no).await?;
    if file == "dates.ics" {
        let body = notice::calendar(book.code.as_str(), &call);
        return Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned())], body).into_response());
    }
    let format = match file.as_str() {
        "notice.pdf" => Format::Pdf,
        "notice.hwpx" => Format::Hwpx,
        "notice.html" => Format::Html,
        _ => return Err(PageError::NotFound),
    };
    let rules = call.rules.open()?;
    let (issuer, is_sample) = (book.name.clone(), book.is_sample);
    // Setting a PDF takes long enough to be kept off the threads that answer.
    let bytes = tokio::task::spawn_blocking(move || {
        let notice = Notice { call: &call, rules: &rules, pools: &pools, places: &places, issuer: &issuer, is_sample };
        iljari_print::render(&notice::document(&notice), format).map_err(Failure::new)
    })
    .await
    .map_err(Failure::new)??;
    let disposition = format!("attachment; filename=\"notice-{no}.{}\"", format.ending());
    Ok(([(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// `GET /districts/{code}/calls.atom`
pub async fn feed(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let calls = public_calls(&office, &book).await?;
    let body = notice::feed(&book.name, book.code.as_str(), "", &calls).atom();
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], body).into_response())
}

#[expect(clippy::expect_used, reason = "a constant that is a code")]
fn sample_place() -> iljari_web::District {
    iljari_web::District::new("99001".parse().expect("five digits"), "나루구(예시)")
}

impl Sample for ListPage {
    fn samples() -> Vec<Self> {
        let line = |nth: usize| CallLine {
            href: format!("/districts/99001/calls/{nth}"),
            title: "2027년 상반기 나루 공공근로(안심·돌봄·기후환경) 참여자 모집(예시)".to_owned(),
            phase: "접수 중",
            kind: "good",
            apply: "2026년 11월 23일(월)부터 2026년 12월 4일(금)까지".to_owned(),
            seats: "332".to_owned(),
        };
        let page = |lines: usize| ListPage {
            shell: Shell::public(&DisplayPrefs::sample(), "모집공고", Some(sample_place()), PublicNav::Calls)
                .here("모집공고"),
            is_sample: true,
            title: "나루구(예시)는 지금 2건을 접수하고 있습니다".to_owned(),
            lines: (1..=lines).map(line).collect(),
            feed_href: "/districts/99001/calls.atom".to_owned(),
        };
        vec![page(0), page(2), page(60)]
    }
}

impl Sample for NoticePage {
    fn samples() -> Vec<Self> {
        let page = |rows: usize| NoticePage {
            shell: Shell::public(&DisplayPrefs::sample(), "모집공고", Some(sample_place()), PublicNav::Calls)
                .here("모집공고"),
            is_sample: true,
            eyebrow: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "2026년 12월 4일(금)까지 동 주민센터에서 접수합니다".to_owned(),
            body: if rows == 0 {
                String::new()
            } else {
                "작업복과 도구는 구청에서 드립니다.".to_owned()
            },
            facts: vec![("접수", "2026년 11월 23일(월)부터 2026년 12월 4일(금)까지".to_owned())],
            places: (1..=rows).map(PlaceRow::sample).collect(),
            pools: vec!["청년: 일을 시작하는 날 만 18세부터 39세까지, 따로 순위를 매깁니다".to_owned()],
            clauses: (0..rows).map(|_| ("나루구에 삽니다".to_owned(), "모집공고 신청자격".to_owned())).collect(),
            limits: vec!["한 세대에서 1명까지 신청할 수 있습니다(모집공고 참여제한).".to_owned()],
            documents: vec!["신청서".to_owned(), "구직등록확인증".to_owned()],
            scores: (0..rows)
                .map(|_| ScoreRow {
                    item: "가족 재산".to_owned(),
                    label: "(1억원..2억원]".to_owned(),
                    points: "-5".to_owned(),
                })
                .collect(),
            scores_are_sample: rows < 10,
            ties: vec!["소득이 적은 사람".to_owned()],
            files: vec![("PDF", "/districts/99001/calls/3/notice.pdf".to_owned())],
            results_href: "/districts/99001/calls/3/results".to_owned(),
            sha256: "9f".repeat(32),
        };
        vec![page(0), page(4), page(300)]
    }
}
