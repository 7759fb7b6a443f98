//! Links to targets that are wrong: what the checks of links, images and files have in common.

use std::collections::{BTreeMap, HashSet};

use super::Findings;
use crate::address::Address;
use crate::facts::{PageKind, Target, TargetId, Visit};
use crate::file::{self, Expected};
use crate::page::LinkKind;
use crate::snapshot::Snapshot;

/// A link on a page of the site that leads to a wrong target.
pub(super) struct Reference<'a> {
    /// The page.
    pub(super) page: &'a str,
    /// Its kind.
    pub(super) kind: PageKind,
    /// What the target is to that page.
    pub(super) role: Role,
    /// The target.
    pub(super) target: &'a Target,
    /// Its identity.
    pub(super) key: &'a str,
    /// What came of it.
    pub(super) visit: &'a Visit,
}

/// What a target is to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Something to follow or to load.
    Link,
    /// A picture.
    Image,
    /// A file to download.
    Attachment,
}

impl Role {
    fn of(kind: LinkKind, by_extension: Option<Expected>) -> Role {
        match kind {
            LinkKind::Image => Role::Image,
            LinkKind::Anchor | LinkKind::Frame => match by_extension {
                Some(Expected::Image) => Role::Image,
                Some(Expected::Attachment | Expected::Media) => Role::Attachment,
                None => Role::Link,
            },
            _ => Role::Link,
        }
    }
}

impl Reference<'_> {
    /// Adds the finding that every check of links makes: where the link stands, where it leads, what is wrong there.
    pub(super) fn report(&self, found: &mut Findings<'_>, evidence: String) {
        found
            .add(self.page, self.key, evidence)
            .kind(self.kind)
            .target(&self.target.address)
            .verdict(self.visit.verdict, self.visit.status);
    }
}

/// A target that is wrong, and what is told of it once although a thousand links may lead there.
struct Wrong<'a> {
    target: &'a Target,
    visit: &'a Visit,
    key: String,
    by_extension: Option<Expected>,
}

impl<'a> Wrong<'a> {
    fn new(target: &'a Target, visit: &'a Visit) -> Wrong<'a> {
        let by_extension = Address::parse(&target.address)
            .ok()
            .and_then(|address| file::expected_by_extension(address.extension()?));
        Wrong { key: key(&target.address), target, visit, by_extension }
    }
}

/// Calls `each` for every link to one of the `suspects` that is `wrong`. Guesses (addresses found in scripts, generated page
/// numbers) do not count: a guess that fails proves nothing. Neither does what fails because its host is down, which
/// `host-down` tells once for all.
pub(super) fn references(
    snapshot: &dyn Snapshot,
    suspects: &[(Target, Visit)],
    wrong: &dyn Fn(&Target, &Visit) -> bool,
    each: &mut dyn FnMut(Reference<'_>),
) {
    let down: HashSet<String> = snapshot.hosts_down().into_iter().map(|host| host.authority).collect();
    let hosts_fault = |target: &Target, visit: &Visit| {
        visit.failure.is_some()
            && visit.hops.is_empty()
            && Address::parse(&target.address).is_ok_and(|address| down.contains(&address.authority()))
    };
    let wrong = suspects.iter().filter(|(target, visit)| wrong(target, visit) && !hosts_fault(target, visit));
    let targets: BTreeMap<TargetId, Wrong<'_>> =
        wrong.map(|(target, visit)| (target.id, Wrong::new(target, visit))).collect();
    let wanted = targets.keys().copied().collect();
    let mut last: Option<(TargetId, String, PageKind)> = None;
    snapshot.links_into(&wanted, &mut |page, link| {
        if matches!(link.kind, LinkKind::Speculative | LinkKind::Pagination) {
            return;
        }
        if last.as_ref().is_none_or(|(id, ..)| *id != page) {
            let Some(target) = snapshot.target(page) else { return };
            let kind = snapshot.kind(page).unwrap_or(PageKind::Other);
            last = Some((page, target.address, kind));
        }
        if let (Some((_, page, kind)), Some(wrong)) = (&last, targets.get(&link.target)) {
            let Wrong { target, visit, key, by_extension } = wrong;
            each(Reference {
                page,
                kind: *kind,
                role: Role::of(link.kind, *by_extension),
                target,
                key,
                visit,
            });
        }
    });
}

/// The identity of a target: its dedup key.
pub(super) fn key(address: &str) -> String {
    Address::parse(address).map_or_else(|_| address.to_owned(), |address| address.key().to_string())
}
