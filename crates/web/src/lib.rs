//! The page kit: layout, components, charts, sessions, route table.
//!
//! Owns: the frame every page stands in, the parts pages are made of, the table through which a
//! route gets its audience (I8), and what happens around a request (headers, limits, error pages).
//! Does not own: any page of a slice, any statement, who an officer is (the [`Gate`] answers that).
//! What a newcomer gets wrong: checking a duty inside a handler. Write it in the [`RouteTable`];
//! the table lets nobody else in, and leaves the route out of the public listener.

// Component templates call `iljari_web::…`; so must the ones inside this crate.
extern crate self as iljari_web;

pub mod api;
pub mod assets;
pub mod charts;
mod digest;
pub mod feed;
pub mod filters;
pub mod form;
pub mod gallery;
pub mod health;
pub mod hints;
pub mod icon;
mod kept;
pub mod local;
pub mod meanwhile;
pub mod office;
pub mod once;
pub mod page_error;
pub mod parts;
pub mod prefs;
pub mod qr;
pub mod recurring;
pub mod routes;
pub mod script;
pub mod session;
pub mod shell;
pub mod wall;

mod error_page;
mod frame;
mod guard;
mod shed;

pub use form::{FieldErrors, Typed};
pub use hints::{Hint, Hints};
pub use icon::icon;
pub use meanwhile::Meanwhile;
pub use office::{Answer, Duty, Gate, Office, Viewer};
pub use page_error::{FormFault, PageError, answer, number, render, render_with, status_of};
pub use parts::{Choice, Pager, Step, StepState};
pub use prefs::{Contrast, DisplayPrefs, Export, TextSize};
pub use qr::Qr;
pub use routes::{Audience, Doors, RouteTable, Row, Side};
pub use script::{Script, render_with_script};
pub use shell::{Desk, District, PublicNav, Shell};
pub use wall::{Sample, check_html};
