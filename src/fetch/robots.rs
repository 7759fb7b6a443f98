//! robots.txt: read once a host, obeyed for pages of the site (RFC 9309).
//!
//! A monitor must not go blind: a robots.txt that cannot be read allows everything, and what came of asking for it
//! stays on record. Whether a link to elsewhere exists is not asked of robots.txt at all.

mod rules;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;

use super::{Failure, FailureKind, Fetch, Outcome, Pending, Purpose, Request};
use crate::address::Address;

pub use rules::{Rules, parse};

/// Asks robots.txt first.
pub struct Robots<F> {
    inner: F,
    obeyed: bool,
    hosts: Mutex<HashMap<String, Arc<OnceCell<Ruling>>>>,
}

/// What came of asking a host.
struct Ruling {
    /// The answer itself, for those who ask for the file.
    outcome: Outcome,
    rules: Rules,
}

impl<F: Fetch> Robots<F> {
    /// Wraps `inner`. Where the rules are not `obeyed`, the file is read only for those who ask for it.
    pub fn new(inner: F, obeyed: bool) -> Robots<F> {
        Robots { inner, obeyed, hosts: Mutex::default() }
    }

    /// The pause between requests that the host of an address asks for, where its robots.txt has been read.
    pub fn crawl_delay(&self, address: &Address) -> Option<Duration> {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&place(address))?.get()?.rules.crawl_delay
    }

    async fn run(&self, request: &Request) -> Outcome {
        match request.purpose {
            // Looking where a link leads is what its reader does, too.
            Purpose::Existence | Purpose::Landing => self.inner.fetch(request).await,
            Purpose::Robots => self.read(&request.address, |ruling| ruling.outcome.clone()).await,
            Purpose::Page | Purpose::File | Purpose::Script | Purpose::Sitemap => {
                if self.obeyed
                    && !self.read(&request.address, |ruling| ruling.rules.allows(&request.address)).await
                {
                    return Err(disallowed(&request.address));
                }
                self.inner.fetch(request).await
            }
        }
    }

    /// Gives `take` the ruling of a host. The first to ask fetches it, all others wait for that one.
    async fn read<T>(&self, address: &Address, take: impl FnOnce(&Ruling) -> T) -> T {
        let cell = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(place(address)).or_default())
        };
        take(cell.get_or_init(|| self.ask(address)).await)
    }

    async fn ask(&self, address: &Address) -> Ruling {
        let file = address.resolve("/robots.txt", encoding_rs::UTF_8);
        let file = file.expect("every address has a robots.txt beside it");
        let request = Request::of(file, Purpose::Robots);
        let outcome = self.inner.fetch(&request).await;
        // Without such a file everything is allowed; so it is, for a monitor, where the file cannot be had.
        let rules = match &outcome {
            Ok(capture) if capture.status == 200 => parse(&capture.body),
            Ok(_) | Err(_) => Rules::default(),
        };
        Ruling { outcome, rules }
    }
}

/// What a robots.txt holds for: scheme, host and port.
fn place(address: &Address) -> String {
    format!("{}://{}", address.url().scheme(), address.authority())
}

fn disallowed(address: &Address) -> Failure {
    Failure {
        kind: FailureKind::Robots,
        detail: format!("robots.txt of {} disallows it", address.host()),
        hops: Vec::new(),
        elapsed: Duration::ZERO,
        retry_after: None,
    }
}

impl<F: Fetch> Fetch for Robots<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::{Scripted, answer, failure, page, request};

    const CLOSED: &str =
        "User-agent: *\nDisallow: /closed/\nCrawl-delay: 2\nSitemap: http://a.test/map.xml\n";

    async fn check(robots: Outcome, path: &str, expected: Result<u16, FailureKind>) {
        let layer = Robots::new(Scripted::new([robots, answer(200)]), true);
        let outcome = layer.fetch(&request(&format!("http://a.test{path}"))).await;
        assert_eq!(outcome.map(|capture| capture.status).map_err(|failure| failure.kind), expected, "{path}");
    }

    #[tokio::test]
    async fn obeys_what_can_be_read() {
        check(page(CLOSED), "/closed/a.html", Err(FailureKind::Robots)).await;
        check(page(CLOSED), "/open/a.html", Ok(200)).await;
        check(page("<html><body>404</body></html>"), "/closed/a.html", Ok(200)).await;
        check(answer(404), "/closed/a.html", Ok(200)).await;
        check(answer(503), "/closed/a.html", Ok(200)).await;
        check(failure(FailureKind::ConnectTimeout), "/closed/a.html", Ok(200)).await;
    }

    #[tokio::test]
    async fn asks_each_host_once() {
        let robots =
            Robots::new(Scripted::new([page(CLOSED), answer(200), answer(200), page(""), answer(200)]), true);
        let requests = ["/1", "/2", "/closed/3"].map(|path| request(&format!("http://a.test{path}")));
        futures_util::future::join_all(requests.iter().map(|request| robots.fetch(request))).await;
        let _ = robots.fetch(&request("https://a.test/closed/4")).await;
        let asked: Vec<String> =
            robots.inner.asked().iter().map(|request| request.address.to_string()).collect();
        assert_eq!(asked.iter().filter(|address| address.ends_with("robots.txt")).count(), 2, "{asked:?}");
        assert!(!asked.contains(&"http://a.test/closed/3".to_owned()), "{asked:?}");
        assert_eq!(robots.crawl_delay(&requests[0].address), Some(Duration::from_secs(2)));
    }

    #[tokio::test]
    async fn answers_for_the_file_itself_from_memory() {
        let robots = Robots::new(Scripted::new([page(CLOSED)]), false);
        let wanted = Request { purpose: Purpose::Robots, ..request("http://a.test/robots.txt") };
        for _ in 0..2 {
            let capture = robots.fetch(&wanted).await.unwrap();
            assert_eq!(parse(&capture.body).sitemaps[0].address, "http://a.test/map.xml");
        }
        assert_eq!(robots.inner.asked().len(), 1);
    }

    #[tokio::test]
    async fn does_not_ask_where_nothing_is_to_be_obeyed() {
        let robots = Robots::new(Scripted::new([answer(200)]), false);
        assert!(robots.fetch(&request("http://a.test/closed/1")).await.is_ok());
        let robots = Robots::new(Scripted::new([answer(200)]), true);
        let probe = Request { purpose: Purpose::Existence, ..request("http://b.test/closed/1") };
        assert!(robots.fetch(&probe).await.is_ok());
        assert_eq!(robots.inner.asked().len(), 1);
    }
}
