//! An applicant's result with its reasons, to print, and the public list by 접수번호.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::Actor;
use iljari_base::korean::with_particle;
use iljari_people::{Access, ClientAddress, Cx, Whose, log_access};
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, Typed, Viewer, render};

use super::notice::public_call;
use super::selection::announced;
use super::shown::Shown;
use super::{frame, missing, number};
use crate::assigned::admit;
use crate::hidden::Hidden;
use crate::notice::bracket;
use crate::outcome::told;
use crate::selection::{AGAIN_WHY, RunState, Standing};
use crate::{select, store};

/// The applicant's page.
#[derive(Template)]
#[template(path = "programs/result.html")]
pub(super) struct Page {
    shell: Shell,
    title: String,
    receipt: String,
    heading: String,
    facts: Vec<(&'static str, String)>,
    points: Vec<(String, String, String)>,
    would_change: Vec<String>,
    scores_are_sample: bool,
    leaf_href: String,
}

/// `GET /office/calls/{no}/applications/{app}/result`
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (no, app) = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, (no, app)).await?;
    let outcome = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let told = told(tx, &cx, no, app).await?;
                let whose = Whose::Receipt(told.call.receipt(app));
                log_access(tx, &cx, Access::to("선발 결과 보기", whose)).await?;
                let leaf = store::participation_of(tx, &cx.district, no, app).await?.and_then(|it| it.leaf_id);
                let hidden = Hidden::from(tx, &cx, no).await?;
                Ok((told, leaf, hidden))
            })
        })
        .await;
    let (told, leaf, hidden) = outcome.map_err(missing)?;
    let rules = told.call.rules.open()?;
    let receipt = told.call.receipt(app);
    let base = format!("/office/calls/{no}");
    let shell = frame(&prefs, &viewer, &receipt).crumb(&told.call.terms.title, base).here(&receipt);
    let line = &told.line;
    let mut facts = vec![
        ("접수번호", receipt.clone()),
        ("희망 사업번호", hidden.cover(app, &told.application.wanted)),
        ("점수", format!("{}점", line.total)),
        (
            "순위",
            line.rank.map_or_else(
                || "순위를 매기지 않았습니다".to_owned(),
                |rank| format!("{} {}명 가운데 {rank}위", line.pool, told.ranked),
            ),
        ),
    ];
    if let Some(reserve) = line.reserve_no.filter(|_| matches!(line.outcome, Standing::Reserve | Standing::Passed)) {
        facts.push(("예비 순번", format!("{reserve}번")));
    }
    if let Some(cut_off) = told.cut_off {
        facts.push(("마지막으로 뽑힌 점수", format!("{cut_off}점")));
    }
    if told.run.again.is_some() {
        facts.push(("다시 선발", format!("{}입니다. {AGAIN_WHY}", announced(&told.run))));
    }
    facts.push((
        "이의신청",
        format!("{}까지 동 주민센터나 {}", told.objections_until.korean(), told.call.terms.contact),
    ));
    facts.push(("규칙 확인값", told.call.rules.sha256().to_owned()));
    Ok(render(Page {
        shell,
        heading: heading(line.outcome),
        title: told.call.terms.title.clone(),
        points: told.points.iter().map(|it| (it.item.clone(), bracket(&it.bracket), it.points.to_string())).collect(),
        would_change: told.would_change.clone(),
        scores_are_sample: rules.scores_are_sample,
        facts,
        leaf_href: leaf.map(|leaf| format!("/districts/{}/receipts/{leaf}", viewer.district)).unwrap_or_default(),
        receipt,
    }))
}

fn heading(outcome: Standing) -> String {
    match outcome {
        Standing::Chosen | Standing::Promoted => "선발되었습니다",
        Standing::Reserve => "예비자입니다. 자리가 비면 순서대로 연락합니다",
        Standing::Passed => "예비 순번이 지났습니다",
        Standing::Unproven => "서류로 확인하지 못한 것이 있어 선발되지 않았습니다",
        Standing::NotEligible => "자격이 맞지 않아 선발되지 않았습니다",
    }
    .to_owned()
}

