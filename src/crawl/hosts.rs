//! Telling a host that fails from links that fail.
//!
//! When several addresses of a host fail to connect and none answers, the host is the suspect: its queue is parked,
//! and the last address that failed becomes the canary. If the canary answers, the queue goes on; if it is confirmed
//! to fail, one finding about the host stands for all its links.

use std::collections::{BTreeMap, HashSet};

use crate::facts::{TargetId, Visit};
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
    standing: Standing,
    unconnected: HashSet<TargetId>,
    failures_in_a_row: u32,
}

#[derive(Default)]
enum Standing {
    /// Nothing speaks against it.
    #[default]
    Well,
    /// Everything waits for what comes of the canary.
    Suspect { canary: TargetId, parked: Vec<TargetId> },
    /// Given up.
    Down,
}

/// Whose fault a visit's outcome is.
pub(super) enum Blame {
    /// The target's, or nobody's.
    Target,
    /// Perhaps the host's: park its queue.
    HostMaybe,
    /// Not the host's after all: here is its queue.
    HostBack(Vec<TargetId>),
    /// The host's: here is what waited for it.
    HostDown(Vec<TargetId>),
}

impl Hosts {
    /// Takes note of what came of a visit.
    pub(super) fn saw(&mut self, host: HostId, id: TargetId, visit: &Visit) -> Blame {
        let host = self.hosts.entry(host).or_default();
        let failed = !matches!(
            visit.verdict,
            Verdict::Ok | Verdict::Redirected | Verdict::Degraded | Verdict::Invalid
        ) && visit.failure != Some(FailureKind::Robots);
        host.failures_in_a_row = if failed { host.failures_in_a_row + 1 } else { 0 };
        // A failure behind a redirect is that of the host it led to; this one has answered.
        let connected = !visit.hops.is_empty() || is_connected(visit.failure);
        host.tried(id, connected);
        match &mut host.standing {
            Standing::Well if !connected && host.unconnected.len() >= SUSPICIOUS => match visit.verdict {
                Verdict::Suspect => {
                    host.standing = Standing::Suspect { canary: id, parked: Vec::new() };
                    Blame::HostMaybe
                }
                Verdict::Broken => {
                    host.standing = Standing::Down;
                    Blame::HostDown(Vec::new())
                }
                _ => Blame::Target,
            },
            Standing::Suspect { canary, parked } if connected || *canary == id => {
                let parked = std::mem::take(parked);
                match visit.verdict {
                    // To be tried again: the others go on waiting.
                    Verdict::Suspect if !connected => {
                        host.standing = Standing::Suspect { canary: id, parked };
                        Blame::Target
                    }
                    Verdict::Broken if !connected => {
                        host.standing = Standing::Down;
                        Blame::HostDown(parked)
                    }
                    _ => {
                        host.standing = Standing::Well;
                        Blame::HostBack(parked)
                    }
                }
            }
            _ => Blame::Target,
        }
    }

    /// Lets a target wait for the canary of its host, where it has one.
    pub(super) fn waits(&mut self, host: HostId, id: TargetId) -> bool {
        match self.hosts.get_mut(&host).map(|host| &mut host.standing) {
            Some(Standing::Suspect { canary, parked }) if *canary != id => {
                parked.push(id);
                true
            }
            _ => false,
        }
    }

    /// Lets targets wait for the canary of their host.
    pub(super) fn park(&mut self, host: HostId, targets: Vec<TargetId>) {
        if let Some(Standing::Suspect { parked, .. }) =
            self.hosts.get_mut(&host).map(|host| &mut host.standing)
        {
            parked.extend(targets);
        }
    }

    /// Takes note of what came of a target's last try in an earlier run of this scan; to be called in order of time.
    pub(super) fn remember(&mut self, host: HostId, id: TargetId, failure: Option<FailureKind>) {
        self.hosts.entry(host).or_default().tried(id, is_connected(failure));
    }

    /// Gives up a host, as an earlier run of this scan did.
    pub(super) fn give_up(&mut self, host: HostId) {
        self.hosts.entry(host).or_default().standing = Standing::Down;
    }

    /// Whether a host is the suspect, so that no failure of it is final but its canary's.
    pub(super) fn is_suspect(&self, host: HostId) -> bool {
        self.hosts.get(&host).is_some_and(|host| matches!(host.standing, Standing::Suspect { .. }))
    }

    /// Whether a host has been given up.
    pub(super) fn is_down(&self, host: HostId) -> bool {
        self.hosts.get(&host).is_some_and(|host| matches!(host.standing, Standing::Down))
    }

    /// Whether so many visits in a row failed that a firewall may have begun to refuse us.
    pub(super) fn storms(&self, host: HostId) -> bool {
        self.hosts.get(&host).is_some_and(|host| host.failures_in_a_row >= STORM)
    }
}

impl Host {
    fn tried(&mut self, id: TargetId, connected: bool) {
        if connected {
            self.unconnected.clear();
        } else if self.unconnected.len() < SUSPICIOUS {
            self.unconnected.insert(id);
        }
    }
}

fn is_connected(failure: Option<FailureKind>) -> bool {
    !failure.is_some_and(is_connection_level)
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
            | ForbiddenPort
            | OwnNetwork
    )
}
