//! What all documents share: the head, figures as cells, prose, sources.
//!
//! Owns: the wordings that stand in every document alike. Does not own: any figure. What a newcomer
//! gets wrong: a cell that is 0 or empty where nobody knows. It is [`Cell::Unknown`].

use std::collections::BTreeSet;

use iljari_base::quantity::grouped;
use iljari_base::{Date, Period};
use iljari_disclosure::plan::{Amount, Chapter, District, Figure, Measure, Plan, Responsible, Source, Statistic};
use iljari_print::{Block, Cell, Column, Document, Fact, Meta, Row, Table};

use super::facts::{Disclosed, Facts, Standing};

/// The head of a document about this year, with what binds it to the log or the words 확정 전.
pub fn meta(facts: &Facts, title: &str, subtitle: String, file_stem: String) -> Meta {
    let mut meta = Meta::new(title, facts.book.name.clone(), facts.year, as_of(facts), file_stem);
    meta.subtitle = subtitle;
    meta.draft = matches!(facts.standing, Standing::Draft { .. });
    meta.sample = facts.book.is_sample;
    meta.facts = match &facts.standing {
        Standing::Draft { on, waiting } => draft_facts(*on, *waiting),
        Standing::Disclosed(disclosed) => disclosed_facts(facts, disclosed),
    };
    meta.facts.extend(warning(facts));
    meta
}

/// The day on which the document's numbers were so.
pub fn as_of(facts: &Facts) -> Date {
    match &facts.standing {
        Standing::Draft { on, .. } => *on,
        Standing::Disclosed(disclosed) => disclosed.on,
    }
}

fn draft_facts(on: Date, waiting: usize) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("상태", format!("확정 전. {}까지 확인된 기록으로 만들었습니다.", on.korean())),
        Fact::new("결재 문서번호", "결재 전"),
    ];
    if waiting > 0 {
        facts.push(Fact::new("확인을 기다리는 수", format!("{waiting}개. 이 문서에 들어 있지 않습니다.")));
    }
    facts
}

fn disclosed_facts(facts: &Facts, disclosed: &Disclosed) -> Vec<Fact> {
    let approval = match (disclosed.approval_no.as_str(), disclosed.approval_on) {
        ("", _) => format!("아직 없음. {}", disclosed.remark),
        (no, Some(on)) => format!("{no} ({})", on.korean()),
        (no, None) => no.to_owned(),
    };
    let mut all = vec![
        Fact::new("공시", format!("제{}호, {}", disclosed.no, disclosed.on.korean())),
        Fact::new("결재 문서번호", approval),
    ];
    if let Some(corrects) = &facts.corrects {
        all.push(Fact::new("바로잡은 공시", format!("제{}호, {}", corrects.no, corrects.on.korean())));
        all.push(Fact::new("다시 낸 까닭", disclosed.remark.clone()));
    }
    all.push(Fact::new("장부", format!("기록 {}건까지의 수", grouped(disclosed.size))));
    all.push(Fact::new("장부의 요약값", disclosed.root.clone()));
    all.push(Fact::new("서명 키 지문", disclosed.fingerprint.clone()));
    all
}

/// Whose words these are not: a demonstration of a real district, or an invented one.
fn warning(facts: &Facts) -> Option<Fact> {
    let name = &facts.book.name;
    if facts.book.is_sample {
        Some(Fact::new("알림", format!("지어낸 자치구({name})의 예시입니다. 모든 이름과 수를 지어냈습니다.")))
    } else if facts.is_demo {
        Some(Fact::new(
            "알림",
            format!("시연 자료입니다. {name}청이 낸 문서가 아니며, 공개된 자료에 나온 수를 옮겼습니다."),
        ))
    } else {
        None
    }
}

/// A figure as a cell: exact, approximate, a printed rate, or money.
pub fn figure(figure: &Figure) -> Cell {
    match figure.amount {
        Amount::Count(count) if figure.exact => Cell::Count(count),
        Amount::Count(count) => Cell::About(count),
        Amount::Percent(percent) => Cell::Percent { scaled: percent.scaled(), decimals: percent.decimals() },
        Amount::Won(won) => Cell::Won(won),
    }
}

/// A figure, or 미확인.
pub fn figure_or_unknown(value: Option<&Figure>) -> Cell {
    value.map_or(Cell::Unknown, figure)
}

/// A figure, or –.
pub fn figure_or_none(value: Option<&Figure>) -> Cell {
    value.map_or(Cell::NotApplicable, figure)
}

/// Words, or 미확인 where there are none.
pub fn words(text: Option<&str>) -> Cell {
    text.filter(|text| !text.is_empty()).map_or(Cell::Unknown, Cell::text)
}

/// Words, or nothing at all.
pub fn remark(text: Option<&str>) -> Cell {
    Cell::text(text.unwrap_or_default())
}

/// `2023~2026`, `2023.3~2026.12`, `2025`: short enough for a column.
pub fn period_text(period: Period) -> String {
    let (first, last) = (period.first(), period.last());
    let whole_years = first.of_year() == 1 && last.of_year() == 12;
    match (whole_years, first.year() == last.year()) {
        (true, true) => first.year().to_string(),
        (true, false) => format!("{}~{}", first.year(), last.year()),
        (false, _) => {
            format!("{}.{}~{}.{}", first.year(), first.of_year(), last.year(), last.of_year())
        }
    }
}

