//! Rows of lists: a title that is a link, mostly with a date beside it.
//!
//! A row is the innermost element that holds both. So it does not matter whether a template writes list items,
//! table rows, definition lists or nested boxes, nor whether the date stands before the title, behind it or in it.

use ego_tree::NodeId;
use jiff::civil::{Date, DateTime, Time};
use scraper::Html;

use super::dates::{self, Day, Found, Years};
use super::dom::attribute;
use super::published::{self, Label};
use super::text::Span;
use super::{Item, Link, Region, Text};
use crate::digits;

/// Characters of a title at least.
const TITLE_CHARS: usize = 4;
/// Characters of a title at least where no date confirms that it is one.
const BARE_TITLE_CHARS: usize = 8;
/// Pieces of text in one row at most; an element that holds more is no row but a list.
const ROW_PIECES: usize = 200;
/// Bytes of text in one row that is not marked up as one.
const BOX_TEXT: usize = 900;
/// Words of the line below an article's headline.
const BYLINE: [&str; 4] = ["来源：", "来源:", "字体", "打印"];
/// Bytes of text outside links in which a date is looked for.
const DATE_TEXT: usize = 120;

/// A text node, as far as lists are concerned.
#[derive(Debug, Clone, Copy)]
struct Piece {
    span: Span,
    link: Option<usize>,
    day: Option<Day>,
    /// Whether it is nothing but a date or part of one.
    is_date: bool,
}

/// A row as collected; its title is still a span of the visible text.
#[derive(Debug)]
struct Row {
    title: Span,
    link: usize,
    day: Option<Day>,
    node: NodeId,
    /// The element that holds the list, for rows without a date.
    list: Option<NodeId>,
}

/// Collects rows while the tree is walked.
#[derive(Default)]
pub(super) struct Rows {
    pieces: Vec<Piece>,
    dated: Vec<Row>,
    bare: Vec<Row>,
    dates: usize,
    /// The publication time with the best label so far.
    labelled: Option<(Label, DateTime)>,
}

/// Where an element began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pieces: usize,
    dated: usize,
    bare: usize,
    dates: usize,
}

/// Whether rows of a list may be without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowShape {
    /// `li`, `tr`, `dd` and the like: a row whether dated or not.
    Row,
    /// Any other element.
    Box,
}

impl Rows {
    /// Marks where an element begins.
    pub(super) fn start(&self) -> Start {
        Start { pieces: self.pieces.len(), dated: self.dated.len(), bare: self.bare.len(), dates: self.dates }
    }

    /// Takes note of a text node. Says whether it holds a date.
    pub(super) fn push(&mut self, visible: &str, span: Span, link: Option<usize>) -> bool {
        let text = &visible[span.0..span.1];
        let mut piece = Piece { span, link, day: None, is_date: false };
        if digits::next(text, 0).is_some() {
            if let Some(found) = date_piece(text, &mut piece).filter(|_| link.is_none()) {
                self.note_label(&visible[..span.0 + found.start], found);
            }
            self.join_badge(visible, text, &mut piece);
        }
        self.dates += usize::from(piece.day.is_some());
        self.pieces.push(piece);
        piece.day.is_some()
    }

    /// Remembers a full date outside links whose label says that it is the time of publication.
    fn note_label(&mut self, before: &str, found: Found) {
        let Day::Full(date) = found.day else { return };
        let Some(label) = published::label(before) else { return };
        if self.labelled.is_none_or(|(best, _)| label < best) {
            self.labelled = Some((label, date.to_datetime(found.time.unwrap_or(Time::midnight()))));
        }
    }

    /// The publication time with the best label.
    pub(super) fn labelled(&self) -> Option<(Label, DateTime)> {
        self.labelled
    }

    /// Makes a date of this piece and the one before it where they are two halves of a badge.
    fn join_badge(&mut self, visible: &str, text: &str, piece: &mut Piece) {
        const HALF: usize = 12;
        let Some(before) = self.pieces.last_mut().filter(|before| before.day.is_none()) else { return };
        if text.len() > HALF || before.span.1 - before.span.0 > HALF {
            return;
        }
        if let Some(date) = dates::badge(&visible[before.span.0..before.span.1], text) {
            (piece.day, piece.is_date, before.is_date) = (Some(Day::Full(date)), true, true);
        }
    }

