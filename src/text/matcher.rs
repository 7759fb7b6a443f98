//! One pass over a text for every word of every dictionary, then the judgement of what was seen.
//!
//! The index reports words inside others, too, so that a long innocent word is seen beside the short bad one it
//! shields. What is left is judged in order: borders of Latin words and near misses, shields, borders of words, the past,
//! the longest of what overlaps, the context that excuses, and company of weak words.

use std::cmp::Reverse;

use super::class::{Class, Tier};
use super::history::is_of_the_past;
use super::lexicon::{Lexicons, Origin, Role, Rule};
use super::roster::Named;
use super::when::When;
use super::words::stands_alone;
use crate::finding::Confidence;

/// Matches looked at in one text. A page of nothing but spam is known for what it is long before.
const MATCHES: usize = 50_000;

/// Matches of one text whose borders are looked at. A page with more is no prose, and its words were meant.
const LOOKS: usize = 5_000;

/// How far around a word the context that excuses it may stand, in bytes: 60 Han characters.
const CONTEXT_BYTES: usize = 180;

/// Bytes of a Han character: distances are given in characters and measured in bytes.
const HAN_BYTES: usize = 3;

/// A word of a dictionary in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    /// First byte in the text as given.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is wrong.
    pub class: Class,
    /// How bad.
    pub tier: Tier,
    /// How sure.
    pub confidence: Confidence,
    /// The words as matched, normalised: their identity.
    pub words: String,
    /// What is right instead.
    pub suggestion: Option<&'a str>,
    /// Why, in Chinese.
    pub note: Option<&'a str>,
    /// When it is wrong; texts of another time are right.
    pub when: &'a When,
    /// The line of the dictionary that says so.
    pub origin: &'a Origin,
}

/// Everything of interest in one text, as the index saw it.
struct Sightings<'l, 't> {
    lexicons: &'l Lexicons,
    text: &'t str,
    suspects: Vec<Suspect<'l>>,
    /// Innocent words: start and end.
    shields: Vec<(usize, usize)>,
    /// Ends of the words of each context file, ascending.
    contexts: Vec<Vec<usize>>,
}

#[derive(Clone, Copy)]
struct Suspect<'l> {
    start: usize,
    end: usize,
    rule: &'l Rule,
}

impl Lexicons {
    /// The words of all dictionaries in a text, in order.
    pub fn hits(&self, visible: &str) -> Vec<Hit<'_>> {
        let normalised = self.normaliser.normalise(visible);
        let sightings = Sightings::new(self, &normalised.text);
        if sightings.suspects.is_empty() {
            return Vec::new();
        }
        let hit = |suspect: Suspect<'_>| {
            let (start, end) = normalised.source(suspect.start, suspect.end);
            (start, end, normalised.text[suspect.start..suspect.end].to_owned())
        };
        // What was written in disguise was meant.
        let is_plain = |start, end| {
            let (from, to) = normalised.source(start, end);
            to - from == end - start
        };
        let judged = sightings.judged(is_plain);
        judged.into_iter().map(|suspect| Hit::new(suspect.rule, hit(suspect))).collect()
    }
}

impl<'l> Hit<'l> {
    fn new(rule: &'l Rule, (start, end, words): (usize, usize, String)) -> Self {
        Hit {
            start,
            end,
            class: rule.class,
            tier: rule.tier,
            confidence: rule.confidence,
            words,
            suggestion: rule.right.as_deref(),
            note: rule.note.as_deref(),
            when: &rule.when,
            origin: &rule.origin,
        }
    }
}

impl<'l, 't> Sightings<'l, 't> {
    fn new(lexicons: &'l Lexicons, text: &'t str) -> Self {
        let mut seen = Sightings {
            lexicons,
            text,
            suspects: Vec::new(),
            shields: Vec::new(),
            contexts: vec![Vec::new(); lexicons.contexts],
        };
        let mut matches = 0;
        lexicons.index.find(text, |found| {
            matches += 1;
            for &role in &lexicons.roles[found.word] {
                seen.note(role, found.start, found.end);
            }
            matches < MATCHES
        });
        for ends in &mut seen.contexts {
            // Of words that start together, the longer one may have come first.
            ends.sort_unstable();
        }
        seen
    }

