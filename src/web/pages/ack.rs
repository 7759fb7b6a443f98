//! Confirming an incident by the link in a message, without logging in. Opening the link only shows the form: chats and
//! mail scanners open links by themselves.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::alert::link::{BadLink, Confirmation, verify};
use crate::incident::{Acknowledged, Incident, IncidentId};
use crate::store::Action;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "ack.html")]
struct AckPage {
    title: String,
    query: String,
    form_token: String,
    /// Whether whoever follows the link has to say who he is.
    asks_name: bool,
    known: Option<Acknowledged>,
    is_over: bool,
    done: bool,
}

/// The incident that a link is good for.
async fn linked(app: &App, query: &str) -> Result<(Confirmation, Incident), Failure> {
    let settings = app.current().settings;
    let links = settings.alert.links.as_ref().ok_or(Failure::NotFound)?;
    let confirmation = verify(query, &links.secret, app.now()).map_err(|bad| match bad {
        BadLink::Forged => Failure::NotFound,
        BadLink::Expired => Failure::Wrong("链接已过期，请登录后确认".to_owned()),
    })?;
    let id = IncidentId(confirmation.incident);
    let incident = app.ask(move |store| store.incident(id)).await?.ok_or(Failure::NotFound)?;
    Ok((confirmation, incident))
}

fn form(
    visitor: &Visitor,
    query: String,
    confirmation: &Confirmation,
    incident: Incident,
    done: bool,
) -> Answer {
    page(&AckPage {
        title: incident.trouble.title,
        query,
        form_token: visitor.form_token().to_owned(),
        asks_name: confirmation.recipient.is_empty(),
        known: incident.acknowledged,
        is_over: incident.closed.is_some(),
        done,
    })
}

/// Shows the form.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let (confirmation, incident) = linked(&app, &query).await?;
    form(&visitor, query, &confirmation, incident, false)
}

/// Confirms.
pub(in crate::web) async fn confirm(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let query = fields.get("query").to_owned();
    let (confirmation, _) = linked(&app, &query).await?;
    let by = match confirmation.recipient.as_str() {
        "" => fields.required("name", "姓名")?.chars().take(40).collect(),
        recipient => recipient.to_owned(),
    };
    let (at, id) = (app.now(), IncidentId(confirmation.incident));
    let acknowledged = Acknowledged { by: by.clone(), at, note: "由消息中的链接确认".to_owned() };
    let note = Action { actor: by, ..visitor.action(at, "incident.acknowledge", id.0.to_string(), "链接") };
    let incident = app.ask(move |store| store.acknowledge(id, &acknowledged, Some(&note))).await?;
    form(&visitor, query, &confirmation, incident, true)
}
