//! The one pass over the tree that gathers text, links, tags, titles and rows together.

use ego_tree::NodeId;
use html5ever::{local_name, ns};
use jiff::civil::{Date, DateTime};
use scraper::Html;

use super::asides::{Asides, Spot};
use super::dom::{self, Content, Element, Flow, Node, Visit, attribute};
use super::items::{RowShape, Rows, Start};
use super::published::Label;
use super::text::{Builder, Mark};
use super::{Item, Link, LinkKind, Text, css, links, pagination, scripts, tags, unscripted};
use crate::facts::Tag;

/// What one pass gathered.
pub(super) struct Examined {
    pub(super) text: Text,
    /// Bytes of link text in each block of the text.
    pub(super) linked: Vec<usize>,
    pub(super) asides: Asides,
    pub(super) links: Vec<Link>,
    pub(super) tags: Vec<Tag>,
    /// The first non-empty title.
    pub(super) title: String,
    pub(super) signs: Signs,
    rows: Rows,
}

/// Signs of what kind of document it is.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// `href` of the first `base`.
    pub(super) base: Option<String>,
    /// HTML kept in scripts, with the script's node.
    pub(super) islands: Vec<(NodeId, String)>,
    /// Indices of links that a script assigns to `location`.
    pub(super) redirects: Vec<usize>,
    /// Whether a meta refresh leads elsewhere.
    pub(super) refreshes: bool,
    /// `title` elements.
    pub(super) titles: usize,
    /// `script` elements.
    pub(super) scripts: Vec<NodeId>,
    /// Whether a script fetches content or holds a template for it.
    pub(super) fills: bool,
    /// Whether scripts are marked with `r="m"`, as a certain firewall does.
    pub(super) firewall_mark: bool,
}

/// Gathers everything from a tree.
pub(super) fn examine(dom: &Html) -> Examined {
    let root = dom.tree.root().id();
    let mut examiner = Examiner {
        text: Builder::default(),
        asides: Asides::default(),
        links: Vec::new(),
        tags: Vec::new(),
        title: String::new(),
        signs: Signs::default(),
        rows: Rows::default(),
        open: Vec::new(),
        block: root,
        mark: None,
        anchor: None,
        in_head: false,
        pages: 0,
    };
    dom::walk(dom, &mut examiner);
    let (text, linked) = examiner.text.finish();
    Examined {
        text,
        linked,
        asides: examiner.asides,
        links: examiner.links,
        tags: examiner.tags,
        title: examiner.title,
        signs: examiner.signs,
        rows: examiner.rows,
    }
}

impl Examined {
    /// The publication time that a label on the page names, and the label.
    pub(super) fn labelled(&self) -> Option<(Label, DateTime)> {
        self.rows.labelled()
    }

    /// The rows of lists, islands in scripts included; to be asked once. `latest` is a date of the page that none of
    /// its rows can be later than.
    pub(super) fn items(&mut self, dom: &Html, latest: Option<Date>) -> Vec<Item> {
        let rows = std::mem::take(&mut self.rows);
        let mut items = rows.finish(&self.text, dom, &self.links, latest);
        for (node, html) in std::mem::take(&mut self.signs.islands) {
            let fragment = super::gate::fragment(&html);
            let mut inner = examine(&fragment);
            let rows = std::mem::take(&mut inner.rows);
            let first = self.links.len();
            let found = rows.finish(&inner.text, &fragment, &inner.links, latest);
            // What stands in the island is nowhere in the tree of the page but in its script.
            items.extend(found.into_iter().map(|item| Item { link: item.link + first, node, ..item }));
            self.links.extend(inner.links.into_iter().map(|link| Link { node, ..link }));
        }
        items
    }
}

/// An element that is open and matters to what is inside of it.
struct Open {
    node: NodeId,
    start: Start,
    /// Bytes of text before it.
    text: usize,
    /// The block, mark and anchor around it.
    outer: (NodeId, Option<Mark>, Option<usize>),
}

