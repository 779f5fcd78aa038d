//! What an applicant is told (결과와 까닭): points line by line, rank, cut-off, what would have changed it.
//!
//! Owns: the sentences, made from what stays when the evidence is gone. Does not own: the numbers. What a
//! newcomer gets wrong: comparing somebody with a neighbour. She is compared with the cut-off, which is
//! public.

use iljari_base::Outcome;
use iljari_people::Cx;
use iljari_rules::RuleSet;
use iljari_store::Tx;

use crate::application::Application;
use crate::call::published_of;
use crate::intake::application_of;
use crate::model::Call;
use crate::notice::bracket;
use crate::selection::{Line, Points, Run, Standing};
use crate::{select, store};

/// Everything that one applicant is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The call.
    pub call: Call,
    /// Her application.
    pub application: Application,
    /// The run that counts.
    pub run: Run,
    /// How she stands.
    pub line: Line,
    /// Her points.
    pub points: Vec<Points>,
    /// How many were ranked in her pool.
    pub ranked: usize,
    /// The cut-off of the place she wanted; `None` where nobody was left without a seat.
    pub cut_off: Option<i64>,
    /// What would have changed it.
    pub would_change: Vec<String>,
    /// The last day to object.
    pub objections_until: iljari_base::Date,
}

/// What an applicant is told. Refusals: `no-such-call`, `call-not-published`, `no-such-application`,
/// `selection-not-confirmed`.
pub async fn told(tx: &mut Tx, cx: &Cx, call_no: i64, app_no: i64) -> Outcome<Told> {
    let call = published_of(tx, cx, call_no).await?;
    let application = application_of(tx, cx, call_no, app_no).await?;
    let (run, objections_until) = select::confirmed(tx, cx, call_no).await?;
    let lines = store::lines(tx, &cx.district, call_no, run.no).await?;
    let none = || iljari_base::Refusal::new("no-such-application", "", "선발에 들지 않은 신청입니다.");
    let line = lines.iter().find(|line| line.app_no == app_no).cloned().ok_or_else(none)?;
    let points = store::points(tx, &cx.district, (call_no, run.no, app_no)).await?;
    let cut_off = select::cut_offs(&lines).get(&application.wanted).copied();
    let rules = call.rules.open()?;
    let would_change = would_change(&rules, &application, &line, &points, cut_off);
    let ranked = lines.iter().filter(|other| other.pool == line.pool && other.rank.is_some()).count();
    Ok(Told { call, application, run, line, points, ranked, cut_off, would_change, objections_until })
}

/// What would have changed the result, from item points, bracket words and clause ids alone.
pub fn would_change(
    rules: &RuleSet,
    application: &Application,
    line: &Line,
    points: &[Points],
    cut_off: Option<i64>,
) -> Vec<String> {
    match line.outcome {
        Standing::Chosen | Standing::Promoted => Vec::new(),
        Standing::NotEligible | Standing::Unproven => {
            let named = |id: &String| {
                let clause = rules.clauses.iter().find(|clause| clause.id == *id);
                clause.map_or_else(
                    || "다른 재정지원 일자리에 참여하고 있지 않아야 합니다.".to_owned(),
                    |clause| {
                        format!("다음이 맞거나 서류로 확인되었다면 달라졌습니다: {} ({}).", clause.name, clause.basis)
                    },
                )
            };
            application.broken.iter().map(named).collect()
        }
        Standing::Reserve | Standing::Passed => {
            let Some(cut_off) = cut_off else { return Vec::new() };
            let gap = cut_off.saturating_sub(line.total);
            if gap <= 0 {
                return vec!["점수는 마지막으로 뽑힌 분과 같고, 점수가 같을 때의 순서에서 뒤였습니다.".to_owned()];
            }
            let mut all = vec![format!("마지막으로 뽑힌 분보다 {gap}점 적습니다.")];
            for (item, had) in rules.scores.iter().zip(points) {
                let better = item.rows.iter().filter(|row| row.points.saturating_sub(had.points) > gap);
                if let Some(row) = better.min_by_key(|row| row.points) {
                    let row_words = bracket(&row.label);
                    all.push(format!("‘{}’ 구간이 ‘{row_words}’({}점)였다면 뽑혔습니다.", item.name, row.points));
                }
            }
            all
        }
    }
}
