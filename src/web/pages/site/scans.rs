//! One scan: the proof of what it covered, and its score.

use askama::Template;
use axum::extract::{Path, State};

use crate::report::completeness::Completeness;
use crate::report::figures;
use crate::report::html::coverage::CoverageView;
use crate::report::html::finding::shown;
use crate::report::html::score::{ScoreGroup, groups};
use crate::store::{ScanId, ScanRow, ScanState};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::glance::{Coverage, coverage};
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// A scan in a list.
pub(in crate::web) struct ScanLine {
    pub(in crate::web) id: i64,
    pub(in crate::web) started: String,
    pub(in crate::web) ended: String,
    pub(in crate::web) state: &'static str,
    pub(in crate::web) total: String,
    pub(in crate::web) coverage: Option<Coverage>,
    pub(in crate::web) pages: String,
}

impl ScanLine {
    pub(in crate::web) fn new(row: &ScanRow) -> ScanLine {
        let bare = |state: &'static str, ended: String| ScanLine {
            id: row.id.0,
            started: figures::minute(row.started),
            ended,
            state,
            total: String::new(),
            coverage: None,
            pages: String::new(),
        };
        match &row.state {
            ScanState::Running => bare("进行中", String::new()),
            ScanState::Abandoned { at } => bare("已放弃", figures::minute(*at)),
            ScanState::Finished(result) => ScanLine {
                total: result.score.total.map_or_else(|| "不计".to_owned(), figures::points),
                coverage: Some(coverage(&result.coverage)),
                pages: figures::count(result.coverage.pages),
                ..bare("完成", figures::minute(result.finished))
            },
        }
    }
}

#[derive(Template)]
#[template(path = "scan.html")]
struct ScanPage {
    shell: Shell,
    site: String,
    line: ScanLine,
    span: String,
    rules_version: String,
    verdict: String,
    coverage: CoverageView,
    score: Vec<ScoreGroup>,
}

/// The page of a scan that ended with a result.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, scan)): Path<(String, i64)>,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let row = app.ask(move |store| store.scan(ScanId(scan))).await?;
    let row = row.filter(|row| row.site == site.id).ok_or(Failure::NotFound)?;
    let ScanState::Finished(result) = &row.state else { return Err(Failure::NotFound) };
    page(&ScanPage {
        shell: Shell::new(&visitor, "overview", format!("{}：扫描 {scan}", site.title())),
        site: id,
        line: ScanLine::new(&row),
        span: figures::span(row.started, result.finished),
        rules_version: row.rules_version.clone(),
        verdict: shown(&result.score.verdict),
        coverage: CoverageView::new(&result.coverage, &Completeness::of(&result.coverage, 0)),
        score: groups(&result.score.lines),
    })
}
