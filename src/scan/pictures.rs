//! Pictures of what scans and readings found: which findings are worth one, what the page may load, keeping them.
//!
//! They come after everything else. What is found is on record and told before the first picture is taken, and no scan
//! fails for want of one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::address::{Address, Relation};
use crate::browser::{BrowserError, Limits};
use crate::checks;
use crate::config::{Pictured, Screenshots, Site};
use crate::evidence::Evidence;
use crate::facts::BlobId;
use crate::fetch::{Fetch, Purpose, Request};
use crate::finding::{Confidence, Finding, Fingerprint};
use crate::life::{Life, Reported};
use crate::page;
use crate::picture::{Hint, KeptPicture, Resource, Studio, Subject, Supply, Workshop};
use crate::report::hit::Hit;
use crate::report::html::finding::shown;
use crate::report::{Photo, Pictures, figures, wording};
use crate::store::Store;

use super::{ScanError, Scanner};

/// Time for one part of a page: one that takes longer is left out.
const PART_TIME: Duration = Duration::from_secs(5);

/// Parts that are remembered from page to page, as the pages of a site share most of theirs.
const PARTS: usize = 500;

/// Bytes of them.
const PART_BYTES: usize = 64 << 20;

/// Pictures that a report shows: with a hundred, its page is as large as a browser likes.
const SHOWN: usize = 100;

/// What there is to take pictures of, and with what.
pub struct Assignment<'a> {
    /// The record.
    pub store: &'a dyn Store,
    /// The evidence.
    pub evidence: &'a Evidence,
    /// Which findings, and how.
    pub screenshots: &'a Screenshots,
    /// Their site.
    pub site: &'a Site,
    /// Its open findings, worst first.
    pub open: &'a [Reported],
    /// Fetches what a page loads besides itself.
    pub fetch: &'a dyn Fetch,
    /// Ends it early.
    pub stop: Arc<AtomicBool>,
}

/// What came of an assignment.
#[derive(Debug)]
pub enum Photographed {
    /// There was nothing to take a picture of.
    Nothing,
    /// There is no browser, or none that may be used.
    Without(BrowserError),
    /// Pictures were taken.
    Done {
        /// How many.
        taken: usize,
        /// Pages that could not be pictured.
        failed: usize,
        /// Findings that were left for the next time, as there were too many.
        left: usize,
    },
}

/// Takes the pictures that are wanted and not there yet. Blocks, and wants to be called within a runtime.
pub fn photograph(assignment: &Assignment<'_>) -> Result<Photographed, ScanError> {
    let Assignment { store, screenshots, site, open, stop, .. } = assignment;
    let kept = store.pictures(&site.id)?;
    let kept: HashSet<(&Fingerprint, BlobId)> =
        kept.iter().map(|kept| (&kept.finding, kept.original)).collect();
    let wanted: Vec<(&Reported, BlobId)> = open
        .iter()
        .filter(|reported| is_wanted(reported, screenshots))
        .filter_map(|reported| Some((reported, original(&reported.finding)?)))
        .filter(|(reported, original)| !kept.contains(&(&reported.id, *original)))
        .collect();
    if wanted.is_empty() || screenshots.per_scan == 0 {
        return Ok(Photographed::Nothing);
    }
    let limits =
        Limits { sandbox_required: screenshots.sandbox_required, stop: stop.clone(), ..Limits::default() };
    let mut studio = match Studio::open(Workshop { time: screenshots.time, limits }) {
        Ok(studio) => studio,
        Err(error) => return Ok(Photographed::Without(error)),
    };
    let mut parts = Parts::of(site, assignment.fetch);
    let (mut taken, mut failed) = (0, 0);
    for (reported, original) in wanted.iter().take(screenshots.per_scan) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match take(assignment, &mut studio, &mut parts, reported, *original) {
            Ok(()) => taken += 1,
            Err(_) if stop.load(Ordering::Relaxed) => break,
            Err(error) => {
                failed += 1;
                tracing::warn!(page = reported.finding.page, %error, "no picture of a finding");
            }
        }
    }
    Ok(Photographed::Done { taken, failed, left: wanted.len() - taken - failed })
}

/// Whether a picture of a finding is worth its time. One of private data would publish them anew.
fn is_wanted(reported: &Reported, screenshots: &Screenshots) -> bool {
    let Reported { finding, state, .. } = reported;
    let is_grave = finding.severity >= screenshots.severity;
    let is_chosen =
        screenshots.groups.contains(&finding.category) && finding.confidence >= Confidence::Probable;
    let stands = !matches!(state, Life::Fixed | Life::Dismissed);
    screenshots.mode != Pictured::Off
        && stands
        && (is_grave || is_chosen)
        && finding.check != checks::PRIVATE_DATA
}

fn original(finding: &Finding) -> Option<BlobId> {
    finding.proof.original.as_deref()?.parse().ok()
}

