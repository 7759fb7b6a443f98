//! What a page says under its labels: 办理依据：…, a heading with text below it, a cell with its neighbour.
//!
//! Pages put labels into tables, headings, lists and running lines alike. A label is called empty only where it is
//! certain that nothing follows; tabs, heads of tables, pictures and scripts leave it unclear.

use std::sync::LazyLock;

use memchr::{memchr, memmem::Finder};
use scraper::node::Node;

use crate::indicators::Labels;
use crate::page::{Block, NodeId, Page, Region};

/// Labels in a row from which they are a row of tabs or a menu, whose content stands elsewhere.
const TABS: usize = 3;
/// Nodes looked at for one value. A value that hides deeper is taken to be there.
const NODES: usize = 200;
/// Bytes of a value that are read from a cell.
const VALUE_BYTES: usize = 600;
/// Bytes that a cell may have besides its label: six characters, as of a note in brackets.
const HEADING_BYTES: usize = 18;
/// Bytes that a heading may have behind its label, as in 办理流程说明. Three characters: more is a title that only
/// begins with the word.
const TAIL_BYTES: usize = 9;
/// Bytes of numbering before a label.
const NUMBERING_BYTES: usize = 24;

/// All fields of a page, in document order.
pub(super) struct Fields<'a> {
    page: &'a Page,
    labels: &'a Labels,
    hits: Vec<Hit<'a>>,
}

/// A label on the page.
struct Hit<'a> {
    /// Index of its block.
    block: usize,
    /// First byte of the label in the visible text.
    start: usize,
    /// First byte after label and colon.
    value: usize,
    /// The elements it stands for.
    owners: &'a [usize],
    /// Whether it is the first thing in its block.
    leads: bool,
    /// Whether its block says nothing else.
    alone: bool,
}

/// What stands under a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// This.
    Text(String),
    /// Nothing.
    Empty,
    /// Something that cannot be read off the page as received.
    Unclear,
}

