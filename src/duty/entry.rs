//! What people enter: tickets, time that does not count, documents that were handed in.

use std::sync::Arc;

use jiff::Timestamp;

use super::DutyError;
use super::paper::outstanding;
use crate::config::{Settings, Site};
use crate::contract::{Exclusion, Owed, Step, Ticket, Withdrawal};
use crate::indicators::RuleSet;
use crate::store::papers::{HandIn, NewHandIn, Paper, PaperFilter};
use crate::store::{self, NewExclusion, NewTicket, Reader, StoreError};

/// Opens a ticket.
pub fn open_ticket(settings: &Settings, ticket: &NewTicket) -> Result<Ticket, DutyError> {
    Ok(store::open(&settings.store_url)?.open_ticket(ticket, None)?)
}

/// Enters steps of a ticket.
pub fn take_steps(
    settings: &Settings,
    site: &Site,
    ticket: i64,
    steps: &[Step],
) -> Result<Ticket, DutyError> {
    Ok(store::open(&settings.store_url)?.take_steps(&site.id, ticket, steps, None)?)
}

/// The tickets of a site, oldest first; none where there is no record yet.
pub fn tickets(settings: &Settings, site: &Site) -> Result<Vec<Ticket>, DutyError> {
    read(settings, |store| store.tickets(&site.id))
}

/// Enters time that does not count.
pub fn exclude(settings: &Settings, exclusion: &NewExclusion) -> Result<Exclusion, DutyError> {
    Ok(store::open(&settings.store_url)?.exclude(exclusion, None)?)
}

/// Takes an exclusion back.
pub fn withdraw_exclusion(
    settings: &Settings,
    site: &Site,
    number: i64,
    withdrawal: &Withdrawal,
) -> Result<Exclusion, DutyError> {
    Ok(store::open(&settings.store_url)?.withdraw_exclusion(&site.id, number, withdrawal, None)?)
}

/// The exclusions of a site; none where there is no record yet.
pub fn exclusions(settings: &Settings, site: &Site) -> Result<Vec<Exclusion>, DutyError> {
    read(settings, |store| store.exclusions(&site.id))
}

/// The documents of a site.
pub struct Papers {
    /// Those that were made, newest first.
    pub made: Vec<Paper>,
    /// Those that were handed in, in the order they were entered.
    pub handed_in: Vec<HandIn>,
    /// Those that the contract asks for and that were not.
    pub owed: Vec<Owed>,
}

/// The documents of a site.
pub fn papers(settings: &Settings, site: &Site, now: Timestamp) -> Result<Papers, DutyError> {
    let rules = Arc::new(RuleSet::load(settings.rules_dir.as_deref()).map_err(DutyError::Rules)?);
    let store = store::open_reader(&settings.store_url)?;
    let filter = PaperFilter { site: Some(site.id.clone()), ..PaperFilter::default() };
    Ok(Papers {
        made: store.papers(&filter)?,
        handed_in: store.handed_in(&site.id)?,
        owed: outstanding(&*store, &rules, settings, site, now)?,
    })
}

/// Enters that a document was handed in.
pub fn hand_in(settings: &Settings, document: &NewHandIn) -> Result<HandIn, DutyError> {
    Ok(store::open(&settings.store_url)?.hand_in(document, None)?)
}

/// Withdraws what was entered as handed in.
pub fn withdraw_document(
    settings: &Settings,
    site: &Site,
    number: i64,
    withdrawal: &Withdrawal,
) -> Result<HandIn, DutyError> {
    Ok(store::open(&settings.store_url)?.withdraw_document(&site.id, number, withdrawal, None)?)
}

fn read<T>(
    settings: &Settings,
    ask: impl FnOnce(&dyn Reader) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, DutyError> {
    match store::open_reader(&settings.store_url) {
        Err(StoreError::Missing { .. }) => Ok(Vec::new()),
        opened => Ok(ask(&*opened?)?),
    }
}
