//! Sites.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::ask::{Asked, Named, Told, told};
use super::page::{Page, Paged};
use crate::config::Site;
use crate::web::app::App;
use crate::web::scope;
use crate::web::visitor::Visitor;

#[derive(Serialize)]
struct SiteObject {
    id: String,
    name: Option<String>,
    home: String,
    id_code: Option<String>,
    scale: String,
    columns: Vec<ColumnObject>,
}

#[derive(Serialize)]
struct ColumnObject {
    name: String,
    url: String,
    kind: Option<String>,
    cycle_days: Option<u32>,
}

/// A site with what goes on there now.
#[derive(Serialize)]
struct SiteNow {
    #[serde(flatten)]
    site: SiteObject,
    scan_running_since: Option<Timestamp>,
    last_scan: Option<i64>,
}

impl SiteObject {
    fn new(site: Site) -> SiteObject {
        let columns = site.columns.into_iter().map(|column| ColumnObject {
            name: column.name,
            url: column.address.to_string(),
            kind: column.kind,
            cycle_days: column.cycle_days,
        });
        SiteObject {
            id: site.id,
            name: site.name,
            home: site.home.to_string(),
            id_code: site.id_code,
            scale: site.scale,
            columns: columns.collect(),
        }
    }
}

/// The sites that the visitor sees.
pub(super) async fn list(State(app): State<App>, visitor: Visitor, Asked(paged): Asked<Paged>) -> Told {
    let sites = (1..).zip(scope::sites(&app, &visitor).into_iter().map(SiteObject::new));
    told(StatusCode::OK, &Page::cut(sites, paged))
}

/// A site.
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Named(id): Named<String>) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    let (running, finished) =
        app.ask(move |store| Ok((store.open_scan(&id)?, store.finished(&id)?.last().copied()))).await?;
    let now = SiteNow {
        site: SiteObject::new(site),
        scan_running_since: running.map(|scan| scan.started),
        last_scan: finished.map(|scan| scan.0),
    };
    told(StatusCode::OK, &now)
}
