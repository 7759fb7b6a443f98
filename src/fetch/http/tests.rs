//! Servers that misbehave, over the whole stack of layers or [`Http`](super::Http) alone.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::*;
use crate::fetch::{
    Connection, Stack, stack,
    testing::{Dns, Server, head, name_server, request, with_length},
};

/// Short enough for a test, long enough for a busy machine to answer what is to be answered.
const SHORT: Duration = Duration::from_millis(250);

fn settings() -> Fetching {
    let mut settings = Fetching {
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        robots: false,
        rate: None,
        ..Fetching::default()
    };
    settings.deadlines = Deadlines {
        connect: Duration::from_secs(3),
        first_byte: Duration::from_secs(3),
        idle: Duration::from_secs(3),
        page: Duration::from_secs(6),
        file: Duration::from_secs(6),
    };
    settings
}

fn http(settings: &Fetching) -> Http {
    Http::new(settings, Family::Any).unwrap()
}

async fn fetch(server: &Server) -> Result<Capture, FailureKind> {
    http(&settings()).fetch(&request(&server.url("/"))).await.map_err(|failure| failure.kind)
}

async fn get(stack: &Stack, address: &str) -> Result<u16, FailureKind> {
    stack.fetch(&request(address)).await.map(|capture| capture.status).map_err(|failure| failure.kind)
}

#[tokio::test]
async fn brings_back_what_came() {
    let answer =
        with_length("200 OK\r\nContent-Type: text/html; charset=gb2312\r\nX-Odd: \u{7}", b"<p>home</p>");
    let server = Server::saying(answer).await;
    let http = http(&settings());
    let capture = http.fetch(&request(&server.url("/a?b=c"))).await.unwrap();
    assert_eq!(
        (capture.status, capture.body.as_ref(), capture.end),
        (200, &b"<p>home</p>"[..], BodyEnd::Complete)
    );
    assert_eq!(capture.header("content-type"), Some("text/html; charset=gb2312"));
    assert_eq!(capture.remote, Some([127, 0, 0, 1].into()));
    assert!(capture.timings.connect.is_some() && capture.timings.first_byte.is_some());
    assert_eq!(capture.timings.dns, None);
    assert_eq!((http.counters.requests(), http.counters.bytes()), (1, 11));
}

#[tokio::test]
async fn asks_by_get_and_says_who_asks() {
    let server = Server::start(|mut stream, _| async move {
        let head = head(&mut stream).await.unwrap();
        let _ = stream.write_all(&with_length("200 OK", head.as_bytes())).await;
    })
    .await;
    let mut wanted = request(&server.url("/%D6%D0?q=%D0#top"));
    wanted.referrer = Some(crate::address::Address::parse("http://a.test/b").unwrap());
    for purpose in [Purpose::Page, Purpose::File, Purpose::Existence] {
        wanted.purpose = purpose;
        let capture = http(&settings()).fetch(&wanted).await.unwrap();
        let head = String::from_utf8(capture.body.to_vec()).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("get /%d6%d0?q=%d0 http/1.1\r\n"), "{head}");
        for line in ["referer: http://a.test/b", "user-agent: mozilla/5.0 (compatible; sitewarden", "zh-cn"] {
            assert!(head.contains(line), "{head}");
        }
        assert!(!head.contains("cookie"), "{head}");
    }
}

#[tokio::test]
async fn keeps_connections_or_not() {
    let server = Server::start(|mut stream, _| async move {
        while head(&mut stream).await.is_some() {
            let _ = stream.write_all(&with_length("200 OK", b"")).await;
        }
    })
    .await;
    let http = http(&settings());
    let pooled = request(&server.url("/"));
    let first = http.fetch(&pooled).await.unwrap();
    let second = http.fetch(&pooled).await.unwrap();
    assert!(first.timings.connect.is_some() && second.timings.connect.is_none());
    assert_eq!(server.connections(), 1);
    let fresh = Request { connection: Connection::Fresh, ..pooled };
    for expected in [2, 3] {
        assert!(http.fetch(&fresh).await.unwrap().timings.connect.is_some());
        assert_eq!(server.connections(), expected);
    }
}