    /// An element ends: it is a row if it holds what makes one and nothing inside of it already was.
    pub(super) fn end(
        &mut self,
        start: Start,
        node: NodeId,
        list: Option<NodeId>,
        shape: RowShape,
        visible: &str,
    ) {
        let has_rows = self.dated.len() > start.dated;
        let is_bare = self.dates == start.dates;
        if has_rows || self.pieces.len() - start.pieces > ROW_PIECES || (is_bare && shape == RowShape::Box) {
            return;
        }
        let pieces = &self.pieces[start.pieces..];
        let titles = titles(pieces, visible);
        if is_bare {
            let has_bare_rows = self.bare.len() > start.bare;
            if let [(link, title)] = titles[..]
                && !has_bare_rows
                && visible[title.0..title.1].chars().count() >= BARE_TITLE_CHARS
            {
                self.bare.push(Row { title, link, day: None, node, list });
            }
            return;
        }
        let days: Vec<(usize, Day)> =
            pieces.iter().filter_map(|piece| Some((piece.span.0, piece.day?))).collect();
        let is_box = shape == RowShape::Box;
        let text = &visible[pieces[0].span.0..pieces[pieces.len() - 1].span.1];
        if titles.len() > 1 && titles.len() == days.len() && text.len() <= BOX_TEXT * titles.len() {
            for ((link, title), (_, day)) in titles.into_iter().zip(days) {
                self.dated.push(Row { title, link, day: Some(day), node, list });
            }
            return;
        }
        // A row may lead to its column and to an attachment as well; an element with more links is no row, nor is
        // one with running text, nor the line below an article's headline.
        if titles.len() > 3
            || (is_box && (text.len() > BOX_TEXT || BYLINE.iter().any(|word| text.contains(word))))
        {
            return;
        }
        let longest = titles.into_iter().max_by_key(|(_, title)| title.1 - title.0);
        // The latest of several: that of the reply, not of the letter.
        let latest = days.into_iter().map(|(_, day)| day).reduce(later);
        if let Some((link, title)) = longest {
            self.dated.push(Row { title, link, day: latest, node, list });
        }
    }

    /// The rows of the main part of a page: those with dates, or where there are none, the longest list of titles.
    /// `latest` is a date of the page that none of its rows can be later than.
    pub(super) fn finish(self, text: &Text, dom: &Html, links: &[Link], latest: Option<Date>) -> Vec<Item> {
        let is_main =
            |row: &Row| text.block_at(row.title.0).is_some_and(|block| block.region == Region::Main);
        let mut rows: Vec<Row> = self.dated.into_iter().filter(is_main).collect();
        if rows.is_empty() {
            rows = longest_list(self.bare.into_iter().filter(is_main).collect());
        }
        let latest = rows.iter().filter_map(|row| row.day.and_then(full)).chain(latest).max();
        rows.into_iter()
            .map(|row| Item {
                title: title(&text.visible[row.title.0..row.title.1], dom, &links[row.link]),
                link: row.link,
                date: row.day.and_then(|day| match day {
                    Day::Full(date) => Some(date),
                    Day::NoYear { month, day } => dates::with_year(month, day, latest?),
                }),
                node: row.node,
            })
            .collect()
    }
}

fn full(day: Day) -> Option<Date> {
    match day {
        Day::Full(date) => Some(date),
        Day::NoYear { .. } => None,
    }
}

fn later(one: Day, other: Day) -> Day {
    match (one, other) {
        (Day::Full(a), Day::Full(b)) => Day::Full(a.max(b)),
        (Day::NoYear { .. }, Day::Full(_)) => other,
        _ => one,
    }
}

/// The title as a reader knows it: without list marks, whole where the template cuts it off.
fn title(visible: &str, dom: &Html, link: &Link) -> String {
    let shown =
        visible.trim_matches(|c: char| c.is_whitespace() || matches!(c, '·' | '•' | '●' | '>' | '・'));
    let stem = shown.trim_end_matches(['…', '.']);
    if stem.len() == shown.len() {
        return shown.to_owned();
    }
    let element = dom.tree.get(link.node).and_then(|node| node.value().as_element());
    let whole = element.and_then(|element| attribute(element, "title")).map(str::trim);
    whole.filter(|whole| whole.starts_with(stem)).unwrap_or(shown).to_owned()
}

