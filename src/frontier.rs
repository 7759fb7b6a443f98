//! What to visit next.
//!
//! The frontier never waits, fetches or reads a clock. `crawl` asks it for the next address and tells it what came of
//! the last one. Each host has its own queues, so that a slow host holds up nobody else; it keeps numbers, not
//! addresses, so that a site of hundreds of thousands of pages fits in a few megabytes.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    time::Instant,
};

use crate::facts::TargetId;

/// How soon an address is wanted. Smaller comes first; within one level, first come, first served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// The home page, and canaries.
    First,
    /// Columns and their pagination, which lead to everything else; style sheets and scripts, which pages are judged by.
    Column,
    /// Other pages.
    Page,
    /// Pictures and files.
    File,
    /// Addresses outside the site, and guesses.
    Outside,
    /// Failures to be confirmed.
    Again,
}

const LEVELS: usize = 6;

/// A host (with port) as the frontier knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(u32);

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Fetch this target.
    Fetch(TargetId, HostId),
    /// Nothing is due before this time.
    Wait(Instant),
    /// Everything left waits for fetches in flight.
    Busy,
    /// Nothing is left.
    Done,
}

/// The queues of all hosts.
pub struct Frontier {
    per_host: usize,
    names: HashMap<String, HostId>,
    hosts: Vec<Host>,
    /// Hosts with something queued and a free slot, in turn.
    ready: VecDeque<HostId>,
    later: BinaryHeap<Reverse<Later>>,
    queued: usize,
    in_flight: usize,
}

#[derive(Default)]
struct Host {
    queues: [VecDeque<TargetId>; LEVELS],
    in_flight: usize,
    listed: bool,
    held_until: Option<Instant>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Later {
    at: Instant,
    host: HostId,
    /// `None`: the host's hold ends.
    target: Option<TargetId>,
}

impl Frontier {
    /// An empty frontier that hands out at most `per_host` targets of a host at a time.
    pub fn new(per_host: usize) -> Frontier {
        Frontier {
            per_host: per_host.max(1),
            names: HashMap::new(),
            hosts: Vec::new(),
            ready: VecDeque::new(),
            later: BinaryHeap::new(),
            queued: 0,
            in_flight: 0,
        }
    }

    /// The id of a host, given as `name:port`.
    pub fn host(&mut self, authority: &str) -> HostId {
        if let Some(id) = self.names.get(authority) {
            return *id;
        }
        let id = HostId(u32::try_from(self.hosts.len()).expect("fewer than four billion hosts"));
        self.names.insert(authority.to_owned(), id);
        self.hosts.push(Host::default());
        id
    }

    /// Queues a target.
    pub fn push(&mut self, target: TargetId, host: HostId, priority: Priority) {
        self.host_mut(host).queues[priority as usize].push_back(target);
        self.queued += 1;
        self.list(host);
    }

    /// Queues a target for confirmation, not before `at`.
    pub fn push_later(&mut self, target: TargetId, host: HostId, at: Instant) {
        self.later.push(Reverse(Later { at, host, target: Some(target) }));
        self.queued += 1;
    }

    /// Hands out nothing of this host before `until`.
    pub fn hold(&mut self, host: HostId, until: Instant) {
        let held = &mut self.host_mut(host).held_until;
        if held.is_none_or(|held| held < until) {
            *held = Some(until);
            self.later.push(Reverse(Later { at: until, host, target: None }));
        }
    }

    /// Takes back everything queued for a host, confirmations included.
    pub fn drop_host(&mut self, host: HostId) -> Vec<TargetId> {
        let mut dropped: Vec<TargetId> =
            self.host_mut(host).queues.iter_mut().flat_map(|queue| queue.drain(..)).collect();
        self.later.retain(|Reverse(later)| {
            let keep = later.host != host || later.target.is_none();
            if !keep {
                dropped.extend(later.target);
            }
            keep
        });
        self.queued -= dropped.len();
        dropped
    }

    /// What to do at `now`. A target handed out must be given back by [`Frontier::finished`].
    pub fn next(&mut self, now: Instant) -> Next {
        self.wake(now);
        while let Some(id) = self.ready.pop_front() {
            let per_host = self.per_host;
            let host = self.host_mut(id);
            host.listed = false;
            if host.in_flight >= per_host || host.held_until.is_some() {
                continue;
            }
            if let Some(target) = host.queues.iter_mut().find_map(VecDeque::pop_front) {
                host.in_flight += 1;
                self.queued -= 1;
                self.in_flight += 1;
                self.list(id);
                return Next::Fetch(target, id);
            }
        }
        match (self.later.peek(), self.in_flight) {
            (Some(Reverse(later)), _) if self.queued > 0 => Next::Wait(later.at),
            (_, 0) => Next::Done,
            _ => Next::Busy,
        }
    }

    /// A target of this host that was handed out is done with.
    pub fn finished(&mut self, host: HostId) {
        self.in_flight -= 1;
        self.host_mut(host).in_flight -= 1;
        self.list(host);
    }

