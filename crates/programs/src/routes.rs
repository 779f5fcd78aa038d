//! The routes of the slice, a line each.

use iljari_web::{Audience, Duty, RouteTable};

use crate::pages::{call, call_form, calls, notice, places};

/// Every route: what everybody may read, and the officers' desks.
pub fn routes() -> RouteTable {
    public().merge(calls_desk())
}

fn public() -> RouteTable {
    RouteTable::new()
        .get("/districts/{code}/calls", Audience::Public, notice::list)
        .get("/districts/{code}/calls.atom", Audience::Public, notice::feed)
        .get("/districts/{code}/calls/{no}", Audience::Public, notice::page)
        .get("/districts/{code}/calls/{no}/{file}", Audience::Public, notice::file)
}

fn calls_desk() -> RouteTable {
    RouteTable::new()
        .get("/office/calls", Audience::SignedIn, calls::page)
        .get("/office/calls/new", Audience::Officer(Duty::Record), call_form::form)
        .post("/office/calls/new", Audience::Officer(Duty::Record), call_form::save)
        .get("/office/calls/{no}", Audience::SignedIn, call::page)
        .get("/office/calls/{no}/edit", Audience::Officer(Duty::Record), call_form::edit)
        .post("/office/calls/{no}/edit", Audience::Officer(Duty::Record), call_form::save_edit)
        .get("/office/calls/{no}/places", Audience::Officer(Duty::Record), places::form)
        .post("/office/calls/{no}/places", Audience::Officer(Duty::Record), places::save)
        .post("/office/calls/{no}/check", Audience::Officer(Duty::Record), call::check)
        .post("/office/calls/{no}/publish", Audience::Officer(Duty::Confirm), call::publish)
        .post("/office/calls/{no}/send-back", Audience::Officer(Duty::Confirm), call::send_back)
}
