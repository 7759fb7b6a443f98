//! The crawl state as a [`Snapshot`].
//!
//! A row that cannot be read is left out and logged: one damaged row must not cost the whole scan.

use serde::{Deserialize, de::DeserializeOwned};

use super::State;
use super::codec::{Row, decode, key};
use crate::facts::{
    Echo, HostDown, Listing, OutLink, PageFacts, PageKind, Probe, Search, Target, TargetId, Visit,
};
use crate::link::cloak;
use crate::link::landing::Landing;
use crate::snapshot::Snapshot;

/// How the facts of a page begin; rows are read from front to back, so that the rest can be left.
#[derive(Deserialize)]
struct PageHead {
    #[expect(dead_code, reason = "stands before the kind")]
    id: TargetId,
    kind: PageKind,
}

impl State {
    fn stream<T: DeserializeOwned>(&self, row: Row, each: &mut dyn FnMut(TargetId, T)) {
        let rows = match self.rows(row) {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(%error, "crawl state cannot be read");
                return;
            }
        };
        for entry in rows {
            match entry {
                Ok((id, slot)) => match self.value(decode(&slot)) {
                    Ok(value) => each(id, value),
                    Err(damage) => tracing::error!(row = id, %damage, "crawl state row left out"),
                },
                Err(error) => {
                    tracing::error!(%error, "crawl state cannot be read further");
                    return;
                }
            }
        }
    }

    fn read<T: DeserializeOwned>(&self, row: Row, id: TargetId) -> Option<T> {
        self.row(&key(row, id)).unwrap_or_else(|error| {
            tracing::error!(row = id, %error, "crawl state row left out");
            None
        })
    }
}

impl Snapshot for State {
    fn pages(&self, each: &mut dyn FnMut(&PageFacts)) {
        self.stream(Row::Page, &mut |_, facts: PageFacts| each(&facts));
    }

    fn targets(&self, each: &mut dyn FnMut(&Target)) {
        self.stream(Row::Target, &mut |_, target: Target| each(&target));
    }

    fn visits(&self, each: &mut dyn FnMut(&Target, &Visit)) {
        self.stream(Row::Visit, &mut |id, visit: Visit| {
            if let Some(target) = self.target(id) {
                each(&target, &visit);
            }
        });
    }

    fn links(&self, each: &mut dyn FnMut(TargetId, &[OutLink])) {
        self.stream(Row::Links, &mut |id, links: Vec<OutLink>| each(id, &links));
    }

    fn target(&self, id: TargetId) -> Option<Target> {
        self.read(Row::Target, id)
    }

    fn visit(&self, id: TargetId) -> Option<Visit> {
        self.read(Row::Visit, id)
    }

    fn links_of(&self, id: TargetId) -> Vec<OutLink> {
        self.read(Row::Links, id).unwrap_or_default()
    }

    fn page(&self, id: TargetId) -> Option<PageFacts> {
        self.read(Row::Page, id)
    }

    fn kind(&self, id: TargetId) -> Option<PageKind> {
        self.read(Row::Page, id).map(|head: PageHead| head.kind)
    }

    fn hosts_down(&self) -> Vec<HostDown> {
        self.progress().map(|progress| progress.hosts_down).unwrap_or_default()
    }

    fn probes(&self) -> Vec<Probe> {
        self.progress().map(|progress| progress.probes).unwrap_or_default()
    }

    fn searches(&self) -> Vec<Search> {
        self.progress().map(|progress| progress.searches).unwrap_or_default()
    }

    fn listings(&self) -> Vec<Listing> {
        self.progress().map(|progress| progress.listings).unwrap_or_default()
    }

    fn echo(&self) -> Option<Echo> {
        self.progress().ok()?.echo
    }

    fn landings(&self) -> Vec<Landing> {
        self.progress().map(|progress| progress.landings).unwrap_or_default()
    }

    fn cloaking(&self) -> Option<cloak::Probe> {
        self.progress().ok()?.cloaking
    }

    fn plain_http(&self) -> Option<String> {
        self.progress().ok()?.plain_http
    }
}