struct Examiner {
    text: Builder,
    asides: Asides,
    links: Vec<Link>,
    tags: Vec<Tag>,
    title: String,
    signs: Signs,
    rows: Rows,
    open: Vec<Open>,
    block: NodeId,
    mark: Option<Mark>,
    anchor: Option<usize>,
    in_head: bool,
    /// Addresses of paginations so far.
    pages: usize,
}

impl Visit for Examiner {
    fn open(&mut self, node: Node<'_>, element: &Element) -> Content {
        let first_link = self.links.len();
        links::of_element(element, |raw, kind| self.links.push(Link::of(node, element, raw, kind)));
        let flow = dom::flow(element);
        self.note(node, element, first_link);
        self.say_aside(node, element);
        match flow {
            Flow::Unseen => {
                if element.name.local == local_name!("svg") {
                    self.asides.push(Spot::Drawing, node.id(), &dom::drawn(node));
                }
                return Content::Skip;
            }
            Flow::Break => self.text.part(),
            Flow::Block => {
                self.text.part();
                self.enter(node);
                self.block = node.id();
                if let Some(mark) = Mark::of(element) {
                    self.mark = Some(mark);
                }
            }
            Flow::Inline if element.name.local == local_name!("a") => {
                self.enter(node);
                let own = self.links.get(first_link).filter(|link| link.kind == LinkKind::Anchor);
                self.anchor = own.map(|_| first_link);
            }
            Flow::Inline => {}
        }
        Content::Enter
    }

    fn text(&mut self, text: &str) {
        if self.in_head {
            return;
        }
        let Some(span) = self.text.push(text, self.block, self.mark, self.anchor.is_some()) else { return };
        if self.rows.push(self.text.visible(), span, self.anchor) {
            self.text.note_date();
        }
    }

    fn close(&mut self, node: Node<'_>, element: &Element) {
        if element.name.local == local_name!("head") {
            self.in_head = false;
        }
        let Some(open) = self.open.pop_if(|open| open.node == node.id()) else { return };
        let is_anchor = element.name.local == local_name!("a");
        if is_anchor {
            self.name_link(&open, element);
            // Most only repeat what is read.
            if let Some(title) = attribute(element, "title")
                && !self.text.visible()[open.text..].contains(title.trim())
            {
                self.asides.push(Spot::Tooltip, node.id(), title);
            }
        } else {
            self.text.part();
        }
        let list = node.parent().map(|parent| parent.id());
        self.rows.end(open.start, node.id(), list, shape(element), self.text.visible());
        (self.block, self.mark, self.anchor) = open.outer;
    }
}

impl Examiner {
    fn enter(&mut self, node: Node<'_>) {
        self.open.push(Open {
            node: node.id(),
            start: self.rows.start(),
            text: self.text.visible().len(),
            outer: (self.block, self.mark, self.anchor),
        });
    }

    /// Gives the anchor that ends here its text: what is read, else its title, else that of a picture in it.
    fn name_link(&mut self, open: &Open, element: &Element) {
        let Some(anchor) = self.anchor else { return };
        let mut text = links::clip(&self.text.visible()[open.text..]);
        if text.is_empty() {
            text = links::clip(attribute(element, "title").unwrap_or_default());
        }
        if text.is_empty() {
            let pictures = &self.links[anchor + 1..];
            text = pictures
                .iter()
                .map(|link| link.text.clone())
                .find(|text| !text.is_empty())
                .unwrap_or_default();
        }
        self.links[anchor].text = text;
    }

    /// Keeps what attributes say to readers; the titles of links wait for the words of the link.
    fn say_aside(&mut self, node: Node<'_>, element: &Element) {
        let is_link = element.name.local == local_name!("a");
        for (name, value) in element.attrs() {
            if let Some(spot) = Spot::of(name).filter(|spot| !(is_link && *spot == Spot::Tooltip)) {
                self.asides.push(spot, node.id(), value);
            }
        }
        let is_button = || {
            let kind = attribute(element, "type").unwrap_or_default();
            ["button", "submit", "reset"].iter().any(|button| kind.eq_ignore_ascii_case(button))
        };
        if element.name.local == local_name!("input") && is_button() {
            self.asides.push(Spot::Button, node.id(), attribute(element, "value").unwrap_or_default());
        }
    }

