//! The cabinet: documents that were made, as files below one folder.
//!
//! A file is there whole or not at all, and is what the record says it is: whoever takes one out has its length and its
//! hash compared. Which documents there are is for the [`store`](crate::store) to know.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use crate::digest::sha256;
use crate::ledger::Period;
use crate::notice::Enclosure;
use crate::report::replace;

/// The folder of documents below that of the data.
const FOLDER: &str = "reports";

/// Documents as files below one folder.
#[derive(Debug, Clone)]
pub struct Cabinet {
    folder: PathBuf,
}

/// Why a document cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CabinetError {
    /// The file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another file lies in its place.
    #[error("{path} is not what was put there")]
    Altered {
        /// Which.
        path: PathBuf,
    },
}

impl Cabinet {
    /// The cabinet below the folder of the data.
    pub fn below(data: &Path) -> Cabinet {
        Cabinet { folder: data.join(FOLDER) }
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is wrong with these documents: those that are gone, cannot be read or are not what was put in.
    pub fn amiss<'a>(&self, documents: impl IntoIterator<Item = &'a Enclosure>) -> Vec<CabinetError> {
        documents.into_iter().filter_map(|document| self.take(document).err()).collect()
    }

    /// Puts a document of a period in, in place of one of the same name.
    pub fn put(&self, period: Period, name: &str, content: &[u8]) -> Result<Enclosure, CabinetError> {
        let path = format!("{period}/{name}");
        let file = self.place(&path)?;
        let failed = |error| CabinetError::File { path: file.clone(), error };
        file.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        replace(&file, content).map_err(failed)?;
        Ok(Enclosure { path, bytes: content.len() as u64, sha256: sha256(content) })
    }

    /// Takes a copy of a document out.
    pub fn take(&self, document: &Enclosure) -> Result<Vec<u8>, CabinetError> {
        let path = self.place(&document.path)?;
        let mut content = Vec::new();
        // One byte more tells a file that has grown.
        let limit = document.bytes.saturating_add(1);
        let read = File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut content));
        match read {
            Err(error) => Err(CabinetError::File { path, error }),
            Ok(_) if sha256(&content) == document.sha256 => Ok(content),
            Ok(_) => Err(CabinetError::Altered { path }),
        }
    }

    /// Where a document lies; never outside the folder, whatever the record says.
    fn place(&self, path: &str) -> Result<PathBuf, CabinetError> {
        let is_below = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        match is_below {
            true => Ok(self.folder.join(path)),
            false => Err(CabinetError::Altered { path: PathBuf::from(path) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_what_was_put_in() {
        let data = tempfile::tempdir().expect("a scratch folder");
        let cabinet = Cabinet::below(data.path());
        let month: Period = "2026-11".parse().expect("a period");
        let kept = cabinet.put(month, "a-work-2026-11.html", b"<html>").expect("written");
        assert_eq!((kept.path.as_str(), kept.bytes), ("2026-11/a-work-2026-11.html", 6));
        assert_eq!((kept.name(), kept.ending()), ("a-work-2026-11.html", "html"));
        assert_eq!(cabinet.take(&kept).expect("there"), b"<html>");
        fs::write(data.path().join("reports").join(&kept.path), b"<html>+").expect("writable");
        assert!(matches!(cabinet.take(&kept), Err(CabinetError::Altered { .. })));
        let other = cabinet.put(month, "b-work-2026-11.html", b"<html>").expect("written");
        assert!(
            matches!(&cabinet.amiss([&kept, &other])[..], [CabinetError::Altered { path }] if path.ends_with(&kept.path))
        );
        fs::remove_file(data.path().join("reports").join(&kept.path)).expect("there");
        assert!(matches!(cabinet.take(&kept), Err(CabinetError::File { .. })));
        fs::write(data.path().join("secret"), b"key").expect("writable");
        for path in ["../secret", "/etc/hostname", "2026-11/../../secret"] {
            let outside = Enclosure { path: path.to_owned(), bytes: 3, sha256: sha256(b"key") };
            assert!(matches!(cabinet.take(&outside), Err(CabinetError::Altered { .. })), "{path}");
        }
    }
}
