//! One question to one name server, answered from no cache: what a measurement of name servers needs.
//!
//! The [`resolver`](super::resolver) is for getting somewhere; here the way itself is looked at. UDP first, TCP where
//! the answer was cut. What comes back is untrusted: its number and question must be ours, its size is bounded, and
//! whoever connects to an address in it asks the [`Guard`](super::guard::Guard) before.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use trust_dns_resolver::proto::{
    op::{Edns, Message, MessageType, Query, ResponseCode},
    rr::{Name, RData, RecordType},
};

use super::resolver::Family;

/// Bytes of an answer over UDP that are asked for: what passes every network unfragmented (DNS flag day 2020).
const UDP_BYTES: u16 = 1232;
/// Records of one answer that are looked at. The root's own referral has 13 servers with two addresses each.
const RECORDS: usize = 200;
/// Aliases that are followed within one answer.
const ALIASES: usize = 16;

/// Whom a question is put to, and how.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// The name server.
    pub server: SocketAddr,
    /// Whether it shall ask others (a resolver), or only say what it knows (a server of a zone).
    pub recursive: bool,
    /// For each of UDP and TCP.
    pub limit: Duration,
}

/// What a name server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The addresses of the name, its aliases followed as far as the answer goes.
    pub addresses: Vec<IpAddr>,
    /// The last alias of the name where the answer has no address for that; without the final dot.
    pub alias: Option<String>,
    /// Who knows more, where this server does not know.
    pub referral: Option<Referral>,
    /// Whether the name is said not to exist.
    pub no_such_name: bool,
    /// From the question to the answer.
    pub took: Duration,
}

/// The servers of a zone, as the zone above names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The zone, without the final dot.
    pub zone: String,
    /// Its servers.
    pub servers: Vec<ZoneServer>,
}

/// A server of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneServer {
    /// Its name, without the final dot.
    pub name: String,
    /// Its addresses, as far as they came along.
    pub addresses: Vec<IpAddr>,
}

/// Why a name server gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It did not answer in time.
    #[error("no answer within {0:?}")]
    Silent(Duration),
    /// It cannot be reached.
    #[error("cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    /// It answered with an error.
    #[error("answered {0}")]
    Refused(ResponseCode),
    /// What came back is no answer to the question, or there is none to ask.
    #[error("{0}")]
    Nonsense(&'static str),
}

/// Asks for the addresses of `host` in one family. [`Family::Any`] asks for v6.
pub async fn ask(host: &str, family: Family, asking: Asking) -> Result<Reply, AskError> {
    let name = absolute(host)?;
    let kind = match family {
        Family::V4 => RecordType::A,
        Family::V6 | Family::Any => RecordType::AAAA,
    };
    let mut question = Message::query();
    question.metadata.recursion_desired = asking.recursive;
    question.add_query(Query::query(name.clone(), kind));
    let mut edns = Edns::new();
    edns.set_max_payload(UDP_BYTES);
    question.set_edns(edns);
    let packet = question.to_vec().map_err(|_| AskError::Nonsense("the name cannot be asked for"))?;

    let started = Instant::now();
    let silent = |_| AskError::Silent(asking.limit);
    let mut answer =
        timeout(asking.limit, over_udp(asking.server, &packet, &question)).await.map_err(silent)??;
    if answer.metadata.truncation {
        answer =
            timeout(asking.limit, over_tcp(asking.server, &packet, &question)).await.map_err(silent)??;
    }
    read(&answer, &name, kind, started.elapsed())
}

fn absolute(host: &str) -> Result<Name, AskError> {
    let mut name = Name::from_ascii(host).map_err(|_| AskError::Nonsense("the name cannot be asked for"))?;
    name.set_fqdn(true);
    Ok(name)
}

