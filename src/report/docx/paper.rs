//! A document being written: the few shapes that our documents are made of.
//!
//! Every text comes in here and is made fit to be shown and within what XML may hold: no character that it forbids, no
//! link that a program would follow.

use docx_rs::{
    AlignmentType, Docx, Footer, PageNum, Paragraph, Run, RunFonts, Shading, Style, StyleType, Table,
    TableCell, TableLayoutType, TableRow, WidthType,
};

use crate::report::escape;

/// Characters of one text; the JSON formats have all of it.
const TEXT_CHARS: usize = 2_000;

/// Width of the text on an A4 page, in twentieths of a point.
const WIDTH: usize = 9_000;

/// Width of the labels of a table of pairs.
const LABELS: usize = 2_200;

/// A4, in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);

/// Half points of body text: 五号.
const BODY: usize = 21;

/// Half points of text in tables.
const SMALL: usize = 18;

/// How a text is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    /// As it is.
    Plain,
    /// Heads others.
    Strong,
    /// Aside.
    Quiet,
}

/// A document being written.
pub(in crate::report) struct Paper {
    docx: Docx,
}

impl Paper {
    /// An empty one, made at a time as it is shown.
    pub(in crate::report) fn new(made: &str) -> Paper {
        let heading = |level: usize, size: usize| {
            Style::new(format!("Heading{level}"), StyleType::Paragraph)
                .name(format!("heading {level}"))
                .size(size)
                .bold()
                .outline_lvl(level - 1)
        };
        let number = Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new());
        let docx = Docx::new()
            .page_size(A4.0, A4.1)
            .default_fonts(fonts())
            .default_size(BODY)
            .add_style(heading(1, 32))
            .add_style(heading(2, 26))
            .add_style(heading(3, 22))
            .footer(Footer::new().add_paragraph(number))
            .created_at(&format!("{}+08:00", made.replace(' ', "T")));
        Paper { docx }
    }

    /// A line of the cover.
    pub(in crate::report) fn title(&mut self, text: &str) {
        let run = run(text, 40, Tone::Strong);
        self.add(Paragraph::new().align(AlignmentType::Center).add_run(run));
    }

    /// A smaller line of the cover.
    pub(in crate::report) fn centred(&mut self, text: &str) {
        self.add(Paragraph::new().align(AlignmentType::Center).add_run(run(text, BODY, Tone::Plain)));
    }

    /// A heading that begins a page.
    pub(in crate::report) fn chapter(&mut self, text: &str) {
        self.add(heading(text, 1).page_break_before(true));
    }

    /// A heading.
    pub(in crate::report) fn section(&mut self, text: &str) {
        self.add(heading(text, 2));
    }

    /// A heading below a section.
    pub(in crate::report) fn topic(&mut self, text: &str) {
        self.add(heading(text, 3));
    }

    /// A paragraph.
    pub(in crate::report) fn text(&mut self, text: &str, tone: Tone) {
        self.add(Paragraph::new().add_run(run(text, BODY, tone)));
    }

    /// A table of labels and values.
    pub(in crate::report) fn pairs<L: AsRef<str>>(&mut self, rows: impl Iterator<Item = (L, String)>) {
        let row = |(label, value): (L, String)| {
            TableRow::new(vec![
                cell(label.as_ref(), LABELS, Tone::Strong).shading(shade()),
                cell(&value, WIDTH - LABELS, Tone::Plain),
            ])
        };
        self.table(rows.map(row).collect(), vec![LABELS, WIDTH - LABELS]);
    }

    /// A table with headings; widths are parts of the page. Rows have as many cells as there are columns.
    pub(in crate::report) fn grid<R: AsRef<[String]>>(
        &mut self,
        columns: &[(&str, usize)],
        rows: impl Iterator<Item = R>,
    ) {
        let parts: usize = columns.iter().map(|(_, part)| part).sum();
        let widths: Vec<usize> = columns.iter().map(|(_, part)| WIDTH * part / parts.max(1)).collect();
        let heads = columns.iter().zip(&widths);
        let head =
            heads.map(|((text, _), width)| cell(text, *width, Tone::Strong).shading(shade())).collect();
        let body = rows.map(|texts| {
            let cells = texts.as_ref().iter().zip(&widths);
            TableRow::new(cells.map(|(text, width)| cell(text, *width, Tone::Plain)).collect())
        });
        let rows = std::iter::once(TableRow::new(head)).chain(body).collect();
        self.table(rows, widths);
    }

    /// The document for the file.
    pub(in crate::report) fn finish(self) -> docx_rs::XMLDocx {
        self.docx.build()
    }

    fn table(&mut self, rows: Vec<TableRow>, widths: Vec<usize>) {
        let rows = rows.into_iter().map(TableRow::cant_split).collect();
        let table =
            Table::new(rows).set_grid(widths).layout(TableLayoutType::Fixed).width(WIDTH, WidthType::Dxa);
        self.with(|docx| docx.add_table(table));
        // Without a paragraph between them, two tables become one.
        self.add(Paragraph::new());
    }

    fn add(&mut self, paragraph: Paragraph) {
        self.with(|docx| docx.add_paragraph(paragraph));
    }

    /// The library builds by value.
    fn with(&mut self, change: impl FnOnce(Docx) -> Docx) {
        self.docx = change(std::mem::take(&mut self.docx));
    }
}

fn heading(text: &str, level: usize) -> Paragraph {
    Paragraph::new()
        .style(&format!("Heading{level}"))
        .keep_next(true)
        .add_run(Run::new().fonts(fonts()).add_text(shown(text)))
}

fn cell(text: &str, width: usize, tone: Tone) -> TableCell {
    let paragraph = Paragraph::new().add_run(run(text, SMALL, tone));
    TableCell::new().width(width, WidthType::Dxa).add_paragraph(paragraph)
}

fn run(text: &str, size: usize, tone: Tone) -> Run {
    let run = Run::new().fonts(fonts()).size(size).add_text(shown(text));
    match tone {
        Tone::Plain => run,
        Tone::Strong => run.bold(),
        Tone::Quiet => run.color("666666"),
    }
}

/// Programs choose the font of Chinese text by the run, not by the document.
fn fonts() -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia("宋体")
}

fn shade() -> Shading {
    Shading::new().fill("EEF2F6")
}

/// A text as a document may hold it.
fn shown(text: &str) -> String {
    let text = escape::visible(text);
    match text.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
