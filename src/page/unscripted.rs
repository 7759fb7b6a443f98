//! What those see who run no scripts (`noscript`). Visitors do not, so its links are followed and never called broken.

use ego_tree::NodeId;

use super::dom::{self, Content, Element, Flow, Node, Visit};
use super::{Link, LinkKind, gate, links};

/// Reads what stands in a `noscript`: adds its links, and gives its words.
pub(super) fn read(html: &str, noscript: NodeId, links: &mut Vec<Link>) -> String {
    let mut visitor = Unscripted { links, words: String::new(), noscript };
    dom::walk(&gate::fragment(html), &mut visitor);
    visitor.words
}

struct Unscripted<'a> {
    links: &'a mut Vec<Link>,
    words: String,
    noscript: NodeId,
}

impl Visit for Unscripted<'_> {
    fn open(&mut self, node: Node<'_>, element: &Element) -> Content {
        links::of_element(element, |raw, _| {
            let link = Link::of(node, element, raw, LinkKind::Speculative);
            self.links.push(Link { node: self.noscript, ..link });
        });
        match dom::flow(element) {
            Flow::Unseen => Content::Skip,
            _ => Content::Enter,
        }
    }

    fn text(&mut self, text: &str) {
        self.words.push_str(text);
    }

    fn close(&mut self, _: Node<'_>, _: &Element) {}
}