#[tokio::test]
async fn names_what_servers_do_wrong() {
    use FailureKind::*;
    let reset = |stream: TcpStream, _| async move {
        let _ = stream.set_zero_linger();
    };
    assert_eq!(fetch(&Server::start(reset).await).await.unwrap_err(), Reset);
    let closed = |stream: TcpStream, _| async move { drop(stream) };
    assert_eq!(fetch(&Server::start(closed).await).await.unwrap_err(), Reset);
    for (answer, kind) in [
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", Protocol),
        ("HTTP/1.1 abc\r\n\r\n", Protocol),
        ("", Reset),
        ("HTTP/1.1 200 OK\r\nContent-", Reset),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Protocol),
    ] {
        assert_eq!(
            fetch(&Server::saying(answer).await).await.map_err(Some).err(),
            Some(Some(kind)),
            "{answer}"
        );
    }
    // Bound, and nobody listens: nobody else can listen there either.
    let deaf = tokio::net::TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = format!("http://{}/", deaf.local_addr().unwrap());
    let outcome = http(&settings()).fetch(&request(&nobody)).await;
    assert_eq!(outcome.unwrap_err().kind, Refused);
}

#[tokio::test]
async fn headers_have_a_cap() {
    for size in [100 << 10, 10 << 20] {
        let answer = with_length(&format!("200 OK\r\nX-Long: {}", "x".repeat(size)), b"");
        assert_eq!(fetch(&Server::saying(answer).await).await.unwrap_err(), FailureKind::HeadersTooLarge);
    }
    let many: String = (0..200_000).map(|n| format!("\r\nX-{n}: 1")).collect();
    let answer = with_length(&format!("200 OK{many}"), b"");
    assert_eq!(fetch(&Server::saying(answer).await).await.unwrap_err(), FailureKind::HeadersTooLarge);
}

#[tokio::test]
async fn bodies_have_caps() {
    let body = vec![b'x'; 200 << 10];
    let server = Server::saying(with_length("200 OK", &body)).await;
    let mut settings = settings();
    settings.caps.page = 100 << 10;
    let http = http(&settings);
    for (purpose, length, end) in [
        (Purpose::Page, 100 << 10, BodyEnd::Capped),
        (Purpose::File, 200 << 10, BodyEnd::Complete),
        (Purpose::Existence, 64 << 10, BodyEnd::Capped),
    ] {
        let capture = http.fetch(&Request { purpose, ..request(&server.url("/")) }).await.unwrap();
        assert_eq!((capture.body.len(), capture.end), (length, end), "{purpose:?}");
    }
    settings.caps.page = 200 << 10;
    let capture = self::http(&settings).fetch(&request(&server.url("/"))).await.unwrap();
    assert_eq!((capture.body.len(), capture.end), (200 << 10, BodyEnd::Complete));
}

#[tokio::test]
async fn broken_bodies_keep_their_beginning() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    let capture = fetch(&Server::saying(cut).await).await.unwrap();
    assert_eq!((capture.body.as_ref(), capture.end), (&b"half"[..], BodyEnd::Truncated));
    let cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    let capture = fetch(&Server::saying(cut).await).await.unwrap();
    assert_eq!((capture.body.as_ref(), capture.end), (&b"half"[..], BodyEnd::Truncated));
    let lie = with_length("200 OK\r\nContent-Encoding: gzip", "<p>明文</p>".as_bytes());
    let capture = fetch(&Server::saying(lie).await).await.unwrap();
    assert_eq!((capture.body.as_ref(), capture.end), ("<p>明文</p>".as_bytes(), BodyEnd::Complete));
}

