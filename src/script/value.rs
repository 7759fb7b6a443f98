//! What an expression is worth as far as it can be known, and what the methods of texts and lists make of it.

use super::HOLE;

/// Bytes of one text. What grows beyond is cut: nobody needs more to see what is written.
pub(super) const TEXT_BYTES: usize = 1 << 20;

/// Elements of a list.
const ELEMENTS: usize = 100_000;

/// The worth of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text; [`HOLE`] stands for what is not known of it.
    Text(String),
    Number(f64),
    List(Vec<Value>),
    /// Something of the page or of the browser, by its way: `document.title`, `#id.style`, `<script>.src`.
    Path(String),
    /// A regular expression.
    Regex(String),
    /// A function: tokens of its parameters and of its body.
    Function {
        parameters: (usize, usize),
        body: (usize, usize),
    },
    /// A method of a value, not called yet.
    Method(Box<Value>, String),
    Unknown,
}

impl Value {
    /// As a text; what is not known is a hole.
    pub(super) fn text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => shown(*number),
            Value::List(items) => join(items, ","),
            _ => HOLE.to_string(),
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether it is wholly known.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Value::Text(text) => !text.contains(HOLE),
            Value::Number(_) => true,
            Value::List(items) => items.iter().all(Value::is_known),
            _ => false,
        }
    }

    /// Its way, where it is something of the page.
    pub(super) fn path(&self) -> Option<String> {
        match self {
            Value::Path(path) => Some(path.clone()),
            _ => None,
        }
    }

    /// About what it takes to copy it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::List(items) => items.len() * 64,
            _ => 0,
        }
    }

    /// What comes of two numbers.
    pub(super) fn computed(&self, other: &Value, compute: fn(f64, f64) -> f64) -> Value {
        match (self.number(), other.number()) {
            (Some(one), Some(other)) => Value::Number(compute(one, other)),
            _ => Value::Unknown,
        }
    }

    /// The sum, which is a text where one of both is.
    pub(super) fn plus(self, other: Value) -> Value {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Value::Number(a + b),
            (Value::Unknown | Value::Path(_), Value::Number(_) | Value::Unknown | Value::Path(_))
            | (Value::Number(_), Value::Unknown | Value::Path(_)) => Value::Unknown,
            (Value::Text(mut text), other) => {
                if text.len() < TEXT_BYTES {
                    text.push_str(&other.text());
                }
                Value::Text(text)
            }
            (one, other) => Value::Text(one.text() + &other.text()),
        }
    }

    /// A member of it, by name or index.
    pub(super) fn member(self, name: &Value) -> Value {
        match (self, name) {
            (Value::Path(path), Value::Number(_)) => Value::Path(path),
            (Value::Path(path), name) => Value::Path(joined(&path, &name.text())),
            (Value::List(items), name) if name.number().is_some() => {
                let index = name.number().unwrap_or_default();
                items.get(index as usize).filter(|_| index >= 0.0).cloned().unwrap_or(Value::Unknown)
            }
            // One of them, nobody knows which: any may stand for all.
            (Value::List(items), Value::Unknown) => items.into_iter().next().unwrap_or(Value::Unknown),
            (Value::Text(text), name) if name.number().is_some() => {
                let index = name.number().unwrap_or_default();
                let char = text.chars().nth(index as usize).filter(|_| index >= 0.0);
                char.map_or(Value::Unknown, |char| Value::Text(char.to_string()))
            }
            (Value::List(items), Value::Text(name)) if name == "length" => Value::Number(items.len() as f64),
            (Value::Text(text), Value::Text(name)) if name == "length" => {
                Value::Number(text.chars().count() as f64)
            }
            // `[]["filter"]["constructor"]` is a long way to write `Function`.
            (Value::Text(_), Value::Text(name)) if name == "constructor" => Value::Path("String".to_owned()),
            (Value::List(_), Value::Text(name)) if name == "constructor" => Value::Path("Array".to_owned()),
            (Value::Method(..) | Value::Function { .. }, Value::Text(name)) if name == "constructor" => {
                Value::Path("Function".to_owned())
            }
            (value @ (Value::Text(_) | Value::List(_) | Value::Number(_)), Value::Text(name)) => {
                Value::Method(Box::new(value), name.clone())
            }
            _ => Value::Unknown,
        }
    }
}

/// A way and one step more. The window is where everything is anyway.
pub(super) fn joined(path: &str, step: &str) -> String {
    match path {
        "window" | "self" | "top" | "parent" | "globalThis" | "this" => step.to_owned(),
        path => format!("{path}.{step}"),
    }
}

