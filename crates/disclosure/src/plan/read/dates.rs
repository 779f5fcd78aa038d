//! Days, months, years and periods as people write them.

use iljari_base::{Date, Month, Period, Year};
use unicode_normalization::UnicodeNormalization;

use super::cx::{Cx, Map};
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::When;
use iljari_authored::Span;
use iljari_authored::{Both, both};
use iljari_authored::{Value, Yaml};

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// 2023-02-29.
    Impossible,
    /// 03/04/05.
    Ambiguous,
    /// 44990, with the day it stands for.
    Spreadsheet(Date),
    /// 5-Mar.
    Unreadable,
}

/// A date and whether it was written the usual way.
fn read_when(text: &str) -> Result<(When, bool), Fault> {
    let folded: String = text.nfkc().collect::<String>().trim().to_owned();
    if let Some(when) = read_iso(&folded)? {
        return Ok((when, true));
    }
    let digits = folded.bytes().all(|byte| byte.is_ascii_digit());
    if digits && folded.len() == 5 {
        let days: i64 = folded.parse().map_err(|_| Fault::Unreadable)?;
        let start = Date::new(1899, 12, 30).ok_or(Fault::Unreadable)?;
        return Err(if (20_000..=80_000).contains(&days) {
            Fault::Spreadsheet(start.plus_days(days))
        } else {
            Fault::Unreadable
        });
    }
    if digits && (folded.len() == 8 || folded.len() == 6) {
        let parts = [&folded[..4], &folded[4..6], &folded[6..]];
        return from_parts(&parts[..if folded.len() == 8 { 3 } else { 2 }]).map(|when| (when, false));
    }
    if folded.contains('/') {
        let parts: Vec<&str> = folded.split('/').map(str::trim).collect();
        let year_first = parts.first().is_some_and(|part| part.len() == 4);
        return if year_first { from_parts(&parts).map(|when| (when, false)) } else { Err(Fault::Ambiguous) };
    }
    // 2023년 3월 5일, 2023. 3. 5., 23.3.5: year first, whatever stands between.
    let parts: Vec<&str> =
        folded.split(['년', '월', '일', '.']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let korean = folded.contains(['년', '.']);
    if !korean {
        return Err(Fault::Unreadable);
    }
    // Written out in full there is nothing to be noted.
    let in_full = folded.contains('년') && parts.first().is_some_and(|year| year.len() == 4);
    from_parts(&parts).map(|when| (when, in_full))
}

/// `2023-03-05`, `2023-03`, `2023`; `None` for another shape.
fn read_iso(text: &str) -> Result<Option<When>, Fault> {
    let parts: Vec<&str> = text.split('-').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    match (digits, widths.as_slice()) {
        (true, [4] | [4, 2] | [4, 2, 2]) => from_parts(&parts).map(Some),
        (true, [4, _] | [4, _, _]) => from_parts(&parts).map(Some),
        (true, [_, _, _]) => Err(Fault::Ambiguous),
        _ => Ok(None),
    }
}

fn from_parts(parts: &[&str]) -> Result<When, Fault> {
    let number = |text: &str| -> Result<i16, Fault> {
        let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().map_err(|_| Fault::Unreadable) } else { Err(Fault::Unreadable) }
    };
    let small = |text: &str| number(text).and_then(|number| i8::try_from(number).map_err(|_| Fault::Impossible));
    let year = |text: &str| match (text.len(), number(text)?) {
        (4, year) if (1900..=2200).contains(&year) => Ok(year),
        (2, year) => Ok(2000 + year),
        _ => Err(Fault::Impossible),
    };
    match parts {
        [one] => Ok(When::Year(Year(year(one)?))),
        [one, two] => Month::new(year(one)?, small(two)?).map(When::Month).ok_or(Fault::Impossible),
        [one, two, three] => Date::new(year(one)?, small(two)?, small(three)?).map(When::Day).ok_or(Fault::Impossible),
        _ => Err(Fault::Unreadable),
    }
}

