//! The health of dictionaries: what a person who edits them is told before their words reach a site.

use std::{collections::HashMap, path::Path};

use super::dictionary::{Dictionary, DictionaryError, Entry, Kind};
use super::files::Files;
use super::lexicon::{Lexicons, Origin};
use super::normalise::Normaliser;
use super::tables;

/// Clean official text with the traps that clean pages set. No dictionary may fire on it.
const CLEAN: &str = include_str!("../../fixtures/text/clean.txt");

/// Everything that is wrong with the built-in dictionaries and those of a folder layered over them.
pub fn check(folder: Option<&Path>) -> Vec<DictionaryError> {
    let all = Files::read(folder).and_then(|files| files.dictionaries());
    let mut errors = all.map_or_else(|errors| errors, |all| problems(&all, CLEAN));
    errors.extend(tables::problems());
    errors
}

/// What is wrong with dictionaries. Words are judged without a segmenter, so that they are in good health without one.
fn problems(dictionaries: &[Dictionary], clean: &str) -> Vec<DictionaryError> {
    let lexicons = match Lexicons::compile(dictionaries) {
        Ok(lexicons) => lexicons,
        Err(errors) => return errors,
    };
    let mut errors: Vec<DictionaryError> =
        dictionaries.iter().flat_map(|dictionary| repeats(dictionary, &lexicons.normaliser)).collect();
    let words: Vec<Listed<'_>> = listed(dictionaries, &lexicons.normaliser);
    for (at, listed) in words.iter().enumerate() {
        let mut told = contradictions(listed.entry, &lexicons.normaliser);
        told.extend(in_two_files(&words[..at], listed));
        told.extend(wrong_right(listed, &lexicons));
        told.extend(mute(listed, &words, &lexicons));
        errors.extend(told.into_iter().map(|problem| listed.dictionary.error(listed.entry.line, problem)));
    }
    errors.extend(silenced(&words, &lexicons.normaliser));
    for (line, text) in (1..).zip(clean.lines()) {
        for hit in lexicons.hits(text) {
            let problem = format!("`{}` fires on line {line} of the clean reference text: {text}", hit.words);
            let file = format!("{}.txt", hit.origin.file);
            errors.push(DictionaryError { file, line: hit.origin.line, problem });
        }
    }
    errors
}

/// A wrong word of a file.
struct Listed<'a> {
    dictionary: &'a Dictionary,
    entry: &'a Entry,
    /// As the matcher sees it.
    word: String,
}

fn listed<'a>(dictionaries: &'a [Dictionary], normaliser: &Normaliser) -> Vec<Listed<'a>> {
    let of_words = dictionaries.iter().filter(|dictionary| dictionary.header.kind == Some(Kind::Words));
    let list = |dictionary: &'a Dictionary| {
        let entry = |entry: &'a Entry| Listed { dictionary, entry, word: normaliser.word(&entry.word) };
        dictionary.entries.iter().map(entry).collect::<Vec<_>>()
    };
    of_words.flat_map(list).collect()
}

/// A word that another file lists already: only one of them is heard.
fn in_two_files(before: &[Listed<'_>], listed: &Listed<'_>) -> Option<String> {
    let other = before
        .iter()
        .find(|other| other.word == listed.word && other.dictionary.name != listed.dictionary.name)?;
    let (file, line) = (&other.dictionary.name, other.entry.line);
    Some(format!("`{}` stands in {file}.txt:{line}, too", listed.entry.word))
}

/// What an entry calls right and another calls wrong.
fn wrong_right(listed: &Listed<'_>, lexicons: &Lexicons) -> Option<String> {
    let right = listed.entry.right.as_deref()?;
    let hits = lexicons.hits(right);
    // What an entry says against itself is told by `contradictions`.
    let is_other = |origin: &Origin| {
        (&*origin.file, origin.line) != (listed.dictionary.name.as_str(), listed.entry.line)
    };
    let hit = hits.iter().find(|hit| is_other(hit.origin))?;
    let (file, line) = (&hit.origin.file, hit.origin.line);
    Some(format!("`{right}` is called right, but `{}` fires on it ({file}.txt:{line})", hit.words))
}

/// Whether a word fires nowhere, not even alone, or beside a strong word of its class if it is weak.
fn mute(listed: &Listed<'_>, words: &[Listed<'_>], lexicons: &Lexicons) -> Option<String> {
    let mut text = listed.word.clone();
    if listed.entry.weak {
        let class = listed.dictionary.header.class;
        let strong = words.iter().find(|other| other.dictionary.header.class == class && !other.entry.weak);
        text.push('，');
        text.push_str(strong.map_or("", |strong| &strong.word));
    }
    let is_heard = lexicons.hits(&text).iter().any(|hit| hit.start < listed.word.len());
    (!is_heard).then(|| format!("`{}` can never fire: something innocent holds it", listed.entry.word))
}

