//! One exchange with a server: a request, its answer, how long each step took. No redirect is followed, nothing is
//! tried twice.
//!
//! The only place that sends requests to monitored sites. Every step has its deadline and every buffer its cap;
//! what a server does wrong becomes a [`Failure`] or the [`BodyEnd`] of a capture.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    Method, Response,
    header::{
        CONTENT_ENCODING, COOKIE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LOCATION, REFERER, USER_AGENT,
    },
    tls::TlsInfo,
};
use tokio::time::{Instant, timeout_at};

use super::{
    BodyEnd, Capture, Failure, FailureKind, Fetch, LANDING_BYTES, Outcome, PROBE_BYTES, Pending, Purpose,
    Request, Timings, TlsWeakness, body,
    body::{Limits, Wire, WireEnd},
    classify,
    cookies::Cookies,
    decode::{Decoded, DecodedEnd, decode},
    percent,
};
use crate::{
    config::{Caps, Deadlines, Fetching},
    net::{
        certificate::Shown,
        client::Clients,
        connecting::Watch,
        guard::{Guard, literal, refuses_port},
        resolver::{Family, Pin, Resolver},
    },
};

use crate::net::legacy_tls::LegacyTls;
#[cfg(feature = "legacy-tls")]
use crate::script::SCRIPT_BYTES;

/// Bytes of robots.txt that are read; RFC 9309 asks for at least 500 KiB.
const ROBOTS_BYTES: u64 = 500 << 10;

/// What has gone over the wire so far, for progress and coverage.
#[derive(Debug, Default)]
pub struct Counters {
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    /// Requests sent, redirects and second tries included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes of bodies received, as encoded on the wire.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// Fetches over HTTP.
pub struct Http {
    clients: Clients,
    family: Family,
    guard: Arc<Guard>,
    deadlines: Deadlines,
    caps: Caps,
    counters: Arc<Counters>,
    cookies: Arc<Cookies>,
    #[cfg(feature = "legacy-tls")]
    legacy: LegacyTls,
}

/// An answer whose body is still to be read.
struct Answer {
    response: Response,
    timings: Timings,
    tls: Vec<TlsWeakness>,
    certificate: Option<Shown>,
    remote: Option<std::net::IpAddr>,
}

/// What went wrong, before it is known how long it took.
type Trouble = (FailureKind, String);

impl Http {
    /// Connects to addresses of one family.
    pub fn new(settings: &Fetching, family: Family) -> anyhow::Result<Http> {
        Http::over(settings, family, |resolver| resolver)
    }

    /// Connects to this address of one host alone, and to addresses of the same family of any other.
    pub fn pinned(settings: &Fetching, pin: Pin) -> anyhow::Result<Http> {
        Http::over(settings, Family::of(pin.address), |resolver| resolver.pinned(pin))
    }

    fn over(
        settings: &Fetching,
        family: Family,
        change: impl FnOnce(Resolver) -> Resolver,
    ) -> anyhow::Result<Http> {
        let guard = Arc::new(Guard { allow: settings.allow_private.clone() });
        let resolver = Resolver::new(&settings.dns, family, Arc::clone(&guard), settings.deadlines.connect)?;
        let clients = Clients::new(settings, change(resolver))?;
        Ok(Http {
            #[cfg(feature = "legacy-tls")]
            legacy: LegacyTls::new(settings, clients.resolver().clone())?,
            clients,
            family,
            guard,
            deadlines: settings.deadlines.clone(),
            caps: settings.caps.clone(),
            counters: Arc::default(),
            cookies: Arc::default(),
        })
    }

    /// What has gone over the wire.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// The cookies it sends, for the layer that learns them.
    pub fn cookies(&self) -> Arc<Cookies> {
        Arc::clone(&self.cookies)
    }

    async fn exchange(&self, wanted: &Request) -> Outcome {
        let started = Instant::now();
        let (cap, limit) = self.limits(wanted.purpose);
        let limits = Limits { bytes: cap, idle: self.deadlines.idle, deadline: started + limit };
        let outcome = match self.answer(wanted, limits.deadline).await {
            Ok(answer) => self.capture(wanted, answer, limits, started).await,
            Err(trouble) => Err(trouble),
        };
        outcome.map_err(|(kind, detail)| Failure {
            kind,
            detail,
            hops: Vec::new(),
            elapsed: started.elapsed(),
            retry_after: None,
        })
    }

