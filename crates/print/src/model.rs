//! The document model (문서): what stands in a document, typed, before any format.
//!
//! Owns: the types, how a cell is shown to people, and the check that a document can be written at
//! all. Does not own: how a format looks (one file each beside this one).
//! What a newcomer gets wrong: pasting a formatted number as text. A cell keeps its value; it is
//! grouped, rounded and aligned once, here and in the writers, so that all formats say the same.

use std::collections::BTreeSet;

use iljari_base::quantity::grouped;
use iljari_base::{Date, Rate, Won, Year};

/// A document (문서): its head and its blocks in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What stands at its head and on every page.
    pub meta: Meta,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// The head of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The document's name: `2025년 일자리대책 추진실적`.
    pub title: String,
    /// A line below the title; may be empty.
    pub subtitle: String,
    /// Who publishes it: the district's name.
    pub issuer: String,
    /// The year it is about.
    pub year: Year,
    /// The day on which its numbers were so. Every date inside the files is this one.
    pub as_of: Date,
    /// A draft carries `확정 전` on every page and every sheet.
    pub draft: bool,
    /// An invented document carries `예시` on every page and every sheet.
    pub sample: bool,
    /// Facts of the first page: 결재 문서번호 or the reason why there is none, the checkpoint's size and
    /// root, the key's fingerprint.
    pub facts: Vec<Fact>,
    /// The files' name without ending: `추진실적-2025`. Letters, digits, `-` and `_`.
    pub file_stem: String,
}

impl Meta {
    /// A head without subtitle and facts, final and not invented.
    pub fn new(
        title: impl Into<String>,
        issuer: impl Into<String>,
        year: Year,
        as_of: Date,
        file_stem: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            issuer: issuer.into(),
            year,
            as_of,
            draft: false,
            sample: false,
            facts: Vec::new(),
            file_stem: file_stem.into(),
        }
    }

    /// The words that must stand on every page and sheet, in order; empty for a real, final document.
    pub fn marks(&self) -> Vec<&'static str> {
        let mut marks = Vec::new();
        if self.draft {
            marks.push(DRAFT);
        }
        if self.sample {
            marks.push(SAMPLE);
        }
        marks
    }
}

/// The mark of a draft.
pub const DRAFT: &str = "확정 전";
/// The mark of an invented document.
pub const SAMPLE: &str = "예시";

/// A line of the first page: what, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `결재 문서번호`.
    pub label: String,
    /// `일자리정책과-1234 (2026. 3. 31.)`; a hash may be long, it is broken where it must be.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 to 3 below the document's title.
    Heading {
        /// 1 is a chapter, 3 the smallest.
        level: u8,
        /// The heading; best a sentence that is true.
        text: String,
    },
    /// A paragraph of running text.
    Paragraph(String),
    /// A list of short items.
    List(Vec<String>),
    /// A remark in small type: a source, a method, a restriction.
    Note(String),
    /// A table.
    Table(Table),
    /// A picture of numbers; its numbers as a table follow it.
    Chart(Chart),
    /// An official letter's body (기안문 본문) with its list of enclosures (붙임).
    Letter(Letter),
    /// What follows begins on a new page.
    PageBreak,
}

/// An official letter (기안문): what is pasted into the approval system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// 수신.
    pub to: String,
    /// 경유; may be empty.
    pub via: String,
    /// 제목.
    pub subject: String,
    /// The numbered paragraphs 1., 2., 3., without their numbers.
    pub items: Vec<String>,
    /// The enclosures, without numbers: `2025년 추진실적 1부`. `끝.` is added by the writers.
    pub enclosures: Vec<String>,
    /// 발신 명의: `나루구청장`; may be empty.
    pub sender: String,
}

