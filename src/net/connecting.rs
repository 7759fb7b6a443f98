//! Watches one request connect: how long it took, and whether it had to at all.
//!
//! The HTTP client connects out of sight. A [`Watch`] travels with the request's task; the resolver and a layer
//! around the client's connector note in it what happens, and the layer ends connecting that takes too long.

use std::{
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

tokio::task_local! {
    static WATCH: Arc<Watch>;
}

/// What was noted while one request connected.
#[derive(Debug, Default)]
pub struct Watch {
    started: OnceLock<Instant>,
    resolved: OnceLock<(Instant, Instant)>,
    connected: OnceLock<Instant>,
}

impl Watch {
    /// Runs `request` under this watch.
    pub async fn over<T>(self: &Arc<Watch>, request: impl Future<Output = T>) -> T {
        WATCH.scope(Arc::clone(self), request).await
    }

    /// How long name resolution took.
    pub fn dns(&self) -> Option<Duration> {
        self.resolved.get().map(|(from, to)| *to - *from)
    }

    /// How long TCP and TLS took.
    pub fn connect(&self) -> Option<Duration> {
        let from = self.resolved.get().map(|(_, to)| to).or(self.started.get())?;
        Some(self.connected.get()?.saturating_duration_since(*from))
    }

    /// When a new connection stood.
    pub fn connected(&self) -> Option<Instant> {
        self.connected.get().copied()
    }

    /// Whether a new connection is being made and does not stand yet.
    pub fn is_connecting(&self) -> bool {
        self.started.get().is_some() && self.connected.get().is_none()
    }
}

/// Notes that the name of the request under way has been resolved.
pub(super) fn note_resolved(started: Instant) {
    // Connecting that lost the race for a pooled connection goes on in a task of its own, unwatched.
    let _ = WATCH.try_with(|watch| watch.resolved.set((started, Instant::now())));
}

/// Nothing answered to connecting in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
pub struct ConnectTimedOut(Duration);

/// Wraps the client's connector: notes times, and gives TCP and TLS together `limit`. Resolving the name has its
/// own limit in the resolver and takes nothing away from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watched {
    pub(super) limit: Duration,
}

impl<S> Layer<S> for Watched {
    type Service = WatchedConnector<S>;

    fn layer(&self, inner: S) -> WatchedConnector<S> {
        WatchedConnector { inner, limit: self.limit }
    }
}

/// The connector so wrapped.
#[derive(Debug, Clone)]
pub(super) struct WatchedConnector<S> {
    inner: S,
    limit: Duration,
}

impl<S, R> Service<R> for WatchedConnector<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let watch = WATCH.try_with(Arc::clone).unwrap_or_default();
        let _ = watch.started.set(Instant::now());
        let connecting = self.inner.call(target);
        let limit = self.limit;
        Box::pin(async move {
            let mut connecting = std::pin::pin!(watch.over(connecting));
            let mut ended = tokio::time::timeout(limit, &mut connecting).await;
            if let (Err(_), Some((_, resolved))) = (&ended, watch.resolved.get()) {
                let until = tokio::time::Instant::from_std(*resolved + limit);
                ended = tokio::time::timeout_at(until, &mut connecting).await;
            }
            let connection = ended.map_err(|_| ConnectTimedOut(limit))??;
            let _ = watch.connected.set(Instant::now());
            Ok(connection)
        })
    }
}
