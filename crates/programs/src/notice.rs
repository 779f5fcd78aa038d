//! The notice as a document, a feed and a calendar (공고문, 소식, 달력).
//!
//! Owns: what stands in each. Does not own: the formats of documents (`print`). What a newcomer gets wrong:
//! the instants in a feed. They are those of the acts, so that the same data gives the same bytes.

use iljari_base::{Date, Timestamp};
use iljari_print::model::{Block, Cell, Column, Document, Fact, Meta, Row, Table};
use iljari_rules::RuleSet;
use iljari_web::feed::{Feed, FeedEntry};

use crate::model::{Call, CallState, LAST_TIE, Pool, WorkPlace};
use crate::pages::call::facts;

/// Everything a notice is made from.
pub struct Notice<'n> {
    /// The call.
    pub call: &'n Call,
    /// Its rules, opened.
    pub rules: &'n RuleSet,
    /// Its pools.
    pub pools: &'n [Pool],
    /// Its places.
    pub places: &'n [WorkPlace],
    /// The district's name.
    pub issuer: &'n str,
    /// Whether it is invented.
    pub is_sample: bool,
}

/// The day a call was published; the day it was drafted before that.
pub fn published_on(call: &Call) -> Date {
    published_at(call).seoul_date()
}

fn published_at(call: &Call) -> Timestamp {
    match call.state {
        CallState::Published { at, .. } => at,
        _ => call.drafted_at,
    }
}

/// The rules that decide between equal points, in their order, the published last one included.
pub fn ties(rules: &RuleSet) -> Vec<String> {
    rules.ties.iter().map(|tie| tie.name.clone()).chain([LAST_TIE.to_owned()]).collect()
}

/// The reserve list in words (예비자).
pub fn limits(rules: &RuleSet) -> Vec<String> {
    use iljari_rules::model::LimitKind;
    let text = |limit: &iljari_rules::model::Limit| match limit.kind {
        LimitKind::PerHousehold(most) => format!("한 세대에서 {most}명까지 신청할 수 있습니다({}).", limit.basis),
        LimitKind::Rounds { times, months } => {
            format!("지난 {months}개월 안에 이번까지 {times}번까지 참여할 수 있습니다({}).", limit.basis)
        }
    };
    rules.limits.iter().map(text).collect()
}

/// A row of a score table as people say it: `1억원 초과 2억원 이하` for `(1억원..2억원]`.
pub fn bracket(label: &str) -> String {
    for (sign, word) in [("<=", "이하"), (">=", "이상"), ("<", "미만"), (">", "초과")] {
        if let Some(bound) = label.strip_prefix(sign) {
            return format!("{} {word}", bound.trim());
        }
    }
    let Some((low, high)) = label.split_once("..") else { return label.to_owned() };
    let lower = [('(', "초과"), ('[', "이상")].iter().find_map(|(sign, word)| Some((low.strip_prefix(*sign)?, word)));
    let upper = [(')', "미만"), (']', "이하")].iter().find_map(|(sign, word)| Some((high.strip_suffix(*sign)?, word)));
    match (lower, upper) {
        (Some((low, over)), Some((high, under))) => format!("{} {over} {} {under}", low.trim(), high.trim()),
        _ => label.to_owned(),
    }
}

/// The notice as a document.
pub fn document(notice: &Notice<'_>) -> Document {
    let call = notice.call;
    let stem = format!("모집공고-{}", call.no);
    let year = call.terms.first_month().year();
    let mut meta = Meta::new(&call.terms.title, notice.issuer, year, published_on(call), stem);
    meta.draft = !call.is_public();
    meta.sample = notice.is_sample;
    meta.facts = facts(call).into_iter().map(|(label, text)| Fact::new(label, text)).collect();
    meta.facts.push(Fact::new("규칙 확인값", call.rules.sha256()));
    let mut document = Document::new(meta);
    let chapter = |text: &str| Block::Heading { level: 1, text: text.to_owned() };
    if !call.terms.body.is_empty() {
        document.push(Block::Paragraph(call.terms.body.clone()));
    }
    document.push(chapter("자리"));
    document.push(Block::Table(places(notice)));
    document.push(chapter("신청할 수 있는 사람"));
    document.push(Block::List(notice.rules.clauses.iter().map(|clause| clause.name.clone()).collect()));
    let limits = limits(notice.rules);
    if !limits.is_empty() {
        document.push(Block::List(limits));
    }
    document.push(chapter("필요한 서류"));
    document.push(Block::List(call.terms.documents.clone()));
    document.push(chapter("점수"));
    if notice.rules.scores_are_sample {
        document.push(Block::Note("이 배점표는 예시입니다. 실제 배점이 아닙니다.".to_owned()));
    }
    document.push(Block::Table(scores(notice.rules)));
    document.push(chapter("점수가 같을 때"));
    document.push(Block::List(ties(notice.rules)));
    document
}

