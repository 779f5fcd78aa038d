//! Disclosure (공시): a year's numbers, frozen, signed, and put where a stranger can check them.
//!
//! Owns: the order of a disclosure and building its bundle again from the database at any time.
//! Does not own: the bundle's format (`disclosure::bundle`), what a document says (`documents`). What a newcomer gets wrong: building
//! the bundle from what stands now. It is built from the log as it was at the first seal, so a
//! rebuilt bundle has the same bytes.
//!
//! ```text
//! seal C₁ → documents over C₁ → their list's hash in a disclosure leaf → seal C₂ → signed manifest
//!                                                     └ a crash from here on is finished by the next seal and `publish`
//! ```

use std::collections::BTreeSet;

use iljari_base::id::Id;
use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Date, DistrictCode, Failure, Inconsistency, Outcome, Refusal, Stop, Year};
use iljari_disclosure::bundle::{self, Bundle, BundleInputs, DocumentInputs, Documents, Heading};
use iljari_disclosure::log::leaf::{Body, Leaf, LeafId};
use iljari_disclosure::log::rollup::roll_up;
use iljari_disclosure::log::totals::fold;
use iljari_disclosure::log::{Checkpoint, Signer};
use iljari_disclosure::suppress::Screened;
use iljari_people::Cx;
use iljari_plans::{books, tree};
use iljari_store::Tx;
use iljari_web::Office;

use crate::append::{self, Behind};
use crate::documents::facts::{self, Disclosed, Facts, Place};
use crate::documents::files::{self, Files};
use crate::model::{Disclosure, Seal};
use crate::{attributes, publish, seal, store};

/// What an officer says when disclosing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The year to disclose.
    pub year: Year,
    /// 결재 문서번호; may be empty, then `remark` says why.
    pub approval_no: String,
    /// 결재 일자.
    pub approval_on: Option<Date>,
    /// Why there is no approval yet; for a correction, why the earlier one is corrected.
    pub remark: String,
}

/// Discloses a year (공시). A year that was disclosed before is disclosed again as its correction.
///
/// Refusals: `resident-number`, `future-year`, `approval-or-reason`, `approval-date`,
/// `correction-without-reason`, `nothing-counted`, `nothing-changed`, `disclosed-meanwhile`, `key-replaced-meanwhile`, and those
/// of the seal.
pub async fn disclose(office: &Office, cx: &Cx, wish: Wish) -> Outcome<Disclosure> {
    // Setting the documents takes its time, so it is done between two transactions.
    disclose_with(office, cx, wish, |facts| files::made(move || files::all(&facts).map(files::in_bundle))).await
}

/// The same with a setter of documents.
pub(crate) async fn disclose_with<F>(
    office: &Office,
    cx: &Cx,
    wish: Wish,
    set: impl FnOnce(Facts) -> F,
) -> Outcome<Disclosure>
where
    F: Future<Output = Result<Files, Failure>>,
{
    check(office, &wish)?;
    // Not yet what the form asks for: where the disclosure is refused below, the same form may come again.
    iljari_store::once::aside(seal::seal(office, &cx.district, cx.actor)).await?;
    let signer = seal::signer(office, &cx.district).await?;
    let (acting, wished, is_demo) = (cx.clone(), wish.clone(), office.demo);
    let fingerprint = signer.verifier().fingerprint();
    let ready = office
        .store
        .read(move |tx| Box::pin(async move { prepare(tx, &acting, &wished, is_demo, fingerprint).await }))
        .await?;
    let others = set(ready.facts.clone()).await?;
    let acting = cx.clone();
    let disclosure = office
        .store
        .write(move |tx| Box::pin(async move { enter(tx, &acting, wish, ready, others, &signer).await }))
        .await?;
    seal::seal(office, &cx.district, cx.actor).await?;
    publish::publish(office, &cx.district).await?;
    Ok(disclosure)
}

