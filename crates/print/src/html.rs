//! HTML: a fragment for a page of the site, and a whole page for a bundle.
//!
//! Owns: the mark-up. The fragment uses the class names of the site's style sheet (`num`, `note`,
//! `tag`, `chart-figure`); the page carries its own small style and loads nothing. Does not own: the
//! frame of a site's page, nor its `h1`. What a newcomer gets wrong: heading levels. The page's title
//! is the `h1`, so a heading of level 1 is an `h2`.

use std::fmt::Write as _;

use crate::chart;
use crate::model::{Block, Chart, Column, Document, Letter, Meta, RowKind, Table, Unwritable, Width};
use crate::text::escaped;

const STYLE: &str = include_str!("../assets/page.css");

/// The document below a page's own `h1`: marks, facts and blocks.
pub fn fragment(document: &Document) -> Result<String, Unwritable> {
    document.check()?;
    let mut out = String::new();
    head(&mut out, &document.meta);
    for block in &document.blocks {
        write_block(&mut out, block);
    }
    Ok(out)
}

/// The document as one page that stands alone.
pub fn page(document: &Document) -> Result<Vec<u8>, Unwritable> {
    let body = fragment(document)?;
    let meta = &document.meta;
    let title = escaped(&meta.title);
    let subtitle = if meta.subtitle.is_empty() {
        String::new()
    } else {
        format!("<p class=\"lead\">{}</p>\n", paragraph(&meta.subtitle))
    };
    let page = format!(
        "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <p class=\"eyebrow\">{} · 기준일 {}</p>\n<h1>{title}</h1>\n{subtitle}{body}</main>\n</body>\n</html>\n",
        escaped(&meta.issuer),
        meta.as_of.korean(),
    );
    Ok(page.into_bytes())
}

/// One table, as it stands in a fragment.
pub fn table(table: &Table) -> Result<String, Unwritable> {
    table.check()?;
    let mut out = String::new();
    write_table(&mut out, table, false);
    Ok(out)
}

fn head(out: &mut String, meta: &Meta) {
    let marks = meta.marks();
    if !marks.is_empty() {
        let tags: Vec<String> =
            marks.iter().map(|mark| format!("<span class=\"tag tag--sample\">{mark}</span>")).collect();
        let _ = writeln!(out, "<p class=\"marks\">{}</p>", tags.join(" "));
    }
    if !meta.facts.is_empty() {
        out.push_str("<dl class=\"facts\">\n");
        for fact in &meta.facts {
            let (label, value) = (escaped(&fact.label), paragraph(&fact.value));
            let _ = writeln!(out, "<div><dt>{label}</dt><dd>{value}</dd></div>");
        }
        out.push_str("</dl>\n");
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let level = (*level).clamp(1, 3) + 1;
            let _ = writeln!(out, "<h{level}>{}</h{level}>", escaped(text));
        }
        Block::Paragraph(text) => {
            let _ = writeln!(out, "<p>{}</p>", paragraph(text));
        }
        Block::Note(text) => {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", paragraph(text));
        }
        Block::List(items) if items.is_empty() => {}
        Block::List(items) => {
            out.push_str("<ul class=\"list\">\n");
            for item in items {
                let _ = writeln!(out, "<li>{}</li>", paragraph(item));
            }
            out.push_str("</ul>\n");
        }
        Block::Table(table) => write_table(out, table, false),
        Block::Chart(chart) => write_chart(out, chart),
        Block::Letter(letter) => write_letter(out, letter),
        Block::PageBreak => out.push_str("<hr class=\"page-break\">\n"),
    }
}

/// Escaped text with its line ends.
fn paragraph(text: &str) -> String {
    escaped(text).replace('\n', "<br>")
}

fn write_letter(out: &mut String, letter: &Letter) {
    out.push_str("<div class=\"letter\">\n<dl class=\"facts\">\n");
    for (label, value) in [("수신", &letter.to), ("경유", &letter.via), ("제목", &letter.subject)] {
        if !value.is_empty() {
            let _ = writeln!(out, "<div><dt>{label}</dt><dd>{}</dd></div>", paragraph(value));
        }
    }
    out.push_str("</dl>\n");
    for line in letter.lines() {
        let _ = writeln!(out, "<p>{}</p>", paragraph(&line));
    }
    if !letter.sender.is_empty() {
        let _ = writeln!(out, "<p class=\"sender\">{}</p>", escaped(&letter.sender));
    }
    out.push_str("</div>\n");
}

