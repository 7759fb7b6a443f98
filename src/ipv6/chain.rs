//! The authorisation chain (域名授权体系): can the name be resolved over IPv6 alone, from the root down?
//!
//! Each zone on the way must have a server with an IPv6 address that answers over IPv6. What was asked of whom is kept
//! as a transcript, so that whoever runs a zone sees which of its servers is meant.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::names;
use crate::net::dns::{AskError, Asking, Referral, Reply, ZoneServer, ask};
use crate::net::guard::Guard;
use crate::net::resolver::Family;

/// Zones on the way, aliases included. Names have few labels and every step must go down one.
const CUTS: usize = 24;
/// Servers of a zone that are asked before it counts as silent.
const SERVERS: usize = 6;
/// Servers of a zone whose missing addresses are looked up.
const GLUELESS: usize = 4;
/// The port of name servers.
const PORT: u16 = 53;

/// Resolution over IPv6 alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The zones on the way, from the root down.
    pub cuts: Vec<Cut>,
    /// The addresses it led to.
    pub addresses: Vec<IpAddr>,
    /// Where it broke off, in Chinese; `None`: it led to the end.
    pub broken: Option<String>,
}

/// One zone on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The zone; `.` is the root.
    pub zone: String,
    /// What was asked for there.
    pub asked: String,
    /// Its servers that were asked, in order, up to the first that answered.
    pub servers: Vec<ServerTry>,
}

/// One server that was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServerTry {
    /// Its name.
    pub name: String,
    /// Its IPv6 address; `None`: it has none.
    pub address: Option<IpAddr>,
    /// Time until it answered, in milliseconds; `None`: it did not.
    pub took_ms: Option<f64>,
    /// What it said or why not, in Chinese or in the words of the system.
    pub said: String,
}

impl Cut {
    /// Whether a server of this zone answered over IPv6.
    pub fn answered(&self) -> bool {
        self.servers.iter().any(|server| server.took_ms.is_some())
    }
}

/// Whom iterative resolution asks.
pub(super) struct Walk<'a> {
    /// Root servers.
    pub(super) roots: &'a [SocketAddr],
    /// Resolvers that are asked for addresses that did not come along with a referral.
    pub(super) helpers: &'a [SocketAddr],
    /// Which servers may be connected to: their addresses come from strangers.
    pub(super) guard: &'a Guard,
    /// For each question.
    pub(super) limit: Duration,
}

/// A server with the address it is asked at.
struct Candidate {
    name: String,
    address: Option<SocketAddr>,
}

/// Resolves a host from the root down.
pub(super) async fn walk(host: &str, walk: &Walk<'_>) -> Chain {
    let mut chain = Chain { cuts: Vec::new(), addresses: Vec::new(), broken: None };
    let (mut name, mut zone) = (host.to_owned(), ".".to_owned());
    let mut servers = walk.roots_as_candidates();
    while chain.cuts.len() < CUTS {
        let (cut, reply) = walk.ask_zone(&zone, &name, &servers).await;
        let has_addresses = cut.servers.iter().any(|server| server.address.is_some());
        chain.cuts.push(cut);
        let Some(reply) = reply else {
            let why = if has_addresses {
                "的域名服务器经 IPv6 均无应答"
            } else {
                "没有带 AAAA 的域名服务器"
            };
            chain.broken = Some(format!("区 {zone} {why}"));
            return chain;
        };
        match next(reply, &zone, &name) {
            Next::Arrived(addresses) => {
                chain.addresses = addresses;
                return chain;
            }
            Next::Alias(alias) => {
                (name, zone) = (alias, ".".to_owned());
                servers = walk.roots_as_candidates();
            }
            Next::Below(referral) => {
                servers = walk.candidates(referral.servers).await;
                zone = referral.zone;
            }
            Next::Lost(why) => {
                chain.broken = Some(why);
                return chain;
            }
        }
    }
    chain.broken = Some("授权层级或别名过多".to_owned());
    chain
}

/// Where an answer leads.
enum Next {
    Arrived(Vec<IpAddr>),
    Alias(String),
    Below(Referral),
    Lost(String),
}

