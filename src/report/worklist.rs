//! Findings with the work on them, as a list that is handed on: who sees to each, until when, what was said last.

use super::figures;
use super::xlsx::findings::{self, FOR_PEOPLE};
use super::xlsx::sheet::{Cell, Column};
use crate::store::{Assignee, Case, Remark};

/// A finding with the work on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The finding, and how it stands.
    pub case: Case,
    /// Name of its site.
    pub site: String,
    /// Name of the person who sees to it; empty: nobody does, or a department.
    pub person: String,
    /// What was said last about it.
    pub remark: Option<Remark>,
}

/// Columns that tell of the work, before those that are filled in by people.
const WORK: [Column; 7] = [
    ("网站", 16),
    ("责任人", 12),
    ("责任处室", 16),
    ("整改期限", 12),
    ("报告整改时间", 16),
    ("最近备注", 40),
    ("备注人、时间", 20),
];

/// The columns of the list.
pub(super) fn columns() -> Vec<Column> {
    let (told, for_people) = findings::COLUMNS.split_at(findings::COLUMNS.len() - FOR_PEOPLE);
    [told, &WORK, for_people].concat()
}

/// The cells of an item, without those for people.
pub(super) fn row(number: u64, item: &Item) -> impl Iterator<Item = Cell<'_>> {
    let Item { case, site, person, remark } = item;
    let office = match &case.assignee {
        Some(Assignee::Office(name)) => name.as_str(),
        Some(Assignee::Person(_)) | None => "",
    };
    let said = remark.as_ref();
    let work: [Cell<'_>; WORK.len()] = [
        Cell::text(site),
        Cell::text(person),
        Cell::text(office),
        Cell::text(case.due.map(|due| due.to_string()).unwrap_or_default()),
        Cell::text(case.mended.map(figures::minute).unwrap_or_default()),
        Cell::text(said.map_or("", |remark| &remark.text)),
        Cell::text(
            said.map(|Remark { at, by, .. }| format!("{by} {}", figures::minute(*at))).unwrap_or_default(),
        ),
    ];
    findings::row(number, &case.reported).into_iter().chain(work)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::report::sample;

    /// A list in which the first finding has been worked on.
    pub(in crate::report) fn list() -> Vec<Item> {
        let of = |reported: crate::life::Reported| Item {
            case: Case {
                site: "demo".to_owned(),
                since: reported.first_seen,
                until: None,
                assignee: None,
                due: None,
                mended: None,
                reported,
            },
            site: "示例市生态环境局".to_owned(),
            person: String::new(),
            remark: None,
        };
        let mut list: Vec<Item> = sample::report().findings.into_iter().map(of).collect();
        let first = &mut list[0];
        first.case.assignee = Some(Assignee::Office("办公室".to_owned()));
        first.case.due = Some(jiff::civil::date(2026, 12, 1));
        let (at, text) = (first.case.since, "=cmd|'/c calc'!A1".to_owned());
        first.remark = Some(Remark { at, by: "zhang".to_owned(), text });
        list
    }

    #[test]
    fn every_column_has_its_cell() {
        let list = list();
        assert!(list.iter().all(|item| row(1, item).count() == columns().len() - FOR_PEOPLE));
        assert_eq!(columns().last(), findings::COLUMNS.last());
    }
}
