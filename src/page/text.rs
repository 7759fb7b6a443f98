//! The visible text of a page: put together while the tree is walked, parted into regions afterwards.

use ego_tree::NodeId;

use super::dom::Element;
use super::{Block, Region, Text};

mod region;

pub(super) use region::Mark;

/// Puts together the visible text.
#[derive(Default)]
pub(super) struct Builder {
    visible: String,
    blocks: Vec<Block>,
    traits: Vec<region::Traits>,
    /// Where the block being written began; `None` between blocks.
    open: Option<Open>,
    /// White space that is written once more text follows in the same block.
    space: bool,
}

struct Open {
    start: usize,
    node: NodeId,
    traits: region::Traits,
}

/// Where a piece of text was written: `start..end` of the visible text.
pub(super) type Span = (usize, usize);

impl Builder {
    /// Adds text that stands in the block element `node`, and says where it was put; `None` for mere white space.
    pub(super) fn push(
        &mut self,
        text: &str,
        node: NodeId,
        mark: Option<Mark>,
        linked: bool,
    ) -> Option<Span> {
        let mut start = None;
        let mut rest = text;
        while !rest.is_empty() {
            let (word, space, next) = word(rest);
            if !word.is_empty() {
                self.begin(node, mark);
                if self.space {
                    self.visible.push(' ');
                }
                self.space = false;
                start = start.or(Some(self.visible.len()));
                self.visible.push_str(word);
            }
            self.space |= space && self.open.is_some();
            rest = next;
        }
        let span = (start?, self.visible.len());
        if let Some(open) = self.open.as_mut().filter(|_| linked) {
            open.traits.linked += span.1 - span.0;
        }
        Some(span)
    }

    fn begin(&mut self, node: NodeId, mark: Option<Mark>) {
        if self.open.is_none() {
            if !self.visible.is_empty() {
                self.visible.push('\n');
            }
            let traits = region::Traits { mark, ..region::Traits::default() };
            self.open = Some(Open { start: self.visible.len(), node, traits });
        }
    }

    /// A block begins or ends here.
    pub(super) fn part(&mut self) {
        self.space = false;
        if let Some(Open { start, node, traits }) = self.open.take() {
            self.blocks.push(Block { start, end: self.visible.len(), node, region: Region::Main });
            self.traits.push(traits);
        }
    }

    /// The block being written holds a date.
    pub(super) fn note_date(&mut self) {
        if let Some(open) = self.open.as_mut() {
            open.traits.dated = true;
        }
    }

    /// The text so far.
    pub(super) fn visible(&self) -> &str {
        &self.visible
    }

    /// The text, its blocks parted into regions, with the bytes of each block that are link text.
    pub(super) fn finish(mut self) -> (Text, Vec<usize>) {
        self.part();
        region::assign(&self.visible, &mut self.blocks, &self.traits);
        let linked = self.traits.iter().map(|traits| traits.linked).collect();
        (Text { visible: self.visible, blocks: self.blocks }, linked)
    }
}

impl Mark {
    /// What the name, id and classes of an element say about the part of the page it holds.
    pub(super) fn of(element: &Element) -> Option<Mark> {
        region::mark(element)
    }
}

/// Splits off the text before the next white space: `(word, whether space follows, rest)`.
fn word(text: &str) -> (&str, bool, &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let width = match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C | 0 => 1,
            // U+00A0; the zero-width U+FEFF inside of pages that were glued together; U+3000 and the typographic
            // spaces of Word.
            0xC2 if bytes[at + 1] == 0xA0 => 2,
            0xEF if bytes[at + 1..].starts_with(&[0xBB, 0xBF]) => 3,
            0xE3 if bytes[at + 1..].starts_with(&[0x80, 0x80]) => 3,
            0xE2 if bytes[at + 1] == 0x80 && (bytes[at + 2] <= 0x8B || bytes[at + 2] == 0xAF) => 3,
            // Han: most of any page.
            0xE4..0xEF => {
                at += 3;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let is_zero_width = text[at..].starts_with(['\u{feff}', '\u{200b}', '\0']);
        return (&text[..at], !is_zero_width, &text[at + width..]);
    }
    (text, false, "")
}

impl Text {
    /// The block that holds a position of the visible text.
    pub fn block_at(&self, position: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|block| block.start <= position);
        next.checked_sub(1).map(|at| &self.blocks[at])
    }

    /// The text of a block.
    pub fn of(&self, block: &Block) -> &str {
        &self.visible[block.start..block.end]
    }
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    fn check(html: &str, visible: &str) {
        let page = page(html);
        assert_eq!(page.text.visible, visible, "{html}");
        for block in &page.text.blocks {
            assert!(!page.text.of(block).is_empty() && !page.text.of(block).contains('\n'));
        }
    }

    #[test]
    fn visible_text() {
        check("<p>一<b>二</b>三</p>四", "一二三\n四");
        check("<p>a <b> b</b>\n c </p>", "a b c");
        check("<div>一<div>二</div>三</div>", "一\n二\n三");
        check("一<br>二<br/><br>三", "一\n二\n三");
        check("<td>一<td>二", "一二");
        check("<table><tr><td>一<td>二<tr><td>三</table>", "一\n二\n三");
        check("一&nbsp;\u{3000}\u{2003}二\u{200b}三\u{feff}四", "一 二三四");
        check("<script>x</script><style>y</style>一<!-- 注释 --><noscript>z</noscript>", "一");
        check("<template>x</template><iframe>y</iframe><svg><title>z</title></svg>一", "一");
        check("<title>题</title><p title=a>一<img alt=b></p>", "一");
        check("<textarea>一</textarea><select><option>二<option>三</select>", "一\n二\n三");
        check("<p> \n </p>", "");
        check("一\0\0", "一");
    }
}
