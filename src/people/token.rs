//! Tokens: of sessions, of forms, of programs. Random, and kept as their hash only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::digest::sha256;

/// 32 random bytes as text. Never shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn random() -> Token {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        Token(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One that somebody has sent.
    pub fn sent(text: &str) -> Token {
        Token(text.to_owned())
    }

    /// The token itself, for the one who gets it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        sha256(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same_and_none_is_shown() {
        let (one, other) = (Token::random(), Token::random());
        assert_ne!(one, other);
        assert_eq!(one.expose().len(), 43);
        assert_eq!(Token::sent(one.expose()).hash(), one.hash());
        assert_eq!(format!("{one:?}"), "***");
    }
}
