//! Lists of people in tables: heads of columns, names in rows, and what several cells tell together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::figures::has;
use super::{Figures, Kind, Sighting};
use crate::finding::{Confidence, Severity};

/// Text of one cell of a table; a cell of several paragraphs has several of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which table of the text.
    pub table: usize,
    /// Which row of the table.
    pub row: usize,
    /// Which column of the row.
    pub column: usize,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// Rows at the top of a table in which heads are looked for: a title may stand above them.
const HEAD_ROWS: usize = 3;

/// Cells of a row that are looked back over for its beginning.
const ROW_CELLS: usize = 100;

/// A row of a table of the text.
type Row = (usize, usize);
/// A column of a table of the text.
type Column = (usize, usize);

/// The tables of a text.
pub(super) struct Tables<'a> {
    text: &'a str,
    title: &'a str,
    /// In the order of the text.
    cells: &'a [Cell],
    /// The words at the head of each column that has some.
    heads: HashMap<Column, &'a str>,
    /// Rows that name a person.
    named: HashSet<Row>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(text: &'a str, cells: &'a [Cell], title: &'a str, figures: &Figures) -> Tables<'a> {
        let mut heads: HashMap<Column, &'a str> = HashMap::new();
        for cell in cells.iter().filter(|cell| cell.row < HEAD_ROWS) {
            let words = &text[cell.span.clone()];
            if !words.contains(|c: char| c.is_ascii_digit()) && is_head(words, figures) {
                heads.entry((cell.table, cell.column)).or_insert(words);
            }
        }
        let is_name = |cell: &Cell| {
            let words = &text[cell.span.clone()];
            let head = heads.get(&(cell.table, cell.column));
            is_short_han(words)
                && !is_head(words, figures)
                && head
                    .map_or_else(|| begins_as_names_do(words, figures), |head| has(head, &figures.name_words))
        };
        let named = cells.iter().filter(|cell| is_name(cell)).map(|cell| (cell.table, cell.row)).collect();
        Tables { text, title, cells, heads, named }
    }

    /// The cell in which a position of the text stands.
    pub(super) fn cell(&self, at: usize) -> Option<&'a Cell> {
        let next = self.cells.partition_point(|cell| cell.span.start <= at);
        let cell = &self.cells[next.checked_sub(1)?];
        cell.span.contains(&at).then_some(cell)
    }

    /// Where the row begins in which a position of the text stands.
    pub(super) fn row_start(&self, at: usize) -> Option<usize> {
        let cell = self.cell(at)?;
        let before = self.cells.partition_point(|other| other.span.start <= at);
        let same = |other: &&Cell| (other.table, other.row) == (cell.table, cell.row);
        self.cells[..before]
            .iter()
            .rev()
            .take(ROW_CELLS)
            .take_while(same)
            .last()
            .map(|first| first.span.start)
    }

    /// The head of a cell's column.
    pub(super) fn head(&self, cell: &Cell) -> &'a str {
        self.heads.get(&(cell.table, cell.column)).copied().unwrap_or_default()
    }

    /// Whether a person is named in a cell's row.
    pub(super) fn is_named(&self, cell: &Cell) -> bool {
        self.named.contains(&(cell.table, cell.row))
    }

    /// Columns that say of named people what concerns nobody else.
    pub(super) fn sensitive_columns(&self, figures: &Figures) -> Vec<Sighting> {
        let mut columns: BTreeMap<Column, (usize, HashSet<usize>)> = BTreeMap::new();
        for (at, cell) in self.cells.iter().enumerate() {
            let head = self.head(cell);
            if !has(head, &figures.sensitive_words) {
                continue;
            }
            let (place, rows) = columns.entry((cell.table, cell.column)).or_insert((at, HashSet::new()));
            let words = &self.text[cell.span.clone()];
            if words == head {
                *place = at;
            } else if self.is_named(cell) {
                rows.insert(cell.row);
            }
        }
        let sighting = |(place, rows): (usize, HashSet<usize>)| {
            let cell = &self.cells[place];
            Sighting {
                kind: Kind::Column,
                start: cell.span.start,
                end: cell.span.end,
                confidence: Confidence::Probable,
                severity: Severity::Medium,
                masked: self.head(cell).to_owned(),
                times: rows.len(),
                persons: rows.len(),
            }
        };
        columns.into_values().filter(|(_, rows)| !rows.is_empty()).map(sighting).collect()
    }

    /// Rows that tell several things of one person, one sighting for each table.
    pub(super) fn combinations(&self, sightings: &[Sighting]) -> Vec<Sighting> {
        let mut rows: BTreeMap<Row, Vec<&Sighting>> = BTreeMap::new();
        for sighting in sightings.iter().filter(|sighting| sighting.kind != Kind::Column) {
            if let Some(cell) = self.cell(sighting.start).filter(|cell| self.is_named(cell)) {
                rows.entry((cell.table, cell.row)).or_default().push(sighting);
            }
        }
        let mut tables: BTreeMap<usize, Sighting> = BTreeMap::new();
        for ((table, _), told) in rows {
            let Some((names, severity)) = together(&told) else { continue };
            let (start, end) = (told[0].start, told[0].end);
            let sighting = tables.entry(table).or_insert_with(|| Sighting {
                kind: Kind::Combination,
                start,
                end,
                confidence: Confidence::Confirmed,
                severity,
                masked: names,
                times: 0,
                persons: 0,
            });
            sighting.times += 1;
            sighting.persons += 1;
            sighting.severity = sighting.severity.max(severity);
        }
        tables.into_values().collect()
    }

    /// The tables that list whom to call at an office.
    fn directories(&self, figures: &Figures) -> HashSet<usize> {
        if has(self.title, &figures.list_words) {
            return HashSet::new();
        }
        let says =
            |words: &str| has(words, &figures.office_words) || has(self.title, &figures.directory_words);
        let concerns = |words: &str| has(words, &figures.list_words) || has(words, &figures.identity_words);
        let heads = || self.heads.iter().map(|((table, _), words)| (*table, *words));
        let persons: HashSet<usize> =
            heads().filter(|(_, words)| concerns(words)).map(|(table, _)| table).collect();
        heads()
            .filter(|(table, words)| says(words) && !persons.contains(table))
            .map(|(table, _)| table)
            .collect()
    }

    /// Makes one of the sightings of a kind in a column, where they are a list.
    pub(super) fn gathered(&self, sightings: Vec<Sighting>, figures: &Figures) -> Vec<Sighting> {
        let column = |sighting: &Sighting| {
            self.cell(sighting.start).map(|cell| (cell.table, cell.column, sighting.kind))
        };
        let mut counts: HashMap<(usize, usize, Kind), usize> = HashMap::new();
        for key in sightings.iter().filter_map(column) {
            *counts.entry(key).or_default() += 1;
        }
        let directories = self.directories(figures);
        let mut seen = HashSet::new();
        let mut gathered = Vec::new();
        for mut sighting in sightings {
            let table = self.cell(sighting.start).map(|cell| cell.table);
            let is_to_be_called = table.is_some_and(|table| directories.contains(&table));
            if is_to_be_called && sighting.kind == Kind::Mobile {
                (sighting.severity, sighting.confidence) = (Severity::Low, Confidence::Note);
            }
            match column(&sighting).map(|key| (key, counts[&key])) {
                Some((key, times)) if times >= figures.column_least.max(2) => {
                    if seen.insert(key) {
                        (sighting.times, sighting.persons) = (times, times);
                        if sighting.kind == Kind::Mobile && !is_to_be_called {
                            sighting.severity = Severity::High;
                            sighting.confidence = sighting.confidence.max(Confidence::Probable);
                        }
                        gathered.push(sighting);
                    }
                }
                _ => gathered.push(sighting),
            }
        }
        gathered
    }
}

