//! A resident without an account: what is kept of her, and what is read out of forms (pure).
//!
//! Owns: the types, their faults, how a masked name looks. Does not own: rows, keys, the access log.
//! What a newcomer gets wrong: printing a [`Resident`]. It has no `Display` and no `Debug` that tells
//! anything; whoever shows one has opened it with a purpose, and the access log says so.

use std::fmt;
use std::str::FromStr;

use iljari_base::korean::{canonical_name, initials, name_to_compare, refuse_resident_number};
use iljari_base::{Date, Id, Refusal, Timestamp, id};

use crate::model::display_name;

/// Longest phone number as typed, in letters.
const PHONE_LETTERS_MAX: usize = 30;
/// Longest name of a dong, in letters.
const DONG_LETTERS_MAX: usize = 30;
/// Longest note on how to reach somebody, in letters.
const CONTACT_LETTERS_MAX: usize = 300;

/// What a clerk writes down of a resident (새 주민).
#[derive(Clone, PartialEq, Eq)]
pub struct NewResident {
    /// The name as she writes it.
    pub name: String,
    /// Her day of birth.
    pub birth: Date,
    /// Her phone, as typed; nobody needs one.
    pub phone: Option<String>,
    /// The dong she lives in (행정동).
    pub address_dong: Option<String>,
    /// How else to reach her: post, a relative's number, days at home.
    pub contact_note: Option<String>,
}

/// A resident as opened (주민). Read out of the sealed fields; lives as long as one answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Resident {
    /// The internal id.
    pub id: Id<id::Resident>,
    /// The name.
    pub name: String,
    /// The day of birth.
    pub birth: Date,
    /// The phone, as typed.
    pub phone: Option<String>,
    /// The dong.
    pub address_dong: Option<String>,
    /// How else to reach her.
    pub contact_note: Option<String>,
    /// Whether she is protected (보호 대상).
    pub protected: bool,
    /// When she was written down.
    pub since: Timestamp,
}

/// Says only that there is one: nothing personal gets into a log by way of `{:?}`.
impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resident({})", self.id)
    }
}

impl fmt::Debug for NewResident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewResident(…)")
    }
}

impl NewResident {
    /// The same, trimmed and in canonical letters; or every fault, in the order of the form.
    ///
    /// | code | field | when |
    /// | --- | --- | --- |
    /// | `resident-number` | any | something shaped like a resident registration number |
    /// | `name-impossible` | `name` | no letter in it, or more than thirty |
    /// | `birth-impossible` | `birth` | after today, or before 1900 |
    /// | `phone-impossible` | `phone` | fewer than 7 or more than 15 digits, or letters |
    /// | `text-too-long` | `address_dong`, `contact_note` | longer than the field |
    pub(crate) fn checked(self, today: Date) -> Result<Self, Vec<Refusal>> {
        let mut faults = Vec::new();
        for (field, text) in [
            ("name", Some(&self.name)),
            ("phone", self.phone.as_ref()),
            ("address_dong", self.address_dong.as_ref()),
            ("contact_note", self.contact_note.as_ref()),
        ] {
            faults.extend(text.and_then(|text| refuse_resident_number(field, text).err()));
        }
        let mut keep = |read: Result<String, Refusal>| match read {
            Ok(text) => text,
            Err(refusal) => {
                // One fault a field: a resident number is the graver one.
                if !faults.iter().any(|fault| fault.field == refusal.field) {
                    faults.push(refusal);
                }
                String::new()
            }
        };
        let name = keep(display_name(&self.name));
        let phone = filled(self.phone).map(|phone| keep(read_phone(&phone)));
        let mut short = |field, text: Option<String>, most: usize| {
            filled(text).map(|text| {
                keep(if text.chars().count() > most {
                    Err(Refusal::new("text-too-long", "", format!("{most}자까지 적을 수 있습니다.")).at(field))
                } else {
                    Ok(text)
                })
            })
        };
        let address_dong = short("address_dong", self.address_dong, DONG_LETTERS_MAX);
        let contact_note = short("contact_note", self.contact_note, CONTACT_LETTERS_MAX);
        if self.birth > today || self.birth.year().0 < 1900 {
            let message = "생년월일을 확인해 주세요. 1900년 1월 1일부터 오늘까지 적을 수 있습니다.";
            faults.push(Refusal::new("birth-impossible", "", message).at("birth"));
        }
        if faults.is_empty() {
            Ok(Self { name, birth: self.birth, phone, address_dong, contact_note })
        } else {
            let order = ["name", "birth", "phone", "address_dong", "contact_note"];
            faults.sort_by_key(|fault| order.iter().position(|field| fault.field == Some(field)));
            Err(faults)
        }
    }

