//! Dictionary files: what a person without Rust reads and edits.
//!
//! A file starts with what it is, then has one entry a line, sorted:
//!
//! ```text
//! # what: 公文常见错别字
//! # source: composed for this project
//! # licence: Apache-2.0
//! # date: 2026-11-21
//! # kind: words
//! # class: misspelling
//! # tier: S2
//! # confidence: confirmed
//! 布署 → 部署 | unless=分布署名
//! ```
//!
//! | kind | an entry is |
//! |---|---|
//! | `words` | a word that is wrong, `→` what is right where there is one |
//! | `phrases` | a phrase that is right; what differs from it by one slip is wrong |
//! | `allow` | a word that is innocent whatever stands inside it |
//! | `context` | a word that excuses entries of files with `excused-by: <name of this file>` around it |
//! | `roster` | a person, with the `title=` of a post and the term |
//! | `variants` | a traditional character `→` the simplified one |
//!
//! Options follow after ` | `: `unless=a,b` (longer words in which it is innocent), `weak` (counts only beside another
//! word of its class), `tier=`, `confidence=`, `since=DATE` (was right before),
//! `from=DATE`, `until=DATE` (first and last day of a term), `note=`. A line `-word` in a customer's
//! file takes an entry out.

use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;

use super::class::{CLASSES, Class, TIERS, Tier};
use super::when::Term;
use crate::finding::Confidence;

/// One dictionary file.
#[derive(Debug, Clone)]
pub struct Dictionary {
    /// File name without `.txt`.
    pub name: String,
    /// What it says of itself.
    pub header: Header,
    /// Its entries, as they stand.
    pub entries: Vec<Entry>,
}

/// What a file says of itself.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// The lines, in order, for rendering.
    lines: Vec<(String, String)>,
    /// What its entries are; `None` only in a file that adds to a built-in one.
    pub kind: Option<Kind>,
    /// What is wrong with them.
    pub class: Option<Class>,
    /// How bad.
    pub tier: Option<Tier>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Characters within which another word of the class must stand beside a weak one.
    pub within: Option<usize>,
    /// Name of the context file that excuses.
    pub excused_by: Option<String>,
    /// Whether it takes the place of the built-in file of its name instead of adding to it.
    pub replaces: bool,
}

/// What the entries of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Wrong words.
    Words,
    /// Right phrases whose near misses are wrong.
    Phrases,
    /// Innocent words.
    Allow,
    /// Words that excuse others around them.
    Context,
    /// People and their posts.
    Roster,
    /// Characters and what they count as.
    Variants,
}

/// One line of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Line in its file, from 1.
    pub line: usize,
    /// The word.
    pub word: String,
    /// What is right instead.
    pub right: Option<String>,
    /// Longer words in which it is innocent.
    pub unless: Vec<String>,
    /// Counts only beside another word of its class.
    pub weak: bool,
    /// Another tier than the file's.
    pub tier: Option<Tier>,
    /// Another confidence than the file's.
    pub confidence: Option<Confidence>,
    /// The day since when it is wrong.
    pub since: Option<Date>,
    /// The post that a person of a roster holds.
    pub title: Option<String>,
    /// From when until when.
    pub term: Term,
    /// Why, for the reader of a report.
    pub note: Option<String>,
    /// Takes an entry of the built-in file out.
    removes: bool,
}

/// What is wrong with a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct DictionaryError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where it concerns the file.
    pub line: usize,
    /// What is wrong and what would be right.
    pub problem: String,
}

const KINDS: &[(&str, Kind)] = &[
    ("words", Kind::Words),
    ("phrases", Kind::Phrases),
    ("allow", Kind::Allow),
    ("context", Kind::Context),
    ("roster", Kind::Roster),
    ("variants", Kind::Variants),
];

const CONFIDENCES: &[(&str, Confidence)] =
    &[("note", Confidence::Note), ("probable", Confidence::Probable), ("confirmed", Confidence::Confirmed)];

/// Header keys that every complete file has.
const REQUIRED: &[&str] = &["what", "source", "licence", "date", "kind"];

impl Dictionary {
    /// Reads a file. Every problem is told, not only the first.
    pub fn parse(name: &str, text: &str) -> Result<Dictionary, Vec<DictionaryError>> {
        let mut dictionary =
            Dictionary { name: name.to_owned(), header: Header::default(), entries: Vec::new() };
        let mut errors = Vec::new();
        for (line, written) in (1..).zip(text.lines()) {
            let written = written.trim();
            let read = match written.strip_prefix('#') {
                _ if written.is_empty() => Ok(()),
                Some(header) => dictionary.header.read(header.trim()),
                None => Entry::parse(line, written).map(|entry| dictionary.entries.push(entry)),
            };
            errors.extend(read.err().map(|problem| dictionary.error(line, problem)));
        }
        if errors.is_empty() { Ok(dictionary) } else { Err(errors) }
    }

    /// An error about one of its lines; 0 for the file.
    pub(super) fn error(&self, line: usize, problem: impl Into<String>) -> DictionaryError {
        DictionaryError { file: format!("{}.txt", self.name), line, problem: problem.into() }
    }

