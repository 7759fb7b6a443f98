//! What people say about the indicators of a site: checked against the rules, then recorded.

use jiff::Timestamp;

use super::ScanError;
use crate::config::{Settings, Site};
use crate::indicators::RuleSet;
use crate::score::{self, Deed, Entry, Judgement};
use crate::store::{self, NewEntry};

/// Who makes an entry, when and why.
#[derive(Debug, Clone)]
pub struct Author {
    /// Name.
    pub name: String,
    /// Why.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Records a judgement, if the rules of the site's scale allow it.
pub fn judge_by_person(
    settings: &Settings,
    site: &Site,
    author: Author,
    judgement: Judgement,
) -> Result<Entry, ScanError> {
    let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
    if let Some(refusal) = score::refusal(&rules, &site.scale, &judgement) {
        return Err(ScanError::Entry(refusal));
    }
    enter(settings, site, author, Deed::Judge(judgement))
}

/// Takes an entry back.
pub fn take_back(settings: &Settings, site: &Site, author: Author, entry: i64) -> Result<Entry, ScanError> {
    enter(settings, site, author, Deed::Remove { entry })
}

/// Every entry of a site, oldest first; none where there is no record yet.
pub fn entries(settings: &Settings, site: &Site) -> Result<Vec<Entry>, ScanError> {
    match store::open_reader(&settings.store_url) {
        Err(store::StoreError::Missing { .. }) => Ok(Vec::new()),
        opened => Ok(opened?.entries(&site.id)?),
    }
}

fn enter(settings: &Settings, site: &Site, author: Author, deed: Deed) -> Result<Entry, ScanError> {
    let Author { name, note, at } = author;
    let new = NewEntry { site: site.id.clone(), at, author: name, note, deed };
    Ok(store::open(&settings.store_url)?.enter(new)?)
}
