//! Judging what was seen: plain functions of the crawl state and the evidence, without a request.

use std::collections::{BTreeMap, HashSet};

use super::kept::Kept;
use super::locate::locate;
use super::prove::prove;
use crate::address::Address;
use crate::baseline::Watched;
use crate::checks;
use crate::column;
use crate::config::Site;
use crate::crawl::{Examiner, brought_program};
use crate::document::Document;
use crate::evidence::Evidence;
use crate::facts::{CouldNotRun, Coverage, HOME, ItemFact, KindSample, PageFacts, PageKind, TargetId};
use crate::finding::{Finding, Scope, Sink};
use crate::indicators::TagCount;
use crate::inventory::ExternalHost;
use crate::score::{self, Basis, Said, ScoreSheet, Seen};
use crate::sightings::Sightings;
use crate::snapshot::Snapshot;
use crate::state::{Batch, Progress, State, StateError};
use crate::template::Fold;

/// A site, judged.
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    pub(super) could_not_run: Vec<CouldNotRun>,
    pub(super) score: ScoreSheet,
    pub(super) basis: Basis,
    /// Registered columns that were not seen: name and address.
    pub(super) unseen: Vec<(String, String)>,
    pub(super) tags: Vec<TagCount>,
    pub(super) kinds: Vec<KindSample>,
    pub(super) site_name: String,
}

/// What is known besides what the scan saw.
pub(super) struct Known<'a> {
    pub(super) sightings: &'a Sightings,
    /// The hosts of others that the site links to.
    pub(super) hosts: &'a [ExternalHost],
    pub(super) entries: &'a [Said],
}

impl<'a> Known<'a> {
    fn context(&'a self, examiner: &'a Examiner, watched: &'a Watched) -> checks::Context<'a> {
        checks::Context {
            sightings: Some(self.sightings),
            hosts: self.hosts,
            watched: Some(watched),
            ..examiner.context()
        }
    }
}

/// Judges the site: folds what the page checks found, asks the site checks, places and scores the findings.
pub(super) fn site(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
    coverage: &Coverage,
    known: &Known<'_>,
) -> Result<Judged, StateError> {
    let pages = |kind: PageKind| coverage.pages_by_kind.get(&kind).copied().unwrap_or(0);
    let watched = state.progress()?.watched;
    let context = known.context(examiner, &watched);
    let (mut findings, could_not_run) = ask(state, &context, &pages)?;
    locate(&mut findings, state, evidence);
    let Examiner { site, rules, today, .. } = examiner;
    let columns = context.columns(state);
    prove(&mut findings, columns, state);
    let facts = score::Facts::gather(state, site, columns, rules, *today, context.asked().as_deref());
    rules.assign(&mut findings, &|address| facts.is_home(address));
    let seen = Seen { findings: &findings, facts: &facts, coverage, entries: known.entries };
    let score = score::score(rules, &site.scale, &seen);
    let unseen = unseen(site, columns);
    let tags = rules.tags().counts(|each| state.pages(each));
    let basis = Basis::of(&findings, facts, tags.clone());
    let kinds = kinds(state);
    let site_name = site_name(examiner, state);
    Ok(Judged { findings, could_not_run, score, basis, unseen, tags, kinds, site_name })
}

/// Judges what a reading has seen: the same checks, but what repeats is not folded, for some pages are no pattern.
pub(super) fn reading(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
    known: &Known<'_>,
) -> Result<(Vec<Finding>, Vec<CouldNotRun>), StateError> {
    let watched = state.progress()?.watched;
    let context = known.context(examiner, &watched);
    let (mut findings, could_not_run) = ask(state, &context, &|_| u64::MAX)?;
    locate(&mut findings, state, evidence);
    prove(&mut findings, &[], state);
    examiner.rules.assign(&mut findings, &|address| address == examiner.site.home.as_str());
    Ok((findings, could_not_run))
}

/// Judges what stands at the far end of the links of a site, by the pages that the last scan saw.
pub(super) fn links(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
    known: &Known<'_>,
) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let watched = Watched::default();
    let context = known.context(examiner, &watched);
    let (mut findings, could_not_run) = checks::run_site(state, &context, &|_| u64::MAX);
    locate(&mut findings, state, evidence);
    prove(&mut findings, &[], state);
    examiner.rules.assign(&mut findings, &|address| address == examiner.site.home.as_str());
    (findings, could_not_run)
}