/// What a method of a text or a list gives.
pub(super) fn method(value: &Value, name: &str, arguments: &[Value]) -> Value {
    match value {
        Value::Text(text) => of_text(text, name, arguments),
        Value::List(items) => of_list(items, name, arguments),
        Value::Number(number) => match (name, arguments.first().and_then(Value::number)) {
            ("toString", Some(radix)) => Value::Text(in_radix(*number as u64, radix as u64)),
            ("toString", None) => Value::Text(shown(*number)),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn of_text(text: &str, name: &str, arguments: &[Value]) -> Value {
    let number = |at: usize| arguments.get(at).and_then(Value::number);
    let found = |text: String| Value::Text(text);
    let chars = || text.chars().collect::<Vec<char>>();
    match name {
        "toString" | "valueOf" | "trim" => found(text.trim().to_owned()),
        "toLowerCase" => found(text.to_lowercase()),
        "toUpperCase" => found(text.to_uppercase()),
        "concat" => arguments.iter().cloned().fold(found(text.to_owned()), Value::plus),
        "charAt" | "at" => {
            let at = number(0).unwrap_or(0.0) as usize;
            found(text.chars().nth(at).map(String::from).unwrap_or_default())
        }
        "charCodeAt" | "codePointAt" => {
            let char = text.chars().nth(number(0).unwrap_or(0.0) as usize);
            char.map_or(Value::Unknown, |char| Value::Number(f64::from(u32::from(char))))
        }
        "split" => split(text, arguments.first()),
        "substr" | "substring" | "slice" => {
            let chars = chars();
            let place = |at: f64| if at < 0.0 { (chars.len() as f64 + at).max(0.0) } else { at } as usize;
            let start = place(number(0).unwrap_or(0.0)).min(chars.len());
            let end = match (name, number(1)) {
                (_, None) => chars.len(),
                ("substr", Some(length)) => start.saturating_add(length.max(0.0) as usize),
                (_, Some(end)) => place(end),
            };
            found(chars[start..end.clamp(start, chars.len())].iter().collect())
        }
        "replace" | "replaceAll" => match arguments {
            [Value::Text(old), Value::Text(new)] if name == "replace" => {
                found(text.replacen(old.as_str(), new, 1))
            }
            [Value::Text(old), Value::Text(new)] if !old.is_empty() => found(text.replace(old.as_str(), new)),
            [Value::Regex(regex), Value::Text(new)] => match only_literal(regex) {
                Some(old) if !old.is_empty() => found(text.replace(&old, new)),
                _ => match class(regex) {
                    Some(is_in) => found(text.replace(is_in, new)),
                    None => Value::Unknown,
                },
            },
            _ => Value::Unknown,
        },
        "reverse" => found(text.chars().rev().collect()),
        _ => Value::Unknown,
    }
}

fn of_list(items: &[Value], name: &str, arguments: &[Value]) -> Value {
    match name {
        "join" => {
            let between = arguments.first().map_or(",".to_owned(), Value::text);
            Value::Text(join(items, &between))
        }
        "reverse" => Value::List(items.iter().rev().cloned().collect()),
        "toString" => Value::Text(join(items, ",")),
        "concat" => {
            let more = arguments.iter().flat_map(|argument| match argument {
                Value::List(items) => items.clone(),
                other => vec![other.clone()],
            });
            Value::List(items.iter().cloned().chain(more).take(ELEMENTS).collect())
        }
        "slice" => {
            let number = |at: usize| arguments.get(at).and_then(Value::number).map(|at| at.max(0.0) as usize);
            let start = number(0).unwrap_or(0).min(items.len());
            let end = number(1).unwrap_or(items.len()).clamp(start, items.len());
            Value::List(items[start..end].to_vec())
        }
        _ => Value::Unknown,
    }
}

fn split(text: &str, by: Option<&Value>) -> Value {
    let list =
        |pieces: Vec<String>| Value::List(pieces.into_iter().take(ELEMENTS).map(Value::Text).collect());
    match by {
        Some(Value::Text(by)) if by.is_empty() => list(text.chars().map(String::from).collect()),
        Some(Value::Text(by)) => list(text.split(by.as_str()).map(str::to_owned).collect()),
        Some(Value::Regex(regex)) => match (only_literal(regex), class(regex)) {
            (Some(by), _) if !by.is_empty() => list(text.split(by.as_str()).map(str::to_owned).collect()),
            (_, Some(is_in)) => {
                let pieces = text.split(is_in).filter(|piece| !piece.is_empty());
                list(pieces.map(str::to_owned).collect())
            }
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

/// The text that a regular expression stands for, where it has no special characters.
fn only_literal(regex: &str) -> Option<String> {
    let mut literal = String::new();
    let mut chars = regex.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next()? {
                escaped if escaped.is_ascii_alphanumeric() => return None,
                escaped => literal.push(escaped),
            },
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            char => literal.push(char),
        }
    }
    Some(literal)
}

/// What a character class like `[a-zA-Z]{1,}` or `[@#]` takes in.
fn class(regex: &str) -> Option<impl Fn(char) -> bool + use<>> {
    let (inner, rest) = regex.strip_prefix('[')?.split_once(']')?;
    let is_repeated = matches!(rest, "" | "+" | "{1,}");
    if !is_repeated || inner.starts_with('^') || inner.contains('\\') {
        return None;
    }
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars.get(at + 1..at + 3) {
            Some(&['-', to]) => {
                ranges.push((chars[at], to));
                at += 3;
            }
            _ => {
                ranges.push((chars[at], chars[at]));
                at += 1;
            }
        }
    }
    Some(move |char: char| ranges.iter().any(|&(from, to)| (from..=to).contains(&char)))
}

fn join(items: &[Value], between: &str) -> String {
    let mut text = String::new();
    for (nth, item) in items.iter().enumerate() {
        if text.len() > TEXT_BYTES {
            break;
        }
        if nth > 0 {
            text.push_str(between);
        }
        text.push_str(&item.text());
    }
    text
}

fn shown(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

/// A number in another radix, digits and letters as scripts write them.
pub(super) fn in_radix(mut number: u64, radix: u64) -> String {
    let radix = radix.clamp(2, 36);
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % radix) as u32, radix as u32).unwrap_or('0'));
        number /= radix;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}
