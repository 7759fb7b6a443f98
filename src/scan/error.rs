//! Why a scan could not do its work.

use crate::crawl::CrawlError;
use crate::evidence::EvidenceError;
use crate::indicators::RuleError;
use crate::state::StateError;
use crate::store::{ScanId, StoreError};
use crate::text::DictionaryError;

/// Why a scan could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Rules do not load.
    #[error("the rules have errors:\n{}", lines(.0))]
    Rules(Vec<RuleError>),
    /// Dictionaries do not load.
    #[error("the dictionaries have errors:\n{}", lines(.0))]
    Dictionaries(Vec<DictionaryError>),
    /// The record cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The crawl state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The evidence cannot be kept.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The clients cannot be set up.
    #[error("setting up the network side: {0:#}")]
    Network(anyhow::Error),
    /// The home page could not be had.
    #[error("the home page {home} cannot be scanned: {reason}")]
    NoHome {
        /// Its address.
        home: String,
        /// Why, in Chinese.
        reason: String,
    },
    /// There is nothing to judge.
    #[error("site {0} has no stored scan to judge; run `sitewarden scan` first")]
    NothingStored(String),
    /// There is no such scan with a result.
    #[error("site {site} has no scan {scan} with a result; `sitewarden score --all` lists those there are")]
    NoSuchScan {
        /// The site.
        site: String,
        /// The number asked for.
        scan: ScanId,
    },
    /// There is no such table of points.
    #[error("there is no scale {scale}; there are {known}")]
    NoSuchScale {
        /// The id asked for.
        scale: String,
        /// Those there are.
        known: String,
    },
    /// There is nothing to approve of or to compare.
    #[error("site {site} has no baseline of {page}; `sitewarden baseline show` lists those there are")]
    NoBaseline {
        /// The site.
        site: String,
        /// The page asked for.
        page: String,
    },
    /// An entry that the rules do not allow.
    #[error("{0}")]
    Entry(String),
}

impl From<CrawlError> for ScanError {
    fn from(error: CrawlError) -> ScanError {
        match error {
            CrawlError::State(error) => error.into(),
            CrawlError::Evidence(error) => error.into(),
        }
    }
}

impl ScanError {
    /// Whether the operator has to mend something before anything was requested.
    pub fn is_operators(&self) -> bool {
        matches!(
            self,
            ScanError::Rules(_)
                | ScanError::Dictionaries(_)
                | ScanError::NoSuchScan { .. }
                | ScanError::NoSuchScale { .. }
                | ScanError::NoBaseline { .. }
                | ScanError::Entry(_)
                | ScanError::Store(
                    StoreError::NoSuchEntry { .. }
                        | StoreError::NoSuchHost { .. }
                        | StoreError::NotApproved { .. }
                )
        )
    }
}

fn lines<T: std::fmt::Display>(errors: &[T]) -> String {
    errors.iter().map(|error| format!("  {error}\n")).collect()
}
