//! Which tables a district puts out, column by column.
//!
//! Owns: the columns and filling them. Does not own: the numbers; they come from the same look that
//! the pages show. What a newcomer gets wrong: an internal number or an officer's name in a column.

use std::collections::BTreeSet;

use iljari_base::{Date, Year};
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Amount, Figure, ROOT, TargetSet};
use iljari_plans::pages::words::responsible_text;

use super::Facts;
use super::table::{Cell, Column, Kind, LAST, Table};
use crate::model::Entry;
use crate::pages::public::look::{Look, Reach};
use crate::pages::public::promises::unit_of;

const fn column(name: &'static str, key: &'static str, meaning: &'static str) -> Column {
    Column { name, key, meaning, kind: Kind::Text }
}

impl Column {
    const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }
}

/// A table without rows, and its rows.
struct Named {
    table: fn() -> Table,
    rows: fn(&Facts) -> Vec<Vec<Cell>>,
}

const fn named_by(table: fn() -> Table, rows: fn(&Facts) -> Vec<Vec<Cell>>) -> Named {
    Named { table, rows }
}

impl Named {
    fn filled(&self, facts: &Facts) -> Table {
        Table { rows: (self.rows)(facts), ..(self.table)() }
    }
}

/// The tables in the order the page lists them.
const TABLES: [Named; 6] = [
    named_by(entries, entries_rows),
    named_by(totals, totals_rows),
    named_by(targets, targets_rows),
    named_by(disclosures, disclosures_rows),
    named_by(channels, channels_rows),
    named_by(sources, sources_rows),
];

/// Tables that have a better page or file for people, and are for programs alone.
const FOR_PROGRAMS: [Named; 2] = [named_by(plan_nodes, plan_nodes_rows), named_by(indicators, indicators_rows)];

/// Every table.
pub(super) fn all(facts: &Facts) -> Vec<Table> {
    TABLES.iter().map(|named| named.filled(facts)).collect()
}

/// The table of a name.
pub(super) fn named(facts: &Facts, name: &str) -> Option<Table> {
    TABLES.iter().find(|named| (named.table)().name == name).map(|named| named.filled(facts))
}

/// The table of a name, for a program.
pub(crate) fn for_programs(facts: &Facts, name: &str) -> Option<Table> {
    program_table(name).map(|named| named.filled(facts))
}

/// The same table without its rows.
pub(crate) fn empty(name: &str) -> Option<Table> {
    program_table(name).map(|named| (named.table)())
}

fn program_table(name: &str) -> Option<&'static Named> {
    TABLES.iter().chain(&FOR_PROGRAMS).find(|named| (named.table)().name == name)
}

fn with_last(columns: &[Column]) -> Vec<Column> {
    columns.iter().copied().chain(LAST).collect()
}

const NODE: Column = column("사업번호", "node", "계획 파일의 번호입니다. 구 전체는 ‘전체’입니다.");
const NAME: Column = column("사업명", "name", "그해 계획에 적힌 이름입니다.");
const YEAR: Column = column("연도", "year", "네 자리 연도입니다.").of(Kind::Whole);
const UNIT: Column = column("단위", "unit", "일자리 수, 실인원, 연인원, 건. 단위가 다른 수는 더할 수 없습니다.");
const FIELD: Column = column("부문", "field", "일자리대책의 부문입니다.");

