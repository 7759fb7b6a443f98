//! What is asked about the outbox; what is done to it stands in [`super::outbox`].

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};

use super::fault::Fault;
use crate::store::outbox::{
    Attempt, AttemptVerdict, Backlog, Broken, Delivery, DeliveryFilter, Form, LetterId, LetterState,
    MessageId, Queued, Waiting,
};
use crate::store::word;

const DUE: &str = "SELECT id, body, recipient, attempts, form, order_key FROM letter
    WHERE state = 'waiting' AND channel = $1 AND due <= $2 AND (leased_until IS NULL OR leased_until <= $2)
    ORDER BY urgency DESC, id LIMIT $3";

const BEFORE: &str = "SELECT id, body, recipient, attempts, form, order_key, leased_until FROM letter
    WHERE state = 'waiting' AND order_key = $1 AND recipient = $2 AND channel = $3 AND id <= $4 ORDER BY id";

const LATER: &str = "SELECT id, due, leased_until FROM letter WHERE state = 'waiting' AND channel = $1";

const BEGUN: &str = "SELECT min(started) FROM delivery WHERE channel = $1 AND started > $2
    AND ($3 IS NULL OR recipient = $3) GROUP BY message ORDER BY message";

const BACKLOG: &str =
    "SELECT channel, count(*), min(queued) FROM letter WHERE state = 'waiting' GROUP BY channel";

const BROKEN: &str = "SELECT channel, since, why FROM broken_channel";

const PAUSED: &str = "SELECT until FROM channel_pause WHERE channel = $1";

const ATTEMPTS: &str = "SELECT message, channel, started, ended, verdict, detail FROM delivery
    WHERE letter = $1 ORDER BY message";

/// What a channel could send now.
pub(super) fn waiting(
    connection: &Connection,
    channel: &str,
    now: Timestamp,
    limit: u32,
) -> Result<Waiting, Fault> {
    if let Some(until) = paused_until(connection, channel)?.filter(|until| *until > now) {
        return Ok(Waiting { letters: Vec::new(), next: Some(until) });
    }
    let now_text = word::time(now);
    let mut due = connection.prepare_cached(DUE)?;
    let due = due.query_and_then(params![channel, now_text, limit], queued)?;
    let mut letters: Vec<Queued> = Vec::new();
    let mut taken = HashSet::new();
    for candidate in due {
        let candidate = candidate?;
        if taken.contains(&candidate.id) {
            continue;
        }
        if let Some(thread) = thread(connection, channel, &candidate, now)? {
            letters.extend(thread.into_iter().filter(|letter| taken.insert(letter.id)));
        }
    }
    let mut statement = connection.prepare_cached(LATER)?;
    let mut rows = statement.query([channel])?;
    let mut next: Option<Timestamp> = None;
    while let Some(row) = rows.next()? {
        if taken.contains(&LetterId(row.get("id")?)) {
            continue;
        }
        let due = word::read_time(&row.get::<_, String>("due")?)?;
        let leased = row.get::<_, Option<String>>("leased_until")?;
        let leased = leased.map(|text| word::read_time(&text)).transpose()?;
        let from = leased.map_or(due, |leased| leased.max(due));
        next = Some(next.map_or(from, |next| next.min(from)));
    }
    Ok(Waiting { letters, next })
}

/// Until when a channel is or was left alone because it was sent too much.
fn paused_until(connection: &Connection, channel: &str) -> Result<Option<Timestamp>, Fault> {
    let mut statement = connection.prepare_cached(PAUSED)?;
    let until: Option<String> = statement.query_row([channel], |row| row.get(0)).optional()?;
    Ok(until.as_deref().map(word::read_time).transpose()?)
}

/// The letters of a thread up to this one; `None` while somebody is sending an earlier one.
fn thread(
    connection: &Connection,
    channel: &str,
    last: &Queued,
    now: Timestamp,
) -> Result<Option<Vec<Queued>>, Fault> {
    let mut statement = connection.prepare_cached(BEFORE)?;
    let mut rows = statement.query(params![last.notice.order_key, last.recipient, channel, last.id.0])?;
    let mut thread = Vec::new();
    while let Some(row) = rows.next()? {
        let leased: Option<String> = row.get("leased_until")?;
        let leased = leased.map(|text| word::read_time(&text)).transpose()?;
        if leased.is_some_and(|until| until > now) {
            return Ok(None);
        }
        thread.push(queued(row)?);
    }
    Ok(Some(thread))
}

/// When messages were begun on a channel.
pub(super) fn begun(
    connection: &Connection,
    channel: &str,
    recipient: Option<&str>,
    since: Timestamp,
) -> Result<Vec<Timestamp>, Fault> {
    let mut statement = connection.prepare_cached(BEGUN)?;
    let mut rows = statement.query(params![channel, word::time(since), recipient])?;
    let mut times = Vec::new();
    while let Some(row) = rows.next()? {
        times.push(word::read_time(&row.get::<_, String>(0)?)?);
    }
    Ok(times)
}

