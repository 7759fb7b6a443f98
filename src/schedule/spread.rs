//! Jobs that would fall due together are spread, each always by the same.

use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64;

/// How far a job of `subject` is moved within `room`: always the same, and different for most others.
pub fn offset(subject: &str, room: Duration) -> Duration {
    // Milliseconds of a century fit.
    let millis = u64::try_from(room.as_millis()).unwrap_or(u64::MAX);
    match millis {
        0 => Duration::ZERO,
        _ => Duration::from_millis(xxh3_64(subject.as_bytes()) % millis),
    }
}
