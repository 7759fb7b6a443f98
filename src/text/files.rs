//! Where dictionaries come from: the files in the program and a folder of the customer's over them.

use std::{fmt::Display, fs, path::Path};

use xxhash_rust::xxh3::Xxh3;

use super::dictionary::{Dictionary, DictionaryError, layered};

/// The built-in files.
const BUILT_IN: &[(&str, &str)] = &[
    ("allow", include_str!("../../dictionaries/allow.txt")),
    ("contraband", include_str!("../../dictionaries/contraband.txt")),
    ("defacers", include_str!("../../dictionaries/defacers.txt")),
    ("forgery", include_str!("../../dictionaries/forgery.txt")),
    ("formulas", include_str!("../../dictionaries/formulas.txt")),
    ("fraud", include_str!("../../dictionaries/fraud.txt")),
    ("gambling", include_str!("../../dictionaries/gambling.txt")),
    ("laws", include_str!("../../dictionaries/laws.txt")),
    ("legal-context", include_str!("../../dictionaries/legal-context.txt")),
    ("misspellings", include_str!("../../dictionaries/misspellings.txt")),
    ("mojibake", include_str!("../../dictionaries/mojibake.txt")),
    ("names", include_str!("../../dictionaries/names.txt")),
    ("old-names", include_str!("../../dictionaries/old-names.txt")),
    ("phrases", include_str!("../../dictionaries/phrases.txt")),
    ("placeholders", include_str!("../../dictionaries/placeholders.txt")),
    ("pornography", include_str!("../../dictionaries/pornography.txt")),
    ("roster", include_str!("../../dictionaries/roster.txt")),
    ("slips", include_str!("../../dictionaries/slips.txt")),
    ("titles", include_str!("../../dictionaries/titles.txt")),
    ("traditional", include_str!("../../dictionaries/traditional.txt")),
    ("wording", include_str!("../../dictionaries/wording.txt")),
];

/// The files of a folder, read and not yet understood.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Name without `.txt`, and text; by name.
    written: Vec<(String, String)>,
}

impl Files {
    /// The dictionary files of a folder; none without a folder.
    pub(super) fn read(folder: Option<&Path>) -> Result<Files, Vec<DictionaryError>> {
        let Some(folder) = folder else { return Ok(Files::default()) };
        let listing = fs::read_dir(folder).map_err(|error| vec![unreadable(folder, &error)])?;
        let (mut written, mut errors) = (Vec::new(), Vec::new());
        for path in listing.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match fs::read_to_string(&path) {
                Ok(text) => written.push((name, text)),
                Err(error) => errors.push(unreadable(&path, &error)),
            }
        }
        written.sort();
        errors.sort();
        if errors.is_empty() { Ok(Files { written }) } else { Err(errors) }
    }

    /// These files, with entries added to the roster.
    pub(super) fn with_people(&self, entries: &str) -> Files {
        const ROSTER: &str = "roster";
        let mut written = self.written.clone();
        match written.iter_mut().find(|(name, _)| name == ROSTER) {
            Some((_, text)) => *text = format!("{}\n{entries}", text.trim_end()),
            None => written.push((ROSTER.to_owned(), entries.to_owned())),
        }
        Files { written }
    }

    /// What tells these files from others, but for a hash's chance.
    pub(super) fn print(&self) -> u64 {
        let mut hash = Xxh3::new();
        for part in self.written.iter().flat_map(|(name, text)| [name, text]) {
            hash.update(&part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.digest()
    }

    /// The built-in files with these layered over them. Every problem is told.
    pub(super) fn dictionaries(&self) -> Result<Vec<Dictionary>, Vec<DictionaryError>> {
        let (mut read, mut errors) = (Vec::new(), Vec::new());
        for (name, text) in &self.written {
            match Dictionary::parse(name, text) {
                Ok(dictionary) => read.push(dictionary),
                Err(problems) => errors.extend(problems),
            }
        }
        if errors.is_empty() { Ok(layered(built_in(), read)) } else { Err(errors) }
    }
}

/// The built-in files.
pub(super) fn built_in() -> Vec<Dictionary> {
    let read = |&(name, text): &(&str, &str)| {
        Dictionary::parse(name, text).expect("a test reads the built-in dictionaries")
    };
    BUILT_IN.iter().map(read).collect()
}

fn unreadable(path: &Path, error: &dyn Display) -> DictionaryError {
    let problem = format!("cannot be read: {error}");
    DictionaryError { file: path.display().to_string(), line: 0, problem }
}
