//! What the page of an upload says in each of its states.

use askama::Template;
use iljari_base::korean::with_particle;
use iljari_base::{Actor, DistrictCode, Outcome};
use iljari_disclosure::log::words::Unit;
use iljari_ledger::pages::office::Names;
use iljari_ledger::store as ledger;
use iljari_people::Cx;
use iljari_plans::Books;
use iljari_store::Tx;
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Step, Viewer};

use super::files::{Held, absent, held};
use super::{book, change, counted, frame, round};
use crate::apply::progress;
use crate::model::{Fault, RowState, UploadState};
use crate::result;
use crate::weigh::{Change, Verdict, Weighed};

/// One faulty or odd cell.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FaultLine {
    place: String,
    file: String,
    stood: String,
    what: String,
    todo: String,
}

/// One number that changes, or has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DiffLine {
    name: String,
    place: String,
    now: String,
    after: String,
    by: String,
    look_at: String,
    href: String,
    state: &'static str,
    kind: &'static str,
}

/// A file of the upload that can go back with its faults written in.
struct FileBack {
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "collection/upload.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    state: &'static str,
    base: String,
    round: String,
    round_href: String,
    heading: String,
    lead: String,
    files: String,
    steps: Vec<Step>,
    faults: Vec<FaultLine>,
    notes: Vec<FaultLine>,
    back: Vec<FileBack>,
    changes: Vec<DiffLine>,
    sum: Option<(String, String, String)>,
    same: usize,
    nothing: Vec<String>,
    unanswered: Vec<String>,
    done: usize,
    total: usize,
    reason: String,
    typed_reason: String,
    own: bool,
    may_record: bool,
    may_confirm: bool,
}

/// Builds the page.
pub(super) async fn view(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    (round_no, no): (i64, i64),
    errors: FieldErrors,
    typed_reason: &str,
) -> Result<Page, PageError> {
    let book = book(office, books, viewer).await?;
    let title = format!("올린 파일 {no}번");
    let shell = frame(office, prefs, viewer, &title).await?.faults(errors.len());
    let (may_record, may_confirm) = (viewer.may(Duty::Record), viewer.may(Duty::Confirm));
    let (cx, typed_reason) = (Cx::inside(office, viewer.actor(), viewer.district.clone()), typed_reason.to_owned());
    office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let held = held(tx, &cx, &book, round_no, no).await?;
                let names = Names::read(tx, &cx.district).await?;
                let changes = changes(tx, &cx.district, &held).await?;
                let (faults, notes): (Vec<&Fault>, Vec<&Fault>) = held.faults.iter().partition(|fault| fault.blocks);
                let rows: Vec<_> = held.rows.iter().map(|it| it.row.clone()).collect();
                let (done, total) = progress(&held.upload, &rows);
                let base = format!("/office/collection/{round_no}/uploads/{no}");
                let names_of = |wanted: &dyn Fn(&Weighed) -> bool| -> Vec<String> {
                    held.rows.iter().filter(|it| wanted(it)).map(|it| it.ask.name.clone()).collect()
                };
                let nothing = names_of(&|it| it.row.nothing && !matches!(it.verdict, Verdict::Faulty(_)));
                let unanswered = names_of(&|it| it.verdict == Verdict::Unanswered);
                let same = held.rows.iter().filter(|it| is_same(it) && !it.row.nothing).count();
                let (heading, lead) = words(&held, &names, faults.len(), changes.len(), done, total);
                let files: Vec<String> = held.files.iter().map(|file| file.name.clone()).collect();
                Ok(Page {
                    errors,
                    state: held.upload.state.as_str(),
                    round_href: format!("/office/collection/{round_no}"),
                    heading,
                    lead,
                    files: format!(
                        "{} · {} {}에 올림",
                        round::few(&files),
                        names.of(held.upload.uploaded_by),
                        held.upload.uploaded_at.korean()
                    ),
                    steps: steps(&held.upload.state),
                    faults: faults.iter().map(|fault| fault_line(fault, &held)).collect(),
                    notes: notes.iter().map(|fault| fault_line(fault, &held)).collect(),
                    back: back(&held, &base),
                    sum: sum(&held),
                    changes,
                    same,
                    nothing,
                    unanswered,
                    done,
                    total,
                    reason: match &held.upload.state {
                        UploadState::SentBack { reason, .. } => reason.clone(),
                        _ => String::new(),
                    },
                    typed_reason,
                    own: submitter(&held.upload.state) == Some(cx.actor),
                    may_record,
                    may_confirm,
                    shell: shell
                        .crumb("취합", "/office/collection")
                        .crumb(held.round.title.clone(), format!("/office/collection/{round_no}"))
                        .here(title),
                    round: held.round.title,
                    base,
                })
            })
        })
        .await
        .map_err(absent)
}

