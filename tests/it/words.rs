//! The dictionaries against sentences: what must stay quiet, and what must be found.

use std::path::Path;

use jiff::civil::{Date, date};
use sitewarden::speller::Words;
use sitewarden::text::Lexicons;
use sitewarden::text::dictionary::{Dictionary, Entry};

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

/// Near misses of a phrase: an inner character gone, one too many, another one, two swapped.
fn near_misses(phrase: &str) -> Vec<String> {
    let chars: Vec<char> = phrase.chars().collect();
    let inner = 1..chars.len() - 1;
    // A character that no phrase holds.
    const STRANGER: char = '乂';
    let changed = |change: &dyn Fn(&mut Vec<char>)| {
        let mut copy = chars.clone();
        change(&mut copy);
        copy.into_iter().collect::<String>()
    };
    let mut all = Vec::new();
    for at in inner {
        all.push(changed(&|chars| {
            chars.remove(at);
        }));
        all.push(changed(&|chars| chars.insert(at, STRANGER)));
        all.push(changed(&|chars| chars[at] = STRANGER));
        if at + 2 < chars.len() {
            all.push(changed(&|chars| chars.swap(at, at + 1)));
        }
    }
    all.retain(|near| near != phrase);
    all
}

/// The entries of a dictionary that ships.
fn dictionary(name: &str) -> Dictionary {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("dictionaries/{name}.txt"));
    let text = std::fs::read_to_string(path).expect("the dictionary is there");
    Dictionary::parse(name, &text).expect("it is right")
}

#[test]
fn every_near_miss_of_a_protected_phrase_fires() {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let entries: Vec<_> = ["phrases", "titles"].iter().flat_map(|name| dictionary(name).entries).collect();
    let is_right = |near: &str| {
        let is_excused = |entry: &Entry| entry.unless.iter().any(|word| near.contains(word.as_str()));
        entries.iter().any(|entry| near == entry.word || is_excused(entry))
    };
    let (mut tried, mut missed) = (0, Vec::new());
    for entry in &entries {
        assert!(words(&lexicons, &entry.word).is_empty(), "{} fires", entry.word);
        for near in near_misses(&entry.word).into_iter().filter(|near| !is_right(near)) {
            tried += 1;
            if words(&lexicons, &near).is_empty() {
                missed.push(near);
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
    assert!(missed.is_empty(), "{} of {tried}: {}", missed.len(), missed.join(" "));
}

#[test]
fn a_roster_of_the_customer_is_applied() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let roster = "甘晓毫 | title=省生态环境厅厅长 | from=2024-03-01 | until=2025-06-30\n\
                  费永利 | title=省生态环境厅厅长 | from=2025-07-01\n";
    std::fs::write(folder.path().join("roster.txt"), roster).expect("written");
    let lexicons = Lexicons::load(Some(folder.path())).expect("it is right").cut_by(&Words);
    let check = |text: &str, day: Option<Date>, expected: &[(&str, Option<&str>)]| {
        let hits = lexicons.hits(text);
        let wrong = hits.iter().filter(|hit| hit.when.is_wrong_on(day));
        let seen: Vec<_> = wrong.map(|hit| (hit.words.as_str(), hit.suggestion)).collect();
        assert_eq!(seen, expected, "{text}");
    };
    let day = |year| Some(date(year, 12, 1));
    check("省生态环境厅厅长甘晓豪出席会议", None, &[("甘晓豪", Some("甘晓毫"))]);
    check("省生态环境厅厅长甘晓毫出席会议", None, &[]);
    check("省生态环境厅厅长甘晓毫出席会议", day(2024), &[]);
    check("省生态环境厅厅长甘晓毫出席会议", day(2025), &[("甘晓毫", None)]);
    check("省生态环境厅厅长费永利主持", day(2024), &[("费永利", None)]);
    check("省生态环境厅厅长费永利主持", day(2025), &[]);
    check("省生态环境厅副厅长甘晓豪、处长费永立", day(2025), &[]);
}

#[test]
fn old_names_are_wrong_from_their_day() {
    let lexicons = Lexicons::built_in().cut_by(&Words);
    let check = |text: &str, expected: &[&str]| {
        let hits = lexicons.hits(text);
        let wrong = hits.iter().filter(|hit| hit.when.is_wrong_on(Some(date(2026, 11, 1))));
        assert_eq!(wrong.map(|hit| hit.words.as_str()).collect::<Vec<_>>(), expected, "{text}");
    };
    check("依据《中华人民共和国民法通则》和《合同法》处理", &["中华人民共和国民法通则", "《合同法》"]);
    check("《中华人民共和国民法通则》已于2021年废止", &[]);
    check("依据《中华人民共和国劳动合同法》处理", &[]);
    check("按照《环境行政处罚办法》处罚", &["《环境行政处罚办法》"]);
    check("双流县人民政府，郫县豆瓣", &["双流县"]);
    check("原双流县、旧称温江县的地方", &[]);
    check("国家旅游局负责，国家林业局配合", &["国家旅游局", "国家林业局"]);
    check("2016年国家旅游局印发的办法", &[]);
}
