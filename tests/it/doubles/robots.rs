//! The robots: a small HTTP server with the checks of [`super::vendors`], rates, faults and a journal.

use std::{
    collections::HashMap,
    io::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use super::vendors::{self, Answer, Asked, Vendor, text_of};

/// What happens to a request instead of the usual.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The connection is reset before the request is read.
    Reset,
    /// Nothing is ever answered.
    Silence,
    /// A success that comes one byte a second.
    Drip,
    /// The message is delivered, and the answer comes after so long.
    Late(Duration),
    /// The message is delivered, and the connection cut instead of an answer.
    Cut,
    /// A success, compressed.
    Gzip,
    /// This answer: status, header lines that end in `\r\n`, body.
    Answer(u16, &'static str, &'static str),
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The group has seen it.
    Delivered,
    /// It was refused with this body.
    Refused(String),
    /// It met a fault.
    Lost,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) vendor: Vendor,
    pub(crate) at: Timestamp,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    /// Every text in it.
    pub(crate) text: String,
    pub(crate) fate: Fate,
}

type Time = Arc<dyn Fn() -> Timestamp + Send + Sync>;

struct State {
    time: Time,
    journal: Vec<Arrived>,
    /// By the number of the request, counted from 0 over all vendors.
    faults: HashMap<usize, Fault>,
    always: Option<Fault>,
    /// Until when a vendor refuses everything.
    punished: HashMap<Vendor, Timestamp>,
}

/// The robots. They stop when they are dropped.
pub(crate) struct Robots {
    at: SocketAddr,
    state: Arc<Mutex<State>>,
    _runtime: Runtime,
}

impl Robots {
    /// Robots by the clock of the system.
    pub(crate) fn start() -> Robots {
        Robots::by(Timestamp::now)
    }

    /// Robots by another clock.
    pub(crate) fn by(time: impl Fn() -> Timestamp + Send + Sync + 'static) -> Robots {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port on loopback");
        let at = listener.local_addr().expect("it is bound");
        let state = Arc::new(Mutex::new(State {
            time: Arc::new(time),
            journal: Vec::new(),
            faults: HashMap::new(),
            always: None,
            punished: HashMap::new(),
        }));
        let served = Arc::clone(&state);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&served);
                // A client that goes away is no failure of ours.
                tokio::spawn(async move { serve(stream, &state).await.ok() });
            }
        });
        Robots { at, state, _runtime: runtime }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no request panics")
    }

    /// Fails so at the request of this number, counted from 0.
    pub(crate) fn fail(&self, number: usize, fault: Fault) {
        self.state().faults.insert(number, fault);
    }

    /// Fails so always, or no more.
    pub(crate) fn fail_always(&self, fault: Option<Fault>) {
        self.state().always = fault;
    }

    /// Every request so far, in order of arrival.
    pub(crate) fn journal(&self) -> Vec<Arrived> {
        self.state().journal.clone()
    }

    /// The texts that a group has seen, in order.
    pub(crate) fn delivered(&self, vendor: Vendor) -> Vec<String> {
        let journal = self.journal();
        let seen = journal.into_iter().filter(|one| one.vendor == vendor && one.fate == Fate::Delivered);
        seen.map(|one| one.text).collect()
    }

    /// The address of a vendor's robot, as an operator would paste it.
    pub(crate) fn url(&self, vendor: Vendor) -> String {
        let path = match vendor {
            Vendor::DingTalk => "/robot/send?access_token=dingtalk-token-0001",
            Vendor::WeCom => "/cgi-bin/webhook/send?key=wecom-key-0001",
            Vendor::Feishu => "/open-apis/bot/v2/hook/feishu-token-0001",
            Vendor::Webhook => "/hooks/std/webhook-path-0001",
            Vendor::Voice => "/voice/aliyun?token=voice-token-0001",
        };
        format!("http://{}{path}", self.at)
    }
}

