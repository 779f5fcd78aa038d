//! A table for others to compute with: one description, out as CSV, as JSON and as a dictionary.
//!
//! Owns: the conventions of open data in Korea: UTF-8 with a byte order mark, ISO days, and the two
//! last columns 데이터기준일자 and 제공기관. Does not own: what is in a table (`tables`).
//! What a newcomer gets wrong: 0 or a dash where nothing is known. The cell is empty, and `null`.

use iljari_base::Date;
use iljari_disclosure::bundle::table::{BOM, guarded, write_row};
use serde_json::{Map, Value, json};

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its head in the CSV.
    pub name: &'static str,
    /// Its key in the JSON.
    pub key: &'static str,
    /// What stands in it.
    pub meaning: &'static str,
    /// Of what kind that is.
    pub kind: Kind,
}

/// What a column holds. Any cell may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Whole,
    /// Yes or no.
    Yes,
    /// Days, `YYYY-MM-DD`.
    Day,
    /// Months, `YYYY-MM`.
    Month,
}

impl Kind {
    /// The type and format of the column in a Table Schema (Frictionless Data 1.0).
    fn in_table_schema(self) -> (&'static str, &'static str) {
        match self {
            Kind::Text => ("string", "default"),
            Kind::Whole => ("integer", "default"),
            Kind::Yes => ("boolean", "default"),
            Kind::Day => ("date", "%Y-%m-%d"),
            Kind::Month => ("yearmonth", "default"),
        }
    }

    /// The column's values in a JSON Schema, nothing included.
    pub(crate) fn in_json_schema(self) -> Value {
        match self {
            Kind::Text => json!({ "type": ["string", "null"] }),
            Kind::Whole => json!({ "type": ["integer", "null"] }),
            Kind::Yes => json!({ "type": ["boolean", "null"] }),
            Kind::Day => json!({ "type": ["string", "null"], "format": "date" }),
            Kind::Month => json!({ "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}$" }),
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nobody knows, or it does not apply.
    Nothing,
    /// Words, a day, a month.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Yes or no: `Y`, `N`.
    Yes(bool),
}

impl Cell {
    /// Words; empty ones are nothing.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Cell::Nothing } else { Cell::Text(text) }
    }

    /// A whole number that may be unknown.
    pub(super) fn whole(number: Option<i64>) -> Self {
        number.map_or(Cell::Nothing, Cell::Whole)
    }

    fn in_csv(&self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Text(text) => guarded(text).into_owned(),
            Cell::Whole(number) => number.to_string(),
            Cell::Yes(yes) => if *yes { "Y" } else { "N" }.to_owned(),
        }
    }

    pub(crate) fn in_json(&self) -> Value {
        match self {
            Cell::Nothing => Value::Null,
            Cell::Text(text) => json!(text),
            Cell::Whole(number) => json!(number),
            Cell::Yes(yes) => json!(yes),
        }
    }
}

/// The columns every table ends with.
pub(crate) const LAST: [Column; 2] = [
    Column {
        name: "데이터기준일자",
        key: "as_of",
        meaning: "이 파일에 담긴 가장 새로운 사실의 날짜입니다(YYYY-MM-DD).",
        kind: Kind::Day,
    },
    Column { name: "제공기관", key: "provider", meaning: "자료를 낸 기관입니다.", kind: Kind::Text },
];

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The file's name without its ending.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// When it changes.
    pub changes: &'static str,
    /// Its columns, the last two included.
    pub columns: Vec<Column>,
    /// Its rows, without the last two cells.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// As a spreadsheet reads it.
    pub(super) fn csv(&self, as_of: Option<Date>, provider: &str) -> String {
        let mut out = BOM.to_owned();
        write_row(&mut out, self.columns.iter().map(|column| column.name));
        let (day, provider) = (as_of.map(|day| day.to_string()).unwrap_or_default(), guarded(provider).into_owned());
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(Cell::in_csv).chain([day.clone(), provider.clone()]).collect();
            write_row(&mut out, cells.iter().map(String::as_str));
        }
        out
    }

    /// The row as a program reads it, without the two last columns.
    pub(crate) fn object(&self, row: &[Cell]) -> Value {
        let pairs = self.columns.iter().zip(row).map(|(column, cell)| (column.key.to_owned(), cell.in_json()));
        Value::Object(pairs.collect::<Map<_, _>>())
    }

    /// What the columns of the CSV are, as a Table Schema (Frictionless Data 1.0).
    pub(super) fn schema(&self) -> String {
        let fields: Vec<Value> = self
            .columns
            .iter()
            .map(|column| {
                let (kind, format) = column.kind.in_table_schema();
                let mut field =
                    json!({ "name": column.name, "type": kind, "format": format, "description": column.meaning });
                if column.kind == Kind::Yes {
                    field["trueValues"] = json!(["Y"]);
                    field["falseValues"] = json!(["N"]);
                }
                field
            })
            .collect();
        let schema = json!({ "fields": fields, "missingValues": [""] });
        format!("{schema}\n")
    }

    /// As a program reads it: the dictionary first, then a line a row.
    pub(super) fn json(&self, as_of: Option<Date>, provider: &str) -> String {
        let dictionary: Vec<Value> = self
            .columns
            .iter()
            .map(|column| json!({ "key": column.key, "name": column.name, "meaning": column.meaning }))
            .collect();
        let head = json!({
            "title": self.title,
            "about": self.about,
            "as_of": as_of.map(|day| day.to_string()),
            "provider": provider,
            "columns": dictionary,
        });
        let rows: Vec<String> = self.rows.iter().map(|row| self.object(row).to_string()).collect();
        let head = head.to_string();
        let head = head.strip_suffix('}').unwrap_or(&head);
        format!("{head},\"rows\":[\n{}\n]}}\n", rows.join(",\n"))
    }
}