fn check(office: &Office, wish: &Wish) -> Outcome<()> {
    let mut faults = Vec::new();
    if looks_like_resident_number(&wish.remark) || looks_like_resident_number(&wish.approval_no) {
        faults.push(
            Refusal::new(
                "resident-number",
                "개인정보 보호법 제24조의2",
                "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.",
            )
            .at("remark"),
        );
    }
    if wish.year > office.clock.today().year() {
        faults.push(Refusal::new("future-year", "", format!("{}년은 아직 오지 않았습니다.", wish.year)).at("year"));
    }
    let approved = !wish.approval_no.trim().is_empty();
    if !approved && wish.remark.trim().chars().count() < 5 {
        faults.push(
            Refusal::new(
                "approval-or-reason",
                "",
                "결재 문서번호를 적거나, 아직 없다면 그 까닭을 다섯 글자 이상 적어 주세요.",
            )
            .at("remark"),
        );
    }
    if approved && wish.approval_on.is_none() {
        faults.push(Refusal::new("approval-date", "", "결재 일자를 적어 주세요.").at("approval_on"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Stop::Refused(faults)) }
}

/// A disclosure that was looked at and not refused: what it freezes and what its documents say.
pub(crate) struct Ready {
    first: Seal,
    books_seq: i64,
    year_no: i64,
    earlier: usize,
    corrected: Option<Disclosure>,
    /// What the documents are composed from.
    pub(crate) facts: Facts,
}

/// Looks at what would be disclosed; refuses what cannot be.
pub(crate) async fn prepare(tx: &mut Tx, cx: &Cx, wish: &Wish, is_demo: bool, fingerprint: String) -> Outcome<Ready> {
    let Some(first) = store::latest_seal(tx, &cx.district).await? else {
        return Err(nothing_counted(wish.year));
    };
    let earlier = store::disclosures(tx, &cx.district).await?;
    let corrected = earlier.iter().rev().find(|disclosure| disclosure.year == wish.year);
    if corrected.is_some() && wish.remark.trim().chars().count() < 5 {
        return Err(Refusal::new(
            "correction-without-reason",
            "",
            format!("{}년은 이미 공시했습니다. 다시 내는 까닭을 다섯 글자 이상 적어 주세요.", wish.year),
        )
        .at("remark")
        .into());
    }
    let books_seq = iljari_plans::store::newest_seq(tx, &cx.district).await?;
    let nth = earlier.iter().filter(|disclosure| disclosure.year == wish.year).count();
    let disclosed = Disclosed {
        no: next(earlier.len()),
        on: cx.today(),
        size: first.size,
        root: first.root.clone(),
        fingerprint,
        approval_no: wish.approval_no.trim().to_owned(),
        approval_on: wish.approval_on,
        remark: wish.remark.trim().to_owned(),
    };
    let place = Place { district: &cx.district, year: wish.year, is_demo, corrects: corrected };
    let facts = facts::frozen(tx, disclosed, &place, &first, books_seq).await?;
    if !facts.counts_anything() {
        return Err(nothing_counted(wish.year));
    }
    if facts.corrects.as_ref().is_some_and(|corrects| !corrects.differs) {
        return Err(Refusal::new(
            "nothing-changed",
            "",
            format!("{}년 공시에서 달라진 숫자가 없습니다. 정정이 확인된 뒤에 다시 내 주세요.", wish.year),
        )
        .into());
    }
    let corrected = corrected.cloned();
    Ok(Ready { first, books_seq, year_no: next(nth), earlier: earlier.len(), corrected, facts })
}

fn next(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1)
}

