//! How alike two records are, explained as data (짝 점수): pure.
//!
//! Owns: comparing field by field, the weights, the sentence of each line. Does not own: which pairs
//! are compared (the blind index), nor any decision: that is a person's.
//! What a newcomer gets wrong: taking a high score for the answer. Twins with a shared phone score
//! higher than one woman who married and moved. Nothing is merged by itself.

use iljari_base::Date;
use iljari_base::korean::{initials, name_to_compare};

use super::model::{NewResident, phone_digits};

/// How one field of two records compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agreement {
    /// The same, however it was written.
    Same,
    /// Nearly: one letter, one digit, or two parts changed places.
    Near,
    /// Something else.
    Different,
    /// One of the two does not say.
    Unknown,
}

impl Agreement {
    /// The word on pages.
    pub fn korean(self) -> &'static str {
        match self {
            Agreement::Same => "같음",
            Agreement::Near => "비슷함",
            Agreement::Different => "다름",
            Agreement::Unknown => "알 수 없음",
        }
    }
}

/// A field that pairs are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PairField {
    /// The name.
    Name,
    /// The day of birth.
    Birth,
    /// The phone.
    Phone,
    /// The dong.
    Dong,
}

impl PairField {
    /// The word on pages.
    pub fn korean(self) -> &'static str {
        match self {
            PairField::Name => "이름",
            PairField::Birth => "생년월일",
            PairField::Phone => "전화",
            PairField::Dong => "동",
        }
    }
}

/// What each agreement of each field is worth. A phone that differs says little: people change them.
/// What nobody knows is worth nothing, either way.
///
/// | field | same | near | different | unknown |
/// | --- | --- | --- | --- | --- |
/// | 이름 | 6 | 3 | −6 | – |
/// | 생년월일 | 6 | 3 | −6 | – |
/// | 전화 | 5 | – | −1 | 0 |
/// | 동 | 1 | – | −1 | 0 |
pub fn weight(field: PairField, agreement: Agreement) -> i64 {
    match (field, agreement) {
        (PairField::Name | PairField::Birth, Agreement::Same) => 6,
        (PairField::Name | PairField::Birth, Agreement::Near) => 3,
        (PairField::Name | PairField::Birth, Agreement::Different) => -6,
        (PairField::Phone, Agreement::Same) => 5,
        (PairField::Dong, Agreement::Same) => 1,
        (PairField::Phone | PairField::Dong, Agreement::Different) => -1,
        (_, Agreement::Unknown) | (PairField::Phone | PairField::Dong, Agreement::Near) => 0,
    }
}

/// From this score on a person has to look at the pair: a name and a day of birth that nearly agree, with nothing
/// against it but an old phone.
pub const LOOK_AT_FROM: i64 = 8;

/// One line of a pair's score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairLine {
    /// Which field.
    pub field: PairField,
    /// How the two compare.
    pub agreement: Agreement,
    /// What that is worth.
    pub weight: i64,
    /// Why, in words that tell neither value.
    pub sentence: &'static str,
}

/// A pair's score with its reasons (짝 점수).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairScore {
    /// A line a field, in the order of the table.
    pub lines: Vec<PairLine>,
}

impl PairScore {
    /// The sum of all lines.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.weight).sum()
    }

    /// Whether a person has to look at it.
    pub fn wants_a_look(&self) -> bool {
        self.total() >= LOOK_AT_FROM
    }

    /// All in one sentence: `이름 같음(+6), 생년월일 같음(+6), 전화 다름(-1), 동 알 수 없음(0): 모두 11점`.
    pub fn sentence(&self) -> String {
        let line = |line: &PairLine| {
            let sign = if line.weight > 0 { "+" } else { "" };
            format!("{} {}({sign}{})", line.field.korean(), line.agreement.korean(), line.weight)
        };
        let lines: Vec<String> = self.lines.iter().map(line).collect();
        format!("{}: 모두 {}점", lines.join(", "), self.total())
    }
}

