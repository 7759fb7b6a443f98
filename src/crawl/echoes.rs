//! Asking the site's own search for a word that means nothing: does it show back whatever it is asked for?
//!
//! Advertisers have search engines read such pages: the advertisement stands in the address, and the page repeats it
//! under the name of the office. One GET, and only where the operator says that the site agreed to be probed.

use xxhash_rust::xxh3::xxh3_64;

use super::Crawl;
use super::searches::Desk;
use super::visit::Visitor;
use crate::address::Address;
use crate::facts::Echo;
use crate::fetch::{Capture, Purpose, Request};
use crate::page::{self, Page, Source};

impl Crawl<'_> {
    /// Asks the site's own search for an invented word, where it has one that can be asked and agreed to it.
    pub(super) async fn try_echo(&mut self) {
        if !self.site.authorised || !self.site.search {
            return;
        }
        let Some(desk) = self.desk() else { return };
        let word = invented(&desk.home);
        let Some(address) = desk.question(&word) else { return };
        if self.site.excludes(&address) {
            return;
        }
        self.progress.echo = self.visitor.echo(&desk, &word, address).await;
    }
}

/// A word that stands on no page, and tells whoever finds it in a log who asked.
fn invented(home: &Address) -> String {
    format!("网哨自检{:06x}", xxh3_64(home.authority().as_bytes()) & 0xff_ffff)
}

impl Visitor {
    async fn echo(&self, desk: &Desk, word: &str, address: Address) -> Option<Echo> {
        let asked = address.to_string();
        let request = Request { referrer: Some(desk.home.clone()), ..Request::of(address, Purpose::Page) };
        // Where robots.txt keeps everybody out, search engines do not get in either.
        let capture = self.fetch.fetch(&request).await.ok()?;
        let page = page::parse(Source {
            address: &capture.address,
            content_type: capture.header("content-type"),
            body: &capture.body,
            is_home: false,
        });
        let in_title = page.title.contains(word);
        let is_shown = in_title || page.text.visible.contains(word);
        (capture.status == 200 && is_shown && !is_closed(&capture, &page)).then_some(Echo { asked, in_title })
    }
}

/// Whether a page asks search engines not to keep it.
fn is_closed(capture: &Capture, page: &Page) -> bool {
    let forbids = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("noindex") || text.split([',', ' ', ':']).any(|word| word == "none")
    };
    let mut tags = page.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case("robots"));
    capture.header("x-robots-tag").is_some_and(forbids) || tags.any(|tag| forbids(&tag.value))
}
