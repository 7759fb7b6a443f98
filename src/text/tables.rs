//! The tables beside the dictionaries: what a line of each must look like.

use std::collections::HashSet;

use super::dictionary::DictionaryError;

/// A table: its file, its text, what one line must look like, and the check for it.
type Table = (&'static str, &'static str, &'static str, fn(&str) -> bool);

const TABLES: &[Table] = &[
    (
        "characters.tsv",
        include_str!("../../dictionaries/characters.tsv"),
        "a character, its readings with their tones, and perhaps its components, between tabs",
        is_character,
    ),
    (
        "lookalikes.tsv",
        include_str!("../../dictionaries/lookalikes.tsv"),
        "a character and others that it looks like",
        is_row,
    ),
    (
        "divisions.txt",
        include_str!("../../dictionaries/divisions.txt"),
        "four digits, then pairs of digits, ascending",
        is_division,
    ),
];

/// Every line of every table that is malformed, or begins like another of its table.
pub(super) fn problems() -> Vec<DictionaryError> {
    TABLES.iter().flat_map(|&(file, text, shape, is_right)| of_table(file, text, shape, is_right)).collect()
}

fn of_table(file: &str, text: &str, shape: &str, is_right: fn(&str) -> bool) -> Vec<DictionaryError> {
    let mut seen = HashSet::new();
    let mut errors = Vec::new();
    for (line, written) in (1..).zip(text.lines()).filter(|(_, written)| !written.starts_with('#')) {
        let key = written.split(['\t', ' ']).next().unwrap_or_default();
        let problem = match (is_right(written), seen.insert(key)) {
            (true, true) => continue,
            (true, false) => format!("`{key}` stands here twice"),
            (false, _) => format!("a line is {shape}"),
        };
        errors.push(DictionaryError { file: file.to_owned(), line, problem });
    }
    errors
}

fn is_character(line: &str) -> bool {
    let fields: Vec<&str> = line.split('\t').collect();
    let is_reading = |reading: &str| {
        let sound = reading.trim_end_matches(|c: char| c.is_ascii_digit());
        reading.len() == sound.len() + 1 && !sound.is_empty() && sound.chars().all(char::is_alphabetic)
    };
    matches!(fields[..], [_, _] | [_, _, _])
        && fields[0].chars().count() == 1
        && fields[1].split(' ').all(is_reading)
}

fn is_row(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    chars.len() > 1 && chars.iter().collect::<HashSet<_>>().len() == chars.len()
}

fn is_division(line: &str) -> bool {
    let is_number =
        |digits: &str, len| digits.len() == len && digits.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = line.split(' ');
    let region = groups.next().is_some_and(|region| is_number(region, 4));
    let last: Vec<&str> = groups.collect();
    region
        && !last.is_empty()
        && last.iter().all(|digits| is_number(digits, 2))
        && last.is_sorted_by(|one, next| one < next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_their_shape() {
        assert!(is_character("的\tde5 di1\t白勺") && is_character("丨\tgun3"));
        assert!(!is_character("的\tde") && !is_character("的\t\t白勺") && !is_character("的确\tde5"));
        assert!(is_row("一二") && is_row("一二三") && !is_row("一一") && !is_row("一"));
        assert!(is_division("1101 00 01") && !is_division("1101 01 00") && !is_division("110 00"));
        assert!(!is_division("1101"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = of_table("试.tsv", "# what: 试\n一二\n一\n一二\n", "two characters", is_row);
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["试.tsv:3: a line is two characters", "试.tsv:4: `一二` stands here twice"]);
    }
}
