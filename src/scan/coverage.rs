//! The coverage of a scan, told from its rows.

use std::collections::HashSet;

use super::key;
use crate::address::Address;
use crate::crawl::left_program;
use crate::facts::{BlobId, Coverage, Oddity};
use crate::link::landing::Landing;
use crate::snapshot::Snapshot;
use crate::state::{Known, Standing, State, StateError};

/// What the scan saw and what not.
pub(super) fn of(state: &State) -> Result<Coverage, StateError> {
    let mut coverage = state.progress()?.coverage;
    state.known(&mut |Known { standing, .. }| {
        coverage.known += 1;
        if let Standing::Skipped(why) = standing {
            *coverage.skipped.entry(why).or_default() += 1;
        }
    })?;
    state.visits(&mut |target, visit| {
        coverage.visited += 1;
        let is_left = |address: Address| left_program(target, &address, visit);
        coverage.programs_unread += u64::from(Address::parse(&target.address).is_ok_and(is_left));
        *coverage.verdicts.entry(visit.verdict).or_default() += 1;
        if let Some(kind) = visit.failure {
            *coverage.failures.entry(kind).or_default() += 1;
        }
    });
    state.pages(&mut |page| {
        coverage.pages += 1;
        *coverage.pages_by_kind.entry(page.kind).or_default() += 1;
        coverage.limited +=
            u64::from(page.oddities.iter().any(|oddity| matches!(oddity, Oddity::Limited(_))));
    });
    state.attachments(&mut |attachment| {
        coverage.attachments += 1;
        if let Some(gap) = attachment.gap {
            *coverage.attachments_limited.entry(gap).or_default() += 1;
        }
    })?;
    let landings = state.landings();
    let shows_nothing = |landing: &&Landing| landing.direct.shown().or(landing.phone.shown()).is_none();
    coverage.landings = landings.len() as u64;
    coverage.landings_unobservable = landings.iter().filter(shows_nothing).count() as u64;
    let probe = state.cloaking().unwrap_or_default();
    (coverage.views, coverage.views_unobservable) = (probe.pages, probe.unobservable);
    Ok(coverage)
}

/// The dedup keys of all pages that were seen.
pub(super) fn pages_seen(state: &State) -> HashSet<String> {
    let mut seen = HashSet::new();
    state.visits(&mut |target, _| {
        seen.insert(key(&target.address));
    });
    seen
}

/// How long each visit took that was answered.
pub(super) fn millis(state: &State) -> Vec<u32> {
    let mut millis = Vec::new();
    state.visits(&mut |_, visit| {
        if visit.status.is_some() {
            millis.push(visit.millis);
        }
    });
    millis
}

/// The bodies that the scan's visits rest on.
pub(super) fn bodies(state: &State) -> HashSet<BlobId> {
    let mut bodies = HashSet::new();
    state.visits(&mut |_, visit| bodies.extend(visit.body));
    bodies
}
