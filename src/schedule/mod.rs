//! What is due when: calendars of the jobs of a site, as plain functions of what ran last and of `now`.
//!
//! The daemon asks [`due`], starts what it is told, and notes when. Nothing here waits, runs or remembers. Days and
//! hours are those of a time zone; where its clock is set forward, what would fall into the gap runs after it, and
//! where it is set back, it runs once.

mod cadence;
mod due;
mod periods;
mod spread;
mod window;

use std::time::Duration;

use jiff::tz::TimeZone;

pub use cadence::{Cadence, Cron, NoCron};
pub use due::{Due, Job, due, next_due};
pub use periods::periods_due;
pub use spread::offset;
pub use window::{Blackout, Guarded, Hours, Maintenance, Recurrence, maintained};

/// The time zone of the calendars where none is configured.
pub const TIME_ZONE: &str = "Asia/Shanghai";

/// When the jobs of a site run.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Time between two probes of its home page.
    pub probe_interval: Duration,
    /// Time between two readings of home, columns, new and changed pages.
    pub read_interval: Duration,
    /// When it is scanned in full; at least once a quarter in any case.
    pub full_scan: Cron,
    /// Time between two assessments over IPv6.
    pub ipv6_interval: Duration,
    /// Time between two looks at the hosts that it links to.
    pub recheck_interval: Duration,
    /// When nothing heavy runs.
    pub blackout: Vec<Blackout>,
    /// When more is at stake (重保).
    pub guarded: Vec<Guarded>,
    /// When it is worked at.
    pub maintenance: Vec<Maintenance>,
}

impl Default for Schedule {
    fn default() -> Schedule {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Schedule {
            probe_interval: minutes(1),
            read_interval: minutes(60),
            full_scan: "0 1 1 * *".parse().expect("a constant that is tried in a test"),
            ipv6_interval: minutes(24 * 60),
            recheck_interval: minutes(7 * 24 * 60),
            blackout: Vec::new(),
            guarded: Vec::new(),
            maintenance: Vec::new(),
        }
    }
}

/// What the daemon does again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Asks the home page whether it is there.
    Probe,
    /// Reads home, columns, new and changed pages.
    Read,
    /// Scans the site in full.
    FullScan,
    /// Assesses it over IPv6.
    Ipv6,
    /// Looks again at the hosts that it links to.
    ExternalRecheck,
    /// Writes a report.
    Report,
    /// Audits the monitor itself.
    Audit,
}

impl JobKind {
    /// Whether it burdens the site, so that it waits for the end of blackout and maintenance.
    fn is_heavy(self) -> bool {
        matches!(self, JobKind::Read | JobKind::FullScan | JobKind::ExternalRecheck | JobKind::Ipv6)
    }
}

/// What all calendars share.
#[derive(Debug, Clone)]
pub struct Calendars {
    /// Whose days and hours they are in.
    pub zone: TimeZone,
    /// Time over which what falls due together is spread.
    pub spread: Duration,
    /// How long before the end of a quarter a full scan that it lacks falls due.
    pub quarter_lead: Duration,
}

impl Schedule {
    /// How often a kind of job runs; `None` for those that no site has of its own.
    pub fn cadence(&self, kind: JobKind) -> Option<Cadence> {
        match kind {
            JobKind::Probe => Some(Cadence::Every(self.probe_interval)),
            JobKind::Read => Some(Cadence::Every(self.read_interval)),
            JobKind::FullScan => Some(Cadence::At(self.full_scan.clone())),
            JobKind::Ipv6 => Some(Cadence::Every(self.ipv6_interval)),
            JobKind::ExternalRecheck => Some(Cadence::Every(self.recheck_interval)),
            JobKind::Report | JobKind::Audit => None,
        }
    }
}

#[cfg(test)]
mod tests;