fn entries() -> Table {
    Table {
        name: "entries",
        title: "기록",
        about: "장부에 적힌 기록이 한 줄에 하나씩입니다. 정정도 빼거나 더하는 한 줄입니다.",
        changes: "담당자 두 사람이 확인할 때마다 늘고, 적힌 줄은 바뀌지 않습니다. 봉인하면 봉인일과 자리가 채워집니다.",
        columns: with_last(&[
            column("기록ID", "id", "기록의 공개 번호입니다."),
            column("종류", "kind", "집계, 일자리, 정정 가운데 하나입니다."),
            NODE,
            NAME,
            YEAR,
            column("시작월", "first_month", "기간의 첫 달입니다(YYYY-MM).").of(Kind::Month),
            column("끝월", "last_month", "기간의 끝 달입니다(YYYY-MM).").of(Kind::Month),
            FIELD,
            UNIT,
            column("수", "amount", "더한 수입니다. 정정이 뺀 수는 음수입니다.").of(Kind::Whole),
            column("센방법", "source", "기록(한 사람씩), 집계(부서가 더함), 보도(발표에서 옮김) 가운데 하나입니다."),
            column("증빙등급", "grade", "0 보도, 1 집계, 2 본인 확인, 3 사업주 확인, 4 문서 증빙입니다.")
                .of(Kind::Whole),
            column("내역미상", "rest", "전체에서 아는 부분을 뺀 나머지이면 Y입니다.").of(Kind::Yes),
            column("정정한기록", "answers", "이 줄이 바로잡은 기록ID입니다."),
            column("정정사유", "why", "정정의 까닭입니다."),
            column("늦은기재", "late", "기간이 끝나고 오래 지나 봉인했으면 Y입니다.").of(Kind::Yes),
            column("봉인일", "sealed_on", "봉인한 날입니다(YYYY-MM-DD). 비어 있으면 다음 봉인을 기다립니다.")
                .of(Kind::Day),
            column("자리", "leaf_index", "봉인한 장부에서의 자리입니다. 0부터 셉니다.").of(Kind::Whole),
        ]),
        rows: Vec::new(),
    }
}

fn entries_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let look = &facts.look;
    let row = |entry: &Entry| {
        let counted = entry.counted.as_ref()?;
        let leaf = Leaf::parse(&entry.body).ok();
        let why = leaf.and_then(|leaf| match leaf.body() {
            Body::Correction { why, .. } => Some(why.as_str()),
            _ => None,
        });
        let sealed = entry.sealed;
        Some(vec![
            Cell::text(&entry.leaf_id),
            Cell::text(entry.kind.label()),
            Cell::text(counted.node.as_str()),
            Cell::text(look.node_name(counted.node.as_str(), counted.year())),
            Cell::Whole(i64::from(counted.year().0)),
            Cell::text(counted.period.first().to_string()),
            Cell::text(counted.period.last().to_string()),
            Cell::text(counted.field.as_str()),
            Cell::text(counted.unit.as_str()),
            Cell::Whole(counted.amount),
            Cell::text(entry.source.map(Source::korean).unwrap_or_default()),
            Cell::Whole(counted.grade.number()),
            Cell::Yes(counted.rest),
            Cell::text(entry.answers.clone().unwrap_or_default()),
            Cell::text(why.unwrap_or_default()),
            Cell::Yes(entry.is_late()),
            Cell::text(sealed.map(|sealed| sealed.sealed_at.seoul_date().to_string()).unwrap_or_default()),
            Cell::whole(sealed.map(|sealed| sealed.leaf_index)),
        ])
    };
    // In the order of the log: the order of recording is not published.
    let mut found: Vec<&Entry> = look.entries.iter().collect();
    found.sort_by_key(|entry| {
        (entry.sealed.map_or(i64::MAX, |sealed| sealed.leaf_index), entry.leaf_id.as_str().to_owned())
    });
    found.into_iter().filter_map(row).collect()
}

/// Every node a year's tree has, the whole district first, then any that only entries speak of.
fn nodes(look: &Look, year: Year) -> Vec<String> {
    let tree = look.book.tree_in_force(year);
    let named = tree.into_iter().flat_map(|plan| plan.nodes.iter().map(|node| node.id.clone()));
    std::iter::once(ROOT.to_owned()).chain(named).collect()
}

fn years(look: &Look) -> BTreeSet<Year> {
    let mut years = look.book.years();
    years.extend(Unit::ALL.iter().flat_map(|unit| look.progress.years(ROOT, *unit)));
    years
}

