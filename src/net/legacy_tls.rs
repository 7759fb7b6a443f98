//! Sites that speak TLS as nobody should any more: read them all the same, and say what is weak.
//!
//! rustls speaks neither TLS 1.0 nor 1.1, nor old ciphers, and an expired certificate stops it: to a monitor such a
//! site would look dead, while half of its visitors still get in. After rustls has failed, the page is asked for
//! once more over OpenSSL with everything allowed. Nothing secret is ever sent here, and what comes back is only
//! looked at, never trusted.

use std::{
    collections::HashMap,
    fs, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use openssl::{
    asn1::Asn1Time,
    error::ErrorStack,
    ssl::{Ssl, SslContext, SslMethod, SslOptions, SslRef, SslVerifyMode, SslVersion},
    x509::{
        X509, X509Ref, X509StoreContext,
        store::{X509Store, X509StoreBuilder},
        verify::X509VerifyFlags,
    },
};
use reqwest::{
    Response,
    header::{HOST, HeaderMap, HeaderValue, USER_AGENT},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_openssl::SslStream;

use super::{certificate::Shown, client::default_headers, guard::literal, resolver::Resolver};
use crate::{
    address::Address,
    config::Fetching,
    fetch::{FailureKind, TlsWeakness},
};

/// Connect to servers that cannot renegotiate safely (`SSL_OP_LEGACY_SERVER_CONNECT`, which the crate does not name).
const LEGACY_SERVER_CONNECT: u64 = 0x4;

/// The smallest header buffer the HTTP library takes.
const SMALLEST_BUFFER: usize = 8 << 10;

/// Sends requests over OpenSSL with everything allowed.
pub struct LegacyTls {
    resolver: Resolver,
    headers: HeaderMap,
    connect: Duration,
    first_byte: Duration,
    header_bytes: usize,
    /// Extra trust roots, as PEM.
    roots: Vec<Vec<u8>>,
    tools: OnceLock<Option<Tools>>,
    any: AtomicBool,
    known: RwLock<HashMap<String, Arc<[TlsWeakness]>>>,
}

/// What is costly to set up, made when it is first needed.
struct Tools {
    context: SslContext,
    trusted: X509Store,
}

/// An answer that came this way.
pub struct Answered {
    /// The answer; its body is still to be read.
    pub response: Response,
    /// Who answered.
    pub remote: IpAddr,
    /// What is weak about the connection; never empty.
    pub weaknesses: Vec<TlsWeakness>,
    /// The certificate.
    pub certificate: Option<Shown>,
}

/// Why even this did not work.
type Trouble = (FailureKind, String);

impl LegacyTls {
    /// Resolves (and guards) by `resolver`.
    pub fn new(settings: &Fetching, resolver: Resolver) -> io::Result<LegacyTls> {
        let mut headers = default_headers();
        if let Ok(name) = HeaderValue::from_str(&settings.user_agent) {
            headers.insert(USER_AGENT, name);
        }
        Ok(LegacyTls {
            resolver,
            headers,
            connect: settings.deadlines.connect,
            first_byte: settings.deadlines.first_byte,
            header_bytes: settings.caps.headers.max(SMALLEST_BUFFER),
            roots: settings.ca.iter().map(fs::read).collect::<io::Result<_>>()?,
            tools: OnceLock::new(),
            any: AtomicBool::new(false),
            known: RwLock::default(),
        })
    }

    /// Whether the host of an address has needed this before, so that nothing else need be tried first.
    pub fn is_needed(&self, address: &Address) -> bool {
        self.any.load(Ordering::Acquire) && self.weaknesses(&address.authority()).is_some()
    }

    fn weaknesses(&self, authority: &str) -> Option<Arc<[TlsWeakness]>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(authority).cloned()
    }

    /// Sends one request on a connection of its own. `met` is what rustls failed with.
    pub async fn send(
        &self,
        address: &Address,
        headers: HeaderMap,
        met: FailureKind,
    ) -> Result<Answered, Trouble> {
        let tools = self.tools.get_or_init(|| Tools::new(&self.roots).ok()).as_ref();
        let tools = tools.ok_or_else(|| (met, "OpenSSL cannot be set up".to_owned()))?;
        let late = |_| (FailureKind::ConnectTimeout, format!("no connection within {:?}", self.connect));
        let (stream, remote) = timeout(self.connect, self.connect_tcp(address)).await.map_err(late)??;
        let stream = timeout(self.connect, handshake(tools, address, stream)).await.map_err(late)?;
        let stream = stream.map_err(|error| (met, format!("OpenSSL, everything allowed: {error}")))?;
        let weaknesses = self.weaknesses(&address.authority()).unwrap_or_else(|| {
            let found: Arc<[TlsWeakness]> = tools.diagnose(stream.ssl(), address, met).into();
            self.known
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(address.authority(), found.clone());
            self.any.store(true, Ordering::Release);
            found
        });
        let leaf = stream.ssl().peer_certificate().and_then(|leaf| leaf.to_der().ok());
        let certificate = leaf.map(|leaf| Shown::of(&leaf));
        let exchange = self.exchange(address, headers, stream);
        let response = timeout(self.first_byte, exchange).await.map_err(|_| {
            (FailureKind::FirstByteTimeout, format!("no first byte within {:?}", self.first_byte))
        })?;
        let response = response.map_err(|error| {
            let kind =
                if error.is_parse_too_large() { FailureKind::HeadersTooLarge } else { FailureKind::Protocol };
            let closed = error.is_incomplete_message() || error.is_closed() || error.is_canceled();
            (if closed { FailureKind::Reset } else { kind }, error.to_string())
        })?;
        Ok(Answered { response, remote, weaknesses: weaknesses.to_vec(), certificate })
    }

    async fn connect_tcp(&self, address: &Address) -> Result<(TcpStream, IpAddr), Trouble> {
        let port = address.url().port_or_known_default().unwrap_or(443);
        let addresses = match literal(address.url()) {
            Some(ip) => vec![ip], // The guard has seen it, as every literal address.
            None => {
                self.resolver.addresses(address.host()).await.map_err(|error| (error.kind, error.detail))?
            }
        };
        let mut trouble = (FailureKind::NoAddress, "no address".to_owned());
        for ip in addresses {
            match TcpStream::connect(SocketAddr::new(ip, port)).await {
                Ok(stream) => return Ok((stream, ip)),
                Err(error) => trouble = (FailureKind::Unreachable, error.to_string()),
            }
        }
        Err(trouble)
    }

    async fn exchange(
        &self,
        address: &Address,
        headers: HeaderMap,
        stream: SslStream<TcpStream>,
    ) -> Result<Response, hyper::Error> {
        let url = address.url();
        let mut request = hyper::Request::new(Empty::<Bytes>::new());
        // What stands between host and fragment of a URL is a valid request target, and its host a valid value.
        *request.uri_mut() = url[url::Position::BeforePath..].parse().unwrap_or_default();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().extend(headers);
        let host = HeaderValue::from_str(&url[url::Position::BeforeHost..url::Position::AfterPort]);
        request.headers_mut().extend(host.ok().map(|host| (HOST, host)));
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .max_buf_size(self.header_bytes)
            .ignore_invalid_headers_in_responses(true)
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .handshake(TokioIo::new(stream))
            .await?;
        // Ends when the answer has been read or dropped.
        tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        Ok(Response::from(response.map(reqwest::Body::wrap)))
    }
}

async fn handshake(
    tools: &Tools,
    address: &Address,
    stream: TcpStream,
) -> anyhow::Result<SslStream<TcpStream>> {
    let mut ssl = Ssl::new(&tools.context)?;
    if literal(address.url()).is_none() {
        ssl.set_hostname(address.host())?;
    }
    let mut stream = SslStream::new(ssl, stream)?;
    Pin::new(&mut stream).connect().await?;
    Ok(stream)
}

impl Tools {
    fn new(roots: &[Vec<u8>]) -> Result<Tools, ErrorStack> {
        let mut context = SslContext::builder(SslMethod::tls_client())?;
        context.set_verify(SslVerifyMode::NONE);
        context.set_min_proto_version(Some(SslVersion::TLS1))?;
        context.set_cipher_list("ALL:@SECLEVEL=0")?;
        let legacy = SslOptions::from_bits_retain(LEGACY_SERVER_CONNECT as _);
        context.set_options(SslOptions::ALLOW_UNSAFE_LEGACY_RENEGOTIATION | legacy);

        let mut trusted = X509StoreBuilder::new()?;
        trusted.set_default_paths()?;
        for pem in roots {
            for root in X509::stack_from_pem(pem)? {
                trusted.add_cert(root)?;
            }
        }
        // Time is judged apart, so that an expired certificate does not hide who signed it.
        trusted.set_flags(X509VerifyFlags::NO_CHECK_TIME)?;
        Ok(Tools { context: context.build(), trusted: trusted.build() })
    }

    /// What is weak about a connection that rustls refused with `met`.
    fn diagnose(&self, ssl: &SslRef, address: &Address, met: FailureKind) -> Vec<TlsWeakness> {
        let mut weaknesses: Vec<TlsWeakness> = obsolete(ssl).map(TlsWeakness::Obsolete).into_iter().collect();
        if let Some(leaf) = ssl.peer_certificate() {
            if !is_in_time(&leaf) {
                weaknesses.push(TlsWeakness::Expired);
            }
            if !is_for(&leaf, address) {
                weaknesses.push(TlsWeakness::WrongName);
            }
            if !self.is_trusted(ssl, &leaf) {
                weaknesses.push(if names_its_issuer(ssl, &leaf) {
                    TlsWeakness::IncompleteChain
                } else {
                    TlsWeakness::Untrusted
                });
            }
        }
        if weaknesses.is_empty() {
            // Something finer, such as a signature by SHA-1: browsers refuse it no less.
            weaknesses.push(match met {
                FailureKind::Certificate => TlsWeakness::Untrusted,
                _ => TlsWeakness::Obsolete(format!("{}（{}）", version(ssl), cipher(ssl))),
            });
        }
        weaknesses
    }

    fn is_trusted(&self, ssl: &SslRef, leaf: &X509Ref) -> bool {
        let Some(chain) = ssl.peer_cert_chain() else { return false };
        let verified = X509StoreContext::new().and_then(|mut context| {
            context.init(&self.trusted, leaf, chain, |context| context.verify_cert())
        });
        verified.unwrap_or(false)
    }
}

fn version(ssl: &SslRef) -> String {
    match ssl.version_str() {
        "TLSv1" => "TLS 1.0".to_owned(),
        other => other.replace("TLSv", "TLS "),
    }
}

fn cipher(ssl: &SslRef) -> &'static str {
    ssl.current_cipher().map_or("", |cipher| cipher.name())
}

