//! Findings: what a check says is wrong, where, and how sure it is.
//!
//! Plain data. A finding knows no points and no clock; its life (first seen, fixed, reopened) belongs to `store`.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::facts::PageKind;
use crate::link::Verdict;

/// What the exceptions of a site excuse from a check: entries are `check-id:text`, or `text` for every check.
pub fn excused<'a>(allow: &'a [String], check: &str) -> impl Iterator<Item = &'a str> {
    allow.iter().map(move |entry| {
        let of_check = entry.strip_prefix(check).and_then(|rest| rest.strip_prefix(':'));
        of_check.unwrap_or(entry)
    })
}

/// How bad a finding is. Ordered: `Low < Medium < High < Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth listing.
    Low,
    /// Costs points or trust.
    Medium,
    /// Costs many points, or visitors notice at once.
    High,
    /// Veto class: fails the site by itself.
    Critical,
}

/// How sure a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Listed, raises no alarm.
    Note,
    /// Raises an alarm, a person decides.
    Probable,
    /// Raises an alarm.
    Confirmed,
}

/// What part of the inspection a check belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The site or a host as a whole.
    Availability,
    /// Links that lead nowhere or elsewhere.
    Links,
    /// Pictures.
    Images,
    /// Files offered for download.
    Attachments,
    /// Meta tags of 网页标签规范.
    Tags,
    /// Columns and their updating.
    Columns,
    /// Policy files and their interpretation, service guides, published messages.
    Services,
    /// Words.
    Text,
    /// Footer, header and other fixed parts of a page.
    Layout,
    /// Connections, and what can be put in between.
    Security,
    /// What strangers put on the site.
    Intrusion,
}

/// How far a finding reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One page.
    Page,
    /// The same thing on most pages of a kind: one finding with an occurrence count and samples.
    Template,
    /// The site or a host as a whole.
    Site,
}

/// Where on a page a person must look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// CSS path of the element.
    #[serde(default)]
    pub selector: Option<String>,
    /// Byte offset in the decoded source of the page.
    #[serde(default)]
    pub offset: Option<u64>,
    /// Up to 50 characters of text before and after.
    #[serde(default)]
    pub context: Option<String>,
}

/// What shows that a finding is true, besides its own words. A check knows none of it; it is filled in from the
/// evidence once the site is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// Title of the page.
    pub title: Option<String>,
    /// Names of the columns that lead to it from home, home left out.
    pub path: Vec<String>,
    /// SHA-256 of the page as it was received and kept, in hexadecimal digits.
    pub original: Option<String>,
    /// How often the target was tried; the page, where there is no target.
    pub tries: Option<u32>,
}

/// One defect, as a check reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the check, e.g. `dead-link`.
    pub check: String,
    /// Part of the inspection.
    pub category: Category,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Address of the page where a person must look.
    pub page: String,
    /// Kind of that page; `Other` where it is none.
    pub kind: PageKind,
    /// Address that is wrong there, if the defect is about one.
    pub target: Option<String>,
    /// What was found, as identity: the target's dedup key or the normalised words. Never a position or a time.
    pub what: String,
    /// What was seen, in Chinese, for the reader of a report.
    pub evidence: String,
    /// What to do, in Chinese.
    pub suggestion: String,
    /// Where on the page.
    pub place: Option<Place>,
    /// How far it reaches.
    pub scope: Scope,
    /// On how many pages it was seen (1 for scope `page`).
    pub occurrences: u64,
    /// A few of those pages.
    pub samples: Vec<String>,
    /// The verdict on the target, for findings about links and files.
    pub verdict: Option<Verdict>,
    /// HTTP status of the target, where one was received.
    pub status: Option<u16>,
    /// Ids of the indicators it counts against; filled in by `indicators`, empty until then.
    pub indicators: Vec<String>,
    /// What shows that it is true.
    #[serde(default)]
    pub proof: Proof,
}

/// Identity of a finding, equal across scans: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Finding {
    /// The identity of this finding on `site`: check, site, page key (nothing for a template or the site as a
    /// whole) and what was found. `page_key` is the dedup key of [`Finding::page`].
    pub fn fingerprint(&self, site: &str, page_key: &str) -> Fingerprint {
        let page = match self.scope {
            Scope::Page => page_key,
            Scope::Template => "template",
            Scope::Site => "site",
        };
        let mut digest = Sha256::new();
        for part in [self.check.as_str(), site, page, &self.what] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        Fingerprint(hex(&digest.finalize()[..16]))
    }
}

/// Takes findings in.
pub trait Sink {
    /// Takes one in.
    fn take(&mut self, finding: Finding);
}

impl Sink for Vec<Finding> {
    fn take(&mut self, finding: Finding) {
        self.push(finding);
    }
}