fn submitter(state: &UploadState) -> Option<Actor> {
    match state {
        UploadState::Waiting { by, .. } => Some(*by),
        _ => None,
    }
}

fn is_same(it: &Weighed) -> bool {
    match it.row.state {
        RowState::Same => true,
        RowState::Read => matches!(it.verdict, Verdict::Same | Verdict::Waits),
        _ => false,
    }
}

/// The sentence on top, and the one below it.
fn words(held: &Held, names: &Names, faults: usize, changes: usize, done: usize, total: usize) -> (String, String) {
    let of = |actor: &Actor| format!("{} 담당자", names.of(*actor));
    let refused = held.rows.iter().filter(|it| matches!(it.row.state, RowState::Refused(_))).count();
    match &held.upload.state {
        UploadState::Previewed if faults > 0 => (
            format!("고칠 칸이 {faults}개 있습니다"),
            "한 칸이라도 고칠 것이 있으면 올리지 않습니다. 고친 파일을 다시 올려 주세요. 아직 아무 숫자도 달라지지 않았습니다."
                .to_owned(),
        ),
        UploadState::Previewed if changes == 0 => {
            ("이 파일로 바뀌는 숫자가 없습니다".to_owned(), "답만 남기려면 확인에 올리세요.".to_owned())
        }
        UploadState::Previewed => (
            format!("숫자 {changes}개가 바뀝니다"),
            "확인에 올리면 다른 담당자가 확인합니다. 그 전에는 아무 숫자도 달라지지 않습니다.".to_owned(),
        ),
        UploadState::Waiting { by, at } => (
            format!("숫자 {changes}개가 동료의 확인을 기다립니다"),
            format!("{} {}에 올렸습니다. 확인하면 줄마다 차례로 반영되고, 그 사이 달라져 맞지 않는 줄은 빼고 이름을 알려 줍니다.", with_particle(&of(by), "이/가"), at.korean()),
        ),
        UploadState::SentBack { by, at, .. } => (
            "이 파일은 부서로 돌려보냈습니다".to_owned(),
            format!("{} {}에 돌려보냈습니다. 고친 파일을 다시 올리면 됩니다.", with_particle(&of(by), "이/가"), at.korean()),
        ),
        UploadState::Withdrawn { at } => {
            ("이 파일은 거둬들였습니다".to_owned(), format!("{}에 거둬들였습니다. 달라진 숫자는 없습니다.", at.korean()))
        }
        UploadState::Applying { by, .. } => (
            format!("{total}개 가운데 {done}개를 반영했습니다"),
            format!("{} 확인해서 반영하고 있습니다. 이 화면을 닫아도 계속됩니다.", with_particle(&of(by), "이/가")),
        ),
        UploadState::Applied { by, finished_at, .. } => (
            if refused == 0 {
                format!("숫자 {done}개를 모두 반영했습니다")
            } else {
                format!("{done}개 가운데 {refused}개는 반영하지 못했습니다")
            },
            format!("{} 확인했고, {}에 마쳤습니다.", with_particle(&of(by), "이/가"), finished_at.korean()),
        ),
    }
}

fn steps(state: &UploadState) -> Vec<Step> {
    let current = match state {
        UploadState::Previewed | UploadState::SentBack { .. } | UploadState::Withdrawn { .. } => 1,
        UploadState::Waiting { .. } => 2,
        UploadState::Applying { .. } => 3,
        UploadState::Applied { .. } => 4,
    };
    let way =
        [("파일 올리기", ""), ("살펴보기", "고칠 칸과 바뀔 숫자"), ("동료 확인", "다른 사람이 합니다"), ("반영", "")];
    Step::way(&way, current)
}