impl Letter {
    /// The body as lines, numbered as the office writes it, ending in `끝.`
    pub fn lines(&self) -> Vec<String> {
        let several = self.items.len() > 1;
        let mut lines: Vec<String> = (1..)
            .zip(&self.items)
            .map(|(number, item)| if several { format!("{number}. {item}") } else { item.clone() })
            .collect();
        let last = self.enclosures.len();
        for (number, enclosure) in (1..).zip(&self.enclosures) {
            let head = if number == 1 { "붙임  " } else { "      " };
            let count = if last > 1 { format!("{number}. ") } else { String::new() };
            let end = if number == last { ".  끝." } else { "." };
            lines.push(format!("{head}{count}{enclosure}{end}"));
        }
        if last == 0
            && let Some(line) = lines.last_mut()
        {
            line.push_str("  끝.");
        }
        lines
    }
}

/// A table (표).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Unique in the document; name of its CSV file and key of its JSON: `by_field`, `총괄표`.
    /// Letters, digits, `-` and `_`, at most 28 of them.
    pub id: String,
    /// What the table shows; best a sentence. Also the start of its sheet's name unless `sheet` says one.
    pub caption: String,
    /// The name of its sheet in a workbook: `총괄표`; empty means `id`.
    pub sheet: String,
    /// A remark below the table; may be empty.
    pub note: String,
    /// The unit over the table, without brackets: `개`, `개, 백만 원`; may be empty.
    pub unit: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

impl Table {
    /// An empty table.
    pub fn new(id: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            sheet: String::new(),
            note: String::new(),
            unit: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// With the unit that stands over the table.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// With the name of its sheet.
    #[must_use]
    pub fn sheet(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = sheet.into();
        self
    }

    /// With a remark below.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With one more column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row) {
        self.rows.push(row);
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in JSON and in the dictionary, ASCII: `actual`. Unique in the table.
    pub key: String,
    /// Its head: `실적`.
    pub title: String,
    /// A head over this and its neighbours of the same group: `2025년`.
    pub group: Option<String>,
    /// What its cells are.
    pub kind: Kind,
    /// What it means, for the dictionary; a sentence.
    pub description: String,
    /// How much room it wants beside the others.
    pub width: Width,
    /// Whether its cells name their row.
    pub heads_rows: bool,
}

impl Column {
    /// A column of a kind.
    pub fn new(key: impl Into<String>, title: impl Into<String>, kind: Kind) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
            group: None,
            kind,
            description: String::new(),
            width: Width::Fitting,
            heads_rows: false,
        }
    }

    /// A column of words.
    pub fn text(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(key, title, Kind::Text)
    }

    /// A column of counts.
    pub fn count(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(key, title, Kind::Count)
    }

    /// A column of money, shown in won.
    pub fn won(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(key, title, Kind::Won)
    }

    /// A column of money, shown in 백만 원.
    pub fn millions(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(key, title, Kind::Millions)
    }

    /// A column of rates, shown in percent.
    pub fn rate(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(key, title, Kind::Rate)
    }

    /// Under a head shared with its neighbours of the same group.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// With its sentence for the dictionary.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Takes more room than the others: names, reasons.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.width = Width::Wide;
        self
    }

    /// Takes less room than the others.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.width = Width::Narrow;
        self
    }

    /// Names its row: a header cell where the format has such.
    #[must_use]
    pub fn heads_rows(mut self) -> Self {
        self.heads_rows = true;
        self
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers that are counted: jobs, persons, cases.
    Count,
    /// Money in won.
    Won,
    /// Money, shown in 백만 원, rounded once; data files keep the won.
    Millions,
    /// Rates in percent.
    Rate,
    /// Years, not grouped by three.
    Year,
    /// Days.
    Date,
}

impl Kind {
    /// Whether its cells stand at the right.
    pub fn is_number(self) -> bool {
        !matches!(self, Kind::Text | Kind::Date)
    }

    /// The word in the dictionary's column 형식.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "글자",
            Kind::Count => "정수",
            Kind::Won | Kind::Millions => "정수(원)",
            Kind::Rate => "율(%)",
            Kind::Year => "연도",
            Kind::Date => "날짜",
        }
    }
}

