//! The addresses of a name, asked of each name server by ourselves, and what they are worth.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::indicators::Excluded;
use crate::net::dns::{Asking, ask};
use crate::net::guard::Network;
use crate::net::resolver::Family;

/// Aliases that are followed from one answer to the next question.
const ALIASES: usize = 8;
/// Addresses of a name that are used. Nobody measures more of them one by one.
const ADDRESSES: usize = 8;

/// What name servers say of a host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Names {
    /// The host.
    pub host: String,
    /// Its IPv4 addresses.
    pub a: Vec<IpAddr>,
    /// Its IPv6 addresses, and what each is worth.
    pub aaaa: Vec<Aaaa>,
    /// What each server said.
    pub answers: Vec<ServerAnswer>,
}

/// An IPv6 address of a host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aaaa {
    /// The address.
    pub address: IpAddr,
    /// Why it is no address that the public can reach, in Chinese; `None`: it is one.
    pub unfit: Option<String>,
}

/// What one server said to both questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServerAnswer {
    /// The server.
    pub server: SocketAddr,
    /// Addresses of both families.
    pub addresses: Vec<IpAddr>,
    /// What went wrong, in English; `None`: nothing.
    pub error: Option<String>,
}

impl Names {
    /// The IPv6 addresses that the public can reach.
    pub fn public(&self) -> impl Iterator<Item = IpAddr> {
        self.aaaa.iter().filter(|aaaa| aaaa.unfit.is_none()).map(|aaaa| aaaa.address)
    }

    /// Whether no server answered at all: nothing is known then.
    pub fn is_unknown(&self) -> bool {
        !self.answers.is_empty() && self.answers.iter().all(|answer| answer.error.is_some())
    }
}

/// What tells a usable address.
pub(super) struct Quality<'a> {
    /// Networks that are none of a site.
    pub(super) excluded: &'a [Excluded],
    /// Networks that count as public although they are not.
    pub(super) allowed: &'a [Network],
}

impl Quality<'_> {
    /// Why an address is no public one, in Chinese.
    pub(super) fn unfit(&self, address: IpAddr) -> Option<String> {
        if self.allowed.iter().any(|network| network.contains(address)) {
            return None;
        }
        let excluded = self.excluded.iter().find(|excluded| covers(excluded.network, address));
        if let Some(excluded) = excluded {
            return Some(excluded.is.clone());
        }
        let global = Network { address: IpAddr::from([0x2000, 0, 0, 0, 0, 0, 0, 0]), prefix: 3 };
        (!global.contains(address)).then(|| "不在全球单播地址范围内".to_owned())
    }
}

/// Like [`Network::contains`], but a v4 address written as v6 stays one of v6: that is what is looked for here.
fn covers(network: Network, address: IpAddr) -> bool {
    match (network.address, address) {
        (IpAddr::V6(net), IpAddr::V6(ip)) => {
            let bits = 128u32.saturating_sub(network.prefix.into());
            (net.to_bits() ^ ip.to_bits()).checked_shr(bits).unwrap_or(0) == 0
        }
        _ => network.contains(address),
    }
}

/// Asks every server for both kinds of addresses. A literal address is its own answer.
pub(super) async fn look_up(
    host: &str,
    servers: &[SocketAddr],
    limit: Duration,
    quality: &Quality<'_>,
) -> Names {
    let mut names = Names { host: host.to_owned(), a: Vec::new(), aaaa: Vec::new(), answers: Vec::new() };
    if let Some(literal) = literal(host) {
        names.take_in(&[literal], quality);
        return names;
    }
    for server in servers {
        let asking = Asking { server: *server, recursive: true, limit };
        let (mut addresses, mut error) = (Vec::new(), None);
        for family in [Family::V4, Family::V6] {
            match addresses_of(host, family, asking).await {
                Ok((found, _)) => addresses.extend(found),
                Err(why) => error = Some(why),
            }
        }
        names.take_in(&addresses, quality);
        names.answers.push(ServerAnswer { server: *server, addresses, error });
    }
    names
}

/// The addresses of a name in one family, and how long the server took.
pub(super) async fn addresses_of(
    host: &str,
    family: Family,
    asking: Asking,
) -> Result<(Vec<IpAddr>, Duration), String> {
    let (mut name, mut took) = (host.to_owned(), Duration::ZERO);
    for _ in 0..ALIASES {
        let reply = ask(&name, family, asking).await.map_err(|error| error.to_string())?;
        took += reply.took;
        match reply.alias {
            Some(alias) if reply.addresses.is_empty() => name = alias,
            _ => return Ok((reply.addresses, took)),
        }
    }
    Err("too many aliases".to_owned())
}

/// The address that a host of a URL is, where it is one.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

impl Names {
    fn take_in(&mut self, addresses: &[IpAddr], quality: &Quality<'_>) {
        for address in addresses.iter().copied() {
            if address.is_ipv4() && !self.a.contains(&address) && self.a.len() < ADDRESSES {
                self.a.push(address);
            }
            let is_new = address.is_ipv6() && self.aaaa.iter().all(|known| known.address != address);
            if is_new && self.aaaa.len() < ADDRESSES {
                self.aaaa.push(Aaaa { address, unfit: quality.unfit(address) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn only_global_unicast_is_an_address_of_a_site() {
        let rules = RuleSet::built_in();
        let allowed = ["fd00:1::/32".parse().unwrap()];
        let quality = Quality { excluded: &rules.ipv6().excluded, allowed: &allowed };
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(quality.unfit(address.parse().unwrap()).as_deref(), expected, "{address}");
        };
        check("2400:3200::1", None);
        check("240e:0:1::5", None);
        check("::1", Some("环回地址"));
        check("fe80::1", Some("链路本地地址"));
        check("fd12::1", Some("唯一本地地址（ULA）"));
        check("fd00:1::7", None);
        check("2001:db8::1", Some("文档示例地址"));
        check("2002:102:304::1", Some("6to4 过渡地址"));
        check("64:ff9b::1.2.3.4", Some("NAT64 转换地址"));
        check("::ffff:1.2.3.4", Some("IPv4 映射地址"));
        check("4000::1", Some("不在全球单播地址范围内"));
    }
}
