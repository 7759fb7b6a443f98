//! Verdicts on links, images and files.

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
    /// Whether this verdict counts against the site.
    pub fn counts(self) -> bool {
        matches!(self, Verdict::Broken | Verdict::Invalid)
    }
}
