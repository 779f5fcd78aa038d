//! JSON: the document as data, for machines and for comparing.
//!
//! Owns: its bytes, one value a line so that a change can be read; the same document gives the same
//! bytes. A number is a number. What is not a plain number is an object with `shown`, the text that
//! people read (`docs/reference/document.md`). What a newcomer gets wrong: a rate as a decimal; it is
//! its two integers and `shown`.

use serde_json::{Map, Value, json};

use crate::model::{Block, Cell, Chart, Column, Document, Drawing, Kind, Letter, Meta, Table, Unwritable};

/// The version of this shape.
pub const VERSION: u32 = 1;

/// The document.
pub fn document(document: &Document) -> Result<Vec<u8>, Unwritable> {
    document.check()?;
    let blocks: Vec<Value> = document.blocks.iter().filter_map(block).collect();
    let whole = json!({ "v": VERSION, "meta": meta(&document.meta), "blocks": blocks });
    written(&whole)
}

/// One table.
pub fn table(table: &Table) -> Result<Vec<u8>, Unwritable> {
    table.check()?;
    written(&json!({ "v": VERSION, "table": table_value(table) }))
}

fn written(value: &Value) -> Result<Vec<u8>, Unwritable> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Unwritable::Writer { format: "JSON", reason: error.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn meta(meta: &Meta) -> Value {
    let facts: Vec<Value> = meta.facts.iter().map(|fact| json!({ "label": fact.label, "value": fact.value })).collect();
    json!({
        "title": meta.title,
        "subtitle": meta.subtitle,
        "issuer": meta.issuer,
        "year": meta.year.0,
        "as_of": meta.as_of.to_string(),
        "draft": meta.draft,
        "sample": meta.sample,
        "facts": facts,
    })
}

fn block(block: &Block) -> Option<Value> {
    Some(match block {
        Block::Heading { level, text } => json!({ "heading": text, "level": level }),
        Block::Paragraph(text) => json!({ "paragraph": text }),
        Block::List(items) => json!({ "list": items }),
        Block::Note(text) => json!({ "note": text }),
        Block::Table(table) => json!({ "table": table_value(table) }),
        Block::Chart(chart) => json!({ "chart": chart_value(chart) }),
        Block::Letter(letter) => json!({ "letter": letter_value(letter) }),
        Block::PageBreak => return None,
    })
}

fn letter_value(letter: &Letter) -> Value {
    json!({
        "to": letter.to,
        "via": letter.via,
        "subject": letter.subject,
        "items": letter.items,
        "enclosures": letter.enclosures,
        "sender": letter.sender,
    })
}

fn chart_value(chart: &Chart) -> Value {
    let drawing = match chart.drawing {
        Drawing::YearBars(_) => "year_bars",
        Drawing::Line(_) => "line",
        Drawing::Split(_) => "split",
        Drawing::TileMap(_) => "tile_map",
    };
    json!({
        "drawing": drawing,
        "source": chart.source,
        "as_of": chart.as_of.to_string(),
        "note": chart.note,
        "table": table_value(&chart.table()),
    })
}

fn table_value(table: &Table) -> Value {
    let columns: Vec<Value> = table.columns.iter().map(column).collect();
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Map<String, Value> = table
                .columns
                .iter()
                .zip(&row.cells)
                .map(|(column, value)| (column.key.clone(), cell(value, column.kind)))
                .collect();
            json!({ "kind": row.kind.key(), "indent": row.indent, "cells": cells })
        })
        .collect();
    json!({
        "id": table.id,
        "caption": table.caption,
        "unit": table.unit,
        "note": table.note,
        "columns": columns,
        "rows": rows,
    })
}

fn column(column: &Column) -> Value {
    let kind = match column.kind {
        Kind::Text => "text",
        Kind::Count => "count",
        Kind::Won => "won",
        Kind::Millions => "won_shown_in_millions",
        Kind::Rate => "rate",
        Kind::Year => "year",
        Kind::Date => "date",
    };
    json!({
        "key": column.key,
        "title": column.title,
        "group": column.group,
        "kind": kind,
        "description": column.description,
    })
}

fn cell(cell: &Cell, kind: Kind) -> Value {
    let shown = cell.shown(kind);
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::About(count) => json!({ "about": count, "shown": shown }),
        Cell::Won(won) => json!({ "won": won.0, "shown": shown }),
        Cell::Rate(rate) => json!({ "of": rate.numerator(), "by": rate.denominator(), "shown": shown }),
        Cell::Percent { .. } => json!({ "shown": shown }),
        Cell::Year(_) | Cell::Date(_) => json!(shown),
        Cell::Unknown => json!({ "no_number": "unknown", "shown": shown }),
        Cell::NotApplicable => json!({ "no_number": "not_applicable", "shown": shown }),
        Cell::Suppressed => json!({ "no_number": "suppressed", "shown": shown }),
        Cell::Withheld => json!({ "no_number": "withheld", "shown": shown }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Row;

    #[test]
    fn a_number_is_a_number_and_the_rest_says_how_it_is_shown() {
        let mut sample = Table::new("t", "표")
            .column(Column::count("n", "수"))
            .column(Column::rate("r", "율"))
            .column(Column::count("s", "수"));
        let rate = Cell::rate_of(Some(6570), Some(6000));
        sample.push(Row::total([Cell::Count(24_000), rate, Cell::Suppressed]));
        let bytes = table(&sample).expect("a table");
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let cells = &value["table"]["rows"][0]["cells"];
        assert_eq!(cells["n"], json!(24_000));
        assert_eq!(cells["r"], json!({ "of": 6570, "by": 6000, "shown": "109.5" }));
        assert_eq!(cells["s"]["shown"], json!("5 미만"));
        assert_eq!(value["table"]["rows"][0]["kind"], json!("total"));
    }
}
