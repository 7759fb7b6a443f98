//! A site in a folder, served without a network: for tests, benches and the demo.
//!
//! `http://HOST/path` is the file `path` of the folder, or its `index.html`; what is not there answers 404. A file
//! `_answers.toml` in the folder gives single addresses another answer:
//!
//! ```toml
//! ["/old.html"]             # path and query, or a whole URL
//! status = 301              # 200 where left out
//! location = "/new.html"
//!
//! ["/busy"]
//! status = 503
//! headers = { retry-after = "3" }
//! body_file = "busy.html"   # a file of the folder; `body` holds a short text instead
//!
//! ["http://gone.example/"]
//! fail = "no-such-name"     # a failure kind instead of an answer
//!
//! ["/ as Baiduspider"]      # shown to a `User-Agent` with these words
//! body_file = "spam.html"
//!
//! ["/ from m.baidu.com"]    # shown to those whose `Referer` has these words
//! location = "http://elsewhere.example/"
//!
//! ["https://old.example/"]
//! tls = ["Expired"]         # what is weak about the connection
//! certificate_until = "2026-12-01"
//! ```
//!
//! Redirects are answered, not followed: that is the layer above, as for a real site.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use bytes::Bytes;
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

use crate::address::Address;
use crate::net::certificate::Shown;

use super::{
    BodyEnd, Capture, Failure, FailureKind, Fetch, Outcome, Pending, Request, Timings, TlsWeakness, percent,
};

/// The file with the special answers.
const ANSWERS: &str = "_answers.toml";

/// Serves a folder.
pub struct Fixture {
    folder: PathBuf,
    host: Option<String>,
    answers: BTreeMap<String, Answer>,
}

/// A special answer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Answer {
    status: Option<u16>,
    location: Option<String>,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_file: Option<String>,
    fail: Option<FailureKind>,
    tls: Vec<TlsWeakness>,
    certificate_until: Option<Date>,
}

impl Fixture {
    /// Serves `folder` for every host.
    pub fn new(folder: impl Into<PathBuf>) -> anyhow::Result<Fixture> {
        let folder = folder.into();
        anyhow::ensure!(folder.is_dir(), "{} is no folder", folder.display());
        let path = folder.join(ANSWERS);
        let answers = match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        Ok(Fixture { folder, host: None, answers })
    }

    /// Serves only this host; the names of others do not exist.
    pub fn only_host(self, host: &str) -> Fixture {
        Fixture { host: Some(host.to_owned()), ..self }
    }

    /// The special answer to a request, that to its disguise first.
    fn answer(&self, request: &Request) -> Option<&Answer> {
        let url = request.address.url();
        let path_and_query = &url[url::Position::BeforePath..];
        let guise = request.guise.as_deref().unwrap_or_default();
        let referrer = request.referrer.as_ref().map_or("", Address::as_str);
        let disguised = self.answers.iter().find(|(key, _)| {
            let is_for = |word: &str, said: &str| {
                key.split_once(word).is_some_and(|(asked, who)| {
                    (asked == url.as_str() || asked == path_and_query) && said.contains(who)
                })
            };
            is_for(" as ", guise) || is_for(" from ", referrer)
        });
        let plain = || self.answers.get(url.as_str()).or_else(|| self.answers.get(path_and_query));
        disguised.map(|(_, answer)| answer).or_else(plain)
    }

    fn outcome(&self, request: &Request) -> Outcome {
        let url = request.address.url();
        let answer = self.answer(request);
        if answer.is_none() && self.host.as_deref().is_some_and(|host| host != request.address.host()) {
            return Err(failure(FailureKind::NoSuchName));
        }
        if let Some(kind) = answer.and_then(|answer| answer.fail) {
            return Err(failure(kind));
        }
        let default = Answer::default();
        let answer = answer.unwrap_or(&default);
        let file = match (&answer.body, &answer.body_file, answer.status) {
            (Some(_), ..) => None,
            (None, Some(name), _) => self.read(name),
            (None, None, None) => self.read(url.path()),
            (None, None, Some(_)) => None,
        };
        let found = file.is_some() || answer.body.is_some();
        let (content_type, body) = match (file, &answer.body) {
            (Some((path, body)), _) => (content_type(&path), body),
            (None, Some(text)) => (HTML, Bytes::from(text.clone())),
            (None, None) => (HTML, Bytes::new()),
        };
        let mut headers: Vec<(String, String)> =
            answer.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        if !answer.headers.contains_key("content-type") {
            headers.push(("content-type".to_owned(), content_type.to_owned()));
        }
        headers.extend(answer.location.iter().map(|location| ("location".to_owned(), location.clone())));
        Ok(Capture {
            address: request.address.clone(),
            hops: Vec::new(),
            status: answer.status.unwrap_or(if found { 200 } else { 404 }),
            headers,
            body,
            end: BodyEnd::Complete,
            timings: Timings::default(),
            remote: None,
            tls: answer.tls.clone(),
            certificate: answer.certificate_until.map(|until| Shown { until: Some(until), print: [0; 32] }),
            at: Timestamp::now(),
        })
    }

