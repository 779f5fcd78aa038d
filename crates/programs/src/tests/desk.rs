//! An office of the invented district with a clerk, a confirmer and one who holds both duties.

use std::sync::Arc;

use iljari_base::{Actor, Date, DistrictCode, FixedClock, Id, Outcome, SeededEntropy, Stop, Timestamp};
use iljari_disclosure::plan::District;
use iljari_ledger::adopt::{NewFile, adopt};
use iljari_people::{Cx, OfficeGate, SeedOfficer, admin, seed};
use iljari_plans::Books;
use iljari_plans::store::{DistrictRow, put_district};
use iljari_store::{Act, Store, Tx};
use iljari_web::{Duty, Office, Viewer};
use tempfile::TempDir;

use iljari_people::residents::{NewResident, Safe};
use iljari_rules::Outcome as Verdict;
use iljari_sheets::{Cell, CellRef, Grid, Row, Sheet, Value};

use crate::application::{Channel, Consent};
use crate::calendar::Due;
use crate::intake::{Filled, Head, Received, Who};
use crate::judge::Judged;
use crate::model::{Pool, Terms, WorkPlace};
use crate::rulebook::Rulebook;
use crate::screen::Screened;
use crate::seed::answers;
pub(super) use crate::seed::pools;
use crate::selection::{Line, Run};
use crate::{call, intake, participate, screen, select, store};

/// The office on 20 November 2026; work of its call begins on 30 November.
pub(super) struct Desk {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    pub code: DistrictCode,
    pub book: Arc<District>,
    /// 작성.
    pub clerk: Viewer,
    /// 확인.
    pub checker: Viewer,
    /// 작성 and 확인.
    pub both: Viewer,
    _folder: TempDir,
}

const FILES: [(&str, Option<&str>, &str, &str); 3] = [
    ("구", None, "district.yaml", include_str!("../../../../districts/naru/district.yaml")),
    ("종합계획", Some("종합-2023"), "term-2023.yaml", include_str!("../../../../districts/naru/term-2023.yaml")),
    ("연차계획", Some("연차-2026"), "year-2026.yaml", include_str!("../../../../districts/naru/year-2026.yaml")),
];

/// The invented rules.
pub(super) const RULES: &str = include_str!("../../../../rules/naru/public-works-2027.yaml");

pub(super) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A call that takes applications from 21 to 27 November 2026.
pub(super) fn terms() -> Terms {
    Terms {
        title: "2026년 하반기 나루 공공근로 참여자 모집(예시)".to_owned(),
        program: "나루 공공근로".to_owned(),
        as_of_on: day("2026-11-20"),
        apply_first_on: day("2026-11-21"),
        apply_last_on: day("2026-11-27"),
        result_on: day("2026-11-29"),
        work_first_on: day("2026-11-30"),
        work_last_on: day("2026-12-31"),
        objection_days: 7,
        answer_days: 2,
        wage_hourly: 10_320,
        hours: "하루 4시간, 주 5일".to_owned(),
        pay_note: "간식비, 주휴수당".to_owned(),
        documents: vec!["신청서".to_owned(), "구직등록확인증".to_owned()],
        body: "작업복과 도구는 구청에서 드립니다.".to_owned(),
        contact: "일자리정책과 02-000-0000(예시)".to_owned(),
    }
}

/// Three places: two seats, one seat, one for the young.
pub(super) fn places() -> Vec<WorkPlace> {
    let place = |no: &str, name: &str, pool: &str, capacity: i64| WorkPlace {
        no: no.to_owned(),
        name: name.to_owned(),
        site: "나루1동 주민센터".to_owned(),
        dong: "나루1동".to_owned(),
        area: "디지털".to_owned(),
        pool: pool.to_owned(),
        node: "1-1-1-3".parse().expect("a node"),
        capacity,
    };
    vec![
        place("1-01", "무인 발급기 도우미", "일반", 2),
        place("1-02", "전화기 교실 도우미", "일반", 1),
        place("2-01", "청년 디지털 도우미", "청년", 1),
    ]
}

impl Desk {
    pub(super) async fn on(store: Store) -> Self {
        Self::at(store, day("2026-11-20").at_hour(12), "programs").await
    }