/// Finds the date in a text node: anywhere in a short text outside links, at the end of a link's text. Returns
/// what it found, a row's date or not.
fn date_piece(text: &str, piece: &mut Piece) -> Option<Found> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "[]()（）【】〔〕".contains(c));
    if let Some(found) = dates::at(bare, 0, Years::Optional).filter(|found| found.end == bare.len()) {
        (piece.day, piece.is_date) = (Some(found.day), true);
        return Some(Found { start: text.find(bare)?, ..found });
    }
    if piece.link.is_none() {
        let found = if text.len() <= DATE_TEXT { dates::find(text, Years::Written) } else { None }?;
        // `发布时间：2026年1月2日` is a date beside a title, `2026年1月2日召开会议` a sentence.
        let is_labelled = text[..found.start].trim_end().ends_with(['：', ':']);
        if is_labelled || !text[found.start..found.end].contains('年') {
            piece.day = Some(found.day);
        }
        return Some(found);
    }
    // A day named in a title is not the day it was published: only a date at the very end counts, and one in
    // Chinese only inside brackets.
    let tail = text.ceil_char_boundary(text.len().saturating_sub(32));
    let close = bare_end(text);
    let found = dates::find(text.get(tail..close)?, Years::Written)?;
    let (start, end) = (tail + found.start, tail + found.end);
    let is_bracketed = close < text.len();
    if end == close && (is_bracketed || !text[start..end].contains('年')) {
        piece.day = Some(found.day);
        let title = text[..start].trim_end_matches(|c: char| c.is_whitespace() || "[(（【".contains(c));
        piece.span.1 = piece.span.0 + title.len();
    }
    Some(found)
}

fn bare_end(text: &str) -> usize {
    text.trim_end_matches(|c: char| c.is_whitespace() || "])）】".contains(c)).len()
}

/// The links of a row that have a title, with where it stands.
fn titles(pieces: &[Piece], visible: &str) -> Vec<(usize, Span)> {
    let mut titles: Vec<(usize, Span)> = Vec::new();
    for piece in pieces.iter().filter(|piece| !piece.is_date) {
        let Some(link) = piece.link else { continue };
        match titles.last_mut() {
            // Inline elements part a title into pieces; another block is a summary.
            Some((last, span)) if *last == link => {
                if !visible[span.1..piece.span.0].contains('\n') {
                    span.1 = piece.span.1;
                }
            }
            _ => titles.push((link, piece.span)),
        }
    }
    titles.retain(|(_, span)| is_title(&visible[span.0..span.1]));
    titles
}

/// Whether the text of a link may be a title, and not a button.
fn is_title(text: &str) -> bool {
    const BUTTONS: [&str; 10] =
        ["打印", "关闭", "返回", "首页", "尾页", "下一页", "上一页", "更多", "分享", "查看详情"];
    let length = text.chars().take(BARE_TITLE_CHARS).count();
    length >= TITLE_CHARS && (length >= BARE_TITLE_CHARS || !BUTTONS.iter().any(|word| text.contains(word)))
}

