//! What the template reads: the document with every text cut into lines, words and pieces.
//!
//! Owns: the shape of `data.json`, known to `assets/report.typ` alone. What a newcomer gets wrong:
//! handing a text over whole. Typst would break it inside Korean words.

use serde_json::{Value, json};

use super::layout::{self, Layout, STEP, UPRIGHT};
use crate::chart;
use crate::fonts::{self, FAMILY, Weight, drawable};
use crate::model::{Block, Chart, Document, Fact, Letter, Table, Unwritable};

/// All that the template reads.
pub(super) struct Input {
    pub(super) json: Vec<u8>,
    /// The charts' pictures, in order.
    pub(super) charts: Vec<String>,
}

/// The name of a chart's picture in the compiler's world.
pub(super) fn chart_file(number: usize) -> String {
    format!("chart-{number}.svg")
}

/// Blocks on pages that lie one way.
#[derive(Default)]
struct Section {
    flipped: bool,
    blocks: Vec<Value>,
}

pub(super) fn input(document: &Document) -> Result<Input, Unwritable> {
    let meta = &document.meta;
    let mut sections: Vec<Section> = vec![Section::default()];
    let mut charts = Vec::new();
    let mut chapters = 0;
    for block in &document.blocks {
        match block {
            Block::Table(table) => add_table(&mut sections, table, false),
            Block::Chart(chart) => {
                let file = chart_file(charts.len());
                charts.push(chart::bare(chart));
                add(&mut sections, false, chart_value(chart, &file));
                add_table(&mut sections, &chart.table(), true);
            }
            Block::PageBreak => add(&mut sections, false, json!({ "is": "break" })),
            Block::Heading { level, text } => {
                chapters += usize::from(*level <= 1);
                let level = (*level).clamp(1, 3);
                // At most 16 points, so a line has at least 30 letters.
                let text = cut(text, across(UPRIGHT, 160), Weight::Bold);
                add(&mut sections, false, json!({ "is": "heading", "level": level, "text": text }));
            }
            Block::Paragraph(text) => {
                add(&mut sections, false, json!({ "is": "paragraph", "text": body(text, 0) }));
            }
            Block::Note(text) => add(&mut sections, false, json!({ "is": "note", "text": body(text, 0) })),
            Block::List(items) => {
                let items: Vec<Value> = items.iter().map(|item| body(item, 20_000)).collect();
                add(&mut sections, false, json!({ "is": "list", "items": items }));
            }
            Block::Letter(letter) => add(&mut sections, false, letter_value(letter)),
        }
    }
    let sections: Vec<Value> =
        sections.into_iter().map(|section| json!({ "flipped": section.flipped, "blocks": section.blocks })).collect();
    let day = meta.as_of;
    let facts: Vec<Value> = meta.facts.iter().map(fact).collect();
    let value = json!({
        "font": FAMILY,
        "title": drawable(&meta.title),
        "heading": cut(&meta.title, across(UPRIGHT, 220), Weight::Bold),
        "subtitle": cut(&meta.subtitle, across(UPRIGHT, 120), Weight::Regular),
        "issuer": drawable(&meta.issuer),
        "eyebrow": body(&format!("{} · 기준일 {}", meta.issuer, day.korean()), 0),
        "running": body(&format!("{} · {}", meta.issuer, meta.title), 120_000),
        "as_of": body(&format!("기준일 {}", day.korean()), 40_000),
        "date": [i64::from(day.year().0), i64::from(day.month().of_year()), i64::from(day.day())],
        "marks": meta.marks(),
        "draft": meta.draft,
        "facts": facts,
        "contents": chapters >= 4,
        "sections": sections,
    });
    let json =
        serde_json::to_vec(&value).map_err(|error| Unwritable::Writer { format: "PDF", reason: error.to_string() })?;
    Ok(Input { json, charts })
}

/// Adds a block to pages of its own way.
fn add(sections: &mut Vec<Section>, flipped: bool, block: Value) {
    match sections.last_mut() {
        Some(section) if section.flipped == flipped => section.blocks.push(block),
        _ => sections.push(Section { flipped, blocks: vec![block] }),
    }
}

/// Adds a table; one on a flipped page takes the heading that leads to it along.
fn add_table(sections: &mut Vec<Section>, table: &Table, beside_its_chart: bool) {
    for part in layout::parts(table) {
        add_part(sections, &part, beside_its_chart);
    }
}

fn add_part(sections: &mut Vec<Section>, table: &Table, beside_its_chart: bool) {
    let layout = layout::lay_out(table);
    let block = table_value(table, &layout, beside_its_chart);
    if layout.flipped
        && let Some(before) = sections.last_mut().filter(|section| !section.flipped)
    {
        // The heading may have a sentence or two below it.
        let tail = before.blocks.iter().rev().take(4);
        let leads = tail.take_while(|block| ["heading", "paragraph", "note"].iter().any(|is| block["is"] == *is));
        let leads: Vec<&Value> = leads.collect();
        let taken = leads.iter().rposition(|block| block["is"] == "heading").map_or(0, |place| place + 1);
        let moved = before.blocks.split_off(before.blocks.len() - taken);
        sections.push(Section { flipped: true, blocks: moved });
    }
    add(sections, layout.flipped, block);
}

