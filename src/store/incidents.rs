//! Incidents on record, silences, and what the daemon remembers of its targets and jobs.

use jiff::Timestamp;

use super::outbox::Letter;
use super::{Action, StoreError};
use crate::incident::{Acknowledged, Happening, Incident, IncidentId, Silence, Told, Trouble};

/// What an incident leads to when something happens to it: letters, put into the outbox in the same transaction.
/// Nothing where nobody is to be told.
pub type Telling = Box<dyn FnOnce(&Incident, News) -> Vec<Letter> + Send>;

/// What is new about an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It is new.
    Opened,
    /// There is more of it, or it is worse; so many times before.
    Grew(u64),
    /// It is over.
    Closed,
}

/// What a watchdog remembers, to be kept with what it has led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Id of the target.
    pub target: String,
    /// As JSON.
    pub memory: String,
}

/// What may be asked about incidents.
pub trait IncidentReader {
    /// Incidents, newest first.
    fn incidents(&self, filter: &IncidentFilter) -> Result<Vec<Incident>, StoreError>;

    /// An incident.
    fn incident(&self, id: IncidentId) -> Result<Option<Incident>, StoreError>;

    /// What happened to an incident, in order.
    fn timeline(&self, id: IncidentId) -> Result<Vec<Happening>, StoreError>;

    /// The silences that end after `now`.
    fn silences(&self, now: Timestamp) -> Result<Vec<Silence>, StoreError>;

    /// What the watchdogs remember.
    fn memories(&self) -> Result<Vec<Remembered>, StoreError>;

    /// When the jobs of sites ran.
    fn job_runs(&self) -> Result<Vec<JobRun>, StoreError>;
}

/// What may be done about incidents. Each is one transaction, with the note of who did it where a person did.
pub trait Incidents {
    /// Opens an incident, or brings what is known of the open one of this subject up to date.
    fn raise(
        &self,
        trouble: &Trouble,
        at: Timestamp,
        telling: Telling,
        memory: Option<Remembered>,
    ) -> Result<Incident, StoreError>;

    /// Closes the open incident of a subject, if there is one.
    fn close(
        &self,
        subject: &str,
        at: Timestamp,
        text: &str,
        telling: Telling,
        memory: Option<Remembered>,
    ) -> Result<Option<Incident>, StoreError>;

    /// Notes that somebody knows of an incident. The first to say so counts; later ones stand in the timeline.
    fn acknowledge(
        &self,
        id: IncidentId,
        acknowledged: &Acknowledged,
        note: Option<&Action>,
    ) -> Result<Incident, StoreError>;

    /// Notes that an incident was told again, and puts the letters into the outbox.
    fn told(
        &self,
        id: IncidentId,
        told: Told,
        happening: &Happening,
        letters: Vec<Letter>,
    ) -> Result<(), StoreError>;

    /// Adds something that somebody says to an incident.
    fn remark(&self, id: IncidentId, happening: &Happening, note: Option<&Action>) -> Result<(), StoreError>;

    /// Begins a silence.
    fn silence(&self, silence: &Silence, note: Option<&Action>) -> Result<i64, StoreError>;

    /// Ends a silence before its time.
    fn end_silence(&self, id: i64, at: Timestamp, note: Option<&Action>) -> Result<(), StoreError>;

    /// Keeps what watchdogs remember.
    fn remember(&self, memories: Vec<Remembered>) -> Result<(), StoreError>;

    /// Notes that there are such jobs, since when they are not known yet.
    fn know_jobs(&self, jobs: &[(String, String)], at: Timestamp) -> Result<(), StoreError>;

    /// Notes that a job ran.
    fn job_ran(&self, site: &str, kind: &str, at: Timestamp) -> Result<(), StoreError>;
}

/// Which incidents are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// Only open ones.
    pub open: bool,
    /// Of this site.
    pub site: Option<String>,
    /// Opened since then.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// When a job of a site ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Id of the site.
    pub site: String,
    /// What kind of job.
    pub kind: String,
    /// When it was first heard of.
    pub known_since: Timestamp,
    /// When it ran last.
    pub last: Option<Timestamp>,
}
