//! Following redirects, each hop on record.
//!
//! Every hop passes the layers below again, so the guard sees where it leads and the pace of its host is kept.

use std::{sync::Arc, time::Duration};

use super::{
    Capture, Failure, FailureKind, Fetch, Hop, Outcome, Pending, Purpose, Request,
    cookies::{Cookies, set_cookies},
};
use crate::{address::Address, config::Fetching};

/// Bytes of a `Location` that is followed. No browser's address line takes more.
const LOCATION_BYTES: usize = 8 << 10;

/// Follows redirects.
pub struct Redirects<F> {
    inner: F,
    most: usize,
    page: Duration,
    file: Duration,
    cookies: Arc<Cookies>,
}

/// The way so far.
#[derive(Default)]
struct Way {
    /// Addresses asked, first to last.
    asked: Vec<Address>,
    hops: Vec<Hop>,
    spent: Duration,
    /// Answers on the way that set cookies.
    baits: Vec<Capture>,
    /// The cookies have been kept and the way begun again.
    with_cookies: bool,
}

impl<F: Fetch> Redirects<F> {
    /// Wraps `inner`, which sends what is learnt into `cookies`.
    pub fn new(inner: F, settings: &Fetching, cookies: Arc<Cookies>) -> Redirects<F> {
        let deadlines = &settings.deadlines;
        Redirects {
            inner,
            most: settings.caps.redirects,
            page: deadlines.page,
            file: deadlines.file,
            cookies,
        }
    }

    async fn run(&self, request: &Request) -> Outcome {
        let mut answer = match self.inner.fetch(request).await {
            Ok(capture) if is_redirect(capture.status) => capture,
            outcome => return outcome, // Nearly always, so that nothing is spent on a way.
        };
        let mut way = Way::default();
        // What an answer of this address is told by says nothing of another one.
        let mut request = Request { validators: None, ..request.clone() };
        loop {
            request.address = self.follow(&mut way, &request.address, answer, request.purpose)?;
            match self.inner.fetch(&request).await {
                Ok(capture) if is_redirect(capture.status) => answer = capture,
                Ok(capture) => return Ok(way.arrive(capture)),
                Err(failure) => return Err(way.fail(failure)),
            }
        }
    }

    /// Takes one redirect into the record and says where to go on.
    fn follow(
        &self,
        way: &mut Way,
        at: &Address,
        answer: Capture,
        purpose: Purpose,
    ) -> Result<Address, Failure> {
        way.spent += answer.timings.total;
        way.asked.push(at.clone());
        let location = answer.header("location").unwrap_or_default().to_owned();
        if location.len() > LOCATION_BYTES {
            return Err(way.stop(FailureKind::BadRedirect, "Location is longer than any address"));
        }
        way.hops.push(Hop { from: at.to_string(), status: answer.status, location: location.clone() });
        if set_cookies(&answer).next().is_some() {
            way.baits.push(answer);
        }
        if location.is_empty() {
            return Err(way.stop(FailureKind::BadRedirect, "a redirect without Location"));
        }
        let Ok(next) = at.resolve(&location, encoding_rs::UTF_8) else {
            return Err(
                way.stop(FailureKind::BadRedirect, "Location leads to no address that can be fetched")
            );
        };
        if way.asked.contains(&next) && !self.takes_the_bait(way) {
            return Err(way.stop(FailureKind::RedirectLoop, "redirected to where it came from"));
        }
        if way.hops.len() > self.most {
            return Err(way.stop(FailureKind::TooManyRedirects, "more redirects than any site needs"));
        }
        // The pace of hosts is not counted, only what servers took: each hop has its own deadline below, the way
        // as a whole must not add them up.
        if way.spent >= self.time(purpose) {
            return Err(way.stop(FailureKind::Deadline, "redirects used up the time"));
        }
        Ok(next)
    }

    /// Where a loop may be a wall that opens with cookies: keeps them, once, and lets the loop be walked again.
    fn takes_the_bait(&self, way: &mut Way) -> bool {
        if way.with_cookies || way.baits.is_empty() {
            return false;
        }
        for answer in way.baits.drain(..) {
            self.cookies.learn(&answer);
        }
        way.with_cookies = true;
        way.asked.clear();
        true
    }