/// A department, or 미확인.
pub fn department(responsible: Option<&Responsible>) -> Cell {
    words(responsible.map(|responsible| responsible.department.as_str()))
}

/// The chapters with one of these ids, as headings and paragraphs; the number of those found.
pub fn chapters<'p>(document: &mut Document, chapters: impl Iterator<Item = &'p Chapter>) -> usize {
    let mut found = 0;
    for chapter in chapters {
        document.heading(2, chapter.title.clone());
        for line in chapter.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            document.paragraph(line);
        }
        found += 1;
    }
    found
}

/// `출처: S0, S3` as a remark; nothing where a figure names none.
pub fn source_ids(figure: &Figure) -> String {
    figure.sources.join(", ")
}

/// Adds the ids of a figure's sources.
pub fn note_sources<'f>(found: &mut BTreeSet<String>, figures: impl IntoIterator<Item = &'f Figure>) {
    found.extend(figures.into_iter().flat_map(|figure| figure.sources.iter().cloned()));
}

/// The last chapter: where the numbers come from.
pub fn sources(document: &mut Document, number: usize, book: &District, ids: &BTreeSet<String>) {
    document.heading(1, format!("{number}. 출처"));
    let known: Vec<&Source> = ids.iter().filter_map(|id| book.sources.get(id)).collect();
    if known.is_empty() {
        document.paragraph("파일이 밝힌 출처가 없습니다.");
        return;
    }
    let mut table = Table::new("sources", "이 문서의 수가 나온 곳").sheet("출처");
    table.columns = vec![
        Column::text("id", "번호").narrow().heads_rows().described("표에 적은 출처의 번호입니다."),
        Column::text("title", "제목").wide().described("자료의 제목이나 내용입니다."),
        Column::text("kind", "종류").narrow().described("공시 문서, 보도, 통계 따위입니다."),
        Column::text("publisher", "낸 곳").described("자료를 낸 곳입니다."),
        Column::text("date", "날짜").described("자료를 낸 때입니다."),
        Column::text("address", "찾을 곳").wide().described("주소나 찾는 방법입니다."),
    ];
    for source in known {
        let date = source.date.map(|date| date.korean());
        table.push(Row::ordinary([
            Cell::text(source.id.clone()),
            Cell::text(source.title.clone()),
            Cell::text(source.kind.as_str()),
            words(source.publisher.as_deref()),
            words(date.as_deref()),
            words(source.address.as_deref()),
        ]));
    }
    document.push(Block::Table(table));
}

/// Statistics as one table of counts and one of rates; empty ones are left out. How many tables.
pub fn statistics(document: &mut Document, id: &str, caption: &str, all: &[&Statistic]) -> usize {
    let (rates, counts): (Vec<&Statistic>, Vec<&Statistic>) =
        all.iter().partition(|statistic| statistic.figure.measure == Measure::Rate);
    let (money, counts): (Vec<&Statistic>, Vec<&Statistic>) =
        counts.into_iter().partition(|statistic| statistic.figure.measure == Measure::Won);
    let value_kinds = [
        (counts, "", Column::count("value", "값")),
        (rates, "_rates", Column::rate("value", "값(%)")),
        (money, "_won", Column::won("value", "값(원)")),
    ];
    let mut tables = 0;
    for (statistics, ending, value) in value_kinds {
        if statistics.is_empty() {
            continue;
        }
        let sheet = match ending {
            "" => "통계",
            "_rates" => "통계 비율",
            _ => "통계 금액",
        };
        let mut table = Table::new(format!("{id}{ending}"), caption).sheet(sheet);
        table.columns = vec![
            Column::text("name", "이름").heads_rows().described("통계의 이름입니다."),
            value.described("통계의 값입니다."),
            Column::text("unit", "단위").narrow().described("값의 단위입니다."),
            Column::text("definition", "뜻").wide().described("무엇을 센 수인지 적었습니다."),
            Column::text("basis", "기준").described("어떤 기준으로, 언제의 값인지 적었습니다."),
            Column::text("source", "출처").narrow().described("출처의 번호입니다."),
        ];
        for statistic in statistics {
            table.push(statistic_row(statistic));
        }
        document.push(Block::Table(table));
        tables += 1;
        for statistic in all.iter().filter(|statistic| ending.is_empty() && statistic.answer.is_some()) {
            document.note(format!("{}: {}", statistic.name, statistic.answer.clone().unwrap_or_default()));
        }
    }
    tables
}

fn statistic_row(statistic: &Statistic) -> Row {
    let value = &statistic.figure;
    let day = value.as_of.map(|day| format!("{} 기준", day.korean()));
    let basis: Vec<String> = [value.basis.clone(), day].into_iter().flatten().collect();
    let definition = value.definition.as_deref().filter(|_| !statistic.definition_unconfirmed);
    let unit = if value.measure == Measure::Rate { "%" } else { value.measure.as_str() };
    Row::ordinary([
        Cell::text(statistic.name.clone()),
        figure(value),
        Cell::text(unit),
        words(definition),
        words(Some(basis.join(", ").as_str())),
        Cell::text(source_ids(value)),
    ])
}

/// The name of the strategy and the task above a node, empty where there is none.
pub fn above(plan: &Plan, id: &str) -> (String, String) {
    let mut names: Vec<String> = plan.ancestors(id).iter().rev().map(|node| node.name.clone()).collect();
    names.resize(2, String::new());
    let task = names.pop().unwrap_or_default();
    (names.pop().unwrap_or_default(), task)
}
