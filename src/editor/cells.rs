//! The cells of tables in the text of documents: parted by tabs, a row a line.

use crate::privacy::Cell;

/// Cells of a text at most. Nobody reads a longer list, and a text of nothing but tabs must not fill the memory.
const MOST: usize = 200_000;

/// The cells of a text, in its order. Lines without a tab stand between tables.
pub(super) fn of(text: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    let (mut table, mut row, mut start) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        if words.contains('\t') {
            let mut at = start;
            for (column, cell) in words.split('\t').enumerate() {
                if !cell.is_empty() {
                    cells.push(Cell { table, row, column, span: at..at + cell.len() });
                }
                at += cell.len() + 1;
            }
            row += 1;
        } else if row > 0 {
            (table, row) = (table + 1, 0);
        }
        start += line.len();
        if cells.len() >= MOST {
            break;
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lines_and_empty_cells_are_none() {
        let text = "花名册\n姓名\t\t电话\n甲\t乙\n\n丙\t丁";
        let seen: Vec<(usize, usize, usize, &str)> =
            of(text).into_iter().map(|cell| (cell.table, cell.row, cell.column, &text[cell.span])).collect();
        let expected = [
            (0, 0, 0, "姓名"),
            (0, 0, 2, "电话"),
            (0, 1, 0, "甲"),
            (0, 1, 1, "乙"),
            (1, 0, 0, "丙"),
            (1, 0, 1, "丁"),
        ];
        assert_eq!(seen, expected);
    }
}
