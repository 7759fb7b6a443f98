//! How documents are written.

use clap::ValueEnum;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum PaperFormat {
    /// One self-contained web page, to be read and printed.
    Html,
    /// A document to be filled in, signed and handed in.
    Docx,
    /// The page, printed by Chromium.
    Pdf,
}

impl PaperFormat {
    /// Every format.
    pub const ALL: [PaperFormat; 3] = [PaperFormat::Html, PaperFormat::Docx, PaperFormat::Pdf];

    /// The word for it in the configuration, and the ending of its files.
    pub fn word(self) -> &'static str {
        match self {
            PaperFormat::Html => "html",
            PaperFormat::Docx => "docx",
            PaperFormat::Pdf => "pdf",
        }
    }

    /// The format of a word.
    pub fn of_word(word: &str) -> Option<PaperFormat> {
        PaperFormat::ALL.into_iter().find(|format| format.word() == word)
    }

    /// What a server calls it.
    pub fn media(self) -> &'static str {
        match self {
            PaperFormat::Html => "text/html; charset=utf-8",
            PaperFormat::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            PaperFormat::Pdf => "application/pdf",
        }
    }

    /// For people.
    pub fn chinese(self) -> &'static str {
        match self {
            PaperFormat::Html => "网页",
            PaperFormat::Docx => "Word",
            PaperFormat::Pdf => "PDF",
        }
    }
}
