//! `/office/calls/{no}/selection`: drawn up, looked at, confirmed. 접수번호 only; no name stands here.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Outcome, Refusal};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx};
use iljari_web::parts::Step;
use iljari_web::{
    DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::shown::Shown;
use super::{frame, known, number};
use crate::model::Call;
use crate::selection::{Run, RunState};
use crate::{select, store};

struct Row {
    href: String,
    receipt: String,
    pool: String,
    place: String,
    rank: String,
    total: String,
    outcome: String,
    kind: &'static str,
    look: &'static str,
}

#[derive(Template)]
#[template(path = "programs/selection.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    title: String,
    heading: String,
    steps: Vec<Step>,
    rows: Vec<Row>,
    shown: Shown,
    anybody: bool,
    cut_offs: Vec<(String, String)>,
    unseen: usize,
    may_draw: bool,
    may_confirm: bool,
    reason: String,
    sent_back: String,
    warnings: Vec<String>,
}

/// What a button of the page does.
#[derive(Debug, Clone, Copy)]
enum Pressed {
    Draw,
    SendBack,
    Confirm,
}

/// The page.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, known(&office, &viewer, &no).await?, FieldErrors::none(), &typed, Vec::new())
        .await
        .map(render)
}

/// Draws up.
pub async fn draw(
    office: State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    no: Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    press(office, prefs, viewer, address, no, typed, Pressed::Draw).await
}

/// Sends back.
pub async fn send_back(
    office: State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    no: Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    press(office, prefs, viewer, address, no, typed, Pressed::SendBack).await
}

/// Confirms.
pub async fn confirm(
    office: State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    no: Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    press(office, prefs, viewer, address, no, typed, Pressed::Confirm).await
}

