//! What was measured: plain data, kept as JSON, judged later. Durations are milliseconds.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Chain, Consistency, HostReach, LinkRate, Names, PortCheck, Resource, Vantage, Vigil, Visits};
use crate::fetch::{Capture, Failure, FailureKind, Outcome};
use crate::link::{challenge, failure_wording};

/// Everything that was measured of one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its home page, as asked for.
    pub home: String,
    /// When measuring began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The monitor's own IPv6.
    pub vantage: Vantage,
    /// Addresses of the host.
    pub names: Names,
    /// The other own hosts that the home page uses, by name.
    pub own_hosts: Vec<HostReach>,
    /// Resolution over IPv6 alone.
    pub chain: Chain,
    /// Ports 80 and 443 (or that of the home page) of every address.
    pub ports: Vec<PortCheck>,
    /// The home page by each scheme.
    pub openings: Vec<Opening>,
    /// Visits of the home page, in both families.
    pub visits: Visits,
    /// Links of the home page within the site.
    pub second: LinkRate,
    /// Links of the pages behind those.
    pub third: LinkRate,
    /// Hosts of others that home page and second level link to.
    pub external: Vec<HostReach>,
    /// How many such hosts there are; more than were looked at where they are many.
    pub external_known: usize,
    /// What the home page loads, by host.
    pub resources: Vec<Resource>,
    /// The home page in both families; `None` where one of them has none.
    pub consistency: Option<Consistency>,
    /// The copies of it that were kept as evidence, the first one of each family.
    #[serde(default)]
    pub copies: Vec<KeptCopy>,
    /// Visits over the last day, where somebody paid them; see [`Vigil`].
    #[serde(default)]
    pub vigil: Option<Vigil>,
}

/// A copy of the home page that was kept as evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptCopy {
    /// Whose answer it is.
    pub address: IpAddr,
    /// When it was asked for.
    pub at: Timestamp,
    /// The address that answered in the end.
    pub landed: String,
    /// HTTP status.
    pub status: u16,
    /// Bytes, decoded.
    pub bytes: u64,
    /// Its name in the evidence: the SHA-256 of those bytes, in hexadecimal digits.
    pub sha256: String,
}

/// The home page by one scheme, over each family; at whichever of its addresses it opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// What was asked for.
    pub address: String,
    /// Over IPv4; `None`: there is no such address.
    pub v4: Option<Opened>,
    /// Over IPv6; `None`: there is no such address.
    pub v6: Option<Opened>,
}

/// What came of opening it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The address that answered.
    pub landed: Option<String>,
    /// What was wrong; `None`: it answered 200.
    pub trouble: Option<Trouble>,
}

impl Opened {
    pub(super) fn of(outcome: &Outcome) -> Opened {
        let landed = outcome.as_ref().ok().map(|capture| capture.address.to_string());
        Opened { landed, trouble: trouble(outcome) }
    }
}

/// Why something did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The class.
    pub reason: Reason,
    /// What was seen, in Chinese.
    pub detail: String,
}

/// Classes of failure over one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The name has no public address of the family.
    NoAddress,
    /// The name cannot be resolved at all.
    Dns,
    /// Nobody listens, or there is no route.
    Refused,
    /// No answer in time, or it stopped.
    Timeout,
    /// TLS failed or its certificate is not acceptable.
    Tls,
    /// A firewall refuses the monitor.
    Firewall,
    /// Another status than 200.
    Status,
    /// An error page that answers 200.
    SoftMissing,
    /// Redirects lead nowhere.
    Redirect,
    /// No HTTP, or cut short.
    Protocol,
    /// robots.txt, or an address that is never connected to: says nothing about IPv6.
    NotTried,
}

impl Reason {
    /// Its name, in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Reason::NoAddress => "无 AAAA",
            Reason::Dns => "解析失败",
            Reason::Refused => "拒绝连接",
            Reason::Timeout => "超时",
            Reason::Tls => "TLS 失败",
            Reason::Firewall => "防火墙拦截",
            Reason::Status => "状态码",
            Reason::SoftMissing => "假 200 页面",
            Reason::Redirect => "跳转失败",
            Reason::Protocol => "协议错误",
            Reason::NotTried => "未访问",
        }
    }
}

impl From<FailureKind> for Reason {
    fn from(kind: FailureKind) -> Reason {
        use FailureKind::*;
        match kind {
            // An address that the public cannot use is none.
            NoAddress | ForbiddenAddress => Reason::NoAddress,
            NoSuchName | DnsError | DnsTimeout => Reason::Dns,
            Refused | Unreachable => Reason::Refused,
            ConnectTimeout | FirstByteTimeout | BodyTimeout | Deadline => Reason::Timeout,
            Tls | Certificate => Reason::Tls,
            RedirectLoop | TooManyRedirects | BadRedirect => Reason::Redirect,
            Reset | HeadersTooLarge | Protocol => Reason::Protocol,
            ForbiddenPort | Robots | OwnNetwork => Reason::NotTried,
        }
    }
}

/// What is wrong with the outcome of a request that should have given a page.
pub(super) fn trouble(outcome: &Outcome) -> Option<Trouble> {
    match outcome {
        Ok(capture) => refusal(capture),
        Err(Failure { kind, detail, hops, .. }) => {
            let to = hops.last().map(|hop| format!("，跳转到 {}", hop.location)).unwrap_or_default();
            tracing::debug!(?kind, detail, "a request failed");
            Some(Trouble { reason: (*kind).into(), detail: format!("{}{to}", failure_wording(*kind)) })
        }
    }
}

fn refusal(capture: &Capture) -> Option<Trouble> {
    if let Some(firewall) = challenge(capture.status, &capture.headers, &capture.body) {
        return Some(Trouble {
            reason: Reason::Firewall,
            detail: format!("{firewall}（{}）", capture.status),
        });
    }
    let status = capture.status;
    (status != 200).then(|| Trouble { reason: Reason::Status, detail: format!("状态码 {status}") })
}
