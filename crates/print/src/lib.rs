//! Documents (문서): one model out as HTML, PDF, XLSX, HWPX, CSV and JSON, the same bytes each time.
//!
//! Owns: the document model, the writers, the charts in it, and the fonts they are set in. Does not
//! own: what a document says (that is the slice that makes it). What a newcomer gets wrong: putting a
//! date of today or a random id into a file; a document built twice has the same bytes.

pub mod model;

pub use model::{
    Block, Cell, Chart, Column, Document, Drawing, Fact, Kind, Letter, Line, LinePoint, Meta, Part, Row, RowKind,
    Table, Tile, TileMap, Tone, Unwritable, Width, YearBar, YearBars,
};
