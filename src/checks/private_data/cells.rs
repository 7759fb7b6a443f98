//! The cells of tables that the visible text of a page stands in.

use std::collections::HashMap;

use crate::page::{NodeId, Page};
use crate::privacy::Cell;

/// Elements above a block that are looked through for its cell.
const DEPTH: usize = 20;
/// The cells of the tables of a page, in the order of its text.
pub(super) fn of(page: &Page) -> Vec<Cell> {
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