/// Enters the disclosure, its leaf and its documents; all or none.
///
/// Refusals: `disclosed-meanwhile`, `key-replaced-meanwhile`.
pub(crate) async fn enter(
    tx: &mut Tx,
    cx: &Cx,
    wish: Wish,
    ready: Ready,
    others: Files,
    signer: &Signer,
) -> Outcome<Disclosure> {
    let Ready { first, books_seq, year_no, earlier, corrected, facts } = ready;
    if store::disclosures(tx, &cx.district).await?.len() != earlier {
        return Err(Refusal::new(
            "disclosed-meanwhile",
            "",
            "문서를 만드는 사이에 다른 공시가 나갔습니다. 공시 목록을 본 뒤에 다시 눌러 주세요.",
        )
        .into());
    }
    if seal::named_key(tx, &cx.district).await?.is_some_and(|named| named != *signer.verifier()) {
        return Err(Refusal::new(
            "key-replaced-meanwhile",
            "",
            "문서를 만드는 사이에 서명 열쇠가 바뀌었습니다. 다시 눌러 주세요.",
        )
        .into());
    }
    let at = Frozen { year: wish.year, year_no, first: &first, books_seq };
    let kept = Kept { others: others.clone(), tables: &facts.screened };
    let (documents, head) = documents_at(tx, &cx.district, at, kept, signer).await?;
    let body = Body::Disclosure {
        year: wish.year,
        no: year_no,
        size: head.size,
        root: head.root,
        docs: documents.hash(),
        corrects: corrected.as_ref().map(|disclosure| leaf_id(&disclosure.leaf_id)).transpose()?,
    };
    let behind = Behind { evidence_kind: "", remark: "", recorded_by: cx.actor };
    let entry = append::note(tx, cx, body, behind).await?;
    let disclosure = Disclosure {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        no: next(earlier),
        year: wish.year,
        leaf_id: entry.leaf_id,
        first_seal: first.no,
        books_seq,
        corrects_no: corrected.map(|disclosure| disclosure.no),
        approval_no: wish.approval_no.trim().to_owned(),
        approval_on: wish.approval_on,
        remark: wish.remark.trim().to_owned(),
        disclosed_by: cx.actor,
        disclosed_at: cx.now(),
    };
    store::insert_disclosure(tx, &cx.district, &disclosure).await?;
    for table in &facts.screened {
        store::insert_disclosed_table(tx, &cx.district, disclosure.no, table, cx.now()).await?;
    }
    store::insert_documents(tx, &cx.district, disclosure.no, &others, disclosure.disclosed_at).await?;
    Ok(disclosure)
}

fn nothing_counted(year: Year) -> Stop {
    Refusal::new("nothing-counted", "", format!("{year}년에 확인된 실적이 없어 공시할 숫자가 없습니다."))
        .at("year")
        .into()
}

/// What a disclosure froze.
#[derive(Clone, Copy)]
pub(crate) struct Frozen<'f> {
    /// The disclosed year.
    pub(crate) year: Year,
    /// Which disclosure of that year.
    pub(crate) year_no: i64,
    /// C₁.
    pub(crate) first: &'f Seal,
    /// The newest adopted plan file.
    pub(crate) books_seq: i64,
}

/// What a disclosure has that does not follow from the log.
pub(crate) struct Kept<'k> {
    /// What people read, as it was made.
    pub(crate) others: Files,
    /// Tables by personal attributes, hidden as they were then.
    pub(crate) tables: &'k [Screened],
}

/// The documents over a seal: tables from the log and the plan files as they were then, and those
/// that people read as they were made.
pub(crate) async fn documents_at(
    tx: &mut Tx,
    district: &DistrictCode,
    at: Frozen<'_>,
    kept: Kept<'_>,
    signer: &Signer,
) -> Outcome<(Documents, Checkpoint)> {
    let Frozen { year, year_no, first, books_seq } = at;
    let Kept { mut others, tables } = kept;
    let head = head(first)?;
    let lines = store::leaf_lines(tx, district).await?;
    let size = usize::try_from(first.size).unwrap_or(usize::MAX);
    let leaves: Vec<Leaf> = lines.iter().take(size).map(|line| leaf(line)).collect::<Outcome<_>>()?;
    let book = books::as_of(tx, district, books_seq).await?;
    let years: BTreeSet<Year> =
        leaves.iter().filter_map(|leaf| leaf.slot().map(|slot| slot.year())).filter(|of| *of <= year).collect();
    let trees = tree::plan_tree(&book, &years)?;
    let plans: Vec<Vec<u8>> =
        iljari_plans::store::files(tx, district).await?.into_iter().map(|file| file.body).collect();
    let heading = Heading { origin: head.origin.clone(), district: district.clone(), year, no: year_no };
    let (totals, _) = fold(&leaves);
    let (lines, _) = roll_up(&totals, &trees, year);
    others.extend(bundle::attributes::files(&attributes::published(tables, &lines)));
    let inputs = DocumentInputs {
        heading: &heading,
        leaves: &leaves,
        first: &head,
        tree: &trees,
        plans: &plans,
        key: signer.verifier(),
        others,
    };
    let documents = bundle::documents(&inputs).map_err(|problems| told(&problems))?;
    Ok((documents, head))
}

