//! The speller: finds characters that somebody mistook for others, in prose nobody has listed.
//!
//! A model of official Chinese says how likely a sentence is. Where it reads badly ([`gate`]), [`candidates`] tries what
//! may have been meant: characters that sound or look alike ([`confusion`]), words that sound alike, two characters
//! swapped or one written twice, and, where everything speaks for it, one that shares but a letter or a radical.
//! [`features`] put into numbers what speaks for each, a [`forest`] of small trees that learned from mended sentences
//! turns them into log odds, and [`search`] makes the best edits first.
//!
//! An [`idiolect`] adds what the site that is read writes itself.
//!
//! The counts of the model are read where they lie in its [`file`]: those of two symbols as [`neighbours`] of each other,
//! those of what was seen [`once`] apart, the others in one [`table`], which is not asked about [`threes`] that were never
//! seen. [`counting`] and [`boost`] make one, [`teach`] says what to learn from, [`evaluate`] how good it has become.
//! Without a model there is no speller, and the dictionaries of [`text`](crate::text) do alone what they can.

mod boost;
mod candidates;
mod confusion;
mod counting;
mod evaluate;
mod features;
mod file;
mod forest;
mod gate;
mod idiolect;
mod lattice;
mod listed;
mod memo;
mod model;
mod neighbours;
mod ngram;
mod once;
mod search;
mod segment;
mod sentence;
mod symbols;
mod table;
mod teach;
mod threes;
mod train;

use std::{
    collections::HashSet,
    ops::Range,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use xxhash_rust::xxh3::xxh3_64_with_seed;

pub use evaluate::{Marks, cross_validate, evaluate};
pub use file::{ModelError, Provenance};
pub use idiolect::{Idiolect, Listener};
pub use segment::Words;
pub use teach::Pair;
pub use train::{Material, Trained, train};

use confusion::Confusions;
use gate::Gate;
use model::{Model, Own};
use search::{Edit, Reader};
use sentence::Sentence;

/// The model that ships with the program: laws, work reports, place names. Its header says what from.
static BUILT_IN: &[u8] = include_bytes!("../../dictionaries/official.lm");
static CHARACTERS: &str = include_str!("../../dictionaries/characters.tsv");
static LOOKALIKES: &str = include_str!("../../dictionaries/lookalikes.tsv");

/// How sure a speller has to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Sure enough to raise an alarm nobody asked for.
    #[default]
    Quiet,
    /// Worth a look by somebody who is reviewing the text anyway.
    Review,
}

/// A speller: a model, and what is taken for what.
pub struct Speller {
    model: Model<'static>,
    confusions: Arc<Confusions>,
    /// Hashes of sentences in which nothing was found: pages repeat what stood on others.
    clean: Mutex<HashSet<u64>>,
}

/// Slips that are looked for in one text: nobody reads more, and a text with so many is something else.
const MOST: usize = 1_000;

/// Sentences that are remembered; 16 MB or so.
const REMEMBERED: usize = 1_000_000;

/// Something that was probably mistaken for something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// As it was written.
    pub written: String,
    /// What was probably meant.
    pub meant: String,
    /// Log odds that this is right.
    pub score: f32,
    /// The shortest piece of text around it that tells the two apart, as written and as meant, with how often each
    /// stands in the texts that the model was trained on.
    pub evidence: [(String, u64); 2],
}

impl Slip {
    /// What tells it from other slips: what stands around it, as written and as meant.
    pub fn identity(&self) -> String {
        format!("{}→{}", self.evidence[0].0, self.evidence[1].0)
    }

    /// What the model has seen of either form, in Chinese.
    pub fn counted(&self) -> String {
        let [(written, as_written), (meant, as_meant)] = &self.evidence;
        format!("比对语料中“{written}”出现 {as_written} 次，“{meant}”出现 {as_meant} 次")
    }
}