async fn over_udp(server: SocketAddr, packet: &[u8], question: &Message) -> Result<Message, AskError> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    // Connected, so that only packets from there arrive, and a closed port is heard of at once.
    socket.connect(server).await?;
    socket.send(packet).await?;
    let mut buffer = vec![0; usize::from(UDP_BYTES) * 4];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // Anything else is somebody guessing: the answer may still come.
        if let Ok(answer) = Message::from_vec(&buffer[..length])
            && answers(&answer, question)
        {
            return Ok(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, packet: &[u8], question: &Message) -> Result<Message, AskError> {
    let length = u16::try_from(packet.len()).map_err(|_| AskError::Nonsense("the question is too long"))?;
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&[&length.to_be_bytes(), packet].concat()).await?;
    let mut buffer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut buffer).await?;
    let answer = Message::from_vec(&buffer).map_err(|_| AskError::Nonsense("what came back is no DNS"))?;
    if answers(&answer, question) { Ok(answer) } else { Err(AskError::Nonsense("answers another question")) }
}

fn answers(answer: &Message, question: &Message) -> bool {
    answer.metadata.message_type == MessageType::Response
        && answer.metadata.id == question.metadata.id
        && answer.queries == question.queries
}

fn read(answer: &Message, name: &Name, kind: RecordType, took: Duration) -> Result<Reply, AskError> {
    let no_such_name = match answer.metadata.response_code {
        ResponseCode::NoError => false,
        ResponseCode::NXDomain => true,
        code => return Err(AskError::Refused(code)),
    };
    let mut owner = name.clone();
    for _ in 0..ALIASES {
        let next = answer.answers.iter().take(RECORDS).find_map(|record| match &record.data {
            RData::CNAME(to) if record.name == owner => Some(to.0.clone()),
            _ => None,
        });
        let Some(next) = next else { break };
        owner = next;
    }
    let addresses: Vec<IpAddr> = answer
        .answers
        .iter()
        .take(RECORDS)
        .filter(|record| record.name == owner && record.record_type() == kind)
        .filter_map(|record| record.data.ip_addr())
        .collect();
    let alias = (owner != *name && addresses.is_empty()).then(|| text(&owner));
    let referral = if answer.answers.is_empty() { referral(answer, name) } else { None };
    Ok(Reply { addresses, alias, referral, no_such_name, took })
}