fn totals() -> Table {
    Table {
        name: "totals",
        title: "합계",
        about: "사업과 해마다의 합계입니다. 아래에 있는 사업을 모두 더한 수이고, 기록을 더하면 같은 수가 나옵니다.",
        changes: "기록이 확인되면 바로 바뀝니다. 얼린 숫자는 공시 묶음에 있습니다.",
        columns: with_last(&[
            YEAR,
            NODE,
            NAME,
            column("부문", "field", "일자리대책의 부문, 또는 모든 부문을 더한 ‘모두’입니다."),
            UNIT,
            column("기록", "records", "한 사람씩 적은 수입니다.").of(Kind::Whole),
            column("집계", "sums", "부서가 더해 올린 수입니다.").of(Kind::Whole),
            column("보도", "press", "발표에서 옮긴 수입니다.").of(Kind::Whole),
            column("합계", "total", "세 수를 더한 수입니다.").of(Kind::Whole),
            column(
                "끝월",
                "through",
                "기록이 닿은 마지막 달입니다(YYYY-MM). 12월이 아니면 한 해가 다 차지 않았습니다.",
            )
            .of(Kind::Month),
        ]),
        rows: Vec::new(),
    }
}

fn totals_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let look = &facts.look;
    let mut rows = Vec::new();
    for year in years(look) {
        for node in nodes(look, year) {
            for unit in Unit::ALL {
                for line in look.progress.lines(&node, year, *unit) {
                    let fields: Vec<_> = line.field.into_iter().collect();
                    let through = match look.reach(&node, year, *unit, &fields) {
                        Some(Reach::Until(month)) => month.to_string(),
                        Some(Reach::WholeYear) => format!("{year}-12"),
                        None => String::new(),
                    };
                    rows.push(vec![
                        Cell::Whole(i64::from(year.0)),
                        Cell::text(&node),
                        Cell::text(look.node_name(&node, year)),
                        Cell::text(line.field.map_or("모두", |field| field.as_str())),
                        Cell::text(unit.as_str()),
                        Cell::Whole(line.whole.part(Source::Records)),
                        Cell::Whole(line.whole.part(Source::Sums)),
                        Cell::Whole(line.whole.part(Source::Press)),
                        Cell::Whole(line.whole.total()),
                        Cell::text(through),
                    ]);
                }
            }
        }
    }
    rows
}

fn plain(figure: &Figure) -> String {
    match figure.amount {
        Amount::Count(number) => number.to_string(),
        Amount::Percent(percent) => percent.to_string(),
        Amount::Won(won) => won.0.to_string(),
    }
}

fn targets() -> Table {
    Table {
        name: "targets",
        title: "목표와 실적",
        about: "약속마다, 해마다, 사업마다 목표가 적힌 곳의 목표와 실적입니다.",
        changes: "계획을 새로 채택하거나 기록이 확인되면 바뀝니다.",
        columns: with_last(&[
            column("목표번호", "set", "계획 파일의 목표 이름표입니다."),
            column("목표이름", "set_name", "약속의 이름입니다."),
            YEAR,
            NODE,
            NAME,
            column("세는것", "measure", "무엇을 세는 목표인지입니다."),
            column("종합계획목표", "term_target", "네 해 계획에 적힌 목표입니다."),
            column("그해계획목표", "yearly_target", "그해 세부계획에 적힌 목표입니다."),
            column("쓰는목표", "target", "둘 가운데 지금 견주는 목표입니다."),
            column("실적", "actual", "장부의 기록을 더한 수입니다. 비어 있으면 자료가 없습니다.").of(Kind::Whole),
            column("목표출처", "sources", "출처 표의 번호입니다."),
        ]),
        rows: Vec::new(),
    }
}

fn targets_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let look = &facts.look;
    let book = &look.book;
    let mut rows = Vec::new();
    for set in book.target_sets() {
        for year in book.years() {
            for node in nodes(look, year) {
                let at = book.node_targets(&node, &set.id, year);
                let Some(in_force) = at.in_force() else { continue };
                let text = |figure: Option<&Figure>| Cell::text(figure.map(plain).unwrap_or_default());
                let actual = unit_of(set).and_then(|unit| look.progress.whole(&node, year, unit, &set.fields));
                rows.push(vec![
                    Cell::text(&set.id),
                    Cell::text(&set.name),
                    Cell::Whole(i64::from(year.0)),
                    Cell::text(&node),
                    Cell::text(look.node_name(&node, year)),
                    Cell::text(set.measure.as_str()),
                    text(at.term),
                    text(at.yearly),
                    text(Some(in_force)),
                    Cell::whole(actual.map(|split| split.total())),
                    Cell::text(in_force.sources.join("; ")),
                ]);
            }
        }
    }
    rows
}

