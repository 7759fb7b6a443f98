//! What elements are called, in a few bits: whether a name is missing is certain, whether it is there only likely. Most
//! selectors ask for an ancestor that no element has, and nobody need climb to the root to see it.

use xxhash_rust::xxh3::xxh3_64;

use crate::page::dom::{Element, attribute};

/// A set of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names([u64; 4]);

impl Names {
    /// The tag, the id and the classes of an element.
    pub(super) fn of(element: &Element) -> Names {
        let mut names = Names::default();
        names.add_tag(element.name());
        if let Some(id) = attribute(element, "id") {
            names.add_id(id);
        }
        classes(element).for_each(|class| names.add_class(class));
        names
    }

    pub(super) fn add_tag(&mut self, tag: &str) {
        self.add(tag, 0);
    }

    pub(super) fn add_id(&mut self, id: &str) {
        self.add(id, 1);
    }

    pub(super) fn add_class(&mut self, class: &str) {
        self.add(class, 2);
    }

    fn add(&mut self, name: &str, kind: u64) {
        let bit = xxh3_64(name.as_bytes()).wrapping_add(kind * 85) as usize % 256;
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// These and others.
    pub(super) fn with(self, others: Names) -> Names {
        Names(std::array::from_fn(|at| self.0[at] | others.0[at]))
    }

    /// Whether all of `others` may be among them.
    pub(super) fn may_have(self, others: Names) -> bool {
        let [a, b, c, d] = others.0;
        self.0[0] & a == a && self.0[1] & b == b && self.0[2] & c == c && self.0[3] & d == d
    }
}

/// The classes of an element.
pub(super) fn classes(element: &Element) -> impl Iterator<Item = &str> {
    attribute(element, "class").unwrap_or_default().split_ascii_whitespace()
}
