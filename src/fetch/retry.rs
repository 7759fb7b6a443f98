//! One more try, at once, where the connection itself may be to blame.
//!
//! A kept connection can be closed by the server in the very moment it is used again. That says nothing about the
//! page. Confirming a failure over time is the crawl's business, not this layer's.

use super::{Connection, Failure, FailureKind, Fetch, Outcome, Pending, Request};

/// Repeats what failed on a connection that may have been an old one, on a fresh one.
pub struct Retry<F> {
    inner: F,
}

impl<F: Fetch> Retry<F> {
    /// Wraps `inner`.
    pub fn new(inner: F) -> Retry<F> {
        Retry { inner }
    }

    async fn run(&self, request: &Request) -> Outcome {
        let outcome = self.inner.fetch(request).await;
        match outcome {
            Err(failure) if request.connection == Connection::Pooled && blames_connection(&failure) => {
                let again = Request { connection: Connection::Fresh, ..request.clone() };
                self.inner.fetch(&again).await
            }
            outcome => outcome,
        }
    }
}

fn blames_connection(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Reset | FailureKind::Protocol)
}

impl<F: Fetch> Fetch for Retry<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::{Scripted, answer, failure, request};

    /// Asserts over which connections `Retry` asks when the first answer is `first`.
    async fn check(connection: Connection, first: Outcome, expected: &[Connection]) {
        let retry = Retry::new(Scripted::new([first, answer(200)]));
        let _ = retry.fetch(&Request { connection, ..request("http://a.test/") }).await;
        let used: Vec<Connection> = retry.inner.asked().iter().map(|request| request.connection).collect();
        assert_eq!(used, expected);
    }

    #[tokio::test]
    async fn repeats_only_what_a_connection_may_have_caused() {
        use Connection::*;
        check(Pooled, answer(200), &[Pooled]).await;
        check(Pooled, answer(503), &[Pooled]).await;
        check(Pooled, failure(FailureKind::Reset), &[Pooled, Fresh]).await;
        check(Pooled, failure(FailureKind::Protocol), &[Pooled, Fresh]).await;
        check(Pooled, failure(FailureKind::Refused), &[Pooled]).await;
        check(Pooled, failure(FailureKind::FirstByteTimeout), &[Pooled]).await;
        check(Fresh, failure(FailureKind::Reset), &[Fresh]).await;
    }
}
