//! Names to addresses, by our own resolver.
//!
//! Asks the configured name servers or those of the system, remembers answers for a crawl, says finely what went
//! wrong, and hands on only addresses that the [`Guard`] lets through: the check sits where the connection is
//! made, so a name that changes its mind between two look-ups gains nothing.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::dns::{Name, Resolve, Resolving};
use tracing::warn;
use trust_dns_resolver::{
    TokioResolver,
    config::{
        ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
    },
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::op::ResponseCode,
    system_conf::read_system_conf,
};

use super::{connecting, guard::Guard};
use crate::fetch::FailureKind;

/// Answers kept: the hosts a large site links to, both families each. The library's own 32 would thrash.
const CACHE_ANSWERS: u64 = 16_384;
/// Longest use of an answer, whatever its server says.
const LONGEST_ANSWER: Duration = Duration::from_secs(6 * 3600);
/// A name that does not exist is asked for again when its failure is to be confirmed.
const LONGEST_DENIAL: Duration = Duration::from_secs(1);

/// Which addresses of a name are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
    /// Both, as a browser does.
    Any,
}

impl Family {
    /// The family of one address.
    pub fn of(address: IpAddr) -> Family {
        if address.is_ipv4() { Family::V4 } else { Family::V6 }
    }

    /// Whether `address` is one of this family.
    pub fn takes(self, address: IpAddr) -> bool {
        match self {
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
            Family::Any => true,
        }
    }
}

/// Why a name led to no address that may be connected to.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct ResolveError {
    /// What kind of failure that is.
    pub kind: FailureKind,
    /// The words of the resolver.
    pub detail: String,
}

/// Resolves names to public addresses of one family.
#[derive(Clone)]
pub struct Resolver {
    names: TokioResolver,
    family: Family,
    guard: Arc<Guard>,
    limit: Duration,
    pin: Option<Pin>,
}

/// A name that leads to one address of it alone, so that a measurement knows which one it has measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The name, as it stands in URLs.
    pub host: String,
    /// Its address.
    pub address: IpAddr,
}

impl Resolver {
    /// A resolver that asks `servers` (empty: those of the system) and gives up after `limit`.
    pub fn new(
        servers: &[SocketAddr],
        family: Family,
        guard: Arc<Guard>,
        limit: Duration,
    ) -> anyhow::Result<Resolver> {
        let (config, mut options) =
            if servers.is_empty() { system() } else { (named(servers), named_options()) };
        options.ip_strategy = match family {
            Family::V4 => LookupIpStrategy::Ipv4Only,
            Family::V6 => LookupIpStrategy::Ipv6Only,
            Family::Any => LookupIpStrategy::Ipv4AndIpv6,
        };
        options.cache_size = CACHE_ANSWERS;
        options.positive_max_ttl = Some(LONGEST_ANSWER);
        options.negative_max_ttl = Some(LONGEST_DENIAL);
        // Two tries fit into the limit, so that one lost packet is no failure.
        options.timeout = limit / 2;
        options.attempts = 1;
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        *builder.options_mut() = options;
        Ok(Resolver { names: builder.build()?, family, guard, limit, pin: None })
    }

    /// The same, with one name pinned to one address. Other names are resolved as ever.
    pub fn pinned(self, pin: Pin) -> Resolver {
        Resolver { pin: Some(pin), ..self }
    }