/// How much room a column wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// Less than the others.
    Narrow,
    /// As its cells need.
    #[default]
    Fitting,
    /// More than the others.
    Wide,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Ordinary, 소계 or 총계.
    pub kind: RowKind,
    /// How deep its name is set in; 0 is not at all.
    pub indent: u8,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// An ordinary row.
    pub fn ordinary(cells: impl Into<Vec<Cell>>) -> Self {
        Self { kind: RowKind::Ordinary, indent: 0, cells: cells.into() }
    }

    /// A row that sums some rows (소계).
    pub fn subtotal(cells: impl Into<Vec<Cell>>) -> Self {
        Self { kind: RowKind::Subtotal, indent: 0, cells: cells.into() }
    }

    /// A row that sums the table (총계).
    pub fn total(cells: impl Into<Vec<Cell>>) -> Self {
        Self { kind: RowKind::Total, indent: 0, cells: cells.into() }
    }

    /// Its name set in by so many steps.
    #[must_use]
    pub fn indent(mut self, indent: u8) -> Self {
        self.indent = indent;
        self
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One of many.
    Ordinary,
    /// 소계.
    Subtotal,
    /// 총계.
    Total,
}

impl RowKind {
    /// Its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            RowKind::Ordinary => "ordinary",
            RowKind::Subtotal => "subtotal",
            RowKind::Total => "total",
        }
    }
}

/// A cell: a value, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words. Any text; none of it is ever mark-up or a formula.
    Text(String),
    /// A count.
    Count(i64),
    /// A count that the source itself calls approximate: `약 14,700`.
    About(i64),
    /// Money.
    Won(Won),
    /// A computed rate, rounded once when shown (half up, one decimal).
    Rate(Rate),
    /// A rate as a source printed it: `Percent { scaled: 653, decimals: 1 }` is 65.3 %.
    Percent {
        /// The written digits as a whole number.
        scaled: i64,
        /// How many of them stand behind the point; at most 4.
        decimals: u8,
    },
    /// A year.
    Year(Year),
    /// A day.
    Date(Date),
    /// A number that exists and that we do not know (미확인). Never 0.
    Unknown,
    /// There is no such number here: no target, nothing to divide by (–).
    NotApplicable,
    /// Hidden because it is small (5 미만).
    Suppressed,
    /// Hidden so that a small one beside it cannot be computed (비공개).
    Withheld,
}

