//! What need not be told at once, told together: the findings that have come up since the last time, by site and check.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::hub::Hub;
use crate::checks;
use crate::finding::Severity;
use crate::incident::cause::is_urgent;
use crate::life::{Life, Reported};
use crate::notice::{Event, Item, Notice};
use crate::store::{Filter, StoreError};

/// The job under which it is noted when the last one was told.
const JOB: (&str, &str) = ("", "digest");

/// Tells a digest where its time has come since the last one.
pub(super) fn tell_when_due(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    let (site, kind) = JOB;
    let standing = hub.standing();
    let runs = hub.store.job_runs()?;
    let Some(run) = runs.iter().find(|run| run.site == site && run.kind == kind) else {
        return hub.store.know_jobs(&[(site.to_owned(), kind.to_owned())], now);
    };
    let last = run.last.unwrap_or(run.known_since).min(now);
    let is_due =
        standing.settings.alert.digest.next(last, &standing.calendars.zone).is_some_and(|next| next <= now);
    if !is_due {
        return Ok(());
    }
    let mut items = Vec::new();
    for site in &standing.settings.sites {
        let open = hub.store.findings(&Filter {
            site: Some(site.id.clone()),
            states: vec![Life::New, Life::Open, Life::Reopened],
            ..Filter::default()
        })?;
        items.extend(items_of(&site.id, &standing.name_of(&site.id).name, &open, last, now));
    }
    if !items.is_empty() {
        hub.tell(&notice(items, now), now)?;
    }
    hub.store.job_ran(site, kind, now)
}

/// One line for each check of the site that has something new which was not told at once.
fn items_of(id: &str, name: &str, open: &[Reported], since: Timestamp, now: Timestamp) -> Vec<Item> {
    let mut counts: BTreeMap<&str, (u64, Severity)> = BTreeMap::new();
    for reported in open.iter().filter(|reported| reported.first_seen > since && !is_urgent(reported)) {
        let (count, worst) = counts.entry(&reported.finding.check).or_insert((0, Severity::Low));
        *count += 1;
        *worst = (*worst).max(reported.finding.severity);
    }
    let item = |(check, (count, severity)): (&str, (u64, Severity))| Item {
        id: format!("digest-{}-{id}-{check}", now.as_second()),
        event: Event::Digest,
        severity,
        site: name.to_owned(),
        title: format!("新增{} {count} 处", checks::find(check).map_or(check, |check| check.about().name)),
        at: now,
    };
    counts.into_iter().map(item).collect()
}

fn notice(items: Vec<Item>, now: Timestamp) -> Notice {
    Notice {
        id: format!("digest-{}", now.as_second()),
        event: Event::Digest,
        severity: items.iter().map(|item| item.severity).max().unwrap_or(Severity::Low),
        site: None,
        title: format!("问题汇总：{} 类新问题", items.len()),
        facts: Vec::new(),
        at: now,
        incident: None,
        order_key: "digest".to_owned(),
        opening: None,
        items,
        view: Some("/findings".to_owned()),
        enclosed: Vec::new(),
    }
}
