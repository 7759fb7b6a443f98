//! The HTTP clients: one that keeps connections, one that never does.
//!
//! A client only carries requests. Redirects, decoding, pace and retries are ours, in [`fetch`](crate::fetch),
//! so everything a client would do by itself is switched off here.

use std::{fs, time::Duration};

use anyhow::Context;
use reqwest::{
    Certificate, Client, ClientBuilder,
    header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use tracing::warn;

use super::{connecting::Watched, resolver::Resolver};
use crate::{config::Fetching, fetch::Connection};

/// Idle connections are given up before usual servers close them (nginx 75 s, old IIS and Tomcat 15–20 s).
const IDLE: Duration = Duration::from_secs(10);
/// Header lines taken at most. Real answers have at most a few dozen.
const HEADER_LINES: usize = 100;

/// The clients of one address family.
pub struct Clients {
    pooled: Client,
    fresh: Client,
    resolver: Resolver,
}

impl Clients {
    /// Builds both clients. Fails only where the settings name a certificate file that cannot be read.
    pub fn new(settings: &Fetching, resolver: Resolver) -> anyhow::Result<Clients> {
        // An error means that one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = extra_roots(settings)?;
        let pooled = client(settings, &resolver, &roots, settings.per_host)?;
        let fresh = client(settings, &resolver, &roots, 0)?;
        Ok(Clients { pooled, fresh, resolver })
    }

    /// The client for a kind of connection.
    pub fn of(&self, connection: Connection) -> &Client {
        match connection {
            Connection::Pooled => &self.pooled,
            Connection::Fresh => &self.fresh,
        }
    }

    /// The resolver both use.
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }
}

fn client(
    settings: &Fetching,
    resolver: &Resolver,
    roots: &[Certificate],
    idle: usize,
) -> anyhow::Result<Client> {
    let builder = || -> ClientBuilder {
        Client::builder()
            .user_agent(&settings.user_agent)
            .default_headers(default_headers())
            .tls_info(true)
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy() // A proxy from the environment would resolve names behind the guard's back.
            .dns_resolver(resolver.clone())
            .connector_layer(Watched { limit: settings.deadlines.connect })
            .pool_max_idle_per_host(idle)
            .pool_idle_timeout(IDLE)
            .http1_max_headers(HEADER_LINES)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http2_max_header_list_size(u32::try_from(settings.caps.headers).unwrap_or(u32::MAX))
    };
    let merged = builder().tls_certs_merge(roots.iter().cloned()).build();
    merged.or_else(|error| {
        // The machine has no trust roots at all. Plain sites can be watched all the same; others fail when they
        // are connected to, as untrusted.
        warn!("no trust roots on this system, certificates cannot be verified: {error}");
        builder().tls_certs_only(roots.iter().cloned()).build().context("building the HTTP client")
    })
}

pub(super) fn default_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("zh-CN,zh;q=0.9"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
    headers
}

fn extra_roots(settings: &Fetching) -> anyhow::Result<Vec<Certificate>> {
    let mut roots = Vec::new();
    for path in &settings.ca {
        let pem = fs::read(path).with_context(|| format!("reading certificates from {}", path.display()))?;
        let found = Certificate::from_pem_bundle(&pem)
            .with_context(|| format!("reading certificates from {}", path.display()))?;
        anyhow::ensure!(!found.is_empty(), "{} holds no PEM certificate", path.display());
        roots.extend(found);
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::net::resolver::Family;

    #[test]
    fn names_the_certificate_file_that_is_no_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots.pem");
        for content in ["", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
            fs::write(&path, content).unwrap();
            let settings = Fetching { ca: vec![path.clone()], ..Fetching::default() };
            let resolver =
                Resolver::new(&[], Family::Any, Arc::default(), settings.deadlines.connect).unwrap();
            let error = Clients::new(&settings, resolver).err().expect("not a certificate");
            assert!(format!("{error:#}").contains("roots.pem"), "{error:#}");
        }
    }
}
