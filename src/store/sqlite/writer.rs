//! The one thread that writes.
//!
//! Operations queue up and are answered in order, each in a transaction of its own. A caller that gives up waiting
//! does not cut an operation short.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Sender, channel, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::fault::Fault;
use crate::lock::Lock;
use crate::store::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The way to the thread that writes; it ends, and lets go of the record, when this is dropped.
pub(super) struct Writer {
    path: PathBuf,
    // Both are there until the drop, which has to close the one before it waits for the other.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(path: &Path, mut connection: Connection, lock: Lock) -> Result<Writer, StoreError> {
        let (jobs, queue) = channel::<Job>();
        let serve = move || {
            for job in queue {
                job(&mut connection);
            }
            // Closed before the next process is let in.
            drop(connection);
            drop(lock);
        };
        let thread = thread::Builder::new()
            .name("record".to_owned())
            .spawn(serve)
            .map_err(|error| StoreError::from_io(path, &error))?;
        Ok(Writer { path: path.to_owned(), jobs: Some(jobs), thread: Some(thread) })
    }

    /// Does `work` in one transaction: committed where it succeeds, as if it had never been where it fails.
    pub(super) fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (answer, wait) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(transact(connection, work));
        });
        // Either fails only when a job has panicked, which ends the thread and rolls its transaction back.
        let stopped = || StoreError::Stopped { path: self.path.clone() };
        let jobs = self.jobs.as_ref().expect("there until the drop");
        jobs.send(job).map_err(|_| stopped())?;
        wait.recv().map_err(|_| stopped())?.map_err(|fault| fault.at(&self.path))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    // Takes the right to write at once: a transaction that first reads cannot always get it later.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = work(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}
