//! Hosts that fail as a whole: one event instead of thousands of broken links.
//!
//! Counts what came of fetches per host and says when the host, rather than its pages, is at fault. Holds no clock:
//! times are passed in. What to do about it (a canary, a finding, a pause) is up to the crawl.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::fetch::{Capture, FailureKind, Outcome};

use super::waf;

/// Distinct addresses that fail to connect, with no success between, before a host is down. A dead page server behind
/// a live front takes a few addresses with it, not five in a row.
const DOWN_AFTER: usize = 5;

/// Distinct addresses refused in a row, after the host had answered, before it is blocking us.
const BLOCKING_AFTER: usize = 8;

/// The same, where all refusals carry the very same body.
const BLOCKING_AFTER_ALIKE: usize = 4;

/// Time within which those refusals must fall. A folder closed to everybody is met now and then, a firewall wakes up
/// at once.
const BURST: Duration = Duration::from_secs(120);

/// How a host is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Health {
    /// As far as is known.
    #[default]
    Up,
    /// Nothing can be reached on it.
    Down,
    /// It answered and then began to refuse us.
    Blocking,
}

/// What a fetch says of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It works, whatever it thinks of the address: pages, redirects, 404.
    Alive,
    /// It could not be reached.
    Unreachable,
    /// It refuses us; the number stands for the body.
    Refusal(u64),
    /// Nothing: our own network, robots.txt, a server error, a broken redirect.
    Nothing,
}

impl Sign {
    /// Reads the sign of a fetch.
    pub fn of(outcome: &Outcome) -> Sign {
        match outcome {
            Ok(capture) if is_refusal(capture) => Sign::Refusal(xxh3_64(&capture.body)),
            Ok(capture) if capture.status < 500 => Sign::Alive,
            Ok(_) => Sign::Nothing,
            Err(failure) => match failure.kind {
                FailureKind::NoSuchName
                | FailureKind::NoAddress
                | FailureKind::DnsError
                | FailureKind::DnsTimeout
                | FailureKind::Refused
                | FailureKind::Unreachable
                | FailureKind::ConnectTimeout
                | FailureKind::Tls
                | FailureKind::Certificate
                | FailureKind::Reset
                | FailureKind::FirstByteTimeout => Sign::Unreachable,
                _ => Sign::Nothing,
            },
        }
    }
}

fn is_refusal(capture: &Capture) -> bool {
    matches!(capture.status, 403 | 405 | 412 | 418 | 429 | 444 | 456 | 468 | 521)
        || waf::challenge(capture.status, &capture.headers, &capture.body).is_some()
}

/// The health of every host met so far.
#[derive(Debug, Default)]
pub struct Breaker {
    hosts: HashMap<String, Host>,
}

#[derive(Debug, Default)]
struct Host {
    health: Health,
    has_answered: bool,
    /// Addresses that could not be reached since the last success.
    unreachable: HashSet<u128>,
    /// Addresses refused since the last success, with the time and the body.
    refused: HashMap<u128, (Timestamp, u64)>,
}

impl Breaker {
    /// Notes what came of a fetch; returns the health of the host where that changed. `host` is name and port,
    /// `address` the hash of the dedup key.
    pub fn note(&mut self, host: &str, address: u128, sign: Sign, at: Timestamp) -> Option<Health> {
        if !self.hosts.contains_key(host) {
            self.hosts.insert(host.to_owned(), Host::default());
        }
        let known = self.hosts.get_mut(host)?;
        let before = known.health;
        known.note(address, sign, at);
        (known.health != before).then_some(known.health)
    }

    /// How a host is doing.
    pub fn health(&self, host: &str) -> Health {
        self.hosts.get(host).map_or(Health::Up, |known| known.health)
    }
}

impl Host {
    fn note(&mut self, address: u128, sign: Sign, at: Timestamp) {
        match sign {
            Sign::Nothing => {}
            Sign::Alive => *self = Host { has_answered: true, ..Host::default() },
            Sign::Unreachable => {
                // Full sets learn nothing more, so that a host that stays down costs no memory.
                if self.unreachable.len() < DOWN_AFTER {
                    self.unreachable.insert(address);
                }
                if self.unreachable.len() >= DOWN_AFTER {
                    self.health = Health::Down;
                }
            }
            Sign::Refusal(body) => {
                self.unreachable.clear(); // Who refuses can be reached.
                if self.health == Health::Down {
                    self.health = Health::Up;
                }
                self.refused.retain(|_, (then, _)| at.duration_since(*then).unsigned_abs() <= BURST);
                if self.refused.len() < BLOCKING_AFTER {
                    self.refused.insert(address, (at, body));
                }
                let alike = self.refused.values().filter(|(_, other)| *other == body).count();
                let is_burst = self.refused.len() >= BLOCKING_AFTER || alike >= BLOCKING_AFTER_ALIKE;
                if self.has_answered && is_burst {
                    self.health = Health::Blocking;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter a fetch: `.` alive, `x` unreachable, `r` refused, `s` refused with the same body, `-` nothing; each
    /// of another address and a second later, but for `X`, which repeats the first address.
    fn health_after(signs: &str, seconds_apart: i64) -> Health {
        let mut breaker = Breaker::default();
        for (number, letter) in signs.chars().enumerate() {
            let address = if letter == 'X' { 0 } else { number as u128 };
            let sign = match letter {
                '.' => Sign::Alive,
                'x' | 'X' => Sign::Unreachable,
                'r' => Sign::Refusal(number as u64),
                's' => Sign::Refusal(7_000),
                _ => Sign::Nothing,
            };
            let at = Timestamp::from_second(number as i64 * seconds_apart).expect("a small number");
            breaker.note("x.gov.cn:80", address, sign, at);
        }
        assert_eq!(breaker.health("other.gov.cn:80"), Health::Up);
        breaker.health("x.gov.cn:80")
    }

    #[test]
    fn tells_hosts_from_pages() {
        let check = |signs: &str, expected: Health| assert_eq!(health_after(signs, 1), expected, "{signs}");
        check("", Health::Up);
        check("xxxx", Health::Up);
        check("xxxxx", Health::Down);
        check("..xx--xxx", Health::Down);
        check("xxxx.xxxx", Health::Up);
        check("XXXXXXXXX", Health::Up);
        check("xxxxxxx.", Health::Up);
        check(".rrrrrrr", Health::Up);
        check(".rrrrrrrr", Health::Blocking);
        check(".rrrr.rrrr", Health::Up);
        check(".sss", Health::Up);
        check(".ssss", Health::Blocking);
        check("ssssssssssss", Health::Up);
        check(".ssss.", Health::Up);
        check("xxxxxr", Health::Up);
        check("----------", Health::Up);
    }

    #[test]
    fn refusals_far_apart_are_no_burst() {
        assert_eq!(health_after(".rrrrrrrrrrrrrrrrrrrrrrr", 60), Health::Up);
    }

    #[test]
    fn says_when_health_changes() {
        let mut breaker = Breaker::default();
        let mut note = |address: u128, sign| breaker.note("h:80", address, sign, Timestamp::UNIX_EPOCH);
        for address in 0..4 {
            assert_eq!(note(address, Sign::Unreachable), None);
        }
        assert_eq!(note(4, Sign::Unreachable), Some(Health::Down));
        assert_eq!(note(5, Sign::Unreachable), None);
        assert_eq!(note(5, Sign::Alive), Some(Health::Up));
    }
}