impl Speller {
    /// The speller with the model that ships with the program.
    pub fn built_in() -> &'static Speller {
        static SPELLER: LazyLock<Speller> =
            LazyLock::new(|| Speller::with_built_in().expect("a test reads the built-in model"));
        &SPELLER
    }

    /// A speller of one's own with that model.
    pub fn with_built_in() -> Result<Speller, ModelError> {
        Speller::new(BUILT_IN)
    }

    /// A speller with the model in these bytes, which stay as long as the program.
    pub fn new(bytes: &'static [u8]) -> Result<Speller, ModelError> {
        Ok(Speller::with(Model::read(bytes)?))
    }

    fn with(model: Model<'static>) -> Speller {
        let confusions = Confusions::new(CHARACTERS, LOOKALIKES, &model.alphabet, &model.twos);
        Speller { model, confusions: Arc::new(confusions), clean: Mutex::default() }
    }

    /// This speller for a site that writes like that. An idiolect of another model says nothing.
    pub fn adapted(&self, idiolect: Idiolect) -> Speller {
        Speller {
            model: self.model.with(idiolect),
            confusions: self.confusions.clone(),
            clean: Mutex::default(),
        }
    }

    /// Where the model comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.model.provenance
    }

    /// Everything in a text that was probably mistaken for something else, in order.
    ///
    /// In [`Mode::Quiet`] what the text repeats is left alone: a slip is made once, a term is used again.
    pub fn check(&self, text: &str, mode: Mode) -> Vec<Slip> {
        let chars: Vec<char> = text.chars().collect();
        let reader = self.reader(mode, None);
        let mut slips = Vec::new();
        // Byte offsets of characters are found by going along with them.
        let (mut at, mut bytes) = (0, 0);
        for (place, sentence) in sentence::sentences(&chars) {
            if slips.len() >= MOST {
                break;
            }
            let hash = hash(sentence, mode);
            if self.clean().contains(&hash) {
                continue;
            }
            let (_, edits) = reader.mend(Sentence::new(&self.model, sentence, place));
            let mut clean = self.clean();
            if edits.is_empty() && clean.len() < REMEMBERED {
                clean.insert(hash);
            }
            drop(clean);
            for edit in joined(edits, &chars) {
                if mode == Mode::Quiet && is_repeated(&chars, &edit) {
                    continue;
                }
                let length = |chars: &[char]| chars.iter().map(|char| char.len_utf8()).sum::<usize>();
                bytes += length(&chars[at..edit.from]);
                at = edit.from;
                let written = &chars[edit.from..edit.to];
                slips.push(Slip {
                    span: bytes..bytes + length(written),
                    written: written.iter().collect(),
                    evidence: self.evidence(&chars, &edit),
                    meant: edit.new,
                    score: edit.score,
                });
            }
        }
        slips
    }

    fn clean(&self) -> MutexGuard<'_, HashSet<u64>> {
        // A panic elsewhere leaves at worst a sentence out.
        self.clean.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader<'a>(&'a self, mode: Mode, own: Option<&'a Own>) -> Reader<'a> {
        let provenance = &self.model.provenance;
        let (threshold, gate) = match mode {
            Mode::Quiet => (provenance.quiet, Gate::NARROW),
            Mode::Review => (provenance.review, Gate::WIDE),
        };
        Reader { model: &self.model, confusions: &self.confusions, threshold, gate, own }
    }

    /// The piece around an edit that tells most: with the neighbour that it is seen with more often.
    fn evidence(&self, chars: &[char], edit: &Edit) -> [(String, u64); 2] {
        let around = [(1, 0), (0, 1)].into_iter().filter_map(|(before, after)| {
            let (from, to) = (edit.from.checked_sub(before)?, edit.to + after);
            let tail = chars.get(edit.to..to)?;
            let head = &chars[from..edit.from];
            let piece = |middle: &[char]| [head, middle, tail].concat();
            let new: Vec<char> = edit.new.chars().collect();
            Some([piece(&chars[edit.from..edit.to]), piece(&new)])
        });
        let counted = around.map(|pieces| pieces.map(|piece| (self.seen(&piece), piece)));
        let most = counted.max_by_key(|[_, (meant, _)]| *meant).unwrap_or_default();
        most.map(|(count, piece)| (piece.into_iter().collect(), count))
    }

    /// How often a piece of text stands in what the model was trained on.
    fn seen(&self, piece: &[char]) -> u64 {
        let symbols: Vec<_> = piece.iter().map(|&char| self.model.alphabet.symbol(char)).collect();
        if symbols.len() > ngram::ORDER || symbols.contains(&symbols::OTHER) {
            return 0;
        }
        self.model.count(&symbols, None).round() as u64
    }
}

