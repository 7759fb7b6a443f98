//! Availability: the account of a period, and time that does not count.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Sent, Told, told, told_as_is};
use super::page::{Page, Paged};
use super::withdrawal::{WithdrawalObject, Withdrawn};
use crate::contract::{Exclusion, ExclusionKind, Origin};
use crate::duty::View;
use crate::ledger::Span;
use crate::people::Permission;
use crate::report;
use crate::store::NewExclusion;
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::visitor::Visitor;
use crate::web::{books, entered, scope};

/// Whose account, and of which period.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    period: Option<String>,
    #[serde(default)]
    view: Viewed,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Viewed {
    #[default]
    Site,
    Service,
}

/// The account of a period.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(asked): Asked<Account>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    let period = books::period(&app, asked.period.as_deref())?;
    let view = match asked.view {
        Viewed::Site => View::Site,
        Viewed::Service => View::Service,
    };
    let statement = |books: &crate::duty::Books| Ok(report::ledger::json(&books.statement()));
    told_as_is(books::read(&app, site, period, view, statement).await?)
}

#[derive(Serialize)]
struct ExclusionObject {
    number: Option<i64>,
    entered: Option<Timestamp>,
    from: Timestamp,
    until: Timestamp,
    kind: &'static str,
    reason: String,
    by: String,
    approved_by: Option<String>,
    withdrawn: Option<WithdrawalObject>,
}

impl From<Exclusion> for ExclusionObject {
    fn from(exclusion: Exclusion) -> ExclusionObject {
        let (number, entered) = match exclusion.origin {
            Origin::Entered { number, at } => (Some(number), Some(at)),
            Origin::Configured => (None, None),
        };
        ExclusionObject {
            number,
            entered,
            from: exclusion.span.start(),
            until: exclusion.span.end(),
            kind: exclusion.kind.word(),
            reason: exclusion.reason,
            by: exclusion.author,
            approved_by: exclusion.approved_by,
            withdrawn: exclusion.withdrawn.map(Into::into),
        }
    }
}

/// The exclusions of a site, in the order they were entered.
pub(super) async fn exclusions(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(paged): Asked<Paged>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let exclusions = app.ask(move |store| store.exclusions(&id)).await?;
    let rows = exclusions.into_iter().map(ExclusionObject::from);
    told(StatusCode::OK, &Page::cut(rows.map(|row| (row.number.unwrap_or_default(), row)), paged))
}

/// An exclusion, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Excluded {
    from: Timestamp,
    until: Timestamp,
    /// `maintenance` or `not-ours`.
    kind: String,
    reason: String,
    approved_by: Option<String>,
}

/// Enters time that does not count.
pub(super) async fn exclude(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Sent(sent): Sent<Excluded>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Decide)?;
    let kind = ExclusionKind::ALL.into_iter().find(|kind| kind.word() == sent.kind);
    let kind = kind.ok_or_else(|| Failure::Wrong("kind 须为 maintenance 或 not-ours".to_owned()))?;
    let exclusion = NewExclusion {
        site: site.id,
        span: Span::new(sent.from, sent.until),
        kind,
        reason: sent.reason,
        author: visitor.actor(),
        approved_by: sent.approved_by,
        at: app.now(),
    };
    let made = entered::exclude(&app, &visitor, exclusion).await?;
    told(StatusCode::CREATED, &ExclusionObject::from(made))
}

/// Takes an exclusion back.
pub(super) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Named((id, number)): Named<(String, i64)>,
    Sent(sent): Sent<Withdrawn>,
) -> Told {
    let site = scope::site(&app, &visitor, &id)?;
    scope::must(&visitor, Permission::Decide)?;
    let made = entered::withdraw_exclusion(&app, &visitor, &site.id, number, &sent.reason).await?;
    told(StatusCode::CREATED, &ExclusionObject::from(made))
}
