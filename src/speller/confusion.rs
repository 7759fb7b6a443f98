//! Which characters are taken for one another: those that sound alike, and those that look alike.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::neighbours::Set;
use super::symbols::{Alphabet, Symbol};

/// Components that more characters than this share make nobody mistake one for another.
const COMMON: usize = 120;

/// Why one character is taken for another; several may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Why(u16);

impl Why {
    pub(super) const SAME_TONE: Why = Why(1);
    pub(super) const SAME_SOUND: Why = Why(2);
    /// What many speakers do not tell apart: zh and z, n and l, ing and in.
    pub(super) const NEAR_SOUND: Why = Why(4);
    pub(super) const SAME_COMPONENT: Why = Why(8);
    pub(super) const LOOKS_ALIKE: Why = Why(16);
    /// The same two characters, the other way round.
    pub(super) const SWAPPED: Why = Why(32);
    /// The same character twice.
    pub(super) const DOUBLED: Why = Why(64);
    /// One letter too many, too few or another when the sound was typed: xie and xue.
    pub(super) const MISTYPED: Why = Why(128);
    /// Both have a component that many have.
    pub(super) const SAME_RADICAL: Why = Why(256);
    /// One is a component of the other: 言 and 信.
    pub(super) const PART: Why = Why(512);

    pub(super) fn has(self, why: Why) -> bool {
        self.0 & why.0 != 0
    }

    fn or(self, why: Why) -> Why {
        Why(self.0 | why.0)
    }

    /// What holds of both.
    pub(super) fn and(self, why: Why) -> Why {
        Why(self.0 & why.0)
    }
}

/// A syllable and its tone, and the syllable as those hear it who do not tell near ones apart.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    letters: &'static str,
    sound: u16,
    tone: char,
    near: u16,
}

/// What is known of a character.
#[derive(Default)]
struct Known {
    readings: Vec<Reading>,
    /// How it may be heard, each once.
    near: Vec<u16>,
    components: Vec<char>,
    symbol: Option<Symbol>,
    /// What it may have been meant to be, by symbol; found when it is first asked for, as a text has few of the
    /// characters that there are.
    others: OnceLock<Vec<(Symbol, Why)>>,
    /// What it has a letter or a component in common with, likewise.
    distant: OnceLock<Set>,
}

/// Who is taken for whom.
pub(super) struct Confusions {
    /// In the order of the characters, so that everything derived from it is the same every time.
    known: BTreeMap<char, Known>,
    by_sound: HashMap<u16, Vec<char>>,
    by_component: HashMap<char, Vec<char>>,
    by_look: HashMap<char, &'static str>,
    by_letters: HashMap<&'static str, Vec<Symbol>>,
    by_part: HashMap<char, Vec<Symbol>>,
    twos: HashMap<(u16, u16), Vec<[Symbol; 2]>>,
}

/// What a character may have been meant to be, by symbol.
#[derive(Clone, Copy)]
pub(super) struct Others<'a>(&'a [(Symbol, Why)]);

impl<'a> Others<'a> {
    /// Every symbol, and why it is taken for it.
    pub(super) fn iter(self) -> impl Iterator<Item = (Symbol, Why)> + use<'a> {
        self.0.iter().copied()
    }

    /// Why the character is taken for this one; nothing where it is not.
    pub(super) fn why(self, meant: Symbol) -> Why {
        let at = self.0.binary_search_by_key(&meant, |other| other.0);
        at.map_or(Why::default(), |at| self.0[at].1)
    }
}

