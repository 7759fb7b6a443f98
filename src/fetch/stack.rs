//! The layers as the program uses them.

use std::{sync::Arc, time::Duration};

use super::{
    Conditional, Counters, Fetch, Http, Memory, Pace, Paced, Pending, Redirects, Request, Retry,
    robots::Robots,
};
use crate::{address::Address, config::Fetching, net::resolver::Family};

/// All layers over HTTP.
pub struct Stack {
    layers: Robots<Retry<Redirects<Paced<Http>>>>,
    counters: Arc<Counters>,
    pace: Arc<Pace>,
}

/// Stacks the layers: from the inside out, connect, keep to the host's pace, follow redirects, try once more on a
/// fresh connection, ask robots.txt first.
pub fn stack(settings: &Fetching) -> anyhow::Result<Stack> {
    Ok(stack_over(settings, Http::new(settings, Family::Any)?))
}

/// Stacks the same layers over a client of one's own, which may keep to one family or one address.
pub fn stack_over(settings: &Fetching, http: Http) -> Stack {
    stacked(settings, http, Pace::of(settings))
}

fn stacked(settings: &Fetching, http: Http, pace: Arc<Pace>) -> Stack {
    let (counters, cookies) = (http.counters(), http.cookies());
    let paced = Paced::sharing(http, pace.clone());
    let layers = Robots::new(Retry::new(Redirects::new(paced, settings, cookies)), settings.robots);
    Stack { layers, counters, pace }
}

impl Stack {
    /// Requests sent so far, redirects and second tries included.
    pub fn requests(&self) -> u64 {
        self.counters.requests()
    }

    /// Bytes of bodies received so far.
    pub fn bytes(&self) -> u64 {
        self.counters.bytes()
    }

    /// The pause between requests that the host of an address asks for in its robots.txt.
    pub fn crawl_delay(&self, address: &Address) -> Option<Duration> {
        self.layers.crawl_delay(address)
    }

    /// How much longer the host of an address is left alone, because it asked for time.
    pub fn pause_left(&self, address: &Address) -> Option<Duration> {
        self.pace.pause_left(address)
    }
}

/// The network as a crawl sees it: something that fetches, and how much it has fetched.
#[derive(Clone)]
pub struct Transport {
    /// Fetches.
    pub fetch: Arc<dyn Fetch>,
    /// Counts.
    pub counters: Arc<Counters>,
}

impl Transport {
    /// The real network.
    pub fn network(settings: &Fetching) -> anyhow::Result<Transport> {
        Transport::at_pace(settings, Pace::of(settings))
    }

    /// The real network, at a pace that others keep, too.
    pub fn at_pace(settings: &Fetching, pace: Arc<Pace>) -> anyhow::Result<Transport> {
        let stack = stacked(settings, Http::new(settings, Family::Any)?, pace);
        Ok(Transport { counters: stack.counters.clone(), fetch: Arc::new(stack) })
    }

    /// The same, asking with what was remembered.
    pub fn remembering(self, memory: Arc<impl Memory>) -> Transport {
        Transport { fetch: Arc::new(Conditional::new(self.fetch, memory)), ..self }
    }

    /// Something else, which counts nothing; for fixtures.
    pub fn of(fetch: impl Fetch + 'static) -> Transport {
        Transport { fetch: Arc::new(fetch), counters: Arc::default() }
    }
}

impl Fetch for Stack {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        self.layers.fetch(request)
    }
}