async fn press(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
    pressed: Pressed,
) -> Result<Response, PageError> {
    let no = known(&office, &viewer, &no).await?;
    let (cx, acting) = (Cx::of(&office, &viewer, &address), viewer.clone());
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let reason = typed.get("reason").to_owned();
    let outcome: Outcome<Vec<String>> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                match pressed {
                    Pressed::Draw => select::draw_up(tx, &cx, &safe, no).await.map(|_| Vec::new()),
                    Pressed::SendBack => select::send_back(tx, &cx, &acting, no, &reason).await.map(|()| Vec::new()),
                    Pressed::Confirm => select::confirm(tx, &cx, &acting, no).await.map(|due| due.warnings),
                }
            })
        })
        .await;
    match outcome {
        Ok(warnings) if warnings.is_empty() => {
            Ok(Redirect::to(&format!("/office/calls/{no}/selection")).into_response())
        }
        Ok(warnings) => {
            view(&office, &prefs, &viewer, no, FieldErrors::none(), &Typed::new(), warnings).await.map(render)
        }
        Err(stop) if stop.has("no-such-call") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = view(&office, &prefs, &viewer, no, errors, &typed, Vec::new()).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    typed: &Typed,
    warnings: Vec<String>,
) -> Result<Page, PageError> {
    let district = viewer.district.clone();
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &district, no).await?.filter(Call::is_public) else {
                    return Ok(None);
                };
                let run = store::run(tx, &district, no).await?;
                let lines = match &run {
                    Some(run) => store::lines(tx, &district, no, run.no).await?,
                    None => Vec::new(),
                };
                Ok(Some((call, run, lines)))
            })
        })
        .await?;
    let (call, run, lines) = found.ok_or(PageError::NotFound)?;
    let base = format!("/office/calls/{no}");
    let drawn = run.as_ref().is_some_and(|run| run.state == RunState::Drawn);
    let confirmed = matches!(run.as_ref().map(|run| &run.state), Some(RunState::Confirmed { .. }));
    let seen = |by: Option<iljari_base::Actor>| by == Some(viewer.actor());
    let unseen = lines.iter().filter(|line| line.borderline && !seen(line.opened.map(|(by, _)| by))).count();
    let mut rows: Vec<Row> = lines
        .iter()
        .map(|line| Row {
            href: format!("{base}/selection/{}", line.app_no),
            receipt: call.receipt(line.app_no),
            pool: line.pool.clone(),
            place: line.place.clone(),
            rank: line.rank.map(|rank| rank.to_string()).unwrap_or_else(|| "–".to_owned()),
            total: line.total.to_string(),
            outcome: match line.reserve_no {
                Some(reserve) if line.outcome == crate::selection::Standing::Reserve => format!("예비 {reserve}번"),
                _ => line.outcome.label().to_owned(),
            },
            kind: if line.outcome.has_seat() { "good" } else { "plain" },
            look: match (line.borderline && drawn, seen(line.opened.map(|(by, _)| by))) {
                (true, false) => "열어 보기",
                (true, true) => "열어 봄",
                (false, _) => "",
            },
        })
        .collect();
    let anybody = !rows.is_empty();
    let sorted = |row: &Row| match (row.look, row.outcome.starts_with("예비 ")) {
        ("열어 보기", _) => row.look.to_owned(),
        (_, true) => "예비자".to_owned(),
        _ => row.outcome.clone(),
    };
    let shown = Shown::cut(&mut rows, typed, &format!("{base}/selection"), sorted, |row| &row.receipt);
    let cut_offs = select::cut_offs(&lines).into_iter().map(|(place, total)| (place, format!("{total}점"))).collect();
    let shell = frame(prefs, viewer, "선발").crumb(&call.terms.title, base.clone()).here("선발").faults(errors.len());
    let current = match (&run, drawn, confirmed) {
        (_, _, true) => 2,
        (_, true, _) => 1,
        _ => 0,
    };
    Ok(Page {
        shell,
        errors,
        base,
        heading: heading(run.as_ref(), lines.len(), unseen),
        steps: Step::way(&[("선발안 만들기", ""), ("다른 담당자의 확인", ""), ("발표", "")], current),
        rows,
        shown,
        anybody,
        cut_offs,
        unseen: if drawn { unseen } else { 0 },
        may_draw: viewer.may(Duty::Record) && !drawn && !confirmed,
        may_confirm: viewer.may(Duty::Confirm) && drawn,
        reason: typed.get("reason").to_owned(),
        sent_back: match run.map(|run| run.state) {
            Some(RunState::SentBack { reason, .. }) => reason,
            _ => String::new(),
        },
        warnings,
        title: call.terms.title,
    })
}

fn heading(run: Option<&Run>, people: usize, unseen: usize) -> String {
    match run.map(|run| &run.state) {
        None => "아직 선발안이 없습니다".to_owned(),
        Some(RunState::SentBack { .. }) => "선발안이 돌아왔습니다. 고친 뒤 다시 만들어 주세요".to_owned(),
        Some(RunState::Drawn) if unseen > 0 => {
            format!("{people}명의 선발안에서 경계에 있는 {unseen}명을 열어 봐야 합니다")
        }
        Some(RunState::Drawn) => format!("{people}명의 선발안이 확인을 기다립니다"),
        Some(RunState::Confirmed { objections_until, .. }) => {
            format!("발표했습니다. 이의신청은 {}까지입니다", objections_until.korean())
        }
    }
}

