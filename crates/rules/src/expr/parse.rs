//! Words of an expression to its tree, by descent: or, and, comparison, sum, product, value.

use iljari_base::Date;

use super::lex::{Token, lex};
use super::{Arithmetic, At, Compare, Expr, Fault, Node, Test};

/// Deepest nesting: far more than a person can read.
const DEPTH_MAX: usize = 40;

/// Reads a condition.
pub fn parse_condition(text: &str) -> Result<Expr, Fault> {
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0 };
    let expr = parser.or()?;
    parser.end()?;
    Ok(expr)
}

/// Reads a cell of a table: `<= 18`, `[0..100)`, `"세대주"`, `-`, or several of them between commas.
pub fn parse_test(text: &str) -> Result<Vec<Test>, Fault> {
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0 };
    if parser.takes("-") && parser.peek() == &Token::End {
        return Ok(vec![Test::Anything]);
    }
    parser.next = 0;
    let tests = parser.tests(None)?;
    parser.end()?;
    Ok(tests)
}

struct Parser {
    tokens: Vec<(Token, At)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> At {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(At { from: 0, to: 0 }, |(_, at)| *at)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if there {
            self.next += 1;
        }
        there
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let there = matches!(self.peek(), Token::Name(found) if found == word);
        if there {
            self.next += 1;
        }
        there
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if self.takes(sign) { Ok(()) } else { Err(self.fault(&format!("'{sign}'"), &format!("'{sign}'"))) }
    }

