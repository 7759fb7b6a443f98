//! The order of measuring: who we are, where the site is, whether it opens, how quickly, what hangs on it.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;

use super::chain::{self, Chain};
use super::compare::{self, Consistency, Copies};
use super::copies::{self, Copy};
use super::hosts::Scout;
use super::links::{Follower, Found, LinkRate};
use super::measured::{KeptCopy, Measured, Opened, Opening};
use super::names::{self, Quality};
use super::vantage;
use super::visits::{self, Door, Plan, Visit};
use crate::address::Address;
use crate::config::{Settings, Site};
use crate::evidence::Evidence;
use crate::fetch::{Http, Purpose, stack_over};
use crate::indicators::Ipv6Rules;
use crate::net::guard::Guard;
use crate::net::handshake::Handshake;
use crate::net::resolver::{Family, Pin, servers};

/// What stays the same while one site is measured.
pub(super) struct Survey<'a> {
    settings: &'a Settings,
    site: &'a Site,
    rules: &'a Ipv6Rules,
    pub(super) servers: Vec<SocketAddr>,
    guard: Guard,
    handshake: Option<Handshake>,
}

/// Measures the IPv6 support of a site and keeps its home page in both families as evidence. Failures of the site are
/// part of the result; an error means that the clients could not be set up or the evidence not be written.
pub async fn measure(
    settings: &Settings,
    site: &Site,
    rules: &Ipv6Rules,
    evidence: &Evidence,
) -> anyhow::Result<Measured> {
    Survey::new(settings, site, rules).run(evidence).await
}

impl<'a> Survey<'a> {
    pub(super) fn new(settings: &'a Settings, site: &'a Site, rules: &'a Ipv6Rules) -> Survey<'a> {
        Survey {
            settings,
            site,
            rules,
            servers: servers(&settings.fetch.dns),
            guard: Guard { allow: settings.fetch.allow_private.clone() },
            // Reading the trust roots takes longer than a visit.
            handshake: (site.home.url().scheme() == "https")
                .then(|| Handshake::new(&settings.fetch))
                .flatten(),
        }
    }

    /// Whom the monitor connects to, to learn whether its own IPv6 works.
    pub(super) fn references(&self) -> &[SocketAddr] {
        chosen(&self.settings.ipv6.references, &self.rules.references)
    }

    /// How the home page is visited.
    pub(super) fn plan(&self) -> Plan<'_> {
        Plan {
            home: &self.site.home,
            servers: &self.servers,
            guard: &self.guard,
            handshake: self.handshake.as_ref(),
            rounds: self.settings.ipv6.visits,
            spacing: self.settings.ipv6.spacing,
            limit: self.settings.fetch.deadlines.connect,
        }
    }

    async fn run(&self, evidence: &Evidence) -> anyhow::Result<Measured> {
        let started = Timestamp::now();
        let home = &self.site.home;
        let limit = self.settings.fetch.deadlines.connect;
        let vantage = vantage::look(self.references(), &self.quality(), limit).await;
        let names = names::look_up(home.host(), &self.servers, limit, &self.quality()).await;
        let chain = self.chain().await;
        let public: Vec<IpAddr> = names.public().collect();
        let both: Vec<IpAddr> = names.a.iter().chain(&public).copied().collect();
        let ports = visits::ports(&both, &ports_of(home), &self.guard, limit).await;
        let v4 = Door::of(&self.settings.fetch, home.host(), names.a.iter().copied())?;
        let v6 = Door::of(&self.settings.fetch, home.host(), public.iter().copied())?;
        let openings = openings(home, &v4, &v6).await;
        let visits = visits::visit(&self.plan(), &v4, &v6).await;
        // Pages and links are looked at where the home page opens, so that one dead address of several does not make
        // every link fail; it has its own lines above.
        let (best4, best6) = (best(&v4, &visits.v4), best(&v6, &visits.v6));
        let Compared { consistency, home_page, kept } = self.copies(best4, best6, evidence).await?;
        let pages = self.pages(best6, home_page).await?;
        Ok(Measured {
            home: home.to_string(),
            started,
            ended: Timestamp::now(),
            vantage,
            names,
            own_hosts: pages.own_hosts,
            chain,
            ports,
            openings,
            visits,
            second: pages.second,
            third: pages.third,
            external: pages.external.0,
            external_known: pages.external.1,
            resources: pages.resources,
            consistency,
            copies: kept,
            vigil: None,
        })
    }

