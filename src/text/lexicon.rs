//! All dictionaries, compiled into one matcher.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use jiff::civil::Date;

use super::class::{Class, Tier};
use super::dictionary::{Dictionary, DictionaryError, Entry, Kind};
use super::files::{Files, built_in};
use super::index::Index;
use super::near::{Phrase, SHORTEST};
use super::normalise::{Normaliser, is_han};
use super::words::Segmenter;
use crate::finding::Confidence;

/// Within how many characters a weak word looks for company where its file does not say.
const WITHIN: usize = 30;

/// All dictionaries, compiled.
pub struct Lexicons {
    pub(super) normaliser: Normaliser,
    /// Finds every word of every file.
    pub(super) index: Index,
    /// What a word of the index is. One word may be several things.
    pub(super) roles: Vec<Vec<Role>>,
    pub(super) rules: Vec<Rule>,
    pub(super) phrases: Vec<(Phrase, usize)>,
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
}

/// What is known of a wrong word.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) class: Class,
    pub(super) tier: Tier,
    pub(super) confidence: Confidence,
    pub(super) right: Option<String>,
    pub(super) note: Option<String>,
    pub(super) since: Option<Date>,
    /// Counts only beside another word of its class, within so many characters.
    pub(super) weak_within: Option<usize>,
    /// Counts only where it is a word of its own.
    pub(super) stands_alone: bool,
    /// The context that excuses it.
    pub(super) context: Option<usize>,
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

    /// Compiles dictionaries.
    pub fn compile(dictionaries: &[Dictionary]) -> Result<Lexicons, Vec<DictionaryError>> {
        let mut errors: Vec<DictionaryError> = dictionaries.iter().flat_map(Dictionary::incomplete).collect();
        let of_kind =
            |kind| dictionaries.iter().filter(move |dictionary| dictionary.header.kind == Some(kind));
        let variants =
            of_kind(Kind::Variants).flat_map(|dictionary| variants(dictionary, &mut errors)).collect();
        let contexts: Vec<&str> = of_kind(Kind::Context).map(|dictionary| dictionary.name.as_str()).collect();
        let mut compiler = Compiler {
            normaliser: Normaliser::new(variants),
            contexts,
            words: BTreeMap::new(),
            rules: Vec::new(),
            phrases: Vec::new(),
            errors,
        };
        for dictionary in dictionaries {
            compiler.add(dictionary);
        }
        compiler.finish()
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

/// The pairs of a variants file.
fn variants(dictionary: &Dictionary, errors: &mut Vec<DictionaryError>) -> HashMap<char, char> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let mut pairs = HashMap::new();
    for entry in &dictionary.entries {
        match (single(&entry.word), entry.right.as_deref().and_then(single)) {
            (Some(from), Some(to)) => drop(pairs.insert(from, to)),
            _ => errors.push(dictionary.error(entry.line, "a variant is `one character → one character`")),
        }
    }
    pairs
}

/// Collects words and what they are.
struct Compiler<'a> {
    normaliser: Normaliser,
    contexts: Vec<&'a str>,
    words: BTreeMap<String, Vec<Role>>,
    rules: Vec<Rule>,
    phrases: Vec<(Phrase, usize)>,
    errors: Vec<DictionaryError>,
}

impl Compiler<'_> {
    fn add(&mut self, dictionary: &Dictionary) {
        let context = self.contexts.iter().position(|name| *name == dictionary.name);
        for entry in &dictionary.entries {
            match dictionary.header.kind {
                Some(Kind::Words) => self.wrong(dictionary, entry),
                Some(Kind::Phrases) => self.phrase(dictionary, entry),
                Some(Kind::Allow) => self.word(&entry.word, Role::Innocent),
                Some(Kind::Context) => self.word(&entry.word, Role::Context(context.unwrap_or_default())),
                Some(Kind::Variants) | None => {}
            }
        }
    }

    fn wrong(&mut self, dictionary: &Dictionary, entry: &Entry) {
        if let Some(rule) = self.rule(dictionary, entry, entry.right.clone()) {
            self.word(&entry.word, Role::Wrong(rule));
        }
    }

    fn phrase(&mut self, dictionary: &Dictionary, entry: &Entry) {
        let text = self.normaliser.word(&entry.word);
        if text.chars().count() < SHORTEST {
            let problem =
                format!("a phrase has {SHORTEST} characters at least; shorter ones go into a file of words");
            self.errors.push(dictionary.error(entry.line, problem));
            return;
        }
        let Some(rule) = self.rule(dictionary, entry, Some(entry.word.clone())) else { return };
        let (phrase, index) = (Phrase::new(&text), self.phrases.len());
        self.word(&phrase.head(), Role::Head(index));
        self.word(&phrase.tail(), Role::Tail(index));
        self.phrases.push((phrase, rule));
    }

    /// The rule of an entry. Words that excuse it come with it.
    fn rule(&mut self, dictionary: &Dictionary, entry: &Entry, right: Option<String>) -> Option<usize> {
        let header = &dictionary.header;
        let context = match &header.excused_by {
            Some(name) => {
                let known = self.contexts.iter().position(|context| context == name);
                if known.is_none() {
                    let problem = format!("excused by `{name}`, which is no context file");
                    self.errors.push(dictionary.error(0, problem));
                    return None;
                }
                known
            }
            None => None,
        };
        for word in &entry.unless {
            self.word(word, Role::Innocent);
        }
        self.rules.push(Rule {
            class: header.class?,
            tier: entry.tier.or(header.tier)?,
            confidence: entry.confidence.or(header.confidence)?,
            right,
            note: entry.note.clone(),
            since: entry.since,
            stands_alone: header.class?.stands_alone() && is_short(&entry.word),
            weak_within: entry.weak.then(|| header.within.unwrap_or(WITHIN)),
            context,
        });
        Some(self.rules.len() - 1)
    }

    fn word(&mut self, word: &str, role: Role) {
        let word = self.normaliser.word(word);
        if !word.is_empty() {
            self.words.entry(word).or_default().push(role);
        }
    }

    fn finish(mut self) -> Result<Lexicons, Vec<DictionaryError>> {
        let mut roles = Vec::with_capacity(self.words.len());
        let mut words = Vec::with_capacity(self.words.len());
        for (word, mut role) in self.words {
            role.sort();
            role.dedup();
            roles.push(role);
            words.push(word);
        }
        self.errors.sort();
        self.errors.dedup();
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        Ok(Lexicons {
            normaliser: self.normaliser,
            index: Index::new(words),
            roles,
            rules: self.rules,
            phrases: self.phrases,
            contexts: self.contexts.len(),
            segmenter: None,
        })
    }
}

/// Whether a word is so short that others may make it where they meet: two or three characters.
fn is_short(word: &str) -> bool {
    word.chars().all(is_han) && word.chars().count() <= 3
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