impl Confusions {
    /// Confusions among the characters of `table` (a character, its readings, its components: a line each) and those
    /// of `looks` (a character and those it looks like: a line each); what somebody may have meant is of the alphabet.
    pub(super) fn new(
        table: &'static str,
        looks: &'static str,
        alphabet: &Alphabet,
        twos: &[(Symbol, Symbol)],
    ) -> Confusions {
        let mut known = known(table, alphabet);
        let mut by_sound: HashMap<u16, Vec<char>> = HashMap::new();
        let mut by_component: HashMap<char, Vec<char>> = HashMap::new();
        let mut by_letters: HashMap<&str, Vec<Symbol>> = HashMap::new();
        let mut by_part: HashMap<char, Vec<Symbol>> = HashMap::new();
        for (&char, about) in &known {
            // What the alphabet has not got, nobody is said to have meant.
            if let Some(symbol) = about.symbol {
                about.near.iter().for_each(|&near| by_sound.entry(near).or_default().push(char));
                let letters = about.readings.iter().map(|reading| reading.letters);
                letters.for_each(|letters| by_letters.entry(letters).or_default().push(symbol));
                about.components.iter().for_each(|&part| by_part.entry(part).or_default().push(symbol));
            }
            for &component in &about.components {
                by_component.entry(component).or_default().push(char);
            }
        }
        by_component.retain(|_, sharing| sharing.len() <= COMMON);
        for sharing in by_component.values_mut() {
            sharing.retain(|char| known[char].symbol.is_some());
        }
        let by_look: HashMap<char, &str> = looks
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut chars = line.chars();
                Some((chars.next()?, chars.as_str()))
            })
            .collect();
        for &char in by_look.keys() {
            known.entry(char).or_default();
        }
        let twos = by_sounds(twos, alphabet, &known);
        Confusions { known, by_sound, by_component, by_look, by_letters, by_part, twos }
    }

    /// What a character may have been meant to be.
    pub(super) fn of(&self, char: char) -> Others<'_> {
        let about = self.known.get(&char);
        Others(about.map_or(&[], |about| about.others.get_or_init(|| self.others(char, about))))
    }

    fn others(&self, char: char, about: &Known) -> Vec<(Symbol, Why)> {
        let mut others: BTreeMap<Symbol, Why> = BTreeMap::new();
        let mut add = |other: char, why: &dyn Fn(&Known) -> Why| {
            let Some(theirs) = self.known.get(&other).filter(|_| other != char) else { return };
            if let Some(symbol) = theirs.symbol {
                let all = others.entry(symbol).or_default();
                *all = all.or(why(theirs));
            }
        };
        for alike in about.near.iter().filter_map(|near| self.by_sound.get(near)) {
            alike.iter().for_each(|&other| add(other, &|theirs| about.heard_as(theirs)));
        }
        for sharing in about.components.iter().filter_map(|component| self.by_component.get(component)) {
            sharing.iter().for_each(|&other| add(other, &|_| Why::SAME_COMPONENT));
        }
        for other in self.by_look.get(&char).into_iter().flat_map(|others| others.chars()) {
            add(other, &|_| Why::LOOKS_ALIKE);
        }
        others.into_iter().collect()
    }

    /// What a character may have been meant to be that it neither sounds nor looks like, among others that it does: for
    /// each of these, [`Confusions::why_distant`] has a reason.
    pub(super) fn distant(&self, char: char) -> Option<&Set> {
        let about = self.known.get(&char)?;
        Some(about.distant.get_or_init(|| {
            let is_near =
                |letters| about.readings.iter().any(|mine| is_one_letter_off(mine.letters, letters));
            let typed = self.by_letters.iter().filter(|(letters, _)| is_near(letters)).map(|(_, like)| like);
            let sharing = about.components.iter().filter_map(|part| self.by_part.get(part));
            typed.chain(sharing).flatten().copied().collect()
        }))
    }

    /// Why a character may be taken for one that it neither sounds nor looks like.
    pub(super) fn why_distant(&self, char: char, meant: char) -> Why {
        let (Some(mine), Some(theirs)) = (self.known.get(&char), self.known.get(&meant)) else {
            return Why::default();
        };
        let shape = if mine.components.contains(&meant) || theirs.components.contains(&char) {
            Why::PART
        } else if mine.components.iter().any(|component| theirs.components.contains(component)) {
            Why::SAME_RADICAL
        } else {
            Why::default()
        };
        let is_mistyped = |mine: &Reading| {
            theirs.readings.iter().any(|theirs| is_one_letter_off(mine.letters, theirs.letters))
        };
        if mine.readings.iter().any(is_mistyped) { shape.or(Why::MISTYPED) } else { shape }
    }

    /// Words of two characters that sound like these two.
    pub(super) fn words(&self, first: char, second: char) -> Vec<[Symbol; 2]> {
        let (Some(first), Some(second)) = (self.known.get(&first), self.known.get(&second)) else {
            return Vec::new();
        };
        let sounds =
            first.near.iter().flat_map(|&first| second.near.iter().map(move |&second| (first, second)));
        let mut words: Vec<[Symbol; 2]> =
            sounds.filter_map(|sounds| self.twos.get(&sounds)).flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

impl Known {
    fn heard_as(&self, other: &Known) -> Why {
        let mut why = Why::NEAR_SOUND;
        for mine in &self.readings {
            for theirs in other.readings.iter().filter(|theirs| theirs.sound == mine.sound) {
                why = why.or(Why::SAME_SOUND);
                if theirs.tone == mine.tone {
                    why = why.or(Why::SAME_TONE);
                }
            }
        }
        why
    }
}

/// The characters of the table.
fn known(table: &'static str, alphabet: &Alphabet) -> BTreeMap<char, Known> {
    let mut syllables = Syllables::default();
    let mut known = BTreeMap::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(char), Some(readings)) =
            (fields.next().and_then(|char| char.chars().next()), fields.next())
        else {
            continue;
        };
        let readings = readings.split(' ').filter_map(|reading| {
            let tone = reading.chars().next_back()?;
            let sound = reading.trim_end_matches(tone);
            let near = syllables.number(&as_heard(sound));
            Some(Reading { letters: sound, sound: syllables.number(sound), tone, near })
        });
        let readings: Vec<Reading> = readings.collect();
        let mut near: Vec<u16> = readings.iter().map(|reading| reading.near).collect();
        near.sort_unstable();
        near.dedup();
        // A character may itself be what is missing from another: 台 and 治.
        let components = fields.next().unwrap_or_default().chars().chain([char]);
        let symbol = alphabet.symbol(char);
        let about = Known {
            readings,
            near,
            components: components.collect(),
            symbol: alphabet.char(symbol).map(|_| symbol),
            ..Known::default()
        };
        known.insert(char, about);
    }
    known
}

