//! Other addresses of the home page, or a server that answers everything with it: their links count, their defects
//! are the home page's and told there.

use crate::facts::{HOME, PageFacts, PageKind};
use crate::snapshot::Snapshot;
use crate::state::{Batch, State, StateError};

/// Takes the findings from all copies of the home page, and lets none of them pass for a column.
pub(super) fn set_aside(state: &State) -> Result<(), StateError> {
    let Some(home) = state.page(HOME) else { return Ok(()) };
    let body = |id| state.visit(id).and_then(|visit| visit.body);
    let home_body = body(HOME);
    // A home page of links only has no content key.
    let is_copy = |page: &PageFacts| match home.content.digest {
        0 => home_body.is_some() && body(page.id) == home_body,
        digest => page.content.digest == digest,
    };
    let mut copies = Vec::new();
    state.pages(&mut |page| {
        if page.id != HOME && is_copy(page) {
            copies.push(page.id);
        }
    });
    for copy in copies.into_iter().filter_map(|id| state.page(id)) {
        let kind_reason = "the same content as the home page".to_owned();
        let mut batch = Batch::default();
        batch.facts(&PageFacts { kind: PageKind::Other, kind_reason, ..copy }, &[]);
        state.apply(batch)?;
    }
    Ok(())
}
