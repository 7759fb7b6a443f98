//! Where on a page a person must look. Worked out on demand, as few nodes ever become findings.

use ego_tree::NodeId;

use super::Page;
use super::dom::{self, Node, attribute};
use super::gate::StartTags;
use crate::finding::Place;
use crate::privacy::excerpt;
use crate::text::Frame;

/// Characters of text before and after.
const CONTEXT: usize = 50;
/// Elements in a path at most, counted from the inside: enough for a person, and no megabyte for a hostile page.
const PATH: usize = 12;
/// Siblings that are counted; beyond, a path names no number.
const SIBLINGS: usize = 5_000;
/// Nodes whose text is put together for the context of an element.
const TEXT_NODES: usize = 200;
/// Bytes of an attribute's value by which its start tag is recognised.
const VALUE_BYTES: usize = 200;

impl Page {
    /// Where a node stands: its CSS path, the byte offset of its start tag in the source as well as can be told,
    /// and the text around it. Computed on demand, for findings only.
    pub fn place(&self, node: NodeId) -> Place {
        let Some(element) = dom::element_at(&self.dom, node) else { return Place::default() };
        Place {
            selector: Some(selector(element)),
            offset: self.offset(element).map(|offset| offset as u64),
            context: self.element_context(element),
        }
    }

    /// Where the first `meta` element of this name stands.
    pub fn meta_place(&self, name: &str) -> Place {
        let is_wanted = |node: &Node<'_>| {
            node.value().as_element().is_some_and(|element| {
                let named = attribute(element, "name");
                element.name() == "meta" && named.is_some_and(|named| named.eq_ignore_ascii_case(name))
            })
        };
        let meta = self.dom.tree.root().descendants().find(is_wanted);
        meta.map_or_else(Place::default, |meta| self.place(meta.id()))
    }

    /// Where a range of [`Text::visible`](super::Text::visible) stands, with 50 characters of context on each side.
    pub fn text_place(&self, start: usize, end: usize) -> Place {
        let context = Some(self.context(start, end)).filter(|context| !context.is_empty());
        let element = self.text.block_at(start).and_then(|block| dom::element_at(&self.dom, block.node));
        let Some(element) = element else { return Place { context, ..Place::default() } };
        let tag = self.offset(element);
        // The words themselves, where no markup parts them.
        let words = self.text.visible.get(start..end).filter(|words| !words.is_empty());
        let from = tag.unwrap_or(0);
        let offset = words.and_then(|words| Some(from + self.source.get(from..)?.find(words)?)).or(tag);
        Place { selector: Some(selector(element)), offset: offset.map(|offset| offset as u64), context }
    }

    /// The visible text around a range, masked.
    fn context(&self, start: usize, end: usize) -> String {
        let visible = &self.text.visible;
        let start = visible.floor_char_boundary(start.min(visible.len()));
        let end = visible.ceil_char_boundary(end.clamp(start, visible.len()));
        let frame = Frame::new(visible, start, end, CONTEXT);
        excerpt(visible, start - frame.before.len(), end + frame.after.len()).replace('\n', " ")
    }

    fn element_context(&self, element: Node<'_>) -> Option<String> {
        let holder = std::iter::once(element)
            .chain(element.ancestors())
            .find_map(|node| self.text.blocks.iter().find(|block| block.node == node.id()))?;
        let own: String = element
            .descendants()
            .take(TEXT_NODES)
            .filter_map(|node| node.value().as_text())
            .flat_map(|text| text.split_whitespace())
            .take(1)
            .collect();
        let block = self.text.of(holder);
        let at = block.find(&own).filter(|_| !own.is_empty());
        let (start, end) = match at {
            Some(at) => (holder.start + at, holder.start + at + own.len()),
            None => (holder.start, holder.start),
        };
        Some(self.context(start, end)).filter(|context| !context.is_empty())
    }

    /// Where the start tag of an element stands in the source.
    ///
    /// The parser keeps no positions. So start tags of the same name are counted in the tree and in the source; as
    /// the parser invents and moves elements, the one found must show the element's own attributes, else the nearest
    /// one that does is taken. Where none does, as its attributes are written otherwise than they read, the number has
    /// to do.
    fn offset(&self, element: Node<'_>) -> Option<usize> {
        let value = element.value().as_element()?;
        let name = value.name();
        let is_same = |node: &Node<'_>| node.value().as_element().is_some_and(|other| other.name() == name);
        let nodes = self.dom.tree.root().descendants();
        let number = nodes.take_while(|node| node.id() != element.id()).filter(is_same).count();
        let mark = ["id", "href", "src", "name", "content", "class", "value"]
            .iter()
            .filter_map(|name| attribute(value, name))
            .map(|value| value.split('&').next().unwrap_or_default())
            .find(|value| !value.is_empty() && value.len() <= VALUE_BYTES);
        let tags = StartTags::new(&self.source).filter(|tag| tag.name.eq_ignore_ascii_case(name)).enumerate();
        let shows = |start, end| mark.is_none_or(|mark| self.source[start..end].contains(mark));
        let nearest = tags.min_by_key(|(at, tag)| (!shows(tag.start, tag.end), at.abs_diff(number)));
        nearest.map(|(_, tag)| tag.start)
    }
}

