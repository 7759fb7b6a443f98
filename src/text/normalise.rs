//! Text as the matcher wants it: one spelling for everything a reader takes for the same.
//!
//! Compatibility forms, width and ASCII case are folded, traditional characters become simplified ones, characters
//! that cannot be seen disappear, and so do separators strewn between single Han characters (`博 彩`, `博*彩`). Full-width
//! punctuation stays: every page is full of it and no word needs it folded. Every offset maps back to the text as it
//! was.
//!
//! Pages that need no change are not copied; pages that need little are copied in long runs. So the common case costs
//! one look-up in a bitmap of 8 KB a character.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// Bits for the Basic Multilingual Plane; everything beyond is looked at closely.
const PLANE: usize = 0x1_0000;

/// One for each of them.
type Bits = [u64; PLANE / 64];

/// One in so many characters of a traditional text at least has another, simplified form. Manuals have one in four, and
/// simplified text none but in names.
const TRADITIONAL_SHARE: usize = 10;

/// Knows which characters need work, and what becomes of them.
#[derive(Debug)]
pub struct Normaliser {
    /// One bit per character of the Basic Multilingual Plane: it is not simply copied.
    marked: Box<Bits>,
    /// Traditional to simplified.
    variants: HashMap<char, char>,
}

/// Normalised text and the way back.
#[derive(Debug)]
pub struct Normalised<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    source_len: usize,
    /// In order of `at`; empty where nothing changed its length.
    runs: Vec<Run>,
}

/// A stretch of normalised text that came from one stretch of the source.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// First byte in the normalised text.
    at: usize,
    /// First byte in the source.
    source: usize,
    /// One past the last byte in the source.
    source_end: usize,
    /// Whether it stands for one source character as a whole (`㎡` → `m2`), as opposed to byte for byte.
    whole: bool,
}

impl Normaliser {
    /// A normaliser that also replaces the keys of `variants` by their values.
    pub fn new(variants: HashMap<char, char>) -> Self {
        let mut marked = COMMON.clone();
        for &from in variants.keys() {
            mark(&mut marked, from);
        }
        Normaliser { marked, variants }
    }

    /// Normalises a text.
    pub fn normalise<'a>(&self, source: &'a str) -> Normalised<'a> {
        let mut out = Writer { source, text: String::new(), runs: Vec::new(), copied: 0 };
        self.marked(source, |start, end| self.rewrite(&mut out, start, end));
        out.finish()
    }

    /// Calls back with every character that is not simply copied: first byte, one past the last.
    fn marked(&self, source: &str, mut each: impl FnMut(usize, usize)) {
        let mut rest = source.as_bytes();
        loop {
            // Where the bit of the character stands is told from its bytes as they are: the last six bits of its number
            // are those of its last byte.
            let (word, bit, len) = match *rest {
                // Han: most of any page.
                [lead @ 0xE0..0xF0, second, third, ..] => (low(lead, 4) << 6 | low(second, 6), third, 3),
                [lead @ 0..0x80, ..] => (usize::from(lead >> 6), lead, 1),
                [lead @ 0x80..0xE0, second, ..] => (low(lead, 5), second, 2),
                [] => return,
                _ => (PLANE / 64, 0, rest.len().min(4)),
            };
            // What lies beyond the plane has no bit, and is looked at closely.
            if self.marked.get(word).is_none_or(|bits| bits >> (bit & 63) & 1 == 1) {
                let start = source.len() - rest.len();
                each(start, start + len);
            }
            rest = &rest[len..];
        }
    }

    /// Normalises a word of a dictionary.
    pub fn word(&self, word: &str) -> String {
        self.normalise(word).text.into_owned()
    }

    /// Whether a text is written in traditional characters, as far as the variants tell.
    pub fn is_traditional(&self, text: &str) -> bool {
        let mut traditional = 0;
        self.marked(text, |start, _| {
            let is_variant = |c: char| is_han(c) && self.variants.contains_key(&c);
            traditional += usize::from(text[start..].starts_with(is_variant));
        });
        // Counted no further than matters: of most texts, a few lines.
        let limit = traditional * TRADITIONAL_SHARE;
        traditional > 0 && text.chars().filter(|&c| is_han(c)).nth(limit - 1).is_none()
    }

    fn rewrite(&self, out: &mut Writer<'_>, start: usize, end: usize) {
        let Some(from) = out.source[start..end].chars().next() else { return };
        if is_unseen(from) {
            out.remove(start, end);
        } else if is_separator(from) {
            if splits_a_word(out.source, start, end) {
                out.remove(start, end);
            }
        } else if let Some(to) = self.variants.get(&from) {
            out.replace(start, end, std::iter::once(*to));
        } else {
            out.replace(start, end, fold(from));
        }
    }
}