/// Builds a disclosure's bundle again. `None` while its leaf waits for its seal.
pub(crate) async fn bundle_of(
    tx: &mut Tx,
    district: &DistrictCode,
    disclosure: &Disclosure,
    lines: &[Vec<u8>],
    signers: &[Signer],
) -> Outcome<Option<Bundle>> {
    let entry = store::entry_of_leaf(tx, district, &disclosure.leaf_id)
        .await?
        .ok_or_else(|| impossible("leaf_id", &disclosure.leaf_id))?;
    let Some(sealed) = entry.sealed else { return Ok(None) };
    let seals = store::seals(tx, district).await?;
    let find =
        |no: i64| seals.iter().find(|seal| seal.no == no).ok_or_else(|| impossible("first_seal", &no.to_string()));
    let (first, second) = (find(disclosure.first_seal)?, find(sealed.seal_no)?);
    let year_no = match leaf(&entry.body)?.body() {
        Body::Disclosure { no, .. } => *no,
        _ => return Err(impossible("leaf_id", &disclosure.leaf_id)),
    };
    let size = usize::try_from(second.size).unwrap_or(usize::MAX);
    let lines = lines.get(..size).unwrap_or(lines);
    let Some(signer) = signer_of(lines, second, signers) else { return Err(seal::other_key().into()) };
    // Kept, not composed anew: an old disclosure says what it said.
    let others = store::documents_of(tx, district, disclosure.no).await?;
    let at = Frozen { year: disclosure.year, year_no, first, books_seq: disclosure.books_seq };
    let tables = attributes::disclosed(tx, district, disclosure.no).await?;
    let kept = Kept { others, tables: &tables };
    let (documents, head) = documents_at(tx, district, at, kept, signer).await?;
    let heading = Heading { origin: head.origin, district: district.clone(), year: disclosure.year, no: year_no };
    let inputs = BundleInputs {
        heading: &heading,
        lines,
        first: &first.checkpoint,
        second: &second.checkpoint,
        documents: &documents,
    };
    bundle::build(&inputs, signer).map(Some).map_err(|problems| told(&problems))
}

/// The key of a bundle: the one that its log names last, else the one that sealed it.
pub(crate) fn signer_of<'s>(lines: &[Vec<u8>], second: &Seal, signers: &'s [Signer]) -> Option<&'s Signer> {
    let named = lines.iter().rev().find_map(|line| match Leaf::parse(line).ok()?.body() {
        Body::Key { key } => Some(key.clone()),
        _ => None,
    });
    signers.iter().find(|signer| match &named {
        Some(named) => named == signer.verifier(),
        None => Checkpoint::open(second.checkpoint.as_bytes(), signer.verifier()).is_ok(),
    })
}

/// The bundle as one file.
pub(crate) fn zip(bundle: &Bundle) -> Result<Vec<u8>, Failure> {
    bundle::zip(bundle).map_err(|fault| Failure::new(fault).context("pack a bundle"))
}

/// The checkpoint of a seal. The signature is our own; its text is what is needed here.
pub(crate) fn head(seal: &Seal) -> Outcome<Checkpoint> {
    Checkpoint::parse_unverified(seal.checkpoint.as_bytes()).map_err(|_| {
        Stop::Inconsistent(Inconsistency { table: "seal", column: "checkpoint".to_owned(), row: seal.no.to_string() })
    })
}

fn leaf(line: &[u8]) -> Outcome<Leaf> {
    Leaf::parse(line).map_err(|fault| impossible("body", &fault.to_string()))
}

fn leaf_id(text: &str) -> Outcome<LeafId> {
    text.parse().map_err(|_| impossible("leaf_id", text))
}

fn impossible(column: &str, row: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table: "disclosure", column: column.to_owned(), row: row.to_owned() })
}

/// The checker found something wrong with what we built ourselves: our data, not the officer's words.
fn told(problems: &[bundle::Problem]) -> Stop {
    let sentences: Vec<&str> = problems.iter().take(5).map(|problem| problem.sentence_en.as_str()).collect();
    Failure::new(sentences.join(" ")).context("build a disclosure").into()
}
