//! The entries of one list of a rule file, and what is wrong with them, all at once.

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::Layers;
use crate::indicators::RuleError;
use crate::indicators::overlay::Placed;

impl Layers {
    /// The entries of a list without their places.
    pub(super) fn bare<T: DeserializeOwned>(
        &mut self,
        file: &Path,
        text: &str,
        list: Spanned<DeValue<'_>>,
    ) -> Vec<T> {
        self.entries(file, text, list).into_iter().map(|placed| placed.entry).collect()
    }

    /// The entries of a list, those with errors left out.
    pub(super) fn entries<T: DeserializeOwned>(
        &mut self,
        file: &Path,
        text: &str,
        list: Spanned<DeValue<'_>>,
    ) -> Vec<Placed<T>> {
        let line = line_of(text, list.span().start);
        let DeValue::Array(list) = list.into_inner() else {
            self.refuse(file, line, "is no list", "write its name in double brackets: [[…]]");
            return Vec::new();
        };
        let mut entries = Vec::new();
        for value in list {
            let line = line_of(text, value.span().start);
            if let Some(entry) = self.entry(file, text, value) {
                entries.push(Placed { entry, file: file.to_owned(), line });
            }
        }
        entries
    }

    /// One entry. After an error the key at fault is taken out and the rest is read again, for further ones.
    fn entry<T: DeserializeOwned>(
        &mut self,
        file: &Path,
        text: &str,
        mut value: Spanned<DeValue<'_>>,
    ) -> Option<T> {
        let mut taken_out = false;
        loop {
            let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(entry) => return (!taken_out).then_some(entry),
                Err(error) => error,
            };
            if taken_out && error.message().starts_with("missing field") {
                return None; // Perhaps the one that was just taken out.
            }
            self.explain(file, text, &error);
            let at = error.span()?.start;
            let DeValue::Table(table) = value.get_mut() else { return None };
            let key = table
                .iter()
                .find(|(key, value)| key.span().contains(&at) || value.span().contains(&at))
                .map(|(key, _)| key.clone())?;
            table.remove(&key);
            taken_out = true;
        }
    }

    /// Words an error of the TOML reader.
    pub(super) fn explain(&mut self, file: &Path, text: &str, error: &toml::de::Error) {
        let line = error.span().map_or(0, |span| line_of(text, span.start));
        let message =
            error.message().replace("unknown field", "unknown key").replace("missing field", "missing key");
        let (message, remedy) = match message.split_once(", expected ") {
            Some((message, expected)) => (message.to_owned(), expected.to_owned()),
            None => (message, "see rules/README.md for the form".to_owned()),
        };
        self.refuse(file, line, message, remedy);
    }

    pub(super) fn refuse(
        &mut self,
        file: &Path,
        line: usize,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (message, remedy) = (message.into(), remedy.into());
        self.errors.push(RuleError { file: file.to_owned(), line, message, remedy });
    }
}

/// The line, from 1, of a byte of `text`.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
