//! Ways to reach strangers that are written into hidden text, without any link.

use super::suspect::sight;
use crate::address::Address;
use crate::checks::Context;
use crate::finding::Place;
use crate::page::{Acted, Hiding};

/// Contacts that are looked at on one page.
const CONTACTS: usize = 20;
/// Characters of an account at least.
const ACCOUNT: usize = 5;

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
    let named = context.rules.hosts().dark_link.messengers_in(text);
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

/// Where the account ends that stands right behind the name of a messenger.
pub(super) fn account(text: &str, name_end: usize) -> Option<usize> {
    let rest = &text[name_end..];
    let gap = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '\n')?;
    let account = rest[gap..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let length = account.unwrap_or(rest.len() - gap);
    let is_near = rest[..gap].chars().count() <= 3;
    (is_near && length >= ACCOUNT).then_some(name_end + gap + length)
}

#[cfg(test)]
mod tests {
    use super::*;

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
