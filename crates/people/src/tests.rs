//! Stories on both engines, every route as everybody, every page against the wall.

mod access;
mod downloads;
mod kit;
mod meanwhile;
mod once;
mod pages;
mod replays;
mod residents;
mod rights;
mod routes;
mod sign_in;