/// The widest piece in a room (thousandths of a point) at a size (tenths of a point), with some slack.
fn across(room: i64, size: i64) -> i64 {
    room * 10 / size.max(1) * 98 / 100
}

/// Running text of at most 10 points, in the page's width less some room.
fn body(text: &str, less: i64) -> Value {
    cut(text, across(UPRIGHT - less, 100), Weight::Regular)
}

/// Lines, words, pieces.
fn cut(text: &str, widest: i64, weight: Weight) -> Value {
    let drawable = drawable(text);
    let line = |line: &str| -> Value {
        line.split_whitespace().map(|word| Value::from(fonts::pieces(word, widest, weight))).collect()
    };
    drawable.split('\n').map(line).collect()
}

fn fact(fact: &Fact) -> Value {
    // The labels take what they need, at most a third or so.
    json!({
        "label": cut(&fact.label, across(130_000, 90), Weight::Regular),
        "value": cut(&fact.value, across(330_000, 90), Weight::Regular),
    })
}

fn letter_value(letter: &Letter) -> Value {
    let head: Vec<Value> = [("수신", &letter.to), ("경유", &letter.via), ("제목", &letter.subject)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| fact(&Fact::new(label, value.clone())))
        .collect();
    let lines: Vec<Value> = letter
        .lines()
        .iter()
        .map(|line| {
            // Spaces at the start of a line are room: the second enclosure stands below the first.
            let room = |text: &str| fonts::width(text, Weight::Regular) * 10;
            let indent = if line.starts_with(' ') { room("붙임 ") } else { 0 };
            let hanging = room(if line.starts_with("붙임") { "붙임 1. " } else { "1. " });
            json!({ "text": body(line, 60_000), "indent": indent, "hanging": hanging })
        })
        .collect();
    json!({
        "is": "letter",
        "head": head,
        "lines": lines,
        "sender": cut(&letter.sender, across(UPRIGHT, 160), Weight::Bold),
    })
}

fn chart_value(chart: &Chart, file: &str) -> Value {
    let note = if chart.note.is_empty() { String::new() } else { format!(" {}", chart.note) };
    let source = format!("출처: {}. 기준일: {}.{note}", chart.source, chart.as_of.korean());
    json!({
        "is": "chart",
        "file": file,
        "alt": drawable(&chart::sentence(chart)),
        "caption": cut(&chart.title, across(UPRIGHT, 110), Weight::Bold),
        "source": body(&source, 0),
    })
}

fn table_value(table: &Table, layout: &Layout, beside_its_chart: bool) -> Value {
    let grouped = table.has_groups();
    let head = |text: &str, widest: i64| cut(text, widest, Weight::Bold);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for span in table.spans() {
        if let Some(group) = span.group {
            let together: i64 =
                (span.start..span.start + span.columns.len()).map(|place| layout.widest(place, 0)).sum();
            first.push(json!({
                "text": head(group, together), "across": span.columns.len(), "down": 1,
                "group": true, "number": false, "last": false,
            }));
        }
        for (place, column) in (span.start..).zip(span.columns) {
            let in_group = span.group.is_some();
            let cell = json!({
                "text": head(&column.title, layout.widest(place, 0)), "across": 1,
                "down": if grouped && !in_group { 2 } else { 1 },
                "group": false, "number": column.kind.is_number(), "last": true,
            });
            if in_group { second.push(cell) } else { first.push(cell) }
        }
    }
    first.append(&mut second);
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Value> = table
                .columns
                .iter()
                .zip(&row.cells)
                .enumerate()
                .map(|(place, (column, cell))| {
                    cut(&cell.shown(column.kind), layout.widest(place, row.indent), Weight::Bold)
                })
                .collect();
            json!({ "kind": row.kind.key(), "indent": i64::from(row.indent) * STEP, "cells": cells })
        })
        .collect();
    let unit = if table.unit.is_empty() { String::new() } else { format!("(단위: {})", table.unit) };
    let caption = if beside_its_chart { format!("표: {}", table.caption) } else { table.caption.clone() };
    let note = if beside_its_chart { "" } else { table.note.as_str() };
    json!({
        "is": "table",
        "caption": body(&caption, 100_000),
        "small": beside_its_chart,
        "unit": body(&unit, 300_000),
        "note": body(note, 0),
        "size": if beside_its_chart { layout.size.min(85) } else { layout.size },
        "widths": layout.widths,
        "numbers": table.columns.iter().map(|column| column.kind.is_number()).collect::<Vec<_>>(),
        "row-heads": table.columns.iter().map(|column| column.heads_rows).collect::<Vec<_>>(),
        "heads": first,
        "rows": rows,
    })
}