/// What the checks say: of pages, folded where it repeats, and of the site.
fn ask(
    state: &State,
    context: &checks::Context<'_>,
    pages: &dyn Fn(PageKind) -> u64,
) -> Result<(Vec<Finding>, Vec<CouldNotRun>), StateError> {
    let mut fold = Fold::default();
    state.page_findings(&mut |_, findings| findings.into_iter().for_each(|finding| fold.take(finding)))?;
    let mut findings = fold.finish(pages);
    let (of_site, could_not_run) = checks::run_site(state, context, pages);
    let said: HashSet<_> = findings.iter().map(identity).collect();
    findings.extend(of_site.into_iter().filter(|finding| !said.contains(&identity(finding))));
    Ok((findings, could_not_run))
}

/// Addresses shown for each reason that made pages a kind.
const KIND_SAMPLES: usize = 3;

/// Why pages were taken for their kinds, with samples.
fn kinds(snapshot: &dyn Snapshot) -> Vec<KindSample> {
    let mut kinds: BTreeMap<(PageKind, String), KindSample> = BTreeMap::new();
    snapshot.pages(&mut |page| {
        let (kind, reason) = (page.kind, page.kind_reason.clone());
        let new = || KindSample { kind, reason, pages: 0, samples: Vec::new() };
        let sample = kinds.entry((page.kind, page.kind_reason.clone())).or_insert_with(new);
        sample.pages += 1;
        if sample.samples.len() < KIND_SAMPLES {
            sample.samples.push(page.address.clone());
        }
    });
    kinds.into_values().collect()
}

/// The registered columns that are none of those seen.
fn unseen(site: &Site, columns: &[column::Judged]) -> Vec<(String, String)> {
    let seen: HashSet<&str> = columns.iter().map(|judged| column::place(&judged.address)).collect();
    let missed = site.columns.iter().filter(|column| !seen.contains(column::place(column.address.as_str())));
    missed.map(|column| (column.name.clone(), column.address.to_string())).collect()
}

/// What makes a finding the same as another: a check may see the same on the page and on the site as a whole.
fn identity(finding: &Finding) -> (String, String, Option<String>) {
    let page = (finding.scope == Scope::Page).then(|| finding.page.clone());
    (finding.check.clone(), finding.what.clone(), page)
}

/// Checks everything again: pages, scripts, and the words of files.
pub(super) fn again(state: &State, evidence: &Evidence, examiner: &Examiner) -> Result<(), StateError> {
    let mut progress = state.progress()?;
    progress.could_not_run = pages_again(state, evidence, examiner, |_| true)?;
    progress.could_not_run.extend(programs_again(state, evidence, examiner)?);
    progress.could_not_run.extend(attachments_again(state, evidence, examiner)?);
    keep(state, &progress)
}

/// Checks those pages again that were judged before the style sheets and scripts came that matter to them.
pub(super) fn provisional(state: &State, evidence: &Evidence, examiner: &Examiner) -> Result<(), StateError> {
    let mut progress = state.progress()?;
    progress.could_not_run.extend(pages_again(state, evidence, examiner, |page| page.is_provisional)?);
    keep(state, &progress)
}

fn keep(state: &State, progress: &Progress) -> Result<(), StateError> {
    let mut batch = Batch::default();
    batch.progress(progress);
    state.apply(batch)?;
    state.flush()
}

