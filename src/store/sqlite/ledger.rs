//! Intervals, visits by the hour and signs of life: tables `target`, `ledger`, `visit_hour`, `alive`, `clock_step`.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::ledger::{ClockStep, HourVisits, Interval, Journal, Sign, Span, State, Target, Turned, hour_of};
use crate::store::{Ledger, LedgerReader, StoreError, Visit, word};

const ADD_TARGET: &str =
    "INSERT INTO target (site, name) VALUES ($1, $2) ON CONFLICT (site, name) DO NOTHING";
const TARGET: &str = "SELECT id FROM target WHERE site = $1 AND name = $2";
const TARGETS: &str = "SELECT name FROM target WHERE site = $1 ORDER BY name";

const OPEN: &str = "SELECT l.id, t.site, t.name, l.cause, l.state, l.earliest, l.began, l.last_sign, l.ended \
                    FROM ledger l JOIN target t ON t.id = l.target \
                    WHERE l.target = $1 AND l.cause = $2 AND l.ended IS NULL";
const WITHIN: &str = "SELECT l.id, t.site, t.name, l.cause, l.state, l.earliest, l.began, l.last_sign, l.ended \
                      FROM ledger l JOIN target t ON t.id = l.target \
                      WHERE t.site = $1 AND (l.ended IS NULL OR l.ended > $2) AND l.earliest < $3 ORDER BY l.id";
const RAISE: &str = "INSERT INTO ledger (target, cause, state, earliest, began, last_sign) \
                     VALUES ($1, $2, $3, $4, $5, $6)";
const EXTEND: &str = "UPDATE ledger SET last_sign = $1 WHERE id = $2";
const CLOSE: &str = "UPDATE ledger SET ended = $1 WHERE id = $2";

const COUNT: &str = "INSERT INTO visit_hour (target, hour, visits, failures) VALUES ($1, $2, 1, $3) \
                     ON CONFLICT (target, hour) DO UPDATE \
                     SET visits = visit_hour.visits + 1, failures = visit_hour.failures + excluded.failures";
const VISITS: &str = "SELECT v.hour, v.visits, v.failures FROM visit_hour v JOIN target t ON t.id = v.target \
                      WHERE t.site = $1 AND t.name = $2 AND v.hour >= $3 ORDER BY v.hour";

const WATCHES: &str = "SELECT began, last_sign FROM alive ORDER BY id";
const LAST_WATCH: &str = "SELECT id, last_sign FROM alive ORDER BY id DESC LIMIT 1";
const BEGIN_WATCH: &str = "INSERT INTO alive (began, last_sign) VALUES ($1, $1)";
const GO_ON_WATCHING: &str = "UPDATE alive SET last_sign = $1 WHERE id = $2";

const STEP: &str = "INSERT INTO clock_step (at, millis) VALUES ($1, $2)";
const STEPS: &str = "SELECT at, millis FROM clock_step ORDER BY id";

impl Ledger for Sqlite {
    fn observe(&self, signs: &[Sign]) -> Result<(), StoreError> {
        let signs = signs.to_owned();
        self.writer.run(move |transaction| signs.iter().try_for_each(|sign| observe(transaction, sign)))
    }

    fn count_visits(&self, visits: &[Visit]) -> Result<(), StoreError> {
        let visits = visits.to_owned();
        self.writer.run(move |transaction| {
            visits.iter().try_for_each(|visit| {
                let target = number_of(transaction, &visit.target)?;
                let values = params![target, hour_of(visit.at), i64::from(visit.failed)];
                transaction.prepare_cached(COUNT)?.execute(values)?;
                Ok(())
            })
        })
    }

    fn mark_alive(&self, at: Timestamp, silence: SignedDuration) -> Result<Option<Span>, StoreError> {
        self.writer.run(move |transaction| mark_alive(transaction, at, silence))
    }

    fn note_step(&self, step: &ClockStep) -> Result<(), StoreError> {
        let step = *step;
        self.writer.run(move |transaction| {
            let millis = i64::try_from(step.by.as_millis()).unwrap_or(i64::MAX);
            transaction.execute(STEP, params![word::time(step.at), millis])?;
            Ok(())
        })
    }
}

impl LedgerReader for Sqlite {
    fn journal(&self, site: &str, within: Span) -> Result<Journal, StoreError> {
        self.readers.journal(site, within)
    }

    fn targets(&self, site: &str) -> Result<Vec<Target>, StoreError> {
        self.readers.targets(site)
    }

    fn visits(&self, target: &Target, since: Timestamp) -> Result<Vec<HourVisits>, StoreError> {
        self.readers.visits(target, since)
    }

    fn gap_since_last_sign(&self, now: Timestamp) -> Result<Option<Span>, StoreError> {
        self.readers.gap_since_last_sign(now)
    }
}

impl LedgerReader for Readers {
    fn journal(&self, site: &str, within: Span) -> Result<Journal, StoreError> {
        self.run(|connection| {
            let mut intervals = connection.prepare_cached(WITHIN)?;
            let borders = params![site, word::time(within.start()), word::time(within.end())];
            let intervals = intervals.query_and_then(borders, read)?.collect::<Result<_, Fault>>()?;
            Ok(Journal { intervals, watches: watches(connection)?, steps: steps(connection)? })
        })
    }

