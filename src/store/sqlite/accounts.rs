//! Accounts: rows of the tables `account`, `session`, `api_token` and `audit`.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Sqlite;
use super::conditions::{Conditions, beginning};
use super::fault::Fault;
use crate::people::{Account, AccountId, Role};
use crate::store::{
    Accounts, Action, ActionFilter, ApiToken, NewAccount, NewToken, Session, StoreError, word,
};

const ALL: &str = "SELECT * FROM account ORDER BY login";
const OF_LOGIN: &str = "SELECT * FROM account WHERE login = $1";
const OF_ID: &str = "SELECT * FROM account WHERE id = $1";

const ADD: &str = "INSERT INTO account (login, name, role, sites, password, totp, must_change, is_closed, failures, created)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8) ON CONFLICT (login) DO NOTHING RETURNING id";

const CHANGE: &str =
    "UPDATE account SET name = $1, role = $2, sites = $3, password = $4, totp = $5, totp_step = $6,
    must_change = $7, is_closed = $8, failures = $9, locked_until = $10 WHERE id = $11";

const NOTE_LOGIN: &str =
    "UPDATE account SET failures = $1, locked_until = $2, totp_step = coalesce($3, totp_step)
    WHERE id = $4";

const BEGIN: &str =
    "INSERT INTO session (hash, account, form, begun, last_used, until) VALUES ($1, $2, $3, $4, $5, $6)";

const SESSION: &str = "SELECT hash, account, form, begun, last_used, until FROM session
    WHERE hash = $1 AND until > $2";

const TOKEN: &str = "SELECT * FROM api_token WHERE hash = $1 AND until > $2 AND revoked IS NULL";

const NOTE: &str =
    "INSERT INTO audit (at, actor, address, what, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)";

/// Time between two notes that a session or a token is in use.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

impl Accounts for Sqlite {
    fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.readers.run(all)
    }

    fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        self.readers.run(|connection| of_login(connection, login))
    }

    fn add_account(&self, account: &NewAccount, note: &Action) -> Result<AccountId, StoreError> {
        let (account, note) = (account.clone(), note.clone());
        self.writer.run(move |transaction| add(transaction, &account, &note))
    }

    fn change_account(&self, account: &Account, note: &Action) -> Result<(), StoreError> {
        let (account, note) = (account.clone(), note.clone());
        self.writer.run(move |transaction| change(transaction, &account, &note))
    }

    fn note_login(
        &self,
        account: AccountId,
        failures: u32,
        locked_until: Option<Timestamp>,
        step: Option<i64>,
        note: Option<&Action>,
    ) -> Result<(), StoreError> {
        self.noted(note, move |transaction| note_login(transaction, account, failures, locked_until, step))
    }

    fn begin_session(&self, session: &Session, note: &Action) -> Result<(), StoreError> {
        let (session, note) = (session.clone(), note.clone());
        self.writer.run(move |transaction| begin_session(transaction, &session, &note))
    }

    fn session(&self, hash: &str, now: Timestamp) -> Result<Option<(Session, Account)>, StoreError> {
        let found = self.readers.run(|connection| session(connection, hash, now))?;
        if let Some((session, _)) = &found
            && is_stale(Some(session.last_used), now)
        {
            let hash = hash.to_owned();
            self.writer.run(move |transaction| use_session(transaction, &hash, now))?;
        }
        Ok(found)
    }

    fn end_session(&self, hash: &str, note: &Action) -> Result<(), StoreError> {
        let (hash, note) = (hash.to_owned(), note.clone());
        self.writer.run(move |transaction| end_session(transaction, &hash, &note))
    }

    fn add_token(&self, token: &NewToken, note: &Action) -> Result<i64, StoreError> {
        let (token, note) = (token.clone(), note.clone());
        self.writer.run(move |transaction| add_token(transaction, &token, &note))
    }

    fn token(&self, hash: &str, now: Timestamp) -> Result<Option<ApiToken>, StoreError> {
        let found = self.readers.run(|connection| token(connection, hash, now))?;
        if let Some(token) = &found
            && is_stale(token.last_used, now)
        {
            let id = token.id;
            self.writer.run(move |transaction| use_token(transaction, id, now))?;
        }
        Ok(found)
    }

    fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        self.readers.run(tokens)
    }

    fn revoke_token(&self, id: i64, note: &Action) -> Result<(), StoreError> {
        let note = note.clone();
        self.writer.run(move |transaction| revoke_token(transaction, id, &note))
    }

    fn note(&self, action: &Action) -> Result<(), StoreError> {
        let action = action.clone();
        self.writer.run(move |transaction| note(transaction, &action))
    }

    fn actions(&self, wanted: &ActionFilter) -> Result<Vec<(i64, Action)>, StoreError> {
        self.readers.run(|connection| actions(connection, wanted))
    }
}

