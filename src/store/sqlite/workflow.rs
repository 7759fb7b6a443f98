//! The work on findings: columns of the table `finding`, and rows of the table `effort`.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::conditions::{Conditions, with};
use super::fault::Fault;
use super::{Readers, Sqlite, accounts, findings};
use crate::diff::Decision;
use crate::finding::Fingerprint;
use crate::store::workflow::{
    Assignee, Case, CaseOrder, CasePage, CaseQuery, CaseReader, CaseTally, Effort, Held, Remark, TurnTally,
    Work, Workflow,
};
use crate::store::{Action, StoreError, word};

const COLUMNS: &str = "site, assignee, due, mended, fingerprint, page_key, state, since, until, first_seen, \
                       last_seen, body";

const EFFORT: &str = "INSERT INTO effort (fingerprint, at, actor, work) VALUES ($1, $2, $3, $4)";

const EFFORTS: &str = "SELECT at, actor, work FROM effort WHERE fingerprint = $1 ORDER BY id";

const REASON: &str = "SELECT at, actor, reason FROM life
    WHERE fingerprint = $1 AND actor IS NOT NULL AND reason <> '' ORDER BY id DESC LIMIT 1";

const ASSIGN: &str = "UPDATE finding SET assignee = $1, due = $2 WHERE fingerprint = $3";

const MEND: &str = "UPDATE finding SET mended = $1 WHERE fingerprint = $2";

const TALLIES: &str = "SELECT site, state, severity, check_id, count(*) FROM finding WHERE state <> 'fixed'
    GROUP BY site, state, severity, check_id";

const TURNS: &str = "SELECT finding.site, life.after, count(*) FROM life
    JOIN finding ON finding.fingerprint = life.fingerprint WHERE life.at >= $1
    GROUP BY finding.site, life.after";

/// A turn adds a finding to those that stand, takes one away, or leaves their number as it is.
const COURSE: &str = "SELECT life.at, sum(
        CASE WHEN life.after IN ('fixed', 'dismissed') THEN 0 ELSE 1 END
        - CASE WHEN life.before IS NULL OR life.before IN ('fixed', 'dismissed') THEN 0 ELSE 1 END)
    FROM finding JOIN life ON life.fingerprint = finding.fingerprint WHERE finding.site = $1
    GROUP BY life.at ORDER BY life.at";

const ASSIGNEES: &str = "SELECT DISTINCT assignee FROM finding
    WHERE assignee IS NOT NULL AND state <> 'fixed' ORDER BY assignee";

impl Workflow for Sqlite {
    fn rule(&self, findings: &[Fingerprint], decision: &Decision, note: &Action) -> Result<(), StoreError> {
        let (ids, decision, note) = (findings.to_owned(), decision.clone(), note.clone());
        self.writer.run(move |transaction| {
            for id in &ids {
                findings::decide(transaction, id, &decision)?;
                note_of(transaction, id, &note)?;
            }
            Ok(())
        })
    }

    fn work(&self, findings: &[Fingerprint], effort: &Effort, note: &Action) -> Result<(), StoreError> {
        let (ids, effort, note) = (findings.to_owned(), effort.clone(), note.clone());
        self.writer.run(move |transaction| {
            for id in &ids {
                work(transaction, id, &effort)?;
                note_of(transaction, id, &note)?;
            }
            Ok(())
        })
    }
}

fn note_of(connection: &Connection, finding: &Fingerprint, note: &Action) -> Result<(), Fault> {
    accounts::note(connection, &Action { subject: finding.0.clone(), ..note.clone() })
}

fn work(connection: &Connection, finding: &Fingerprint, effort: &Effort) -> Result<(), Fault> {
    if one(connection, finding)?.is_none() {
        return Err(StoreError::NoSuchFinding { id: finding.clone() }.into());
    }
    match &effort.work {
        Work::Assign { to, due, .. } => {
            let (to, due) = (to.as_ref().map(Assignee::word), due.map(|due| due.to_string()));
            connection.prepare_cached(ASSIGN)?.execute(params![to, due, finding.0])?;
        }
        Work::Mended(_) => {
            connection.prepare_cached(MEND)?.execute(params![word::time(effort.at), finding.0])?;
        }
        Work::Comment(_) | Work::Recheck => {}
    }
    let values = params![finding.0, word::time(effort.at), effort.actor, word::json(&effort.work)];
    connection.prepare_cached(EFFORT)?.execute(values)?;
    Ok(())
}

