//! The health of dictionaries: what a person who edits them is told before their words reach a site.

use std::{collections::HashMap, path::Path};

use super::dictionary::{Dictionary, DictionaryError, Entry, Kind};
use super::files::Files;
use super::lexicon::Lexicons;
use super::normalise::Normaliser;

/// Clean official text with the traps that clean pages set. No dictionary may fire on it.
const CLEAN: &str = include_str!("../../fixtures/text/clean.txt");

/// Everything that is wrong with the built-in dictionaries and those of a folder layered over them.
pub fn check(folder: Option<&Path>) -> Vec<DictionaryError> {
    let all = Files::read(folder).and_then(|files| files.dictionaries());
    all.map_or_else(|errors| errors, |all| problems(&all, CLEAN))
}

/// What is wrong with dictionaries: errors, repeats, words inside what they call right, and hits on clean text.
fn problems(dictionaries: &[Dictionary], clean: &str) -> Vec<DictionaryError> {
    let lexicons = match Lexicons::compile(dictionaries) {
        Ok(lexicons) => lexicons,
        Err(errors) => return errors,
    };
    let mut errors: Vec<DictionaryError> =
        dictionaries.iter().flat_map(|dictionary| repeats(dictionary, &lexicons.normaliser)).collect();
    for dictionary in dictionaries.iter().filter(|dictionary| dictionary.header.kind == Some(Kind::Words)) {
        for entry in &dictionary.entries {
            let told = contradictions(entry, &lexicons.normaliser);
            errors.extend(told.into_iter().map(|problem| dictionary.error(entry.line, problem)));
        }
    }
    for (line, text) in (1..).zip(clean.lines()) {
        for hit in lexicons.hits(text) {
            let problem = format!("`{}` fires on line {line} of the clean reference text: {text}", hit.words);
            errors.push(DictionaryError { file: hit.class.chinese().to_owned(), line: 0, problem });
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
            &["错别字:0: `布署` fires on line 1 of the clean reference text: 分布署名"],
        );
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
