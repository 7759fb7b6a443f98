//! All sites at a glance, at a desk and on the wall.

use askama::Template;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};

use crate::config::Site;
use crate::ledger::{Interval, Span};
use crate::store::{CaseTally, ScanResult, ScanRow, ScanState, Store, StoreError, TurnTally};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::glance::{Card, Known};
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Scans looked through for one with a result: after so many failures in a row the failures are what counts.
const SCANS: u32 = 10;

/// How far back the state of a site is looked for: a target that is probed once an hour still has one.
const LATELY: SignedDuration = SignedDuration::from_hours(2);

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    shell: Shell,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage {
    cards: Vec<Card>,
    at: String,
}

/// The sites that the visitor sees.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor) -> Answer {
    let cards = cards(&app, app.sites(&visitor)).await?;
    page(&OverviewPage { shell: Shell::new(&visitor, "overview", "总览"), cards })
}

/// The same for a screen that nobody touches.
pub(in crate::web) async fn wall(State(app): State<App>, visitor: Visitor) -> Answer {
    let cards = cards(&app, app.sites(&visitor)).await?;
    page(&WallPage { cards, at: crate::report::figures::minute(app.now()) })
}

/// What the record says of some sites, in their order, and of all.
struct Answers {
    found: Vec<Found>,
    tallies: Vec<CaseTally>,
    turns: Vec<TurnTally>,
}

/// What the record says of a site.
struct Found {
    last: Option<ScanResult>,
    intervals: Vec<Interval>,
}

/// The cards of some sites.
pub(in crate::web) async fn cards(app: &App, sites: Vec<Site>) -> Result<Vec<Card>, Failure> {
    let (now, current) = (app.now(), app.current());
    let midnight = app.today().to_zoned(current.settings.timezone.clone());
    let midnight = midnight.map_or(now, |midnight| midnight.timestamp());
    let asked = sites.clone();
    let Answers { found, tallies, turns } = app.ask(move |store| ask(store, &asked, midnight, now)).await?;
    let cards = sites.iter().zip(&found).map(|(site, Found { last, intervals })| {
        let known = Known { site, last: last.as_ref(), intervals, tallies: &tallies, turns: &turns };
        Card::new(&known, &current.settings, &current.rules, now)
    });
    Ok(cards.collect())
}

fn ask(
    store: &dyn Store,
    sites: &[Site],
    midnight: Timestamp,
    now: Timestamp,
) -> Result<Answers, StoreError> {
    let lately = Span::new(now.saturating_sub(LATELY).unwrap_or(now), now);
    let of = |site: &Site| {
        let last = store.scans(&site.id, SCANS)?.into_iter().find_map(result);
        Ok(Found { last, intervals: store.journal(&site.id, lately)?.intervals })
    };
    let found = sites.iter().map(of).collect::<Result<_, StoreError>>()?;
    Ok(Answers { found, tallies: store.tallies()?, turns: store.turn_tallies(midnight)? })
}

/// The result of a scan that has one.
pub(in crate::web) fn result(row: ScanRow) -> Option<ScanResult> {
    match row.state {
        ScanState::Finished(result) => Some(*result),
        ScanState::Running | ScanState::Abandoned { .. } => None,
    }
}