    /// An office of another day, and with other chances.
    pub(super) async fn at(store: Store, when: Timestamp, chance: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(FixedClock::at(when));
        let office = Arc::new(Office {
            gate: Arc::new(OfficeGate::new(store.clone())),
            store,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(chance)),
            demo: true,
            published: folder.path().join("published"),
            keys: folder.path().join("keys"),
        });
        let code: DistrictCode = "99001".parse().expect("a code");
        let cx = Cx::inside(&office, Actor::Demo, code.clone());
        let row = DistrictRow { code: code.clone(), name: "나루구".to_owned(), is_sample: true };
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    put_district(tx, &row, cx.now()).await?;
                    for (kind, reference, file_name, body) in FILES {
                        let file = NewFile {
                            kind: kind.to_owned(),
                            reference: reference.map(|name| name.parse().expect("a name")),
                            file_name: file_name.to_owned(),
                            body: body.as_bytes().to_vec(),
                        };
                        adopt(tx, &cx, file).await?;
                    }
                    admin::put_departments(tx, &cx, &[("과".to_owned(), "일자리정책과".to_owned())]).await
                })
            })
            .await
            .expect("adopted");
        let clerk = officer(&office, &code, "한시범", &[Duty::Record]).await;
        let checker = officer(&office, &code, "김보기", &[Duty::Confirm]).await;
        let both = officer(&office, &code, "홍예시", &[Duty::Record, Duty::Confirm]).await;
        let book = Books::new().of(&office.store, &code).await.expect("read").expect("a book");
        Self { office, clock, code, book, clerk, checker, both, _folder: folder }
    }

    /// The same office over a store that was opened anew: what a program finds that starts again.
    pub(super) async fn over(&mut self, store: Store) {
        self.office =
            Arc::new(Office { gate: Arc::new(OfficeGate::new(store.clone())), store, ..(*self.office).clone() });
        self.book = Books::new().of(&self.office.store, &self.code).await.expect("read").expect("a book");
    }

    pub(super) fn cx(&self, viewer: &Viewer) -> Cx {
        Cx::inside(&self.office, viewer.actor(), self.code.clone())
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        act: impl for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
    ) -> Outcome<T> {
        self.office.store.write(act).await
    }

    pub(super) async fn draft(&self, terms: Terms) -> Outcome<i64> {
        let cx = self.cx(&self.clerk);
        let rules = Rulebook::freeze(RULES)?;
        self.write(move |tx| Box::pin(async move { call::draft(tx, &cx, terms, rules).await })).await
    }

    pub(super) async fn set_places(&self, no: i64, pools: Vec<Pool>, places: Vec<WorkPlace>) -> Outcome<()> {
        let cx = self.cx(&self.clerk);
        self.write(move |tx| Box::pin(async move { call::set_places(tx, &cx, no, pools, places).await })).await
    }

    pub(super) async fn check(&self, by: &Viewer, no: i64) -> Outcome<()> {
        let (cx, book) = (self.cx(by), Arc::clone(&self.book));
        self.write(move |tx| Box::pin(async move { call::check(tx, &cx, &book, no).await })).await
    }

    pub(super) async fn publish(&self, by: &Viewer, no: i64) -> Outcome<()> {
        let (cx, viewer, book) = (self.cx(by), by.clone(), Arc::clone(&self.book));
        self.write(move |tx| Box::pin(async move { call::publish(tx, &cx, &viewer, &book, no).await })).await
    }

    /// A published call with its three places; 접수 is open.
    pub(super) async fn published(&self) -> i64 {
        let no = self.draft(terms()).await.expect("drafted");
        self.set_places(no, pools(), places()).await.expect("places");
        self.check(&self.clerk, no).await.expect("checked");
        self.publish(&self.checker, no).await.expect("published");
        self.clock.set(day("2026-11-23").at_hour(10));
        no
    }
}

impl Desk {
    /// 박시연, 감사.
    pub(super) async fn auditor(&self) -> Viewer {
        officer(&self.office, &self.code, "박시연", &[Duty::Audit]).await
    }

    /// Somebody with the duty 작성 in another department.
    pub(super) async fn elsewhere(&self, name: &str) -> Viewer {
        self.elsewhere_with(name, &[Duty::Record]).await
    }

    pub(super) async fn elsewhere_with(&self, name: &str, duties: &[Duty]) -> Viewer {
        let cx = self.cx(&self.clerk);
        let others = [("복지".to_owned(), "복지과".to_owned())];
        self.write(move |tx| Box::pin(async move { admin::put_departments(tx, &cx, &others).await }))
            .await
            .expect("there");
        in_department(&self.office, &self.code, name, "복지", duties).await
    }
}

