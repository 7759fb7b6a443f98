//! Lists of messages: rows of a table, or of any elements whose children line up below a head.
//!
//! Which column holds what is told by the head alone. Cells that span columns or rows are laid out as a browser lays
//! them out, so that a column keeps its number.

use ego_tree::NodeRef;
use scraper::Node;

use super::fields::content;
use crate::indicators::Labels;
use crate::page::{NodeId, Page};

/// Rows of a list that are read: above this a page is no list for people.
const ROWS: usize = 500;
/// Columns of a list that are read.
const COLUMNS: usize = 30;
/// Elements in which a head is looked for.
const ELEMENTS: usize = 20_000;
/// Bytes that a cell of the head may have besides its label: three characters.
const TAIL_BYTES: usize = 9;

/// The head of a list: its row, and what its columns hold.
struct Head<'a> {
    row: NodeRef<'a, Node>,
    first: usize,
    second: usize,
}

/// The texts of two columns in every row of a list, where the page has one whose head names the `first` and one of the
/// `seconds`, the foremost of them that it names. Roles are places in the list of elements.
pub(super) fn rows(page: &Page, labels: &Labels, first: usize, seconds: &[usize]) -> Vec<(String, String)> {
    let elements = page.dom.tree.root().descendants().filter(|node| node.value().is_element());
    let Some(head) = elements.take(ELEMENTS).find_map(|row| head(page, labels, row, first, seconds)) else {
        return Vec::new();
    };
    let mut grid = Grid::default();
    grid.columns(head.row);
    let mut texts = Vec::new();
    for row in below(head.row).filter(|row| has_same_name(row, &head.row)).take(ROWS) {
        let columns = grid.columns(row);
        let text = |at: usize| columns.get(at).map(|cell| content(page, *cell).text);
        texts.extend(text(head.first).zip(text(head.second)));
    }
    texts
}

fn head<'a>(
    page: &Page,
    labels: &Labels,
    row: NodeRef<'a, Node>,
    first: usize,
    seconds: &[usize],
) -> Option<Head<'a>> {
    let columns = Grid::default().columns(row);
    if columns.len() < 2 {
        return None;
    }
    let roles: Vec<&[usize]> = columns.iter().map(|cell| role(page, labels, *cell)).collect();
    let place = |wanted: usize| roles.iter().position(|roles| roles.contains(&wanted));
    let first = place(first)?;
    let second = seconds.iter().find_map(|wanted| place(*wanted))?;
    (first != second).then_some(Head { row, first, second })
}

/// What a cell of a head names: its text is a label and hardly more.
fn role<'a>(page: &Page, labels: &'a Labels, cell: NodeId) -> &'a [usize] {
    let text = content(page, cell).text;
    let text = text.trim();
    match labels.at(text, 0) {
        Some((_, end, owners)) if text.len() - end <= TAIL_BYTES => owners,
        _ => &[],
    }
}

/// The elements after a head: its siblings, and where it has a group of its own, the members of the groups after it.
fn below(head: NodeRef<'_, Node>) -> impl Iterator<Item = NodeRef<'_, Node>> {
    let groups = head.parent().into_iter().flat_map(|group| group.next_siblings());
    head.next_siblings()
        .chain(groups.flat_map(|group| std::iter::once(group).chain(group.children())))
        .filter(|node| node.value().is_element())
}

fn has_same_name(one: &NodeRef<'_, Node>, other: &NodeRef<'_, Node>) -> bool {
    name(one).is_some() && name(one) == name(other)
}

fn name<'a>(node: &NodeRef<'a, Node>) -> Option<&'a str> {
    node.value().as_element().map(|element| element.name())
}

/// Lays out rows, one after the other.
#[derive(Default)]
struct Grid {
    /// For each column the cell that reaches into the next rows, and how many of them.
    reaching: Vec<Option<(NodeId, usize)>>,
}

