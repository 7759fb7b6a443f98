//! The dashboard and the API, on one port. Pages are rendered on the server and need no script.
//!
//! [`routes`] lists every route with what it takes to use it; [`gate`] lets through who may. Pages only read the
//! record and ask [`store`](crate::store) for domain operations; nothing here judges or fetches.

mod answer;
mod api;
mod app;
mod books;
mod chart;
mod entered;
mod form;
mod gate;
mod glance;
mod pages;
mod proof;
mod proxied;
mod routes;
mod scope;
mod shell;
mod statics;
mod upload;
mod visitor;

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

pub use app::{App, Current, Knobs};
pub use routes::{Need, Route, routes};
pub use visitor::Visitor;

/// Everything that is served, behind its gate.
pub fn router(app: App) -> Router {
    let routed = routes().into_iter().fold(Router::new(), |router, Route { path, need, methods }| {
        let gated = axum::middleware::from_fn_with_state((app.clone(), need), gate::gate);
        // Methods that a route does not have pass the gate, too: they tell nobody that there is such a page.
        router.route(path, methods.layer(gated))
    });
    routed
        .fallback(gate::nothing_here)
        .layer(axum::middleware::from_fn(gate::headers))
        .layer(axum::extract::DefaultBodyLimit::max(form::BODY_BYTES))
        .with_state(app)
}

/// Serves until `stop` resolves; requests under way are answered.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