fn write_chart(out: &mut String, chart: &Chart) {
    let note = if chart.note.is_empty() { String::new() } else { format!(" {}", paragraph(&chart.note)) };
    let _ = writeln!(
        out,
        "<figure class=\"chart-figure\">\n<figcaption>{}</figcaption>\n<div class=\"picture\" role=\"region\" aria-label=\"도표: {}\" tabindex=\"0\">{}</div>\n\
         <p class=\"chart-source\">출처: {}. 기준일: {}.{note}</p>\n</figure>",
        paragraph(&chart.title),
        escaped(&chart.title),
        chart::bare(chart),
        escaped(&chart.source),
        chart.as_of.korean(),
    );
    write_table(out, &chart.table(), true);
}

fn write_table(out: &mut String, table: &Table, below_its_chart: bool) {
    let unit = if table.unit.is_empty() {
        String::new()
    } else {
        format!(" <span class=\"note\">단위: {}</span>", escaped(&table.unit))
    };
    let cards = if table.columns.len() > 4 { " class=\"table-cards\"" } else { "" };
    // Where a wide table scrolls, the keyboard must be able to move it.
    let _ = writeln!(
        out,
        "<div class=\"table-scroll\" role=\"region\" aria-label=\"표: {}\" tabindex=\"0\"><table{cards} id=\"table-{}\">",
        escaped(&table.caption),
        escaped(&table.id)
    );
    let hidden = if below_its_chart { "표: " } else { "" };
    let _ =
        writeln!(out, "<caption><span class=\"caption\">{hidden}{}{unit}</span></caption>", paragraph(&table.caption));
    write_heads(out, table);
    out.push_str("<tbody>\n");
    for row in &table.rows {
        let class = match row.kind {
            RowKind::Ordinary => "",
            RowKind::Subtotal => " class=\"is-subtotal\"",
            RowKind::Total => " class=\"is-total\"",
        };
        let _ = write!(out, "<tr{class}>");
        for (place, (column, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
            let text = paragraph(&cell.shown(column.kind));
            let text = match (place, row.indent) {
                (0, indent @ 1..) => format!("<span class=\"in-{}\">{text}</span>", indent.min(6)),
                _ => text,
            };
            let mut classes = Vec::new();
            if column.kind.is_number() {
                classes.push("num");
            }
            if column.width == Width::Wide {
                classes.push("is-wide-cell");
            }
            let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
            if column.heads_rows {
                let _ = write!(out, "<th scope=\"row\"{class}>{text}</th>");
            } else {
                let _ = write!(out, "<td{class} data-label=\"{}\">{text}</td>", escaped(&label(column)));
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    if !table.note.is_empty() && !below_its_chart {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", paragraph(&table.note));
    }
}

/// A cell's name where the heads are not seen: with its group.
fn label(column: &Column) -> String {
    match &column.group {
        Some(group) => format!("{group} {}", column.title),
        None => column.title.clone(),
    }
}

/// One row of heads, or two where columns share a head.
fn write_heads(out: &mut String, table: &Table) {
    let spans = table.spans();
    let grouped = table.has_groups();
    out.push_str("<thead>\n<tr>");
    for span in &spans {
        match &span.group {
            Some(group) => {
                let _ =
                    write!(out, "<th scope=\"colgroup\" colspan=\"{}\">{}</th>", span.columns.len(), escaped(group));
            }
            None => {
                let down = if grouped { " rowspan=\"2\"" } else { "" };
                for column in span.columns {
                    write_head(out, column, down);
                }
            }
        }
    }
    out.push_str("</tr>\n");
    if grouped {
        out.push_str("<tr>");
        for span in spans.iter().filter(|span| span.group.is_some()) {
            for column in span.columns {
                write_head(out, column, "");
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</thead>\n");
}

fn write_head(out: &mut String, column: &Column, down: &str) {
    let class = if column.kind.is_number() { " class=\"num\"" } else { "" };
    let _ = write!(out, "<th scope=\"col\"{down}{class}>{}</th>", paragraph(&column.title));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Row};

    #[test]
    fn heads_span_their_group_and_cells_repeat_them_for_phones() {
        let mut sample = Table::new("t", "부문별 실적")
            .unit("개")
            .column(Column::text("field", "부문").heads_rows())
            .column(Column::count("target", "목표").group("2025년"))
            .column(Column::count("actual", "실적").group("2025년"));
        sample.push(Row::ordinary(["<b>".into(), Cell::Count(6000), Cell::Count(6570)]).indent(1));
        let html = table(&sample).expect("a table");
        assert!(
            html.contains("<th scope=\"col\" rowspan=\"2\">부문</th><th scope=\"colgroup\" colspan=\"2\">2025년</th>")
        );
        assert!(html.contains("<th scope=\"row\"><span class=\"in-1\">&lt;b&gt;</span></th>"), "{html}");
        assert!(html.contains("<td class=\"num\" data-label=\"2025년 실적\">6,570</td>"), "{html}");
        assert!(html.contains("단위: 개"), "{html}");
    }
}
