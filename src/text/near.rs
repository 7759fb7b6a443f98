//! Near misses of a fixed phrase: one character wrong, missing, too many, or two swapped.
//!
//! A phrase is cut in two. With one slip at least one half is still whole, and that is what the matcher finds; here
//! the other half is compared. Only characters that are swapped across the cut leave neither, so that this one near miss
//! is looked for as it is. First and last character must be right: there the phrase may simply go on differently.

use super::normalise::is_han;

/// A phrase of which near misses are wrong.
#[derive(Debug)]
pub(super) struct Phrase {
    head: Vec<char>,
    /// The first half as it is met from its end.
    head_backwards: Vec<char>,
    tail: Vec<char>,
}

/// Shorter phrases have halves of one character, and neighbours that are words of their own.
pub(super) const SHORTEST: usize = 5;

/// What may be put into a phrase without making it wrong.
const PARTICLES: &[char] = &['的', '之', '和', '与', '及', '也', '了', '暨'];

impl Phrase {
    /// Cuts a phrase; the longer half comes last.
    pub(super) fn new(phrase: &str) -> Self {
        let mut head: Vec<char> = phrase.chars().collect();
        let tail = head.split_off(head.len() / 2);
        Phrase { head_backwards: head.iter().rev().copied().collect(), head, tail }
    }

    /// The first half.
    pub(super) fn head(&self) -> String {
        self.head.iter().collect()
    }

    /// The second half.
    pub(super) fn tail(&self) -> String {
        self.tail.iter().collect()
    }

    /// The near miss of which no half is whole: the characters on either side of the cut swapped.
    pub(super) fn swapped(&self) -> Option<String> {
        let ((last, head), (first, tail)) = (self.head.split_last()?, self.tail.split_first()?);
        (last != first).then(|| head.iter().chain([first, last]).chain(tail).collect())
    }

    /// Where the near miss ends whose intact first half ends at `at`.
    pub(super) fn end(&self, text: &str, at: usize) -> Option<usize> {
        let seen = text[at..].chars();
        let used = used(&self.tail, seen.clone())?;
        Some(at + bytes(seen.take(used)))
    }

    /// Where the near miss starts whose intact second half starts at `at`.
    pub(super) fn start(&self, text: &str, at: usize) -> Option<usize> {
        let seen = text[..at].chars().rev();
        let used = used(&self.head_backwards, seen.clone())?;
        Some(at - bytes(seen.take(used)))
    }
}

fn bytes(chars: impl Iterator<Item = char>) -> usize {
    chars.map(char::len_utf8).sum()
}

/// How many characters of `seen` are `wanted` with exactly one slip before its last character.
fn used(wanted: &[char], seen: impl Iterator<Item = char> + Clone) -> Option<usize> {
    let same = wanted.iter().zip(seen.clone()).take_while(|(wanted, seen)| *wanted == seen).count();
    let (wanted, seen) = (&wanted[same..], seen.skip(same));
    let (len, other) = (wanted.len(), seen.clone().next()?);
    if len == 0 || !is_han(other) {
        return None;
    }
    let goes_on =
        |wanted: &[char], from: usize| seen.clone().skip(from).take(wanted.len()).eq(wanted.iter().copied());
    let wrong = len > 1 && goes_on(&wanted[1..], 1);
    let swapped = len > 2 && other == wanted[1] && goes_on(&wanted[..1], 1) && goes_on(&wanted[2..], 2);
    let missing = len > 1 && goes_on(&wanted[1..], 0);
    let extra = goes_on(wanted, 1) && !PARTICLES.contains(&other);
    match (wrong || swapped, missing, extra) {
        (true, ..) => Some(same + len),
        (_, true, _) => Some(same + len - 1),
        (_, _, true) => Some(same + len + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The near miss of `phrase` in `text`, found from either half.
    fn near(phrase: &str, text: &str) -> Option<String> {
        let phrase = Phrase::new(phrase);
        let (head, tail) = (phrase.head(), phrase.tail());
        let from_head =
            text.find(&head).and_then(|start| Some((start, phrase.end(text, start + head.len())?)));
        let from_tail = text.find(&tail).and_then(|at| Some((phrase.start(text, at)?, at + tail.len())));
        from_head.or(from_tail).map(|(start, end)| text[start..end].to_owned())
    }

    #[test]
    fn one_slip_is_a_near_miss() {
        #[track_caller]
        fn check(phrase: &str, text: &str, expected: &str) {
            assert_eq!(near(phrase, text).as_deref(), Some(expected));
        }
        check("中华人民共和国", "根据中华人民共合国宪法", "中华人民共合国");
        check("中华人民共和国", "中共人民共和国", "中共人民共和国");
        check("中华人民共和国", "中华人民大和国", "中华人民大和国");
        check("中华人民共和国", "中华人民和共国法", "中华人民和共国");
        check("中华人民共和国", "中华民共和国", "中华民共和国");
        check("中华人民共和国", "中华人民共共和国", "中华人民共共和国");
        check("齐齐哈尔市", "黑龙江省齐齐哈市", "齐齐哈市");
    }

    #[test]
    fn a_swap_across_the_cut_is_a_word_of_its_own() {
        let swapped = |phrase| Phrase::new(phrase).swapped();
        assert_eq!(swapped("内蒙古自治区").as_deref(), Some("内蒙自古治区"));
        assert_eq!(swapped("甲乙丙丙丁戊"), None);
    }

    #[test]
    fn none_or_two_is_not() {
        #[track_caller]
        fn check(phrase: &str, text: &str) {
            assert_eq!(near(phrase, text), None);
        }
        check("中华人民共和国", "中华人民共和国宪法");
        check("中华人民共和国", "中华人民");
        check("中华人民共和国", "中华人民共同的国");
        check("中华人民共和国", "中华人民共和");
        check("中华人民共和国", "中华人民，共和国");
        check("中国特色社会主义", "中国特色的社会主义");
    }
}