    /// What the blind index keeps of her: kind and text, before the text becomes a tag. The strongest kind first.
    pub(crate) fn index_texts(&self) -> Vec<(&'static str, String)> {
        let name = name_to_compare(&self.name);
        let mut all = vec![
            (NAME_BIRTH, name_birth(&self.name, self.birth)),
            ("initials-birth", format!("{}|{}", initials(&self.name), self.birth)),
            ("name-year", format!("{name}|{}", self.birth.year())),
        ];
        all.extend(self.phone.as_deref().map(|phone| ("phone", phone_digits(phone))));
        all
    }
}

/// The kind of tag by which somebody is found: the exact name and day of birth, both.
pub(crate) const NAME_BIRTH: &str = "name-birth";

/// The text behind a tag of the kind [`NAME_BIRTH`].
pub(crate) fn name_birth(name: &str, birth: Date) -> String {
    format!("{}|{birth}", name_to_compare(name))
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The digits of a phone, the country code of Korea as the 0 that is dialled here.
pub(crate) fn phone_digits(phone: &str) -> String {
    let digits: String = phone
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect();
    let abroad = phone.trim_start().starts_with('+');
    match digits.strip_prefix("82") {
        Some(rest) if abroad => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

fn read_phone(text: &str) -> Result<String, Refusal> {
    let message = "전화번호를 숫자로 적어 주세요. 예: 010-0000-0000. 전화가 없으면 비워 두어도 됩니다.";
    let refusal = || Refusal::new("phone-impossible", "", message).at("phone");
    // Full-width digits are digits.
    let text = unicode_normalization::UnicodeNormalization::nfkc(text).collect::<String>();
    let text = canonical_name(&text).ok_or_else(refusal)?;
    let shaped =
        text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | '-' | ' ' | '(' | ')' | '.' | '–'));
    let count = text.chars().filter(char::is_ascii_digit).count();
    if shaped && (7..=15).contains(&count) && text.chars().count() <= PHONE_LETTERS_MAX {
        Ok(text)
    } else {
        Err(refusal())
    }
}

/// A name with its middle hidden: `한시범` gives `한○범`, `김보` `김○`, `Nguyễn Thị Ánh` `N○○○○n T○i Á○h`.
pub fn masked_name(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let last = letters.len().saturating_sub(1);
        let hidden = |place: usize| place != 0 && (place != last || letters.len() == 2);
        letters.iter().enumerate().map(|(place, letter)| if hidden(place) { '○' } else { *letter }).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $bad:literal { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $korean:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All, in the order pages list them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word stored and sent in forms.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// The words on pages and in the access log.
            pub fn korean(self) -> &'static str {
                match self { $($name::$variant => $korean,)* }
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                let known = $name::ALL.iter().copied().find(|word| word.code() == text);
                known.ok_or_else(|| Refusal::new($bad, "개인정보 보호법 제3조", "목록에서 하나를 골라 주세요.").at("why"))
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What somebody's record is opened for (열람 목적).
    Purpose, "purpose-unknown" {
        /// Taking in an application.
        Intake = "intake", "접수";
        /// A round of look-ups.
        LookUp = "look-up", "자격 조회";
        /// Going through documents.
        Screening = "screening", "심사";
        /// Ranking and selecting.
        Selection = "selection", "선발";
        /// Calling somebody, sending an answer.
        Contact = "contact", "연락";
        /// Placing, starting, leaving.
        Work = "work", "배치와 근무";
        /// Deciding whether two records are one person.
        Duplicate = "duplicate", "중복 확인";
        /// She asks what is kept of her, or to change or erase it.
        Rights = "rights", "열람·정정·삭제 요구";
    }
}

words! {
    /// Why a record is changed (고치는 까닭).
    ChangeReason, "change-reason-unknown" {
        /// She asks for it (개인정보 보호법 제36조).
        Asked = "asked", "본인이 고쳐 달라고 함";
        /// A document says otherwise.
        Document = "document", "서류를 보고 고침";
        /// She moved, or is reached otherwise now.
        Moved = "moved", "이사하거나 연락처가 바뀜";
        /// It was written down wrongly.
        Slip = "slip", "잘못 적은 것을 고침";
    }
}

words! {
    /// Why a record is erased (지우는 까닭).
    EraseReason, "erase-reason-unknown" {
        /// She asked for it.
        Asked = "asked", "본인이 삭제를 요구함";
        /// The time for which it may be kept is over.
        Retention = "retention", "보유 기간이 끝남";
        /// It should never have been written down.
        Mistake = "mistake", "잘못 등록함";
        /// It had been erased already and came back with a restored backup.
        Restored = "restored", "지운 뒤 백업에서 되살아남";
    }
}

words! {
    /// Why a box of evidence is destroyed (증빙을 없애는 까닭).
    DestroyReason, "destroy-reason-unknown" {
        /// The objection period is over (고용정책 기본법 제13조의4).
        ObjectionsOver = "objections-over", "이의신청 기간이 끝남";
        /// The application was withdrawn.
        Withdrawn = "withdrawn", "신청을 거둠";
        /// Its owner is erased.
        OwnerErased = "owner-erased", "주민 정보를 지움";
        /// It had been destroyed already and came back with a restored backup.
        Restored = "restored", "없앤 뒤 백업에서 되살아남";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn han() -> NewResident {
        NewResident {
            name: "한시범".to_owned(),
            birth: day("1961-03-02"),
            phone: None,
            address_dong: None,
            contact_note: None,
        }
    }

    #[test]
    fn a_form_is_taken_or_all_its_faults_are_told() {
        let some = |text: &str| Some(text.to_owned());
        let rrn = "610302-1234567";
        for (form, expected) in [
            (han(), vec![]),
            (NewResident { name: "Nguyễn Thị Ánh".to_owned(), ..han() }, vec![]),
            (NewResident { name: "王小明".to_owned(), phone: some("+82 10-0000-1111"), ..han() }, vec![]),
            (NewResident { phone: some("02-000-1111"), ..han() }, vec![]),
            (NewResident { phone: some("  "), address_dong: some(" "), ..han() }, vec![]),
            (NewResident { phone: some("０１０－００００－１１１１"), ..han() }, vec![]),
            (NewResident { name: "...".to_owned(), ..han() }, vec![("name", "name-impossible")]),
            (NewResident { name: "😀".to_owned(), ..han() }, vec![("name", "name-impossible")]),
            (NewResident { name: format!("한{rrn}"), ..han() }, vec![("name", "resident-number")]),
            (NewResident { birth: day("2026-11-27"), ..han() }, vec![("birth", "birth-impossible")]),
            (NewResident { birth: day("2026-11-26"), ..han() }, vec![]),
            (NewResident { birth: day("1899-12-31"), ..han() }, vec![("birth", "birth-impossible")]),
            (NewResident { birth: day("1960-02-29"), ..han() }, vec![]),
            (NewResident { phone: some("없음"), ..han() }, vec![("phone", "phone-impossible")]),
            (NewResident { phone: some(rrn), ..han() }, vec![("phone", "resident-number")]),
            (NewResident { contact_note: some(&"가".repeat(301)), ..han() }, vec![("contact_note", "text-too-long")]),
            (
                NewResident {
                    name: " ".to_owned(),
                    birth: day("2027-01-01"),
                    phone: some("x"),
                    contact_note: some(rrn),
                    address_dong: some(&"동".repeat(31)),
                },
                vec![
                    ("name", "name-impossible"),
                    ("birth", "birth-impossible"),
                    ("phone", "phone-impossible"),
                    ("address_dong", "text-too-long"),
                    ("contact_note", "resident-number"),
                ],
            ),
        ] {
            let faults = form.checked(day("2026-11-26")).err().unwrap_or_default();
            let found: Vec<_> = faults.iter().map(|fault| (fault.field.unwrap_or_default(), fault.code)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn phones_compare_by_what_is_dialled() {
        for (typed, expected) in [
            ("010-0000-1111", "01000001111"),
            ("+82 10-0000-1111", "01000001111"),
            ("+82 (0)10 0000 1111", "01000001111"),
            ("82-000-1111", "820001111"),
            ("+84 90 000 1111", "84900001111"),
        ] {
            assert_eq!(phone_digits(typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_masked_name_shows_its_ends() {
        for (name, expected) in [
            ("한시범", "한○범"),
            ("김보", "김○"),
            ("선우 예시", "선○ 예○"),
            ("O'Brien", "O○○○○○n"),
            ("홍", "홍"),
            ("", ""),
        ] {
            assert_eq!(masked_name(name), expected);
        }
    }

    #[test]
    fn nothing_personal_is_told_by_debug() {
        assert!(!format!("{:?}", han()).contains("한시범"));
    }
}
