//! Service tickets: the list, a new one, its steps.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};

use crate::contract::{Step, StepKind, Ticket};
use crate::indicators::Category;
use crate::people::Permission;
use crate::report::{figures, tickets};
use crate::store::NewTicket;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::entered::{self, moment};
use crate::web::form::Fields;
use crate::web::scope;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Tickets shown of a site; older ones are in the interface for programs and in the reports.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    shell: Shell,
    sites: Vec<SiteView>,
    may_work: bool,
    categories: Vec<(&'static str, &'static str)>,
    steps: Vec<(&'static str, &'static str)>,
    now: String,
}

/// A site with its tickets, newest first.
struct SiteView {
    id: String,
    name: String,
    tickets: Vec<TicketView>,
    rest: usize,
}

struct TicketView {
    number: i64,
    category: &'static str,
    system: String,
    what: String,
    opened: String,
    opened_by: String,
    is_solved: bool,
    steps: Vec<(&'static str, String, String, String)>,
}

impl TicketView {
    fn new(ticket: &Ticket) -> TicketView {
        let step = |kind| {
            let step = ticket.step(kind)?;
            Some((tickets::step(kind), figures::minute(step.at), step.person.clone(), step.note.clone()))
        };
        TicketView {
            number: ticket.number,
            category: tickets::category(ticket.category),
            system: ticket.system.clone(),
            what: ticket.what.clone(),
            opened: figures::minute(ticket.opened),
            opened_by: ticket.opened_by.clone(),
            is_solved: ticket.step(StepKind::Solved).is_some(),
            steps: StepKind::ALL.into_iter().filter_map(step).collect(),
        }
    }
}

/// Every ticket of the sites that the visitor sees.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor) -> Answer {
    let seen = scope::sites(&app, &visitor);
    let read = app.ask(move |store| {
        let view = |site: crate::config::Site| {
            let tickets = store.tickets(&site.id)?;
            Ok(SiteView {
                name: site.name.unwrap_or_else(|| site.home.host().to_owned()),
                rest: tickets.len().saturating_sub(SHOWN),
                tickets: tickets.iter().rev().take(SHOWN).map(TicketView::new).collect(),
                id: site.id,
            })
        };
        seen.into_iter().map(view).collect::<Result<Vec<SiteView>, _>>()
    });
    page(&TicketsPage {
        shell: Shell::new(&visitor, "tickets", "报障单"),
        sites: read.await?,
        may_work: visitor.may(Permission::Work),
        categories: Category::ALL.map(|kind| (kind.word(), tickets::category(kind))).to_vec(),
        steps: StepKind::ALL.map(|kind| (kind.word(), tickets::step(kind))).to_vec(),
        now: figures::minute(app.now()),
    })
}

/// Opens a ticket.
pub(in crate::web) async fn open(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let site = scope::site(&app, &visitor, fields.get("site"))?;
    scope::must(&visitor, Permission::Work)?;
    let category = Category::ALL.into_iter().find(|kind| kind.word() == fields.get("category"));
    let ticket = NewTicket {
        site: site.id,
        category: category.ok_or_else(|| Failure::Wrong("请选择故障类别".to_owned()))?,
        system: fields.get("system").to_owned(),
        what: fields.get("what").to_owned(),
        opened: moment(&app, fields.get("opened"), "报障时间")?,
        opened_by: fields.get("opened_by").to_owned(),
    };
    entered::open_ticket(&app, &visitor, ticket).await?;
    Ok(Redirect::to("/tickets").into_response())
}

/// Enters a step of a ticket.
pub(in crate::web) async fn step(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, number)): Path<(String, i64)>,
    fields: Fields,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let kind = StepKind::ALL.into_iter().find(|kind| kind.word() == fields.get("kind"));
    let step = Step {
        kind: kind.ok_or_else(|| Failure::Wrong("请选择处理环节".to_owned()))?,
        at: moment(&app, fields.get("at"), "处理时间")?,
        person: fields.get("person").to_owned(),
        note: fields.get("note").to_owned(),
        entered: app.now(),
    };
    entered::take_step(&app, &visitor, &site.id, number, step).await?;
    Ok(Redirect::to("/tickets").into_response())
}
