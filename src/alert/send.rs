//! Carries messages: the only place that opens a connection to a channel, and that sees its secrets.
//!
//! Redirects are not followed, no proxy is asked, addresses go through the [`Guard`], everything has a deadline, and
//! whatever goes wrong is said without the address it went wrong with.

use std::{
    error::Error as _,
    io::{Read as _, Write as _},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use futures_util::StreamExt as _;
use jiff::Timestamp;

use super::channel::{self, HttpRequest, Letterhead, Request};
use super::message::Message;
use super::verdict::{Reply, Verdict};
use crate::config::{Alert, Channel, Fetching, Kind};
use crate::fetch::{Connection, FailureKind};
use crate::net::client::Clients;
use crate::net::guard::{self, Guard};
use crate::net::resolver::{Family, ResolveError, Resolver};
use crate::notice::Notice;
use crate::store::outbox::Form;

mod enclose;
mod smtp;

pub use enclose::Post;

/// Bytes of an answer that are read. Those of the vendors have a few hundred.
const REPLY_BYTES: usize = 64 << 10;

/// Carries messages.
pub struct Sender {
    any: Clients,
    v4: Clients,
    guard: Arc<Guard>,
    timeout: Duration,
    post: Option<Post>,
}

impl Sender {
    /// A sender with the name servers and trust roots of `fetching`. Private addresses are open as `alert` says;
    /// what sites may be visited at is another matter.
    pub fn new(alert: &Alert, fetching: &Fetching) -> anyhow::Result<Sender> {
        let guard = Arc::new(Guard { allow: alert.allow_private.clone() });
        let mut settings = fetching.clone();
        settings.user_agent = concat!("sitewarden/", env!("CARGO_PKG_VERSION")).to_owned();
        settings.deadlines.connect = settings.deadlines.connect.min(alert.timeout);
        let clients = |family| {
            let limit = settings.deadlines.connect;
            let resolver = Resolver::new(&settings.dns, family, Arc::clone(&guard), limit)?;
            Clients::new(&settings, resolver)
        };
        Ok(Sender {
            any: clients(Family::Any)?,
            v4: clients(Family::V4)?,
            guard,
            timeout: alert.timeout,
            post: None,
        })
    }

    /// The same sender with documents to enclose.
    pub fn with(self, post: Post) -> Sender {
        Sender { post: Some(post), ..self }
    }

    /// How long an attempt may take: documents take their time on a slow line, and a mail that was given up too early
    /// would arrive twice.
    pub fn patience(&self, channel: &Channel, notice: &Notice) -> Duration {
        let post = self.post.as_ref().filter(|_| matches!(channel.kind, Kind::Mail(_)));
        self.timeout + post.map_or(Duration::ZERO, |post| post.time_for(notice))
    }

    /// Renders a message, signs it, sends it and says what came of it.
    pub async fn send(&self, channel: &Channel, message: &Message<'_>, now: Timestamp) -> Verdict {
        let enclosed = match (&channel.kind, &self.post) {
            (Kind::Mail(_), Some(post)) if message.form == Form::Full => post.of(message.notice).await,
            _ => Vec::new(),
        };
        let patience = self.patience(channel, message.notice);
        let message = Message { enclosed: &enclosed, ..*message };
        match channel::render(channel, &message, now) {
            Err(unsendable) => unsendable,
            Ok(Request::Http(request)) => self.http(channel, request, now).await,
            Ok(Request::Mail(mail)) => Sender::mail(&mail, patience).await,
            Ok(Request::Append(path, line)) => written(append(&path, &line)),
            Ok(Request::Print(line)) => written(print(&line).context("standard output")),
        }
    }

    async fn http(&self, channel: &Channel, request: HttpRequest, now: Timestamp) -> Verdict {
        let Ok(url) = url::Url::parse(request.url.expose()) else {
            return Verdict::channel("its url is none");
        };
        if guard::literal(&url).is_some_and(|address| !self.guard.allows(address)) {
            return forbidden();
        }
        let clients = if channel.ipv4 { &self.v4 } else { &self.any };
        let mut builder = clients.of(Connection::Fresh).request(request.method, url).body(request.body);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let exchange = async {
            let reply = builder.header("accept", "application/json, */*").send().await?;
            read(reply).await
        };
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok(reply)) => channel::judge(channel, &reply, now),
            Ok(Err(error)) => unreached(&error),
            // What takes longest is the answer: by then the request has been read.
            Err(_) => Verdict::undetermined(format!("no answer within {:?}", self.timeout)),
        }
    }

    async fn mail(mail: &Letterhead, patience: Duration) -> Verdict {
        match tokio::time::timeout(patience, smtp::send(mail, patience)).await {
            Ok(verdict) => verdict,
            Err(_) => Verdict::undetermined(format!("no answer within {patience:?}")),
        }
    }
}

async fn read(reply: reqwest::Response) -> Result<Reply, reqwest::Error> {
    let header = |name: &str| reply.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (status, encoding) = (reply.status().as_u16(), header("content-encoding"));
    let retry_after = header("retry-after").or_else(|| header("x-ogw-ratelimit-reset"));
    let mut body = Vec::new();
    let mut chunks = reply.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() >= REPLY_BYTES {
            body.truncate(REPLY_BYTES);
            break;
        }
    }
    if encoding.as_deref() == Some("gzip") {
        let mut plain = Vec::new();
        // What cannot be unpacked is no verdict, and judged as such.
        let unpacked = GzDecoder::new(&body[..]).take(REPLY_BYTES as u64).read_to_end(&mut plain);
        body = unpacked.map(|_| plain).unwrap_or_default();
    }
    Ok(Reply { status, retry_after, body })
}

/// A request without an answer. The text of the error names the address, so it is not repeated.
fn unreached(error: &reqwest::Error) -> Verdict {
    if is_forbidden(error) {
        return forbidden();
    }
    if error.is_connect() || error.is_builder() {
        return Verdict::retry("no connection");
    }
    Verdict::undetermined("the connection broke before there was a verdict")
}

fn forbidden() -> Verdict {
    Verdict::channel("its address is not public; add its network to `allow_private` in [alert]")
}

fn is_forbidden(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<ResolveError>() {
            return error.kind == FailureKind::ForbiddenAddress;
        }
        cause = error.source();
    }
    false
}

fn written(done: anyhow::Result<()>) -> Verdict {
    match done {
        Ok(()) => Verdict::Confirmed,
        Err(error) => Verdict::retry(format!("{error:#}")),
    }
}

fn append(path: &Path, line: &str) -> anyhow::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("opening {}", path.display()))?;
    file.write_all(line.as_bytes()).with_context(|| format!("writing {}", path.display()))?;
    // A confirmed line must not be lost to a power cut.
    file.sync_data().with_context(|| format!("writing {}", path.display()))
}

fn print(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}
