//! Servers with certificates and protocols as they are found in the field, fetched as a page is.

use std::io::Write;

use openssl::{pkey::PKey, ssl::SslContextBuilder};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};
use tokio::io::AsyncWriteExt;

use super::*;
use crate::fetch::{
    Capture, Failure, Fetch, Http,
    testing::{Dns, Server, head, name_server, request, with_length},
};
use crate::net::resolver::Family;

const HOST: &str = "site.test";

/// A certificate with its key, and those that signed it.
struct Signed {
    params: CertificateParams,
    key: KeyPair,
    certificate: rcgen::Certificate,
}

fn params(names: &[&str], common: &str) -> CertificateParams {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, common);
    params
}

fn with(mut params: CertificateParams, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    change(&mut params);
    params
}

fn authority(name: &str, by: Option<&Signed>) -> Signed {
    sign(with(params(&[], name), |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)), by)
}

fn sign(params: CertificateParams, by: Option<&Signed>) -> Signed {
    let key = KeyPair::generate().unwrap();
    let certificate = match by {
        Some(by) => params.signed_by(&key, &Issuer::from_params(&by.params, &by.key)).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    Signed { params, key, certificate }
}

/// Says that the issuer's certificate is at `http://a.test/ca`.
fn issuer_place() -> CustomExtension {
    let mut der =
        vec![0x30, 0x1e, 0x30, 0x1c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02, 0x86, 0x10];
    der.extend_from_slice(b"http://a.test/ca");
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], der)
}

/// Serves one page over TLS; `set` makes the server odd.
async fn serve(leaf: &Signed, set: fn(&mut SslContextBuilder)) -> Server {
    let mut context = SslContext::builder(SslMethod::tls_server()).unwrap();
    context.set_certificate(&X509::from_der(leaf.certificate.der()).unwrap()).unwrap();
    context.set_private_key(&PKey::private_key_from_der(&leaf.key.serialize_der()).unwrap()).unwrap();
    set(&mut context);
    let context = context.build();
    Server::start(move |stream, _| {
        let ssl = Ssl::new(&context).unwrap();
        async move {
            let mut stream = SslStream::new(ssl, stream).unwrap();
            if Pin::new(&mut stream).accept().await.is_ok() && head(&mut stream).await.is_some() {
                let _ = stream.write_all(&with_length("200 OK", b"page")).await;
                let _ = stream.shutdown().await;
            }
        }
    })
    .await
}

fn only(context: &mut SslContextBuilder, version: SslVersion, ciphers: &str) {
    context.set_min_proto_version(Some(version)).unwrap();
    context.set_max_proto_version(Some(version)).unwrap();
    context.set_cipher_list(ciphers).unwrap();
}

/// A client that trusts `root` and knows where `site.test` is.
async fn http(root: &Signed) -> Http {
    let mut pem = tempfile::NamedTempFile::new().unwrap();
    pem.write_all(root.certificate.pem().as_bytes()).unwrap();
    let settings = Fetching {
        dns: vec![name_server(|_, _| Dns::Answer(vec!["127.0.0.1".parse().unwrap()])).await],
        ca: vec![pem.path().to_owned()],
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        ..Fetching::default()
    };
    Http::new(&settings, Family::Any).unwrap()
}

async fn get(http: &Http, server: &Server) -> Result<Capture, Failure> {
    http.fetch(&request(&format!("https://{HOST}:{}/", server.at.port()))).await
}

#[tokio::test]
async fn weak_sites_are_read_and_named() {
    let root = authority("Test Root", None);
    let middle = authority("Test Middle", Some(&root));
    let past = date_time_ymd(2020, 1, 1);
    let good = sign(params(&[HOST], "good"), Some(&root));
    let expired = sign(with(params(&[HOST], "expired"), |params| params.not_after = past), Some(&root));
    let early = date_time_ymd(4000, 1, 1);
    let early = sign(with(params(&[HOST], "early"), |params| params.not_before = early), Some(&root));
    let other = sign(params(&["other.test"], "other"), Some(&root));
    let own = sign(params(&[HOST], "own"), None);
    let incomplete = params(&[HOST], "incomplete");
    let incomplete = with(incomplete, |params| params.custom_extensions.push(issuer_place()));
    let incomplete = sign(incomplete, Some(&middle));
    let everything = sign(with(params(&["other.test"], "bad"), |params| params.not_after = past), None);

    use TlsWeakness::*;
    type Set = fn(&mut SslContextBuilder);
    let as_usual: Set = |_| {};
    let cases: [(&Signed, Set, Vec<TlsWeakness>); 10] = [
        (&good, as_usual, vec![]),
        (&expired, as_usual, vec![Expired]),
        (&early, as_usual, vec![Expired]),
        (&other, as_usual, vec![WrongName]),
        (&own, as_usual, vec![Untrusted]),
        (&incomplete, as_usual, vec![IncompleteChain]),
        (&everything, as_usual, vec![Expired, WrongName, Untrusted]),
        (&good, |set| only(set, SslVersion::TLS1, "ALL:@SECLEVEL=0"), vec![Obsolete("TLS 1.0".to_owned())]),
        (&good, |set| only(set, SslVersion::TLS1_1, "ALL:@SECLEVEL=0"), vec![Obsolete("TLS 1.1".to_owned())]),
        (
            &good,
            |set| only(set, SslVersion::TLS1_2, "ECDHE-ECDSA-AES128-SHA"),
            vec![Obsolete("TLS 1.2 ECDHE-ECDSA-AES128-SHA".to_owned())],
        ),
    ];
    let http = http(&root).await;
    for (leaf, set, weaknesses) in cases {
        let server = serve(leaf, set).await;
        let capture = get(&http, &server).await.unwrap();
        assert_eq!((capture.status, capture.body.as_ref(), &capture.tls), (200, &b"page"[..], &weaknesses));
        assert_eq!(capture.certificate, Some(Shown::of(leaf.certificate.der())));
        assert_eq!(capture.remote, Some([127, 0, 0, 1].into()));
        if !weaknesses.is_empty() {
            // Once it is known, nothing else is tried first.
            assert_eq!(server.connections(), 2);
            assert_eq!(get(&http, &server).await.unwrap().tls, weaknesses);
            assert_eq!(server.connections(), 3);
        }
    }
}

#[tokio::test]
async fn what_is_no_tls_stays_a_failure() {
    let root = authority("Test Root", None);
    let http = http(&root).await;
    for said in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b""] {
        let server = Server::start(move |mut stream, _| async move {
            let _ = stream.write_all(said).await;
            let _ = stream.shutdown().await;
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        })
        .await;
        assert_eq!(get(&http, &server).await.unwrap_err().kind, FailureKind::Tls);
    }
}

#[test]
fn names_of_certificates() {
    for (pattern, host, expected) in [
        ("www.example.gov.cn", "www.example.gov.cn", true),
        ("WWW.example.gov.cn", "www.example.gov.cn.", true),
        ("*.example.gov.cn", "www.example.gov.cn", true),
        ("*.example.gov.cn", "example.gov.cn", false),
        ("*.example.gov.cn", "a.b.example.gov.cn", false),
        ("other.test", "www.example.gov.cn", false),
        ("*", "localhost", false),
    ] {
        assert_eq!(is_name_of(pattern, host), expected, "{pattern} {host}");
    }
}
