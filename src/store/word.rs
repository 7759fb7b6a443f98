//! How values of the domain are written in columns, the same in every backend.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::facts::BlobId;
use crate::finding::{Confidence, Severity};
use crate::life::Life;

/// A column that holds something this program never wrote; the text says what.
#[derive(Debug)]
pub(super) struct Unreadable(String);

impl Unreadable {
    pub(super) fn into_detail(self) -> String {
        self.0
    }
}

/// A time as text that sorts like the time: always nine decimals.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.9}")
}

pub(super) fn read_time(text: &str) -> Result<Timestamp, Unreadable> {
    text.parse().map_err(|_| Unreadable(format!("{text:?} is no time")))
}

/// The name of a body in the evidence.
pub(super) fn read_blob(text: &str) -> Result<BlobId, Unreadable> {
    text.parse().map_err(|_| Unreadable(format!("{text:?} is no name of a body")))
}

/// The same word as in JSON output.
pub(super) fn life(life: Life) -> &'static str {
    match life {
        Life::New => "new",
        Life::Open => "open",
        Life::Acknowledged => "acknowledged",
        Life::Dismissed => "dismissed",
        Life::Fixed => "fixed",
        Life::Reopened => "reopened",
    }
}

pub(super) fn read_life(text: &str) -> Result<Life, Unreadable> {
    use Life::{Acknowledged, Dismissed, Fixed, New, Open, Reopened};
    read_word(text, &[New, Open, Acknowledged, Dismissed, Fixed, Reopened], life)
}

/// What a text was written from.
pub(super) fn read_parsed<T: std::str::FromStr>(text: &str) -> Result<T, Unreadable> {
    text.parse().map_err(|_| Unreadable(format!("{text:?} is no value of its column")))
}

/// The one of `all` whose word this is.
pub(super) fn read_word<T: Copy>(
    text: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<T, Unreadable> {
    let found = all.iter().copied().find(|one| word(*one) == text);
    found.ok_or_else(|| Unreadable(format!("{text:?} is no word of its column")))
}

/// A number that sorts by how bad it is, with room between for grades to come.
pub(super) fn severity(severity: Severity) -> i64 {
    match severity {
        Severity::Low => 10,
        Severity::Medium => 20,
        Severity::High => 30,
        Severity::Critical => 40,
    }
}

pub(super) fn read_severity(number: i64) -> Result<Severity, Unreadable> {
    let all = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let found = all.into_iter().find(|one| severity(*one) == number);
    found.ok_or_else(|| Unreadable(format!("{number} is no severity")))
}

/// A number that sorts by how sure it is.
pub(super) fn confidence(confidence: Confidence) -> i64 {
    match confidence {
        Confidence::Note => 10,
        Confidence::Probable => 20,
        Confidence::Confirmed => 30,
    }
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data with text keys can always be written as JSON")
}

pub(super) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable(format!("a column cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_text_and_come_back() {
        let texts = ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000000001Z", "2026-11-22T08:00:00.5Z"];
        let written: Vec<String> = texts.iter().map(|text| time(text.parse().unwrap())).collect();
        assert!(written.is_sorted(), "{written:?}");
        for (text, written) in texts.iter().zip(&written) {
            assert_eq!(read_time(written).unwrap(), text.parse().unwrap());
        }
        assert!(read_time("yesterday").is_err());
    }

    #[test]
    fn states_are_written_as_in_json() {
        for word in ["new", "open", "acknowledged", "dismissed", "fixed", "reopened"] {
            let state = read_life(word).unwrap();
            assert_eq!(json(&state), format!("{word:?}"));
            assert_eq!(life(state), word);
        }
        assert!(read_life("asleep").is_err());
    }
}
