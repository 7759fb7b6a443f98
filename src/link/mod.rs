//! Verdicts on links, images and files.
//!
//! [`judge`] turns what was fetched, and how often, into a [`Verdict`] and the words for it; beside it stand the
//! things it must not be fooled by: firewalls ([`challenge`]) and error pages that answer 200 ([`soft404`]). What stands
//! at the far end of a link to a stranger is judged by [`landing`]. Hosts that fail as a whole are told by `crawl`. All of it is plain functions and data without network or clock.

pub mod cloak;
pub mod landing;
pub mod portrait;
pub mod soft404;
mod verdict;
mod waf;

pub use verdict::{Evidence, failure_wording, judge, status_reason, status_wording, weakness_wording};
pub use waf::challenge;

use serde::{Deserialize, Serialize};

/// What a link turned out to be; never a boolean. Only `Broken` and `Invalid` count against the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Answers as it should.
    Ok,
    /// Answers elsewhere.
    Redirected,
    /// Permanently gone: confirmed by several tries.
    Broken,
    /// Failed, not yet confirmed.
    Suspect,
    /// The monitor is refused, the visitor is not: firewall, login, robots.txt.
    Blocked,
    /// Works, with a weakness: obsolete TLS, wrong certificate, slow.
    Degraded,
    /// Answers, but not what it should be: empty, undecodable, a web page instead of a PDF.
    Invalid,
    /// Nobody can say: budget, or our own network.
    Unverified,
}

impl Verdict {
    /// Whether a visitor gets what the link promises.
    pub fn works(self) -> bool {
        matches!(self, Verdict::Ok | Verdict::Redirected | Verdict::Degraded)
    }

    /// Whether this verdict counts against the site.
    pub fn counts(self) -> bool {
        matches!(self, Verdict::Broken | Verdict::Invalid)
    }
}
