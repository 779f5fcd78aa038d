//! Korean in and out: numbers as people write them, particles after variable words, canonical text.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::refusal::Refusal;

/// A number as somebody wrote it, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberReading {
    /// The value.
    pub value: i64,
    /// Whether it said 약, 여, 내외 or the like: not exact, so it enters no exact total.
    pub about: bool,
    /// Whether the writing was plain ASCII digits; if not, show the reading for confirmation.
    pub plain: bool,
}

/// Why a text is no whole number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// Nothing there.
    #[error("비어 있습니다")]
    Empty,
    /// A decimal where only whole numbers make sense.
    #[error("소수가 아니라 정수를 적어 주세요")]
    Decimal,
    /// `0123`: a code, a date or a slip.
    #[error("앞에 붙은 0을 빼 주세요")]
    LeadingZero,
    /// Above 10⁹, the largest number a plan may hold.
    #[error("너무 큰 수입니다(10억까지)")]
    TooLarge,
    /// Commas that do not group by three.
    #[error("쉼표는 세 자리마다 찍어 주세요")]
    Commas,
    /// Anything else.
    #[error("숫자로 읽을 수 없습니다")]
    NotANumber,
}

/// Largest number a plan file may hold.
pub const NUMBER_MAX: i64 = 1_000_000_000;

/// Reads a whole number as people write it: `24000`, `24,000`, `２４０００`, `2만4천`, `1만 2270`, `24000명`, `약 1만4700여개`.
///
/// Full-width digits are read as digits, Korean unit words (억, 만, 천, 백, 십) as multiples, and a
/// trailing counter (개, 명, 건, 곳, 원, 가구) is dropped. Money above 10⁹ is not a matter for this
/// function; use [`read_won`].
pub fn read_number(text: &str) -> Result<NumberReading, BadNumber> {
    read_up_to(text, NUMBER_MAX)
}

/// Reads an amount of money in won: as [`read_number`], up to 10¹⁵.
pub fn read_won(text: &str) -> Result<NumberReading, BadNumber> {
    read_up_to(text, 1_000_000_000_000_000)
}

fn read_up_to(text: &str, limit: i64) -> Result<NumberReading, BadNumber> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(BadNumber::Empty);
    }
    let plain = trimmed.bytes().all(|byte| byte.is_ascii_digit());
    // NFKC folds full-width digits and commas to their ordinary forms.
    let folded: String = trimmed.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let mut rest = folded.as_str();
    let mut about = false;
    if let Some(after) = rest.strip_prefix("약") {
        (about, rest) = (true, after);
    }
    for counter in ["개", "명", "건", "곳", "원", "가구", "회"] {
        if let Some(before) = rest.strip_suffix(counter) {
            rest = before;
            break;
        }
    }
    for vague in ["여", "내외", "가량", "정도", "쯤"] {
        if let Some(before) = rest.strip_suffix(vague) {
            (about, rest) = (true, before);
        }
    }
    let (negative, rest) = match rest.strip_prefix(['-', '−']) {
        Some(after) => (true, after),
        None => (false, rest),
    };
    let value = read_magnitude(rest)?;
    if value > limit {
        return Err(BadNumber::TooLarge);
    }
    Ok(NumberReading { value: if negative { -value } else { value }, about, plain })
}

/// `1만4천`, `1만2270`, `24,000`, `2.4만`: digits in groups with unit words between them.
fn read_magnitude(text: &str) -> Result<i64, BadNumber> {
    if text.is_empty() {
        return Err(BadNumber::NotANumber);
    }
    let mut total: i64 = 0;
    let mut section: i64 = 0;
    let mut digits = String::new();
    let mut last_big = i64::MAX;
    let take = |digits: &mut String| -> Result<Option<i64>, BadNumber> {
        if digits.is_empty() {
            return Ok(None);
        }
        let number = read_digits(digits)?;
        digits.clear();
        Ok(Some(number))
    };
    for letter in text.chars() {
        match letter {
            '0'..='9' | ',' | '.' => digits.push(letter),
            '십' | '백' | '천' => {
                let unit = match letter {
                    '십' => 10,
                    '백' => 100,
                    _ => 1000,
                };
                let count = take(&mut digits)?.unwrap_or(1);
                section =
                    count.checked_mul(unit).and_then(|part| section.checked_add(part)).ok_or(BadNumber::TooLarge)?;
            }
            '만' | '억' | '조' => {
                let unit: i64 = match letter {
                    '만' => 10_000,
                    '억' => 100_000_000,
                    _ => 1_000_000_000_000,
                };
                if unit >= last_big {
                    return Err(BadNumber::NotANumber);
                }
                last_big = unit;
                let count = match take(&mut digits)? {
                    Some(number) => section.checked_add(number),
                    None => Some(if section == 0 { 1 } else { section }),
                };
                section = 0;
                total = count
                    .and_then(|count| count.checked_mul(unit))
                    .and_then(|part| total.checked_add(part))
                    .ok_or(BadNumber::TooLarge)?;
            }
            _ => return Err(BadNumber::NotANumber),
        }
    }
    let tail = take(&mut digits)?.unwrap_or(0);
    total.checked_add(section).and_then(|sum| sum.checked_add(tail)).ok_or(BadNumber::TooLarge)
}