fn fault_line(fault: &Fault, held: &Held) -> FaultLine {
    let several = held.files.len() > 1;
    let file = held.files.iter().find(|file| file.no == fault.file_no && several).map(|file| file.name.clone());
    let row = held.rows.iter().find(|it| {
        let cells = &it.row.cells;
        it.row.file_no == fault.file_no
            && it.row.sheet == fault.sheet
            && [&cells.code, &cells.own, &cells.cumulative, &cells.nothing, &cells.reason].contains(&&fault.cell)
    });
    let place = match (fault.cell.is_empty(), fault.sheet.is_empty()) {
        (true, true) => "파일 전체".to_owned(),
        (true, false) => format!("‘{}’ 시트", fault.sheet),
        (false, _) => fault.cell.clone(),
    };
    FaultLine {
        place,
        file: [row.map(|it| it.ask.name.clone()), file].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        stood: fault.stood.clone(),
        what: fault.what.clone(),
        todo: fault.todo.clone(),
    }
}

fn back(held: &Held, base: &str) -> Vec<FileBack> {
    let marked = held
        .files
        .iter()
        .filter(|file| !result::marks(file.no, &held.faults, held.rows.iter().map(|it| &it.row)).is_empty());
    marked
        .map(|file| {
            let ending = file.name.rsplit_once('.').map_or("xlsx", |(_, ending)| ending);
            let ending = if ending.eq_ignore_ascii_case("csv") { "csv" } else { "xlsx" };
            FileBack { name: file.name.clone(), href: format!("{base}/marked/{}.{ending}", file.no) }
        })
        .collect()
}

/// Every row that changes or changed something, with the running sum before and after.
async fn changes(tx: &mut Tx, district: &DistrictCode, held: &Held) -> Outcome<Vec<DiffLine>> {
    let mut lines = Vec::new();
    for it in &held.rows {
        let unit = it.ask.unit;
        let said = |amount: Option<i64>| amount.map_or_else(|| "없음".to_owned(), |amount| counted(amount, unit));
        let place = if held.files.len() > 1 {
            format!("{}번째 파일 {}", it.row.file_no, crate::read_sheet::place_of(&it.row))
        } else {
            crate::read_sheet::place_of(&it.row)
        };
        let line = |now: Option<i64>, by: i64, look_at: String, href: String, state, kind| DiffLine {
            name: it.ask.name.clone(),
            place: place.clone(),
            now: said(now),
            after: said(Some(now.unwrap_or(0).saturating_add(by))),
            by: change(by),
            look_at,
            href,
            state,
            kind,
        };
        match (&it.row.state, &it.verdict) {
            (RowState::Read, Verdict::Changes(act, by)) => {
                lines.push(line(it.now, *by, hint(act, &it.row.reason), String::new(), "바뀔 것", "info"));
            }
            (RowState::Staged(id), _) => {
                let Ok(parsed) = id.parse() else { continue };
                let staged = ledger::staged_of(tx, district, parsed).await?;
                let by = staged.as_ref().map_or(0, |staged| staged.counted.amount);
                let corrects = staged.is_some_and(|staged| staged.correction.is_some());
                let look_at = if corrects { format!("정정: {}", it.row.reason) } else { it.row.reason.clone() };
                lines.push(line(it.now, by, look_at, format!("/office/staged/{id}"), "확인 대기", "care"));
            }
            (RowState::Applied(leaf), _) => {
                let entry = ledger::entry_of_leaf(tx, district, leaf).await?;
                let by = entry.and_then(|entry| entry.counted).map_or(0, |counted| counted.amount);
                let before = it.now.map(|now| now.saturating_sub(by));
                lines.push(line(before, by, String::new(), format!("/office/entries/{leaf}"), "반영됨", "good"));
            }
            (RowState::Refused(why), _) => {
                lines.push(line(it.now, 0, why.clone(), String::new(), "반영하지 못함", "bad"));
            }
            _ => {}
        }
    }
    Ok(lines)
}

/// What deserves a second look before submitting.
fn hint(act: &Change, reason: &str) -> String {
    match act {
        Change::New(..) => reason.to_owned(),
        Change::Correct { .. } => format!("먼저 올린 기록을 정정합니다. 누구나 볼 사유: {reason}"),
    }
}