/// One applicant's points, for the confirmer.
#[derive(Template)]
#[template(path = "programs/line.html")]
pub(super) struct LinePage {
    shell: Shell,
    base: String,
    receipt: String,
    heading: String,
    points: Vec<(String, String, String)>,
    facts: Vec<(&'static str, String)>,
}

/// `GET /office/calls/{no}/selection/{app}`: opening it is what the confirmer has to have done.
pub async fn line(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (no, app) = (known(&office, &viewer, &no).await?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    let found = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &cx.district, no).await?.filter(Call::is_public) else {
                    return Ok(None);
                };
                let Some(run) = store::run(tx, &cx.district, no).await? else { return Ok(None) };
                let lines = store::lines(tx, &cx.district, no, run.no).await?;
                let Some(line) = lines.iter().find(|line| line.app_no == app).cloned() else { return Ok(None) };
                let Some(it) = store::application_of(tx, &cx.district, no, app).await? else { return Ok(None) };
                let points = store::points(tx, &cx.district, (no, run.no, app)).await?;
                if run.state == RunState::Drawn {
                    select::open_line(tx, &cx, no, app).await?;
                }
                let cut_off = select::cut_offs(&lines).get(&it.wanted).copied();
                Ok(Some((call, it, line, points, cut_off)))
            })
        })
        .await?;
    let (call, it, line, points, cut_off) = found.ok_or(PageError::NotFound)?;
    let base = format!("/office/calls/{no}/selection");
    let receipt = call.receipt(app);
    let shell = frame(&prefs, &viewer, &receipt)
        .crumb(&call.terms.title, format!("/office/calls/{no}"))
        .crumb("선발", base.clone())
        .here(&receipt);
    let mut facts = vec![
        ("결과", line.outcome.label().to_owned()),
        ("희망 사업번호", it.wanted.clone()),
        ("순위", line.rank.map_or_else(|| "순위를 매기지 않음".to_owned(), |rank| format!("{} {rank}위", line.pool))),
    ];
    if let Some(cut_off) = cut_off {
        facts.push(("이 사업번호의 마지막 점수", format!("{cut_off}점")));
    }
    if let Some(verdict) = it.overridden {
        facts.push((
            "바꾼 판정",
            format!("셈한 판정 ‘{}’ → ‘{}’: {}", it.verdict.korean(), verdict.korean(), it.override_reason),
        ));
    }
    Ok(render(LinePage {
        shell,
        base,
        heading: format!("점수는 {}점입니다", line.total),
        receipt,
        points: points.into_iter().map(|it| (it.item, it.bracket, it.points.to_string())).collect(),
        facts,
    }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |nth: usize| Row {
            href: format!("/office/calls/3/selection/{nth}"),
            receipt: format!("27-003-{nth:04}"),
            pool: "일반".to_owned(),
            place: "3-01".to_owned(),
            rank: nth.to_string(),
            total: "78".to_owned(),
            outcome: "예비 3번".to_owned(),
            kind: "plain",
            look: if nth.is_multiple_of(2) { "열어 보기" } else { "" },
        };
        let page = |rows: usize, errors: FieldErrors, drawn: bool| Page {
            shown: super::sample_shown(rows),
            anybody: rows > 0,
            shell: super::sample_shell("선발").faults(errors.len()),
            errors,
            base: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "3명의 선발안이 확인을 기다립니다".to_owned(),
            steps: Step::way(&[("선발안 만들기", ""), ("다른 담당자의 확인", ""), ("발표", "")], 1),
            rows: (1..=rows).map(row).collect(),
            cut_offs: if rows > 0 { vec![("3-01".to_owned(), "71점".to_owned())] } else { Vec::new() },
            unseen: rows / 2,
            may_draw: !drawn,
            may_confirm: drawn,
            reason: String::new(),
            sent_back: if drawn { String::new() } else { "12번의 서류를 다시 봐 주세요".to_owned() },
            warnings: if drawn { vec!["2031년 공휴일 표가 없습니다.".to_owned()] } else { Vec::new() },
        };
        let fault = Refusal::new("borderline-not-opened", "", "경계에 있는 신청 2건을 먼저 열어 보세요.");
        vec![
            page(0, FieldErrors::none(), false),
            page(4, vec![fault].into(), true),
            page(800, FieldErrors::none(), true),
        ]
    }
}

impl Sample for LinePage {
    fn samples() -> Vec<Self> {
        let page = |rows: usize| LinePage {
            shell: super::sample_shell("27-003-0012"),
            base: "/office/calls/3/selection".to_owned(),
            receipt: "27-003-0012".to_owned(),
            heading: "점수는 78점입니다".to_owned(),
            points: (0..rows).map(|_| ("가족 재산".to_owned(), "(1억원..2억원]".to_owned(), "24".to_owned())).collect(),
            facts: vec![("결과", "예비자".to_owned())],
        };
        vec![page(0), page(6), page(40)]
    }
}