fn disclosures() -> Table {
    Table {
        name: "disclosures",
        title: "공시",
        about: "낸 공시가 한 줄에 하나씩입니다.",
        changes: "공시할 때마다 늘고, 적힌 줄은 바뀌지 않습니다.",
        columns: with_last(&[
            column("공시번호", "no", "구에서 낸 차례입니다.").of(Kind::Whole),
            YEAR,
            column("공시일", "disclosed_on", "공시한 날입니다(YYYY-MM-DD).").of(Kind::Day),
            column("바로잡은공시", "corrects", "이 공시가 바로잡은 공시번호입니다.").of(Kind::Whole),
            column("결재문서번호", "approval_no", "결재 문서의 번호입니다."),
            column("결재일자", "approval_on", "결재한 날입니다(YYYY-MM-DD).").of(Kind::Day),
            column("까닭", "remark", "결재가 아직 없거나 다시 낸 까닭입니다."),
            column("얼린기록수", "size", "그날 얼린 장부의 기록 수입니다.").of(Kind::Whole),
            column("요약값", "root", "그 장부의 요약값(RFC 6962, 16진수)입니다."),
            column("기록ID", "id", "장부에 적힌 이 공시의 기록ID입니다."),
        ]),
        rows: Vec::new(),
    }
}

fn disclosures_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let day = |day: Date| Cell::text(day.to_string());
    let row = |one: &crate::model::Disclosure| {
        let seal = facts.seals.iter().find(|seal| seal.no == one.first_seal);
        vec![
            Cell::Whole(one.no),
            Cell::Whole(i64::from(one.year.0)),
            day(one.disclosed_at.seoul_date()),
            Cell::whole(one.corrects_no),
            Cell::text(&one.approval_no),
            one.approval_on.map_or(Cell::Nothing, day),
            Cell::text(&one.remark),
            Cell::whole(seal.map(|seal| seal.size)),
            Cell::text(seal.map(|seal| seal.root.clone()).unwrap_or_default()),
            Cell::text(&one.leaf_id),
        ]
    };
    facts.disclosures.iter().map(row).collect()
}

fn channels() -> Table {
    Table {
        name: "channels",
        title: "공시를 알린 곳",
        about: "공시를 어디에 언제 알렸는지 한 줄에 하나씩입니다.",
        changes: "알린 뒤에 늘고, 틀린 줄은 지우지 않고 긋습니다.",
        columns: with_last(&[
            column("공시번호", "disclosure", "공시 표의 공시번호입니다.").of(Kind::Whole),
            column("알린곳", "channel", "홈페이지, REIS(지역고용정보네트워크), 언론, 설명회 가운데 하나입니다."),
            column("알린날", "announced_on", "알린 날입니다(YYYY-MM-DD).").of(Kind::Day),
            column("주소나이름", "place", "올린 주소, 매체와 기사, 연 곳입니다."),
            column("그음", "struck", "틀려서 그은 줄이면 Y입니다.").of(Kind::Yes),
            column("그은까닭", "struck_why", "왜 틀렸는지입니다."),
            column("그은날", "struck_on", "그은 날입니다(YYYY-MM-DD).").of(Kind::Day),
        ]),
        rows: Vec::new(),
    }
}

fn channels_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let row = |line: &crate::model::Announcement| {
        let struck = line.struck.as_ref();
        vec![
            Cell::Whole(line.disclosure_no),
            Cell::text(line.channel.as_str()),
            Cell::text(line.announced_on.to_string()),
            Cell::text(&line.place),
            Cell::Yes(struck.is_some()),
            Cell::text(struck.map(|(reason, _)| reason.clone()).unwrap_or_default()),
            Cell::text(struck.map(|(_, at)| at.seoul_date().to_string()).unwrap_or_default()),
        ]
    };
    facts.told.iter().map(row).collect()
}

