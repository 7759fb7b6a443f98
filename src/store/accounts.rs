//! Accounts, sessions and tokens on record, and who did what.

use jiff::Timestamp;

use super::StoreError;
use crate::people::{Account, AccountId, Role, TotpSecret};

/// Accounts and what belongs to them. Secrets come here as hashes only, but for those of second factors.
pub trait Accounts {
    /// Every account, by login.
    fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// The account of a login.
    fn account(&self, login: &str) -> Result<Option<Account>, StoreError>;

    /// Makes an account. Its login must be new.
    fn add_account(&self, account: &NewAccount, note: &Action) -> Result<AccountId, StoreError>;

    /// Changes an account: its name, role, sites, password, second factor, locks. The login stays. A closed account and
    /// one with a new password lose their sessions.
    fn change_account(&self, account: &Account, note: &Action) -> Result<(), StoreError>;

    /// Notes how a login went on its account; one that was refused is an action.
    fn note_login(
        &self,
        account: AccountId,
        failures: u32,
        locked_until: Option<Timestamp>,
        step: Option<i64>,
        note: Option<&Action>,
    ) -> Result<(), StoreError>;

    /// Begins a session.
    fn begin_session(&self, session: &Session, note: &Action) -> Result<(), StoreError>;

    /// The session of a token's hash that is good at `now`, with its account; notes that it was used, once a minute.
    fn session(&self, hash: &str, now: Timestamp) -> Result<Option<(Session, Account)>, StoreError>;

    /// Ends a session.
    fn end_session(&self, hash: &str, note: &Action) -> Result<(), StoreError>;

    /// Makes a token for a program.
    fn add_token(&self, token: &NewToken, note: &Action) -> Result<i64, StoreError>;

    /// The token of a hash that is good at `now`; notes that it was used, once a minute.
    fn token(&self, hash: &str, now: Timestamp) -> Result<Option<ApiToken>, StoreError>;

    /// Every token, newest first.
    fn tokens(&self) -> Result<Vec<ApiToken>, StoreError>;

    /// Makes a token useless.
    fn revoke_token(&self, id: i64, note: &Action) -> Result<(), StoreError>;

    /// Records an action that is recorded nowhere else.
    fn note(&self, action: &Action) -> Result<(), StoreError>;

    /// The actions that are wanted with their numbers, newest first.
    fn actions(&self, wanted: &ActionFilter) -> Result<Vec<(i64, Action)>, StoreError>;
}

/// An account about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed to log in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Ids of the sites the person sees; empty: all.
    pub sites: Vec<String>,
    /// Hash of the password.
    pub password: String,
    /// Secret of the second factor.
    pub totp: Option<TotpSecret>,
    /// Whether the password must be changed at the first login.
    pub must_change: bool,
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of its token.
    pub hash: String,
    /// Whose it is.
    pub account: AccountId,
    /// What every form of this session carries, so that no other site can send one.
    pub form: String,
    /// When it began.
    pub begun: Timestamp,
    /// When it was used last.
    pub last_used: Timestamp,
    /// When it ends, used or not.
    pub until: Timestamp,
}

/// A token about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Hash of the token.
    pub hash: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Ids of the sites it sees; empty: all.
    pub sites: Vec<String>,
    /// When it ends.
    pub until: Timestamp,
}

/// A token of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Ids of the sites it sees; empty: all.
    pub sites: Vec<String>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub created: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// When it was used last.
    pub last_used: Option<Timestamp>,
    /// When it was made useless.
    pub revoked: Option<Timestamp>,
}

/// Who did what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// When.
    pub at: Timestamp,
    /// Who: a login, `token:NAME`, or empty where nobody was logged in.
    pub actor: String,
    /// From which address.
    pub address: String,
    /// What: `login`, `finding.dismiss`.
    pub what: String,
    /// To what.
    pub subject: String,
    /// What else is worth knowing. No secrets.
    pub detail: String,
}

/// Which actions are wanted. The default wants them all, in one page of none: set `limit`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionFilter {
    /// Of this actor; empty: of anybody.
    pub actor: String,
    /// Whose word begins so: `finding.`; empty: any.
    pub what: String,
    /// To this; empty: to anything.
    pub subject: String,
    /// Done by this actor, or to these sites and their findings; `None`: by anybody, to anything.
    pub within: Option<(String, Vec<String>)>,
    /// Those before this number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

impl ActionFilter {
    /// The last so many, whoever did what.
    pub fn last(limit: u32) -> ActionFilter {
        ActionFilter { limit, ..ActionFilter::default() }
    }
}
