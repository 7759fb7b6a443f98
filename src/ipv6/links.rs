//! How many links of a level open over IPv6 alone, and why the others do not.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::copies::{self, Copy};
use super::measured::{Reason, Trouble, trouble};
use crate::address::{Address, Scope};
use crate::facts::Probe;
use crate::fetch::{Capture, Fetch, Outcome, Purpose, Request};
use crate::link::soft404;

/// Requests at the same time. The pace per host is kept below.
const AT_ONCE: usize = 4;
/// Failures that are kept in full; all are counted.
const FAILURES: usize = 200;

/// The rate of one level.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkRate {
    /// Distinct links there are.
    pub known: usize,
    /// How many of them were tried; fewer than known where they are too many.
    pub tried: usize,
    /// How many opened.
    pub opened: usize,
    /// How many robots.txt or the guard kept us from; they count neither way.
    pub skipped: usize,
    /// Those that did not open.
    pub failures: Vec<LinkFailure>,
}

/// A link that did not open over IPv6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkFailure {
    /// Where it leads.
    pub address: String,
    /// A page that has it.
    pub page: String,
    /// Why.
    pub trouble: Trouble,
}

impl LinkRate {
    /// Successes among those that were tried and may be counted; `None`: there are none.
    pub fn rate(&self) -> Option<f64> {
        let counted = self.tried.saturating_sub(self.skipped);
        (counted > 0).then(|| self.opened as f64 / counted as f64)
    }
}

/// A link and a page that has it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) address: Address,
    pub(super) page: String,
}

/// Follows links over one family.
pub(super) struct Follower<'a> {
    pub(super) fetch: &'a dyn Fetch,
    pub(super) scope: &'a Scope,
    /// Links of one level at most.
    pub(super) most: usize,
    /// What answers stand for missing pages, by host; learnt while following.
    probes: HashMap<String, Option<Probe>>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(fetch: &'a dyn Fetch, scope: &'a Scope, most: usize) -> Follower<'a> {
        Follower { fetch, scope, most, probes: HashMap::new() }
    }

    /// Follows an even sample of these links; gives the rate and the pages that opened.
    pub(super) async fn follow(&mut self, links: Vec<Found>, purpose: Purpose) -> (LinkRate, Vec<Copy>) {
        let mut rate = LinkRate { known: links.len(), ..LinkRate::default() };
        let sample = sample(links, self.most);
        self.learn_probes(&sample).await;
        rate.tried = sample.len();
        let fetch = self.fetch;
        let answers = stream::iter(sample).map(async |link| {
            let outcome = fetch.fetch(&Request::of(link.address.clone(), purpose)).await;
            let copy = read(&outcome, self.scope).await;
            (link, outcome, copy)
        });
        let answers: Vec<(Found, Outcome, Option<Copy>)> = answers.buffered(AT_ONCE).collect().await;
        let mut opened = Vec::new();
        for (link, outcome, copy) in answers {
            let missing = || copy.as_ref().and_then(|copy| self.missing(&link.address, copy));
            match trouble(&outcome).or_else(missing) {
                None => {
                    rate.opened += 1;
                    opened.extend(copy);
                }
                Some(trouble) if trouble.reason == Reason::NotTried => rate.skipped += 1,
                Some(trouble) if rate.failures.len() < FAILURES => {
                    let Found { address, page } = link;
                    rate.failures.push(LinkFailure { address: address.to_string(), page, trouble });
                }
                Some(_) => {}
            }
        }
        (rate, opened)
    }

    /// Asks each host for a page that cannot exist, once.
    async fn learn_probes(&mut self, links: &[Found]) {
        for link in links {
            let authority = link.address.authority();
            if self.probes.contains_key(&authority) {
                continue;
            }
            let probe = self.probe(&link.address).await;
            self.probes.insert(authority, probe);
        }
    }

    async fn probe(&self, at: &Address) -> Option<Probe> {
        let path = soft404::probe_path("/", "html", &at.authority());
        let asked = at.resolve(&path, encoding_rs::UTF_8).ok()?;
        let outcome = self.fetch.fetch(&Request::of(asked.clone(), Purpose::Page)).await;
        let copy = read(&outcome, self.scope).await?;
        Some(Probe {
            authority: at.authority(),
            directory: "/".to_owned(),
            status: copy.status,
            asked: asked.to_string(),
            landed: copy.landed,
            title: copy.title,
            content: copy.content,
        })
    }

    /// Whether a page that answered 200 stands for one that is missing.
    fn missing(&self, asked: &Address, copy: &Copy) -> Option<Trouble> {
        let says = soft404::phrases(&copy.title, &copy.main, copy.content.main_chars);
        if let Some(phrase) = says {
            let detail = format!("返回 200，但页面称“{phrase}”");
            return Some(Trouble { reason: Reason::SoftMissing, detail });
        }
        let probe = self.probes.get(&asked.authority())?.as_ref()?;
        let asked = asked.as_str();
        let seen = soft404::Seen { asked, landed: &copy.landed, title: &copy.title, content: &copy.content };
        soft404::matches_probe(seen, probe).then(|| Trouble {
            reason: Reason::SoftMissing,
            detail: "返回 200，但与不存在的地址所得页面相同".to_owned(),
        })
    }
}

/// An even sample, in order.
fn sample(links: Vec<Found>, most: usize) -> Vec<Found> {
    let known = links.len();
    if known <= most {
        return links;
    }
    let chosen: BTreeSet<usize> = (0..most).map(|n| n * known / most).collect();
    links.into_iter().enumerate().filter(|(n, _)| chosen.contains(n)).map(|(_, link)| link).collect()
}

/// Reads an answer that is a page, off the threads that wait for the network.
async fn read(outcome: &Outcome, scope: &Scope) -> Option<Copy> {
    let capture = outcome.as_ref().ok().filter(|capture| is_page(capture))?;
    let (capture, scope) = (capture.clone(), scope.clone());
    tokio::task::spawn_blocking(move || copies::read(&capture, false, &scope)).await.ok()
}

fn is_page(capture: &Capture) -> bool {
    capture.header("content-type").is_none_or(|kind| kind.to_ascii_lowercase().contains("html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_even_and_in_order() {
        let links = (0..10).map(|n| Found {
            address: Address::parse(&format!("http://a.test/{n}")).unwrap(),
            page: String::new(),
        });
        let chosen: Vec<String> =
            sample(links.collect(), 4).iter().map(|link| link.address.url().path().to_owned()).collect();
        assert_eq!(chosen, ["/0", "/2", "/5", "/7"]);
    }

    #[test]
    fn what_was_not_tried_counts_neither_way() {
        let rate = LinkRate { known: 20, tried: 10, opened: 6, skipped: 2, failures: Vec::new() };
        assert_eq!(rate.rate(), Some(0.75));
        assert_eq!(LinkRate::default().rate(), None);
    }
}
