//! IPv6 support: what is measured against what, how many points it brings, and the lists that others use.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{Certainty, Source};
use crate::net::guard::Network;

/// `[[ipv6]]`: how IPv6 support is judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ipv6Rules {
    /// Whose points these are, as reports say it.
    pub name: String,
    /// How sure the points are.
    pub confidence: Certainty,
    /// Points of 100 from which a site is good.
    pub good: f64,
    /// Points of 100 below which it fails.
    pub pass: f64,
    /// Networks whose addresses are none of a site.
    pub excluded: Vec<Excluded>,
    /// Whom the monitor connects to, to learn whether its own IPv6 works.
    pub references: Vec<SocketAddr>,
    /// Where iterative resolution begins.
    pub roots: Vec<SocketAddr>,
    /// Visits that a rate or a mean takes.
    pub least_visits: usize,
    /// Successes among them that a mean takes.
    pub least_timed: usize,
    /// Longest time between two visits, in seconds.
    pub longest_spacing_s: u64,
    /// Hours over which stability is judged.
    pub stability_hours: u64,
    /// Share of that time, from 0 to 1, during which visits followed each other closely enough.
    pub stability_coverage: f64,
    /// How much longer v6 may take, relative to v4.
    pub ratio_max: f64,
    /// Delays that are quick enough in both families, in milliseconds.
    pub floor_ms: Floors,
    /// How alike the home pages of both families must be.
    pub similarity: Similarity,
    /// How much less alike than two visits over v4 still counts as the same.
    pub noise_margin: f64,
    /// Bytes that no single packet carries.
    pub large_bytes: u64,
    /// What is judged, in the order of reports.
    #[serde(rename = "line")]
    pub lines: Vec<LineRule>,
    /// The same measurements by the lists of others.
    #[serde(rename = "view")]
    pub views: Vec<ViewRule>,
    /// What the figures rest on.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// A network whose addresses are none of a site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// The network.
    pub network: Network,
    /// What it is for, in Chinese.
    pub is: String,
}

/// Delays that are quick enough in both families, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    /// Name resolution.
    pub dns: f64,
    /// TCP.
    pub tcp: f64,
    /// First byte.
    pub first_byte: f64,
    /// The home page.
    pub home: f64,
}

/// How alike two copies of the home page must be, from 0 to 1.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Similarity {
    /// Five characters in a row of the visible text.
    pub text: f64,
    /// Paths of tags.
    pub tags: f64,
    /// Links within the site.
    pub links: f64,
    /// Pictures, scripts, style sheets, frames.
    pub resources: f64,
}

/// One thing that is judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRule {
    /// Id, e.g. `V6-01`.
    pub id: String,
    /// What is measured.
    pub metric: Metric,
    /// Its name, in Chinese.
    pub name: String,
    /// Points for meeting it in full; 0: shown only.
    pub points: f64,
    /// What is expected, in Chinese.
    pub expectation: String,
    /// What to do where it is not met, in Chinese.
    pub advice: String,
    /// Where it comes from.
    pub authority: String,
    /// How sure that is.
    pub confidence: Certainty,
}

/// A list that somebody else judges by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewRule {
    /// Whose list.
    pub name: String,
    /// How sure that it is so.
    pub confidence: Certainty,
    /// Its rows.
    pub rows: Vec<ViewRow>,
}

/// A row of such a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewRow {
    /// What it is called there.
    pub name: String,
    /// What is measured.
    pub of: Metric,
}

/// What can be measured of IPv6 support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// AAAA records of the host and of the own hosts its home page uses.
    Aaaa,
    /// Whether the name can be resolved over IPv6 alone, from the root.
    Chain,
    /// Whether the home page opens.
    Home,
    /// How many visits of the home page succeed.
    Success,
    /// The same over a day.
    Stability,
    /// Links of the home page within the site.
    SecondLinks,
    /// Links of the pages one click away.
    ThirdLinks,
    /// Hosts of others that are linked to.
    ExternalLinks,
    /// How long names take.
    DnsDelay,
    /// How long TCP takes.
    TcpDelay,
    /// How long the first byte takes.
    FirstByteDelay,
    /// How long the home page takes.
    HomeDelay,
    /// Whether both families show the same home page.
    Consistency,
    /// Whether both kinds of addresses are there.
    DualStack,
    /// Hosts without AAAA that the home page needs (天窗).
    Windows,
    /// Ports of each address.
    Ports,
    /// Whether more than a packet arrives.
    Large,
    /// How quickly the home page comes down.
    Download,
}

impl Ipv6Rules {
    /// What cannot be meant, in English with its remedy.
    pub(super) fn problem(&self) -> Option<(&'static str, &'static str)> {
        let metrics: BTreeSet<Metric> = self.lines.iter().map(|line| line.metric).collect();
        let rows = self.views.iter().flat_map(|view| &view.rows);
        let figures = self.lines.iter().map(|line| line.points).chain([self.good, self.pass, self.ratio_max]);
        if metrics.len() < self.lines.len() {
            Some(("a metric stands in two lines of [[ipv6]]", "take one out"))
        } else if rows.into_iter().any(|row| !metrics.contains(&row.of)) {
            Some(("a view of [[ipv6]] shows a metric without a line", "add an [[ipv6.line]] for it"))
        } else if figures.into_iter().any(|figure| !figure.is_finite() || figure < 0.0) {
            Some(("a figure of [[ipv6]] is below 0", "write points and ratios as positive numbers"))
        } else if self.references.len() < 2 {
            Some(("[[ipv6]] has fewer than two `references`", "name two that do not depend on each other"))
        } else if self.roots.is_empty() || self.least_visits == 0 {
            Some(("[[ipv6]] has no `roots` or no `least_visits`", "see rules/ipv6.toml for the form"))
        } else {
            None
        }
    }
}
