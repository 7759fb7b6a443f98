//! Takes letters out of the outbox until it is told to stop: one worker for each channel, so that a slow one holds up
//! nobody else, and one message in flight on each.

use std::{future::Future, sync::Arc};

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::sync::{Mutex, Semaphore, watch};

use super::clock::Clock;
use super::send::Sender;
use super::worker::{Desk, Worker};
use crate::config::{Alert, Channel};
use crate::store::{Outbox, StoreError};

/// Messages in flight over all channels.
const IN_FLIGHT: usize = 16;

/// Delivers what is in the outbox.
pub struct Dispatcher {
    desk: Arc<Desk>,
    /// One for each channel. Locked for as long as it works.
    workers: Vec<Mutex<Worker>>,
}

/// Wakes the dispatcher: something was put into the outbox.
#[derive(Clone)]
pub struct Waker(Arc<Desk>);

impl Waker {
    /// To be called after every enqueueing; letters that nobody was woken for are found when the next one is due.
    pub fn wake(&self) {
        self.0.wake.send_modify(|count| *count += 1);
    }
}

impl Dispatcher {
    /// A dispatcher over an outbox.
    pub fn new(alert: Alert, outbox: Arc<dyn Outbox>, sender: Sender, clock: Arc<dyn Clock>) -> Dispatcher {
        let wake = watch::Sender::new(0);
        let desk =
            Arc::new(Desk { alert, outbox, sender, clock, wake, in_flight: Semaphore::new(IN_FLIGHT) });
        let worker = |channel: &Channel| Mutex::new(Worker::new(Arc::clone(&desk), channel.clone()));
        Dispatcher { workers: desk.alert.channels.iter().map(worker).collect(), desk }
    }

    /// What wakes it.
    pub fn waker(&self) -> Waker {
        Waker(Arc::clone(&self.desk))
    }

    /// Delivers until `stop` resolves; a message in flight by then is finished, which takes no longer than the time
    /// that one attempt may take. Without channels it only waits.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        self.adopt().await?;
        let (halt, halted) = watch::channel(false);
        let work = join_all(self.workers.iter().map(|worker| {
            let halted = halted.clone();
            async move { worker.lock().await.run(halted).await }
        }));
        let end = async {
            stop.await;
            // Nobody listens where there are no channels.
            let _ = halt.send(true);
        };
        tokio::join!(work, end);
        Ok(())
    }

    /// Delivers all that can be delivered now, and says when there is more to do.
    pub async fn drain(&self) -> Result<Option<Timestamp>, StoreError> {
        self.adopt().await?;
        loop {
            let woken = *self.desk.wake.borrow();
            let rounds = self.workers.iter().map(|worker| async { worker.lock().await.round().await });
            let next = join_all(rounds).await.into_iter().collect::<Result<Vec<_>, _>>()?;
            // A channel that broke has left its letters to others, whose round may have been over by then.
            if *self.desk.wake.borrow() == woken {
                return Ok(next.into_iter().flatten().min());
            }
        }
    }

    /// Letters may wait at channels that were configured once.
    async fn adopt(&self) -> Result<(), StoreError> {
        let known: Vec<String> = self.desk.alert.channels.iter().map(|channel| channel.id.clone()).collect();
        let Some(last_resort) = known.first().cloned() else { return Ok(()) };
        let now = self.desk.clock.now();
        let moved = self.desk.ask(move |outbox| outbox.adopt(&known, &last_resort, now)).await?;
        if moved > 0 {
            tracing::warn!(
                letters = moved,
                "letters waited at channels that are configured no more; sent on"
            );
        }
        Ok(())
    }
}
