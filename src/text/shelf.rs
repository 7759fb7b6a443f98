//! The dictionaries in force, for a program that runs longer than they stay the same.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::dictionary::DictionaryError;
use super::files::Files;
use super::lexicon::Lexicons;
use super::words::Segmenter;

/// Holds the dictionaries in force and takes new ones up when the files of the customer's folder have changed.
///
/// Whoever has [taken](Shelf::lexicons) a set keeps it to the end of what it judges: a page is never judged half by the
/// old words and half by the new.
pub struct Shelf {
    folder: Option<PathBuf>,
    segmenter: &'static dyn Segmenter,
    held: Mutex<Held>,
}

struct Held {
    files: Files,
    lexicons: Arc<Lexicons>,
    /// Of the files that were looked at last, whether or not they were right.
    print: u64,
}

impl Shelf {
    /// The built-in dictionaries with the files of a folder layered over them, told by `segmenter` where words end.
    pub fn open(
        folder: Option<&Path>,
        segmenter: &'static dyn Segmenter,
    ) -> Result<Shelf, Vec<DictionaryError>> {
        let files = Files::read(folder)?;
        let held = Held { lexicons: compiled(&files, segmenter)?, print: files.print(), files };
        Ok(Shelf { folder: folder.map(Path::to_owned), segmenter, held: Mutex::new(held) })
    }

    /// The dictionaries in force.
    pub fn lexicons(&self) -> Arc<Lexicons> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.lexicons.clone()
    }

    /// Looks at the folder again. Says whether other dictionaries are in force now. Files that are wrong change
    /// nothing; they are told of once, until they change again.
    pub fn refresh(&self) -> Result<bool, Vec<DictionaryError>> {
        let files = Files::read(self.folder.as_deref())?;
        let print = files.print();
        // Held while compiling, so that of two at once the later does not put back what it read earlier.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.print == print {
            return Ok(false);
        }
        held.print = print;
        held.lexicons = compiled(&files, self.segmenter)?;
        held.files = files;
        Ok(true)
    }

    /// The dictionaries in force with entries added to the roster.
    pub fn with_people(&self, entries: &str) -> Result<Arc<Lexicons>, Vec<DictionaryError>> {
        let files = self.held.lock().unwrap_or_else(PoisonError::into_inner).files.with_people(entries);
        compiled(&files, self.segmenter)
    }
}

fn compiled(files: &Files, segmenter: &'static dyn Segmenter) -> Result<Arc<Lexicons>, Vec<DictionaryError>> {
    Ok(Arc::new(Lexicons::compile(&files.dictionaries()?)?.cut_by(segmenter)))
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::words::Cut;
    use super::*;

    /// Knows no word but single characters.
    struct Characters;

    impl Segmenter for Characters {
        fn cut(&self, row: &[char]) -> Cut {
            Cut { words: (0..row.len()).map(|at| at..at + 1).collect(), log: 0.0 }
        }
    }

    #[test]
    fn what_changes_in_the_folder_comes_into_force() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let file = folder.path().join("misspellings.txt");
        let write = |text: &str| fs::write(&file, text).expect("written");
        write("甲乙丙 → 丁戊己\n");
        let shelf = Shelf::open(Some(folder.path()), &Characters).expect("it is right");
        let fires = |text: &str| !shelf.lexicons().hits(text).is_empty();
        assert!(fires("甲乙丙") && !fires("庚辛壬"));
        assert_eq!(shelf.refresh(), Ok(false));

        let taken = shelf.lexicons();
        write("庚辛壬 → 丁戊己\n");
        assert_eq!(shelf.refresh(), Ok(true));
        assert!(fires("庚辛壬") && !fires("甲乙丙"));
        assert!(!taken.hits("甲乙丙").is_empty(), "what was taken stays as it was");

        write("庚辛壬 →\n");
        let told = shelf.refresh().expect_err("a half entry is an error");
        assert_eq!(told[0].to_string(), "misspellings.txt:1: an entry is `word` or `wrong → right`");
        assert!(fires("庚辛壬"), "the old ones stay in force");
        assert_eq!(shelf.refresh(), Ok(false), "an error is told once");

        fs::remove_file(&file).expect("removed");
        assert_eq!(shelf.refresh(), Ok(true));
        assert!(!fires("庚辛壬"));
    }

    #[test]
    fn a_folder_that_is_gone_changes_nothing() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let shelf = Shelf::open(Some(folder.path()), &Characters).expect("it is right");
        folder.close().expect("removed");
        assert!(shelf.refresh().is_err());
        assert!(!shelf.lexicons().hits("布署").is_empty());
    }
}
