//! `/office/calls/{no}/selection`: drawn up, looked at, confirmed. 접수번호 only; no name stands here, and whoever has
//! nothing to do with the call reads how many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{DistrictCode, Outcome, Refusal};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx};
use iljari_store::Tx;
use iljari_web::parts::Step;
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::shown::Shown;
use super::{act, frame, number};
use crate::again::{self, unsettled};
use crate::assigned::{Theirs, admit};
use crate::calendar::Holidays;
use crate::hidden::Hidden;
use crate::model::Call;
use crate::selection::{AGAIN_WHY, Line, Run, RunState, Standing};
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
    /// How many are somebody else's, and whether any is hers.
    others: usize,
    hers: bool,
    cut_offs: Vec<(String, String)>,
    unseen: usize,
    may_draw: bool,
    may_confirm: bool,
    /// Applications whose objection was found right: they are screened again, then drawn up again.
    upheld: Vec<(String, String)>,
    /// Why this run takes the place of another; empty where it does not.
    again: &'static str,
    extra: Vec<String>,
    extra_reason: String,
    typed_reason: String,
    earlier: Vec<(String, String)>,
    reason: String,
    sent_back: String,
    warnings: Vec<String>,
}

/// The page.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, (number(&no)?, None), FieldErrors::none(), &typed).await.map(render)
}