fn read_digits(text: &str) -> Result<i64, BadNumber> {
    if text.contains('.') {
        return Err(BadNumber::Decimal);
    }
    if text.contains(',') {
        let mut groups = text.split(',');
        let first = groups.next().unwrap_or_default();
        if first.is_empty() || first.len() > 3 || groups.any(|group| group.len() != 3) {
            return Err(BadNumber::Commas);
        }
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(BadNumber::LeadingZero);
    }
    if digits.len() > 18 {
        return Err(BadNumber::TooLarge);
    }
    digits.parse().map_err(|_| BadNumber::NotANumber)
}

/// The particle pair that fits the word's last sound: `particle("광진구", "은/는")` gives `는`.
///
/// Pairs: 은/는, 이/가, 을/를, 과/와, 으로/로 (a word ending in ㄹ takes 로). Digits are read aloud.
pub fn particle(word: &str, pair: &str) -> String {
    let (with_final, without_final) = pair.split_once('/').unwrap_or((pair, pair));
    let last = word.trim_end_matches([')', ']', '\'', '"', '’', '”', ' ']).chars().next_back();
    // 0 none, 8 = ㄹ, in the order of Unicode's final consonants.
    let final_consonant = match last {
        Some(letter @ '가'..='힣') => (u32::from(letter) - u32::from('가')) % 28,
        Some('0' | '3' | '6') => 1,
        Some('1' | '7' | '8') => 8,
        Some('L' | 'l') => 8,
        Some('M' | 'm' | 'N' | 'n') => 1,
        _ => 0,
    };
    let takes_final = final_consonant != 0 && !(pair == "으로/로" && final_consonant == 8);
    if takes_final { with_final } else { without_final }.to_owned()
}

/// The word with its particle: `with_particle("광진구", "은/는")` gives `광진구는`.
pub fn with_particle(word: &str, pair: &str) -> String {
    format!("{word}{}", particle(word, pair))
}

/// Canonical form for identifiers: NFC, trimmed. `None` when invisible or control characters are inside.
pub fn canonical_name(text: &str) -> Option<String> {
    let name: String = text.trim().nfc().collect();
    let hidden = |letter: char| letter.is_control() || is_hidden(letter);
    (!name.is_empty() && !name.chars().any(hidden)).then_some(name)
}

/// Letters that take no room on a page.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{3164}' | '\u{00ad}')
}

/// Whether the text is already in Unicode NFC.
pub fn is_canonical(text: &str) -> bool {
    is_nfc(text)
}

