//! Officers' pages of the ledger: dashboard, plan, numbers, confirmation, seals, disclosures.
//!
//! Owns: forms and tables. Does not own: any refusal or rule; the acts give those.

pub mod attributes;
pub mod channels;
pub mod dashboard;
pub mod disclosures;
pub mod drafts;
pub mod entries;
pub mod plan;
pub mod progress;
pub(crate) mod progress_rows;
pub mod record;
pub mod seals;
pub mod staged;
pub mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_base::id::{Id, Kind};
use iljari_base::quantity::grouped;
use iljari_base::{Actor, DistrictCode, Outcome, Refusal, Year};
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{District, Measure, ROOT};
use iljari_people::{ClientAddress, Cx, admin, logged};
use iljari_plans::Books;
use iljari_store::{Act, Tx};
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Viewer};

use crate::model::{Counted, Entry, Staged};
use crate::store;

/// Every officers' page of the ledger with each of its samples, for the wall.
pub fn samples() -> Vec<super::public::RenderedSample> {
    let mut all = Vec::new();
    rendered::<dashboard::Page>("dashboard", &mut all);
    rendered::<plan::Page>("plan", &mut all);
    rendered::<progress::Page>("progress", &mut all);
    rendered::<record::Page>("record", &mut all);
    rendered::<staged::ListPage>("staged", &mut all);
    rendered::<staged::OnePage>("staged-one", &mut all);
    rendered::<entries::ListPage>("entries", &mut all);
    rendered::<entries::OnePage>("entry", &mut all);
    rendered::<entries::CorrectPage>("correct", &mut all);
    rendered::<attributes::ListPage>("attributes", &mut all);
    rendered::<attributes::NewPage>("attributes-new", &mut all);
    rendered::<attributes::OnePage>("attributes-one", &mut all);
    rendered::<attributes::PreviewPage>("attributes-preview", &mut all);
    rendered::<seals::Page>("seals", &mut all);
    rendered::<disclosures::Page>("disclosures", &mut all);
    rendered::<drafts::Page>("drafts", &mut all);
    rendered::<watch::Page>("watch", &mut all);
    rendered::<channels::Page>("channels", &mut all);
    rendered::<channels::StrikePage>("channel-strike", &mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<super::public::RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}

/// The names behind actors (담당자 이름), for one page.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The district's officers by id.
    pub async fn read(tx: &mut Tx, district: &DistrictCode) -> Outcome<Self> {
        let officers = admin::officers(tx, district).await?;
        Ok(Self(officers.into_iter().map(|officer| (officer.id.to_string(), officer.name)).collect()))
    }

    /// Who that is, in words.
    pub fn of(&self, actor: Actor) -> String {
        match actor {
            Actor::Officer(id) => self.0.get(&id.to_string()).cloned().unwrap_or_else(|| "지난 담당자".to_owned()),
            Actor::Operator => "운영자 명령".to_owned(),
            Actor::System => "시스템".to_owned(),
            Actor::Demo => "시연자료".to_owned(),
        }
    }
}

/// The frame of an officer's page, with the number of things that wait.
async fn frame(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    title: &str,
    desk: Desk,
) -> Result<Shell, PageError> {
    let district = viewer.district.clone();
    let waiting = office
        .store
        .read(move |tx| Box::pin(async move { Ok(store::staged_waiting(tx, &district).await?.len()) }))
        .await?;
    let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
    Ok(Shell::office(prefs, viewer, title, desk).count(Desk::Staged, waiting).crumb("담당자", "/office").here(title))
}

/// The viewer's district as adopted.
async fn book(office: &Office, books: &Books, viewer: &Viewer) -> Result<Arc<District>, PageError> {
    books.of(&office.store, &viewer.district).await?.ok_or(PageError::NotFound)
}

/// The surroundings of an act of the ledger.
fn cx(office: &Office, viewer: &Viewer, address: &ClientAddress) -> Cx {
    Cx::of(office, viewer, address)
}

/// Decides on something that waits under this id: the act and its line of the access log in one transaction.
async fn decide<K, D>(
    office: &Office,
    viewer: &Viewer,
    address: &ClientAddress,
    id: &str,
    what: &'static str,
    act: D,
) -> Outcome<()>
where
    K: Kind + 'static,
    D: for<'t> FnOnce(&'t mut Tx, &'t Cx, &'t Viewer, Id<K>) -> Act<'t, ()> + Send + 'static,
{
    let Ok(id) = id.parse::<Id<K>>() else {
        return Err(Refusal::new("not-yours-to-see", "", "찾으시는 자료가 없습니다.").into());
    };
    let (cx, viewer) = (cx(office, viewer, address), viewer.clone());
    let decided = logged(
        office,
        cx,
        move |tx, cx| Box::pin(async move { act(tx, cx, &viewer, id).await }),
        move |()| format!("{what} {id}"),
    );
    decided.await
}

/// The name of a node in a year's tree; the root is the whole district.
fn node_name(book: &District, node: &str, year: Year) -> String {
    if node == ROOT {
        return format!("{} 전체", book.name);
    }
    book.node(node, year).map_or_else(|| node.to_owned(), |node| node.name.clone())
}

/// The counter of a unit: `개`, `명`, `건`.
fn counter(unit: Unit) -> &'static str {
    Measure::Count(unit).counter()
}

