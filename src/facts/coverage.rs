//! What a scan saw and what not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Gap, PageKind, Skip};
use crate::fetch::FailureKind;
use crate::link::Verdict;

/// What a scan saw and what not: partial must never be mistaken for complete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Addresses known.
    pub known: u64,
    /// Addresses visited.
    pub visited: u64,
    /// Pages parsed and checked.
    pub pages: u64,
    /// Pages per kind.
    pub pages_by_kind: BTreeMap<PageKind, u64>,
    /// Addresses not visited, per reason.
    pub skipped: BTreeMap<Skip, u64>,
    /// Visits per verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Failures per kind, of final tries.
    pub failures: BTreeMap<FailureKind, u64>,
    /// Pages cut at a cap.
    pub limited: u64,
    /// Attachments whose words were wanted.
    #[serde(default)]
    pub attachments: u64,
    /// Those of which some or all words were not read, per reason.
    #[serde(default)]
    pub attachments_limited: BTreeMap<Gap, u64>,
    /// Scripts in files of their own that were read.
    #[serde(default)]
    pub programs: u64,
    /// Those of which only a part was read.
    #[serde(default)]
    pub programs_cut: u64,
    /// Those that were not read, as so many had been before.
    #[serde(default)]
    pub programs_unread: u64,
    /// Hosts of others whose pages behind links were looked at.
    #[serde(default)]
    pub landings: u64,
    /// Those that showed us nothing to judge.
    #[serde(default)]
    pub landings_unobservable: u64,
    /// Pages that were looked at as search engines do, too.
    #[serde(default)]
    pub views: u64,
    /// Those of which nothing can be said, as a firewall refused us.
    #[serde(default)]
    pub views_unobservable: u64,
    /// Templates whose budget was reached, as `https://host/a/#.html (500)`.
    pub budgets_hit: Vec<String>,
    /// Requests sent, tries and redirects included.
    pub requests: u64,
    /// Body bytes received.
    pub bytes: u64,
    /// Addresses listed in sitemaps.
    pub sitemap_urls: u64,
    /// Whether the scan ran to its end, as opposed to having been stopped.
    pub finished: bool,
}

/// A check that panicked: it could not run, which the report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouldNotRun {
    /// Id of the check.
    pub check: String,
    /// The page it was looking at, if any.
    pub page: Option<String>,
}
