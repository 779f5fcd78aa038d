//! A form as a workbook.
//!
//! Owns the look: what may be written is yellow and open, all else is locked, and the names stay in sight.
//! A newcomer sets a password: protection here keeps a hand from slipping, it keeps no secret, and an
//! office that needs another column must be able to lift it.

use iljari_base::Failure;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{ColumnKind, Form, FormCell, FormColumn};
use crate::grid::column_letters;

/// The largest figure that the form lets somebody write.
const LARGEST: i32 = 1_000_000_000;

/// The largest whole number that a workbook keeps exactly.
const EXACT: i64 = 1 << 53;

/// Letters of a title and of a message beside a cell, at most.
const TITLE_LETTERS: usize = 32;
const MESSAGE_LETTERS: usize = 255;

/// The line that every form says first.
const LEGEND: &str = "노란 칸에만 적습니다. 회색 칸은 고칠 수 없습니다.";

impl Form {
    /// The form as a workbook. The same form gives the same bytes.
    pub fn xlsx(&self) -> Result<Vec<u8>, Failure> {
        self.workbook().map_err(|error| Failure::new(error).context("writing a form as a workbook"))
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&self.properties()?);
        let look = Look::new();
        let sheet = book.add_worksheet();
        sheet.set_name(&self.sheet)?;
        for (column, described) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(column, described.width)?;
        }
        let names = self.above(sheet, &look)?;
        let first = names + 2;
        self.names(sheet, &look, names)?;
        for (row, cells) in (first..).zip(&self.rows) {
            for (index, column) in self.columns.iter().enumerate() {
                let cell = cells.get(index).unwrap_or(&FormCell::Empty);
                write_cell(sheet, (row, narrow(index)), cell, &column.kind, &look)?;
            }
            sheet.set_row_height(row, 8 + 14 * self.lines_of(cells))?;
        }
        let after = first + u32::try_from(self.rows.len()).unwrap_or(u32::MAX - first);
        if after > first {
            for (column, described) in (0u16..).zip(&self.columns) {
                if let Some(rule) = validation(described)? {
                    sheet.add_data_validation(first, column, after - 1, column, &rule)?;
                }
            }
            self.sums(sheet, &look, first, after)?;
            sheet.set_row_height(after, 22)?;
        }
        self.page(sheet, names, first)?;
        book.save_to_buffer()
    }

    fn properties(&self) -> Result<DocProperties, XlsxError> {
        let year = u16::try_from(self.created.year().0).unwrap_or(2000);
        let month = u8::try_from(self.created.month().number().rem_euclid(100)).unwrap_or(1);
        let day = u8::try_from(self.created.day()).unwrap_or(1);
        let made = ExcelDateTime::from_ymd(year, month, day)?;
        Ok(DocProperties::new().set_title(&self.title).set_creation_datetime(&made))
    }

    /// Title, instructions and stamp; the row of the names below them.
    fn above(&self, sheet: &mut Worksheet, look: &Look) -> Result<u32, XlsxError> {
        let width: u32 = self.columns.iter().map(|column| u32::from(column.width)).sum::<u32>().max(20);
        across(sheet, 0, self.last_column(), &self.title, &look.title)?;
        sheet.set_row_height(0, 28)?;
        let mut row = 1;
        for line in std::iter::once(LEGEND).chain(self.instructions.iter().map(String::as_str)) {
            across(sheet, row, self.last_column(), line, &look.instruction)?;
            sheet.set_row_height(row, 18 * lines_needed(line, width))?;
            row += 1;
        }
        across(sheet, row, self.last_column(), &self.stamp.line(), &look.stamp)?;
        sheet.set_row_height(row, 14)?;
        Ok(row + 1)
    }

    /// The names, and below each what to write there.
    fn names(&self, sheet: &mut Worksheet, look: &Look, row: u32) -> Result<(), XlsxError> {
        let (mut name_lines, mut hint_lines) = (1, 1);
        for (column, described) in (0u16..).zip(&self.columns) {
            let input = described.kind.is_input();
            let (name, hint) = if input { (&look.name_input, &look.hint_input) } else { (&look.name, &look.hint) };
            sheet.write_string_with_format(row, column, &described.name, name)?;
            sheet.write_string_with_format(row + 1, column, &described.hint, hint)?;
            // A hint is set in smaller letters, of which more fit.
            let width = u32::from(described.width).max(4);
            name_lines = name_lines.max(lines_needed(&described.name, width));
            hint_lines = hint_lines.max(lines_needed(&described.hint, width + width / 4));
        }
        sheet.set_row_height(row, 6 + 16 * name_lines)?;
        sheet.set_row_height(row + 1, 4 + 13 * hint_lines)?;
        Ok(())
    }

    /// How many lines the longest text of a row takes.
    fn lines_of(&self, cells: &[FormCell]) -> u32 {
        let lines = self.columns.iter().zip(cells).map(|(column, cell)| match cell {
            FormCell::Text(text) | FormCell::Locked(text) => {
                lines_needed(text, u32::from(column.width).saturating_sub(2).max(2))
            }
            FormCell::Empty | FormCell::Number(_) => 1,
        });
        lines.max().unwrap_or(1)
    }

    /// The last row with its sums: formulas with the values of now, so that they follow what is written.
    fn sums(&self, sheet: &mut Worksheet, look: &Look, first: u32, row: u32) -> Result<(), XlsxError> {
        let Some(word) = &self.totals else { return Ok(()) };
        for (index, column) in self.columns.iter().enumerate() {
            let at = narrow(index);
            if column.kind.is_figure() {
                let letters = column_letters(at);
                let formula = Formula::new(format!("=SUM({letters}{}:{letters}{row})", first + 1));
                let formula = formula.set_result(self.sum(index).to_string());
                sheet.write_formula_with_format(row, at, formula, &look.sum)?;
            } else {
                sheet.write_string_with_format(row, at, if index == 0 { word } else { "" }, &look.sum_word)?;
            }
        }
        Ok(())
    }

    /// What stays in sight, what is locked, and the printed page.
    fn page(&self, sheet: &mut Worksheet, names: u32, first: u32) -> Result<(), XlsxError> {
        sheet.set_freeze_panes(first, self.frozen_columns)?;
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::default()
        });
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(names, names)?;
        sheet.set_footer("&L&A&R&P / &N");
        let open = |row: &Vec<FormCell>| {
            self.columns.iter().enumerate().position(|(index, column)| {
                column.kind.is_input() && !matches!(row.get(index), Some(FormCell::Locked(_)))
            })
        };
        let found = (first..).zip(&self.rows).find_map(|(row, cells)| open(cells).map(|column| (row, column)));
        if let Some((row, column)) = found {
            sheet.set_selection(row, narrow(column), row, narrow(column))?;
        }
        Ok(())
    }

    fn last_column(&self) -> u16 {
        narrow(self.columns.len().saturating_sub(1))
    }
}