/// The word for a number that nobody here knows.
pub const UNKNOWN: &str = "미확인";
/// The sign for a number that there is not.
pub const NOT_APPLICABLE: &str = "–";
/// The words for a number too small to show.
pub const SUPPRESSED: &str = "5 미만";
/// The word for a number hidden together with a small one.
pub const WITHHELD: &str = "비공개";

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// A count, or 미확인.
    pub fn count_or_unknown(count: Option<i64>) -> Self {
        count.map_or(Cell::Unknown, Cell::Count)
    }

    /// A count, or –.
    pub fn count_or_none(count: Option<i64>) -> Self {
        count.map_or(Cell::NotApplicable, Cell::Count)
    }

    /// Actual by target, rounded once; – without a target above zero, 미확인 without an actual.
    pub fn rate_of(actual: Option<i64>, target: Option<i64>) -> Self {
        match (target.filter(|target| *target > 0), actual) {
            (None, _) => Cell::NotApplicable,
            (_, None) => Cell::Unknown,
            (Some(target), Some(actual)) => Rate::new(actual, target).map_or(Cell::NotApplicable, Cell::Rate),
        }
    }

    /// As people read it in a column of this kind. All formats for people show exactly this text.
    pub fn shown(&self, kind: Kind) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => grouped(*count),
            Cell::About(count) => format!("약 {}", grouped(*count)),
            Cell::Won(won) if kind == Kind::Millions => grouped(millions(*won)),
            Cell::Won(won) => grouped(won.0),
            Cell::Rate(rate) => rate.percent_text(),
            Cell::Percent { scaled, decimals } => percent_text(*scaled, *decimals),
            Cell::Year(year) => year.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Unknown => UNKNOWN.to_owned(),
            Cell::NotApplicable => NOT_APPLICABLE.to_owned(),
            Cell::Suppressed => SUPPRESSED.to_owned(),
            Cell::Withheld => WITHHELD.to_owned(),
        }
    }

    /// Whether it is a reason in place of a value.
    pub fn is_word(&self) -> bool {
        matches!(self, Cell::Unknown | Cell::NotApplicable | Cell::Suppressed | Cell::Withheld)
    }

    fn suits(&self, kind: Kind) -> bool {
        match self {
            Cell::Text(_) => kind == Kind::Text,
            Cell::Count(_) | Cell::About(_) => kind == Kind::Count,
            Cell::Won(_) => matches!(kind, Kind::Won | Kind::Millions),
            Cell::Rate(_) => kind == Kind::Rate,
            Cell::Percent { decimals, .. } => kind == Kind::Rate && *decimals <= 4,
            Cell::Year(_) => kind == Kind::Year,
            Cell::Date(_) => kind == Kind::Date,
            Cell::Unknown | Cell::NotApplicable | Cell::Suppressed | Cell::Withheld => true,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

/// 백만 원, rounded half up (away from zero), once.
pub(crate) fn millions(won: Won) -> i64 {
    let wide = i128::from(won.0);
    let rounded = (wide.abs() + 500_000) / 1_000_000;
    i64::try_from(rounded * wide.signum()).unwrap_or(i64::MAX)
}

/// `653, 1` → `65.3`.
fn percent_text(scaled: i64, decimals: u8) -> String {
    if decimals == 0 {
        return grouped(scaled);
    }
    let unit = 10_u64.pow(u32::from(decimals.min(4)));
    let whole = i64::try_from(scaled.unsigned_abs() / unit).unwrap_or(i64::MAX);
    let rest = scaled.unsigned_abs() % unit;
    let sign = if scaled < 0 { "-" } else { "" };
    format!("{sign}{}.{rest:0width$}", grouped(whole), width = usize::from(decimals.min(4)))
}

/// A chart (도표): a picture of numbers, with the same numbers as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Unique in the document; name of its files. As a table's `id`.
    pub id: String,
    /// The sentence over the picture; true, with its numbers.
    pub title: String,
    /// The unit glued to numbers: `개`, `명`.
    pub unit: String,
    /// Where the numbers come from: `나루구 일자리 원장`. Stands in the picture.
    pub source: String,
    /// The day of the numbers. Stands in the picture.
    pub as_of: Date,
    /// A remark that stands in the picture as well (a forecast's method, what is hidden); may be empty.
    pub note: String,
    /// What is drawn.
    pub drawing: Drawing,
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawing {
    /// A bar a year, with the target line.
    YearBars(YearBars),
    /// What has come together month by month, with the target line.
    Line(Line),
    /// What a total is made of.
    Split(Vec<Part>),
    /// One tile for each 동, darker for more.
    TileMap(TileMap),
}

/// Bars by year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearBars {
    /// The name of the target line: `목표`, `확대 목표`; empty means 목표.
    pub target_name: String,
    /// The name of a second set of targets over the same actuals, drawn as a dashed line; empty if there is none.
    pub other_target_name: String,
    /// The bars, in order.
    pub bars: Vec<YearBar>,
}

/// One bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearBar {
    /// `2023년`, or any other name: `합계`, `일자리정책과`.
    pub label: String,
    /// The target; none where the plan names none.
    pub target: Option<i64>,
    /// The target of the second set; none where it names none.
    pub other_target: Option<i64>,
    /// The actual number; none where it is not known, then the bar is empty and dashed.
    pub actual: Option<i64>,
    /// What will have come together by the year's end, drawn hatched beyond the actual; stated as a forecast.
    pub forecast: Option<i64>,
    /// The word in place of an unknown number: `확인 중`, `진행 중`; empty means 미확인.
    pub word: String,
}