impl CaseReader for Sqlite {
    fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError> {
        self.readers.cases(query)
    }

    fn case(&self, finding: &Fingerprint) -> Result<Option<Case>, StoreError> {
        self.readers.case(finding)
    }

    fn efforts(&self, finding: &Fingerprint) -> Result<Vec<Effort>, StoreError> {
        self.readers.efforts(finding)
    }

    fn remarks(&self, findings: &[Fingerprint]) -> Result<HashMap<Fingerprint, Remark>, StoreError> {
        self.readers.remarks(findings)
    }

    fn tallies(&self) -> Result<Vec<CaseTally>, StoreError> {
        self.readers.tallies()
    }

    fn turn_tallies(&self, since: Timestamp) -> Result<Vec<TurnTally>, StoreError> {
        self.readers.turn_tallies(since)
    }

    fn course(&self, site: &str) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        self.readers.course(site)
    }

    fn assignees(&self) -> Result<Vec<Assignee>, StoreError> {
        self.readers.assignees()
    }
}

impl CaseReader for Readers {
    fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError> {
        self.run(|connection| page(connection, query))
    }

    fn case(&self, finding: &Fingerprint) -> Result<Option<Case>, StoreError> {
        self.run(|connection| one(connection, finding))
    }

    fn efforts(&self, finding: &Fingerprint) -> Result<Vec<Effort>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(EFFORTS)?;
            statement.query_and_then([&finding.0], read_effort)?.collect()
        })
    }

    fn remarks(&self, findings: &[Fingerprint]) -> Result<HashMap<Fingerprint, Remark>, StoreError> {
        self.run(|connection| {
            let said = |id: &Fingerprint| Ok(remark(connection, id)?.map(|remark| (id.clone(), remark)));
            findings.iter().filter_map(|id| said(id).transpose()).collect()
        })
    }

    fn tallies(&self) -> Result<Vec<CaseTally>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(TALLIES)?;
            statement.query_and_then([], read_tally)?.collect()
        })
    }

    fn turn_tallies(&self, since: Timestamp) -> Result<Vec<TurnTally>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(TURNS)?;
            statement.query_and_then([word::time(since)], read_turns)?.collect()
        })
    }

    fn course(&self, site: &str) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        self.run(|connection| course(connection, site))
    }

    fn assignees(&self) -> Result<Vec<Assignee>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(ASSIGNEES)?;
            statement.query_and_then([], |row| assignee(row.get(0)?))?.filter_map(Result::transpose).collect()
        })
    }
}

fn one(connection: &Connection, finding: &Fingerprint) -> Result<Option<Case>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM finding WHERE fingerprint = $1");
    connection.prepare_cached(&statement)?.query_and_then([&finding.0], read)?.next().transpose()
}

/// What a query wants.
fn conditions(query: &CaseQuery) -> Conditions {
    let CaseQuery { states, severities, confidences, checks, .. } = query;
    let mut wanted = Conditions::default();
    if let Some(sites) = &query.sites {
        wanted.among("site", sites.clone());
    }
    wanted.among_any("state", states.iter().map(|state| word::life(*state)).collect());
    wanted.among_any("severity", severities.iter().map(|one| word::severity(*one)).collect());
    wanted.among_any("confidence", confidences.iter().map(|one| word::confidence(*one)).collect());
    wanted.among_any("check_id", checks.clone());
    match &query.held {
        Held::ByAnybody => {}
        Held::ByNobody => wanted.add("assignee IS NULL"),
        Held::By(assignee) => wanted.among("assignee", [assignee.word()]),
    }
    if let Some(day) = query.overdue {
        let day = wanted.parameter(day.to_string());
        wanted.add(format!("due < {day}"));
    }
    if query.awaits_proof {
        wanted.add("mended > last_seen");
    }
    if !query.text.is_empty() {
        let pattern = wanted.parameter(with(&query.text.to_lowercase()));
        wanted.add(format!("words LIKE {pattern} ESCAPE '!'"));
    }
    wanted
}

fn order(order: CaseOrder) -> &'static str {
    match order {
        CaseOrder::Worst => "severity DESC, confidence DESC, check_id, first_seen, id",
        CaseOrder::Newest => "first_seen DESC, severity DESC, id",
        CaseOrder::Due => "due IS NULL, due, severity DESC, id",
    }
}

