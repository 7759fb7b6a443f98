//! What is probed, how often, and when a failure is believed.

mod shown;
mod written;

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Settings, Site};
use crate::address::Address;

pub(super) use shown::{ShownProbing, ShownTarget};
pub(super) use written::{probing, targets};

/// How everything is probed that does not say otherwise.
#[derive(Debug, Clone)]
pub struct Probing {
    /// Time between two probes of a target that belongs to no site's schedule.
    pub interval: Duration,
    /// Time until the next probe while the last one leaves doubt.
    pub doubt_interval: Duration,
    /// Time after which an answer comes too late (VETO-02: 15 s included is a failure).
    pub timeout: Duration,
    /// Time from which an answer is slow.
    pub slow: Duration,
    /// When failures are believed.
    pub rule: Rule,
    /// Who is asked whether our own network works.
    pub references: References,
    /// Who knows until when domains are registered.
    pub registries: Registries,
    /// Whether each site is probed with a phone's name, its certificate and its domain besides its home page.
    pub whole_sites: bool,
    /// Targets besides the sites: any system of the customer.
    pub targets: Vec<Target>,
}

impl Default for Probing {
    fn default() -> Self {
        Probing {
            interval: Duration::from_secs(60),
            doubt_interval: Duration::from_secs(15),
            timeout: Duration::from_secs(15),
            slow: Duration::from_secs(5),
            rule: Rule::default(),
            references: References::default(),
            registries: Registries::default(),
            whole_sites: true,
            targets: Vec::new(),
        }
    }
}

/// Something that is probed.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its id: `sthjt`, `sthjt-phone`, `oa`.
    pub id: String,
    /// The site it belongs to, if any.
    pub site: Option<String>,
    /// What people call it.
    pub name: String,
    /// What is asked.
    pub subject: Subject,
    /// What the answer must be like.
    pub expect: Expect,
    /// Time between two probes.
    pub interval: Duration,
    /// Time after which an answer comes too late.
    pub timeout: Duration,
    /// When failures are believed.
    pub rule: Rule,
}

/// What a probe asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A page, as a reader at a desk or with a phone.
    Page(Address, Reader),
    /// Whether somebody listens on a port.
    Port(String, u16),
    /// The addresses of a name.
    Name(String),
    /// The certificate of a host.
    Certificate(String, u16),
    /// Until when a domain is registered.
    Domain(String),
}

/// As whom a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// At a desk.
    Desk,
    /// With a phone.
    Phone,
}

/// What an answer must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expect {
    /// Statuses that are right; empty: any from 200 to 299.
    pub statuses: Vec<u16>,
    /// Words that must be there.
    pub words: Vec<String>,
    /// Words that must not be there.
    pub not_words: Vec<String>,
    /// What a JSON answer must say: a pointer and the text of its value.
    pub json: Vec<(String, String)>,
    /// Addresses that a name may lead to; empty: those it led to before.
    pub addresses: Vec<String>,
}

/// When samples are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Failures among the last `of` samples that make a target fallen.
    pub fails: usize,
    /// Samples looked at.
    pub of: usize,
    /// Good samples in a row that make it risen.
    pub recovers: usize,
    /// When it goes up and down too often.
    pub flap: Flap,
    /// Days before the end of a certificate or a domain on which somebody is told, most first.
    pub days_before: Vec<i32>,
}

impl Default for Rule {
    fn default() -> Self {
        Rule {
            fails: 2,
            of: 3,
            recovers: 2,
            flap: Flap::default(),
            days_before: vec![60, 30, 14, 7, 3, 1, 0],
        }
    }
}

/// When a target goes up and down too often for each time to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flap {
    /// So many falls; 0: never…
    pub falls: usize,
    /// …within this time.
    pub within: Duration,
    /// After so long without a change its state is told again.
    pub calm: Duration,
}

impl Default for Flap {
    fn default() -> Self {
        Flap { falls: 4, within: Duration::from_secs(3600), calm: Duration::from_secs(900) }
    }
}

/// Addresses that answer a TCP connection whenever our network works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct References {
    /// Who is asked.
    pub addresses: Vec<SocketAddr>,
    /// How long each may take.
    pub timeout: Duration,
}

impl Default for References {
    /// The public name servers of three operators, which also take TCP.
    fn default() -> Self {
        let addresses = [
            "223.5.5.5:53",
            "119.29.29.29:53",
            "114.114.114.114:53",
            "[2400:3200::1]:53",
            "[2402:4e00::]:53",
        ];
        References {
            addresses: addresses
                .iter()
                .map(|text| text.parse().expect("a constant that was tried"))
                .collect(),
            timeout: Duration::from_secs(5),
        }
    }
}

