//! The gate before the parser: builds the tree of a page in linear time and memory, whatever the page is.
//!
//! The tree builder of the HTML standard looks through its stack of open elements at almost every tag and clones
//! unclosed formatting elements into every new block, so that a hostile page of 100 KB can cost seconds. Instead of
//! guessing from the source what will be slow, the sink counts what the builder really does; the source is fed in
//! small pieces and cut where depth, elements or steps pass a cap. Only floods of attributes, which the tokenizer
//! looks through by itself, are searched for beforehand.

mod meter;
mod scan;

use ego_tree::Tree;
use html5ever::driver::ParseOpts;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{QualName, local_name, ns, parse_document, parse_fragment};
use scraper::Html;

use meter::Meter;
pub(super) use scan::StartTags;

/// Decoded source at most. The longest real page we met had 4 MB; beyond lies generated spam.
const SOURCE_BYTES: usize = 8 << 20;
/// Depth of the tree at most. Honest pages nest some dozens deep; browsers stop at 512 as well.
const DEPTH: usize = 512;
/// Elements at most: at some 300 bytes each they are what a page costs in memory.
const ELEMENTS: u64 = 200_000;
/// Attributes of one element at most. Word-paste markup brings dozens, nobody writes hundreds.
pub(super) const ATTRIBUTES: usize = 256;
/// Steps of the tree builder for each byte of source: several times what densely tagged pages take.
const STEPS_PER_BYTE: u64 = 16;
/// Steps that even the shortest page may take.
const STEPS_AT_LEAST: u64 = 500_000;
/// Bytes given to the parser between two looks at the meter. What a piece can cost at worst grows with its square (some
/// ten milliseconds for this one), and every border between pieces costs an honest page a little.
const PIECE: usize = 8 << 10;

/// A page let through.
pub(super) struct Gated {
    /// The tree.
    pub(super) dom: Html,
    /// How much of the source it was built from.
    pub(super) used: usize,
    /// Why not all of it, in Chinese.
    pub(super) cut: Option<&'static str>,
    /// Whether there is more than one `html` or `body` start tag.
    pub(super) several_documents: bool,
}

/// Builds the tree of a document.
pub(super) fn document(source: &str) -> Gated {
    build(source, |sink| parse_document(sink, ParseOpts::default()), Html::new_document())
}

/// Builds the tree of a piece of HTML, as inside `body`.
pub(super) fn fragment(source: &str) -> Html {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let parser = |sink| parse_fragment(sink, ParseOpts::default(), body, Vec::new(), false);
    build(source, parser, Html::new_fragment()).dom
}

fn build(source: &str, parser: impl FnOnce(Meter) -> html5ever::Parser<Meter>, mut empty: Html) -> Gated {
    let mut used = source.len();
    let mut cut = None;
    if used > SOURCE_BYTES {
        (used, cut) = (source.floor_char_boundary(SOURCE_BYTES), Some("页面超过 8 MB"));
    }
    let survey = scan::survey(&source[..used]);
    if let Some(at) = survey.flood {
        (used, cut) = (at, Some("一个元素的属性过多"));
    }

    // Most elements bring a text, or the space before them.
    let nodes = (survey.tags * 2).min(ELEMENTS as usize);
    empty.tree = Tree::with_capacity(empty.tree.root().value().clone(), nodes);
    let mut parser = parser(Meter::new(empty));
    let whole = StrTendril::from_slice(&source[..used]);
    let budget = STEPS_AT_LEAST + STEPS_PER_BYTE * used as u64;
    let mut fed = 0;
    while fed < used {
        let next = source.floor_char_boundary((fed + PIECE).min(used));
        // Both numbers are below SOURCE_BYTES, far from the 4 GB a tendril may have.
        parser.process(whole.subtendril(fed as u32, (next - fed) as u32));
        fed = next;
        if let Some(reason) = parser.tokenizer.sink.sink.over(budget, ELEMENTS, DEPTH) {
            (used, cut) = (fed, Some(reason));
            break;
        }
    }
    Gated { dom: parser.finish(), used, cut, several_documents: survey.htmls > 1 || survey.bodies > 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes of the tree of `unit` repeated to so many bytes, and whether it was cut.
    fn nodes(unit: &str, bytes: usize) -> (usize, bool) {
        let gated = document(&unit.repeat(bytes / unit.len()));
        (gated.dom.tree.nodes().count(), gated.cut.is_some())
    }

    #[test]
    fn hostile_pages_stay_linear() {
        let floods = [
            "<ul><li>",
            "<b><i><a>",
            "<div>",
            "<span>",
            "<p><b id=1><b id=2>",
            "<a><div>",
            "<table><b>x",
            "<table><tr><td>",
            "<font color=1><p>",
            "<select><option>",
            "<p>",
            "<nobr><nobr>",
            "<svg><g>",
            "<template>",
            "<form><button>",
            "</p>",
            "<!--x-->",
            "&amp;",
            "\0",
            "<body a=1>",
        ];
        for unit in floods {
            let (half, _) = nodes(unit, 50 << 10);
            let (full, cut) = nodes(unit, 100 << 10);
            assert!(full <= half * 2 + 1000, "{unit}: {half} nodes became {full}");
            assert!(cut || full <= 100 << 10, "{unit}: {full} nodes");
        }
    }

    #[test]
    fn unclosed_formatting_is_cut_before_it_multiplies() {
        let source: String = (0..20_000).map(|n| format!("<p><b id={n}>x</p>")).collect();
        let gated = document(&source);
        assert!(gated.cut.is_some());
        assert!(gated.dom.tree.nodes().count() < 500_000);
    }

    #[test]
    fn scans_of_a_deep_stack_are_bounded() {
        let gated = document(&("<span>".repeat(50_000) + &"</div>".repeat(50_000)));
        assert_eq!(gated.cut, Some("嵌套过深"));
    }

    #[test]
    fn attribute_floods_are_cut_at_their_tag() {
        let flood: String = (0..100_000).map(|n| format!(" a{n}='>'")).collect();
        let gated = document(&format!("<p>before</p><p{flood}>after"));
        assert_eq!(gated.cut, Some("一个元素的属性过多"));
        assert_eq!(gated.used, "<p>before</p>".len());
        let bodies: String = (0..2_000).map(|n| format!("<body a{n}=1>")).collect();
        let gated = document(&bodies);
        let most = gated.dom.tree.values().filter_map(|node| node.as_element()).map(|e| e.attrs.len()).max();
        assert!(most <= Some(ATTRIBUTES));
        assert!(gated.several_documents);
    }

    #[test]
    fn honest_pages_pass_whole() {
        let rows = "<tr><td><p>内容<br>一<td><a href=a.html>链接</a>".repeat(9_000);
        let script = format!("<script>if(a<b){{x=\"{}\"}}</script>", "a b c ".repeat(9_000));
        for page in [format!("<table>{rows}</table>"), script, "文字".repeat(1_000_000)] {
            assert_eq!(document(&page).cut, None);
        }
    }

    #[test]
    fn overlong_source_is_cut() {
        let gated = document(&"文".repeat(SOURCE_BYTES / 2));
        assert_eq!(gated.cut, Some("页面超过 8 MB"));
        assert!(gated.used <= SOURCE_BYTES);
    }
}
