//! What is known while a script is read: names, signs, what is left of steps.

use std::collections::HashMap;

use crate::script::Reading;
use crate::script::unpack::{Wrapping, Wrappings};
use crate::script::value::Value;

/// Steps of one stretch of a script with everything inside of it; a step is an expression, or 256 bytes of a text.
pub(super) const STEPS: usize = 200_000;

/// Bytes that may come out of wrappings.
const DECODED_BYTES: usize = 4 << 20;

/// Bytes around an act within which a wrapping says something of it. What was put into a file is some hundreds of bytes
/// long.
const REACH: usize = 4_000;

/// Places of wrappings that are remembered of one script.
const WRAPPED: usize = 5_000;

/// What scripts inside of one another share.
#[derive(Default)]
pub(super) struct State {
    pub(super) reading: Reading,
    /// What was wrapped, and where.
    wrapped: Vec<(usize, Wrapping)>,
    pub(super) names: HashMap<String, Value>,
    pub(super) steps: usize,
    /// Bytes that may still come out of wrappings.
    pub(super) decoded: usize,
    /// The byte of the script that is being read.
    pub(super) here: usize,
}

impl State {
    pub(super) fn new() -> State {
        State { steps: STEPS, decoded: DECODED_BYTES, ..State::default() }
    }

    /// Something was wrapped, at a byte of the script.
    pub(super) fn wrapped(&mut self, wrapping: Wrapping, at: usize) {
        self.reading.wrappings = self.reading.wrappings.with(Wrappings::of(wrapping));
        if self.wrapped.len() < WRAPPED {
            self.wrapped.push((at, wrapping));
        }
    }

    /// What was read, each act with what stands near it.
    pub(super) fn finish(mut self) -> Reading {
        for act in &mut self.reading.acts {
            let near = self.wrapped.iter().filter(|(at, _)| at.abs_diff(act.at) <= REACH);
            act.near.wrappings =
                near.fold(Wrappings::default(), |all, (_, wrapping)| all.with(Wrappings::of(*wrapping)));
        }
        self.reading
    }
}
