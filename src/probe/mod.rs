//! Whether something answers as it should, asked every minute or so: pages, ports, names, certificates, domains.
//!
//! A [`Prober`] asks once and says what it saw, a [`Sample`]. A [`Watchdog`] takes the samples of one target and says
//! when it has fallen, risen, or gone up and down too often to be believed. Whether the fault is our own is told by
//! [`sight`]. When a target is due, who hears of it and what the contract counts are for others.

mod ask;
mod domain;
mod page;
pub mod sight;
mod watchdog;

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use ask::Prober;
pub use watchdog::{Memory, Turn, Watchdog};

/// What one probe saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What it means.
    pub state: State,
    /// Why, in Chinese; empty where all is well.
    pub why: String,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// What is remembered to notice a change: addresses, or the print of a certificate.
    pub shown: Vec<String>,
    /// The last day of what runs out: a certificate, a domain.
    pub until: Option<Date>,
}

/// What a sample means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Good,
    /// Works, but slowly or over a weak connection.
    Weak,
    /// Does not work.
    Bad,
    /// The monitor is refused; a visitor may not be. Says nothing about the target.
    Refused,
    /// Our own network failed, or what was asked of others could not be had. Says nothing about the target.
    Blind,
}
