//! Addresses inside this site: what may be redirected to, and how a text enters a query.
//!
//! Owns: the check against open redirects and percent-encoding. Does not own: any route.
//! What a newcomer gets wrong: `//host` and `/\host` begin with a slash and lead elsewhere.

use std::fmt::Write;

/// The address when it leads to a page of this site, otherwise `None`.
pub fn local_path(address: &str) -> Option<&str> {
    let mut letters = address.chars();
    let starts_here = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    // Browsers drop tabs and line breaks inside an address and read a backslash as a slash.
    let odd = |letter: char| letter.is_control() || letter == '\\' || letter == ' ';
    (starts_here && address.len() <= 1000 && !address.chars().any(odd)).then_some(address)
}

/// Percent-encodes a text so that it can stand as one value of a query.
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_local() {
        for good in ["/", "/districts/11215", "/office?next=/a", "/districts/11215/plan#a"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "office",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            " /a",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(1000))), None);
    }

    /// The addresses of the table of bad inputs (b.8), as somebody would put them behind `next=`.
    #[test]
    fn no_address_of_the_table_of_bad_addresses_leads_anywhere() {
        for host in [
            "evil.example",
            "user:pass@evil.example",
            "[::1]",
            "0x7f.1",
            "2130706433",
            "127.1",
            "0",
            "169.254.169.254",
            "10.0.0.1",
            "localhost.",
            "w\u{43e}rk24.example",
            "xn--wrk24-3ve.example",
            "evil.example:22",
        ] {
            for scheme in ["https:", "http:", "file:", "gopher:", "data:", "javascript:", "ftp:", "blob:", ""] {
                for slashes in ["//", "///", "/\\", "\\\\", "\\/", "/\t/", "/\n/", "\u{a0}//", "//\u{200b}"] {
                    let address = format!("{scheme}{slashes}{host}");
                    assert_eq!(local_path(&address), None, "{address:?}");
                }
            }
            assert_eq!(local_path(host), None, "{host}");
        }
        // What is encoded stays a path of this site: browsers do not decode it into a host.
        assert_eq!(local_path("/%2F%2Fevil.example"), Some("/%2F%2Fevil.example"));
        assert_eq!(local_path(&format!("/office?next={}", "a".repeat(2000))), None);
    }

    #[test]
    fn a_query_value_holds_no_separator() {
        assert_eq!(query_value("/office?a=1&b=가"), "/office%3Fa%3D1%26b%3D%EA%B0%80");
    }
}