fn all(connection: &Connection) -> Result<Vec<Account>, Fault> {
    connection.prepare_cached(ALL)?.query_and_then([], account)?.collect()
}

fn of_login(connection: &Connection, login: &str) -> Result<Option<Account>, Fault> {
    connection.prepare_cached(OF_LOGIN)?.query_and_then([login], account)?.next().transpose()
}

fn add(connection: &Connection, new: &NewAccount, action: &Action) -> Result<AccountId, Fault> {
    let NewAccount { login, name, role, sites, password, totp, must_change } = new;
    let totp = totp.as_ref().map(word::json);
    let created = word::time(action.at);
    let values = params![login, name, role.word(), word::json(sites), password, totp, must_change, created];
    let id = connection.query_row(ADD, values, |row| row.get(0)).optional()?;
    let id = id.ok_or_else(|| StoreError::LoginTaken { login: login.clone() })?;
    note(connection, action)?;
    Ok(AccountId(id))
}

fn change(connection: &Connection, new: &Account, action: &Action) -> Result<(), Fault> {
    let Some(old) =
        connection.prepare_cached(OF_ID)?.query_and_then([new.id.0], account)?.next().transpose()?
    else {
        return Err(StoreError::NoSuchAccount { login: new.login.clone() }.into());
    };
    connection.execute(
        CHANGE,
        params![
            new.name,
            new.role.word(),
            word::json(&new.sites),
            new.password,
            new.totp.as_ref().map(word::json),
            new.totp_step,
            new.must_change,
            new.is_closed,
            new.failures,
            new.locked_until.map(word::time),
            new.id.0
        ],
    )?;
    if new.is_closed || new.password != old.password {
        connection.execute("DELETE FROM session WHERE account = $1", [new.id.0])?;
    }
    note(connection, action)
}

fn note_login(
    connection: &Connection,
    account: AccountId,
    failures: u32,
    locked_until: Option<Timestamp>,
    step: Option<i64>,
) -> Result<(), Fault> {
    connection.execute(NOTE_LOGIN, params![failures, locked_until.map(word::time), step, account.0])?;
    Ok(())
}

fn begin_session(connection: &Connection, session: &Session, action: &Action) -> Result<(), Fault> {
    let Session { hash, account, form, begun, last_used, until } = session;
    // Those that have ended are of no use to anybody.
    connection.execute("DELETE FROM session WHERE until <= $1", [word::time(*begun)])?;
    let values =
        params![hash, account.0, form, word::time(*begun), word::time(*last_used), word::time(*until)];
    connection.execute(BEGIN, values)?;
    note(connection, action)
}

fn session(connection: &Connection, hash: &str, now: Timestamp) -> Result<Option<(Session, Account)>, Fault> {
    let mut statement = connection.prepare_cached(SESSION)?;
    let found = statement.query_and_then(params![hash, word::time(now)], read_session)?.next().transpose()?;
    let Some(session) = found else { return Ok(None) };
    let mut accounts = connection.prepare_cached(OF_ID)?;
    let owner = accounts.query_and_then([session.account.0], account)?.next().transpose()?;
    Ok(owner.filter(|owner| !owner.is_closed).map(|owner| (session, owner)))
}

/// Whether it is time to note again that something is in use.
fn is_stale(last_used: Option<Timestamp>, now: Timestamp) -> bool {
    last_used.is_none_or(|last| now.duration_since(last) >= NOTED_EVERY)
}

fn use_session(connection: &Connection, hash: &str, now: Timestamp) -> Result<(), Fault> {
    connection
        .execute("UPDATE session SET last_used = $1 WHERE hash = $2", [word::time(now), hash.to_owned()])?;
    Ok(())
}

fn end_session(connection: &Connection, hash: &str, action: &Action) -> Result<(), Fault> {
    connection.execute("DELETE FROM session WHERE hash = $1", [hash])?;
    note(connection, action)
}

fn add_token(connection: &Connection, token: &NewToken, action: &Action) -> Result<i64, Fault> {
    let NewToken { hash, name, role, sites, until } = token;
    let (created, until) = (word::time(action.at), word::time(*until));
    let id = connection.query_row(
        "INSERT INTO api_token (hash, name, role, sites, made_by, created, until)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        params![hash, name, role.word(), word::json(sites), action.actor, created, until],
        |row| row.get(0),
    )?;
    note(connection, action)?;
    Ok(id)
}

fn token(connection: &Connection, hash: &str, now: Timestamp) -> Result<Option<ApiToken>, Fault> {
    let mut statement = connection.prepare_cached(TOKEN)?;
    statement.query_and_then(params![hash, word::time(now)], read_token)?.next().transpose()
}

