//! Codes that people say aloud (이어쓰기 번호): eight letters, none of which looks or sounds like another.
//!
//! Owns: making and reading them. Does not own: what they find. What a newcomer gets wrong: being strict
//! about how one is typed. Small letters, blanks and a dash mean nothing.

use iljari_base::Entropy;

/// No 0 and O, no 1, I and L, no U and V, no 2 and Z, no 5 and S, no 8 and B.
const LETTERS: &[u8] = b"34679ACDEFGHJKMNPQRTWXY";

/// How many letters a code has.
pub const LENGTH: usize = 8;

/// A fresh code.
pub fn fresh(entropy: &dyn Entropy) -> String {
    let most = u64::try_from(LETTERS.len()).unwrap_or(1);
    (0..LENGTH)
        .map(|_| {
            let place = usize::try_from(entropy.below(most)).unwrap_or(0);
            LETTERS.get(place).copied().map_or('3', char::from)
        })
        .collect()
}

/// A code as somebody typed it; `None` where it cannot be one.
pub fn read(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    (code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter))).then_some(code)
}

/// As it is shown: two groups of four.
pub fn shown(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((one, two)) => format!("{one}-{two}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::SeededEntropy;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let entropy = SeededEntropy::new("codes");
        for _ in 0..200 {
            let code = fresh(&entropy);
            assert_eq!(code.len(), LENGTH);
            assert_eq!(read(&shown(&code)).as_deref(), Some(code.as_str()));
            assert_eq!(read(&format!(" {} ", shown(&code).to_lowercase())).as_deref(), Some(code.as_str()));
        }
        for wrong in ["", "3467-9AC", "0OIL1ZUV", "3467-9ACDE", "가나다라마바사아"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
