//! Which IP addresses may be connected to.
//!
//! A monitored page must not be able to send us into our own network. The guard judges addresses only; the
//! [`resolver`](super::resolver) asks it for every name when connecting, `fetch` for every literal address in a URL.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::Deserialize;
use url::{Host, Url};

/// A network in CIDR form, e.g. `127.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    /// First address.
    pub address: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}

/// Text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network: expected an address with the number of leading bits, e.g. 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// Whether `address` lies in it. A v4 address written as v6 counts as v4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let prefix = u32::from(self.prefix);
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                same_bits(net.to_bits().into(), ip.to_bits().into(), 32, prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => same_bits(net.to_bits(), ip.to_bits(), 128, prefix),
            _ => false,
        }
    }
}

/// Whether the first `prefix` of `width` bits are the same.
fn same_bits(one: u128, other: u128, width: u32, prefix: u32) -> bool {
    (one ^ other).checked_shr(width.saturating_sub(prefix)).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// Reads `address/bits`, or an address alone for exactly that one.
    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(widest), str::parse::<u8>).map_err(|_| wrong())?;
        if prefix > widest {
            return Err(wrong());
        }
        Ok(Network { address, prefix })
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> Result<Network, NotANetwork> {
        text.parse()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Lets through what is public, and the networks the operator opened.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Networks that count as public although they are not.
    pub allow: Vec<Network>,
}

impl Guard {
    /// Whether `address` may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if self.allow.iter().any(|network| network.contains(address)) {
            return true;
        }
        match address {
            IpAddr::V4(ip) => is_public_v4(ip),
            IpAddr::V6(ip) => match embedded_v4(ip) {
                Some(inner) => inner.into_iter().flatten().all(|ip| self.allows(IpAddr::V4(ip))),
                None => is_public_v6(ip),
            },
        }
    }
}

/// The address a URL names, where it names one instead of a host: such URLs are never resolved, so they need a check
/// of their own. The URL parser has already read the odd forms (`http://2130706433/`, `http://0177.1/`).
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(_) => None,
    }
}

/// Ports that browsers refuse to open, by the fetch standard of WHATWG: a page could make their visitors speak to a mail
/// or file server. What no visitor can open, a monitor need not. Real sites use many others, so no shorter list will do.
const REFUSED_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Whether a URL leads to a port that no browser opens.
pub fn refuses_port(url: &Url) -> bool {
    url.port().is_some_and(|port| REFUSED_PORTS.binary_search(&port).is_ok())
}

/// First address and prefix of the v4 networks that are not on the public internet, by IANA's registry of
/// special-purpose addresses.
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // carrier-grade NAT; also the metadata service of Alibaba Cloud
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local; the metadata service of most clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24), // AS112
    (Ipv4Addr::new(192, 52, 193, 0), 24), // AMT
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays, withdrawn
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 3),     // multicast, reserved, broadcast
];

fn is_public_v4(ip: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(net, prefix)| same_bits(net.to_bits().into(), ip.to_bits().into(), 32, *prefix))
}

/// Everything in use lies in 2000::/3; loopback, ULA, link-local, site-local and multicast lie outside.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let global = first & 0xe000 == 0x2000;
    let protocol_assignments = first == 0x2001 && second < 0x0200; // 2001::/23
    let documentation = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    global && !protocol_assignments && !documentation
}

/// The v4 addresses a tunnel or translator would go on to; `None`: `ip` is an address of its own.
fn embedded_v4(ip: Ipv6Addr) -> Option<[Option<Ipv4Addr>; 2]> {
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    match ip.segments() {
        [0x2002, a, b, ..] => Some([v4(a, b), None]), // 6to4
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => Some([v4(a, b), None]), // NAT64
        [0x2001, 0, a, b, _, _, c, d] => Some([v4(a, b), v4(!c, !d)]), // Teredo: server, client turned over
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, allowed: bool) {
        let guard = Guard::default();
        assert_eq!(guard.allows(address.parse().unwrap()), allowed, "{address}");
    }

    #[test]
    fn lets_public_addresses_through() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:114.114.114.114",
            "2400:3200::1",
            "2001:200::1",
            "2001:da8::1",
            "2606:4700::1111",
            "2002:0101:0101::1",
            "64:ff9b::1.1.1.1",
            "2001:0:0101:0101:0:0:fefe:fefe", // Teredo, client 1.1.1.1
        ] {
            check(address, true);
        }
    }

    #[test]
    fn refuses_what_is_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001:db8::1",
            "3fff::1",
            "2001:2::1",
            "2001:10::1",
            "2002:0a00:0001::1",
            "2002:7f00:1::",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1.1.1.1",
            "2001:0:0a00:1::fefe:fefe",    // Teredo, server 10.0.0.1
            "2001:0:0101:0101::80ff:fffe", // Teredo, client 127.0.0.1
        ] {
            check(address, false);
        }
    }

    #[test]
    fn opens_what_the_operator_names() {
        let guard = Guard { allow: vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()] };
        for (address, allowed) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("2002:7f00:1::", true),
            ("fd12::1", true),
            ("::1", false),
            ("10.0.0.1", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(guard.allows(address.parse().unwrap()), allowed, "{address}");
        }
    }

    #[test]
    fn reads_odd_forms_of_literal_hosts() {
        for (url, allowed) in [
            ("http://2130706433/", false),
            ("http://0177.0.0.1/", false),
            ("http://0x7f.1/", false),
            ("http://127.1/", false),
            ("http://[::1]:8080/", false),
            ("http://[::ffff:7f00:1]/", false),
            ("http://①②⑦.0.0.1/", false),
            ("http://16843009/", true),
            ("http://www.example.gov.cn/", true),
        ] {
            let address = literal(&Url::parse(url).unwrap());
            assert_eq!(address.is_none_or(|address| Guard::default().allows(address)), allowed, "{url}");
        }
    }

    #[test]
    fn networks_are_read_and_written() {
        for text in ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8", "0.0.0.0/0", "::/0"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        assert_eq!("10.1.2.3".parse::<Network>().unwrap().to_string(), "10.1.2.3/32");
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "a/8", "10.0.0.0/"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let everything: Network = "::/0".parse().unwrap();
        assert!(everything.contains("fe80::1".parse().unwrap()));
        assert!(!everything.contains("1.1.1.1".parse().unwrap()));
    }
}