fn use_token(connection: &Connection, id: i64, now: Timestamp) -> Result<(), Fault> {
    connection.execute("UPDATE api_token SET last_used = $1 WHERE id = $2", params![word::time(now), id])?;
    Ok(())
}

fn tokens(connection: &Connection) -> Result<Vec<ApiToken>, Fault> {
    let mut statement = connection.prepare_cached("SELECT * FROM api_token ORDER BY id DESC")?;
    statement.query_and_then([], read_token)?.collect()
}

fn revoke_token(connection: &Connection, id: i64, action: &Action) -> Result<(), Fault> {
    let at = word::time(action.at);
    connection
        .execute("UPDATE api_token SET revoked = coalesce(revoked, $1) WHERE id = $2", params![at, id])?;
    note(connection, action)
}

/// Records an action.
pub(super) fn note(connection: &Connection, action: &Action) -> Result<(), Fault> {
    let Action { at, actor, address, what, subject, detail } = action;
    connection.prepare_cached(NOTE)?.execute(params![
        word::time(*at),
        actor,
        address,
        what,
        subject,
        detail
    ])?;
    Ok(())
}

fn actions(connection: &Connection, filter: &ActionFilter) -> Result<Vec<(i64, Action)>, Fault> {
    let mut wanted = Conditions::default();
    for (column, value) in [("actor", &filter.actor), ("subject", &filter.subject)] {
        if !value.is_empty() {
            wanted.among(column, [value.clone()]);
        }
    }
    if !filter.what.is_empty() {
        let pattern = wanted.parameter(beginning(&filter.what));
        wanted.add(format!("what LIKE {pattern} ESCAPE '!'"));
    }
    if let Some((actor, sites)) = &filter.within {
        let actor = wanted.parameter(actor.clone());
        let sites = wanted.parameters(sites.clone());
        wanted.add(format!(
            "(actor = {actor} OR subject IN ({sites})
              OR subject IN (SELECT fingerprint FROM finding WHERE site IN ({sites})))"
        ));
    }
    if let Some(before) = filter.before {
        let before = wanted.parameter(before);
        wanted.add(format!("id < {before}"));
    }
    let limit = wanted.parameter(filter.limit);
    let statement = format!(
        "SELECT id, at, actor, address, what, subject, detail FROM audit WHERE {}
         ORDER BY id DESC LIMIT {limit}",
        wanted.text()
    );
    let mut statement = connection.prepare_cached(&statement)?;
    let rows = statement.query_and_then(&*wanted.values(), |row| {
        let action = Action {
            at: time(row, "at")?,
            actor: row.get("actor")?,
            address: row.get("address")?,
            what: row.get("what")?,
            subject: row.get("subject")?,
            detail: row.get("detail")?,
        };
        Ok((row.get("id")?, action))
    })?;
    rows.collect()
}

fn account(row: &Row<'_>) -> Result<Account, Fault> {
    let totp: Option<String> = row.get("totp")?;
    Ok(Account {
        id: AccountId(row.get("id")?),
        login: row.get("login")?,
        name: row.get("name")?,
        role: role(row)?,
        sites: word::read_json(&row.get::<_, String>("sites")?)?,
        password: row.get("password")?,
        totp: totp.as_deref().map(word::read_json).transpose()?,
        totp_step: row.get("totp_step")?,
        must_change: row.get("must_change")?,
        is_closed: row.get("is_closed")?,
        failures: row.get("failures")?,
        locked_until: maybe_time(row, "locked_until")?,
        created: time(row, "created")?,
    })
}

fn read_session(row: &Row<'_>) -> Result<Session, Fault> {
    Ok(Session {
        hash: row.get("hash")?,
        account: AccountId(row.get("account")?),
        form: row.get("form")?,
        begun: time(row, "begun")?,
        last_used: time(row, "last_used")?,
        until: time(row, "until")?,
    })
}

fn read_token(row: &Row<'_>) -> Result<ApiToken, Fault> {
    Ok(ApiToken {
        id: row.get("id")?,
        name: row.get("name")?,
        role: role(row)?,
        sites: word::read_json(&row.get::<_, String>("sites")?)?,
        made_by: row.get("made_by")?,
        created: time(row, "created")?,
        until: time(row, "until")?,
        last_used: maybe_time(row, "last_used")?,
        revoked: maybe_time(row, "revoked")?,
    })
}

fn role(row: &Row<'_>) -> Result<Role, Fault> {
    let text: String = row.get("role")?;
    Role::of_word(&text).ok_or_else(|| Fault::Damage(format!("{text:?} is no role")))
}

fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, Fault> {
    Ok(word::read_time(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)?)
}

fn maybe_time(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, Fault> {
    let text: Option<String> = row.get(column)?;
    Ok(text.as_deref().map(word::read_time).transpose()?)
}
