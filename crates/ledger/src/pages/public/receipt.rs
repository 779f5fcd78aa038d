//! `/districts/{code}/receipts/{leaf}`: a receipt (확인증) to print, to scan and to check.
//!
//! Owns: the page around a receipt. Does not own: the receipt itself; `log_files` issues it, and the
//! file and this page hold the same text. What a newcomer gets wrong: promising too much. A receipt
//! says that a line is in the log, not that the line is true.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::proof::{PROVES, Receipt};
use iljari_disclosure::log::tree::leaf_hash;
use iljari_plans::Books;
use iljari_plans::pages::words::home_href;
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Qr, Sample, Shell, render};

use super::entry_view::{before_and_after, view};
use super::log_files::issue;
use super::look::look;
use super::number::Said;
use super::sample_pages;
use crate::keys::KeyFolder;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "public/receipt.html")]
pub struct ReceiptPage {
    pub(crate) shell: Shell,
    /// What the entry says, in one sentence.
    pub(crate) title: Said,
    /// Where it counts; empty for an entry that counts nowhere.
    pub(crate) place: String,
    pub(crate) proves: &'static str,
    pub(crate) leaf_id: String,
    /// `7건 가운데 4번째`.
    pub(crate) position: String,
    pub(crate) sealed: String,
    pub(crate) origin: String,
    pub(crate) fingerprint: String,
    pub(crate) qr: Option<Qr>,
    /// Whether the code holds the whole receipt or only its name.
    pub(crate) qr_is_whole: bool,
    pub(crate) text: String,
    pub(crate) file_href: String,
    pub(crate) verify_href: String,
}

/// `GET /districts/{code}/receipts/{leaf}`. 404 before the first seal that holds the entry.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, leaf)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let look = look(&office, &books, &code).await?;
    let code = look.book.code.clone();
    let keys = KeyFolder::new(&office.keys, office.demo);
    let key = keys.verifier(&code)?.ok_or(PageError::NotFound)?;
    let issued = issue(&office, &code, &leaf).await?.ok_or(PageError::NotFound)?;
    let entry = look.entry(&leaf).ok_or(PageError::NotFound)?;
    let sealed = entry.sealed.ok_or(PageError::NotFound)?;
    let (title, place) = match &entry.counted {
        Some(counted) => {
            let view = view(&look, entry, counted, &before_and_after(&look.entries));
            (view.title, format!("{} · {}", view.node, view.field))
        }
        None => (Said::new(&format!("{} 기록입니다", entry.kind.label())), String::new()),
    };
    let origin = keys.origin(&code);
    let home = home_href(&code);
    let (qr, qr_is_whole) = code_of(&issued.receipt, &origin, &leaf, &entry.body);
    Ok(render(ReceiptPage {
        shell: Shell::public(&prefs, "확인증", Some(look.district()), PublicNav::Verify)
            .crumb("진행 상황", home.clone())
            .crumb("숫자 확인하기", format!("{home}/verify"))
            .here("확인증"),
        title,
        place,
        proves: PROVES,
        position: position(issued.receipt.index, issued.size),
        sealed: sealed.sealed_at.seoul_date().korean(),
        fingerprint: key.fingerprint(),
        qr,
        qr_is_whole,
        text: issued.receipt.to_string(),
        file_href: format!("/log/{code}/proof/{leaf}"),
        verify_href: format!("{home}/verify#receipt"),
        leaf_id: leaf,
        origin,
    }))
}

/// `7건 가운데 4번째`.
fn position(index: u64, size: i64) -> String {
    let place = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    format!("{}건 가운데 {}번째", grouped(size), grouped(place))
}

/// The receipt as a code; one too long for any code is only named by log, leaf and leaf hash.
fn code_of(receipt: &Receipt, origin: &str, leaf: &str, line: &[u8]) -> (Option<Qr>, bool) {
    match Qr::of(&receipt.to_string()) {
        Some(qr) => (Some(qr), true),
        None => (Qr::of(&format!("{origin} {leaf} {}", leaf_hash(line))), false),
    }
}

impl Sample for ReceiptPage {
    fn samples() -> Vec<Self> {
        sample_pages::receipt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_disclosure::log::Hash;

    #[test]
    fn a_receipt_of_a_log_of_two_million_fits_its_code_and_a_longer_one_is_named() {
        let receipt = |steps: usize| Receipt {
            extra: Some(vec![b'x'; 511]),
            index: 2_000_000,
            steps: vec![Hash::of(b"step"); steps],
            checkpoint: "x".repeat(361),
        };
        assert!(code_of(&receipt(21), "demo.iljari.example/99001", "00", b"line").1);
        let (qr, whole) = code_of(&receipt(64), "demo.iljari.example/99001", "00", b"line");
        assert!(qr.is_some() && !whole);
    }
}
