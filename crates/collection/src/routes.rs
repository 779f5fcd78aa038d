//! The routes of collection, a line each. All of them are officers'; departments need no account.

use iljari_web::{Audience, Duty, RouteTable};

use crate::pages::{files, hand_in, new_round, round, rounds, upload};

/// The largest request that brings files: the caps of `sheets` and the form around them.
const UPLOAD_BYTES_MAX: usize = 21 * 1024 * 1024;

/// Every route, for the office's listener.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/office/collection", Audience::SignedIn, rounds::page)
        .get("/office/collection/new", Audience::Officer(Duty::Disclose), new_round::form)
        .post("/office/collection/new", Audience::Officer(Duty::Disclose), new_round::save)
        .get("/office/collection/{round}", Audience::SignedIn, round::page)
        .get("/office/collection/{round}/workbooks.zip", Audience::SignedIn, files::all_workbooks)
        .get("/office/collection/{round}/workbooks/{file}", Audience::SignedIn, files::workbook)
        .post("/office/collection/{round}/uploads", Audience::Officer(Duty::Record), hand_in::save)
        .body_up_to(UPLOAD_BYTES_MAX)
        .get("/office/collection/{round}/uploads/{upload}", Audience::SignedIn, upload::show)
        .post("/office/collection/{round}/uploads/{upload}/submit", Audience::Officer(Duty::Record), upload::submit)
        .post("/office/collection/{round}/uploads/{upload}/return", Audience::Officer(Duty::Record), upload::send_back)
        .post("/office/collection/{round}/uploads/{upload}/withdraw", Audience::Officer(Duty::Record), upload::withdraw)
        .post("/office/collection/{round}/uploads/{upload}/confirm", Audience::Officer(Duty::Confirm), upload::confirm)
        .post(
            "/office/collection/{round}/uploads/{upload}/send-back",
            Audience::Officer(Duty::Confirm),
            upload::send_back,
        )
        .post("/office/collection/{round}/uploads/{upload}/resume", Audience::Officer(Duty::Confirm), upload::resume)
        .get("/office/collection/{round}/uploads/{upload}/result.csv", Audience::SignedIn, files::result)
        .get("/office/collection/{round}/uploads/{upload}/marked/{file}", Audience::SignedIn, files::marked)
}