/// How each channel stands.
pub(super) fn backlog(connection: &Connection) -> Result<Vec<Backlog>, Fault> {
    let empty =
        |channel: &str| Backlog { channel: channel.to_owned(), waiting: 0, oldest: None, broken: None };
    let mut channels: BTreeMap<String, Backlog> = BTreeMap::new();
    let mut statement = connection.prepare_cached(BACKLOG)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let channel: String = row.get(0)?;
        let mut line = empty(&channel);
        line.waiting = u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
        line.oldest = Some(word::read_time(&row.get::<_, String>(2)?)?);
        channels.insert(channel, line);
    }
    let mut statement = connection.prepare_cached(BROKEN)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let channel: String = row.get(0)?;
        let since = word::read_time(&row.get::<_, String>(1)?)?;
        let line = channels.entry(channel.clone()).or_insert_with(|| empty(&channel));
        line.broken = Some(Broken { since, why: row.get(2)? });
    }
    Ok(channels.into_values().collect())
}

/// Letters with their attempts, newest first.
pub(super) fn list(connection: &Connection, filter: &DeliveryFilter) -> Result<Vec<Delivery>, Fault> {
    let DeliveryFilter { channel, recipient, notice, order_key, unconfirmed, before, limit } = filter;
    let before = before.map(|letter| letter.0);
    let wanted =
        [("channel", channel), ("recipient", recipient), ("notice", notice), ("order_key", order_key)];
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut values: Vec<&dyn ToSql> = Vec::new();
    for (column, value) in &wanted {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{column} = ${}", values.len()));
        }
    }
    if *unconfirmed {
        conditions.push("state <> 'confirmed'".to_owned());
    }
    if let Some(before) = &before {
        values.push(before);
        conditions.push(format!("id < ${}", values.len()));
    }
    values.push(limit);
    let query = format!(
        "SELECT id, body, recipient, channel, queued, due, state, closed FROM letter
        WHERE {} ORDER BY id DESC LIMIT ${}",
        conditions.join(" AND "),
        values.len()
    );
    let mut statement = connection.prepare_cached(&query)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut deliveries = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        deliveries.push(Delivery {
            id: LetterId(id),
            notice: word::read_json(row.get_ref("body")?.as_str().map_err(rusqlite::Error::from)?)?,
            recipient: row.get("recipient")?,
            channel: row.get("channel")?,
            queued: word::read_time(&row.get::<_, String>("queued")?)?,
            state: state(row)?,
            attempts: attempts(connection, id)?,
        });
    }
    Ok(deliveries)
}

fn state(row: &Row<'_>) -> Result<LetterState, Fault> {
    let closed: Option<String> = row.get("closed")?;
    let closed = closed.map(|text| word::read_time(&text)).transpose()?;
    match (row.get::<_, String>("state")?.as_str(), closed) {
        ("waiting", None) => {
            Ok(LetterState::Waiting { due: word::read_time(&row.get::<_, String>("due")?)? })
        }
        ("confirmed", Some(at)) => Ok(LetterState::Confirmed { at }),
        ("refused", Some(at)) => Ok(LetterState::Refused { at }),
        (other, _) => Err(Fault::Damage(format!("{other:?} is no state of a letter"))),
    }
}

fn attempts(connection: &Connection, letter: i64) -> Result<Vec<Attempt>, Fault> {
    let mut statement = connection.prepare_cached(ATTEMPTS)?;
    let mut rows = statement.query([letter])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        let verdict = match row.get::<_, Option<String>>("ended")? {
            Some(ended) => Some(AttemptVerdict {
                at: word::read_time(&ended)?,
                word: row.get("verdict")?,
                why: row.get("detail")?,
            }),
            None => None,
        };
        attempts.push(Attempt {
            message: MessageId(row.get("message")?),
            channel: row.get("channel")?,
            started: word::read_time(&row.get::<_, String>("started")?)?,
            verdict,
        });
    }
    Ok(attempts)
}

fn queued(row: &Row<'_>) -> Result<Queued, Fault> {
    Ok(Queued {
        id: LetterId(row.get("id")?),
        notice: word::read_json(row.get_ref("body")?.as_str().map_err(rusqlite::Error::from)?)?,
        recipient: row.get("recipient")?,
        attempts: row.get("attempts")?,
        form: match row.get_ref("form")?.as_str().map_err(rusqlite::Error::from)? {
            "full" => Form::Full,
            "bare" => Form::Bare,
            other => return Err(Fault::Damage(format!("{other:?} is no form of a letter"))),
        },
    })
}
