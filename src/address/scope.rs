//! Which addresses belong to the site.

use super::Address;

/// What an address is to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Part of the site: crawled.
    Own,
    /// Outside: verified, not crawled.
    Foreign,
}

/// The hosts of a site: its home's host, that host's sub-domains, and those the operator names.
#[derive(Debug, Clone)]
pub struct Scope {
    hosts: Vec<String>,
}

impl Scope {
    /// The scope of a site with this home page. `more` names further hosts (`hb.example.gov.cn`), with an optional
    /// port or path prefix (`www.example.gov.cn/sthjt/`); a leading `*.` also takes in sub-domains.
    pub fn new(home: &Address, more: &[String]) -> Scope {
        let mut hosts = vec![home.host().to_owned()];
        hosts.extend(more.iter().cloned());
        Scope { hosts }
    }

    /// Whether `address` is part of the site.
    pub fn relation(&self, address: &Address) -> Relation {
        if self.hosts.iter().any(|host| host == address.host()) { Relation::Own } else { Relation::Foreign }
    }
}
