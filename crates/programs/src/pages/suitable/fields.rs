//! A question as a field, and a field as an answer.
//!
//! Owns: reading what was sent and showing it again. Does not own: what an answer means. What a newcomer gets
//! wrong: showing a refused number again. What looks like a resident number goes back to nobody, its writer
//! included.

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Date, Month};
use iljari_rules::Value;
use iljari_rules::value::Kind;
use iljari_web::{Choice, Typed};

use crate::suitable::{Answer, Question};
use crate::words::Lang;

/// What is sent for ‘잘 모르겠습니다’.
pub(super) const UNSURE: &str = "?";
/// What is sent for ‘해당하는 것이 없습니다’, as rule files write it.
const NONE: &str = "없음";
/// A number with so many digits is none of an income or of a property.
const DIGITS_MAX: usize = 12;
/// Nobody who asks was born earlier.
const BORN_FROM: i16 = 1900;

/// A question as it stands on the page.
pub(super) struct Field {
    pub id: String,
    pub legend: String,
    /// The rules' own words under a translation; empty where there is none.
    pub original: String,
    pub hint: String,
    pub kind: &'static str,
    pub unit: String,
    pub choices: Vec<Choice>,
    pub text: String,
    pub parts: [String; 3],
    pub is_unsure: bool,
    pub error: String,
}

/// What is wrong with a field: the key of the sentence.
pub(super) type Fault = &'static str;

impl Field {
    /// The question in a language, with what was sent.
    pub(super) fn of(question: &Question, lang: Lang, typed: &Typed, fault: Option<Fault>) -> Self {
        let words = lang.words();
        let translated = words.question(&question.name);
        let sent = typed.all(&question.name);
        let unsure = || Choice::new(UNSURE, words.say("unsure"));
        let option = |word: &String| match words.option(word) {
            Some(translated) => Choice::new(word, format!("{translated} ({word})")),
            None => Choice::new(word, word),
        };
        let (kind, choices) = match &question.kind {
            Kind::Date => ("date", Vec::new()),
            Kind::Number | Kind::Won => ("number", Vec::new()),
            Kind::Yes => {
                let yes_or_no = [("예", words.say("yes")), ("아니오", words.say("no"))];
                (
                    "radio",
                    yes_or_no.map(|(value, label)| Choice::new(value, label)).into_iter().chain([unsure()]).collect(),
                )
            }
            Kind::One(all) => ("radio", all.iter().map(option).chain([unsure()]).collect()),
            Kind::Any(all) => {
                let none = Choice::new(NONE, words.say("none"));
                ("checkbox", all.iter().map(option).chain([none, unsure()]).collect())
            }
        };
        // A day that comes back from the result page is one text; it is taken apart again.
        let whole: Vec<&str> =
            sent.first().filter(|text| **text != UNSURE).into_iter().flat_map(|text| text.split('-')).collect();
        let part = |place: usize, ending: &str| {
            let own = typed.get(&format!("{}.{ending}", question.name));
            let text = if own.is_empty() { whole.get(place).copied().unwrap_or_default() } else { own };
            text.to_owned()
        };
        let is_secret = fault == Some("fault-resident-number");
        let text = sent.iter().find(|text| **text != UNSURE).copied().unwrap_or_default();
        Self {
            id: question.name.clone(),
            legend: translated.unwrap_or(&question.text).to_owned(),
            original: if translated.is_some() && lang.is_foreign() { question.text.clone() } else { String::new() },
            hint: match question.kind {
                Kind::Won => words.say("hint-won").to_owned(),
                Kind::Any(_) => words.say("hint-any").to_owned(),
                _ => String::new(),
            },
            kind,
            unit: if question.kind == Kind::Won { "원".to_owned() } else { question.unit.clone() },
            choices: Choice::mark(choices, &sent),
            text: if is_secret { String::new() } else { text.to_owned() },
            parts: if is_secret { <[String; 3]>::default() } else { [part(0, "y"), part(1, "m"), part(2, "d")] },
            is_unsure: sent.contains(&UNSURE),
            error: fault.map(|fault| words.say(fault).to_owned()).unwrap_or_default(),
        }
    }
}

/// Reads the answer to a question, or says what is wrong with it. An empty field is ‘잘 모르겠습니다’.
pub(super) fn read(question: &Question, typed: &Typed, today: Date) -> Result<Answer, Fault> {
    let sent: Vec<&str> =
        typed.all(&question.name).into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
    let parts: Vec<&str> =
        ["y", "m", "d"].map(|ending| typed.get(&format!("{}.{ending}", question.name)).trim()).into();
    for text in sent.iter().chain(&parts) {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if looks_like_resident_number(text) || digits > DIGITS_MAX {
            return Err("fault-resident-number");
        }
    }
    if sent.contains(&UNSURE) {
        return Ok(Answer::NotKnown);
    }
    match &question.kind {
        Kind::Date => {
            if sent.is_empty() && parts.iter().all(|part| part.is_empty()) {
                return Ok(Answer::NotKnown);
            }
            let day = match sent.first() {
                Some(text) => text.parse().ok(),
                None => day_of(&parts),
            };
            day.filter(|day| day.year().0 >= BORN_FROM && *day <= today)
                .map(|day| Answer::Known(Value::Date(day)))
                .ok_or("fault-date")
        }
        _ if sent.is_empty() => Ok(Answer::NotKnown),
        Kind::Number | Kind::Won => match question.kind.read(sent.first().copied().unwrap_or_default()) {
            Ok(value @ Value::Number(number)) if number >= iljari_rules::num::Num::whole(0) => Ok(Answer::Known(value)),
            _ => Err("fault-number"),
        },
        Kind::Any(_) if sent.contains(&NONE) && sent.len() > 1 => Err("fault-none-and-some"),
        kind => kind.read(&sent.join(",")).map(Answer::Known).map_err(|_| "fault-choice"),
    }
}

