//! Service tickets: tables `ticket` and `ticket_step`.

use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite, accounts};
use crate::contract::{Step, StepKind, Ticket};
use crate::indicators::Category;
use crate::store::{Action, NewTicket, StoreError, TicketReader, Tickets, word};

const OPEN: &str = "INSERT INTO ticket (site, category, system, what, opened, opened_by) \
                    VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
const OF_SITE: &str = "SELECT id, site, category, system, what, opened, opened_by FROM ticket \
                       WHERE site = $1 ORDER BY opened, id";
const TAKE: &str =
    "INSERT INTO ticket_step (ticket, kind, at, person, note, entered) VALUES ($1, $2, $3, $4, $5, $6)";
const STEPS: &str = "SELECT kind, at, person, note, entered FROM ticket_step WHERE ticket = $1 ORDER BY id";

impl Tickets for Sqlite {
    fn open_ticket(&self, ticket: &NewTicket, note: Option<&Action>) -> Result<Ticket, StoreError> {
        let (ticket, note) = (ticket.clone(), note.cloned());
        self.writer.run(move |transaction| {
            let NewTicket { site, category, system, what, opened, opened_by } = ticket;
            let values = params![site, category.word(), system, what, word::time(opened), opened_by];
            let number: i64 = transaction.query_row(OPEN, values, |row| row.get(0))?;
            if let Some(note) = note {
                accounts::note(transaction, &Action { subject: format!("{site}/{number}"), ..note })?;
            }
            Ok(Ticket { number, site, category, system, what, opened, opened_by, steps: Vec::new() })
        })
    }

    fn take_steps(
        &self,
        site: &str,
        ticket: i64,
        steps: &[Step],
        note: Option<&Action>,
    ) -> Result<Ticket, StoreError> {
        let (site, steps) = (site.to_owned(), steps.to_owned());
        self.noted(note, move |transaction| {
            let named = |tickets: Vec<Ticket>| tickets.into_iter().find(|known| known.number == ticket);
            let Some(mut known) = named(all(transaction, &site)?) else {
                return Err(StoreError::NoSuchTicket { ticket, site }.into());
            };
            for step in &steps {
                let (at, entered) = (word::time(step.at), word::time(step.entered));
                let values = params![ticket, step.kind.word(), at, step.person, step.note, entered];
                transaction.execute(TAKE, values)?;
            }
            known.steps.extend(steps);
            Ok(known)
        })
    }
}

impl TicketReader for Sqlite {
    fn tickets(&self, site: &str) -> Result<Vec<Ticket>, StoreError> {
        self.readers.tickets(site)
    }
}

impl TicketReader for Readers {
    fn tickets(&self, site: &str) -> Result<Vec<Ticket>, StoreError> {
        self.run(|connection| all(connection, site))
    }
}

fn all(connection: &Connection, site: &str) -> Result<Vec<Ticket>, Fault> {
    let mut statement = connection.prepare_cached(OF_SITE)?;
    let mut tickets: Vec<Ticket> = statement.query_and_then([site], read)?.collect::<Result<_, Fault>>()?;
    let mut statement = connection.prepare_cached(STEPS)?;
    for ticket in &mut tickets {
        ticket.steps = statement.query_and_then([ticket.number], read_step)?.collect::<Result<_, Fault>>()?;
    }
    Ok(tickets)
}

fn read(row: &Row<'_>) -> Result<Ticket, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Ticket {
        number: row.get("id")?,
        site: row.get("site")?,
        category: word::read_word(text("category")?, &Category::ALL, Category::word)?,
        system: row.get("system")?,
        what: row.get("what")?,
        opened: word::read_time(text("opened")?)?,
        opened_by: row.get("opened_by")?,
        steps: Vec::new(),
    })
}

fn read_step(row: &Row<'_>) -> Result<Step, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Step {
        kind: word::read_word(text("kind")?, &StepKind::ALL, StepKind::word)?,
        at: word::read_time(text("at")?)?,
        person: row.get("person")?,
        note: row.get("note")?,
        entered: word::read_time(text("entered")?)?,
    })
}
