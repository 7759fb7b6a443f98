//! One TLS handshake over a connection that stands already, so that both can be timed apart.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::config::Fetching;

/// Shakes hands as the HTTP client does: the same roots, the same versions.
#[derive(Clone)]
pub struct Handshake {
    connector: TlsConnector,
}

impl Handshake {
    /// Trusts the system's roots and those of the settings. `None` where there are no roots at all: then no handshake
    /// can succeed, and none is worth timing.
    pub fn new(settings: &Fetching) -> Option<Handshake> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let own = settings.ca.iter().filter_map(|path| CertificateDer::pem_file_iter(path).ok());
        let own = own.flat_map(|certificates| certificates.filter_map(Result::ok));
        let verifier = Verifier::new_with_extra_roots(own, Arc::clone(&provider))
            .inspect_err(|error| tracing::debug!(%error, "no trust roots, so that no handshake is timed"))
            .ok()?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            // Dangerous is what the builder calls any verifier but its own; this one is the platform's.
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Some(Handshake { connector: TlsConnector::from(Arc::new(config)) })
    }

    /// How long it took with `host`; `None` where it failed or took longer than `limit`.
    pub async fn over(&self, connection: TcpStream, host: &str, limit: Duration) -> Option<Duration> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).ok()?;
        let started = Instant::now();
        timeout(limit, self.connector.connect(name, connection)).await.ok()?.ok()?;
        Some(started.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    #[tokio::test]
    async fn times_a_handshake_with_a_host_it_trusts() {
        let made = rcgen::generate_simple_self_signed(vec!["site.test".to_owned()]).unwrap();
        let mut root = tempfile::NamedTempFile::new().unwrap();
        root.write_all(made.cert.pem().as_bytes()).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = acceptor.accept(stream).await;
            }
        });
        let settings = Fetching { ca: vec![root.path().to_owned()], ..Fetching::default() };
        let handshake = Handshake::new(&settings).expect("there is a root");
        let limit = Duration::from_secs(10);
        let dial = || TcpStream::connect(at);
        assert!(handshake.over(dial().await.unwrap(), "site.test", limit).await.is_some());
        assert_eq!(handshake.over(dial().await.unwrap(), "other.test", limit).await, None);
    }
}
