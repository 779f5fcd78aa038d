//! A form as CSV, for offices whose computers open nothing else.
//!
//! Owns the order of the lines: title, stamp, names, rows. A newcomer misses the instructions: a CSV has
//! no locked cells, and every line above the table is one more that somebody deletes.

use super::{Form, FormCell};
use crate::csv;
use crate::grid::Encoding;

impl Form {
    /// The form as a CSV file.
    pub fn csv(&self, encoding: Encoding) -> Vec<u8> {
        let width = self.columns.len().max(1);
        let alone = |text: String| {
            let mut line = vec![String::new(); width];
            line[0] = text;
            line
        };
        let mut lines = vec![alone(self.title.clone()), alone(self.stamp.line())];
        lines.push(self.columns.iter().map(|column| column.name.clone()).collect());
        lines.extend(self.rows.iter().map(|row| {
            (0..self.columns.len()).map(|column| row.get(column).map_or_else(String::new, text_of)).collect()
        }));
        if let Some(word) = &self.totals {
            let sums = self.columns.iter().enumerate();
            let mut line: Vec<String> = sums
                .map(
                    |(index, column)| if column.kind.is_figure() { self.sum(index).to_string() } else { String::new() },
                )
                .collect();
            if let Some(first) = line.first_mut() {
                first.clone_from(word);
            }
            lines.push(line);
        }
        csv::write(&lines, encoding)
    }

    /// The sum of the figures that stand in a column now.
    pub(super) fn sum(&self, column: usize) -> i64 {
        let figures = self.rows.iter().filter_map(|row| match row.get(column) {
            Some(FormCell::Number(figure)) => Some(*figure),
            _ => None,
        });
        figures.fold(0, i64::saturating_add)
    }
}

fn text_of(cell: &FormCell) -> String {
    match cell {
        FormCell::Empty => String::new(),
        FormCell::Text(text) | FormCell::Locked(text) => text.clone(),
        FormCell::Number(figure) => figure.to_string(),
    }
}
