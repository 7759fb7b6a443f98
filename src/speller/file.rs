//! Model files: one header that says where the model comes from, then its parts, each after its length.
//!
//! Numbers are little-endian. A reader of another version refuses the file; a file that ends early or contradicts
//! itself is damaged.

use serde::{Deserialize, Serialize};

use super::forest::Forest;
use super::neighbours;
use super::once::Once;
use super::symbols::{LIMIT, Symbol};

const MAGIC: &[u8] = b"SWLM";
const VERSION: u8 = 4;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    /// It does not begin as a model does.
    #[error("not a language model; `sitewarden lm train` makes one")]
    NotAModel,
    /// It was made by another version of this program.
    #[error("the language model has format {0}, this program reads format {VERSION}; train it again")]
    Version(u8),
    /// It ends early or contradicts itself.
    #[error("the language model is damaged ({0}); train it again")]
    Damaged(&'static str),
}

/// Where a model comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// What it is a model of.
    pub what: String,
    /// Texts and lists it was trained on, each with source and licence.
    pub sources: Vec<String>,
    /// The day it was trained.
    pub date: String,
    /// Characters it was trained on.
    pub characters: u64,
    /// Score (log odds) from which an edit is shown to somebody who reviews a text.
    pub review: f32,
    /// Score from which an edit raises an alarm.
    pub quiet: f32,
}

/// A model, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Parts<'a> {
    pub(super) provenance: Provenance,
    pub(super) chars: String,
    pub(super) unigrams: Vec<u32>,
    pub(super) words: u32,
    pub(super) twos: Vec<(Symbol, Symbol)>,
    pub(super) forest: Forest,
    /// Which two symbols were seen side by side, and how often.
    pub(super) neighbours: &'a [u8],
    /// Which three may have been.
    pub(super) threes: &'a [u8],
    /// How often words were seen, and two of them in a row. Apart from the runs, as whoever only cuts text into words
    /// asks for nothing else: the rest of the file is then never brought into memory.
    pub(super) in_words: &'a [u8],
    /// How often three symbols and more were seen in a row.
    pub(super) runs: &'a [u8],
    /// Which of them were seen once.
    pub(super) once: Once<'a>,
}

impl<'a> Parts<'a> {
    /// The file.
    pub(super) fn write(&self) -> Vec<u8> {
        let provenance = serde_json::to_vec(&self.provenance).expect("plain data");
        let unigrams: Vec<u8> = self.unigrams.iter().flat_map(|count| count.to_le_bytes()).collect();
        let twos: Vec<u8> =
            self.twos.iter().flat_map(|&(a, b)| [a, b]).flat_map(Symbol::to_le_bytes).collect();
        let mut out = [MAGIC, &[VERSION]].concat();
        for part in [
            &provenance,
            self.chars.as_bytes(),
            &unigrams,
            &self.words.to_le_bytes(),
            &twos,
            &self.forest.write(),
            self.neighbours,
            self.threes,
            self.in_words,
            self.runs,
            self.once.bytes(),
        ] {
            out.extend((part.len() as u32).to_le_bytes());
            out.extend(part);
        }
        out
    }

    /// The parts of a file.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Parts<'a>, ModelError> {
        let (&version, rest) =
            bytes.strip_prefix(MAGIC).and_then(<[u8]>::split_first).ok_or(ModelError::NotAModel)?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let mut rest = Rest(rest);
        let provenance =
            serde_json::from_slice(rest.part()?).map_err(|_| ModelError::Damaged("its header"))?;
        let chars = str::from_utf8(rest.part()?).map_err(|_| ModelError::Damaged("its alphabet"))?.to_owned();
        let unigrams: Vec<u32> = rest.numbers(u32::from_le_bytes)?;
        let words = rest.numbers(u32::from_le_bytes)?;
        let twos: Vec<Symbol> = rest.numbers(Symbol::from_le_bytes)?;
        let forest = Forest::read(rest.part()?).ok_or(ModelError::Damaged("its score"))?;
        let (neighbours, threes) = (rest.part()?, rest.part()?);
        let (in_words, runs) = (rest.part()?, rest.part()?);
        let once = Once::read(rest.part()?).ok_or(ModelError::Damaged("what was seen once"))?;
        if unigrams.len() != LIMIT || neighbours.len() < neighbours::LEAST {
            return Err(ModelError::Damaged("its counts"));
        }
        let twos = twos.chunks_exact(2).map(|two| (two[0], two[1])).collect();
        let words = *words.first().ok_or(ModelError::Damaged("its words"))?;
        Ok(Parts {
            provenance,
            chars,
            unigrams,
            words,
            twos,
            forest,
            neighbours,
            threes,
            in_words,
            runs,
            once,
        })
    }
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn part(&mut self) -> Result<&'a [u8], ModelError> {
        let early = ModelError::Damaged("it ends early");
        let Some((length, rest)) = self.0.split_first_chunk() else { return Err(early) };
        let length = u32::from_le_bytes(*length) as usize;
        let (part, rest) = rest.split_at_checked(length).ok_or(early)?;
        self.0 = rest;
        Ok(part)
    }

    fn numbers<T, const N: usize>(&mut self, number: fn([u8; N]) -> T) -> Result<Vec<T>, ModelError> {
        Ok(self.part()?.as_chunks().0.iter().map(|bytes| number(*bytes)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn parts(neighbours: &[u8]) -> Parts<'_> {
        Parts {
            provenance: Provenance { what: "a test".to_owned(), ..Provenance::default() },
            chars: "的人".to_owned(),
            unigrams: vec![3; LIMIT],
            words: 9,
            twos: vec![(4, 5)],
            forest: Forest::default(),
            neighbours,
            threes: &[],
            in_words: &[],
            runs: &[],
            once: Once::default(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let neighbours = neighbours::build(&BTreeMap::new());
        let file = parts(&neighbours).write();
        let read = Parts::read(&file).unwrap();
        assert_eq!(read.provenance.what, "a test");
        assert_eq!((read.chars.as_str(), read.words, read.twos), ("的人", 9, vec![(4, 5)]));
    }

    #[test]
    fn other_files_are_refused() {
        let neighbours = neighbours::build(&BTreeMap::new());
        let file = parts(&neighbours).write();
        let refused = |bytes: &[u8]| Parts::read(bytes).unwrap_err();
        assert_eq!(refused(b"PK"), ModelError::NotAModel);
        assert_eq!(refused(b"SWLM\x07"), ModelError::Version(7));
        assert_eq!(refused(&file[..file.len() - 1]), ModelError::Damaged("it ends early"));
        assert_eq!(refused(&parts(&[]).write()), ModelError::Damaged("its counts"));
        for end in (0..40).chain([file.len() / 2]) {
            assert!(Parts::read(&file[..end]).is_err(), "{end}");
        }
    }
}
