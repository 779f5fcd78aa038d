//! Numbers, rates and money as people write them; every refusal has its own name.

use iljari_base::Won;
use iljari_base::korean::{BadNumber, read_number, read_won};
use iljari_base::quantity::grouped;
use unicode_normalization::UnicodeNormalization;

use super::cx::Cx;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Measure, Percent};
use iljari_authored::Span;
use iljari_authored::{Both, Severity, both};

/// What a rate may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateBound {
    /// A share: 100 % at most.
    Share,
    /// An achievement: may be more.
    Achievement,
}

impl Cx<'_> {
    /// A whole number and whether it is exact.
    pub(crate) fn whole(
        &mut self,
        text: &str,
        span: Span,
        measure: Measure,
        about_allowed: bool,
    ) -> Option<(i64, bool)> {
        if !self.is_ordinary_number(text, span) {
            return None;
        }
        let reading = match read_number(text) {
            Ok(reading) => reading,
            Err(fault) => {
                self.bad_number(text, span, &fault);
                return None;
            }
        };
        if !self.counter_fits(text, span, measure) {
            return None;
        }
        if reading.value < 0 {
            let title = both!("음수가 올 자리가 아닙니다", "no negative number belongs here");
            let todo = both!("모르는 값이면 '자료 없음'이라고 적어 주세요", "write '자료 없음' if it is not known");
            self.refuse(Code::NegativeNumber, span, title, text, todo);
            return None;
        }
        if reading.about && !about_allowed {
            let place = self.place(span);
            let title = both!("어림수(약, 여, 내외)가 올 자리가 아닙니다", "no approximate number belongs here");
            let expected = both!("정확한 수", "an exact number");
            let todo = both!(
                "정확한 목표를 적고, 어림해 적은 말은 '표기'에 남겨 주세요",
                "write the exact target and keep the rounded words in '표기'"
            );
            self.say(Problem::new(Code::AboutNotAllowed, &place, title).found_text(text).expected(expected).todo(todo));
            return None;
        }
        let value = reading.value;
        let without_about = text.trim().trim_start_matches('약').trim();
        if !without_about.bytes().all(|byte| byte.is_ascii_digit()) {
            let shown = grouped(value);
            let title = both!("'{text}'[을/를] {value}[으로/로] 읽었습니다", "'{text}' was read as {value}");
            let todo = both!(
                "맞으면 그대로 두세요({shown}). 숫자만 적으면 이 알림이 없어집니다",
                "leave it if that is right ({shown}); plain digits would be read without a note"
            );
            self.refuse(Code::NumberReading, span, title, text, todo);
        }
        Some((value, !reading.about))
    }

    /// A rate with its percent sign, such as `65.3%`.
    pub(crate) fn percent(&mut self, text: &str, span: Span, bound: RateBound) -> Option<Percent> {
        if !self.is_ordinary_number(text, span) {
            return None;
        }
        let folded: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
        let Some(digits) = folded.strip_suffix('%') else {
            self.rate_without_sign(text, &folded, span);
            return None;
        };
        let signed = digits.starts_with(['+', '-']);
        let Some(percent) =
            read_decimal(digits.trim_start_matches('+')).and_then(|(scaled, decimals)| Percent::new(scaled, decimals))
        else {
            let place = self.place(span);
            let title = both!("'{text}'[을/를] 율로 읽을 수 없습니다", "'{text}' cannot be read as a rate");
            let expected = both!("65.3%처럼 적은 율(소수 넷째 자리까지)", "a rate like 65.3%, four decimals at most");
            self.say(Problem::new(Code::NotANumber, &place, title).found_text(text).expected(expected));
            return None;
        };
        let whole = Percent::new(100, 0).map_or(0, Percent::fine);
        if bound == RateBound::Share && !signed && percent.fine() > whole {
            let tenth = Percent::new(percent.scaled(), percent.decimals() + 1)
                .map(|percent| percent.to_string())
                .unwrap_or_default();
            let title = both!("{percent}[은/는] 100 %를 넘습니다", "{percent} is above 100 %");
            let todo = both!("{tenth}[이/가] 아닌지 봐 주세요", "did you mean {tenth}?");
            self.refuse(Code::RateOver, span, title, text, todo);
            return None;
        }
        if bound == RateBound::Share && !signed && percent.scaled() > 0 && percent.fine() < whole / 100 {
            let hundredfold = hundredfold(percent);
            let title = both!("{percent}[은/는] 1 %보다 작습니다", "{percent} is below 1 %");
            let todo = both!("{hundredfold}[을/를] 뜻했는지 봐 주세요", "did you mean {hundredfold}?");
            let place = self.place(span);
            self.say(
                Problem::new(Code::RateScale, &place, title).found_text(text).todo(todo).weighing(Severity::Warning),
            );
        }
        Some(percent)
    }

    /// `65.3` or `0.653` where `65.3%` was meant: refuse, and offer the reading.
    fn rate_without_sign(&mut self, text: &str, folded: &str, span: Span) {
        let place = self.place(span);
        let expected = both!("65.3%처럼 % 기호를 붙인 율", "a rate with its sign, like 65.3%");
        let reading = read_decimal(folded).and_then(|(scaled, decimals)| Percent::new(scaled, decimals));
        let problem = match reading {
            Some(percent) if percent.scaled() > 0 && percent.fine() <= 10_000 => {
                let meant = hundredfold(percent);
                let title = both!(
                    "'{text}'[은/는] {meant}인지 {percent}인지 알 수 없습니다",
                    "'{text}' may be {meant} or {percent}"
                );
                Problem::new(Code::RateScale, &place, title)
                    .todo(both!("'{meant}'[으로/로] 적어 주세요", "write '{meant}'"))
            }
            Some(percent) => {
                let title = both!("'{text}'에 % 기호가 없습니다", "'{text}' has no percent sign");
                Problem::new(Code::RateScale, &place, title).todo(both!(
                    "'{percent}'[을/를] 뜻했다면 그렇게 적어 주세요",
                    "write '{percent}' if that was meant"
                ))
            }
            None => {
                let title = both!("'{text}'[을/를] 율로 읽을 수 없습니다", "'{text}' cannot be read as a rate");
                Problem::new(Code::NotANumber, &place, title)
            }
        };
        self.say(problem.found_text(text).expected(expected));
    }

    /// Money, exact or about. A bare number counts in `unit` won.
    pub(crate) fn money(&mut self, text: &str, span: Span, unit: Option<i64>) -> Option<(Won, bool)> {
        if !self.is_ordinary_number(text, span) {
            return None;
        }
        let folded: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
        let bare = folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
        let read = if folded.contains('.') {
            read_decimal_won(&folded)
        } else {
            read_won(&folded).map(|reading| (reading.value, !reading.about))
        };
        let (value, exact) = match read {
            Ok(pair) => pair,
            Err(fault) => {
                self.bad_number(text, span, &fault);
                return None;
            }
        };
        if value < 0 {
            let title = both!("금액이 음수입니다", "the amount is negative");
            let todo = both!("모르는 금액이면 '자료 없음'이라고 적어 주세요", "write '자료 없음' if it is not known");
            self.refuse(Code::NegativeNumber, span, title, text, todo);
            return None;
        }
        let won = match (bare, unit) {
            (false, _) => Some(value),
            (true, Some(unit)) => value.checked_mul(unit).filter(|won| *won <= 1_000_000_000_000_000),
            (true, None) => {
                let title = both!("'{text}'의 금액 단위를 알 수 없습니다", "the unit of '{text}' is not known");
                let todo = both!(
                    "파일 머리에 '금액 단위: 백만원'처럼 적거나 '{text}백만원'처럼 적어 주세요",
                    "add '금액 단위: 백만원' to the head of the file, or write '{text}백만원'"
                );
                self.refuse(Code::NoMoneyUnit, span, title, text, todo);
                return None;
            }
        };
        if won.is_none() {
            self.bad_number(text, span, &BadNumber::TooLarge);
        }
        won.map(|won| (Won(won), exact))
    }

    /// Says what is wrong with writings that other programs take for numbers.
    fn is_ordinary_number(&mut self, text: &str, span: Span) -> bool {
        let folded: String =
            text.nfkc().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect();
        let bare = folded.trim_start_matches(['+', '-', '.']);
        let (code, title, todo) = if matches!(bare, "nan" | "inf" | "infinity") {
            (
                Code::NotFinite,
                both!("'{text}'[은/는] 수가 아닙니다", "'{text}' is not a number"),
                both!("모르는 값이면 '자료 없음'이라고 적어 주세요", "write '자료 없음' if it is not known"),
            )
        } else if folded.starts_with("-0") && folded.trim_start_matches(['-', '0', '.', '%']).is_empty() {
            (
                Code::NegativeZero,
                both!("음수 0은 쓰지 않습니다", "negative zero is not used"),
                both!("0으로 적어 주세요", "write 0"),
            )
        } else if is_exponent(&folded) {
            (
                Code::Exponent,
                both!(
                    "'{text}'처럼 지수로 적은 수는 읽지 않습니다",
                    "numbers with an exponent, like '{text}', are not read"
                ),
                both!("숫자를 다 적어 주세요", "write out all digits"),
            )
        } else {
            return true;
        };
        self.refuse(code, span, title, text, todo);
        false
    }

    pub(crate) fn bad_number(&mut self, text: &str, span: Span, fault: &BadNumber) {
        let code = match fault {
            BadNumber::Empty | BadNumber::NotANumber => Code::NotANumber,
            BadNumber::Decimal => Code::DecimalNumber,
            BadNumber::LeadingZero => Code::LeadingZero,
            BadNumber::TooLarge => Code::NumberTooLarge,
            BadNumber::Commas => Code::BadCommas,
        };
        let place = self.place(span);
        let title = both!("'{text}'[을/를] 수로 읽을 수 없습니다", "'{text}' cannot be read as a number");
        let expected = both!("10억까지의 정수", "a whole number up to 1,000,000,000");
        let advice = match fault {
            BadNumber::Empty | BadNumber::NotANumber => "write digits, like 24000",
            BadNumber::Decimal => "write a whole number",
            BadNumber::LeadingZero => "drop the leading zero",
            BadNumber::TooLarge => "the number is too large; look for a slipped digit or unit",
            BadNumber::Commas => "put commas every three digits, or none",
        };
        let ko = match fault {
            BadNumber::Empty | BadNumber::NotANumber => "24000처럼 숫자로 적어 주세요".to_owned(),
            other => other.to_string(),
        };
        let todo = Both { ko, en: advice.to_owned() };
        self.say(Problem::new(code, &place, title).found_text(text).expected(expected).todo(todo));
    }

    /// `500명` does not count `일자리 수`.
    fn counter_fits(&mut self, text: &str, span: Span, measure: Measure) -> bool {
        let counter = ["개", "명", "건", "곳"].into_iter().find(|counter| text.trim_end().ends_with(counter));
        let Some(counter) = counter else { return true };
        if counter == measure.counter() {
            return true;
        }
        let unit = measure.as_str();
        let place = self.place(span);
        let title = both!(
            "'{counter}'[은/는] 단위 '{unit}'[과/와] 맞지 않습니다",
            "the counter '{counter}' does not fit the unit '{unit}'"
        );
        let expected = both!("단위 '{unit}'의 수", "a number of '{unit}'");
        let todo = both!(
            "단위를 고치거나, 다른 것을 센 수라면 목표 묶음을 따로 만들어 주세요",
            "mend the unit, or make a target set of its own for what is counted here"
        );
        self.say(Problem::new(Code::UnitMixed, &place, title).found_text(text).expected(expected).todo(todo));
        false
    }
}

