//! What people do about findings: who sees to which until when, what was said, what was asked for; and the list they
//! work from, a page at a time.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Action, StoreError};
use crate::diff::Decision;
use crate::finding::{Confidence, Fingerprint, Severity};
use crate::life::{Life, Reported};

/// What may be asked about the work on findings.
pub trait CaseReader {
    /// One page of the findings that a query wants, and how many there are.
    fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError>;

    /// A finding with the work on it; `None` where nobody knows it.
    fn case(&self, finding: &Fingerprint) -> Result<Option<Case>, StoreError>;

    /// What people did about a finding, oldest first.
    fn efforts(&self, finding: &Fingerprint) -> Result<Vec<Effort>, StoreError>;

    /// What was said last about each of these findings, with a decision or with work; those that nobody said anything
    /// about are left out.
    fn remarks(&self, findings: &[Fingerprint]) -> Result<HashMap<Fingerprint, Remark>, StoreError>;

    /// How many findings stand how, of every site; fixed ones left out.
    fn tallies(&self) -> Result<Vec<CaseTally>, StoreError>;

    /// How many findings of every site came into which state since then.
    fn turn_tallies(&self, since: Timestamp) -> Result<Vec<TurnTally>, StoreError>;

    /// How many findings of a site stood after each moment at which that changed, oldest first.
    fn course(&self, site: &str) -> Result<Vec<(Timestamp, i64)>, StoreError>;

    /// Everybody to whom a finding that is not fixed is assigned, by name.
    fn assignees(&self) -> Result<Vec<Assignee>, StoreError>;
}

/// What may be done about findings. Each call takes all of them or none, and notes the action for each: its subject is
/// the finding.
pub trait Workflow {
    /// Records what a person has decided about findings.
    fn rule(&self, findings: &[Fingerprint], decision: &Decision, note: &Action) -> Result<(), StoreError>;

    /// Records what a person did about findings besides ruling on them.
    fn work(&self, findings: &[Fingerprint], effort: &Effort, note: &Action) -> Result<(), StoreError>;
}

/// A finding with the work on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Id of its site.
    pub site: String,
    /// The finding.
    pub reported: Reported,
    /// Since when it is in its present state.
    pub since: Timestamp,
    /// The end of its dismissal, where it is dismissed.
    pub until: Option<Timestamp>,
    /// Who sees to it.
    pub assignee: Option<Assignee>,
    /// The last day on which it is in time.
    pub due: Option<Date>,
    /// When somebody last said that it is mended.
    pub mended: Option<Timestamp>,
}

impl Case {
    /// Whether somebody has said that it is mended, and nothing has looked since.
    pub fn awaits_proof(&self) -> bool {
        self.stands() && self.mended.is_some_and(|mended| mended > self.reported.last_seen)
    }

    /// Whether it is late on the day `today`.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.stands() && self.due.is_some_and(|due| due < today)
    }

    /// Whether something has to be done about it.
    pub fn stands(&self) -> bool {
        STANDING.contains(&self.reported.state)
    }
}

/// The states in which something has to be done about a finding.
pub const STANDING: [Life; 4] = [Life::New, Life::Reopened, Life::Open, Life::Acknowledged];

/// Who sees to a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assignee {
    /// Somebody with an account, by login.
    Person(String),
    /// A department (处室), by name.
    Office(String),
}

impl Assignee {
    /// As it is written in a column or a form: `person:zhang`, `office:办公室`.
    pub fn word(&self) -> String {
        match self {
            Assignee::Person(login) => format!("person:{login}"),
            Assignee::Office(name) => format!("office:{name}"),
        }
    }

    /// The one of a word; `None` where it names nobody.
    pub fn of_word(word: &str) -> Option<Assignee> {
        let (kind, name) = word.split_once(':').filter(|(_, name)| !name.is_empty())?;
        match kind {
            "person" => Some(Assignee::Person(name.to_owned())),
            "office" => Some(Assignee::Office(name.to_owned())),
            _ => None,
        }
    }

    /// The login or the name.
    pub fn name(&self) -> &str {
        let (Assignee::Person(name) | Assignee::Office(name)) = self;
        name
    }
}

/// Something a person did about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub work: Work,
}

/// What a person can do about a finding besides ruling on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Says who sees to it, and until when.
    Assign {
        /// Who; `None`: nobody any more.
        to: Option<Assignee>,
        /// The last day on which it is in time.
        due: Option<Date>,
        /// What there is to say.
        text: String,
    },
    /// Says something.
    Comment(String),
    /// Says that it is mended; how.
    Mended(String),
    /// Asks for it to be looked at again.
    Recheck,
}

impl Work {
    /// What was said with it; empty: nothing.
    pub fn text(&self) -> &str {
        match self {
            Work::Assign { text, .. } | Work::Comment(text) | Work::Mended(text) => text,
            Work::Recheck => "",
        }
    }
}

/// Which findings are wanted. The default wants them all, in one page of none: set `limit`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// Of these sites; `None`: of all.
    pub sites: Option<Vec<String>>,
    /// In one of these states; empty: in any.
    pub states: Vec<Life>,
    /// Of one of these severities; empty: of any.
    pub severities: Vec<Severity>,
    /// Of one of these degrees of certainty; empty: of any.
    pub confidences: Vec<Confidence>,
    /// Of one of these checks; empty: of any.
    pub checks: Vec<String>,
    /// Seen to by whom.
    pub held: Held,
    /// Late on this day.
    pub overdue: Option<Date>,
    /// Said to be mended, and not looked at since.
    pub awaits_proof: bool,
    /// With this in its addresses or its evidence, whatever the case of Latin letters.
    pub text: String,
    /// In this order.
    pub order: CaseOrder,
    /// Leaving out so many from the front.
    pub offset: u64,
    /// At most so many.
    pub limit: u32,
}

/// Seen to by whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Held {
    /// Whoever it is.
    #[default]
    ByAnybody,
    /// Nobody.
    ByNobody,
    /// This one.
    By(Assignee),
}

/// An order of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// Worst first, then surest.
    #[default]
    Worst,
    /// Those first that were met last.
    Newest,
    /// Those first that are due first; those without a day last.
    Due,
}

/// One page of findings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CasePage {
    /// The findings.
    pub cases: Vec<Case>,
    /// How many there are on all pages.
    pub total: u64,
}

/// What somebody said about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// When.
    pub at: Timestamp,
    /// Who, by login.
    pub by: String,
    /// What; never empty.
    pub text: String,
}

/// How many findings of a site stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTally {
    /// Id of the site.
    pub site: String,
    /// Their state.
    pub state: Life,
    /// How bad.
    pub severity: Severity,
    /// Their check.
    pub check: String,
    /// How many.
    pub number: u64,
}

/// How many findings of a site came into a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnTally {
    /// Id of the site.
    pub site: String,
    /// The state.
    pub after: Life,
    /// How many.
    pub number: u64,
}
