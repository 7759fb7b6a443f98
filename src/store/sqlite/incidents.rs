//! Incidents: rows of the tables `incident`, `happening`, `silence`, `watchdog` and `job`.

use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

use super::fault::Fault;
use super::{Readers, Sqlite, outbox};
use crate::incident::{Acknowledged, Happening, Incident, IncidentId, Silence, Told, Trouble, What};
use crate::store::incidents::{News, Telling};
use crate::store::outbox::Letter;
use crate::store::{Action, IncidentFilter, IncidentReader, Incidents, JobRun, Remembered, StoreError, word};

const COLUMNS: &str = "id, opened, closed, trouble, acknowledged, told";

const RAISE: &str = "INSERT INTO incident (subject, cause, site, severity, opened, trouble, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";

const GROW: &str = "UPDATE incident SET severity = $1, trouble = $2, told = $3 WHERE id = $4";

const HAPPEN: &str = "INSERT INTO happening (incident, at, what, actor, text) VALUES ($1, $2, $3, $4, $5)";

const REMEMBER: &str = "INSERT INTO watchdog (target, memory) VALUES ($1, $2)
    ON CONFLICT (target) DO UPDATE SET memory = excluded.memory";

impl Incidents for Sqlite {
    fn raise(
        &self,
        trouble: &Trouble,
        at: Timestamp,
        telling: Telling,
        memory: Option<Remembered>,
    ) -> Result<Incident, StoreError> {
        let trouble = trouble.clone();
        self.writer.run(move |transaction| {
            remember(transaction, memory.as_slice())?;
            match of_subject(transaction, &trouble.subject)? {
                None => open(transaction, trouble, at, telling),
                Some(known) => grow(transaction, known, trouble, at, telling),
            }
        })
    }

    fn close(
        &self,
        subject: &str,
        at: Timestamp,
        text: &str,
        telling: Telling,
        memory: Option<Remembered>,
    ) -> Result<Option<Incident>, StoreError> {
        let (subject, text) = (subject.to_owned(), text.to_owned());
        self.writer.run(move |transaction| {
            remember(transaction, memory.as_slice())?;
            let Some(mut incident) = of_subject(transaction, &subject)? else { return Ok(None) };
            let closed = at.max(incident.opened);
            transaction.execute(
                "UPDATE incident SET closed = $1 WHERE id = $2",
                params![word::time(closed), incident.id.0],
            )?;
            incident.closed = Some(closed);
            happen(transaction, incident.id, &Happening { at, what: What::Closed, by: String::new(), text })?;
            let letters = telling(&incident, News::Closed);
            outbox::put(transaction, &letters, at)?;
            Ok(Some(incident))
        })
    }

    fn acknowledge(
        &self,
        id: IncidentId,
        acknowledged: &Acknowledged,
        note: Option<&Action>,
    ) -> Result<Incident, StoreError> {
        let acknowledged = acknowledged.clone();
        self.noted(note, move |transaction| {
            let mut incident = known(transaction, id)?;
            let Acknowledged { by, at, note } = acknowledged.clone();
            if incident.acknowledged.is_none() {
                transaction.execute(
                    "UPDATE incident SET acknowledged = $1 WHERE id = $2",
                    params![word::json(&acknowledged), id.0],
                )?;
                incident.acknowledged = Some(acknowledged);
            }
            happen(transaction, id, &Happening { at, what: What::Acknowledged, by, text: note })?;
            Ok(incident)
        })
    }

    fn told(
        &self,
        id: IncidentId,
        told: Told,
        happening: &Happening,
        letters: Vec<Letter>,
    ) -> Result<(), StoreError> {
        let happening = happening.clone();
        self.writer.run(move |transaction| {
            let told = word::json(&told);
            transaction.execute("UPDATE incident SET told = $1 WHERE id = $2", params![told, id.0])?;
            happen(transaction, id, &happening)?;
            outbox::put(transaction, &letters, happening.at)?;
            Ok(())
        })
    }

    fn remark(&self, id: IncidentId, happening: &Happening, note: Option<&Action>) -> Result<(), StoreError> {
        let happening = happening.clone();
        self.noted(note, move |transaction| {
            known(transaction, id)?;
            happen(transaction, id, &happening)
        })
    }

    fn silence(&self, silence: &Silence, note: Option<&Action>) -> Result<i64, StoreError> {
        let Silence { site, subject, from, until, author, reason, .. } = silence.clone();
        self.noted(note, move |transaction| {
            Ok(transaction.query_row(
                "INSERT INTO silence (site, subject, began, until, author, reason)
                    VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                params![site, subject, word::time(from), word::time(until), author, reason],
                |row| row.get(0),
            )?)
        })
    }

    fn end_silence(&self, id: i64, at: Timestamp, note: Option<&Action>) -> Result<(), StoreError> {
        self.noted(note, move |transaction| {
            transaction.execute(
                "UPDATE silence SET until = min(until, $1) WHERE id = $2",
                params![word::time(at), id],
            )?;
            Ok(())
        })
    }

