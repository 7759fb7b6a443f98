//! Telling a host that fails from links that fail.
//!
//! When several addresses of a host fail to connect and none answers, the host is the suspect: its queue is parked,
//! and the last address that failed becomes the canary. If the canary answers, the queue goes on; if it is confirmed
//! to fail, one finding about the host stands for all its links.

use std::collections::{BTreeMap, HashSet};

use super::visit::Seen;
use crate::facts::{HostDown, TargetId, Visit};
use crate::fetch::FailureKind;
use crate::frontier::HostId;
use crate::link::Verdict;

/// Different addresses that must fail to connect before the host is the suspect.
const SUSPICIOUS: usize = 5;
/// Failures in a row, of whatever kind, from which on a verdict on the site's own pages needs a canary.
const STORM: u32 = 20;

/// What is known of all hosts.
#[derive(Default)]
pub(super) struct Hosts {
    hosts: BTreeMap<HostId, Host>,
}

#[derive(Default)]
struct Host {
    unconnected: HashSet<TargetId>,
    canary: Option<TargetId>,
    parked: Vec<TargetId>,
    failures_in_a_row: u32,
    is_down: bool,
}

/// Whose fault a visit's outcome is.
pub(super) enum Blame {
    /// The target's, or nobody's.
    Target,
    /// Perhaps the host's: park its queue.
    HostMaybe,
    /// The host answers again: here is its queue.
    HostBack(Vec<TargetId>),
}

impl Hosts {
    /// Takes note of what came of a visit.
    pub(super) fn saw(&mut self, host: HostId, id: TargetId, visit: &Visit) -> Blame {
        let host = self.hosts.entry(host).or_default();
        let failed = !matches!(
            visit.verdict,
            Verdict::Ok | Verdict::Redirected | Verdict::Degraded | Verdict::Invalid
        );
        host.failures_in_a_row = if failed { host.failures_in_a_row + 1 } else { 0 };
        // A failure behind a redirect is that of the host it led to; this one has answered.
        let unconnected = visit.hops.is_empty() && visit.failure.is_some_and(is_connection_level);
        if !unconnected {
            host.unconnected.clear();
            return match host.canary.take() {
                Some(_) => Blame::HostBack(std::mem::take(&mut host.parked)),
                None => Blame::Target,
            };
        }
        if host.unconnected.len() < SUSPICIOUS {
            host.unconnected.insert(id);
        }
        if host.canary.is_none() && !host.is_down && host.unconnected.len() >= SUSPICIOUS {
            host.canary = Some(id);
            return Blame::HostMaybe;
        }
        Blame::Target
    }

    /// Whether a target has to wait for another one, the canary of its host.
    pub(super) fn waits(&self, host: HostId, id: TargetId) -> bool {
        self.hosts.get(&host).is_some_and(|host| host.canary.is_some_and(|canary| canary != id))
    }

    /// Lets targets wait for the canary of their host.
    pub(super) fn park(&mut self, host: HostId, targets: Vec<TargetId>) {
        self.hosts.entry(host).or_default().parked.extend(targets);
    }

    /// Whether a visit confirms that its host is down; gives the host and everything that waited for it.
    pub(super) fn confirm_down(&mut self, seen: &Seen) -> Option<(HostDown, Vec<TargetId>)> {
        let host = self.hosts.get_mut(&seen.host)?;
        if host.canary != Some(seen.id) || seen.visit.verdict != Verdict::Broken {
            return None;
        }
        host.is_down = true;
        let reason = seen.visit.reason.clone();
        let down = HostDown { authority: seen.address.authority(), own: seen.own, reason };
        Some((down, std::mem::take(&mut host.parked)))
    }

    /// Whether so many visits in a row failed that a firewall may have begun to refuse us.
    pub(super) fn storms(&self, host: HostId) -> bool {
        self.hosts.get(&host).is_some_and(|host| host.failures_in_a_row >= STORM)
    }
}

/// Failures that say something about the host and not about one address of it.
fn is_connection_level(kind: FailureKind) -> bool {
    use FailureKind::*;
    matches!(
        kind,
        NoSuchName
            | NoAddress
            | DnsError
            | DnsTimeout
            | Refused
            | Unreachable
            | ConnectTimeout
            | Tls
            | Certificate
            | Reset
            | FirstByteTimeout
            | ForbiddenAddress
            | OwnNetwork
    )
}
