//! The words under which a site links to a host, for whoever has to say what the host is.
//!
//! The link graph keeps numbers only: the words are read once from the evidence, when the host is new.

use std::collections::BTreeMap;

use super::kept::Kept;
use super::numbers::numbers;
use crate::evidence::Evidence;
use crate::facts::TargetId;
use crate::inventory::{ExternalHost, UNKNOWN, name};
use crate::privacy::mask_all;
use crate::snapshot::Snapshot;

/// Pages read again at most. Hosts beyond get their words with a later scan.
const PAGES: usize = 200;
/// Words of links that are kept of a host.
const ANCHORS: usize = 3;
/// Characters of each.
const CHARS: usize = 40;

/// Adds the words of links to unknown hosts that have none yet.
pub(super) fn add(hosts: &mut [ExternalHost], snapshot: &dyn Snapshot, evidence: &Evidence) {
    let mut by_page: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for (index, host) in hosts.iter().enumerate() {
        if host.anchors.is_empty()
            && host.class == UNKNOWN
            && let Some(page) = host.samples.first()
        {
            by_page.entry(page.clone()).or_default().insert(host.host.clone(), index);
        }
    }
    let numbers = numbers(by_page.keys().map(String::as_str), snapshot);
    for (page, wanted) in by_page.iter().take(PAGES) {
        let words = numbers.get(page).and_then(|id| words(*id, wanted, snapshot, evidence));
        for (index, text) in words.unwrap_or_default() {
            let anchors = &mut hosts[index].anchors;
            if anchors.len() < ANCHORS && !anchors.contains(&text) {
                anchors.push(text);
            }
        }
    }
}

/// The words of every link of a page to one of the wanted hosts.
fn words(
    id: TargetId,
    wanted: &BTreeMap<String, usize>,
    snapshot: &dyn Snapshot,
    evidence: &Evidence,
) -> Option<Vec<(usize, String)>> {
    let page = Kept::read(id, snapshot, evidence)?.page();
    let mut words = Vec::new();
    for link in page.links.iter().filter(|link| !link.text.trim().is_empty()) {
        if let Ok(target) = page.base.resolve(&link.raw, page.charset.encoding)
            && let Some(index) = wanted.get(&name(&target))
        {
            words.push((*index, mask_all(link.text.trim()).chars().take(CHARS).collect()));
        }
    }
    Some(words)
}
