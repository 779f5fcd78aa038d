//! The routes of the slice, a line each.

use iljari_web::{Audience, Duty, RouteTable};

use crate::pages::{
    application, applications, call, call_form, calls, glass, intake_form, job_paper, lookup, notice, objection,
    outcomes, places, result, selection, spot_check, suitable, work,
};

/// The largest request that brings a sheet: the caps of `sheets` and the form around them.
const UPLOAD_BYTES_MAX: usize = 21 * 1024 * 1024;

/// The largest request that brings rules: a text file and what was typed beside it.
const RULES_BYTES_MAX: usize = 3 * 1024 * 1024;

/// Every route: what everybody may read, and the officers' desks.
pub fn routes() -> RouteTable {
    public().merge(calls_desk()).merge(intake_desk()).merge(selection_desk())
}

fn public() -> RouteTable {
    RouteTable::new()
        .get("/districts/{code}/calls", Audience::Public, notice::list)
        .get("/districts/{code}/calls.atom", Audience::Public, notice::feed)
        .get("/districts/{code}/calls/{no}", Audience::Public, notice::page)
        .get("/districts/{code}/calls/{no}/results", Audience::Public, result::results)
        .get("/districts/{code}/calls/{no}/results/{run}", Audience::Public, result::results_of_run)
        .get("/districts/{code}/calls/{no}/{file}", Audience::Public, notice::file)
        .get("/districts/{code}/suitable", Audience::Public, suitable::form)
        .post("/districts/{code}/suitable", Audience::Public, suitable::answer)
}

fn calls_desk() -> RouteTable {
    RouteTable::new()
        .get("/office/calls", Audience::SignedIn, calls::page)
        .get("/office/calls/new", Audience::Officer(Duty::Record), call_form::form)
        .post("/office/calls/new", Audience::Officer(Duty::Record), call_form::save)
        .body_up_to(RULES_BYTES_MAX)
        .get("/office/calls/{no}", Audience::SignedIn, call::page)
        .get("/office/calls/{no}/edit", Audience::Officer(Duty::Record), call_form::edit)
        .post("/office/calls/{no}/edit", Audience::Officer(Duty::Record), call_form::save_edit)
        .body_up_to(RULES_BYTES_MAX)
        .get("/office/calls/{no}/places", Audience::Officer(Duty::Record), places::form)
        .post("/office/calls/{no}/places", Audience::Officer(Duty::Record), places::save)
        .body_up_to(UPLOAD_BYTES_MAX)
        .post("/office/calls/{no}/check", Audience::Officer(Duty::Record), call::check)
        .post("/office/calls/{no}/publish", Audience::Officer(Duty::Confirm), call::publish)
        .post("/office/calls/{no}/send-back", Audience::Officer(Duty::Confirm), call::send_back)
}

fn intake_desk() -> RouteTable {
    let record = Audience::Officer(Duty::Record);
    RouteTable::new()
        .get("/office/calls/{no}/applications", record, applications::page)
        .post("/office/calls/{no}/drafts", record, applications::find)
        .get("/office/calls/{no}/applications/new", record, intake_form::form)
        .post("/office/calls/{no}/applications/new", record, intake_form::save)
        .get("/office/calls/{no}/applications/{app}", record, application::page)
        .post("/office/calls/{no}/applications/{app}", record, application::save)
        .post("/office/calls/{no}/applications/{app}/withdraw", record, application::withdraw)
        .get("/office/calls/{no}/applications/{app}/receipt", record, intake_form::receipt)
        .get("/office/calls/{no}/applications/{app}/result", record, result::page)
        .get("/office/calls/{no}/applications/{app}/job", record, job_paper::page)
        .get("/office/calls/{no}/lookup", record, lookup::page)
        .post("/office/calls/{no}/lookup", record, lookup::save)
        .body_up_to(UPLOAD_BYTES_MAX)
        .post("/office/calls/{no}/lookup/list", record, lookup::list)
}

fn selection_desk() -> RouteTable {
    let (record, confirm) = (Audience::Officer(Duty::Record), Audience::Officer(Duty::Confirm));
    RouteTable::new()
        .get("/office/calls/{no}/selection", Audience::SignedIn, selection::page)
        .get("/office/calls/{no}/selection/runs/{run}", Audience::SignedIn, selection::earlier)
        .get("/office/calls/{no}/selection/{app}", Audience::SignedIn, selection::line)
        .post("/office/calls/{no}/selection/draw", record, selection::draw)
        .post("/office/calls/{no}/selection/confirm", confirm, selection::confirm)
        .post("/office/calls/{no}/selection/send-back", confirm, selection::send_back)
        .get("/office/calls/{no}/objections/{objection}", confirm, objection::page)
        .post("/office/calls/{no}/objections/{objection}", confirm, objection::save)
        .get("/office/calls/{no}/break-glass", Audience::SignedIn, glass::form)
        .post("/office/calls/{no}/break-glass", Audience::SignedIn, glass::open)
        .get("/office/calls/{no}/spot-check", Audience::Officer(Duty::Audit), spot_check::page)
        .get("/office/calls/{no}/work", Audience::SignedIn, work::page)
        .get("/office/calls/{no}/outcomes", record, outcomes::page)
        .post("/office/calls/{no}/outcomes", record, outcomes::save)
        .get("/office/calls/{no}/outcomes/{app}", record, outcomes::person)
        .post("/office/calls/{no}/work/record", record, work::record)
        .post("/office/calls/{no}/work/confirm", confirm, work::confirm)
        .post("/office/calls/{no}/work/attendance", record, work::attendance)
        .body_up_to(UPLOAD_BYTES_MAX)
}