    fn note(&mut self, role: Role, start: usize, end: usize) {
        let lexicons = self.lexicons;
        match role {
            Role::Innocent => self.shields.push((start, end)),
            Role::Context(number) => self.contexts[number].push(end),
            Role::Wrong(rule) => self.suspect(start, end, rule),
            Role::Title(number) => {
                if let Some(Named { start, end, rule }) = lexicons.posts[number].beside(self.text, start, end)
                {
                    self.suspect(start, end, rule);
                }
            }
            Role::Head(number) => {
                let (phrase, rule) = &lexicons.phrases[number];
                if let Some(end) = phrase.end(self.text, end) {
                    self.suspect(start, end, *rule);
                }
            }
            Role::Tail(number) => {
                let (phrase, rule) = &lexicons.phrases[number];
                if let Some(start) = phrase.start(self.text, start) {
                    self.suspect(start, end, *rule);
                }
            }
        }
    }

    fn suspect(&mut self, start: usize, end: usize, rule: usize) {
        if has_borders(self.text, start, end) {
            self.suspects.push(Suspect { start, end, rule: &self.lexicons.rules[rule] });
        }
    }

    /// What is left of the suspects. `is_plain` says whether a stretch is written without anything in between.
    fn judged(mut self, is_plain: impl Fn(usize, usize) -> bool) -> Vec<Suspect<'l>> {
        self.drop_shielded();
        self.keep_words(is_plain);
        self.drop_past();
        self.keep_longest();
        let mut suspects = std::mem::take(&mut self.suspects);
        // What is excused is no company either: a report on a raid must not make its other words suspicious.
        suspects.retain(|suspect| !self.is_excused(suspect));
        let has_company = company(&suspects);
        let counts =
            |(suspect, has_company): &(Suspect<'l>, bool)| suspect.rule.weak_within.is_none() || *has_company;
        suspects.into_iter().zip(has_company).filter(counts).map(|(suspect, _)| suspect).collect()
    }

    /// Drops what only looks like a word of its class where others meet.
    fn keep_words(&mut self, is_plain: impl Fn(usize, usize) -> bool) {
        let Some(segmenter) = self.lexicons.segmenter else { return };
        let text = self.text;
        let mut looked_at = 0;
        self.suspects.retain(|&Suspect { start, end, rule }| {
            if !rule.stands_alone || looked_at == LOOKS || !is_plain(start, end) {
                return true;
            }
            looked_at += 1;
            stands_alone(segmenter, text, (start, end), rule.right.as_deref())
        });
    }

    /// Drops names that were right at the time that their sentence speaks of.
    fn drop_past(&mut self) {
        let text = self.text;
        self.suspects.retain(|&Suspect { start, end, rule }| match rule.when {
            When::Since(since) => !is_of_the_past(text, start, end, since),
            When::Always | When::Outside(_) => true,
        });
    }

    /// Drops what stands inside an innocent word.
    fn drop_shielded(&mut self) {
        self.shields.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut self.shields {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        let shields = &self.shields;
        self.suspects.retain(|suspect| {
            // A name shields what stands inside it, but is judged by its own term.
            if suspect.rule.class == Class::Person {
                return true;
            }
            let before = shields.partition_point(|(start, _)| *start <= suspect.start);
            before == 0 || shields[before - 1].1 < suspect.end
        });
    }

    /// Of suspects that overlap, keeps the one that starts first, and of those the longest.
    fn keep_longest(&mut self) {
        self.suspects.sort_by_key(|suspect| (suspect.start, Reverse(suspect.end), suspect.rule.tier));
        let mut free_from = 0;
        self.suspects.retain(|suspect| {
            let is_free = suspect.start >= free_from;
            if is_free {
                free_from = suspect.end;
            }
            is_free
        });
    }

    /// Whether a word of the context that excuses it stands near, in the same block.
    fn is_excused(&self, suspect: &Suspect<'_>) -> bool {
        let Some(context) = suspect.rule.context else { return false };
        let bytes = self.text.as_bytes();
        let (far_left, far_right) =
            (suspect.start.saturating_sub(CONTEXT_BYTES), (suspect.end + CONTEXT_BYTES).min(bytes.len()));
        let is_break = |byte: &u8| *byte == b'\n';
        let left =
            bytes[far_left..suspect.start].iter().rposition(is_break).map_or(far_left, |at| far_left + at);
        let right =
            bytes[suspect.end..far_right].iter().position(is_break).map_or(far_right, |at| suspect.end + at);
        let ends = &self.contexts[context];
        let first = ends.partition_point(|end| *end <= left);
        ends.get(first).is_some_and(|end| *end <= right)
    }
}

/// For each suspect whether another word of its class stands near enough for a weak one, or a strong one anywhere.
fn company(suspects: &[Suspect<'_>]) -> Vec<bool> {
    let mut strong: Vec<Class> = Vec::new();
    for suspect in suspects {
        if suspect.rule.weak_within.is_none() && !strong.contains(&suspect.rule.class) {
            strong.push(suspect.rule.class);
        }
    }
    let near = |index: usize| {
        let one = &suspects[index];
        let reach = one.rule.weak_within.unwrap_or_default() * HAN_BYTES;
        let is_company =
            |other: &Suspect<'_>| other.rule.class == one.rule.class && !std::ptr::eq(other.rule, one.rule);
        // At most `reach` bytes are looked at on either side, however many suspects a text has.
        let before = suspects[..index].iter().rev().take_while(|other| other.end + reach >= one.start);
        let after = suspects[index + 1..].iter().take_while(|other| one.end + reach >= other.start);
        before.chain(after).any(is_company)
    };
    (0..suspects.len()).map(|index| strong.contains(&suspects[index].rule.class) || near(index)).collect()
}

/// Whether a word that starts or ends with a Latin letter or a digit does not go on there.
fn has_borders(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let goes_on = |left: usize| {
        left.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric)
            && bytes.get(left).is_some_and(u8::is_ascii_alphanumeric)
    };
    !goes_on(start) && !goes_on(end)
}

#[cfg(test)]
mod tests {
    use super::super::dictionary::Dictionary;
    use super::*;

