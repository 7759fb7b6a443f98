//! Links that no visitor can see because of where they stand in the source: in comments, in `noscript`, before and
//! after the document. The tree shows none of this, or moves it to where it looks ordinary.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use ego_tree::NodeId;
use memchr::memmem;

use super::dom::{self, Content, Element, Node, Visit, attribute};
use super::{LinkKind, Page, gate, links};

/// Pieces of a page that are looked into.
const PIECES: usize = 64;
/// Bytes of one of them.
const PIECE_BYTES: usize = 256 << 10;
/// Links taken from all of them.
const LINKS: usize = 2_000;
/// Characters of a link's text.
const TEXT: usize = 80;

/// What may hold links that no visitor sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// `<!-- … -->`, conditional comments among them.
    Comment,
    /// `noscript`: for those who run no scripts.
    Noscript,
    /// `noframes`, `noembed`: for browsers of old.
    Fallback,
    /// `template`, `textarea`, `xmp`: shows its content as text, or not at all.
    Inert,
    /// `svg`, `math`: links of their own kind.
    Drawing,
}

/// Where a link stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Before `<html>`.
    BeforeDocument,
    /// In `<head>`.
    Head,
    /// Where links belong.
    Body,
    /// After `</body>` or `</html>`, with no other document following.
    AfterDocument,
}

/// A link that no visitor can see.
#[derive(Debug, Clone)]
pub struct Concealed {
    /// What holds it.
    pub carrier: Carrier,
    /// Its address as written.
    pub raw: String,
    /// The text that it would show.
    pub text: String,
    /// Where the carrier begins in the source.
    pub offset: usize,
}

/// What opens a carrier, what it is, and what closes it.
const CARRIERS: [(&str, Carrier, &str); 9] = [
    ("<!--", Carrier::Comment, "-->"),
    ("<noscript", Carrier::Noscript, "</noscript"),
    ("<noframes", Carrier::Fallback, "</noframes"),
    ("<noembed", Carrier::Fallback, "</noembed"),
    ("<template", Carrier::Inert, "</template"),
    ("<textarea", Carrier::Inert, "</textarea"),
    ("<xmp", Carrier::Inert, "</xmp"),
    ("<svg", Carrier::Drawing, "</svg"),
    ("<math", Carrier::Drawing, "</math"),
];

static OPENERS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let openers = CARRIERS.map(|(opener, ..)| opener);
    let built = AhoCorasick::builder().ascii_case_insensitive(true).build(openers);
    built.expect("a handful of short literals always compiles")
});

/// Borders of the document, by which positions are told.
const BORDERS: [&str; 5] = ["<html", "</html", "</body", "<head", "</head"];

static BORDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let built = AhoCorasick::builder().ascii_case_insensitive(true).build(BORDERS);
    built.expect("a handful of short literals always compiles")
});

/// The borders of a document in its source.
pub struct Borders {
    /// The first `<html`.
    begins: Option<usize>,
    head: Option<(usize, usize)>,
    /// The first `</body` or `</html` that no `<html` follows.
    ends: Option<usize>,
    /// Whether anything but the body holds a link at all.
    has_odd: bool,
}

impl Borders {
    fn of(source: &str) -> Borders {
        let (mut begins, mut head_begins, mut head, mut ends) = (None, None, None, None);
        for hit in BORDER.find_iter(source) {
            match BORDERS[hit.pattern().as_usize()] {
                "<html" => {
                    begins = begins.or(Some(hit.start()));
                    ends = None;
                }
                // `<header>` is none.
                "<head" if source.as_bytes().get(hit.end()).is_some_and(u8::is_ascii_alphabetic) => {}
                "<head" => head_begins = head_begins.or(Some(hit.start())),
                "</head" if head.is_none() => head = head_begins.map(|begins| (begins, hit.start())),
                "</head" => {}
                _ => ends = ends.or(Some(hit.start())),
            }
        }
        let odd = [
            &source[..begins.unwrap_or(0)],
            head.map_or("", |(begins, ends)| &source[begins..ends]),
            &source[ends.unwrap_or(source.len())..],
        ];
        let has_odd = odd.iter().any(|part| find_ignoring_case(part, "<a").is_some());
        Borders { begins, head, ends, has_odd }
    }

    /// Whether any link may stand where none belongs.
    pub fn may_displace(&self) -> bool {
        self.has_odd
    }

