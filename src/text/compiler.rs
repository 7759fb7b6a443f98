//! Makes one matcher of dictionaries: collects their words and what each is.

use std::collections::{BTreeMap, HashMap};

use super::class::Tier;
use super::dictionary::{Dictionary, DictionaryError, Entry, Kind};
use super::index::Index;
use super::lexicon::{Lexicons, Origin, Role, Rule};
use super::near::{Phrase, SHORTEST};
use super::normalise::{Normaliser, is_han};
use super::roster::{Holder, Post};
use super::when::{Term, When};
use crate::finding::Confidence;

/// Within how many characters a weak word looks for company where its file does not say.
const WITHIN: usize = 30;

impl Lexicons {
    /// Compiles dictionaries, or tells everything that is wrong with them.
    pub fn compile(dictionaries: &[Dictionary]) -> Result<Lexicons, Vec<DictionaryError>> {
        Compiler::compile(dictionaries)
    }
}

/// Collects words and what they are.
struct Compiler<'a> {
    normaliser: Normaliser,
    contexts: Vec<&'a str>,
    words: BTreeMap<String, Vec<Role>>,
    rules: Vec<Rule>,
    phrases: Vec<(Phrase, usize)>,
    /// By title, then by name.
    posts: BTreeMap<String, BTreeMap<String, Holding>>,
    errors: Vec<DictionaryError>,
}

/// What a roster says of one person in one post.
struct Holding {
    terms: Vec<Term>,
    slip: usize,
    term: usize,
}

impl<'a> Compiler<'a> {
    fn compile(dictionaries: &'a [Dictionary]) -> Result<Lexicons, Vec<DictionaryError>> {
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
            posts: BTreeMap::new(),
            errors,
        };
        for dictionary in dictionaries {
            compiler.add(dictionary);
        }
        compiler.finish()
    }

    fn add(&mut self, dictionary: &Dictionary) {
        let context = self.contexts.iter().position(|name| *name == dictionary.name);
        for entry in &dictionary.entries {
            match dictionary.header.kind {
                Some(Kind::Words) => self.wrong(dictionary, entry),
                Some(Kind::Phrases) => self.phrase(dictionary, entry),
                Some(Kind::Roster) => self.person(dictionary, entry),
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
        if let Some(swapped) = phrase.swapped() {
            self.word(&swapped, Role::Wrong(rule));
        }
        // What is right as a whole is not judged by its parts.
        self.word(&text, Role::Innocent);
        self.phrases.push((phrase, rule));
    }

    fn person(&mut self, dictionary: &Dictionary, entry: &Entry) {
        let (name, Some(title)) = (self.normaliser.word(&entry.word), &entry.title) else { return };
        let title = self.normaliser.word(title);
        if let Some(holding) = self.posts.get_mut(&title).and_then(|holders| holders.get_mut(&name)) {
            holding.terms.push(entry.term);
            return;
        }
        let Some(slip) = self.rule(dictionary, entry, Some(entry.word.clone())) else { return };
        let Some(term) = self.rule(dictionary, entry, None) else { return };
        let outside = &mut self.rules[term];
        (outside.tier, outside.confidence) = (Tier::S3, Confidence::Note);
        outside.note = Some(format!("名册所载“{}”任“{}”的时间与文稿日期不符，请核对。", entry.word, title));
        // A name is no misspelling, whatever stands inside it.
        self.word(&name, Role::Innocent);
        let holding = Holding { terms: vec![entry.term], slip, term };
        self.posts.entry(title).or_default().insert(name, holding);
    }

    /// Titles with their holders; a term is judged by all that somebody held a post for.
    fn posts(&mut self) -> Vec<Post> {
        let mut posts = Vec::new();
        for (title, holders) in std::mem::take(&mut self.posts) {
            self.word(&title, Role::Title(posts.len()));
            let mut post = Post::default();
            for (name, Holding { terms, slip, term }) in holders {
                let is_bounded = terms.iter().all(Term::is_bounded);
                self.rules[term].when = When::Outside(terms);
                let (name, term) = (name.chars().collect(), is_bounded.then_some(term));
                post.holders.push(Holder { name, slip, term });
            }
            posts.push(post);
        }
        posts
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
            when: entry.since.map_or(When::Always, When::Since),
            origin: Origin { file: dictionary.name.as_str().into(), line: entry.line },
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
        let posts = self.posts();
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
            posts,
            contexts: self.contexts.len(),
            segmenter: None,
        })
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

/// Whether a word is so short that others may make it where they meet: two or three characters.
fn is_short(word: &str) -> bool {
    word.chars().all(is_han) && word.chars().count() <= 3
}
