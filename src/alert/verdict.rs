//! What an answer means. HTTP 200 is not success: the robots of the chats answer so whatever they think.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The channel says that it has it.
    Confirmed,
    /// Sending the same again cannot help.
    Permanent {
        /// What it would help to change.
        scope: Scope,
        /// What the channel said.
        why: String,
    },
    /// The channel does not have it, and asks for patience or deserves some.
    Retry {
        /// How much it asks for.
        after: Option<Duration>,
        /// Whether it is sent too much, so that everything else has to wait as well.
        throttled: bool,
        /// Tries after which the message counts as refused; `None`: never.
        tries: Option<u32>,
        /// What the channel said.
        why: String,
    },
    /// The channel may have it: the request was sent, and no answer came that tells.
    Undetermined {
        /// What was seen instead.
        why: String,
    },
}

/// What a refusal holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every message by this channel.
    Channel,
    /// These words.
    Message,
}

impl Verdict {
    /// A refusal of every message.
    pub fn channel(why: impl Into<String>) -> Verdict {
        Verdict::Permanent { scope: Scope::Channel, why: why.into() }
    }

    /// A refusal of these words.
    pub fn message(why: impl Into<String>) -> Verdict {
        Verdict::Permanent { scope: Scope::Message, why: why.into() }
    }

    /// Again after the usual pause.
    pub fn retry(why: impl Into<String>) -> Verdict {
        Verdict::Retry { after: None, throttled: false, tries: None, why: why.into() }
    }

    /// Again, but not for ever.
    pub fn few(why: impl Into<String>) -> Verdict {
        Verdict::Retry { after: None, throttled: false, tries: Some(FEW), why: why.into() }
    }

    /// Too much was sent.
    pub fn throttled(after: Option<Duration>, why: impl Into<String>) -> Verdict {
        Verdict::Retry { after, throttled: true, tries: None, why: why.into() }
    }

    /// Nobody can tell.
    pub fn undetermined(why: impl Into<String>) -> Verdict {
        Verdict::Undetermined { why: why.into() }
    }
}

/// Tries where a channel gives a reason that nobody knows, or says that it is busy.
const FEW: u32 = 3;

/// The longest pause that a channel may ask for. More would be a hostile or broken server.
const LONGEST: Duration = Duration::from_secs(6 * 3600);

/// Characters of a channel's own words that are kept.
const WORDS: usize = 160;

/// An answer to an HTTP request.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// `Retry-After`, or the reset header of Feishu.
    pub retry_after: Option<String>,
    /// The body, decompressed; cut where it is long.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as a JSON object.
    pub fn object(&self) -> Option<Map<String, Value>> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The pause it asks for: seconds or a date.
    pub fn pause(&self, now: Timestamp) -> Option<Duration> {
        let text = self.retry_after.as_deref()?.trim();
        let asked = match text.parse() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => {
                let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
                Duration::try_from(until.duration_since(now)).ok()?
            }
        };
        Some(asked.min(LONGEST))
    }

    /// What the status alone says; `None` for 2xx, whose body has to be asked.
    pub fn by_status(&self, now: Timestamp) -> Option<Verdict> {
        let why = format!("HTTP {}", self.status);
        match self.status {
            200..=299 => None,
            300..=399 => Some(Verdict::channel(format!("{why}, a redirect, which is not followed"))),
            429 => Some(Verdict::throttled(self.pause(now), why)),
            408 | 425 | 500.. => {
                Some(Verdict::Retry { after: self.pause(now), throttled: false, tries: None, why })
            }
            410 => Some(Verdict::channel(format!("{why}, the receiver is gone for good"))),
            401 | 403 | 404 | 405 | 407 => Some(Verdict::channel(why)),
            _ => Some(Verdict::message(why)),
        }
    }
}

/// A code, which some write as a number and some as text.
pub(super) fn code(object: &Map<String, Value>, key: &str) -> Option<i64> {
    match object.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A channel's own words, without what it should not have repeated: the address that we came from.
pub(super) fn words(object: &Map<String, Value>, key: &str) -> String {
    let text = object.get(key).and_then(Value::as_str).unwrap_or_default();
    let end = [", hint:", ", from ip:", ", more"].iter().filter_map(|tail| text.find(tail)).min();
    text[..end.unwrap_or(text.len())].chars().filter(|char| !char.is_control()).take(WORDS).collect()
}

/// What a 2xx without a readable verdict is worth.
pub(super) fn unreadable(reply: &Reply) -> Verdict {
    Verdict::undetermined(format!(
        "HTTP {} with {} bytes that are no verdict",
        reply.status,
        reply.body.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_read_and_capped() {
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        let check = |text: &str, expected: Option<u64>| {
            let reply = Reply { retry_after: Some(text.to_owned()), ..Reply::default() };
            assert_eq!(reply.pause(now).map(|pause| pause.as_secs()), expected, "{text}");
        };
        check("38", Some(38));
        check("Sun, 22 Nov 2026 08:01:00 GMT", Some(60));
        check("Sun, 22 Nov 2026 07:00:00 GMT", None);
        check("999999999", Some(6 * 3600));
        check("soon", None);
    }

    #[test]
    fn own_addresses_are_not_repeated() {
        let check = |text: &str, expected: &str| {
            let Value::Object(object) = serde_json::json!({ "errmsg": text }) else { unreachable!() };
            assert_eq!(words(&object, "errmsg"), expected);
        };
        check("invalid webhook url, hint: [1], from ip: 198.51.100.7, more info at x", "invalid webhook url");
        check("sign not match, more: [https://a.test]", "sign not match");
        check("a\nb", "ab");
    }
}