    fn end(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Token::End => Ok(()),
            Token::Sign("=") if self.next > 0 => {
                Err(self.fault("비교 기호 하나(같음은 '=' 하나)", "one operator ('=' once for equal)"))
            }
            _ => Err(self.fault("조건의 끝이나 and, or", "the end of the condition, or and, or")),
        }
    }

    fn fault(&self, ko: &str, en: &str) -> Fault {
        let found = match self.peek() {
            Token::Number(number) => number.to_string(),
            Token::Text(text) => format!("\"{text}\""),
            Token::Name(name) => name.clone(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::End => String::new(),
        };
        Fault { at: self.at(), found, ko: ko.to_owned(), en: en.to_owned() }
    }

    fn spanning(&self, from: At, node: Node) -> Expr {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(from, |(_, at)| *at);
        Expr { node, at: At { from: from.from, to: last.to } }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault("더 얕은 괄호. 조건을 나눠 주세요", "fewer brackets; split the condition"));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn or(&mut self) -> Result<Expr, Fault> {
        self.deeper(|parser| {
            let from = parser.at();
            let mut parts = vec![parser.and()?];
            while parser.takes_word("or") {
                parts.push(parser.and()?);
            }
            Ok(if parts.len() == 1 { parts.remove(0) } else { parser.spanning(from, Node::Or(parts)) })
        })
    }

    fn and(&mut self) -> Result<Expr, Fault> {
        let from = self.at();
        let mut parts = vec![self.comparison()?];
        while self.takes_word("and") {
            parts.push(self.comparison()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { self.spanning(from, Node::And(parts)) })
    }

    fn compare_sign(&mut self) -> Option<Compare> {
        const ALL: [(&str, Compare); 6] = [
            ("=", Compare::Equal),
            ("!=", Compare::Unequal),
            ("<=", Compare::AtMost),
            ("<", Compare::Less),
            (">=", Compare::AtLeast),
            (">", Compare::More),
        ];
        ALL.into_iter().find(|(sign, _)| self.takes(sign)).map(|(_, compare)| compare)
    }

    fn comparison(&mut self) -> Result<Expr, Fault> {
        let from = self.at();
        let left = self.sum()?;
        if let Some(compare) = self.compare_sign() {
            let right = self.sum()?;
            return Ok(self.spanning(from, Node::Compare(compare, Box::new(left), Box::new(right))));
        }
        if self.takes_word("in") {
            let tests = if self.takes("(") {
                let tests = self.tests(Some(")"))?;
                self.expect(")")?;
                tests
            } else {
                vec![self.test()?]
            };
            return Ok(self.spanning(from, Node::In(Box::new(left), tests)));
        }
        if self.takes_word("between") {
            let low = self.sum()?;
            if !self.takes_word("and") {
                return Err(self.fault("'between 작은 값 and 큰 값'의 and", "the and of 'between low and high'"));
            }
            let high = self.sum()?;
            let test = Test::Between { low, low_included: true, high, high_included: true };
            return Ok(self.spanning(from, Node::In(Box::new(left), vec![test])));
        }
        Ok(left)
    }

    fn tests(&mut self, _until: Option<&str>) -> Result<Vec<Test>, Fault> {
        let mut tests = vec![self.test()?];
        while self.takes(",") {
            tests.push(self.test()?);
        }
        Ok(tests)
    }

    fn test(&mut self) -> Result<Test, Fault> {
        if let Some(compare) = self.compare_sign() {
            return Ok(Test::Compare(compare, self.sum()?));
        }
        let start = self.next;
        let opens = if self.takes("[") {
            Some(true)
        } else if self.takes("(") || self.takes("]") {
            Some(false)
        } else {
            None
        };
        if let Some(low_included) = opens {
            let low = self.sum()?;
            if self.takes("..") {
                let high = self.sum()?;
                let high_included = self.takes("]");
                if !high_included && !self.takes(")") && !self.takes("[") {
                    return Err(self.fault("범위를 닫는 ] 나 )", "the ] or ) that closes the range"));
                }
                return Ok(Test::Between { low, low_included, high, high_included });
            }
            self.next = start;
        }
        Ok(Test::Compare(Compare::Equal, self.sum()?))
    }

    fn sum(&mut self) -> Result<Expr, Fault> {
        let from = self.at();
        let mut left = self.product()?;
        loop {
            let how = if self.takes("+") {
                Arithmetic::Add
            } else if self.takes("-") {
                Arithmetic::Sub
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = self.spanning(from, Node::Arithmetic(how, Box::new(left), Box::new(right)));
        }
    }

    fn product(&mut self) -> Result<Expr, Fault> {
        let from = self.at();
        let mut left = self.value()?;
        while self.takes("*") {
            let right = self.value()?;
            left = self.spanning(from, Node::Arithmetic(Arithmetic::Mul, Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    fn value(&mut self) -> Result<Expr, Fault> {
        let from = self.at();
        let token = self.peek().clone();
        match token {
            Token::Number(number) => {
                self.next += 1;
                Ok(self.spanning(from, Node::Number(number)))
            }
            Token::Text(text) => {
                self.next += 1;
                Ok(self.spanning(from, Node::Text(text)))
            }
            Token::Sign("-") => {
                self.next += 1;
                let inner = self.deeper(Self::value)?;
                let zero = Expr { node: Node::Number(crate::num::Num::whole(0)), at: from };
                Ok(self.spanning(from, Node::Arithmetic(Arithmetic::Sub, Box::new(zero), Box::new(inner))))
            }
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.or()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Name(name) => {
                self.next += 1;
                self.name(from, name)
            }
            Token::Sign(_) | Token::End => Err(self.fault("이름이나 값", "a name or a value")),
        }
    }

    fn name(&mut self, from: At, name: String) -> Result<Expr, Fault> {
        match name.as_str() {
            "true" | "false" => return Ok(self.spanning(from, Node::Truth(name == "true"))),
            "and" | "or" | "in" | "between" => {
                self.next -= 1;
                return Err(self.fault("이름이나 값", "a name or a value"));
            }
            _ => {}
        }
        if !self.takes("(") {
            return Ok(self.spanning(from, Node::Name(name)));
        }
        let mut arguments = Vec::new();
        if !self.takes(")") {
            arguments.push(self.or()?);
            while self.takes(",") {
                arguments.push(self.or()?);
            }
            self.expect(")")?;
        }
        match (name.as_str(), arguments.as_slice()) {
            ("not", [_]) => Ok(self.spanning(from, Node::Not(Box::new(arguments.remove(0))))),
            ("date", [Expr { node: Node::Text(text), at }]) => match text.parse::<Date>() {
                Ok(date) => Ok(self.spanning(from, Node::Date(date))),
                Err(_) => Err(Fault {
                    at: *at,
                    found: text.clone(),
                    ko: "달력에 있는 날(2026-01-09)".to_owned(),
                    en: "a day of the calendar (2026-01-09)".to_owned(),
                }),
            },
            _ => Ok(self.spanning(from, Node::Call(name, arguments))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str) -> Node {
        parse_condition(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).node
    }

    fn refuses(text: &str) -> (usize, String) {
        let fault = parse_condition(text).expect_err(text);
        (fault.at.from, fault.found)
    }

    #[test]
    fn what_officers_write_is_read() {
        assert!(matches!(reads("만나이(생년월일, 기준일) >= 18"), Node::Compare(Compare::AtLeast, ..)));
        assert!(matches!(reads("가구소득 <= 기준중위소득(가구원수) * 0.85"), Node::Compare(Compare::AtMost, ..)));
        assert!(
            matches!(reads("재산 <= 4억9900만원 and not(생계급여 = \"받음\")"), Node::And(parts) if parts.len() == 2)
        );
        assert!(matches!(reads("가구원수 in [1..4]"), Node::In(_, tests) if tests.len() == 1));
        assert!(matches!(reads("나이 between 18 and 39 or 병역 = true"), Node::Or(parts) if parts.len() == 2));
        assert!(matches!(reads("유형 in (\"일반형\", \"특화형\")"), Node::In(_, tests) if tests.len() == 2));
        assert!(matches!(reads("생년월일 >= date(\"1965-01-01\")"), Node::Compare(..)));
    }

    #[test]
    fn a_product_binds_closer_than_a_sum_and_both_go_left_to_right() {
        let Node::Arithmetic(Arithmetic::Sub, left, _) = reads("1 + 2 * 3 - 4") else { panic!("not a difference") };
        let Node::Arithmetic(Arithmetic::Add, _, right) = left.node else { panic!("not a sum") };
        assert!(matches!(right.node, Node::Arithmetic(Arithmetic::Mul, ..)));
    }

    #[test]
    fn a_fault_says_where_it_is() {
        assert_eq!(refuses("나이 == 18"), (4, "=".to_owned()));
        assert_eq!(refuses("나이 >="), (5, String::new()));
        assert_eq!(refuses("나이 >= 18 나이"), (9, "나이".to_owned()));
        assert_eq!(refuses("나이 >= @"), (6, "@".to_owned()));
        assert_eq!(refuses("급여 = \"받음"), (5, "\"받음".to_owned()));
        assert_eq!(refuses("생년월일 < date(\"2023-02-29\")").1, "2023-02-29");
        assert!(parse_condition(&"(".repeat(500)).is_err());
    }

    #[test]
    fn cells_of_a_table_are_read() {
        assert_eq!(parse_test("-"), Ok(vec![Test::Anything]));
        assert!(matches!(
            parse_test("(1억원..2억원]").as_deref(),
            Ok([Test::Between { low_included: false, high_included: true, .. }])
        ));
        assert!(matches!(parse_test("<= 1억원").as_deref(), Ok([Test::Compare(Compare::AtMost, _)])));
        assert!(matches!(parse_test("0, 1, >= 3").as_deref(), Ok([_, _, Test::Compare(Compare::AtLeast, _)])));
        assert!(matches!(parse_test("-5").as_deref(), Ok([Test::Compare(Compare::Equal, _)])));
    }
}
