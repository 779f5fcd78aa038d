//! The id of a form, where it is written in and where it is read out again.
//!
//! Owns: how an id looks, and finding it in a page and in what was sent. Does not own: what it is good for.
//! What a newcomer gets wrong: hashing an upload as it came. A browser draws another boundary every time it sends the
//! same files, so what stands between the boundaries is hashed.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use iljari_base::{Entropy, Timestamp};
use sha2::{Digest as _, Sha256};

use super::WITHOUT;
use crate::digest::take;

/// The hidden field that carries the id.
const FIELD: &str = "once";

/// Random bytes of an id.
const CHANCE: usize = 18;

const MICROSECONDS: i64 = 1_000_000;

/// A fresh id: when the page was drawn, and chance. It says nothing of who the page was drawn for.
pub(super) fn fresh(entropy: &dyn Entropy, now: Timestamp) -> String {
    let mut chance = [0; CHANCE];
    entropy.fill(&mut chance);
    format!("{:x}-{}", now.as_microsecond() / MICROSECONDS, URL_SAFE_NO_PAD.encode(chance))
}

/// When the page of this id was drawn; `None` where it is no id of ours.
pub(super) fn drawn_at(id: &str) -> Option<Timestamp> {
    let (seconds, chance) = id.split_once('-')?;
    let seconds = i64::from_str_radix(seconds, 16).ok()?;
    let ours = URL_SAFE_NO_PAD.decode(chance).is_ok_and(|bytes| bytes.len() == CHANCE);
    let at = seconds.checked_mul(MICROSECONDS).filter(|at| ours && *at >= 0)?;
    Some(Timestamp::from_microsecond(at))
}

/// The page with an id in every form that does something; `None` where it has no such form.
pub(super) fn written_in(html: &str, mut fresh: impl FnMut() -> String) -> Option<String> {
    const BEGIN: &str = "<form";
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(BEGIN) {
        let Some(end) = rest[start..].find('>').map(|length| start + length + 1) else { break };
        let (tag, after) = rest.split_at(end);
        out.push_str(tag);
        if does_something(&tag[start..]) {
            // An id is letters, digits, dashes and underlines.
            out.push_str(&format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{}\">", fresh()));
        }
        rest = after;
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

fn does_something(tag: &str) -> bool {
    let action = tag.split_once("action=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(action, _)| action);
    let without = |action: &str| WITHOUT.iter().any(|(path, _)| *path == action);
    tag.contains("method=\"post\"") && action.is_some_and(|action| action.starts_with("/office/") && !without(action))
}

/// The id in what was sent; `None` where it carries none.
pub(super) fn id_in(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let found = match boundary(headers) {
        // It is the first field of the form, and a browser sends fields in their order.
        Some(_) => {
            let first = &body[..body.len().min(1024)];
            let begin = format!("name=\"{FIELD}\"\r\n\r\n");
            let at = find(first, begin.as_bytes())? + begin.len();
            let value = &first[at..];
            &value[..find(value, b"\r\n")?]
        }
        None => {
            let begin = format!("{FIELD}=");
            body.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(begin.as_bytes()))?
        }
    };
    String::from_utf8(found.to_vec()).ok()
}

/// What names the form in tables: the id itself lies nowhere.
pub(super) fn act_of(id: &str) -> String {
    hex::encode(Sha256::digest([b"form act\n", id.as_bytes()].concat()))
}

/// A hash of where the form was sent and of all that was typed into it. The id goes into it, so that without the form
/// nobody can try names or days of birth against it.
pub(super) fn body_of(id: &str, path: &str, headers: &HeaderMap, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut take = |part: &[u8]| take(&mut hash, part);
    take(b"form body");
    take(id.as_bytes());
    take(path.as_bytes());
    match boundary(headers) {
        None => take(body),
        Some(boundary) => {
            let mut rest = body;
            while let Some(at) = find(rest, boundary.as_bytes()) {
                take(&rest[..at]);
                rest = &rest[at + boundary.len()..];
            }
            take(rest);
        }
    }
    hex::encode(hash.finalize())
}

/// What separates the fields of a form with files.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = kind.split_once(';')?;
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    (kind.trim().eq_ignore_ascii_case("multipart/form-data") && !boundary.is_empty()).then(|| boundary.to_owned())
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use iljari_base::SeededEntropy;

    fn headers(kind: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))])
    }

    #[test]
    fn every_form_that_does_something_gets_an_id_of_its_own() {
        let page = "<form class=\"a\" method=\"post\" action=\"/office/a\"><b>x</b></form>\
                    <form method=\"get\" action=\"/office/b\"></form>\
                    <form method=\"post\" action=\"/office/sign-out\"></form>\
                    <form method=\"post\" action=\"/display\"></form>\
                    <form method=\"post\" action=\"/office/c\" enctype=\"multipart/form-data\"></form>";
        let mut nth = 0;
        let written = written_in(page, || {
            nth += 1;
            format!("id-{nth}")
        });
        let written = written.expect("forms");
        let field = |id: &str| format!("<input type=\"hidden\" name=\"once\" value=\"{id}\">");
        assert!(written.contains(&format!("action=\"/office/a\">{}<b>x</b>", field("id-1"))), "{written}");
        assert!(written.contains(&format!("enctype=\"multipart/form-data\">{}</form>", field("id-2"))), "{written}");
        assert_eq!(written.matches("name=\"once\"").count(), 2);
        assert_eq!(written.replace(&field("id-1"), "").replace(&field("id-2"), ""), page);
        assert_eq!(written_in("<p>없음</p>", String::new), None);
    }

    #[test]
    fn an_id_says_when_its_page_was_drawn_and_anything_else_is_none() {
        let now = Timestamp::from_microsecond(1_795_410_000_000_000);
        let id = fresh(&SeededEntropy::new("ids"), now);
        assert_eq!(drawn_at(&id), Some(now));
        let short = &id[..id.len() - 1];
        for bad in ["", "-", "abc", "5-", "-5-AAAA", "ffffffffffffffff-AAAAAAAAAAAAAAAAAAAAAAAA", short] {
            assert_eq!(drawn_at(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_id_is_found_in_both_kinds_of_forms() {
        let plain = headers("application/x-www-form-urlencoded");
        assert_eq!(id_in(&plain, b"once=5-A&name=x"), Some("5-A".to_owned()));
        assert_eq!(id_in(&plain, b"name=once%3D&atonce=1"), None);
        let files = headers("multipart/form-data; boundary=----x7");
        let sent = b"------x7\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\n5-A\r\n------x7\r\n";
        assert_eq!(id_in(&files, sent), Some("5-A".to_owned()));
        assert_eq!(id_in(&files, b"------x7\r\n"), None);
    }

    #[test]
    fn the_same_files_hash_alike_behind_another_boundary_and_other_ones_do_not() {
        let of = |boundary: &str, text: &str| {
            let kind = format!("multipart/form-data; boundary={boundary}");
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(&kind).expect("a kind"))]);
            let body = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{text}\r\n--{boundary}--\r\n"
            );
            body_of("5-A", "/office/a", &headers, body.as_bytes())
        };
        assert_eq!(of("x1", "가"), of("y2222", "가"));
        assert_ne!(of("x1", "가"), of("x1", "나"));
        let plain = headers("application/x-www-form-urlencoded");
        assert_ne!(body_of("5-A", "/office/a", &plain, b"a=1"), body_of("5-A", "/office/b", &plain, b"a=1"));
        assert_ne!(body_of("5-A", "/office/a", &plain, b"a=1"), body_of("5-B", "/office/a", &plain, b"a=1"));
    }
}