/// First and last month of a day, month or year.
pub(crate) fn extent(when: When) -> (Month, Month) {
    match when {
        When::Year(year) => (year.period().first(), year.period().last()),
        When::Month(month) => (month, month),
        When::Day(date) => (date.month(), date.month()),
    }
}

impl Cx<'_> {
    /// A day, month or year.
    pub(crate) fn when(&mut self, node: &Yaml) -> Option<When> {
        let text = self.text(node)?;
        self.when_text(&text, node.span, true)
    }

    /// The day, month or year of a key, if it is there.
    pub(crate) fn when_of(&mut self, map: &Map<'_>, key: &str) -> Option<When> {
        let node = map.get(key)?;
        self.when(node)
    }

    fn when_text(&mut self, text: &str, span: Span, note: bool) -> Option<When> {
        match read_when(text) {
            Ok((when, plain)) => {
                if note && !plain {
                    self.date_note(text, span, &when.korean(), &when.to_string());
                }
                Some(when)
            }
            Err(fault) => {
                self.date_fault(text, span, &fault);
                None
            }
        }
    }

    fn date_note(&mut self, text: &str, span: Span, ko: &str, iso: &str) {
        let title = both!("'{text}'[을/를] {ko}[으로/로] 읽었습니다", "'{text}' was read as {iso}");
        let todo = both!(
            "맞으면 그대로 두세요. '{iso}'[으로/로] 적으면 이 알림이 없어집니다",
            "leave it if that is right; '{iso}' would be read without a note"
        );
        self.refuse(Code::DateReading, span, title, text, todo);
    }

    fn date_fault(&mut self, text: &str, span: Span, fault: &Fault) {
        let form = both!("2023-03-05, 2023-03, 2023년 3월 5일처럼", "like 2023-03-05, 2023-03 or 2023년 3월 5일");
        let (code, title, todo) = match fault {
            Fault::Impossible => (
                Code::ImpossibleDate,
                both!("'{text}'[은/는] 달력에 없는 날입니다", "'{text}' is not in the calendar"),
                both!(
                    "연·월·일을 다시 봐 주세요. 2월은 윤년이 아니면 28일까지입니다",
                    "look at year, month and day again; February has 28 days outside leap years"
                ),
            ),
            Fault::Ambiguous => (
                Code::AmbiguousDate,
                both!("'{text}'[은/는] 여러 날로 읽힙니다", "'{text}' can be read as several days"),
                both!(
                    "연도를 네 자리로 앞에 적어 주세요(2023-03-05)",
                    "write the year first, with four digits (2023-03-05)"
                ),
            ),
            Fault::Spreadsheet(date) => (
                Code::SpreadsheetDate,
                both!(
                    "'{text}'[은/는] 표 계산 프로그램의 날짜 번호로 보입니다",
                    "'{text}' looks like a spreadsheet's day number"
                ),
                both!("{date}[을/를] 뜻했다면 그렇게 적어 주세요", "write {date} if that was meant"),
            ),
            Fault::Unreadable => (
                Code::NotADate,
                both!("'{text}'[을/를] 날짜로 읽을 수 없습니다", "'{text}' cannot be read as a date"),
                both!("2023-03-05처럼 적어 주세요", "write it like 2023-03-05"),
            ),
        };
        let place = self.place(span);
        self.say(Problem::new(code, &place, title).found_text(text).expected(form).todo(todo));
    }

    /// A year, from a key or a value.
    pub(crate) fn year_text(&mut self, text: &str, span: Span) -> Option<Year> {
        match self.when_text(text.trim_end_matches("년도"), span, false)? {
            When::Year(year) => Some(year),
            When::Month(_) | When::Day(_) => {
                self.date_fault(text, span, &Fault::Unreadable);
                None
            }
        }
    }

    /// A period: `2022-01 ~ 2022-09`, `2023`, `2023~2026`, `2022년 1~9월`, `{처음, 끝}`.
    pub(crate) fn period(&mut self, node: &Yaml) -> Option<Period> {
        if let Value::Map(_) = node.value {
            let map = self.map(node, &["처음", "끝"])?;
            let first = self.required(&map, "처음");
            let last = self.required(&map, "끝");
            let first = first.and_then(|node| self.when(node));
            let last = last.and_then(|node| self.when(node));
            return self.checked_period(first?, last?, node.span, "");
        }
        let text = self.text(node)?;
        let folded: String = text.nfkc().collect();
        let pieces: Vec<&str> = folded.split(['~', '∼', '〜']).map(str::trim).collect();
        let year_pair = folded.len() == 9 && folded.as_bytes().get(4) == Some(&b'-');
        match pieces.as_slice() {
            [one] if year_pair => {
                let first = self.when_text(&one[..4], node.span, false)?;
                let last = self.when_text(&one[5..], node.span, false)?;
                self.checked_period(first, last, node.span, &text)
            }
            [one] => {
                let when = self.when_text(one, node.span, false)?;
                self.checked_period(when, when, node.span, &text)
            }
            [one, two] => {
                // '2022년 1~9월': the first month has lost its 월, the last its year.
                let month_of_year = two.strip_suffix('월').filter(|digits| digits.len() <= 2);
                let (one, two) = match (month_of_year, one.split_once('년')) {
                    (Some(last), Some((year, first))) => {
                        (format!("{year}년 {}월", first.trim().trim_end_matches('월')), format!("{year}년 {last}월"))
                    }
                    _ => ((*one).to_owned(), (*two).to_owned()),
                };
                let first = self.when_text(&one, node.span, false)?;
                let last = self.when_text(&two, node.span, false)?;
                self.checked_period(first, last, node.span, &text)
            }
            _ => {
                self.date_fault(&text, node.span, &Fault::Unreadable);
                None
            }
        }
    }

    pub(crate) fn checked_period(&mut self, first: When, last: When, span: Span, text: &str) -> Option<Period> {
        let (start, end) = (extent(first).0, extent(last).1);
        let period = Period::new(start, end);
        if period.is_none() {
            let title: Both = both!(
                "기간이 거꾸로입니다(처음 {start}, 끝 {end})",
                "the period ends ({end}) before it begins ({start})"
            );
            let todo = both!("처음과 끝을 바꿔 적지 않았는지 봐 주세요", "look whether first and last changed places");
            self.refuse(Code::PeriodReversed, span, title, text, todo);
        }
        period
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them_and_refused_by_name() {
        let ok = |text: &str| read_when(text).map(|(when, plain)| (when.to_string(), plain));
        let read = |text: &str, plain: bool| Ok((text.to_owned(), plain));
        assert_eq!(ok("2023-03-05"), read("2023-03-05", true));
        assert_eq!(ok("2023-03"), read("2023-03", true));
        assert_eq!(ok("2023"), read("2023", true));
        assert_eq!(ok("2023년 3월"), read("2023-03", true));
        assert_eq!(ok("2023년 3월 5일"), read("2023-03-05", true));
        assert_eq!(ok("2023. 3. 5."), read("2023-03-05", false));
        assert_eq!(ok("20230305"), read("2023-03-05", false));
        assert_eq!(ok("23.3.5"), read("2023-03-05", false));
        assert_eq!(ok("2023-02-29"), Err(Fault::Impossible));
        assert_eq!(ok("2023-13"), Err(Fault::Impossible));
        assert_eq!(ok("03/04/05"), Err(Fault::Ambiguous));
        assert_eq!(ok("5-Mar"), Err(Fault::Unreadable));
        assert_eq!(ok("작년"), Err(Fault::Unreadable));
        let day = Date::new(2023, 3, 5).expect("a day");
        assert_eq!(ok("44990"), Err(Fault::Spreadsheet(day)));
    }
}