/// `65.3` is (653, 1). Plain decimals only.
fn read_decimal(text: &str) -> Option<(i64, u8)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.replace(',', "");
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty()
        || whole.len() > 7
        || fraction.len() > 4
        || leading_zero
        || !numeric(&whole)
        || !numeric(fraction)
    {
        return None;
    }
    if digits.contains('.') && fraction.is_empty() {
        return None;
    }
    let scaled: i64 = format!("{whole}{fraction}").parse().ok()?;
    Some((sign * scaled, u8::try_from(fraction.len()).ok()?))
}

/// `55.7억`, `약 1.2조원`: a decimal in a unit that makes it whole won.
fn read_decimal_won(folded: &str) -> Result<(i64, bool), BadNumber> {
    let (text, about) = match folded.strip_prefix('약') {
        Some(rest) => (rest, true),
        None => (folded, false),
    };
    let text = text.trim_end_matches('원');
    let end =
        text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ',' | '.')).ok_or(BadNumber::Decimal)?;
    let (digits, word) = text.split_at(end);
    let unit = read_won(&format!("1{word}"))?.value;
    let (scaled, decimals) = read_decimal(digits).ok_or(BadNumber::NotANumber)?;
    let parts = 10_i64.pow(u32::from(decimals));
    let product = scaled.checked_mul(unit).ok_or(BadNumber::TooLarge)?;
    if product % parts != 0 {
        return Err(BadNumber::Decimal);
    }
    Ok((product / parts, !about))
}

