//! Service tickets in the record.

use jiff::Timestamp;

use super::{Action, StoreError};
use crate::contract::{Step, Ticket};
use crate::indicators::Category;

/// A ticket about to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
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
}

/// What may be asked of tickets.
pub trait TicketReader {
    /// The tickets of a site, oldest first.
    fn tickets(&self, site: &str) -> Result<Vec<Ticket>, StoreError>;
}

/// What may be done to tickets, each with the note of who did it in its transaction. Nothing is ever changed: of a step
/// that is entered twice the later entry holds.
pub trait Tickets {
    /// Opens a ticket. The subject of the note becomes `SITE/NUMBER`: nobody knows the number before.
    fn open_ticket(&self, ticket: &NewTicket, note: Option<&Action>) -> Result<Ticket, StoreError>;

    /// Enters steps of a ticket of a site, all of them or none, and returns it as it stands then.
    fn take_steps(
        &self,
        site: &str,
        ticket: i64,
        steps: &[Step],
        note: Option<&Action>,
    ) -> Result<Ticket, StoreError>;
}
