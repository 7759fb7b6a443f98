//! Getting one address from the network: what came back, or why nothing did.
//!
//! A [`Fetch`] is stacked from layers, each wrapping another: connect ([`net`](crate::net)), follow redirects,
//! keep to the host's pace, try once more on a fresh connection, ask robots.txt first. Verdicts are not made here.

mod body;
mod classify;
mod conditional;
mod cookies;
mod decode;
mod fixture;
mod http;
mod pace;
mod paced;
mod percent;
mod redirect;
mod retry;
pub mod robots;
mod stack;
#[cfg(test)]
pub(crate) mod testing;

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::net::certificate::Shown;

pub use conditional::{Conditional, Memory, Validators};
pub use cookies::Cookies;
pub use fixture::Fixture;
pub use http::{Counters, Http};
pub use pace::{Pace, retry_after};
pub use paced::{Ahead, Paced};
pub use redirect::Redirects;
pub use retry::Retry;
pub use robots::Robots;
pub use stack::{Stack, Transport, stack, stack_over};

/// What came of a request.
pub type Outcome = Result<Capture, Failure>;

/// A boxed [`Outcome`] to come.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// Something that can fetch. Never panics, always ends by the absolute deadline of its settings.
pub trait Fetch: Send + Sync {
    /// Fetches one address.
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a>;
}

/// What to fetch and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// What to ask for.
    pub address: Address,
    /// What the body is wanted for; decides caps and deadlines.
    pub purpose: Purpose,
    /// Which connection to use.
    pub connection: Connection,
    /// The page that linked it, sent as `Referer`.
    pub referrer: Option<Address>,
    /// The `User-Agent` of somebody else, to see what they are shown; `None`: our own. Sent without cookies.
    pub guise: Option<Arc<str>>,
    /// What an earlier answer is told by; a server that has no other answer says 304. Redirects leave it behind.
    pub validators: Option<Validators>,
}

impl Request {
    /// Asks for an address on any connection, as ourselves.
    pub fn of(address: Address, purpose: Purpose) -> Request {
        let connection = Connection::Pooled;
        Request { address, purpose, connection, referrer: None, guise: None, validators: None }
    }
}

/// What a body is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Purpose {
    /// A page of the site, to be parsed.
    Page,
    /// A picture or a file of the site, to be judged by its bytes.
    File,
    /// A script of the site, to be read (up to [`SCRIPT_BYTES`](crate::script::SCRIPT_BYTES)).
    Script,
    /// Whether it answers at all: the body is given up early (after [`PROBE_BYTES`]).
    Existence,
    /// A page that the site links to and that is not its own: what a visitor sees there (up to [`LANDING_BYTES`]).
    Landing,
    /// robots.txt, answered from the robots layer's own cache.
    Robots,
    /// A sitemap.
    Sitemap,
}

/// Bytes of a body read for [`Purpose::Existence`].
pub const PROBE_BYTES: u64 = 64 << 10;

/// Bytes of a body read for [`Purpose::Landing`].
pub const LANDING_BYTES: u64 = 512 << 10;

/// Which connection to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Any that is open.
    Pooled,
    /// A new one: what confirms a failure must not share its cause.
    Fresh,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The address that answered, after redirects.
    pub address: Address,
    /// Redirects on the way, first to last; empty where there was none.
    pub hops: Vec<Hop>,
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer: names in lower case, values with non-UTF-8 bytes replaced, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body, content-decoded, up to the cap.
    pub body: Bytes,
    /// Whether that is all of it.
    pub end: BodyEnd,
    /// How long each phase took.
    pub timings: Timings,
    /// Who answered.
    pub remote: Option<IpAddr>,
    /// What was weak about the connection, in Chinese, for a person; a working page with these is `degraded`.
    pub tls: Vec<TlsWeakness>,
    /// The certificate, where there was one.
    pub certificate: Option<Shown>,
    /// When the answer was complete.
    pub at: Timestamp,
}

impl Capture {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// One redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Who redirected.
    pub from: String,
    /// HTTP status.
    pub status: u16,
    /// `Location` as received.
    pub location: String,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BodyEnd {
    /// All of it is here.
    Complete,
    /// Cut at our cap, or given up early on purpose.
    Capped,
    /// The server closed before the length it had promised.
    Truncated,
    /// `Content-Encoding` could not be undone; the body is what could be decoded.
    Undecodable,
}

/// How long each phase took. `None`: did not happen, or was not measured (a reused connection has no connect).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// Name resolution.
    pub dns: Option<Duration>,
    /// TCP and TLS.
    pub connect: Option<Duration>,
    /// From the request to the first byte of the answer.
    pub first_byte: Option<Duration>,
    /// Everything, redirects included.
    pub total: Duration,
}

/// Something weak about a connection that works all the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TlsWeakness {
    /// Works only with a protocol or cipher that current browsers refuse; the text names it.
    Obsolete(String),
    /// The server leaves out an intermediate certificate.
    IncompleteChain,
    /// The certificate has expired or is not valid yet.
    Expired,
    /// The certificate is for other names.
    WrongName,
    /// Signed by nobody that browsers trust.
    Untrusted,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// The words of the library or the system, in English, for logs and evidence.
    pub detail: String,
    /// Redirects before it.
    pub hops: Vec<Hop>,
    /// Time until it was given up.
    pub elapsed: Duration,
    /// How long the server asked us to wait (`Retry-After`), where it did.
    pub retry_after: Option<Duration>,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The name does not exist.
    NoSuchName,
    /// The name has no address of the wanted family.
    NoAddress,
    /// Name servers answer with an error.
    DnsError,
    /// Name servers do not answer.
    DnsTimeout,
    /// The address is private, loopback, link-local or otherwise not public; never connected.
    ForbiddenAddress,
    /// The port is one of other services, which browsers refuse to open; never connected.
    ForbiddenPort,
    /// Nobody listens there.
    Refused,
    /// No route.
    Unreachable,
    /// No answer to connecting.
    ConnectTimeout,
    /// TLS failed for another reason than the certificate.
    Tls,
    /// The certificate is not acceptable and no page could be read without it.
    Certificate,
    /// The connection was closed or reset before a whole answer.
    Reset,
    /// No first byte in time.
    FirstByteTimeout,
    /// The body came too slowly (drip) or stopped.
    BodyTimeout,
    /// The absolute deadline passed.
    Deadline,
    /// Headers over the cap.
    HeadersTooLarge,
    /// What came is no HTTP.
    Protocol,
    /// A redirect leads back to where it came from.
    RedirectLoop,
    /// More redirects than the cap.
    TooManyRedirects,
    /// `Location` is missing or leads to no address.
    BadRedirect,
    /// robots.txt asks us not to.
    Robots,
    /// Our own network is at fault.
    OwnNetwork,
}
