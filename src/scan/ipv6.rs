//! An assessment of IPv6 support from beginning to end: measured, judged, put on record.

use super::ScanError;
use crate::config::{Settings, Site};
use crate::indicators::RuleSet;
use crate::ipv6::{self, Assessment};
use crate::store;

/// Measures a site, judges it by the rules in force and keeps the result.
pub async fn assess_ipv6(settings: &Settings, site: &Site) -> Result<Assessment, ScanError> {
    let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
    // What cannot be kept need not be measured. Not held open: measuring may take a day, and others write, too.
    drop(store::open(&settings.store_url)?);
    let measured = ipv6::measure(settings, site, rules.ipv6()).await.map_err(ScanError::Network)?;
    let assessment = ipv6::score(&measured, &rules);
    store::open(&settings.store_url)?.put_assessment(&site.id, &assessment)?;
    Ok(assessment)
}