    /// Targets waiting.
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// Targets handed out.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Moves what is due by now into the queues, and ends holds.
    fn wake(&mut self, now: Instant) {
        while self.later.peek().is_some_and(|Reverse(later)| later.at <= now) {
            let Some(Reverse(Later { host, target, .. })) = self.later.pop() else { return };
            match target {
                Some(target) => self.host_mut(host).queues[Priority::Again as usize].push_back(target),
                None => {
                    let held = &mut self.host_mut(host).held_until;
                    if held.is_some_and(|until| until <= now) {
                        *held = None;
                    }
                }
            }
            self.list(host);
        }
    }

    /// Puts a host in the turn if it could hand something out.
    fn list(&mut self, id: HostId) {
        let per_host = self.per_host;
        let host = self.host_mut(id);
        let can = host.in_flight < per_host
            && host.held_until.is_none()
            && host.queues.iter().any(|queue| !queue.is_empty());
        if can && !host.listed {
            host.listed = true;
            self.ready.push_back(id);
        }
    }

    fn host_mut(&mut self, id: HostId) -> &mut Host {
        &mut self.hosts[id.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn fetched(next: Next) -> TargetId {
        match next {
            Next::Fetch(target, _) => target,
            other => panic!("expected a target, got {other:?}"),
        }
    }

    #[test]
    fn urgent_first_then_in_order() {
        let now = Instant::now();
        let mut frontier = Frontier::new(9);
        let host = frontier.host("a:80");
        for (target, priority) in [
            (1, Priority::File),
            (2, Priority::Page),
            (3, Priority::Column),
            (4, Priority::Page),
            (5, Priority::First),
        ] {
            frontier.push(target, host, priority);
        }
        let order: Vec<_> = (0..5).map(|_| fetched(frontier.next(now))).collect();
        assert_eq!(order, [5, 3, 2, 4, 1]);
    }

    #[test]
    fn a_slow_host_holds_up_nobody() {
        let now = Instant::now();
        let mut frontier = Frontier::new(1);
        let (slow, other) = (frontier.host("slow:80"), frontier.host("other:80"));
        for target in 0..3 {
            frontier.push(target, slow, Priority::Page);
            frontier.push(10 + target, other, Priority::Page);
        }
        assert_eq!(fetched(frontier.next(now)), 0);
        assert_eq!(fetched(frontier.next(now)), 10);
        assert_eq!(frontier.next(now), Next::Busy);
        frontier.finished(other);
        assert_eq!(fetched(frontier.next(now)), 11);
    }

    #[test]
    fn confirmations_wait_for_their_time_and_holds_for_theirs() {
        let now = Instant::now();
        let soon = now + Duration::from_secs(5);
        let mut frontier = Frontier::new(4);
        let host = frontier.host("a:80");
        frontier.push_later(1, host, soon);
        assert_eq!(frontier.next(now), Next::Wait(soon));
        frontier.push(2, host, Priority::Page);
        frontier.hold(host, soon);
        assert_eq!(frontier.next(now), Next::Wait(soon));
        assert_eq!(fetched(frontier.next(soon)), 2);
        assert_eq!(fetched(frontier.next(soon)), 1);
    }

    #[test]
    fn a_dropped_host_gives_everything_back() {
        let now = Instant::now();
        let mut frontier = Frontier::new(4);
        let (gone, stays) = (frontier.host("gone:80"), frontier.host("stays:80"));
        frontier.push(1, gone, Priority::Page);
        frontier.push_later(2, gone, now);
        frontier.push(3, stays, Priority::Page);
        let mut dropped = frontier.drop_host(gone);
        dropped.sort_unstable();
        assert_eq!(dropped, [1, 2]);
        assert_eq!(fetched(frontier.next(now)), 3);
        frontier.finished(stays);
        assert_eq!(frontier.next(now), Next::Done);
    }

    proptest! {
        /// Whatever is pushed is handed out exactly once, and the frontier then says it is done.
        #[test]
        fn nothing_is_lost_and_nothing_comes_twice(hosts in proptest::collection::vec(0u8..5, 0..200), per_host in 1usize..4) {
            let now = Instant::now();
            let mut frontier = Frontier::new(per_host);
            for (target, host) in hosts.iter().enumerate() {
                let host = frontier.host(&host.to_string());
                frontier.push(target as TargetId, host, Priority::Page);
            }
            let (mut seen, mut flying) = (Vec::new(), VecDeque::new());
            loop {
                match frontier.next(now) {
                    Next::Fetch(target, host) => { seen.push(target); flying.push_back(host); }
                    Next::Busy => frontier.finished(flying.pop_front().expect("busy means something flies")),
                    Next::Wait(_) => prop_assert!(false, "nothing was pushed for later"),
                    Next::Done => break,
                }
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..hosts.len() as TargetId).collect::<Vec<_>>());
        }
    }
}