    fn remember(&self, memories: Vec<Remembered>) -> Result<(), StoreError> {
        self.writer.run(move |transaction| remember(transaction, &memories))
    }

    fn know_jobs(&self, jobs: &[(String, String)], at: Timestamp) -> Result<(), StoreError> {
        let jobs = jobs.to_owned();
        self.writer.run(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO job (site, kind, known_since) VALUES ($1, $2, $3) ON CONFLICT (site, kind) DO NOTHING",
            )?;
            for (site, kind) in &jobs {
                statement.execute(params![site, kind, word::time(at)])?;
            }
            Ok(())
        })
    }

    fn job_ran(&self, site: &str, kind: &str, at: Timestamp) -> Result<(), StoreError> {
        let (site, kind) = (site.to_owned(), kind.to_owned());
        self.writer.run(move |transaction| {
            transaction.execute(
                "INSERT INTO job (site, kind, known_since, last) VALUES ($1, $2, $3, $3)
                    ON CONFLICT (site, kind) DO UPDATE SET last = excluded.last",
                params![site, kind, word::time(at)],
            )?;
            Ok(())
        })
    }
}

impl IncidentReader for Sqlite {
    fn incidents(&self, filter: &IncidentFilter) -> Result<Vec<Incident>, StoreError> {
        self.readers.incidents(filter)
    }

    fn incident(&self, id: IncidentId) -> Result<Option<Incident>, StoreError> {
        self.readers.incident(id)
    }

    fn timeline(&self, id: IncidentId) -> Result<Vec<Happening>, StoreError> {
        self.readers.timeline(id)
    }

    fn silences(&self, now: Timestamp) -> Result<Vec<Silence>, StoreError> {
        self.readers.silences(now)
    }

    fn memories(&self) -> Result<Vec<Remembered>, StoreError> {
        self.readers.memories()
    }

    fn job_runs(&self) -> Result<Vec<JobRun>, StoreError> {
        self.readers.job_runs()
    }
}

impl IncidentReader for Readers {
    fn incidents(&self, filter: &IncidentFilter) -> Result<Vec<Incident>, StoreError> {
        self.run(|connection| {
            let mut values: Vec<Box<dyn ToSql>> = Vec::new();
            let mut conditions = vec!["TRUE".to_owned()];
            if filter.open {
                conditions.push("closed IS NULL".to_owned());
            }
            if let Some(site) = &filter.site {
                values.push(Box::new(site.clone()));
                conditions.push(format!("site = ${}", values.len()));
            }
            if let Some(since) = filter.since {
                values.push(Box::new(word::time(since)));
                conditions
                    .push(format!("(opened >= ${0} OR closed IS NULL OR closed >= ${0})", values.len()));
            }
            values.push(Box::new(filter.limit.map_or(i64::MAX, i64::from)));
            let statement = format!(
                "SELECT {COLUMNS} FROM incident WHERE {} ORDER BY id DESC LIMIT ${}",
                conditions.join(" AND "),
                values.len()
            );
            let values: Vec<&dyn ToSql> = values.iter().map(Box::as_ref).collect();
            connection.prepare_cached(&statement)?.query_and_then(&*values, read)?.collect()
        })
    }

    fn incident(&self, id: IncidentId) -> Result<Option<Incident>, StoreError> {
        self.run(|connection| one(connection, id))
    }

    fn timeline(&self, id: IncidentId) -> Result<Vec<Happening>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at, what, actor, text FROM happening WHERE incident = $1 ORDER BY id",
            )?;
            statement.query_and_then([id.0], read_happening)?.collect()
        })
    }

    fn silences(&self, now: Timestamp) -> Result<Vec<Silence>, StoreError> {
        self.run(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM silence WHERE until > $1 ORDER BY id")?;
            statement.query_and_then([word::time(now)], read_silence)?.collect()
        })
    }

    fn memories(&self) -> Result<Vec<Remembered>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT target, memory FROM watchdog")?;
            let rows =
                statement.query_map([], |row| Ok(Remembered { target: row.get(0)?, memory: row.get(1)? }))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn job_runs(&self) -> Result<Vec<JobRun>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT site, kind, known_since, last FROM job")?;
            let rows = statement.query_and_then([], |row| {
                let last: Option<String> = row.get("last")?;
                Ok(JobRun {
                    site: row.get("site")?,
                    kind: row.get("kind")?,
                    known_since: word::read_time(&row.get::<_, String>("known_since")?)?,
                    last: last.as_deref().map(word::read_time).transpose()?,
                })
            })?;
            rows.collect()
        })
    }
}

