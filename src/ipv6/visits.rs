//! Visits of the home page, each at one address of one family, and the ports of every address.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::measured::{Reason, Trouble, trouble};
use super::names;
use crate::address::Address;
use crate::config::Fetching;
use crate::fetch::{BodyEnd, Connection, Fetch, Http, Purpose, Redirects, Request};
use crate::net::dns::Asking;
use crate::net::guard::Guard;
use crate::net::handshake::Handshake;
use crate::net::resolver::{Family, Pin};

/// Tries of a port before it counts as closed: one lost packet is no closed port.
const PORT_TRIES: usize = 2;

/// Visits in both families, alternating.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visits {
    /// Over IPv4.
    pub v4: Vec<Visit>,
    /// Over IPv6.
    pub v6: Vec<Visit>,
    /// Pause between two rounds, in milliseconds.
    pub spacing_ms: f64,
}

/// One visit of the home page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// When it began.
    pub at: Timestamp,
    /// The address that was connected to. A redirect to another host goes where that host's name leads.
    pub address: IpAddr,
    /// What was wrong; `None`: it answered 200.
    pub trouble: Option<Trouble>,
    /// How long each phase took.
    pub phases: Phases,
    /// Bytes of the body, decoded.
    pub bytes: u64,
    /// Whether the body came whole.
    pub complete: bool,
}

/// How long each phase of a visit took, in milliseconds; `None`: did not get so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Phases {
    /// One question to one name server, from no cache of ours.
    pub dns: Option<f64>,
    /// TCP, on a connection of its own.
    pub tcp: Option<f64>,
    /// TLS on that same connection, where the page is asked for by HTTPS.
    #[serde(default)]
    pub tls: Option<f64>,
    /// TCP and TLS of the connection that carried the request.
    pub connect: Option<f64>,
    /// From the request to the first byte.
    pub first_byte: Option<f64>,
    /// From connecting to the end of the body, redirects included.
    pub home: Option<f64>,
}

impl Phases {
    /// From the first byte to the last, redirects included.
    pub fn body(&self) -> Option<f64> {
        Some((self.home? - self.connect.unwrap_or_default() - self.first_byte?).max(0.0))
    }
}

/// Whether a port of an address takes connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortCheck {
    /// The address.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// How long connecting took, in milliseconds.
    pub took_ms: Option<f64>,
    /// Why it failed.
    pub trouble: Option<Trouble>,
}

/// A client that connects to one address of the site.
pub(super) struct Door {
    pub(super) address: IpAddr,
    fetch: Redirects<Http>,
}

impl Door {
    /// One for each of these addresses of `host`.
    pub(super) fn of(
        settings: &Fetching,
        host: &str,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> anyhow::Result<Vec<Door>> {
        let doors = addresses.into_iter().map(|address| {
            let http = Http::pinned(settings, Pin { host: host.to_owned(), address })?;
            let cookies = http.cookies();
            Ok(Door { address, fetch: Redirects::new(http, settings, cookies) })
        });
        doors.collect()
    }

    /// Fetches through it, on a connection of its own.
    pub(super) async fn open(&self, address: &Address) -> crate::fetch::Outcome {
        let request =
            Request { connection: Connection::Fresh, ..Request::of(address.clone(), Purpose::Page) };
        self.fetch.fetch(&request).await
    }
}

/// Who is visited, and how often.
pub(super) struct Plan<'a> {
    pub(super) home: &'a Address,
    /// Name servers, asked in turn.
    pub(super) servers: &'a [SocketAddr],
    pub(super) guard: &'a Guard,
    /// For a home page that is asked for by HTTPS.
    pub(super) handshake: Option<&'a Handshake>,
    pub(super) rounds: usize,
    pub(super) spacing: Duration,
    /// For one question or one connection.
    pub(super) limit: Duration,
}