/// The CSS path of an element, from the nearest ancestor with an id.
fn selector(element: Node<'_>) -> String {
    let mut parts = Vec::new();
    for node in std::iter::once(element).chain(element.ancestors()).take(PATH) {
        let Some(value) = node.value().as_element() else { break };
        if let Some(id) = attribute(value, "id").filter(|id| is_plain(id)) {
            parts.push(format!("#{id}"));
            break;
        }
        let name = value.name();
        let is_same = |other: &Node<'_>| other.value().as_element().is_some_and(|other| other.name() == name);
        let before = node.prev_siblings().take(SIBLINGS).filter(is_same).count();
        let is_only = before == 0 && !node.next_siblings().take(SIBLINGS).any(|other| is_same(&other));
        parts.push(if is_only || before >= SIBLINGS {
            name.to_owned()
        } else {
            format!("{name}:nth-of-type({})", before + 1)
        });
    }
    parts.reverse();
    parts.join(" > ")
}

/// Whether an id can be written into a selector as it is.
fn is_plain(id: &str) -> bool {
    id.len() <= 64
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use crate::page::tests::page;

    /// The place of the first link of a page: its selector, what stands at its offset, and its context.
    fn check(html: &str, selector: &str, at: &str, context: &str) {
        let page = page(html);
        let link = page.links.first().unwrap();
        let place = page.place(link.node);
        assert_eq!(place.selector.as_deref(), Some(selector), "{html}");
        assert!(page.source[place.offset.unwrap() as usize..].starts_with(at), "{html}: {place:?}");
        assert_eq!(place.context.as_deref().unwrap_or_default(), context, "{html}");
        let parsed = Selector::parse(selector).unwrap();
        assert_eq!(page.dom.select(&parsed).next().map(|found| found.id()), Some(link.node));
    }

    #[test]
    fn places_of_links() {
        check("<p>见<a href=x>附件</a>。</p>", "html > body > p > a", "<a href=x", "见附件。");
        check(
            "<div id=m><p>一<p>二<a href=x>三</a></div>",
            "#m > p:nth-of-type(2) > a",
            "<a href=x",
            "一 二三",
        );
        check(
            "<a>一</a><!-- <a href=x> --><a href=x>二</a>",
            "html > body > a:nth-of-type(2)",
            "<a href=x>二",
            "一二",
        );
        check("<script>'<a href=x>'</script><A HREF='x'>二</A>", "html > body > a", "<A HREF", "二");
        check("<p>一<a href='&#120;'>二</a>", "html > body > p > a", "<a href='&", "一二");
        check("<p>图</p><img src=a.png>", "html > body > img", "<img", "");
    }

    #[test]
    fn places_of_text() {
        let page = page(&format!("<p>{}</p><p id=p>张<b>帐号</b>在此</p>", "前".repeat(80)));
        let start = page.text.visible.find("帐号").unwrap();
        let place = page.text_place(start, start + "帐号".len());
        assert_eq!(place.selector.as_deref(), Some("#p"));
        assert!(page.source[place.offset.unwrap() as usize..].starts_with("帐号"));
        assert_eq!(place.context, Some(format!("{} 张帐号在此", "前".repeat(48))));
        assert!(page.text_place(9_999, 10_000).offset.is_some());
    }
}