/// Cumulative numbers by month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The year's target; none where the plan names none.
    pub target: Option<i64>,
    /// The points, in order.
    pub points: Vec<LinePoint>,
}

/// One point of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinePoint {
    /// `1월`.
    pub label: String,
    /// What had come together by then; none where it is not known or lies ahead.
    pub actual: Option<i64>,
    /// What is expected by then; drawn hatched, only behind the last actual.
    pub forecast: Option<i64>,
}

/// A part of a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `기록`, `부서 집계`, `보도`.
    pub label: String,
    /// How much of the total it is.
    pub value: i64,
    /// How it is drawn.
    pub tone: Tone,
}

/// How a part is drawn; told apart by lightness and pattern, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The darkest: counted one by one.
    Strong,
    /// Lighter: sums.
    Soft,
    /// Hatched: taken from elsewhere, or expected.
    Hatched,
}

/// A tile map of 동.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TileMap {
    /// The head of the names: `동`.
    pub place_name: String,
    /// The head of the numbers: `참여자`.
    pub value_name: String,
    /// The tiles.
    pub tiles: Vec<Tile>,
}

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// `중곡제1동`.
    pub label: String,
    /// Its column from the left, from 0.
    pub column: u8,
    /// Its row from the top, from 0.
    pub row: u8,
    /// Its number: `Count`, `Unknown`, `NotApplicable`, `Suppressed` or `Withheld`.
    pub value: Cell,
}

impl Chart {
    /// The chart's numbers as a table. Every format has it beside the picture, so the two cannot differ.
    pub fn table(&self) -> Table {
        let table = Table::new(self.id.clone(), self.title.clone()).unit(self.unit.clone()).note(format!(
            "출처: {}. 기준일: {}.",
            self.source,
            self.as_of.korean()
        ));
        match &self.drawing {
            Drawing::YearBars(bars) => bars.table(table),
            Drawing::Line(line) => line.table(table),
            Drawing::Split(parts) => split_table(table, parts),
            Drawing::TileMap(map) => map.table(table),
        }
    }
}

impl YearBars {
    /// The name of the target line.
    pub fn target_word(&self) -> &str {
        if self.target_name.is_empty() { "목표" } else { &self.target_name }
    }