/// The servers of the closest zone above `name` that the answer names.
fn referral(answer: &Message, name: &Name) -> Option<Referral> {
    let named = answer.authorities.iter().take(RECORDS).filter_map(|record| match &record.data {
        RData::NS(server) if record.name.zone_of(name) => Some((&record.name, &server.0)),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    let zone = named.iter().map(|(zone, _)| *zone).max_by_key(|zone| zone.num_labels())?;
    let servers = named.iter().filter(|(of, _)| *of == zone).map(|(_, server)| ZoneServer {
        name: text(server),
        addresses: answer
            .additionals
            .iter()
            .take(RECORDS)
            .filter(|record| record.name == **server)
            .filter_map(|record| record.data.ip_addr())
            .collect(),
    });
    Some(Referral { zone: text(zone), servers: servers.collect() })
}

fn text(name: &Name) -> String {
    let text = name.to_ascii();
    if name.is_root() { text } else { text.trim_end_matches('.').to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use trust_dns_resolver::proto::rr::{
        Record,
        rdata::{CNAME, NS},
    };

    use super::*;
    use crate::fetch::testing::{Dns, name_server};

    async fn addresses(host: &str, family: Family) -> Result<Vec<IpAddr>, String> {
        let server = name_server(|name, _| match name {
            "both.test." => Dns::Answer(vec!["1.2.3.4".parse().unwrap(), "2400::1".parse().unwrap()]),
            "broken.test." => Dns::Code(ResponseCode::ServFail),
            "silent.test." => Dns::Silence,
            _ => Dns::Code(ResponseCode::NXDomain),
        })
        .await;
        let asking = Asking { server, recursive: true, limit: Duration::from_millis(200) };
        ask(host, family, asking).await.map(|reply| reply.addresses).map_err(|error| error.to_string())
    }

    fn reading(fill: impl FnOnce(&mut Message)) -> Reply {
        let mut message = Message::query();
        fill(&mut message);
        read(&message, &name("www.a.test."), RecordType::AAAA, Duration::ZERO).unwrap()
    }

    fn name(text: &str) -> Name {
        Name::from_ascii(text).unwrap()
    }

    fn record(owner: &str, data: RData) -> Record {
        Record::from_rdata(name(owner), 0, data)
    }

    #[test]
    fn aliases_are_followed_as_far_as_the_answer_goes() {
        let alias = || record("www.a.test.", RData::CNAME(CNAME(name("cdn.b.test."))));
        let found = reading(|message| {
            message.add_answer(alias());
            message.add_answer(record("cdn.b.test.", RData::AAAA("2400::1".parse().unwrap())));
            // Of somebody else: no answer to this question.
            message.add_answer(record("c.test.", RData::AAAA("2400::2".parse().unwrap())));
        });
        assert_eq!((found.addresses, found.alias), (vec!["2400::1".parse().unwrap()], None));
        let found = reading(|message| _ = message.add_answer(alias()));
        assert_eq!((found.addresses, found.alias.as_deref()), (vec![], Some("cdn.b.test")));
        let circle = reading(|message| {
            message.add_answer(alias());
            message.add_answer(record("cdn.b.test.", RData::CNAME(CNAME(name("www.a.test.")))));
        });
        assert_eq!((circle.addresses, circle.referral), (vec![], None));
    }

    #[test]
    fn a_referral_names_the_closest_zone_above_the_name_with_its_glue() {
        let found = reading(|message| {
            for (zone, server) in
                [("test.", "ns.test."), ("a.test.", "NS.a.test."), ("b.test.", "ns.b.test.")]
            {
                message.add_authority(record(zone, RData::NS(NS(name(server)))));
            }
            message.add_additional(record("ns.a.test.", RData::AAAA("2400::53".parse().unwrap())));
        });
        let server =
            ZoneServer { name: "ns.a.test".to_owned(), addresses: vec!["2400::53".parse().unwrap()] };
        assert_eq!(found.referral, Some(Referral { zone: "a.test".to_owned(), servers: vec![server] }));
    }

    #[tokio::test]
    async fn what_was_cut_is_asked_for_over_tcp() {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = udp.local_addr().unwrap();
        let tcp = tokio::net::TcpListener::bind(server).await.unwrap();
        let answer = |packet: &[u8]| {
            let mut message = Message::from_vec(packet).unwrap();
            message.metadata.message_type = MessageType::Response;
            message
        };
        let serve = async {
            let mut packet = vec![0; 512];
            let (length, from) = udp.recv_from(&mut packet).await.unwrap();
            let mut cut = answer(&packet[..length]);
            cut.metadata.truncation = true;
            udp.send_to(&cut.to_vec().unwrap(), from).await.unwrap();
            let (mut stream, _) = tcp.accept().await.unwrap();
            let mut packet = vec![0; usize::from(stream.read_u16().await.unwrap())];
            stream.read_exact(&mut packet).await.unwrap();
            let mut whole = answer(&packet);
            whole.add_answer(record("a.test.", RData::AAAA("2400::1".parse().unwrap())));
            let bytes = whole.to_vec().unwrap();
            stream.write_u16(u16::try_from(bytes.len()).unwrap()).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
        };
        let asking = Asking { server, recursive: true, limit: Duration::from_secs(5) };
        let (reply, ()) = tokio::join!(ask("a.test", Family::V6, asking), serve);
        assert_eq!(reply.unwrap().addresses, ["2400::1".parse::<IpAddr>().unwrap()]);
    }

    #[tokio::test]
    async fn says_what_the_server_said() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(addresses("both.test", Family::V4).await, Ok(vec![ip("1.2.3.4")]));
        assert_eq!(addresses("both.test.", Family::V6).await, Ok(vec![ip("2400::1")]));
        assert_eq!(addresses("nowhere.test", Family::V6).await, Ok(vec![]));
        assert!(addresses("broken.test", Family::V6).await.unwrap_err().starts_with("answered"));
        assert_eq!(addresses("silent.test", Family::V6).await.unwrap_err(), "no answer within 200ms");
        assert_eq!(addresses(&"a".repeat(64), Family::V6).await.unwrap_err(), "the name cannot be asked for");
    }
}
