//! The ledger's routes for everybody, a line each.

use iljari_web::{Audience, RouteTable};

use crate::pages::public::{
    data, disclosed_files, disclosure, disclosures, home, how, log_files, node, node_year, receipt, verifier, verify,
};

/// Every public route of the ledger.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/districts/{code}", Audience::Public, home::page)
        .get("/districts/{code}/plan/{node}", Audience::Public, node::page)
        .get("/districts/{code}/plan/{node}/{year}", Audience::Public, node_year::page)
        .get("/districts/{code}/how", Audience::Public, how::page)
        .get("/districts/{code}/data", Audience::Public, data::page)
        .get("/districts/{code}/data/{file}", Audience::Public, data::file)
        .get("/districts/{code}/disclosures", Audience::Public, disclosures::page)
        .get("/districts/{code}/disclosures.atom", Audience::Public, disclosures::atom)
        .get("/districts/{code}/disclosures.json", Audience::Public, disclosures::json_feed)
        .get("/districts/{code}/disclosures/{no}", Audience::Public, disclosure::page)
        .get("/districts/{code}/disclosures/{no}/bundle.zip", Audience::Public, disclosure::bundle)
        .get("/districts/{code}/disclosures/{no}/documents/{*path}", Audience::Public, disclosed_files::document)
        .get("/districts/{code}/verify", Audience::Public, verify::page)
        .get("/districts/{code}/verify.html", Audience::Public, verifier::page)
        .get("/districts/{code}/receipts/{leaf}", Audience::Public, receipt::page)
        .get("/log/{code}/checkpoint", Audience::Public, log_files::checkpoint)
        .get("/log/{code}/tile/{*path}", Audience::Public, log_files::tile)
        .get("/log/{code}/key", Audience::Public, log_files::key)
        .get("/log/{code}/proof/{leaf}", Audience::Public, log_files::proof)
}
