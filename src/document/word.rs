//! Word documents: what is printed, and what is only hidden.

use super::Reading;
use super::archive::Archive;
use super::xml::{Token, walk};
use crate::facts::Gap;

pub(super) fn read(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    let mut names = vec![("word/document.xml", "正文")];
    for (prefix, place) in [("word/header", "页眉"), ("word/footer", "页脚")] {
        names.extend(archive.numbered(prefix, ".xml").into_iter().map(|(_, name)| (name, place)));
    }
    names.extend([
        ("word/footnotes.xml", "脚注"),
        ("word/endnotes.xml", "尾注"),
        ("word/comments.xml", "批注"),
        ("word/glossary/document.xml", "文档部件"),
    ]);
    for (name, place) in names {
        let Some(source) = archive.read(name) else { continue };
        let mut story = Story::default();
        if !walk(source, |token| story.see(token)) {
            reading.budget.reach(Gap::Damaged, format!("{place}损坏，只读取了前一部分"));
        }
        let beside =
            |what: &str| if place == "正文" { what.to_owned() } else { format!("{place}（{what}）") };
        reading.keep(place, &story.shown);
        reading.keep(beside("隐藏文字"), &story.hidden);
        reading.keep(beside("修订删除"), &story.deleted);
        reading.keep(beside("图片说明"), &story.described);
    }
}

/// The words of one story. Inserted words are part of what is shown, as that is how they are printed; deleted ones
/// stay in the file for everybody to see.
#[derive(Default)]
struct Story {
    shown: String,
    hidden: String,
    deleted: String,
    /// What pictures say of themselves to those who cannot see them.
    described: String,
    in_text: bool,
    in_run: bool,
    run_is_hidden: bool,
    /// How many deletions and moves away the text stands in.
    deletions: usize,
    /// Where the row of a table began that is being read.
    row: usize,
    /// How many copies for older programs it stands in: they repeat what was said.
    fallbacks: usize,
}

impl Story {
    fn see(&mut self, token: Token<'_>) {
        match token {
            Token::Open("Fallback", _) => self.fallbacks += 1,
            Token::Close("Fallback") => self.fallbacks = self.fallbacks.saturating_sub(1),
            Token::Open("del" | "moveFrom", _) => self.deletions += 1,
            Token::Close("del" | "moveFrom") => self.deletions = self.deletions.saturating_sub(1),
            Token::Open("r", _) => (self.in_run, self.run_is_hidden) = (true, false),
            Token::Close("r") => self.in_run = false,
            Token::Open("vanish", element) => {
                let is_off = matches!(element.attribute("val").as_deref(), Some("0" | "false" | "off"));
                self.run_is_hidden |= self.in_run && !is_off;
            }
            Token::Open("t" | "delText", _) => self.in_text = true,
            Token::Close("t" | "delText") => self.in_text = false,
            Token::Open("tab", _) if self.in_run => self.write("\t"),
            Token::Open("br" | "cr", _) => self.write("\n"),
            Token::Open("docPr", element) => {
                for words in [element.attribute("title"), element.attribute("descr")].into_iter().flatten() {
                    self.described.push_str(&words);
                    self.described.push('\n');
                }
            }
            Token::Close("p") => self.paragraph(),
            Token::Open("tr", _) => self.row = self.shown.len(),
            Token::Close("tc") if self.fallbacks == 0 => self.cell(),
            Token::Close("tr") if self.fallbacks == 0 => self.end_row(),
            Token::Text(words) if self.in_text => self.write(words),
            _ => {}
        }
    }

    fn write(&mut self, words: &str) {
        if self.fallbacks > 0 {
            return;
        }
        if self.deletions > 0 {
            self.deleted.push_str(words);
        } else if self.run_is_hidden {
            self.hidden.push_str(words);
        } else {
            self.shown.push_str(words);
        }
    }

    /// Cells of a row are parted by tabs, as in a spreadsheet.
    fn cell(&mut self) {
        if self.shown.len() > self.row && self.shown.ends_with('\n') {
            self.shown.pop();
        }
        self.shown.push('\t');
    }

    fn end_row(&mut self) {
        self.shown.truncate(self.shown.trim_end_matches('\t').len());
        self.paragraph();
    }

    fn paragraph(&mut self) {
        for text in [&mut self.shown, &mut self.hidden, &mut self.deleted] {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }
}
