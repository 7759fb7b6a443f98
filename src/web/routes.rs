//! Every route, with what it takes to use it. A test asks each of them as everybody.

use axum::routing::{MethodRouter, get, post};

use super::api;
use super::app::App;
use super::pages::{
    account, ack, audit, availability, check, contract, finding, findings, handouts, health, imports,
    incidents, login, overview, papers, people, setup, site, tickets, tokens,
};
use super::statics;
use crate::people::Permission;

/// What it takes to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it tells nobody anything.
    Nothing,
    /// To be logged in, with this permission.
    Permission(Permission),
}

/// A route.
pub struct Route {
    /// Its path.
    pub path: &'static str,
    /// What it takes.
    pub need: Need,
    /// What answers.
    pub methods: MethodRouter<App>,
}

fn open(path: &'static str, methods: MethodRouter<App>) -> Route {
    Route { path, need: Need::Nothing, methods }
}

pub(super) fn needs(permission: Permission, path: &'static str, methods: MethodRouter<App>) -> Route {
    Route { path, need: Need::Permission(permission), methods }
}

/// Every route.
pub fn routes() -> Vec<Route> {
    use Permission::{Administer, Audit, Decide, Enter, View, Work};
    let mut routes = vec![
        open("/healthz", get(health::healthz)),
        open("/metrics", get(health::metrics)),
        open("/static/{file}", get(statics::file)),
        open("/setup", get(setup::show).post(setup::make)),
        open("/ack", get(ack::show).post(ack::confirm)),
        open("/login", get(login::show).post(login::enter)),
        needs(Enter, "/logout", post(login::leave)),
        needs(Enter, "/account", get(account::show)),
        needs(Enter, "/account/password", get(account::password).post(account::change_password)),
        needs(Enter, "/account/totp", get(account::totp).post(account::change_totp)),
        needs(View, "/", get(overview::show)),
        needs(View, "/findings", get(findings::all)),
        needs(View, "/findings/download/{list}", get(findings::download)),
        needs(Work, "/findings/work", post(findings::work)),
        needs(Decide, "/findings/decide", post(findings::decide)),
        needs(View, "/findings/{fingerprint}", get(finding::show)),
        needs(View, "/findings/{fingerprint}/picture", get(finding::picture)),
        needs(Work, "/findings/{fingerprint}/work", post(finding::work)),
        needs(Decide, "/findings/{fingerprint}/decide", post(finding::decide)),
        needs(View, "/wall", get(overview::wall)),
        needs(View, "/sites/{id}", get(site::show)),
        needs(View, "/sites/{id}/findings", get(findings::of_site)),
        needs(View, "/sites/{id}/scans/{scan}", get(site::scan)),
        needs(View, "/sites/{id}/links", get(site::links)),
        needs(Decide, "/sites/{id}/links/approve", post(site::approve_host)),
        needs(Decide, "/sites/{id}/links/revoke", post(site::revoke_host)),
        needs(View, "/sites/{id}/baselines", get(site::baselines)),
        needs(Decide, "/sites/{id}/baselines/accept", post(site::accept)),
        needs(View, "/sites/{id}/progress", get(site::progress)),
        needs(Work, "/sites/{id}/scan", post(site::start_scan)),
        needs(Work, "/sites/{id}/read", post(site::start_reading)),
        needs(Administer, "/people", get(people::list)),
        needs(Administer, "/people/add", post(people::add)),
        needs(Administer, "/people/{login}", get(people::show)),
        needs(Administer, "/people/{login}/change", post(people::change)),
        needs(Administer, "/tokens", get(tokens::list)),
        needs(Administer, "/tokens/make", post(tokens::make)),
        needs(Administer, "/tokens/{token}/revoke", post(tokens::revoke)),
        needs(Audit, "/audit", get(audit::list)),
        needs(View, "/incidents", get(incidents::list)),
        needs(View, "/incidents/{number}", get(incidents::one)),
        needs(Work, "/incidents/{number}/acknowledge", post(incidents::acknowledge)),
        needs(Work, "/incidents/{number}/remark", post(incidents::remark)),
        needs(Decide, "/silences", post(incidents::silence)),
        needs(Decide, "/silences/{number}/end", post(incidents::end_silence)),
        needs(View, "/reports", get(handouts::list)),
        needs(View, "/reports/{kind}", get(handouts::show)),
        needs(View, "/sites/{id}/reports", get(handouts::of_site)),
        needs(View, "/papers/{number}/{format}", get(papers::download)),
        needs(Work, "/sites/{id}/documents", post(papers::hand_in)),
        needs(Decide, "/sites/{id}/documents/{number}/withdraw", post(papers::withdraw)),
        needs(Enter, "/check", get(check::show).post(check::check)),
        needs(View, "/sites/{id}/availability", get(availability::show)),
        needs(Decide, "/sites/{id}/exclusions", post(availability::exclude)),
        needs(Decide, "/sites/{id}/exclusions/{number}/withdrawal", post(availability::withdraw)),
        needs(View, "/tickets", get(tickets::show).post(tickets::open)),
        needs(Work, "/sites/{id}/tickets/{number}", post(tickets::step)),
        needs(View, "/contract/{profile}", get(contract::show)),
        needs(Administer, "/imports", get(imports::show).post(imports::preview)),
        needs(Administer, "/imports/accept", post(imports::accept)),
        needs(Administer, "/imports/{kind}/template", get(imports::template)),
    ];
    routes.extend(api::routes());
    routes
}
