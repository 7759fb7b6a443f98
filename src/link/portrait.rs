//! What one visitor of a page is shown: little enough to be kept of strangers, enough to compare and to judge.
//!
//! Of a page that is none of the site's nobody keeps the body: its hash, its title and the words it is judged by stay.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::waf;
use crate::address::Address;
use crate::facts::{BlobId, ContentKeys, Oddity};
use crate::fetch::{Capture, FailureKind, Outcome};
use crate::link::failure_wording;
use crate::page::{self, LinkKind, Page, Source};
use crate::script::{self, Deed, Guards, HOLE};
use crate::text::Lexicons;

/// Characters of text that are searched for words. What is sold stands at the top.
const TEXT_CHARS: usize = 20_000;
/// Words of each part that are kept: more proves nothing that so many do not.
const WORDS: usize = 12;
/// Hosts that are kept. A page that leads to more is judged by these.
const HOSTS: usize = 300;
/// Characters of a title that are kept.
const TITLE: usize = 120;

/// What came of looking at a page as one visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// It was shown.
    Shown(Box<Portrait>),
    /// Nothing can be said: refused by a firewall, an error, no page; why, in Chinese.
    Unobservable(String),
    /// There is nobody to ask.
    Gone(FailureKind),
}

impl View {
    /// What was shown, where something was.
    pub fn shown(&self) -> Option<&Portrait> {
        match self {
            View::Shown(portrait) => Some(portrait),
            View::Unobservable(_) | View::Gone(_) => None,
        }
    }
}

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// The address that answered.
    pub address: String,
    /// Title.
    pub title: String,
    /// SHA-256 of the body.
    pub digest: BlobId,
    /// Words of crimes in title, keywords and description, each once.
    pub head: Vec<Crime>,
    /// Words of crimes in the text, each once.
    pub text: Vec<Crime>,
    /// How often words of crimes stand in the text.
    pub hits: u32,
    /// Characters of the text that were searched.
    pub chars: u32,
    /// By what it says that the name is for sale.
    pub for_sale: Option<String>,
    /// Keys of its main text.
    pub content: ContentKeys,
    /// Hosts that it leads to or loads from, but its own.
    pub hosts: BTreeSet<String>,
}

/// A word of a crime.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Crime {
    /// The word.
    pub word: String,
    /// What it is about, in Chinese: `涉赌词语`.
    pub class: String,
}

/// By what a name is told to be for sale (域名停放).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parking {
    /// What such pages say, in lower case.
    pub words: Vec<String>,
    /// Hosts of those who put up such pages.
    pub hosts: Vec<String>,
    /// Characters of text up to which the words are believed: articles about domains are longer.
    pub chars: usize,
}

/// What came of a request, as its visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// What was shown.
    pub view: View,
    /// Where the page sends its visitor on, having nothing to say itself.
    pub onward: Option<Onward>,
}

/// Where a page sends its visitors by an element or a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// The address.
    pub address: Address,
    /// Whether a script asks who the visitor is before.
    pub is_guarded: bool,
}

/// Draws what came of a request.
pub fn draw(outcome: &Outcome, lexicons: &Lexicons, parking: &Parking) -> Drawn {
    let unobservable = |why: String| Drawn { view: View::Unobservable(why), onward: None };
    let capture = match outcome {
        Ok(capture) => capture,
        Err(failure) => return Drawn { view: failed(failure.kind), onward: None },
    };
    if let Some(firewall) = waf::challenge(capture.status, &capture.headers, &capture.body) {
        return unobservable(format!("{} {firewall}", capture.status));
    }
    if capture.status != 200 {
        return unobservable(format!("状态码 {}", capture.status));
    }
    let page = page::parse(Source {
        address: &capture.address,
        content_type: capture.header("content-type"),
        body: &capture.body,
        is_home: false,
    });
    if page.oddities.contains(&Oddity::Challenge) {
        return unobservable("被防护设备拦截".to_owned());
    }
    let view = View::Shown(Box::new(portrait(capture, &page, lexicons, parking)));
    Drawn { view, onward: onward(&page) }
}