fn places(notice: &Notice<'_>) -> Table {
    let mut table = Table::new("places", "사업번호별 자리")
        .unit("명")
        .column(Column::text("no", "사업번호").heads_rows().narrow())
        .column(Column::text("name", "하는 일").wide())
        .column(Column::text("site", "일하는 곳").wide())
        .column(Column::text("area", "분야"))
        .column(Column::text("pool", "모집 구분"))
        .column(Column::count("seats", "자리"));
    for place in notice.places {
        table.push(Row::ordinary([
            place.no.clone().into(),
            place.name.clone().into(),
            format!("{} ({})", place.site, place.dong).into(),
            place.area.clone().into(),
            place.pool.clone().into(),
            Cell::Count(place.capacity),
        ]));
    }
    let all: i64 = notice.places.iter().map(|place| place.capacity).sum();
    let none = || Cell::text("");
    table.push(Row::total([Cell::text("합계"), none(), none(), none(), none(), Cell::Count(all)]));
    let ages: Vec<String> = notice
        .pools
        .iter()
        .filter(|pool| !pool.ages().is_empty())
        .map(|pool| format!("{}: 일을 시작하는 날 {}", pool.name, pool.ages()))
        .collect();
    table.note(ages.join(". "))
}

fn scores(rules: &RuleSet) -> Table {
    let mut table = Table::new("scores", "배점표")
        .unit("점")
        .column(Column::text("item", "항목").heads_rows())
        .column(Column::text("row", "구간").wide())
        .column(Column::count("points", "점수"));
    for item in &rules.scores {
        for row in &item.rows {
            table.push(Row::ordinary([item.name.clone().into(), bracket(&row.label).into(), Cell::Count(row.points)]));
        }
    }
    table
}

/// The calls of a district as a feed, the newest first. `base` is where the site lies, or empty.
pub fn feed(name: &str, code: &str, base: &str, calls: &[Call]) -> Feed {
    let home = format!("{base}/districts/{code}/calls");
    let entry = |call: &Call| {
        let terms = &call.terms;
        FeedEntry {
            id: format!("urn:iljari:{code}:calls:{}", call.no),
            title: terms.title.clone(),
            summary: format!("접수 {}부터 {}까지", terms.apply_first_on.korean(), terms.apply_last_on.korean()),
            page: format!("{home}/{}", call.no),
            at: published_at(call),
        }
    };
    Feed {
        id: format!("urn:iljari:{code}:calls"),
        title: format!("{name} 모집공고"),
        author: name.to_owned(),
        page: home.clone(),
        entries: calls.iter().map(entry).collect(),
    }
}

/// The days of a call as iCalendar (RFC 5545): whole days, so that no time zone can move them.
pub fn calendar(code: &str, call: &Call) -> String {
    let terms = &call.terms;
    let events = [
        ("apply", "접수", terms.apply_first_on, terms.apply_last_on),
        ("result", "결과 발표 예정", terms.result_on, terms.result_on),
        ("work", "일하는 기간", terms.work_first_on, terms.work_last_on),
    ];
    let stamp = published_at(call).to_string();
    let stamp: String = stamp.chars().filter(|letter| letter.is_ascii_digit()).take(14).collect();
    let stamp = format!("{}T{}Z", stamp.get(..8).unwrap_or_default(), stamp.get(8..14).unwrap_or_default());
    let mut lines =
        vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned(), "PRODID:-//iljari//calls//KO".to_owned()];
    lines.push("METHOD:PUBLISH".to_owned());
    for (kind, what, first, last) in events {
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{code}-call-{}-{kind}@iljari", call.no),
            format!("DTSTAMP:{stamp}"),
            "SEQUENCE:0".to_owned(),
            format!("DTSTART;VALUE=DATE:{}", compact(first)),
            // The end of a whole day is the next one.
            format!("DTEND;VALUE=DATE:{}", compact(last.plus_days(1))),
            format!("SUMMARY:{}", text_value(&format!("{} {what}", terms.program))),
            format!("DESCRIPTION:{}", text_value(&terms.title)),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    let mut out = String::new();
    for line in lines {
        fold(&line, &mut out);
    }
    out
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

fn text_value(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Lines of at most 75 bytes, broken between letters, as the format wants.
fn fold(line: &str, out: &mut String) {
    const MOST: usize = 75;
    let mut room = MOST;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = MOST - 1;
        }
        out.push(letter);
        room -= letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_bracket_is_said_in_words() {
        let said = |label| super::bracket(label);
        assert_eq!(said("<= 1억원"), "1억원 이하");
        assert_eq!(said("(1억원..2억원]"), "1억원 초과 2억원 이하");
        assert_eq!(said("[3..6)"), "3 이상 6 미만");
        assert_eq!(said(">= 3"), "3 이상");
        assert_eq!(said("그 밖"), "그 밖");
    }
}
