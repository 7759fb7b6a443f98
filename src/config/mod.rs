//! The configuration: the file as written becomes [`Settings`] as used.
//!
//! Everything downstream takes what stands here as valid and asks nobody again. Never changes after loading.
//!
//! [`load`] reads a file and reports every problem in it at once; [`for_url`] makes do with an address; [`show`] writes
//! the result as the file that would lead to it. Values of a single key are read in [`values`], which the command line
//! shares, so that a duration means the same in both.

mod alert;
mod probing;
mod problem;
mod reports;
mod schedule;
mod screenshots;
mod secret;
mod section;
mod show;
pub mod values;
mod web;
mod written;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::address::{Address, Scope};
use crate::net::guard::Network;
use crate::schedule::{Schedule, TIME_ZONE};

pub use alert::{
    Alert, Budget, Channel, Encoding, Http, Insistence, Kind, Links, Mail, MailTls, Method, Quota, Recipient,
    Robot, Route, Signer, Success, Webhook,
};
pub use probing::{Expect, Flap, Probing, Reader, References, Registries, Rule, Subject, Target};
pub use problem::ConfigError;
pub use reports::{Plan, Readership, Reports};
pub use screenshots::{Pictured, Screenshots};
pub use secret::Secret;
pub use show::show;
pub use web::{LoginProxy, Web};
pub use written::load;

/// Where data lives unless somebody says otherwise.
pub const DATA_DIR: &str = "./data";

/// The scale of points unless somebody says otherwise.
pub const SCALE: &str = "2019";

/// Everything the program uses.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where data lives; the defaults of the other paths hang below it.
    pub data_dir: PathBuf,
    /// Whose days and hours calendars and periods are in.
    pub timezone: TimeZone,
    /// The sites.
    pub sites: Vec<Site>,
    /// How to crawl.
    pub crawl: Crawl,
    /// How to fetch.
    pub fetch: Fetching,
    /// What is probed, and how.
    pub probing: Probing,
    /// How IPv6 support is measured.
    pub ipv6: Ipv6,
    /// How the daemon runs.
    pub serve: Serve,
    /// URL of the record: `sqlite:PATH`.
    pub store_url: String,
    /// How long the record keeps what may go.
    pub keeping: Keeping,
    /// Folder of the crawl states, one below it for each site.
    pub state_dir: PathBuf,
    /// Where evidence goes: `file:PATH`.
    pub evidence_url: String,
    /// Days that bodies are kept after the last scan that used them.
    pub evidence_days: u32,
    /// Folder with rules that replace or add to the built-in ones.
    pub rules_dir: Option<PathBuf>,
    /// Folder with dictionaries layered over the built-in ones.
    pub dictionaries_dir: Option<PathBuf>,
    /// Whether the speller reads every text too.
    pub speller: bool,
    /// Whether the words of pictures are read too.
    pub ocr: bool,
    /// New pictures whose words one scan reads at most.
    pub ocr_pictures: u32,
    /// Bytes of an attachment at most whose words are read; 0: of none.
    pub attachment_bytes: u64,
    /// Which findings are pictured, and how.
    pub screenshots: Screenshots,
    /// Asks only these checks.
    pub only: Option<Vec<String>>,
    /// Judges as of this date instead of today.
    pub today: Option<Date>,
    /// Who is told what, and by which channels.
    pub alert: Alert,
    /// Which documents are made by themselves, and who gets them.
    pub reports: Reports,
    /// The dashboard.
    pub web: Web,
}

