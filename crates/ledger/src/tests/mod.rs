//! Stories of the office's acts, told on both engines: two people and a number, seals, disclosures.

mod acts;
mod attributes;
mod bank;
mod channels;
mod disclosed;
mod disclosures;
mod matrix;
mod numbers;
mod progress;
mod races;
mod recovered;
mod restored;
mod rotation;
mod seals;
mod statements;
mod waiting;
mod watch;
mod years;

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_base::{Actor, Date, DistrictCode, FixedClock, Id, Month, Outcome, Period, SeededEntropy, Stop};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_people::{Cx, OfficeGate, SeedOfficer, admin, seed};
use iljari_plans::store::{DistrictRow, put_district};
use iljari_store::{Act, Store, Tx};
use iljari_web::{Duty, Office, Viewer};
use tempfile::TempDir;

use crate::adopt::{NewFile, adopt};
use crate::model::{Entry, EvidenceKind, Staged};
use crate::record::{self, Counting, Figure, NewNumber, NodeFacts};
use crate::{seal, store};

/// An office of the invented district with three people, on 20 November 2026, nothing counted yet.
pub(super) struct Desk {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    pub code: DistrictCode,
    /// 작성.
    pub writer: Viewer,
    /// 확인.
    pub checker: Viewer,
    /// 작성 and 확인.
    pub both: Viewer,
    pub folder: TempDir,
}

const PLAN: &str = include_str!("../../../../districts/naru/term-2023.yaml");
const DISTRICT: &str = include_str!("../../../../districts/naru/district.yaml");

impl Desk {
    pub(super) async fn on(store: Store) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let day = Date::new(2026, 11, 20).expect("a day");
        let clock = Arc::new(FixedClock::at(day.at_hour(12)));
        let office = Arc::new(Office {
            gate: Arc::new(OfficeGate::new(store.clone())),
            store,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new("desk")),
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
                    let district = NewFile {
                        kind: "구".to_owned(),
                        reference: None,
                        file_name: "district.yaml".to_owned(),
                        body: DISTRICT.as_bytes().to_vec(),
                    };
                    adopt(tx, &cx, district).await?;
                    adopt(tx, &cx, plan_file(PLAN)).await?;
                    admin::put_departments(tx, &cx, &[("과".to_owned(), "일자리정책과".to_owned())]).await
                })
            })
            .await
            .expect("adopted");
        let writer = officer(&office, &code, "한시범", &[Duty::Record]).await;
        let checker = officer(&office, &code, "김보기", &[Duty::Confirm]).await;
        let both = officer(&office, &code, "홍예시", &[Duty::Record, Duty::Confirm]).await;
        Self { office, clock, code, writer, checker, both, folder }
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

    /// Writes a number down.
    pub(super) async fn record(&self, by: &Viewer, node: &str, months: (i8, i8), figure: Figure) -> Outcome<Staged> {
        self.record_as(by, &facts(node), number(2026, months, figure, "부서 취합표")).await
    }

    pub(super) async fn record_as(&self, by: &Viewer, facts: &NodeFacts, number: NewNumber) -> Outcome<Staged> {
        let (cx, facts) = (self.cx(by), facts.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let id = record::record(tx, &cx, &facts, &number).await?;
                Ok(store::staged_of(tx, &cx.district, id).await?.expect("just written"))
            })
        })
        .await
    }

    pub(super) async fn confirm(&self, by: &Viewer, staged: &Staged) -> Outcome<Entry> {
        let (cx, viewer, id) = (self.cx(by), by.clone(), staged.id);
        self.write(move |tx| Box::pin(async move { record::confirm(tx, &cx, &viewer, id).await })).await
    }

    /// Writes a number down and has it confirmed.
    pub(super) async fn enter(&self, node: &str, year: i16, months: (i8, i8), amount: i64) -> Entry {
        let staged = self
            .record_as(&self.writer, &facts(node), number(year, months, Figure::Own(amount), "부서 취합표"))
            .await
            .expect("written");
        self.confirm(&self.checker, &staged).await.expect("confirmed")
    }

    /// Corrects an entry and has that confirmed.
    pub(super) async fn correct(&self, leaf_id: &str, right: i64) -> Entry {
        let staged = self.stage_correction(leaf_id, right).await.expect("written");
        self.confirm(&self.checker, &staged).await.expect("confirmed")
    }

    pub(super) async fn stage_correction(&self, leaf_id: &str, right: i64) -> Outcome<Staged> {
        let (cx, leaf_id) = (self.cx(&self.writer), leaf_id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let why = iljari_disclosure::log::words::Why::Duplicate;
                let id = record::correct(tx, &cx, &leaf_id, right, why, "두 부서에서 함께 올라왔습니다").await?;
                Ok(store::staged_of(tx, &cx.district, id).await?.expect("just written"))
            })
        })
        .await
    }

    pub(super) async fn seal(&self) -> Outcome<Option<crate::model::Seal>> {
        seal::seal(&self.office, &self.code, Actor::System).await
    }

    /// The kept-up total of a node in a year, over its own entries.
    pub(super) async fn total(&self, node: &str, year: i16) -> i64 {
        let code = self.code.clone();
        let totals = self
            .office
            .store
            .read(move |tx| Box::pin(async move { store::totals(tx, &code).await }))
            .await
            .expect("totals");
        let of_node = totals.iter().filter(|(key, _)| key.node.as_str() == node && key.year.0 == year);
        of_node.map(|(_, split)| split.total()).sum()
    }

    pub(super) async fn entries(&self) -> Vec<Entry> {
        let code = self.code.clone();
        self.office
            .store
            .read(move |tx| Box::pin(async move { store::entries(tx, &code).await }))
            .await
            .expect("entries")
    }

    /// Every published file with its bytes.
    pub(super) fn published(&self) -> BTreeMap<String, Vec<u8>> {
        iljari_store::files::list(&self.office.published)
            .expect("listed")
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(&self.office.published).expect("below").to_string_lossy().into_owned();
                (name, std::fs::read(&path).expect("a file"))
            })
            .collect()
    }
}

