//! Cookies, for the hosts that answer nobody without.
//!
//! A monitor carries no cookies: pages must read the same for everyone. Some hosts, however, set one and redirect
//! back to the same address until it is sent. Only for these [`Redirects`](super::Redirects) fills a jar, and
//! [`Http`](super::Http) sends what is in it.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use reqwest::{
    cookie::{CookieStore, Jar},
    header::HeaderValue,
};

use super::Capture;
use crate::address::Address;

/// Cookies that a host may set at once; the one it waits for is among the first.
const COOKIES: usize = 50;
/// Bytes of one of them.
const COOKIE_BYTES: usize = 4 << 10;

/// The jars of the hosts that need one.
#[derive(Default)]
pub struct Cookies {
    any: AtomicBool,
    jars: RwLock<HashMap<String, Arc<Jar>>>,
}

impl Cookies {
    /// The `Cookie` header for an address, where its host needs one.
    pub(super) fn header(&self, address: &Address) -> Option<HeaderValue> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let jars = self.jars.read().unwrap_or_else(PoisonError::into_inner);
        jars.get(address.host())?.cookies(address.url())
    }

    /// Keeps the cookies an answer set. Each host has its own jar: none is sent to a neighbour.
    pub(super) fn learn(&self, answer: &Capture) {
        let mut jars = self.jars.write().unwrap_or_else(PoisonError::into_inner);
        let jar = jars.entry(answer.address.host().to_owned()).or_default();
        let cookies = set_cookies(answer).filter(|cookie| cookie.len() <= COOKIE_BYTES);
        for cookie in cookies.take(COOKIES) {
            jar.add_cookie_str(cookie, answer.address.url());
        }
        self.any.store(true, Ordering::Release);
    }
}

/// The cookies an answer sets.
pub(super) fn set_cookies(answer: &Capture) -> impl Iterator<Item = &str> {
    answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
}