#[tokio::test]
async fn a_bomb_is_cut_at_the_cap() {
    use async_compression::tokio::bufread::GzipEncoder;
    let mut bomb = Vec::new();
    let zeros = vec![0; 4 << 20];
    tokio::io::AsyncReadExt::read_to_end(&mut GzipEncoder::new(&zeros[..]), &mut bomb).await.unwrap();
    let server = Server::saying(with_length("200 OK\r\nContent-Encoding: gzip", &bomb)).await;
    let mut settings = settings();
    settings.caps.page = 1 << 20;
    let capture = http(&settings).fetch(&request(&server.url("/"))).await.unwrap();
    assert_eq!((capture.body.len(), capture.end), (1 << 20, BodyEnd::Capped));
}

/// Sends the head of an answer, then a byte every 20 ms.
async fn drip(mut stream: TcpStream, _: usize) {
    let _ = head(&mut stream).await;
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await;
    while stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Takes requests and says nothing.
async fn silence(mut stream: TcpStream, _: usize) {
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

#[tokio::test]
async fn every_wait_ends() {
    use FailureKind::*;
    let dripping = Server::start(drip).await;
    let silent = Server::start(silence).await;
    type Change = fn(&mut Deadlines);
    let cases: [(&Server, Change, FailureKind); 4] = [
        (&dripping, |deadlines| deadlines.idle = SHORT, BodyTimeout),
        (&dripping, |deadlines| deadlines.page = SHORT, Deadline),
        (&silent, |deadlines| deadlines.first_byte = SHORT, FirstByteTimeout),
        (&silent, |deadlines| deadlines.page = SHORT, Deadline),
    ];
    for (server, change, kind) in cases {
        let mut settings = settings();
        change(&mut settings.deadlines);
        let failure = http(&settings).fetch(&request(&server.url("/"))).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{}", failure.detail);
        assert!(failure.elapsed >= SHORT && failure.elapsed < SHORT * 6, "{:?}", failure.elapsed);
    }
    // Whether it exists is known by then.
    let mut settings = settings();
    settings.deadlines.idle = SHORT;
    let probe = Request { purpose: Purpose::Existence, ..request(&dripping.url("/")) };
    let capture = http(&settings).fetch(&probe).await.unwrap();
    assert_eq!((capture.status, capture.end), (200, BodyEnd::Truncated));
}

#[tokio::test]
async fn names_are_resolved_and_guarded_at_every_connection() {
    let server = Server::saying(with_length("200 OK", b"")).await;
    let port = server.at.port();
    let names = name_server(|name, number| match name {
        "site.test." => Dns::Answer(vec!["127.0.0.1".parse().unwrap()]),
        "inside.test." => Dns::Answer(vec!["127.0.0.2".parse().unwrap()]),
        // Changes its mind after the first connection (two questions: A and AAAA).
        "turncoat.test." if number < 6 => Dns::Answer(vec!["127.0.0.1".parse().unwrap()]),
        "turncoat.test." => Dns::Answer(vec!["10.0.0.1".parse().unwrap()]),
        _ => Dns::Code(trust_dns_resolver::proto::op::ResponseCode::NXDomain),
    })
    .await;
    let http = http(&Fetching { dns: vec![names], ..settings() });
    let get = |host: &'static str| {
        let http = &http;
        async move {
            let wanted =
                Request { connection: Connection::Fresh, ..request(&format!("http://{host}:{port}/")) };
            http.fetch(&wanted).await.map_err(|failure| failure.kind)
        }
    };
    let capture = get("site.test").await.unwrap();
    assert!(capture.timings.dns.is_some() && capture.timings.connect.is_some());
    assert_eq!(get("inside.test").await.unwrap_err(), FailureKind::ForbiddenAddress);
    assert!(get("turncoat.test").await.is_ok());
    assert_eq!(get("turncoat.test").await.unwrap_err(), FailureKind::ForbiddenAddress);
    assert_eq!(get("nowhere.test").await.unwrap_err(), FailureKind::NoSuchName);
}

#[tokio::test]
async fn no_hop_leads_inside() {
    for location in [
        "http://127.0.0.2/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://167772161/",
        "//0x7f.2/",
    ] {
        let server = Server::saying(with_length(&format!("302 Found\r\nLocation: {location}"), b"")).await;
        let failure = stack(&settings()).unwrap().fetch(&request(&server.url("/"))).await.unwrap_err();
        assert_eq!((failure.kind, failure.hops.len()), (FailureKind::ForbiddenAddress, 1), "{location}");
    }
}

#[tokio::test]
async fn follows_redirects_over_the_wire() {
    let server = Server::start(|mut stream, _| async move {
        while let Some(head) = head(&mut stream).await {
            let path = head.split(' ').nth(1).unwrap().to_owned();
            let answer = match path.as_str() {
                "/gbk" => {
                    let mut answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /".to_vec();
                    answer.extend_from_slice(b"\xd6\xd0\xb9\xfa.html\r\n\r\n");
                    answer
                }
                "/loop" => with_length("302 Found\r\nLocation: /pool", b""),
                "/pool" => with_length("302 Found\r\nLocation: /loop", b""),
                "/wall" if head.contains("cookie: pass=1") => with_length("200 OK", b"inside"),
                "/wall" => with_length("302 Found\r\nSet-Cookie: pass=1; Path=/\r\nLocation: /wall", b""),
                "/later" if head.contains("cookie: pass=1") => with_length("200 OK", b""),
                "/later" => with_length("403 Forbidden", b""),
                _ => with_length("200 OK", path.as_bytes()),
            };
            let _ = stream.write_all(&answer).await;
        }
    })
    .await;
    let stack = stack(&settings()).unwrap();
    let capture = stack.fetch(&request(&server.url("/gbk"))).await.unwrap();
    assert_eq!(capture.body.as_ref(), b"/%D6%D0%B9%FA.html");
    assert_eq!(capture.hops[0].location, "/%D6%D0%B9%FA.html");
    assert_eq!(capture.address.as_str(), server.url("/%D6%D0%B9%FA.html"));
    assert_eq!(stack.requests(), 2);
    assert_eq!(get(&stack, &server.url("/loop")).await, Err(FailureKind::RedirectLoop));
    assert_eq!(stack.requests(), 4);
    assert_eq!(get(&stack, &server.url("/later")).await, Ok(403));
    assert_eq!(get(&stack, &server.url("/wall")).await, Ok(200));
    assert_eq!(get(&stack, &server.url("/later")).await, Ok(200));
}

#[tokio::test]
async fn a_connection_closed_behind_our_back_is_no_failure() {
    let server = Server::start(|mut stream, number| async move {
        let _ = head(&mut stream).await;
        let _ = stream.write_all(&with_length("200 OK", b"")).await;
        if number == 0 {
            let _ = head(&mut stream).await; // The second request is read, and the connection closed instead.
        }
    })
    .await;
    let stack = stack(&settings()).unwrap();
    assert_eq!(get(&stack, &server.url("/1")).await, Ok(200));
    assert_eq!(get(&stack, &server.url("/2")).await, Ok(200));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn waits_as_long_as_a_host_asks() {
    let server = Server::start(|mut stream, number| async move {
        let _ = head(&mut stream).await;
        let refusal = with_length("503 Busy\r\nRetry-After: 1", b"");
        let answer = if number == 0 { refusal } else { with_length("200 OK", b"") };
        let _ = stream.write_all(&answer).await;
    })
    .await;
    let mut settings = settings();
    settings.patience.longest = SHORT;
    let stack = stack(&settings).unwrap();
    let address = server.url("/");
    assert_eq!(get(&stack, &address).await, Ok(503));
    assert!(stack.pause_left(&request(&address).address).is_some());
    let started = Instant::now();
    assert_eq!(get(&stack, &address).await, Ok(200));
    assert!(started.elapsed() >= SHORT - Duration::from_millis(100));
}
