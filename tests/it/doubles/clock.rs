//! A clock that only moves when it is told to.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use sitewarden::alert::Clock;

/// A clock whose hands a test moves. Whoever sleeps by it moves them to when he wants to wake.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    /// Ten in the morning of an invented day.
    pub(crate) fn new() -> Hands {
        Hands(Arc::new(Mutex::new("2026-11-22T10:00:00+08".parse().expect("a good time"))))
    }

    /// Moves them on, never back.
    pub(crate) fn set(&self, at: Timestamp) {
        let mut now = self.0.lock().expect("nobody panics with it");
        *now = at.max(*now);
    }

    /// Moves them on by so many seconds.
    pub(crate) fn pass(&self, seconds: i64) {
        let now = self.now();
        self.set(Timestamp::from_second(now.as_second() + seconds).expect("within range"));
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("nobody panics with it")
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.set(at);
        Box::pin(tokio::task::yield_now())
    }
}
