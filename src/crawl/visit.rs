//! One visit: fetch a target, look at what came back, say what it means.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::attachment::Proofread;
use super::canary::Canary;
use super::examine::{Examiner, is_page, keep};
use super::examined::Examined;
use super::program::{Screened, is_program};
use crate::address::Address;
use crate::evidence::{self, EvidenceError};
use crate::facts::{Announced, Target, TargetId, Try, Visit};
use crate::fetch::{
    BodyEnd, Capture, Connection, Failure, FailureKind, Fetch, Outcome, Purpose, Request, retry_after,
};
use crate::file::{self, Expected, FileInput, FileVerdict};
use crate::frontier::HostId;
use crate::likeness::Likeness;
use crate::link::{Evidence, Verdict, judge};
use crate::page::{LinkKind, Source, links_in_css};
use crate::snapshot::Snapshot;
use crate::state::State;

/// Bytes of a refused or invalid body kept as evidence. Enough to show what it was.
const REFUSED_BODY: usize = 256 << 10;

/// What all visits of a crawl share.
pub(super) struct Visitor {
    pub(super) fetch: Arc<dyn Fetch>,
    pub(super) examiner: Arc<Examiner>,
    pub(super) evidence: Arc<evidence::Evidence>,
    pub(super) state: Arc<State>,
    /// Pages examined at a time: as many as there are processors, so that fetching never starves.
    pub(super) examining: Semaphore,
    pub(super) confirm_tries: u8,
    pub(super) canary: Canary,
}

/// A target to visit.
pub(super) struct Job {
    pub(super) target: Target,
    pub(super) address: Address,
    pub(super) host: HostId,
    pub(super) is_home: bool,
    pub(super) purpose: Purpose,
    pub(super) referrer: Option<Address>,
    /// Failed tries so far.
    pub(super) tries: Vec<Try>,
    /// So many visits of its host failed in a row that a failure is believed only while the home page answers.
    pub(super) storm: bool,
}

/// What came of a job.
pub(super) struct Seen {
    pub(super) id: TargetId,
    pub(super) host: HostId,
    pub(super) address: Address,
    pub(super) own: bool,
    pub(super) visit: Visit,
    /// How long the server asked us to wait before the next try.
    pub(super) retry_after: Option<std::time::Duration>,
    /// The page or style sheet, where it was one.
    pub(super) content: Content,
}

/// What was inside.
pub(super) enum Content {
    /// Nothing that leads anywhere.
    Leaf,
    /// A page.
    Page(Box<Examined>),
    /// A file whose words were read.
    Attachment(Proofread),
    /// A script that was read.
    Program(Screened),
    /// A style sheet, with the addresses it refers to.
    Style(Address, Vec<(String, LinkKind)>),
}

impl Visitor {
    /// Visits a target. Always comes back; fails only where no evidence can be kept any more.
    pub(super) async fn visit(self: Arc<Self>, job: Job) -> Result<Seen, EvidenceError> {
        let request = Request {
            connection: if job.tries.is_empty() { Connection::Pooled } else { Connection::Fresh },
            referrer: job.referrer.clone(),
            ..Request::of(job.address.clone(), job.purpose)
        };
        let (own, storm) = (job.target.own, job.storm);
        let mut seen = match self.fetch.fetch(&request).await {
            Ok(capture) => self.clone().answered(job, capture).await?,
            Err(failure) => self.failed(job, failure),
        };
        if own && storm && seen.visit.verdict == Verdict::Broken && !self.canary.sings(&*self.fetch).await {
            seen.visit.verdict = Verdict::Unverified;
            seen.visit.reason = format!("{}；此时首页也无法访问，不作判断", seen.visit.reason);
        }
        Ok(seen)
    }