fn open(
    connection: &Connection,
    trouble: Trouble,
    at: Timestamp,
    telling: Telling,
) -> Result<Incident, Fault> {
    let site = trouble.site.as_ref().map(|site| site.id.clone());
    let cause = word::json(&trouble.cause);
    let values = params![
        trouble.subject,
        cause.trim_matches('"'),
        site,
        word::severity(trouble.severity),
        word::time(at),
        word::json(&trouble),
        word::json(&Told::default())
    ];
    let id = IncidentId(connection.query_row(RAISE, values, |row| row.get(0))?);
    let mut incident =
        Incident { id, trouble, opened: at, acknowledged: None, closed: None, told: Told::default() };
    let text = incident.trouble.title.clone();
    happen(connection, id, &Happening { at, what: What::Opened, by: String::new(), text })?;
    let letters = telling(&incident, News::Opened);
    outbox::put(connection, &letters, at)?;
    if !letters.is_empty() {
        incident.told.last = Some(at);
        let told = word::json(&incident.told);
        connection.execute("UPDATE incident SET told = $1 WHERE id = $2", params![told, id.0])?;
    }
    Ok(incident)
}

/// Brings what is known of an open incident up to date. It has grown where a finding is new or it is worse than before.
fn grow(
    connection: &Connection,
    mut incident: Incident,
    trouble: Trouble,
    at: Timestamp,
    telling: Telling,
) -> Result<Incident, Fault> {
    let before = std::mem::replace(&mut incident.trouble, trouble);
    let has_grown = incident.trouble.severity > before.severity
        || incident.trouble.findings.iter().any(|finding| !before.findings.contains(finding))
        || (incident.trouble.title != before.title && before.findings.is_empty());
    incident.trouble.began = incident.trouble.began.min(before.began);
    if has_grown {
        let times: i64 = connection.query_row(
            "SELECT count(*) FROM happening WHERE incident = $1 AND what = 'grew'",
            [incident.id.0],
            |row| row.get(0),
        )?;
        let text = incident.trouble.title.clone();
        happen(connection, incident.id, &Happening { at, what: What::Grew, by: String::new(), text })?;
        let letters = telling(&incident, News::Grew(times as u64));
        outbox::put(connection, &letters, at)?;
        if !letters.is_empty() {
            incident.told.last = Some(at);
        }
    }
    let (severity, body) = (word::severity(incident.trouble.severity), word::json(&incident.trouble));
    connection.execute(GROW, params![severity, body, word::json(&incident.told), incident.id.0])?;
    Ok(incident)
}

fn remember(connection: &Connection, memories: &[Remembered]) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(REMEMBER)?;
    for Remembered { target, memory } in memories {
        statement.execute(params![target, memory])?;
    }
    Ok(())
}

fn happen(connection: &Connection, id: IncidentId, happening: &Happening) -> Result<(), Fault> {
    let Happening { at, what, by, text } = happening;
    connection.prepare_cached(HAPPEN)?.execute(params![id.0, word::time(*at), what.word(), by, text])?;
    Ok(())
}

fn of_subject(connection: &Connection, subject: &str) -> Result<Option<Incident>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM incident WHERE subject = $1 AND closed IS NULL");
    connection.prepare_cached(&statement)?.query_and_then([subject], read)?.next().transpose()
}

fn one(connection: &Connection, id: IncidentId) -> Result<Option<Incident>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM incident WHERE id = $1");
    connection.prepare_cached(&statement)?.query_and_then([id.0], read)?.next().transpose()
}

fn known(connection: &Connection, id: IncidentId) -> Result<Incident, Fault> {
    one(connection, id)?.ok_or_else(|| StoreError::NoSuchIncident { id }.into())
}

fn read(row: &Row<'_>) -> Result<Incident, Fault> {
    let closed: Option<String> = row.get("closed")?;
    let acknowledged: Option<String> = row.get("acknowledged")?;
    Ok(Incident {
        id: IncidentId(row.get("id")?),
        trouble: word::read_json(&row.get::<_, String>("trouble")?)?,
        opened: word::read_time(&row.get::<_, String>("opened")?)?,
        acknowledged: acknowledged.as_deref().map(word::read_json).transpose()?,
        closed: closed.as_deref().map(word::read_time).transpose()?,
        told: word::read_json(&row.get::<_, String>("told")?)?,
    })
}

fn read_happening(row: &Row<'_>) -> Result<Happening, Fault> {
    let what: String = row.get("what")?;
    let known = What::ALL.into_iter().find(|known| known.word() == what);
    Ok(Happening {
        at: word::read_time(&row.get::<_, String>("at")?)?,
        what: known.ok_or_else(|| Fault::Damage(format!("{what:?} happens to no incident")))?,
        by: row.get("actor")?,
        text: row.get("text")?,
    })
}

fn read_silence(row: &Row<'_>) -> Result<Silence, Fault> {
    Ok(Silence {
        id: row.get("id")?,
        site: row.get("site")?,
        subject: row.get("subject")?,
        from: word::read_time(&row.get::<_, String>("began")?)?,
        until: word::read_time(&row.get::<_, String>("until")?)?,
        author: row.get("author")?,
        reason: row.get("reason")?,
    })
}