/// What sightings of one row, beside a name, tell together; `None` where that is not enough.
fn together(told: &[&Sighting]) -> Option<(String, Severity)> {
    let tells = |kind| told.iter().any(|sighting| sighting.kind == kind);
    let has_identity = tells(Kind::Identity) || tells(Kind::OldIdentity);
    if !(has_identity || tells(Kind::Mobile) && tells(Kind::Address)) {
        return None;
    }
    let mut names = vec!["姓名"];
    for kind in [Kind::Identity, Kind::OldIdentity, Kind::Card, Kind::Mobile, Kind::Address] {
        if tells(kind) {
            names.push(kind.chinese());
        }
    }
    let severity = if has_identity && tells(Kind::Card) { Severity::Critical } else { Severity::High };
    Some((names.join("＋"), severity))
}

/// Whether words head a column.
fn is_head(words: &str, figures: &Figures) -> bool {
    /// Characters of a head at most: more is a sentence.
    const HEAD: usize = 20;
    let known = [
        &figures.identity_words,
        &figures.passport_words,
        &figures.card_words,
        &figures.code_words,
        &figures.contact_words,
        &figures.office_words,
        &figures.name_words,
        &figures.address_words,
        &figures.sensitive_words,
    ];
    words.chars().take(HEAD + 1).count() <= HEAD
        && (known.iter().any(|known| has(words, known)) || words.contains("电话") || words.contains("手机"))
}

/// Whether words may be a name: two to four Han characters.
fn is_short_han(words: &str) -> bool {
    let chars = words.chars().filter(|c| *c != ' ' && *c != '·');
    (2..=4).contains(&chars.clone().take(5).count())
        && chars.clone().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

fn begins_as_names_do(words: &str, figures: &Figures) -> bool {
    words.chars().next().is_some_and(|first| figures.surnames.contains(first))
}