/// `GET /office/calls/{no}/selection/runs/{run}`: a result as it was confirmed, also one that was replaced since.
pub async fn earlier(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path((no, run)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let at = (number(&no)?, Some(number(&run)?));
    view(&office, &prefs, &viewer, at, FieldErrors::none(), &typed).await.map(render)
}

/// What every handler below needs.
type Asked = (Arc<Office>, DisplayPrefs, Viewer, ClientAddress, i64);

/// Draws up; with `act=again`, another run that is to take the place of the confirmed one.
pub async fn draw(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let (anew, reason) = (typed.get("act") == "again", typed.get("extra_reason").to_owned());
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome = act(&office, (&viewer, &address), (no, "선발안 작성"), move |tx, cx, _| {
        Box::pin(async move {
            let run = if anew {
                again::draw_up(tx, cx, &safe, no, &reason).await
            } else {
                select::draw_up(tx, cx, &safe, no).await
            };
            run.map(|_| ())
        })
    })
    .await;
    after((office, prefs, viewer, address, no), outcome, &typed).await
}

/// Sends back.
pub async fn send_back(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let (no, reason) = (number(&no)?, typed.get("reason").to_owned());
    let outcome = act(&office, (&viewer, &address), (no, "선발안 돌려보내기"), move |tx, cx, viewer| {
        Box::pin(async move { select::send_back(tx, cx, viewer, no, &reason).await })
    })
    .await;
    after((office, prefs, viewer, address, no), outcome, &typed).await
}

/// Confirms.
pub async fn confirm(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let outcome = act(&office, (&viewer, &address), (no, "선발 확정"), move |tx, cx, viewer| {
        Box::pin(async move { select::confirm(tx, cx, viewer, no).await.map(|_| ()) })
    })
    .await;
    after((office, prefs, viewer, address, no), outcome, &Typed::new()).await
}

async fn after(asked: Asked, outcome: Outcome<()>, typed: &Typed) -> Result<Response, PageError> {
    let (office, prefs, viewer, _, no) = &asked;
    let again = |errors| view(office, prefs, viewer, (*no, None), errors, typed);
    answer(outcome, &format!("/office/calls/{no}/selection"), again).await
}

/// What the page is drawn from.
struct Read {
    call: Call,
    /// The run that is shown.
    run: Option<Run>,
    lines: Vec<Line>,
    extra: BTreeMap<String, i64>,
    sent_back: String,
    /// Every run that was confirmed, the first one first.
    confirmed: Vec<Run>,
    /// Objections that were found right and wait for another result.
    upheld: Vec<i64>,
}

async fn read(tx: &mut Tx, district: &DistrictCode, no: i64, which: Option<i64>) -> Outcome<Option<Read>> {
    let Some(call) = store::call_of(tx, district, no).await?.filter(Call::is_public) else { return Ok(None) };
    let newest = store::run(tx, district, no).await?;
    let confirmed = store::confirmed_runs(tx, district, no).await?;
    let sent_back = match newest.as_ref().map(|run| &run.state) {
        Some(RunState::SentBack { reason, .. }) => reason.clone(),
        _ => String::new(),
    };
    let run = match which {
        Some(which) => match confirmed.iter().find(|run| run.no == which) {
            Some(run) => Some(run.clone()),
            None => return Ok(None),
        },
        // What waits comes first, then the result that stands.
        None => match newest {
            Some(run) if run.state == RunState::Drawn => Some(run),
            other => confirmed.last().cloned().or(other),
        },
    };
    let (mut lines, mut extra) = (Vec::new(), BTreeMap::new());
    if let Some(run) = &run {
        lines = store::lines(tx, district, no, run.no).await?;
        extra = store::extra_seats_of(tx, district, (no, run.no)).await?;
    }
    let objections = store::objections(tx, district, no).await?;
    let upheld = confirmed.last().map(|run| unsettled(&objections, run).map(|it| it.app_no).collect());
    Ok(Some(Read { call, run, lines, extra, sent_back, confirmed, upheld: upheld.unwrap_or_default() }))
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    (no, which): (i64, Option<i64>),
    errors: FieldErrors,
    typed: &Typed,
) -> Result<Page, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(found) = read(tx, &cx.district, no, which).await? else { return Ok(None) };
                let theirs = Theirs::of(tx, &cx, &found.call).await?;
                Ok(Some((found, Hidden::from(tx, &cx, no).await?, theirs)))
            })
        })
        .await?;
    let (found, hidden, theirs) = found.ok_or(PageError::NotFound)?;
    let Read { call, run, lines, extra, sent_back, confirmed, upheld } = found;
    let base = format!("/office/calls/{no}");
    let drawn = run.as_ref().is_some_and(|run| run.state == RunState::Drawn);
    let stands = confirmed.last().map(|run| run.no);
    let seen = |by: Option<iljari_base::Actor>| by == Some(viewer.actor());
    let unseen = lines.iter().filter(|line| line.borderline && !seen(line.opened.map(|(by, _)| by))).count();
    let replaced = which.is_some() && which != stands;
    let mut rows: Vec<Row> = lines
        .iter()
        .filter(|line| theirs.has(line.app_no))
        .map(|line| Row {
            href: if replaced { String::new() } else { format!("{base}/selection/{}", line.app_no) },
            receipt: call.receipt(line.app_no),
            pool: line.pool.clone(),
            place: hidden.cover(line.app_no, &line.place),
            rank: line.rank.map(|rank| rank.to_string()).unwrap_or_else(|| "–".to_owned()),
            total: line.total.to_string(),
            outcome: match line.reserve_no {
                Some(reserve) if line.outcome == Standing::Reserve => format!("예비 {reserve}번"),
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
    // A year without a table of holidays is said for as long as the result stands.
    let warnings = match run.as_ref().map(|run| &run.state) {
        Some(RunState::Confirmed { at, .. }) => {
            Holidays::known().days_after(at.seoul_date(), call.terms.objection_days).warnings
        }
        _ => Vec::new(),
    };
    let (anybody, others) = (!lines.is_empty(), lines.len().saturating_sub(rows.len()));
    let (answers, hers) = (theirs == Theirs::All, !rows.is_empty());
    let sorted = |row: &Row| match (row.look, row.outcome.starts_with("예비 ")) {
        ("열어 보기", _) => row.look.to_owned(),
        (_, true) => "예비자".to_owned(),
        _ => row.outcome.clone(),
    };
    let list = which.map_or_else(|| format!("{base}/selection"), |run| format!("{base}/selection/runs/{run}"));
    let shown = Shown::cut(&mut rows, typed, &list, sorted, |row| &row.receipt);
    let cut_offs = select::cut_offs(&lines).into_iter().map(|(place, total)| (place, format!("{total}점"))).collect();
    let mut shell = frame(prefs, viewer, "선발").crumb(&call.terms.title, base.clone());
    if which.is_some() {
        shell = shell.crumb("선발", format!("{base}/selection"));
    }
    let here = if which.is_some() { "지난 결과" } else { "선발" };
    let current = match run.as_ref().map(|run| &run.state) {
        Some(RunState::Confirmed { .. }) => 2,
        Some(RunState::Drawn) => 1,
        _ => 0,
    };
    let again = run.as_ref().and_then(|run| run.again.as_ref());
    Ok(Page {
        shell: shell.here(here).faults(errors.len()),
        errors,
        heading: if replaced {
            "다시 선발하기 전의 결과입니다".to_owned()
        } else {
            heading(run.as_ref(), lines.len(), unseen, upheld.len())
        },
        steps: Step::way(&[("선발안 만들기", ""), ("다른 담당자의 확인", ""), ("발표", "")], current),
        rows,
        shown,
        anybody,
        others,
        hers,
        cut_offs,
        unseen: if drawn { unseen } else { 0 },
        may_draw: answers && viewer.may(Duty::Record) && !drawn && stands.is_none() && which.is_none(),
        upheld: if answers && viewer.may(Duty::Record) && !drawn && which.is_none() {
            upheld.iter().map(|app| (format!("{base}/applications/{app}"), call.receipt(*app))).collect()
        } else {
            Vec::new()
        },
        again: again.map(|_| AGAIN_WHY).unwrap_or_default(),
        extra: extra.into_iter().map(|(place, seats)| format!("사업번호 {place}: 추가 자리 {seats}개")).collect(),
        extra_reason: again.map(|again| again.reason.clone()).unwrap_or_default(),
        typed_reason: typed.get("extra_reason").to_owned(),
        earlier: confirmed
            .iter()
            .filter(|run| Some(run.no) != stands && which.is_none())
            .map(|run| (format!("{base}/selection/runs/{}", run.no), announced(run)))
            .collect(),
        may_confirm: answers && viewer.may(Duty::Confirm) && drawn,
        reason: typed.get("reason").to_owned(),
        sent_back: if drawn || which.is_some() { String::new() } else { sent_back },
        warnings,
        title: call.terms.title,
        base,
    })
}

/// When a run was announced.
pub(super) fn announced(run: &Run) -> String {
    match run.state {
        RunState::Confirmed { at, .. } => format!("{}에 발표한 결과", at.seoul_date().korean()),
        _ => String::new(),
    }
}

fn heading(run: Option<&Run>, people: usize, unseen: usize, upheld: usize) -> String {
    let again = if run.is_some_and(|run| run.again.is_some()) { "다시 만든 " } else { "" };
    match run.map(|run| &run.state) {
        None => "아직 선발안이 없습니다".to_owned(),
        Some(RunState::SentBack { .. }) => "선발안이 돌아왔습니다. 고친 뒤 다시 만들어 주세요".to_owned(),
        Some(RunState::Drawn) if unseen > 0 => {
            format!("{people}명의 {again}선발안에서 경계에 있거나 결과가 바뀌는 {unseen}명을 열어 봐야 합니다")
        }
        Some(RunState::Drawn) => format!("{people}명의 {again}선발안이 확인을 기다립니다"),
        Some(RunState::Confirmed { .. }) if upheld > 0 => {
            format!("받아들인 이의신청 {upheld}건이 다시 선발을 기다립니다")
        }
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
    let (no, app) = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, (no, app)).await?;
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
                Ok(Some((call, it, line, points, cut_off, Hidden::from(tx, &cx, no).await?)))
            })
        })
        .await?;
    let (call, it, line, points, cut_off, hidden) = found.ok_or(PageError::NotFound)?;
    let base = format!("/office/calls/{no}/selection");
    let receipt = call.receipt(app);
    let shell = frame(&prefs, &viewer, &receipt)
        .crumb(&call.terms.title, format!("/office/calls/{no}"))
        .crumb("선발", base.clone())
        .here(&receipt);
    let mut facts = vec![
        ("결과", line.outcome.label().to_owned()),
        ("희망 사업번호", hidden.cover(app, &it.wanted)),
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
        points: points
            .into_iter()
            .map(|it| (it.item, crate::notice::bracket(&it.bracket), it.points.to_string()))
            .collect(),
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
            others: rows / 3,
            hers: rows > 0,
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
            upheld: if rows == 0 {
                vec![("/office/calls/3/applications/12".to_owned(), "27-003-0012".to_owned())]
            } else {
                Vec::new()
            },
            again: if drawn { AGAIN_WHY } else { "" },
            extra: if drawn { vec!["사업번호 3-01: 추가 자리 1개".to_owned()] } else { Vec::new() },
            extra_reason: if drawn { "먼저 뽑힌 분이 일하고 있습니다".to_owned() } else { String::new() },
            typed_reason: String::new(),
            earlier: if rows > 100 {
                vec![("/office/calls/3/selection/runs/1".to_owned(), "2026년 12월 30일(수)에 발표한 결과".to_owned())]
            } else {
                Vec::new()
            },
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
