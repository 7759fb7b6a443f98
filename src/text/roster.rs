//! Who holds which post: a name beside a title that is nearly that of a holder, or of one whose term is another.
//!
//! Only titles of the roster are looked at, and only names with the surname of a holder: a title says nothing of people
//! whom nobody entered.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::normalise::is_han;

/// One title and those who hold it or held it.
#[derive(Debug, Default)]
pub(super) struct Post {
    pub(super) holders: Vec<Holder>,
}

/// Somebody who holds a post.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) name: Vec<char>,
    /// The rule for a name that is nearly this one.
    pub(super) slip: usize,
    /// The rule for this name outside its terms, where they have bounds.
    pub(super) term: Option<usize>,
}

/// What makes another post of a title that it precedes.
const DEPUTY: char = '副';

/// What says that a post is no longer held.
const FORMER: &[char] = &['原', '前', '时'];

/// What may stand between a title and a name.
const BETWEEN: &[char] = &[' ', '\u{3000}', '：', ':'];

/// A name beside a title that some rule speaks of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rule: usize,
}

impl Post {
    /// Looks at what stands beside the title at `start..end`.
    pub(super) fn beside(&self, text: &str, start: usize, end: usize) -> Option<Named> {
        let before: Vec<char> = text[..start].chars().rev().take(self.longest()).collect();
        if before.first() == Some(&DEPUTY) {
            return None;
        }
        let is_former = before.iter().any(|c| FORMER.contains(c));
        let gap: usize =
            text[end..].chars().take(2).take_while(|c| BETWEEN.contains(c)).map(char::len_utf8).sum();
        let after: Vec<char> = text[end + gap..].chars().take(self.longest()).collect();
        let before: Vec<char> = before.into_iter().rev().collect();
        let bytes = |chars: &[char]| chars.iter().map(|c| c.len_utf8()).sum::<usize>();
        let first = end + gap;
        if let Some((holder, seen)) = self.named(|holder| holder.starts(&after)) {
            let end = first + bytes(&after[..seen.chars()]);
            return holder.told(seen, is_former).map(|rule| Named { start: first, end, rule });
        }
        let (holder, seen) = self.named(|holder| holder.ends(&before))?;
        let first = start - bytes(&before[before.len() - seen.chars()..]);
        holder.told(seen, is_former).map(|rule| Named { start: first, end: start, rule })
    }

    /// The holder whose name is seen; else one whose name nearly is.
    fn named(&self, seen: impl Fn(&Holder) -> Option<Seen>) -> Option<(&Holder, Seen)> {
        let all = || self.holders.iter().filter_map(|holder| Some((holder, seen(holder)?)));
        all().find(|(_, seen)| matches!(seen, Seen::Right(_))).or_else(|| all().next())
    }

    fn longest(&self) -> usize {
        self.holders.iter().map(|holder| holder.name.len()).max().unwrap_or_default()
    }
}

/// How a name is seen, and in how many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Right(usize),
    Slip(usize),
}

impl Seen {
    fn chars(self) -> usize {
        match self {
            Seen::Right(chars) | Seen::Slip(chars) => chars,
        }
    }
}

impl Holder {
    /// The rule that has something to say.
    fn told(&self, seen: Seen, is_former: bool) -> Option<usize> {
        match seen {
            Seen::Right(_) if is_former => None,
            Seen::Right(_) => self.term,
            Seen::Slip(_) => Some(self.slip),
        }
    }

    /// Whether a text starts with the name, or nearly.
    fn starts(&self, text: &[char]) -> Option<Seen> {
        let len = self.name.len();
        if let Some(seen) = text.get(..len).and_then(|text| self.compare(text)) {
            return Some(seen);
        }
        // A given name of which the first character is missing.
        let is_short = len == 3 && text.starts_with(&[self.name[0], self.name[2]]);
        is_short.then_some(Seen::Slip(2))
    }

    /// Whether a text ends with the name, or nearly.
    fn ends(&self, text: &[char]) -> Option<Seen> {
        self.compare(&text[text.len().checked_sub(self.name.len())?..])
    }

    /// Compares as many characters as the name has. Whatever sounds alike is a slip. Another character is one only in
    /// the middle: at the end the name may be shorter, and its bearer somebody else (`张某说`).
    fn compare(&self, text: &[char]) -> Option<Seen> {
        let (&surname, given) = self.name.split_first()?;
        let (&seen, rest) = text.split_first()?;
        if seen != surname || !rest.iter().all(|&c| is_han(c)) {
            return None;
        }
        let others: Vec<usize> = (0..given.len()).filter(|&at| given[at] != rest[at]).collect();
        let is_swapped = given.len() == 2 && given[0] == rest[1] && given[1] == rest[0];
        match others[..] {
            [] => Some(Seen::Right(text.len())),
            [only] if only + 1 < given.len() => Some(Seen::Slip(text.len())),
            _ if is_swapped || others.iter().all(|&at| sounds_alike(given[at], rest[at])) => {
                Some(Seen::Slip(text.len()))
            }
            _ => None,
        }
    }
}

/// Whether two characters share a reading, whatever the tone.
fn sounds_alike(one: char, other: char) -> bool {
    let sounds = |c| SOUNDS.get(&c);
    sounds(one).zip(sounds(other)).is_some_and(|(one, other)| !one.is_disjoint(other))
}

/// Readings without their tones, from the table that the speller reads.
static SOUNDS: LazyLock<HashMap<char, HashSet<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("../../dictionaries/characters.tsv").lines();
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        let character = fields.next()?.chars().next()?;
        let sounds =
            fields.next()?.split(' ').map(|sound| sound.trim_end_matches(|c: char| c.is_ascii_digit()));
        Some((character, sounds.collect()))
    };
    lines.filter(|line| !line.starts_with('#')).filter_map(read).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the name beside the first 厅长 of a text.
    #[track_caller]
    fn check(text: &str, expected: Option<(&str, usize)>) {
        let holder = |name: &str, slip, term| Holder { name: name.chars().collect(), slip, term };
        let post = Post { holders: vec![holder("甘晓毫", 1, Some(2)), holder("甘磊", 3, None)] };
        let start = text.find("厅长").expect("the title is there");
        let named = post.beside(text, start, start + "厅长".len());
        let seen = named.map(|Named { start, end, rule }| (&text[start..end], rule));
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn nearly_the_name_is_a_slip() {
        check("厅长甘晓豪出席", Some(("甘晓豪", 1)));
        check("厅长：甘小毫", Some(("甘小毫", 1)));
        check("厅长甘志毫出席", Some(("甘志毫", 1)));
        check("厅长甘毫晓", Some(("甘毫晓", 1)));
        check("厅长甘毫出席", Some(("甘毫", 1)));
        check("甘晓豪厅长", Some(("甘晓豪", 1)));
        check("厅长甘雷", Some(("甘雷", 3)));
    }

    #[test]
    fn the_name_has_its_term() {
        check("厅长甘晓毫", Some(("甘晓毫", 2)));
        check("厅长甘磊", None);
        check("原厅长甘晓毫", None);
    }

    #[test]
    fn others_are_left_alone() {
        check("厅长李晓毫", None);
        check("厅长甘晓说", None);
        check("厅长甘宁", None);
        check("副厅长甘晓豪", None);
        check("厅长", None);
        check("厅长会议，甘晓豪", None);
    }
}