/// Whether a text holds something shaped like a resident registration number (주민등록번호).
///
/// Shape only: six digits that can be a date, separators or none, seven digits; the same for foreigners
/// (외국인등록번호). The seventh digit says century, sex and nationality, and each of the ten is in use.
/// Numbers given since October 2020 have no check digit, so none is tested. Full-width digits, blanks
/// and invisible letters between the digits do not hide one, nor does another number beside it.
pub fn looks_like_resident_number(text: &str) -> bool {
    /// Most separators between the two halves.
    const GAP_MAX: usize = 3;
    // Each letter with whether something that is not seen stood before it.
    let (mut folded, mut apart): (Vec<char>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut unseen = false;
    for letter in text.nfkc() {
        if letter.is_whitespace() || letter.is_control() || is_hidden(letter) {
            unseen = true;
        } else {
            folded.push(letter);
            apart.push(std::mem::take(&mut unseen));
        }
    }
    (0..folded.len()).any(|start| {
        if folded.len() < start + 13 {
            return false;
        }
        let six = &folded[start..start + 6];
        if !six.iter().all(char::is_ascii_digit) {
            return false;
        }
        let number = |from: usize| six[from..from + 2].iter().collect::<String>().parse::<u32>().unwrap_or(0);
        if !(1..=12).contains(&number(2)) || !(1..=31).contains(&number(4)) {
            return false;
        }
        let separates = |letter: &&char| {
            matches!(letter, '-' | '‐' | '‑' | '–' | '—' | '−' | 'ー' | '─' | '.' | '·' | '*' | '/' | '_' | '~' | ':')
        };
        let gap = folded[start + 6..].iter().take(GAP_MAX).take_while(separates).count();
        let (second, end) = (start + 6 + gap, start + 13 + gap);
        if !folded.get(second..end).is_some_and(|digits| digits.iter().all(char::is_ascii_digit)) {
            return false;
        }
        let touches = |at: usize| folded.get(at).is_some_and(char::is_ascii_digit);
        let (before, after) = (start > 0 && touches(start - 1), touches(end));
        // Where both halves are in one piece, a blank beside them ends the number: a receipt or a telephone number
        // before or behind it does not hide it. Where blanks stand among the digits, those could belong to anything.
        let whole = !apart[start + 1..start + 6].contains(&true) && !apart[second + 1..end].contains(&true);
        (!before || (whole && apart[start])) && (!after || (whole && apart[end]))
    })
}

/// Refuses a text of this form field that holds something shaped like a resident registration number.
///
/// For fields, free text, file names and what stands in uploads. The refusal never repeats the number.
pub fn refuse_resident_number(field: &'static str, text: &str) -> Result<(), Refusal> {
    if !looks_like_resident_number(text) {
        return Ok(());
    }
    let message = "주민등록번호나 외국인등록번호처럼 보이는 숫자가 있습니다. 이곳에서는 받지 않습니다. 빼고 다시 적어 주세요. \
                   생년월일은 적어도 됩니다.";
    Err(Refusal::new("resident-number", "개인정보 보호법 제24조의2", message).at(field))
}

/// A name as it is compared, never as it is shown: small letters without marks, blanks or signs.
///
/// The first syllable follows the rule of initial sounds (두음법칙), because families write 류 and 유,
/// 리 and 이 for the same name. Accents of other scripts fall away: `Nguyễn` compares like `NGUYEN`.
pub fn name_to_compare(name: &str) -> String {
    let plain: String = name
        .nfkd()
        .filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}'))
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let mut letters = plain.chars();
    letters.next().map(initial_sound).into_iter().chain(letters).collect()
}

/// The initial consonants of a name (초성): `한시범` gives `ㅎㅅㅂ`. Of other scripts, the first letter of each word.
pub fn initials(name: &str) -> String {
    let mut all = String::new();
    for word in name.split(|letter: char| letter.is_whitespace() || letter == '-') {
        for (place, letter) in name_to_compare(word).chars().enumerate() {
            match initial_consonant(letter) {
                Some(consonant) => all.push(consonant),
                None if place == 0 => all.push(letter),
                None => {}
            }
        }
    }
    all
}

const CONSONANTS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];

/// Syllables that share an initial consonant: 21 vowels times 28 finals.
const PER_CONSONANT: u32 = 588;

fn initial_consonant(letter: char) -> Option<char> {
    if !('가'..='힣').contains(&letter) {
        return None;
    }
    let place = (u32::from(letter) - u32::from('가')) / PER_CONSONANT;
    usize::try_from(place).ok().and_then(|place| CONSONANTS.get(place)).copied()
}

