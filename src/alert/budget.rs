//! How many messages a channel, or a recipient by a channel, still takes.
//!
//! Vendors count in windows that slide, so a bucket that fills up again evenly would let twice as many through within
//! one of their minutes.

use std::time::Duration;

use jiff::Timestamp;

use crate::config;

/// So many messages within any stretch of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Messages at most.
    pub messages: u32,
    /// Length of the stretch.
    pub length: Duration,
}

/// Added to every window: the vendor's clock counts arrivals, ours departures.
const DRIFT: Duration = Duration::from_secs(1);

/// The windows of a channel.
pub fn of_channel(budget: &config::Budget) -> Vec<Window> {
    windows([(budget.per_second, Duration::from_secs(1)), (budget.per_minute, Duration::from_secs(60))])
}

/// The windows of a recipient.
pub fn of_recipient(quota: &config::Quota) -> Vec<Window> {
    let seconds = Duration::from_secs;
    windows([(quota.minute, seconds(60)), (quota.hour, seconds(3600)), (quota.day, seconds(86_400))])
}

fn windows<const N: usize>(limits: [(u32, Duration); N]) -> Vec<Window> {
    let limited = limits.into_iter().filter(|(messages, _)| *messages > 0);
    limited.map(|(messages, length)| Window { messages, length: length + DRIFT }).collect()
}

/// How far back one has to look.
pub fn reach(windows: &[Window]) -> Duration {
    windows.iter().map(|window| window.length).max().unwrap_or_default()
}

/// Messages that may be sent now, where those at `sent` (in order) have been, and `reserve` are kept back.
pub fn left(windows: &[Window], sent: &[Timestamp], now: Timestamp, reserve: u32) -> u32 {
    let left = windows.iter().map(|window| {
        // A window that has no room for a reserve keeps none: it would let nothing through.
        let most = if window.messages > reserve { window.messages - reserve } else { window.messages };
        most.saturating_sub(within(window, sent, now))
    });
    left.min().unwrap_or(u32::MAX)
}

/// When a message may be sent next, where none may now.
pub fn opens(windows: &[Window], sent: &[Timestamp], now: Timestamp, reserve: u32) -> Timestamp {
    let opens = windows.iter().filter_map(|window| {
        let most = if window.messages > reserve { window.messages - reserve } else { window.messages };
        // The message that has to leave the window before there is room.
        let place = sent.len().checked_sub(most as usize)?;
        Some(sent[place].saturating_add(window.length).unwrap_or(Timestamp::MAX))
    });
    opens.max().unwrap_or(now).max(now)
}

fn within(window: &Window, sent: &[Timestamp], now: Timestamp) -> u32 {
    let from = now.saturating_sub(window.length).unwrap_or(Timestamp::MIN);
    sent.iter().rev().take_while(|at| **at > from).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::new(1_800_000_000 + second, 0).unwrap()
    }

    fn robot() -> Vec<Window> {
        let penalty = Duration::from_secs(600);
        of_channel(&config::Budget { per_minute: 20, per_second: 0, reserve: 5, penalty })
    }

    #[test]
    fn a_minute_takes_so_many_and_keeps_some_back() {
        let sent: Vec<Timestamp> = (0..15).map(at).collect();
        assert_eq!(left(&robot(), &sent, at(15), 5), 0);
        assert_eq!(left(&robot(), &sent, at(15), 0), 5, "the reserve");
        assert_eq!(opens(&robot(), &sent, at(15), 5), at(61), "the first has left the window by then");
        assert_eq!(left(&robot(), &sent, at(61), 5), 1);
        assert_eq!(left(&robot(), &[], at(0), 5), 15);
        assert_eq!(opens(&robot(), &[], at(0), 5), at(0));
    }

    #[test]
    fn no_stretch_of_a_minute_ever_has_more() {
        let mut sent = Vec::new();
        for second in 0..600 {
            while left(&robot(), &sent, at(second), 0) > 0 {
                sent.push(at(second));
            }
        }
        for (place, first) in sent.iter().enumerate() {
            if let Some(twenty_first) = sent.get(place + 20) {
                assert!(twenty_first.duration_since(*first).as_secs() > 60);
            }
        }
        assert!(sent.len() >= 180, "and most of what is allowed is used: {}", sent.len());
    }

    #[test]
    fn every_window_counts() {
        let calls = of_recipient(&config::Quota { minute: 1, hour: 5, day: 20 });
        let sent: Vec<Timestamp> = (0..5).map(|call| at(call * 120)).collect();
        assert_eq!(left(&calls, &sent, at(600), 0), 0, "five within the hour");
        assert_eq!(opens(&calls, &sent, at(600), 0), at(3601));
        assert_eq!(reach(&calls), Duration::from_secs(86_401));
        assert_eq!(left(&calls, &sent, at(3601), 0), 1);
        let one = Window { messages: 1, length: Duration::from_secs(60) };
        assert_eq!(left(&[one], &[], at(0), 5), 1, "a window of one keeps no reserve");
        assert_eq!(left(&[], &sent, at(600), 5), u32::MAX);
    }
}
