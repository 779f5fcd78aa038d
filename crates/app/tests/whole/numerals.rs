//! A number that a page says with its counter (`6,570개`, `9곳`, `34,235백만 원`) stands in `<data>`, so
//! that a program can compare it, or there is a reason, and the reason is held to something.

use std::collections::BTreeSet;

use super::numbers::data;
use super::town::{DISTRICTS, Town, district_folder};

/// Why a number may stand as plain text, and what it must still answer to.
struct Reason {
    why: &'static str,
    fits: fn(&Block) -> bool,
    held: Held,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Held {
    /// It stands in the district's plan files, or is a `<data>` of the same page, or the difference of
    /// two of the page's, or their sum where a chart adds parts.
    Known,
    /// It counts things that a reader can count herself; it is no amount of the ledger or the plan.
    Count,
    /// It explains by an example and claims nothing.
    Example,
}

const REASONS: &[Reason] = &[
    Reason {
        why: "a chart and its legend say again what the table beside them says",
        fits: |block| block.inside("svg") || block.inside("ul.legend"),
        held: Held::Known,
    },
    Reason {
        why: "where a year is heading: reckoned from the records and the target, and said to be an expectation",
        fits: |block| block.section("periods") && !block.inside("svg") && !block.inside("table"),
        held: Held::Example,
    },
    Reason {
        why: "what a call offers and asks: places, days, pay and points, as its notice and its frozen rules say them",
        fits: |block| block.path.contains("/calls"),
        held: Held::Count,
    },
    Reason {
        why: "how many programs the five questions answer for",
        fits: |block| block.path.contains("/suitable"),
        held: Held::Count,
    },
    Reason {
        why: "how many: of records, of names, of rows, of announcements",
        fits: |block| {
            let words = ["기록", "전략", "공시를", "자치구", "가지", "줄", "모두 보기", "숫자", "번 있음", "늦은 기재"];
            let counted = words.iter().any(|word| block.text.contains(word));
            let place = ["h1", "h2", "summary", "span.tag", "p.links", "a"].iter().any(|it| block.inside(it));
            (counted && place)
                || block.inside("notice")
                || block.inside("dl.figures")
                || block.section("trust")
                || block.section("key")
                || block.section("unknown")
                || block.text.starts_with("늦은 기재")
                || block.text.starts_with("정정 ")
                || (block.section("facts") && block.path.contains("/disclosures/"))
                || (block.section("log") && block.path.ends_with("/data"))
        },
        held: Held::Count,
    },
    Reason {
        why: "which leaf of how many a receipt proves",
        fits: |block| block.path.contains("/receipts/") && block.text.contains("건 가운데"),
        held: Held::Count,
    },
    Reason {
        why: "a table by 동, as the district's file of results prints it",
        fits: |block| block.within.iter().any(|(_, _, label)| label.starts_with("map-")),
        held: Held::Known,
    },
    Reason {
        why: "how many tables by personal attributes there are, and the rule by which they hide",
        fits: |block| block.text.contains("사람의 속성으로 나눈 표") || block.text.contains("명보다 작은 수는"),
        held: Held::Example,
    },
    Reason {
        why: "examples of the rules of counting, the same on every district's page",
        fits: |block| block.section("twice"),
        held: Held::Example,
    },
    Reason {
        why: "words of the plan and of its sources, quoted as they are",
        fits: |block| {
            let quoted = ["sources", "about", "chapters", "facts", "developments", "statistics", "rates", "published"];
            quoted.iter().any(|id| block.section(id)) || block.section("units")
        },
        held: Held::Known,
    },
    Reason {
        why: "the plan's own summary tables and the funds below a total, as the plan prints them",
        fits: |block| block.section("sums") || block.section("tree"),
        held: Held::Known,
    },
    Reason {
        why: "the name or the definition of a promise",
        fits: |block| {
            block.section("layers") || block.section("years") || block.section("promises") || block.inside("p.eyebrow")
        },
        held: Held::Known,
    },
    Reason {
        why: "an officer's reason for a correction, a press figure as printed, a plan's reason for a change",
        fits: |block| block.section("history") || block.section("entries"),
        held: Held::Known,
    },
    Reason {
        why: "the first sentences of a page say again what the page shows below",
        fits: |block| ["h1", "p.figure", "p.lead", "ul.doors"].iter().any(|it| block.inside(it)),
        held: Held::Known,
    },
];

/// One block of text as a reader sees it; what stands in `<data>` and `<time>` is left out.
#[derive(Debug, Clone)]
struct Block {
    path: String,
    /// The elements around it, outermost first: name, classes, and the heading it is labelled by.
    within: Vec<(String, String, String)>,
    text: String,
}

impl Block {
    /// `p`, or `p.note`; a class alone with its element left out: `notice`.
    fn inside(&self, element: &str) -> bool {
        let (name, class) = element.split_once('.').unwrap_or((element, ""));
        self.within.iter().any(|(known, classes, _)| {
            let has = |class: &str| classes.split(' ').any(|known| known == class);
            (known == name && (class.is_empty() || has(class))) || (class.is_empty() && has(name))
        })
    }