/// ㄹ becomes ㅇ before ㅑ ㅕ ㅖ ㅛ ㅠ ㅣ and else ㄴ; ㄴ becomes ㅇ before ㅕ ㅛ ㅠ ㅣ.
fn initial_sound(letter: char) -> char {
    const NIEUN: u32 = 2;
    const RIEUL: u32 = 5;
    const IEUNG: u32 = 11;
    if !('가'..='힣').contains(&letter) {
        return letter;
    }
    let code = u32::from(letter) - u32::from('가');
    let (consonant, rest) = (code / PER_CONSONANT, code % PER_CONSONANT);
    let vowel = rest / 28;
    let sounds = match (consonant, vowel) {
        (RIEUL, 2 | 6 | 7 | 12 | 17 | 20) | (NIEUN, 6 | 12 | 17 | 20) => IEUNG,
        (RIEUL, _) => NIEUN,
        _ => consonant,
    };
    char::from_u32(u32::from('가') + sounds * PER_CONSONANT + rest).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let value = |text: &str| read_number(text).map(|reading| (reading.value, reading.about));
        assert_eq!(value("24000"), Ok((24000, false)));
        assert_eq!(value("24,000"), Ok((24000, false)));
        assert_eq!(value("２４０００"), Ok((24000, false)));
        assert_eq!(value("24000명"), Ok((24000, false)));
        assert_eq!(value("2만4천"), Ok((24000, false)));
        assert_eq!(value("1만2270개"), Ok((12270, false)));
        assert_eq!(value("1만 2270개"), Ok((12270, false)));
        assert_eq!(value("5만1200"), Ok((51200, false)));
        assert_eq!(value("천2백"), Ok((1200, false)));
        assert_eq!(value("14,700여"), Ok((14700, true)));
        assert_eq!(value("약 1만4700여 개"), Ok((14700, true)));
        assert_eq!(value("1,2345"), Err(BadNumber::Commas));
        assert_eq!(value("2.4만"), Err(BadNumber::Decimal));
        assert_eq!(value("0123"), Err(BadNumber::LeadingZero));
        assert_eq!(value("1e309"), Err(BadNumber::NotANumber));
        assert_eq!(value("9007199254740993"), Err(BadNumber::TooLarge));
        assert_eq!(value("99999999999999999999"), Err(BadNumber::TooLarge));
        assert_eq!(value("만천만"), Err(BadNumber::NotANumber));
        assert_eq!(value(""), Err(BadNumber::Empty));
        assert_eq!(read_won("1,066억").map(|reading| reading.value), Ok(106_600_000_000));
        assert!(!read_number("2만4천").expect("a number").plain);
    }

    #[test]
    fn particles_follow_the_last_sound() {
        assert_eq!(with_particle("광진구", "은/는"), "광진구는");
        assert_eq!(with_particle("사업", "이/가"), "사업이");
        assert_eq!(with_particle("서울", "으로/로"), "서울로");
        assert_eq!(with_particle("2023", "을/를"), "2023을");
        assert_eq!(with_particle("예시(나루)", "과/와"), "예시(나루)와");
    }

    #[test]
    fn names_are_nfc_and_show_everything_they_hold() {
        assert_eq!(canonical_name(" 가 ").as_deref(), Some("가"));
        assert_eq!(canonical_name("\u{1100}\u{1161}").as_deref(), Some("가"));
        assert_eq!(canonical_name("가\u{200b}"), None);
        assert_eq!(canonical_name("  "), None);
    }

    #[test]
    fn resident_numbers_are_seen_by_their_shape() {
        for (text, expected) in [
            ("홍예시 900101-1234567 입니다", true),
            ("９００１０１ 1234567", true),
            ("９００１０１－１２３４５６７", true),
            ("9001011234567", true),
            ("9 0 0 1 0 1 - 1 2 3 4 5 6 7", true),
            ("900101 -- 1234567", true),
            ("900101\u{200b}-\u{2060}1234567", true),
            ("900101\u{2011}1234567", true),
            ("외국인 850615-5123456", true),
            ("외국인 150615-7123456", true),
            ("990101-9123456", true),
            ("990101-0123456", true),
            ("증빙_900101-1234567.pdf", true),
            ("사업번호 20231231-001", false),
            ("901301-1234567", false),
            ("900132-1234567", false),
            // Another number beside it, with a blank between.
            ("26-001-0001 900101-1234567 010-0000-0000", true),
            ("견본000 900101-1234567", true),
            ("900101-1234567 3", true),
            ("1\t900101 1234567\t2", true),
            ("010 1234 5678 270", false),
            ("3 900 101-1234567", false),
            ("19001011234567", false),
            ("90010112345678", false),
            ("010-1234-5678", false),
            ("1990-01-01", false),
            ("", false),
        ] {
            assert_eq!(looks_like_resident_number(text), expected, "{text:?}");
            let refused = refuse_resident_number("remark", text);
            assert_eq!(refused.is_err(), expected, "{text:?}");
            if let Err(refusal) = refused {
                assert_eq!((refusal.code, refusal.field), ("resident-number", Some("remark")));
                assert!(!refusal.message.chars().any(|letter| letter.is_ascii_digit()), "never repeated");
            }
        }
    }

    #[test]
    fn names_compare_as_one_person_writes_them() {
        for (one, other, same) in [
            ("한시범", "한 시범", true),
            ("한시범", "\u{1112}\u{1161}\u{11ab}시범", true),
            ("류예시", "유예시", true),
            ("리견본", "이견본", true),
            ("라보기", "나보기", true),
            ("녀보기", "여보기", true),
            ("선우 예시", "선우예시", true),
            ("O'Brien", "OBRIEN", true),
            ("Nguyễn Thị Ánh", "NGUYEN THI ANH", true),
            ("Đặng", "dang", true),
            ("王小明", "王 小明", true),
            ("김보기", "김보가", false),
            ("예시류", "예시유", false),
        ] {
            assert_eq!(name_to_compare(one) == name_to_compare(other), same, "{one} {other}");
        }
        for (name, expected) in [
            ("한시범", "ㅎㅅㅂ"),
            ("류예시", "ㅇㅇㅅ"),
            ("선우 예시", "ㅅㅇㅇㅅ"),
            ("Nguyễn Thị Ánh", "nta"),
            ("王小明", "王"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
