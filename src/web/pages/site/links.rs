//! The hosts of others that a site links to. Their addresses are text: nobody is invited to open them.

use askama::Template;
use axum::extract::{Path, State};

use crate::inventory::{ExternalHost, Inventory};
use crate::link::landing::HostState;
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::web::answer::{Answer, page};
use crate::web::app::App;
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
}

struct HostRow {
    name: String,
    state: &'static str,
    class: &'static str,
    why: String,
    since: String,
    pages: String,
    anchors: String,
    approval: String,
}

impl HostRow {
    fn new(host: &ExternalHost, inventory: &Inventory) -> HostRow {
        let approval = inventory.approval(&host.host);
        HostRow {
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
            approval: approval
                .map_or_else(String::new, |one| shown(&format!("{}：{}", one.author, one.note))),
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
        hosts: hosts.into_iter().take(LISTED).map(|host| HostRow::new(host, &inventory)).collect(),
        rest: (rest > 0).then(|| figures::count(rest)),
    })
}
