//! One entry as everybody may see it: what it added, how well it is evidenced, where to check it.
//!
//! Owns: the sentence of an entry. Does not own: who wrote it (names stay in the office) nor when
//! to the minute (the seal's day is as fine as it gets). What a newcomer gets wrong: printing the
//! officer's words of a count. Only those of a correction and of a press figure are public.

use std::collections::BTreeMap;

use iljari_base::Actor;
use iljari_base::korean::with_particle;
use iljari_disclosure::log::words::{Grade, Unit};

use super::look::Look;
use super::number::{Number, Said, counter};
use crate::model::{Counted, Entry, EntryKind, LATE_AFTER_DAYS};

/// An entry on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryView {
    pub(crate) title: Said,
    pub(crate) period: String,
    pub(crate) node: String,
    pub(crate) node_href: String,
    pub(crate) field: String,
    pub(crate) number: Number,
    pub(crate) negative: bool,
    pub(crate) kind: String,
    pub(crate) grade: String,
    pub(crate) rest: bool,
    pub(crate) correction: bool,
    pub(crate) why: String,
    pub(crate) late: String,
    pub(crate) who: String,
    pub(crate) machine_day: String,
    pub(crate) sealed: String,
    pub(crate) leaf_short: String,
    pub(crate) leaf_line: String,
    pub(crate) receipt_href: String,
}

/// What each entry stood at before the correction that answers it: correction's leaf id → old, new.
pub fn before_and_after(entries: &[Entry]) -> BTreeMap<&str, (i64, i64)> {
    let mut stands: BTreeMap<&str, i64> = BTreeMap::new();
    let mut changes = BTreeMap::new();
    for entry in entries {
        let Some(counted) = &entry.counted else { continue };
        match entry.answers.as_deref() {
            None => {
                stands.insert(&entry.leaf_id, counted.amount);
            }
            Some(answered) => {
                let old = stands.get(answered).copied().unwrap_or(0);
                let new = old.saturating_add(counted.amount);
                stands.insert(answered, new);
                changes.insert(entry.leaf_id.as_str(), (old, new));
            }
        }
    }
    changes
}

/// The view of a counting entry.
pub fn view(look: &Look, entry: &Entry, counted: &Counted, changes: &BTreeMap<&str, (i64, i64)>) -> EntryView {
    let code = &look.book.code;
    let year = counted.year();
    let correction = entry.kind == EntryKind::Correction;
    let number = Number::total(code, counted.node.as_str(), year, counted.unit, counted.amount);
    let receipt = entry.sealed.map(|_| format!("/districts/{code}/receipts/{}", entry.leaf_id));
    EntryView {
        title: title(entry, counted, changes, &number.clone().of_fields(&[counted.field])),
        period: counted.period.korean(),
        node: look.node_name(counted.node.as_str(), year),
        node_href: iljari_plans::pages::words::node_href(code, counted.node.as_str()),
        field: counted.field.as_str().to_owned(),
        number: number.of_fields(&[counted.field]).of_leaf(&entry.leaf_id),
        negative: counted.amount < 0,
        kind: match entry.source {
            Some(_) if correction => entry.kind.label().to_owned(),
            Some(source) => source.korean().to_owned(),
            None => entry.kind.label().to_owned(),
        },
        grade: format!("증빙 등급 {}({})", counted.grade.number(), counted.grade.as_str()),
        rest: counted.rest,
        correction,
        why: why(look, entry, counted),
        late: if entry.is_late() {
            format!("기간이 끝나고 {LATE_AFTER_DAYS}일이 지나 봉인했습니다")
        } else {
            String::new()
        },
        who: who(entry),
        machine_day: entry.sealed.map(|sealed| sealed.sealed_at.seoul_date().to_string()).unwrap_or_default(),
        sealed: entry.sealed.map_or_else(
            || "다음 봉인을 기다립니다".to_owned(),
            |sealed| format!("{} 봉인", sealed.sealed_at.seoul_date().korean()),
        ),
        leaf_short: entry.leaf_id.chars().take(8).collect(),
        leaf_line: String::from_utf8_lossy(&entry.body).into_owned(),
        receipt_href: receipt.unwrap_or_default(),
    }
}

/// `10월 실적 64개를 더했습니다`, `6월 실적을 63개에서 58개로 정정했습니다`.
fn title(entry: &Entry, counted: &Counted, changes: &BTreeMap<&str, (i64, i64)>, number: &Number) -> Said {
    let word = counter(counted.unit);
    let period = counted.period.korean();
    let own = number.clone().of_leaf(&entry.leaf_id);
    match entry.kind {
        EntryKind::Correction => {
            let (old, new) = changes.get(entry.leaf_id.as_str()).copied().unwrap_or_default();
            let stood = |value: i64, after: bool| Number { value, ..number.clone() }.stands(&entry.leaf_id, after);
            Said::new(&format!("{period} 실적을 "))
                .number(&stood(old, false))
                .words(&format!("{word}에서 "))
                .number(&stood(new, true))
                .words(&format!("{} 정정했습니다", with_particle(word, "으로/로")))
        }
        EntryKind::Job => Said::new(&format!("{period}에 이어진 일자리 ")).number(&own).words("개를 적었습니다"),
        _ if counted.rest => Said::new(&format!("{period} 실적 가운데 내역을 모르는 "))
            .number(&own)
            .words(&format!("{} 더했습니다", with_particle(word, "을/를"))),
        // 명 counts heads, visits and hours of work alike: which of them, the word before the number says.
        _ => {
            Said::new(&format!("{period} {} ", if counted.unit == Unit::Jobs { "실적" } else { counted.unit.as_str() }))
                .number(&own)
                .words(&format!("{} 더했습니다", with_particle(word, "을/를")))
        }
    }
}

fn why(look: &Look, entry: &Entry, counted: &Counted) -> String {
    let leaf = iljari_disclosure::log::Leaf::parse(&entry.body).ok();
    let reason = leaf.and_then(|leaf| match leaf.body() {
        iljari_disclosure::log::Body::Correction { why, .. } => Some(why.as_str()),
        _ => None,
    });
    match reason {
        Some(reason) if entry.remark.is_empty() => format!("정정 사유: {reason}"),
        Some(reason) => format!("정정 사유: {reason}. {}", entry.remark),
        None if counted.grade == Grade::Press && !entry.remark.is_empty() => {
            format!("발표 원문: {}", with_source_title(look, &entry.remark))
        }
        None => String::new(),
    }
}

/// `6,197 (출처 S4)` → `6,197 (출처: 어느 보도)`, where the words end with the id of a known source.
fn with_source_title(look: &Look, remark: &str) -> String {
    let parts = remark.rsplit_once(" (출처 ").and_then(|(text, id)| Some((text, id.strip_suffix(')')?)));
    match parts.and_then(|(text, id)| Some((text, look.book.sources.get(id)?))) {
        Some((text, source)) => format!("{text} (출처: {})", source.title),
        None => remark.to_owned(),
    }
}

fn who(entry: &Entry) -> String {
    let said = match (entry.recorded_by, entry.confirmed_by) {
        (Actor::Officer(one), Actor::Officer(other)) if one != other => "담당자가 올리고 다른 담당자가 확인했습니다.",
        (_, Actor::Demo) => "시연 자료로 넣었습니다.",
        (_, Actor::System) => "프로그램이 정해진 때에 넣었습니다.",
        (_, Actor::Officer(_) | Actor::Operator) => "담당자가 확인했습니다.",
    };
    said.to_owned()
}
