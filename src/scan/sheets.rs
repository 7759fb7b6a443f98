//! The style sheets and scripts that a crawl kept: read back from the evidence, for a crawl that goes on and for judging
//! again.

use crate::address::Address;
use crate::crawl::{Examiner, brought_program};
use crate::evidence::Evidence;
use crate::facts::{LinkKind, Target, Visit};
use crate::snapshot::Snapshot;
use crate::state::State;

/// Reads all kept sheets and scripts into the examiner. One that cannot be read is as if it had never been seen.
pub(super) fn load(state: &State, evidence: &Evidence, examiner: &Examiner) {
    let mut kept: Vec<(Address, Target, Visit)> = Vec::new();
    state.visits(&mut |target, visit| {
        if visit.body.is_some()
            && let Ok(address) = Address::parse(&target.address)
            && (is_sheet(target, visit) || brought_program(target, &address, visit))
        {
            kept.push((address, target.clone(), visit.clone()));
        }
    });
    for (address, target, visit) in kept {
        let Some(Ok(Some(body))) = visit.body.map(|body| evidence.get_blocking(body)) else { continue };
        if is_sheet(&target, &visit) {
            let landed = visit.landed.as_deref().and_then(|landed| Address::parse(landed).ok());
            for address in std::iter::once(address).chain(landed) {
                examiner.sheets.insert(&address, &body);
            }
        } else {
            examiner.know_program(&address, visit.content_type.as_deref(), &body);
        }
    }
}

fn is_sheet(target: &Target, visit: &Visit) -> bool {
    target.found_as == LinkKind::Style && visit.status == Some(200)
}
