//! Ways to reach strangers that are written into hidden text, without any link.

use std::ops::Range;

use super::suspect::sight;
use crate::address::Address;
use crate::checks::Context;
use crate::finding::Place;
use crate::page::{Acted, Hiding};

/// Contacts that are looked at on one page.
const CONTACTS: usize = 20;
/// Characters of an account at least.
const ACCOUNT: usize = 5;
/// Characters between the name of a messenger and the account at most.
const GAP: usize = 3;
/// Bytes of a character at most.
const MAX_CHARACTER: usize = 4;

/// A way to reach a stranger.
pub(super) struct Contact {
    /// `telegram：abc123`.
    pub(super) text: String,
    pub(super) hidden_by: Hiding,
    /// The script in a file that hides it, where one does.
    pub(super) veiled_by: Option<Address>,
    pub(super) place: Place,
}

/// The accounts in hidden text.
pub(super) fn contacts(acted: &Acted<'_>, context: &Context<'_>) -> Vec<Contact> {
    let page = acted.page();
    let text = &page.text.visible;
    let figures = &context.rules.hosts().dark_link;
    let longest = figures.messengers.iter().map(String::len).max().unwrap_or_default();
    let named = stretches(text, longest + GAP * MAX_CHARACTER).flat_map(|stretch| {
        let start = stretch.start;
        figures.messengers_in(&text[stretch]).map(move |(from, to)| (start + from, start + to))
    });
    let found: Vec<(usize, usize)> =
        named.filter_map(|(start, end)| Some((start, account(text, end)?))).take(CONTACTS).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let sight = sight(acted, context);
    let contacts = found.into_iter().filter_map(|(start, end)| {
        let node = page.dom.tree.get(page.text.block_at(start)?.node)?;
        let hidden = sight.hidden_box(node)?;
        let veiled_by = sight.veiled_by(hidden).cloned();
        let place = acted.place_before(page.text_place(start, end));
        let text = page.text.visible[start..end].to_owned();
        Some(Contact { text, hidden_by: hidden.by, veiled_by, place })
    });
    contacts.collect()
}

/// Where names with an account behind them may stand: the rows of letters and digits that are as long as an account,
/// each with the bytes before it that a name may reach into. Chinese text has few of them.
fn stretches(text: &str, reach: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (mut at, mut done) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            // A row as long as an account holds one of these bytes, whichever it begins with.
            let probe = at + ACCOUNT - 1;
            if !is_part(bytes.get(probe)?) {
                at = probe + 1;
                continue;
            }
            let start = probe - bytes[at..probe].iter().rev().take_while(|byte| is_part(byte)).count();
            let end = probe + bytes[probe..].iter().take_while(|byte| is_part(byte)).count();
            at = end;
            if end - start >= ACCOUNT {
                let from = text.floor_char_boundary(start.saturating_sub(reach)).max(done);
                done = end;
                return Some(from..end);
            }
        }
    })
}

/// Where the account ends that stands right behind the name of a messenger.
pub(super) fn account(text: &str, name_end: usize) -> Option<usize> {
    let rest = &text[name_end..];
    let gap = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '\n')?;
    let account = rest[gap..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let length = account.unwrap_or(rest.len() - gap);
    let is_near = rest[..gap].chars().count() <= GAP;
    (is_near && length >= ACCOUNT).then_some(name_end + gap + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_what_an_account_ends() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = stretches(text, 9).map(|stretch| &text[stretch]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("", &[]);
        check("第4296号文件，2026-04-19", &[]);
        check("加电报：abc_1", &["电报：abc_1"]);
        check("甲乙丙丁戊abcde", &["丙丁戊abcde"]);
        check("whatsapp +8613800000000，", &["whatsapp", " +8613800000000"]);
    }

    #[test]
    fn accounts_stand_behind_messengers() {
        let check = |text: &str, expected: Option<&str>| {
            let start = text.find("telegram").expect("it is named");
            let found = account(text, start + "telegram".len()).map(|end| &text[start..end]);
            assert_eq!(found, expected, "{text}");
        };
        check("联系telegram：@abc_123，", Some("telegram：@abc_123"));
        check("telegram abcde", Some("telegram abcde"));
        check("telegram软件 abcde12", Some("telegram软件 abcde12"));
        check("telegram 是一种即时通讯软件 abcde", None);
        check("telegram abc", None);
        check("telegram", None);
    }
}
