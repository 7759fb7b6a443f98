//! Pictures that were read before are not read again: most of a site's stay for years.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Ocr, OcrError};

use crate::digest::sha256;

/// Remembers in a folder what it was told, by the hash of each picture.
pub struct Remembered<O> {
    inner: O,
    folder: PathBuf,
    /// Pictures that may still be read anew.
    left: AtomicU32,
}

impl<O: Ocr> Remembered<O> {
    /// Asks `inner` at most so many times.
    pub fn new(inner: O, folder: PathBuf, most: u32) -> Remembered<O> {
        Remembered { inner, folder, left: AtomicU32::new(most) }
    }
}

impl<O: Ocr> Ocr for Remembered<O> {
    fn read(&self, picture: &[u8]) -> Result<String, OcrError> {
        let file = self.folder.join(sha256(picture));
        if let Ok(words) = fs::read_to_string(&file) {
            return Ok(words);
        }
        let take = |left: u32| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Err(OcrError::Spent);
        }
        let words = self.inner.read(picture)?;
        // Not to remember costs time, and nothing else.
        if let Err(error) = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&file, &words)) {
            tracing::warn!(file = %file.display(), %error, "the words of a picture are not kept");
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says how many bytes a picture has, and counts how often it was asked.
    struct Counts(AtomicU32);

    impl Ocr for Counts {
        fn read(&self, picture: &[u8]) -> Result<String, OcrError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(picture.len().to_string())
        }
    }

    #[test]
    fn asks_once_for_each_picture_and_not_too_often() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let remembered = Remembered::new(Counts(AtomicU32::new(0)), folder.path().join("ocr"), 2);
        let read = |picture: &[u8]| remembered.read(picture);
        assert_eq!(read(b"a"), Ok("1".to_owned()));
        assert_eq!(read(b"a"), Ok("1".to_owned()));
        assert_eq!(read(b"bb"), Ok("2".to_owned()));
        assert_eq!(read(b"ccc"), Err(OcrError::Spent));
        assert_eq!(read(b"bb"), Ok("2".to_owned()));
        assert_eq!(remembered.inner.0.load(Ordering::Relaxed), 2);
    }
}
