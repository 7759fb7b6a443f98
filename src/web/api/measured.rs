//! Readings, and assessments of IPv6 support.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Told, told};
use super::page::{Page, Paged};
use super::scans::CoverageObject;
use crate::ipv6::Assessment;
use crate::store::ReadingRow;
use crate::web::app::App;
use crate::web::scope;
use crate::web::visitor::Visitor;

/// Days back that readings are shown where nobody says since when.
const DAYS: i64 = 30;

/// Which readings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    since: Option<Timestamp>,
    cursor: Option<i64>,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct ReadingObject {
    number: i64,
    site: String,
    started: Timestamp,
    finished: Timestamp,
    opened: u64,
    fixed: u64,
    coverage: CoverageObject,
}

impl ReadingObject {
    fn new(row: ReadingRow) -> ReadingObject {
        let coverage = CoverageObject::new(&row.coverage);
        let ReadingRow { id, site, started, finished, opened, fixed, .. } = row;
        ReadingObject { number: id.0, site, started, finished, opened, fixed, coverage }
    }
}

/// The readings of a site, oldest first.
pub(super) async fn readings(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(asked): Asked<Since>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let paged = Paged::new(asked.cursor, asked.limit);
    let month = app.now().saturating_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(Timestamp::MIN);
    let since = asked.since.unwrap_or(month);
    let readings = app.ask(move |store| store.readings(&id, since)).await?;
    let rows = readings.into_iter().map(|row| (row.id.0, ReadingObject::new(row)));
    told(StatusCode::OK, &Page::cut(rows, paged))
}

/// Assessments asked for at most: each is some hundred kilobytes.
const ASSESSMENTS: u32 = 50;

#[derive(Serialize)]
struct AssessmentObject {
    started: Timestamp,
    assessment: Assessment,
}

/// The last assessments of a site's IPv6 support, newest first.
pub(super) async fn ipv6(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let assessments = app.ask(move |store| store.assessments(&id, ASSESSMENTS)).await?;
    let rows = (1..).zip(assessments);
    let rows = rows.map(|(number, (started, assessment))| (number, AssessmentObject { started, assessment }));
    told(StatusCode::OK, &Page::cut(rows, paged))
}
