//! Where a crawl begins: the home page, what the site's sitemaps list, and what a reading is about.

use std::collections::HashSet;

use super::listings::listing;
use super::{Crawl, sitemap};
use crate::address::{Address, Relation};
use crate::facts::{HOME, ListingFile, Mention};
use crate::fetch::{Purpose, Request, robots};
use crate::page::LinkKind;
use crate::state::{Batch, StateError};

/// Sitemaps read in all, index files included. Real sites have one or two; a hundred is somebody's loop.
const SITEMAPS: usize = 100;
/// Addresses taken from them in all.
const SITEMAP_URLS: u64 = 500_000;

impl Crawl<'_> {
    /// Queues the home page, what a reading begins with, and the addresses of the sitemaps; once per scan.
    pub(super) async fn seed(&mut self) -> Result<(), StateError> {
        let mut batch = Batch::default();
        let home = self.admit(self.site.home.clone(), LinkKind::Anchor, &mut batch);
        debug_assert_eq!(home, HOME);
        for (address, kind) in self.extent.begin().to_vec() {
            self.admit(address, kind, &mut batch);
        }
        self.state.apply(batch)?;
        if self.extent.is_whole() && !self.progress.sitemaps_read {
            self.read_sitemaps().await?;
            self.progress.sitemaps_read = true;
            let mut batch = Batch::default();
            batch.progress(&self.progress);
            self.state.apply(batch)?;
        }
        Ok(())
    }

    async fn read_sitemaps(&mut self) -> Result<(), StateError> {
        // What was noted before a crawl was stopped is noted again.
        self.progress.listings.clear();
        let mut waiting = self.listed_sitemaps().await;
        let mut read = HashSet::new();
        while let Some(address) = waiting.pop() {
            if read.len() >= SITEMAPS || self.progress.coverage.sitemap_urls >= SITEMAP_URLS {
                break;
            }
            if self.site.scope.relation(&address) != Relation::Own || !read.insert(address.key()) {
                continue;
            }
            let Some(body) = self.body(address.clone(), Purpose::Sitemap).await else { continue };
            let listed = sitemap::parse(&body);
            self.note(&address, ListingFile::Index, &listed.children);
            self.note(&address, ListingFile::Sitemap, &listed.urls);
            waiting.extend(addresses(&listed.children));
            let mut batch = Batch::default();
            for address in addresses(&listed.urls) {
                if self.site.scope.relation(&address) == Relation::Own {
                    self.admit(address, LinkKind::Anchor, &mut batch);
                    self.progress.coverage.sitemap_urls += 1;
                }
            }
            self.state.apply(batch)?;
        }
        Ok(())
    }

    /// The sitemaps that robots.txt names, or the place where one usually is.
    async fn listed_sitemaps(&mut self) -> Vec<Address> {
        let home = &self.site.home;
        let beside = |path: &str| home.resolve(path, encoding_rs::UTF_8).ok();
        let mut sitemaps = Vec::new();
        if let Some(address) = beside("/robots.txt")
            && let Some(body) = self.body(address.clone(), Purpose::Robots).await
        {
            let named = robots::parse(&body).sitemaps;
            sitemaps.extend(named.iter().filter_map(|mention| beside(&mention.address)));
            self.note(&address, ListingFile::Robots, &named);
        }
        if sitemaps.is_empty() {
            sitemaps.extend(beside("/sitemap.xml"));
        }
        sitemaps
    }

    /// Keeps what a file names that nobody expects there.
    fn note(&mut self, address: &Address, file: ListingFile, mentions: &[Mention]) {
        let lexicons = &self.visitor.examiner.lexicons;
        self.progress.listings.extend(listing((address, file), mentions, self.site, lexicons));
    }

    async fn body(&self, address: Address, purpose: Purpose) -> Option<bytes::Bytes> {
        let request = Request::of(address, purpose);
        let capture = self.transport.fetch.fetch(&request).await.ok()?;
        (capture.status == 200).then_some(capture.body)
    }
}

fn addresses(mentions: &[Mention]) -> impl Iterator<Item = Address> + '_ {
    mentions.iter().filter_map(|mention| Address::parse(&mention.address).ok())
}