    fn targets(&self, site: &str) -> Result<Vec<Target>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(TARGETS)?;
            let named = |row: &Row<'_>| Ok(Target { site: site.to_owned(), name: row.get("name")? });
            statement.query_and_then([site], named)?.collect()
        })
    }

    fn visits(&self, target: &Target, since: Timestamp) -> Result<Vec<HourVisits>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(VISITS)?;
            let count = |row: &Row<'_>| {
                let (hour, visits, failures) = (row.get("hour")?, row.get("visits")?, row.get("failures")?);
                Ok(HourVisits { hour, visits, failures })
            };
            statement.query_and_then(params![target.site, target.name, hour_of(since)], count)?.collect()
        })
    }

    fn gap_since_last_sign(&self, now: Timestamp) -> Result<Option<Span>, StoreError> {
        self.run(|connection| {
            let last = last_watch(connection)?.map(|(_, last)| last);
            Ok(last.map(|last| Span::new(last, now)).filter(|gap| !gap.is_empty()))
        })
    }
}

/// The number of a target, which it gets when it is first heard of.
fn number_of(connection: &Connection, target: &Target) -> Result<i64, Fault> {
    let names = params![target.site, target.name];
    let known = connection.prepare_cached(TARGET)?.query_row(names, |row| row.get(0)).optional()?;
    match known {
        Some(number) => Ok(number),
        None => {
            connection.prepare_cached(ADD_TARGET)?.execute(names)?;
            Ok(connection.prepare_cached(TARGET)?.query_row(names, |row| row.get(0))?)
        }
    }
}

fn observe(connection: &Connection, sign: &Sign) -> Result<(), Fault> {
    let target = number_of(connection, &sign.target)?;
    let mut statement = connection.prepare_cached(OPEN)?;
    let open = statement.query_and_then(params![target, sign.cause], read)?.next().transpose()?;
    let raise = |earliest, start, last| -> Result<(), Fault> {
        let [earliest, start, last] = [earliest, start, last].map(word::time);
        let values = params![target, sign.cause, sign.state.word(), earliest, start, last];
        connection.prepare_cached(RAISE)?.execute(values)?;
        Ok(())
    };
    match open.as_ref().map(|open| (open.id, open.after(sign))) {
        None => {
            let first = Interval::opened(0, sign);
            raise(first.earliest, first.start, first.last)
        }
        Some((id, Turned::Lasts { last })) => {
            connection.prepare_cached(EXTEND)?.execute(params![word::time(last), id])?;
            Ok(())
        }
        Some((id, Turned::Ends { end, earliest, start, last })) => {
            connection.prepare_cached(CLOSE)?.execute(params![word::time(end), id])?;
            raise(earliest, start, last)
        }
    }
}

fn mark_alive(
    connection: &Connection,
    at: Timestamp,
    silence: SignedDuration,
) -> Result<Option<Span>, Fault> {
    let begin = || connection.execute(BEGIN_WATCH, [word::time(at)]);
    let Some((watch, last)) = last_watch(connection)? else {
        begin()?;
        return Ok(None);
    };
    if at.duration_since(last) > silence {
        begin()?;
        return Ok(Some(Span::new(last, at)));
    }
    // After the clock was set back the sign of before stays the last one until time has caught up.
    connection.execute(GO_ON_WATCHING, params![word::time(last.max(at)), watch])?;
    Ok(None)
}

fn last_watch(connection: &Connection) -> Result<Option<(i64, Timestamp)>, Fault> {
    let mut statement = connection.prepare_cached(LAST_WATCH)?;
    let mut rows =
        statement.query_and_then([], |row| Ok::<_, Fault>((row.get("id")?, time(row, "last_sign")?)))?;
    rows.next().transpose()
}

fn watches(connection: &Connection) -> Result<Vec<Span>, Fault> {
    let mut statement = connection.prepare_cached(WATCHES)?;
    statement.query_and_then([], |row| Ok(Span::new(time(row, "began")?, time(row, "last_sign")?)))?.collect()
}

fn steps(connection: &Connection) -> Result<Vec<ClockStep>, Fault> {
    let mut statement = connection.prepare_cached(STEPS)?;
    let step = |row: &Row<'_>| {
        let by = SignedDuration::from_millis(row.get("millis")?);
        Ok(ClockStep { at: time(row, "at")?, by })
    };
    statement.query_and_then([], step)?.collect()
}

fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, Fault> {
    Ok(word::read_time(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)?)
}

fn read(row: &Row<'_>) -> Result<Interval, Fault> {
    let state = row.get_ref("state")?.as_str().map_err(rusqlite::Error::from)?;
    let ended: Option<String> = row.get("ended")?;
    Ok(Interval {
        id: row.get("id")?,
        target: Target { site: row.get("site")?, name: row.get("name")? },
        cause: row.get("cause")?,
        state: word::read_word(state, &State::ALL, State::word)?,
        earliest: time(row, "earliest")?,
        start: time(row, "began")?,
        last: time(row, "last_sign")?,
        end: ended.as_deref().map(word::read_time).transpose()?,
    })
}