fn take(
    assignment: &Assignment<'_>,
    studio: &mut Studio,
    parts: &mut Parts<'_>,
    reported: &Reported,
    original: BlobId,
) -> anyhow::Result<()> {
    let Assignment { store, evidence, site, .. } = assignment;
    let Some(body) = evidence.get_blocking(original)? else {
        anyhow::bail!("its original is gone");
    };
    let (html, finding, taken) = (page::decode(&body, None), &reported.finding, Timestamp::now());
    let words = finding.place.as_ref().and_then(|place| Hit::find(place, &finding.evidence));
    let hint = Hint {
        selector: finding.place.as_ref().and_then(|place| place.selector.as_deref()),
        target: finding.target.as_deref(),
        words: words.map(|found| found.hit).filter(|hit| !hit.is_empty()),
    };
    let caption = caption(site, reported, taken);
    let subject = Subject { address: &finding.page, html: &html, hint, caption: &caption };
    let picture = studio.take(subject, parts)?;
    let image = evidence.put_blocking(picture.jpeg.into())?;
    // What the record speaks of is there.
    evidence.flush_blocking()?;
    let (finding, site) = (reported.id.clone(), site.id.clone());
    store.put_picture(&KeptPicture { finding, site, image, original, taken, sight: picture.sight })?;
    Ok(())
}

/// What stands above the page.
fn caption(site: &Site, reported: &Reported, taken: Timestamp) -> [(&'static str, String); 6] {
    let finding = &reported.finding;
    let beijing = |at| format!("{}（北京时间）", figures::moment(at));
    [
        ("站点", shown(site.title())),
        ("网址", shown(&finding.page)),
        ("问题", shown(&format!("{}：{}", wording::check_name(&finding.check), finding.evidence))),
        ("问题编号", reported.id.0.chars().take(12).collect()),
        ("最近发现", beijing(reported.last_seen)),
        ("截图时间", beijing(taken)),
    ]
}

/// Parts of the pages of one site, fetched as everything of it is: by the same rules about addresses, at the same
/// pace. What belongs to others is not there.
struct Parts<'a> {
    site: &'a Site,
    fetch: &'a dyn Fetch,
    runtime: Handle,
    known: HashMap<String, Option<Resource>>,
    bytes: usize,
}

impl<'a> Parts<'a> {
    fn of(site: &'a Site, fetch: &'a dyn Fetch) -> Parts<'a> {
        Parts { site, fetch, runtime: Handle::current(), known: HashMap::new(), bytes: 0 }
    }

    fn belongs(&self, address: &Address) -> bool {
        self.site.scope.relation(address) == Relation::Own && !self.site.excludes(address)
    }

    fn load(&self, address: Address, time: Duration) -> Option<Resource> {
        let request = Request::of(address, Purpose::File);
        let fetched = self
            .runtime
            .block_on(async { tokio::time::timeout(time.min(PART_TIME), self.fetch.fetch(&request)).await });
        let capture = fetched.ok()?.ok()?;
        let is_good = (200..300).contains(&capture.status) && self.belongs(&capture.address);
        let content_type = capture.header("content-type").unwrap_or("application/octet-stream").to_owned();
        is_good.then_some(Resource { content_type, body: capture.body })
    }
}

impl Supply for Parts<'_> {
    fn get(&mut self, address: &str, time: Duration) -> Option<Resource> {
        if let Some(known) = self.known.get(address) {
            return known.clone();
        }
        let parsed = Address::parse(address).ok().filter(|address| self.belongs(address))?;
        let loaded = self.load(parsed, time);
        let bytes = loaded.as_ref().map_or(0, |part| part.body.len());
        if self.known.len() < PARTS && self.bytes + bytes <= PART_BYTES {
            self.bytes += bytes;
            self.known.insert(address.to_owned(), loaded.clone());
        }
        loaded
    }
}

/// The pictures there are of these findings, with their bytes.
pub fn pictures_of(
    store: &dyn Store,
    evidence: &Evidence,
    site: &str,
    findings: &[Reported],
) -> Result<Pictures, ScanError> {
    let asked: HashSet<&Fingerprint> = findings.iter().map(|reported| &reported.id).collect();
    let mut pictures = Pictures::new();
    let kept = store.pictures(site)?.into_iter().filter(|kept| asked.contains(&kept.finding));
    for kept in kept.take(SHOWN) {
        match evidence.get_blocking(kept.image) {
            Ok(Some(jpeg)) => {
                pictures.insert(kept.finding.clone(), Photo { kept, jpeg });
            }
            Ok(None) => tracing::warn!(image = %kept.image, "a picture of the record is gone"),
            Err(error) => tracing::warn!(image = %kept.image, %error, "a picture cannot be read"),
        }
    }
    Ok(pictures)
}

impl Scanner {
    /// Takes the pictures that are wanted of open findings. Blocks, and wants to be called within a runtime.
    pub fn photograph(
        &self,
        open: &[Reported],
        fetch: &dyn Fetch,
        stop: Arc<AtomicBool>,
    ) -> Result<Photographed, ScanError> {
        let (store, evidence) = (&*self.store, &*self.evidence);
        let (screenshots, site) = (&self.settings.screenshots, self.site());
        photograph(&Assignment { store, evidence, screenshots, site, open, fetch, stop })
    }

    /// The pictures there are of these findings.
    pub fn pictures(&self, findings: &[Reported]) -> Result<Pictures, ScanError> {
        pictures_of(&*self.store, &self.evidence, &self.site().id, findings)
    }
}
