//! Visits over a day and longer: whether a site stays reachable (stability), which no single measurement can tell.
//!
//! Somebody who watches around the clock pays [`one_visit`] every few minutes and keeps what came of it; an assessment
//! takes the visits of the last day, reduced to a [`Vigil`].

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::measure::Survey;
use super::names;
use super::vantage;
use super::visits::{self, Door, Visit};
use crate::config::{Settings, Site};
use crate::indicators::Ipv6Rules;

/// Failures that are kept whole.
const FAILURES: usize = 50;

/// Visits over a longer time, reduced to when they were and whether they succeeded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vigil {
    /// When the first one began.
    pub from: Timestamp,
    /// Over IPv4.
    pub v4: Vec<Beat>,
    /// Over IPv6.
    pub v6: Vec<Beat>,
    /// The first of those over IPv6 that failed.
    pub failures: Vec<Visit>,
}

/// One visit: seconds since the first one, and whether it succeeded. A pair, as every assessment keeps hundreds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat(pub u32, pub bool);

impl Vigil {
    /// Reduces visits of both families, in the order in which they were made; `None` where there are none.
    pub fn of<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Option<Vigil> {
        let mut visits = visits.into_iter().peekable();
        let from = visits.peek()?.at;
        let mut vigil = Vigil { from, v4: Vec::new(), v6: Vec::new(), failures: Vec::new() };
        for visit in visits {
            // A clock that was set back makes visits coincide, no more.
            let after = u32::try_from(visit.at.duration_since(from).as_secs()).unwrap_or(0);
            let beats = if visit.address.is_ipv6() { &mut vigil.v6 } else { &mut vigil.v4 };
            beats.push(Beat(after, visit.trouble.is_none()));
            if visit.address.is_ipv6() && visit.trouble.is_some() && vigil.failures.len() < FAILURES {
                vigil.failures.push(visit.clone());
            }
        }
        Some(vigil)
    }

    /// Seconds from the first visit over IPv6 to the last.
    pub fn span_s(&self) -> u32 {
        match (self.v6.first(), self.v6.last()) {
            (Some(Beat(first, _)), Some(Beat(last, _))) => last.saturating_sub(*first),
            _ => 0,
        }
    }

    /// Of these, the seconds during which no visit was longer ago than it may be.
    pub fn covered_s(&self, longest_spacing_s: u64) -> u64 {
        let gaps = self.v6.windows(2).map(|pair| u64::from(pair[1].0.saturating_sub(pair[0].0)));
        gaps.map(|gap| gap.min(longest_spacing_s)).sum()
    }
}

/// One visit of the home page over each family that it has, by the address whose `turn` it is. Nothing where a failure
/// over IPv6 may be the monitor's own: it says nothing about the site.
pub async fn one_visit(
    settings: &Settings,
    site: &Site,
    rules: &Ipv6Rules,
    turn: usize,
) -> anyhow::Result<Vec<Visit>> {
    let survey = Survey::new(settings, site, rules);
    let limit = settings.fetch.deadlines.connect;
    let names = names::look_up(site.home.host(), &survey.servers, limit, &survey.quality()).await;
    let public: Vec<IpAddr> = names.public().collect();
    let door = |addresses: &[IpAddr]| -> anyhow::Result<Vec<Door>> {
        let address = addresses.get(turn % addresses.len().max(1)).copied();
        Door::of(&settings.fetch, site.home.host(), address)
    };
    let (v4, v6) = (door(&names.a)?, door(&public)?);
    let plan = visits::Plan { rounds: 1, ..survey.plan() };
    let visits::Visits { v4, v6, .. } = visits::visit(&plan, &v4, &v6).await;
    if v6.iter().any(|visit| visit.trouble.is_some() && visit.phases.tcp.is_none()) {
        let vantage = vantage::look(survey.references(), &survey.quality(), limit).await;
        if vantage.blind().is_some() {
            return Ok(Vec::new());
        }
    }
    Ok(v4.into_iter().chain(v6).collect())
}

/// How far back visits are taken that stability is judged by: a little more than a day, so that the last whole one is
/// among them.
pub fn since(rules: &Ipv6Rules, now: Timestamp) -> Timestamp {
    let seconds = rules.stability_hours * 3600 + 2 * rules.longest_spacing_s;
    let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    now.saturating_sub(span).unwrap_or(Timestamp::MIN)
}
