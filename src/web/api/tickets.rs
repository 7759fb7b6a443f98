//! Service tickets.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Sent, Told, told};
use super::page::{Page, Paged};
use crate::contract::{Step, StepKind, Ticket};
use crate::indicators::Category;
use crate::people::Permission;
use crate::store::NewTicket;
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::visitor::Visitor;
use crate::web::{entered, scope};

#[derive(Serialize)]
struct TicketObject {
    number: i64,
    site: String,
    category: Category,
    system: String,
    what: String,
    opened: Timestamp,
    opened_by: String,
    /// In the order they were entered; of two of a kind the later one holds.
    steps: Vec<StepObject>,
}

#[derive(Serialize)]
struct StepObject {
    kind: &'static str,
    at: Timestamp,
    by: String,
    note: String,
    entered: Timestamp,
}

impl From<Ticket> for TicketObject {
    fn from(ticket: Ticket) -> TicketObject {
        let steps = ticket.steps.into_iter().map(|step| StepObject {
            kind: step.kind.word(),
            at: step.at,
            by: step.person,
            note: step.note,
            entered: step.entered,
        });
        TicketObject {
            number: ticket.number,
            site: ticket.site,
            category: ticket.category,
            system: ticket.system,
            what: ticket.what,
            opened: ticket.opened,
            opened_by: ticket.opened_by,
            steps: steps.collect(),
        }
    }
}

/// The tickets of a site, oldest first.
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let tickets = app.ask(move |store| store.tickets(&id)).await?;
    let rows = tickets.into_iter().map(|ticket| (ticket.number, TicketObject::from(ticket)));
    told(StatusCode::OK, &Page::cut(rows, paged))
}

/// A ticket, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opened {
    category: Category,
    system: String,
    what: String,
    /// Now, where it is not given.
    opened: Option<Timestamp>,
    opened_by: String,
}

/// Opens a ticket.
pub(super) async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Sent(sent): Sent<Opened>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Work)?;
    let Opened { category, system, what, opened, opened_by } = sent;
    let opened = opened.unwrap_or_else(|| app.now());
    let ticket = NewTicket { site: site.id, category, system, what, opened, opened_by };
    let ticket = entered::open_ticket(&app, &visitor, ticket).await?;
    told(StatusCode::CREATED, &TicketObject::from(ticket))
}

/// A step, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Taken {
    /// `answered`, `on-site`, `fallback`, `recovered` or `solved`.
    kind: String,
    /// Now, where it is not given.
    at: Option<Timestamp>,
    by: String,
    #[serde(default)]
    note: String,
}

/// Enters a step of a ticket.
pub(super) async fn step(
    State(app): State<App>,
    visitor: Visitor,
    Named((id, number)): Named<(String, i64)>,
    Sent(sent): Sent<Taken>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Work)?;
    let kind = StepKind::ALL.into_iter().find(|kind| kind.word() == sent.kind);
    let kind = kind.ok_or_else(|| {
        Failure::Wrong("kind 须为 answered, on-site, fallback, recovered 或 solved".to_owned())
    })?;
    let entered = app.now();
    let step = Step { kind, at: sent.at.unwrap_or(entered), person: sent.by, note: sent.note, entered };
    let ticket = entered::take_step(&app, &visitor, &site.id, number, step).await?;
    told(StatusCode::CREATED, &TicketObject::from(ticket))
}
