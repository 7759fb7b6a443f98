//! What people enter: tickets, and time that does not count.

use super::DutyError;
use crate::config::{Settings, Site};
use crate::contract::{Exclusion, Step, Ticket, Withdrawal};
use crate::store::{self, NewExclusion, NewTicket, Reader, StoreError};

/// Opens a ticket.
pub fn open_ticket(settings: &Settings, ticket: &NewTicket) -> Result<Ticket, DutyError> {
    Ok(store::open(&settings.store_url)?.open_ticket(ticket)?)
}

/// Enters steps of a ticket.
pub fn take_steps(
    settings: &Settings,
    site: &Site,
    ticket: i64,
    steps: &[Step],
) -> Result<Ticket, DutyError> {
    Ok(store::open(&settings.store_url)?.take_steps(&site.id, ticket, steps)?)
}

/// The tickets of a site, oldest first; none where there is no record yet.
pub fn tickets(settings: &Settings, site: &Site) -> Result<Vec<Ticket>, DutyError> {
    read(settings, |store| store.tickets(&site.id))
}

/// Enters time that does not count.
pub fn exclude(settings: &Settings, exclusion: &NewExclusion) -> Result<Exclusion, DutyError> {
    Ok(store::open(&settings.store_url)?.exclude(exclusion)?)
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

fn read<T>(
    settings: &Settings,
    ask: impl FnOnce(&dyn Reader) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, DutyError> {
    match store::open_reader(&settings.store_url) {
        Err(StoreError::Missing { .. }) => Ok(Vec::new()),
        opened => Ok(ask(&*opened?)?),
    }
}
