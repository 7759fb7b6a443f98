//! What of a page is read for private data besides its visible text: the cells that this text stands in, and
//! attributes.

use std::collections::HashMap;

use crate::page::{NodeId, Page};
use crate::privacy::Cell;

/// Elements above a block that are looked through for its cell.
const DEPTH: usize = 20;
/// Attributes that browsers show to a reader, or read to one who cannot see.
const ATTRIBUTES: [&str; 4] = ["alt", "title", "aria-label", "placeholder"];
/// Bytes of an attribute that are read.
const ATTRIBUTE_BYTES: usize = 2_000;

/// Attributes with numbers that are read: each is looked for in the whole text.
const MOST_ATTRIBUTES: usize = 500;

/// The cells of the tables of a page, in the order of its text.
pub(super) fn cells(page: &Page) -> Vec<Cell> {
    let mut places = Places::default();
    let blocks = page.text.blocks.iter();
    blocks
        .filter_map(|block| {
            let cell = above(page, block.node, &["td", "th"])?;
            let row = above(page, cell, &["tr"])?;
            let table = above(page, row, &["table"])?;
            let (table, row, column) = places.of(page, table, row, cell)?;
            Some(Cell { table, row, column, span: block.start..block.end })
        })
        .collect()
}

/// The nearest element of one of these names, at a node or above it.
fn above(page: &Page, id: NodeId, names: &[&str]) -> Option<NodeId> {
    let node = page.dom.tree.get(id)?;
    std::iter::once(node)
        .chain(node.ancestors())
        .take(DEPTH)
        .find(|node| node.value().as_element().is_some_and(|element| names.contains(&element.name())))
        .map(|node| node.id())
}

/// Numbers of tables, rows and columns, in the order in which they are met.
#[derive(Default)]
struct Places {
    tables: HashMap<NodeId, usize>,
    /// The number of each row in its table.
    rows: HashMap<NodeId, usize>,
    /// How many rows a table has so far.
    lengths: HashMap<usize, usize>,
    /// The column of each cell, from the left.
    columns: HashMap<NodeId, usize>,
}

impl Places {
    fn of(&mut self, page: &Page, table: NodeId, row: NodeId, cell: NodeId) -> Option<(usize, usize, usize)> {
        let tables = self.tables.len();
        let table = *self.tables.entry(table).or_insert(tables);
        if !self.rows.contains_key(&row) {
            let length = self.lengths.entry(table).or_default();
            self.rows.insert(row, *length);
            *length += 1;
            // All cells of a row at once: looking back from each of them would take the square of their number.
            let mut column = 0;
            for node in page.dom.tree.get(row)?.children() {
                let Some(element) = node.value().as_element() else { continue };
                self.columns.insert(node.id(), column);
                column += element
                    .attr("colspan")
                    .and_then(|span| span.parse().ok())
                    .unwrap_or(1_usize)
                    .clamp(1, 100);
            }
        }
        Some((table, self.rows[&row], *self.columns.get(&cell)?))
    }
}

/// An attribute that a reader may see.
pub(super) struct Attribute<'a> {
    pub(super) node: NodeId,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// The attributes of a page that a reader may see and that do not repeat its visible text. A number of the text that
/// stands in an attribute as well is one leak, not two.
pub(super) fn attributes(page: &Page) -> impl Iterator<Item = Attribute<'_>> {
    let elements = page.dom.tree.nodes().filter_map(|node| Some((node.id(), node.value().as_element()?)));
    elements
        .flat_map(|(node, element)| {
            element.attrs().map(move |(name, value)| {
                let value = &value[..value.floor_char_boundary(ATTRIBUTE_BYTES)];
                Attribute { node, name, value }
            })
        })
        .filter(|attribute| ATTRIBUTES.contains(&attribute.name) && has_number(attribute.value))
        .take(MOST_ATTRIBUTES)
        .filter(|attribute| !page.text.visible.contains(attribute.value))
}

/// Whether a value has so many digits that it may hold a number of a person.
fn has_number(value: &str) -> bool {
    /// Digits of the shortest number, a passport's.
    const DIGITS: usize = 8;
    value.chars().filter(|c| c.is_numeric()).take(DIGITS).count() == DIGITS
}
