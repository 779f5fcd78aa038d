//! Sheets (엑셀·CSV 시트): workbooks from strangers in, forms to fill in out.
//!
//! Owns: recognising a file, reading it in a child process with limits of its own, the grid of cells
//! with what was odd about each, and writing locked forms. Does not own: what a column means (that is
//! the slice that reads it). What a newcomer gets wrong: parsing an upload inside the server.
