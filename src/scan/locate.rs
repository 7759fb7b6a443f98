//! Finding the place of a wrong link on its page.
//!
//! The link graph keeps numbers only. Where exactly a link stands is told from the evidence, for the few links that
//! turned out to be wrong.

use std::collections::{BTreeMap, HashMap};

use super::kept::Kept;
use super::numbers::numbers;
use crate::address::{Address, Key};
use crate::evidence::Evidence;
use crate::facts::TargetId;
use crate::finding::{Finding, Place};
use crate::privacy::mask_all;
use crate::snapshot::Snapshot;

/// Pages read again at most. Findings beyond keep page and target, which is enough to find them by hand.
const PAGES: usize = 2_000;

/// Fills in the places of findings that name a target but no place, and the words of the link in their evidence.
pub(super) fn locate(findings: &mut [Finding], snapshot: &dyn Snapshot, evidence: &Evidence) {
    let mut by_page: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if finding.target.is_some() && finding.place.is_none() {
            by_page.entry(finding.page.clone()).or_default().push(index);
        }
    }
    let numbers = numbers(by_page.keys().map(String::as_str), snapshot);
    for (page, indexes) in by_page.iter().take(PAGES) {
        let Some(id) = numbers.get(page.as_str()) else { continue };
        let Some(places) =
            places(*id, indexes.iter().filter_map(|index| key(&findings[*index])), snapshot, evidence)
        else {
            continue;
        };
        for index in indexes {
            let finding = &mut findings[*index];
            if let Some((place, text)) = key(finding).and_then(|key| places.get(&key)) {
                finding.place = Some(place.clone());
                if !text.is_empty() {
                    finding.evidence = format!("“{}”{}", mask_all(text), finding.evidence);
                }
            }
        }
    }
}

fn key(finding: &Finding) -> Option<Key> {
    Some(Address::parse(finding.target.as_deref()?).ok()?.key())
}

/// The places of the wanted targets on a page, each with the words of its link.
fn places(
    id: TargetId,
    wanted: impl Iterator<Item = Key>,
    snapshot: &dyn Snapshot,
    evidence: &Evidence,
) -> Option<HashMap<Key, (Place, String)>> {
    let page = Kept::read(id, snapshot, evidence)?.page();
    let wanted: std::collections::HashSet<Key> = wanted.collect();
    let mut places = HashMap::new();
    for link in &page.links {
        if let Ok(target) = page.base.resolve(&link.raw, page.charset.encoding) {
            let key = target.key();
            if wanted.contains(&key) && !places.contains_key(&key) {
                places.insert(key, (page.place(link.node), link.text.clone()));
            }
        }
    }
    Some(places)
}
