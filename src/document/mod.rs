//! The text of documents: every place where a reader, or a search engine, finds words in a file.
//!
//! [`text`] takes bytes apart and never fails: what cannot be read is named in [`Document::limited`]. A document is a
//! hostile thing. Everything here works within a [`Limits`]: bytes unpacked, text kept, steps taken; nothing recurses
//! without a bound, and nothing looks at a clock. What the words mean is for `text` and `editor`.

mod archive;
mod budget;
mod drawing;
mod legacy_sheet;
mod legacy_slides;
mod legacy_word;
mod office;
mod open;
mod pdf;
mod properties;
mod reflow;
mod sheet;
mod slides;
mod word;
mod xml;

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::facts::Gap;
use crate::file::Kind;
use crate::page;

pub use budget::Limits;
pub use drawing::DRAWN;

use archive::Archive;
use budget::Budget;

/// What is known of a file besides its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// Its name, or what stands after the last slash of its address.
    pub name: &'a str,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
}

/// The words of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// By where they stand, in reading order.
    pub parts: Vec<Part>,
    /// Why some of it was not read; `None` where all of it was.
    pub limited: Option<Limited>,
    /// What the QR codes of a picture say.
    #[serde(default)]
    pub codes: Vec<String>,
}

/// Why some of a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limited {
    /// What kind of reason that is.
    pub gap: Gap,
    /// In Chinese.
    pub why: String,
}

impl Document {
    /// A file of which nothing was read.
    pub fn unread(gap: Gap, why: &str) -> Document {
        let limited = Some(Limited { gap, why: why.to_owned() });
        Document { limited, ..Document::default() }
    }

    /// The words as they are kept, to be checked again without the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain strings always serialise")
    }

    /// The words as they were kept.
    pub fn from_bytes(bytes: &[u8]) -> Option<Document> {
        serde_json::from_slice(bytes).ok()
    }

    /// The same with private data masked, to be shown: offsets stay what they are.
    pub fn masked(mut self) -> Document {
        for part in &mut self.parts {
            if let std::borrow::Cow::Owned(masked) = crate::privacy::mask_all(&part.text) {
                part.text = masked;
            }
        }
        self
    }
}

/// Words that stand in one place of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where, in Chinese: `正文`, `第3张工作表“汇总”（隐藏）`, `批注`.
    pub place: String,
    /// The words.
    pub text: String,
    /// Whether they were written or guessed.
    #[serde(default)]
    pub origin: Origin,
}

/// How words came out of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// They stand in it.
    #[default]
    Written,
    /// A picture shows them, as a program guesses.
    Recognised,
}

/// Reads the words of a file.
pub fn text(bytes: &[u8], hint: Hint<'_>, limits: Limits) -> Document {
    let budget = Budget::new(limits);
    let mut reading = Reading { budget: &budget, parts: Vec::new(), within: String::new() };
    reading.file(bytes, hint, 0);
    let parts = reading.parts;
    Document { parts, limited: budget.reached(), codes: Vec::new() }
}

/// The photographs of a PDF, as they lie in it: its pages, where it was scanned.
pub fn pictures(bytes: &[u8], limits: Limits) -> Vec<Vec<u8>> {
    match Kind::of(bytes) {
        Kind::Pdf => pdf::pictures(bytes, &Budget::new(limits)),
        _ => Vec::new(),
    }
}

/// A document being read.
struct Reading<'b> {
    budget: &'b Budget,
    parts: Vec<Part>,
    /// What stands before every place: the file of the archive that is being read.
    within: String,
}

impl Reading<'_> {
    /// Keeps the words of a place, as far as the budget goes. Places without words are none.
    fn keep(&mut self, place: impl AsRef<str>, text: &str) {
        // Tabs at the beginning are the empty cells of a first row.
        let text = self.budget.text(text.trim_start_matches(['\n', ' ']).trim_end());
        if !text.is_empty() {
            let place = format!("{}{}", self.within, place.as_ref());
            self.parts.push(Part { place, text: text.to_owned(), origin: Origin::Written });
        }
    }

    fn file(&mut self, bytes: &[u8], hint: Hint<'_>, depth: usize) {
        match Kind::of(bytes) {
            Kind::Pdf => pdf::read(self, bytes),
            kind if bytes.starts_with(b"PK") => self.archive(kind, bytes, depth),
            Kind::Word => legacy_word::read(self, bytes),
            Kind::Excel => legacy_sheet::read(self, bytes),
            Kind::PowerPoint => legacy_slides::read(self, bytes),
            Kind::Html | Kind::OfficeHtml => self.page(bytes, hint),
            Kind::Svg => drawing::read(self, bytes),
            Kind::Text | Kind::Json | Kind::Xml => self.plain(bytes, hint),
            Kind::Unknown if is_named_text(hint.name) => self.plain(bytes, hint),
            kind => {
                let name = kind.name();
                if !kind.is_image() && !kind.is_media() {
                    self.budget.reach(Gap::Foreign, format!("{}{name}中的文字未读取", self.within));
                }
            }
        }
    }

    fn archive(&mut self, kind: Kind, bytes: &[u8], depth: usize) {
        let archive = Archive::open(bytes, self.budget);
        match kind {
            Kind::Word => word::read(self, &archive),
            Kind::Excel => sheet::read(self, &archive),
            Kind::PowerPoint => slides::read(self, &archive),
            Kind::Ofd => open::fixed_layout(self, &archive),
            Kind::OpenDocument => open::document(self, &archive),
            _ => return self.packed(&archive, depth),
        }
        properties::read(self, &archive);
    }

    /// The files of an archive, one after the other.
    fn packed(&mut self, archive: &Archive<'_>, depth: usize) {
        if depth >= self.budget.limits.depth {
            return self.budget.reach(Gap::TooLarge, "压缩包嵌套过深，内层未读取");
        }
        for (name, member) in archive.members() {
            if name.ends_with('/') {
                continue;
            }
            let outside = self.within.clone();
            self.within = format!("{outside}{name}：");
            let bytes = archive.unpack(member);
            self.file(&bytes, Hint { name, content_type: None }, depth + 1);
            self.within = outside;
        }
    }

    fn plain(&mut self, bytes: &[u8], hint: Hint<'_>) {
        self.keep("正文", &page::decode(bytes, hint.content_type).replace("\r\n", "\n"));
    }

    fn page(&mut self, bytes: &[u8], hint: Hint<'_>) {
        let address = Address::parse("http://file.invalid/").expect("a plain address");
        let source =
            page::Source { address: &address, content_type: hint.content_type, body: bytes, is_home: false };
        let page = page::parse(source);
        self.keep("页面标题", &page.title);
        self.keep("正文", &page.text.visible);
    }
}

/// Whether a name says that the bytes are text, however odd they look.
fn is_named_text(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_none_or(|extension| matches!(extension.as_str(), "txt" | "csv" | "md" | "log" | "tsv"))
}

#[cfg(test)]
mod tests;