impl Normalised<'_> {
    /// The range of the source that a range of the normalised text came from.
    pub fn source(&self, start: usize, end: usize) -> (usize, usize) {
        if self.runs.is_empty() || start >= end {
            return (start, end);
        }
        let (first, last) = (self.run(start), self.run(end - 1));
        let from = if first.whole { first.source } else { first.source + (start - first.at) };
        let to = if last.whole { last.source_end } else { last.source + (end - last.at) };
        (from.min(self.source_len), to.min(self.source_len))
    }

    fn run(&self, at: usize) -> Run {
        let next = self.runs.partition_point(|run| run.at <= at);
        // Before the first run, text and source agree.
        let origin = Run { at: 0, source: 0, source_end: self.source_len, whole: false };
        next.checked_sub(1).map_or(origin, |index| self.runs[index])
    }
}

/// Copies clean stretches at once and notes where lengths differ.
struct Writer<'a> {
    source: &'a str,
    text: String,
    runs: Vec<Run>,
    /// The source is dealt with up to here.
    copied: usize,
}

impl<'a> Writer<'a> {
    fn copy_up_to(&mut self, start: usize) {
        if self.text.capacity() == 0 {
            self.text.reserve(self.source.len());
        }
        self.text.push_str(&self.source[self.copied..start]);
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.copy_up_to(start);
        self.copied = end;
        self.resume();
    }

    fn replace(&mut self, start: usize, end: usize, by: impl Iterator<Item = char>) {
        self.copy_up_to(start);
        let at = self.text.len();
        self.text.extend(by);
        self.copied = end;
        // One character for one of the same length keeps every offset as it is.
        let same = self.text.len() - at == end - start && self.text[at..].chars().count() == 1;
        if !same {
            self.runs.push(Run { at, source: start, source_end: end, whole: true });
            self.resume();
        }
    }

    fn resume(&mut self) {
        let (at, source) = (self.text.len(), self.copied);
        // A run that produced nothing is overtaken by the one that starts at the same byte.
        while self.runs.last().is_some_and(|run| run.at >= at) {
            self.runs.pop();
        }
        self.runs.push(Run { at, source, source_end: self.source.len(), whole: false });
    }

    fn finish(mut self) -> Normalised<'a> {
        let source_len = self.source.len();
        if self.copied == 0 {
            return Normalised { text: Cow::Borrowed(self.source), source_len, runs: Vec::new() };
        }
        self.copy_up_to(source_len);
        Normalised { text: Cow::Owned(self.text), source_len, runs: self.runs }
    }
}

/// The characters that need work whatever the dictionaries say. Found once, by asking every one of them.
static COMMON: LazyLock<Box<Bits>> = LazyLock::new(|| {
    let mut marked = Box::new([0; PLANE / 64]);
    for c in (0..0x1_0000).filter_map(char::from_u32) {
        if is_unseen(c) || is_separator(c) || !fold(c).eq([c]) {
            mark(&mut marked, c);
        }
    }
    marked
});

fn mark(marked: &mut Bits, c: char) {
    if let Some(word) = marked.get_mut(c as usize / 64) {
        *word |= 1 << (c as usize % 64);
    }
}

/// The payload of a UTF-8 byte.
fn low(byte: u8, bits: u32) -> usize {
    usize::from(byte) & ((1 << bits) - 1)
}

/// NFKC and lower case of one character. Full-width punctuation and a few signs that stand in every text stay.
fn fold(c: char) -> impl Iterator<Item = char> {
    let stays = matches!(c, '\u{3000}' | '…' | '\u{A0}')
        || (matches!(c, '\u{FF01}'..='\u{FF5E}') && !is_wide_alphanumeric(c));
    let folded = (!stays).then(|| std::iter::once(c).nfkc().flat_map(char::to_lowercase));
    stays.then_some(c).into_iter().chain(folded.into_iter().flatten())
}

fn is_wide_alphanumeric(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Zero-width, soft hyphen, direction marks, variation selectors.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// What is strewn between the characters of a word to hide it.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{3000}' | '·' | '•' | '*' | '＊' | '.' | '_' | '|' | '^' | '~' | '-')
}

/// A Han character of the common blocks.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// How many separators in a row still hide a word. Longer rows of dots or stars are ornament, and looking along all of
/// a row from each of its characters would take quadratic time.
const ROW: usize = 6;

/// Whether the separator stands between two Han characters that stand alone, or at the end of a row of such characters
/// (`六 合 彩资料`). Words with a space between them (`首页 新闻`) are not run together: that would make words that nobody
/// wrote.
fn splits_a_word(source: &str, start: usize, end: usize) -> bool {
    let before = beyond_row(source[..start].chars().rev());
    let after = beyond_row(source[end..].chars());
    before.zip(after).is_some_and(|(before, after)| {
        let is_strewn = (before.alone > 0 && after.alone > 0) || before.alone > 1 || after.alone > 1;
        is_strewn && before.passed + after.passed < ROW
    })
}