    pub(super) fn quality(&self) -> Quality<'_> {
        Quality { excluded: &self.rules.excluded, allowed: &self.guard.allow }
    }

    async fn chain(&self) -> Chain {
        let host = self.site.home.host();
        if names::literal(host).is_some() {
            return Chain { cuts: Vec::new(), addresses: Vec::new(), broken: None };
        }
        let walk = chain::Walk {
            roots: chosen(&self.settings.ipv6.roots, &self.rules.roots),
            helpers: &self.servers,
            guard: &self.guard,
            limit: self.settings.fetch.deadlines.connect,
        };
        chain::walk(host, &walk).await
    }

    /// Takes four copies of the home page in turn; the first of each family is kept.
    async fn copies(
        &self,
        v4: Option<&Door>,
        v6: Option<&Door>,
        evidence: &Evidence,
    ) -> anyhow::Result<Compared> {
        let began = Instant::now();
        let (first4, kept4) = self.kept_copy(v4, evidence).await?;
        let (first6, kept6) = self.kept_copy(v6, evidence).await?;
        let second4 = self.copy(v4).await.map(|(copy, _)| copy);
        let second6 = self.copy(v6).await.map(|(copy, _)| copy);
        let within_s = began.elapsed().as_secs_f64();
        let evidence = evidence.clone();
        tokio::task::spawn_blocking(move || evidence.flush_blocking()).await??;
        let kept = kept4.into_iter().chain(kept6).collect();
        let home_page = first6.clone().filter(|copy| copy.status == 200).or_else(|| first4.clone());
        let (Some(first4), Some(second4), Some(first6), Some(second6)) = (first4, second4, first6, second6)
        else {
            return Ok(Compared { consistency: None, home_page, kept });
        };
        let copies = Copies { v4: [first4, second4], v6: [first6, second6], within_s };
        let consistency = Some(compare::compare(&copies, &self.site.scope, self.rules));
        Ok(Compared { consistency, home_page, kept })
    }

    async fn kept_copy(
        &self,
        door: Option<&Door>,
        evidence: &Evidence,
    ) -> anyhow::Result<(Option<Copy>, Option<KeptCopy>)> {
        let at = Timestamp::now();
        let (Some(door), Some((copy, body))) = (door, self.copy(door).await) else { return Ok((None, None)) };
        let kept = KeptCopy {
            address: door.address,
            at,
            landed: copy.landed.clone(),
            status: copy.status,
            bytes: body.len() as u64,
            sha256: evidence.put(body).await?.to_string(),
        };
        Ok((Some(copy), Some(kept)))
    }

    async fn copy(&self, door: Option<&Door>) -> Option<(Copy, Bytes)> {
        let capture = door?.open(&self.site.home).await.ok()?;
        let (scope, body) = (self.site.scope.clone(), capture.body.clone());
        let read = tokio::task::spawn_blocking(move || copies::read(&capture, true, &scope)).await.ok()?;
        Some((read, body))
    }

    /// Everything that hangs on the home page.
    async fn pages(&self, door: Option<&Door>, home_page: Option<Copy>) -> anyhow::Result<Pages> {
        let Some(home_page) = home_page else { return Ok(Pages::default()) };
        let (home, most) = (&self.site.home, self.settings.ipv6.max_links);
        let fetch = &self.settings.fetch;
        let http = match door.map(|door| door.address) {
            Some(address) => Http::pinned(fetch, Pin { host: home.host().to_owned(), address })?,
            // Its other hosts may have IPv6 all the same.
            None => Http::new(fetch, Family::V6)?,
        };
        let over_v6 = stack_over(fetch, http);
        let mut follower = Follower::new(&over_v6, &self.site.scope, most);

        let mut seen = BTreeSet::from([home.key().hash128()]);
        let links = fresh(&mut seen, std::slice::from_ref(&home_page));
        let (second, second_pages) = follower.follow(links, Purpose::Page).await;
        let links = fresh(&mut seen, &second_pages);
        let (third, _) = follower.follow(links, Purpose::Landing).await;

        let scout = Scout {
            servers: &self.servers,
            quality: self.quality(),
            guard: &self.guard,
            limit: fetch.deadlines.connect,
        };
        let resources = scout.resources(&home_page.resources, &self.site.scope, most).await;
        let own: Vec<&Address> =
            home_page.internal.iter().filter(|address| address.host() != home.host()).collect();
        let mut own_hosts = scout.reach_all(&own, most).await.0;
        let loaded_own =
            resources.iter().filter(|resource| resource.own && resource.reach.host != home.host());
        for resource in loaded_own {
            if own_hosts.iter().all(|known| known.host != resource.reach.host) {
                own_hosts.push(resource.reach.clone());
            }
        }
        let foreign: Vec<&Address> =
            std::iter::once(&home_page).chain(&second_pages).flat_map(|page| &page.foreign).collect();
        let external = scout.reach_all(&foreign, most).await;
        Ok(Pages { second, third, resources, own_hosts, external })
    }
}