/// The protocol or cipher that current browsers refuse.
fn obsolete(ssl: &SslRef) -> Option<String> {
    let version = version(ssl);
    let cipher = cipher(ssl);
    match version.as_str() {
        "TLS 1.3" => None,
        "TLS 1.2"
            if cipher.starts_with("ECDHE-") && (cipher.contains("GCM") || cipher.contains("CHACHA20")) =>
        {
            None
        }
        "TLS 1.2" => Some(format!("{version} {cipher}")),
        _ => Some(version),
    }
}

fn is_in_time(leaf: &X509Ref) -> bool {
    // Without a clock nothing is claimed.
    Asn1Time::days_from_now(0).map_or(true, |now| leaf.not_before() <= &*now && &*now <= leaf.not_after())
}

/// Whether a certificate names the host. Its common name counts only where it has no other names, as of old.
fn is_for(leaf: &X509Ref, address: &Address) -> bool {
    let ip = literal(address.url()).map(|ip| match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    });
    if let Some(names) = leaf.subject_alt_names() {
        return names.iter().any(|name| match &ip {
            Some(ip) => name.ipaddress() == Some(ip),
            None => name.dnsname().is_some_and(|pattern| is_name_of(pattern, address.host())),
        });
    }
    let mut common = leaf.subject_name().entries_by_nid(openssl::nid::Nid::COMMONNAME);
    common.any(|entry| entry.data().to_string().is_ok_and(|name| is_name_of(&name, address.host())))
}

/// Whether a name from a certificate, perhaps with `*` for its first label, is that of the host.
fn is_name_of(pattern: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.');
    match pattern.strip_prefix("*.") {
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

/// Whether the last certificate sent says where to find who signed it: a chain that could be completed, not one
/// that ends in somebody's own authority.
fn names_its_issuer(ssl: &SslRef, leaf: &X509Ref) -> bool {
    let last = ssl.peer_cert_chain().and_then(|chain| chain.iter().last()).unwrap_or(leaf);
    let is_self_signed = last.issued(last) == openssl::x509::X509VerifyResult::OK;
    let has_issuer = last.authority_info().is_some_and(|places| {
        places.iter().any(|place| place.method().nid() == openssl::nid::Nid::AD_CA_ISSUERS)
    });
    !is_self_signed && has_issuer
}

#[cfg(test)]
mod tests;
