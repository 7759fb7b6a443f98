//! Conditions of a statement that depend on what is asked for, with the values of their parameters.

use rusqlite::ToSql;

/// Conditions that must all hold. Parameters are numbered in the order in which they come.
#[derive(Default)]
pub(super) struct Conditions {
    written: Vec<String>,
    values: Vec<Box<dyn ToSql>>,
}

impl Conditions {
    /// A condition; what is foreign in it comes as a [`parameter`](Self::parameter).
    pub(super) fn add(&mut self, condition: impl Into<String>) {
        self.written.push(condition.into());
    }

    /// The place of a value.
    pub(super) fn parameter(&mut self, value: impl ToSql + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    /// The places of some values, for `IN`.
    pub(super) fn parameters<T: ToSql + 'static>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.parameter(value)).collect();
        places.join(", ")
    }

    /// One of these; nothing where there are none.
    pub(super) fn among<T: ToSql + 'static>(&mut self, column: &str, values: impl IntoIterator<Item = T>) {
        let places = self.parameters(values);
        self.add(format!("{column} IN ({places})"));
    }

    /// One of these; anything where none is named.
    pub(super) fn among_any<T: ToSql + 'static>(&mut self, column: &str, values: Vec<T>) {
        if !values.is_empty() {
            self.among(column, values);
        }
    }

    /// All of them, as `WHERE` has them.
    pub(super) fn text(&self) -> String {
        if self.written.is_empty() { "TRUE".to_owned() } else { self.written.join(" AND ") }
    }

    /// The values, in the order of their numbers.
    pub(super) fn values(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(Box::as_ref).collect()
    }
}

/// The pattern of a text with this in it, for `LIKE … ESCAPE '!'`.
pub(super) fn with(text: &str) -> String {
    format!("%{}%", literally(text))
}

/// The pattern of a text that begins with this, for `LIKE … ESCAPE '!'`.
pub(super) fn beginning(text: &str) -> String {
    format!("{}%", literally(text))
}

fn literally(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
