//! What a script does with values: names given, functions called, texts taken out of their wrappings.

use super::{Done, Fold, Spot, script};
use crate::script::act::{self, Act, Deed};
use crate::script::lexer::{Kind, Token};
use crate::script::unpack::{self, Wrapping};
use crate::script::value::{self, TEXT_BYTES, Value};
use crate::script::{DEPTH, HOLE, Manner};

/// Acts that are noted of one script.
const ACTS: usize = 1_000;

/// Texts that loops may have to decode, from this many bytes on.
const ENCODED_BYTES: usize = 24;

/// Such texts that are tried in one script: the first ones and the last ones.
const ENCODED: usize = 24;

impl Fold<'_> {
    pub(super) fn assign(&mut self, way: String, given: Value, place: Spot) {
        if let Some(deed) = act::assigned(&way, &given) {
            self.note(deed, place);
        }
        if act::is_kept(&way) {
            self.state.names.insert(way, given);
        }
    }

    pub(super) fn call(&mut self, callee: &Value, arguments: Vec<Value>, place: Spot) -> Value {
        self.step(arguments.iter().map(Value::bytes).sum());
        match callee {
            Value::Method(of, name) => {
                self.step(of.bytes());
                value::method(of, name, &arguments)
            }
            Value::Function { parameters, body } => self.call_function(*parameters, *body, arguments),
            Value::Path(path) => self.call_path(path, arguments, place),
            _ => Value::Unknown,
        }
    }

    fn call_function(
        &mut self,
        parameters: (usize, usize),
        body: (usize, usize),
        arguments: Vec<Value>,
    ) -> Value {
        if let Some(code) = unpack::packed(&arguments) {
            self.state.wrapped(Wrapping::Packed, self.state.here);
            return self.decoded(code);
        }
        // A function of another script inside of this one has tokens of its own.
        if body.1 > self.tokens.len() || parameters.1 > self.tokens.len() {
            return Value::Unknown;
        }
        let names = self.tokens[parameters.0..parameters.1].iter().filter_map(|token| match &token.kind {
            Kind::Name(name) => Some(name.clone()),
            _ => None,
        });
        for (name, argument) in names.zip(arguments) {
            self.state.names.insert(name, argument);
        }
        self.body(body)
    }

    fn call_path(&mut self, path: &str, arguments: Vec<Value>, place: Spot) -> Value {
        if let Some(callee) = path.strip_suffix(".apply") {
            let list = arguments.into_iter().nth(1);
            let Some(Value::List(arguments)) = list else { return Value::Unknown };
            return self.call_path(callee, arguments, place);
        }
        if let Some(callee) = path.strip_suffix(".call") {
            return self.call_path(callee, arguments.into_iter().skip(1).collect(), place);
        }
        if let Some(decoded) = unpack::decoded(path, &arguments) {
            let (wrapping, text) = decoded;
            self.state.wrapped(wrapping, place.at);
            return self.decoded(text);
        }
        if let (true, Some(Value::Text(code))) = (act::runs(path), arguments.last()) {
            self.inner(&code.clone(), place);
            return Value::Unknown;
        }
        if let (true, Some(code)) = (act::runs_later(path), arguments.first()) {
            if let Value::Text(code) = code {
                self.inner(&code.clone(), place);
            }
            return Value::Unknown;
        }
        for deed in act::called(path, &arguments) {
            self.note(deed, place);
        }
        act::returned(path, &arguments)
    }

    /// A text that came out of a wrapping.
    fn decoded(&mut self, text: String) -> Value {
        if text.len() > self.state.decoded.min(TEXT_BYTES) {
            return Value::Unknown;
        }
        self.state.decoded -= text.len();
        self.say(&text);
        Value::Text(text)
    }

    /// Reads a script that this one would run.
    pub(super) fn inner(&mut self, code: &str, place: Spot) {
        if code.len() <= 4 {
            return;
        }
        if self.depth >= DEPTH || !self.step(code.len()) {
            self.state.reading.is_cut = true;
            return;
        }
        let before = self.state.reading.acts.len();
        let said = script(code, self.depth + 1, Some(place.at), self.state);
        self.signs.add(said, place.token);
        self.done.push(Done { acts: before..self.state.reading.acts.len(), token: place.token });
    }

    fn note(&mut self, deed: Deed, place: Spot) {
        let number = self.state.reading.acts.len();
        if number < ACTS {
            self.state.reading.acts.push(Act { deed, at: place.at, near: Manner::default(), waits: false });
            self.done.push(Done { acts: number..number + 1, token: place.token });
        } else {
            self.state.reading.is_cut = true;
        }
    }

    /// Texts that a loop takes apart character by character: what comes out with some key and reads like a script or
    /// like HTML is what it is for.
    pub(super) fn loops(&mut self) {
        let names = |wanted: &str| {
            let is = |token: &Token| match &token.kind {
                Kind::Name(name) | Kind::Text(name) => name == wanted,
                _ => false,
            };
            self.tokens.iter().any(is)
        };
        if !names("charCodeAt") && !names("fromCharCode") {
            return;
        }
        let encoded = |(token, Token { kind, at }): (usize, &Token)| match kind {
            Kind::Text(text) if text.len() >= ENCODED_BYTES && !text.contains(HOLE) => {
                Some((text.clone(), Spot { at: self.place.unwrap_or(*at), token }))
            }
            _ => None,
        };
        let mut encoded: Vec<(String, Spot)> = self.tokens.iter().enumerate().filter_map(encoded).collect();
        // In a library, those in the middle are its own.
        if encoded.len() > ENCODED {
            encoded.drain(ENCODED / 2..encoded.len() - ENCODED / 2);
        }
        for (text, place) in encoded {
            if !self.step(text.len() * 16) {
                return;
            }
            let Some((wrapping, plain)) = unpack::keyed(&text) else { continue };
            self.state.wrapped(wrapping, place.at);
            (self.state.here, self.here) = (place.at, place.token);
            if let Value::Text(plain) = self.decoded(plain) {
                if plain.trim_start().starts_with('<') {
                    self.note(Deed::Write(plain), place);
                } else {
                    self.inner(&plain, place);
                }
            }
        }
    }
}
