//! The list as a file.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse as _;

use super::filter::Filter;
use crate::report::{Reported, csv, xlsx};
use crate::store::CaseQuery;
use crate::web::answer::{Answer, Failure};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::visitor::Visitor;

/// Findings in one file: as many as a sheet of the report has.
const ROWS: u32 = 10_000;

/// The findings that a filter wants, as `findings.csv` or `findings.xlsx`.
pub(in crate::web) async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (is_sheet, kind) = match file.as_str() {
        "findings.csv" => (false, "text/csv; charset=utf-8"),
        "findings.xlsx" => (true, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        _ => return Err(Failure::NotFound),
    };
    let filter = Filter { page: 1, ..Filter::of(&Fields::of(query.unwrap_or_default().as_bytes())) };
    let sites = app.sites(&visitor).into_iter().map(|site| site.id).collect();
    let query = CaseQuery { limit: ROWS, ..filter.query(&visitor, sites, app.today()) };
    let (now, note) =
        (app.now(), visitor.action(app.now(), "finding.download", file.clone(), filter.address(1)));
    let body = app
        .ask(move |store| {
            store.note(&note)?;
            let findings: Vec<Reported> =
                store.cases(&query)?.cases.into_iter().map(|case| case.reported).collect();
            Ok(if is_sheet { xlsx::list(&findings, now) } else { Ok(csv::list(&findings)) })
        })
        .await?;
    let body = body.map_err(|error| {
        tracing::error!(%error, "a list of findings could not be written");
        Failure::Broken
    })?;
    let name = format!("attachment; filename=\"{file}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}
