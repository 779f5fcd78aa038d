//! CSV: one file for each table, and a dictionary of all columns.
//!
//! Owns: their bytes. UTF-8 with a byte order mark, CRLF, quotes only where needed, as the files of a
//! disclosure bundle have it. Numbers are plain (`24000`); where there is none, the cell has the word
//! that people see. What a newcomer gets wrong: a name that begins with `=`. A spreadsheet would run
//! it, so such a text gets an apostrophe in front.

use std::borrow::Cow;
use std::collections::BTreeMap;

use iljari_base::csv::{BOM, guarded, write_row};

use crate::model::{Cell, Document, Kind, NOT_APPLICABLE, SUPPRESSED, Table, UNKNOWN, Unwritable, WITHHELD};

/// The dictionary's name among the files of [`files`].
pub const DICTIONARY: &str = "dictionary.csv";

/// Every table of a document as `ID.csv`, and the dictionary.
pub fn files(document: &Document) -> Result<BTreeMap<String, Vec<u8>>, Unwritable> {
    document.check()?;
    let tables = document.tables();
    let mut files: BTreeMap<String, Vec<u8>> =
        tables.iter().map(|table| (format!("{}.csv", table.id), rows(table).into_bytes())).collect();
    files.insert(DICTIONARY.to_owned(), dictionary(&tables).into_bytes());
    Ok(files)
}

/// One table.
pub fn table(table: &Table) -> Result<Vec<u8>, Unwritable> {
    table.check()?;
    Ok(rows(table).into_bytes())
}

/// What every column of some tables means: 파일, 열, 자료 이름, 형식, 설명.
pub fn dictionary(tables: &[Table]) -> String {
    let mut out = BOM.to_owned();
    write_row(&mut out, ["파일", "열", "자료 이름", "형식", "설명"].map(Cow::Borrowed));
    for table in tables {
        let file = format!("{}.csv", table.id);
        for (column, title) in table.columns.iter().zip(titles(table)) {
            let mut description = column.description.clone();
            if column.kind.is_number() {
                let used = words(table, &column.key);
                if !used.is_empty() {
                    let named: Vec<String> = used.iter().map(|(word, meaning)| format!("'{word}'={meaning}")).collect();
                    let gap = if description.is_empty() { "" } else { " " };
                    description.push_str(&format!("{gap}수가 없는 칸: {}.", named.join(", ")));
                }
            }
            let cells =
                [file.as_str(), &title, &column.key, column.kind.word(), &description].map(|cell| guarded(cell));
            write_row(&mut out, cells);
        }
    }
    out
}

/// The words that stand in place of numbers in a column, with what they mean.
fn words(table: &Table, key: &str) -> Vec<(&'static str, &'static str)> {
    let Some(place) = table.columns.iter().position(|column| column.key == key) else {
        return Vec::new();
    };
    let has = |wanted: &Cell| table.rows.iter().any(|row| row.cells.get(place) == Some(wanted));
    [
        (Cell::Unknown, UNKNOWN, "수가 있으나 아직 모름"),
        (Cell::NotApplicable, NOT_APPLICABLE, "해당하는 수가 없음"),
        (Cell::Suppressed, SUPPRESSED, "작은 수라 숨김"),
        (Cell::Withheld, WITHHELD, "작은 수를 계산할 수 없도록 함께 숨김"),
    ]
    .into_iter()
    .filter(|(cell, _, _)| has(cell))
    .map(|(_, word, meaning)| (word, meaning))
    .collect()
}

fn rows(table: &Table) -> String {
    let mut out = BOM.to_owned();
    let titles = titles(table);
    write_row(&mut out, titles.iter().map(|title| guarded(title)));
    for row in &table.rows {
        write_row(&mut out, table.columns.iter().zip(&row.cells).map(|(column, cell)| value(cell, column.kind)));
    }
    out
}

/// The heads of the columns; a group stands before its column's own: `2025년 목표`.
pub(crate) fn titles(table: &Table) -> Vec<String> {
    table
        .columns
        .iter()
        .map(|column| match &column.group {
            Some(group) => format!("{group} {}", column.title),
            None => column.title.clone(),
        })
        .collect()
}

fn value(cell: &Cell, kind: Kind) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => guarded(text),
        Cell::Count(count) => Cow::Owned(count.to_string()),
        Cell::About(count) => Cow::Owned(format!("약 {count}")),
        Cell::Won(won) => Cow::Owned(won.0.to_string()),
        Cell::Rate(_) | Cell::Percent { .. } => Cow::Owned(cell.shown(kind).replace(',', "")),
        Cell::Year(_) | Cell::Date(_) => Cow::Owned(cell.shown(kind)),
        Cell::Unknown => Cow::Borrowed(UNKNOWN),
        Cell::NotApplicable => Cow::Borrowed(NOT_APPLICABLE),
        Cell::Suppressed => Cow::Borrowed(SUPPRESSED),
        Cell::Withheld => Cow::Borrowed(WITHHELD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Row};

    fn sample() -> Table {
        let mut sample = Table::new("by_node", "사업별")
            .column(Column::text("name", "사업").described("사업의 이름입니다."))
            .column(Column::count("target", "목표").group("2025년").described("목표입니다."))
            .column(Column::rate("rate", "달성률"));
        sample.push(Row::ordinary(["=HYPERLINK(\"x\")".into(), Cell::Count(-24_000), Cell::Unknown]));
        sample.push(Row::total(["가, 나".into(), Cell::NotApplicable, Cell::rate_of(Some(6570), Some(6000))]));
        sample
    }

    #[test]
    fn numbers_are_plain_and_a_name_is_never_a_formula() {
        let bytes = table(&sample()).expect("a table");
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!(
            text,
            "\u{feff}사업,2025년 목표,달성률\r\n\"'=HYPERLINK(\"\"x\"\")\",-24000,미확인\r\n\"가, 나\",–,109.5\r\n"
        );
    }

    #[test]
    fn the_dictionary_says_what_a_column_is_and_what_its_words_mean() {
        let text = dictionary(&[sample()]);
        assert!(
            text.contains("by_node.csv,2025년 목표,target,정수,목표입니다. 수가 없는 칸: '–'=해당하는 수가 없음.\r\n"),
            "{text}"
        );
        assert!(text.contains("by_node.csv,사업,name,글자,사업의 이름입니다.\r\n"), "{text}");
        assert!(
            text.contains("by_node.csv,달성률,rate,율(%),수가 없는 칸: '미확인'=수가 있으나 아직 모름.\r\n"),
            "{text}"
        );
    }
}
