//! Things that must not be seen in a log or on a screen.

use std::{fmt, fs};

/// Stands in a place where a secret is.
pub(super) const MASK: &str = "***";

/// A secret. Whoever shows it by accident shows `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Reads a secret as the file names it: `env:NAME`, `file:PATH` (the first line), or the secret itself.
    pub fn read(text: &str) -> Result<Secret, String> {
        if let Some(name) = text.strip_prefix("env:") {
            let value = std::env::var(name).map_err(|_| format!("the environment has no `{name}`"))?;
            return Ok(Secret(value));
        }
        if let Some(path) = text.strip_prefix("file:") {
            let content =
                fs::read_to_string(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
            return Ok(Secret(content.lines().next().unwrap_or_default().to_owned()));
        }
        Ok(Secret(text.to_owned()))
    }

    /// An address that holds a credential.
    pub fn of(url: url::Url) -> Secret {
        Secret(url.into())
    }

    /// The last characters, by which people can tell one from another; `***` where that would tell too much.
    pub fn tail(&self) -> String {
        const SHOWN: usize = 4;
        // Of a short one they would be a good part.
        const SHORTEST: usize = 16;
        match self.0.char_indices().rev().nth(SHOWN - 1) {
            Some((at, _)) if self.0.len() >= SHORTEST => format!("{MASK}{}", &self.0[at..]),
            _ => MASK.to_owned(),
        }
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_from_where_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, "s3cret\nnot this\n").unwrap();
        assert_eq!(Secret::read(&format!("file:{}", file.display())).unwrap().expose(), "s3cret");
        assert_eq!(Secret::read("plain").unwrap().expose(), "plain");
        assert!(Secret::read("file:/no/such/file").unwrap_err().contains("/no/such/file"));
        assert!(Secret::read("env:SITEWARDEN_NO_SUCH_NAME").unwrap_err().contains("SITEWARDEN_NO_SUCH_NAME"));
    }

    #[test]
    fn never_shown() {
        let secret = Secret::read("s3cret").unwrap();
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.tail(), "***");
        let url = Secret::read("https://robot.example.test/send?key=0123abcd").unwrap();
        assert_eq!(url.tail(), "***abcd");
    }
}
