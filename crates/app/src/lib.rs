//! What the binary is made of, so that its walls can stand against all of it at once.
//!
//! Owns: the command line's parts, the data folder's layout, the two listeners, the demo. Does not
//! own: any rule, statement or page. What a newcomer gets wrong: adding an act here. A command calls
//! the same act that the page calls, and stages where the page would stage.

pub mod adoption;
pub mod backup;
pub mod chores;
pub mod cli;
pub mod data_folder;
pub mod demo;
pub mod notify;
pub mod serve;
pub mod settings;
pub mod site;
