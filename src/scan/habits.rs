//! What the speller learns of a site's own way of writing: from the evidence of a scan, for those that follow.

use std::path::Path;
use std::sync::Arc;

use super::kept::Kept;
use crate::evidence::Evidence;
use crate::snapshot::Snapshot;
use crate::speller::{Idiolect, Listener, Speller};
use crate::state::State;

/// The speller for a site, with what the scans before have taught it.
pub(super) fn speller(idiolect: &Path) -> Arc<Speller> {
    let built_in = Speller::built_in();
    let learned = std::fs::read(idiolect).ok().and_then(|bytes| Idiolect::read(&bytes));
    Arc::new(built_in.adapted(learned.unwrap_or_default()))
}

/// Learns from the pages of a scan. Where that fails, the next one reads like this one.
pub(super) fn learn(speller: &Speller, state: &State, evidence: &Evidence, idiolect: &Path) {
    let mut listener = Listener::new(speller);
    state.pages(&mut |facts| {
        if listener.has_enough() {
            return;
        }
        if let Some(kept) = Kept::read(facts.id, state, evidence) {
            listener.hear(&kept.page().text.visible);
        }
    });
    if let Err(error) = std::fs::write(idiolect, listener.idiolect().bytes()) {
        tracing::warn!(file = %idiolect.display(), %error, "what the speller has learned cannot be kept");
    }
}
