//! Asking once.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::{Sample, State, domain, page};
use crate::address::Address;
use crate::config::{Deadlines, Expect, Fetching, Probing, Reader, Registries, Settings, Subject, Target};
use crate::digest::hex;
use crate::fetch::{Ahead, Connection, Fetch, Http, Outcome, Pace, Purpose, Redirects, Request};
use crate::indicators::RuleSet;
use crate::link::{failure_wording, weakness_wording};
use crate::net::guard::Guard;
use crate::net::resolver::{Family, ResolveError, Resolver};

/// Bytes of a WHOIS answer that are read.
const WHOIS_BYTES: u64 = 64 << 10;
const WHOIS_PORT: u16 = 43;

/// What asking takes: clients, a resolver, and as whom.
pub struct Prober {
    fetch: Redirects<Ahead<Http>>,
    resolver: Resolver,
    agents: Agents,
    registries: Registries,
    slow: Duration,
}

/// `User-Agent`s.
struct Agents {
    desk: Arc<str>,
    phone: Arc<str>,
}

/// What asking saw, before it is known how long it took.
struct Look {
    state: State,
    why: String,
    status: Option<u16>,
    shown: Vec<String>,
    until: Option<jiff::civil::Date>,
}

impl Look {
    fn of(state: State, why: impl Into<String>) -> Look {
        Look { state, why: why.into(), status: None, shown: Vec::new(), until: None }
    }
}

impl Prober {
    /// The prober that settings and rules describe. What it asks for goes ahead of all others who keep to `pace`.
    pub fn of(settings: &Settings, rules: &RuleSet, pace: Arc<Pace>) -> anyhow::Result<Prober> {
        let landings = rules.landings();
        let agents = Agents {
            desk: settings.fetch.user_agent.as_str().into(),
            phone: landings.phone_agent.as_str().into(),
        };
        let Probing { registries, slow, .. } = &settings.probing;
        let longest =
            settings.targets().iter().map(|target| target.timeout).max().unwrap_or(settings.probing.timeout);
        Prober::new(&settings.fetch, agents, registries.clone(), longest, *slow, pace)
    }

    /// Sets up the network side. No step of a probe may take longer than `longest`; an answer that takes `slow` or
    /// longer is weak.
    fn new(
        settings: &Fetching,
        agents: Agents,
        registries: Registries,
        longest: Duration,
        slow: Duration,
        pace: Arc<Pace>,
    ) -> anyhow::Result<Prober> {
        let deadlines =
            Deadlines { connect: longest, first_byte: longest, idle: longest, page: longest, file: longest };
        let settings = Fetching { deadlines, ..settings.clone() };
        let http = Http::new(&settings, Family::Any)?;
        let cookies = http.cookies();
        let guard = Arc::new(Guard { allow: settings.allow_private.clone() });
        Ok(Prober {
            fetch: Redirects::new(Ahead::of(http, pace), &settings, cookies),
            resolver: Resolver::new(&settings.dns, Family::Any, guard, longest)?,
            agents,
            registries,
            slow,
        })
    }

    /// Asks a target once. Always ends, at the latest when its time is over.
    pub async fn ask(&self, target: &Target) -> Sample {
        let (at, begun) = (Timestamp::now(), Instant::now());
        let look = match timeout(target.timeout, self.look(target)).await {
            Ok(look) => look,
            Err(_) => Look::of(State::Bad, format!("{} 秒内未打开", target.timeout.as_secs())),
        };
        let Look { state, why, status, shown, until } = look;
        Sample { at, took: begun.elapsed(), state, why, status, shown, until }
    }

    async fn look(&self, target: &Target) -> Look {
        match &target.subject {
            Subject::Page(address, reader) => self.page(address, *reader, target).await,
            Subject::Port(host, port) => self.port(host, *port).await,
            Subject::Name(name) => self.name(name, &target.expect).await,
            Subject::Certificate(host, port) => self.certificate(host, *port).await,
            Subject::Domain(name) => self.domain(name).await,
        }
    }

    async fn page(&self, address: &Address, reader: Reader, target: &Target) -> Look {
        let agent = match reader {
            Reader::Desk => &self.agents.desk,
            Reader::Phone => &self.agents.phone,
        };
        let begun = Instant::now();
        let outcome = self.get(address.clone(), Purpose::Page, agent).await;
        let (state, why) = page::judge(&outcome, &target.expect, begun.elapsed(), target.timeout, self.slow);
        Look { status: outcome.ok().map(|capture| capture.status), ..Look::of(state, why) }
    }

