//! The dictionaries against sentences: what must stay quiet, and what must be found.

use std::path::Path;

use sitewarden::{speller::Words, text::Lexicons};

/// The lines of a fixture that are no comments.
fn sentences(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/text").join(name);
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn words<'t>(lexicons: &Lexicons, text: &'t str) -> Vec<&'t str> {
    lexicons.hits(text).iter().map(|hit| &text[hit.start..hit.end]).collect()
}

#[test]
fn words_that_come_about_by_accident_are_left_alone() {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let traps = sentences("traps.txt");
    assert!(traps.len() >= 120, "{}", traps.len());
    let fell: Vec<String> = traps
        .iter()
        .map(|trap| (trap, words(&lexicons, trap)))
        .filter(|(_, words)| !words.is_empty())
        .map(|(trap, words)| format!("{trap} {words:?}"))
        .collect();
    assert!(fell.is_empty(), "{} of {}:\n{}", fell.len(), traps.len(), fell.join("\n"));
}

#[test]
fn faults_are_found_however_their_neighbours_read() {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let faults = sentences("faults.txt");
    assert!(faults.len() >= 60, "{}", faults.len());
    let mut missed = Vec::new();
    for line in &faults {
        let (sentence, expected) = line.split_once(" | ").expect("a line is `sentence | words`");
        let found = words(&lexicons, sentence).join(" ");
        if found != expected {
            missed.push(format!("{sentence} found: {found}; expected: {expected}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), faults.len(), missed.join("\n"));
}
