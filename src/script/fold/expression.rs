//! Expressions, from the loosest operator to a name: what each is worth, and what is done on the way to it.

use super::{Fold, NESTED, Spot};
use crate::script::lexer::Kind;
use crate::script::value::Value;

impl Fold<'_> {
    /// An expression from a token on, and the token after it.
    pub(super) fn expression(&mut self, at: usize, to: usize) -> (Value, usize) {
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

    /// What a name or a property was given last; itself, where it was given nothing.
    fn named(&mut self, way: String) -> Value {
        let known = self.state.names.get(&way).cloned().unwrap_or(Value::Path(way));
        self.step(known.bytes());
        known
    }
}