    /// Bytes of the body, decoded or not, and time for everything.
    fn limits(&self, purpose: Purpose) -> (u64, Duration) {
        match purpose {
            Purpose::Page => (self.caps.page, self.deadlines.page),
            Purpose::File | Purpose::Sitemap => (self.caps.file, self.deadlines.file),
            Purpose::Script => (self.caps.file.min(SCRIPT_BYTES as u64), self.deadlines.file),
            Purpose::Existence => (PROBE_BYTES, self.deadlines.page),
            Purpose::Landing => (LANDING_BYTES.min(self.caps.page), self.deadlines.page),
            Purpose::Robots => (ROBOTS_BYTES.min(self.caps.page), self.deadlines.page),
        }
    }

    async fn answer(&self, wanted: &Request, deadline: Instant) -> Result<Answer, Trouble> {
        let url = wanted.address.url();
        if refuses_port(url) {
            return Err((FailureKind::ForbiddenPort, "no browser opens this port".to_owned()));
        }
        if let Some(ip) = literal(url) {
            // Names are judged when they are resolved; literal addresses never are.
            if !self.guard.allows(ip) {
                return Err((FailureKind::ForbiddenAddress, format!("{ip} is not a public address")));
            }
            if !self.family.takes(ip) {
                return Err((FailureKind::NoAddress, format!("{ip} is not of the wanted family")));
            }
        }
        #[cfg(feature = "legacy-tls")]
        if self.legacy.is_needed(&wanted.address) {
            return self.legacy_answer(wanted, FailureKind::Tls, deadline).await;
        }
        let answer = self.send(wanted, deadline).await;
        #[cfg(feature = "legacy-tls")]
        if let Err((kind @ (FailureKind::Tls | FailureKind::Certificate), _)) = answer
            && let Ok(answer) = self.legacy_answer(wanted, kind, deadline).await
        {
            return Ok(answer);
        }
        answer
    }

    async fn send(&self, wanted: &Request, deadline: Instant) -> Result<Answer, Trouble> {
        let url = wanted.address.url();
        let mut request = reqwest::Request::new(Method::GET, url.clone());
        self.add_headers(wanted, request.headers_mut());
        let watch = Arc::new(Watch::default());
        let sent = Instant::now();
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let mut sending = std::pin::pin!(watch.over(self.clients.of(wanted.connection).execute(request)));
        let mut alarm = sent + self.deadlines.first_byte;
        let answered = loop {
            if let Ok(answered) = timeout_at(alarm.min(deadline), &mut sending).await {
                break answered;
            }
            let now = Instant::now();
            if now >= deadline {
                return Err((FailureKind::Deadline, "no answer by the deadline".to_owned()));
            }
            // The time counts from the request, so from when its connection stood. Connecting has limits of its own.
            let asked =
                if watch.is_connecting() { now } else { watch.connected().map_or(sent, Instant::from_std) };
            alarm = asked + self.deadlines.first_byte;
            if alarm <= now {
                let detail = format!("no first byte within {:?}", self.deadlines.first_byte);
                return Err((FailureKind::FirstByteTimeout, detail));
            }
        };
        let response = answered.map_err(|error| {
            let error = error.without_url();
            let tls = url.scheme() == "https" && error.is_connect();
            (classify::kind_of_connecting(&error, tls), classify::words(&error))
        })?;
        let asked = watch.connected().map_or(sent, Instant::from_std);
        let timings = Timings {
            dns: watch.dns(),
            connect: watch.connect(),
            first_byte: Some(asked.elapsed()),
            total: Duration::ZERO, // Known once the body is read.
        };
        let remote = response.remote_addr().map(|socket| socket.ip());
        let shown = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        let certificate = shown.map(Shown::of);
        Ok(Answer { response, timings, tls: Vec::new(), certificate, remote })
    }