    /// Puts a customer's file of the same name over this one.
    pub(super) fn layer(&mut self, over: Dictionary) {
        if over.header.replaces {
            *self = over;
            return;
        }
        self.header.take(over.header);
        let changed: Vec<&str> = over.entries.iter().map(|entry| entry.word.as_str()).collect();
        self.entries.retain(|entry| !changed.contains(&entry.word.as_str()));
        self.entries.extend(over.entries.into_iter().filter(|entry| !entry.removes));
    }

    /// What is missing from its header or does not go with its kind.
    pub(super) fn incomplete(&self) -> Vec<DictionaryError> {
        let header = &self.header;
        let has = |key: &str| header.lines.iter().any(|(written, _)| written == key);
        let mut missing: Vec<&str> = REQUIRED.iter().copied().filter(|key| !has(key)).collect();
        if matches!(header.kind, Some(Kind::Words | Kind::Phrases | Kind::Roster)) {
            missing.extend(["class", "tier", "confidence"].into_iter().filter(|key| !has(key)));
        }
        let mut errors: Vec<_> =
            missing.iter().map(|key| self.error(0, format!("the header lacks `# {key}: …`"))).collect();
        for entry in &self.entries {
            match (header.kind == Some(Kind::Roster), &entry.title) {
                (true, None) => errors.push(self.error(entry.line, "a person of a roster has a `title=`")),
                (false, Some(_)) => errors.push(self.error(entry.line, "only a roster knows a `title=`")),
                _ => {}
            }
        }
        for entry in self.entries.iter().filter(|entry| entry.removes) {
            errors.push(
                self.error(entry.line, "takes out an entry, but there is no built-in file of this name"),
            );
        }
        errors
    }

    /// The file as it should be: header, then sorted entries without repeats.
    pub fn rendered(&self) -> String {
        let mut lines: Vec<String> = self.entries.iter().map(Entry::to_string).collect();
        lines.sort();
        lines.dedup();
        let header = self.header.lines.iter().map(|(key, value)| format!("# {key}: {value}"));
        header.chain(lines).fold(String::new(), |text, line| text + &line + "\n")
    }
}

impl Header {
    fn read(&mut self, line: &str) -> Result<(), String> {
        let (key, value) = line.split_once(':').ok_or("a header line is `# key: value`")?;
        let (key, value) = (key.trim(), value.trim());
        match key {
            "what" | "source" | "licence" => {}
            "date" => drop(date(value)?),
            "kind" => self.kind = Some(one_of(KINDS, value)?),
            "class" => self.class = Some(one_of(CLASSES, value)?),
            "tier" => self.tier = Some(one_of(TIERS, value)?),
            "confidence" => self.confidence = Some(one_of(CONFIDENCES, value)?),
            "within" => self.within = Some(value.parse().map_err(|_| format!("`{value}` is no number"))?),
            "excused-by" => self.excused_by = Some(value.to_owned()),
            "replaces" if value == "yes" => self.replaces = true,
            "replaces" => return Err("`replaces` takes `yes` or is left out".to_owned()),
            _ => return Err(format!("unknown header key `{key}`")),
        }
        self.lines.push((key.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Takes over what another header says.
    fn take(&mut self, over: Header) {
        self.kind = over.kind.or(self.kind);
        self.class = over.class.or(self.class);
        self.tier = over.tier.or(self.tier);
        self.confidence = over.confidence.or(self.confidence);
        self.within = over.within.or(self.within);
        self.excused_by = over.excused_by.or(self.excused_by.take());
    }
}

impl Entry {
    fn parse(line: usize, written: &str) -> Result<Entry, String> {
        let mut parts = written.split('|').map(str::trim);
        let word = parts.next().unwrap_or_default();
        let (word, removes) = word.strip_prefix('-').map_or((word, false), |word| (word.trim(), true));
        let (word, right) = match word.split_once('→') {
            Some((word, right)) => (word.trim(), Some(right.trim().to_owned())),
            None => (word, None),
        };
        if word.is_empty() || right.as_deref() == Some("") {
            return Err("an entry is `word` or `wrong → right`".to_owned());
        }
        let mut entry = Entry { line, word: word.to_owned(), right, removes, ..Entry::default() };
        for option in parts {
            entry.set(option)?;
        }
        Ok(entry)
    }

    fn set(&mut self, option: &str) -> Result<(), String> {
        match option.split_once('=').unwrap_or((option, "")) {
            ("weak", "") => self.weak = true,
            ("unless", words) if !words.is_empty() => {
                self.unless = words.split(',').map(|word| word.trim().to_owned()).collect();
            }
            ("tier", tier) => self.tier = Some(one_of(TIERS, tier)?),
            ("confidence", confidence) => self.confidence = Some(one_of(CONFIDENCES, confidence)?),
            ("title", title) if !title.is_empty() => self.title = Some(title.to_owned()),
            ("from", day) => self.term.from = Some(date(day)?),
            ("until", day) => self.term.until = Some(date(day)?),
            ("since", day) => self.since = Some(date(day)?),
            ("note", note) if !note.is_empty() => self.note = Some(note.to_owned()),
            _ => return Err(format!("unknown option `{option}`")),
        }
        Ok(())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.removes { "-" } else { "" }, self.word)?;
        if let Some(right) = &self.right {
            write!(f, " → {right}")?;
        }
        if let Some(title) = &self.title {
            write!(f, " | title={title}")?;
        }
        if let Some(from) = self.term.from {
            write!(f, " | from={from}")?;
        }
        if let Some(until) = self.term.until {
            write!(f, " | until={until}")?;
        }
        if self.weak {
            write!(f, " | weak")?;
        }
        if let Some(tier) = self.tier {
            write!(f, " | tier={}", written(TIERS, tier))?;
        }
        if let Some(confidence) = self.confidence {
            write!(f, " | confidence={}", written(CONFIDENCES, confidence))?;
        }
        if let Some(since) = self.since {
            write!(f, " | since={since}")?;
        }
        if !self.unless.is_empty() {
            write!(f, " | unless={}", self.unless.join(","))?;
        }
        if let Some(note) = &self.note {
            write!(f, " | note={note}")?;
        }
        Ok(())
    }
}

/// Puts customers' files over built-in ones: by name, else as a file of their own.
pub(super) fn layered(built_in: Vec<Dictionary>, over: Vec<Dictionary>) -> Vec<Dictionary> {
    let mut all: BTreeMap<String, Dictionary> =
        built_in.into_iter().map(|dictionary| (dictionary.name.clone(), dictionary)).collect();
    for dictionary in over {
        match all.get_mut(&dictionary.name) {
            Some(below) => below.layer(dictionary),
            None => drop(all.insert(dictionary.name.clone(), dictionary)),
        }
    }
    all.into_values().collect()
}

fn one_of<T: Copy>(table: &[(&str, T)], value: &str) -> Result<T, String> {
    let names = || table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let found = table.iter().find(|(name, _)| *name == value);
    found.map(|(_, value)| *value).ok_or_else(|| format!("`{value}` is none of {}", names()))
}

fn written<T: PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, entry)| *entry == value).map_or("", |(name, _)| name)
}