/// Visits through the doors of each family in turn, v4 before v6 in each round.
pub(super) async fn visit(plan: &Plan<'_>, v4: &[Door], v6: &[Door]) -> Visits {
    let spacing_ms = millis(plan.spacing);
    let mut visits = Visits { v4: Vec::new(), v6: Vec::new(), spacing_ms };
    for round in 0..plan.rounds {
        if round > 0 {
            tokio::time::sleep(plan.spacing).await;
        }
        for (doors, into) in [(v4, &mut visits.v4), (v6, &mut visits.v6)] {
            if !doors.is_empty() {
                into.push(once(plan, &doors[round % doors.len()], round).await);
            }
        }
    }
    visits
}

async fn once(plan: &Plan<'_>, door: &Door, round: usize) -> Visit {
    let at = Timestamp::now();
    let mut phases = Phases { dns: resolve(plan, door.address, round).await, ..Phases::default() };
    let port = plan.home.url().port_or_known_default().unwrap_or(80);
    if let Ok((connection, took)) = dial(SocketAddr::new(door.address, port), plan.guard, plan.limit).await {
        phases.tcp = Some(took);
        if let Some(handshake) = plan.handshake {
            phases.tls = handshake.over(connection, plan.home.host(), plan.limit).await.map(millis);
        }
    }
    let outcome = door.open(plan.home).await;
    let trouble = trouble(&outcome);
    let (mut bytes, mut complete) = (0, false);
    if let Ok(capture) = &outcome {
        bytes = capture.body.len() as u64;
        complete = capture.end == BodyEnd::Complete;
        phases.connect = capture.timings.connect.map(millis);
        phases.first_byte = capture.timings.first_byte.map(millis);
        phases.home = Some(millis(capture.timings.total));
    }
    Visit { at, address: door.address, trouble, phases, bytes, complete }
}

async fn resolve(plan: &Plan<'_>, address: IpAddr, round: usize) -> Option<f64> {
    if names::literal(plan.home.host()).is_some() || plan.servers.is_empty() {
        return None;
    }
    let server = plan.servers[round % plan.servers.len()];
    let asking = Asking { server, recursive: true, limit: plan.limit };
    let (_, took) = names::addresses_of(plan.home.host(), Family::of(address), asking).await.ok()?;
    Some(millis(took))
}

/// Tries the ports of every address.
pub(super) async fn ports(
    addresses: &[IpAddr],
    ports: &[u16],
    guard: &Guard,
    limit: Duration,
) -> Vec<PortCheck> {
    let pairs = addresses.iter().flat_map(|address| ports.iter().map(|port| (*address, *port)));
    let checks = pairs.map(async |(address, port)| {
        let mut tried = Err(Trouble { reason: Reason::Timeout, detail: String::new() });
        for _ in 0..PORT_TRIES {
            tried = connect(SocketAddr::new(address, port), guard, limit).await;
            if tried.is_ok() {
                break;
            }
        }
        match tried {
            Ok(took) => PortCheck { address, port, took_ms: Some(took), trouble: None },
            Err(trouble) => PortCheck { address, port, took_ms: None, trouble: Some(trouble) },
        }
    });
    futures_util::future::join_all(checks).await
}

/// Opens one TCP connection; says how long that took, in milliseconds.
pub(super) async fn connect(to: SocketAddr, guard: &Guard, limit: Duration) -> Result<f64, Trouble> {
    dial(to, guard, limit).await.map(|(_, took)| took)
}

async fn dial(to: SocketAddr, guard: &Guard, limit: Duration) -> Result<(TcpStream, f64), Trouble> {
    if !guard.allows(to.ip()) {
        let detail = "不是公网地址，未连接".to_owned();
        return Err(Trouble { reason: Reason::NotTried, detail });
    }
    let started = Instant::now();
    match timeout(limit, TcpStream::connect(to)).await {
        Ok(Ok(connection)) => Ok((connection, millis(started.elapsed()))),
        Ok(Err(error)) => {
            tracing::debug!(%to, %error, "cannot connect");
            Err(Trouble { reason: Reason::Refused, detail: "连接被拒绝或网络不可达".to_owned() })
        }
        Err(_) => Err(Trouble { reason: Reason::Timeout, detail: "连接超时".to_owned() }),
    }
}

pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
