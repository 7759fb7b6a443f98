//! Baselines for people: what key pages look like, what differs where a change waits, and saying that it is good.

use super::ScanError;
use crate::address::Address;
use crate::baseline::{Approval, Baseline, Baselines, Delta, Difference, Knowledge};
use crate::config::{Settings, Site};
use crate::evidence::Evidence;
use crate::indicators::RuleSet;
use crate::page::{self, Source, lasting};
use crate::store;

/// The baselines of a site; none where there is no record yet.
pub fn baselines(settings: &Settings, site: &Site) -> Result<Baselines, ScanError> {
    match store::open_reader(&settings.store_url) {
        Err(store::StoreError::Missing { .. }) => Ok(Baselines::default()),
        opened => Ok(opened?.baselines(&site.id)?),
    }
}

/// The changes that wait for a person, of one page or of all.
pub fn differences(
    settings: &Settings,
    site: &Site,
    page: Option<&Address>,
) -> Result<Vec<Difference>, ScanError> {
    let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
    let known = baselines(settings, site)?;
    let wanted = pages(&known, site, page)?;
    let evidence = Evidence::open(&settings.evidence_url)?;
    Ok(compare(&known, &wanted, site, &rules, &evidence))
}

/// What differs on those of these pages whose change waits. Reads originals, so it is for threads that may block.
pub fn compare(
    known: &Baselines,
    wanted: &[String],
    site: &Site,
    rules: &RuleSet,
    evidence: &Evidence,
) -> Vec<Difference> {
    let knowledge = Knowledge { site, rules };
    let waiting = wanted.iter().filter_map(|page| known.good(page).zip(known.waiting(page)));
    let difference = |(before, after): (&Baseline, &Baseline)| {
        let delta = Delta::between(&before.portrait, &after.portrait);
        let judgement = knowledge.judge(&delta, before.approval.is_some());
        let lines = lines(before, evidence).zip(lines(after, evidence)).map(|(before, after)| {
            let gone = before.iter().filter(|line| !after.contains(line)).cloned().collect();
            (gone, after.into_iter().filter(|line| !before.contains(line)).collect())
        });
        Difference { before: before.clone(), after: after.clone(), delta, judgement, lines }
    };
    waiting.map(difference).collect()
}

/// Makes pages good as they are, on somebody's word; says which.
pub fn accept(
    settings: &Settings,
    site: &Site,
    page: Option<&Address>,
    approval: &Approval,
) -> Result<Vec<String>, ScanError> {
    let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
    let store = store::open(&settings.store_url)?;
    let pages = pages(&store.baselines(&site.id)?, site, page)?;
    store.accept(&site.id, &pages, approval, rules.tampering().kept, None)?;
    Ok(pages)
}

/// The keys of the pages that are meant.
fn pages(known: &Baselines, site: &Site, page: Option<&Address>) -> Result<Vec<String>, ScanError> {
    let pages: Vec<String> = match page {
        None => known.pages().map(|baseline| baseline.page.clone()).collect(),
        Some(address) => {
            let key = address.key().to_string();
            known.good(&key).map(|baseline| baseline.page.clone()).into_iter().collect()
        }
    };
    let page = page.map_or_else(|| "any page".to_owned(), Address::to_string);
    if pages.is_empty() { Err(ScanError::NoBaseline { site: site.id.clone(), page }) } else { Ok(pages) }
}

/// The lines of the original of a portrait, without what changes by itself; `None` where it is gone.
fn lines(baseline: &Baseline, evidence: &Evidence) -> Option<Vec<String>> {
    let body = evidence.get_blocking(baseline.portrait.body).ok().flatten()?;
    let address = Address::parse(&baseline.address).ok()?;
    let page = page::parse(Source { address: &address, content_type: None, body: &body, is_home: false });
    Some(lasting(&page.text.visible).lines().map(str::to_owned).collect())
}
