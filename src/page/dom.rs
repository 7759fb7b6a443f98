//! The few questions that are asked of the tree; nobody else in `page` knows how it is kept.

use ego_tree::NodeRef;
use html5ever::{LocalName, local_name, ns};
use scraper::Html;
pub(super) use scraper::node::Element;

/// A node of the tree.
pub(super) type Node<'a> = NodeRef<'a, scraper::Node>;

/// What a walk tells of the tree.
pub(super) trait Visit {
    /// An element begins. Its content is left out where this says so; it is closed all the same.
    fn open(&mut self, node: Node<'_>, element: &Element) -> Content;
    /// Text.
    fn text(&mut self, text: &str);
    /// An element ends.
    fn close(&mut self, node: Node<'_>, element: &Element);
}

/// What to do with the content of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Walk through it.
    Enter,
    /// Leave it out.
    Skip,
}

/// Walks through the whole tree once, in document order, without recursion.
pub(super) fn walk(tree: &Html, visitor: &mut impl Visit) {
    let root = tree.tree.root();
    let mut node = root;
    loop {
        let content = match node.value() {
            scraper::Node::Element(element) => visitor.open(node, element),
            scraper::Node::Text(text) => {
                visitor.text(text);
                Content::Skip
            }
            scraper::Node::Document | scraper::Node::Fragment => Content::Enter,
            _ => Content::Skip,
        };
        if content == Content::Enter
            && let Some(child) = node.first_child()
        {
            node = child;
            continue;
        }
        loop {
            if let Some(element) = node.value().as_element() {
                visitor.close(node, element);
            }
            if node == root {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return,
            }
        }
    }
}

/// The value of an attribute. Looks through the list, as asking `scraper` interns the name first.
pub(super) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attrs().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The text directly inside an element, as of a script.
pub(super) fn own_text(node: Node<'_>) -> &str {
    node.first_child().and_then(|child| child.value().as_text()).map_or("", |text| text)
}

/// Bytes of the words of one drawing.
const DRAWN_BYTES: usize = 2_000;

/// The words that a drawing shows, and those that describe it.
pub(super) fn drawn(drawing: Node<'_>) -> String {
    let mut words = String::new();
    for node in drawing.descendants() {
        let is_shown = |parent: Node<'_>| {
            let name = parent.value().as_element().map(|element| element.name());
            !matches!(name, Some("style" | "script"))
        };
        if let Some(text) = node.value().as_text()
            && node.parent().is_some_and(is_shown)
            && !text.trim().is_empty()
        {
            words.push_str(text.trim());
            words.push(' ');
        }
        if words.len() > DRAWN_BYTES {
            break;
        }
    }
    words
}

/// The nearest element at or above a node.
pub(super) fn element_at(tree: &Html, id: ego_tree::NodeId) -> Option<Node<'_>> {
    let node = tree.tree.get(id)?;
    std::iter::once(node).chain(node.ancestors()).find(|node| node.value().is_element())
}

/// How an element takes part in the text of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Joins with what is around it.
    Inline,
    /// Stands apart.
    Block,
    /// `br`: parts two lines.
    Break,
    /// Not read by anybody.
    Unseen,
}

/// How an element takes part in the text.
pub(super) fn flow(element: &Element) -> Flow {
    if element.name.ns != ns!(html) {
        return if element.name.local == local_name!("svg") { Flow::Unseen } else { Flow::Inline };
    }
    match element.name.local {
        local_name!("script")
        | local_name!("style")
        | local_name!("noscript")
        | local_name!("template")
        | local_name!("title")
        | local_name!("iframe")
        | local_name!("noframes")
        | local_name!("noembed") => Flow::Unseen,
        local_name!("br") | local_name!("hr") => Flow::Break,
        _ if is_block(&element.name.local) => Flow::Block,
        _ => Flow::Inline,
    }
}

fn is_block(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("html")
            | local_name!("body")
            | local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("button")
            | local_name!("caption")
            | local_name!("center")
            | local_name!("dd")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("dir")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("frameset")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("legend")
            | local_name!("li")
            | local_name!("main")
            | local_name!("marquee")
            | local_name!("menu")
            | local_name!("nav")
            | local_name!("ol")
            | local_name!("optgroup")
            | local_name!("option")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("section")
            | local_name!("select")
            | local_name!("summary")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("textarea")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul")
    )
}
