//! The public plan routes, a line each.

use iljari_web::{Audience, RouteTable};

use crate::pages::{districts, plan, plan_csv};

/// The routes of this slice.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/", Audience::Public, districts::page)
        .get("/districts/{code}/plan", Audience::Public, plan::page)
        .get("/districts/{code}/plan.csv", Audience::Public, plan_csv::file)
}
