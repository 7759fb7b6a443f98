//! Which addresses belong to the site.

use std::{fmt, str::FromStr};

use url::Host;

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
///
/// A home `www.x.gov.cn` stands for `x.gov.cn` and all below it; a home `a.x.gov.cn` for itself and all below it, but
/// never for `x.gov.cn`. A public suffix (`gov.cn`) belongs to nobody. Both http and https are meant.
#[derive(Debug, Clone)]
pub struct Scope {
    of_home: Vec<ScopeEntry>,
    named: Vec<ScopeEntry>,
}

impl Scope {
    /// The scope of a site with this home page. `more` names further hosts (`hb.example.gov.cn`), with an optional
    /// port or path prefix (`www.example.gov.cn/sthjt/`); a leading `*.` also takes in sub-domains. An entry that
    /// names no host takes in nothing; `config` refuses those beforehand by [`ScopeEntry::from_str`].
    pub fn new(home: &Address, more: &[String]) -> Scope {
        let named = more.iter().filter_map(|text| text.parse().ok()).collect();
        Scope { of_home: ScopeEntry::of_home(home), named }
    }

    /// Whether `address` is part of the site.
    pub fn relation(&self, address: &Address) -> Relation {
        let mut entries = self.of_home.iter().chain(&self.named);
        if entries.any(|entry| entry.covers(address)) { Relation::Own } else { Relation::Foreign }
    }

    /// The entries that the operator named, besides those that follow from the home page.
    pub fn named(&self) -> &[ScopeEntry] {
        &self.named
    }
}

/// One host of a scope, as an operator writes it: `[*.]host[:port][/path/]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeEntry {
    host: String,
    with_subdomains: bool,
    ports: Ports,
    path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ports {
    /// A name stands for the same owner on any port.
    Any,
    /// Those of http and https.
    Default,
    One(u16),
}

/// An entry of a scope names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("names no host; write it as host, *.host, host:port or host/path/")]
pub struct NoHost;

impl FromStr for ScopeEntry {
    type Err = NoHost;

    fn from_str(text: &str) -> Result<ScopeEntry, NoHost> {
        let text = text.trim();
        let text = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(text);
        let (text, with_subdomains) = match text.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (authority, path) = match text.find('/') {
            Some(slash) => text.split_at(slash),
            None => (text, "/"),
        };
        let (host, ports) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, Ports::One(port.parse().map_err(|_| NoHost)?))
            }
            _ => (authority, Ports::Any),
        };
        let host = Host::parse(host).map_err(|_| NoHost)?.to_string();
        Ok(ScopeEntry { host, with_subdomains, ports, path: path.to_owned() })
    }
}

impl fmt::Display for ScopeEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below = if self.with_subdomains { "*." } else { "" };
        write!(f, "{below}{}", self.host)?;
        if let Ports::One(port) = self.ports {
            write!(f, ":{port}")?;
        }
        if self.path == "/" { Ok(()) } else { f.write_str(&self.path) }
    }
}

impl ScopeEntry {
    fn of_home(home: &Address) -> Vec<ScopeEntry> {
        let entry = |host: &str, with_subdomains: bool, ports: Ports| ScopeEntry {
            host: host.to_owned(),
            with_subdomains,
            ports,
            path: "/".to_owned(),
        };
        let host = home.host();
        if !matches!(home.url().host(), Some(Host::Domain(name)) if name != "localhost") {
            // Different sites on one machine are told apart by nothing but their ports.
            let ports = home.url().port().map_or(Ports::Default, Ports::One);
            return vec![entry(host, false, ports)];
        }
        let bare = host.strip_prefix("www.").unwrap_or(host);
        if is_public_suffix(bare) {
            let www = format!("www.{bare}");
            return vec![entry(&www, true, Ports::Any), entry(host, false, Ports::Any)];
        }
        vec![entry(bare, true, Ports::Any)]
    }

    fn covers(&self, address: &Address) -> bool {
        let host = address.host();
        let is_below = || {
            let start = host.strip_suffix(self.host.as_str());
            self.with_subdomains && start.is_some_and(|start| start.ends_with('.'))
        };
        let on_port = match self.ports {
            Ports::Any => true,
            Ports::Default => address.url().port().is_none(),
            Ports::One(port) => address.url().port_or_known_default() == Some(port),
        };
        on_port && (host == self.host || is_below()) && self.covers_path(address.url().path())
    }

    fn covers_path(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.path.as_str()) else {
            return path == self.path.trim_end_matches('/');
        };
        self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/')
    }
}