    fn failed(&self, job: Job, failure: Failure) -> Seen {
        let at = Timestamp::now();
        let tries = tried(job.tries, at, None, Some(failure.kind));
        let outcome: Outcome = Err(failure);
        let (verdict, reason) =
            judge(&Evidence { outcome: &outcome, tries: &tries, tries_needed: self.confirm_tries });
        let Err(failure) = outcome else { unreachable!("made one line above") };
        Seen {
            id: job.target.id,
            host: job.host,
            address: job.address,
            own: job.target.own,
            retry_after: failure.retry_after,
            visit: Visit {
                id: job.target.id,
                verdict,
                reason,
                status: None,
                failure: Some(failure.kind),
                landed: None,
                hops: failure.hops,
                content_type: None,
                announced: Announced::default(),
                bytes: 0,
                end: None,
                tls: Vec::new(),
                certificate_until: None,
                millis: millis(failure.elapsed),
                tries,
                at,
                body: None,
                likeness: None,
            },
            content: Content::Leaf,
        }
    }

    async fn answered(self: Arc<Self>, job: Job, capture: Capture) -> Result<Seen, EvidenceError> {
        let retry_after = retry_after(&capture);
        let (id, host, address, own) = (job.target.id, job.host, job.address.clone(), job.target.own);
        let _slot = self.examining.acquire().await.expect("the semaphore is never closed");
        let visitor = self.clone();
        let looked = tokio::task::spawn_blocking(move || visitor.look(job, capture)).await;
        let (visit, content) =
            looked.expect("looking at a body does not panic; checks are caught one by one")?;
        Ok(Seen { id, host, address, own, visit, retry_after, content })
    }

    /// Judges an answer. The part that costs: parsing, matching, hashing, compressing.
    fn look(&self, job: Job, capture: Capture) -> Result<(Visit, Content), EvidenceError> {
        let tries = tried(job.tries, capture.at, Some(capture.status), None);
        let outcome: Outcome = Ok(capture);
        let (mut verdict, mut reason) =
            judge(&Evidence { outcome: &outcome, tries: &tries, tries_needed: self.confirm_tries });
        let Ok(capture) = outcome else { unreachable!("made one line above") };
        let works = verdict.works();
        let announced = announced(&capture);
        let mut content = Content::Leaf;
        let mut body = None;

        if works && job.purpose == Purpose::Page && is_page(&capture) {
            let source = Source {
                address: &capture.address,
                content_type: capture.header("content-type"),
                body: &capture.body,
                is_home: job.is_home,
            };
            body = keep(&self.evidence, capture.body.clone())?;
            let examined = match body {
                Some(body) => self.examiner.examine_anew(source, &announced, capture.end, body),
                None => self.examiner.examine(source, &announced, Some(capture.end)),
            };
            content = Content::Page(Box::new(examined));
        } else if works && job.target.own && is_style(&job.target, &capture) {
            self.examiner.sheets.insert(&job.address, &capture.body);
            self.examiner.sheets.insert(&capture.address, &capture.body);
            body = keep(&self.evidence, capture.body.clone())?;
            content = Content::Style(
                capture.address.clone(),
                links_in_css(&String::from_utf8_lossy(&capture.body)),
            );
        } else if works && job.purpose == Purpose::Script {
            body = keep(&self.evidence, capture.body.clone())?;
            let content_type = capture.header("content-type");
            let screened = self.examiner.read_program(&job.address, content_type, &capture.body);
            let is_cut = screened.is_cut || capture.end == BodyEnd::Capped;
            content = Content::Program(Screened { is_cut, ..screened });
        } else if works && let Some(why) = wrong_file(&job.target, &job.address, &capture) {
            // A file cut short on the way may be whole next time; one that is wrong stays wrong.
            let cut = matches!(capture.end, BodyEnd::Truncated | BodyEnd::Undecodable);
            let confirmed = !cut || tries.len() >= usize::from(self.confirm_tries);
            (verdict, reason) = (if confirmed { Verdict::Invalid } else { Verdict::Suspect }, why);
        } else if works
            && job.target.own
            && let expected = expected(&job.target, &job.address)
            && let Some(document) = self.examiner.words(&job.address, expected, &capture)
        {
            body = keep(&self.evidence, document.to_bytes().into())?;
            let offered_on = job.target.found_on.and_then(|page| self.state.page(page));
            content =
                Content::Attachment(self.examiner.proofread(&job.address, &document, offered_on.as_ref()));
        }
        if !works || verdict == Verdict::Invalid {
            body = keep(&self.evidence, head(&capture.body))?;
        }

        let is_emblem = job.target.own
            && job.target.found_as == LinkKind::Image
            && self.examiner.rules.tampering().is_emblem(&job.target.address);
        let is_shown = works && verdict != Verdict::Invalid && capture.end == BodyEnd::Complete;
        let likeness = if is_emblem && is_shown { Likeness::of(&capture.body) } else { None };

        let landed = (capture.address != job.address).then(|| capture.address.to_string());
        let visit = Visit {
            id: job.target.id,
            verdict,
            reason,
            status: Some(capture.status),
            failure: None,
            landed,
            content_type: capture.header("content-type").map(str::to_owned),
            announced,
            bytes: capture.body.len() as u64,
            end: Some(capture.end),
            millis: millis(capture.timings.total),
            hops: capture.hops,
            tls: capture.tls,
            certificate_until: capture.certificate.and_then(|shown| shown.until),
            tries,
            at: capture.at,
            body,
            likeness,
        };
        Ok((visit, content))
    }
}

