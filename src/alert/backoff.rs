//! How long to wait before the next attempt.

use std::time::Duration;

use sha2::{Digest, Sha256};

/// Pauses after the first, second, … attempt, in seconds; the last one stays. An alarm is worth little after an hour,
/// so the first come quickly.
const PAUSES: [u64; 7] = [5, 30, 120, 300, 900, 1800, 3600];

/// The pause after so many attempts, plus up to a fifth that depends on `salt`: channels that failed together do not
/// come back together.
pub(super) fn pause(attempts: u32, salt: &str) -> Duration {
    let step = (attempts.max(1) as usize - 1).min(PAUSES.len() - 1);
    let seconds = PAUSES[step];
    let digest = Sha256::digest(format!("{salt} {attempts}"));
    let fifth = seconds * 1000 * u64::from(digest[0]) / 255 / 5;
    Duration::from_millis(seconds * 1000 + fifth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_spread() {
        let check = |attempts: u32, least: u64, most: u64| {
            for salt in ["a", "b", "c"] {
                let pause = pause(attempts, salt).as_millis() as u64;
                assert!((least * 1000..=most * 1000).contains(&pause), "{attempts} {salt}: {pause} ms");
            }
        };
        check(0, 5, 6);
        check(1, 5, 6);
        check(2, 30, 36);
        check(3, 120, 144);
        check(5, 900, 1080);
        check(1000, 3600, 4320);
        assert_ne!(pause(3, "a"), pause(3, "b"));
    }
}