/// Compares two records.
pub fn compare(one: &NewResident, other: &NewResident) -> PairScore {
    let line = |field, (agreement, sentence)| PairLine { field, agreement, weight: weight(field, agreement), sentence };
    PairScore {
        lines: vec![
            line(PairField::Name, names(&one.name, &other.name)),
            line(PairField::Birth, births(one.birth, other.birth)),
            line(PairField::Phone, phones(one.phone.as_deref(), other.phone.as_deref())),
            line(PairField::Dong, dongs(one.address_dong.as_deref(), other.address_dong.as_deref())),
        ],
    }
}

fn names(one: &str, other: &str) -> (Agreement, &'static str) {
    let (left, right) = (name_to_compare(one), name_to_compare(other));
    if left == right {
        return if one == other {
            (Agreement::Same, "이름이 글자까지 같습니다.")
        } else {
            (Agreement::Same, "띄어쓰기나 표기만 다른 같은 이름입니다.")
        };
    }
    if one_step_apart(&left, &right) {
        (Agreement::Near, "이름이 한 글자만 다릅니다.")
    } else if initials(one) == initials(other) {
        (Agreement::Near, "이름의 초성이 같습니다.")
    } else {
        (Agreement::Different, "이름이 다릅니다.")
    }
}

/// One letter changed, left out or added. Names of one letter are too short to be nearly another.
fn one_step_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 2 || long.len() - short.len() > 1 {
        return false;
    }
    let ahead = short.iter().zip(&long).take_while(|(one, other)| one == other).count();
    let (rest_short, rest_long) = (&short[ahead..], &long[ahead..]);
    if rest_short.len() == rest_long.len() {
        rest_short.get(1..) == rest_long.get(1..)
    } else {
        *rest_short == rest_long[1..]
    }
}

fn births(one: Date, other: Date) -> (Agreement, &'static str) {
    if one == other {
        return (Agreement::Same, "생년월일이 같습니다.");
    }
    let (left, right) = (one.to_string(), other.to_string());
    let parts = |text: &str| {
        let mut parts: Vec<String> = text.split('-').map(str::to_owned).collect();
        parts[1..].sort();
        parts
    };
    if parts(&left) == parts(&right) {
        (Agreement::Near, "생년월일의 달과 날이 서로 바뀌어 있습니다.")
    } else if left.bytes().zip(right.bytes()).filter(|(one, other)| one != other).count() == 1 {
        (Agreement::Near, "생년월일이 숫자 하나만 다릅니다.")
    } else {
        (Agreement::Different, "생년월일이 다릅니다.")
    }
}

fn phones(one: Option<&str>, other: Option<&str>) -> (Agreement, &'static str) {
    match (one, other) {
        (Some(one), Some(other)) if phone_digits(one) == phone_digits(other) => {
            (Agreement::Same, "전화번호가 같습니다.")
        }
        (Some(_), Some(_)) => (Agreement::Different, "전화번호가 다릅니다. 전화번호는 바뀌기도 합니다."),
        _ => (Agreement::Unknown, "한쪽에 전화번호가 없습니다."),
    }
}

