//! The delivery log: who was told what, by which channel, and what came of it.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Told, told};
use super::page::{Page, Paged};
use crate::finding::Severity;
use crate::notice::Event;
use crate::store::outbox::{Attempt, Delivery, DeliveryFilter, LetterId, LetterState};
use crate::web::app::App;
use crate::web::visitor::Visitor;

/// Which deliveries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    channel: Option<String>,
    recipient: Option<String>,
    notice: Option<String>,
    #[serde(default)]
    unconfirmed: bool,
    cursor: Option<i64>,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct DeliveryObject {
    number: i64,
    notice: String,
    event: Event,
    severity: Severity,
    site: Option<String>,
    title: String,
    incident: Option<i64>,
    recipient: String,
    channel: String,
    queued: Timestamp,
    /// `waiting`, `confirmed` or `refused`.
    state: &'static str,
    /// When it is due, or was confirmed or refused.
    at: Timestamp,
    attempts: Vec<AttemptObject>,
}

#[derive(Serialize)]
struct AttemptObject {
    message: i64,
    channel: String,
    started: Timestamp,
    ended: Option<Timestamp>,
    verdict: Option<String>,
    why: Option<String>,
}

impl From<Attempt> for AttemptObject {
    fn from(attempt: Attempt) -> AttemptObject {
        let (ended, verdict, why) = match attempt.verdict {
            None => (None, None, None),
            Some(verdict) => (Some(verdict.at), Some(verdict.word), Some(verdict.why)),
        };
        let Attempt { message, channel, started, .. } = attempt;
        AttemptObject { message: message.0, channel, started, ended, verdict, why }
    }
}

impl From<Delivery> for DeliveryObject {
    fn from(delivery: Delivery) -> DeliveryObject {
        let (state, at) = match delivery.state {
            LetterState::Waiting { due } => ("waiting", due),
            LetterState::Confirmed { at } => ("confirmed", at),
            LetterState::Refused { at } => ("refused", at),
        };
        let notice = delivery.notice;
        DeliveryObject {
            number: delivery.id.0,
            notice: notice.id,
            event: notice.event,
            severity: notice.severity,
            site: notice.site.map(|site| site.id),
            title: notice.title,
            incident: notice.incident,
            recipient: delivery.recipient,
            channel: delivery.channel,
            queued: delivery.queued,
            state,
            at,
            attempts: delivery.attempts.into_iter().map(AttemptObject::from).collect(),
        }
    }
}

/// Deliveries, newest first. What is about no site, or about several, is for those who see all.
pub(super) async fn list(State(app): State<App>, visitor: Visitor, Asked(wanted): Asked<Wanted>) -> Told {
    let paged = Paged::new(wanted.cursor, wanted.limit);
    let filter = DeliveryFilter {
        channel: wanted.channel,
        recipient: wanted.recipient,
        notice: wanted.notice,
        order_key: None,
        unconfirmed: wanted.unconfirmed,
        before: paged.cursor().map(LetterId),
        limit: paged.wanted(),
    };
    let deliveries = app.ask(move |store| store.deliveries(&filter)).await?;
    let rows = deliveries.into_iter().map(|delivery| {
        let is_theirs = match &delivery.notice.site {
            Some(site) => visitor.sees(&site.id),
            None => visitor.sees_all(),
        };
        (delivery.id.0, is_theirs.then(|| DeliveryObject::from(delivery)))
    });
    told(StatusCode::OK, &Page::of(rows.collect(), paged).known())
}
