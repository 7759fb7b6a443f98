//! The style sheets that a crawl kept: read back from the evidence, for a crawl that goes on and for judging again.

use crate::address::Address;
use crate::crawl::Examiner;
use crate::evidence::Evidence;
use crate::facts::{BlobId, LinkKind};
use crate::snapshot::Snapshot;
use crate::state::State;

/// Reads all kept sheets into the examiner. One that cannot be read is as if it had never been seen.
pub(super) fn load(state: &State, evidence: &Evidence, examiner: &Examiner) {
    let mut kept: Vec<(String, Option<String>, BlobId)> = Vec::new();
    state.visits(&mut |target, visit| {
        if target.found_as == LinkKind::Style
            && visit.status == Some(200)
            && let Some(body) = visit.body
        {
            kept.push((target.address.clone(), visit.landed.clone(), body));
        }
    });
    for (address, landed, body) in kept {
        let Ok(Some(body)) = evidence.get_blocking(body) else { continue };
        for address in std::iter::once(address).chain(landed) {
            if let Ok(address) = Address::parse(&address) {
                examiner.sheets.insert(&address, &body);
            }
        }
    }
}
