//! Incidents: what is wrong, what was wrong, who knows; and the times in which nobody is told.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::{SignedDuration, Timestamp};

use crate::finding::Severity;
use crate::incident::{Acknowledged, Happening, Incident, IncidentId, Silence, What, telling};
use crate::ledger::{Countdown, Running, Trouble as Watched, timers};
use crate::people::Permission;
use crate::report::{figures, wording};
use crate::store::IncidentFilter;
use crate::store::outbox::{Delivery, DeliveryFilter, LetterState};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Incidents shown besides those that are open.
const SHOWN: u32 = 200;
/// Days that closed incidents are listed for.
const DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "incidents.html")]
struct ListPage {
    shell: Shell,
    open: Vec<Row>,
    closed: Vec<Row>,
    silences: Vec<SilenceRow>,
    sites: Vec<(String, String)>,
    may_decide: bool,
}

struct Row {
    id: i64,
    severity: &'static str,
    class: &'static str,
    cause: &'static str,
    title: String,
    began: String,
    lasted: String,
    known: String,
}

struct SilenceRow {
    id: i64,
    what: String,
    until: String,
    author: String,
    reason: String,
}

impl Row {
    fn of(incident: &Incident, now: Timestamp) -> Row {
        let Incident { trouble, closed, acknowledged, .. } = incident;
        let word = wording::severity(trouble.severity);
        Row {
            id: incident.id.0,
            severity: word.label,
            class: class(trouble.severity),
            cause: trouble.cause.chinese(),
            title: trouble.title.clone(),
            began: figures::moment(trouble.began),
            lasted: telling::span(closed.unwrap_or(now).duration_since(trouble.began)),
            known: acknowledged.as_ref().map_or_else(String::new, |known| known.by.clone()),
        }
    }
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

/// Whether the visitor may know of an incident: those of no site are for who sees all of them.
fn sees(visitor: &Visitor, incident: &Incident) -> bool {
    match &incident.trouble.site {
        Some(site) => visitor.sees(&site.id),
        None => visitor.sees_all(),
    }
}

/// What is open, and what was.
pub(in crate::web) async fn list(State(app): State<App>, visitor: Visitor) -> Answer {
    let now = app.now();
    let since = now.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
    let (incidents, silences) = app
        .ask(move |store| {
            let filter =
                IncidentFilter { since: Some(since), limit: Some(SHOWN), ..IncidentFilter::default() };
            let open = IncidentFilter { open: true, ..IncidentFilter::default() };
            let mut incidents = store.incidents(&open)?;
            incidents
                .extend(store.incidents(&filter)?.into_iter().filter(|incident| incident.closed.is_some()));
            Ok((incidents, store.silences(now)?))
        })
        .await?;
    let (open, closed): (Vec<_>, Vec<_>) = incidents
        .iter()
        .filter(|incident| sees(&visitor, incident))
        .partition(|incident| incident.closed.is_none());
    let rows =
        |incidents: Vec<&Incident>| incidents.into_iter().map(|incident| Row::of(incident, now)).collect();
    let settings = app.current().settings;
    let sites = settings.sites.iter().filter(|site| visitor.sees(&site.id));
    let sites = sites.map(|site| (site.id.clone(), site.name.clone().unwrap_or_else(|| site.id.clone())));
    let silences = silences.into_iter().filter(|silence| match &silence.site {
        Some(site) => visitor.sees(site),
        None => visitor.sees_all(),
    });
    let silences = silences.map(|silence| SilenceRow {
        id: silence.id,
        what: silence.site.unwrap_or_else(|| "全部站点".to_owned()),
        until: figures::minute(silence.until),
        author: silence.author,
        reason: silence.reason,
    });
    page(&ListPage {
        open: rows(open),
        closed: rows(closed),
        silences: silences.collect(),
        sites: sites.collect(),
        may_decide: visitor.may(Permission::Decide),
        shell: Shell::new(&visitor, "incidents", "事件"),
    })
}

#[derive(Template)]
#[template(path = "incident.html")]
struct OnePage {
    shell: Shell,
    row: Row,
    is_open: bool,
    facts: Vec<(String, String)>,
    known: Option<Acknowledged>,
    timeline: Vec<(String, &'static str, String, String)>,
    deadlines: Vec<(String, String, &'static str)>,
    deliveries: Vec<(String, String, String, String)>,
    findings: Vec<String>,
    may_work: bool,
}

/// One incident with its timeline, deadlines and who was told.
pub(in crate::web) async fn one(State(app): State<App>, Path(id): Path<i64>, visitor: Visitor) -> Answer {
    let now = app.now();
    let (incident, timeline, deliveries) = app
        .ask(move |store| {
            let incident = store.incident(IncidentId(id))?;
            let order_key = Some(IncidentId(id).order_key());
            let deliveries = store.deliveries(&DeliveryFilter { order_key, ..DeliveryFilter::default() })?;
            Ok((incident, store.timeline(IncidentId(id))?, deliveries))
        })
        .await?;
    let incident = incident.filter(|incident| sees(&visitor, incident)).ok_or(Failure::NotFound)?;
    let rules = app.current().rules;
    let watched = Watched { began: incident.trouble.began, failures: 2, ended: incident.closed };
    let deadlines: Vec<_> = match incident.trouble.cause {
        crate::incident::Cause::Down => timers(&watched, &rules.availability().deadlines, now)
            .iter()
            .map(|countdown| deadline(countdown))
            .collect(),
        _ => Vec::new(),
    };
    let happened = |happening: &Happening| {
        let Happening { at, what, by, text } = happening;
        (figures::moment(*at), what.chinese(), by.clone(), text.clone())
    };
    page(&OnePage {
        row: Row::of(&incident, now),
        is_open: incident.closed.is_none(),
        facts: incident.trouble.facts.iter().map(|fact| (fact.label.clone(), fact.text.clone())).collect(),
        known: incident.acknowledged.clone(),
        timeline: timeline.iter().map(happened).collect(),
        deadlines,
        deliveries: deliveries.iter().map(delivered).collect(),
        findings: incident.trouble.findings.iter().map(|finding| finding.0.clone()).collect(),
        may_work: visitor.may(Permission::Work),
        shell: Shell::new(&visitor, "incidents", incident.trouble.title.clone()),
    })
}

fn deadline(countdown: &Countdown<'_>) -> (String, String, &'static str) {
    let (said, class) = match countdown.running {
        Running::Left(left) => (format!("还有 {}", telling::span(left)), "warn"),
        Running::FailuresLeft(left) => (format!("还差 {left} 次失败"), ""),
        Running::Passed { at: Some(at) } => (format!("{} 已到", figures::moment(at)), "bad"),
        Running::Passed { at: None } => ("已到".to_owned(), "bad"),
        Running::Averted => ("未到即恢复".to_owned(), "good"),
    };
    (countdown.deadline.name.clone(), said, class)
}

fn delivered(delivery: &Delivery) -> (String, String, String, String) {
    let state = match delivery.state {
        LetterState::Waiting { due } => format!("等待发送（{}）", figures::moment(due)),
        LetterState::Confirmed { at } => format!("{} 送达", figures::moment(at)),
        LetterState::Refused { at } => format!("{} 被拒绝", figures::moment(at)),
    };
    let to = if delivery.recipient.is_empty() { "群组".to_owned() } else { delivery.recipient.clone() };
    (delivery.notice.event.chinese().to_owned(), to, delivery.channel.clone(), state)
}

/// Says that the visitor knows of an incident.
pub(in crate::web) async fn acknowledge(
    State(app): State<App>,
    Path(id): Path<i64>,
    visitor: Visitor,
    fields: Fields,
) -> Answer {
    check(&app, id, &visitor).await?;
    let acknowledged =
        Acknowledged { by: visitor.actor(), at: app.now(), note: fields.get("note").to_owned() };
    let note = visitor.action(app.now(), "incident.acknowledge", id.to_string(), "");
    app.ask(move |store| store.acknowledge(IncidentId(id), &acknowledged, Some(&note))).await?;
    Ok(Redirect::to(&format!("/incidents/{id}")).into_response())
}

/// Adds what the visitor says to an incident.
pub(in crate::web) async fn remark(
    State(app): State<App>,
    Path(id): Path<i64>,
    visitor: Visitor,
    fields: Fields,
) -> Answer {
    check(&app, id, &visitor).await?;
    let text = fields.required("text", "内容")?.to_owned();
    let happening = Happening { at: app.now(), what: What::Noted, by: visitor.actor(), text };
    let note = visitor.action(happening.at, "incident.remark", id.to_string(), &happening.text);
    app.ask(move |store| store.remark(IncidentId(id), &happening, Some(&note))).await?;
    Ok(Redirect::to(&format!("/incidents/{id}")).into_response())
}

async fn check(app: &App, id: i64, visitor: &Visitor) -> Result<(), Failure> {
    let incident = app.ask(move |store| store.incident(IncidentId(id))).await?;
    match incident.is_some_and(|incident| sees(visitor, &incident)) {
        true => Ok(()),
        false => Err(Failure::NotFound),
    }
}

/// Begins a silence.
pub(in crate::web) async fn silence(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let site = Some(fields.get("site").to_owned()).filter(|site| !site.is_empty());
    let is_seen = site.as_ref().map_or(visitor.sees_all(), |site| visitor.sees(site));
    if !is_seen {
        return Err(Failure::NotFound);
    }
    let hours: i64 = fields.get("hours").parse().map_err(|_| Failure::Wrong("请填写小时数".to_owned()))?;
    if !(1..=720).contains(&hours) {
        return Err(Failure::Wrong("静默时间为 1 至 720 小时".to_owned()));
    }
    let (from, reason) = (app.now(), fields.required("reason", "原因")?.to_owned());
    let until = from.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(from);
    let silence = Silence { id: 0, site, subject: None, from, until, author: visitor.actor(), reason };
    let detail = format!("{} 小时：{}", hours, silence.reason);
    let note = visitor.action(from, "silence.begin", silence.site.clone().unwrap_or_default(), detail);
    app.ask(move |store| store.silence(&silence, Some(&note))).await?;
    Ok(Redirect::to("/incidents").into_response())
}

/// Ends a silence.
pub(in crate::web) async fn end_silence(
    State(app): State<App>,
    Path(id): Path<i64>,
    visitor: Visitor,
) -> Answer {
    let now = app.now();
    let silences = app.ask(move |store| store.silences(now)).await?;
    let silence = silences.into_iter().find(|silence| silence.id == id).ok_or(Failure::NotFound)?;
    if !silence.site.as_ref().map_or(visitor.sees_all(), |site| visitor.sees(site)) {
        return Err(Failure::NotFound);
    }
    let note = visitor.action(now, "silence.end", id.to_string(), "");
    app.ask(move |store| store.end_silence(id, now, Some(&note))).await?;
    Ok(Redirect::to("/incidents").into_response())
}