    #[cfg(feature = "legacy-tls")]
    async fn legacy_answer(
        &self,
        wanted: &Request,
        met: FailureKind,
        deadline: Instant,
    ) -> Result<Answer, Trouble> {
        let mut headers = HeaderMap::new();
        self.add_headers(wanted, &mut headers);
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let sent = Instant::now();
        let sending = self.legacy.send(&wanted.address, headers, met);
        let answered = timeout_at(deadline, sending).await;
        let answered =
            answered.map_err(|_| (FailureKind::Deadline, "no answer by the deadline".to_owned()))??;
        let timings = Timings { first_byte: Some(sent.elapsed()), ..Timings::default() };
        Ok(Answer {
            response: answered.response,
            timings,
            tls: answered.weaknesses,
            certificate: answered.certificate,
            remote: Some(answered.remote),
        })
    }

    fn add_headers(&self, wanted: &Request, headers: &mut HeaderMap) {
        // A URL is ASCII without control characters, so it is always a valid value.
        let referrer = wanted.referrer.as_ref();
        if let Some(value) = referrer.and_then(|address| HeaderValue::from_str(address.as_str()).ok()) {
            headers.insert(REFERER, value);
        }
        let known = wanted.validators.iter();
        let validators = known.flat_map(|known| {
            [(IF_NONE_MATCH, known.etag.as_deref()), (IF_MODIFIED_SINCE, known.last_modified.as_deref())]
        });
        for (name, value) in validators {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        }
        let guise = wanted.guise.as_deref();
        if let Some(value) = guise.and_then(|guise| HeaderValue::from_str(guise).ok()) {
            headers.insert(USER_AGENT, value);
            return; // Cookies would tell who is behind it.
        }
        if let Some(value) = self.cookies.header(&wanted.address) {
            headers.insert(COOKIE, value);
        }
    }

    async fn capture(
        &self,
        wanted: &Request,
        answer: Answer,
        mut limits: Limits,
        started: Instant,
    ) -> Result<Capture, Trouble> {
        let Answer { mut response, mut timings, tls, certificate, remote } = answer;
        let size: usize =
            response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if size > self.caps.headers {
            return Err((FailureKind::HeadersTooLarge, format!("{size} bytes of headers")));
        }
        let moves_on = response.status().is_redirection() && response.headers().contains_key(LOCATION);
        if moves_on {
            limits.bytes = limits.bytes.min(PROBE_BYTES); // Nobody reads what a redirect says.
        }
        let wire = body::read(&mut response, limits).await;
        self.counters.bytes.fetch_add(wire.bytes.len() as u64, Ordering::Relaxed);
        let wire = match wire.end {
            // The answer to the question is in the headers, whatever becomes of the body.
            WireEnd::Failed(..) if moves_on || wanted.purpose == Purpose::Existence => {
                Wire { end: WireEnd::Truncated, ..wire }
            }
            WireEnd::Failed(kind, detail) => return Err((kind, detail)),
            _ => wire,
        };
        let label = response.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let decoded = match label {
            Some(label) => decode(label, wire.bytes, limits.bytes).await,
            None => Decoded { body: wire.bytes, end: DecodedEnd::Whole },
        };
        timings.total = started.elapsed();
        Ok(Capture {
            address: wanted.address.clone(),
            hops: Vec::new(),
            status: response.status().as_u16(),
            headers: response.headers().iter().map(header).collect(),
            body: decoded.body,
            end: end(&wire.end, decoded.end),
            timings,
            remote,
            tls,
            certificate,
            at: Timestamp::now(),
        })
    }
}

impl Fetch for Http {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.exchange(request))
    }
}

fn end(wire: &WireEnd, decoded: DecodedEnd) -> BodyEnd {
    match (wire, decoded) {
        (WireEnd::Capped, _) | (_, DecodedEnd::Capped) => BodyEnd::Capped,
        (WireEnd::Truncated | WireEnd::Failed(..), _) => BodyEnd::Truncated,
        (WireEnd::Complete, DecodedEnd::CutShort | DecodedEnd::Broken) => BodyEnd::Undecodable,
        (WireEnd::Complete, DecodedEnd::Whole) => BodyEnd::Complete,
    }
}

/// One header as text. A `Location` in raw GBK keeps its bytes, percent-encoded as a browser sends them back.
fn header((name, value): (&HeaderName, &HeaderValue)) -> (String, String) {
    let bytes = value.as_bytes();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if name == LOCATION => percent::encode_non_ascii(bytes),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    (name.as_str().to_owned(), text)
}

#[cfg(test)]
mod tests;
