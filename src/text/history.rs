//! Names that were right once, where the past is meant.
//!
//! A chronicle says 环境保护厅 of 2015, a notice quotes what it repeals, a merger names what was merged. What is looked
//! for is cheap and stands in the same sentence: a word that says so, a quotation, a year from before.

use jiff::civil::Date;

use super::normalise::is_han;

/// Bytes of a sentence that are looked at before and after the name: 100 Han characters.
const SENTENCE: usize = 300;

/// What stands right before a name that is no longer borne, but for the place it belongs to (`原四川省环境保护厅`).
const FORMER: &[&str] = &["原", "旧", "曾", "时任", "当时", "前身", "撤销"];

/// Characters between such a word and the name.
const PLACE: usize = 8;

/// Words that begin like one of [`FORMER`] and say nothing of the past.
const UNRELATED: &[&str] = &["原则", "原因", "原料", "原材", "原油", "原件"];

/// What follows in a sentence that tells how the name came to an end.
const ENDED: &[&str] =
    &["更名", "改名", "撤销", "废止", "失效", "改组", "撤县", "撤市", "合并", "现为", "（现", "不再保留"];

/// Whether the sentence says that the name at `start..end` is of the time before `since`.
pub(super) fn is_of_the_past(text: &str, start: usize, end: usize, since: Date) -> bool {
    let (before, after) = sentence(text, start, end);
    let name = &text[start..end];
    follows_former(before)
        || ENDED.iter().any(|word| after.contains(word))
        || is_quoted(before, name, after)
        || [before, after].iter().any(|part| has_year_before(part, since.year()))
}

/// What stands in the same sentence before and after.
fn sentence(text: &str, start: usize, end: usize) -> (&str, &str) {
    let ends = ['。', '！', '？', '；', '\n'];
    let before = &text[text.ceil_char_boundary(start.saturating_sub(SENTENCE))..start];
    let after = &text[end..text.floor_char_boundary((end + SENTENCE).min(text.len()))];
    let before = before.rsplit(ends).next().unwrap_or_default();
    (before, after.split(ends).next().unwrap_or_default())
}

fn follows_former(before: &str) -> bool {
    let near = before.char_indices().rev().take(PLACE + 2).take_while(|(_, c)| is_han(*c)).last();
    let near = near.map_or("", |(at, _)| &before[at..]);
    FORMER.iter().any(|word| {
        near.rfind(word).is_some_and(|at| !UNRELATED.iter().any(|other| near[at..].starts_with(other)))
    })
}

/// Whether it stands in quotation marks, or in a title that is longer than the name itself.
fn is_quoted(before: &str, name: &str, after: &str) -> bool {
    if before.matches('“').count() > before.matches('”').count() {
        return true;
    }
    let Some(open) = before.rfind('《') else { return false };
    let inside = &before[open + '《'.len_utf8()..];
    if inside.contains('》') || name.contains('》') {
        return false;
    }
    let is_whole = matches!(inside, "" | "中华人民共和国") && after.starts_with('》');
    !is_whole && after.contains('》')
}

/// Whether a year before `year` is named: `2015年`, `〔2015〕`, `2015-03`.
fn has_year_before(text: &str, year: i16) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).enumerate().any(|(at, digits)| {
        let is_year = matches!(digits, [b'1', b'9', ..] | [b'2', b'0', ..])
            && digits.iter().all(u8::is_ascii_digit)
            && at.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_digit());
        is_year
            && ["年", "〕", "]", "］", "-", ".", "/"].iter().any(|mark| text[at + 4..].starts_with(mark))
            && text[at..at + 4].parse().is_ok_and(|named: i16| named < year)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let name = "环境保护厅";
        let start = text.find(name).expect("the name is there");
        let since = jiff::civil::date(2018, 11, 1);
        assert_eq!(is_of_the_past(text, start, start + name.len(), since), expected, "{text}");
    }

    #[test]
    fn what_says_so_excuses() {
        check("原四川省环境保护厅印发的文件", true);
        check("曾任职于环境保护厅", true);
        check("四川省环境保护厅更名为四川省生态环境厅", true);
        check("省环境保护厅2015年印发", true);
        check("川环发〔2016〕12号，环境保护厅", true);
        check("《四川省环境保护厅关于印发办法的通知》", true);
        check("门牌上写着“环境保护厅”", true);
    }

    #[test]
    fn the_present_is_not_excused() {
        check("四川省环境保护厅发布通知", false);
        check("坚持原则的环境保护厅", false);
        check("原单位的说明。环境保护厅发布", false);
        check("2024年，环境保护厅印发", false);
        check("12016年，环境保护厅", false);
        check("《环境保护厅》", false);
        check("依据《环境保护法》，环境保护厅", false);
    }
}
