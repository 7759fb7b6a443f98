//! The figures and words by which private data are told, from `rules/privacy.toml`.

use serde::Deserialize;

/// Figures and words. What each is for stands beside it in the rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Beginnings of mobile numbers.
    pub mobile_prefixes: Vec<String>,
    /// Beginnings of bank cards.
    pub card_prefixes: Vec<String>,
    /// Numbers of one kind in a column from which on it is a list of people.
    pub column_least: usize,
    /// Digits of a masked identity number from which on it is not masked.
    pub identity_visible: usize,
    /// The same of a mobile number.
    pub mobile_visible: usize,
    /// Say that a number is an identity number.
    pub identity_words: Vec<String>,
    /// Say that a number is a passport's.
    pub passport_words: Vec<String>,
    /// Say that a number is a bank card's.
    pub card_words: Vec<String>,
    /// Say that a bank card is a person's.
    pub personal_words: Vec<String>,
    /// Say that an account is an organisation's.
    pub organisation_words: Vec<String>,
    /// Say that a number is no person's.
    pub code_words: Vec<String>,
    /// Say that a number was published to be called.
    pub contact_words: Vec<String>,
    /// Say that a page or table lists people.
    pub list_words: Vec<String>,
    /// Say that a page lists whom to call at an office.
    pub directory_words: Vec<String>,
    /// Head the columns of such a list.
    pub office_words: Vec<String>,
    /// Head a column of names.
    pub name_words: Vec<String>,
    /// Head a column of dwellings, or stand before one.
    pub address_words: Vec<String>,
    /// Head columns that concern nobody else.
    pub sensitive_words: Vec<String>,
    /// Follow the numbers of a dwelling.
    pub dwelling_words: Vec<String>,
    /// Characters that begin names.
    pub surnames: String,
}

/// Whether one of `words` stands in `text`.
pub(super) fn has(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}
