//! Asking for what no page leads to: pages that cannot exist, to learn how each part of the site says "not found", and
//! the home page without https.

use std::collections::BTreeMap;

use super::Crawl;
use super::visit::Visitor;
use crate::address::Address;
use crate::facts::{Announced, Oddity, Probe};
use crate::fetch::{Purpose, Request};
use crate::link::soft404;
use crate::page::Source;
use crate::snapshot::Snapshot;

/// Directories probed. Parts of a site that answer differently are few: the portal, and one or two applications.
const DIRECTORIES: usize = 40;

/// A directory and the extension of its pages: programs of different kinds say "not found" differently.
type Corner = (String, String);

impl Crawl<'_> {
    /// Probes the directories with the most pages. Only answers that pretend to be pages are kept.
    pub(super) async fn probe_missing_pages(&mut self) {
        let mut corners: BTreeMap<Corner, (u64, Address)> = BTreeMap::new();
        self.state.pages(&mut |facts| {
            if facts.oddities.contains(&Oddity::Challenge) {
                return;
            }
            if let Ok(address) = Address::parse(&facts.address) {
                let extension = address.extension().unwrap_or("html").to_owned();
                let corner = (format!("{}{}", address.authority(), address.directory()), extension);
                corners.entry(corner).or_insert((0, address)).0 += 1;
            }
        });
        let mut corners: Vec<_> = corners.into_iter().collect();
        corners.sort_by_key(|(corner, (pages, _))| (std::cmp::Reverse(*pages), corner.clone()));
        for ((_, extension), (_, member)) in corners.into_iter().take(DIRECTORIES) {
            if let Some(probe) = self.visitor.probe(&member, &extension).await {
                self.progress.probes.push(probe);
            }
        }
    }
}

impl Crawl<'_> {
    /// Asks for a home page that has https without it: nobody links there, but everybody who types the name gets there.
    pub(super) async fn probe_plain_http(&mut self) {
        let mut url = self.site.home.url().clone();
        if url.scheme() != "https" || url.port().is_some() || url.set_scheme("http").is_err() {
            return;
        }
        let Ok(address) = Address::parse(url.as_str()) else { return };
        let request = Request::of(address, Purpose::Existence);
        let answered = self.visitor.fetch.fetch(&request).await.ok().filter(|capture| capture.status == 200);
        let plain = answered.filter(|capture| capture.address.url().scheme() == "http");
        self.progress.plain_http = plain.map(|capture| capture.address.to_string());
    }
}

impl Visitor {
    /// What the directory of `member` answers to a name that nobody ever gave; `None` where it says 404 as it should.
    async fn probe(&self, member: &Address, extension: &str) -> Option<Probe> {
        let path = soft404::probe_path(member.directory(), extension, &member.authority());
        let address = member.resolve(&path, encoding_rs::UTF_8).ok()?;
        let asked = address.to_string();
        let request = Request::of(address, Purpose::Page);
        let capture = self.fetch.fetch(&request).await.ok()?;
        if capture.status != 200 {
            return None;
        }
        let source = Source {
            address: &capture.address,
            content_type: capture.header("content-type"),
            body: &capture.body,
            is_home: false,
        };
        let examined = self.examiner.examine(source, &Announced::default(), Some(capture.end));
        Some(Probe {
            authority: member.authority(),
            directory: member.directory().to_owned(),
            status: capture.status,
            asked,
            landed: capture.address.to_string(),
            title: examined.facts.title,
            content: examined.facts.content,
        })
    }
}
