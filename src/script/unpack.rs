//! Wrappings: what is undone without running a loop.

use std::collections::HashMap;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::HOLE;
use super::value::{self, TEXT_BYTES, Value};

/// How something was wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrapping {
    /// `\x68`, `\u0068`, `\150` in literals.
    Escapes,
    /// `unescape`, `decodeURIComponent`.
    Percent,
    /// `String.fromCharCode`.
    CharCodes,
    /// `atob`.
    Base64,
    /// `eval(function(p,a,c,k,e,d){…})`.
    Packed,
    /// Each character combined with a key.
    Keyed,
}

impl Wrapping {
    const ALL: [Wrapping; 6] = [
        Wrapping::Escapes,
        Wrapping::Percent,
        Wrapping::CharCodes,
        Wrapping::Base64,
        Wrapping::Packed,
        Wrapping::Keyed,
    ];

    /// Its Chinese name.
    pub fn chinese(self) -> &'static str {
        match self {
            Wrapping::Escapes => "转义编码",
            Wrapping::Percent => "百分号编码",
            Wrapping::CharCodes => "字符码",
            Wrapping::Base64 => "Base64",
            Wrapping::Packed => "打包压缩",
            Wrapping::Keyed => "异或加密",
        }
    }
}

/// Several of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wrappings(u8);

impl Wrappings {
    pub(super) fn of(wrapping: Wrapping) -> Wrappings {
        Wrappings(1 << wrapping as u8)
    }

    /// These and others.
    pub fn with(self, others: Wrappings) -> Wrappings {
        Wrappings(self.0 | others.0)
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// `经字符码、打包压缩处理`; nothing where it stands there in clear.
    pub fn said(self) -> Option<String> {
        let named: Vec<&str> = self.all().map(Wrapping::chinese).collect();
        (!named.is_empty()).then(|| format!("经{}处理", named.join("、")))
    }

    /// Whether this one was used.
    pub fn has(self, wrapping: Wrapping) -> bool {
        self.0 & (1 << wrapping as u8) != 0
    }

    /// Those that were used.
    pub fn all(self) -> impl Iterator<Item = Wrapping> {
        Wrapping::ALL.into_iter().filter(move |&wrapping| self.has(wrapping))
    }
}

/// What a function of the language decodes, and from what.
pub(super) fn decoded(path: &str, arguments: &[Value]) -> Option<(Wrapping, String)> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let text = || arguments.first().filter(|value| matches!(value, Value::Text(_))).map(Value::text);
    match name {
        "unescape" | "decodeURIComponent" | "decodeURI" => Some((Wrapping::Percent, unescape(&text()?))),
        "atob" => Some((Wrapping::Base64, base64(&text()?)?)),
        "fromCharCode" | "fromCodePoint" => {
            let codes = arguments.iter().map(|argument| {
                let code = argument.number().map(|code| code as u32);
                code.and_then(char::from_u32).unwrap_or(HOLE)
            });
            Some((Wrapping::CharCodes, codes.take(TEXT_BYTES / 4).collect()))
        }
        _ => None,
    }
}

/// What `unescape` and its kin make of a text: `%41`, `%u4e2d`, and UTF-8 in percents.
pub fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |from: usize, digits: usize| {
        let digits = bytes.get(from..from + digits)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            if matches!(bytes.get(at + 1), Some(b'u' | b'U')) {
                if let Some(char) = hex(at + 2, 4).and_then(char::from_u32) {
                    out.extend(char.encode_utf8(&mut [0; 4]).bytes());
                    at += 6;
                    continue;
                }
            } else if let Some(byte) = hex(at + 1, 2) {
                out.push(byte as u8);
                at += 3;
                continue;
            }
        }
        out.push(bytes[at]);
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn base64(text: &str) -> Option<String> {
    const FORGIVING: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let plain: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    FORGIVING.decode(plain).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Words of a packed script.
const WORDS: usize = 20_000;

/// The script in `(payload, radix, count, words, …)`: every word of the payload is a number that stands for a word of
/// the list.
pub(super) fn packed(arguments: &[Value]) -> Option<String> {
    let [Value::Text(payload), Value::Number(radix), Value::Number(_), Value::List(words), ..] = arguments
    else {
        return None;
    };
    if words.len() > WORDS || !(2.0..=95.0).contains(radix) || words.is_empty() {
        return None;
    }
    let table: HashMap<String, String> = words
        .iter()
        .enumerate()
        .map(|(number, word)| (numeral(number as u64, *radix as u64), word.text()))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let mut out = String::with_capacity(payload.len() * 2);
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut rest = payload.as_str();
    while !rest.is_empty() && out.len() < TEXT_BYTES {
        let end = rest.find(|char| !is_word(char)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(table.get(word).map_or(word, String::as_str));
        let gap = after.find(is_word).unwrap_or(after.len());
        out.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    Some(out)
}

/// A number as packers write it: digits, small letters, capital letters.
fn numeral(number: u64, radix: u64) -> String {
    let digit = number % radix;
    let digit = match digit {
        0..36 => value::in_radix(digit, 36),
        _ => char::from_u32(digit as u32 + 29).map(String::from).unwrap_or_default(),
    };
    if number < radix { digit } else { numeral(number / radix, radix) + &digit }
}

/// Share of characters of a script or of HTML that are printable.
const PRINTABLE: f64 = 0.95;

/// What a text is with each character combined with a key, if that reads like a script or like HTML.
pub(super) fn keyed(text: &str) -> Option<(Wrapping, String)> {
    let chars: Vec<u32> = text.chars().map(u32::from).collect();
    let sample = &chars[..chars.len().min(400)];
    let reads = |plain: &str| {
        ["<a ", "<script", "<div", "<iframe", "http", "document", "location"]
            .iter()
            .any(|sign| plain.contains(sign))
    };
    if reads(text) {
        return None; // It is none.
    }
    let undone = |chars: &[u32], undo: &dyn Fn(u32) -> u32| -> String {
        chars.iter().map(|&char| char::from_u32(undo(char)).unwrap_or(HOLE)).collect()
    };
    for key in 1..=255u32 {
        let ways: [&dyn Fn(u32) -> u32; 3] =
            [&|char| char ^ key, &|char| char.wrapping_sub(key), &|char| char.wrapping_add(key)];
        for undo in ways {
            let plain = undone(sample, undo);
            let printable = plain.chars().filter(|char| !char.is_control() && *char != HOLE).count();
            if printable as f64 >= PRINTABLE * sample.len() as f64 && reads(&plain) {
                return Some((Wrapping::Keyed, undone(&chars, undo)));
            }
        }
    }
    None
}