    fn table(&self, table: Table) -> Table {
        let with_other = !self.other_target_name.is_empty();
        let with_forecast = self.bars.iter().any(|bar| bar.forecast.is_some());
        let mut table = table
            .column(Column::text("label", "구분").heads_rows().described("막대의 이름입니다."))
            .column(Column::count("target", self.target_word()).described("계획에 적힌 목표입니다."));
        if with_other {
            table = table.column(
                Column::count("other_target", self.other_target_name.clone())
                    .described("같은 실적에 걸린 다른 목표입니다."),
            );
        }
        table = table
            .column(Column::count("actual", "실적").described("기록에서 더한 실적입니다."))
            .column(Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다. 한 번 반올림했습니다."));
        if with_forecast {
            table = table.column(Column::count("forecast", "예상").described("지금까지의 흐름으로 본 예상입니다."));
        }
        for bar in &self.bars {
            let mut cells = vec![Cell::text(bar.label.clone()), Cell::count_or_none(bar.target)];
            if with_other {
                cells.push(Cell::count_or_none(bar.other_target));
            }
            cells.push(Cell::count_or_unknown(bar.actual));
            cells.push(Cell::rate_of(bar.actual, bar.target));
            if with_forecast {
                cells.push(Cell::count_or_none(bar.forecast));
            }
            table.push(Row::ordinary(cells));
        }
        table
    }
}

impl Line {
    fn table(&self, table: Table) -> Table {
        let with_forecast = self.points.iter().any(|point| point.forecast.is_some());
        let mut table = table
            .column(Column::text("label", "구분").heads_rows().described("달의 이름입니다."))
            .column(Column::count("actual", "누계 실적").described("그 달까지 더한 실적입니다."))
            .column(Column::count("target", "목표").described("그해 전체의 목표입니다."))
            .column(Column::rate("rate", "달성률(%)").described("누계 실적을 목표로 나눈 값입니다."));
        if with_forecast {
            table = table.column(Column::count("forecast", "예상").described("지금까지의 흐름으로 본 예상입니다."));
        }
        for point in &self.points {
            // A month with a forecast lies ahead: it has no actual number, known or unknown.
            let ahead = point.actual.is_none() && point.forecast.is_some();
            let mut cells = vec![
                Cell::text(point.label.clone()),
                if ahead { Cell::NotApplicable } else { Cell::count_or_unknown(point.actual) },
                Cell::count_or_none(self.target),
                if ahead { Cell::NotApplicable } else { Cell::rate_of(point.actual, self.target) },
            ];
            if with_forecast {
                cells.push(Cell::count_or_none(point.forecast));
            }
            table.push(Row::ordinary(cells));
        }
        table
    }
}

fn split_table(table: Table, parts: &[Part]) -> Table {
    let whole = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.value));
    let mut table = table
        .column(Column::text("label", "구분").heads_rows().described("합계를 이루는 부분의 이름입니다."))
        .column(Column::count("value", "수").described("그 부분의 수입니다."))
        .column(Column::rate("share", "비율(%)").described("합계에서 차지하는 비율입니다."));
    for part in parts {
        let share = Cell::rate_of(Some(part.value), whole);
        table.push(Row::ordinary([Cell::text(part.label.clone()), Cell::Count(part.value), share]));
    }
    table.push(Row::total([Cell::from("합계"), Cell::count_or_unknown(whole), Cell::rate_of(whole, whole)]));
    table
}

impl TileMap {
    fn table(&self, table: Table) -> Table {
        let or = |name: &str, otherwise: &str| if name.is_empty() { otherwise.to_owned() } else { name.to_owned() };
        let mut table = table
            .column(Column::text("place", or(&self.place_name, "동")).heads_rows().described("동의 이름입니다."))
            .column(Column::count("value", or(&self.value_name, "수")).described("그 동의 수입니다."));
        for tile in &self.tiles {
            table.push(Row::ordinary([Cell::text(tile.label.clone()), tile.value.clone()]));
        }
        table
    }
}

/// Why a document cannot be written; each is a mistake of the code that made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A name of a file, table, chart or column has letters that some format or system cannot carry.
    #[error("{0:?} is no name for a file or column: letters, digits, - and _ only, and not too long")]
    Name(String),
    /// Two tables or charts, or two columns of a table, have one name.
    #[error("{0:?} names two things")]
    Twice(String),
    /// A row has another number of cells than the table has columns.
    #[error("table {table:?}, row {row}: {found} cells for {expected} columns")]
    Cells {
        /// The table's id.
        table: String,
        /// The row, from 1.
        row: usize,
        /// How many cells it has.
        found: usize,
        /// How many columns the table has.
        expected: usize,
    },
    /// A cell is not of its column's kind.
    #[error("table {table:?}, row {row}, column {column:?}: the cell is not of the column's kind")]
    Kind {
        /// The table's id.
        table: String,
        /// The row, from 1.
        row: usize,
        /// The column's key.
        column: String,
    },
    /// A writer could not do its work; the text says what happened.
    #[error("{format}: {reason}")]
    Writer {
        /// The format.
        format: &'static str,
        /// What happened.
        reason: String,
    },
}

impl Document {
    /// A document without blocks.
    pub fn new(meta: Meta) -> Self {
        Self { meta, blocks: Vec::new() }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a heading.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.push(Block::Heading { level, text: text.into() });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.push(Block::Paragraph(text.into()));
    }

    /// Adds a remark in small type.
    pub fn note(&mut self, text: impl Into<String>) {
        self.push(Block::Note(text.into()));
    }

