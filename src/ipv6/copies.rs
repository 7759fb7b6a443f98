//! What a page shows, reduced to what is compared and followed.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Address, Relation, Scope};
use crate::facts::ContentKeys;
use crate::fetch::Capture;
use crate::page::{self, LinkKind, Page, Source};

/// Characters in a row that are compared.
const SHINGLE: usize = 5;
/// Lines of text that are kept to show a difference.
const LINES: usize = 2_000;
/// Characters of text that are compared. The longest home pages have a tenth of it.
const TEXT_CHARS: usize = 200_000;
/// Links of one page that are kept. The longest site maps have a tenth of it.
const LINKS: usize = 5_000;
/// Characters of main text that are looked at for the words of an error page.
const MAIN_CHARS: usize = 300;

/// One copy of a page. Text and structure are kept of the home page only: nothing else is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Copy {
    pub(super) status: u16,
    /// The address that answered.
    pub(super) landed: String,
    pub(super) title: String,
    pub(super) charset: String,
    /// Visible text in lines, what changes at every visit masked.
    pub(super) lines: Vec<String>,
    /// Hashes of every five Han characters in a row.
    pub(super) shingles: BTreeSet<u64>,
    /// How often each path of tags occurs.
    pub(super) tags: BTreeMap<u64, u32>,
    /// Links within the site, in document order.
    pub(super) internal: Vec<Address>,
    /// Links to others, in document order.
    pub(super) foreign: Vec<Address>,
    /// What it loads.
    pub(super) resources: Vec<Address>,
    /// Beginning and keys of its main text, to tell an error page.
    pub(super) main: String,
    pub(super) content: ContentKeys,
}

/// Reads an answer. Takes as long as parsing a page.
pub(super) fn read(capture: &Capture, is_home: bool, scope: &Scope) -> Copy {
    let content_type = capture.header("content-type");
    let page = page::parse(Source { address: &capture.address, content_type, body: &capture.body, is_home });
    let mut copy = Copy {
        status: capture.status,
        landed: capture.address.to_string(),
        title: page.title.clone(),
        charset: page.charset.encoding.name().to_owned(),
        main: page.main_text(MAIN_CHARS),
        content: page.content,
        ..Copy::default()
    };
    if is_home {
        let text: String = page.text.visible.chars().take(TEXT_CHARS).collect();
        let text = page::lasting(&text);
        copy.lines =
            text.lines().filter(|line| !line.trim().is_empty()).take(LINES).map(str::to_owned).collect();
        copy.shingles = shingles(&text);
        copy.tags = tags(&page);
    }
    let mut seen = BTreeSet::new();
    for link in page.links.iter().take(LINKS) {
        let Ok(address) = page.base.resolve(&link.raw, page.charset.encoding) else { continue };
        let into = match (link.kind, scope.relation(&address)) {
            (LinkKind::Anchor | LinkKind::Pagination, Relation::Own) => &mut copy.internal,
            (LinkKind::Anchor | LinkKind::Pagination, _) => &mut copy.foreign,
            (LinkKind::Image | LinkKind::Frame | LinkKind::Style | LinkKind::Script | LinkKind::Media, _) => {
                &mut copy.resources
            }
            (LinkKind::Speculative | LinkKind::Other, _) => continue,
        };
        if seen.insert((link.kind == LinkKind::Anchor, address.key().hash128())) {
            into.push(address);
        }
    }
    copy
}

impl Copy {
    /// Hosts of others that it leads to or loads from.
    pub(super) fn strangers(&self, scope: &Scope) -> BTreeSet<String> {
        let all = self.foreign.iter().chain(&self.resources);
        let foreign = all.filter(|address| scope.relation(address) != Relation::Own);
        foreign.map(|address| address.host().to_owned()).collect()
    }
}

/// Every five Han characters in a row; letters, digits and marks are left out, as they are where counters and dates
/// change.
fn shingles(text: &str) -> BTreeSet<u64> {
    let is_han = |char: &char| matches!(char, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    let han: Vec<char> = text.chars().filter(is_han).collect();
    // A page of fewer characters is one piece.
    let pieces = han.windows(SHINGLE.min(han.len().max(1)));
    pieces.map(|piece| hash(&piece.iter().collect::<String>())).collect()
}

fn tags(page: &Page) -> BTreeMap<u64, u32> {
    let mut counts = BTreeMap::new();
    for element in page.shape().elements {
        *counts.entry(element).or_default() += 1;
    }
    counts
}

fn hash(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}