/// A number with its counter, plus or minus said in front: `+120개`, `−5개`.
fn change_text(amount: i64, unit: Unit) -> String {
    if amount < 0 {
        format!("−{}{}", grouped(amount.saturating_abs()), counter(unit))
    } else {
        format!("+{}{}", grouped(amount), counter(unit))
    }
}

/// One row of a table of numbers, waiting or entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberRow {
    /// Where the row leads; empty for nowhere.
    pub href: String,
    /// The node's name.
    pub name: String,
    /// `2025년 1~3월`.
    pub period: String,
    /// `+120개`.
    pub change: String,
    /// As typed: `누계 1,320`.
    pub as_typed: String,
    /// 부문.
    pub field: String,
    /// What it rests on.
    pub evidence: String,
    /// Who wrote it, who confirmed it.
    pub people: String,
    /// When.
    pub when: String,
    /// 정정, 내역 미상, 늦은 기재 … or nothing.
    pub marks: Vec<String>,
    /// Where it stands.
    pub state: String,
    /// Whether that needs somebody's care.
    pub needs_care: bool,
}

fn staged_row(book: &District, names: &Names, staged: &Staged) -> NumberRow {
    let counted = &staged.counted;
    NumberRow {
        href: format!("/office/staged/{}", staged.id),
        as_typed: staged.as_typed.clone(),
        evidence: staged.evidence_kind.label().to_owned(),
        people: names.of(staged.recorded_by),
        when: staged.recorded_at.korean(),
        marks: if staged.correction.is_some() { vec!["정정".to_owned()] } else { Vec::new() },
        state: staged.state.label().to_owned(),
        needs_care: staged.state == crate::model::StagedState::Waiting,
        ..counted_row(book, counted)
    }
}

fn entry_row(book: &District, names: &Names, entry: &Entry) -> NumberRow {
    let mut marks = Vec::new();
    if entry.answers.is_some() {
        marks.push("정정".to_owned());
    }
    if entry.counted.as_ref().is_some_and(|counted| counted.rest) {
        marks.push("내역 미상".to_owned());
    }
    if entry.is_late() {
        marks.push("늦은 기재".to_owned());
    }
    let base = entry.counted.as_ref().map(|counted| counted_row(book, counted)).unwrap_or_else(|| NumberRow {
        name: if entry.remark.is_empty() { entry.kind.label().to_owned() } else { entry.remark.clone() },
        period: "–".to_owned(),
        change: entry.kind.label().to_owned(),
        ..NumberRow::default()
    });
    NumberRow {
        href: format!("/office/entries/{}", entry.leaf_id),
        evidence: entry.counted.as_ref().map_or_else(String::new, |counted| counted.grade.to_string()),
        people: format!("{} → {}", names.of(entry.recorded_by), names.of(entry.confirmed_by)),
        when: entry.entered_at.korean(),
        marks,
        state: match entry.sealed {
            Some(sealed) => format!("{} 봉인", sealed.sealed_at.seoul_date().korean()),
            None => "봉인 전".to_owned(),
        },
        needs_care: entry.sealed.is_none(),
        ..base
    }
}

fn counted_row(book: &District, counted: &Counted) -> NumberRow {
    NumberRow {
        name: node_name(book, counted.node.as_str(), counted.year()),
        period: counted.period.korean(),
        change: change_text(counted.amount, counted.unit),
        field: counted.field.to_string(),
        ..NumberRow::default()
    }
}

/// A frame for samples: a signed-in officer of the invented district.
#[doc(hidden)]
pub(crate) fn sample_shell(title: &str, desk: Desk) -> Shell {
    let prefs = DisplayPrefs::sample();
    Shell::office(&prefs, &sample_viewer(), title, desk).crumb("담당자", "/office").here(title)
}

fn sample_viewer() -> Viewer {
    use iljari_base::{Clock as _, FixedClock, Id, SeededEntropy, Timestamp};
    let clock = FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000));
    let entropy = SeededEntropy::new("samples");
    let _ = clock.now();
    Viewer {
        officer: Id::fresh(&clock, &entropy),
        name: "한시범 (예시)".to_owned(),
        district: sample_district(),
        department: "일자리정책과".to_owned(),
        duties: iljari_web::Duty::ALL.to_vec(),
        session: Id::fresh(&clock, &entropy),
    }
}

#[expect(clippy::expect_used, reason = "a constant that is a code")]
fn sample_district() -> DistrictCode {
    "99001".parse().expect("five digits")
}

fn sample_row(nth: usize) -> NumberRow {
    NumberRow {
        href: format!("/office/staged/stg_{nth:026}"),
        name: "찾아가는 일자리센터 취업 연계와 어르신·장애인 맞춤 상담(예시)".to_owned(),
        period: "2026년 1~9월".to_owned(),
        change: "+12,345개".to_owned(),
        as_typed: "누계 12,345".to_owned(),
        field: "직접일자리 창출".to_owned(),
        evidence: "근로계약서·출근부·고용보험 기록".to_owned(),
        people: "한시범 (예시) → 김보기 (예시)".to_owned(),
        when: "2026년 11월 5일(목) 14:03".to_owned(),
        marks: vec!["정정".to_owned(), "늦은 기재".to_owned()],
        state: "확인 대기".to_owned(),
        needs_care: nth.is_multiple_of(2),
    }
}
