//! Code in attributes, and what attributes say of the size of a frame.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use ego_tree::NodeId;

use super::Page;
use super::dom::{Element, attribute};
use crate::script::unescape;

/// Attributes with code that are read on one page.
const CODES: usize = 100;

/// Signs that code is wrapped. Everyday handlers have none of them.
const SIGNS: [&str; 6] = ["fromCharCode", "atob", "unescape", "eval(", "\\x", "\\u00"];

static WRAPPED: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(SIGNS).expect("a handful of short literals always compiles"));

/// `data:`, which carries its content with it.
pub(super) fn is_data(address: &str) -> bool {
    address.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

impl Page {
    /// Code in event attributes and `javascript:` addresses that is wrapped, with its element.
    pub fn wrapped_attributes(&self) -> Vec<(NodeId, String)> {
        let nodes = self.dom.tree.nodes();
        let elements = nodes.filter_map(|node| Some((node.id(), node.value().as_element()?)));
        elements
            .flat_map(|(node, element)| element.attrs().map(move |(name, value)| (node, name, value)))
            .filter_map(|(node, name, value)| Some((node, code(name, value)?)))
            .filter(|(_, code)| WRAPPED.is_match(code))
            .take(CODES)
            .collect()
    }

    /// Elements that show or lead to a page which is written inside of its own address.
    pub fn holders_of_documents(&self) -> Vec<NodeId> {
        let holds = |element: &Element| {
            let address = match element.name() {
                "a" | "area" => "href",
                "iframe" | "frame" | "embed" => "src",
                "object" => "data",
                _ => return false,
            };
            attribute(element, address).is_some_and(holds_document)
        };
        let nodes = self.dom.tree.nodes();
        let holders = nodes.filter(|node| node.value().as_element().is_some_and(holds));
        holders.map(|node| node.id()).take(CODES).collect()
    }

    /// Whether an element says that it, or the one around it, covers the whole window.
    pub fn fills_window(&self, node: NodeId) -> bool {
        let Some(node) = self.dom.tree.get(node) else { return false };
        let around = node.parent();
        std::iter::once(node).chain(around).filter_map(|node| node.value().as_element()).any(covers)
    }
}

/// Whether an address holds a page instead of leading to one.
pub fn holds_document(address: &str) -> bool {
    let head = address.chars().filter(|c| !c.is_whitespace()).take("data:application/xhtml".len());
    let head = head.collect::<String>().to_ascii_lowercase();
    let kinds = ["data:text/html", "data:application/xhtml", "data:;base64", "data:,"];
    kinds.iter().any(|kind| head.starts_with(kind))
}

/// The code in an attribute.
fn code(name: &str, value: &str) -> Option<String> {
    if name.starts_with("on") {
        return Some(value.to_owned());
    }
    let scheme = value.trim_start().get(.."javascript:".len())?;
    let is_code = matches!(name, "href" | "src" | "action" | "formaction" | "data")
        && scheme.eq_ignore_ascii_case("javascript:");
    is_code.then(|| unescape(&value.trim_start()[scheme.len()..]))
}

/// Whether the style of an element lays it over all of the window.
fn covers(element: &Element) -> bool {
    let style = attribute(element, "style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let is_laid_over = style.contains("position:fixed") || style.contains("position:absolute");
    let has = |ways: [&str; 2]| ways.iter().any(|way| style.contains(way));
    is_laid_over && has(["width:100%", "width:100vw"]) && has(["height:100%", "height:100vh"])
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    #[test]
    fn wrapped_code_in_attributes() {
        let check = |html: &str, expected: &[&str]| {
            let codes: Vec<String> =
                page(html).wrapped_attributes().into_iter().map(|(_, code)| code).collect();
            assert_eq!(codes, expected, "{html}");
        };
        check("<a onclick='eval(x)'>字</a>", &["eval(x)"]);
        check("<a href='JavaScript:atob(%22a%22)'>字</a>", &["atob(\"a\")"]);
        check("<a href='javascript:%61tob(1)'>字</a>", &["atob(1)"]);
        check("<a onclick='window.open(1)' title='eval(x)'>字</a>", &[]);
        check("<p>eval(x)</p><a href='javascript:void(0)'>字</a>", &[]);
    }

    #[test]
    fn pages_inside_of_addresses() {
        let check = |html: &str, expected: usize| {
            assert_eq!(page(html).holders_of_documents().len(), expected, "{html}");
        };
        check("<iframe src='DATA: text/html;base64,AA'></iframe>", 1);
        check("<a href='data:text/html,x'>字</a>", 1);
        check("<object data='data:,x'></object>", 1);
        check("<img src='data:image/png;base64,AA'>", 0);
        check("<p>data:text/html,</p>", 0);
    }

    #[test]
    fn frames_over_the_window() {
        let check = |html: &str, expected: bool| {
            let page = page(html);
            let node = page.links.first().expect("a frame").node;
            assert_eq!(page.fills_window(node), expected, "{html}");
        };
        check("<iframe src=x style='position: fixed; width:100%; height:100%'></iframe>", true);
        check("<div style='position:fixed;width:100vw;height:100vh'><iframe src=x></iframe></div>", true);
        check("<iframe src=x style='width:100%;height:300px'></iframe>", false);
        check("<iframe src=x width=100% height=100%></iframe>", false);
    }
}
