//! What the tests of the layers talk to: scripted answers, servers that misbehave, a name server.

use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::{TcpListener, TcpStream, UdpSocket},
};
use trust_dns_resolver::proto::{
    op::{Message, MessageType, ResponseCode},
    rr::{RData, Record, RecordType},
};

use super::{BodyEnd, Capture, Failure, FailureKind, Fetch, Outcome, Pending, Purpose, Request, Timings};
use crate::address::Address;

/// A request for a page.
pub(crate) fn request(address: &str) -> Request {
    Request::of(Address::parse(address).unwrap(), Purpose::Page)
}

/// An empty answer.
pub(crate) fn answer(status: u16) -> Outcome {
    Ok(Capture {
        address: Address::parse("http://a.test/").unwrap(),
        hops: Vec::new(),
        status,
        headers: Vec::new(),
        body: Bytes::new(),
        end: BodyEnd::Complete,
        timings: Timings::default(),
        remote: None,
        tls: Vec::new(),
        certificate: None,
        at: Timestamp::now(),
    })
}

/// An answer that asks for time.
pub(crate) fn refusal(status: u16, retry_after: Option<&str>) -> Outcome {
    answer(status).map(|mut capture| {
        capture.headers.extend(retry_after.map(|value| ("retry-after".to_owned(), value.to_owned())));
        capture
    })
}

/// An answer with a body.
pub(crate) fn page(body: &str) -> Outcome {
    answer(200).map(|capture| Capture { body: Bytes::from(body.to_owned()), ..capture })
}

/// A redirect.
pub(crate) fn redirect(status: u16, location: &str) -> Outcome {
    answer(status).map(|mut capture| {
        capture.headers.push(("location".to_owned(), location.to_owned()));
        capture
    })
}

/// No answer.
pub(crate) fn failure(kind: FailureKind) -> Outcome {
    Err(Failure { kind, detail: String::new(), hops: Vec::new(), elapsed: Duration::ZERO, retry_after: None })
}

/// Gives the answers it was told to, in order, and remembers what it was asked.
pub(crate) struct Scripted {
    answers: Mutex<VecDeque<Outcome>>,
    asked: Mutex<Vec<Request>>,
}

impl Scripted {
    pub(crate) fn new(answers: impl IntoIterator<Item = Outcome>) -> Scripted {
        Scripted { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() }
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

impl Fetch for Scripted {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        self.asked.lock().unwrap().push(request.clone());
        let outcome = self.answers.lock().unwrap().pop_front().expect("no more was to be asked");
        let address = request.address.clone();
        Box::pin(std::future::ready(outcome.map(|capture| Capture { address, ..capture })))
    }
}

/// A server on loopback; it stops with the runtime of its test.
pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Hands each connection to `serve`, with its number from 0.
    pub(crate) async fn start<F, T>(serve: F) -> Server
    where
        F: Fn(TcpStream, usize) -> T + Send + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, number));
            }
        });
        Server { at, connections }
    }

    /// Answers each connection's first request with these bytes, then closes.
    pub(crate) async fn saying(answer: impl Into<Bytes>) -> Server {
        let answer = answer.into();
        Server::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                let _ = head(&mut stream).await;
                let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, &answer).await;
                let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
                // What the client still sends is read, so that closing does not become a reset.
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            }
        })
        .await
    }

    /// Connections accepted so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }
}

/// Reads one request; `None` when the client has gone.
pub(crate) async fn head(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.ok()?;
        text.push(byte);
    }
    String::from_utf8(text).ok()
}

/// An answer with a body and its right length.
pub(crate) fn with_length(head: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// What a name server says.
pub(crate) enum Dns {
    Answer(Vec<IpAddr>),
    Code(ResponseCode),
    Silence,
}

/// A name server that answers A and AAAA by `answer`, which gets the name and the number of the question.
pub(crate) async fn name_server(answer: impl Fn(&str, usize) -> Dns + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut packet = [0; 4096];
        let mut number = 0;
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            let Ok(mut message) = Message::from_vec(&packet[..length]) else { continue };
            let Some(query) = message.queries.first().cloned() else { continue };
            message.metadata.message_type = MessageType::Response;
            match answer(&query.name().to_ascii(), number) {
                Dns::Silence => continue,
                Dns::Code(code) => message.metadata.response_code = code,
                Dns::Answer(addresses) => {
                    for address in addresses {
                        let data = match address {
                            IpAddr::V4(ip) if query.query_type() == RecordType::A => RData::A(ip.into()),
                            IpAddr::V6(ip) if query.query_type() == RecordType::AAAA => {
                                RData::AAAA(ip.into())
                            }
                            _ => continue,
                        };
                        message.add_answer(Record::from_rdata(query.name().clone(), 0, data));
                    }
                }
            }
            number += 1;
            socket.send_to(&message.to_vec().unwrap(), from).await.unwrap();
        }
    });
    at
}
