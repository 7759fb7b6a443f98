//! The score of an earlier scan, computed again from what the record keeps of it: by today's rules, another table of
//! points, and what people have said since.

use jiff::Timestamp;

use super::ScanError;
use crate::config::{Settings, Site};
use crate::indicators::RuleSet;
use crate::report::Rescored;
use crate::score::{self, Entry, Seen};
use crate::store::{self, Reader, ScanId, ScanRow, ScanState};

/// One site, with everything that scoring its scans takes. Reads the record only, so a scan may go on meanwhile.
pub struct Rescorer {
    store: Box<dyn Reader>,
    rules: RuleSet,
    site: Site,
    now: Timestamp,
}

impl Rescorer {
    /// Opens record and rules for a site; `scale` where another one is wanted than that of the site.
    pub fn open(
        settings: &Settings,
        mut site: Site,
        scale: Option<&str>,
        now: Timestamp,
    ) -> Result<Rescorer, ScanError> {
        let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
        if let Some(scale) = scale {
            site.scale = scale.to_owned();
        }
        if rules.scale(&site.scale).is_none() {
            let known: Vec<_> = rules.scales().iter().map(|scale| scale.id.clone()).collect();
            return Err(ScanError::NoSuchScale { scale: site.scale, known: known.join(", ") });
        }
        Ok(Rescorer { store: store::open_reader(&settings.store_url)?, rules, site, now })
    }

    /// Scores one scan; the last one where none is named.
    pub fn one(&self, scan: Option<ScanId>) -> Result<Rescored, ScanError> {
        let finished = self.store.finished(&self.site.id)?;
        let position = match scan {
            Some(scan) => {
                finished.iter().position(|other| *other == scan).ok_or_else(|| self.no_such(scan))?
            }
            None => finished.len().checked_sub(1).ok_or_else(|| self.nothing())?,
        };
        let log = self.store.entries(&self.site.id)?;
        self.rescore(finished[position], self.until(finished.get(position + 1))?, &log)
    }

    /// Scores every scan of the site, oldest first.
    pub fn all(&self, each: &mut dyn FnMut(&Rescored)) -> Result<(), ScanError> {
        let finished = self.store.finished(&self.site.id)?;
        if finished.is_empty() {
            return Err(self.nothing());
        }
        let log = self.store.entries(&self.site.id)?;
        for (position, scan) in finished.iter().enumerate() {
            each(&self.rescore(*scan, self.until(finished.get(position + 1))?, &log)?);
        }
        Ok(())
    }

    /// Until when entries speak about a scan: until the next one begins.
    fn until(&self, next: Option<&ScanId>) -> Result<Timestamp, ScanError> {
        next.map_or(Ok(self.now), |next| Ok(self.row(*next)?.started))
    }

    fn rescore(&self, scan: ScanId, until: Timestamp, log: &[Entry]) -> Result<Rescored, ScanError> {
        let row = self.row(scan)?;
        let ScanState::Finished(result) = row.state else { return Err(self.no_such(scan)) };
        let score = self.store.basis(scan)?.map(|basis| {
            let entries = score::in_force(log, until, basis.facts.today);
            let seen = Seen {
                findings: &basis.findings,
                facts: &basis.facts,
                coverage: &result.coverage,
                entries: &entries,
            };
            score::score(&self.rules, &self.site.scale, &seen)
        });
        Ok(Rescored {
            site: self.site.id.clone(),
            scan: scan.0,
            finished: result.finished,
            stored: result.score,
            score,
        })
    }

    fn row(&self, scan: ScanId) -> Result<ScanRow, ScanError> {
        self.store.scan(scan)?.ok_or_else(|| self.no_such(scan))
    }

    fn no_such(&self, scan: ScanId) -> ScanError {
        ScanError::NoSuchScan { site: self.site.id.clone(), scan }
    }

    fn nothing(&self) -> ScanError {
        ScanError::NothingStored(self.site.id.clone())
    }
}
