//! `/office/collection/{round}`: the board of one round, its workbooks, and where files are uploaded.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::korean::with_particle;
use iljari_ledger::pages::office::Names;
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Viewer, render};

use super::{frame, number};
use crate::board::{BoardLine, board, reminder, time_left};
use crate::model::{DepartmentState, Round, UploadState};
use crate::stands::Stands;
use crate::store;

/// One department on the board.
struct BoardRow {
    department: String,
    workbook: String,
    kind: &'static str,
    state: &'static str,
    answered: String,
    upload: String,
    note: &'static str,
}

/// One upload in the list.
struct UploadRow {
    href: String,
    no: i64,
    files: String,
    state: &'static str,
    kind: &'static str,
    people: String,
    when: String,
}

#[derive(Template)]
#[template(path = "collection/round.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    no: i64,
    title: String,
    heading: String,
    period: String,
    deadline: String,
    left: String,
    approval: String,
    counts: Vec<(&'static str, usize)>,
    rows: Vec<BoardRow>,
    reminder: String,
    uploads: Vec<UploadRow>,
    known: String,
    may_upload: bool,
}

/// The board.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(round): Path<String>,
) -> Result<Response, PageError> {
    let round = number(&round)?;
    view(&office, &prefs, &viewer, round, FieldErrors::none(), None).await.map(render)
}

/// The page, with what is wrong with an upload, or the upload that holds the same file already.
pub(super) async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    known: Option<i64>,
) -> Result<Page, PageError> {
    let shell =
        frame(office, prefs, viewer, "취합 현황").await?.crumb("취합", "/office/collection").faults(errors.len());
    let (district, today, may_upload) = (viewer.district.clone(), office.clock.today(), viewer.may(Duty::Record));
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(round) = store::round_of(tx, &district, no).await? else { return Ok(None) };
                let asks = store::asks(tx, &district, no).await?;
                let names = Names::read(tx, &district).await?;
                let stands = Stands::read(tx, &district).await?;
                let (mut uploads, mut listed) = (Vec::new(), Vec::new());
                for upload in store::uploads_of_round(tx, &district, no).await? {
                    let files = store::files_of(tx, &district, upload.no).await?;
                    let files: Vec<String> = files.into_iter().map(|file| file.name).collect();
                    listed.push(UploadRow {
                        href: format!("/office/collection/{no}/uploads/{}", upload.no),
                        no: upload.no,
                        files: few(&files),
                        state: upload.state.label(),
                        kind: upload_kind(&upload.state),
                        people: names.of(upload.uploaded_by),
                        when: upload.uploaded_at.korean(),
                    });
                    let rows = store::rows_of(tx, &district, upload.no).await?;
                    uploads.push((upload, rows));
                }
                let lines = board(&round, &asks, &uploads, &stands);
                Ok(Some(Page {
                    errors,
                    no,
                    heading: heading(&round, &lines),
                    period: round.period.korean(),
                    deadline: round.deadline.korean(),
                    left: time_left(&round, today),
                    approval: approval(&round),
                    counts: counts(&lines),
                    reminder: reminder(&round, &lines, today),
                    rows: (1_usize..).zip(&lines).map(|(place, line)| board_row(no, place, line)).collect(),
                    uploads: listed,
                    known: known.map(|known| format!("/office/collection/{no}/uploads/{known}")).unwrap_or_default(),
                    may_upload,
                    shell: shell.here(round.title.clone()),
                    title: round.title,
                }))
            })
        })
        .await?;
    page.ok_or(PageError::NotFound)
}

fn heading(round: &Round, lines: &[BoardLine]) -> String {
    let owing: Vec<&BoardLine> = lines.iter().filter(|line| line.state.owes()).collect();
    match owing.as_slice() {
        [] => format!("{} 모든 부서에서 받았습니다", with_particle(&round.title, "을/를")),
        [one] => format!("{}만 아직 내지 않았습니다", one.department),
        several => format!("부서 {}곳이 아직 내지 않았습니다", several.len()),
    }
}

fn approval(round: &Round) -> String {
    match round.approval_on {
        Some(on) => format!("{}, {}", round.approval_no, on.korean()),
        None => format!("아직 없음: {}", round.approval_remark),
    }
}