    /// Where a byte of the source stands.
    pub fn position(&self, offset: usize) -> Position {
        if self.begins.is_some_and(|begins| offset < begins) {
            Position::BeforeDocument
        } else if self.head.is_some_and(|(begins, ends)| (begins..ends).contains(&offset)) {
            Position::Head
        } else if self.ends.is_some_and(|ends| offset > ends) {
            Position::AfterDocument
        } else {
            Position::Body
        }
    }
}

impl Page {
    /// The borders of the document in the source.
    pub fn borders(&self) -> Borders {
        Borders::of(&self.source)
    }

    /// The links that no visitor can see for where they stand, of pieces of the source that name a host which
    /// `is_wanted`.
    pub fn concealed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Concealed> {
        let mut found = Vec::new();
        let (mut from, mut pieces) = (0, 0);
        while let Some(hit) = OPENERS.find(&self.source.as_bytes()[from..]) {
            let start = from + hit.start();
            let (_, carrier, closer) = CARRIERS[hit.pattern().as_usize()];
            let inner = from + hit.end();
            let end =
                find_ignoring_case(&self.source[inner..], closer).map_or(self.source.len(), |at| inner + at);
            from = end.max(inner);
            let end = self.source.floor_char_boundary(end.min(inner + PIECE_BYTES));
            let piece = match carrier {
                // What is drawn keeps its own element, so that it is read as such.
                Carrier::Drawing => &self.source[start..end],
                _ => &self.source[inner..end],
            };
            if !hosts_in(piece).any(is_wanted) {
                continue;
            }
            pieces += 1;
            if pieces > PIECES || found.len() >= LINKS {
                break;
            }
            let mut reader = Reader { carrier, offset: start, found: &mut found, open: None };
            dom::walk(&gate::fragment(piece), &mut reader);
        }
        found
    }

    /// The name of an element.
    pub fn element(&self, node: NodeId) -> Option<&str> {
        self.dom.tree.get(node)?.value().as_element().map(Element::name)
    }

    /// Whether a `link` element tells search engines what stands for this page elsewhere.
    pub fn is_said_to_engines(&self, node: NodeId) -> bool {
        self.is_related(node, &["canonical", "alternate", "amphtml"])
    }

    /// Whether a `link` element names the manifest of an app that visitors may install, and be sent messages by.
    pub fn is_manifest(&self, node: NodeId) -> bool {
        self.is_related(node, &["manifest"])
    }

    /// The addresses that browsers connect to before anybody asks for them.
    pub fn hints(&self) -> impl Iterator<Item = (NodeId, &str)> {
        const HINTS: [&str; 6] =
            ["dns-prefetch", "preconnect", "prefetch", "prerender", "preload", "modulepreload"];
        let links = self.dom.tree.nodes().filter_map(|node| {
            let element = node.value().as_element().filter(|element| element.name() == "link")?;
            Some((node.id(), attribute(element, "href")?))
        });
        links.filter(|(node, _)| self.is_related(*node, &HINTS))
    }

    /// Whether the `rel` of an element has one of these words.
    fn is_related(&self, node: NodeId, words: &[&str]) -> bool {
        let element = self.dom.tree.get(node).and_then(|node| node.value().as_element());
        let rel = element.and_then(|element| attribute(element, "rel")).unwrap_or_default();
        rel.split_ascii_whitespace().any(|found| words.iter().any(|word| found.eq_ignore_ascii_case(word)))
    }

    /// Whether `inner` is `outer`, or an element inside of it.
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        let node = self.dom.tree.get(inner);
        inner == outer || node.is_some_and(|node| node.ancestors().any(|node| node.id() == outer))
    }

    /// What an element says besides the text of its link: in `alt`, `title` and `aria-label`, or as a choice of a list.
    pub fn said_aside(&self, node: NodeId) -> String {
        let Some(node) = self.dom.tree.get(node) else { return String::new() };
        let Some(element) = node.value().as_element() else { return String::new() };
        let choice = (element.name() == "option").then(|| dom::own_text(node));
        let labels = ["alt", "title", "aria-label"].into_iter().filter_map(|name| attribute(element, name));
        labels.chain(choice).collect::<Vec<_>>().join(" ").chars().take(TEXT).collect()
    }
}