/// Where a page sends its visitors that says nothing itself. Those that have something to say are judged by that.
fn onward(page: &Page) -> Option<Onward> {
    let is_thin = |oddity: &Oddity| matches!(oddity, Oddity::RedirectsOnly | Oddity::ScriptBuilt);
    if !page.oddities.iter().any(is_thin) {
        return None;
    }
    let resolve = |raw: &str| {
        let address = page.base.resolve(raw, page.charset.encoding).ok()?;
        (address.key() != page.address.key()).then_some(address)
    };
    let by_script = page.inline_scripts().find_map(|(_, code)| {
        script::read(code).acts.iter().find_map(|act| match &act.deed {
            Deed::Go(raw) if !raw.contains(HOLE) => {
                let is_guarded = act.near.guards != Guards::default();
                Some(Onward { address: resolve(raw)?, is_guarded })
            }
            _ => None,
        })
    });
    by_script.or_else(|| {
        let frames = page.links.iter().filter(|link| link.kind == LinkKind::Frame);
        let address = frames.filter_map(|link| resolve(&link.raw)).next()?;
        Some(Onward { address, is_guarded: false })
    })
}

fn failed(kind: FailureKind) -> View {
    use FailureKind::{NoAddress, NoSuchName, Refused, Unreachable};
    match kind {
        NoSuchName | NoAddress | Refused | Unreachable => View::Gone(kind),
        // Anything else may be our own network, a firewall or a bad moment.
        _ => View::Unobservable(failure_wording(kind).to_owned()),
    }
}

fn portrait(capture: &Capture, page: &Page, lexicons: &Lexicons, parking: &Parking) -> Portrait {
    let described = page
        .tags
        .iter()
        .filter(|tag| ["keywords", "description"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)));
    let head = described.fold(page.title.clone(), |head, tag| head + "，" + &tag.value);
    let text: String = page.text.visible.chars().take(TEXT_CHARS).collect();
    let own = capture.address.host();
    let hosts = hosts(page, own);
    let (head, _) = crimes(&head, lexicons);
    let (words, hits) = crimes(&text, lexicons);
    Portrait {
        address: capture.address.to_string(),
        title: page.title.chars().take(TITLE).collect(),
        digest: BlobId(Sha256::digest(&capture.body).into()),
        head,
        text: words,
        hits,
        chars: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
        for_sale: for_sale(&page.title, &text, own, &hosts, parking),
        content: page.content,
        hosts,
    }
}

/// The words of crimes in a text, each once, and how many there are.
fn crimes(text: &str, lexicons: &Lexicons) -> (Vec<Crime>, u32) {
    let mut words: Vec<Crime> = Vec::new();
    let mut count = 0;
    for hit in lexicons.hits(text).into_iter().filter(|hit| hit.class.is_crime()) {
        count += 1;
        let crime = Crime { word: hit.words, class: hit.class.chinese().to_owned() };
        if words.len() < WORDS && !words.contains(&crime) {
            words.push(crime);
        }
    }
    (words, count)
}

fn hosts(page: &Page, own: &str) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for link in page.links.iter().filter(|link| link.kind != LinkKind::Speculative) {
        if hosts.len() == HOSTS {
            break;
        }
        // Most links stay on the host: only what names another one is resolved.
        if let Ok(address) = page.base.resolve(&link.raw, page.charset.encoding)
            && address.host() != own
        {
            hosts.insert(address.host().to_owned());
        }
    }
    hosts
}

fn for_sale(
    title: &str,
    text: &str,
    own: &str,
    hosts: &BTreeSet<String>,
    parking: &Parking,
) -> Option<String> {
    let is_parking = |host: &str| parking.hosts.iter().any(|known| is_same_or_below(host, known));
    if is_parking(own) {
        return Some(own.to_owned());
    }
    let is_short = text.chars().count() <= parking.chars;
    let said = format!("{} {}", title, if is_short { text } else { "" }).to_lowercase();
    let word = parking.words.iter().find(|word| said.contains(word.as_str())).cloned();
    // Articles show the banners of those networks as well, empty pages nothing else.
    word.or_else(|| hosts.iter().find(|host| is_short && is_parking(host)).cloned())
}

/// Whether a host is `domain` or below it.
fn is_same_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The part of a host that is registered: whoever owns it owns everything below.
pub fn registrable(host: &str) -> &str {
    psl::domain_str(host).unwrap_or(host)
}

/// The registered part of the host of an address.
pub fn registrable_of(address: &str) -> String {
    Address::parse(address).map_or_else(|_| String::new(), |address| registrable(address.host()).to_owned())
}

/// Words joined for a reader: `百家乐、真人荷官`.
pub fn joined<'a>(crimes: impl IntoIterator<Item = &'a Crime>) -> String {
    let words: BTreeSet<&str> = crimes.into_iter().map(|crime| crime.word.as_str()).collect();
    words.into_iter().take(5).collect::<Vec<_>>().join("、")
}