/// What comes after a row of separators.
struct Beyond {
    /// Characters of the row.
    passed: usize,
    /// Han characters that stand alone one after another from there on, as far as two.
    alone: usize,
}

/// What comes after the row that begins here, where that is a Han character.
fn beyond_row(mut rest: impl Iterator<Item = char> + Clone) -> Option<Beyond> {
    let (first, passed) = next_of_row(&mut rest)?;
    if !is_han(first) {
        return None;
    }
    if !stands_alone(rest.clone()) {
        return Some(Beyond { passed, alone: 0 });
    }
    let second = next_of_row(&mut rest).filter(|(second, between)| *between > 0 && is_han(*second));
    let alone = if second.is_some() && stands_alone(rest) { 2 } else { 1 };
    Some(Beyond { passed, alone })
}

/// The first character that is no separator, and how many were passed.
fn next_of_row(rest: &mut impl Iterator<Item = char>) -> Option<(char, usize)> {
    let mut passed = 0;
    loop {
        let c = rest.next()?;
        if !is_separator(c) && !is_unseen(c) {
            return Some((c, passed));
        }
        passed += 1;
        if passed == ROW {
            return None;
        }
    }
}

/// Whether no other Han character follows at once.
fn stands_alone(rest: impl Iterator<Item = char>) -> bool {
    !rest.take(ROW).find(|&c| !is_unseen(c)).is_some_and(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normaliser() -> Normaliser {
        Normaliser::new(HashMap::from([('賭', '赌'), ('網', '网')]))
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(normaliser().normalise(source).text, expected);
    }

    #[test]
    fn folds_what_looks_the_same() {
        check("ＰＭ２．５ 与 PM2.5", "pm2．5 与 pm2.5");
        check("Ⓕ㎡№", "fm2no");
        check("25℃，５％", "25°c，5％");
        check("賭博網", "赌博网");
        check("𝐀", "a");
    }

    #[test]
    fn removes_what_hides_a_word() {
        check("赌\u{200B}博\u{AD}网\u{FEFF}", "赌博网");
        check("赌 博", "赌博");
        check("赌*博·网", "赌博网");
        check("赌　　博", "赌博");
        check("赌\u{200B} 博", "赌博");
        check("六 合 彩资料", "六合彩资料");
        check("资料六 合 彩", "资料六合彩");
    }

    #[test]
    fn tells_traditional_text() {
        #[track_caller]
        fn check(source: &str, expected: bool) {
            assert_eq!(normaliser().is_traditional(source), expected, "{source}");
        }
        check("", false);
        check("plain English", false);
        check("網 home page of the web site", true);
        check("本网站首页有十多个汉字以及一个網", false);
    }

    #[test]
    fn keeps_words_apart() {
        check("首页 新闻", "首页 新闻");
        check("第 3 章", "第 3 章");
        check("赌\n博", "赌\n博");
        check("a b", "a b");
        check("甲 乙丙", "甲 乙丙");
        check("目录...页", "目录...页");
        check("· 赌 ·", "· 赌 ·");
        check("赌*********博", "赌*********博");
    }

    #[test]
    fn copies_nothing_without_need() {
        let source = "（一）加强污染防治，改善环境质量；pm2.5：35……“两山”";
        assert!(matches!(normaliser().normalise(source).text, Cow::Borrowed(_)));
    }

    #[test]
    fn finds_the_way_back() {
        #[track_caller]
        fn check(source: &str, needle: &str, expected: &str) {
            let normaliser = normaliser();
            let normalised = normaliser.normalise(source);
            let start = normalised.text.find(needle).expect("the needle is there");
            let (start, end) = normalised.source(start, start + needle.len());
            assert_eq!(&source[start..end], expected);
        }
        check("甲乙", "乙", "乙");
        check("ABC赌\u{200B}博\u{200B}后", "赌博", "赌\u{200B}博");
        check("ＡＢ赌 博 网站", "赌博", "赌 博");
        check("25℃赌博", "赌博", "赌博");
        check("25℃赌博", "°c", "℃");
        check("㎡賭", "m2赌", "㎡賭");
        check("\u{FEFF}赌博", "赌博", "赌博");
        check("赌博\u{FEFF}", "赌博", "赌博");
        check("㎡", "2", "㎡");
    }

    #[test]
    fn is_done_after_one_round() {
        for source in ["ＡＢ赌 博 网站", "㎡賭℃", "\u{FEFF}甲*乙", "İSTANBUL ǅ ﬃ", "甲\u{200B}*\u{200B}乙"]
        {
            let normaliser = normaliser();
            let once = normaliser.word(source);
            assert_eq!(normaliser.word(&once), once);
        }
    }
}
