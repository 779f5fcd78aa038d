//! Stories of a collection round, told on both engines, and the reading of sheets, told on none.

mod board;
mod road;
mod rounds;
mod sheets;
mod statements;
mod weighing;

use std::sync::Arc;

use iljari_base::{Actor, Date, DistrictCode, FixedClock, Id, Month, Outcome, Period, SeededEntropy, Stop};
use iljari_disclosure::plan::District;
use iljari_ledger::adopt::{NewFile, adopt};
use iljari_ledger::record::{self, Counting, Figure, NewNumber, NodeFacts};
use iljari_ledger::store as ledger;
use iljari_people::{Cx, OfficeGate, SeedOfficer, admin, seed};
use iljari_plans::Books;
use iljari_plans::store::{DistrictRow, put_district};
use iljari_sheets::{Cell, CellRef, Grid, Part, Row, Sheet, Value};
use iljari_store::{Act, Store, Tx};
use iljari_web::{Duty, Office, Viewer};
use tempfile::TempDir;

use crate::hand_in::{HandedIn, hand_in};
use crate::model::{Ask, Round, SheetRow, Upload};
use crate::open_round::{RoundWanted, open_round};
use crate::submit::Submitted;
use crate::{apply, confirm, store, submit};

/// An office of the invented district with three people, on 20 November 2026, nothing counted yet.
pub(super) struct Desk {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    pub code: DistrictCode,
    pub book: Arc<District>,
    /// 작성.
    pub writer: Viewer,
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

impl Desk {
    pub(super) async fn on(store: Store) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(FixedClock::at(Date::new(2026, 11, 20).expect("a day").at_hour(12)));
        let office = Arc::new(Office {
            gate: Arc::new(OfficeGate::new(store.clone())),
            store,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new("collection")),
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
        let writer = officer(&office, &code, "한시범", &[Duty::Record]).await;
        let checker = officer(&office, &code, "김보기", &[Duty::Confirm]).await;
        let both = officer(&office, &code, "홍예시", &[Duty::Record, Duty::Confirm]).await;
        let book = Books::new().of(&office.store, &code).await.expect("read").expect("a book");
        Self { office, clock, code, book, writer, checker, both, _folder: folder }
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

    pub(super) async fn open(&self, wanted: RoundWanted) -> Outcome<Round> {
        let (cx, book) = (self.cx(&self.both), Arc::clone(&self.book));
        self.write(move |tx| Box::pin(async move { open_round(tx, &cx, &book, wanted).await })).await
    }

    /// Opens a round for October and gives it with what it asks.
    pub(super) async fn october(&self) -> (Round, Vec<Ask>) {
        let round = self.open(wanted()).await.expect("opened");
        let (code, no) = (self.code.clone(), round.no);
        let asks = self.write(move |tx| Box::pin(async move { store::asks(tx, &code, no).await })).await;
        (round, asks.expect("asks"))
    }

    pub(super) async fn hand_in(&self, round: &Round, parts: Vec<Part>) -> Outcome<HandedIn> {
        let (cx, no) = (self.cx(&self.writer), round.no);
        self.write(move |tx| Box::pin(async move { hand_in(tx, &cx, no, parts).await })).await
    }

    /// Hands in one sheet that is new.
    pub(super) async fn upload(&self, round: &Round, sheet: &str) -> i64 {
        match self.hand_in(round, vec![part("실적.csv", sheet)]).await.expect("taken in") {
            HandedIn::New(no) => no,
            HandedIn::Known(no) => panic!("already taken in as {no}"),
        }
    }

    pub(super) async fn submit(&self, upload: i64) -> Outcome<Submitted> {
        let (cx, book) = (self.cx(&self.writer), Arc::clone(&self.book));
        self.write(move |tx| Box::pin(async move { submit::submit(tx, &cx, &book, upload).await })).await
    }

    pub(super) async fn confirm(&self, by: &Viewer, upload: i64) -> Outcome<()> {
        let (cx, viewer) = (self.cx(by), by.clone());
        self.write(move |tx| Box::pin(async move { confirm::confirm(tx, &cx, &viewer, upload).await })).await
    }

    pub(super) async fn to_the_end(&self, upload: i64) {
        apply::to_the_end(&self.office, &self.code, upload).await.expect("applied");
    }

    pub(super) async fn rows(&self, upload: i64) -> Vec<SheetRow> {
        let code = self.code.clone();
        self.write(move |tx| Box::pin(async move { store::rows_of(tx, &code, upload).await })).await.expect("rows")
    }

    pub(super) async fn look(&self, upload: i64) -> Upload {
        let code = self.code.clone();
        let found = self.write(move |tx| Box::pin(async move { store::upload_of(tx, &code, upload).await })).await;
        found.expect("read").expect("an upload")
    }

    /// The kept-up total of a node in 2026, over its own entries.
    pub(super) async fn total(&self, node: &str) -> i64 {
        let code = self.code.clone();
        let totals = self.write(move |tx| Box::pin(async move { ledger::totals(tx, &code).await })).await;
        let totals = totals.expect("totals");
        let of_node = totals.iter().filter(|(key, _)| key.node.as_str() == node && key.year.0 == 2026);
        of_node.map(|(_, split)| split.total()).sum()
    }

    pub(super) async fn waiting(&self) -> usize {
        let code = self.code.clone();
        let waiting = self.write(move |tx| Box::pin(async move { ledger::staged_waiting(tx, &code).await })).await;
        waiting.expect("read").len()
    }

    /// A number that stands already: typed by one officer and confirmed by another.
    pub(super) async fn enter(&self, ask: &Ask, months: (i8, i8), amount: i64) {
        let (writing, checking, checker) = (self.cx(&self.writer), self.cx(&self.checker), self.checker.clone());
        let (facts, number): (NodeFacts, NewNumber) = (ask.facts(), own(ask, months, amount));
        self.write(move |tx| {
            Box::pin(async move {
                let id = record::record(tx, &writing, &facts, &number).await?;
                record::confirm(tx, &checking, &checker, id).await
            })
        })
        .await
        .expect("entered");
    }
}

pub(super) fn own(ask: &Ask, months: (i8, i8), amount: i64) -> NewNumber {
    crate::weigh::number(ask, period(months), Figure::Own(amount), "전화로 받은 수".to_owned())
}

pub(super) fn period((first, last): (i8, i8)) -> Period {
    let month = |month| Month::new(2026, month).expect("a month");
    Period::new(month(first), month(last)).expect("a period")
}

/// October 2026, due on 4 December.
pub(super) fn wanted() -> RoundWanted {
    RoundWanted {
        title: String::new(),
        period: period((10, 10)),
        deadline: Date::new(2026, 12, 4).expect("a day"),
        departments: None,
        approval_no: String::new(),
        approval_on: None,
        approval_remark: "과장님 결재를 기다립니다".to_owned(),
    }
}

/// The asks that a department fills in by hand.
pub(super) fn of<'a>(asks: &'a [Ask], department: &str) -> Vec<&'a Ask> {
    asks.iter().filter(|ask| ask.department == department && ask.counting == Counting::Sums).collect()
}