async fn officer(office: &Office, code: &DistrictCode, name: &str, duties: &[Duty]) -> Viewer {
    in_department(office, code, name, "과", duties).await
}

async fn in_department(office: &Office, code: &DistrictCode, name: &str, department: &str, duties: &[Duty]) -> Viewer {
    let wanted = SeedOfficer {
        district: code.clone(),
        login: name.to_owned(),
        name: name.to_owned(),
        department: department.to_owned(),
        duties: duties.to_vec(),
        password: "나루터에서 만나요".to_owned(),
        totp_secret: vec![7; iljari_people::totp::SECRET_BYTES],
    };
    let id = seed(office, wanted).await.expect("an officer");
    Viewer {
        officer: id,
        name: name.to_owned(),
        district: code.clone(),
        department: "일자리정책과".to_owned(),
        duties: duties.to_vec(),
        session: Id::fresh(&*office.clock, &*office.entropy),
    }
}

/// The codes of every refusal, or `accepted`.
pub(super) fn codes<T>(outcome: &Outcome<T>) -> Vec<&str> {
    match outcome {
        Ok(_) => vec!["accepted"],
        Err(Stop::Refused(refusals)) => refusals.iter().map(|refusal| refusal.code).collect(),
        Err(Stop::Inconsistent(_)) => vec!["inconsistent"],
        Err(Stop::Failed(_)) => vec!["failed"],
    }
}

/// An application as a clerk would hand it in: everything answered, nothing optional agreed to.
pub(super) fn filled(name: &str, birth: &str, wanted: &str, assets: &str) -> Filled {
    Filled {
        channel: Channel::Counter,
        dong: "나루1동".to_owned(),
        resident: NewResident {
            name: name.to_owned(),
            birth: day(birth),
            phone: Some("010-0000-0000".to_owned()),
            address_dong: Some("나루1동".to_owned()),
            contact_note: None,
        },
        who: Who::Unsaid,
        head: Head::Herself,
        wanted: wanted.to_owned(),
        facts: answers(assets),
        consents: vec![Consent::Select, Consent::LookUp],
        note: String::new(),
        draft: None,
    }
}

impl Desk {
    pub(super) fn safe(&self) -> Safe {
        Safe::open(&self.office.keys, self.office.clock.as_ref(), self.office.entropy.as_ref()).expect("keys")
    }

    pub(super) async fn submit(&self, call_no: i64, filled: Filled) -> Outcome<Received> {
        let (cx, safe) = (self.cx(&self.clerk), self.safe());
        self.write(move |tx| Box::pin(async move { intake::submit(tx, &cx, &safe, call_no, filled).await })).await
    }

    /// Screens an application: every document of the rules was seen.
    pub(super) async fn screen(&self, call_no: i64, no: i64, instead: Option<(Verdict, String)>) -> Outcome<Judged> {
        let rules = Rulebook::freeze(RULES).expect("sound").open().expect("opens");
        let seen = rules.facts.iter().map(|fact| fact.document.clone()).filter(|it| !it.is_empty()).collect();
        let (cx, safe) = (self.cx(&self.clerk), self.safe());
        let screened = Screened { seen, read: Vec::new(), instead };
        self.write(move |tx| Box::pin(async move { screen::decide(tx, &cx, &safe, (call_no, no), screened).await }))
            .await
    }

    pub(super) async fn draw_up(&self, call_no: i64) -> Outcome<Run> {
        let (cx, safe) = (self.cx(&self.clerk), self.safe());
        self.write(move |tx| Box::pin(async move { select::draw_up(tx, &cx, &safe, call_no).await })).await
    }

    pub(super) async fn confirm(&self, by: &Viewer, call_no: i64) -> Outcome<Due> {
        let (cx, viewer) = (self.cx(by), by.clone());
        self.write(move |tx| Box::pin(async move { select::confirm(tx, &cx, &viewer, call_no).await })).await
    }

