//! The check before publication, as pages and programs ask for it. Nothing of a draft is kept.

use std::time::Duration;

use crate::document::{self, Document, Hint, Limits, Origin, Part};
use crate::editor::{self, Desk, Mode};
use crate::file::Kind;
use crate::report::proofread::Checked;
use crate::scan;
use crate::speller::Speller;

use super::answer::Failure;
use super::app::App;

/// Bytes of text that are read of a draft. The longest statute book has 3 MB; beyond, the speller would keep a seat for
/// minutes.
const TEXT_BYTES: usize = 4 << 20;

/// How long somebody waits for a seat before being told to come back.
const PATIENCE: Duration = Duration::from_secs(20);

/// A draft to be checked.
pub(super) struct Draft {
    /// What it is called in the result.
    pub(super) name: String,
    /// Its words.
    pub(super) content: Content,
    /// How much doubt is worth telling.
    pub(super) mode: Mode,
}

/// The words of a draft.
pub(super) enum Content {
    /// As typed: spans count in exactly this.
    Text(String),
    /// As a page shows them.
    Html(String),
    /// In a file of any kind.
    File(Vec<u8>),
}

/// Checks a draft, once there is a seat: each takes a core and up to some hundred megabytes.
pub(super) async fn check(app: &App, draft: Draft) -> Result<Checked, Failure> {
    match &draft.content {
        Content::Text(text) | Content::Html(text) if text.len() > TEXT_BYTES => {
            return Err(Failure::TooLarge);
        }
        _ => {}
    }
    let waiting = tokio::time::timeout(PATIENCE, app.seats.clone().acquire_owned());
    let seat = waiting.await.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Broken)?;
    let (current, now) = (app.current(), app.now());
    let read = tokio::task::spawn_blocking(move || {
        // Held to the end of the work, whether somebody still waits for it or not.
        let _seat = seat;
        let rules = current.rules;
        let desk = Desk {
            lexicons: &current.lexicons,
            speller: Some(Speller::built_in()),
            figures: &rules.privacy().figures,
            today: current.settings.today.unwrap_or_else(|| scan::date_of(now)),
            allow: &[],
            mode: draft.mode,
        };
        let document = words(&draft.name, draft.content);
        let findings = editor::check(&document, &desk);
        Checked { name: draft.name, document: document.masked(), findings }
    });
    read.await.map_err(|error| {
        tracing::error!(%error, "checking a draft has ended in a panic");
        Failure::Broken
    })
}

fn words(name: &str, content: Content) -> Document {
    let limits = Limits { text_bytes: TEXT_BYTES, ..Limits::default() };
    match content {
        Content::Text(text) => {
            let part = Part { place: "正文".to_owned(), text, origin: Origin::Written };
            Document { parts: vec![part], ..Document::default() }
        }
        Content::Html(html) => {
            let is_whole = matches!(Kind::of(html.as_bytes()), Kind::Html);
            // A fragment is read as a page reads it.
            let page = if is_whole { html } else { format!("<!DOCTYPE html><html><body>{html}") };
            let hint = Hint { name: "draft.html", content_type: Some("text/html; charset=utf-8") };
            document::text(page.as_bytes(), hint, limits)
        }
        Content::File(bytes) => document::text(&bytes, Hint { name, content_type: None }, limits),
    }
}

/// Reads how much doubt is worth telling.
pub(super) fn mode(word: &str) -> Result<Mode, Failure> {
    match word {
        "" | "quiet" => Ok(Mode::Quiet),
        "review" => Ok(Mode::Review),
        _ => Err(Failure::Wrong("mode 须为 quiet 或 review".to_owned())),
    }
}
