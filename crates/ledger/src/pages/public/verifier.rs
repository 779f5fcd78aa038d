//! The verifier that runs in a browser: its script, and the page that a reader keeps as one file.
//!
//! Owns: putting the script's parts together, `/districts/{code}/verify.html`. Does not own: what
//! the script does; that is written from the format page alone and shares nothing with the checker
//! in Rust. What a newcomer gets wrong: mending one of the two when they disagree. The page decides.

use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_plans::Books;
use iljari_plans::pages::district_of;
use iljari_web::script::{html_with_policy, policy_hash};
use iljari_web::{Office, PageError, Script, assets};

use crate::keys::KeyFolder;

/// The parts, in the order in which they build on each other.
const SOURCE: &str = concat!(
    include_str!("../../../assets/verifier/01-bytes.js"),
    include_str!("../../../assets/verifier/02-sha2.js"),
    include_str!("../../../assets/verifier/03-ed25519.js"),
    include_str!("../../../assets/verifier/04-zip.js"),
    include_str!("../../../assets/verifier/05-log.js"),
    include_str!("../../../assets/verifier/06-count.js"),
    include_str!("../../../assets/verifier/07-tables.js"),
    include_str!("../../../assets/verifier/08-bundle.js"),
    include_str!("../../../assets/verifier/09-words.js"),
    include_str!("../../../assets/verifier/10-page.js"),
);

/// The script of the page `숫자 확인하기`.
pub static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(SOURCE));

/// The page in one file: style and script inside, nothing fetched.
#[derive(Debug, Clone, Template)]
#[template(path = "public/verify_alone.html")]
struct AlonePage {
    place: String,
    policy: String,
    style: String,
    action: &'static str,
    key: String,
    fingerprint: String,
}

/// The whole file for a district, and the policy that it carries.
pub(super) fn alone(place: &str, key: &iljari_disclosure::log::VerifierKey) -> Result<(String, String), PageError> {
    let sheet = |name| assets::text(name).ok_or(PageError::Stumbled("a style sheet is not there"));
    let style = sheet("tokens.css")? + &sheet("iljari.css")?;
    // A property for charts, of which this page has none; the HTML checker reads styles too and does not know it.
    let style = style.replace("vector-effect: non-scaling-stroke;", "");
    let policy = format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; form-action 'none'; {}",
        policy_hash(&style),
        SCRIPT.policy()
    );
    let (key, fingerprint) = (key.to_string(), key.fingerprint());
    let page = AlonePage { place: place.to_owned(), policy: policy.clone(), style, action: "#", key, fingerprint };
    let html = page.render().map_err(|_| PageError::Stumbled("a template could not be written"))?;
    Ok((SCRIPT.at_the_end_of(html), policy))
}

/// `GET /districts/{code}/verify.html`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&book.code)?.ok_or(PageError::NotFound)?;
    let (html, policy) = alone(&book.name, &key)?;
    Ok(html_with_policy(html, &format!("{policy}; frame-ancestors 'none'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_ends_no_element_and_asks_nobody_for_anything() {
        for word in
            ["</script", "<!--", "fetch(", "XMLHttpRequest", "import(", "import ", "eval(", "WebSocket", "innerHTML"]
        {
            assert!(!SOURCE.contains(word), "{word}");
        }
    }
}