fn date(value: &str) -> Result<Date, String> {
    value.parse().map_err(|_| format!("`{value}` is no date like 2026-11-21"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "# what: 试\n# source: 试\n# licence: 试\n# date: 2026-11-21\n# kind: words\n\
                          # class: misspelling\n# tier: S2\n# confidence: confirmed\n";

    fn dictionary(entries: &str) -> Dictionary {
        Dictionary::parse("试", &format!("{HEADER}{entries}")).expect("the file is right")
    }

    #[test]
    fn an_entry_reads_as_it_is_written() {
        #[track_caller]
        fn check(written: &str) {
            assert_eq!(dictionary(written).entries[0].to_string(), written);
        }
        check("布署 → 部署");
        check("布署 → 部署 | unless=分布署名,公布署理");
        check("开元 | weak");
        check("甘晓毫 | title=厅长 | from=2024-03-01 | until=2025-06-30");
        check(
            "环保厅 → 生态环境厅 | tier=S3 | confidence=note | since=2018-10-25 | unless=原环保厅 | note=机构改革",
        );
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let errors = Dictionary::parse("试", "# what: 试\n# colour: red\n布署 →\n布署 | tier=S9\n甲 | 乙\n");
        let told: Vec<String> = errors.expect_err("it is wrong").iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "试.txt:2: unknown header key `colour`",
                "试.txt:3: an entry is `word` or `wrong → right`",
                "试.txt:4: `S9` is none of S0, S1, S2, S3",
                "试.txt:5: unknown option `乙`",
            ]
        );
    }

    #[test]
    fn a_file_without_header_is_incomplete() {
        let bare = Dictionary::parse("试", "甲\n-乙\n").expect("it can be read");
        assert_eq!(bare.incomplete().len(), REQUIRED.len() + 1);
        assert_eq!(dictionary("甲").incomplete(), []);
    }

    #[test]
    fn a_customer_adds_changes_and_takes_out() {
        #[track_caller]
        fn check(over: &str, expected: &[&str]) {
            let over = Dictionary::parse("试", over).expect("it can be read");
            let all = layered(vec![dictionary("甲 → 乙\n丙 → 丁\n")], vec![over]);
            let entries: Vec<String> = all[0].entries.iter().map(ToString::to_string).collect();
            assert_eq!(entries, expected);
        }
        check("戊 → 己", &["甲 → 乙", "丙 → 丁", "戊 → 己"]);
        check("甲 → 庚", &["丙 → 丁", "甲 → 庚"]);
        check("-丙", &["甲 → 乙"]);
        check("# replaces: yes\n辛", &["辛"]);
    }

    #[test]
    fn the_rendered_file_is_sorted() {
        let rendered = dictionary("布署 → 部署\n按装 → 安装\n布署 → 部署\n").rendered();
        assert_eq!(rendered, format!("{HEADER}布署 → 部署\n按装 → 安装\n"));
    }
}
