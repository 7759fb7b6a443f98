//! One table of the file, read key by key.
//!
//! Serde stops at the first error; a section goes on, so that the operator sees all of them in one go. It also notes
//! which keys were asked for: what is left over at the end is unknown, and gets the closest known key as its remedy.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::problem::Problems;

/// One table of the file.
pub(super) struct Section<'a> {
    /// As the operator writes it: `[crawl]`; empty for the top level.
    header: &'static str,
    span: Range<usize>,
    table: DeTable<'a>,
    known: Vec<&'static str>,
    read: Vec<&'static str>,
    problems: &'a Problems<'a>,
}

impl<'a> Section<'a> {
    /// The top level of a file.
    pub(super) fn top(table: Spanned<DeTable<'a>>, problems: &'a Problems<'a>) -> Self {
        Section {
            header: "",
            span: table.span(),
            table: table.into_inner(),
            known: Vec::new(),
            read: Vec::new(),
            problems,
        }
    }

    /// Sets `slot` to what `key` says, if it is there. `read` turns the value into the setting or says what is wrong
    /// with it; `example` is a right value, as written in the file.
    pub(super) fn set<W: DeserializeOwned, T>(
        &mut self,
        key: &'static str,
        example: &str,
        slot: &mut T,
        read: impl FnOnce(W) -> Result<T, String>,
    ) {
        let Some(value) = self.value(key) else { return };
        let span = value.span();
        let read =
            W::deserialize(ValueDeserializer::from(value)).map_err(|error| brief(&error)).and_then(read);
        match read {
            Ok(setting) => *slot = setting,
            Err(wrong) => {
                self.problems.add(span, format!("{}: {wrong}", self.name_of(key)), remedy(key, example))
            }
        }
    }

    /// The same for a list of texts, each of which may be wrong by itself.
    pub(super) fn set_list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        slot: &mut Vec<T>,
        read: impl Fn(&str) -> Result<T, String>,
    ) {
        let mut texts: Option<Vec<Spanned<String>>> = None;
        self.set(key, example, &mut texts, |written| Ok(Some(written)));
        let Some(texts) = texts else { return };
        slot.clear();
        for text in texts {
            match read(text.get_ref()) {
                Ok(item) => slot.push(item),
                Err(wrong) => {
                    self.problems.add(
                        text.span(),
                        format!("{}: {wrong}", self.name_of(key)),
                        remedy(key, example),
                    );
                }
            }
        }
    }

    /// A table below this one; `header` is how the operator writes it.
    pub(super) fn section(&mut self, key: &'static str, header: &'static str) -> Option<Section<'a>> {
        let value = self.value(key)?;
        self.as_section(value, header, header)
    }

    /// An array of tables below this one.
    pub(super) fn sections(&mut self, key: &'static str, header: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(tables) => {
                tables.into_iter().filter_map(|table| self.as_section(table, header, header)).collect()
            }
            _ => {
                self.problems.add(
                    span,
                    format!("`{key}` is no list of tables"),
                    format!("begin each with {header}"),
                );
                Vec::new()
            }
        }
    }

    /// Refuses a key that the documents name but this version does nothing with: to accept it would promise a lot.
    pub(super) fn refuse(&mut self, key: &'static str, because: &str) {
        let key_span = self.table.get_key_value(key).map(|(key, _)| key.span());
        if let (Some(span), Some(_)) = (key_span, self.value(key)) {
            self.problems.add(span, format!("{} {because}", self.name_of(key)), "take it out for now");
        }
    }

    /// Notes something wrong with the section as a whole.
    pub(super) fn wrong(&self, message: impl Into<String>, remedy: impl Into<String>) {
        self.problems.add(self.span.clone(), message, remedy);
    }

    /// Whether a key is there; to be asked before it is read.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether a key was there, to be asked after it was read.
    pub(super) fn was_read(&self, key: &str) -> bool {
        self.read.contains(&key)
    }

    /// Reports every key nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table.iter() {
            let remedy = match closest(key.get_ref(), &self.known) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known here: {}", self.known.join(", ")),
            };
            self.problems.add(key.span(), format!("unknown key {}", self.name_of(key.get_ref())), remedy);
        }
    }

    fn value(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key);
        let value = self.table.remove(key)?;
        self.read.push(key);
        Some(value)
    }

    fn as_section(
        &self,
        value: Spanned<DeValue<'a>>,
        header: &'static str,
        remedy: &'static str,
    ) -> Option<Section<'a>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Section {
                header,
                span,
                table,
                known: Vec::new(),
                read: Vec::new(),
                problems: self.problems,
            }),
            _ => {
                self.problems.add(
                    span,
                    format!("{header} is no table"),
                    format!("write {remedy} on a line of its own"),
                );
                None
            }
        }
    }

    fn name_of(&self, key: &str) -> String {
        match self.header {
            "" => format!("`{key}`"),
            header => format!("`{key}` in {header}"),
        }
    }
}

fn remedy(key: &str, example: &str) -> String {
    format!("write for example `{key} = {example}`")
}

/// The first line of what serde says; the rest repeats the position.
fn brief(error: &toml::de::Error) -> String {
    error.message().lines().next().unwrap_or_default().to_owned()
}

/// The known key that `key` most likely stands for: at most a third of its letters differ.
fn closest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    // No known key is half as long as this; it keeps a hostile key from costing time.
    const LONGEST: usize = 40;
    let letters = key.chars().take(LONGEST).count();
    known
        .iter()
        .map(|candidate| (distance(key, candidate, LONGEST), *candidate))
        .filter(|(distance, _)| *distance <= letters.div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace to make one text the other, both cut at `longest`.
fn distance(left: &str, right: &str, longest: usize) -> usize {
    let right: Vec<char> = right.chars().take(longest).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().take(longest).enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_key_is_offered() {
        let known = ["home", "scope", "id_code", "max_pages"];
        let check = |key: &str, expected: Option<&str>| assert_eq!(closest(key, &known), expected, "{key}");
        check("hme", Some("home"));
        check("homes", Some("home"));
        check("idcode", Some("id_code"));
        check("max-pages", Some("max_pages"));
        check("colour", None);
        check(&"x".repeat(100_000), None);
    }
}
