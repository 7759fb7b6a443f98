//! Which characters are taken for one another: those that sound alike, and those that look alike.

use std::collections::{BTreeMap, HashMap};

use super::symbols::{Alphabet, Symbol};

/// Components that more characters than this share make nobody mistake one for another.
const COMMON: usize = 120;

/// Why one character is taken for another; several may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Why(u8);

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

/// A syllable with its tone, as `zhong1`, and as those hear it who do not tell near ones apart.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    sound: String,
    tone: char,
    near: u16,
}

struct Known {
    readings: Vec<Reading>,
    components: Vec<char>,
    symbol: Option<Symbol>,
}

/// Who is taken for whom.
pub(super) struct Confusions {
    chars: HashMap<char, Vec<(Symbol, Why)>>,
    sounds: HashMap<char, Vec<u16>>,
    twos: HashMap<(u16, u16), Vec<[Symbol; 2]>>,
}

impl Confusions {
    /// Confusions among the characters of `table` (a character, its readings, its components: a line each) and the
    /// pairs of `looks`; what somebody may have meant is of the alphabet.
    pub(super) fn new(
        table: &str,
        looks: &str,
        alphabet: &Alphabet,
        twos: &[(Symbol, Symbol)],
    ) -> Confusions {
        let known = known(table, alphabet);
        let mut by_sound: HashMap<u16, Vec<char>> = HashMap::new();
        let mut by_component: HashMap<char, Vec<char>> = HashMap::new();
        for (&char, about) in &known {
            for near in about.near() {
                by_sound.entry(near).or_default().push(char);
            }
            for &component in &about.components {
                by_component.entry(component).or_default().push(char);
            }
        }
        let mut by_look: HashMap<char, Vec<char>> = HashMap::new();
        for pair in looks.lines().filter(|line| !line.starts_with('#')) {
            if let [one, other] = pair.chars().collect::<Vec<_>>()[..] {
                by_look.entry(one).or_default().push(other);
                by_look.entry(other).or_default().push(one);
            }
        }
        let chars = known.iter().map(|(&char, about)| {
            let mut others: BTreeMap<char, Why> = BTreeMap::new();
            let mut add = |other: char, why: Why| {
                let all = others.entry(other).or_default();
                *all = all.or(why);
            };
            for near in about.near() {
                by_sound[&near].iter().for_each(|&other| add(other, about.heard_as(&known[&other])));
            }
            for component in &about.components {
                let sharing = &by_component[component];
                if sharing.len() <= COMMON {
                    sharing.iter().for_each(|&other| add(other, Why::SAME_COMPONENT));
                }
            }
            by_look.get(&char).into_iter().flatten().for_each(|&other| add(other, Why::LOOKS_ALIKE));
            others.remove(&char);
            let mut others: Vec<(Symbol, Why)> = others
                .into_iter()
                .filter_map(|(other, why)| Some((known.get(&other)?.symbol?, why)))
                .collect();
            others.sort_unstable_by_key(|other| other.0);
            (char, others)
        });
        let chars = chars.collect();
        let sounds: HashMap<char, Vec<u16>> =
            known.iter().map(|(&char, about)| (char, about.near())).collect();
        Confusions { chars, twos: by_sounds(twos, alphabet, &sounds), sounds }
    }

    /// What a character may have been meant to be, by symbol.
    pub(super) fn of(&self, char: char) -> &[(Symbol, Why)] {
        self.chars.get(&char).map_or(&[], Vec::as_slice)
    }

    /// Why a character is taken for another; nothing where it is not.
    pub(super) fn why(&self, char: char, meant: Symbol) -> Why {
        let others = self.of(char);
        others.binary_search_by_key(&meant, |other| other.0).map_or(Why::default(), |at| others[at].1)
    }

    /// Words of two characters that sound like these two.
    pub(super) fn words(&self, first: char, second: char) -> Vec<[Symbol; 2]> {
        let (Some(first), Some(second)) = (self.sounds.get(&first), self.sounds.get(&second)) else {
            return Vec::new();
        };
        let sounds = first.iter().flat_map(|&first| second.iter().map(move |&second| (first, second)));
        let mut words: Vec<[Symbol; 2]> =
            sounds.filter_map(|sounds| self.twos.get(&sounds)).flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

impl Known {
    fn near(&self) -> Vec<u16> {
        let mut near: Vec<u16> = self.readings.iter().map(|reading| reading.near).collect();
        near.sort_unstable();
        near.dedup();
        near
    }

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

/// The characters of the table, in its order, so that everything derived from it is the same every time.
fn known(table: &str, alphabet: &Alphabet) -> BTreeMap<char, Known> {
    let mut syllables: HashMap<String, u16> = HashMap::new();
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
            let sound = reading.trim_end_matches(tone).to_owned();
            let next = syllables.len() as u16;
            let near = *syllables.entry(as_heard(&sound)).or_insert(next);
            Some(Reading { sound, tone, near })
        });
        // A character may itself be what is missing from another: 台 and 治.
        let components = fields.next().unwrap_or_default().chars().chain([char]);
        let symbol = alphabet.symbol(char);
        let about = Known {
            readings: readings.collect(),
            components: components.collect(),
            symbol: alphabet.char(symbol).map(|_| symbol),
        };
        known.insert(char, about);
    }
    known
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
    sounds: &HashMap<char, Vec<u16>>,
) -> HashMap<(u16, u16), Vec<[Symbol; 2]>> {
    let mut words: HashMap<(u16, u16), Vec<[Symbol; 2]>> = HashMap::new();
    let of = |symbol| alphabet.char(symbol).and_then(|char| sounds.get(&char)).into_iter().flatten();
    for &(first, second) in twos {
        for &one in of(first) {
            for &other in of(second) {
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
        let confusions = Confusions::new(TABLE, "宁间\n", &alphabet, &[(symbol('宁'), symbol('间'))]);
        let why = |char, meant| confusions.why(char, symbol(meant));
        assert!(why('剑', '检').has(Why::SAME_SOUND) && why('剑', '检').has(Why::SAME_COMPONENT));
        assert!(!why('剑', '检').has(Why::SAME_TONE) && why('剑', '间').has(Why::SAME_TONE));
        assert!(why('林', '宁').has(Why::NEAR_SOUND) && !why('林', '宁').has(Why::SAME_SOUND));
        assert!(why('间', '宁').has(Why::LOOKS_ALIKE));
        assert_eq!(why('剑', '林'), Why::default());
        assert_eq!(confusions.words('林', '剑'), [[symbol('宁'), symbol('间')]]);
    }
}