/// One line of the public list.
struct ResultLine {
    receipt: String,
    place: String,
    total: String,
    words: String,
}

impl ResultLine {
    /// What the list is looked through by: every rank of the reserve list is one word.
    fn state(&self) -> String {
        if self.words.starts_with("예비 ") { Standing::Reserve.label().to_owned() } else { self.words.clone() }
    }
}

/// The public list.
#[derive(Template)]
#[template(path = "programs/results.html")]
pub(super) struct ResultsPage {
    shell: Shell,
    title: String,
    heading: String,
    lines: Vec<ResultLine>,
    shown: Shown,
    /// Where the list is looked through; it stands whole in an exported page.
    here: String,
    /// Whether anybody was selected or waits, also where nobody is shown.
    anybody: bool,
    cut_offs: Vec<(String, String)>,
    objections: String,
    /// That this result was replaced, or takes the place of another: when and why. Empty for the only one.
    replaced: String,
    other: Vec<(String, String)>,
    notice_href: String,
}

/// `GET /districts/{code}/calls/{no}/results`: who was selected and who waits, by 접수번호 only.
pub async fn results(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, no)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    announced_results(&office, &books, &prefs, (&code, &no), None, &typed).await
}

/// `GET /districts/{code}/calls/{no}/results/{run}`: a result as it was announced, also one that was replaced since.
pub async fn results_of_run(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, no, run)): Path<(String, String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let run = number(&run)?;
    announced_results(&office, &books, &prefs, (&code, &no), Some(run), &typed).await
}

