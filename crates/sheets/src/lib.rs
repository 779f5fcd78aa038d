//! Sheets (엑셀·CSV 시트): workbooks from strangers in, forms to fill in out.
//!
//! Owns: recognising a file, reading it in a child process with limits of its own, the grid of cells
//! with what was odd about each, and writing locked forms. Does not own: what a column means (that is
//! the slice that reads it). What a newcomer gets wrong: parsing an upload inside the server.

pub mod child;
mod container;
pub mod csv;
pub mod decimal;
pub mod form;
pub mod grid;
pub mod header;
pub mod limits;
mod many;
pub mod mark;
mod no;
pub mod odd;
pub mod read;
pub mod reader;
pub mod reading;
mod recognise;
mod screen;
#[cfg(test)]
mod testing;
mod values;
mod wire;
mod xlsx;

pub use decimal::Decimal;
pub use form::{ColumnKind, Form, FormCell, FormColumn, Stamp};
pub use grid::{Area, Cell, CellRef, Encoding, Grid, Row, Sheet, Value};
pub use header::Header;
pub use limits::Limits;
pub use many::zip_of;
pub use mark::Marks;
pub use no::{ACTIVE, PROTECTED, http_status};
pub use odd::{Odd, Oddity, Place};
pub use read::read;
pub use reader::{Part, Reader};
pub use reading::Unreadable;
pub use recognise::shown_name;
