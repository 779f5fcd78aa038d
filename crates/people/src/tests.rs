//! Stories on both engines, every route as everybody, every page against the wall.

mod access;
mod downloads;
mod kit;
mod pages;
mod residents;
mod rights;
mod routes;
mod sign_in;