/// The rows of the list that has most of them.
fn longest_list(rows: Vec<Row>) -> Vec<Row> {
    let mut counts: std::collections::HashMap<Option<NodeId>, usize> = std::collections::HashMap::new();
    for row in &rows {
        *counts.entry(row.list).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let Some(list) = rows.iter().map(|row| row.list).find(|list| counts[list] == most) else { return rows };
    rows.into_iter().filter(|row| row.list == list).collect()
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    fn check(html: &str, expected: &[&str]) {
        let page = page(html);
        let found: Vec<_> = page
            .items
            .iter()
            .map(|item| {
                let date = item.date.map_or("-".to_owned(), |date| date.to_string());
                format!("{} {} {date}", item.title, page.links[item.link].raw)
            })
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn rows_of_all_shapes() {
        let rows = [
            "<ul><li><a href=1>工作通知</a><span>2026-01-02</span></ul>",
            "<ul><li><span>[2026-01-02]</span><a href=1>工作通知</a></ul>",
            "<table><tr><td><a href=1>工作通知</a><td>2026年1月2日</table>",
            "<dl><dt><a href=1>工作通知</a></dt><dd>2026/1/2</dd></dl>",
            "<div><div><a href=1>工作通知</a></div><div>2026.01.02</div></div>",
            "<div><a href=1><h3>工作通知(2026-01-02)</h3></a></div>",
            "<a href=1>工作通知 2026-01-02</a>",
            "<a href=1><span>2026-01-02</span><h3>工作通知</h3><p>摘要摘要</p></a>",
            "<li><div><b>2</b><i>2026-01</i></div><a href=1>工作通知</a></li>",
            "<li><a href=1>工作<b>通知</b></a> 发布时间：2026-01-02 10:20</li>",
            "<li><a href=0>[公告]</a><a href=1>工作通知</a><em>2026-01-02</em></li>",
            "<li><a href=1>·工作通知</a><i>2025-12-30</i><i>2026-01-02</i></li>",
            "<li><a href=1 title=工作通知>工作通…</a><i>2026-01-02</i></li>",
            "<li><span class=date>2026-01-02</span><a href=1>工作通知</a></li>",
            "<li><a href=1>工作通知</a><b>2026-01-02</b></li>",
            "<li><a href=1>工作通知<em>[2026-01-02]</em></a></li>",
            "<div><p><a href=1>工作通知</a></p><p><span>2026-01-02</span></p></div>",
            "<table><tr><td><a href=1>工作通知</a><td>2026-01-02 10:20</table>",
            "<!-- <li><a href=2>会议纪要</a>2025-01-03</li> --><li><a href=1>工作通知</a>2026-01-02</li>",
        ];
        for row in rows {
            check(row, &["工作通知 1 2026-01-02"]);
        }
    }

    #[test]
    fn lists() {
        check(
            "<ul><li><a href=1>工作通知</a>2026-01-02<li><a href=2>会议纪要</a>2025-12-30</ul>",
            &["工作通知 1 2026-01-02", "会议纪要 2 2025-12-30"],
        );
        check(
            "<div><a href=1>工作通知</a> 2026-01-02<br><a href=2>会议纪要</a> 2025-12-30</div>",
            &["工作通知 1 2026-01-02", "会议纪要 2 2025-12-30"],
        );
        check(
            "<li><a href=1>工作通知</a>01-03</li><li><a href=2>会议纪要</a>2026-01-02</li>",
            &["工作通知 1 2025-01-03", "会议纪要 2 2026-01-02"],
        );
        check("<li><a href=1>工作通知</a>01-03</li>", &["工作通知 1 -"]);
        // Over new year: the rows of December belong to the year before.
        check(
            "<p>发布日期：2026-01-05</p><li><span>01-04</span><a href=1>工作通知</a><li><span>12-30</span><a href=2>会议纪要</a>",
            &["工作通知 1 2026-01-04", "会议纪要 2 2025-12-30"],
        );
    }

    #[test]
    fn rows_without_dates() {
        check(
            "<ul><li><a href=1>某某省机构设置与职责</a><li><a href=2>某某省领导分工安排</a></ul><li><a href=3>某某市机构设置与职责</a>",
            &["某某省机构设置与职责 1 -", "某某省领导分工安排 2 -"],
        );
        check("<ul><li><a href=1>要闻</a><li><a href=2>公开</a></ul>", &[]);
        check("<footer><li><a href=1>工作通知</a>2026-01-02</footer>", &[]);
        check("<!-- <li><a href=1>工作通知</a>2026-01-02</li> -->", &[]);
        check("<p>2026年1月2日召开会议</p><p><a href=1>附件：工作通知</a></p>", &[]);
    }

    #[test]
    fn a_day_in_a_title_is_not_its_date() {
        check(
            "<li><a href=1>2025年10月8日会议纪要</a>2026-01-02</li>",
            &["2025年10月8日会议纪要 1 2026-01-02"],
        );
        check("<ul><li><a href=1>工作总结截至2025年10月8日</a></ul>", &["工作总结截至2025年10月8日 1 -"]);
    }

    #[test]
    fn islands_are_read() {
        let record = "<record><![CDATA[<li><a href='/a.html'>工作通知</a><b>2026-01-02</b></li>]]></record>";
        check(
            &format!("<script type='text/xml'><datastore>{record}</datastore></script>"),
            &["工作通知 /a.html 2026-01-02"],
        );
    }
}