impl Grid {
    /// The cell of every column of the next row.
    fn columns(&mut self, row: NodeRef<'_, Node>) -> Vec<NodeId> {
        let is_table = name(&row) == Some("tr");
        let is_cell = |node: &NodeRef<'_, Node>| match name(node) {
            Some("td" | "th") => true,
            Some("script" | "style" | "br") | None => false,
            Some(_) => !is_table,
        };
        let mut columns = Vec::new();
        let mut cells = row.children().filter(is_cell).take(COLUMNS);
        while columns.len() < COLUMNS {
            let at = columns.len();
            self.reaching.resize(self.reaching.len().max(at + 1), None);
            if let Some((cell, rows)) = self.reaching[at].take() {
                self.reaching[at] = (rows > 1).then_some((cell, rows - 1));
                columns.push(cell);
                continue;
            }
            let Some(cell) = cells.next() else { break };
            let rows = span(&cell, "rowspan", ROWS);
            for _ in 0..span(&cell, "colspan", COLUMNS) {
                let at = columns.len();
                self.reaching.resize(self.reaching.len().max(at + 1), None);
                self.reaching[at] = (rows > 1).then_some((cell.id(), rows - 1));
                columns.push(cell.id());
            }
        }
        columns.truncate(COLUMNS);
        columns
    }
}

fn span(cell: &NodeRef<'_, Node>, attribute: &str, most: usize) -> usize {
    let written = cell.value().as_element().and_then(|element| element.attr(attribute));
    written.and_then(|text| text.trim().parse().ok()).unwrap_or(1).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::indicators::RuleSet;
    use crate::page::{Source, parse};

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let address = Address::parse("http://www.example.gov.cn/xx/").expect("a good address");
        let source = Source { address: &address, content_type: None, body: body.as_bytes(), is_home: false };
        let rules = RuleSet::built_in();
        let labels = &rules.services().message_labels;
        let at = |id| labels.position(id).expect("there is such an element");
        let seen = rows(&parse(source), labels, at("asked"), &[at("answered"), at("state")]);
        let seen: Vec<(&str, &str)> = seen.iter().map(|(a, b)| (a.trim(), b.trim())).collect();
        assert_eq!(seen, expected, "{body}");
    }

    #[test]
    fn rows_line_up_below_their_head() {
        check(
            "<ul><li class=head><b>标题</b><b>留言时间</b><b>办理状态</b></li><li><a>甲</a><span>11-02</span><i>已办</i></li></ul>",
            &[("11-02", "已办")],
        );
        check(
            "<div><span>留言时间</span><span>答复时间</span></div><div><span>一</span><span>二</span></div><p>尾</p>",
            &[("一", "二")],
        );
        check(
            "<dl class=head><dt>留言时间</dt><dd>答复时间</dd></dl><dl><dt>一</dt><dd>二</dd></dl><dl><dt>三</dt><dd>四</dd></dl>",
            &[("一", "二"), ("三", "四")],
        );
        check(
            "<ul class=head><li><span>留言时间</span><span>状态</span></li></ul><ul><li><span>一</span><span>二</span></li></ul>",
            &[("一", "二")],
        );
        check("<ul><li><b>标题</b><b>留言时间</b></li><li><a>甲</a><span>11-02</span></li></ul>", &[]);
        check("<table><tr><td>留言时间<td>一<td>答复时间<td>二</table>", &[]);
    }

    #[test]
    fn spans_keep_columns_in_their_places() {
        check(
            "<table><tr><th colspan=2>标题<th>留言时间<th>答复时间<tr><td>1<td>甲<td>一<td>二</table>",
            &[("一", "二")],
        );
        check(
            "<table><tr><th>单位<th>留言时间<th>答复时间<tr><td rowspan=2>局<td>一<td>二<tr><td>三<td>四<tr><td>厅<td>五<td>六</table>",
            &[("一", "二"), ("三", "四"), ("五", "六")],
        );
        check("<table><tr><th colspan=99999999>留言时间<th>答复时间<tr><td>一</table>", &[]);
    }
}
