//! The monitor's own IPv6: without it nothing is known of anybody else's.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::names::Quality;

/// The monitor's own IPv6.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vantage {
    /// The address it sends from; `None`: there is no route.
    pub address: Option<IpAddr>,
    /// Why that address is no public one, in Chinese.
    pub unfit: Option<String>,
    /// Whom it connected to.
    pub references: Vec<Reference>,
}

/// A target that is known to work over IPv6.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The target.
    pub target: SocketAddr,
    /// How long connecting took, in milliseconds; `None`: it failed.
    pub took_ms: Option<f64>,
}

impl Vantage {
    /// Why nothing can be said about IPv6 from here, in Chinese; `None`: it works.
    pub fn blind(&self) -> Option<String> {
        if self.references.iter().any(|reference| reference.took_ms.is_some()) {
            return None;
        }
        Some(match (&self.address, &self.unfit) {
            (None, _) => "监测端没有 IPv6 路由".to_owned(),
            (Some(address), Some(unfit)) => format!("监测端没有公网 IPv6 地址（{address} 为{unfit}）"),
            (Some(_), None) => {
                format!("监测端经 IPv6 连不上 {} 个参考目标中的任何一个", self.references.len())
            }
        })
    }
}

/// Looks for a route, and connects to every reference.
pub(super) async fn look(references: &[SocketAddr], quality: &Quality<'_>, limit: Duration) -> Vantage {
    let address = references.iter().find_map(|target| source_towards(*target));
    let unfit = address.and_then(|address| quality.unfit(address));
    let tried = references.iter().map(async |target| {
        let started = Instant::now();
        let connected = matches!(timeout(limit, TcpStream::connect(target)).await, Ok(Ok(_)));
        Reference { target: *target, took_ms: connected.then(|| started.elapsed().as_secs_f64() * 1000.0) }
    });
    Vantage { address, unfit, references: futures_util::future::join_all(tried).await }
}

/// The address the system would send from. Connecting a UDP socket sends nothing.
fn source_towards(target: SocketAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(target).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
