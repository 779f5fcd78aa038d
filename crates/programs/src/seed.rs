//! The demo's calls (시연자료): one whose selection is over and whose people have begun, one that takes
//! applications today, one in draft. The district, the people and the points are invented (예시).
//!
//! Owns: what the demo's desks show. Does not own: any road of its own; every step is an act of the pages,
//! done by two invented officers. What a newcomer gets wrong: a story told at one instant. The weeks of the
//! first call lie behind it, so its acts are given a clock of their own.

use std::sync::Arc;

use iljari_base::{Actor, Date, FixedClock, Id, Outcome, Refusal, Stop};
use iljari_disclosure::plan::{Counting, District};
use iljari_people::Cx;
use iljari_people::residents::{NewResident, Safe};
use iljari_web::{Duty, Office, Viewer};

use crate::application::{Channel, Consent};
use crate::intake::{Filled, Head, Who};
use crate::model::{Pool, Terms, WorkPlace};
use crate::rulebook::Rulebook;
use crate::screen::Screened;
use crate::{call, intake, participate, screen, select, store};

/// The invented rules of the invented district.
const RULES: &str = include_str!("../../../rules/naru/public-works-2027.yaml");

/// How many days ago the first call began to take applications.
const BEGAN_DAYS_AGO: i64 = 23;

/// Names, days of birth, wishes and assets of the first call's applicants.
const FIRST: [(&str, &str, &str, &str); 8] = [
    ("가예시", "1961-03-02", "1-01", "50000000"),
    ("나예시", "1970-05-05", "1-01", "150000000"),
    ("다예시", "1975-07-07", "1-01", "250000000"),
    ("라예시", "1980-09-09", "1-01", "350000000"),
    ("마예시", "1985-11-11", "1-02", "350000000"),
    ("바예시", "1958-02-28", "1-02", "90000000"),
    ("사예시", "1966-12-01", "1-02", "520000000"),
    ("아예시", "2000-01-01", "2-01", "0"),
];

/// The same of the call that is open today.
const SECOND: [(&str, &str, &str, &str); 3] = [
    ("자예시", "1963-04-14", "1-01", "120000000"),
    ("차예시", "1972-08-30", "1-02", "80000000"),
    ("카예시", "1999-06-06", "2-01", "0"),
];

/// Publishes the two calls. Where the invented plan or its rules do not reach these days, there are none.
pub async fn invented_calls(office: &Office, book: &Arc<District>, writer: Actor, checker: Actor) -> Outcome<()> {
    if !office.demo {
        return Err(Refusal::new("not-a-demo", "", "시연에서만 쓸 수 있습니다.").into());
    }
    let story = Story { office, book, writer, checker, node: counted_singly(book, office.clock.today()) };
    match story.told().await {
        // A refusal means that the calendar does not fit the invented plan, as in the first weeks of a year.
        Err(Stop::Refused(_)) => Ok(()),
        told => told,
    }
}

/// The first unit project that counts people one by one this year.
fn counted_singly(book: &District, today: Date) -> Option<String> {
    let plan = book.tree_in_force(today.year())?;
    let found = plan.nodes.iter().find(|node| plan.counting(&node.id, today.year()) == Some(Counting::Individual))?;
    Some(found.id.clone())
}

struct Story<'s> {
    office: &'s Office,
    book: &'s Arc<District>,
    writer: Actor,
    checker: Actor,
    node: Option<String>,
}