impl Settings {
    /// The defaults with all data below `data_dir`, and no site yet.
    pub fn in_folder(data_dir: &Path) -> Settings {
        Settings {
            data_dir: data_dir.to_owned(),
            timezone: TimeZone::get(TIME_ZONE).expect("the time zone database is built in"),
            sites: Vec::new(),
            crawl: Crawl::default(),
            fetch: Fetching::default(),
            probing: Probing::default(),
            ipv6: Ipv6::default(),
            serve: Serve::default(),
            store_url: format!("sqlite:{}", data_dir.join("record.db").display()),
            keeping: Keeping::default(),
            state_dir: data_dir.join("crawl"),
            evidence_url: format!("file:{}", data_dir.join("evidence").display()),
            evidence_days: 90,
            rules_dir: None,
            dictionaries_dir: None,
            speller: false,
            ocr: false,
            ocr_pictures: 500,
            screenshots: Screenshots::default(),
            attachment_bytes: 50 << 20,
            only: None,
            today: None,
            alert: Alert::default(),
            reports: Reports::default(),
            web: Web::default(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings::in_folder(Path::new(DATA_DIR))
    }
}

/// The defaults with one site, named by nothing but its home page. `scope` names further hosts of it.
pub fn for_url(home: &Address, scope: &[String]) -> Settings {
    Settings { sites: vec![Site::at(home, scope)], ..Settings::default() }
}

/// How long the record keeps what is no evidence of a finding, an incident or an interval, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// Counts of visits by the hour.
    pub visits: u32,
    /// Letters that were delivered or refused.
    pub letters: u32,
    /// Readings that brought nothing about.
    pub readings: u32,
}

impl Default for Keeping {
    /// Contracts run for a year and are disputed in the next; receipts are kept a year longer.
    fn default() -> Self {
        Keeping { visits: 800, letters: 1_100, readings: 800 }
    }
}

/// How the daemon runs.
#[derive(Debug, Clone, Default)]
pub struct Serve {
    /// An address that is called every minute while the self-audit finds nothing; a credential.
    pub heartbeat: Option<Secret>,
}

/// One monitored site.
#[derive(Debug, Clone)]
pub struct Site {
    /// Short id, `[a-z0-9-]+`.
    pub id: String,
    /// Full official name, where configured.
    pub name: Option<String>,
    /// Home page.
    pub home: Address,
    /// Which addresses belong to it.
    pub scope: Scope,
    /// Registered 政府网站标识码, where configured.
    pub id_code: Option<String>,
    /// Scale of points: an id of a rule set, e.g. `2019` or `2015`.
    pub scale: String,
    /// Whether the body serves people outside; the lines on services are not held against one that does not.
    pub services: bool,
    /// Whether its own search is asked for some of its titles.
    pub search: bool,
    /// Whether whoever answers for the site agreed to be looked at in the name of search engines.
    pub authorised: bool,
    /// Addresses (regular expressions on the URL) that are never visited.
    pub exclude: Vec<regex::Regex>,
    /// Columns the customer registered.
    pub columns: Vec<Column>,
    /// When its jobs run.
    pub schedule: Schedule,
    /// Words, hosts or addresses that raise nothing: entries `check-id:text`, or `text` for every check.
    pub allow: Vec<String>,
}

impl Site {
    /// A site of which only the home page is known. Its id comes from the host, without `www.`, and the port where
    /// that is not the usual one: `sthjt-example-gov-cn`, `127-0-0-1-8080`.
    pub fn at(home: &Address, scope: &[String]) -> Site {
        let host = home.host().strip_prefix("www.").unwrap_or(home.host());
        let spelled = match home.url().port() {
            Some(port) => format!("{host}-{port}"),
            None => host.to_owned(),
        };
        let parts: Vec<&str> =
            spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
        Site {
            id: parts.join("-").to_ascii_lowercase(),
            name: None,
            home: home.clone(),
            scope: Scope::new(home, scope),
            id_code: None,
            scale: SCALE.to_owned(),
            services: true,
            search: true,
            authorised: false,
            exclude: Vec::new(),
            columns: Vec::new(),
            schedule: Schedule::default(),
            allow: Vec::new(),
        }
    }
}

impl Site {
    /// Whether an address is left alone.
    pub fn excludes(&self, address: &Address) -> bool {
        self.exclude.iter().any(|pattern| pattern.is_match(address.as_str()))
    }

    /// What people call it: its name, or its host where it has none.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.home.host())
    }
}

/// A registered column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its page.
    pub address: Address,
    /// Kind from `rules/columns.toml`: `news`, `notice`, `policy`, …
    pub kind: Option<String>,
    /// Cycle in days, where it differs from that of its kind.
    pub cycle_days: Option<u32>,
}

/// How to crawl.
#[derive(Debug, Clone)]
pub struct Crawl {
    /// Pages parsed at most; `None`: all.
    pub max_pages: Option<u64>,
    /// Fetches in flight over all hosts.
    pub in_flight: usize,
    /// Tries before a failure counts as confirmed.
    pub confirm_tries: u8,
    /// Time between those tries.
    pub confirm_spacing: Duration,
    /// Members of one address template (digits replaced) whose content repeats, before it is given up.
    pub template_budget: u32,
    /// Distinct values of one query parameter under one path.
    pub query_budget: u32,
    /// Path segments at most.
    pub max_segments: usize,
    /// Characters of an address at most.
    pub max_address: usize,
    /// Clicks from home at most; `None`: any.
    pub max_depth: Option<u16>,
    /// Whether links out of the site are verified.
    pub check_external: bool,
    /// Unknown hosts whose pages behind links one scan looks at, at most; 0: of none.
    pub landing_hosts: usize,
    /// How often in a row readings take a server's word that a page has not changed, before they read it in full; 0: never.
    pub trust_unchanged: u32,
    /// From where the scans are made, in words for the reader of a report.
    pub vantage: Option<String>,
}

