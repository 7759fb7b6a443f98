//! The shape of a page: its elements, its dress and where its forms go, without its words.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::dom::{Node, attribute, element_at, own_text};
use super::{Link, LinkKind, NodeId, Page, Region};

/// The shape of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// A hash for each element with its class and what it stands in.
    pub elements: Vec<u64>,
    /// What gives the page its colours: style sheets, inline styles of the page as a whole. The same for any order.
    pub dress: u64,
    /// The language it declares.
    pub lang: String,
    /// Where its forms are sent, as written.
    pub forms: Vec<String>,
}

impl Page {
    /// The shape of the page.
    pub fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        for node in self.dom.tree.root().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            let above = names_above(node);
            let class = attribute(element, "class").unwrap_or_default();
            shape.elements.push(hash(&[above[1], above[0], element.name(), class]));
            match element.name() {
                "html" => shape.lang = attribute(element, "lang").unwrap_or_default().trim().to_owned(),
                "style" => shape.wear(own_text(node)),
                "form" => shape.forms.extend(attribute(element, "action").map(str::to_owned)),
                _ => {}
            }
            if matches!(element.name(), "html" | "body") {
                shape.wear(attribute(element, "style").unwrap_or_default());
            }
        }
        for sheet in self.links.iter().filter(|link| link.kind == LinkKind::Style) {
            shape.wear(&sheet.raw);
        }
        shape
    }

    /// The links in a part of the page.
    pub fn links_in(&self, region: Region) -> impl Iterator<Item = &Link> {
        let regions: HashMap<NodeId, Region> =
            self.text.blocks.iter().map(|block| (block.node, block.region)).collect();
        self.links.iter().filter(move |link| {
            let node = self.dom.tree.get(link.node);
            let above = node.into_iter().flat_map(|node| std::iter::once(node).chain(node.ancestors()));
            above.filter_map(|node| regions.get(&node.id())).next() == Some(&region)
        })
    }

    /// Whether a position of the visible text stands in a heading.
    pub fn is_heading(&self, offset: usize) -> bool {
        let block = self.text.block_at(offset).and_then(|block| element_at(&self.dom, block.node));
        let name = block.and_then(|node| node.value().as_element()).map(|element| element.name());
        matches!(name, Some("h1" | "h2" | "marquee"))
    }
}

impl Shape {
    fn wear(&mut self, style: &str) {
        let style: String = style.split_ascii_whitespace().collect();
        if !style.is_empty() {
            self.dress = self.dress.wrapping_add(xxh3_64(style.as_bytes()));
        }
    }
}

/// The names of the two elements that a node stands in.
fn names_above(node: Node<'_>) -> [&str; 2] {
    let mut names = [""; 2];
    let above = node.ancestors().filter_map(|node| node.value().as_element());
    for (name, element) in names.iter_mut().zip(above) {
        *name = element.name();
    }
    names
}

fn hash(parts: &[&str]) -> u64 {
    xxh3_64(parts.join("\0").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    #[test]
    fn words_are_not_of_the_shape_and_order_is_not_of_the_dress() {
        let shape = |html: &str| page(html).shape();
        let one = "<style>a{b:c}</style><style>d{e:f}</style><form action=/s></form><p class=x>一</p>";
        let other = "<style>d{e:f}</style><style>a { b: c }</style><form action=/s></form><p class=x>二</p>";
        assert_eq!(shape(one), shape(other));
        assert_eq!(shape(one).forms, ["/s"]);
        assert_ne!(shape("<p class=x>").elements, shape("<p class=y>").elements);
        assert_ne!(shape("<body style='filter:grayscale(1)'>").dress, shape("<body>").dress);
        assert_eq!(shape("<html lang=' zh-CN'>").lang, "zh-CN");
    }

    #[test]
    fn links_by_part() {
        let page = page("<nav><a href=1>一</a></nav><p>正文<b><a href=2>二</a></b></p>");
        let raws = |region| page.links_in(region).map(|link| link.raw.as_str()).collect::<Vec<_>>();
        assert_eq!((raws(Region::Navigation), raws(Region::Main)), (vec!["1"], vec!["2"]));
    }

    #[test]
    fn headings() {
        let check = |html: &str, expected: bool| assert_eq!(page(html).is_heading(0), expected, "{html}");
        check("<h1>一</h1>", true);
        check("<h1><span>一</span></h1>", true);
        check("<p>一</p>", false);
        check("", false);
    }
}