/// Syllables by number.
#[derive(Default)]
struct Syllables(HashMap<String, u16>);

impl Syllables {
    fn number(&mut self, syllable: &str) -> u16 {
        if let Some(&number) = self.0.get(syllable) {
            return number;
        }
        let number = self.0.len() as u16;
        self.0.insert(syllable.to_owned(), number);
        number
    }
}

/// Whether one letter more, less or another makes one syllable of the other.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    let same = one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count();
    one.len().max(other.len()) - same <= 1
}

/// A syllable as those hear it who do not tell near ones apart.
fn as_heard(sound: &str) -> String {
    let mut heard = sound.replace("zh", "z").replace("ch", "c").replace("sh", "s");
    if let Some(rest) = heard.strip_prefix('n') {
        heard = format!("l{rest}");
    }
    if let Some(rest) = heard.strip_suffix("ng") {
        heard = format!("{rest}n");
    }
    match heard.as_str() {
        "hu" => "fu".to_owned(),
        "huan" => "fan".to_owned(),
        "hui" => "fei".to_owned(),
        _ => heard,
    }
}

fn by_sounds(
    twos: &[(Symbol, Symbol)],
    alphabet: &Alphabet,
    known: &BTreeMap<char, Known>,
) -> HashMap<(u16, u16), Vec<[Symbol; 2]>> {
    let mut words: HashMap<(u16, u16), Vec<[Symbol; 2]>> = HashMap::new();
    let of = |symbol| alphabet.char(symbol).and_then(|char| known.get(&char)).map(|known| &known.near);
    for &(first, second) in twos {
        let (Some(ones), Some(others)) = (of(first), of(second)) else { continue };
        for &one in ones {
            for &other in others {
                words.entry((one, other)).or_default().push([first, second]);
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# a table\n检\tjian3\t木佥\n剑\tjian4\t佥刀\n间\tjian1 jian4\t门日\n宁\tning2\t宀丁\n林\tlin2\t木木\n";

    #[test]
    fn sound_and_shape() {
        let alphabet = Alphabet::new("检剑间宁林己".chars());
        let symbol = |char| alphabet.symbol(char);
        let confusions = Confusions::new(TABLE, "间宁\n", &alphabet, &[(symbol('宁'), symbol('间'))]);
        let why = |char, meant| confusions.of(char).why(symbol(meant));
        assert!(why('剑', '检').has(Why::SAME_SOUND) && why('剑', '检').has(Why::SAME_COMPONENT));
        assert!(!why('剑', '检').has(Why::SAME_TONE) && why('剑', '间').has(Why::SAME_TONE));
        assert!(why('林', '宁').has(Why::NEAR_SOUND) && !why('林', '宁').has(Why::SAME_SOUND));
        assert!(why('间', '宁').has(Why::LOOKS_ALIKE));
        assert_eq!(why('剑', '林'), Why::default());
        assert_eq!(confusions.words('林', '剑'), [[symbol('宁'), symbol('间')]]);
        for (char, meant) in
            "检剑间宁林".chars().flat_map(|one| "检剑间宁林".chars().map(move |other| (one, other)))
        {
            let is_distant = confusions.distant(char).unwrap().has(symbol(meant));
            assert_eq!(is_distant, confusions.why_distant(char, meant) != Why::default(), "{char} {meant}");
        }
    }

    #[test]
    fn what_is_typed_wrong_is_one_letter_off() {
        for (one, other) in [("xie", "xue"), ("jia", "jian"), ("ce", "ci"), ("piao", "biao"), ("e", "a")] {
            assert!(is_one_letter_off(one, other) && is_one_letter_off(other, one), "{one} {other}");
        }
        for (one, other) in [("xie", "xuan"), ("a", "bao"), ("shi", "zi")] {
            assert!(!is_one_letter_off(one, other), "{one} {other}");
        }
    }
}
