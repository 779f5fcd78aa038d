//! Where an address of this site lies in a folder, and how one file names another.
//!
//! Owns: pure text. What a newcomer gets wrong: a query. A file system has none, so `?year=2025`
//! becomes part of the name: `plan.year-2025/`.

use iljari_web::local::query_value;

/// The address a link leads to, without its fragment, and the fragment with its `#`. `None` for a
/// link that leaves this site or stays on the page.
pub fn resolve(from: &str, link: &str) -> Option<(String, String)> {
    let (address, fragment) = match link.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (link, String::new()),
    };
    let scheme = address.split(['/', '?']).next().is_some_and(|first| first.contains(':'));
    if address.is_empty() || address.starts_with("//") || scheme {
        return None;
    }
    if address.starts_with('/') {
        return Some((without_hash(address), fragment));
    }
    let path = from.split('?').next().unwrap_or_default();
    let (folder, _) = path.rsplit_once('/').unwrap_or_default();
    let mut segments: Vec<&str> = folder.split('/').collect();
    for segment in address.split('/') {
        match segment {
            "." | "" => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(name),
        }
    }
    Some((without_hash(&segments.join("/")), fragment))
}

/// `/assets/iljari.css?v=…` has the same bytes as without the hash, which only browsers' caches need.
fn without_hash(address: &str) -> String {
    match address.split_once("?v=") {
        Some((path, _)) if path.starts_with("/assets/") => path.to_owned(),
        _ => address.to_owned(),
    }
}

/// The file of an address, with forward slashes and letters as people read them.
pub fn file_of(address: &str, is_page: bool) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(read).collect();
    if !query.is_empty() {
        let name = segments.pop().unwrap_or_default();
        segments.push(with_query(&name, query));
    }
    if is_page {
        segments.push("index.html".to_owned());
    }
    segments.join("/")
}

/// `plan` and `year=2025` → `plan.year-2025`; `plan.csv` → `plan.year-2025.csv`.
fn with_query(name: &str, query: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '-' };
    let query: String = read(query).chars().map(harmless).collect();
    match name.rsplit_once('.') {
        Some((stem, kind)) => format!("{stem}.{query}.{kind}"),
        None => format!("{name}.{query}"),
    }
}

/// Percent signs read; a segment that would climb out of the folder stays inside it.
fn read(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, after) {
            (b'%', [high, low, more @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) * 16 + hex(*low).unwrap_or(0));
                rest = more;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes).replace(['/', '\\', '\0'], "-");
    if text == ".." || text == "." { "-".to_owned() } else { text }
}

/// How a page in `from` names the file `to`.
pub fn relative(from: &str, to: &str) -> String {
    let mut own: Vec<&str> = from.split('/').collect();
    own.pop();
    let there: Vec<&str> = to.split('/').collect();
    let shared = own.iter().zip(&there).take_while(|(one, other)| one == other).count();
    // The file's own name is never shared, even where a folder is called the same.
    let shared = shared.min(there.len() - 1);
    let up = "../".repeat(own.len() - shared);
    let down: Vec<String> = there.iter().skip(shared).map(|part| query_value(part)).collect();
    let named = format!("{up}{}", down.join("/"));
    // `a:b` at the start would read as a scheme.
    if named.split('/').next().is_some_and(|first| first.contains(':')) { format!("./{named}") } else { named }
}

/// Where a page lies below the folder's own address: `districts/11215/`.
pub fn place(file: &str) -> String {
    let path = file.strip_suffix("index.html").unwrap_or(file);
    path.split('/').map(query_value).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_an_address_of_this_site_or_nowhere() {
        let to = |link: &str| resolve("/districts/11215/plan?year=2025", link);
        let found = |address: &str, fragment: &str| Some((address.to_owned(), fragment.to_owned()));
        assert_eq!(to("/log/11215/key"), found("/log/11215/key", ""));
        assert_eq!(to("/districts/11215/how#seal"), found("/districts/11215/how", "#seal"));
        assert_eq!(to("/assets/iljari.css?v=0a1b"), found("/assets/iljari.css", ""));
        assert_eq!(to("data/catalog.json"), found("/districts/11215/data/catalog.json", ""));
        assert_eq!(to("../11380"), found("/districts/11380", ""));
        for elsewhere in ["#menu", "", "https://example.invalid/a", "tel:0200000000", "data:,x", "//example.invalid"] {
            assert_eq!(to(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn every_address_has_a_file_inside_the_folder() {
        assert_eq!(file_of("/", true), "index.html");
        assert_eq!(file_of("/districts/11215/plan?year=2025", true), "districts/11215/plan.year-2025/index.html");
        assert_eq!(file_of("/districts/11215/plan.csv?year=2025", false), "districts/11215/plan.year-2025.csv");
        assert_eq!(file_of("/districts/1/plan/%EC%A0%84%EC%B2%B4", true), "districts/1/plan/전체/index.html");
        assert_eq!(file_of("/log/11215/tile/entries/000.p/12", false), "log/11215/tile/entries/000.p/12");
        assert_eq!(file_of("/a/../%2e%2e/%2Fetc", false), "a/-/-/-etc");
    }

    #[test]
    fn a_file_names_another_from_any_folder() {
        assert_eq!(relative("index.html", "districts/1/index.html"), "districts/1/index.html");
        assert_eq!(relative("districts/1/index.html", "index.html"), "../../index.html");
        assert_eq!(relative("districts/1/index.html", "assets/a.css"), "../../assets/a.css");
        assert_eq!(relative("a/b/index.html", "a/b/index.html"), "index.html");
        assert_eq!(relative("a/전체/index.html", "a/전체/2025/index.html"), "2025/index.html");
        assert_eq!(relative("a/index.html", "a/전체/index.html"), "%EC%A0%84%EC%B2%B4/index.html");
        assert_eq!(place("districts/1/전체/index.html"), "districts/1/%EC%A0%84%EC%B2%B4/");
    }
}
