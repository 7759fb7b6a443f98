//! Computes what needs nothing but the script itself, and notes what is done with it.
//!
//! Not an interpreter: both branches of a condition are taken, loops are gone through once, a name has the value that
//! it was given last. What that gets wrong is an unknown value, never a step too many.

mod effect;
mod state;

use std::ops::Range;

use super::Reading;
use super::act;
use super::branch::Conditions;
use super::guard::{Said, Signs};
use super::lexer::{self, Kind, Token, Tokens};
use super::unpack::Wrapping;
use super::value::Value;
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
        for Done { acts, token } in done {
            let guards = conditions.at(token);
            for act in &mut state.reading.acts[acts] {
                act.near.guards = act.near.guards.with(guards);
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
                return;
            }
            let is_last = stretch == STRETCHES - 1;
            let from = (self.reached + 1).max(if is_last { end.saturating_sub(TAIL_TOKENS) } else { 0 });
            self.state.steps = STEPS;
            self.statements(from, end);
        }
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

    /// An expression from a token on, and the token after it.
    fn expression(&mut self, at: usize, to: usize) -> (Value, usize) {
        self.nested += 1;
        let found =
            if self.nested > NESTED || !self.step(0) { (Value::Unknown, at + 1) } else { self.sum(at, to) };
        self.nested -= 1;
        found
    }

    fn sum(&mut self, from: usize, to: usize) -> (Value, usize) {
        let (mut worth, mut at) = self.product(from, to);
        while at < to {
            let Some(&Kind::Mark(mark)) = self.kind(at) else { break };
            match mark {
                "+" => {
                    let (other, next) = self.product(at + 1, to);
                    self.step(worth.bytes());
                    worth = worth.plus(other);
                    if let Value::Text(text) = &worth {
                        self.say(text);
                    }
                    at = next;
                }
                "-" => {
                    let (other, next) = self.product(at + 1, to);
                    worth = worth.computed(&other, |a, b| a - b);
                    at = next;
                }
                "?" => {
                    let (yes, next) = self.expression(at + 1, to);
                    if !self.is(next, ":") {
                        return (Value::Unknown, next);
                    }
                    let (no, next) = self.expression(next + 1, to);
                    return (if yes.is_known() { yes } else { no }, next);
                }
                "&&" | "||" | "??" | "==" | "===" | "!=" | "!==" | "<" | ">" | "<=" | ">=" => {
                    let (other, next) = self.product(at + 1, to);
                    worth = if mark == "||" && !worth.is_known() { other } else { Value::Unknown };
                    at = next;
                }
                _ => break,
            }
        }
        (worth, at)
    }

    fn product(&mut self, from: usize, to: usize) -> (Value, usize) {
        let (mut worth, mut at) = self.unary(from, to);
        while at < to {
            let Some(&Kind::Mark(mark)) = self.kind(at) else { break };
            let compute: fn(f64, f64) -> f64 = match mark {
                "*" => |a, b| a * b,
                "/" => |a, b| a / b,
                "%" => |a, b| a % b,
                "^" => |a, b| (a as i64 ^ b as i64) as f64,
                "&" => |a, b| (a as i64 & b as i64) as f64,
                "|" => |a, b| (a as i64 | b as i64) as f64,
                "<<" => |a, b| ((a as i64) << (b as i64 & 31)) as i32 as f64,
                ">>" | ">>>" => |a, b| ((a as i64) >> (b as i64 & 31)) as f64,
                _ => break,
            };
            let (other, next) = self.unary(at + 1, to);
            worth = worth.computed(&other, compute);
            at = next;
        }
        (worth, at)
    }

    fn unary(&mut self, at: usize, to: usize) -> (Value, usize) {
        match self.kind(at) {
            Some(Kind::Mark("!" | "~" | "++" | "--" | "...")) => {
                let (_, next) = self.deeper(at + 1, to);
                (Value::Unknown, next)
            }
            Some(Kind::Mark("-")) => {
                let (worth, next) = self.deeper(at + 1, to);
                (worth.number().map_or(Value::Unknown, |number| Value::Number(-number)), next)
            }
            Some(Kind::Mark("+")) => {
                let (worth, next) = self.deeper(at + 1, to);
                (worth.number().map_or(Value::Unknown, Value::Number), next)
            }
            Some(Kind::Name(name))
                if matches!(name.as_str(), "new" | "typeof" | "void" | "await" | "delete") =>
            {
                self.deeper(at + 1, to)
            }
            _ => self.chain(at, to),
        }
    }

    /// What stands behind an operator, one level deeper.
    fn deeper(&mut self, at: usize, to: usize) -> (Value, usize) {
        self.nested += 1;
        let found = if self.nested > NESTED || at >= to { (Value::Unknown, at) } else { self.unary(at, to) };
        self.nested -= 1;
        found
    }

    /// A value with its members and calls, and what it is assigned.
    fn chain(&mut self, from: usize, to: usize) -> (Value, usize) {
        let byte = self.place.unwrap_or_else(|| self.tokens.get(from).map_or(0, |token| token.at));
        let place = Spot { at: byte, token: from };
        (self.state.here, self.here) = (byte, from);
        let (mut worth, mut at) = self.primary(from, to);
        // The way to what may be assigned, even where its worth is known.
        let mut way = match self.kind(from) {
            Some(Kind::Name(name)) if at == from + 1 => Some(name.clone()),
            _ => None,
        };
        while at < to {
            let Some(&Kind::Mark(mark)) = self.kind(at) else { break };
            match mark {
                "." | "?." => {
                    let Some(Kind::Name(name)) = self.kind(at + 1) else { break };
                    let name = Value::Text(name.clone());
                    (worth, way) = self.member(worth, &name);
                    at += 2;
                }
                "[" => {
                    let end = self.partners[at].min(to);
                    let (name, _) = self.expression(at + 1, end);
                    (worth, way) = self.member(worth, &name);
                    at = end + 1;
                }
                "(" => {
                    let end = self.partners[at].min(to);
                    let arguments = self.list(at + 1, end);
                    worth = self.call(&worth, arguments, place);
                    at = end + 1;
                    way = worth.path();
                }
                "++" | "--" => at += 1,
                "=>" => {
                    // What it is given is unknown; what it does is not.
                    let (_, next) = self.expression(at + 1, to);
                    return (Value::Unknown, next);
                }
                "=" | "+=" => {
                    let (given, next) = self.expression(at + 1, to);
                    let given = if mark == "+=" { worth.plus(given) } else { given };
                    if let Some(way) = way {
                        self.assign(way, given.clone(), place);
                    }
                    return (given, next);
                }
                _ => break,
            }
        }
        (worth, at)
    }

    fn primary(&mut self, at: usize, to: usize) -> (Value, usize) {
        let Some(kind) = self.kind(at).filter(|_| at < to).cloned() else { return (Value::Unknown, at + 1) };
        self.reached = self.reached.max(at);
        match kind {
            Kind::Text(text) => {
                self.say(&text);
                (Value::Text(text), at + 1)
            }
            Kind::Number(number) => (Value::Number(number), at + 1),
            Kind::Regex(regex) => {
                self.say(&regex);
                (Value::Regex(regex), at + 1)
            }
            Kind::Mark("(") => {
                let end = self.partners[at].min(to);
                let inner = self.list(at + 1, end);
                (inner.into_iter().last().unwrap_or(Value::Unknown), end + 1)
            }
            Kind::Mark("[") => {
                let end = self.partners[at].min(to);
                (Value::List(self.list(at + 1, end)), end + 1)
            }
            Kind::Mark("{") => {
                let end = self.partners[at].min(to);
                self.statements(at + 1, end);
                (Value::Unknown, end + 1)
            }
            Kind::Name(name) if name == "function" => self.function(at, to),
            Kind::Name(name) => {
                self.name_used(&name);
                (self.named(name), at + 1)
            }
            Kind::Mark(_) => (Value::Unknown, at + 1),
        }
    }

    /// Expressions with commas between.
    fn list(&mut self, from: usize, to: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let mut at = from;
        while at < to && self.step(0) {
            if self.is(at, ",") {
                at += 1;
                continue;
            }
            let (worth, next) = self.expression(at, to);
            items.push(worth);
            at = next.max(at + 1);
            while at < to && !self.is(at, ",") {
                let (_, next) = self.expression(at, to);
                at = next.max(at + 1);
            }
        }
        items
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

    /// A member, and the way to it: what it was given last may be known, and it may be given something else.
    fn member(&mut self, worth: Value, name: &Value) -> (Value, Option<String>) {
        self.step(worth.bytes());
        if let Value::Text(name) = name {
            self.name_used(name);
        }
        match worth.member(name) {
            Value::Path(path) => (self.named(path.clone()), Some(path)),
            other => (other, None),
        }
    }

    fn say(&mut self, text: &str) {
        self.signs.say(text, self.here);
    }

    fn name_used(&mut self, name: &str) {
        self.signs.name(name, self.here);
    }

    /// What a name or a property was given last; itself, where it was given nothing.
    fn named(&mut self, way: String) -> Value {
        let known = self.state.names.get(&way).cloned().unwrap_or(Value::Path(way));
        self.step(known.bytes());
        known
    }
}
