//! A report as text for people and as JSON for programs.
//!
//! Owns: the layout. Does not own: the words of a problem. What a newcomer gets wrong: counting
//! characters for the caret line. A Hangul syllable takes two columns of a terminal.

use std::fmt::Write as _;

use serde_json::json;

use crate::Report;
use crate::place::Span;
use crate::problem::{Both, Lang, Problem, Severity};
use crate::rule::FileRule;
use crate::yaml::is_hidden;

/// Widest source line that is shown whole.
const LINE_MAX: usize = 96;

/// The report as a terminal shows it: each problem with its line and a caret below, then a summary.
pub fn render_text<R: FileRule>(report: &Report<R>, lang: Lang, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    for problem in &report.problems {
        one(&mut out, report, problem, lang, &paint);
    }
    out.push_str(&summary(report, lang, &paint));
    out.push('\n');
    out
}

/// The report as JSON under the name of its format, both languages, problems in the order of files and lines.
pub fn render_json<R: FileRule>(report: &Report<R>, format: &str) -> String {
    let problems: Vec<serde_json::Value> = report.problems.iter().map(problem_json).collect();
    let whole = json!({
        "format": format,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "problems": problems,
    });
    // Maps of plain strings and numbers always serialise; the alternate form indents.
    format!("{whole:#}\n")
}

fn problem_json<R: FileRule>(problem: &Problem<R>) -> serde_json::Value {
    let both = |both: &Both| json!({"ko": both.ko, "en": both.en});
    let Span { start, end } = problem.place.span;
    json!({
        "code": problem.code.as_str(),
        "severity": problem.severity.word(Lang::En),
        "file": &*problem.place.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "message": both(&problem.title),
        "found": both(&problem.found),
        "expected": both(&problem.expected),
        "todo": both(&problem.todo),
    })
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn severity(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note => "1;36",
        };
        self.with(code, text)
    }

    fn quiet(&self, text: &str) -> String {
        self.with("2", text)
    }
}

fn one<R: FileRule>(out: &mut String, report: &Report<R>, problem: &Problem<R>, lang: Lang, paint: &Paint) {
    let head = format!("{}[{}]", problem.severity.word(lang), problem.code.as_str());
    let head = paint.severity(problem.severity, &head);
    let title = paint.with("1", &printable(problem.title.in_lang(lang)));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{head} {title}");
    let line_number = problem.place.span.start.line.to_string();
    let gutter = " ".repeat(line_number.len());
    let arrow = paint.quiet(&format!("{gutter}--> "));
    let _ = writeln!(out, "{arrow}{}", problem.place);
    if let Some((line, carets)) = excerpt(report, problem) {
        let bar = paint.quiet(&format!("{gutter} |"));
        let numbered = paint.quiet(&format!("{line_number} |"));
        let _ = writeln!(out, "{bar}\n{numbered} {line}\n{bar} {}", paint.severity(problem.severity, &carets));
    }
    let labels = match lang {
        Lang::Ko => ["찾은 것", "바란 것", "할 일  "],
        Lang::En => ["found   ", "expected", "to do   "],
    };
    let texts = [&problem.found, &problem.expected, &problem.todo];
    for (label, text) in labels.iter().zip(texts) {
        let text = printable(text.in_lang(lang));
        if !text.is_empty() {
            let _ =
                writeln!(out, "{} {} {text}", paint.quiet(&format!("{gutter} =")), paint.quiet(&format!("{label}:")));
        }
    }
    out.push('\n');
}

/// A value quoted from a file must not move the cursor or turn the text round.
fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// The source line of a problem and the carets below it, in columns of a terminal.
fn excerpt<R: FileRule>(report: &Report<R>, problem: &Problem<R>) -> Option<(String, String)> {
    let (_, text) = report.texts.iter().find(|(name, _)| *name == problem.place.file)?;
    let Span { start, end } = problem.place.span;
    let at = usize::try_from(start.byte).ok()?;
    let (before, behind) = (text.get(..at)?, text.get(at..)?);
    // Only the neighbourhood is looked at: a hostile file may be one line of ten megabytes, with a
    // problem at every second letter of it.
    let lead: Vec<char> = before.chars().rev().take(LINE_MAX).take_while(|letter| !is_break(*letter)).collect();
    let tail: Vec<char> = behind.chars().take(LINE_MAX + 1).take_while(|letter| !is_break(*letter)).collect();
    let lead: Vec<char> = lead.into_iter().rev().map(shown).collect();
    let tail: Vec<char> = tail.into_iter().map(shown).collect();
    if lead.iter().chain(&tail).all(|letter| letter.is_whitespace()) {
        return None;
    }
    let fits = lead.len() < LINE_MAX && width(&lead) + width(&tail) <= LINE_MAX;
    let lead = if fits { &lead[..] } else { &lead[lead.len().saturating_sub(20)..] };
    let shown_columns = LINE_MAX - width(lead).min(LINE_MAX);
    let end_of_tail = (0..=tail.len()).rev().find(|end| width(&tail[..*end]) <= shown_columns).unwrap_or(0);
    let cut_lead = if fits || lead.len() < 20 { "" } else { "…" };
    let cut_tail = if end_of_tail < tail.len() { "…" } else { "" };
    let marked = if end.line == start.line {
        usize::try_from(end.column.saturating_sub(start.column)).ok()?
    } else {
        tail.len()
    };
    let length = width(&tail[..marked.min(end_of_tail)]).max(1);
    let offset = cut_lead.chars().count() + width(lead);
    let line: String = lead.iter().chain(&tail[..end_of_tail]).collect();
    Some((format!("{cut_lead}{line}{cut_tail}"), format!("{}{}", " ".repeat(offset), "^".repeat(length))))
}

/// Lines end as YAML ends them: LF, CRLF or a lone CR.
fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r')
}

fn shown(letter: char) -> char {
    match letter {
        '\t' => ' ',
        hidden if is_hidden(hidden) => '·',
        other => other,
    }
}

/// Columns that letters take on a terminal: two for Hangul and other wide letters, none for marks.
pub fn width(letters: &[char]) -> usize {
    letters
        .iter()
        .map(|letter| match u32::from(*letter) {
            0x0300..=0x036f | 0x1160..=0x11ff | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
            0x1100..=0x115f
            | 0x2e80..=0x303e
            | 0x3041..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f
            | 0xff00..=0xff60
            | 0xffe0..=0xffe6
            | 0x1_f300..=0x1_faff
            | 0x2_0000..=0x3_fffd => 2,
            _ => 1,
        })
        .sum()
}

fn summary<R: FileRule>(report: &Report<R>, lang: Lang, paint: &Paint) -> String {
    let [errors, warnings, notes] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|weight| report.count(weight));
    let files = report.texts.len();
    let text = match lang {
        Lang::Ko if errors + warnings + notes == 0 => format!("파일 {files}개를 검사했습니다. 문제가 없습니다."),
        Lang::Ko => format!("파일 {files}개를 검사했습니다. 오류 {errors}개, 경고 {warnings}개, 알림 {notes}개."),
        Lang::En if errors + warnings + notes == 0 => format!("{files} files checked, nothing to report."),
        Lang::En => format!("{files} files checked: {errors} errors, {warnings} warnings, {notes} notes."),
    };
    let weight = if errors > 0 {
        Some(Severity::Error)
    } else if warnings > 0 {
        Some(Severity::Warning)
    } else {
        None
    };
    match weight {
        Some(weight) => paint.severity(weight, &text),
        None => paint.with("1;32", &text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_takes_two_columns() {
        let letters: Vec<char> = "가a나".chars().collect();
        assert_eq!(width(&letters), 5);
    }
}