    /// Opens every borderline line as this officer.
    pub(super) async fn open_all(&self, by: &Viewer, call_no: i64) {
        let cx = self.cx(by);
        self.write(move |tx| {
            Box::pin(async move {
                let run = store::run(tx, &cx.district, call_no).await?.expect("a run");
                for line in store::lines(tx, &cx.district, call_no, run.no).await? {
                    select::open_line(tx, &cx, call_no, line.app_no).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("opened");
    }

    pub(super) async fn lines(&self, call_no: i64) -> Vec<Line> {
        let code = self.code.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let run = store::run(tx, &code, call_no).await?.expect("a run");
                store::lines(tx, &code, call_no, run.no).await
            })
        })
        .await
        .expect("lines")
    }

    /// Five people for 1-01 (two seats), one for the young; screened, drawn up, confirmed on 29 November.
    pub(super) async fn selected(&self) -> i64 {
        let no = self.published().await;
        for (name, birth, wanted, assets) in PEOPLE {
            self.submit(no, filled(name, birth, wanted, assets)).await.expect(name);
        }
        for app in 1..=i64::try_from(PEOPLE.len()).expect("few") {
            self.screen(no, app, None).await.expect("screened");
        }
        self.clock.set(day("2026-11-29").at_hour(9));
        self.draw_up(no).await.expect("drawn up");
        self.open_all(&self.checker, no).await;
        self.confirm(&self.checker, no).await.expect("confirmed");
        no
    }

    pub(super) async fn place(&self, call_no: i64, app: i64, place: &str) -> Outcome<()> {
        let (cx, place) = (self.cx(&self.clerk), place.to_owned());
        self.write(move |tx| Box::pin(async move { participate::place(tx, &cx, (call_no, app), &place).await })).await
    }

    pub(super) async fn report(&self, call_no: i64, app: i64, on: &str) -> Outcome<()> {
        let (cx, on) = (self.cx(&self.clerk), day(on));
        self.write(move |tx| Box::pin(async move { participate::report_start(tx, &cx, (call_no, app), on).await }))
            .await
    }

    pub(super) async fn start(&self, by: &Viewer, call_no: i64, app: i64) -> Outcome<Option<String>> {
        let (cx, viewer, book, safe) = (self.cx(by), by.clone(), Arc::clone(&self.book), self.safe());
        self.write(move |tx| {
            Box::pin(async move { participate::confirm_start(tx, &cx, &safe, &viewer, &book, (call_no, app)).await })
        })
        .await
    }

    pub(super) async fn leave(&self, call_no: i64, app: i64, on: &str, why: &str) -> Outcome<bool> {
        let (cx, book, on, why) = (self.cx(&self.clerk), Arc::clone(&self.book), day(on), why.to_owned());
        self.write(move |tx| {
            Box::pin(async move { participate::leave(tx, &cx, &book, (call_no, app), on, &why).await })
        })
        .await
    }

    /// What the ledger's totals say of the places' project in 2026.
    pub(super) async fn total(&self) -> i64 {
        let code = self.code.clone();
        let totals = self.write(move |tx| Box::pin(async move { iljari_ledger::store::totals(tx, &code).await })).await;
        let of_node = |(key, split): &(iljari_disclosure::log::totals::Key, iljari_disclosure::log::totals::Split)| {
            (key.node.as_str() == "1-1-1-3" && key.year.0 == 2026).then(|| split.total())
        };
        totals.expect("totals").iter().filter_map(of_node).sum()
    }
}

/// Names, births, wishes and assets: 24 points apart by assets, the last two equal.
pub(super) const PEOPLE: [(&str, &str, &str, &str); 6] = [
    ("이견본", "1961-03-02", "1-01", "50000000"),
    ("박시연", "1970-05-05", "1-01", "150000000"),
    ("최모형", "1975-07-07", "1-01", "250000000"),
    ("정시안", "1980-09-09", "1-01", "350000000"),
    ("오가상", "1985-11-11", "1-01", "350000000"),
    ("강표본", "2000-01-01", "2-01", "0"),
];

/// A sheet as lines of fields between `|`; digits alone are numbers.
pub(crate) fn grid(text: &str) -> Grid {
    let rows = text.lines().enumerate().map(|(number, line)| {
        let number = u32::try_from(number).expect("a row");
        let fields = line.split('|').map(str::trim).enumerate().filter(|(_, field)| !field.is_empty());
        let cells: Vec<Cell> = fields
            .map(|(column, field)| Cell {
                at: CellRef::new(number, u16::try_from(column).expect("a column")),
                value: field.parse().map_or_else(|_| Value::Text(field.to_owned()), Value::Integer),
                odd: Vec::new(),
            })
            .collect();
        Row { number, hidden: false, total: false, cells }
    });
    Grid { sheets: vec![Sheet { rows: rows.collect(), ..Sheet::default() }], ..Grid::default() }
}
