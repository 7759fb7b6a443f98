//! Who may do what: accounts, roles, passwords, second factors, tokens of programs.
//!
//! Plain functions and data; keeping is for [`store`](crate::store), cookies and pages are for `web`.

mod password;
mod role;
mod token;
mod totp;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use password::{Password, WeakPassword, hash_password, is_password, stand_in};
pub use role::{Permission, Role};
pub use token::Token;
pub use totp::{TotpSecret, is_code};

/// Failed logins in a row after which an account is locked.
const FAILURES: u32 = 5;
/// How long it stays locked.
const LOCKED: SignedDuration = SignedDuration::from_mins(15);

/// Number of an account in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub i64);

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// What is typed to log in.
    pub login: String,
    /// The person's name, as others see it.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Ids of the sites the person sees; empty: all.
    pub sites: Vec<String>,
    /// Hash of the password, PHC string.
    pub password: String,
    /// Secret of the second factor, where one is set up.
    pub totp: Option<TotpSecret>,
    /// The step of the code that was used last: no code works twice.
    pub totp_step: Option<i64>,
    /// Whether the password must be changed at the next login.
    pub must_change: bool,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Failed logins in a row.
    pub failures: u32,
    /// Until when it is locked.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
}

impl Account {
    /// Whether it may not log in at `now`.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Failures and lock after one more failed login.
    pub fn after_failure(&self, now: Timestamp) -> (u32, Option<Timestamp>) {
        let failures = self.failures + 1;
        if failures < FAILURES {
            return (failures, None);
        }
        (0, now.saturating_add(LOCKED).ok())
    }

    /// Whether the person may see a site.
    pub fn sees(&self, site: &str) -> bool {
        self.sites.is_empty() || self.sites.iter().any(|seen| seen == site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            id: AccountId(1),
            login: "zhang".to_owned(),
            name: "张三".to_owned(),
            role: Role::Operator,
            sites: vec!["sthjt".to_owned()],
            password: String::new(),
            totp: None,
            totp_step: None,
            must_change: false,
            is_closed: false,
            failures: 0,
            locked_until: None,
            created: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn five_failures_lock_for_a_while() {
        let (mut account, now) = (account(), Timestamp::UNIX_EPOCH);
        for failure in 1..=5 {
            assert!(!account.is_locked(now), "{failure}");
            (account.failures, account.locked_until) = account.after_failure(now);
        }
        assert!(account.is_locked(now));
        assert!(!account.is_locked(now + LOCKED));
        assert_eq!(account.failures, 0, "and counts anew");
    }

    #[test]
    fn an_empty_scope_sees_all() {
        let scoped = account();
        assert!(scoped.sees("sthjt") && !scoped.sees("other"));
        assert!(Account { sites: Vec::new(), ..scoped }.sees("other"));
    }
}
