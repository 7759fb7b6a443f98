//! Looking at what came back: one parse feeds facts, links, page checks and evidence.
//!
//! Runs on a blocking thread. What is handed on is plain data; the page itself ends here.

use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;

use super::examined::Examined;
use super::recall::{self, Recall};
use crate::checks;
use crate::config::Site;
use crate::evidence::{Evidence, EvidenceError};
use crate::facts::{Announced, BlobId, ItemFact, Oddity, PageFacts, PageKind};
use crate::fetch::{BodyEnd, Capture};
use crate::indicators::{Interpretation, RuleSet};
use crate::link::soft404;
use crate::ocr::Ocr;
use crate::page::{self, Page, Sheets, Source};
use crate::script::Readings;
use crate::speller::Speller;
use crate::text::Lexicons;

/// Rows of a list kept as facts. Staleness needs the newest; nobody reads more.
const ITEMS: usize = 60;
/// Characters of an item's title kept.
const ITEM_TITLE: usize = 30;

/// Characters of main text in which an interpretation names its file.
const NAMING_CHARS: usize = 2_000;
/// Characters of main text in which a page may say that it is gone. It says so at once.
const GONE_CHARS: usize = 400;

/// Everything that judging a page takes besides the page.
#[derive(Clone)]
pub struct Examiner {
    /// The site.
    pub site: Site,
    /// The date of judgement.
    pub today: Date,
    /// Dictionaries.
    pub lexicons: Arc<Lexicons>,
    /// Rules.
    pub rules: Arc<RuleSet>,
    /// Networks that count as public although they are not.
    pub allow_private: Vec<crate::net::guard::Network>,
    /// The style sheets of the site, filled in while it is crawled.
    pub sheets: Arc<Sheets>,
    /// The scripts of the site, read once each.
    pub readings: Arc<Readings>,
    /// Reads what no dictionary lists, where it was asked to.
    pub speller: Option<Arc<Speller>>,
    /// Reads the words of pictures, where it was asked to.
    pub ocr: Option<Arc<dyn Ocr>>,
    /// Bytes of an attachment at most whose words are read.
    pub attachment_bytes: u64,
    /// Asks no check but these.
    pub only: Option<Vec<String>>,
    /// What earlier readings remember; `None` where every page is looked at anew.
    pub recall: Option<Recollection>,
}

/// What earlier readings remember, for an examiner that judges by the same things as they did.
#[derive(Clone)]
pub struct Recollection {
    /// The pages.
    pub recall: Arc<Recall>,
    /// Stands for everything that a page is judged by: rules, dictionaries, settings, day, habits of the site.
    pub basis: u64,
}

impl Examiner {
    /// What checks may know.
    pub fn context(&self) -> checks::Context<'_> {
        checks::Context {
            site: &self.site,
            today: self.today,
            lexicons: &self.lexicons,
            words: Default::default(),
            is_guide: Default::default(),
            columns: Default::default(),
            failed: Default::default(),
            sightings: None,
            watched: None,
            hosts: &[],
            rules: &self.rules,
            allow_private: &self.allow_private,
            sheets: &self.sheets,
            readings: &self.readings,
            is_provisional: Default::default(),
            speller: self.speller.as_deref(),
            only: self.only.as_deref(),
        }
    }

    /// Examines a page whose body is kept as `body`, or says again what came of it when nothing was different.
    pub(super) fn examine_anew(
        &self,
        source: Source<'_>,
        announced: &Announced,
        end: BodyEnd,
        body: BlobId,
    ) -> Examined {
        let Some(Recollection { recall, basis }) = &self.recall else {
            return self.examine(source, announced, Some(end));
        };
        let (address, content_type, is_home) = (source.address, source.content_type, source.is_home);
        let page = (address.as_str(), content_type, is_home, announced, end, body);
        let stamp = recall::stamp(*basis, &self.sheets, &page);
        if let Some(examined) = recall.examined(address, stamp) {
            return examined;
        }
        let examined = self.examine(source, announced, Some(end));
        recall.note(address, body, stamp, &examined);
        examined
    }

    /// Parses and judges a page; `announced` is what its headers say, `end` whether its body is all of it.
    pub fn examine(&self, source: Source<'_>, announced: &Announced, end: Option<BodyEnd>) -> Examined {
        let mut page = page::parse(source);
        page.announced = announced.clone();
        if end == Some(BodyEnd::Capped) {
            page.oddities.push(Oddity::Limited("页面过大，只读取了前一部分".to_owned()));
        }
        let is_registered =
            |page: &Page| self.site.columns.iter().any(|column| column.address.key() == page.address.key());
        if page.kind != PageKind::Home && is_registered(&page) {
            (page.kind, page.kind_reason) = (PageKind::Column, "registered as a column");
        }
        let context = self.context();
        let (findings, could_not_run) = if page.oddities.contains(&Oddity::Challenge) {
            Default::default()
        } else {
            checks::run_page(&page, &context)
        };
        Examined {
            facts: PageFacts {
                is_provisional: context.is_provisional.get(),
                ..facts(&page, &self.rules.publishing().interpretation)
            },
            item_links: page.items.iter().take(ITEMS).map(|item| item.link).collect(),
            links: page.links.into_iter().map(|link| (link.raw, link.kind)).collect(),
            base: page.base,
            encoding: page.charset.encoding,
            findings,
            could_not_run,
        }
    }
}