async fn serve(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let head = head(&mut stream).await?;
    let mut lines = head.split("\r\n");
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let [method, target, _] = first[..] else { return Ok(()) };
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or_default();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let Some(vendor) = Vendor::of(target) else {
        return answer(&mut stream, (404, "", String::new())).await;
    };
    let (fault, reply) = judged(state, vendor, method, target, headers, body);
    match fault {
        None => answer(&mut stream, reply).await,
        Some(Fault::Reset | Fault::Cut) => stream.set_zero_linger(),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Late(pause)) => {
            tokio::time::sleep(pause).await;
            answer(&mut stream, reply).await
        }
        Some(Fault::Drip) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n").await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Some(Fault::Gzip) => {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(reply.2.as_bytes())?;
            let packed = packed.finish()?;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
                packed.len()
            );
            stream.write_all(&[head.as_bytes(), &packed].concat()).await
        }
        Some(Fault::Answer(status, headers, body)) => {
            answer(&mut stream, (status, headers, body.to_owned())).await
        }
    }
}

/// Decides what becomes of a request and notes it, before anything is answered.
fn judged(
    state: &Mutex<State>,
    vendor: Vendor,
    method: &str,
    target: &str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
) -> (Option<Fault>, Answer) {
    let mut state = state.lock().expect("no request panics");
    let at = (state.time)();
    let number = state.journal.len();
    let fault = state.faults.get(&number).cloned().or_else(|| state.always.clone());
    let asked = Asked { method, target, headers: &headers, body: &body, now: at.as_second() };
    let refusal = vendors::refuse(vendor, &asked).or_else(|| throttle(&mut state, vendor, at));
    let reply = refusal.clone().unwrap_or_else(|| (200, "", vendor.success().to_owned()));
    let fate = match (&fault, &refusal) {
        (Some(Fault::Reset | Fault::Silence | Fault::Drip), _) => Fate::Lost,
        (Some(Fault::Answer(status, _, body)), _) if !(*status == 200 && is_success(body)) => Fate::Lost,
        (_, Some((_, _, body))) => Fate::Refused(body.clone()),
        _ => Fate::Delivered,
    };
    let text = text_of(&body);
    state.journal.push(Arrived { vendor, at, target: target.to_owned(), headers, text, fate });
    (fault, reply)
}

fn is_success(body: &str) -> bool {
    let answer: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    answer["errcode"] == 0 || answer["code"] == 0
}

/// Windows that slide over a minute. DingTalk then refuses for ten minutes, WeCom counts what it refused, too.
fn throttle(state: &mut State, vendor: Vendor, at: Timestamp) -> Option<Answer> {
    let within = |seconds: i64| {
        let counted = |one: &&Arrived| {
            one.vendor == vendor
                && at.duration_since(one.at).as_secs() < seconds
                && (vendor == Vendor::WeCom || one.fate == Fate::Delivered)
        };
        state.journal.iter().filter(counted).count()
    };
    match vendor {
        Vendor::DingTalk => {
            let is_punished = state.punished.get(&vendor).is_some_and(|until| at < *until);
            if is_punished || within(60) >= 20 {
                let end = Timestamp::from_second(at.as_second() + 600).expect("within range");
                state.punished.entry(vendor).or_insert(end);
                let body = r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#;
                return Some((200, "", body.to_owned()));
            }
            state.punished.remove(&vendor);
            None
        }
        Vendor::WeCom => (within(60) >= 20).then(|| {
            let body = r#"{"errcode":45009,"errmsg":"api freq out of limit, hint: [1], from ip: 198.51.100.7, more info at https://open.work.weixin.qq.com/devtool/query?e=45009"}"#;
            (200, "", body.to_owned())
        }),
        Vendor::Feishu => (within(60) >= 100 || within(1) >= 5).then(|| {
            let head = "x-ogw-ratelimit-limit: 100\r\nx-ogw-ratelimit-reset: 38\r\n";
            (429, head, r#"{"code":99991400,"msg":"request trigger frequency limit"}"#.to_owned())
        }),
        Vendor::Webhook | Vendor::Voice => None,
    }
}

async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

async fn answer(stream: &mut TcpStream, (status, headers, body): Answer) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await?;
    stream.shutdown().await
}
