//! Backups (백업): a folder that holds the office's data and says what is in it.
//!
//! Owns: what belongs to a backup, its list, making one, putting one back, and the drill. Does not own: the
//! copy of the database (`store`), nor what is checked in it (each slice). What a newcomer gets wrong:
//! putting the keys in. A backup without them can lie anywhere, and what was erased stays unreadable in
//! it once the key of its week is gone; so keys are backed up apart, and never older than they must be.
//!
//! ```text
//! iljari-backup-2026-11-26-151500/
//!   iljari.db          one consistent picture of the database
//!   rules/…            the office's own rule files
//!   backup.json        written last: every file with its SHA-256, rows of every table, each log's size and root
//! ```

mod check;
mod make;
mod manifest;
mod restore;

pub use check::{Check, Line};
pub use make::make;
pub use manifest::{District, File, LIST, Manifest};
pub use restore::{Restored, drill, drilled_at, restore};

/// The database's name in the data folder and in a backup.
pub const DATABASE: &str = "iljari.db";

/// The folder of the office's own rule files, in both.
pub const RULES: &str = "rules";
