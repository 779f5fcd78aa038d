//! How people are after the work (사후 확인): asked after 3, 6 and 12 months, of those who agreed to be asked.
//!
//! Owns: who is due, and what may be written down. Does not own: her telephone number (`people`). What a
//! newcomer gets wrong: asking for every month that was missed. Somebody is asked for the last one that is over;
//! one call tells how she is now, not how she was in spring.

use iljari_base::{Date, DistrictCode, Outcome, Refusal};
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_rules::eval::months;
use iljari_store::Tx;

use crate::participate::participation;
use crate::store;
use crate::work::{AFTER_MONTHS, After, Answer, AskedBy, Participation, WorkState};

/// What an officer writes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// After how many months.
    pub months: i64,
    /// How she is.
    pub after: After,
    /// On which day she was asked.
    pub on: Date,
    /// By which way.
    pub by: AskedBy,
}

/// Writes down how somebody is. Said once more, the newer answer stands.
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-published`, `no-such-participation` | | |
/// | `still-working` | | she has not left or finished |
/// | `after-months` | `months` | neither 3, 6 nor 12 |
/// | `survey-refused` | | she did not agree to be asked |
/// | `after-too-early` | `asked_on` | she was asked before so many months were over |
/// | `asked-in-future` | `asked_on` | |
pub async fn note(tx: &mut Tx, cx: &Cx, (call_no, app_no): (i64, i64), asked: Asked) -> Outcome<()> {
    let (call, seen) = participation(tx, cx, call_no, app_no).await?;
    let Some(stopped_on) = stopped(&seen) else {
        return Err(Refusal::new("still-working", "", "일을 마친 분만 적을 수 있습니다.").into());
    };
    if !AFTER_MONTHS.contains(&asked.months) {
        return Err(Refusal::new("after-months", "", "3개월, 6개월, 12개월 가운데 고르세요.").at("months").into());
    }
    if !store::agreed_to_survey(tx, &cx.district, call_no).await?.contains(&app_no) {
        let message = "참여가 끝난 뒤의 연락에 동의하지 않은 분입니다. 여쭙지 않습니다.";
        return Err(Refusal::new("survey-refused", "개인정보 보호법 제16조 제3항", message).into());
    }
    if months(stopped_on, asked.on) < asked.months {
        let message = format!("{}에는 일을 마친 지 {}개월이 되지 않았습니다.", asked.on.korean(), asked.months);
        return Err(Refusal::new("after-too-early", "", message).at("asked_on").into());
    }
    if asked.on > cx.today() {
        let message = "아직 오지 않은 날입니다. 여쭌 날을 적어 주세요.";
        return Err(Refusal::new("asked-in-future", "", message).at("asked_on").into());
    }
    let answer =
        Answer { months: asked.months, after: asked.after, asked_on: Some(asked.on), asked_by: Some(asked.by) };
    store::put_outcome(tx, &cx.district, (call_no, app_no), answer, (cx.actor, cx.now())).await?;
    log_access(tx, cx, Access::to("사후 확인", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(())
}

/// Her last day of work; `None` while she works or where she never began.
pub fn stopped(seen: &Participation) -> Option<Date> {
    match seen.state {
        WorkState::Left { on, .. } | WorkState::Ended { on } => Some(on),
        _ => None,
    }
}

/// Somebody who worked and may be asked, or who said that she does not want to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Her number in the call.
    pub app_no: i64,
    /// Her last day of work.
    pub stopped_on: Date,
    /// Whether she agreed to be asked.
    pub agreed: bool,
    /// What she answered.
    pub answers: Vec<Answer>,
    /// For which month she is to be asked now.
    pub due: Option<i64>,
}

/// Everybody of a call who left or finished, whoever is due first.
pub async fn people(tx: &mut Tx, district: &DistrictCode, call_no: i64, today: Date) -> Outcome<Vec<Person>> {
    let agreed = store::agreed_to_survey(tx, district, call_no).await?;
    let answers = store::outcomes(tx, district, call_no).await?;
    let mut all = Vec::new();
    for seen in store::participations(tx, district, call_no).await? {
        let Some(stopped_on) = stopped(&seen) else { continue };
        let hers: Vec<Answer> =
            answers.iter().filter(|(app_no, _)| *app_no == seen.app_no).map(|(_, answer)| *answer).collect();
        let agreed = agreed.contains(&seen.app_no);
        let due = if agreed { due(stopped_on, &hers, today) } else { None };
        all.push(Person { app_no: seen.app_no, stopped_on, agreed, answers: hers, due });
    }
    all.sort_by_key(|person| (person.due.is_none(), person.stopped_on, person.app_no));
    Ok(all)
}

/// For which month somebody is to be asked on a day: the last one that is over, unless it was answered.
pub fn due(stopped_on: Date, answers: &[Answer], today: Date) -> Option<i64> {
    let over = months(stopped_on, today);
    let last = AFTER_MONTHS.into_iter().rfind(|wanted| *wanted <= over)?;
    (!answers.iter().any(|answer| answer.months == last)).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_asked_for_the_last_month_that_is_over_and_once() {
        let day = |text: &str| -> Date { text.parse().expect("a day") };
        let stopped = day("2026-12-31");
        let answer = |months: i64| Answer { months, after: After::Hired, asked_on: None, asked_by: None };
        assert_eq!(due(stopped, &[], day("2027-03-30")), None);
        assert_eq!(due(stopped, &[], day("2027-03-31")), Some(3));
        assert_eq!(due(stopped, &[answer(3)], day("2027-06-29")), None);
        // A month of 30 days is over on its last one.
        assert_eq!(due(stopped, &[], day("2027-07-01")), Some(6), "the third month was missed and stays so");
        assert_eq!(due(stopped, &[answer(6)], day("2027-12-30")), None);
        assert_eq!(due(stopped, &[answer(6)], day("2028-05-01")), Some(12));
        assert_eq!(due(stopped, &[answer(12)], day("2030-05-01")), None);
    }
}