    async fn get(&self, address: Address, purpose: Purpose, agent: &Arc<str>) -> Outcome {
        let request = Request {
            connection: Connection::Fresh,
            guise: Some(agent.clone()),
            ..Request::of(address, purpose)
        };
        self.fetch.fetch(&request).await
    }

    async fn port(&self, host: &str, port: u16) -> Look {
        let addresses = match self.addresses(host).await {
            Ok(addresses) => addresses,
            Err(error) => return unresolved(&error),
        };
        let mut why = String::new();
        for address in addresses {
            match TcpStream::connect((address, port)).await {
                Ok(_) => return Look::of(State::Good, ""),
                Err(error) => why = format!("{port} 端口无法连接（{error}）"),
            }
        }
        Look::of(State::Bad, why)
    }

    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        match host.parse() {
            Ok(address) => self.resolver.only_allowed(address).map(|address| vec![address]),
            Err(_) => self.resolver.addresses(host).await,
        }
    }

    async fn name(&self, name: &str, expect: &Expect) -> Look {
        let mut shown: Vec<String> = match self.resolver.answers(name).await {
            Ok(addresses) => addresses.iter().map(IpAddr::to_string).collect(),
            Err(error) => return unresolved(&error),
        };
        shown.sort_unstable();
        if expect.addresses.is_empty() {
            return Look { shown, ..Look::of(State::Good, "") };
        }
        match shown.iter().find(|address| !expect.addresses.contains(address)) {
            Some(strange) => Look::of(State::Bad, format!("域名解析到未登记的地址 {strange}")),
            None => Look::of(State::Good, ""),
        }
    }

    async fn certificate(&self, host: &str, port: u16) -> Look {
        let url = if host.contains(':') {
            format!("https://[{host}]:{port}/")
        } else {
            format!("https://{host}:{port}/")
        };
        let Ok(address) = Address::parse(&url) else { return Look::of(State::Blind, "地址无法识别") };
        match self.get(address, Purpose::Existence, &self.agents.desk).await {
            Err(failure) => Look::of(State::Bad, failure_wording(failure.kind)),
            Ok(capture) => {
                let weakness = capture.tls.first().map(weakness_wording);
                let shown = capture.certificate;
                let state = if weakness.is_some() { State::Bad } else { State::Good };
                Look {
                    status: Some(capture.status),
                    until: shown.as_ref().and_then(|shown| shown.until),
                    shown: shown.iter().map(|shown| hex(&shown.print)).collect(),
                    ..Look::of(state, weakness.unwrap_or_default())
                }
            }
        }
    }

    async fn domain(&self, name: &str) -> Look {
        let until = match self.registries.of(name) {
            None => None,
            Some(registry) if registry.starts_with("https://") || registry.starts_with("http://") => {
                self.rdap(registry, name).await
            }
            Some(registry) => self.whois(registry, name).await,
        };
        match until {
            Some(until) => Look { until: Some(until), ..Look::of(State::Good, "") },
            // Not knowing is no fault of the domain's.
            None => Look::of(State::Blind, "注册机构没有给出到期日"),
        }
    }

    async fn rdap(&self, registry: &str, name: &str) -> Option<jiff::civil::Date> {
        let address = Address::parse(&format!("{}/domain/{name}", registry.trim_end_matches('/'))).ok()?;
        let capture = self.get(address, Purpose::Landing, &self.agents.desk).await.ok()?;
        domain::rdap(&capture.body)
    }

    async fn whois(&self, registry: &str, name: &str) -> Option<jiff::civil::Date> {
        let (host, port) = match registry.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (registry, WHOIS_PORT),
        };
        let address = *self.addresses(host).await.ok()?.first()?;
        let mut stream = TcpStream::connect((address, port)).await.ok()?;
        stream.write_all(format!("{name}\r\n").as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(WHOIS_BYTES).read_to_end(&mut answer).await.ok()?;
        domain::whois(&String::from_utf8_lossy(&Bytes::from(answer)))
    }
}

fn unresolved(error: &ResolveError) -> Look {
    use crate::fetch::FailureKind::{ForbiddenAddress, OwnNetwork};
    let state = if matches!(error.kind, OwnNetwork | ForbiddenAddress) { State::Blind } else { State::Bad };
    Look::of(state, failure_wording(error.kind))
}
