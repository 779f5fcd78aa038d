//! Letters to words of an expression.

use iljari_base::korean::read_won;

use super::{At, Fault};
use crate::num::Num;

/// A word of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Number(Num),
    Text(String),
    Name(String),
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: &[&str] = &["..", "<=", ">=", "!=", "<", ">", "=", "(", ")", "[", "]", ",", "+", "-", "*"];

/// Longest expression that is read, in characters.
const LENGTH_MAX: usize = 4_000;

pub(super) fn lex(text: &str) -> Result<Vec<(Token, At)>, Fault> {
    let letters: Vec<char> = text.chars().collect();
    let fault = |from: usize, to: usize, ko: &str, en: &str| Fault {
        at: At { from, to },
        found: letters.get(from..to.min(letters.len())).unwrap_or_default().iter().collect(),
        ko: ko.to_owned(),
        en: en.to_owned(),
    };
    if letters.len() > LENGTH_MAX {
        return Err(fault(0, 1, "조건이 너무 깁니다. 여럿으로 나눠 주세요", "the condition is too long; split it"));
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let from = at;
        if letter.is_whitespace() {
            at += 1;
        } else if letter.is_ascii_digit() {
            let (number, to) = number(&letters, at).map_err(|to| {
                fault(from, to, "18, 0.85, 4억9900만원처럼 적은 수", "a number like 18, 0.85 or 4억9900만원")
            })?;
            at = to;
            tokens.push((Token::Number(number), At { from, to }));
        } else if *letter == '"' {
            let length = letters[at + 1..].iter().position(|letter| *letter == '"');
            let Some(length) = length else {
                return Err(fault(from, letters.len(), "닫는 따옴표", "a closing quote"));
            };
            at += length + 2;
            tokens.push((Token::Text(letters[from + 1..at - 1].iter().collect()), At { from, to: at }));
        } else if letter.is_alphabetic() || *letter == '_' {
            while letters.get(at).is_some_and(|letter| letter.is_alphanumeric() || *letter == '_') {
                at += 1;
            }
            tokens.push((Token::Name(letters[from..at].iter().collect()), At { from, to: at }));
        } else {
            let rest: String = letters[at..letters.len().min(at + 2)].iter().collect();
            let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
                return Err(fault(
                    from,
                    from + 1,
                    "이름, 수, 비교 기호 가운데 하나",
                    "a name, a number or an operator",
                ));
            };
            at += sign.len();
            tokens.push((Token::Sign(sign), At { from, to: at }));
        }
    }
    tokens.push((Token::End, At { from: letters.len(), to: letters.len() }));
    Ok(tokens)
}

/// A number from here on and where it ends; where it went wrong otherwise.
fn number(letters: &[char], from: usize) -> Result<(Num, usize), usize> {
    let is_unit = |letter: &char| matches!(letter, '억' | '만' | '천' | '백' | '십');
    let mut to = from;
    while letters.get(to).is_some_and(|letter| letter.is_ascii_digit() || is_unit(letter)) {
        to += 1;
    }
    if letters.get(to) == Some(&'원') {
        to += 1;
    }
    let digits: String = letters[from..to].iter().collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let read = read_won(&digits).map_err(|_| to)?;
        return Ok((Num::whole(read.value), to));
    }
    // `1..4` is a range, `1.5` a decimal.
    let is_decimal = letters.get(to) == Some(&'.') && letters.get(to + 1).is_some_and(char::is_ascii_digit);
    if !is_decimal {
        return digits.parse().map(|value| (Num::whole(value), to)).map_err(|_| to);
    }
    let point = to;
    to += 1;
    while letters.get(to).is_some_and(char::is_ascii_digit) {
        to += 1;
    }
    let scaled: String = letters[from..to].iter().filter(|letter| **letter != '.').collect();
    let decimals = u8::try_from(to - point - 1).map_err(|_| to)?;
    scaled.parse().ok().and_then(|scaled| Num::new(scaled, decimals)).map(|number| (number, to)).ok_or(to)
}