/// A sheet as lines of fields between `|`; digits alone are numbers, a first field 총계 marks a total row.
pub(super) fn grid(text: &str) -> Grid {
    let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(number, line)| {
        let number = u32::try_from(number).expect("a row");
        let fields = line.split('|').map(str::trim).enumerate().filter(|(_, field)| !field.is_empty());
        let cells: Vec<Cell> = fields
            .map(|(column, field)| Cell {
                at: CellRef::new(number, u16::try_from(column).expect("a column")),
                value: field.parse().map_or_else(|_| Value::Text(field.to_owned()), Value::Integer),
                odd: Vec::new(),
            })
            .collect();
        let total = cells.first().is_some_and(|cell| cell.words() == "총계");
        Row { number, hidden: false, total, cells }
    });
    Grid { sheets: vec![Sheet { rows: rows.collect(), ..Sheet::default() }], ..Grid::default() }
}

pub(super) fn part(name: &str, text: &str) -> Part {
    Part { name: name.to_owned(), bytes: text.as_bytes().to_vec(), grid: Ok(grid(text)) }
}

/// The heading of a collection sheet, in its usual order.
pub(super) const HEAD: &str = "사업 코드|사업명|당기|누계|실적 없음|사유";

async fn officer(office: &Office, code: &DistrictCode, name: &str, duties: &[Duty]) -> Viewer {
    let wanted = SeedOfficer {
        district: code.clone(),
        login: name.to_owned(),
        name: name.to_owned(),
        department: "과".to_owned(),
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

#[test]
fn every_page_stands_against_the_wall() {
    let samples = crate::pages::samples();
    assert!(samples.len() > 15);
    for (name, html) in samples {
        let html = html.expect("it renders");
        assert_eq!(iljari_web::check_html(&html), Vec::<String>::new(), "{name}");
    }
}
