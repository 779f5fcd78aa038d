//! The harness of the browser journeys: the real binary, a real browser, the pages as served.
//!
//! Owns starting and ending both, a person's gestures by the words on the page, and three judges:
//! axe-core for accessibility, vnu for HTML, our own eye for sideways scrolling. It owns no
//! journey (those stand in `tests/journeys`) and imports no crate of the product, so that a
//! journey can only do what a person can. What a newcomer gets wrong: nothing here is async and
//! nothing sleeps for a fixed time; every wait ends when its condition holds, or says what it saw.
//!
//! ```no_run
//! use iljari_e2e::{App, Browser, Step};
//!
//! fn a_visitor_finds_the_plan() -> Step {
//!     let app = App::start(&[])?;
//!     let browser = Browser::start(360)?;
//!     browser.goto(&app.url("/"))?;
//!     browser.click("은평구")?;
//!     browser.sees("51,200")?;
//!     browser.no_sideways_scroll()
//! }
//! ```

mod app;
mod browser;
mod downloads;
mod gestures;
mod http;
mod judges;
mod mutants;
mod places;
mod trouble;
mod vnu;

pub use app::{App, Said, SignIn};
pub use browser::Browser;
pub use downloads::unpack;
pub use judges::Violation;
pub use mutants::mutants;
pub use trouble::{Step, Trouble};
pub use vnu::{HtmlError, vnu};
