//! How each target stood, moment by moment: for a picture of it.

use jiff::Timestamp;

use super::account::{maintenance, stand};
use super::{Journal, Span, Spans, State, Target};

/// How one target stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Which one.
    pub target: Target,
    /// Stretches of one state each, one after another, without gaps.
    pub stretches: Vec<(Span, State)>,
}

/// The targets of a journal within a stretch of time, as far as it has passed `now`. Time is told in at most `slots`
/// equal pieces; the worst that was seen in a piece is told of all of it, so that a short fault in a long year shows.
pub fn timeline(journal: &Journal, within: Span, now: Timestamp, slots: u32) -> Vec<Lane> {
    let passed = within.overlap(Span::new(Timestamp::MIN, now));
    let ruler = Ruler { whole: within, slots: i128::from(slots.max(1)) };
    let watched: Spans = journal.watches.iter().copied().collect();
    let at_work = maintenance(journal, now);
    let lanes = journal.targets().into_iter().map(|target| {
        let of_target: Vec<_> =
            journal.intervals.iter().filter(|interval| interval.target == *target).collect();
        let standing = stand(&of_target, &watched, now);
        let count = ruler.slot_after(passed.end()).max(0) as usize;
        let mut states = vec![State::Unknown; count];
        // The later ones cover the earlier ones.
        let layers = [
            (State::Up, &standing.known),
            (State::Unknown, &Spans::from(passed).minus(&standing.known)),
            (State::Degraded, &standing.degraded),
            (State::Maintenance, &at_work),
            (State::Down, &standing.down.minus(&at_work)),
        ];
        for (state, spans) in layers {
            for span in spans.iter().map(|span| span.overlap(passed)).filter(|span| !span.is_empty()) {
                let (from, to) = (ruler.slot(span.start()), ruler.slot_after(span.end()));
                let from = (from.max(0) as usize).min(count);
                states[from..(to.max(0) as usize).min(count)].fill(state);
            }
        }
        Lane { target: target.clone(), stretches: ruler.stretches(&states, passed) }
    });
    lanes.collect()
}

/// Equal pieces of a stretch of time.
struct Ruler {
    whole: Span,
    slots: i128,
}

impl Ruler {
    /// The piece that a moment lies in.
    fn slot(&self, at: Timestamp) -> i128 {
        let length = self.whole.length().as_nanos().max(1);
        (at.duration_since(self.whole.start()).as_nanos() * self.slots).div_euclid(length)
    }

    /// The first piece that lies wholly behind a moment.
    fn slot_after(&self, at: Timestamp) -> i128 {
        let length = self.whole.length().as_nanos().max(1);
        let position = at.duration_since(self.whole.start()).as_nanos() * self.slots;
        -(-position).div_euclid(length)
    }

    /// When a piece begins.
    fn start(&self, slot: usize) -> Timestamp {
        let offset = self.whole.length().as_nanos() * slot as i128 / self.slots;
        let offset = jiff::SignedDuration::from_nanos_i128(offset);
        self.whole.start().saturating_add(offset).unwrap_or(Timestamp::MAX)
    }

    fn stretches(&self, states: &[State], passed: Span) -> Vec<(Span, State)> {
        let mut stretches = Vec::new();
        let mut first = 0;
        for run in states.chunk_by(|one, next| one == next) {
            let span = Span::new(self.start(first), self.start(first + run.len()).min(passed.end()));
            stretches.push((span, run[0]));
            first += run.len();
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, interval};
    use super::*;

    fn lanes(intervals: Vec<super::super::Interval>, watched: (i64, i64), slots: u32, now: i64) -> Vec<Lane> {
        let watches = vec![Span::new(at(watched.0), at(watched.1))];
        let journal = Journal { intervals, watches, steps: Vec::new() };
        timeline(&journal, Span::new(at(0), at(100)), at(now), slots)
    }

    fn told(lane: &Lane) -> Vec<(i64, i64, State)> {
        let seconds = |span: &Span| (span.start().as_second(), span.end().as_second());
        lane.stretches.iter().map(|(span, state)| (seconds(span).0, seconds(span).1, *state)).collect()
    }

    #[test]
    fn the_worst_of_a_piece_is_told() {
        let intervals = vec![
            interval(1, "a", State::Up, 0, Some(41), 0),
            interval(2, "a", State::Down, 41, Some(43), 0),
            interval(3, "a", State::Up, 43, None, 0),
        ];
        let lanes = lanes(intervals, (0, 70), 10, 75);
        let expected =
            [(0, 40, State::Up), (40, 50, State::Down), (50, 70, State::Up), (70, 75, State::Unknown)];
        assert_eq!(told(&lanes[0]), expected);
    }

    #[test]
    fn each_target_has_its_lane_and_what_is_to_come_has_none() {
        let up = |id, name| interval(id, name, State::Up, 0, None, 0);
        let down = interval(3, "b", State::Down, 10, Some(20), 0);
        let lanes = lanes(vec![up(1, "a"), up(2, "b"), down], (0, 200), 1000, 50);
        assert_eq!(told(&lanes[0]), [(0, 50, State::Up)]);
        assert_eq!(told(&lanes[1]), [(0, 10, State::Up), (10, 20, State::Down), (20, 50, State::Up)]);
    }

    #[test]
    fn before_it_begins_there_is_nothing_to_tell() {
        let lanes = lanes(vec![interval(1, "a", State::Up, -50, None, 0)], (-60, 200), 10, -5);
        assert_eq!(lanes[0].stretches, []);
    }
}