    fn time(&self, purpose: Purpose) -> Duration {
        match purpose {
            Purpose::File | Purpose::Script | Purpose::Sitemap => self.file,
            Purpose::Page | Purpose::Existence | Purpose::Landing | Purpose::Robots => self.page,
        }
    }
}

impl Way {
    fn arrive(self, mut capture: Capture) -> Capture {
        capture.timings.total += self.spent;
        capture.hops = self.hops;
        capture
    }

    fn fail(self, mut failure: Failure) -> Failure {
        failure.elapsed += self.spent;
        failure.hops = self.hops;
        failure
    }

    fn stop(&mut self, kind: FailureKind, detail: &str) -> Failure {
        let hops = std::mem::take(&mut self.hops);
        Failure { kind, detail: detail.to_owned(), hops, elapsed: self.spent, retry_after: None }
    }
}

/// Whether a status sends the visitor elsewhere. The other 3xx are answers of their own.
fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

impl<F: Fetch> Fetch for Redirects<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::{Scripted, answer, redirect, request};

    /// Runs a chain of answers from `http://a.test/`; returns the status or failure, and the addresses asked.
    async fn run(answers: impl IntoIterator<Item = Outcome>) -> (Result<u16, FailureKind>, Vec<String>) {
        let settings = Fetching::default();
        let redirects = Redirects::new(Scripted::new(answers), &settings, Arc::default());
        let outcome = redirects.fetch(&request("http://a.test/")).await;
        let hops = outcome.as_ref().map_or_else(|failure| &failure.hops, |capture| &capture.hops).len();
        let asked: Vec<String> =
            redirects.inner.asked().iter().map(|request| request.address.to_string()).collect();
        assert!(hops == asked.len() || hops + 1 == asked.len(), "every hop is on record");
        (outcome.map(|capture| capture.status).map_err(|failure| failure.kind), asked)
    }

    async fn check_location(location: &str, expected: &str) {
        let (outcome, asked) = run([redirect(302, location), answer(200)]).await;
        assert_eq!((outcome, asked.last().map(String::as_str)), (Ok(200), Some(expected)), "{location}");
    }

    #[tokio::test]
    async fn resolves_location_as_browsers_do() {
        check_location("/b", "http://a.test/b").await;
        check_location("b/c.html#top", "http://a.test/b/c.html").await;
        check_location("//b.test/x", "http://b.test/x").await;
        check_location("?q=1", "http://a.test/?q=1").await;
        check_location(" https://b.test/a b ", "https://b.test/a%20b").await;
        check_location("/附件", "http://a.test/%E9%99%84%E4%BB%B6").await;
        check_location("/%D6%D0", "http://a.test/%D6%D0").await;
    }

    #[tokio::test]
    async fn names_what_is_wrong_with_redirects() {
        use FailureKind::*;
        assert_eq!(run([redirect(301, "/")]).await.0, Err(RedirectLoop));
        let (outcome, asked) = run([redirect(302, "/b"), redirect(302, "/")]).await;
        assert_eq!((outcome, asked.len()), (Err(RedirectLoop), 2));
        assert_eq!(run([redirect(301, "")]).await.0, Err(BadRedirect));
        assert_eq!(run([redirect(301, "http://")]).await.0, Err(BadRedirect));
        assert_eq!(run([redirect(301, "javascript:void(0)")]).await.0, Err(BadRedirect));
        assert_eq!(run((0..20).map(|n| redirect(302, &format!("/{n}")))).await.0, Err(TooManyRedirects));
        assert_eq!(run([answer(304)]).await.0, Ok(304));
        assert_eq!(run([answer(300)]).await.0, Ok(300));
    }

    fn with_cookie(outcome: Outcome) -> Outcome {
        outcome.map(|mut capture| {
            capture.headers.push(("set-cookie".to_owned(), "seen=1; Path=/".to_owned()));
            capture
        })
    }

    #[tokio::test]
    async fn walks_a_loop_once_more_with_cookies() {
        let (outcome, asked) = run([with_cookie(redirect(302, "/")), answer(200)]).await;
        assert_eq!((outcome, asked.len()), (Ok(200), 2));
        let again = [with_cookie(redirect(302, "/")), with_cookie(redirect(302, "/"))];
        assert_eq!(run(again).await, (Err(FailureKind::RedirectLoop), vec!["http://a.test/".to_owned(); 2]));
    }
}