impl Default for Crawl {
    fn default() -> Self {
        Crawl {
            max_pages: None,
            in_flight: 32,
            confirm_tries: 3,
            confirm_spacing: Duration::from_secs(5),
            template_budget: 500,
            query_budget: 200,
            max_segments: 20,
            max_address: 2048,
            max_depth: None,
            check_external: true,
            landing_hosts: 200,
            trust_unchanged: 5,
            vantage: None,
        }
    }
}

/// How to fetch.
#[derive(Debug, Clone)]
pub struct Fetching {
    /// `User-Agent`.
    pub user_agent: String,
    /// Name servers; empty: those of the system.
    pub dns: Vec<SocketAddr>,
    /// Files with extra trust roots (PEM).
    pub ca: Vec<PathBuf>,
    /// Networks that count as public although they are not.
    pub allow_private: Vec<Network>,
    /// Whether robots.txt is obeyed.
    pub robots: bool,
    /// Requests in flight per host.
    pub per_host: usize,
    /// Requests per second and host; `None`: no limit.
    pub rate: Option<f64>,
    /// Deadlines.
    pub deadlines: Deadlines,
    /// Caps.
    pub caps: Caps,
    /// How long a host that asks for time is left alone.
    pub patience: Patience,
}

/// How IPv6 support is measured.
#[derive(Debug, Clone)]
pub struct Ipv6 {
    /// Visits of the home page over each family.
    pub visits: usize,
    /// Time between two of them. A one-off measurement makes do with a short one.
    pub spacing: Duration,
    /// Time between two visits by the daemon, which stability over a day is judged by.
    pub stability_spacing: Duration,
    /// Links of each level, and hosts of others, that are tried at most.
    pub max_links: usize,
    /// Whom the monitor connects to, to learn whether its own IPv6 works; empty: those of the rules.
    pub references: Vec<SocketAddr>,
    /// Where iterative resolution begins; empty: the root servers of the rules.
    pub roots: Vec<SocketAddr>,
}

impl Default for Ipv6 {
    fn default() -> Self {
        Ipv6 {
            visits: 10,
            spacing: Duration::from_secs(2),
            stability_spacing: Duration::from_secs(4 * 60),
            max_links: 50,
            references: Vec::new(),
            roots: Vec::new(),
        }
    }
}

/// Deadlines of one fetch. The anchors are in the README's Decisions.
#[derive(Debug, Clone)]
pub struct Deadlines {
    /// TCP connect.
    pub connect: Duration,
    /// From the request to the first byte.
    pub first_byte: Duration,
    /// Silence inside a body.
    pub idle: Duration,
    /// Everything, for a page.
    pub page: Duration,
    /// Everything, for a file.
    pub file: Duration,
}

/// Caps of one fetch.
#[derive(Debug, Clone)]
pub struct Caps {
    /// Bytes of headers.
    pub headers: usize,
    /// Decoded bytes of a page.
    pub page: u64,
    /// Decoded bytes of a file.
    pub file: u64,
    /// Redirects.
    pub redirects: usize,
}

/// How long a host is left alone after 429 or 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The first pause where the host does not say how long; doubles with each refusal in a row.
    pub first: Duration,
    /// The longest pause, asked for or not.
    pub longest: Duration,
}

impl Default for Fetching {
    fn default() -> Self {
        Fetching {
            user_agent: concat!(
                "Mozilla/5.0 (compatible; sitewarden/",
                env!("CARGO_PKG_VERSION"),
                "; government site monitor)"
            )
            .to_owned(),
            dns: Vec::new(),
            ca: Vec::new(),
            allow_private: Vec::new(),
            robots: true,
            per_host: 4,
            rate: Some(10.0),
            deadlines: Deadlines {
                connect: Duration::from_secs(5),
                first_byte: Duration::from_secs(15),
                idle: Duration::from_secs(10),
                page: Duration::from_secs(30),
                file: Duration::from_secs(120),
            },
            caps: Caps { headers: 64 << 10, page: 5 << 20, file: 50 << 20, redirects: 10 },
            patience: Patience { first: Duration::from_secs(60), longest: Duration::from_secs(600) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_comes_from_the_host() {
        let check = |url: &str, expected: &str| {
            let home = Address::parse(url).unwrap();
            assert_eq!(for_url(&home, &[]).sites[0].id, expected, "{url}");
        };
        check("http://www.example.gov.cn/", "example-gov-cn");
        check("https://sthjt.example.gov.cn/index.html", "sthjt-example-gov-cn");
        check("http://127.0.0.1:8080/", "127-0-0-1-8080");
        check("http://[::1]:81/", "1-81");
        check("https://www.example.gov.cn:443/", "example-gov-cn");
    }
}