async fn announced_results(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    (code, no): (&str, &str),
    which: Option<i64>,
    typed: &Typed,
) -> Result<Response, PageError> {
    let book = district_of(office, books, code).await?;
    let (call, ..) = public_call(office, &book, no).await?;
    // What everybody sees shows nobody who is protected.
    let (cx, call_no) = (Cx::inside(office, Actor::System, book.code.clone()), call.no);
    let (runs, shown, all, hidden) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let runs = store::confirmed_runs(tx, &cx.district, call_no).await?;
                let shown = runs.iter().rposition(|run| which.is_none_or(|which| run.no == which));
                let lines = match shown.and_then(|at| runs.get(at)) {
                    Some(run) => store::lines(tx, &cx.district, call_no, run.no).await?,
                    None => Vec::new(),
                };
                let hidden = Hidden::from(tx, &cx, call_no).await?;
                Ok((runs, shown, lines, hidden))
            })
        })
        .await?;
    if which.is_some() && shown.is_none() {
        return Err(PageError::NotFound);
    }
    let home = home_href(&book.code);
    let here = format!("{home}/calls/{}/results", call.no);
    let run = shown.and_then(|at| runs.get(at));
    let until = match run.map(|run| &run.state) {
        Some(RunState::Confirmed { objections_until, .. }) => Some(*objections_until),
        _ => None,
    };
    let (mut replaced, mut other) = (String::new(), Vec::new());
    if let Some(next) = shown.and_then(|at| runs.get(at.saturating_add(1))) {
        replaced = format!("이 결과는 {} 바뀌었습니다. {AGAIN_WHY}", with_particle(&announced(next), "으로/로"));
        other.push((here.clone(), "지금의 결과".to_owned()));
    } else if let Some(run) = run.filter(|run| run.again.is_some()) {
        replaced = format!("{}입니다. {AGAIN_WHY}", announced(run));
        let earlier = runs.iter().filter(|earlier| earlier.no < run.no);
        other.extend(earlier.map(|earlier| (format!("{here}/{}", earlier.no), announced(earlier))));
    }
    let mut lines: Vec<ResultLine> = all
        .iter()
        .filter(|line| line.outcome.has_seat() || line.outcome == Standing::Reserve)
        .filter(|line| !hidden.has(line.app_no))
        .map(|line| ResultLine {
            receipt: call.receipt(line.app_no),
            place: line.place.clone(),
            total: if line.outcome.has_seat() { line.total.to_string() } else { "–".to_owned() },
            words: match line.reserve_no {
                Some(reserve) if line.outcome == Standing::Reserve => format!("예비 {reserve}번"),
                _ => line.outcome.label().to_owned(),
            },
        })
        .collect();
    let chosen = all.iter().filter(|line| line.outcome.has_seat()).count();
    let anybody = !lines.is_empty();
    let list = which.map_or_else(|| here.clone(), |run| format!("{here}/{run}"));
    let shown =
        Shown::cut_unless(prefs.export.is_some(), &mut lines, typed, &list, ResultLine::state, |line| &line.receipt);
    let title = Shell::public(
        prefs,
        "선발 결과",
        Some(iljari_web::District::new(book.code.clone(), book.name.clone())),
        PublicNav::Calls,
    );
    let mut shell =
        title.crumb("모집공고", format!("{home}/calls")).crumb(&call.terms.title, format!("{home}/calls/{}", call.no));
    if which.is_some() {
        shell = shell.crumb("선발 결과", here);
    }
    let shell = shell.here(if which.is_some() { "지난 결과" } else { "선발 결과" });
    Ok(render(ResultsPage {
        shell,
        heading: match until {
            None => format!("아직 발표하지 않았습니다. {} 예정입니다", call.terms.result_on.korean()),
            Some(_) => format!("{chosen}명을 선발했습니다"),
        },
        cut_offs: select::cut_offs(&all).into_iter().map(|(place, total)| (place, format!("{total}점"))).collect(),
        objections: until.map(|until| format!("이의신청은 {}까지 받습니다.", until.korean())).unwrap_or_default(),
        notice_href: format!("{home}/calls/{}", call.no),
        title: call.terms.title,
        replaced,
        other,
        here: list,
        shown,
        anybody,
        lines,
    }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |rows: usize, leaf: &str| Page {
            shell: super::sample_shell("27-003-0012"),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            receipt: "27-003-0012".to_owned(),
            heading: "예비자입니다. 자리가 비면 순서대로 연락합니다".to_owned(),
            facts: vec![("점수", "78점".to_owned())],
            points: (0..rows).map(|_| ("가족 재산".to_owned(), "(1억원..2억원]".to_owned(), "24".to_owned())).collect(),
            would_change: (0..rows.min(3)).map(|_| "마지막으로 뽑힌 분보다 3점 적습니다.".to_owned()).collect(),
            scores_are_sample: rows > 0,
            leaf_href: leaf.to_owned(),
        };
        vec![page(0, ""), page(6, "/districts/99001/receipts/00"), page(40, "")]
    }
}

impl Sample for ResultsPage {
    fn samples() -> Vec<Self> {
        let line = |nth: usize| ResultLine {
            receipt: format!("27-003-{nth:04}"),
            place: "3-01".to_owned(),
            total: "78".to_owned(),
            words: "선발".to_owned(),
        };
        let page = |lines: usize| ResultsPage {
            shell: Shell::public(&DisplayPrefs::sample(), "선발 결과", None, PublicNav::Calls).here("선발 결과"),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "332명을 선발했습니다".to_owned(),
            lines: (1..=lines.min(50)).map(line).collect(),
            shown: super::sample_shown(lines),
            here: "/districts/99001/calls/3/results".to_owned(),
            anybody: lines > 0,
            cut_offs: if lines > 0 { vec![("3-01".to_owned(), "71점".to_owned())] } else { Vec::new() },
            objections: "이의신청은 2027년 1월 12일(화)까지 받습니다.".to_owned(),
            replaced: if lines > 4 {
                format!("2027년 1월 8일(금)에 발표한 결과입니다. {AGAIN_WHY}")
            } else {
                String::new()
            },
            other: if lines > 4 {
                vec![("/districts/99001/calls/3/results/1".to_owned(), "2026년 12월 30일(수)에 발표한 결과".to_owned())]
            } else {
                Vec::new()
            },
            notice_href: "/districts/99001/calls/3".to_owned(),
        };
        vec![page(0), page(4), page(800)]
    }
}
