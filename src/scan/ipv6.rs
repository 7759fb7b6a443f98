//! An assessment of IPv6 support from beginning to end: measured, judged, put on record.

use super::ScanError;
use crate::config::{Settings, Site};
use crate::evidence::Evidence;
use crate::indicators::RuleSet;
use crate::ipv6::{self, Assessment, Measured, Vigil};
use crate::store::{self, Store, StoreError};

/// Measures a site, judges it by the rules in force and keeps the result.
pub async fn assess_ipv6(settings: &Settings, site: &Site) -> Result<Assessment, ScanError> {
    let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
    // What cannot be kept need not be measured. Not held open: measuring may take a day, and others write, too.
    drop(store::open(&settings.store_url)?);
    let evidence = Evidence::open(&settings.evidence_url)?;
    let measured =
        ipv6::measure(settings, site, rules.ipv6(), &evidence).await.map_err(ScanError::Network)?;
    Ok(keep_ipv6(&*store::open(&settings.store_url)?, &rules, site, measured)?)
}

/// Judges what was measured just now, with the visits of the last day that are on record, and keeps the result.
pub fn keep_ipv6(
    store: &dyn Store,
    rules: &RuleSet,
    site: &Site,
    measured: Measured,
) -> Result<Assessment, StoreError> {
    let visits = store.ipv6_visits(&site.id, ipv6::since(rules.ipv6(), measured.ended))?;
    let measured = Measured { vigil: Vigil::of(&visits), ..measured };
    let assessment = ipv6::score(&measured, rules);
    store.put_assessment(&site.id, &assessment)?;
    Ok(assessment)
}