fn dongs(one: Option<&str>, other: Option<&str>) -> (Agreement, &'static str) {
    match (one, other) {
        (Some(one), Some(other)) if name_to_compare(one) == name_to_compare(other) => {
            (Agreement::Same, "사는 동이 같습니다.")
        }
        (Some(_), Some(_)) => (Agreement::Different, "사는 동이 다릅니다. 이사했을 수 있습니다."),
        _ => (Agreement::Unknown, "한쪽에 사는 동이 없습니다."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, birth: &str, phone: Option<&str>, dong: Option<&str>) -> NewResident {
        NewResident {
            name: name.to_owned(),
            birth: birth.parse().expect("a day"),
            phone: phone.map(str::to_owned),
            address_dong: dong.map(str::to_owned),
            contact_note: None,
        }
    }

    /// name, birth, phone, dong; total; looked at or not
    #[test]
    fn pairs_are_scored_by_this_table() {
        use Agreement::{Different, Near, Same, Unknown};
        let han = record("한시범", "1961-03-12", Some("010-0000-1111"), Some("나루1동"));
        for (other, agreements, total, look) in [
            (han.clone(), [Same, Same, Same, Same], 18, true),
            (
                record("한 시범", "1961-03-12", Some("+82 10 0000 1111"), Some("나루1동")),
                [Same, Same, Same, Same],
                18,
                true,
            ),
            (record("한시범", "1961-03-12", None, None), [Same, Same, Unknown, Unknown], 12, true),
            (
                record("한시범", "1961-03-12", Some("010-0000-2222"), Some("나루2동")),
                [Same, Same, Different, Different],
                10,
                true,
            ),
            (record("한시빔", "1961-03-12", None, None), [Near, Same, Unknown, Unknown], 9, true),
            (record("한세범", "1961-03-12", Some("010-0000-2222"), None), [Near, Same, Different, Unknown], 8, true),
            (record("현소봄", "1961-03-12", None, None), [Near, Same, Unknown, Unknown], 9, true),
            (
                record("한세범", "1961-03-12", Some("010-0000-2222"), Some("나루2동")),
                [Near, Same, Different, Different],
                7,
                false,
            ),
            (record("한시범", "1961-12-03", None, None), [Same, Near, Unknown, Unknown], 9, true),
            (record("한시범", "1961-03-17", None, None), [Same, Near, Unknown, Unknown], 9, true),
            (record("한시범", "1971-03-12", Some("010-0000-2222"), None), [Same, Near, Different, Unknown], 8, true),
            (
                record("한시범", "1961-08-25", Some("010-0000-1111"), Some("나루1동")),
                [Same, Different, Same, Same],
                6,
                false,
            ),
            // Man and wife with one phone.
            (
                record("홍예시", "1963-07-01", Some("010-0000-1111"), Some("나루1동")),
                [Different, Different, Same, Same],
                -6,
                false,
            ),
            // Twins: the score is high, the answer is no. A person decides.
            (
                record("한시봄", "1961-03-12", Some("010-0000-1111"), Some("나루1동")),
                [Near, Same, Same, Same],
                15,
                true,
            ),
            (record("김보기", "1961-03-12", None, None), [Different, Same, Unknown, Unknown], 0, false),
        ] {
            let score = compare(&han, &other);
            let found: Vec<Agreement> = score.lines.iter().map(|line| line.agreement).collect();
            assert_eq!(
                (found.as_slice(), score.total(), score.wants_a_look()),
                (agreements.as_slice(), total, look),
                "{}",
                score.sentence()
            );
            assert_eq!(compare(&other, &han), score, "the same from the other side");
        }
    }

    #[test]
    fn the_reasons_are_sentences_without_values() {
        let one = record("한시범", "1961-03-12", Some("010-0000-1111"), None);
        let other = record("한시빔", "1961-12-03", Some("010-0000-2222"), Some("나루1동"));
        let score = compare(&one, &other);
        assert_eq!(score.sentence(), "이름 비슷함(+3), 생년월일 비슷함(+3), 전화 다름(-1), 동 알 수 없음(0): 모두 5점");
        let said: Vec<&str> = score.lines.iter().map(|line| line.sentence).collect();
        assert_eq!(
            said,
            [
                "이름이 한 글자만 다릅니다.",
                "생년월일의 달과 날이 서로 바뀌어 있습니다.",
                "전화번호가 다릅니다. 전화번호는 바뀌기도 합니다.",
                "한쪽에 사는 동이 없습니다."
            ]
        );
    }

    #[test]
    fn one_step_is_one_letter() {
        for (one, other, expected) in [
            ("한시범", "한시봄", true),
            ("한시범", "한시", true),
            ("선우예시", "선예시", true),
            ("김보기", "김기보", false),
            ("한", "홍", false),
            ("한시범", "한시범예시", false),
            ("가나", "다나", true),
        ] {
            assert_eq!(one_step_apart(one, other), expected, "{one} {other}");
            assert_eq!(one_step_apart(other, one), expected, "{other} {one}");
        }
    }
}