impl Story<'_> {
    async fn told(&self) -> Outcome<()> {
        let today = self.office.clock.today();
        let began = today.plus_days(-BEGAN_DAYS_AGO);
        if self.node.is_none() || began.year() != today.year() {
            return Ok(());
        }
        let clock = Arc::new(FixedClock::at(began.plus_days(-1).at_hour(10)));
        let then = Office { clock: clock.clone(), ..self.office.clone() };
        let first = self.publish(&then, terms("하반기 나루 공공근로", began, 9)).await?;
        clock.set(began.at_hour(10));
        let seen = documents()?;
        for (nth, person) in (1..).zip(FIRST) {
            self.take_in(&then, first, person).await?;
            self.screen(&then, first, nth, &seen).await?;
        }
        clock.set(began.plus_days(11).at_hour(10));
        self.select(&then, first).await?;
        clock.set(began.plus_days(16).at_hour(18));
        self.begin(&then, first, began.plus_days(16)).await?;

        let second = self.publish(self.office, terms("연말 나루 공공근로", today, 12)).await?;
        for person in SECOND {
            self.take_in(self.office, second, person).await?;
        }
        self.screen(self.office, second, 1, &seen).await?;
        self.draft(self.office, terms("설맞이 나루 공공근로", today.plus_days(5), 9)).await.map(drop)
    }

    fn cx(&self, office: &Office, actor: Actor) -> Cx {
        Cx::inside(office, actor, self.book.code.clone())
    }

    /// The officer as the acts that take two people want to know her.
    fn viewer(&self, office: &Office, actor: Actor) -> Outcome<Viewer> {
        let Actor::Officer(officer) = actor else {
            return Err(Refusal::new("no-officer", "", "시연 담당자가 없습니다.").into());
        };
        Ok(Viewer {
            officer,
            name: String::new(),
            district: self.book.code.clone(),
            department: String::new(),
            duties: vec![Duty::Record, Duty::Confirm],
            session: Id::fresh(office.clock.as_ref(), office.entropy.as_ref()),
        })
    }

    fn safe(&self, office: &Office) -> Outcome<Safe> {
        Ok(Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?)
    }

    /// Drafts a call and gives it places.
    async fn draft(&self, office: &Office, terms: Terms) -> Outcome<i64> {
        let (cx, rules) = (self.cx(office, self.writer), Rulebook::freeze(RULES)?);
        let places = places(self.node.as_deref().unwrap_or_default())?;
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
    async fn publish(&self, office: &Office, terms: Terms) -> Outcome<i64> {
        let (cx, other) = (self.cx(office, self.writer), self.cx(office, self.checker));
        let (viewer, book) = (self.viewer(office, self.checker)?, Arc::clone(self.book));
        let no = self.draft(office, terms).await?;
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

    async fn take_in(&self, office: &Office, call_no: i64, person: (&str, &str, &str, &str)) -> Outcome<()> {
        let (cx, safe, filled) = (self.cx(office, self.writer), self.safe(office)?, filled(person)?);
        let taken = office
            .store
            .write(move |tx| Box::pin(async move { intake::submit(tx, &cx, &safe, call_no, filled).await }))
            .await;
        taken.map(drop)
    }

    /// Screens an application: every document of the rules was seen.
    async fn screen(&self, office: &Office, call_no: i64, app_no: i64, seen: &[String]) -> Outcome<()> {
        let (cx, safe) = (self.cx(office, self.writer), self.safe(office)?);
        let screened = Screened { seen: seen.to_vec(), read: Vec::new(), instead: None };
        let judged = office
            .store
            .write(move |tx| Box::pin(async move { screen::decide(tx, &cx, &safe, (call_no, app_no), screened).await }))
            .await;
        judged.map(drop)
    }

    /// Draws up the ranking, opens every line as the second officer, confirms.
    async fn select(&self, office: &Office, call_no: i64) -> Outcome<()> {
        let (cx, safe, other) = (self.cx(office, self.writer), self.safe(office)?, self.cx(office, self.checker));
        let viewer = self.viewer(office, self.checker)?;
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let run = select::draw_up(tx, &cx, &safe, call_no).await?;
                    for line in store::lines(tx, &other.district, call_no, run.no).await? {
                        select::open_line(tx, &other, call_no, line.app_no).await?;
                    }
                    select::confirm(tx, &other, &viewer, call_no).await.map(drop)
                })
            })
            .await
    }

    /// Everybody who was chosen begins; each start is confirmed by the second officer and enters the ledger.
    async fn begin(&self, office: &Office, call_no: i64, on: Date) -> Outcome<()> {
        let (cx, safe, other) = (self.cx(office, self.writer), self.safe(office)?, self.cx(office, self.checker));
        let (viewer, book) = (self.viewer(office, self.checker)?, Arc::clone(self.book));
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let Some(run) = store::run(tx, &cx.district, call_no).await? else { return Ok(()) };
                    for line in store::lines(tx, &cx.district, call_no, run.no).await? {
                        if !line.outcome.has_seat() {
                            continue;
                        }
                        let app = (call_no, line.app_no);
                        participate::place(tx, &cx, app, &line.place).await?;
                        participate::report_start(tx, &cx, app, on).await?;
                        participate::confirm_start(tx, &other, &safe, &viewer, &book, app).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Every document that the rules ask for.
fn documents() -> Outcome<Vec<String>> {
    let rules = Rulebook::freeze(RULES)?.open()?;
    Ok(rules.facts.into_iter().map(|fact| fact.document).filter(|it| !it.is_empty()).collect())
}

/// A call that takes applications from this day on, for so many days.
fn terms(title: &str, first: Date, days: i64) -> Terms {
    let year = first.year();
    Terms {
        title: format!("{year}년 {title} 참여자 모집(예시)"),
        program: "나루 공공근로".to_owned(),
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

fn places(node: &str) -> Outcome<Vec<WorkPlace>> {
    let node: iljari_disclosure::log::words::NodeId = node.parse().map_err(iljari_base::Failure::new)?;
    let place = |no: &str, name: &str, pool: &str, capacity: i64| WorkPlace {
        no: no.to_owned(),
        name: name.to_owned(),
        site: "갈대동 주민센터".to_owned(),
        dong: "갈대동".to_owned(),
        area: "디지털".to_owned(),
        pool: pool.to_owned(),
        node: node.clone(),
        capacity,
    };
    Ok(vec![
        place("1-01", "무인 발급기 도우미", "일반", 2),
        place("1-02", "전화기 교실 도우미", "일반", 1),
        place("2-01", "청년 디지털 도우미", "청년", 1),
    ])
}

/// What an invented applicant answers to the invented rules; only what she owns differs.
pub(crate) fn answers(assets: &str) -> Vec<(String, String)> {
    let answers = [
        ("나루구민", "예"),
        ("가구원수", "2"),
        ("가구소득", "1500000"),
        ("가구재산", assets),
        ("세대주", "예"),
        ("부양가족수", "1"),
        ("취약계층", "없음"),
        ("실업개월수", "7"),
        ("최근참여횟수", "0"),
    ];
    answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()
}

/// An application as a clerk would hand it in: everything answered, nothing optional agreed to.
fn filled((name, birth, wanted, assets): (&str, &str, &str, &str)) -> Outcome<Filled> {
    Ok(Filled {
        channel: Channel::Counter,
        dong: "갈대동".to_owned(),
        resident: NewResident {
            name: name.to_owned(),
            birth: birth.parse().map_err(iljari_base::Failure::new)?,
            phone: None,
            address_dong: Some("갈대동".to_owned()),
            contact_note: None,
        },
        who: Who::Unsaid,
        head: Head::Herself,
        wanted: wanted.to_owned(),
        facts: answers(assets),
        consents: vec![Consent::Select, Consent::LookUp],
        note: String::new(),
        draft: None,
    })
}
