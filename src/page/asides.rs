//! What a page says beside its visible text: attributes that are shown or read aloud, meta tags, and what those see
//! who run no scripts.
//!
//! All of it is one string, a line for each place, so that whoever looks for words looks once.

use ego_tree::NodeId;

/// Bytes of one place that are kept.
const PLACE_BYTES: usize = 2_000;
/// Bytes of all places that are kept.
const BYTES: usize = 256 << 10;

/// Where something stands that is no visible text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// `alt`.
    Alt,
    /// `title`.
    Tooltip,
    /// `aria-label`.
    Label,
    /// `placeholder`.
    Placeholder,
    /// `value` of a button.
    Button,
    /// `content` of a named meta tag.
    Meta,
    /// `noscript`.
    Unscripted,
    /// `svg`.
    Drawing,
}

impl Spot {
    /// The spot in the language of the report.
    pub fn chinese(self) -> &'static str {
        match self {
            Spot::Alt => "图片说明（alt）",
            Spot::Tooltip => "悬停提示（title）",
            Spot::Label => "无障碍说明（aria-label）",
            Spot::Placeholder => "输入提示（placeholder）",
            Spot::Button => "按钮文字（value）",
            Spot::Meta => "页面标签（meta）",
            Spot::Unscripted => "脚本停用时显示的内容（noscript）",
            Spot::Drawing => "图形文字（svg）",
        }
    }

    /// The spot that an attribute is.
    pub(super) fn of(attribute: &str) -> Option<Spot> {
        match attribute {
            "alt" => Some(Spot::Alt),
            "title" => Some(Spot::Tooltip),
            "aria-label" => Some(Spot::Label),
            "placeholder" => Some(Spot::Placeholder),
            _ => None,
        }
    }
}

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    start: usize,
    /// The element that holds it.
    pub node: NodeId,
    /// Where on that element.
    pub spot: Spot,
}

/// All that a page says beside its visible text.
#[derive(Debug, Default)]
pub struct Asides {
    text: String,
    places: Vec<Aside>,
}

impl Asides {
    /// The words, a line for each place.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of an offset of the words.
    pub fn at(&self, offset: usize) -> Option<&Aside> {
        let next = self.places.partition_point(|aside| aside.start <= offset);
        self.places.get(next.checked_sub(1)?)
    }

    /// The words of all places of one kind, each with the element that holds them.
    pub fn of(&self, spot: Spot) -> impl Iterator<Item = (NodeId, &str)> {
        let ends = self.places.iter().skip(1).map(|next| next.start).chain([self.text.len()]);
        let places = self.places.iter().zip(ends).filter(move |(aside, _)| aside.spot == spot);
        places.map(|(aside, end)| (aside.node, self.text[aside.start..end].trim_end()))
    }

    /// Adds what stands in a place, unless it can hold nothing that anybody looks for, or repeats the place before: a
    /// picture in a link has the words of the link.
    pub(super) fn push(&mut self, spot: Spot, node: NodeId, words: &str) {
        let words = words[..words.floor_char_boundary(PLACE_BYTES)].trim();
        let last = self.places.last().map(|aside| self.text[aside.start..].trim_end());
        if !is_telling(words) || last == Some(words) || self.text.len() + words.len() > BYTES {
            return;
        }
        self.places.push(Aside { start: self.text.len(), node, spot });
        let lines = words.split('\n').map(str::trim_end);
        lines.for_each(|line| {
            self.text.push_str(line);
            self.text.push(' ');
        });
        self.text.pop();
        self.text.push('\n');
    }
}

/// Whether words may be Chinese, or hold a number of a person.
fn is_telling(words: &str) -> bool {
    /// Digits of the shortest number, a passport's.
    const DIGITS: usize = 8;
    !words.is_ascii() || words.bytes().filter(u8::is_ascii_digit).take(DIGITS).count() == DIGITS
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    /// The places of a page and their words, a place a line.
    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let page = page(html);
        let text = page.asides.text();
        let mut at = 0;
        let lines = text.lines().map(|line| {
            let aside = page.asides.at(at).expect("every line is a place");
            at += line.len() + 1;
            let spot = aside.spot.chinese();
            format!("{}: {line}", spot.split('（').next().unwrap_or(spot))
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected, "{html}");
    }

    #[test]
    fn every_place_beside_the_text() {
        check("<img alt='一'><p title='二'>三</p>", &["图片说明: 一", "悬停提示: 二"]);
        check("<a aria-label='一'></a><input placeholder='二'>", &["无障碍说明: 一", "输入提示: 二"]);
        check("<input type=submit value='查'><input type=text value='填'>", &["按钮文字: 查"]);
        check("<meta name=keywords content='一'><meta content='二'>", &["页面标签: 一"]);
        check("<body><noscript><b>一</b>二</noscript><!-- 三 -->", &["脚本停用时显示的内容: 一二"]);
        check("<script title='一'>'二'</script>", &["悬停提示: 一"]);
        check(
            "<svg><style>三{}</style><text>一<tspan>二</tspan></text><g><title>四</title></g></svg>",
            &["图形文字: 一 二 四"],
        );
    }

    #[test]
    fn what_repeats_or_cannot_matter_is_left_out() {
        check("<a href=x title='关于通知'>关于通知</a>", &[]);
        check("<a href=x title='关于通知的全称'>关于通知…</a>", &["悬停提示: 关于通知的全称"]);
        check("<img alt='logo' title='2026'>", &[]);
        check("<img alt='电话' title='电话'>", &["图片说明: 电话"]);
        check("<img alt='13800001234'>", &["图片说明: 13800001234"]);
        check("<img alt='一\n二'>", &["图片说明: 一 二"]);
        let flood = format!("<img alt='{}'>", "甲".repeat(9_000));
        assert!(page(&flood.repeat(500)).asides.text().len() <= 256 << 10);
    }
}
