//! The demo's applicants (시연자료): all invented (예시), the same ones on every machine.
//!
//! Owns: names, birthdays, what each answers, and whose papers stayed away. Does not own: any verdict; the
//! rules find it. What a newcomer gets wrong: names that somebody could have. Every given name here is a
//! word for "example".

use std::collections::BTreeSet;

use iljari_base::{Date, Entropy as _, Failure, Outcome, SeededEntropy, Year};
use iljari_people::residents::NewResident;

use crate::application::{Channel, Consent};
use crate::intake::{Filled, Head, Who};
use crate::model::WorkPlace;

/// Somebody who applies.
#[derive(Clone)]
pub struct Applicant {
    /// What the clerk hands in.
    pub filled: Filled,
    /// Whether everything that the rules ask for was seen. Else her assets could not be looked up.
    pub proven: bool,
}

const FAMILY: [&str; 44] = [
    "가", "강", "고", "공", "곽", "구", "권", "금", "길", "나", "남", "남궁", "노", "도", "독고", "두", "마", "맹",
    "모", "문", "방", "변", "봉", "사", "서문", "선우", "설", "소", "송", "심", "안", "양", "어", "여", "염", "오",
    "왕", "우", "유", "제갈", "주", "차", "하", "황보",
];
const GIVEN: [&str; 11] = ["예시", "보기", "견본", "시범", "시연", "모형", "예문", "예제", "표본", "본보기", "가상"];
/// People who came from elsewhere, by the names that they write.
const WHOLE: [&str; 6] =
    ["응우옌 티 예시", "바트 예시 바야르", "왕 예시", "알렉산드라 예시 김", "소피아 보기", "마리아 견본 산토스"];

/// 85 % of the median income for one to five people, 2026.
const INCOME_LIMIT: [i64; 5] = [2_179_602, 3_569_398, 4_555_180, 5_520_526, 6_423_211];
/// What the rules let a family own.
const ASSETS_LIMIT: i64 = 499_000_000;

/// Why somebody cannot be chosen; most can.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    Nothing,
    Income,
    Assets,
    Elsewhere,
    Unproven,
}

/// The applicants of the large call, in the order in which they come: more than the seats at every place, so that
/// there are reserve lists, and some whom the rules do not let in.
pub fn crowd(places: &[WorkPlace], year: Year) -> Outcome<Vec<Applicant>> {
    let dice = SeededEntropy::new("나루구에서 신청하는 사람들");
    let mut wishes: Vec<(&WorkPlace, Against)> = Vec::new();
    for (nth, place) in places.iter().enumerate() {
        let more = usize::try_from(place.capacity / 6).unwrap_or(0) + nth % 2;
        let eligible = usize::try_from(place.capacity).unwrap_or(0) + more;
        wishes.extend(std::iter::repeat_n((place, Against::Nothing), eligible));
        match nth % 6 {
            0 => wishes.push((place, Against::Income)),
            2 => wishes.push((place, Against::Assets)),
            3 => wishes.push((place, Against::Unproven)),
            5 => wishes.push((place, Against::Elsewhere)),
            _ => {}
        }
    }
    dice.shuffle(&mut wishes);
    let mut known = BTreeSet::new();
    wishes.into_iter().map(|(place, against)| applicant(&dice, place, against, year, &mut known)).collect()
}

fn applicant(
    dice: &SeededEntropy,
    place: &WorkPlace,
    against: Against,
    year: Year,
    known: &mut BTreeSet<(String, Date)>,
) -> Outcome<Applicant> {
    let below = |bound: i64| i64::try_from(dice.below(u64::try_from(bound).unwrap_or(0))).unwrap_or(0);
    let is_young = place.pool == "청년";
    let (name, birth) = loop {
        let age = if is_young { 20 + below(19) } else { 22 + below(56) };
        let day = Date::new(
            year.0.saturating_sub(i16::try_from(age).unwrap_or(0)),
            i8::try_from(1 + below(12)).unwrap_or(1),
            i8::try_from(1 + below(28)).unwrap_or(1),
        );
        let birth = day.ok_or_else(|| Failure::new("a birthday that is none"))?;
        let name = name(dice);
        if known.insert((name.clone(), birth)) {
            break (name, birth);
        }
    };
    let household = 1 + below(5);
    let limit = INCOME_LIMIT.get(usize::try_from(household - 1).unwrap_or(0)).copied().unwrap_or(0);
    let income = match against {
        Against::Income => limit + 100_000 + below(20) * 50_000,
        _ => below(limit / 10_000) * 10_000,
    };
    let assets = match against {
        Against::Assets => ASSETS_LIMIT + 1_000_000 + below(200) * 1_000_000,
        _ => below(ASSETS_LIMIT / 1_000_000) * 1_000_000,
    };
    let leads = household == 1 || below(9) > 0;
    let special = match below(12) {
        0 | 1 => "장애인",
        2 | 3 if leads => "여성세대주",
        4 => "결혼이주여성",
        5 => "취업지원대상자",
        6 if below(3) == 0 => "북한이탈주민",
        _ => "없음",
    };
    let facts = [
        ("나루구민", if against == Against::Elsewhere { "아니오" } else { "예" }.to_owned()),
        ("가구원수", household.to_string()),
        ("가구소득", income.to_string()),
        ("가구재산", assets.to_string()),
        ("세대주", if leads { "예" } else { "아니오" }.to_owned()),
        ("부양가족수", below(household).to_string()),
        ("취약계층", special.to_owned()),
        ("실업개월수", below(25).to_string()),
        ("최근참여횟수", (below(4) / 2).to_string()),
    ];
    let head = if leads {
        Head::Herself
    } else {
        // Somebody of the generation before, whom the register names.
        let born = birth.plus_days(-(9_000 + below(3_000)));
        Head::Other { name: self::name(dice), birth: born }
    };
    let mut consents = vec![Consent::Select, Consent::LookUp];
    consents.extend(Some(Consent::OtherJobs).filter(|_| below(3) > 0));
    consents.extend(Some(Consent::Survey).filter(|_| below(2) > 0));
    let filled = Filled {
        channel: match below(14) {
            0 => Channel::Post,
            1 | 2 => Channel::Phone,
            _ => Channel::Counter,
        },
        dong: place.dong.clone(),
        resident: NewResident {
            name,
            birth,
            phone: None,
            address_dong: Some(place.dong.clone()).filter(|_| against != Against::Elsewhere),
            contact_note: None,
        },
        who: Who::Unsaid,
        head,
        wanted: place.no.clone(),
        facts: facts.map(|(name, text)| (name.to_owned(), text)).to_vec(),
        consents,
        note: String::new(),
        draft: None,
    };
    Ok(Applicant { filled, proven: against != Against::Unproven })
}

