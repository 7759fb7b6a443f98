//! Passwords: what is accepted, and how they are kept.

use std::fmt;
use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, PasswordHash};

/// Characters of a password at least.
const SHORTEST: usize = 10;
/// Bytes of one at most: hashing takes time by its length.
const LONGEST: usize = 256;

/// Passwords that are tried first by whoever guesses; compared without case and digits at the end.
const COMMON: [&str; 16] = [
    "password",
    "admin",
    "administrator",
    "qwertyuiop",
    "sitewarden",
    "welcome",
    "iloveyou",
    "abcdefghij",
    "root",
    "letmein",
    "p@ssword",
    "p@ssw0rd",
    "passw0rd",
    "admin@",
    "qwerty",
    "changeme",
];

/// A password that was accepted. Never shown.
#[derive(Clone)]
pub struct Password(String);

/// Why a password is not accepted, in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("密码至少 10 个字符")]
    Short,
    /// Too long.
    #[error("密码过长")]
    Long,
    /// Made of one kind of characters.
    #[error("密码须包含大写字母、小写字母、数字、其他字符中的至少三类（16 个字符以上的两类即可）")]
    Uniform,
    /// Easily guessed.
    #[error("密码过于常见或与用户名相近")]
    Guessable,
}

impl Password {
    /// Accepts a password for a login, or says why not.
    pub fn new(text: &str, login: &str) -> Result<Password, WeakPassword> {
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(WeakPassword::Short);
        }
        if text.len() > LONGEST {
            return Err(WeakPassword::Long);
        }
        let kinds: [fn(char) -> bool; 4] = [
            |c| c.is_uppercase(),
            |c| c.is_lowercase(),
            |c| c.is_numeric(),
            |c| !c.is_uppercase() && !c.is_lowercase() && !c.is_numeric(),
        ];
        let used = kinds.iter().filter(|is_kind| text.chars().any(is_kind)).count();
        if used < 2 || (used < 3 && length < 16) {
            return Err(WeakPassword::Uniform);
        }
        let plain = text.to_lowercase();
        let stem = plain.trim_end_matches(|c: char| !c.is_alphabetic());
        let repeats = plain.chars().collect::<std::collections::HashSet<_>>().len() < 5;
        let names_login = login.len() >= 4 && plain.contains(&login.to_lowercase());
        if repeats || names_login || COMMON.contains(&stem) {
            return Err(WeakPassword::Guessable);
        }
        Ok(Password(text.to_owned()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The hash of a password, as a PHC string. Takes some 50 ms and 19 MiB: for threads that may block.
pub fn hash_password(password: &Password) -> String {
    let hash = Argon2::default().hash_password(password.0.as_bytes());
    hash.expect("the default parameters are valid").to_string()
}

/// Whether a password is the one of this hash. Takes as long as hashing.
pub fn is_password(text: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    text.len() <= LONGEST && Argon2::default().verify_password(text.as_bytes(), &hash).is_ok()
}

/// A hash that no password has: for logins nobody has, so that they take as long as others to be refused.
pub fn stand_in() -> &'static str {
    static HASH: LazyLock<String> =
        LazyLock::new(|| hash_password(&Password("no password at all".to_owned())));
    &HASH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let check = |text: &str, expected: Result<(), WeakPassword>| {
            assert_eq!(Password::new(text, "zhangsan").map(|_| ()), expected, "{text}");
        };
        check("短a1B", Err(WeakPassword::Short));
        check(&"aA1!".repeat(100), Err(WeakPassword::Long));
        check("abcdefghijkl", Err(WeakPassword::Uniform));
        check("1234567890ab", Err(WeakPassword::Uniform));
        check("Admin@123456", Err(WeakPassword::Guessable));
        check("Password2026!", Err(WeakPassword::Guessable));
        check("aaAA11aaAA11", Err(WeakPassword::Guessable));
        check("Zhangsan2026!", Err(WeakPassword::Guessable));
        check("河流-断面-Quality7", Ok(()));
        check("correct horse battery staple", Ok(()));
        check("g7#Kd0w!zPq", Ok(()));
    }

    #[test]
    fn a_hash_knows_its_password() {
        let password = Password::new("g7#Kd0w!zPq", "li").unwrap();
        let hash = hash_password(&password);
        assert!(hash.starts_with("$argon2id$"));
        assert!(is_password("g7#Kd0w!zPq", &hash));
        assert!(!is_password("g7#Kd0w!zPQ", &hash));
        assert!(!is_password("g7#Kd0w!zPq", "no hash"));
        assert!(!is_password("", stand_in()));
        assert_eq!(format!("{password:?}"), "***");
    }
}
