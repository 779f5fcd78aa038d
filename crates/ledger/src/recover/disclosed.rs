//! A lost disclosure comes back from its published bundle (공시 되찾기).
//!
//! Owns: finding the bundle that a leaf speaks of and showing that these data make the same documents again. Does not
//! own: a bundle's bytes. What a newcomer gets wrong: keeping what a bundle says without asking. Its documents are those
//! of the leaf only where their list has the hash that was sealed, and the tables in it follow from the leaves.

use iljari_base::id::Id;
use iljari_base::{Outcome, Refusal, Stop, Year};
use iljari_disclosure::bundle::{self, Bundle, DOCUMENTS, DOCUMENTS_SHA256};
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::log::note::Signer;
use iljari_disclosure::log::tree::Hash;
use iljari_disclosure::suppress::Screened;
use iljari_people::Cx;
use iljari_store::Tx;

use super::published::Published;
use crate::disclose::{Frozen, Kept, documents_at, signer_of};
use crate::documents::facts::{self, Disclosed, Place};
use crate::documents::files::Files;
use crate::model::{Disclosure, Seal};
use crate::store;

/// What stands in the place of the approval, which is in the documents and in no leaf.
const UNKNOWN_APPROVAL: &str = "공개한 묶음에서 되찾은 공시입니다. 공시한 날과 결재는 공시 문서에 적혀 있습니다.";

/// Enters the disclosures again whose leaves came back; their numbers.
pub(super) async fn take_back(
    tx: &mut Tx,
    cx: &Cx,
    missing: &[Leaf],
    lines: &[Vec<u8>],
    published: &Published,
    (signers, is_demo): (&[Signer], bool),
) -> Outcome<Vec<i64>> {
    let mut numbers = Vec::new();
    for leaf in missing {
        let Body::Disclosure { year, no: year_no, size, docs, corrects, .. } = leaf.body() else { continue };
        let listed = |bundle: &&Bundle| bundle.get(DOCUMENTS_SHA256).is_some_and(|list| Hash::of(list) == *docs);
        let Some(bundle) = published.bundles.iter().find(listed) else {
            let message = format!(
                "{year}년 {year_no}번째 공시의 묶음이 공개 폴더의 disclosures에 없습니다. 묶음을 찾아 넣어 주세요."
            );
            return Err(Refusal::new("bundle-missing", "", message).into());
        };
        let earlier = store::disclosures(tx, &cx.district).await?;
        let corrects_no = match corrects {
            None => None,
            Some(of) => earlier.iter().find(|one| one.leaf_id == of.to_string()).map(|one| one.no),
        };
        let seals = store::seals(tx, &cx.district).await?;
        let first = seals.iter().find(|seal| u64::try_from(seal.size) == Ok(*size));
        let entry = store::entry_of_leaf(tx, &cx.district, &leaf.id().to_string()).await?;
        let second_no = entry.and_then(|entry| entry.sealed).map(|sealed| sealed.seal_no);
        let second = seals.iter().find(|seal| Some(seal.no) == second_no);
        let (Some(first), Some(second)) = (first, second) else { return Err(other(*year, *year_no)) };
        let of_second = lines.get(..usize::try_from(second.size).unwrap_or(usize::MAX)).unwrap_or(lines);
        let signer = signer_of(of_second, second, signers).ok_or_else(crate::seal::other_key)?;
        let wanted = Wanted { year: *year, year_no: *year_no, docs: *docs, first, bundle, is_demo };
        let (books_seq, tables) = made_again(tx, cx, &wanted, signer).await?;
        let disclosure = Disclosure {
            id: Id::fresh(&*cx.clock, &*cx.entropy),
            no: i64::try_from(earlier.len()).unwrap_or(i64::MAX).saturating_add(1),
            year: *year,
            leaf_id: leaf.id().to_string(),
            first_seal: first.no,
            books_seq,
            corrects_no,
            approval_no: String::new(),
            approval_on: None,
            remark: UNKNOWN_APPROVAL.to_owned(),
            disclosed_by: cx.actor,
            disclosed_at: cx.now(),
        };
        store::insert_disclosure(tx, &cx.district, &disclosure).await?;
        for table in &tables {
            store::insert_disclosed_table(tx, &cx.district, disclosure.no, table, cx.now()).await?;
        }
        store::insert_documents(tx, &cx.district, disclosure.no, &kept(bundle), cx.now()).await?;
        numbers.push(disclosure.no);
    }
    Ok(numbers)
}

