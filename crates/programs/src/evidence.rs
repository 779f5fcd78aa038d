//! Sealing and opening what is known of an applicant (증빙), and destroying it (파기).
//!
//! Owns: which text goes into the applicant's box, and the chore that destroys boxes after the objection
//! period. Does not own: keys (`people`). What a newcomer gets wrong: opening evidence to show a rank.
//! Ranks, item points and verdict codes lie beside it and outlive it.

use std::sync::Arc;

use iljari_base::{Actor, Date, DistrictCode, Outcome, Refusal};
use iljari_people::Cx;
use iljari_people::residents::{self, DestroyReason, Safe};
use iljari_store::Tx;
use iljari_web::Office;

use crate::application::{Application, ApplicationState, Evidence, Origin, Said};
use crate::selection::RunState;
use crate::{again, store};

fn context(it: &Application, origin: Origin) -> String {
    format!("program evidence {} {} {}", it.call_no, it.no, origin.as_str())
}

/// Seals what one origin says of an applicant, in the place of what it said before.
///
/// Refusals: those of `people::residents::seal_in` (`box-destroyed`, …).
pub async fn put(tx: &mut Tx, cx: &Cx, safe: &Safe, it: &Application, origin: Origin, said: &Said) -> Outcome<()> {
    let text = said.to_text();
    let sealed = residents::seal_in(tx, cx, safe, it.evidence_box, &context(it, origin), text.as_bytes()).await?;
    store::put_evidence(tx, &cx.district, (it.call_no, it.no), origin, sealed, (cx.actor, cx.now())).await
}

/// Opens all that is known of an applicant. Whoever shows it writes the access log.
///
/// Refusals: `evidence-destroyed`, and those of `people::residents::open_in`.
pub async fn open(tx: &mut Tx, cx: &Cx, safe: &Safe, it: &Application) -> Outcome<Evidence> {
    if it.destroyed_at.is_some() {
        let message = "이의신청 기간이 끝나 소득, 재산, 가족에 관한 자료는 없앴습니다. 점수와 순위는 남아 있습니다.";
        return Err(Refusal::new("evidence-destroyed", "고용정책 기본법 제13조의4", message).into());
    }
    let mut evidence = Evidence::default();
    for (origin, sealed) in store::evidence(tx, &cx.district, it.call_no, it.no).await? {
        let plain = residents::open_in(tx, cx, safe, it.evidence_box, &context(it, origin), &sealed).await?;
        let text = String::from_utf8_lossy(&plain);
        let Some(said) = Said::from_text(&text) else { continue };
        match origin {
            Origin::Declared => evidence.declared = said,
            Origin::LookUp => evidence.look_up = said,
            Origin::Document => evidence.document = said,
        }
    }
    let seen = store::documents(tx, &cx.district, it.call_no, it.no).await?;
    evidence.seen = seen.into_iter().map(|(document, ..)| document).collect();
    Ok(evidence)
}

/// Destroys an application's evidence. Doing it twice is no mistake.
pub async fn destroy(tx: &mut Tx, cx: &Cx, it: &Application, why: DestroyReason) -> Outcome<()> {
    residents::destroy_box(tx, cx, it.evidence_box, why).await?;
    store::note_destroyed(tx, &cx.district, it.call_no, it.no, cx.now()).await
}

/// Destroys the evidence of every call whose objection period is over and that no objection holds: neither one that
/// waits for its answer, nor one that was found right and waits for another result.
/// How many applications lost theirs.
pub async fn destroy_due(office: &Arc<Office>) -> Outcome<u64> {
    let today = office.clock.today();
    let due = office.store.read(move |tx| Box::pin(store::calls_past_objections(tx, today))).await?;
    let mut destroyed = 0_u64;
    for (district, call_no) in due {
        let cx = Cx::inside(office, Actor::System, district);
        destroyed = destroyed.saturating_add(
            office.store.write(move |tx| Box::pin(async move { destroy_of_call(tx, &cx, call_no).await })).await?,
        );
    }
    Ok(destroyed)
}

async fn destroy_of_call(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<u64> {
    let Some(run) = store::confirmed_run(tx, &cx.district, call_no).await? else { return Ok(0) };
    let over = matches!(run.state, RunState::Confirmed { objections_until, .. } if objections_until < cx.today());
    let objections = store::objections(tx, &cx.district, call_no).await?;
    let held =
        objections.iter().any(|objection| objection.open) || again::unsettled(&objections, &run).next().is_some();
    if held || !over {
        return Ok(0);
    }
    let mut destroyed = 0_u64;
    for it in store::applications(tx, &cx.district, call_no).await? {
        if it.destroyed_at.is_none() {
            let why = match it.state {
                ApplicationState::Withdrawn => DestroyReason::Withdrawn,
                _ => DestroyReason::ObjectionsOver,
            };
            destroy(tx, cx, &it, why).await?;
            destroyed = destroyed.saturating_add(1);
        }
    }
    store::empty_drafts(tx, &cx.district, call_no).await?;
    Ok(destroyed)
}

/// Empties the drafts of calls that take no applications any more; how many there were.
pub async fn empty_old_drafts(office: &Arc<Office>, district: &DistrictCode, today: Date) -> Outcome<u64> {
    let district = district.clone();
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut emptied = 0_u64;
                for call in store::calls(tx, &district).await? {
                    if call.terms.apply_last_on < today {
                        emptied = emptied.saturating_add(store::empty_drafts(tx, &district, call.no).await?);
                    }
                }
                Ok(emptied)
            })
        })
        .await
}
