//! Findings: objects of schema 1.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ask::{Asked, Named, Sent, Told, told};
use super::page::{Page, Paged};
use crate::diff::{Decision, Ruling};
use crate::finding::{Fingerprint, Severity};
use crate::life::{Life, Reported};
use crate::people::Permission;
use crate::report::wire::FindingObject;
use crate::store::{Author, Filter, Turn};
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::scope;
use crate::web::visitor::Visitor;

/// Which findings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Words of states, separated by commas.
    state: Option<String>,
    /// Ids of checks, separated by commas.
    check: Option<String>,
    /// At least so bad.
    severity: Option<Severity>,
    cursor: Option<i64>,
    limit: Option<u32>,
}

/// The findings of a site, in the order in which they were first recorded.
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Asked(wanted): Asked<Wanted>,
) -> Told {
    scope::site(&app, &visitor, &id)?;
    let paged = Paged::new(wanted.cursor, wanted.limit);
    let filter = Filter {
        site: Some(id.clone()),
        states: words(wanted.state.as_deref()).map(life).collect::<Result<_, _>>()?,
        checks: words(wanted.check.as_deref()).map(str::to_owned).collect(),
        severity: wanted.severity,
        limit: Some(paged.wanted()),
    };
    let after = paged.cursor().unwrap_or_default();
    let found = app.ask(move |store| store.findings_after(&filter, after)).await?;
    let rows = found.iter().map(|(number, reported)| (*number, FindingObject::new(&id, reported)));
    told(StatusCode::OK, &Page::of(rows.collect(), paged))
}

/// Words of a list at most: there are fewer checks.
const WORDS: usize = 200;

fn words(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty()).take(WORDS)
}

fn life(word: &str) -> Result<Life, Failure> {
    let read = serde_json::from_value(serde_json::Value::from(word));
    read.map_err(|_| {
        Failure::Wrong("没有这种状态；可用 new, open, acknowledged, dismissed, fixed, reopened".to_owned())
    })
}

/// A finding with its life.
#[derive(Serialize)]
struct Lived<'a> {
    #[serde(flatten)]
    finding: FindingObject<'a>,
    history: Vec<TurnObject>,
}

#[derive(Serialize)]
struct TurnObject {
    at: Timestamp,
    before: Option<Life>,
    after: Life,
    /// `scan:12`, `reading:3`, `recheck:2`, or who.
    by: String,
    reason: String,
    until: Option<Timestamp>,
}

impl From<Turn> for TurnObject {
    fn from(turn: Turn) -> TurnObject {
        let by = match turn.author {
            Author::Scan(scan) => format!("scan:{scan}"),
            Author::Reading(reading) => format!("reading:{}", reading.0),
            Author::Recheck(recheck) => format!("recheck:{}", recheck.0),
            Author::Person(name) => name,
        };
        let Turn { at, before, after, reason, until, .. } = turn;
        TurnObject { at, before, after, by, reason, until }
    }
}

/// A finding.
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Named(id): Named<String>) -> Told {
    let (site, reported) = seen(&app, &visitor, &id).await?;
    show(&app, &site, &reported).await
}

/// A decision about a finding, as sent.
#[derive(Deserialize)]
#[serde(tag = "ruling", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Ruled {
    /// It is known and will be seen to.
    Acknowledge {
        #[serde(default)]
        reason: String,
    },
    /// It is none, until then.
    Dismiss { reason: String, until: Timestamp },
    /// An earlier ruling no longer holds.
    Withdraw {
        #[serde(default)]
        reason: String,
    },
}

/// Characters of a reason at most.
const REASON: usize = 2_000;

/// Decides about a finding.
pub(super) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Named(id): Named<String>,
    Sent(ruled): Sent<Ruled>,
) -> Told {
    let (_, reported) = seen(&app, &visitor, &id).await?;
    let (ruling, reason, what, takes) = match ruled {
        Ruled::Acknowledge { reason } => {
            (Ruling::Acknowledge, reason, "finding.acknowledge", Permission::Work)
        }
        Ruled::Dismiss { reason, until } => {
            (Ruling::Dismiss { until }, reason, "finding.dismiss", Permission::Decide)
        }
        Ruled::Withdraw { reason } => (Ruling::Withdraw, reason, "finding.withdraw", Permission::Decide),
    };
    scope::must(&visitor, takes)?;
    if reason.chars().count() > REASON {
        return Err(Failure::Wrong(format!("理由不超过 {REASON} 个字符")).into());
    }
    let at = app.now();
    let note = visitor.action(at, what, &id, &reason);
    let decision = Decision { ruling, actor: visitor.actor(), reason, at };
    let finding = reported.id;
    app.ask(move |store| store.rule(&[finding], &decision, &note)).await?;
    one(State(app), visitor, Named(id)).await
}

/// A finding of a site that the visitor sees.
async fn seen(app: &App, visitor: &Visitor, id: &str) -> Result<(String, Reported), Failure> {
    let finding = Fingerprint(id.to_owned());
    let found = app.ask(move |store| store.finding_with_site(&finding)).await?;
    found.filter(|(site, _)| visitor.sees(site)).ok_or(Failure::NotFound)
}

async fn show(app: &App, site: &str, reported: &Reported) -> Told {
    let id = reported.id.clone();
    let history = app.ask(move |store| store.history(&id)).await?;
    let finding = FindingObject::new(site, reported);
    told(StatusCode::OK, &Lived { finding, history: history.into_iter().map(TurnObject::from).collect() })
}
