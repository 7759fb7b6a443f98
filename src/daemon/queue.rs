//! Sites that wait for something to be done, each once.

use std::collections::VecDeque;
use std::sync::Mutex;

use tokio::sync::Notify;

/// Sites that wait, the first one longest.
#[derive(Debug, Default)]
pub(super) struct Queue {
    sites: Mutex<VecDeque<String>>,
    filled: Notify,
}

impl Queue {
    /// Has a site wait, unless it does already.
    pub(super) fn want(&self, site: &str) {
        let mut sites = self.sites.lock().expect("nobody panics while holding it");
        if !sites.iter().any(|waiting| waiting == site) {
            sites.push_back(site.to_owned());
        }
        drop(sites);
        self.filled.notify_one();
    }

    /// The site that has waited longest; waits until there is one.
    pub(super) async fn next(&self) -> String {
        loop {
            let first = self.sites.lock().expect("nobody panics while holding it").pop_front();
            match first {
                Some(site) => return site,
                None => self.filled.notified().await,
            }
        }
    }
}
