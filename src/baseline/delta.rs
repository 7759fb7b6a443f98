//! What differs between two portraits of a page.

use std::collections::BTreeMap;

use super::{Portrait, Repainted, Use, Word};

/// What differs between two portraits.
#[derive(Debug, Clone, PartialEq)]
pub struct Delta {
    /// Fields of the head that say something else.
    pub head: Vec<Field>,
    /// Whether the text of a part changed: head and menus, main part, foot.
    pub parts: [bool; 3],
    /// How alike the texts are, from 0 to 1. A page that a script fills is like any other.
    pub text: f64,
    /// How alike the elements are.
    pub form: f64,
    /// The share of the old menu that is still there; 1 where there was none.
    pub menu: f64,
    /// Whether the title named the site or its organ, and names none of them any more.
    pub is_nameless: bool,
    /// Whether the colours changed.
    pub is_redressed: bool,
    /// Foreign hosts that are new.
    pub gained: Gains,
    /// Foreign hosts that are gone.
    pub lost: Gains,
    /// Words of strangers that are new, or stand in a heading now.
    pub words: Vec<Word>,
    /// Pictures that are not to the byte what they were.
    pub pictures: Vec<Repainted>,
}

/// A field of the head that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// Hosts by their use.
pub type Gains = BTreeMap<Use, Vec<String>>;

impl Delta {
    /// What changed from one portrait to another.
    pub fn between(before: &Portrait, after: &Portrait) -> Delta {
        let is_thin = before.is_thin || after.is_thin;
        let parts = [0, 1, 2].map(|part| before.parts[part] != after.parts[part]);
        let title = after.head.get("title").map_or("", String::as_str);
        let kept = before.menu.iter().filter(|entry| after.menu.binary_search(entry).is_ok()).count();
        Delta {
            head: fields(before, after),
            parts,
            text: if is_thin { 1.0 } else { before.text.likeness(&after.text) },
            form: if is_thin { 1.0 } else { before.form.likeness(&after.form) },
            menu: if before.menu.is_empty() { 1.0 } else { kept as f64 / before.menu.len() as f64 },
            is_nameless: !before.names.is_empty()
                && !before.names.iter().any(|name| title.contains(name.as_str())),
            is_redressed: before.dress != after.dress,
            gained: gains(before, after),
            lost: gains(after, before),
            words: words(before, after),
            pictures: Repainted::between(&before.pictures, &after.pictures),
        }
    }

    /// Whether nothing differs that a portrait shows.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
            && self.parts == [false; 3]
            && !self.is_redressed
            && self.form >= 1.0
            && self.gained.is_empty()
            && self.lost.is_empty()
            && self.words.is_empty()
            && self.pictures.is_empty()
    }
}

fn fields(before: &Portrait, after: &Portrait) -> Vec<Field> {
    let changed = before.head.iter().filter_map(|(name, was)| {
        let is = after.head.get(name).map_or("", String::as_str);
        let field = || Field { name: name.clone(), before: was.clone(), after: is.to_owned() };
        (was != is).then(field)
    });
    changed.collect()
}

/// The hosts that `after` uses and `before` does not.
fn gains(before: &Portrait, after: &Portrait) -> Gains {
    let new = after.hosts.iter().map(|(used, hosts)| {
        let known = before.hosts.get(used);
        let is_new = |host: &&String| !known.is_some_and(|known| known.contains_key(*host));
        (*used, hosts.keys().filter(is_new).cloned().collect::<Vec<_>>())
    });
    new.filter(|(_, hosts)| !hosts.is_empty()).collect()
}

fn words(before: &Portrait, after: &Portrait) -> Vec<Word> {
    let was_there = |word: &&Word| {
        before.words.iter().any(|old| old.words == word.words && old.is_heading >= word.is_heading)
    };
    after.words.iter().filter(|word| !was_there(word)).cloned().collect()
}