impl<'a> Fields<'a> {
    /// Looks for labels in the main part of a page.
    pub(super) fn read(page: &'a Page, labels: &'a Labels) -> Fields<'a> {
        let visible = page.text.visible.as_str();
        let mut hits: Vec<Hit<'a>> = Vec::new();
        for (at, block) in page.text.blocks.iter().enumerate() {
            if block.region != Region::Main {
                continue;
            }
            let text = page.text.of(block);
            let mut note = |(start, end, owners): (usize, usize, &'a [usize])| {
                let (start, end) = (block.start + start, block.start + end);
                let before = &visible[block.start..start];
                let shape = shape(before, &visible[end..block.end], || is_heading(page, block));
                hits.extend(shape.map(|shape| Hit {
                    block: at,
                    start,
                    value: end + shape.skipped,
                    owners,
                    leads: is_numbering(before),
                    alone: shape.alone,
                }));
            };
            // A colon follows a label, or it stands at the beginning. Most text has neither.
            if has_colon(text) {
                labels.find(text).for_each(note);
            } else if let Some(label) = labels.at(text, numbering(text)) {
                note(label);
            }
        }
        Fields { page, labels, hits }
    }

    /// How many labels there are.
    pub(super) fn len(&self) -> usize {
        self.hits.len()
    }

    /// The elements that a label stands for.
    pub(super) fn owners(&self, at: usize) -> &'a [usize] {
        self.hits[at].owners
    }

    /// Everything from a label to the next one, or to the footer.
    pub(super) fn part(&self, at: usize) -> &'a str {
        let page = self.page;
        let hit = &self.hits[at];
        let end = self.hits.get(at + 1).map_or_else(
            || {
                let rest = &page.text.blocks[hit.block..];
                let main = rest.iter().take_while(|block| block.region != Region::Footer);
                main.last().map_or(hit.value, |block| block.end)
            },
            |next| next.start,
        );
        page.text.visible.get(hit.value..end).unwrap_or_default()
    }

    /// What stands under a label.
    pub(super) fn value(&self, at: usize) -> Value {
        let hit = &self.hits[at];
        let blocks = &self.page.text.blocks;
        if !hit.alone {
            let next = self.hits.get(at + 1).filter(|next| next.block == hit.block);
            let end = next.map_or(blocks[hit.block].end, |next| next.start);
            let own = trimmed(self.page.text.visible.get(hit.value..end).unwrap_or_default());
            if !own.is_empty() {
                return Value::Text(own.to_owned());
            }
            if next.is_some() {
                return Value::Empty;
            }
        }
        if let Some(value) = self.beside(hit) {
            return value;
        }
        let next = self.hits.get(at + 1);
        let follower = blocks.get(hit.block + 1).filter(|block| block.region != Region::Footer);
        match follower {
            Some(block) if next.is_none_or(|next| next.block != hit.block + 1 || !next.leads) => {
                Value::Text(trimmed(self.page.text.of(block)).to_owned())
            }
            _ if self.run(at) >= TABS => Value::Unclear,
            _ => {
                let until = follower.map(|block| block.node);
                if self.shows_more(blocks[hit.block].node, until) { Value::Unclear } else { Value::Empty }
            }
        }
    }

    /// Labels in a row, each alone in its block, that this one is part of. Looks no further than it must.
    fn run(&self, at: usize) -> usize {
        let joined = |first: &Hit<'_>, second: &Hit<'_>| {
            first.alone && second.alone && first.block + 1 == second.block
        };
        let back = (1..=at).take(TABS).take_while(|n| joined(&self.hits[at - n], &self.hits[at - n + 1]));
        let ahead = self.hits[at..].windows(2).take(TABS).take_while(|pair| joined(&pair[0], &pair[1]));
        1 + back.count() + ahead.count()
    }

    /// The value in the cell beside a label that fills a cell of its own; `None` where it fills none.
    fn beside(&self, hit: &Hit<'_>) -> Option<Value> {
        let block = &self.page.text.blocks[hit.block];
        let cell = cell(self.page, block.node)?;
        let own = content(self.page, cell);
        if own.is_cut || own.text.trim().len() > block.end - block.start + HEADING_BYTES {
            return None; // A cell of a layout table, which holds the value, too.
        }
        let node = self.page.dom.tree.get(cell)?;
        let is_cell = |id: &NodeId| is_named(self.page, *id, &["td", "th"]);
        let Some(next) = node.next_siblings().map(|sibling| sibling.id()).find(is_cell) else {
            let is_last = node.prev_siblings().map(|sibling| sibling.id()).any(|id| is_cell(&id));
            return is_last.then_some(Value::Unclear);
        };
        let beside = content(self.page, next);
        let text = trimmed(&beside.text);
        if self
            .labels
            .find(text)
            .next()
            .is_some_and(|(start, end, _)| start == 0 && trimmed(&text[end..]).is_empty())
        {
            return Some(Value::Unclear); // The head of a table.
        }
        Some(match (text.is_empty(), beside.is_cut || beside.has_more) {
            (false, _) => Value::Text(text.to_owned()),
            (true, true) => Value::Unclear,
            (true, false) => Value::Empty,
        })
    }

    /// Whether a picture, a form or a script stands between two nodes, or the way is too far to tell.
    fn shows_more(&self, from: NodeId, until: Option<NodeId>) -> bool {
        let mut left = NODES;
        let Some(mut node) = self.page.dom.tree.get(from) else { return true };
        loop {
            if is_more(node.value()) || left == 0 {
                return true;
            }
            left -= 1;
            let onward = node.first_child().or_else(|| {
                std::iter::once(node).chain(node.ancestors()).find_map(|node| node.next_sibling())
            });
            match onward {
                Some(next) if until != Some(next.id()) => node = next,
                _ => return false,
            }
        }
    }
}

/// How a label stands in its block.
struct Shape {
    /// Bytes between label and value.
    skipped: usize,
    alone: bool,
}

fn has_colon(text: &str) -> bool {
    static WIDE: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["：", "∶"].map(Finder::new));
    memchr(b':', text.as_bytes()).is_some() || WIDE.iter().any(|colon| colon.find(text.as_bytes()).is_some())
}

