//! Who did what.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::report::figures;
use crate::report::html::finding::shown;
use crate::store::{Action, ActionFilter};
use crate::web::answer::{Answer, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Actions on one page.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    actor: String,
    what: String,
    subject: String,
    rows: Vec<ActionRow>,
    older: Option<String>,
}

struct ActionRow {
    at: String,
    actor: String,
    address: String,
    what: String,
    subject: String,
    /// Where the subject is a finding: the way to it.
    href: Option<String>,
    detail: String,
}

impl ActionRow {
    fn new(action: &Action) -> ActionRow {
        let is_finding =
            action.what.starts_with("finding.") && action.subject.bytes().all(|b| b.is_ascii_hexdigit());
        let href =
            (is_finding && !action.subject.is_empty()).then(|| format!("/findings/{}", action.subject));
        ActionRow {
            at: figures::moment(action.at),
            actor: shown(&action.actor),
            address: shown(&action.address),
            what: shown(&action.what),
            subject: shown(&action.subject),
            href,
            detail: shown(&action.detail),
        }
    }
}

/// The log, newest first. Whoever sees some sites only sees what was done to these, and what he did himself.
pub(in crate::web) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Answer {
    let fields = Fields::of(query.unwrap_or_default().as_bytes());
    let get = |name: &str| fields.get(name).to_owned();
    let (actor, what, subject) = (get("actor"), get("what"), get("subject"));
    let wanted = ActionFilter {
        actor: actor.clone(),
        what: what.clone(),
        subject: subject.clone(),
        within: visitor.scope().map(|sites| (visitor.actor(), sites.to_vec())),
        before: fields.get("before").parse().ok(),
        limit: PAGE,
    };
    let actions = app.ask(move |store| store.actions(&wanted)).await?;
    let last = actions.last().map(|(id, _)| *id).filter(|_| actions.len() == PAGE as usize);
    let older = last.map(|last| {
        let last = last.to_string();
        let pairs = [("actor", &actor), ("what", &what), ("subject", &subject), ("before", &last)];
        url::form_urlencoded::Serializer::new("/audit?".to_owned()).extend_pairs(pairs).finish()
    });
    page(&AuditPage {
        shell: Shell::new(&visitor, "audit", "审计"),
        rows: actions.iter().map(|(_, action)| ActionRow::new(action)).collect(),
        older,
        actor,
        what,
        subject,
    })
}