/// A disclosure that is to be made again.
struct Wanted<'w> {
    year: Year,
    year_no: i64,
    docs: Hash,
    first: &'w Seal,
    bundle: &'w Bundle,
    is_demo: bool,
}

/// The documents of a bundle that do not follow from the log.
fn kept(bundle: &Bundle) -> Files {
    let computed = |path: &str| {
        [bundle::TOTALS_CSV, bundle::TOTALS_JSON, bundle::DICTIONARY_CSV, bundle::TREE_CSV].contains(&path)
            || path.starts_with(bundle::PLANS)
            || path.starts_with(bundle::ATTRIBUTES)
    };
    let others = bundle.iter().filter(|(path, _)| path.starts_with(DOCUMENTS) && !computed(path));
    others.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

/// With which plan files and which tables by personal attributes these data make the very documents that were sealed.
async fn made_again(tx: &mut Tx, cx: &Cx, wanted: &Wanted<'_>, signer: &Signer) -> Outcome<(i64, Vec<Screened>)> {
    let newest = iljari_plans::store::newest_seq(tx, &cx.district).await?;
    let has_tables = wanted.bundle.keys().any(|path| path.starts_with(bundle::ATTRIBUTES));
    for books_seq in (1..=newest).rev() {
        // Hidden numbers are in no bundle: they must still be here, and are hidden anew as they were.
        let tables = match has_tables {
            true => screened(tx, cx, wanted, books_seq, signer).await,
            false => Ok(Vec::new()),
        };
        let made = match tables {
            Ok(tables) => {
                let at = Frozen { year: wanted.year, year_no: wanted.year_no, first: wanted.first, books_seq };
                let kept = Kept { others: kept(wanted.bundle), tables: &tables };
                documents_at(tx, &cx.district, at, kept, signer).await.map(|(documents, _)| (documents.hash(), tables))
            }
            Err(stop) => Err(stop),
        };
        match made {
            Ok((docs, tables)) if docs == wanted.docs => return Ok((books_seq, tables)),
            // By these plan files the leaves make other documents, or none at all.
            Ok(_) | Err(Stop::Failed(_) | Stop::Inconsistent(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Err(other(wanted.year, wanted.year_no))
}

async fn screened(
    tx: &mut Tx,
    cx: &Cx,
    wanted: &Wanted<'_>,
    books_seq: i64,
    signer: &Signer,
) -> Outcome<Vec<Screened>> {
    let nobody_reads = Disclosed {
        no: 0,
        on: cx.today(),
        size: wanted.first.size,
        root: wanted.first.root.clone(),
        fingerprint: signer.verifier().fingerprint(),
        approval_no: String::new(),
        approval_on: None,
        remark: String::new(),
    };
    let place = Place { district: &cx.district, year: wanted.year, is_demo: wanted.is_demo, corrects: None };
    Ok(facts::frozen(tx, nobody_reads, &place, wanted.first, books_seq).await?.screened)
}

fn other(year: Year, no: i64) -> Stop {
    Refusal::new(
        "disclosure-differs",
        "",
        format!(
            "{year}년 {no}번째 공시의 묶음을 이 자료로 똑같이 다시 만들 수 없습니다. 백업 뒤에 채택한 계획 파일이나 확인한 개인 속성 집계가 빠졌는지 보고, 그것을 먼저 넣어 주세요."
        ),
    )
    .into()
}