    /// Every table in order, those of the charts included.
    pub fn tables(&self) -> Vec<Table> {
        self.blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) => Some(table.clone()),
                Block::Chart(chart) => Some(chart.table()),
                _ => None,
            })
            .collect()
    }

    /// Whether every format can carry it; each writer asks first.
    pub fn check(&self) -> Result<(), Unwritable> {
        is_name(&self.meta.file_stem, 80)?;
        let mut seen = BTreeSet::new();
        for table in self.tables() {
            table.check()?;
            if !seen.insert(table.id.to_lowercase()) {
                return Err(Unwritable::Twice(table.id));
            }
        }
        Ok(())
    }
}

impl Table {
    /// Whether every format can carry it.
    pub fn check(&self) -> Result<(), Unwritable> {
        // A workbook's sheet has at most 31 letters; three stay free for a number.
        is_name(&self.id, 28)?;
        let mut keys = BTreeSet::new();
        for column in &self.columns {
            if !column.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err(Unwritable::Name(column.key.clone()));
            }
            is_name(&column.key, 60)?;
            if !keys.insert(column.key.as_str()) {
                return Err(Unwritable::Twice(format!("{}/{}", self.id, column.key)));
            }
        }
        for (number, row) in (1..).zip(&self.rows) {
            if row.cells.len() != self.columns.len() {
                return Err(Unwritable::Cells {
                    table: self.id.clone(),
                    row: number,
                    found: row.cells.len(),
                    expected: self.columns.len(),
                });
            }
            let wrong = self.columns.iter().zip(&row.cells).find(|(column, cell)| !cell.suits(column.kind));
            if let Some((column, _)) = wrong {
                return Err(Unwritable::Kind { table: self.id.clone(), row: number, column: column.key.clone() });
            }
        }
        Ok(())
    }
}

/// Neighbouring columns that share a head, or one column that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<'t> {
    pub(crate) group: Option<&'t str>,
    /// The place of the first of them.
    pub(crate) start: usize,
    pub(crate) columns: &'t [Column],
}

impl Table {
    /// The columns, cut where the shared head changes.
    pub(crate) fn spans(&self) -> Vec<Span<'_>> {
        let mut start = 0;
        self.columns
            .chunk_by(|one, other| one.group.is_some() && one.group == other.group)
            .map(|columns| {
                let span = Span { group: columns.first().and_then(|column| column.group.as_deref()), start, columns };
                start += columns.len();
                span
            })
            .collect()
    }

    /// Whether some columns share a head, so that the heads take two rows.
    pub(crate) fn has_groups(&self) -> bool {
        self.columns.iter().any(|column| column.group.is_some())
    }
}