/// What came of four copies of the home page.
struct Compared {
    consistency: Option<Consistency>,
    /// The one that links are taken from: over IPv6 where there is one.
    home_page: Option<Copy>,
    kept: Vec<KeptCopy>,
}

/// What hangs on the home page.
#[derive(Default)]
struct Pages {
    second: LinkRate,
    third: LinkRate,
    resources: Vec<super::Resource>,
    own_hosts: Vec<super::HostReach>,
    external: (Vec<super::HostReach>, usize),
}

/// The operator's own targets, else those of the rules.
fn chosen<'a>(own: &'a [SocketAddr], of_rules: &'a [SocketAddr]) -> &'a [SocketAddr] {
    if own.is_empty() { of_rules } else { own }
}

/// Links of these pages that were not followed before.
fn fresh(seen: &mut BTreeSet<u128>, pages: &[Copy]) -> Vec<Found> {
    let mut links = Vec::new();
    for page in pages {
        for address in &page.internal {
            if seen.insert(address.key().hash128()) {
                links.push(Found { address: address.clone(), page: page.landed.clone() });
            }
        }
    }
    links
}

fn ports_of(home: &Address) -> Vec<u16> {
    home.url().port().map_or_else(|| vec![80, 443], |port| vec![port])
}

/// The home page as asked for, and by the other scheme where both have their usual ports.
async fn openings(home: &Address, v4: &[Door], v6: &[Door]) -> Vec<Opening> {
    let mut openings = Vec::new();
    for address in std::iter::once(home.clone()).chain(by_other_scheme(home)) {
        let mut opening = Opening { address: address.to_string(), v4: None, v6: None };
        for (doors, slot) in [(v4, &mut opening.v4), (v6, &mut opening.v6)] {
            for door in doors {
                let outcome = door.open(&address).await;
                let opened = Opened::of(&outcome);
                let is_fine = opened.trouble.is_none();
                if is_fine || slot.is_none() {
                    *slot = Some(opened);
                }
                if is_fine {
                    break;
                }
            }
        }
        openings.push(opening);
    }
    openings
}

fn by_other_scheme(home: &Address) -> Option<Address> {
    if home.url().port().is_some() {
        return None;
    }
    let (scheme, rest) = home.as_str().split_once("://")?;
    let other = if scheme == "https" { "http" } else { "https" };
    Address::parse(&format!("{other}://{rest}")).ok()
}

/// The door of the first visit that succeeded; else the first one.
fn best<'a>(doors: &'a [Door], visits: &[Visit]) -> Option<&'a Door> {
    let good = visits.iter().find(|visit| visit.trouble.is_none()).map(|visit| visit.address);
    doors.iter().find(|door| Some(door.address) == good).or(doors.first())
}
