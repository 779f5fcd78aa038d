//! The letter for approval (기안문): what an officer pastes into the office's own approval system.
//!
//! Owns: its body and the list of enclosures. Does not own: approval, which happens elsewhere. What
//! a newcomer gets wrong: putting it into a bundle. It asks for the disclosure; it is not disclosed.

use iljari_base::Rate;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::Split;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::ROOT;
use iljari_print::{Block, Document, Letter};

use super::facts::Facts;
use super::{DocumentKind, parts, sums};
use crate::frozen::without_repeats;

/// Composes the letter for a year's disclosure.
pub fn letter(facts: &Facts) -> Document {
    let year = facts.year;
    let title = format!("{year}년 {} 일자리대책 공시 기안문", facts.book.name);
    let stem = format!("기안문-{year}");
    let mut document = Document::new(parts::meta(facts, &title, String::new(), stem));
    document.meta.facts.retain(|fact| fact.label == "알림");
    document.push(Block::Letter(Letter {
        to: "내부결재".to_owned(),
        via: String::new(),
        subject: subject(facts),
        items: items(facts),
        enclosures: enclosures(facts),
        sender: String::new(),
    }));
    document
}

fn subject(facts: &Facts) -> String {
    let what = if facts.corrects.is_some() { "정정 공시" } else { "공시" };
    format!("{}년 {} 일자리대책 추진실적 {what}", facts.year, facts.book.name)
}

fn items(facts: &Facts) -> Vec<String> {
    let year = facts.year;
    let mut items = vec![
        "관련: 고용정책 기본법 제9조의2(지역 일자리 창출대책의 수립 등)".to_owned(),
        format!("{year}년 {} 일자리대책의 추진실적을 붙임과 같이 공시하고자 합니다.", facts.book.name),
    ];
    items.extend(numbers(facts));
    if let Some(corrects) = &facts.corrects {
        let changed = grouped(i64::try_from(without_repeats(&corrects.changed).len()).unwrap_or(i64::MAX));
        items.push(format!(
            "제{}호({}) 공시의 수를 바로잡습니다. 달라진 수는 {changed}개이며 추진실적의 '바로잡은 수'에 앞뒤를 함께 적었습니다.",
            corrects.no,
            corrects.on.korean()
        ));
    }
    items.push("공시 방법: 구 누리집과 지역고용정보네트워크(REIS)에 올립니다.".to_owned());
    items
}

/// `추진실적: 목표 6,024개, 실적 6,133개(달성률 101.8 %)`
fn numbers(facts: &Facts) -> Option<String> {
    let set = sums::summed_set(&facts.book, facts.tree()?)?;
    let goal = facts.book.targets(&set.id, facts.year).in_force()?.count()?;
    let until = facts.until(ROOT, facts.year, Unit::Jobs, &set.fields);
    let until = until.map(|month| format!("{}월까지 ", month.of_year())).unwrap_or_default();
    Some(match facts.actual(ROOT, facts.year, Unit::Jobs, &set.fields).map(Split::total) {
        None => format!("추진실적: 목표 {}개, 실적 미확인", grouped(goal)),
        Some(actual) => {
            let rate = Rate::new(actual, goal).map(|rate| format!("(달성률 {rate})")).unwrap_or_default();
            format!("추진실적: 목표 {}개, {until}실적 {}개{rate}", grouped(goal), grouped(actual))
        }
    })
}

fn enclosures(facts: &Facts) -> Vec<String> {
    DocumentKind::ALL
        .iter()
        .filter(|kind| kind.is_there(facts))
        .map(|kind| match kind {
            DocumentKind::Results => format!("{}년 추진실적 1부", facts.year),
            DocumentKind::YearPlan => format!("{}년 세부계획 1부", facts.year),
            DocumentKind::TermPlan => "종합계획 1부".to_owned(),
        })
        .chain([format!("{}년 총괄표와 사업별 실적(XLSX) 1부", facts.year)])
        .collect()
}

/// The letter as plain text, to be pasted: head, body, enclosures.
pub fn letter_text(document: &Document) -> String {
    let letters = document.blocks.iter().filter_map(|block| match block {
        Block::Letter(letter) => Some(letter),
        _ => None,
    });
    let mut out = String::new();
    for letter in letters {
        let head = [("수신", &letter.to), ("경유", &letter.via), ("제목", &letter.subject)];
        for (label, text) in head.into_iter().filter(|(_, text)| !text.is_empty()) {
            out.push_str(&format!("{label}  {text}\r\n"));
        }
        out.push_str("\r\n");
        for line in letter.lines() {
            out.push_str(&line);
            out.push_str("\r\n");
        }
    }
    out
}
