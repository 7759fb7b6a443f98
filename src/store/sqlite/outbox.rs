//! The outbox: rows of the tables `letter`, `delivery`, `broken_channel` and `channel_pause`. What is asked about it stands in
//! [`super::deliveries`].

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::Fault;
use crate::store::outbox::{Doubt, Letter, LetterId, MessageId, Outcome};
use crate::store::word;

const ADD: &str =
    "INSERT INTO letter (notice, recipient, entry, channel, ladder, order_key, urgency, body, queued, due,
        attempts, form, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 'full', 'waiting')
    ON CONFLICT (notice, recipient, entry) DO NOTHING";

const IS_FREE: &str = "SELECT count(*) FROM letter
    WHERE id = $1 AND channel = $2 AND state = 'waiting' AND (leased_until IS NULL OR leased_until <= $3)";

const TAKE: &str = "UPDATE letter SET leased_until = $1, attempts = attempts + 1 WHERE id = $2";

const NEXT_MESSAGE: &str = "SELECT coalesce(max(message), 0) + 1 FROM delivery";

const BEGIN: &str = "INSERT INTO delivery (message, letter, channel, recipient, started)
    SELECT $1, id, channel, recipient, $2 FROM letter WHERE id = $3";

const END: &str = "UPDATE delivery SET ended = $1, verdict = $2, detail = $3 WHERE message = $4";

const CARRIED: &str = "SELECT letter FROM delivery WHERE message = $1 ORDER BY letter";

const CHANNEL: &str = "SELECT channel FROM delivery WHERE message = $1 LIMIT 1";

const CONFIRM: &str = "UPDATE letter SET state = 'confirmed', closed = $1, leased_until = NULL WHERE id = $2";

const POSTPONE: &str = "UPDATE letter SET due = $1, leased_until = NULL WHERE id = $2 AND state = 'waiting'";

const LAY_BARE: &str = "UPDATE letter SET form = 'bare', due = $1, leased_until = NULL
    WHERE id = $2 AND state = 'waiting' AND form = 'full'";

const GIVE_UP: &str = "UPDATE letter SET state = 'refused', closed = $1, leased_until = NULL
    WHERE id = $2 AND state = 'waiting'";

const MOVE: &str = "UPDATE letter SET channel = $1, ladder = $2, due = $3, form = 'full', attempts = 0,
    leased_until = NULL WHERE id = $4";

const RUNGS: &str = "SELECT ladder FROM letter WHERE id = $1 AND state = 'waiting'";

const AT_CHANNEL: &str = "SELECT id FROM letter WHERE channel = $1 AND state = 'waiting' ORDER BY id";

const CHANNELS: &str = "SELECT DISTINCT channel FROM letter WHERE state = 'waiting'";

const RETRY_OF: &str = "SELECT retry FROM broken_channel WHERE channel = $1";

const BREAK: &str = "INSERT INTO broken_channel (channel, since, retry, why) VALUES ($1, $2, $3, $4)
    ON CONFLICT (channel) DO UPDATE SET retry = excluded.retry, why = excluded.why";

const PAUSE: &str = "INSERT INTO channel_pause (channel, until) VALUES ($1, $2)
    ON CONFLICT (channel) DO UPDATE SET until = max(until, excluded.until)";

const MEND: &str = "DELETE FROM broken_channel WHERE channel = $1";

/// Puts letters into the outbox, as part of whatever else the transaction does; returns how many are new.
pub(super) fn put(connection: &Connection, letters: &[Letter], at: Timestamp) -> Result<usize, Fault> {
    let mut added = 0;
    for Letter { notice, recipient, ladder, due } in letters {
        let Some(entry) = ladder.first() else { continue };
        let (rung, due) = match first_usable(connection, ladder, at)? {
            Some(rung) => (rung, *due),
            // Every channel refuses everything; the first is tried again when its time comes.
            None => (0, (*due).max(retry_of(connection, entry)?.unwrap_or(at))),
        };
        let urgency = i64::from(notice.is_urgent()) * URGENT + word::severity(notice.severity);
        added += connection.prepare_cached(ADD)?.execute(params![
            notice.id,
            recipient,
            entry,
            ladder[rung],
            word::json(&&ladder[rung + 1..]),
            notice.order_key,
            urgency,
            word::json(notice),
            word::time(at),
            word::time(due),
        ])?;
    }
    Ok(added)
}

/// More than any severity counts for.
const URGENT: i64 = 100;

