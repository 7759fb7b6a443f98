//! How often something happens.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How often something happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Cadence {
    /// So far apart, counted from 1970, so that a restart does not shift it.
    Every(Duration),
    /// At the times of a calendar.
    At(Cron),
}

impl Cadence {
    /// The first time after `after`, moved by `offset`; `None` where there is none.
    pub(super) fn next(&self, after: Timestamp, offset: Duration, zone: &TimeZone) -> Option<Timestamp> {
        let offset = SignedDuration::try_from(offset).ok()?;
        // What was moved is asked for where it had stood.
        let unmoved = after.checked_sub(offset).ok()?;
        match self {
            Cadence::Every(interval) => {
                let millis = i64::try_from(interval.as_millis().max(1)).ok()?;
                let slot = unmoved.as_millisecond().div_euclid(millis).checked_add(1)?.checked_mul(millis)?;
                Timestamp::from_millisecond(slot).ok()?.checked_add(offset).ok()
            }
            Cadence::At(cron) => cron.next(unmoved, zone)?.checked_add(offset).ok(),
        }
    }

    /// The longest offset within `spread` that keeps what is moved before what follows it.
    pub(super) fn room(&self, spread: Duration) -> Duration {
        match self {
            Cadence::Every(interval) => spread.min(*interval),
            Cadence::At(_) => spread,
        }
    }
}

/// Times of a calendar in five fields: minute, hour, day of the month, month, day of the week.
#[derive(Clone)]
pub struct Cron {
    text: String,
    parsed: Box<croner::Cron>,
}

/// Why a text is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no calendar: {why}")]
pub struct NoCron {
    /// The text.
    pub text: String,
    /// Why.
    pub why: String,
}

impl FromStr for Cron {
    type Err = NoCron;

    fn from_str(text: &str) -> Result<Cron, NoCron> {
        let refuse = |why: String| NoCron { text: text.chars().take(80).collect(), why };
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let parsed = parser.parse(text).map_err(|error| refuse(error.to_string().to_lowercase()))?;
        let cron = Cron { text: text.to_owned(), parsed: Box::new(parsed) };
        // 30 February is well formed, and never comes.
        match cron.next(Timestamp::UNIX_EPOCH, &TimeZone::UTC) {
            Some(_) => Ok(cron),
            None => Err(refuse("it never comes".to_owned())),
        }
    }
}

impl Cron {
    /// The first time after `after`.
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let after = after.to_zoned(zone.clone());
        self.parsed.find_next_occurrence(&after, false).ok().map(|next| next.timestamp())
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Cron) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cron").field(&self.text).finish()
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
