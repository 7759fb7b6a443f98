//! Documents that were made and handed in.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Sent, Told, told};
use super::page::{Page, Paged};
use super::withdrawal::{WithdrawalObject, Withdrawn};
use crate::ledger::Unit;
use crate::notice::Enclosure;
use crate::paper::Kind;
use crate::people::Permission;
use crate::store::papers::{HandIn, Matter, NewHandIn, Paper, PaperFilter};
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::visitor::Visitor;
use crate::web::{entered, scope};

#[derive(Serialize)]
struct PaperObject {
    number: i64,
    site: String,
    kind: &'static str,
    period: String,
    /// Of a fault: its first interval.
    interval: Option<i64>,
    /// Of a fault: the incident after which it was made.
    incident: Option<i64>,
    made: Timestamp,
    files: Vec<FileObject>,
}

#[derive(Serialize)]
struct FileObject {
    /// Where it is downloaded.
    href: String,
    name: String,
    bytes: u64,
    sha256: String,
}

impl From<Paper> for PaperObject {
    fn from(paper: Paper) -> PaperObject {
        let Matter { site, kind, period, interval } = paper.matter;
        let file = |file: Enclosure| FileObject {
            href: format!("/papers/{}/{}", paper.id, file.ending()),
            name: file.name().to_owned(),
            bytes: file.bytes,
            sha256: file.sha256,
        };
        PaperObject {
            number: paper.id.0,
            site,
            kind: kind.word(),
            period: period.to_string(),
            interval,
            incident: paper.incident.map(|incident| incident.0),
            made: paper.made,
            files: paper.files.into_iter().map(file).collect(),
        }
    }
}

#[derive(Serialize)]
struct HandInObject {
    number: i64,
    kind: &'static str,
    period: String,
    /// Of a fault: an interval of it.
    interval: Option<i64>,
    at: Timestamp,
    by: String,
    to: String,
    sha256: Option<String>,
    note: String,
    entered: Timestamp,
    entered_by: String,
    withdrawn: Option<WithdrawalObject>,
}

impl From<HandIn> for HandInObject {
    fn from(one: HandIn) -> HandInObject {
        let HandIn { number, what, withdrawn } = one;
        let NewHandIn { matter, at, by, to, sha256, note, entered, entered_by } = what;
        HandInObject {
            number,
            kind: matter.kind.word(),
            period: matter.period.to_string(),
            interval: matter.interval,
            at,
            by,
            to,
            sha256,
            note,
            entered,
            entered_by,
            withdrawn: withdrawn.map(Into::into),
        }
    }
}

/// The documents that were made of a site, oldest first.
pub(super) async fn made(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let filter = PaperFilter { site: Some(id), ..PaperFilter::default() };
    let papers = app.ask(move |store| store.papers(&filter)).await?;
    let rows = papers.into_iter().rev().map(|paper| (paper.id.0, PaperObject::from(paper)));
    told(StatusCode::OK, &Page::cut(rows, paged))
}

/// The documents of a site that were handed in, in the order they were entered.
pub(super) async fn handed_in(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let documents = app.ask(move |store| store.handed_in(&id)).await?;
    let rows = documents.into_iter().map(|one| (one.number, HandInObject::from(one)));
    told(StatusCode::OK, &Page::cut(rows, paged))
}

/// A document that was handed in, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivered {
    kind: String,
    /// May be left out for a fault.
    period: Option<String>,
    interval: Option<i64>,
    /// Now, where it is not given.
    at: Option<Timestamp>,
    by: String,
    to: String,
    sha256: Option<String>,
    #[serde(default)]
    note: String,
}

/// Enters that a document was handed in.
pub(super) async fn hand_in(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Sent(sent): Sent<Delivered>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Work)?;
    let wrong = |what: &str| Failure::Wrong(format!("{what} 无效"));
    let at = sent.at.unwrap_or_else(|| app.now());
    let period = match sent.period {
        Some(text) => text.parse().map_err(|_| wrong("period"))?,
        None => Unit::Year.of(at.to_zoned(app.current().settings.timezone.clone()).date()),
    };
    let kind = Kind::of_word(&sent.kind).ok_or_else(|| wrong("kind"))?;
    let document = NewHandIn {
        matter: Matter { site: site.id, kind, period, interval: sent.interval },
        at,
        by: sent.by,
        to: sent.to,
        sha256: sent.sha256.map(|text| text.to_ascii_lowercase()),
        note: sent.note,
        entered: app.now(),
        entered_by: visitor.actor(),
    };
    let made = entered::hand_in(&app, &visitor, document).await?;
    told(StatusCode::CREATED, &HandInObject::from(made))
}

/// Withdraws what was entered as handed in.
pub(super) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Named((id, number)): Named<(String, i64)>,
    Sent(sent): Sent<Withdrawn>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Decide)?;
    let gone = entered::withdraw_document(&app, &visitor, &site.id, number, sent.reason).await?;
    told(StatusCode::OK, &HandInObject::from(gone))
}