    fn section(&self, id: &str) -> bool {
        self.within.iter().any(|(_, _, label)| label == id)
    }
}

/// Elements that run on inside a line; every other begins a new block.
const INLINE: [&str; 13] =
    ["a", "b", "span", "del", "ins", "em", "strong", "q", "data", "time", "code", "input", "img"];
/// Elements that are never closed.
const VOID: [&str; 7] = ["br", "img", "input", "link", "meta", "path", "rect"];

/// The blocks of a page's body.
fn blocks(path: &str, html: &str) -> Vec<Block> {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut found = Vec::new();
    let mut within: Vec<(String, String, String)> = Vec::new();
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap_or((piece, ""));
        let closing = tag.starts_with('/');
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        if !INLINE.contains(&name.as_str()) && !text.trim().is_empty() {
            let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Block { path: path.to_owned(), within: within.clone(), text: said });
        }
        if !INLINE.contains(&name.as_str()) {
            text.clear();
        }
        if closing {
            while within.pop().is_some_and(|(open, ..)| open != name) {}
        } else if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
            let value = |attribute: &str| {
                let rest = tag.split_once(&format!(" {attribute}=\"")).map(|(_, rest)| rest);
                rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
            };
            within.push((name.clone(), value("class"), value("aria-labelledby")));
        }
        let hidden =
            within.iter().any(|(open, ..)| ["data", "time", "code", "script", "style"].contains(&open.as_str()));
        // A mark in its place keeps the words on both sides apart.
        text.push_str(if hidden { "\u{fffc}" } else { words });
    }
    found
}

const COUNTERS: [&str; 12] = ["개", "명", "건", "원", "만", "억", "백만", "곳", "가지", "줄", "번", "자리"];
/// Words that only begin like a counter.
const NO_COUNTER: [&str; 6] = ["개월", "번째", "번지", "개년", "명절", "원문"];

/// The numerals of a text that have a counter behind them, without their grouping.
fn numerals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (_, from) = rest.split_at(at);
        let end = from.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        rest = after;
        let word = after.trim_start_matches(' ');
        let counts = COUNTERS.iter().any(|counter| word.starts_with(counter));
        if counts && !NO_COUNTER.iter().any(|other| word.starts_with(other)) {
            found.push(digits.trim_end_matches(['.', ',']).replace(',', ""));
        }
    }
    found
}

/// Every numeral of the district's plan files.
fn of_files(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(district_folder(folder)).expect("a folder") {
        let path = file.expect("a file").path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '_' | '.');
        for word in text.split(|c: char| !is_part(c)) {
            let word = word.trim_matches(['.', ',', '_']);
            found.insert(word.replace([',', '_'], ""));
            found.extend(word.split(',').map(ToOwned::to_owned));
        }
    }
    found
}

/// Whether a number is known: see [`Held::Known`].
fn is_known(numeral: &str, files: &BTreeSet<String>, page: &BTreeSet<i64>) -> bool {
    if files.contains(numeral)
        || ["000000", "00000000"].iter().any(|zeros| files.contains(&format!("{numeral}{zeros}")))
    {
        return true;
    }
    let Ok(number) = numeral.parse::<i64>() else { return false };
    let million = number.saturating_mul(1_000_000);
    let here = |wanted: i64| page.contains(&wanted) || page.contains(&-wanted);
    let differs = |wanted: i64| page.iter().any(|one| here(one + wanted) || here(wanted - one));
    here(number) || here(million) || differs(number) || files.contains(&million.to_string())
}

