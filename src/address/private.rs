//! Addresses that only resolve or answer inside somebody's network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

use super::Address;

/// Whether nobody outside can follow a link to `address`, told by the address alone: a private, loopback or
/// link-local literal, `localhost`, or a name without a dot. `allowed` says which literal addresses the operator has
/// declared public; a name asks nobody, except `localhost`, which stands for 127.0.0.1.
pub fn intranet(address: &Address, allowed: impl Fn(IpAddr) -> bool) -> bool {
    match address.url().host() {
        Some(Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)) && !allowed(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)) && !allowed(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            if name == "localhost" || name.ends_with(".localhost") {
                return !allowed(IpAddr::V4(Ipv4Addr::LOCALHOST));
            }
            !name.contains('.') || LOCAL_ZONES.iter().any(|zone| name.ends_with(zone))
        }
        None => false,
    }
}

/// Zones that by their registration or by custom exist only within a network.
const LOCAL_ZONES: &[&str] =
    &[".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa", ".localdomain"];

/// Whether an IP address belongs to no place on the public internet that a page could be on.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => private_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(inner) => private_v4(inner),
            None => private_v6(ip),
        },
    }
}

fn private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let carrier_nat = a == 100 && (64..128).contains(&b);
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_broadcast() || a == 0 || carrier_nat
}

fn private_v6(ip: Ipv6Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_addresses_of_the_inside() {
        let check = |text: &str, expected: bool| {
            let address = Address::parse(text).expect("a good address");
            assert_eq!(intranet(&address, |_| false), expected, "{text}");
        };
        check("http://10.1.2.3/", true);
        check("http://172.16.0.1:8080/x", true);
        check("http://172.32.0.1/", false);
        check("http://192.168.0.1/", true);
        check("http://169.254.169.254/", true);
        check("http://100.64.0.1/", true);
        check("http://127.0.0.1/", true);
        check("http://0/", true);
        check("http://2130706433/", true);
        check("http://[::1]/", true);
        check("http://[fe80::1]/", true);
        check("http://[fd00::1]/", true);
        check("http://[::ffff:10.0.0.1]/", true);
        check("http://[2001:db8::1]/", false);
        check("http://121.43.68.40/exposure", false);
        check("http://localhost:8080/", true);
        check("http://oaserver/", true);
        check("http://oa.corp/", true);
        check("http://www.example.gov.cn/", false);
    }

    #[test]
    fn asks_for_exceptions() {
        let check = |text: &str, expected: bool| {
            let address = Address::parse(text).expect("a good address");
            assert_eq!(intranet(&address, |ip| ip.is_loopback()), expected, "{text}");
        };
        check("http://127.0.0.1:8001/", false);
        check("http://localhost/", false);
        check("http://[::1]/", false);
        check("http://10.0.0.1/", true);
    }
}
