//! The list as a file.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse as _;

use super::filter::Filter;
use crate::config::Site;
use crate::finding::Fingerprint;
use crate::people::Account;
use crate::report::worklist::Item;
use crate::report::{csv, xlsx};
use crate::store::{Assignee, Case, CaseQuery, Remark, Store, StoreError};
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
    let sites = app.sites(&visitor);
    let ids = sites.iter().map(|site| site.id.clone()).collect();
    let query = CaseQuery { limit: ROWS, ..filter.query(&visitor, ids, app.today()) };
    let (now, note) =
        (app.now(), visitor.action(app.now(), "finding.download", file.clone(), filter.address(1)));
    let body = app
        .ask(move |store| {
            store.note(&note)?;
            let items = items(store, &query, &sites)?;
            Ok(if is_sheet { xlsx::list(&items, now) } else { Ok(csv::list(&items)) })
        })
        .await?;
    let body = body.map_err(|error| {
        tracing::error!(%error, "a list of findings could not be written");
        Failure::Broken
    })?;
    let name = format!("attachment; filename=\"{file}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// What a query wants, with the names that people know sites and each other by.
fn items(store: &dyn Store, query: &CaseQuery, sites: &[Site]) -> Result<Vec<Item>, StoreError> {
    let (cases, accounts) = (store.cases(query)?.cases, store.accounts()?);
    let ids: Vec<Fingerprint> = cases.iter().map(|case| case.reported.id.clone()).collect();
    let mut remarks = store.remarks(&ids)?;
    let item = |case: Case| Item {
        site: sites
            .iter()
            .find(|site| site.id == case.site)
            .map_or(case.site.as_str(), Site::title)
            .to_owned(),
        person: match &case.assignee {
            Some(Assignee::Person(login)) => name(login, &accounts),
            Some(Assignee::Office(_)) | None => String::new(),
        },
        remark: remarks
            .remove(&case.reported.id)
            .map(|remark| Remark { by: name(&remark.by, &accounts), ..remark }),
        case,
    };
    Ok(cases.into_iter().map(item).collect())
}

/// A person's name; the login of whoever has no account any more.
fn name(login: &str, accounts: &[Account]) -> String {
    let known = accounts.iter().find(|account| account.login == login);
    known.map_or(login, |account| &account.name).to_owned()
}