/// The sum of an addition that a sentence spells out, `1,200 + 850`, where every part of it is known.
fn added(text: &str, files: &BTreeSet<String>, page: &BTreeSet<i64>) -> Option<i64> {
    let (_, parts) = text.rsplit_once(": ").filter(|(_, parts)| parts.contains(" + "))?;
    let parts = parts.trim_end_matches('.').split(" + ").map(|part| part.replace(',', ""));
    let known = parts.map(|part| is_known(&part, files, page).then(|| part.parse::<i64>().ok()).flatten());
    known.sum()
}

/// What stands as plain text without a reason, or with one that it does not hold to.
fn loose(path: &str, html: &str, files: &BTreeSet<String>) -> (Vec<String>, Vec<&'static str>) {
    let mut page: BTreeSet<i64> = data(html).iter().filter_map(|(data, _)| data["value"].parse().ok()).collect();
    let (mut wrong, mut used) = (Vec::new(), Vec::new());
    let blocks = blocks(path, html);
    let sums: Vec<i64> = blocks.iter().filter_map(|block| added(&block.text, files, &page)).collect();
    page.extend(sums);
    for block in blocks {
        for numeral in numerals(&block.text) {
            match REASONS.iter().find(|reason| (reason.fits)(&block)) {
                None => wrong.push(format!("{path}: {numeral} in {:?} has no reason", block.text)),
                Some(reason) => {
                    used.push(reason.why);
                    if reason.held == Held::Known && !is_known(&numeral, files, &page) {
                        wrong.push(format!("{path}: nobody gives {numeral} of {:?} ({})", block.text, reason.why));
                    }
                }
            }
        }
    }
    (wrong, used)
}

#[tokio::test]
async fn no_number_with_a_counter_stands_outside_data_without_a_reason() {
    let of_each = DISTRICTS.map(|(code, folder)| (code, of_files(folder)));
    let all: BTreeSet<String> = of_each.iter().flat_map(|(_, files)| files.clone()).collect();
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    let pages = Town::pages_as_seeded().await;
    for (path, html) in pages {
        let code = path.strip_prefix("/districts/").and_then(|rest| rest.get(..5)).unwrap_or_default();
        let files = of_each.iter().find(|(known, _)| *known == code).map_or(&all, |(_, files)| files);
        let (loose, reasons) = loose(path, html, files);
        wrong.extend(loose);
        used.extend(reasons);
    }
    assert!(
        wrong.is_empty(),
        "{} numbers:\n{}",
        wrong.len(),
        wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
    let unused: Vec<_> = REASONS.iter().map(|reason| reason.why).filter(|why| !used.contains(why)).collect();
    assert_eq!(unused, Vec::<&str>::new(), "a reason that nothing needs");

    // Planted faults are found: a number nobody gives, and one in a place that has no reason.
    let files = of_files("gwangjin");
    let home = &pages["/districts/11215"];
    assert_eq!(loose("home", home, &files).0, Vec::<String>::new());
    for (right, wrong) in [("570개 많습니다", "577개 많습니다"), ("</main>", "<p>일자리 6,570개</p></main>")]
    {
        assert!(home.contains(right), "{right}");
        let found = loose("home", &home.replacen(right, wrong, 1), &files).0;
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[test]
fn a_numeral_is_one_only_with_its_counter() {
    assert_eq!(numerals("2025년 일자리 6,570개, 12월 34,235백만 원과 3 명"), ["6570", "34235", "3"]);
    assert_eq!(numerals("10개월 동안 3번째, 79.5 % 제2호 5만1200개"), ["5", "1200"]);
    let found = blocks("/", "<body><p>목표 <b>3</b>개 <data value=\"4\">4</data>개</p><p>곳</p></body>");
    assert_eq!(found.len(), 2);
    assert_eq!(numerals(&found[0].text), ["3"]);
    let files: BTreeSet<String> = ["1200", "850"].map(str::to_owned).into();
    assert_eq!(added("아래의 목표를 더했습니다: 1,200 + 850.", &files, &BTreeSet::new()), Some(2_050));
    assert_eq!(added("아래의 목표를 더했습니다: 1,200 + 851.", &files, &BTreeSet::new()), None);
}
