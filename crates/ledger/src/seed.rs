//! The demo's entries (시연자료): published results carried over, and a piece of an invented year.
//!
//! Owns: the only road on which an entry is made without a second person, open in a demo only.
//! Does not own: the results; they stand in the districts' files with their sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_base::id::Id;
use iljari_base::{Actor, Date, DistrictCode, Failure, FixedClock, Outcome, Refusal, Timestamp, Year};
use iljari_disclosure::log::words::{Attribute, Grade, Unit, Why};
use iljari_disclosure::plan::{self, Counting, District};
use iljari_disclosure::suppress::Place;
use iljari_people::Cx;
use iljari_store::Tx;
use iljari_web::Office;

use crate::append::{self, Behind};
use crate::channel::{self, NewAnnouncement};
use crate::disclose::{self, Wish};
use crate::model::{AttributeSheet, Channel, Counted, EvidenceKind, SheetState, Staged, StagedState};
use crate::{seal, store};

fn demo_only(office: &Office) -> Outcome<()> {
    if office.demo {
        return Ok(());
    }
    Err(Refusal::new("not-a-demo", "", "시연에서만 쓸 수 있습니다.").into())
}

/// The same office on another day: an invented district's past is written when it would have been.
pub fn office_at(office: &Office, at: Timestamp) -> (Office, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(at));
    let past = Office {
        store: office.store.clone(),
        clock: clock.clone(),
        entropy: office.entropy.clone(),
        demo: office.demo,
        published: office.published.clone(),
        keys: office.keys.clone(),
        gate: office.gate.clone(),
    };
    (past, clock)
}

/// Enters what a district's files say was published, and seals it.
///
/// A real district's results come from the press: grade 보도, entered today, which is what happened.
/// An invented district's come from its departments: grade 집계, each entered and sealed some weeks
/// after its period ended, as an office would.
pub async fn published_results(office: &Office, book: &District) -> Outcome<()> {
    demo_only(office)?;
    let proposals = plan::results_to_counts(book);
    let today = office.clock.today();
    let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (place, proposal) in proposals.iter().enumerate() {
        let answered = proposal.correction.and_then(|(answered, _)| proposals.get(answered));
        let weeks = if answered.is_some() { CORRECTED_AFTER_DAYS } else { ENTERED_AFTER_DAYS };
        let day = proposal.period.day_after().map_or(today, |day| day.plus_days(weeks)).min(today);
        days.entry(if book.is_sample { day } else { today }).or_default().push(place);
    }
    let kind = if book.is_sample { EvidenceKind::DepartmentSum } else { EvidenceKind::Press };
    let (past, clock) = office_at(office, office.clock.now());
    let mut leaf_ids: BTreeMap<usize, String> = BTreeMap::new();
    for (day, places) in days {
        clock.set(day.at_hour(10).min(office.clock.now()));
        let cx = Cx::inside(&past, Actor::Demo, book.code.clone());
        let (proposals, known) = (proposals.clone(), leaf_ids.clone());
        let entered = office
            .store
            .write(move |tx| Box::pin(async move { enter_all(tx, &cx, kind, &proposals, &places, known).await }))
            .await?;
        leaf_ids.extend(entered);
        seal::seal(&past, &book.code, Actor::Demo).await?;
    }
    Ok(())
}

/// How long after its period's end an invented department hands in its number.
const ENTERED_AFTER_DAYS: i64 = 20;
/// How long after its period's end a wrong number is noticed.
const CORRECTED_AFTER_DAYS: i64 = 75;

