//! Ways to reach strangers that are written into hidden text, without any link.

use super::suspect::sight;
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
    pub(super) place: Place,
}

/// The accounts in hidden text.
pub(super) fn contacts(acted: &Acted<'_>, context: &Context<'_>) -> Vec<Contact> {
    let page = acted.page();
    // Lengths stay what they are.
    let text = page.text.visible.to_ascii_lowercase();
    let messengers = &context.rules.hosts().dark_link.messengers;
    let found: Vec<(usize, usize)> =
        messengers.iter().flat_map(|messenger| accounts(&text, messenger)).take(CONTACTS).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let sight = sight(acted, context);
    let contacts = found.into_iter().filter_map(|(start, end)| {
        let node = page.dom.tree.get(page.text.block_at(start)?.node)?;
        let hidden_by = sight.hidden_box(node)?.by;
        let place = acted.place_before(page.text_place(start, end));
        Some(Contact { text: page.text.visible[start..end].to_owned(), hidden_by, place })
    });
    contacts.collect()
}

/// Where a messenger is named with an account right behind it.
fn accounts(text: &str, messenger: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(messenger).filter_map(|(start, name)| {
        let rest = &text[start + name.len()..];
        let gap = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '\n')?;
        let account = rest[gap..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let length = account.unwrap_or(rest.len() - gap);
        let is_near = rest[..gap].chars().count() <= 3;
        (is_near && length >= ACCOUNT).then_some((start, start + name.len() + gap + length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_stand_behind_messengers() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = accounts(text, "telegram").map(|(start, end)| &text[start..end]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("联系telegram：@abc_123，", &["telegram：@abc_123"]);
        check("telegram abcde", &["telegram abcde"]);
        check("telegram软件 abcde12", &["telegram软件 abcde12"]);
        check("telegram 是一种即时通讯软件 abcde", &[]);
        check("telegram abc", &[]);
        check("telegram", &[]);
    }
}
