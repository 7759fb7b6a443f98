//! What shows that a finding is true: title and way from home of its page, the kept original, how often it was tried.

use std::collections::HashMap;

use super::numbers::numbers;
use crate::column::Judged;
use crate::facts::{HOME, PageFacts, PageKind, TargetId};
use crate::finding::{Finding, Proof};
use crate::privacy::excerpt;
use crate::snapshot::Snapshot;

/// Steps of a way from home at most; pages deeper than this are traps.
const STEPS: usize = 30;

/// Characters of a title or a name at most.
const TITLE: usize = 200;

/// Fills in the proof of every finding.
pub(super) fn prove(findings: &mut [Finding], columns: &[Judged], snapshot: &dyn Snapshot) {
    let addresses = findings
        .iter()
        .flat_map(|finding| std::iter::once(finding.page.as_str()).chain(finding.target.as_deref()));
    let numbers = numbers(addresses, snapshot);
    let names: HashMap<TargetId, &str> =
        columns.iter().map(|judged| (judged.page, judged.column.name.as_str())).collect();
    // Many findings stand on one page.
    let mut pages: HashMap<TargetId, Proof> = HashMap::new();
    for finding in findings {
        let Some(page) = numbers.get(&finding.page) else { continue };
        let of_page = pages.entry(*page).or_insert_with(|| of_page(*page, &names, snapshot));
        let target = finding.target.as_ref().and_then(|target| numbers.get(target));
        finding.proof = Proof { tries: tries(*target.unwrap_or(page), snapshot), ..of_page.clone() };
    }
}

fn of_page(page: TargetId, names: &HashMap<TargetId, &str>, snapshot: &dyn Snapshot) -> Proof {
    let facts = snapshot.page(page);
    let title = facts.as_ref().map(|facts| shown(&facts.title));
    let body = snapshot.visit(page).and_then(|visit| visit.body);
    let mut path = path(page, names, snapshot);
    if path.is_empty() {
        // Met from the home page itself; its own tag may still say where it belongs.
        path.extend(facts.as_ref().and_then(column_tag));
    }
    Proof {
        title: title.filter(|title| !title.is_empty()),
        path,
        original: body.map(|body| body.to_string()),
        tries: None,
    }
}

/// The beginning of a title or a name, masked.
fn shown(name: &str) -> String {
    let end = name.char_indices().nth(TITLE).map_or(name.len(), |(at, _)| at);
    excerpt(name, 0, end).into_owned()
}

/// The column that a page says it belongs to.
fn column_tag(facts: &PageFacts) -> Option<String> {
    let tag = facts.tags.iter().find(|tag| tag.name.eq_ignore_ascii_case("ColumnName"))?;
    let name = shown(&tag.value);
    (facts.kind != PageKind::Home && !name.is_empty()).then_some(name)
}

/// Names of the columns on the way by which the crawl first met a page.
fn path(page: TargetId, names: &HashMap<TargetId, &str>, snapshot: &dyn Snapshot) -> Vec<String> {
    let before = |id: &TargetId| snapshot.target(*id).and_then(|target| target.found_on);
    let way = std::iter::successors(Some(page), before).take(STEPS);
    let mut path: Vec<String> = way
        .take_while(|id| *id != HOME)
        .filter_map(|id| names.get(&id).map(|name| (*name).to_owned()))
        .collect();
    path.reverse();
    // The pages of one column link to each other.
    path.dedup();
    path
}

/// How often a target was tried: failures are listed one by one, an answer needs none.
fn tries(target: TargetId, snapshot: &dyn Snapshot) -> Option<u32> {
    let tries = snapshot.visit(target)?.tries.len();
    Some(u32::try_from(tries).unwrap_or(u32::MAX).max(1))
}
