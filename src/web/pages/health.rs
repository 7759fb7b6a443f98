//! For programs that watch us.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::people::Permission;
use crate::web::answer::{Answer, Failure};
use crate::web::app::App;
use crate::web::visitor::Visitor;

/// Alive, and whether everything that should happen happens.
pub(in crate::web) async fn healthz(State(app): State<App>) -> Response {
    let wrong = app.knobs.health();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "alive": true, "sound": wrong.is_empty(), "problems": wrong.len() })))
        .into_response()
}

/// Figures for Prometheus: to this machine, or to whoever has a token.
pub(in crate::web) async fn metrics(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    visitor: Visitor,
) -> Answer {
    if !from.ip().to_canonical().is_loopback() && !visitor.may(Permission::View) {
        return Err(Failure::Unknown);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, app.knobs.metrics()).into_response())
}