/// Whether names under `host` are given to different owners.
fn is_public_suffix(host: &str) -> bool {
    psl::domain_str(host).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(home: &str, more: &[&str]) -> Scope {
        let more: Vec<String> = more.iter().map(|&text| text.to_owned()).collect();
        Scope::new(&Address::parse(home).expect("a good home"), &more)
    }

    fn check(scope: &Scope, address: &str, own: bool) {
        let expected = if own { Relation::Own } else { Relation::Foreign };
        let address = Address::parse(address).expect("a good address");
        assert_eq!(scope.relation(&address), expected, "{address} in {scope:?}");
    }

    #[test]
    fn a_www_home_stands_for_the_name_below_it() {
        let scope = scope("http://www.example.gov.cn/", &[]);
        check(&scope, "https://www.example.gov.cn/a", true);
        check(&scope, "http://example.gov.cn/", true);
        check(&scope, "http://hb.example.gov.cn:8080/", true);
        check(&scope, "http://notexample.gov.cn/", false);
        check(&scope, "http://www.example.gov.cn.evil.com/", false);
        check(&scope, "http://gov.cn/", false);
    }

    #[test]
    fn a_bare_home_never_stands_for_its_parent() {
        let scope = scope("http://sthjt.sc.gov.cn/", &[]);
        check(&scope, "http://sthjt.sc.gov.cn/", true);
        check(&scope, "http://www.sthjt.sc.gov.cn/", true);
        check(&scope, "https://a.b.sthjt.sc.gov.cn/", true);
        check(&scope, "http://www.sc.gov.cn/", false);
        check(&scope, "http://sc.gov.cn/", false);
        check(&scope, "http://xsthjt.sc.gov.cn/", false);
    }

    #[test]
    fn a_public_suffix_belongs_to_nobody() {
        let scope = scope("http://www.gov.cn/", &[]);
        check(&scope, "http://www.gov.cn/zhengce/", true);
        check(&scope, "http://zfwzgl.www.gov.cn/", true);
        check(&scope, "http://gov.cn/", false);
        check(&scope, "http://www.sc.gov.cn/", false);
    }

    #[test]
    fn a_machine_is_told_by_its_port() {
        let loopback = scope("http://127.0.0.1:8001/", &[]);
        check(&loopback, "http://127.0.0.1:8001/a", true);
        check(&loopback, "http://127.0.0.1:8002/a", false);
        check(&loopback, "http://localhost:8001/a", false);
        let local = scope("http://localhost:8001/", &[]);
        check(&local, "http://localhost:8001/a", true);
        check(&local, "http://localhost/a", false);
        let bare = scope("http://192.0.2.7/", &[]);
        check(&bare, "https://192.0.2.7/", true);
        check(&bare, "http://192.0.2.7:8080/", false);
        let v6 = scope("http://[2001:db8::1]:81/", &[]);
        check(&v6, "http://[2001:DB8:0::1]:81/", true);
        check(&v6, "http://[2001:db8::1]/", false);
    }

    #[test]
    fn an_operator_names_more() {
        let more =
            ["HB.other.gov.cn", "*.third.gov.cn", "www.p.gov.cn/sthjt", "m.gov.cn:81/x/", "https://[::1]:9/"];
        let scope = scope("http://a.example.gov.cn/", &more);
        check(&scope, "http://hb.other.gov.cn:8080/", true);
        check(&scope, "http://x.hb.other.gov.cn/", false);
        check(&scope, "http://third.gov.cn/", true);
        check(&scope, "http://x.y.third.gov.cn/", true);
        check(&scope, "http://www.p.gov.cn/sthjt", true);
        check(&scope, "http://www.p.gov.cn/sthjt/a.html", true);
        check(&scope, "http://www.p.gov.cn/sthjtx/", false);
        check(&scope, "http://www.p.gov.cn/", false);
        check(&scope, "http://m.gov.cn:81/x/y", true);
        check(&scope, "http://m.gov.cn:81/x", true);
        check(&scope, "http://m.gov.cn/x/y", false);
        check(&scope, "http://[::1]:9/q", true);
    }

    #[test]
    fn an_entry_must_name_a_host() {
        let check = |text: &str, good: bool| assert_eq!(text.parse::<ScopeEntry>().is_ok(), good, "{text:?}");
        check("a.gov.cn", true);
        check("*.a.gov.cn", true);
        check("a.gov.cn:8080/x/", true);
        check("四川.政务", true);
        check("", false);
        check("*.", false);
        check("a b.gov.cn", false);
        check("a.gov.cn:x", false);
        check("/path", false);
    }
}
