//! Ways to reach strangers in running text: accounts of messengers, and addresses that nobody made a link of.

use super::contact::account;
use crate::checks::crimes::{Word, crimes_at, distinct};
use crate::indicators::DarkLink;
use crate::text::Lexicons;

/// Bytes of a text that are looked through: advertisements stand at the front, or are all there is.
const TEXT: usize = 256 << 10;
/// Bytes between a word and the way to reach who says it: some two hundred characters.
const NEAR: usize = 600;
/// Ways that are looked at in one text.
const WAYS: usize = 200;
/// Bytes of the longest address: what goes on without end is none, and must not be read to its end from each of its parts.
const ADDRESS: usize = 2_048;
/// What an address begins with that nobody made a link of.
const STARTS: [&str; 3] = ["http://", "https://", "www."];

/// An advertisement of a crime: its words, and how to reach those who offer it.
pub(super) struct Advert {
    pub(super) words: Vec<Word>,
    /// As written: `微信：abc123`, `http://a.example/`.
    pub(super) ways: Vec<String>,
    /// Different words of crimes, and enough of those that every advertisement has.
    pub(super) is_loud: bool,
}

/// The advertisement in a text, if it is one: words of crimes, which nothing around them explains, and near them a way to
/// reach somebody. One without the other is a warning, or the address of an office.
pub(super) fn advert(
    text: &str,
    is_strange: &dyn Fn(&str) -> bool,
    figures: &DarkLink,
    lexicons: &Lexicons,
) -> Option<Advert> {
    let text = &text[..text.floor_char_boundary(TEXT)];
    let ways = ways(text, is_strange, figures);
    if ways.is_empty() {
        return None;
    }
    let is_near = |at: usize| ways.iter().any(|(way, _)| way.abs_diff(at) <= NEAR);
    let near: Vec<(usize, Word)> =
        crimes_at(text, lexicons).into_iter().filter(|(at, _)| is_near(*at)).collect();
    if near.is_empty() {
        return None;
    }
    let meant = |way: usize| near.iter().any(|(word, _)| way.abs_diff(*word) <= NEAR);
    let ways: Vec<String> = ways.into_iter().filter(|(at, _)| meant(*at)).map(|(_, way)| way).collect();
    let words = distinct(near.into_iter().map(|(_, word)| word).collect());
    let is_loud = words.len() > 1 && figures.lures_in(text) >= figures.lure_least;
    Some(Advert { words, ways, is_loud })
}

/// Ways to reach strangers, each with its place.
fn ways(text: &str, is_strange: &dyn Fn(&str) -> bool, figures: &DarkLink) -> Vec<(usize, String)> {
    let addresses =
        STARTS.iter().flat_map(|opener| text.match_indices(opener)).filter_map(|(start, opener)| {
            let is_inside = opener == "www." && text[..start].ends_with('/');
            let rest = &text[start..text.floor_char_boundary(start + ADDRESS)];
            let end =
                rest.find(|c: char| !c.is_ascii_graphic() || "\"'<>()".contains(c)).unwrap_or(rest.len());
            let written = rest[..end].trim_end_matches(['.', ',', ';']);
            let whole = if opener == "www." { format!("http://{written}/") } else { written.to_owned() };
            (!is_inside && is_strange(&whole)).then(|| (start, written.to_owned()))
        });
    chats(text, figures).chain(addresses).take(WAYS).collect()
}

/// Accounts of messengers and other ways to chat, each with its place.
pub(super) fn chats<'t>(text: &'t str, figures: &'t DarkLink) -> impl Iterator<Item = (usize, String)> + 't {
    figures.chats_in(text).filter_map(move |(start, end)| {
        let is_word = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let end = account(text, end).filter(|_| is_word)?;
        Some((start, text[start..end].to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn check(text: &str, expected: Option<(&[&str], bool)>) {
        let rules = RuleSet::built_in();
        let is_strange = |address: &str| address.contains(".example");
        let found = advert(text, &is_strange, &rules.hosts().dark_link, &Lexicons::built_in());
        let found = found.map(|advert| (advert.ways, advert.is_loud));
        let ways = |ways: &[&str]| ways.iter().map(|way| (*way).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, expected.map(|(expected, loud)| (ways(expected), loud)), "{text}");
    }

    #[test]
    fn words_and_a_way_make_an_advertisement() {
        check("六合彩资料 微信：abc12345", Some((&["微信：abc12345"], false)));
        check("六合彩时时彩官网注册，QQ 12345678", Some((&["QQ 12345678"], true)));
        check("六合彩资料 www.t78.example 每日更新", Some((&["www.t78.example"], false)));
        check("六合彩资料，见http://t78.example/a。", Some((&["http://t78.example/a"], false)));
    }

    #[test]
    fn a_row_of_beginnings_takes_bounded_time() {
        check(&format!("六合彩{}", "www.".repeat(TEXT / 4)), None);
    }

    #[test]
    fn one_without_the_other_is_none() {
        check("六合彩资料", None);
        check("咨询微信：abc12345", None);
        check("六合彩资料 http://www.gov.cn/", None);
        check(&format!("六合彩资料{}微信：abc12345", "正文".repeat(400)), None);
        check("警方查处六合彩网络赌博案件，请勿添加陌生人微信：abc12345，举报电话110。", None);
    }
}
