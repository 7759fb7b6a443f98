//! The hosts of others that a site links to, and saying how one stands. Their addresses are text: nobody is invited to
//! open them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::civil::Date;

use crate::inventory::{ExternalHost, Inventory, Trust, Vouching};
use crate::link::landing::HostState;
use crate::people::Permission;
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::entered;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Hosts listed, those that need somebody first; `sitewarden links` shows all.
const LISTED: usize = 500;

#[derive(Template)]
#[template(path = "links.html")]
struct LinksPage {
    shell: Shell,
    site: String,
    hosts: Vec<HostRow>,
    rest: Option<String>,
    may_decide: bool,
}

struct HostRow {
    host: String,
    name: String,
    state: &'static str,
    class: &'static str,
    why: String,
    since: String,
    pages: String,
    anchors: String,
    /// What was said of it, newest first.
    said: Vec<String>,
    is_approved: bool,
}

impl HostRow {
    fn new(host: &ExternalHost, inventory: &Inventory, today: Date) -> HostRow {
        let of_host = inventory.vouchings.iter().rev().filter(|said| said.host == host.host);
        HostRow {
            host: host.host.clone(),
            name: shown(&host.host),
            state: host.state.chinese(),
            class: match host.state {
                HostState::Ok => "good",
                HostState::Unobservable => "plain",
                HostState::Dead | HostState::Changed | HostState::Suspicious => "warn",
                HostState::Parked | HostState::Illicit => "bad",
            },
            why: shown(&host.why),
            since: host.since.to_string(),
            pages: figures::count(host.pages),
            anchors: shown(&host.anchors.join("、")),
            said: of_host
                .map(|said| shown(&format!("{} {}", figures::minute(said.at), said.chinese(today))))
                .collect(),
            is_approved: inventory.approval(&host.host, today).is_some(),
        }
    }
}

/// The inventory of links.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let site = app.site(&visitor, &id)?;
    let asked = id.clone();
    let inventory = app.ask(move |store| store.inventory(&asked)).await?;
    let mut hosts: Vec<&ExternalHost> = inventory.hosts.iter().collect();
    hosts.sort_by_key(|host| (std::cmp::Reverse(host.state.urgency()), std::cmp::Reverse(host.pages)));
    let rest = hosts.len().saturating_sub(LISTED) as u64;
    page(&LinksPage {
        shell: Shell::new(&visitor, "overview", format!("{}：外部链接", site.title())),
        site: id,
        hosts: hosts
            .into_iter()
            .take(LISTED)
            .map(|host| HostRow::new(host, &inventory, app.today()))
            .collect(),
        rest: (rest > 0).then(|| figures::count(rest)),
        may_decide: visitor.may(Permission::Decide),
    })
}

/// Vouches for a host, for good or to the end of a day.
pub(in crate::web) async fn approve(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let until = match fields.get("until") {
        "" => None,
        day => Some(day.parse::<Date>().map_err(|_| Failure::Wrong("截止日期写作 2026-12-31".to_owned()))?),
    };
    say(&app, &visitor, &id, &fields, Trust::Given(until)).await
}

/// Takes back that somebody vouched for a host.
pub(in crate::web) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    say(&app, &visitor, &id, &fields, Trust::Revoked).await
}

async fn say(app: &App, visitor: &Visitor, id: &str, fields: &Fields, trust: Trust) -> Answer {
    let site = app.site(visitor, id)?;
    let (host, note) = (fields.required("host", "主机")?.to_owned(), fields.get("note").to_owned());
    let vouching = Vouching { host, at: app.now(), author: visitor.actor(), note, trust };
    entered::vouch(app, visitor, &site.id, vouching).await?;
    Ok(Redirect::to(&format!("/sites/{id}/links")).into_response())
}
