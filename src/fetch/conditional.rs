//! Asking a server whether a page is another than it was when it was fetched last.
//!
//! Whoever asks sees a whole page either way: where the server says that nothing has changed, the answer is the one
//! that was kept. How long that word is taken, and whose, is for the [`Memory`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Capture, Connection, Fetch, Outcome, Pending, Request};

/// Bytes of an entity tag or a date that are kept. Whoever sends more has something else in mind.
const LONGEST: usize = 256;

/// By what a server tells one state of a page from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Those of an answer, where it has any.
    pub fn of(capture: &Capture) -> Option<Validators> {
        let header = |name: &str| {
            let value = capture.header(name).filter(|value| !value.is_empty() && value.len() <= LONGEST)?;
            Some(value.to_owned())
        };
        let validators = Validators { etag: header("etag"), last_modified: header("last-modified") };
        (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
    }
}

/// What is known of pages that were fetched before. Called on threads that may block.
pub trait Memory: Send + Sync + 'static {
    /// What to ask by; `None` where the page is wanted in full.
    fn validators(&self, request: &Request) -> Option<Validators>;
    /// The answer that was kept, where the server says by `unchanged` (304) that it still holds; `None` where it is gone.
    fn recall(&self, unchanged: Capture) -> Option<Capture>;
    /// A whole answer came.
    fn learn(&self, request: &Request, capture: &Capture);
}

/// Asks with what was remembered, and remembers what came.
pub struct Conditional<M> {
    inner: Arc<dyn Fetch>,
    memory: Arc<M>,
}

impl<M: Memory> Conditional<M> {
    /// Wraps `inner`.
    pub fn new(inner: Arc<dyn Fetch>, memory: Arc<M>) -> Conditional<M> {
        Conditional { inner, memory }
    }

    async fn run(&self, request: &Request) -> Outcome {
        // What confirms a failure, and what others are shown, is seen in full.
        if request.connection == Connection::Fresh || request.guise.is_some() {
            return self.inner.fetch(request).await;
        }
        let mut outcome = match self.memory.validators(request) {
            Some(validators) => {
                self.inner.fetch(&Request { validators: Some(validators), ..request.clone() }).await
            }
            None => self.inner.fetch(request).await,
        };
        if let Ok(unchanged) = &outcome
            && unchanged.status == 304
        {
            let (memory, unchanged) = (self.memory.clone(), unchanged.clone());
            let recalled = tokio::task::spawn_blocking(move || memory.recall(unchanged)).await;
            if let Ok(Some(capture)) = recalled {
                return Ok(capture);
            }
            outcome = self.inner.fetch(request).await;
        }
        if let Ok(capture) = &outcome {
            let (memory, request, capture) = (self.memory.clone(), request.clone(), capture.clone());
            // Where that fails the page is asked for in full next time.
            let _ = tokio::task::spawn_blocking(move || memory.learn(&request, &capture)).await;
        }
        outcome
    }
}

impl<M: Memory> Fetch for Conditional<M> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}
