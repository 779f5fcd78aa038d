//! The board of a round (취합 현황): who has handed in, who owes, and a text to remind them with.
//!
//! Owns: how single answers make a department's state. Pure. What a newcomer gets wrong: calling an
//! uploaded file handed in; until it is submitted the department still owes its answer.

use iljari_base::Date;

use crate::model::{Ask, DepartmentState, Round, RowState, SheetRow, Upload, UploadState, departments};
use crate::stands::Stands;

/// One department on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLine {
    /// The department.
    pub department: String,
    /// How it stands.
    pub state: DepartmentState,
    /// Projects it is asked to fill in.
    pub asked: usize,
    /// Those that have an answer.
    pub answered: usize,
    /// Projects that the office's own records count.
    pub counted: usize,
    /// The newest upload that speaks of it.
    pub upload: Option<i64>,
    /// Whether that upload is only being looked at.
    pub looked_at: bool,
}

/// What one project's answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    SentBack,
    InReview,
    Done,
    Nothing,
}

/// The board: a line a department, in the order of the plan. `uploads` come newest first.
pub fn board(round: &Round, asks: &[Ask], uploads: &[(Upload, Vec<SheetRow>)], stands: &Stands) -> Vec<BoardLine> {
    let living: Vec<&(Upload, Vec<SheetRow>)> =
        uploads.iter().filter(|(upload, _)| !matches!(upload.state, UploadState::Withdrawn { .. })).collect();
    let line = |department: &str| {
        let own: Vec<&Ask> = asks.iter().filter(|ask| ask.department == department).collect();
        let by_hand: Vec<&&Ask> = own.iter().filter(|ask| ask.by_hand()).collect();
        let answers: Vec<Answer> = by_hand.iter().map(|ask| answer(round, ask, &living, stands)).collect();
        let count = |wanted: Answer| answers.iter().filter(|answer| **answer == wanted).count();
        let speaks =
            living.iter().find(|(_, rows)| rows.iter().any(|row| by_hand.iter().any(|ask| ask.node == row.node)));
        let state = if by_hand.is_empty() {
            DepartmentState::Counted
        } else if count(Answer::SentBack) > 0 {
            DepartmentState::SentBack
        } else if count(Answer::None) > 0 {
            DepartmentState::Missing
        } else if count(Answer::InReview) > 0 {
            DepartmentState::InReview
        } else if count(Answer::Nothing) == answers.len() {
            DepartmentState::Nothing
        } else {
            DepartmentState::HandedIn
        };
        BoardLine {
            department: department.to_owned(),
            state,
            asked: by_hand.len(),
            answered: answers.len().saturating_sub(count(Answer::None)).saturating_sub(count(Answer::SentBack)),
            counted: own.len().saturating_sub(by_hand.len()),
            upload: speaks.map(|(upload, _)| upload.no),
            looked_at: speaks.is_some_and(|(upload, _)| upload.state == UploadState::Previewed),
        }
    };
    departments(asks).into_iter().map(line).collect()
}

/// The newest word on a project counts; what is only being looked at is no word yet. A file that was sent back
/// asks for a word only where none stands: it does not undo what an earlier file has already brought in.
fn answer(round: &Round, ask: &Ask, uploads: &[&(Upload, Vec<SheetRow>)], stands: &Stands) -> Answer {
    let mut asked_again = false;
    for (upload, rows) in uploads {
        let Some(row) = rows.iter().find(|row| row.node == ask.node) else { continue };
        let sent_back = matches!(upload.state, UploadState::SentBack { .. });
        if upload.state == UploadState::Previewed || (!sent_back && !row.answered()) {
            continue;
        }
        if sent_back {
            asked_again = true;
            continue;
        }
        return match (&upload.state, &row.state) {
            (_, RowState::Refused(_)) => Answer::SentBack,
            (UploadState::Waiting { .. }, _) | (_, RowState::Staged(_)) => Answer::InReview,
            _ if row.nothing => Answer::Nothing,
            _ => Answer::Done,
        };
    }
    // A number that an officer typed for them after a telephone call is an answer as well.
    match (stands.of(ask).within(round.period), asked_again) {
        (Some(_), _) => Answer::Done,
        (None, true) => Answer::SentBack,
        (None, false) => Answer::None,
    }
}

/// How long there is, in words: `마감까지 9일`, `오늘 마감`, `마감이 3일 지났습니다`.
pub fn time_left(round: &Round, today: Date) -> String {
    match round.days_left(today) {
        0 => "오늘이 마감입니다".to_owned(),
        left if left > 0 => format!("마감까지 {left}일 남았습니다"),
        past => format!("마감이 {}일 지났습니다", past.saturating_abs()),
    }
}

/// A text to paste into a messenger or a mail (독촉 글). Empty when nobody owes anything.
pub fn reminder(round: &Round, lines: &[BoardLine], today: Date) -> String {
    let owing: Vec<&BoardLine> = lines.iter().filter(|line| line.state.owes()).collect();
    if owing.is_empty() {
        return String::new();
    }
    let mut text = format!("[{} 취합]\n{}, {}.\n", round.title, round.deadline.korean(), time_left(round, today));
    text.push_str("\n아직 받지 못한 부서\n");
    for line in owing {
        let left = line.asked.saturating_sub(line.answered);
        let back = if line.state == DepartmentState::SentBack { ", 고쳐서 다시 내 주세요" } else { "" };
        text.push_str(&format!("- {}: 사업 {left}개{back}\n", line.department));
    }
    text.push_str("\n실적이 없으면 ‘실적 없음’을 골라 주세요. 빈칸은 답이 아닙니다.\n보내 드린 서식에 적어 일자리 담당 부서로 보내 주세요.");
    text
}