fn hundredfold(percent: Percent) -> String {
    let (scaled, decimals) = match percent.decimals() {
        0 => (percent.scaled().saturating_mul(100), 0),
        1 => (percent.scaled().saturating_mul(10), 0),
        more => (percent.scaled(), more - 2),
    };
    Percent::new(scaled, decimals).map(|percent| percent.to_string()).unwrap_or_default()
}

fn is_exponent(folded: &str) -> bool {
    folded.split_once('e').is_some_and(|(mantissa, power)| {
        let digits = |text: &str| {
            text.bytes().any(|byte| byte.is_ascii_digit())
                && text.bytes().all(|byte| byte.is_ascii_digit() || b".+-".contains(&byte))
        };
        digits(mantissa) && digits(power.trim_end_matches('%'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_places() {
        assert_eq!(read_decimal("65.3"), Some((653, 1)));
        assert_eq!(read_decimal("0.653"), Some((653, 3)));
        assert_eq!(read_decimal("100"), Some((100, 0)));
        assert_eq!(read_decimal("065.3"), None);
        assert_eq!(read_decimal("65."), None);
        assert_eq!(hundredfold(Percent::new(653, 3).expect("a rate")), "65.3%");
    }

    #[test]
    fn money_with_a_decimal_must_be_whole_won() {
        assert_eq!(read_decimal_won("55.7억"), Ok((5_570_000_000, true)));
        assert_eq!(read_decimal_won("약1.2조원"), Ok((1_200_000_000_000, false)));
        assert_eq!(read_decimal_won("55.7"), Err(BadNumber::Decimal));
    }
}
