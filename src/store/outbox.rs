//! The outbox: who is still to be told what, by which channel, and what came of every attempt.
//!
//! A letter stays until its channel has confirmed it. An attempt is on record before anything is sent, its outcome
//! after: whatever is interrupted in between is sent again once its lease has run out, with the same notice id.

use std::fmt;

use jiff::Timestamp;

use super::StoreError;
use crate::notice::Notice;

/// What may be asked about the outbox.
pub trait Deliveries: Send + Sync {
    /// Letters with their attempts, newest letter first.
    fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError>;

    /// How each channel stands that has letters waiting or is broken, by name.
    fn backlog(&self) -> Result<Vec<Backlog>, StoreError>;

    /// What a channel could send now, the urgent first, and when it has more.
    ///
    /// Before a letter stand the earlier ones of its thread (order key, recipient and channel) that are still
    /// waiting, due or not: an all-clear is never told before what it clears. `limit` is the number of letters due.
    fn waiting(&self, channel: &str, now: Timestamp, limit: u32) -> Result<Waiting, StoreError>;

    /// When messages were begun on a channel since some time, oldest first; to one recipient, where one is named.
    fn begun(
        &self,
        channel: &str,
        recipient: Option<&str>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError>;
}

/// What may be done to the outbox.
pub trait Outbox: Deliveries {
    /// Adds letters; one that is there already (same notice, recipient and first channel) is left as it is. A letter
    /// starts at the first rung whose channel is not broken. Returns how many were added.
    fn enqueue(&self, letters: Vec<Letter>, at: Timestamp) -> Result<usize, StoreError>;

    /// Takes a lease on letters and records that they are about to be sent in one message. `None` where somebody
    /// else was faster with one of them: then nothing has happened.
    fn begin(
        &self,
        letters: &[LetterId],
        channel: &str,
        at: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<MessageId>, StoreError>;

    /// Records what came of a message.
    fn settle(&self, message: MessageId, at: Timestamp, outcome: Outcome) -> Result<(), StoreError>;

    /// Sends letters that wait at channels nobody knows any more to the next rung that is known, or to `last_resort`.
    fn adopt(&self, known: &[String], last_resort: &str, at: Timestamp) -> Result<usize, StoreError>;
}

/// A notice with an address, about to be put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What to tell.
    pub notice: Notice,
    /// Id of the recipient; empty where a channel is told as such.
    pub recipient: String,
    /// Ids of channels: the first is tried, the next one where that refuses. Never empty.
    pub ladder: Vec<String>,
    /// Not before.
    pub due: Timestamp,
}

/// Number of a letter in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterId(pub i64);

/// Number of a message, which carries one letter or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub i64);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A letter that waits at a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub id: LetterId,
    /// What to tell.
    pub notice: Notice,
    /// Id of the recipient; empty where the channel is told as such.
    pub recipient: String,
    /// Attempts on this channel so far.
    pub attempts: u32,
    /// How much of it may be said.
    pub form: Form,
}

/// How much of a notice a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// All of it.
    Full,
    /// Only what no audit of a chat can mind, after it has refused the rest.
    Bare,
}

/// What waits at a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What could be sent now, threads together and in order, urgent threads first; nothing while the channel is left
    /// alone because it was sent too much.
    pub letters: Vec<Queued>,
    /// When the next letter is due that is not among them.
    pub next: Option<Timestamp>,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The channel has it. A broken channel is whole again.
    Confirmed,
    /// It is tried again.
    Again {
        /// Whether the channel may have it nevertheless.
        doubt: Doubt,
        /// When.
        due: Timestamp,
        /// Whether the channel was sent too much, so that nothing at all goes there until then.
        throttled: bool,
        /// What the channel said.
        why: String,
    },
    /// The channel does not take these words, and would not next time.
    RefusedMessage {
        /// What the channel said.
        why: String,
    },
    /// The channel takes nothing. All that waits there goes to its next rung; what has none waits for `retry`.
    RefusedChannel {
        /// What the channel said.
        why: String,
        /// When what has no other way is tried here again.
        retry: Timestamp,
        /// Whom to tell that the channel is broken, where that is news.
        tell: Vec<Letter>,
    },
}

/// Whether a message that was not confirmed may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It certainly has not.
    NotThere,
    /// Nobody can tell.
    MayBeThere,
}

/// Which deliveries are wanted. The default wants the newest hundred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// By this channel.
    pub channel: Option<String>,
    /// To this recipient.
    pub recipient: Option<String>,
    /// Of this notice.
    pub notice: Option<String>,
    /// Of this incident, that is, with its order key.
    pub order_key: Option<String>,
    /// Only what is not confirmed.
    pub unconfirmed: bool,
    /// Only letters before this one; they come newest first.
    pub before: Option<LetterId>,
    /// At most so many letters.
    pub limit: u32,
}

impl Default for DeliveryFilter {
    fn default() -> Self {
        let (channel, recipient, notice, order_key) = (None, None, None, None);
        DeliveryFilter { channel, recipient, notice, order_key, unconfirmed: false, before: None, limit: 100 }
    }
}

/// A letter and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: LetterId,
    /// What is told.
    pub notice: Notice,
    /// Id of the recipient; empty where a channel is told as such.
    pub recipient: String,
    /// The channel where it is now.
    pub channel: String,
    /// When it was put into the outbox.
    pub queued: Timestamp,
    /// How it stands.
    pub state: LetterState,
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempt>,
}

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// To be sent.
    Waiting {
        /// Not before.
        due: Timestamp,
    },
    /// Confirmed by its channel.
    Confirmed {
        /// When.
        at: Timestamp,
    },
    /// Refused by every channel it had.
    Refused {
        /// When.
        at: Timestamp,
    },
}

/// One attempt to send a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The message it was in.
    pub message: MessageId,
    /// The channel.
    pub channel: String,
    /// When it was begun.
    pub started: Timestamp,
    /// What came of it; `None`: under way, or cut off before anybody knew.
    pub verdict: Option<AttemptVerdict>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptVerdict {
    /// When.
    pub at: Timestamp,
    /// In a word: `confirmed`, `retry`, `undetermined`, `refused-message` or `refused-channel`.
    pub word: String,
    /// What the channel said; empty where it confirmed.
    pub why: String,
}

/// How a channel stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// Id of the channel.
    pub channel: String,
    /// Letters waiting there.
    pub waiting: u64,
    /// When the oldest of them was put into the outbox.
    pub oldest: Option<Timestamp>,
    /// Since when it has refused everything, and what it said.
    pub broken: Option<Broken>,
}

/// A channel that takes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Since when.
    pub since: Timestamp,
    /// What it said.
    pub why: String,
}