/// The seed of a story under faults, said aloud; `ILJARI_FAULTS_SEED` tells another, or one that failed again.
pub(super) fn fault_seed(story: &str) -> SeededEntropy {
    let seed = std::env::var("ILJARI_FAULTS_SEED").unwrap_or_else(|_| "나루".to_owned());
    println!("{story}: ILJARI_FAULTS_SEED={seed}");
    SeededEntropy::new(&format!("{story} {seed}"))
}

/// How long a story under faults is told; `ILJARI_FAULTS_ROUNDS` tells it longer.
pub(super) fn fault_rounds(usual: usize) -> usize {
    std::env::var("ILJARI_FAULTS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

pub(super) fn plan_file(text: &str) -> NewFile {
    NewFile {
        kind: "종합계획".to_owned(),
        reference: Some("종합-2023".parse().expect("a name")),
        file_name: "term-2023.yaml".to_owned(),
        body: text.as_bytes().to_vec(),
    }
}

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

pub(super) fn facts(node: &str) -> NodeFacts {
    NodeFacts {
        node: node.parse().expect("a node"),
        name: "강변 환경지기".to_owned(),
        field: Some(Field::Direct),
        counting: Counting::Sums,
    }
}

pub(super) fn period(year: i16, (first, last): (i8, i8)) -> Period {
    let month = |month| Month::new(year, month).expect("a month");
    Period::new(month(first), month(last)).expect("a period")
}

pub(super) fn number(year: i16, months: (i8, i8), figure: Figure, remark: &str) -> NewNumber {
    NewNumber {
        period: period(year, months),
        unit: Unit::Jobs,
        figure,
        evidence_kind: EvidenceKind::DepartmentSum,
        remark: remark.to_owned(),
    }
}

/// The first refusal's code, `accepted`, or what broke.
pub(super) fn code_of<T>(outcome: &Outcome<T>) -> &str {
    match outcome {
        Ok(_) => "accepted",
        Err(Stop::Refused(refusals)) => refusals.first().map_or("", |refusal| refusal.code),
        Err(Stop::Inconsistent(_)) => "inconsistent",
        Err(Stop::Failed(_)) => "failed",
    }
}

#[test]
fn every_office_page_stands_against_the_wall() {
    let samples = crate::pages::office::samples();
    assert!(samples.len() > 25);
    for (name, html) in samples {
        let html = html.expect("it renders");
        assert_eq!(iljari_web::check_html(&html), Vec::<String>::new(), "{name}");
    }
}
