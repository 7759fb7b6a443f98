//! All sites at a glance.

use askama::Template;
use axum::extract::State;

use crate::web::answer::{Answer, page};
use crate::web::app::App;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    shell: Shell,
    sites: Vec<SiteRow>,
}

struct SiteRow {
    id: String,
    name: String,
}

/// The sites that the visitor sees.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor) -> Answer {
    let settings = app.current().settings;
    let seen = settings.sites.iter().filter(|site| visitor.sees(&site.id));
    let sites = seen.map(|site| SiteRow {
        id: site.id.clone(),
        name: site.name.clone().unwrap_or_else(|| site.home.host().to_owned()),
    });
    page(&OverviewPage { sites: sites.collect(), shell: Shell::new(&visitor, "overview", "总览") })
}
