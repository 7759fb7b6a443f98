//! Looking at a file that a page offers: its words are read and checked like those of pages.
//!
//! Runs on a blocking thread, like everything that costs.

use std::panic::catch_unwind;

use super::examine::Examiner;
use crate::address::Address;
use crate::checks::{self, Attachment};
use crate::document::{self, Document, Hint, Limits};
use crate::facts::{CouldNotRun, Gap, PageFacts};
use crate::fetch::{BodyEnd, Capture};
use crate::file::{Expected, Kind};
use crate::finding::Finding;
use crate::ocr;
use crate::qr;

/// What came of reading a file.
pub struct Proofread {
    /// Why some of its words were not read.
    pub gap: Option<Gap>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Those that could not run on it.
    pub could_not_run: Vec<CouldNotRun>,
    /// What the QR codes in it say: addresses, for the most part.
    pub leads: Vec<String>,
}

/// Whether what a link leads to is a document, so that its words are wanted.
fn is_document(expected: Option<Expected>, capture: &Capture) -> bool {
    match expected {
        Some(Expected::Attachment) => true,
        Some(_) => false,
        // Programs hand out files under addresses that do not say so.
        None => Kind::of(&capture.body).is_document(),
    }
}

impl Examiner {
    /// The words of what a link leads to, as far as the settings have them read; `None` where none are looked for, and
    /// of a picture without any.
    pub(super) fn words(
        &self,
        address: &Address,
        expected: Option<Expected>,
        capture: &Capture,
    ) -> Option<Document> {
        let mut document = match is_document(expected, capture) {
            true => self.read(address, capture),
            false if expected == Some(Expected::Image) => self.picture(address, capture),
            false => return None,
        };
        if let Some(ocr) = &self.ocr
            && let Err(error) = ocr::add_words(&mut document, &capture.body, &**ocr)
        {
            tracing::debug!(file = address.as_str(), %error, "not all pictures were read");
        }
        (document != Document::default() || is_document(expected, capture)).then_some(document)
    }

    /// What a picture says without anybody having to guess: the words of a drawing, the QR codes of a photograph.
    fn picture(&self, address: &Address, capture: &Capture) -> Document {
        match Kind::of(&capture.body) {
            Kind::Svg => self.read(address, capture),
            _ => Document { codes: qr::read(&capture.body), ..Document::default() },
        }
    }

    fn read(&self, address: &Address, capture: &Capture) -> Document {
        let bytes = capture.body.len() as u64;
        if bytes > self.attachment_bytes || capture.end == BodyEnd::Capped {
            return Document::unread(Gap::TooLarge, "文件过大，未读取文字");
        }
        let name = address.url().path().rsplit('/').next().unwrap_or_default();
        let hint = Hint { name, content_type: capture.header("content-type") };
        let read = || document::text(&capture.body, hint, Limits::default());
        // A reader that panics must cost one file, not the scan.
        catch_unwind(read).unwrap_or_else(|_| {
            tracing::error!(file = address.as_str(), "a reader of documents panicked; the file is left out");
            Document::unread(Gap::Damaged, "文件结构异常，未能读取文字")
        })
    }

    /// Checks the words of a file; `offered_on` is the page that links it.
    pub fn proofread(
        &self,
        address: &Address,
        document: &Document,
        offered_on: Option<&PageFacts>,
    ) -> Proofread {
        let attachment = Attachment { address, offered_on, document };
        let (findings, could_not_run) = checks::run_attachment(&attachment, &self.context());
        let gap = document.limited.as_ref().map(|limited| limited.gap);
        Proofread { gap, findings, could_not_run, leads: document.codes.clone() }
    }
}
