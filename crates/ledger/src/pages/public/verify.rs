//! `/districts/{code}/verify`: how a stranger checks the numbers without us.
//!
//! Owns: the instructions, the key, the newest signed head, the form for a check in the browser.
//! Does not own: the check itself; that is the script of [`verifier`], and `iljari verify`, which
//! needs neither this page nor the network.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::DistrictCode;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::VerifierKey;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render_with_script};

use super::{sample_pages, verifier};
use crate::keys::KeyFolder;
use crate::model::Seal;
use crate::store;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "public/verify.html")]
pub struct VerifyPage {
    pub(crate) shell: Shell,
    pub(crate) code: String,
    /// Where the form would lead; its script keeps it here.
    pub(crate) action: String,
    pub(crate) key: String,
    pub(crate) fingerprint: String,
    pub(crate) head: Option<Head>,
    pub(crate) newest: Option<(String, String)>,
    pub(crate) how_href: String,
    pub(crate) disclosures_href: String,
}

/// The newest signed head, in facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub(crate) day: String,
    pub(crate) size: String,
    pub(crate) root: String,
    pub(crate) checkpoint: String,
}

/// `GET /districts/{code}/verify`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&book.code)?.ok_or(PageError::NotFound)?;
    let at = book.code.clone();
    let (seal, newest) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let newest = store::disclosures(tx, &at).await?.pop().map(|disclosure| disclosure.no);
                Ok((store::latest_seal(tx, &at).await?, newest))
            })
        })
        .await?;
    let district = iljari_web::District::new(book.code.clone(), book.name.clone());
    let page = build(&prefs, district, &book.code, &key, seal.as_ref(), newest);
    Ok(render_with_script(page, &verifier::SCRIPT))
}

/// The page of a district's key and newest seal.
pub fn build(
    prefs: &DisplayPrefs,
    district: iljari_web::District,
    code: &DistrictCode,
    key: &VerifierKey,
    seal: Option<&Seal>,
    newest: Option<i64>,
) -> VerifyPage {
    let home = home_href(code);
    let file = |no: i64| (format!("iljari-{code}-{no}.zip"), format!("{home}/disclosures/{no}"));
    VerifyPage {
        shell: Shell::public(prefs, "숫자 확인하기", Some(district), PublicNav::Verify)
            .crumb("진행 상황", home.clone())
            .here("숫자 확인하기"),
        code: code.to_string(),
        action: "#".to_owned(),
        key: key.to_string(),
        fingerprint: key.fingerprint(),
        head: seal.map(|seal| Head {
            day: seal.sealed_at.korean(),
            size: grouped(seal.size),
            root: seal.root.clone(),
            checkpoint: seal.checkpoint.clone(),
        }),
        newest: newest.map(file),
        how_href: format!("{home}/how"),
        disclosures_href: format!("{home}/disclosures"),
    }
}

impl Sample for VerifyPage {
    fn samples() -> Vec<Self> {
        sample_pages::verify()
    }
}