fn day_of(parts: &[&str]) -> Option<Date> {
    let number = |place: usize| parts.get(place).and_then(|part| part.parse::<i16>().ok());
    let month = Month::new(number(0)?, i8::try_from(number(1)?).ok()?)?;
    Date::new(month.year().0, month.of_year(), i8::try_from(number(2)?).ok()?)
}

/// An answer as it goes along in the next form, and nowhere else.
pub(super) fn carried(answer: &Answer) -> String {
    match answer {
        Answer::Known(value) => value.text(false),
        Answer::NotKnown => UNSURE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kind: Kind, typed: Typed) -> Result<Answer, Fault> {
        let question = Question { name: "답".to_owned(), text: "물음".to_owned(), kind, unit: String::new() };
        read(&question, &typed, "2026-11-26".parse().expect("a day"))
    }

    fn words() -> Vec<String> {
        vec!["가".to_owned(), "나".to_owned()]
    }

    fn day(year: &str, month: &str, day: &str) -> Typed {
        Typed::new().with("답.y", year).with("답.m", month).with("답.d", day)
    }

    #[test]
    fn an_answer_is_read_as_its_kind_and_nothing_is_not_known() {
        let one = |text: &str| Typed::new().with("답", text);
        let birth = Answer::Known(Value::Date("1961-05-08".parse().expect("a day")));
        let rows: Vec<(Kind, Typed, Result<Answer, Fault>)> = vec![
            (Kind::Date, day("1961", "5", "8"), Ok(birth.clone())),
            (Kind::Date, one("1961-05-08"), Ok(birth)),
            (Kind::Date, day("", "", ""), Ok(Answer::NotKnown)),
            (Kind::Date, day("1961", "5", "8").with("답", UNSURE), Ok(Answer::NotKnown)),
            (Kind::Date, day("1961", "2", "30"), Err("fault-date")),
            (Kind::Date, day("1961", "", ""), Err("fault-date")),
            (Kind::Date, day("2026", "11", "27"), Err("fault-date")),
            (Kind::Date, day("1899", "12", "31"), Err("fault-date")),
            (Kind::Date, day("9001011234567", "1", "1"), Err("fault-resident-number")),
            (Kind::Yes, one("예"), Ok(Answer::Known(Value::Yes(true)))),
            (Kind::Yes, one("글쎄"), Err("fault-choice")),
            (Kind::Yes, Typed::new(), Ok(Answer::NotKnown)),
            (Kind::Won, one("217만"), Ok(Answer::Known(Kind::Won.read("2170000").expect("won")))),
            (Kind::Won, one("-1"), Err("fault-number")),
            (Kind::Won, one("900101-1234567"), Err("fault-resident-number")),
            (Kind::Number, one("1234567890123"), Err("fault-resident-number")),
            (Kind::Number, one("많이"), Err("fault-number")),
            (Kind::Number, one("3").with("답", UNSURE), Ok(Answer::NotKnown)),
            (Kind::One(words()), one("나"), Ok(Answer::Known(Value::Word("나".to_owned())))),
            (Kind::One(words()), one("다"), Err("fault-choice")),
            (Kind::Any(words()), one(NONE), Ok(Answer::Known(Value::Words([].into())))),
            (
                Kind::Any(words()),
                one("가").with("답", "나"),
                Ok(Answer::Known(Value::Words(words().into_iter().collect()))),
            ),
            (Kind::Any(words()), one(NONE).with("답", "나"), Err("fault-none-and-some")),
        ];
        for (kind, typed, expected) in rows {
            assert_eq!(ask(kind, typed.clone()), expected, "{typed:?}");
        }
    }

    #[test]
    fn what_is_carried_along_reads_as_the_same_answer() {
        for (kind, text) in [
            (Kind::Date, "1961-05-08"),
            (Kind::Yes, "아니오"),
            (Kind::Won, "4억9900만원"),
            (Kind::Number, "3"),
            (Kind::One(words()), "가"),
            (Kind::Any(words()), "가,나"),
            (Kind::Any(words()), NONE),
        ] {
            let answer = Answer::Known(kind.read(text).expect("a value"));
            assert_eq!(ask(kind, Typed::new().with("답", carried(&answer))), Ok(answer), "{text}");
        }
        assert_eq!(ask(Kind::Yes, Typed::new().with("답", carried(&Answer::NotKnown))), Ok(Answer::NotKnown));
    }

    #[test]
    fn what_looks_like_a_resident_number_is_not_shown_again() {
        let question =
            Question { name: "답".to_owned(), text: "얼마".to_owned(), kind: Kind::Won, unit: String::new() };
        let typed = Typed::new().with("답", "900101-1234567");
        let field = Field::of(&question, Lang::Ko, &typed, Some("fault-resident-number"));
        assert_eq!((field.text.as_str(), field.parts), ("", <[String; 3]>::default()));
        assert!(!field.error.is_empty());
    }
}
