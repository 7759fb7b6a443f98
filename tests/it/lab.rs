//! A small internet of both families, in a network namespace of its own: addresses, name servers from the root down,
//! web servers. Nothing outside can be reached from it, and nothing of it is left behind.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::Arc;

use sitewarden::address::Address;
use sitewarden::config::{Settings, Site, values};
use sitewarden::evidence::Evidence;
use sitewarden::indicators::RuleSet;
use sitewarden::ipv6::{self, Assessment};
use tokio::net::UdpSocket;
use tokio::runtime::Runtime;
use trust_dns_resolver::proto::op::{Message, MessageType, ResponseCode};
use trust_dns_resolver::proto::rr::rdata::NS;
use trust_dns_resolver::proto::rr::{Name, RData, Record, RecordType};

use crate::scans;
use crate::server::{Routes, Server};

/// Says to a process that it is inside.
const INSIDE: &str = "SITEWARDEN_TEST_LAB";

/// Gives loopback the addresses of the lab and goes on with the test.
const ENTER: &str = "set -e; ip link set lo up; \
    for n in 1 2 3 4 53; do ip addr add 10.99.0.$n/32 dev lo; ip addr add fd00:99::$n/128 dev lo nodad; done; \
    for n in 1 2 3; do ip addr add fd00:99::53:$n/128 dev lo nodad; done; \
    exec \"$0\" --exact \"$1\" --nocapture";

/// Runs a test inside the lab: by itself, in another process, in a namespace. Where namespaces are not allowed the test
/// is skipped, and says so. `name` is that of the test, as its harness knows it.
pub(crate) fn inside(name: &str, test: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return test();
    }
    let may = Command::new("unshare").args(["-rn", "true"]).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED {name}: no network namespace can be made here (unshare -rn)");
        return;
    }
    let program = std::env::current_exe().expect("the test program");
    let output = Command::new("unshare")
        .args(["-rn", "sh", "-c", ENTER])
        .arg(program)
        .arg(name)
        .env(INSIDE, "1")
        .output()
        .expect("it can be started");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", said.join("\n"));
    assert!(said[0].contains("1 passed"), "{name} is not the name of this test:\n{}", said[0]);
}

/// The resolver that knows every name.
pub(crate) const RESOLVER: &str = "10.99.0.53:53";
/// Where iterative resolution begins.
pub(crate) const ROOT: &str = "[fd00:99::53:1]:53";
/// Targets that work over IPv6.
pub(crate) const REFERENCES: [&str; 2] = ["[fd00:99::53]:80", "[fd00:99::53]:81"];

/// Floors in milliseconds that no delay on loopback reaches, however busy the machine is.
pub(crate) const UNHURRIED: &str = "{ dns = 60000, tcp = 60000, first_byte = 60000, home = 60000 }";

/// A folder of rules with other floors of delays.
pub(crate) fn rules_folder(floors: &str) -> tempfile::TempDir {
    let text = include_str!("../../rules/ipv6.toml");
    let line = text.lines().find(|line| line.starts_with("floor_ms")).expect("the rules have floors");
    let folder = tempfile::tempdir().expect("a scratch folder");
    let changed = text.replace(line, &format!("floor_ms = {floors}"));
    std::fs::write(folder.path().join("ipv6.toml"), changed).expect("it can be written");
    folder
}

/// The rules with other floors of delays.
pub(crate) fn rules(floors: &str) -> RuleSet {
    RuleSet::load(Some(rules_folder(floors).path())).expect("only figures were changed")
}

/// The lab: names, servers, and how the site is measured.
pub(crate) struct Lab {
    pub(crate) names: HashMap<String, Vec<IpAddr>>,
    pub(crate) servers: Vec<Server>,
    /// Whether the name server of the site's zone has an IPv6 address.
    pub(crate) zone_has_aaaa: bool,
    /// Whether the monitor reaches anything over IPv6 besides the site.
    pub(crate) references: bool,
    /// The rules it is judged by.
    pub(crate) rules: RuleSet,
}

impl Lab {
    pub(crate) fn new() -> Lab {
        Lab {
            names: HashMap::new(),
            servers: Vec::new(),
            zone_has_aaaa: true,
            references: true,
            rules: rules(UNHURRIED),
        }
    }

    /// A name and its addresses.
    pub(crate) fn name(mut self, name: &str, addresses: &[&str]) -> Lab {
        let addresses = addresses.iter().map(|address| address.parse().expect("an address")).collect();
        self.names.insert(format!("{name}."), addresses);
        self
    }

    /// A web server.
    pub(crate) fn serve(mut self, address: &str, routes: Routes) -> Lab {
        self.servers.push(Server::at(address, routes));
        self
    }

