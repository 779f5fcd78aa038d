//! `/office/calls/{no}/applications/{app}/job`: the paper that somebody takes home after her start (일자리 확인서):
//! which line of the public log is her job, and what opens it.
//!
//! Owns: the paper. Does not own: the receipt of the log, which `ledger` issues after the seal, nor the opening, which
//! lies sealed with her record. What a newcomer gets wrong: printing it for the file. It is hers; the office keeps no copy.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Failure, Outcome};
use iljari_disclosure::log::commitment::Opening;
use iljari_ledger::store as ledger;
use iljari_people::residents::Safe;
use iljari_people::{Access, ClientAddress, Cx, Whose, log_access};
use iljari_web::{DisplayPrefs, Office, PageError, Qr, Sample, Shell, Viewer, render};

use super::{frame, missing, number};
use crate::assigned::admit;
use crate::participate;
use crate::reserve::place_of;

#[derive(Template)]
#[template(path = "programs/job_paper.html")]
pub(super) struct Page {
    shell: Shell,
    title: String,
    heading: String,
    receipt: String,
    facts: Vec<(&'static str, String)>,
    leaf_id: String,
    /// Empty until the first seal that holds the line.
    receipt_href: String,
    verify_href: String,
    commitment: String,
    blinding: String,
    /// What the commitment stands for, by name.
    stands_for: Vec<(String, String)>,
    qr: Option<Qr>,
    back: String,
}

/// The page. 404 for somebody who has not started. Opening it opens what is sealed with her record, and that is
/// written down.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let at = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, at).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome: Outcome<_> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (call, seen) = participate::participation(tx, &cx, at.0, at.1).await?;
                let place = place_of(tx, &cx, at.0, &seen.place).await?;
                let entry = match &seen.leaf_id {
                    Some(leaf) => ledger::entry_of_leaf(tx, &cx.district, leaf).await?,
                    None => None,
                };
                let opening = participate::opening(tx, &cx, &safe, at).await?;
                log_access(tx, &cx, Access::to("일자리 확인서 보기", Whose::Receipt(call.receipt(at.1)))).await?;
                Ok((call, seen, place, entry, opening))
            })
        })
        .await;
    let (call, seen, place, entry, opening) = outcome.map_err(missing)?;
    let started_on = seen.started_on.filter(|_| seen.has_started()).ok_or(PageError::NotFound)?;
    let receipt = call.receipt(at.1);
    let back = format!("/office/calls/{}/work", at.0);
    let shell = frame(&prefs, &viewer, "일자리 확인서")
        .crumb(&call.terms.title, format!("/office/calls/{}", at.0))
        .crumb("배치와 참여", back.clone())
        .here("일자리 확인서");
    let home = format!("/districts/{}", viewer.district);
    let sealed_on = entry.as_ref().and_then(|entry| entry.sealed.as_ref()).map(|sealed| sealed.sealed_at.seoul_date());
    let mut facts = vec![
        ("사업", call.terms.program.clone()),
        ("일하는 곳", format!("{} {} ({})", place.no, place.name, place.site)),
        ("시작한 날", started_on.korean()),
    ];
    if let Some(entry) = &entry {
        facts.push(("기록한 때", entry.entered_at.korean()));
        facts.push((
            "봉인",
            sealed_on
                .map_or_else(|| "아직 봉인하지 않았습니다".to_owned(), |on| format!("{}에 봉인했습니다", on.korean())),
        ));
    }
    let opened = opening.map(|(blinding, content)| opened(&blinding, &content)).transpose()?;
    let leaf_id = entry.as_ref().map(|entry| entry.leaf_id.clone()).unwrap_or_default();
    let (commitment, blinding, stands_for) = opened.unwrap_or_default();
    Ok(render(Page {
        shell,
        title: call.terms.title.clone(),
        heading: if leaf_id.is_empty() {
            "일을 시작했습니다. 이 자리의 일자리는 먼저 일한 분 때 이미 셌습니다".to_owned()
        } else {
            "일을 시작했고 일자리 하나가 장부에 적혔습니다".to_owned()
        },
        receipt_href: sealed_on.map(|_| format!("{home}/receipts/{leaf_id}")).unwrap_or_default(),
        verify_href: format!("{home}/verify"),
        qr: if blinding.is_empty() { None } else { Qr::of(&format!("{leaf_id} {blinding}")) },
        facts,
        receipt,
        leaf_id,
        commitment,
        blinding,
        stands_for,
        back,
    }))
}

/// The commitment, the blinding in hex, and what the commitment stands for.
type Opened = (String, String, Vec<(String, String)>);

fn opened(blinding: &[u8], content: &[u8]) -> Result<Opened, Failure> {
    let hidden: [u8; 32] = blinding.try_into().map_err(|_| Failure::new("a blinding is 32 bytes"))?;
    let commitment = Opening::new(hidden, content.to_vec()).commitment().to_string();
    let stands_for = pairs(content).ok_or_else(|| Failure::new("what a commitment stands for cannot be read"))?;
    Ok((commitment, hex::encode(hidden), stands_for))
}

/// Names and values out of their canonical bytes (`disclosure::log::commitment::content`).
fn pairs(content: &[u8]) -> Option<Vec<(String, String)>> {
    let (mut texts, mut rest) = (Vec::new(), content);
    while let [high, low, after @ ..] = rest {
        let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
        texts.push(std::str::from_utf8(text).ok()?.to_owned());
        rest = after;
    }
    let whole = rest.is_empty() && texts.len().is_multiple_of(2);
    whole
        .then(|| texts.chunks_exact(2).filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone()))).collect())
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |leaf: &str, sealed: bool| Page {
            shell: super::sample_shell("일자리 확인서"),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "일을 시작했고 일자리 하나가 장부에 적혔습니다".to_owned(),
            receipt: "27-003-0012".to_owned(),
            facts: vec![("시작한 날", "2027년 1월 11일(월)".to_owned())],
            leaf_id: leaf.to_owned(),
            receipt_href: if sealed { "/districts/99001/receipts/00".to_owned() } else { String::new() },
            verify_href: "/districts/99001/verify".to_owned(),
            commitment: if leaf.is_empty() { String::new() } else { "9f".repeat(32) },
            blinding: if leaf.is_empty() { String::new() } else { "07".repeat(32) },
            stands_for: vec![("receipt".to_owned(), "27-003-0012".to_owned())],
            qr: Qr::of(&"07".repeat(48)).filter(|_| !leaf.is_empty()),
            back: "/office/calls/3/work".to_owned(),
        };
        vec![page("", false), page(&"0a".repeat(16), false), page(&"0a".repeat(16), true)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_disclosure::log::commitment::content;

    #[test]
    fn what_is_printed_is_what_the_commitment_was_made_of() {
        let values = [("resident", "res_01"), ("receipt", "27-003-0012"), ("place", "3-01")];
        let bytes = content(&values).expect("canonical");
        let (commitment, blinding, stands_for) = opened(&[7; 32], &bytes).expect("opened");
        assert_eq!(commitment, Opening::new([7; 32], bytes.clone()).commitment().to_string());
        assert_eq!(blinding, "07".repeat(32));
        let told: Vec<(&str, &str)> = stands_for.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(told, values);
        assert!(pairs(&bytes[..bytes.len() - 1]).is_none(), "cut off");
        assert!(pairs(&[0, 1, b'a']).is_none(), "a name without a value");
    }
}
