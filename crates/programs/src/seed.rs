//! The demo's calls (시연자료): a small one that is over, a large one whose people are at work, one that takes
//! applications today, one in draft. The district, the people and the points are invented (예시).
//!
//! Owns: what the demo's desks show. Does not own: any road of its own; every step is an act of the pages,
//! done by three invented officers. What a newcomer gets wrong: a story told at one instant. The weeks of the
//! calls lie behind them, so their acts are given a clock of their own.

mod days;
mod people;
mod places;

use std::sync::Arc;

use iljari_base::{Actor, Date, FixedClock, Id, Outcome, Refusal, Stop};
use iljari_disclosure::plan::District;
use iljari_people::Cx;
use iljari_people::residents::Safe;
use iljari_web::{Duty, Office, Viewer};

use self::people::Applicant;
use crate::model::{Pool, Terms, WorkPlace};
use crate::rulebook::Rulebook;
use crate::screen::Screened;
use crate::selection::Line;
use crate::{call, intake, participate, reserve, screen, select, store};

pub use self::days::played_on;
#[cfg(test)]
pub(crate) use self::people::answers;

/// The invented rules of the invented district.
const RULES: &str = include_str!("../../../rules/naru/public-works-2027.yaml");

/// How many days ago the call that is over began to take applications.
const EARLIER_BEGAN_DAYS_AGO: i64 = 38;
/// How many days ago the large call began to.
const LARGE_BEGAN_DAYS_AGO: i64 = 23;
/// For how many days the large call took them, the first not counted.
const LARGE_DAYS: i64 = 9;
/// Papers whose absence leaves somebody unproven.
const ASSETS_PAPER: &str = "재산 조회(구청이 확인)";

/// The invented officers who do the work.
#[derive(Debug, Clone, Copy)]
pub struct Hands {
    /// Takes applications in, places people.
    pub clerk: Actor,
    /// Drafts the calls for her department, goes through the documents, draws the selection up.
    pub screener: Actor,
    /// Publishes and confirms.
    pub confirmer: Actor,
}

/// Publishes the calls. On a day after the last on which the story can play, they are those of that day, and over by
/// now. On a day before the first there are none.
pub async fn invented_calls(office: &Office, book: &Arc<District>, hands: Hands) -> Outcome<()> {
    if !office.demo {
        return Err(Refusal::new("not-a-demo", "", "시연에서만 쓸 수 있습니다.").into());
    }
    let story = Story { office, book, hands };
    match story.told().await {
        // A refusal means that the plan which stands on that day is another one than the story's.
        Err(Stop::Refused(_)) => Ok(()),
        told => told,
    }
}

/// What becomes of somebody who was chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nobody has placed her yet.
    Unplaced,
    /// Placed, not begun.
    Placed,
    /// Placed, and does not begin.
    GivesUp,
    /// Her start waits for the second officer.
    Reported,
    Starts,
    /// Starts and stops after so many days.
    Leaves(i64),
}

impl Fate {
    /// What becomes of the one who stands at this place among the chosen of the large call.
    fn of(nth: usize) -> Fate {
        match nth % 83 {
            7 => Fate::Unplaced,
            19 | 61 => Fate::Placed,
            31 => Fate::GivesUp,
            43 => Fate::Reported,
            71 => Fate::Leaves(3),
            _ => Fate::Starts,
        }
    }
}

struct Story<'s> {
    office: &'s Office,
    book: &'s Arc<District>,
    hands: Hands,
}