/// The hosts of absolute addresses in a piece of source, as written.
pub fn hosts_in(source: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(source.as_bytes(), b"//").filter_map(|at| {
        let rest = &source[at + 2..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@')))?;
        (end > 0).then(|| &rest[..end])
    })
}

/// The first place of an ASCII literal in lower case.
pub(super) fn find_ignoring_case(text: &str, literal: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = literal.as_bytes()[0];
    memchr::memchr_iter(first, bytes).find(|at| {
        bytes.get(*at..at + literal.len()).is_some_and(|found| found.eq_ignore_ascii_case(literal.as_bytes()))
    })
}

/// Takes the links of a carrier.
struct Reader<'a> {
    carrier: Carrier,
    offset: usize,
    found: &'a mut Vec<Concealed>,
    /// The link whose text is being read.
    open: Option<usize>,
}

impl Reader<'_> {
    fn take(&mut self, raw: &str) {
        if self.found.len() < LINKS {
            let (carrier, offset) = (self.carrier, self.offset);
            self.found.push(Concealed { carrier, raw: raw.to_owned(), text: String::new(), offset });
        }
    }
}

impl Visit for Reader<'_> {
    fn open(&mut self, _: Node<'_>, element: &Element) -> Content {
        let before = self.found.len();
        links::of_element(element, |raw, kind| {
            if matches!(kind, LinkKind::Anchor | LinkKind::Frame) {
                self.take(raw);
            }
        });
        let own = match (element.name(), self.carrier) {
            ("a", _) => attribute(element, "xlink:href"),
            (_, Carrier::Drawing) => attribute(element, "href"),
            _ => None,
        };
        if let Some(raw) = own {
            self.take(raw);
        }
        if self.found.len() > before {
            self.open = Some(before);
        }
        Content::Enter
    }

    fn text(&mut self, text: &str) {
        let Some(link) = self.open.and_then(|open| self.found.get_mut(open)) else { return };
        let left = TEXT.saturating_sub(link.text.chars().count());
        link.text.extend(text.trim().chars().take(left));
    }

    fn close(&mut self, _: Node<'_>, element: &Element) {
        if element.name() == "a" {
            self.open = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    #[test]
    fn links_in_odd_places() {
        let check = |html: &str, expected: &[(Carrier, &str, &str)]| {
            let page = page(html);
            let found = page.concealed(&|host| host.ends_with(".example"));
            let found: Vec<_> =
                found.iter().map(|link| (link.carrier, link.raw.as_str(), link.text.as_str())).collect();
            assert_eq!(found, expected, "{html}");
        };
        check("<!-- <a href=http://a.example/>字</a> -->", &[(Carrier::Comment, "http://a.example/", "字")]);
        check("<!-- <a href=http://a.gov.cn/>字</a> -->", &[]);
        check("<!-- <a href=/x>字</a> -->", &[]);
        check(
            "<NOSCRIPT><a href=//a.example/>字</a></NOSCRIPT>",
            &[(Carrier::Noscript, "//a.example/", "字")],
        );
        check("<textarea><a href=//a.example/>字</a></textarea>", &[(Carrier::Inert, "//a.example/", "字")]);
        check(
            "<noframes><a href=//a.example/>字</a></noframes>",
            &[(Carrier::Fallback, "//a.example/", "字")],
        );
        check("<template><a href=//a.example/>字</a></template>", &[(Carrier::Inert, "//a.example/", "字")]);
        check(
            "<svg><a xlink:href=//a.example/><text>字</text></a></svg>",
            &[(Carrier::Drawing, "//a.example/", "字")],
        );
        check("<math href=//a.example/><mi>字</mi></math>", &[(Carrier::Drawing, "//a.example/", "字")]);
        check("<!-- <a href=//a.example/>", &[(Carrier::Comment, "//a.example/", "")]);
        check("<a href=//a.example/>字</a>", &[]);
    }

    #[test]
    fn positions() {
        let check = |html: &str, expected: Position| {
            let at = html.find("<a").unwrap();
            assert_eq!(Borders::of(html).position(at), expected, "{html}");
        };
        check("<a><html><head></head><body></body></html>", Position::BeforeDocument);
        check("<html><head><a></head><body></body></html>", Position::Head);
        check("<html><head></head><body><header><a></header></body></html>", Position::Body);
        check("<html><head></head><body></body></HTML><a>", Position::AfterDocument);
        check("<html><body></body><a></html>", Position::AfterDocument);
        check("<html><body></body></html><html><body><a></body></html>", Position::Body);
        check("<p><a>", Position::Body);
    }
}
