//! What contracts promise, and what came of it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Told, told, told_as_is};
use super::page::{Page, Paged};
use crate::duty::View;
use crate::report;
use crate::web::app::App;
use crate::web::visitor::Visitor;
use crate::web::{books, scope};

#[derive(Serialize)]
struct ContractObject {
    id: String,
    name: String,
    authority: String,
    confidence: String,
}

/// The contracts that the rules know.
pub(super) async fn list(State(app): State<App>, Asked(paged): Asked<Paged>) -> Told {
    let rules = app.current().rules;
    let contracts = rules.contracts().iter().map(|contract| ContractObject {
        id: contract.id.clone(),
        name: contract.name.clone(),
        authority: contract.authority.clone(),
        confidence: contract.confidence.to_string(),
    });
    told(StatusCode::OK, &Page::cut((1..).zip(contracts), paged))
}

/// Of which period.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    period: Option<String>,
}

/// The assessment of a contract for a site and a period.
pub(super) async fn sheet(
    State(app): State<App>,
    visitor: Visitor,
    Named((id, profile)): Named<(String, String)>,
    Asked(of): Asked<Of>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    let period = books::period(&app, of.period.as_deref())?;
    let now = app.now();
    let sheet = books::read(&app, site, period, View::Site, move |books| {
        let contract = books.contract(&profile)?;
        Ok(report::contract::json(&books.assess(contract), &id, now))
    });
    told_as_is(sheet.await?)
}