impl Story<'_> {
    async fn told(&self) -> Outcome<()> {
        let today = played_on(self.office.clock.today());
        if today > self.office.clock.today() || !places::fit(self.book, today.year()) {
            return Ok(());
        }
        let earlier = today.plus_days(-EARLIER_BEGAN_DAYS_AGO);
        let clock = Arc::new(FixedClock::at(earlier.at_hour(10)));
        let then = Office { clock: clock.clone(), ..self.office.clone() };
        self.over(&then, &clock, earlier).await?;
        self.at_work(&then, &clock, today.plus_days(-LARGE_BEGAN_DAYS_AGO)).await?;

        let now = if today < self.office.clock.today() { today.at_hour(10) } else { self.office.clock.now() };
        clock.set(now);
        let open = self.publish(&then, terms("연말 나루 공공근로", today, 12), places::small()?).await?;
        let applicants = people::OPEN.map(people::plain).into_iter().collect::<Outcome<Vec<_>>>()?;
        self.take_in(&then, open, applicants.clone()).await?;
        self.screen(&then, open, 1, &applicants[..1]).await?;
        self.draft(&then, terms("설맞이 나루 공공근로", today.plus_days(5), 9), places::small()?).await.map(drop)
    }

    /// A small call from its notice to the last day of work: three days of 접수, a month of work.
    async fn over(&self, then: &Office, clock: &FixedClock, began: Date) -> Outcome<()> {
        clock.set(began.plus_days(-1).at_hour(10));
        let last = began.plus_days(EARLIER_BEGAN_DAYS_AGO - 1);
        let terms = Terms { work_last_on: last, ..terms("가을 나루 공공근로", began, 3) };
        let first_day = terms.work_first_on;
        let no = self.publish(then, terms, places::small()?).await?;
        clock.set(began.at_hour(10));
        let applicants = people::EARLIER.map(people::plain).into_iter().collect::<Outcome<Vec<_>>>()?;
        self.take_in(then, no, applicants.clone()).await?;
        self.screen(then, no, 1, &applicants).await?;
        clock.set(began.plus_days(5).at_hour(10));
        self.select(then, no).await?;
        let chosen = self.chosen(no).await?;
        self.place(then, no, &chosen).await?;
        clock.set(first_day.at_hour(18));
        self.report(then, no, chosen.iter(), first_day).await?;
        self.confirm_starts(then, no, chosen.iter()).await?;
        // The last day is past: the chore of that night.
        clock.set(last.plus_days(1).at_hour(1));
        let cx = self.cx(then, Actor::System);
        then.store
            .write(move |tx| Box::pin(async move { participate::end_over(tx, &cx, no, last).await.map(drop) }))
            .await
    }

    /// The large call: 332 seats at thirty-nine places, and its people in every state.
    async fn at_work(&self, then: &Office, clock: &FixedClock, began: Date) -> Outcome<()> {
        clock.set(began.plus_days(-1).at_hour(10));
        let places = places::large()?;
        let crowd = people::crowd(&places, began.year())?;
        let terms = terms("하반기 나루 동행일자리", began, LARGE_DAYS);
        let first_day = terms.work_first_on;
        let no = self.publish(then, terms, places).await?;
        // They come over all the days of 접수, and are screened the next morning.
        let a_day = crowd.len().div_ceil(10);
        let mut from = 1;
        for (day, today) in (0..).zip(crowd.chunks(a_day)) {
            clock.set(began.plus_days(day).at_hour(10));
            self.take_in(then, no, today.to_vec()).await?;
            clock.set(began.plus_days(day).at_hour(16));
            self.screen(then, no, from, today).await?;
            from += i64::try_from(today.len()).unwrap_or(0);
        }
        clock.set(began.plus_days(LARGE_DAYS + 2).at_hour(10));
        self.select(then, no).await?;

        let chosen = self.chosen(no).await?;
        let fated = |wanted: fn(Fate) -> bool| {
            let fated = chosen.iter().enumerate().filter(move |(nth, _)| wanted(Fate::of(*nth)));
            fated.map(|(_, line)| line.clone()).collect::<Vec<Line>>()
        };
        clock.set(first_day.plus_days(-1).at_hour(14));
        self.place(then, no, &fated(|fate| fate != Fate::Unplaced)).await?;
        clock.set(first_day.at_hour(17));
        let starting = fated(|fate| matches!(fate, Fate::Starts | Fate::Leaves(_)));
        self.report(then, no, starting.iter(), first_day).await?;
        self.confirm_starts(then, no, starting.iter()).await?;
        clock.set(first_day.plus_days(1).at_hour(11));
        let gone = fated(|fate| fate == Fate::GivesUp);
        self.give_up(then, no, &gone).await?;
        let mut free: Vec<Line> = gone;
        for (nth, line) in chosen.iter().enumerate() {
            let Fate::Leaves(days) = Fate::of(nth) else { continue };
            clock.set(first_day.plus_days(days).at_hour(18));
            self.leave(then, no, line, first_day.plus_days(days)).await?;
            free.push(line.clone());
        }
        // The reserve list is called for every seat that came free; the last call has no answer yet.
        clock.set(first_day.plus_days(5).at_hour(15));
        let that_day = first_day.plus_days(5);
        let mut called = Vec::new();
        for (nth, line) in free.iter().enumerate() {
            called.extend(self.call_next(then, no, &line.place, nth + 1 < free.len()).await?);
        }
        self.place(then, no, &called).await?;
        self.report(then, no, called.iter(), that_day).await?;
        self.confirm_starts(then, no, called.iter()).await?;
        self.report(then, no, fated(|fate| fate == Fate::Reported).iter(), that_day).await
    }

    fn cx(&self, office: &Office, actor: Actor) -> Cx {
        Cx::inside(office, actor, self.book.code.clone())
    }

    /// The confirmer as the acts that take two people want to know her.
    fn confirmer(&self, office: &Office) -> Outcome<Viewer> {
        let Actor::Officer(officer) = self.hands.confirmer else {
            return Err(Refusal::new("no-officer", "", "시연 담당자가 없습니다.").into());
        };
        Ok(Viewer {
            officer,
            name: String::new(),
            district: self.book.code.clone(),
            department: String::new(),
            duties: vec![Duty::Confirm],
            session: Id::fresh(office.clock.as_ref(), office.entropy.as_ref()),
        })
    }

    fn safe(&self, office: &Office) -> Outcome<Safe> {
        Ok(Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?)
    }

    /// Drafts a call and gives it places.
    async fn draft(&self, office: &Office, terms: Terms, places: Vec<WorkPlace>) -> Outcome<i64> {
        let (cx, rules) = (self.cx(office, self.hands.screener), Rulebook::freeze(RULES)?);
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let no = call::draft(tx, &cx, terms, rules).await?;
                    call::set_places(tx, &cx, no, pools(), places).await?;
                    Ok(no)
                })
            })
            .await
    }

    /// Drafts a call, checks it as one officer and publishes it as the other.
    async fn publish(&self, office: &Office, terms: Terms, places: Vec<WorkPlace>) -> Outcome<i64> {
        let (cx, other) = (self.cx(office, self.hands.screener), self.cx(office, self.hands.confirmer));
        let (viewer, book) = (self.confirmer(office)?, Arc::clone(self.book));
        let no = self.draft(office, terms, places).await?;
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    call::check(tx, &cx, &book, no).await?;
                    call::publish(tx, &other, &viewer, &book, no).await?;
                    Ok(no)
                })
            })
            .await
    }

    async fn take_in(&self, office: &Office, no: i64, applicants: Vec<Applicant>) -> Outcome<()> {
        let (cx, safe) = (self.cx(office, self.hands.clerk), self.safe(office)?);
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for applicant in applicants {
                        intake::submit(tx, &cx, &safe, no, applicant.filled).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Screens applications in the order of their numbers, from this one on.
    async fn screen(&self, office: &Office, no: i64, from: i64, applicants: &[Applicant]) -> Outcome<()> {
        let (cx, safe) = (self.cx(office, self.hands.screener), self.safe(office)?);
        let all = documents()?;
        let seen: Vec<Vec<String>> = applicants
            .iter()
            .map(|it| all.iter().filter(|paper| it.proven || *paper != ASSETS_PAPER).cloned().collect())
            .collect();
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for (app_no, seen) in (from..).zip(seen) {
                        let screened = Screened { seen, read: Vec::new(), instead: None };
                        screen::decide(tx, &cx, &safe, (no, app_no), screened).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Draws the ranking up, opens every line at a cut-off as the second officer, confirms.
    async fn select(&self, office: &Office, no: i64) -> Outcome<()> {
        let (cx, other) = (self.cx(office, self.hands.screener), self.cx(office, self.hands.confirmer));
        let (safe, viewer) = (self.safe(office)?, self.confirmer(office)?);
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let run = select::draw_up(tx, &cx, &safe, no).await?;
                    let lines = store::lines(tx, &other.district, no, run.no).await?;
                    for line in lines.iter().filter(|line| line.borderline) {
                        select::open_line(tx, &other, no, line.app_no).await?;
                    }
                    select::confirm(tx, &other, &viewer, no).await.map(drop)
                })
            })
            .await
    }

    /// Who was chosen.
    async fn chosen(&self, no: i64) -> Outcome<Vec<Line>> {
        let district = self.book.code.clone();
        self.office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let Some(run) = store::run(tx, &district, no).await? else { return Ok(Vec::new()) };
                    let mut lines = store::lines(tx, &district, no, run.no).await?;
                    lines.retain(|line| line.outcome.has_seat());
                    Ok(lines)
                })
            })
            .await
    }

    async fn place(&self, office: &Office, no: i64, chosen: &[Line]) -> Outcome<()> {
        let (cx, chosen) = (self.cx(office, self.hands.clerk), chosen.to_vec());
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for line in chosen {
                        participate::place(tx, &cx, (no, line.app_no), &line.place).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn report(&self, office: &Office, no: i64, who: impl Iterator<Item = &Line> + Send, on: Date) -> Outcome<()> {
        let (cx, who): (_, Vec<i64>) = (self.cx(office, self.hands.clerk), who.map(|line| line.app_no).collect());
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for app_no in who {
                        participate::report_start(tx, &cx, (no, app_no), on).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Each start is confirmed by the second officer and enters the ledger.
    async fn confirm_starts(&self, office: &Office, no: i64, who: impl Iterator<Item = &Line> + Send) -> Outcome<()> {
        let (cx, who): (_, Vec<i64>) = (self.cx(office, self.hands.confirmer), who.map(|line| line.app_no).collect());
        let (safe, viewer, book) = (self.safe(office)?, self.confirmer(office)?, Arc::clone(self.book));
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for app_no in who {
                        participate::confirm_start(tx, &cx, &safe, &viewer, &book, (no, app_no)).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn give_up(&self, office: &Office, no: i64, who: &[Line]) -> Outcome<()> {
        let (cx, who) = (self.cx(office, self.hands.clerk), who.to_vec());
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for line in who {
                        participate::give_up(tx, &cx, (no, line.app_no)).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Somebody stops before a month is full; the second officer confirms what the counting rule asks for.
    async fn leave(&self, office: &Office, no: i64, who: &Line, on: Date) -> Outcome<()> {
        let (cx, other) = (self.cx(office, self.hands.clerk), self.cx(office, self.hands.confirmer));
        let (viewer, book, app) = (self.confirmer(office)?, Arc::clone(self.book), (no, who.app_no));
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    participate::leave(tx, &cx, &book, app, on, "다른 일자리를 얻음").await?;
                    let leaf = store::participation_of(tx, &cx.district, app.0, app.1).await?.and_then(|it| it.leaf_id);
                    let waiting = iljari_ledger::store::staged_waiting(tx, &cx.district).await?;
                    let answers = |it: &iljari_ledger::model::Staged| {
                        it.correction.as_ref().is_some_and(|(answered, _)| Some(answered) == leaf.as_ref())
                    };
                    if let Some(staged) = waiting.iter().find(|it| answers(it)) {
                        iljari_ledger::record::confirm(tx, &other, &viewer, staged.id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Calls the next of a reserve list; her line comes back if she is asked and says yes.
    async fn call_next(&self, office: &Office, no: i64, place: &str, answers: bool) -> Outcome<Option<Line>> {
        let (cx, place) = (self.cx(office, self.hands.clerk), place.to_owned());
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let (offer, _) = match reserve::offer_next(tx, &cx, no, &place).await {
                        Err(stop) if stop.has("reserve-empty") => return Ok(None),
                        offered => offered?,
                    };
                    if !answers {
                        reserve::note_contact(tx, &cx, (no, offer.no), "전화", "받지 않음. 문자를 남김").await?;
                        return Ok(None);
                    }
                    reserve::note_contact(tx, &cx, (no, offer.no), "전화", "통화함. 하겠다고 함").await?;
                    reserve::answer(tx, &cx, (no, offer.no), true).await?;
                    let Some(run) = store::run(tx, &cx.district, no).await? else { return Ok(None) };
                    let lines = store::lines(tx, &cx.district, no, run.no).await?;
                    Ok(lines.into_iter().find(|line| line.app_no == offer.app_no))
                })
            })
            .await
    }
}

/// Every document that the rules ask for.
fn documents() -> Outcome<Vec<String>> {
    let rules = Rulebook::freeze(RULES)?.open()?;
    Ok(rules.facts.iter().map(|fact| fact.document.clone()).filter(|it| !it.is_empty()).collect())
}

/// A call that takes applications from this day on, for so many days.
fn terms(title: &str, first: Date, days: i64) -> Terms {
    let year = first.year();
    Terms {
        title: format!("{year}년 {title} 참여자 모집(예시)"),
        program: if title.contains("동행") { "나루 동행일자리" } else { "나루 공공근로" }.to_owned(),
        as_of_on: first.plus_days(-1),
        apply_first_on: first,
        apply_last_on: first.plus_days(days),
        result_on: first.plus_days(days + 3),
        work_first_on: first.plus_days(days + 7),
        work_last_on: Date::new(year.0, 12, 31).unwrap_or(first),
        objection_days: 7,
        answer_days: 2,
        wage_hourly: 10_320,
        hours: "하루 4시간, 주 5일".to_owned(),
        pay_note: "간식비, 주휴수당".to_owned(),
        documents: ["신청서", "개인정보 수집·이용 동의서", "구직등록확인증"].map(str::to_owned).to_vec(),
        body: "작업복과 도구는 구청에서 드립니다. 지어낸 구의 지어낸 모집입니다.".to_owned(),
        contact: "일자리정책과 02-000-0000(예시)".to_owned(),
    }
}

pub(crate) fn pools() -> Vec<Pool> {
    vec![
        Pool { name: "일반".to_owned(), age_min: None, age_max: None },
        Pool { name: "청년".to_owned(), age_min: Some(18), age_max: Some(39) },
    ]
}
