//! From a notice to a confirmed message.
//!
//! [`route`] says who hears a [`Notice`](crate::notice::Notice) by which channels; the letters go into the
//! [`outbox`](crate::store::outbox) in the transaction of whatever they tell of. A [`Dispatcher`] takes them out:
//! it [folds](fold) what belongs together, keeps to each channel's [`budget`], has the [`channel`] render the message
//! and [`send`] carry it, and records what the channel's answer means.
//!
//! A channel file renders and judges, and knows no network, file or clock; `now` comes in. Signatures are made for
//! each attempt and never kept.

mod backoff;
pub mod budget;
pub mod channel;
pub mod clock;
mod defuse;
pub mod dispatch;
pub mod fold;
pub mod link;
pub mod message;
pub mod route;
pub mod send;
pub mod sheet;
pub mod sign;
#[cfg(test)]
mod testing;
pub mod trial;
pub mod verdict;
mod worker;

pub use clock::{Clock, SystemClock};
pub use dispatch::{Dispatcher, Waker};