/// Parses and checks pages again, from their evidence, and replaces what was known of them.
fn pages_again(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
    is_wanted: impl Fn(&PageFacts) -> bool,
) -> Result<Vec<CouldNotRun>, StateError> {
    let mut pages: Vec<TargetId> = Vec::new();
    state.pages(&mut |page| pages.extend(is_wanted(page).then_some(page.id)));
    let mut could_not_run = Vec::new();
    for id in pages {
        let Some(kept) = Kept::read(id, state, evidence) else { continue };
        let examined = examiner.examine(kept.source(), &kept.visit.announced, kept.visit.end);
        could_not_run.extend(examined.could_not_run);
        let items = with_targets(&examined.facts.items, &kept.facts).into();
        let facts = PageFacts { id, items, leads_elsewhere: kept.facts.leads_elsewhere, ..examined.facts };
        let mut batch = Batch::default();
        batch.facts(&facts, &examined.findings);
        state.apply(batch)?;
    }
    Ok(could_not_run)
}

/// Checks every script of the site again, as it was kept, and replaces what was found.
fn programs_again(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
) -> Result<Vec<CouldNotRun>, StateError> {
    let mut kept = Vec::new();
    state.visits(&mut |target, visit| {
        if let (Some(body), Ok(address)) = (visit.body, Address::parse(&target.address))
            && brought_program(target, &address, visit)
        {
            kept.push((visit.id, address, visit.content_type.clone(), body));
        }
    });
    let mut could_not_run = Vec::new();
    for (id, address, content_type, body) in kept {
        let Ok(Some(body)) = evidence.get_blocking(body) else {
            tracing::warn!(script = address.as_str(), "its evidence is gone; judged as it was");
            continue;
        };
        let read = examiner.read_program(&address, content_type.as_deref(), &body);
        could_not_run.extend(read.could_not_run);
        let mut batch = Batch::default();
        batch.findings(id, &read.findings);
        state.apply(batch)?;
    }
    Ok(could_not_run)
}

/// Checks the words of every file again, as they were kept, and replaces what was found.
fn attachments_again(
    state: &State,
    evidence: &Evidence,
    examiner: &Examiner,
) -> Result<Vec<CouldNotRun>, StateError> {
    let mut attachments = Vec::new();
    state.attachments(&mut |attachment| attachments.push(attachment))?;
    let mut could_not_run = Vec::new();
    for facts in attachments {
        let (Some(target), Some(visit)) = (state.target(facts.id), state.visit(facts.id)) else { continue };
        let kept = visit.body.and_then(|body| evidence.get_blocking(body).ok().flatten());
        let Some(document) = kept.and_then(|bytes| Document::from_bytes(&bytes)) else {
            tracing::warn!(file = target.address, "its words are gone; judged as it was");
            continue;
        };
        let Ok(address) = Address::parse(&target.address) else { continue };
        let offered_on = target.found_on.and_then(|page| state.page(page));
        let read = examiner.proofread(&address, &document, offered_on.as_ref());
        could_not_run.extend(read.could_not_run);
        let mut batch = Batch::default();
        batch.attachment(facts, &read.findings);
        state.apply(batch)?;
    }
    Ok(could_not_run)
}

/// The parser may read a list better than it did; the targets of rows that are still the same stay known.
fn with_targets(items: &[ItemFact], old: &PageFacts) -> Vec<ItemFact> {
    let target = |title: &str| old.items.iter().find(|item| item.title == title).and_then(|item| item.target);
    items.iter().map(|item| ItemFact { target: target(&item.title), ..item.clone() }).collect()
}

/// The site's name: as configured, as its home page's `SiteName` says, or its title.
fn site_name(examiner: &Examiner, snapshot: &dyn Snapshot) -> String {
    let home = snapshot.page(HOME);
    let tagged = home.as_ref().and_then(|home| {
        home.tags.iter().find(|tag| tag.name.eq_ignore_ascii_case("SiteName") && !tag.value.is_empty())
    });
    examiner
        .site
        .name
        .clone()
        .or_else(|| tagged.map(|tag| tag.value.clone()))
        .or_else(|| home.as_ref().map(|home| home.title.clone()).filter(|title| !title.is_empty()))
        .unwrap_or_else(|| examiner.site.home.host().to_owned())
}