async fn enter_all(
    tx: &mut Tx,
    cx: &Cx,
    kind: EvidenceKind,
    proposals: &[plan::CountProposal],
    places: &[usize],
    mut leaf_ids: BTreeMap<usize, String>,
) -> Outcome<BTreeMap<usize, String>> {
    for place in places {
        let Some(proposal) = proposals.get(*place) else { continue };
        let counted = Counted {
            node: iljari_plans::tree::node_id(&proposal.node)?,
            period: proposal.period,
            field: proposal.field,
            unit: proposal.unit,
            amount: proposal.n,
            grade: kind.grade(),
            rest: proposal.rest,
        };
        let source = proposal.source.as_deref().map(|source| format!(" (출처 {source})")).unwrap_or_default();
        let remark = format!("{}{source}", proposal.as_printed);
        let behind = Behind { evidence_kind: kind.as_str(), remark: &remark, recorded_by: Actor::Demo };
        let entry = match proposal.correction {
            None => append::count(tx, cx, &counted, behind).await?,
            Some((answered, why)) => {
                let answered = leaf_ids
                    .get(&answered)
                    .cloned()
                    .ok_or_else(|| Failure::new("a proposed correction answers nothing before it"))?;
                append::correction(tx, cx, &answered, why, &counted, behind).await?
            }
        };
        leaf_ids.insert(*place, entry.leaf_id);
    }
    Ok(leaf_ids)
}

/// A disclosure, a correction and its disclosure, and two numbers that wait: something of every
/// state to look at. `writer` is the invented officer who wrote them.
pub async fn invented_year(office: &Office, district: &DistrictCode, writer: Actor) -> Outcome<()> {
    demo_only(office)?;
    let cx = Cx::inside(office, Actor::Demo, district.clone());
    let today = office.clock.today();
    let last_year = Year(today.year().0 - 1);
    let wish = |remark: &str, no: &str| Wish {
        year: last_year,
        approval_no: no.to_owned(),
        approval_on: Some(today),
        remark: remark.to_owned(),
    };
    let acting = cx.clone();
    office
        .store
        .write(move |tx| Box::pin(async move { attribute_tables(tx, &acting, writer, last_year).await }))
        .await?;
    disclose::disclose(office, &cx, wish("", "일자리정책과-1201 (예시)")).await?;
    let (acting, books) = (cx.clone(), iljari_plans::Books::new());
    office
        .store
        .write(move |tx| Box::pin(async move { correct_and_stage(tx, &acting, &books, writer, last_year).await }))
        .await?;
    let again =
        wish("같은 사람의 참여가 두 부서에서 함께 올라와 겹친 것을 뺐습니다 (예시)", "일자리정책과-1348 (예시)");
    disclose::disclose(office, &cx, again).await?;
    office.store.write(move |tx| Box::pin(async move { announce_both(tx, &cx, today).await })).await?;
    Ok(())
}

/// Where the invented district announced its disclosures; one line is wrong and struck.
async fn announce_both(tx: &mut Tx, cx: &Cx, today: Date) -> Outcome<()> {
    let lines = [
        (1, Channel::Website, "https://naru.example.kr/jobs/disclosure-1"),
        (1, Channel::Reis, "공시 게시판, 나루구 2025년 (예시)"),
        (1, Channel::Press, "나루신문 ‘강변 공원 문 열어’ (예시)"),
        (2, Channel::Website, "https://naru.example.kr/jobs/disclosure-2"),
        (2, Channel::Briefing, "나루구민회관 2층 강당 (예시)"),
    ];
    for (disclosure_no, channel, place) in lines {
        let new = NewAnnouncement { disclosure_no, channel, announced_on: today, place: place.to_owned() };
        let no = channel::announce(tx, cx, new).await?;
        if channel == Channel::Press {
            channel::strike(tx, cx, disclosure_no, no, "일자리 공시와 다른 일을 다룬 기사였습니다 (예시)").await?;
        }
    }
    Ok(())
}