    /// The addresses of `host` that may be connected to; never empty.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        if let Some(pin) = self.pin.as_ref().filter(|pin| pin.host.eq_ignore_ascii_case(host)) {
            return self.usable(host, &[pin.address]);
        }
        let all = self.answers(host).await?;
        self.usable(host, &all)
    }

    /// An address that was named instead of a host, if it may be connected to.
    pub fn only_allowed(&self, address: IpAddr) -> Result<IpAddr, ResolveError> {
        self.usable(&address.to_string(), &[address]).map(|_| address)
    }

    /// The addresses that name servers give for `host`, whether they may be connected to or not.
    pub async fn answers(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        // A name from a URL is complete: the system's search list must not turn a dead link into somebody else's
        // page. Names without a dot exist only within such a list.
        let absolute = if host.contains('.') && !host.ends_with('.') { &format!("{host}.") } else { host };
        let found = match tokio::time::timeout(self.limit, self.names.lookup_ip(absolute)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                return Err(ResolveError { kind: kind(&error), detail: format!("{host}: {error}") });
            }
            Err(_) => {
                let detail = format!("{host}: no answer from name servers within {:?}", self.limit);
                return Err(ResolveError { kind: FailureKind::DnsTimeout, detail });
            }
        };
        Ok(found.iter().collect())
    }

    /// Those of the wanted family that the guard lets through.
    fn usable(&self, host: &str, found: &[IpAddr]) -> Result<Vec<IpAddr>, ResolveError> {
        let all: Vec<IpAddr> = found.iter().copied().filter(|address| self.family.takes(*address)).collect();
        let public: Vec<IpAddr> = all.iter().copied().filter(|address| self.guard.allows(*address)).collect();
        match (public.is_empty(), all.first()) {
            (false, _) => Ok(public),
            (true, Some(refused)) => Err(ResolveError {
                kind: FailureKind::ForbiddenAddress,
                detail: format!("{host}: {refused} is not a public address"),
            }),
            (true, None) => Err(ResolveError {
                kind: FailureKind::NoAddress,
                detail: format!("{host}: no address of the wanted family"),
            }),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let started = Instant::now();
            let addresses = resolver.addresses(name.as_str()).await?;
            connecting::note_resolved(started);
            // Port 0: the client puts in that of the URL.
            let sockets = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as reqwest::dns::Addrs)
        })
    }
}

/// What the system is set to, hosts file included. Without such settings everything but names still works.
/// The name servers that are asked, in order: those named, else those of the system; empty where nobody named any.
pub fn servers(named: &[SocketAddr]) -> Vec<SocketAddr> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let (config, _) = system();
    let of_system = config.name_servers.iter().map(|server| {
        let port = server.connections.first().map_or(53, |connection| connection.port);
        SocketAddr::new(server.ip, port)
    });
    of_system.collect()
}

fn system() -> (ResolverConfig, ResolverOpts) {
    let (config, mut options) = read_system_conf().unwrap_or_else(|error| {
        warn!("no name servers are set on this system: {error}");
        (ResolverConfig::default(), ResolverOpts::default())
    });
    options.use_hosts_file = ResolveHosts::Always;
    (config, options)
}

fn named_options() -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.use_hosts_file = ResolveHosts::Never;
    options
}

fn named(servers: &[SocketAddr]) -> ResolverConfig {
    let servers = servers.iter().map(|server| {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = server.port();
            connection
        });
        NameServerConfig::new(server.ip(), true, connections.into())
    });
    ResolverConfig::from_name_servers(servers.collect())
}

