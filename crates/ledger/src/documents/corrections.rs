//! What was corrected: numbers of an earlier disclosure, entries of the ledger, published figures.
//!
//! Owns: the three tables of old → new. Does not own: the corrections. What a newcomer gets wrong:
//! showing only the new number. Both stand here, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::quantity::grouped;
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::plan::PublishedResult;
use iljari_print::{Block, Cell, Column, Document, Row, Table};

use super::facts::{Corrects, Facts, Standing};
use super::parts::{note_sources, period_text, remark, source_ids};
use crate::frozen::{Changed, without_repeats};
use crate::model::{Counted, Entry, EntryKind};

/// The chapter of corrections. Always there: that nothing was corrected is said as well.
pub fn chapter(document: &mut Document, number: usize, facts: &Facts, found: &mut BTreeSet<String>) {
    document.heading(1, format!("{number}. 바로잡은 수"));
    let restated = facts.corrects.as_ref().map(|corrects| disclosed_again(document, facts, corrects));
    let entries = of_entries(facts);
    let published = of_published(facts, found);
    if restated.is_none() && entries.is_none() && published.is_none() {
        document.paragraph(format!("{}년의 수 가운데 바로잡은 것이 없습니다.", facts.year));
    }
    document.blocks.extend(entries.into_iter().chain(published).map(Block::Table));
}

fn disclosed_again(document: &mut Document, facts: &Facts, corrects: &Corrects) {
    let what = format!("제{}호({}) 공시의 수를 바로잡습니다.", corrects.no, corrects.on.korean());
    document.paragraph(match &facts.standing {
        Standing::Disclosed(disclosed) => format!("정정 공시입니다. {what} 다시 낸 까닭: {}", disclosed.remark),
        Standing::Draft { .. } => format!("정정 공시가 됩니다. {what} 까닭은 공시할 때 적습니다."),
    });
    if corrects.changed.is_empty() {
        document.paragraph("앞 공시와 달라진 수는 아직 없습니다.");
        return;
    }
    let changed = without_repeats(&corrects.changed);
    let caption = format!("앞 공시와 달라진 수 {}개", grouped(i64::try_from(changed.len()).unwrap_or(i64::MAX)));
    let mut table = Table::new("restated", caption).sheet("달라진 수");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::text("field", "부문").described("부문입니다. 합계는 모든 부문을 더한 수입니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::count("old", "앞 공시").described("앞 공시에 적힌 수입니다. 없던 줄에는 없습니다."),
        Column::count("new", "이 공시").described("이 공시의 수입니다. 없어진 줄에는 없습니다."),
        Column::count("difference", "차이").described("이 공시의 수에서 앞 공시의 수를 뺀 값입니다."),
    ];
    for changed in changed {
        table.push(changed_row(changed));
    }
    document.push(Block::Table(table));
}

fn changed_row(changed: &Changed) -> Row {
    let difference = changed.new.unwrap_or(0).saturating_sub(changed.old.unwrap_or(0));
    Row::ordinary([
        Cell::text(changed.line.name.clone()),
        Cell::text(changed.line.field.map_or("합계", |field| field.as_str())),
        Cell::text(changed.line.unit.as_str()),
        Cell::count_or_none(changed.old),
        Cell::count_or_none(changed.new),
        Cell::Count(difference),
    ])
}

/// What one correcting entry did to the number it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedEntry<'e> {
    /// The correcting entry.
    pub entry: &'e Entry,
    /// What it counts.
    pub counted: &'e Counted,
    /// Before.
    pub old: i64,
    /// After.
    pub new: i64,
    /// Why, in the ledger's word.
    pub why: &'static str,
}

/// Every correction of the year's numbers, in the order of recording.
pub fn corrected(facts: &Facts) -> Vec<CorrectedEntry<'_>> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut stands: BTreeMap<&str, i64> = BTreeMap::new();
    let mut all = Vec::new();
    for entry in &facts.entries {
        let Some(counted) = &entry.counted else { continue };
        let answered = entry.answers.as_deref().unwrap_or(&entry.leaf_id);
        // A correction may answer a correction: all of them change the number that was first.
        let root = first.get(answered).copied().unwrap_or(answered);
        first.insert(&entry.leaf_id, root);
        let old = stands.get(root).copied().unwrap_or(0);
        let new = old.saturating_add(counted.amount);
        stands.insert(root, new);
        if entry.kind == EntryKind::Correction && counted.year() == facts.year {
            let why = match Leaf::parse(&entry.body).as_ref().map(Leaf::body) {
                Ok(Body::Correction { why, .. }) => why.as_str(),
                _ => "",
            };
            all.push(CorrectedEntry { entry, counted, old, new, why });
        }
    }
    all
}

fn of_entries(facts: &Facts) -> Option<Table> {
    let mut table = Table::new("corrections", "장부에서 정정한 기록").sheet("정정");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::text("period", "기간").described("그 기록이 센 기간입니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::count("old", "정정 전").described("정정하기 전의 수입니다."),
        Column::count("new", "정정 후").described("정정한 뒤의 수입니다."),
        Column::text("why", "사유").narrow().described("정정 사유의 종류입니다."),
        Column::text("words", "설명").wide().described("무엇이 왜 틀렸는지 담당자가 적은 글입니다."),
        Column::new("day", "정정한 날", iljari_print::Kind::Date).described("두 사람이 확인해 장부에 적은 날입니다."),
    ];
    for CorrectedEntry { entry, counted, old, new, why } in corrected(facts) {
        table.push(Row::ordinary([
            Cell::text(facts.node_name(counted.node.as_str())),
            Cell::text(period_text(counted.period)),
            Cell::text(counted.unit.as_str()),
            Cell::Count(old),
            Cell::Count(new),
            Cell::text(why),
            remark(Some(&entry.remark)),
            Cell::Date(entry.entered_at.seoul_date()),
        ]));
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Figures that were published and later published otherwise.
fn of_published(facts: &Facts, found: &mut BTreeSet<String>) -> Option<Table> {
    let mut table = Table::new("republished", "발표한 뒤에 다시 발표한 수").sheet("다시 발표");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::text("period", "기간").described("그 수가 센 기간입니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::text("old", "처음 발표").described("처음 발표한 수입니다."),
        Column::text("new", "다시 발표").described("뒤에 다시 발표한 수입니다."),
        Column::text("why", "사유").narrow().described("바꾼 사유의 종류입니다."),
        Column::text("source", "출처").narrow().described("출처의 번호입니다."),
    ];
    for later in facts.book.results_of(facts.year) {
        let Some((of, why)) = &later.restates else { continue };
        let first: Option<&PublishedResult> = facts.book.results.iter().find(|one| one.id.as_ref() == Some(of));
        note_sources(found, first.map(|first| &first.figure).into_iter().chain([&later.figure]));
        table.push(Row::ordinary([
            Cell::text(facts.node_name(&later.node)),
            Cell::text(period_text(later.period)),
            Cell::text(later.measure.as_str()),
            first.map_or(Cell::Unknown, |first| Cell::text(first.figure.text())),
            Cell::text(later.figure.text()),
            Cell::text(why.as_str()),
            Cell::text(source_ids(&later.figure)),
        ]));
    }
    (!table.rows.is_empty()).then_some(table)
}
