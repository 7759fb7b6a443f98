//! Scans.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::ask::{Asked, Named, Told, told};
use super::page::{Page, Paged};
use crate::facts::Coverage;
use crate::people::Permission;
use crate::report::wire::ScoreObject;
use crate::store::{ScanId, ScanRow, ScanState};
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::scope;
use crate::web::visitor::Visitor;

#[derive(Serialize)]
struct ScanObject {
    number: i64,
    site: String,
    home: String,
    /// `running`, `finished` or `abandoned`.
    state: &'static str,
    started: Timestamp,
    ended: Option<Timestamp>,
    rules_version: String,
    total: Option<f64>,
    vetoes: Vec<String>,
    verdict: Option<String>,
    coverage: Option<CoverageObject>,
}

/// What a scan has seen and what not.
#[derive(Serialize)]
pub(super) struct CoverageObject {
    finished: bool,
    known: u64,
    visited: u64,
    pages: u64,
    attachments: u64,
    limited: u64,
    requests: u64,
    bytes: u64,
    budgets_hit: Vec<String>,
}

impl CoverageObject {
    pub(super) fn new(coverage: &Coverage) -> CoverageObject {
        CoverageObject {
            finished: coverage.finished,
            known: coverage.known,
            visited: coverage.visited,
            pages: coverage.pages,
            attachments: coverage.attachments,
            limited: coverage.limited,
            requests: coverage.requests,
            bytes: coverage.bytes,
            budgets_hit: coverage.budgets_hit.clone(),
        }
    }
}

impl ScanObject {
    fn new(scan: &ScanRow) -> ScanObject {
        let (state, ended, result) = match &scan.state {
            ScanState::Running => ("running", None, None),
            ScanState::Finished(result) => ("finished", Some(result.finished), Some(result)),
            ScanState::Abandoned { at } => ("abandoned", Some(*at), None),
        };
        ScanObject {
            number: scan.id.0,
            site: scan.site.clone(),
            home: scan.home.clone(),
            state,
            started: scan.started,
            ended,
            rules_version: scan.rules_version.clone(),
            total: result.and_then(|result| result.score.total),
            vetoes: result.map(|result| result.score.vetoes.clone()).unwrap_or_default(),
            verdict: result.map(|result| result.score.verdict.clone()),
            coverage: result.map(|result| CoverageObject::new(&result.coverage)),
        }
    }
}

/// A scan with its score, line by line.
#[derive(Serialize)]
struct ScoredScan<'a> {
    #[serde(flatten)]
    scan: ScanObject,
    score: Option<ScoreObject<'a>>,
}

/// The scans of a site, newest first.
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let before = paged.cursor().map(ScanId);
    let scans = app.ask(move |store| store.scans_before(&id, before, paged.wanted())).await?;
    let rows = scans.iter().map(|scan| (scan.id.0, ScanObject::new(scan))).collect();
    told(StatusCode::OK, &Page::of(rows, paged))
}

/// Asks for a full scan of a site as soon as possible.
pub(super) async fn start(State(app): State<App>, visitor: Visitor, Named(id): Named<String>) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Work)?;
    let note = visitor.action(app.now(), "scan.request", &site.id, "");
    app.ask(move |store| store.note(&note)).await?;
    app.knobs.scan(&site.id);
    told(StatusCode::ACCEPTED, &json!({ "site": site.id, "requested": true }))
}

/// A scan.
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Named(number): Named<i64>) -> Told {
    let scan = app.ask(move |store| store.scan(ScanId(number))).await?;
    let scan = scan.filter(|scan| visitor.sees(&scan.site)).ok_or(Failure::NotFound)?;
    let score = match &scan.state {
        ScanState::Finished(result) => Some(ScoreObject::new(&result.score)),
        _ => None,
    };
    told(StatusCode::OK, &ScoredScan { scan: ScanObject::new(&scan), score })
}
