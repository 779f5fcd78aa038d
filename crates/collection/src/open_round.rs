//! Opening a round (회차 열기).
//!
//! Owns: the refusals and what is kept with the round. Does not own: telling the departments; the
//! office sends its letter through its own system (결재), whose number is kept here.
//! What a newcomer gets wrong: reading the plan again later. What was asked stays as it was asked.

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Date, Outcome, Period, Refusal, Stop};
use iljari_disclosure::plan::District;
use iljari_people::Cx;
use iljari_store::Tx;

use crate::ask::askable;
use crate::model::{Round, departments};
use crate::stands::Stands;
use crate::store;

/// What the jobs team wants to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundWanted {
    /// What people call it; empty takes the period's name.
    pub title: String,
    /// The months.
    pub period: Period,
    /// The last day to hand in.
    pub deadline: Date,
    /// The departments that are asked; `None` asks all.
    pub departments: Option<Vec<String>>,
    /// 결재 문서번호; empty where there is none yet.
    pub approval_no: String,
    /// 결재 일자.
    pub approval_on: Option<Date>,
    /// Why there is no approval yet.
    pub approval_remark: String,
}

/// Longest title, in characters.
const TITLE_MAX: usize = 60;
/// Longest approval number and remark, in characters.
const WORDS_MAX: usize = 200;

/// Opens a round and keeps what it asks for. Several refusals at once, each beside its field:
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `resident-number` | any text | it looks like a resident number |
/// | `too-long` | any text | it is longer than fits |
/// | `two-years` | `month_first` | the period lies in two years |
/// | `deadline-past` | `deadline` | the deadline lies before today |
/// | `approval-date` | `approval_on` | there is a number without its date, or a date without its number |
/// | `approval-or-reason` | `approval_remark` | neither an approval nor a reason why there is none |
/// | `no-plan` | `year` | no plan with projects holds in that year |
/// | `nobody-asked` | `departments` | the departments chosen have no project |
pub async fn open_round(tx: &mut Tx, cx: &Cx, book: &District, wanted: RoundWanted) -> Outcome<Round> {
    let mut refusals = faults(cx, &wanted);
    let stands = Stands::read(tx, &cx.district).await?;
    let asks = askable(book, wanted.period.first().year(), &stands)?;
    if asks.is_empty() {
        refusals.push(
            Refusal::new("no-plan", "", format!("{}년 계획에는 물어볼 사업이 없습니다.", wanted.period.first().year()))
                .at("year"),
        );
    }
    let chosen = |department: &str| {
        wanted.departments.as_ref().is_none_or(|known| known.iter().any(|known| known == department))
    };
    let asked: Vec<_> = asks.iter().filter(|ask| chosen(&ask.department)).cloned().collect();
    if !asks.is_empty() && departments(&asked).is_empty() {
        refusals.push(
            Refusal::new("nobody-asked", "", "고른 부서가 맡은 사업이 없습니다. 부서를 다시 골라 주세요.")
                .at("departments"),
        );
    }
    if !refusals.is_empty() {
        return Err(Stop::Refused(refusals));
    }
    let title = wanted.title.trim();
    let round = Round {
        no: store::next_round_no(tx, &cx.district).await?,
        title: if title.is_empty() { format!("{} 실적", wanted.period.korean()) } else { title.to_owned() },
        period: wanted.period,
        deadline: wanted.deadline,
        approval_no: wanted.approval_no.trim().to_owned(),
        approval_on: wanted.approval_on,
        approval_remark: wanted.approval_remark.trim().to_owned(),
        opened_by: cx.actor,
        opened_at: cx.now(),
    };
    store::insert_round(tx, &cx.district, &round, &asked).await?;
    Ok(round)
}

fn faults(cx: &Cx, wanted: &RoundWanted) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let texts = [
        ("title", &wanted.title, TITLE_MAX),
        ("approval_no", &wanted.approval_no, WORDS_MAX),
        ("approval_remark", &wanted.approval_remark, WORDS_MAX),
    ];
    for (field, text, most) in texts {
        if looks_like_resident_number(text) {
            let message = "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.";
            refusals.push(Refusal::new("resident-number", "개인정보 보호법 제24조의2", message).at(field));
        }
        let length = text.chars().count();
        if length > most {
            let message = format!("{most}자까지 적을 수 있습니다. 지금은 {length}자입니다.");
            refusals.push(Refusal::new("too-long", "", message).at(field));
        }
    }
    if wanted.period.first().year() != wanted.period.last().year() {
        let message = "한 회차에는 한 해의 달만 물을 수 있습니다. 해마다 회차를 나누어 주세요.";
        refusals.push(Refusal::new("two-years", "", message).at("month_first"));
    }
    if wanted.deadline < cx.today() {
        let message = format!("이미 지난 날입니다({}). 오늘이나 그 뒤로 정해 주세요.", wanted.deadline.korean());
        refusals.push(Refusal::new("deadline-past", "", message).at("deadline"));
    }
    let has_no = !wanted.approval_no.trim().is_empty();
    if has_no != wanted.approval_on.is_some() {
        let message = "결재 문서번호와 결재 일자는 함께 적어 주세요.";
        refusals.push(Refusal::new("approval-date", "", message).at("approval_on"));
    } else if !has_no && wanted.approval_remark.trim().chars().count() < 5 {
        let message = "결재 문서번호가 아직 없으면 그 까닭을 다섯 글자 이상 적어 주세요.";
        refusals.push(Refusal::new("approval-or-reason", "", message).at("approval_remark"));
    }
    refusals
}
