//! What readings remember of the pages that they read: by what the server tells whether they have changed, and what came
//! of examining them.
//!
//! A page is examined again when its body, its headers, the style sheets, what scripts hide, the day, or anything it is
//! judged by is another; else what was found then is found again without a look. It is asked for in full when the
//! server's word was taken often enough, and always where the server was seen to lie. A full scan remembers nothing: it is
//! the proof.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::Xxh3;

use super::examined::Examined;
use crate::address::Address;
use crate::evidence::Evidence;
use crate::facts::{BlobId, CouldNotRun, LinkKind, PageFacts};
use crate::fetch::{BodyEnd, Capture, Memory, Purpose, Request, Validators};
use crate::finding::Finding;
use crate::page::Sheets;

/// Pages that are remembered of a site. Readings look at some hundreds.
const MOST: usize = 5_000;
/// Bytes of the file when unpacked; above, it is not ours.
const FILE_BYTES: usize = 256 << 20;
/// Layout of the file; another one is forgotten, not read.
const LAYOUT: u8 = 1;
/// zstd level: the file is written each hour.
const LEVEL: i32 = 1;
/// Headers that say what a page is.
const HEADERS: [&str; 3] = ["content-type", "refresh", "link"];

/// What is remembered of the pages of a site, while one reading uses it.
pub struct Recall {
    pages: Mutex<HashMap<String, Remembered>>,
    evidence: Arc<Evidence>,
    /// The home page, which is always asked for in full.
    home: String,
    /// How often in a row a server's word is taken for a page.
    trust: u32,
}

/// A page as it was seen last.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Remembered {
    /// By what the server tells it from a later one.
    validators: Option<Validators>,
    /// Headers that matter.
    headers: Vec<(String, String)>,
    body: BlobId,
    /// Readings in a row that took the server's word.
    taken: u32,
    /// Whether it was another page once although the server said that it was not.
    lied: bool,
    examined: Option<Known>,
    /// Whether this reading has met it; what none has met for one is forgotten.
    #[serde(skip)]
    is_met: bool,
}

/// What came of examining a page, and the hash of everything that it followed from.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    stamp: u64,
    facts: PageFacts,
    links: Vec<(String, LinkKind)>,
    item_links: Vec<usize>,
    base: String,
    encoding: String,
    findings: Vec<Finding>,
    could_not_run: Vec<CouldNotRun>,
}

impl Recall {
    /// What earlier readings left in a file; nothing where there is none, or where it cannot be read. A server's word is
    /// taken for a page `trust` times in a row.
    pub fn read(file: &Path, evidence: Arc<Evidence>, home: &Address, trust: u32) -> Recall {
        let pages = std::fs::read(file).ok().and_then(|bytes| unpack(&bytes)).unwrap_or_default();
        Recall { pages: Mutex::new(pages), evidence, home: key(home), trust }
    }

    /// Leaves to the next reading what this one has met. Where that fails, it reads everything.
    pub fn write(&self, file: &Path) {
        let mut pages = self.pages();
        pages.retain(|_, page| page.is_met);
        let written = pack(&pages).and_then(|bytes| {
            let beside = file.with_extension("new");
            std::fs::write(&beside, bytes)?;
            std::fs::rename(&beside, file)
        });
        if let Err(error) = written {
            tracing::warn!(file = %file.display(), %error, "what was read cannot be remembered");
        }
    }

    /// Hands out the style sheets and scripts that earlier readings met, each with its content type.
    pub(super) fn looks(&self, mut each: impl FnMut(&Address, &str, &[u8])) {
        let kept: Vec<(String, String, BlobId)> = {
            let pages = self.pages();
            let looks = pages.iter().filter_map(|(address, file)| {
                let kind = content_type(&file.headers).filter(|kind| is_style(kind) || is_script(kind))?;
                Some((address.clone(), kind.to_owned(), file.body))
            });
            looks.collect()
        };
        for (address, kind, body) in kept {
            if let (Ok(address), Ok(Some(body))) =
                (Address::parse(&address), self.evidence.get_blocking(body))
            {
                each(&address, &kind, &body);
            }
        }
    }

    /// What came of examining a page, where everything that it follows from is the same.
    pub(super) fn examined(&self, address: &Address, stamp: u64) -> Option<Examined> {
        let mut pages = self.pages();
        let page = pages.get_mut(&key(address))?;
        page.is_met = true;
        let known = page.examined.as_ref().filter(|known| known.stamp == stamp)?;
        let Known { facts, links, item_links, base, encoding, findings, could_not_run, .. } = known.clone();
        Some(Examined {
            facts,
            links,
            item_links,
            base: Address::parse(&base).ok()?,
            encoding: encoding_rs::Encoding::for_label(encoding.as_bytes())?,
            findings,
            could_not_run,
        })
    }