/// An invented table by a personal attribute: node, attribute, items.
type InventedTable = (&'static str, Attribute, &'static [(&'static str, i64)]);

/// Of two unit projects and their program, beside the invented district's numbers of 2025. Two have small numbers.
const TABLES: [InventedTable; 6] = [
    ("1-1-2-1", Attribute::Sex, &[("남성", 28), ("여성", 39)]),
    ("1-1-2-1", Attribute::Age, &[("30~39세", 6), ("40~49세", 11), ("50~59세", 21), ("60세 이상", 27)]),
    ("1-1-2-2", Attribute::Sex, &[("남성", 23), ("여성", 34)]),
    ("1-1-2-2", Attribute::Age, &[("30~39세", 2), ("40~49세", 9), ("50~59세", 15), ("60세 이상", 31)]),
    ("1-1-2-2", Attribute::Priority, &[("저소득층", 14), ("장애인", 3), ("장기실업자", 8), ("해당 없음", 30)]),
    ("1-1-2", Attribute::Dong, &[("나루1동", 41), ("나루2동", 35), ("강변동", 29), ("솔밭동", 12), ("관외", 3)]),
];

/// Hands the invented tables in, as far as the numbers they are of are there.
async fn attribute_tables(tx: &mut Tx, cx: &Cx, writer: Actor, year: Year) -> Outcome<()> {
    let Some(book) = iljari_plans::Books::new().within(tx, &cx.district).await? else { return Ok(()) };
    let progress = crate::progress::progress(tx, &book).await?;
    for (node, attribute, items) in TABLES {
        let whole = progress.whole(node, year, Unit::Jobs, &[]).map_or(0, |split| split.total());
        if items.iter().map(|(_, n)| n).sum::<i64>() > whole {
            continue;
        }
        let place = Place { year, unit: Unit::Jobs, attribute, node: iljari_plans::tree::node_id(node)? };
        let sheet = AttributeSheet {
            id: Id::fresh(&*cx.clock, &*cx.entropy),
            place,
            items: items.iter().map(|(item, n)| ((*item).to_owned(), *n)).collect(),
            remark: "부서 취합표 (예시)".to_owned(),
            recorded_by: writer,
            recorded_at: cx.now(),
            state: SheetState::Confirmed { by: Actor::Demo, at: cx.now() },
        };
        store::insert_sheet(tx, &cx.district, &sheet).await?;
    }
    Ok(())
}

async fn correct_and_stage(
    tx: &mut Tx,
    cx: &Cx,
    books: &iljari_plans::Books,
    writer: Actor,
    last_year: Year,
) -> Outcome<()> {
    let book = books.within(tx, &cx.district).await?.ok_or_else(|| Failure::new("the demo's district has no book"))?;
    let entries = store::entries(tx, &cx.district).await?;
    let corrected = entries.iter().find_map(|entry| {
        let counted = entry.counted.clone().filter(|counted| counted.year() == last_year && counted.amount > 5)?;
        Some((entry.leaf_id.clone(), counted))
    });
    if let Some((leaf_id, counted)) = corrected {
        let counted = Counted { amount: -5, rest: false, ..counted };
        let remark = "같은 사람의 참여가 두 부서에서 함께 올라와 5건이 겹쳤습니다. 겹친 5건을 뺐습니다 (예시)";
        let behind = Behind { evidence_kind: EvidenceKind::DepartmentSum.as_str(), remark, recorded_by: writer };
        append::correction(tx, cx, &leaf_id, Why::Duplicate, &counted, behind).await?;
    }
    let this_month = cx.today().month();
    let Some(plan) = book.tree_in_force(this_month.year()) else { return Ok(()) };
    let Some(period) = iljari_base::Month::new(this_month.year().0, i8::max(1, this_month.of_year() - 1))
        .and_then(|last| iljari_base::Period::new(last, last))
    else {
        return Ok(());
    };
    let lowest = plan.program_level().unwrap_or(0);
    let countable = plan.nodes.iter().filter(|node| {
        node.level >= lowest && plan.counting(&node.id, this_month.year()) != Some(Counting::Individual)
    });
    for (nth, node) in countable.take(2).enumerate() {
        let amount = if nth == 0 { 24 } else { 11 };
        let staged = Staged {
            id: Id::fresh(&*cx.clock, &*cx.entropy),
            district: cx.district.clone(),
            counted: Counted {
                node: iljari_plans::tree::node_id(&node.id)?,
                period,
                field: plan.field(&node.id).unwrap_or(iljari_disclosure::log::words::Field::Unknown),
                unit: Unit::Jobs,
                amount,
                grade: Grade::Sum,
                rest: false,
            },
            as_typed: format!("당기 {amount}"),
            correction: None,
            evidence_kind: EvidenceKind::DepartmentSum,
            remark: "부서 취합표 (예시)".to_owned(),
            recorded_by: writer,
            recorded_at: cx.now(),
            state: StagedState::Waiting,
        };
        store::insert_staged(tx, &staged).await?;
    }
    Ok(())
}