fn counts(lines: &[BoardLine]) -> Vec<(&'static str, usize)> {
    use DepartmentState::{HandedIn, InReview, Missing, Nothing, SentBack};
    [HandedIn, InReview, SentBack, Missing, Nothing]
        .into_iter()
        .map(|state| (state.label(), lines.iter().filter(|line| line.state == state).count()))
        .collect()
}

fn board_row(round_no: i64, place: usize, line: &BoardLine) -> BoardRow {
    BoardRow {
        department: line.department.clone(),
        workbook: format!("/office/collection/{round_no}/workbooks/{place}.xlsx"),
        kind: match line.state {
            DepartmentState::HandedIn => "good",
            DepartmentState::InReview => "info",
            DepartmentState::SentBack => "bad",
            DepartmentState::Missing => "care",
            DepartmentState::Nothing | DepartmentState::Counted => "quiet",
        },
        state: line.state.label(),
        answered: if line.asked == 0 {
            format!("시스템 집계 {}개", line.counted)
        } else {
            format!("사업 {}개 가운데 {}개", line.asked, line.answered)
        },
        upload: line.upload.map(|no| format!("/office/collection/{round_no}/uploads/{no}")).unwrap_or_default(),
        note: if line.looked_at { "올린 파일을 살펴보는 중" } else { "올린 파일" },
    }
}

fn upload_kind(state: &UploadState) -> &'static str {
    match state {
        UploadState::Previewed => "info",
        UploadState::Waiting { .. } | UploadState::Applying { .. } => "care",
        UploadState::SentBack { .. } => "bad",
        UploadState::Withdrawn { .. } => "quiet",
        UploadState::Applied { .. } => "good",
    }
}

/// The first names of a list, and how many more there are.
pub(super) fn few(names: &[String]) -> String {
    match names {
        [] => "파일 없음".to_owned(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} 외 {}개", rest.len()),
    }
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let states = [
            DepartmentState::HandedIn,
            DepartmentState::InReview,
            DepartmentState::SentBack,
            DepartmentState::Missing,
            DepartmentState::Nothing,
            DepartmentState::Counted,
        ];
        let line = |nth: usize| BoardLine {
            department: format!("찾아가는 복지·일자리 통합지원 {nth}과(예시)"),
            state: states[nth % states.len()],
            asked: if nth % 6 == 5 { 0 } else { 12 },
            answered: nth % 12,
            counted: 2,
            upload: nth.is_multiple_of(2).then_some(3),
            looked_at: nth.is_multiple_of(4),
        };
        let page = |departments: usize, uploads: usize, errors: FieldErrors, known: bool| {
            let lines: Vec<BoardLine> = (0..departments).map(line).collect();
            Page {
                shell: super::sample_shell("2026년 10월 실적").faults(errors.len()),
                errors,
                no: 3,
                title: "2026년 10월 실적".to_owned(),
                heading: "부서 2곳이 아직 내지 않았습니다".to_owned(),
                period: "2026년 10월".to_owned(),
                deadline: "2026년 12월 4일(금)".to_owned(),
                left: "마감까지 9일 남았습니다".to_owned(),
                approval: "아직 없음: 과장님 결재를 기다리는 중입니다".to_owned(),
                counts: counts(&lines),
                rows: (1_usize..).zip(&lines).map(|(place, line)| board_row(3, place, line)).collect(),
                reminder: if departments == 0 { String::new() } else { "[2026년 10월 실적 취합]".to_owned() },
                uploads: (1..=uploads)
                    .map(|no| UploadRow {
                        href: format!("/office/collection/3/uploads/{no}"),
                        no: i64::try_from(no).unwrap_or(1),
                        files: "실적_어르신복지과와 장애인복지과의 합본_최종_수정_2026-10.xlsx 외 8개".to_owned(),
                        state: "확인 대기",
                        kind: "care",
                        people: "한시범 (예시)".to_owned(),
                        when: "2026년 11월 23일(월) 09:12".to_owned(),
                    })
                    .collect(),
                known: if known { "/office/collection/3/uploads/1".to_owned() } else { String::new() },
                may_upload: uploads < 10,
            }
        };
        let refusal = iljari_base::Refusal::new("no-file", "", "올릴 파일을 골라 주세요.").at("files");
        vec![
            page(0, 0, FieldErrors::none(), false),
            page(9, 3, vec![refusal].into(), false),
            page(9, 1, FieldErrors::none(), true),
            page(120, 60, FieldErrors::none(), false),
        ]
    }
}