    /// Starts what is not there yet, runs `work`, stops all of it.
    pub(crate) fn run<T>(mut self, work: impl FnOnce(&Lab) -> T) -> T {
        if self.references {
            for address in REFERENCES {
                self.servers.push(Server::at(address, Routes::default()));
            }
        }
        let _name_servers = self.name_servers();
        work(&self)
    }

    /// Measures a site of the lab and judges it.
    pub(crate) fn assess(self, home: &str) -> Assessment {
        let data = tempfile::tempdir().expect("a scratch folder");
        let mut settings = scans::settings(data.path());
        set(&mut settings);
        let home = Address::parse(home).expect("a good address");
        let site = Site::at(&home, &["static.site.test".to_owned()]);
        self.run(|lab| {
            let runtime = Runtime::new().expect("a runtime");
            let evidence = Evidence::open(&settings.evidence_url).expect("a scratch folder");
            let measured = runtime.block_on(ipv6::measure(&settings, &site, lab.rules.ipv6(), &evidence));
            ipv6::score(&measured.expect("the clients are set up"), &lab.rules)
        })
    }

    fn name_servers(&self) -> Runtime {
        let runtime = Runtime::new().expect("a runtime");
        let names = Arc::new(self.names.clone());
        let site_server = self.zone_has_aaaa.then_some("fd00:99::53:3");
        let roles = [
            (RESOLVER, Role::Knows),
            (ROOT, Role::Refers { zone: "test.", server: "ns.test.", glue: Some("fd00:99::53:2") }),
            (
                "[fd00:99::53:2]:53",
                Role::Refers { zone: "site.test.", server: "ns.site.test.", glue: site_server },
            ),
            ("[fd00:99::53:3]:53", Role::Knows),
        ];
        for (address, role) in roles {
            let socket = runtime.block_on(UdpSocket::bind(address)).expect("port 53 inside the lab");
            runtime.spawn(answer_all(socket, role, Arc::clone(&names)));
        }
        runtime
    }
}

/// Settings that suit the lab.
fn set(settings: &mut Settings) {
    settings.fetch.dns = vec![RESOLVER.parse().expect("an address")];
    settings.fetch.allow_private =
        ["10.99.0.0/16", "fd00:99::/32"].map(|network| values::network(network).expect("a network")).into();
    settings.fetch.rate = None;
    settings.ipv6.spacing = std::time::Duration::ZERO;
    settings.ipv6.roots = vec![ROOT.parse().expect("an address")];
    settings.ipv6.references = REFERENCES.map(|address| address.parse().expect("an address")).into();
}

/// The same for the program; more keys of its last section, `[ipv6]`, may follow.
pub(crate) fn configuration() -> String {
    format!(
        "[crawl]\nrate = 0\nallow_private = [\"10.99.0.0/16\", \"fd00:99::/32\"]\ndns = [\"{RESOLVER}\"]\n\
         [probe]\nreferences = []\n\
         [ipv6]\nspacing = \"1ms\"\nroots = [\"{ROOT}\"]\nreferences = {REFERENCES:?}\n"
    )
}

/// What a name server is there for.
#[derive(Clone, Copy)]
enum Role {
    /// Answers from the table.
    Knows,
    /// Names the server of the zone below.
    Refers { zone: &'static str, server: &'static str, glue: Option<&'static str> },
}

async fn answer_all(socket: UdpSocket, role: Role, names: Arc<HashMap<String, Vec<IpAddr>>>) {
    let mut packet = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        let Ok(mut message) = Message::from_vec(&packet[..length]) else { continue };
        let Some(query) = message.queries.first().cloned() else { continue };
        message.metadata.message_type = MessageType::Response;
        match role {
            Role::Knows => match names.get(&query.name().to_ascii()) {
                None => message.metadata.response_code = ResponseCode::NXDomain,
                Some(addresses) => {
                    let data = addresses.iter().filter_map(|address| data(*address, query.query_type()));
                    for data in data {
                        message.add_answer(Record::from_rdata(query.name().clone(), 0, data));
                    }
                }
            },
            Role::Refers { zone, server, glue } => {
                let name = |text: &str| Name::from_ascii(text).expect("a name");
                let refers = RData::NS(NS(name(server)));
                message.add_authority(Record::from_rdata(name(zone), 0, refers));
                let glue = glue.and_then(|glue| data(glue.parse().expect("an address"), RecordType::AAAA));
                if let Some(glue) = glue {
                    message.add_additional(Record::from_rdata(name(server), 0, glue));
                }
            }
        }
        let answer = message.to_vec().expect("it can be written");
        socket.send_to(&answer, SocketAddr::clone(&from)).await.expect("loopback takes it");
    }
}

fn data(address: IpAddr, kind: RecordType) -> Option<RData> {
    match (address, kind) {
        (IpAddr::V4(ip), RecordType::A) => Some(RData::A(ip.into())),
        (IpAddr::V6(ip), RecordType::AAAA) => Some(RData::AAAA(ip.into())),
        _ => None,
    }
}
