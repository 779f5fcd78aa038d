//! Text on its way into mark-up.
//!
//! Owns: the escaping that HTML, SVG and every XML part share. Does not own: formulas in
//! spreadsheets (`csv.rs`). What a newcomer gets wrong: letters that XML cannot hold at all, not even
//! escaped; they become spaces.

/// The text for element content and for attributes in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    iljari_base::markup::escaped(&plain(text))
}

/// The text without letters that XML cannot hold; for writers that escape by themselves.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| *letter != '\r')
        .map(|letter| match letter {
            '\n' => '\n',
            '\u{fffe}' | '\u{ffff}' => ' ',
            other if other.is_control() => ' ',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_place() {
        assert_eq!(escaped("<a b=\"c\">&'\u{0}]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39; ]]&gt;");
        assert_eq!(plain("가\r\n나\u{b}"), "가\n나 ");
    }
}
