//! Text on its way into mark-up (HTML, SVG, XML).

/// The text for element content and for attributes in either kind of quotes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_taken_for_mark_up() {
        assert_eq!(escaped("<a href='x'>\"1 & 2\"</a>"), "&lt;a href=&#39;x&#39;&gt;&quot;1 &amp; 2&quot;&lt;/a&gt;");
        assert_eq!(escaped("가나다"), "가나다");
    }
}