fn next(reply: Reply, zone: &str, name: &str) -> Next {
    if !reply.addresses.is_empty() {
        return Next::Arrived(reply.addresses);
    }
    if let Some(alias) = reply.alias {
        return Next::Alias(alias);
    }
    match reply.referral {
        // A referral that does not lead down leads in circles.
        Some(referral) if labels(&referral.zone) > labels(zone) => Next::Below(referral),
        Some(_) => Next::Lost(format!("区 {zone} 的授权指回自身或上级")),
        None if reply.no_such_name => Next::Lost(format!("区 {zone} 称 {name} 不存在")),
        None => Next::Lost(format!("区 {zone} 中 {name} 没有 AAAA 记录")),
    }
}

fn labels(zone: &str) -> usize {
    zone.split('.').filter(|label| !label.is_empty()).count()
}

impl Walk<'_> {
    fn roots_as_candidates(&self) -> Vec<Candidate> {
        let roots = self.roots.iter().map(|root| Candidate { name: root.to_string(), address: Some(*root) });
        roots.collect()
    }

    /// Asks the servers of a zone in order until one answers.
    async fn ask_zone(&self, zone: &str, name: &str, servers: &[Candidate]) -> (Cut, Option<Reply>) {
        let mut cut = Cut { zone: zone.to_owned(), asked: name.to_owned(), servers: Vec::new() };
        for server in servers.iter().take(SERVERS) {
            let (tried, reply) = self.ask_server(server, name).await;
            cut.servers.push(tried);
            if reply.is_some() {
                return (cut, reply);
            }
        }
        (cut, None)
    }

    async fn ask_server(&self, server: &Candidate, name: &str) -> (ServerTry, Option<Reply>) {
        let mut tried =
            ServerTry { name: server.name.clone(), address: None, took_ms: None, said: String::new() };
        let Some(address) = server.address else {
            tried.said = "没有 AAAA".to_owned();
            return (tried, None);
        };
        tried.address = Some(address.ip());
        if !self.guard.allows(address.ip()) {
            tried.said = "不是公网地址，未连接".to_owned();
            return (tried, None);
        }
        match ask(name, Family::V6, Asking { server: address, recursive: false, limit: self.limit }).await {
            Ok(reply) => {
                tried.took_ms = Some(reply.took.as_secs_f64() * 1000.0);
                tried.said = said(&reply);
                (tried, Some(reply))
            }
            Err(error) => {
                tried.said = match error {
                    AskError::Silent(_) => "无应答".to_owned(),
                    other => other.to_string(),
                };
                (tried, None)
            }
        }
    }

    /// The servers of a zone with their IPv6 addresses: those that came along, else looked up, those without last.
    async fn candidates(&self, servers: Vec<ZoneServer>) -> Vec<Candidate> {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        let mut looked_up = 0;
        for ZoneServer { name, addresses } in servers {
            let mut v6: Vec<IpAddr> = addresses.into_iter().filter(IpAddr::is_ipv6).collect();
            if v6.is_empty() && looked_up < GLUELESS {
                looked_up += 1;
                v6 = self.address_of(&name).await;
            }
            match v6.first() {
                Some(address) => {
                    with.push(Candidate { name, address: Some(SocketAddr::new(*address, PORT)) });
                }
                None => without.push(Candidate { name, address: None }),
            }
        }
        with.append(&mut without);
        with
    }

    async fn address_of(&self, server: &str) -> Vec<IpAddr> {
        for helper in self.helpers {
            let asking = Asking { server: *helper, recursive: true, limit: self.limit };
            if let Ok((addresses, _)) = names::addresses_of(server, Family::V6, asking).await {
                return addresses;
            }
        }
        Vec::new()
    }
}

fn said(reply: &Reply) -> String {
    if !reply.addresses.is_empty() {
        let addresses: Vec<String> = reply.addresses.iter().map(ToString::to_string).collect();
        return format!("AAAA {}", addresses.join("、"));
    }
    match (&reply.alias, &reply.referral) {
        (Some(alias), _) => format!("别名 {alias}"),
        (None, Some(referral)) => {
            let with_v6 =
                referral.servers.iter().filter(|server| server.addresses.iter().any(IpAddr::is_ipv6)).count();
            format!("授权 {}：{} 台服务器，{with_v6} 台附 AAAA", referral.zone, referral.servers.len())
        }
        (None, None) if reply.no_such_name => "域名不存在".to_owned(),
        (None, None) => "没有 AAAA 记录".to_owned(),
    }
}
