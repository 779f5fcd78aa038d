//! Officers, sign-in, duties, access log, hand-over; and the residents they serve.
//!
//! Owns: who works in the office (담당자), how they get in, what they may do, who confirms in whose
//! place, who took over from whom, the record of who looked at what (접속기록), and that large lists leave by two people. Residents without
//! accounts are the room [`residents`].
//! Does not own: the cookie and the guard of a route (`web`), what is recorded or confirmed.
//! What a newcomer gets wrong: three questions that look alike. *May this request reach this page?*
//! is asked by the route table through [`OfficeGate`]. *May this person confirm this number?* is
//! [`may_confirm`], asked inside the confirming act. *Who answers for this today?* is [`responsible`].

pub mod access;
pub mod admin;
pub mod cx;
pub mod deputy;
pub mod downloads;
pub mod enrol;
pub mod handover;
pub mod model;
pub mod pages;
pub mod password;
pub mod residents;
pub mod seal;
pub mod seed;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod totp;

mod routes;
mod store;
#[cfg(test)]
mod tests;

pub use access::{
    Access, DownloadReason, Whose, download_mark, download_reason, log_access, logged, verify_access_log,
};
pub use cx::{ClientAddress, Cx};
pub use deputy::{deputies, may_confirm};
pub use downloads::hints;
pub use handover::{responsible, responsible_for, successor_of};
pub use model::{ConfirmingAs, Officer};
pub use pages::samples;
pub use routes::routes;
pub use seed::{SeedOfficer, present_code, seed};
pub use session::OfficeGate;
pub use store::RightsLine;
