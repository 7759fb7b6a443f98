//! What the speller learns of a site's own way of writing: from the evidence of a scan, for those that follow.

use std::path::Path;
use std::sync::Arc;

use super::judge::source;
use crate::address::Address;
use crate::evidence::Evidence;
use crate::page;
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
        let Some(visit) = state.visit(facts.id) else { return };
        let body = visit.body.and_then(|body| evidence.get_blocking(body).ok().flatten());
        if let (Some(body), Ok(address)) = (body, Address::parse(&facts.address)) {
            listener.hear(&page::parse(source(&address, &visit, &body, facts)).text.visible);
        }
    });
    if let Err(error) = std::fs::write(idiolect, listener.idiolect().bytes()) {
        tracing::warn!(file = %idiolect.display(), %error, "what the speller has learned cannot be kept");
    }
}
