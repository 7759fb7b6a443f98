//! Who asks: a person with a session, or a program with a token.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use jiff::Timestamp;

use crate::people::{Account, Permission, Role};
use crate::store::{Action, ApiToken, Session};

/// Somebody who was let through the gate.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who.
    pub who: Who,
    /// From which address.
    pub address: String,
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person.
    Person(Box<Account>, Session),
    /// A program.
    Program(ApiToken),
    /// Nobody known: only where nothing is needed.
    Nobody,
}

impl Visitor {
    /// What stands in the record as the author of what is done.
    pub fn actor(&self) -> String {
        match &self.who {
            Who::Person(account, _) => account.login.clone(),
            Who::Program(token) => format!("token:{}", token.name),
            Who::Nobody => String::new(),
        }
    }

    /// The person's name, for the page.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Person(account, _) => &account.name,
            Who::Program(token) => &token.name,
            Who::Nobody => "",
        }
    }

    /// The account, where it is a person.
    pub fn account(&self) -> Option<&Account> {
        match &self.who {
            Who::Person(account, _) => Some(account),
            _ => None,
        }
    }

    /// The session, where there is one.
    pub fn session(&self) -> Option<&Session> {
        match &self.who {
            Who::Person(_, session) => Some(session),
            _ => None,
        }
    }

    /// What every form must carry.
    pub fn form_token(&self) -> &str {
        self.session().map_or("", |session| &session.form)
    }

    fn role(&self) -> Option<Role> {
        match &self.who {
            Who::Person(account, _) => Some(account.role),
            Who::Program(token) => Some(token.role),
            Who::Nobody => None,
        }
    }

    /// Whether it may do that.
    pub fn may(&self, permission: Permission) -> bool {
        self.role().is_some_and(|role| role.may(permission))
    }

    /// Whether it may see a site.
    pub fn sees(&self, site: &str) -> bool {
        match &self.who {
            Who::Person(account, _) => account.sees(site),
            Who::Program(token) => token.sites.is_empty() || token.sites.iter().any(|seen| seen == site),
            Who::Nobody => false,
        }
    }

    /// The sites that it may see, where these are not all.
    pub fn scope(&self) -> Option<&[String]> {
        let sites = match &self.who {
            Who::Person(account, _) => &account.sites,
            Who::Program(token) => &token.sites,
            Who::Nobody => return Some(&[]),
        };
        (!sites.is_empty()).then_some(sites)
    }

    /// Whether it may see every site, and what belongs to none.
    pub fn sees_all(&self) -> bool {
        match &self.who {
            Who::Person(account, _) => account.sites.is_empty(),
            Who::Program(token) => token.sites.is_empty(),
            Who::Nobody => false,
        }
    }

    /// What is recorded of something done.
    pub fn action(
        &self,
        at: Timestamp,
        what: &str,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> Action {
        let (actor, address) = (self.actor(), self.address.clone());
        Action { at, actor, address, what: what.to_owned(), subject: subject.into(), detail: detail.into() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visitor, Self::Rejection> {
        // The gate has put it there; without one nobody is known.
        Ok(parts.extensions.get::<Visitor>().cloned().unwrap_or_else(|| Visitor::nobody(parts)))
    }
}

impl Visitor {
    /// Nobody known, from nowhere.
    #[cfg(test)]
    pub(super) fn unknown() -> Visitor {
        Visitor { who: Who::Nobody, address: String::new() }
    }

    pub(super) fn nobody(parts: &Parts) -> Visitor {
        Visitor { who: Who::Nobody, address: address(parts) }
    }
}

/// The address of whoever connected.
pub(super) fn address(parts: &Parts) -> String {
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connected.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string())
}
