//! Where a link leads: to somebody known, or to a stranger.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::address::{Address, Relation};
use crate::checks::Context;
use crate::indicators::{Hosts, is_below};
use crate::page::Page;

/// A host that nobody vouches for.
#[derive(Debug, Clone)]
pub(super) struct Stranger {
    pub(super) address: Address,
    pub(super) host: String,
    /// It lies in a top-level domain that planted links favour.
    pub(super) is_abused: bool,
    /// It has no name, only a number.
    pub(super) is_number: bool,
    pub(super) disguise: Option<Disguise>,
}

/// How an address pretends to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disguise {
    /// `http://www.gov.cn@host/`.
    Userinfo,
    /// `http://2130706433/`, `http://0x7f.1/`.
    Number,
    /// `www.gov.cn.example.com`, `gov-cn.example.com`.
    LookAlike,
    /// Letters of other scripts that look like Latin ones.
    Homograph,
}

impl Disguise {
    pub(super) fn chinese(self) -> &'static str {
        match self {
            Disguise::Userinfo => "以“@”前的文字冒充域名",
            Disguise::Number => "以数字形式书写主机",
            Disguise::LookAlike => "域名仿冒 gov.cn",
            Disguise::Homograph => "域名使用形近字符",
        }
    }
}

/// Tells strangers from those a page may link to.
pub(super) struct Targets<'a, 'c> {
    page: &'a Page,
    context: &'a Context<'c>,
    hosts: &'a Hosts,
    /// Hosts asked about so far, as written: most links of a page share a few.
    asked: RefCell<HashMap<String, bool>>,
}

impl<'a, 'c> Targets<'a, 'c> {
    pub(super) fn new(page: &'a Page, context: &'a Context<'c>) -> Targets<'a, 'c> {
        Targets { page, context, hosts: context.rules.hosts(), asked: RefCell::default() }
    }

    /// The stranger that a link leads to; `None` where it leads to somebody known or nowhere.
    pub(super) fn stranger(&self, raw: &str) -> Option<Stranger> {
        // What names no host stays on the site; most links do.
        let written = written_host(raw)?;
        if !self.may_be_strange(written) {
            return None;
        }
        let address = self.page.base.resolve(raw, self.page.charset.encoding).ok()?;
        let host = address.host().trim_end_matches('.').to_owned();
        if self.is_known(&address, &host) {
            return None;
        }
        let is_number = matches!(address.url().host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)));
        let disguise = disguise(written, &host, is_number, &address);
        let is_abused = self.hosts.dark_link.is_abused(&host);
        Some(Stranger { is_abused, is_number, disguise, address, host })
    }

    /// Whether a host, as written, may be a stranger's. Says yes where its spelling leaves any doubt.
    pub(super) fn may_be_strange(&self, written: &str) -> bool {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
        if !written.bytes().all(is_plain) {
            return true;
        }
        if let Some(answer) = self.asked.borrow().get(written) {
            return *answer;
        }
        let address = Address::parse(&format!("http://{written}/"));
        let answer = address.is_ok_and(|address| !self.is_known(&address, written));
        self.asked.borrow_mut().insert(written.to_owned(), answer);
        answer
    }

    fn is_known(&self, address: &Address, host: &str) -> bool {
        let site = self.context.site;
        site.scope.relation(address) == Relation::Own
            || host == self.page.address.host()
            || self.hosts.knows(host)
            || self.context.is_intranet(address)
            || site
                .allow
                .iter()
                .any(|entry| is_below(host, entry.strip_prefix("dark-link:").unwrap_or(entry)))
    }
}

/// The host in an address, as written; `None` where it names none.
fn written_host(raw: &str) -> Option<&str> {
    let at = raw.find(['/', '\\'])?;
    let rest = raw[at..].trim_start_matches(['/', '\\']);
    // One slash begins a path, unless a scheme stands before it.
    if raw[at..].len() - rest.len() < 2 && !raw[..at].ends_with(':') {
        return None;
    }
    let host = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = host.strip_suffix(|c: char| c.is_ascii_whitespace()).unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

fn disguise(written: &str, host: &str, is_number: bool, address: &Address) -> Option<Disguise> {
    let dotted = |text: &str| text.matches('.').count();
    if !address.url().username().is_empty() && dotted(address.url().username()) > 0 {
        return Some(Disguise::Userinfo);
    }
    let bare = written.split(':').next().unwrap_or_default();
    if is_number && !host.starts_with('[') && bare != host {
        return Some(Disguise::Number);
    }
    let is_foreign = |c: char| matches!(c, '\u{370}'..='\u{5ff}' | '\u{ff01}'..='\u{ff5e}' | 'ɡ' | 'ı');
    if written.contains(is_foreign) || written.contains('%') {
        return Some(Disguise::Homograph);
    }
    let imitates = host.split('.').collect::<Vec<_>>().windows(2).any(|pair| pair == ["gov", "cn"])
        || ["gov-cn", "govcn", "g0v", "cn.gov."].iter().any(|part| host.contains(part));
    imitates.then_some(Disguise::LookAlike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_as_written() {
        let check = |raw: &str, expected: Option<&str>| assert_eq!(written_host(raw), expected, "{raw}");
        check("http://a.example/b", Some("a.example"));
        check("//a.example", Some("a.example"));
        check("HTTP:\\\\a.example\\b", Some("a.example"));
        check("http:/a.example", Some("a.example"));
        check("/a/b.html", None);
        check("a.html", None);
        check("../a", None);
        check("http://a.gov.cn@b.example/", Some("a.gov.cn@b.example"));
    }

    #[test]
    fn addresses_that_pretend() {
        let check = |raw: &str, expected: Option<Disguise>| {
            let address = Address::parse(raw).unwrap();
            let is_number = matches!(address.url().host(), Some(url::Host::Ipv4(_)));
            let host = address.host().to_owned();
            assert_eq!(disguise(written_host(raw).unwrap(), &host, is_number, &address), expected, "{raw}");
        };
        check("http://a.example/", None);
        check("http://www.gov.cn@a.example/", Some(Disguise::Userinfo));
        check("http://3405803777/", Some(Disguise::Number));
        check("http://203.0.113.1:8080/", None);
        check("http://www.gov.cn.a.example/", Some(Disguise::LookAlike));
        check("http://gov-cn.example/", Some(Disguise::LookAlike));
        check("http://gоv.example/", Some(Disguise::Homograph));
    }
}
