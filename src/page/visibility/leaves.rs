//! What can be seen of an element: its text and its pictures.

use crate::page::dom::{Node, attribute};

/// Leaves of one element that are looked at; the first that is visible settles it.
const LEAVES: usize = 24;
/// Nodes of one element that are walked through in search of leaves.
const NODES: usize = 2_000;

/// Something that can be seen.
pub(super) enum Leaf<'a> {
    /// Text, and the element it stands in.
    Text(Node<'a>),
    /// A picture, a frame, a field.
    Picture(Node<'a>),
}

impl<'a> Leaf<'a> {
    /// The innermost element.
    pub(super) fn element(&self) -> Node<'a> {
        match self {
            Leaf::Text(node) | Leaf::Picture(node) => *node,
        }
    }
}

/// The leaves of an element.
pub(super) fn of(node: Node<'_>) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    for node in node.descendants().take(NODES) {
        if leaves.len() >= LEAVES {
            break;
        }
        if let Some(text) = node.value().as_text() {
            if text.chars().any(is_seen)
                && let Some(parent) = node.parent()
            {
                leaves.push(Leaf::Text(parent));
            }
        } else if node.value().as_element().is_some_and(is_picture) {
            leaves.push(Leaf::Picture(node));
        }
    }
    leaves
}

fn is_picture(element: &crate::page::dom::Element) -> bool {
    match element.name() {
        "img" => attribute(element, "src").is_some_and(|src| !src.trim().is_empty()),
        "svg" | "canvas" | "video" | "iframe" | "embed" | "object" | "input" | "button" | "select"
        | "marquee" => true,
        _ => false,
    }
}

/// Whether a character leaves a mark. A lonely full stop does not count as text to click on.
fn is_seen(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(
            character,
            '.' | '、' | '。' | '·' | ',' | '，' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