fn name(dice: &SeededEntropy) -> String {
    if dice.below(40) == 0 {
        return of(dice, &WHOLE).to_owned();
    }
    format!("{}{}", of(dice, &FAMILY), of(dice, &GIVEN))
}

fn of<'w>(dice: &SeededEntropy, words: &[&'w str]) -> &'w str {
    let bound = u64::try_from(words.len()).unwrap_or(0);
    words.get(usize::try_from(dice.below(bound)).unwrap_or(0)).copied().unwrap_or_default()
}

/// Names, days of birth, wishes and assets of those whose work is over.
pub const EARLIER: [(&str, &str, &str, &str); 8] = [
    ("가예시", "1961-03-02", "1-01", "50000000"),
    ("나예시", "1970-05-05", "1-01", "150000000"),
    ("다예시", "1975-07-07", "1-01", "250000000"),
    ("라예시", "1980-09-09", "1-01", "350000000"),
    ("마예시", "1985-11-11", "1-02", "350000000"),
    ("바예시", "1958-02-28", "1-02", "90000000"),
    ("사예시", "1966-12-01", "1-02", "520000000"),
    ("아예시", "2000-01-01", "2-01", "0"),
];

/// The same of the call that is open today.
pub const OPEN: [(&str, &str, &str, &str); 3] = [
    ("자예시", "1963-04-14", "1-01", "120000000"),
    ("차예시", "1972-08-30", "1-02", "80000000"),
    ("카예시", "1999-06-06", "2-01", "0"),
];

/// What an invented applicant answers to the invented rules; only what she owns differs.
pub fn answers(assets: &str) -> Vec<(String, String)> {
    let answers = [
        ("나루구민", "예"),
        ("가구원수", "2"),
        ("가구소득", "1500000"),
        ("가구재산", assets),
        ("세대주", "예"),
        ("부양가족수", "1"),
        ("취약계층", "없음"),
        ("실업개월수", "7"),
        ("최근참여횟수", "0"),
    ];
    answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()
}

/// An application as a clerk would hand it in: everything answered, nothing optional agreed to, all papers there.
pub fn plain((name, birth, wanted, assets): (&str, &str, &str, &str)) -> Outcome<Applicant> {
    let filled = Filled {
        channel: Channel::Counter,
        dong: "갈대동".to_owned(),
        resident: NewResident {
            name: name.to_owned(),
            birth: birth.parse().map_err(Failure::new)?,
            phone: None,
            address_dong: Some("갈대동".to_owned()),
            contact_note: None,
        },
        who: Who::Unsaid,
        head: Head::Herself,
        wanted: wanted.to_owned(),
        facts: answers(assets),
        consents: vec![Consent::Select, Consent::LookUp],
        note: String::new(),
        draft: None,
    };
    Ok(Applicant { filled, proven: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_apply_than_there_are_seats_and_the_same_people_come_every_time() {
        let places = super::super::places::large().expect("places");
        let crowd = crowd(&places, Year(2026)).expect("a crowd");
        for place in &places {
            let at = crowd.iter().filter(|it| it.filled.wanted == place.no).count();
            assert!(i64::try_from(at).expect("a count") >= place.capacity, "{}: {at}", place.no);
        }
        assert!((400..450).contains(&crowd.len()), "{}", crowd.len());
        assert!(crowd.iter().any(|it| !it.proven));
        let again = super::crowd(&places, Year(2026)).expect("a crowd");
        assert!(crowd.iter().zip(&again).all(|(one, other)| one.filled == other.filled));
        let names: BTreeSet<&str> = crowd.iter().map(|it| it.filled.resident.name.as_str()).collect();
        assert!(names.len() > 200, "{} names", names.len());
        assert!(names.iter().all(|name| GIVEN.iter().any(|word| name.contains(word))), "{names:?}");
    }
}