/// Letters (Hangul too), digits, `-` and `_`; nothing else is safe in a path, a sheet and a ZIP alike.
fn is_name(name: &str, longest: usize) -> Result<(), Unwritable> {
    let length = name.chars().count();
    let fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    if length == 0 || length > longest || !name.chars().all(fine) {
        return Err(Unwritable::Name(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Date {
        Date::new(2026, 3, 31).expect("a day")
    }

    #[test]
    fn a_cell_is_shown_once_and_alike_everywhere() {
        assert_eq!(Cell::Count(24_000).shown(Kind::Count), "24,000");
        assert_eq!(Cell::About(14_700).shown(Kind::Count), "약 14,700");
        assert_eq!(Cell::Won(Won(1_234_500_000)).shown(Kind::Won), "1,234,500,000");
        assert_eq!(Cell::Won(Won(1_234_500_000)).shown(Kind::Millions), "1,235");
        assert_eq!(Cell::Won(Won(-499_999)).shown(Kind::Millions), "0");
        assert_eq!(Cell::rate_of(Some(6570), Some(6000)).shown(Kind::Rate), "109.5");
        assert_eq!(Cell::Percent { scaled: 653, decimals: 1 }.shown(Kind::Rate), "65.3");
        assert_eq!(Cell::Percent { scaled: -5, decimals: 2 }.shown(Kind::Rate), "-0.05");
        assert_eq!(Cell::Year(Year(2025)).shown(Kind::Year), "2025");
        assert_eq!(Cell::Unknown.shown(Kind::Count), "미확인");
        assert_eq!(Cell::Suppressed.shown(Kind::Count), "5 미만");
    }

    #[test]
    fn a_rate_without_a_target_is_none_and_without_an_actual_unknown() {
        assert_eq!(Cell::rate_of(Some(3), None), Cell::NotApplicable);
        assert_eq!(Cell::rate_of(Some(3), Some(0)), Cell::NotApplicable);
        assert_eq!(Cell::rate_of(None, Some(3)), Cell::Unknown);
    }

    #[test]
    fn a_document_that_no_format_can_carry_is_named() {
        let meta = |stem: &str| Meta::new("제목", "나루구", Year(2025), day(), stem);
        assert_eq!(Document::new(meta("추진실적-2025")).check(), Ok(()));
        for stem in ["", "a/b", "..", "a b"] {
            assert_eq!(Document::new(meta(stem)).check(), Err(Unwritable::Name(stem.to_owned())));
        }
        let mut document = Document::new(meta("a"));
        let table = Table::new("t", "표").column(Column::count("n", "수"));
        document.push(Block::Table(table.clone()));
        document.push(Block::Table(Table { id: "T".to_owned(), ..table.clone() }));
        assert_eq!(document.check(), Err(Unwritable::Twice("T".to_owned())));
        let mut short = table.clone();
        short.push(Row::ordinary(Vec::new()));
        assert!(matches!(short.check(), Err(Unwritable::Cells { row: 1, found: 0, expected: 1, .. })));
        let mut wrong = table;
        wrong.push(Row::ordinary([Cell::Unknown]));
        wrong.push(Row::ordinary([Cell::from("12")]));
        assert!(matches!(wrong.check(), Err(Unwritable::Kind { row: 2, .. })));
    }

    #[test]
    fn a_letter_is_numbered_and_ends_as_the_office_ends_it() {
        let letter = Letter {
            items: vec!["관련: 고용정책 기본법 제9조의2".to_owned(), "공시합니다.".to_owned()],
            enclosures: vec!["추진실적 1부".to_owned(), "총괄표 1부".to_owned()],
            ..Letter::default()
        };
        let lines = letter.lines();
        assert_eq!(lines[1], "2. 공시합니다.");
        assert_eq!(lines[2], "붙임  1. 추진실적 1부.");
        assert_eq!(lines[3], "      2. 총괄표 1부.  끝.");
        let bare = Letter { items: vec!["알립니다.".to_owned()], ..Letter::default() };
        assert_eq!(bare.lines(), ["알립니다.  끝."]);
    }

    #[test]
    fn a_chart_has_its_numbers_as_a_table() {
        let chart = |drawing| Chart {
            id: "c".to_owned(),
            title: "제목".to_owned(),
            unit: "개".to_owned(),
            source: "원장".to_owned(),
            as_of: day(),
            note: String::new(),
            drawing,
        };
        let bars = YearBars {
            bars: vec![YearBar { label: "2022년".to_owned(), target: Some(6000), ..YearBar::default() }],
            ..YearBars::default()
        };
        let table = chart(Drawing::YearBars(bars)).table();
        assert_eq!(table.check(), Ok(()));
        assert_eq!(table.rows[0].cells, ["2022년".into(), Cell::Count(6000), Cell::Unknown, Cell::Unknown]);
        let part = |label: &str, value| Part { label: label.to_owned(), value, tone: Tone::Strong };
        let table = chart(Drawing::Split(vec![part("기록", 3), part("보도", 1)])).table();
        assert_eq!(table.check(), Ok(()));
        assert_eq!(table.rows[2].cells[1], Cell::Count(4));
        assert_eq!(table.rows[0].cells[2].shown(Kind::Rate), "75.0");
    }
}