fn kind(error: &NetError) -> FailureKind {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => FailureKind::NoSuchName,
            ResponseCode::NoError => FailureKind::NoAddress,
            _ => FailureKind::DnsError,
        },
        NetError::Timeout => FailureKind::DnsTimeout,
        NetError::NoConnections => FailureKind::OwnNetwork, // No name server is set.
        // What cannot be asked for as a name, such as a label of 64 letters, does not exist.
        NetError::Proto(_) => FailureKind::NoSuchName,
        _ => FailureKind::DnsError,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::{Dns, name_server};

    const LIMIT: Duration = Duration::from_millis(300);

    async fn resolve(family: Family, allow: &[&str], host: &str) -> Result<Vec<IpAddr>, FailureKind> {
        let server = name_server(|name, _| match name {
            "both.test." => Dns::Answer(vec!["1.2.3.4".parse().unwrap(), "2400::1".parse().unwrap()]),
            "four.test." => Dns::Answer(vec!["1.2.3.4".parse().unwrap()]),
            "mixed.test." => Dns::Answer(vec!["10.0.0.1".parse().unwrap(), "1.2.3.4".parse().unwrap()]),
            "inside.test." => Dns::Answer(vec!["10.0.0.1".parse().unwrap()]),
            "metadata.test." => Dns::Answer(vec!["169.254.169.254".parse().unwrap()]),
            "mapped.test." => Dns::Answer(vec!["::ffff:10.0.0.1".parse().unwrap()]),
            "empty.test." => Dns::Answer(vec![]),
            "broken.test." => Dns::Code(ResponseCode::ServFail),
            "refused.test." => Dns::Code(ResponseCode::Refused),
            "silent.test." => Dns::Silence,
            _ => Dns::Code(ResponseCode::NXDomain),
        })
        .await;
        let guard = Guard { allow: allow.iter().map(|network| network.parse().unwrap()).collect() };
        let resolver = Resolver::new(&[server], family, Arc::new(guard), LIMIT).unwrap();
        resolver.addresses(host).await.map_err(|error| error.kind)
    }

    #[tokio::test]
    async fn says_what_a_name_leads_to() {
        use FailureKind::*;
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        for (family, host, expected) in [
            (Family::Any, "both.test", Ok(vec![ip("1.2.3.4"), ip("2400::1")])),
            (Family::V4, "both.test", Ok(vec![ip("1.2.3.4")])),
            (Family::V6, "both.test", Ok(vec![ip("2400::1")])),
            (Family::Any, "four.test", Ok(vec![ip("1.2.3.4")])),
            (Family::V6, "four.test", Err(NoAddress)),
            (Family::Any, "mixed.test", Ok(vec![ip("1.2.3.4")])),
            (Family::Any, "inside.test", Err(ForbiddenAddress)),
            (Family::Any, "metadata.test", Err(ForbiddenAddress)),
            (Family::V6, "mapped.test", Err(ForbiddenAddress)),
            (Family::Any, "empty.test", Err(NoAddress)),
            (Family::Any, "nowhere.test", Err(NoSuchName)),
            (Family::Any, "broken.test", Err(DnsError)),
            (Family::Any, "refused.test", Err(DnsError)),
            (Family::Any, "silent.test", Err(DnsTimeout)),
        ] {
            assert_eq!(resolve(family, &[], host).await, expected, "{host} {family:?}");
        }
        assert_eq!(resolve(Family::Any, &["10.0.0.0/8"], "inside.test").await, Ok(vec![ip("10.0.0.1")]));
    }

    #[tokio::test]
    async fn a_pinned_name_leads_to_one_address_and_the_guard_stays() {
        let check = async |address: &str, family, expected: Result<usize, FailureKind>| {
            let pin = Pin { host: "www.a.test".to_owned(), address: address.parse().unwrap() };
            let resolver = Resolver::new(&[], family, Arc::default(), LIMIT).unwrap().pinned(pin);
            let found = resolver.addresses("www.A.test").await;
            assert_eq!(found.map(|found| found.len()).map_err(|error| error.kind), expected, "{address}");
        };
        check("2400::1", Family::V6, Ok(1)).await;
        check("2400::1", Family::V4, Err(FailureKind::NoAddress)).await;
        check("fd00::1", Family::V6, Err(FailureKind::ForbiddenAddress)).await;
    }

    #[tokio::test]
    async fn the_system_knows_localhost() {
        let guard = Guard { allow: vec!["127.0.0.0/8".parse().unwrap()] };
        let resolver = Resolver::new(&[], Family::V4, Arc::new(guard), LIMIT).unwrap();
        assert_eq!(resolver.addresses("localhost").await.unwrap(), [IpAddr::from([127, 0, 0, 1])]);
    }
}