fn sources() -> Table {
    Table {
        name: "sources",
        title: "출처",
        about: "계획과 실적의 숫자를 옮겨 온 문서와 보도입니다.",
        changes: "계획 파일을 새로 채택하면 바뀝니다.",
        columns: with_last(&[
            column("출처번호", "id", "다른 표가 가리키는 번호입니다."),
            column("종류", "kind", "문서, 보도 따위입니다."),
            column("제목", "title", "원문의 제목입니다."),
            column("낸곳", "publisher", "원문을 낸 곳입니다."),
            column("날짜", "date", "원문의 날짜입니다. 원문이 밝힌 만큼만 적습니다."),
            column("주소", "address", "원문을 찾을 수 있는 곳입니다."),
            column("메모", "note", "옮기며 알게 된 것입니다."),
        ]),
        rows: Vec::new(),
    }
}

fn sources_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let row = |source: &iljari_disclosure::plan::Source| {
        vec![
            Cell::text(&source.id),
            Cell::text(source.kind.as_str()),
            Cell::text(&source.title),
            Cell::text(source.publisher.clone().unwrap_or_default()),
            Cell::text(source.date.map(|date| date.to_string()).unwrap_or_default()),
            Cell::text(source.address.clone().unwrap_or_default()),
            Cell::text(source.note.clone().unwrap_or_default()),
        ]
    };
    facts.look.book.sources.values().map(row).collect()
}

fn plan_nodes() -> Table {
    Table {
        name: "nodes",
        title: "계획의 나무",
        about: "해마다 쓰는 계획의 전략, 과제, 사업이 한 줄에 하나씩입니다.",
        changes: "계획을 새로 채택하면 바뀝니다.",
        columns: with_last(&[
            YEAR,
            NODE,
            column("상위", "parent", "바로 위에 있는 것의 번호입니다. ‘전체’는 구 전체입니다."),
            NAME,
            FIELD,
            column("담당부서", "department", "계획에 적힌 담당부서입니다."),
            column("집계방식", "counting", "집계(부서가 더함) 또는 개별(한 사람씩)입니다."),
        ]),
        rows: Vec::new(),
    }
}

fn plan_nodes_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let book = &facts.look.book;
    let mut rows = Vec::new();
    for year in book.years() {
        let Some(plan) = book.tree_in_force(year) else { continue };
        for node in &plan.nodes {
            let department = node.responsible.as_ref().map(responsible_text).unwrap_or_default();
            rows.push(vec![
                Cell::Whole(i64::from(year.0)),
                Cell::text(&node.id),
                Cell::text(&node.parent),
                Cell::text(&node.name),
                Cell::text(node.field.map_or("", |field| field.as_str())),
                Cell::text(department),
                Cell::text(plan.counting(&node.id, year).map_or("", |counting| counting.as_str())),
            ]);
        }
    }
    rows
}

fn indicators() -> Table {
    Table {
        name: "indicators",
        title: "지표",
        about: "계획이 약속한 지표가 한 줄에 하나씩입니다.",
        changes: "계획을 새로 채택하면 바뀝니다.",
        columns: with_last(&[
            column("목표번호", "set", "계획 파일의 목표 이름표입니다."),
            column("목표이름", "set_name", "약속의 이름입니다."),
            column("세는것", "measure", "무엇을 세는 목표인지입니다."),
            column("뜻", "definition", "계획이 밝힌 뜻입니다. 밝히지 않았으면 비어 있습니다."),
            column("부문", "fields", "더하는 부문입니다. 비어 있으면 모두입니다."),
            column("첫해", "first_year", "목표가 있는 첫해입니다.").of(Kind::Whole),
            column("마지막해", "last_year", "목표가 있는 마지막 해입니다.").of(Kind::Whole),
        ]),
        rows: Vec::new(),
    }
}

fn indicators_rows(facts: &Facts) -> Vec<Vec<Cell>> {
    let row = |set: &TargetSet| {
        let fields: Vec<&str> = set.fields.iter().map(|field| field.as_str()).collect();
        vec![
            Cell::text(&set.id),
            Cell::text(&set.name),
            Cell::text(set.measure.as_str()),
            Cell::text(set.definition.clone().unwrap_or_default()),
            Cell::text(fields.join("; ")),
            Cell::Whole(i64::from(set.first_year.0)),
            Cell::Whole(i64::from(set.last_year.0)),
        ]
    };
    facts.look.book.target_sets().into_iter().map(row).collect()
}
