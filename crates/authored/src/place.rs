//! Where something stands in a file: line, column, byte.

use std::sync::Arc;

/// A point in a file. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Offset in bytes from the start of the file.
    pub byte: u32,
}

impl Point {
    /// The first character of a file.
    pub const START: Point = Point { line: 1, column: 1, byte: 0 };
}

/// From a point up to another, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// First character.
    pub start: Point,
    /// Behind the last character.
    pub end: Point,
}

/// A span in a named file: what an editor needs to jump there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name, as it was handed in.
    pub file: Arc<str>,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// The beginning of a file, for problems of the file as a whole.
    pub fn start_of(file: &Arc<str>) -> Self {
        let span = Span { start: Point::START, end: Point::START };
        Self { file: Arc::clone(file), span }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.span.start.line, self.span.start.column)
    }
}
