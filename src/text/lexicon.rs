//! All dictionaries, compiled into one matcher.

use std::{path::Path, sync::Arc};

use super::class::{Class, Tier};
use super::dictionary::DictionaryError;
use super::files::{Files, built_in};
use super::index::Index;
use super::near::Phrase;
use super::normalise::Normaliser;
use super::roster::Post;
use super::when::When;
use super::words::Segmenter;
use crate::finding::Confidence;

/// All dictionaries, compiled.
pub struct Lexicons {
    pub(super) normaliser: Normaliser,
    /// Finds every word of every file.
    pub(super) index: Index,
    /// What a word of the index is. One word may be several things.
    pub(super) roles: Vec<Vec<Role>>,
    pub(super) rules: Vec<Rule>,
    pub(super) phrases: Vec<(Phrase, usize)>,
    pub(super) posts: Vec<Post>,
    /// Number of context files.
    pub(super) contexts: usize,
    /// Says where words end, where somebody knows.
    pub(super) segmenter: Option<&'static dyn Segmenter>,
}

/// What a word is to the matcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Wrong, by this rule.
    Wrong(usize),
    /// Innocent, with everything inside it.
    Innocent,
    /// Excuses what names this context.
    Context(usize),
    /// First half of a phrase.
    Head(usize),
    /// Second half of a phrase.
    Tail(usize),
    /// The title of a post.
    Title(usize),
}

/// What is known of a wrong word.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) class: Class,
    pub(super) tier: Tier,
    pub(super) confidence: Confidence,
    pub(super) right: Option<String>,
    pub(super) note: Option<String>,
    pub(super) when: When,
    /// Where it stands.
    pub(super) origin: Origin,
    /// Counts only beside another word of its class, within so many characters.
    pub(super) weak_within: Option<usize>,
    /// Counts only where it is a word of its own.
    pub(super) stands_alone: bool,
    /// The context that excuses it.
    pub(super) context: Option<usize>,
}

/// The line of a dictionary that a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its file, without `.txt`.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl Lexicons {
    /// The dictionaries that come with the program.
    pub fn built_in() -> Lexicons {
        Self::compile(&built_in()).expect("a test compiles the built-in dictionaries")
    }

    /// The built-in dictionaries with the files of a folder layered over them.
    pub fn load(folder: Option<&Path>) -> Result<Lexicons, Vec<DictionaryError>> {
        Self::compile(&Files::read(folder)?.dictionaries()?)
    }

    /// These dictionaries, told by `segmenter` where words end.
    pub fn cut_by(self, segmenter: &'static dyn Segmenter) -> Lexicons {
        Lexicons { segmenter: Some(segmenter), ..self }
    }

    /// Whether a text is written in traditional characters.
    pub fn is_traditional(&self, text: &str) -> bool {
        self.normaliser.is_traditional(text)
    }
}

impl Default for Lexicons {
    fn default() -> Self {
        Self::built_in()
    }
}

impl std::fmt::Debug for Lexicons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicons").field("words", &self.roles.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn words(lexicons: &Lexicons, text: &str) -> Vec<String> {
        lexicons.hits(text).into_iter().map(|hit| hit.words).collect()
    }

    #[test]
    fn a_folder_is_layered_over_the_built_in_files() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path();
        fs::write(path.join("misspellings.txt"), "-布署\n甲乙丙 → 丁戊己\n").expect("written");
        fs::write(path.join("notes.md"), "# not a dictionary").expect("written");
        let lexicons = Lexicons::load(Some(path)).expect("it is right");
        assert_eq!(words(&lexicons, "甲乙丙布署按装"), ["甲乙丙", "按装"]);
    }

    #[test]
    fn every_problem_of_a_folder_is_told() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path();
        fs::write(path.join("ours.txt"), "# kind: words\n# class: misspelling\n甲\n").expect("written");
        let errors = Lexicons::load(Some(path)).expect_err("the header is not whole");
        let lacking = ["confidence", "date", "licence", "source", "tier", "what"];
        let expected = lacking.map(|key| format!("ours.txt:0: the header lacks `# {key}: …`"));
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        assert!(Lexicons::load(Some(&path.join("absent"))).is_err());
    }
}
