//! The assessment of a contract.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::duty::View;
use crate::report::contract::{self, Row};
use crate::report::documents;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;
use crate::web::{books, scope};

#[derive(Template)]
#[template(path = "contract.html")]
struct ContractPage {
    shell: Shell,
    profile: String,
    profiles: Vec<(String, String)>,
    site: String,
    sites: Vec<(String, String)>,
    period: String,
    sheet: SheetView,
}

/// The sheet in words.
struct SheetView {
    footing: [String; 2],
    coverage: String,
    rows: Vec<Row>,
    owed: Vec<[String; 5]>,
    exclusions: Vec<String>,
    holidays_unknown: bool,
}

/// For which site and period.
#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    site: Option<String>,
    period: Option<String>,
}

/// The sheet.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(profile): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let rules = app.current().rules;
    let name = rules.contract(&profile).ok_or(Failure::NotFound)?.name.clone();
    let sites = scope::sites(&app, &visitor);
    let site = match asked.site.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => scope::site(&app, &visitor, id)?,
        None => sites.first().cloned().ok_or(Failure::NotFound)?,
    };
    let period = books::period(&app, asked.period.as_deref())?;
    let id = profile.clone();
    let read = books::read(&app, site.clone(), period, View::Site, move |books| {
        let sheet = books.assess(books.contract(&id)?);
        Ok(SheetView {
            footing: contract::footing(&sheet),
            coverage: contract::seen(&sheet),
            rows: contract::rows(&sheet),
            owed: sheet.owed.iter().map(documents::row).collect(),
            exclusions: sheet.exclusions.iter().map(|exclusion| contract::excluded(exclusion)).collect(),
            holidays_unknown: sheet.holidays_unknown,
        })
    });
    let sheet = read.await?;
    let named = |site: crate::config::Site| {
        let name = site.name.unwrap_or_else(|| site.home.host().to_owned());
        (site.id, name)
    };
    page(&ContractPage {
        shell: Shell::new(&visitor, "overview", name),
        profile,
        profiles: rules.contracts().iter().map(|known| (known.id.clone(), known.name.clone())).collect(),
        site: site.id,
        sites: sites.into_iter().map(named).collect(),
        period: period.to_string(),
        sheet,
    })
}
