//! A page of a scan as it was kept: what is known of it, and its body, read back from the evidence.

use crate::address::Address;
use crate::evidence::Evidence;
use crate::facts::{PageFacts, PageKind, TargetId, Visit};
use crate::page::{self, Page, Source};
use crate::snapshot::Snapshot;

/// A page with its body.
pub(super) struct Kept {
    pub(super) facts: PageFacts,
    pub(super) visit: Visit,
    address: Address,
    body: Vec<u8>,
}

impl Kept {
    /// The page with this number; `None` where there is none, or where its evidence is gone.
    pub(super) fn read(id: TargetId, snapshot: &dyn Snapshot, evidence: &Evidence) -> Option<Kept> {
        let (facts, visit) = (snapshot.page(id)?, snapshot.visit(id)?);
        let Some(body) = visit.body.and_then(|body| evidence.get_blocking(body).ok().flatten()) else {
            tracing::warn!(page = facts.address, "its evidence is gone; what is known of it stays as it was");
            return None;
        };
        let address = Address::parse(&facts.address).ok()?;
        Some(Kept { facts, visit, address, body })
    }

    /// What the parser is given.
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            address: &self.address,
            content_type: self.visit.content_type.as_deref(),
            body: &self.body,
            is_home: self.facts.kind == PageKind::Home,
        }
    }

    /// The page, parsed again.
    pub(super) fn page(&self) -> Page {
        page::parse(self.source())
    }
}
