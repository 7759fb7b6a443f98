//! Computes what needs nothing but the script itself, and notes what is done with it.
//!
//! Not an interpreter: both branches of a condition are taken, loops are gone through once, a name has the value that
//! it was given last. What that gets wrong is an unknown value, never a step too many.

mod effect;
mod expression;
mod state;

use std::ops::Range;

use super::Reading;
use super::act;
use super::branch::Conditions;
use super::guard::{Said, Signs};
use super::lexer::{self, Kind, Token, Tokens};
use super::unpack::Wrapping;
use super::value::Value;
use super::waiting::Waiting;
use state::{STEPS, State};

/// Stretches of a script, each with steps of its own: where they run out, reading goes on behind what was read. A
/// library of a megabyte takes three.
const STRETCHES: usize = 5;

/// Tokens at the end of a script that are read in any case, as that is where code is appended.
const TAIL_TOKENS: usize = 20_000;

/// Brackets inside of brackets, and functions inside of functions.
const NESTED: usize = 40;

/// Reads a script.
pub(super) fn read(code: &str) -> Reading {
    let mut state = State::new();
    script(code, 0, None, &mut state);
    state.finish()
}

/// Reads a script at some depth, and gives what it says of visitors. What came out of a wrapping has no place of its own
/// but that of the wrapping.
fn script(code: &str, depth: usize, at: Option<usize>, state: &mut State) -> Said {
    let Tokens { tokens, escapes, is_cut } = lexer::tokens(code);
    state.reading.is_cut |= is_cut;
    for escape in escapes {
        state.wrapped(Wrapping::Escapes, at.unwrap_or(escape));
    }
    let partners = lexer::partners(&tokens);
    let mut fold = Fold {
        tokens: &tokens,
        partners: &partners,
        depth,
        place: at,
        nested: 0,
        reached: 0,
        here: 0,
        signs: Signs::default(),
        done: Vec::new(),
        state,
    };
    fold.whole();
    fold.loops();
    let Fold { signs, done, .. } = fold;
    let said = signs.all();
    if !done.is_empty() {
        let conditions = Conditions::of(&tokens, &partners, signs);
        let waiting = Waiting::of(&tokens, &partners);
        for Done { acts, token } in done {
            let guards = conditions.at(token);
            for act in &mut state.reading.acts[acts] {
                act.near.guards = act.near.guards.with(guards);
                act.waits |= waiting.holds(token);
            }
        }
    }
    said
}

/// Where something stands: the byte of the whole script, and the token of the one that is being read.
#[derive(Clone, Copy)]
struct Spot {
    at: usize,
    token: usize,
}

/// Acts that were noted at a token.
struct Done {
    acts: Range<usize>,
    token: usize,
}

struct Fold<'a> {
    tokens: &'a [Token],
    /// For each opening bracket where it closes.
    partners: &'a [usize],
    depth: usize,
    place: Option<usize>,
    nested: usize,
    /// The furthest token that was read.
    reached: usize,
    /// The token whose expression is being read.
    here: usize,
    signs: Signs,
    done: Vec<Done>,
    state: &'a mut State,
}

impl Fold<'_> {
    fn kind(&self, at: usize) -> Option<&Kind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    fn is(&self, at: usize, mark: &str) -> bool {
        matches!(self.kind(at), Some(Kind::Mark(found)) if *found == mark)
    }

    /// Takes a step, or as many as a text of this length costs; `false`: no more.
    fn step(&mut self, bytes: usize) -> bool {
        self.state.steps = self.state.steps.saturating_sub(1 + bytes / 256);
        self.state.steps > 0
    }

    /// Reads all of the script, in stretches where it is long. What another script wraps is read within the steps of that.
    fn whole(&mut self) {
        let end = self.tokens.len();
        self.statements(0, end);
        for stretch in 1..STRETCHES {
            if self.depth > 0 || self.state.steps > 0 {
                break;
            }
            let is_last = stretch == STRETCHES - 1;
            let next = self.reached + 1;
            let from = next.max(if is_last { end.saturating_sub(TAIL_TOKENS) } else { 0 });
            self.state.reading.is_cut |= from > next;
            self.state.steps = STEPS;
            self.statements(from, end);
        }
        self.state.reading.is_cut |= self.state.steps == 0;
    }

    /// Reads everything between two tokens; the worth of the last `return`.
    fn statements(&mut self, from: usize, to: usize) -> Value {
        let mut at = from;
        let mut returned = Value::Unknown;
        while at < to && self.step(0) {
            let is_return = matches!(self.kind(at), Some(Kind::Name(name)) if name == "return");
            match self.kind(at) {
                Some(Kind::Name(name)) if act::is_keyword(name) && name != "function" => at += 1,
                Some(Kind::Mark("{" | "}" | ";" | "," | ")" | "]")) => at += 1,
                Some(_) => {
                    let (_, next) = self.expression(at, to);
                    at = next.max(at + 1);
                    continue;
                }
                None => break,
            }
            if is_return && at < to && !self.is(at, ";") {
                let (worth, next) = self.expression(at, to);
                returned = worth;
                at = next.max(at);
            }
        }
        returned
    }

    /// `function name(…) {…}`: what it does is read at once, and again with what it is called with.
    fn function(&mut self, at: usize, to: usize) -> (Value, usize) {
        let (name, open) = match self.kind(at + 1) {
            Some(Kind::Name(name)) => (Some(name.clone()), at + 2),
            _ => (None, at + 1),
        };
        let Some(close) = self.is(open, "(").then(|| self.partners[open]).filter(|&close| close < to) else {
            return (Value::Unknown, at + 1);
        };
        let Some(end) = self.is(close + 1, "{").then(|| self.partners[close + 1]).filter(|&end| end <= to)
        else {
            return (Value::Unknown, close + 1);
        };
        let function = Value::Function { parameters: (open + 1, close), body: (close + 2, end) };
        let is_called = self.is(end + 1, "(") || (self.is(end + 1, ")") && self.is(end + 2, "("));
        if let Some(name) = name {
            self.state.names.insert(name, function.clone());
        }
        if !is_called {
            self.body((close + 2, end));
        }
        (function, end + 1)
    }

    fn body(&mut self, (from, to): (usize, usize)) -> Value {
        self.nested += 1;
        let returned = if self.nested > NESTED { Value::Unknown } else { self.statements(from, to) };
        self.nested -= 1;
        returned
    }

    fn say(&mut self, text: &str) {
        self.signs.say(text, self.here);
    }

    fn name_used(&mut self, name: &str) {
        self.signs.name(name, self.here);
    }
}