/// Takes letters and records that they are about to be sent; all of them, or none.
pub(super) fn begin(
    connection: &Connection,
    letters: &[LetterId],
    channel: &str,
    at: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<MessageId>, Fault> {
    let (at, lease_until) = (word::time(at), word::time(lease_until));
    for LetterId(letter) in letters {
        let mut is_free = connection.prepare_cached(IS_FREE)?;
        if is_free.query_row(params![letter, channel, at], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(None);
        }
    }
    let message: i64 = connection.query_row(NEXT_MESSAGE, [], |row| row.get(0))?;
    for LetterId(letter) in letters {
        connection.prepare_cached(TAKE)?.execute(params![lease_until, letter])?;
        connection.prepare_cached(BEGIN)?.execute(params![message, at, letter])?;
    }
    Ok(Some(MessageId(message)))
}

/// Records what came of a message.
pub(super) fn settle(
    connection: &Connection,
    message: MessageId,
    at: Timestamp,
    outcome: &Outcome,
) -> Result<(), Fault> {
    let (verdict, why) = match outcome {
        Outcome::Confirmed => ("confirmed", ""),
        Outcome::Again { doubt: Doubt::NotThere, why, .. } => ("retry", why.as_str()),
        Outcome::Again { doubt: Doubt::MayBeThere, why, .. } => ("undetermined", why.as_str()),
        Outcome::RefusedMessage { why } => ("refused-message", why.as_str()),
        Outcome::RefusedChannel { why, .. } => ("refused-channel", why.as_str()),
    };
    connection.prepare_cached(END)?.execute(params![word::time(at), verdict, why, message.0])?;
    let channel: Option<String> = connection.query_row(CHANNEL, [message.0], |row| row.get(0)).optional()?;
    let Some(channel) = channel else { return Ok(()) };
    let now = word::time(at);
    let carried = ids(connection, CARRIED, params![message.0])?;
    match outcome {
        Outcome::Confirmed => {
            for letter in carried {
                connection.prepare_cached(CONFIRM)?.execute(params![now, letter])?;
            }
            connection.prepare_cached(MEND)?.execute([channel])?;
        }
        Outcome::Again { due, throttled, .. } => {
            if *throttled {
                connection.prepare_cached(PAUSE)?.execute(params![channel, word::time(*due)])?;
            }
            for letter in carried {
                connection.prepare_cached(POSTPONE)?.execute(params![word::time(*due), letter])?;
            }
        }
        Outcome::RefusedMessage { .. } => {
            for letter in carried {
                let is_tried_bare = connection.prepare_cached(LAY_BARE)?.execute(params![now, letter])? > 0;
                if !is_tried_bare && !climb(connection, letter, at)? {
                    connection.prepare_cached(GIVE_UP)?.execute(params![now, letter])?;
                }
            }
        }
        Outcome::RefusedChannel { why, retry, tell } => {
            let is_news = retry_of(connection, &channel)?.is_none();
            let retry = word::time(*retry);
            connection.prepare_cached(BREAK)?.execute(params![channel, now, retry, why])?;
            for letter in ids(connection, AT_CHANNEL, params![channel])? {
                if !climb(connection, letter, at)? {
                    connection.prepare_cached(POSTPONE)?.execute(params![retry, letter])?;
                }
            }
            if is_news {
                put(connection, tell, at)?;
            }
        }
    }
    Ok(())
}

/// Moves letters away from channels that are not known any more; returns how many.
pub(super) fn adopt(
    connection: &Connection,
    known: &[String],
    last_resort: &str,
    at: Timestamp,
) -> Result<usize, Fault> {
    let mut statement = connection.prepare_cached(CHANNELS)?;
    let channels = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mut moved = 0;
    for channel in channels.iter().filter(|channel| !known.contains(channel)) {
        for letter in ids(connection, AT_CHANNEL, params![channel])? {
            let mut rungs = rungs(connection, letter)?.unwrap_or_default();
            rungs.retain(|rung| known.contains(rung));
            if rungs.is_empty() {
                rungs.push(last_resort.to_owned());
            }
            let rest = word::json(&&rungs[1..]);
            connection.prepare_cached(MOVE)?.execute(params![rungs[0], rest, word::time(at), letter])?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// Sends a letter to the next rung whose channel is not broken; `false` where there is none.
fn climb(connection: &Connection, letter: i64, at: Timestamp) -> Result<bool, Fault> {
    let Some(rungs) = rungs(connection, letter)? else { return Ok(false) };
    let Some(rung) = first_usable(connection, &rungs, at)? else { return Ok(false) };
    let rest = word::json(&&rungs[rung + 1..]);
    connection.prepare_cached(MOVE)?.execute(params![rungs[rung], rest, word::time(at), letter])?;
    Ok(true)
}

fn rungs(connection: &Connection, letter: i64) -> Result<Option<Vec<String>>, Fault> {
    let text: Option<String> = connection.query_row(RUNGS, [letter], |row| row.get(0)).optional()?;
    Ok(text.map(|text| word::read_json(&text)).transpose()?)
}

/// The place of the first channel that is not broken, or whose time for another try has come.
fn first_usable(connection: &Connection, rungs: &[String], at: Timestamp) -> Result<Option<usize>, Fault> {
    for (place, channel) in rungs.iter().enumerate() {
        if retry_of(connection, channel)?.is_none_or(|retry| retry <= at) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn retry_of(connection: &Connection, channel: &str) -> Result<Option<Timestamp>, Fault> {
    let mut statement = connection.prepare_cached(RETRY_OF)?;
    let text: Option<String> = statement.query_row([channel], |row| row.get(0)).optional()?;
    Ok(text.map(|text| word::read_time(&text)).transpose()?)
}

fn ids(connection: &Connection, query: &str, values: impl rusqlite::Params) -> Result<Vec<i64>, Fault> {
    let mut statement = connection.prepare_cached(query)?;
    Ok(statement.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?)
}
