//! All dictionaries, compiled into one matcher.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use jiff::civil::Date;

use super::class::{Class, Tier};
use super::dictionary::{Dictionary, DictionaryError, Entry, Kind, layered};
use super::index::Index;
use super::near::{Phrase, SHORTEST};
use super::normalise::Normaliser;
use crate::finding::Confidence;

/// Within how many characters a weak word looks for company where its file does not say.
const WITHIN: usize = 30;

/// The built-in files.
const BUILT_IN: &[(&str, &str)] = &[
    ("allow", include_str!("../../dictionaries/allow.txt")),
    ("contraband", include_str!("../../dictionaries/contraband.txt")),
    ("forgery", include_str!("../../dictionaries/forgery.txt")),
    ("formulas", include_str!("../../dictionaries/formulas.txt")),
    ("fraud", include_str!("../../dictionaries/fraud.txt")),
    ("gambling", include_str!("../../dictionaries/gambling.txt")),
    ("legal-context", include_str!("../../dictionaries/legal-context.txt")),
    ("misspellings", include_str!("../../dictionaries/misspellings.txt")),
    ("mojibake", include_str!("../../dictionaries/mojibake.txt")),
    ("names", include_str!("../../dictionaries/names.txt")),
    ("old-names", include_str!("../../dictionaries/old-names.txt")),
    ("phrases", include_str!("../../dictionaries/phrases.txt")),
    ("placeholders", include_str!("../../dictionaries/placeholders.txt")),
    ("pornography", include_str!("../../dictionaries/pornography.txt")),
    ("slips", include_str!("../../dictionaries/slips.txt")),
    ("titles", include_str!("../../dictionaries/titles.txt")),
    ("traditional", include_str!("../../dictionaries/traditional.txt")),
    ("wording", include_str!("../../dictionaries/wording.txt")),
];

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
        Self::compile(&dictionaries(folder)?)
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

/// The built-in files.
pub(super) fn built_in() -> Vec<Dictionary> {
    let read = |&(name, text): &(&str, &str)| {
        Dictionary::parse(name, text).expect("a test reads the built-in dictionaries")
    };
    BUILT_IN.iter().map(read).collect()
}

/// The built-in files with those of a folder layered over them.
pub(super) fn dictionaries(folder: Option<&Path>) -> Result<Vec<Dictionary>, Vec<DictionaryError>> {
    let Some(folder) = folder else { return Ok(built_in()) };
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| DictionaryError {
        file: path.display().to_string(),
        line: 0,
        problem: format!("cannot be read: {error}"),
    };
    let listing = fs::read_dir(folder).map_err(|error| vec![unreadable(folder, &error)])?;
    let (mut read, mut errors) = (Vec::new(), Vec::new());
    for path in listing.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match fs::read_to_string(&path).map(|text| Dictionary::parse(&name, &text)) {
            Ok(Ok(dictionary)) => read.push(dictionary),
            Ok(Err(problems)) => errors.extend(problems),
            Err(error) => errors.push(unreadable(&path, &error)),
        }
    }
    errors.sort();
    if errors.is_empty() { Ok(layered(built_in(), read)) } else { Err(errors) }
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
        })
    }
}

#[cfg(test)]
mod tests {
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
