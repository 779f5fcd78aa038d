//! A look at a statement before it runs, so that both engines refuse the same ones.
//!
//! Owns: three checks that SQLite alone would let pass: transaction words (I12), several
//! statements in one string, and a number of arguments that does not fit. Does not parse SQL.

/// Words that would touch the transaction or the connection that the act only borrows.
const NOT_AN_ACT: &[&str] = &[
    "ABORT",
    "ATTACH",
    "BEGIN",
    "COMMIT",
    "DETACH",
    "END",
    "PRAGMA",
    "RELEASE",
    "ROLLBACK",
    "SAVEPOINT",
    "SET",
    "START",
    "VACUUM",
];

/// Says why this statement cannot run in an act; `None` when it can.
pub(crate) fn objection(sql: &str, arg_count: usize) -> Option<String> {
    let seen = look(sql);
    if NOT_AN_ACT.iter().any(|word| seen.first_word.eq_ignore_ascii_case(word)) {
        return Some(format!("{} is for the store alone", seen.first_word.to_ascii_uppercase()));
    }
    if seen.several {
        return Some("one statement at a time".to_owned());
    }
    (seen.highest_parameter != arg_count)
        .then(|| format!("the statement takes {} arguments and was given {arg_count}", seen.highest_parameter))
}

/// The table a statement is about: the word after its first FROM, INTO or UPDATE.
pub(crate) fn table_of(sql: &str) -> Option<&str> {
    let mut words = sql.split(|letter: char| letter.is_whitespace() || letter == '(').filter(|word| !word.is_empty());
    words.find(|word| ["FROM", "INTO", "UPDATE"].iter().any(|lead| word.eq_ignore_ascii_case(lead)))?;
    words
        .next()
        .map(|word| word.trim_end_matches([',', ';', ')']))
        .filter(|word| word.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.'))
}

struct Seen<'s> {
    first_word: &'s str,
    several: bool,
    highest_parameter: usize,
}

/// Walks over the text once, stepping over quotes and comments.
fn look(sql: &str) -> Seen<'_> {
    let bytes = sql.as_bytes();
    let mut seen = Seen { first_word: "", several: false, highest_parameter: 0 };
    let mut ended = false;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += 1;
                }
                at += 1;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            b'$' => {
                at += 1;
                while at < bytes.len() && bytes[at].is_ascii_digit() {
                    at += 1;
                }
                let number = sql.get(start + 1..at).and_then(|digits| digits.parse().ok()).unwrap_or(0);
                seen.highest_parameter = seen.highest_parameter.max(number);
            }
            b';' => {
                ended = true;
                at += 1;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                // A whole word, so that the digits of `a$1`-like names are not taken apart.
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                if seen.first_word.is_empty() {
                    seen.first_word = sql.get(start..at).unwrap_or("");
                }
            }
            _ => at += 1,
        }
        seen.several |= ended;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_cannot_touch_its_transaction() {
        assert!(objection("COMMIT", 0).is_some());
        assert!(objection("  -- why\n rollback to act", 0).is_some());
        assert!(objection("PRAGMA query_only = OFF", 0).is_some());
        assert!(objection("SELECT 1; COMMIT", 0).is_some());
        assert_eq!(objection("SELECT 1;\n", 0), None);
        assert_eq!(objection("SELECT ';', 'it''s; so' -- ; so\n", 0), None);
    }

    #[test]
    fn arguments_are_counted() {
        assert_eq!(objection("SELECT $2, $1, $2, '$3'", 2), None);
        assert!(objection("SELECT $2, $1", 1).is_some());
        assert!(objection("SELECT $1", 2).is_some());
        assert_eq!(objection("SELECT 가 FROM 나 WHERE 다 = $1", 1), None);
    }

    #[test]
    fn the_table_is_found() {
        assert_eq!(table_of("SELECT a\nFROM entry e\nWHERE a = 1"), Some("entry"));
        assert_eq!(table_of("INSERT INTO entry(a) VALUES (1)"), Some("entry"));
        assert_eq!(table_of("UPDATE entry SET a = 1"), Some("entry"));
        assert_eq!(table_of("SELECT 1"), None);
    }
}