fn facts(page: &Page, interpretation: &Interpretation) -> PageFacts {
    let main = page.main_text(GONE_CHARS);
    PageFacts {
        id: 0,
        address: page.address.to_string(),
        kind: page.kind,
        kind_reason: page.kind_reason.to_owned(),
        title: page.title.clone(),
        tags: page.tags.clone(),
        items: page
            .items
            .iter()
            .take(ITEMS)
            .map(|item| ItemFact {
                target: None,
                title: first_chars(&item.title, ITEM_TITLE).to_owned(),
                date: item.date,
            })
            .collect::<Vec<_>>()
            .into(),
        published: page.published.map(|time| time.date()),
        shown: page.shown,
        names: match interpretation.is_title(page.own_title()) {
            true => interpretation.files_of(page.own_title(), &page.main_text(NAMING_CHARS)),
            false => Vec::new(),
        },
        content: page.content,
        charset: page.charset.encoding.name().to_owned(),
        oddities: page.oddities.clone(),
        leads_elsewhere: false,
        is_provisional: false,
        gone: soft404::phrases(&page.title, &main, page.content.main_chars).map(str::to_owned),
    }
}

/// The first characters of a text.
fn first_chars(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// Keeps a body as evidence. One body that cannot be kept costs its evidence, not the page; where nothing can be kept
/// any more, the crawl has to end, as nothing it finds could be shown.
pub(super) fn keep(evidence: &Evidence, body: Bytes) -> Result<Option<BlobId>, EvidenceError> {
    use EvidenceError::{Denied, DiskFull, Stopped};
    match evidence.put_blocking(body) {
        Ok(id) => Ok(Some(id)),
        Err(error @ (DiskFull { .. } | Denied { .. } | Stopped)) => Err(error),
        Err(error) => {
            tracing::error!(%error, "evidence not kept");
            Ok(None)
        }
    }
}

/// Whether an answer claims or proves to be a page.
pub(super) fn is_page(capture: &Capture) -> bool {
    let content_type = capture.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("text/html") || essence.eq_ignore_ascii_case("application/xhtml+xml") {
        return true;
    }
    let unspecific = essence.is_empty()
        || ["text/plain", "application/octet-stream", "text/xml"]
            .iter()
            .any(|kind| essence.eq_ignore_ascii_case(kind));
    unspecific && starts_document(&capture.body)
}

/// Whether bytes begin like a page.
pub(super) fn starts_document(body: &[u8]) -> bool {
    let head = &body[..body.len().min(1024)];
    let head = head.trim_ascii_start();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let starts = |with: &[u8]| head.len() >= with.len() && head[..with.len()].eq_ignore_ascii_case(with);
    starts(b"<!doctype html") || starts(b"<html") || starts(b"<head")
}