/// One page of findings. The page is chosen from the index alone; bodies are read of what is on it.
fn page(connection: &Connection, query: &CaseQuery) -> Result<CasePage, Fault> {
    let mut wanted = conditions(query);
    let conditions = wanted.text();
    let count = format!("SELECT count(*) FROM finding WHERE {conditions}");
    let total: i64 = connection.prepare_cached(&count)?.query_row(&*wanted.values(), |row| row.get(0))?;
    if total == 0 {
        return Ok(CasePage::default());
    }
    let (limit, offset) = (wanted.parameter(query.limit), wanted.parameter(query.offset as i64));
    let order = order(query.order);
    let chosen = format!(
        "SELECT {COLUMNS} FROM finding WHERE id IN
            (SELECT id FROM finding WHERE {conditions} ORDER BY {order} LIMIT {limit} OFFSET {offset})
         ORDER BY {order}"
    );
    let mut statement = connection.prepare_cached(&chosen)?;
    let cases = statement.query_and_then(&*wanted.values(), read)?.collect::<Result<_, Fault>>()?;
    Ok(CasePage { cases, total: total as u64 })
}

fn course(connection: &Connection, site: &str) -> Result<Vec<(Timestamp, i64)>, Fault> {
    let mut statement = connection.prepare_cached(COURSE)?;
    let mut standing = 0;
    let steps = statement.query_and_then([site], |row| {
        let at: String = row.get(0)?;
        standing += row.get::<_, i64>(1)?;
        Ok((word::read_time(&at)?, standing))
    })?;
    steps.collect()
}

fn read(row: &Row<'_>) -> Result<Case, Fault> {
    let stored = findings::read(row)?;
    let (due, mended): (Option<String>, Option<String>) = (row.get("due")?, row.get("mended")?);
    Ok(Case {
        site: row.get("site")?,
        reported: stored.reported,
        since: stored.since,
        until: stored.until,
        assignee: assignee(row.get("assignee")?)?,
        due: due.map(|due| date(&due)).transpose()?,
        mended: mended.as_deref().map(word::read_time).transpose()?,
    })
}

fn date(text: &str) -> Result<Date, Fault> {
    text.parse().map_err(|_| Fault::Damage(format!("{text:?} is no date")))
}

fn assignee(text: Option<String>) -> Result<Option<Assignee>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let known = Assignee::of_word(&text);
    known.map(Some).ok_or_else(|| Fault::Damage(format!("{text:?} is nobody")))
}

/// What was said last about a finding, with a decision or with work.
fn remark(connection: &Connection, finding: &Fingerprint) -> Result<Option<Remark>, Fault> {
    let mut decided = connection.prepare_cached(REASON)?;
    let decided = decided.query_and_then([&finding.0], |row| {
        let at: String = row.get("at")?;
        Ok::<_, Fault>(Remark { at: word::read_time(&at)?, by: row.get("actor")?, text: row.get("reason")? })
    });
    let decided = decided?.next().transpose()?;
    let mut statement = connection.prepare_cached(EFFORTS)?;
    let mut worked = None;
    for effort in statement.query_and_then([&finding.0], read_effort)? {
        let Effort { at, actor, work } = effort?;
        if !work.text().is_empty() {
            worked = Some(Remark { at, by: actor, text: work.text().to_owned() });
        }
    }
    Ok([decided, worked].into_iter().flatten().max_by_key(|remark| remark.at))
}

fn read_effort(row: &Row<'_>) -> Result<Effort, Fault> {
    let (at, work): (String, String) = (row.get("at")?, row.get("work")?);
    Ok(Effort { at: word::read_time(&at)?, actor: row.get("actor")?, work: word::read_json(&work)? })
}

fn read_tally(row: &Row<'_>) -> Result<CaseTally, Fault> {
    Ok(CaseTally {
        site: row.get(0)?,
        state: word::read_life(&row.get::<_, String>(1)?)?,
        severity: word::read_severity(row.get(2)?)?,
        check: row.get(3)?,
        number: row.get::<_, i64>(4)? as u64,
    })
}

fn read_turns(row: &Row<'_>) -> Result<TurnTally, Fault> {
    Ok(TurnTally {
        site: row.get(0)?,
        after: word::read_life(&row.get::<_, String>(1)?)?,
        number: row.get::<_, i64>(2)? as u64,
    })
}
