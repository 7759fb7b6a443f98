//! The interface for programs: JSON under `/api/v1`, described by `openapi.json`.
//!
//! A program shows a token (`Authorization: Bearer`), a page of ours its session and, for changes, the token of its
//! forms (`x-form-token`). What goes out has types of its own, here or in [`report::wire`](crate::report::wire), so that
//! the record stays free to change. Every list comes in pages.

mod ask;
mod check_text;
mod contract;
mod deliveries;
mod documents;
mod findings;
mod ledger;
mod measured;
mod openapi;
mod page;
mod scans;
mod sites;
mod tickets;
mod withdrawal;

use axum::routing::{get, post};

use super::routes::{Route, needs};
use crate::people::Permission::{Enter, View};

/// Every route of the interface. Where reading and changing take different rights, the handler asks for the greater.
pub(super) fn routes() -> Vec<Route> {
    vec![
        needs(Enter, "/api/v1/openapi.json", get(openapi::show)),
        needs(View, "/api/v1/sites", get(sites::list)),
        needs(View, "/api/v1/sites/{id}", get(sites::one)),
        needs(View, "/api/v1/sites/{id}/scans", get(scans::list).post(scans::start)),
        needs(View, "/api/v1/sites/{id}/findings", get(findings::list)),
        needs(View, "/api/v1/sites/{id}/readings", get(measured::readings)),
        needs(View, "/api/v1/sites/{id}/ipv6", get(measured::ipv6)),
        needs(View, "/api/v1/sites/{id}/ledger", get(ledger::show)),
        needs(View, "/api/v1/sites/{id}/exclusions", get(ledger::exclusions).post(ledger::exclude)),
        needs(View, "/api/v1/sites/{id}/exclusions/{number}/withdrawal", post(ledger::withdraw)),
        needs(View, "/api/v1/sites/{id}/contracts/{profile}", get(contract::sheet)),
        needs(View, "/api/v1/sites/{id}/tickets", get(tickets::list).post(tickets::open)),
        needs(View, "/api/v1/sites/{id}/tickets/{number}/steps", post(tickets::step)),
        needs(View, "/api/v1/sites/{id}/papers", get(documents::made)),
        needs(View, "/api/v1/sites/{id}/documents", get(documents::handed_in).post(documents::hand_in)),
        needs(View, "/api/v1/sites/{id}/documents/{number}/withdrawal", post(documents::withdraw)),
        needs(View, "/api/v1/scans/{number}", get(scans::one)),
        needs(View, "/api/v1/findings/{fingerprint}", get(findings::one)),
        needs(View, "/api/v1/findings/{fingerprint}/decisions", post(findings::decide)),
        needs(View, "/api/v1/contracts", get(contract::list)),
        needs(View, "/api/v1/deliveries", get(deliveries::list)),
        needs(Enter, "/api/v1/check-text", post(check_text::check)),
    ]
}