/// Entries that fall silent inside what another entry allows for itself, without having said so.
fn silenced(words: &[Listed<'_>], normaliser: &Normaliser) -> Vec<DictionaryError> {
    let mut errors = Vec::new();
    for other in words {
        for allowed in &other.entry.unless {
            let text = normaliser.word(allowed);
            let inside = |listed: &&Listed<'_>| {
                text.contains(&listed.word)
                    && !other.word.contains(&listed.word)
                    && !listed.entry.unless.contains(allowed)
            };
            for listed in words.iter().filter(inside) {
                let (file, line) = (&listed.dictionary.name, listed.entry.line);
                let problem =
                    format!("`{allowed}` also silences `{}` ({file}.txt:{line})", listed.entry.word);
                errors.push(other.dictionary.error(other.entry.line, problem));
            }
        }
    }
    errors
}

/// Entries that stand twice in a file.
fn repeats(dictionary: &Dictionary, normaliser: &Normaliser) -> Vec<DictionaryError> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut errors = Vec::new();
    for entry in &dictionary.entries {
        let word = match dictionary.header.kind {
            // Here the spelling is the point.
            Some(Kind::Variants) => entry.word.clone(),
            // One person may hold several posts, and one post twice.
            Some(Kind::Roster) => entry.to_string(),
            _ => normaliser.word(&entry.word),
        };
        if let Some(line) = first.insert(word, entry.line) {
            errors.push(dictionary.error(entry.line, format!("`{}` stands in line {line}, too", entry.word)));
        }
    }
    errors
}

/// What an entry says against itself.
fn contradictions(entry: &Entry, normaliser: &Normaliser) -> Vec<String> {
    let word = normaliser.word(&entry.word);
    let holds = |longer: &str| normaliser.word(longer).contains(&word);
    let mut told = Vec::new();
    if let Some(right) = &entry.right
        && holds(right)
        && !entry.unless.contains(right)
    {
        told.push(format!("`{}` stands inside `{right}`, which it calls right", entry.word));
    }
    for longer in entry.unless.iter().filter(|longer| !holds(longer)) {
        told.push(format!("`{longer}` does not hold `{}` and cannot excuse it", entry.word));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::files::built_in;
    use super::*;

    const HEADER: &str = "# what: 试\n# source: 试\n# licence: 试\n# date: 2026-11-21\n# kind: words\n\
                          # class: misspelling\n# tier: S2\n# confidence: confirmed\n";

    #[track_caller]
    fn check_file(entries: &str, expected: &[&str]) {
        let dictionary = Dictionary::parse("试", &format!("{HEADER}{entries}")).expect("it can be read");
        let told: Vec<String> = problems(&[dictionary], "分布署名").iter().map(ToString::to_string).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check_file("按装 → 安装", &[]);
        check_file("按装 → 安装\n按装 → 安装", &["试.txt:10: `按装` stands in line 9, too"]);
        check_file("安 → 安装", &["试.txt:9: `安` stands inside `安装`, which it calls right"]);
        check_file("按装 → 安装 | unless=甲", &["试.txt:9: `甲` does not hold `按装` and cannot excuse it"]);
        check_file("布署 → 部署 | unless=分布署名", &[]);
        check_file(
            "布署 → 部署",
            &["试.txt:9: `布署` fires on line 1 of the clean reference text: 分布署名"],
        );
    }

    #[test]
    fn entries_are_held_against_each_other() {
        let read = |name: &str, entries: &str| {
            Dictionary::parse(name, &format!("{HEADER}{entries}")).expect("it can be read")
        };
        let files = [
            read("一", "甲乙 → 丙丁\n戊己 → 甲乙丙\n"),
            read("二", "甲乙 → 庚\n子丑 | unless=子丑戊己\n辛 | weak\n"),
        ];
        let told: Vec<String> = problems(&files, "").iter().map(ToString::to_string).collect();
        let expected = [
            "一.txt:10: `甲乙丙` is called right, but `甲乙` fires on it (一.txt:9)",
            "二.txt:9: `甲乙` stands in 一.txt:9, too",
            "二.txt:10: `子丑戊己` also silences `戊己` (一.txt:10)",
        ];
        assert_eq!(told, expected);
        let allow = HEADER.replace("kind: words", "kind: allow");
        let allow = Dictionary::parse("三", &format!("{allow}戊己庚\n戊己\n")).expect("it can be read");
        let told = problems(&[read("一", "戊己 → 丁"), allow], "");
        assert_eq!(told[0].to_string(), "一.txt:9: `戊己` can never fire: something innocent holds it");
    }

    #[test]
    fn the_built_in_dictionaries_are_in_good_health() {
        let told: Vec<String> = check(None).iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }

    /// `BLESS=1` writes the files as they should be.
    #[test]
    fn the_built_in_dictionaries_are_sorted() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
        for dictionary in built_in() {
            let path = folder.join(format!("{}.txt", dictionary.name));
            let rendered = dictionary.rendered();
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&path, &rendered).expect("the folder can be written");
            }
            let written = std::fs::read_to_string(&path).expect("the file is there");
            assert!(written == rendered, "{} is not sorted: run with BLESS=1", path.display());
        }
    }
}
