//! The crawl state as a [`Snapshot`].
//!
//! A row that cannot be read is left out and logged: one damaged row must not cost the whole scan.

use serde::de::DeserializeOwned;

use super::State;
use super::codec::{Row, decode, id_of, key};
use crate::facts::{HostDown, OutLink, PageFacts, Probe, Target, TargetId, Visit};
use crate::snapshot::Snapshot;

impl State {
    fn stream<T: DeserializeOwned>(&self, row: Row, each: &mut dyn FnMut(TargetId, T)) {
        for entry in self.tree.scan_prefix([row as u8]) {
            match entry {
                Ok((key, bytes)) => match decode(&bytes) {
                    Ok(value) => each(id_of(&key), value),
                    Err(damage) => tracing::error!(row = id_of(&key), %damage, "crawl state row left out"),
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

    fn page(&self, id: TargetId) -> Option<PageFacts> {
        self.read(Row::Page, id)
    }

    fn hosts_down(&self) -> Vec<HostDown> {
        self.progress().map(|progress| progress.hosts_down).unwrap_or_default()
    }

    fn probes(&self) -> Vec<Probe> {
        self.progress().map(|progress| progress.probes).unwrap_or_default()
    }
}