/// Who knows until when domains are registered: below which name, a WHOIS server (`host` or `host:port`) or the
/// address of an RDAP service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registries(pub Vec<(String, String)>);

impl Default for Registries {
    /// `.cn` has no RDAP; `.政务` and `.公益` are kept by CONAC.
    fn default() -> Self {
        let known = [
            ("cn", "whois.cnnic.cn"),
            ("xn--fiqs8s", "whois.cnnic.cn"),
            ("xn--zfr164b", "https://rdap.conac.cn"),
            ("xn--55qw42g", "https://rdap.conac.cn"),
            ("com", "https://rdap.verisign.com/com/v1"),
            ("net", "https://rdap.verisign.com/net/v1"),
        ];
        Registries(known.map(|(name, registry)| (name.to_owned(), registry.to_owned())).to_vec())
    }
}

impl Registries {
    /// Who knows a domain: the entry that names most of its end.
    pub fn of(&self, domain: &str) -> Option<&str> {
        let is_below =
            |name: &str| domain == name || domain.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        let known = self.0.iter().filter(|(name, _)| is_below(name));
        known.max_by_key(|(name, _)| name.len()).map(|(_, registry)| registry.as_str())
    }
}

impl Settings {
    /// Everything that is probed: of each site the home page (and, unless switched off, the same with a phone, its
    /// certificate and its domain), and the targets of their own.
    pub fn targets(&self) -> Vec<Target> {
        let of_sites = self.sites.iter().flat_map(|site| self.probing.targets_of(site));
        of_sites.chain(self.probing.targets.iter().cloned()).collect()
    }
}

/// Time between two looks at what changes by the day: certificates, domains.
const DAILY: Duration = Duration::from_secs(6 * 3600);

impl Probing {
    fn targets_of(&self, site: &Site) -> Vec<Target> {
        let name = site.name.clone().unwrap_or_else(|| site.home.host().to_owned());
        let target = |suffix: &str, what: &str, subject: Subject, interval: Duration| Target {
            id: format!("{}{suffix}", site.id),
            site: Some(site.id.clone()),
            name: format!("{name}{what}"),
            subject,
            expect: Expect::default(),
            interval,
            timeout: self.timeout,
            rule: self.rule.clone(),
        };
        let interval = site.schedule.probe_interval;
        let mut targets = vec![target("", "", Subject::Page(site.home.clone(), Reader::Desk), interval)];
        if !self.whole_sites {
            return targets;
        }
        targets.push(target(
            "-phone",
            "（手机端）",
            Subject::Page(site.home.clone(), Reader::Phone),
            interval,
        ));
        let (host, url) = (site.home.host().to_owned(), site.home.url());
        let is_name = host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[');
        if url.scheme() == "https" {
            let port = url.port_or_known_default().unwrap_or(443);
            targets.push(target("-certificate", " 证书", Subject::Certificate(host.clone(), port), DAILY));
        }
        if is_name && host.contains('.') {
            targets.push(target("-name", " 域名解析", Subject::Name(host.clone()), 5 * interval));
            if let Some(domain) = psl::domain_str(&host) {
                targets.push(target("-domain", " 域名注册", Subject::Domain(domain.to_owned()), DAILY));
            }
        }
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_probed_in_all_its_parts() {
        let check = |home: &str, expected: &[&str]| {
            let site = Site::at(&Address::parse(home).unwrap(), &[]);
            let ids: Vec<String> =
                Probing::default().targets_of(&site).into_iter().map(|target| target.id).collect();
            let expected: Vec<String> =
                expected.iter().map(|suffix| format!("{}{suffix}", site.id)).collect();
            assert_eq!(ids, expected, "{home}");
        };
        check("http://127.0.0.1:8080/", &["", "-phone"]);
        check("https://[::1]/", &["", "-phone", "-certificate"]);
        check("https://www.example.gov.cn/", &["", "-phone", "-certificate", "-name", "-domain"]);
        check("http://localhost/", &["", "-phone"]);
    }

    #[test]
    fn the_longest_end_of_a_name_says_who_knows_it() {
        let mut registries = Registries::default();
        registries.0.push(("gov.cn".to_owned(), "whois.test:43".to_owned()));
        let check =
            |domain: &str, expected: Option<&str>| assert_eq!(registries.of(domain), expected, "{domain}");
        check("example.gov.cn", Some("whois.test:43"));
        check("example.cn", Some("whois.cnnic.cn"));
        check("examplecn", None);
        check("example.org", None);
    }
}
