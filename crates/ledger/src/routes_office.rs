//! The officers' routes of the ledger, a line each.

use iljari_web::{Audience, Duty, RouteTable};

use crate::pages::office::{
    attributes, channels, dashboard, disclosures, drafts, entries, plan, progress, record, seals, staged, watch,
};

/// Every route, for the office's listener.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/office", Audience::SignedIn, dashboard::page)
        .get("/office/plan", Audience::SignedIn, plan::page)
        .get("/office/progress", Audience::SignedIn, progress::page)
        .get("/office/progress/{table}", Audience::SignedIn, progress::file)
        .get("/office/entries", Audience::SignedIn, entries::list)
        .get("/office/entries/new", Audience::Officer(Duty::Record), record::form)
        .post("/office/entries/new", Audience::Officer(Duty::Record), record::save)
        .get("/office/entries/{leaf}", Audience::SignedIn, entries::show)
        .get("/office/entries/{leaf}/correct", Audience::Officer(Duty::Record), entries::correct_form)
        .post("/office/entries/{leaf}/correct", Audience::Officer(Duty::Record), entries::correct)
        .get("/office/staged", Audience::SignedIn, staged::list)
        .get("/office/staged/{id}", Audience::SignedIn, staged::show)
        .post("/office/staged/{id}/confirm", Audience::Officer(Duty::Confirm), staged::confirm)
        .post("/office/staged/{id}/send-back", Audience::Officer(Duty::Confirm), staged::send_back)
        .post("/office/staged/{id}/withdraw", Audience::Officer(Duty::Record), staged::withdraw)
        .get("/office/attributes", Audience::SignedIn, attributes::list)
        .get("/office/attributes/new", Audience::Officer(Duty::Record), attributes::form)
        .post("/office/attributes/new", Audience::Officer(Duty::Record), attributes::save)
        .get("/office/attributes/preview/{year}", Audience::SignedIn, attributes::preview)
        .get("/office/attributes/{sheet}", Audience::SignedIn, attributes::show)
        .post("/office/attributes/{sheet}/confirm", Audience::Officer(Duty::Confirm), attributes::confirm)
        .post("/office/attributes/{sheet}/send-back", Audience::Officer(Duty::Confirm), attributes::send_back)
        .post("/office/attributes/{sheet}/withdraw", Audience::Officer(Duty::Record), attributes::withdraw)
        .get("/office/seals", Audience::SignedIn, seals::page)
        .post("/office/seals", Audience::Officer(Duty::Disclose), seals::seal)
        .get("/office/odd-numbers", Audience::Officer(Duty::Audit), watch::page)
        .get("/office/disclosures", Audience::SignedIn, disclosures::page)
        .post("/office/disclosures", Audience::Officer(Duty::Disclose), disclosures::save)
        .get("/office/disclosures/drafts/{year}", Audience::SignedIn, drafts::page)
        .get("/office/disclosures/drafts/{year}/{file}", Audience::SignedIn, drafts::file)
        .get("/office/disclosures/{no}/channels", Audience::SignedIn, channels::page)
        .post("/office/disclosures/{no}/channels", Audience::Officer(Duty::Disclose), channels::add)
        .get("/office/disclosures/{no}/channels/{line}", Audience::Officer(Duty::Disclose), channels::strike_form)
        .post("/office/disclosures/{no}/channels/{line}", Audience::Officer(Duty::Disclose), channels::strike)
}