fn tried(mut tries: Vec<Try>, at: Timestamp, status: Option<u16>, failure: Option<FailureKind>) -> Vec<Try> {
    tries.push(Try { at, status, failure });
    tries
}

fn millis(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// Bytes of a header that are kept. Whoever needs more has something to hide among them.
const HEADER: usize = 4 << 10;

fn announced(capture: &Capture) -> Announced {
    let header = |name: &str| {
        let value = capture.header(name)?;
        Some(value[..value.floor_char_boundary(HEADER.min(value.len()))].to_owned())
    };
    Announced { refresh: header("refresh"), link: header("link") }
}

fn head(body: &Bytes) -> Bytes {
    body.slice(..body.len().min(REFUSED_BODY))
}

fn is_style(target: &Target, capture: &Capture) -> bool {
    target.found_as == LinkKind::Style
        || capture.header("content-type").is_some_and(|kind| kind.contains("text/css"))
}

/// Why a file of the site is not what the page that linked it expects.
fn wrong_file(target: &Target, address: &Address, capture: &Capture) -> Option<String> {
    let expected = expected(target, address).filter(|_| target.own)?;
    match file::judge(file_input(address, capture, expected)) {
        FileVerdict::Invalid { reason } => Some(reason),
        _ => None,
    }
}

/// What the page that linked a file expects it to be; `None` where nobody expects anything in particular.
fn expected(target: &Target, address: &Address) -> Option<Expected> {
    match target.found_as {
        LinkKind::Image => Some(Expected::Image),
        LinkKind::Media => Some(Expected::Media),
        LinkKind::Style | LinkKind::Script => None,
        _ => file::expected_by_extension(address.extension()?),
    }
}

fn file_input<'a>(address: &'a Address, capture: &'a Capture, expected: Expected) -> FileInput<'a> {
    FileInput {
        extension: address.extension(),
        content_type: capture.header("content-type"),
        disposition: capture.header("content-disposition"),
        body: &capture.body,
        end: capture.end,
        expected,
    }
}

/// What to fetch a target for.
pub(super) fn purpose(target: &Target, address: &Address) -> Purpose {
    if !target.own {
        return Purpose::Existence;
    }
    match target.found_as {
        _ if is_program(target, address) => Purpose::Script,
        LinkKind::Image | LinkKind::Style => Purpose::File,
        // A film is judged by its head: hundreds of megabytes tell no more.
        LinkKind::Media => Purpose::Existence,
        _ if address.extension().and_then(file::expected_by_extension).is_some() => Purpose::File,
        _ => Purpose::Page,
    }
}
