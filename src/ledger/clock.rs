//! Clocks that are set while somebody measures.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A clock that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStep {
    /// When it was noticed, by the clock as set.
    pub at: Timestamp,
    /// By how much; negative where it was set back.
    pub by: SignedDuration,
}

/// Whether the wall clock was set between two looks at it, `elapsed` apart by a clock that nobody can set. Differences
/// up to `tolerance` are the drift that every clock has.
pub fn step(
    before: Timestamp,
    after: Timestamp,
    elapsed: SignedDuration,
    tolerance: SignedDuration,
) -> Option<ClockStep> {
    let by = after.duration_since(before).checked_sub(elapsed)?;
    (by.abs() > tolerance.abs()).then_some(ClockStep { at: after, by })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_what_exceeds_the_tolerance() {
        let check = |wall: i64, elapsed: i64, expected: Option<i64>| {
            let at = |second| Timestamp::from_second(second).unwrap();
            let (elapsed, tolerance) = (SignedDuration::from_secs(elapsed), SignedDuration::from_secs(2));
            let found = step(at(0), at(wall), elapsed, tolerance).map(|step| step.by.as_secs());
            assert_eq!(found, expected, "{wall} {elapsed:?}");
        };
        check(60, 60, None);
        check(62, 60, None);
        check(63, 60, Some(3));
        check(-7_140, 60, Some(-7_200));
        check(7_260, 60, Some(7_200));
    }
}