/// Whether a word is a label where it stands, told by what is around it in its block.
fn shape(before: &str, after: &str, is_heading: impl Fn() -> bool) -> Option<Shape> {
    if before.chars().next_back().is_some_and(char::is_alphabetic) && !is_numbering(before) {
        return None;
    }
    let rest = past_note(after.trim_start_matches([' ', '】', ']', '」', '》', '*'])).trim_start();
    if let Some(value) = rest.strip_prefix([':', '：', '∶']) {
        return Some(Shape { skipped: after.len() - value.len(), alone: trimmed(value).is_empty() });
    }
    if !is_numbering(before) {
        return None;
    }
    let skipped = after.len() - rest.len();
    if rest.is_empty() {
        return Some(Shape { skipped, alone: true });
    }
    let is_parted = after.starts_with([' ', '】', ']', '」', '|', '丨']);
    if is_parted {
        return Some(Shape { skipped, alone: false });
    }
    (after.len() <= TAIL_BYTES && is_heading()).then_some(Shape { skipped: after.len(), alone: true })
}

/// What follows a note in brackets: 联系电话（工作日）.
fn past_note(text: &str) -> &str {
    let note =
        text.strip_prefix(['（', '(']).and_then(|inner| inner.find(['）', ')']).map(|end| (inner, end)));
    match note {
        Some((inner, end)) if end <= 2 * HEADING_BYTES => inner[end..].trim_start_matches(['）', ')']),
        _ => text,
    }
}

/// Numerals before a label.
const NUMERALS: &str = "一二三四五六七八九十第";

/// Whether nothing but a number stands before a label: 一、, （二）, 3., 第四、.
fn is_numbering(before: &str) -> bool {
    before.len() <= NUMBERING_BYTES && before.chars().all(is_of_numbering)
}

fn is_of_numbering(c: char) -> bool {
    !c.is_alphabetic() || NUMERALS.contains(c)
}

/// Bytes of the number that a text begins with.
fn numbering(text: &str) -> usize {
    text.find(|c| !is_of_numbering(c)).unwrap_or(text.len())
}

/// A text without the punctuation around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ":：∶[]【】（）()；;，,|丨　".contains(c))
}

fn is_heading(page: &Page, block: &Block) -> bool {
    is_named(page, block.node, &["h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "dt"])
}

fn is_named(page: &Page, id: NodeId, names: &[&str]) -> bool {
    let element = page.dom.tree.get(id).and_then(|node| node.value().as_element());
    element.is_some_and(|element| names.contains(&element.name()))
}

/// Elements between a block and its cell, at most: `td > div > p`.
const CELL_DEPTH: usize = 3;

/// The cell that holds a block.
fn cell(page: &Page, id: NodeId) -> Option<NodeId> {
    let node = page.dom.tree.get(id)?;
    let mut chain = std::iter::once(id).chain(node.ancestors().map(|node| node.id()).take(CELL_DEPTH));
    chain.find(|id| is_named(page, *id, &["td", "th"]))
}

/// What an element holds, as far as it was looked at.
pub(super) struct Content {
    pub(super) text: String,
    /// Whether something there is no text.
    has_more: bool,
    /// Whether it goes on.
    is_cut: bool,
}

/// The first text of an element.
pub(super) fn content(page: &Page, id: NodeId) -> Content {
    let mut content = Content { text: String::new(), has_more: false, is_cut: false };
    let Some(node) = page.dom.tree.get(id) else { return content };
    for (looked, node) in node.descendants().enumerate() {
        if looked >= NODES || content.text.len() >= VALUE_BYTES {
            content.is_cut = true;
            break;
        }
        content.has_more |= is_more(node.value());
        let is_code =
            node.parent().and_then(|parent| parent.value().as_element().map(|parent| parent.name()));
        if let Some(text) = node.value().as_text().filter(|_| !matches!(is_code, Some("script" | "style"))) {
            let left = VALUE_BYTES.saturating_sub(content.text.len());
            content.text.push_str(&text[..text.floor_char_boundary(left)]);
        }
    }
    content
}

/// Whether a node shows something that is no text.
fn is_more(node: &Node) -> bool {
    const MORE: [&str; 10] =
        ["img", "iframe", "frame", "object", "embed", "video", "canvas", "input", "textarea", "script"];
    node.as_element().is_some_and(|element| MORE.contains(&element.name()))
}