/// The sums below the table, where every row has one unit and nothing has moved yet.
fn sum(held: &Held) -> Option<(String, String, String)> {
    if held.upload.state != UploadState::Previewed {
        return None;
    }
    let changing: Vec<(&Weighed, i64)> = held
        .rows
        .iter()
        .filter_map(|it| match it.verdict {
            Verdict::Changes(_, by) => Some((it, by)),
            _ => None,
        })
        .collect();
    let unit: Unit = changing.first()?.0.ask.unit;
    if changing.len() < 2 || changing.iter().any(|(it, _)| it.ask.unit != unit) {
        return None;
    }
    let now: i64 = changing.iter().filter_map(|(it, _)| it.now).fold(0, i64::saturating_add);
    let by: i64 = changing.iter().map(|(_, by)| *by).fold(0, i64::saturating_add);
    Some((counted(now, unit), counted(now.saturating_add(by), unit), change(by)))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let fault = |nth: usize| FaultLine {
            place: format!("F{}", nth + 9),
            file: "찾아가는 일자리센터 취업 연계와 어르신·장애인 맞춤 상담(예시) · 실적_어르신복지과_2026-10.xlsx"
                .to_owned(),
            stood: "2O4".to_owned(),
            what: "숫자 사이에 영문자(O, l, I)가 있습니다".to_owned(),
            todo: "204가 맞으면 그대로 바꾸어 적어 주세요".to_owned(),
        };
        let line = |nth: usize| DiffLine {
            name: "찾아가는 일자리센터 취업 연계와 어르신·장애인 맞춤 상담(예시)".to_owned(),
            place: format!("‘실적’ A{}", nth + 9),
            now: if nth == 0 { "없음".to_owned() } else { "1,771개".to_owned() },
            after: "12,345개".to_owned(),
            by: "+10,574".to_owned(),
            look_at: if nth.is_multiple_of(2) {
                "먼저 올린 기록을 정정합니다. 누구나 볼 사유: 두 부서가 함께 올린 사람을 뺐습니다".to_owned()
            } else {
                String::new()
            },
            href: if nth.is_multiple_of(2) { String::new() } else { "/office/staged/stg_0".to_owned() },
            state: "확인 대기",
            kind: "care",
        };
        let page = |state: &'static str, faults: usize, changes: usize, own: bool, errors: FieldErrors| Page {
            shell: super::sample_shell("올린 파일 3번").faults(errors.len()),
            errors,
            state,
            base: "/office/collection/3/uploads/3".to_owned(),
            round: "2026년 10월 실적".to_owned(),
            round_href: "/office/collection/3".to_owned(),
            heading: format!("고칠 칸이 {faults}개 있습니다"),
            lead: "고친 파일을 다시 올려 주세요.".to_owned(),
            files: "실적_어르신복지과_2026-10.xlsx 외 8개 · 한시범 (예시) 2026년 11월 23일(월) 09:12에 올림".to_owned(),
            steps: steps(&UploadState::Previewed),
            faults: (0..faults).map(fault).collect(),
            notes: (0..faults).map(fault).collect(),
            back: (0..faults.min(2))
                .map(|nth| FileBack {
                    name: "실적_어르신복지과_2026-10.xlsx".to_owned(),
                    href: format!("/office/collection/3/uploads/3/marked/{nth}.xlsx"),
                })
                .collect(),
            changes: (0..changes).map(line).collect(),
            sum: (changes > 1).then(|| ("1,904개".to_owned(), "2,256개".to_owned(), "+352".to_owned())),
            same: changes,
            nothing: (0..changes.min(3)).map(|nth| format!("경로당 지원 {nth} (예시)")).collect(),
            unanswered: (0..faults.min(3)).map(|nth| format!("나눔 텃밭 {nth} (예시)")).collect(),
            done: 12,
            total: 48,
            reason: if state == "sent-back" {
                "3행과 9행의 수가 서로 바뀐 것 같습니다".to_owned()
            } else {
                String::new()
            },
            typed_reason: String::new(),
            own,
            may_record: true,
            may_confirm: true,
        };
        let refusal =
            iljari_base::Refusal::new("own-confirmation", "", "스스로 적은 숫자는 스스로 확인할 수 없습니다.");
        vec![
            page("previewed", 0, 0, false, FieldErrors::none()),
            page("previewed", 2, 5, false, FieldErrors::none()),
            page("previewed", 200, 400, false, FieldErrors::none()),
            page("waiting", 0, 5, true, vec![refusal].into()),
            page("waiting", 0, 5, false, FieldErrors::none()),
            page("applying", 0, 48, false, FieldErrors::none()),
            page("applied", 0, 48, false, FieldErrors::none()),
            page("sent-back", 2, 0, false, FieldErrors::none()),
            page("withdrawn", 0, 0, false, FieldErrors::none()),
        ]
    }
}