    const SPAM: &str = "# what: 试\n# source: 试\n# licence: 试\n# date: 2026-11-21\n# kind: words\n# class: gambling\n\
                        # tier: S0\n# confidence: probable\n# within: 10\n# excused-by: 法\n\
                        六合彩\n博彩 | weak | unless=用来博彩民一乐\n永利 | weak | unless=杨永利\nsm | weak\n永利娱乐城\n";
    const CONTEXT: &str =
        "# what: 试\n# source: 试\n# licence: 试\n# date: 2026-11-21\n# kind: context\n打击\n";
    const PHRASES: &str = "# what: 试\n# source: 试\n# licence: 试\n# date: 2026-11-21\n# kind: phrases\n\
                           # class: name\n# tier: S0\n# confidence: confirmed\n中华人民共和国\n";

    fn lexicons() -> Lexicons {
        let files = [("词", SPAM), ("法", CONTEXT), ("国名", PHRASES)];
        let read = |(name, text)| Dictionary::parse(name, text).expect("the file is right");
        Lexicons::compile(&files.map(read)).expect("the files are right")
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lexicons = lexicons();
        let seen: Vec<&str> = lexicons.hits(text).iter().map(|hit| &text[hit.start..hit.end]).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_strong_word_counts_alone() {
        check("六合彩", &["六合彩"]);
        check("香港六\u{200B}合 彩 票", &["六\u{200B}合 彩"]);
        check("香港六\u{200B}合彩票", &["六\u{200B}合彩"]);
    }

    #[test]
    fn a_weak_word_needs_another_one() {
        check("博彩", &[]);
        check("博彩，还是博彩", &[]);
        check("永利博彩", &["永利", "博彩"]);
        check("永利一二三四五六七八九十一二三博彩", &[]);
        check("永利一二三四五六七八九十一二三博彩六合彩", &["永利", "博彩", "六合彩"]);
    }

    #[test]
    fn an_innocent_word_shields_what_stands_inside() {
        check("用来博彩民一乐，永利", &[]);
        check("杨永利，六合彩", &["六合彩"]);
        check("杨永利，永利博彩", &["永利", "博彩"]);
    }

    #[test]
    fn the_longest_of_what_overlaps_counts() {
        check("永利娱乐城", &["永利娱乐城"]);
    }

    #[test]
    fn latin_words_count_as_a_whole() {
        check("六合彩sm", &["六合彩", "sm"]);
        check("六合彩smart", &["六合彩"]);
        check("六合彩2sm", &["六合彩"]);
    }

    #[test]
    fn the_context_of_its_block_excuses() {
        check("打击六合彩犯罪", &[]);
        check("六合彩要严厉打击", &[]);
        check("打击犯罪\n六合彩", &["六合彩"]);
        check("打击六合彩犯罪\n永利", &[]);
        check(&format!("打击{}六合彩", "，".repeat(70)), &["六合彩"]);
    }

    #[test]
    fn near_misses_carry_what_is_right() {
        let lexicons = lexicons();
        let hits = lexicons.hits("《中华人民共合国环境保护法》");
        assert_eq!(hits.len(), 1);
        assert_eq!((hits[0].words.as_str(), hits[0].suggestion), ("中华人民共合国", Some("中华人民共和国")));
        check("《中华人民共和国环境保护法》", &[]);
    }

    #[test]
    fn a_text_of_nothing_but_spam_ends() {
        let text = "永利博彩".repeat(100_000);
        assert!(lexicons().hits(&text).len() <= MATCHES);
    }
}
