//! The table of the slice: method, path, audience, handler, a line each.

use iljari_web::{Audience, Duty, RouteTable};

use crate::pages::residents::{card, change, duplicates, erase, find, honey, looked, looks};
use crate::pages::{access_log, account, downloads, handover, invite, people, sign_in};

/// Every route of officers' accounts and of residents.
pub fn routes() -> RouteTable {
    let anybody = Audience::Public;
    let signed_in = Audience::SignedIn;
    let administer = Audience::Officer(Duty::Administer);
    let audit = Audience::Officer(Duty::Audit);
    let record = Audience::Officer(Duty::Record);
    let confirm = Audience::Officer(Duty::Confirm);
    RouteTable::new()
        .get("/office/sign-in", anybody, sign_in::show)
        .post("/office/sign-in", anybody, sign_in::enter)
        .get("/office/enrol", anybody, sign_in::show_enrolment)
        .post("/office/enrol", anybody, sign_in::enrol)
        .post("/office/sign-out", signed_in, sign_in::leave)
        .post("/office/session/extend", signed_in, account::extend)
        .get("/office/account", signed_in, account::show)
        .get("/office/account/password", signed_in, account::password_form)
        .post("/office/account/password", signed_in, account::change_password)
        .post("/office/account/sessions/{session}/end", signed_in, account::end_session)
        .get("/office/account/deputy", confirm, account::deputy_form)
        .post("/office/account/deputy", confirm, account::appoint_deputy)
        .post("/office/account/deputy/{deputy}/end", signed_in, account::end_deputy)
        .get("/office/handover", signed_in, handover::show)
        .post("/office/handover", signed_in, handover::hand_over)
        .get("/office/people", administer, people::list)
        .get("/office/people/new", administer, invite::form)
        .post("/office/people/new", administer, invite::invite)
        .get("/office/people/{officer}", administer, people::show)
        .get("/office/people/{officer}/invitation", administer, invite::done)
        .post("/office/people/{officer}/invitation", administer, invite::invite_again)
        .get("/office/people/{officer}/rights", administer, people::rights_form)
        .post("/office/people/{officer}/rights", administer, people::set_rights)
        .get("/office/people/{officer}/left", administer, people::left_form)
        .post("/office/people/{officer}/left", administer, people::mark_left)
        .get("/office/people/{officer}/deputy", administer, people::deputy_form)
        .post("/office/people/{officer}/deputy", administer, people::appoint_deputy)
        .post("/office/people/{officer}/deputy/{deputy}/end", administer, people::end_deputy)
        .get("/office/access-log", audit, access_log::show)
        .post("/office/access-log/download", audit, access_log::download)
        .get("/office/downloads", confirm, downloads::list)
        .post("/office/downloads/{download}/release", confirm, downloads::release)
        .post("/office/downloads/{download}/refuse", confirm, downloads::refuse)
        .get("/office/residents", record, find::show)
        .post("/office/residents/find", record, find::find)
        .get("/office/residents/duplicates", record, duplicates::list)
        .get("/office/residents/duplicates/{one}/{other}", record, duplicates::show)
        .post("/office/residents/duplicates/{one}/{other}", record, duplicates::decide)
        .get("/office/residents/honey", audit, honey::list)
        .post("/office/residents/honey", audit, honey::plant)
        .post("/office/residents/honey/seen", audit, honey::seen)
        .get("/office/residents/looks", audit, looks::list)
        .post("/office/residents/looks/{look}/seen", audit, looks::seen)
        .get("/office/residents/{resident}", record, card::show)
        .post("/office/residents/{resident}/open", record, card::open)
        .get("/office/residents/{resident}/change", record, change::form)
        .post("/office/residents/{resident}/change", record, change::save)
        .get("/office/residents/{resident}/looked", record, looked::show)
        .get("/office/residents/{resident}/break-glass", record, card::break_glass_form)
        .post("/office/residents/{resident}/break-glass", record, card::break_glass)
        .post("/office/residents/{resident}/protect", record, card::protect)
        .post("/office/residents/{resident}/lift", record, card::lift)
        .get("/office/residents/{resident}/erase", confirm, erase::form)
        .post("/office/residents/{resident}/erase", confirm, erase::erase)
}
