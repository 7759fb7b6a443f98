//! Service tickets (报障): entered by hand, step by step; a step that was entered wrong is entered again.

use jiff::Timestamp;

use crate::indicators::Category;

/// A service ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number in the record.
    pub number: i64,
    /// Id of the site.
    pub site: String,
    /// What kind of fault.
    pub category: Category,
    /// Which system is at fault.
    pub system: String,
    /// What is wrong.
    pub what: String,
    /// When it was reported.
    pub opened: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// What was done, in the order it was entered.
    pub steps: Vec<Step>,
}

impl Ticket {
    /// A step, as it was entered last.
    pub fn step(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.kind == kind)
    }
}

/// A step in the life of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which one.
    pub kind: StepKind,
    /// When it was taken.
    pub at: Timestamp,
    /// Who took it.
    pub person: String,
    /// What is to be said of it.
    pub note: String,
    /// When it was entered.
    pub entered: Timestamp,
}

/// The steps of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// Somebody answered.
    Answered,
    /// Somebody was on site.
    OnSite,
    /// A plan to fall back on was there.
    Fallback,
    /// The service was there again, by whatever means.
    Recovered,
    /// It was solved.
    Solved,
}

impl StepKind {
    /// The steps, in the order they are mostly taken.
    pub const ALL: [StepKind; 5] =
        [StepKind::Answered, StepKind::OnSite, StepKind::Fallback, StepKind::Recovered, StepKind::Solved];

    /// The word for it in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            StepKind::Answered => "answered",
            StepKind::OnSite => "on-site",
            StepKind::Fallback => "fallback",
            StepKind::Recovered => "recovered",
            StepKind::Solved => "solved",
        }
    }
}
