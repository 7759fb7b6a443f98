//! A page that is known to work: while it does not answer, nothing is proven by others that do not.
//!
//! When everything on a host begins to fail at once, a firewall may have begun to refuse us, or our own network is
//! gone. The home page, fetched anew, tells that from a site that really lost its pages.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::address::Address;
use crate::fetch::{Connection, Fetch, Purpose, Request};
use crate::link::challenge;

/// How long an answer of the canary is believed.
const BELIEVED: Duration = Duration::from_secs(10);

/// The home page as canary.
pub(super) struct Canary {
    home: Address,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Canary {
    pub(super) fn of(home: &Address) -> Canary {
        Canary { home: home.clone(), last: Mutex::new(None) }
    }

    /// Whether the home page answers as it should. Several visits that ask at once share one request.
    pub(super) async fn sings(&self, fetch: &dyn Fetch) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, sang)) = *last
            && at.elapsed() < BELIEVED
        {
            return sang;
        }
        let home = Request::of(self.home.clone(), Purpose::Existence);
        let request = Request { connection: Connection::Fresh, ..home };
        let sings = fetch.fetch(&request).await.is_ok_and(|capture| {
            capture.status == 200 && challenge(capture.status, &capture.headers, &capture.body).is_none()
        });
        *last = Some((Instant::now(), sings));
        sings
    }
}
