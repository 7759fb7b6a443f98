//! Documents in the record: those that were made, and those that were handed in.
//!
//! What was made is written once: the same site, kind, period and thing have one row, whoever wants it again. What was
//! handed in is only added, and withdrawn by somebody with a reason.

use std::fmt;

use jiff::Timestamp;

use super::outbox::Letter;
use super::{Action, StoreError};
use crate::contract::Withdrawal;
use crate::incident::IncidentId;
use crate::ledger::Period;
use crate::notice::Enclosure;
use crate::paper::Kind;

/// Number of a document that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaperId(pub i64);

impl fmt::Display for PaperId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a document is about: the same of these is the same document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Id of the site.
    pub site: String,
    /// What kind.
    pub kind: Kind,
    /// For which period; of a fault the year in which it began.
    pub period: Period,
    /// Of a fault: the first interval of the ledger that belongs to it.
    pub interval: Option<i64>,
}

/// What makes no sense as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Senseless {
    /// There is none of this kind for so long a period.
    Period,
    /// The report of a fault without the interval that names it.
    NoInterval,
    /// An interval with a document that is not about a fault.
    StrayInterval,
}

impl Matter {
    /// What makes no sense about it, where something does not.
    pub fn senseless(&self) -> Option<Senseless> {
        match (self.kind, self.interval) {
            _ if !self.kind.takes(self.period) => Some(Senseless::Period),
            (Kind::Fault, None) => Some(Senseless::NoInterval),
            (Kind::Fault, Some(_)) | (_, None) => None,
            (_, Some(_)) => Some(Senseless::StrayInterval),
        }
    }
}

/// A document that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its number.
    pub id: PaperId,
    /// What it is about.
    pub matter: Matter,
    /// Of a fault: the incident after which it was made.
    pub incident: Option<IncidentId>,
    /// When it was made.
    pub made: Timestamp,
    /// Its files.
    pub files: Vec<Enclosure>,
}

/// A document that was made, about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// What it is about.
    pub matter: Matter,
    /// Of a fault: the incident after which it was made.
    pub incident: Option<IncidentId>,
    /// When it was made.
    pub made: Timestamp,
    /// Its files, which are on the disk.
    pub files: Vec<Enclosure>,
}

/// Who is told of a new document: letters, put into the outbox in the same transaction.
pub type Mailing = Box<dyn FnOnce(&Paper) -> Vec<Letter> + Send>;

/// Which documents are wanted, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperFilter {
    /// Of this site.
    pub site: Option<String>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// A document about to be recorded as handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHandIn {
    /// What it is about.
    pub matter: Matter,
    /// When it was handed in.
    pub at: Timestamp,
    /// Who handed it in.
    pub by: String,
    /// Who received it.
    pub to: String,
    /// SHA-256 of the file that was handed in, in hexadecimal, where it is known.
    pub sha256: Option<String>,
    /// What else is to be said.
    pub note: String,
    /// When this is entered.
    pub entered: Timestamp,
    /// Who enters it.
    pub entered_by: String,
}

/// A document that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandIn {
    /// Its number.
    pub number: i64,
    /// What was entered.
    pub what: NewHandIn,
    /// Who says that it was not so.
    pub withdrawn: Option<Withdrawal>,
}

impl HandIn {
    /// Whether it counts.
    pub fn holds(&self) -> bool {
        self.withdrawn.is_none()
    }
}

/// What may be asked of documents.
pub trait PaperReader {
    /// Documents that were made, newest first.
    fn papers(&self, filter: &PaperFilter) -> Result<Vec<Paper>, StoreError>;

    /// A document that was made.
    fn paper(&self, id: PaperId) -> Result<Option<Paper>, StoreError>;

    /// The document about something, where it was made.
    fn paper_about(&self, matter: &Matter) -> Result<Option<Paper>, StoreError>;

    /// What was handed in of a site, in the order it was entered; what was withdrawn is still there.
    fn handed_in(&self, site: &str) -> Result<Vec<HandIn>, StoreError>;
}

/// What may be done about documents. Each is one transaction, with the note of who did it.
pub trait Papers {
    /// Records a document that was made, and puts the letters about it into the outbox. One that is there already is
    /// left as it is, and told to nobody.
    fn keep_paper(&self, paper: &NewPaper, mailing: Mailing) -> Result<Paper, StoreError>;

    /// Records that a document was handed in.
    fn hand_in(&self, document: &NewHandIn, note: Option<&Action>) -> Result<HandIn, StoreError>;

    /// Withdraws what was entered as handed in; the first to do so counts.
    fn withdraw_document(
        &self,
        site: &str,
        number: i64,
        withdrawal: &Withdrawal,
        note: Option<&Action>,
    ) -> Result<HandIn, StoreError>;
}