fn hash(sentence: &[char], mode: Mode) -> u64 {
    let text: String = sentence.iter().collect();
    xxh3_64_with_seed(text.as_bytes(), mode as u64)
}

/// Edits side by side are one slip.
fn joined(edits: Vec<Edit>, chars: &[char]) -> Vec<Edit> {
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        match joined.last_mut() {
            Some(last) if last.to == edit.from => {
                last.to = edit.to;
                last.new.push_str(&edit.new);
                last.score = last.score.min(edit.score);
            }
            _ => joined.push(edit),
        }
    }
    joined.retain(|edit| edit.new.chars().ne(chars[edit.from..edit.to].iter().copied()));
    joined
}

/// Whether what is to be edited stands elsewhere in the text as well, with the same neighbours.
fn is_repeated(chars: &[char], edit: &Edit) -> bool {
    let piece = &chars[edit.from.saturating_sub(1)..chars.len().min(edit.to + 1)];
    chars.windows(piece.len()).filter(|window| *window == piece).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, mode: Mode, expected: &[(&str, &str)]) {
        let slips = Speller::built_in().check(text, mode);
        let found: Vec<(&str, &str)> =
            slips.iter().map(|slip| (slip.written.as_str(), slip.meant.as_str())).collect();
        assert_eq!(found, expected, "{text}");
        assert!(slips.iter().all(|slip| text[slip.span.clone()] == slip.written));
    }

    #[test]
    fn slips_by_sound_and_by_shape_are_found() {
        let quiet = |text, written, meant| check(text, Mode::Quiet, &[(written, meant)]);
        quiet("各级各部门要严格落实生态环境保护主体责认，切实加强监管。", "认", "任");
        quiet("企业应当安照排污许可证的规定排放污染物。", "安", "按");
        quiet("领导小姐办公室设在省生态环境厅。", "姐", "组");
        quiet("督促企业建立健全环境管里台账。", "里", "理");
    }

    #[test]
    fn clean_prose_is_left_alone() {
        for text in [
            "我省空气质量优良天数比例为90.2%，同比上升1.3个百分点。",
            "企业事业单位应当制定突发环境事件应急预案，并报生态环境主管部门备案。",
            "联系人：张晓琳，电话：028-80000000。",
            "",
            "。。。",
            "The quick brown fox",
        ] {
            check(text, Mode::Quiet, &[]);
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "　　第一条　无误。\r\n第二条　依法追究刑事责认。";
        let slips = Speller::built_in().check(text, Mode::Quiet);
        assert_eq!(slips.len(), 1);
        assert_eq!(&text[slips[0].span.clone()], "认");
        let [(written, as_written), (meant, as_meant)] = &slips[0].evidence;
        assert_eq!((written.as_str(), meant.as_str()), ("责认", "责任"));
        assert!(as_meant > as_written);
    }

    #[test]
    fn what_a_text_repeats_is_a_term_of_its_own() {
        let once = "推动和美湘村建设。";
        let again = format!("{once}建设和美湘村，和美湘村是品牌。");
        let found = |text| Speller::built_in().check(text, Mode::Quiet).len();
        assert!(found(&again) <= found(once));
        assert_eq!(found(&again), 0);
    }

    #[test]
    fn the_built_in_model_says_where_it_comes_from() {
        let provenance = Speller::built_in().provenance();
        assert!(!provenance.sources.is_empty() && provenance.characters > 10_000_000);
        assert!(provenance.quiet > provenance.review);
        assert!(BUILT_IN.len() <= 32 << 20, "{} bytes", BUILT_IN.len());
    }

    #[test]
    fn hostile_text_takes_bounded_time() {
        for text in ["测".repeat(200_000), "的".repeat(50_000), "a测\u{200b}".repeat(30_000)] {
            Speller::built_in().check(&text, Mode::Quiet);
        }
    }
}
