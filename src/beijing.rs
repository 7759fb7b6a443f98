//! Times as people in China read them: by the one clock that the country has, without summer time.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz};

const BEIJING: tz::Offset = tz::offset(8);

/// What the clock shows.
pub fn clock(at: Timestamp) -> DateTime {
    BEIJING.to_datetime(at)
}

/// The moment at which the clock shows this; `None` beyond what can be counted.
pub fn at(clock: DateTime) -> Option<Timestamp> {
    BEIJING.to_timestamp(clock).ok()
}

/// `2026-11-22 10:02:30`.
pub fn moment(at: Timestamp) -> String {
    clock(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-11-22 10:02`.
pub fn minute(at: Timestamp) -> String {
    clock(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `11-22 10:02`, where the year is plain.
pub fn short_minute(at: Timestamp) -> String {
    clock(at).strftime("%m-%d %H:%M").to_string()
}

/// `11-22 10:02:30`, where the year is plain.
pub fn short_moment(at: Timestamp) -> String {
    clock(at).strftime("%m-%d %H:%M:%S").to_string()
}

/// `11-22`.
pub fn day(at: Timestamp) -> String {
    clock(at).strftime("%m-%d").to_string()
}