    /// Takes note of elements that say something about the document.
    fn note(&mut self, node: Node<'_>, element: &Element, first_link: usize) {
        if element.name.ns != ns!(html) {
            return;
        }
        match element.name.local {
            local_name!("head") => self.in_head = true,
            local_name!("title") => {
                self.signs.titles += 1;
                if self.title.is_empty() {
                    self.title = fold(dom::own_text(node));
                }
            }
            local_name!("meta") => {
                if let Some(tag) = tags::tag(element, self.in_head) {
                    self.asides.push(Spot::Meta, node.id(), &tag.value);
                    self.tags.push(tag);
                }
                self.signs.refreshes |= self.links.len() > first_link;
                self.signs.firewall_mark |= attribute(element, "r") == Some("m");
            }
            local_name!("base") => {
                let href = attribute(element, "href").map(str::to_owned);
                self.signs.base = self.signs.base.take().or(href);
            }
            local_name!("style") => css::addresses(dom::own_text(node), |raw, kind| {
                self.links.push(Link::of(node, element, raw, kind));
            }),
            local_name!("script") => self.script(node, element),
            local_name!("noscript") => self.noscript(node),
            _ => {}
        }
    }

    fn noscript(&mut self, node: Node<'_>) {
        let text = dom::own_text(node);
        if !text.trim().is_empty() {
            let words = unscripted::read(text, node.id(), &mut self.links);
            self.asides.push(Spot::Unscripted, node.id(), &words);
        }
    }

    fn script(&mut self, node: Node<'_>, element: &Element) {
        self.signs.scripts.push(node.id());
        self.signs.firewall_mark |= attribute(element, "r") == Some("m");
        let text = dom::own_text(node);
        let kind = attribute(element, "type").unwrap_or_default();
        if kind.contains("xml") {
            self.signs.islands.extend(pagination::island(text).map(|html| (node.id(), html)));
            return;
        }
        if kind.contains("template") || kind.contains("handlebars") || kind.contains("text/html") {
            self.signs.fills = true;
            return;
        }
        let found = scripts::read(text);
        self.signs.fills |= found.fills;
        self.signs.islands.extend(found.island.map(|html| (node.id(), html)));
        for raw in &found.redirects {
            self.signs.redirects.push(self.links.len());
            self.links.push(Link::of(node, element, raw, LinkKind::Speculative));
        }
        for raw in &found.opens {
            self.links.push(Link::of(node, element, raw, LinkKind::Speculative));
        }
        for raw in found.pages.iter().take(pagination::MAX_PAGES.saturating_sub(self.pages)) {
            self.pages += 1;
            self.links.push(Link::of(node, element, raw, LinkKind::Pagination));
        }
    }
}

fn shape(element: &Element) -> RowShape {
    match element.name.local {
        local_name!("li") | local_name!("tr") | local_name!("dd") | local_name!("dt") => RowShape::Row,
        _ => RowShape::Box,
    }
}

/// White space folded.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    #[test]
    fn titles() {
        let check = |html: &str, title: &str| assert_eq!(page(html).title, title, "{html}");
        check("<title> 某厅\n 首页 </title>", "某厅 首页");
        check("<title></title><title>二</title>", "二");
        check("<body><title>一</title></body>", "一");
        check("<svg><title>图</title></svg>", "");
        check("", "");
    }

    #[test]
    fn base() {
        let base = |html: &str| page(html).base.as_str().to_owned();
        assert_eq!(base("<base href='/x/'>"), "http://www.example.gov.cn/x/");
        assert_eq!(base("<base href='a/'><base href='/x/'>"), "http://www.example.gov.cn/a/");
        assert_eq!(base("<base href='mailto:x'>"), "http://www.example.gov.cn/");
        assert_eq!(base("<base>"), "http://www.example.gov.cn/");
    }
}