    /// A file of the folder, or the index of a folder in it. Nothing above the folder can be named.
    fn read(&self, path: &str) -> Option<(PathBuf, Bytes)> {
        let path = String::from_utf8(percent::decode(path)).ok()?;
        let mut file = self.folder.clone();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            if matches!(segment, "." | ".." | ANSWERS) || segment.contains(['\\', '\0']) {
                return None;
            }
            file.push(segment);
        }
        if file.is_dir() {
            file.push("index.html");
        }
        let body = fs::read(&file).ok()?;
        Some((file, body.into()))
    }
}

impl Fetch for Fixture {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(std::future::ready(self.outcome(request)))
    }
}

fn failure(kind: FailureKind) -> Failure {
    let detail = "as the fixture has it".to_owned();
    Failure { kind, detail, hops: Vec::new(), elapsed: Duration::ZERO, retry_after: None }
}

const HTML: &str = "text/html";

/// By extension, as a plain web server does it: no charset, that is the page's own affair.
fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" | "shtml" | "jsp" | "aspx" => HTML,
        "css" => "text/css",
        "js" => "application/javascript",
        "json" => "application/json",
        "xml" => "text/xml",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::request;

    fn fixture() -> (tempfile::TempDir, Fixture) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("index.html", "home"),
            ("a/index.html", "folder"),
            ("a/附件.pdf", "%PDF"),
            ("busy.html", "busy"),
            (
                ANSWERS,
                r#"
                ["/old.html"]
                status = 301
                location = "/new.html"
                ["/busy?x=1"]
                status = 503
                headers = { Retry-After = "3" }
                body_file = "busy.html"
                ["/down"]
                fail = "refused"
                ["/short"]
                body = "text"
                ["http://gone.test/"]
                fail = "no-such-name"
                ["/short as Spider"]
                body = "spam"
                ["/short from m.baidu.test"]
                status = 301
                location = "http://spam.test/"
                ["/login"]
                headers = { content-type = "text/plain" }
                body_file = "index.html"
                "#,
            ),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let fixture = Fixture::new(folder.path()).unwrap();
        (folder, fixture)
    }

    #[tokio::test]
    async fn answers_as_a_site_would() {
        let (_folder, fixture) = fixture();
        for (address, status, body, content_type) in [
            ("http://a.test/", 200, "home", "text/html"),
            ("http://a.test/?q=1", 200, "home", "text/html"),
            ("http://a.test/a/", 200, "folder", "text/html"),
            ("http://a.test/a/附件.pdf", 200, "%PDF", "application/pdf"),
            ("http://a.test/none", 404, "", "text/html"),
            ("http://a.test/old.html", 301, "", "text/html"),
            ("http://a.test/busy?x=1", 503, "busy", "text/html"),
            ("http://a.test/busy", 404, "", "text/html"),
            ("http://a.test/short", 200, "text", "text/html"),
            ("http://a.test/login", 200, "home", "text/plain"),
            ("http://a.test/_answers.toml", 404, "", "text/html"),
            ("http://a.test/%2e%2e/%2e%2e/etc/passwd", 404, "", "text/html"),
            ("http://a.test/..%2f..%2fetc/passwd", 404, "", "text/html"),
        ] {
            let capture = fixture.fetch(&request(address)).await.unwrap();
            let got = (capture.status, capture.body.as_ref(), capture.header("content-type"));
            assert_eq!(got, (status, body.as_bytes(), Some(content_type)), "{address}");
        }
        let capture = fixture.fetch(&request("http://a.test/busy?x=1")).await.unwrap();
        assert_eq!(capture.header("retry-after"), Some("3"));
        let capture = fixture.fetch(&request("http://a.test/old.html")).await.unwrap();
        assert_eq!(capture.header("location"), Some("/new.html"));
    }

    #[tokio::test]
    async fn shows_everybody_something_else() {
        let (_folder, fixture) = fixture();
        let check = async |guise: Option<&str>, referrer: Option<&str>, expected: (u16, &str)| {
            let request = Request {
                guise: guise.map(std::sync::Arc::from),
                referrer: referrer.map(|text| Address::parse(text).unwrap()),
                ..request("http://a.test/short")
            };
            let capture = fixture.fetch(&request).await.unwrap();
            assert_eq!((capture.status, capture.body.as_ref()), (expected.0, expected.1.as_bytes()));
        };
        check(None, None, (200, "text")).await;
        check(Some("Mozilla Spider/2.0"), None, (200, "spam")).await;
        check(None, Some("https://m.baidu.test/s?q=1"), (301, "")).await;
    }

    #[tokio::test]
    async fn fails_as_a_site_would() {
        let (_folder, fixture) = fixture();
        let fixture = fixture.only_host("a.test");
        for (address, kind) in [
            ("http://a.test/down", FailureKind::Refused),
            ("http://gone.test/", FailureKind::NoSuchName),
            ("http://other.test/", FailureKind::NoSuchName),
        ] {
            assert_eq!(
                fixture.fetch(&request(address)).await.map_err(|failure| failure.kind).err(),
                Some(kind)
            );
        }
    }

    #[test]
    fn says_what_is_wrong_with_its_answers() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(ANSWERS), "[\"/a\"]\nstate = 200\n").unwrap();
        let error = Fixture::new(folder.path()).err().expect("an unknown key");
        assert!(format!("{error:#}").contains("state"), "{error:#}");
    }
}