/// One text over the whole width.
fn across(sheet: &mut Worksheet, row: u32, last: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if last == 0 {
        sheet.write_string_with_format(row, 0, text, format)?;
    } else {
        sheet.merge_range(row, 0, row, last, text, format)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &FormCell,
    kind: &ColumnKind,
    look: &Look,
) -> Result<(), XlsxError> {
    let format = match (cell, kind) {
        (FormCell::Locked(_), _) => &look.locked,
        (_, ColumnKind::Fixed) => &look.fixed,
        (_, ColumnKind::Previous) => &look.previous,
        (_, ColumnKind::Count | ColumnKind::SignedCount) => &look.figure,
        (_, ColumnKind::Choice(_) | ColumnKind::Words(_)) => &look.words,
        (_, ColumnKind::Faults) => &look.faults,
    };
    match cell {
        FormCell::Empty => sheet.write_blank(row, column, format)?,
        FormCell::Text(text) | FormCell::Locked(text) => sheet.write_string_with_format(row, column, text, format)?,
        // A workbook keeps binary fractions; beyond 2^53 they no longer hold every whole number.
        FormCell::Number(figure) => match i32::try_from(*figure) {
            Ok(small) => sheet.write_number_with_format(row, column, small, format)?,
            Err(_) if figure.abs() <= EXACT => {
                #[expect(clippy::cast_precision_loss, reason = "at most 2^53, which a workbook's number holds exactly")]
                let number = *figure as f64;
                sheet.write_number_with_format(row, column, number, format)?
            }
            Err(_) => sheet.write_string_with_format(row, column, figure.to_string(), format)?,
        },
    };
    Ok(())
}

/// What the program lets somebody write in a column, and says beside the cell.
fn validation(column: &FormColumn) -> Result<Option<DataValidation>, XlsxError> {
    let rule = DataValidation::new();
    let (rule, wrong) = match &column.kind {
        ColumnKind::Count => (
            rule.allow_whole_number(DataValidationRule::Between(0, LARGEST)),
            "0 이상의 정수만 적을 수 있습니다. 단위나 쉼표는 적지 않습니다.".to_owned(),
        ),
        ColumnKind::SignedCount => (
            rule.allow_whole_number(DataValidationRule::Between(-LARGEST, LARGEST)),
            "정수만 적을 수 있습니다. 단위나 쉼표는 적지 않습니다.".to_owned(),
        ),
        ColumnKind::Choice(words) => {
            (rule.allow_list_strings(words)?, "목록에 있는 말 가운데 하나를 골라 주세요.".to_owned())
        }
        ColumnKind::Words(longest) => (
            rule.allow_text_length(DataValidationRule::LessThanOrEqualTo(*longest)),
            format!("{longest}자까지 적을 수 있습니다."),
        ),
        ColumnKind::Fixed | ColumnKind::Previous | ColumnKind::Faults => return Ok(None),
    };
    let rule = rule
        .set_input_title(shortened(&column.name, TITLE_LETTERS))?
        .set_input_message(shortened(&column.hint, MESSAGE_LETTERS))?
        .set_error_title("다시 적어 주세요")?
        .set_error_message(wrong)?;
    Ok(Some(rule))
}

fn shortened(text: &str, letters: usize) -> String {
    crate::reading::words(text).chars().take(letters).collect()
}

fn narrow(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

/// How many lines a text takes in a column of this many characters, a Hangul syllable counting two.
fn lines_needed(text: &str, width: u32) -> u32 {
    let line = |line: &str| {
        let letters: u32 = line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
        letters.div_ceil(width).max(1)
    };
    text.split('\n').map(line).sum::<u32>().max(1)
}

/// The looks of cells.
struct Look {
    title: Format,
    instruction: Format,
    stamp: Format,
    name: Format,
    name_input: Format,
    hint: Format,
    hint_input: Format,
    fixed: Format,
    previous: Format,
    locked: Format,
    figure: Format,
    words: Format,
    faults: Format,
    sum: Format,
    sum_word: Format,
}

impl Look {
    fn new() -> Self {
        let plain =
            || Format::new().set_font_name("맑은 고딕").set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let boxed = || plain().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00B1_B8BE));
        let grey = || boxed().set_background_color(Color::RGB(0x00EC_EEF0)).set_font_color(Color::RGB(0x0046_4C53));
        let open = || boxed().set_background_color(Color::RGB(0x00FF_F6CC)).set_unlocked();
        let figures = |format: Format| format.set_num_format("#,##0").set_align(FormatAlign::Right).set_indent(1);
        let name = || boxed().set_bold().set_text_wrap().set_align(FormatAlign::Center);
        let hint = || boxed().set_font_size(8).set_text_wrap().set_align(FormatAlign::Center);
        Self {
            title: plain().set_font_size(16).set_bold(),
            instruction: plain().set_text_wrap().set_background_color(Color::RGB(0x00EE_F4FB)).set_indent(1),
            stamp: plain().set_font_size(8).set_font_color(Color::RGB(0x0070_7780)),
            name: name().set_background_color(Color::RGB(0x00D6_E0EB)),
            name_input: name().set_background_color(Color::RGB(0x00FF_E58A)),
            hint: hint().set_background_color(Color::RGB(0x00EE_F2F7)).set_font_color(Color::RGB(0x0046_4C53)),
            hint_input: hint().set_background_color(Color::RGB(0x00FF_F0B8)),
            fixed: boxed().set_text_wrap().set_indent(1),
            previous: figures(grey()),
            locked: grey().set_align(FormatAlign::Center),
            figure: figures(open()),
            words: open().set_text_wrap().set_indent(1),
            faults: boxed().set_text_wrap().set_indent(1).set_bold().set_font_color(Color::RGB(0x00B4_2318)),
            sum: figures(grey()).set_bold(),
            sum_word: grey().set_bold().set_indent(1),
        }
    }
}