    /// Remembers what came of examining a page.
    pub(super) fn note(&self, address: &Address, body: BlobId, stamp: u64, examined: &Examined) {
        let Examined { facts, links, item_links, base, encoding, findings, could_not_run } = examined;
        let known = Known {
            stamp,
            facts: facts.clone(),
            links: links.clone(),
            item_links: item_links.clone(),
            base: base.to_string(),
            encoding: encoding.name().to_owned(),
            findings: findings.clone(),
            could_not_run: could_not_run.clone(),
        };
        let mut pages = self.pages();
        let is_full = pages.len() >= MOST;
        match pages.entry(key(address)) {
            std::collections::hash_map::Entry::Vacant(_) if is_full => {}
            entry => {
                // One that was reached by a redirect was never asked for under its own address.
                let page = entry.or_insert_with(|| Remembered::new(None, Vec::new(), body));
                page.examined = Some(known);
                page.is_met = true;
            }
        }
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<String, Remembered>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory for Recall {
    fn validators(&self, request: &Request) -> Option<Validators> {
        let address = key(&request.address);
        let is_file = matches!(request.purpose, Purpose::Page | Purpose::File | Purpose::Script);
        let is_wanted = is_file && address != self.home;
        let pages = self.pages();
        let page = pages.get(&address).filter(|page| is_wanted && !page.lied && page.taken < self.trust)?;
        page.validators.clone()
    }

    fn recall(&self, unchanged: Capture) -> Option<Capture> {
        let (headers, body) = {
            let mut pages = self.pages();
            let page = pages.get_mut(&key(&unchanged.address))?;
            page.taken = page.taken.saturating_add(1);
            page.is_met = true;
            (page.headers.clone(), page.body)
        };
        let body = self.evidence.get_blocking(body).ok().flatten()?;
        // The old headers come first: those of a 304 say nothing of what the page is.
        let headers = headers.into_iter().chain(unchanged.headers).collect();
        Some(Capture { status: 200, headers, body: body.into(), end: BodyEnd::Complete, ..unchanged })
    }

    fn learn(&self, request: &Request, capture: &Capture) {
        let headers: Vec<(String, String)> =
            capture.headers.iter().filter(|(name, _)| HEADERS.contains(&name.as_str())).cloned().collect();
        let is_kept = matches!(request.purpose, Purpose::Page | Purpose::Script)
            || content_type(&headers).is_some_and(is_style);
        let is_whole = capture.status == 200 && capture.end == BodyEnd::Complete && capture.hops.is_empty();
        let mut pages = self.pages();
        if !is_kept || !is_whole {
            pages.remove(&key(&request.address));
            return;
        }
        let body = BlobId(Sha256::digest(&capture.body).into());
        let validators = Validators::of(capture);
        let before = pages.remove(&key(&request.address));
        let lies = before.as_ref().is_some_and(|before| {
            before.lied || (before.body != body && validators.is_some() && before.validators == validators)
        });
        if pages.len() < MOST {
            let page = Remembered {
                lied: lies,
                examined: before.and_then(|before| before.examined),
                is_met: true,
                ..Remembered::new(validators, headers, body)
            };
            pages.insert(key(&request.address), page);
        }
    }
}

impl Remembered {
    fn new(validators: Option<Validators>, headers: Vec<(String, String)>, body: BlobId) -> Remembered {
        Remembered { validators, headers, body, taken: 0, lied: false, examined: None, is_met: false }
    }
}

/// The hash of everything that examining a page follows from. `basis` stands for what it is judged by.
pub(super) fn stamp(basis: u64, sheets: &Sheets, page: &impl Serialize) -> u64 {
    let mut hash = Xxh3::with_seed(basis);
    hash.update(&sheets.version().to_le_bytes());
    hash.update(&postcard::to_allocvec(page).expect("plain data, which postcard always encodes"));
    hash.digest()
}

fn key(address: &Address) -> String {
    address.to_string()
}

fn content_type(headers: &[(String, String)]) -> Option<&str> {
    headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str())
}

/// Whether a content type is that of a style sheet.
pub(super) fn is_style(kind: &str) -> bool {
    kind.contains("text/css")
}

fn is_script(kind: &str) -> bool {
    kind.contains("javascript") || kind.contains("ecmascript")
}

fn pack(pages: &HashMap<String, Remembered>) -> std::io::Result<Vec<u8>> {
    let rows = postcard::to_extend(pages, vec![LAYOUT]).expect("plain data, which postcard always encodes");
    zstd::bulk::compress(&rows, LEVEL)
}

fn unpack(bytes: &[u8]) -> Option<HashMap<String, Remembered>> {
    let rows = zstd::bulk::decompress(bytes, FILE_BYTES).ok()?;
    match rows.split_first() {
        Some((&LAYOUT, rows)) => postcard::from_bytes(rows).ok(),
        _ => None,
    }
}
