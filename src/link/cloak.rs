//! Cloaking (伪装): whether a page shows search engines, or those who come from one, another thing than its readers.
//!
//! A reader looks twice: what differs between the two looks changes by itself, and says nothing. What one of the other
//! views has and neither look of the reader had is a difference. A firewall that refuses spiders is none: then nothing
//! can be said. Plain functions of what was seen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::portrait::{Crime, Portrait, View, joined, registrable_of};

/// One page in every view.
#[derive(Debug, Clone)]
pub struct Probed {
    /// Its address.
    pub page: String,
    /// Whether there is such a page.
    pub existence: Existence,
    /// What a reader is shown, twice.
    pub reader: [View; 2],
    /// What others are shown.
    pub others: Vec<Other>,
}

/// Whether there is a page of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existence {
    /// There is.
    Real,
    /// Nobody ever made it: its path is a random one.
    NoSuchPath,
    /// Nobody ever named its host: that is a random name below the site's.
    NoSuchHost,
}

/// What another than a reader is shown, or a reader elsewhere.
#[derive(Debug, Clone)]
pub struct Other {
    /// Who, or where, in Chinese.
    pub who: String,
    /// What was shown.
    pub view: View,
    /// Whether it is the other address of the home page, with or without https or `www.`.
    pub is_twin: bool,
}

/// What comparing the views of a page comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// All are shown the same, as far as they are shown anything.
    Same,
    /// The reader was refused, or all others were: nothing can be said.
    Unobservable,
    /// Others are shown something else.
    Cloaked(Cloaked),
}

/// A page that shows others something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cloaked {
    /// Its address.
    pub page: String,
    /// Whether there is such a page.
    pub existence: Existence,
    /// How bad the worst difference is.
    pub weight: Weight,
    /// What differs in which view, in Chinese; the worst first.
    pub differences: Vec<String>,
}

/// How much a difference proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
    /// A host that nobody named shows a page: any name below the site's does.
    Open,
    /// Another text, or hosts nobody knows: a person has to look.
    Different,
    /// Another owner's page.
    Elsewhere,
    /// Words of crimes.
    Crime,
}

/// What came of looking at a site as others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Pages looked at in every view.
    pub pages: u64,
    /// Those of which nothing can be said, as a firewall refused us.
    pub unobservable: u64,
    /// Pages that show others something else.
    pub cloaked: Vec<Cloaked>,
}

impl Probe {
    /// Takes in what came of a page.
    pub fn take(&mut self, comparison: Comparison) {
        self.pages += 1;
        match comparison {
            Comparison::Same => {}
            Comparison::Unobservable => self.unobservable += 1,
            Comparison::Cloaked(cloaked) => self.cloaked.push(cloaked),
        }
    }
}

/// From when on a difference says something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// Different words of crimes.
    pub words: usize,
    /// Unknown hosts.
    pub hosts: usize,
    /// Bits in which two looks of one reader may differ.
    pub same_bits: u32,
    /// Bits from which another view shows another text.
    pub other_bits: u32,
    /// Characters of main text from which a simhash says anything.
    pub other_chars: u32,
}

/// Compares the views of a page. `is_unknown` tells hosts that nobody vouches for.
pub fn compare(probed: &Probed, signs: &Signs, is_unknown: &dyn Fn(&str) -> bool) -> Comparison {
    let looks: Vec<&Portrait> = probed.reader.iter().filter_map(View::shown).collect();
    let others: Vec<(&Other, &Portrait)> =
        probed.others.iter().filter_map(|other| Some((other, other.view.shown()?))).collect();
    // That a page is missing is what a random address must answer.
    let is_invented = probed.existence != Existence::Real;
    let is_readable = is_invented || looks.len() == probed.reader.len();
    if !is_readable {
        return Comparison::Unobservable;
    }
    let reader = Reader { looks, signs, is_unknown };
    let mut differences: Vec<(Weight, String)> =
        others.iter().filter_map(|(other, portrait)| reader.differs(other, portrait)).collect();
    if is_invented {
        // Here a reader must see nothing, either.
        let seen = reader.looks.first().and_then(|portrait| {
            crime(&all(portrait).collect::<Vec<_>>(), portrait, signs)
                .map(|why| (Weight::Crime, format!("普通读者：{why}")))
        });
        differences.extend(seen);
        differences.retain(|(weight, _)| *weight == Weight::Crime);
    }
    differences.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    match differences.first() {
        Some((weight, _)) => Comparison::Cloaked(Cloaked {
            page: probed.page.clone(),
            existence: probed.existence,
            weight: *weight,
            differences: differences.iter().map(|(_, what)| what.clone()).collect(),
        }),
        None if others.is_empty() && !is_invented => Comparison::Unobservable,
        None => Comparison::Same,
    }
}

/// Compares what a host that nobody ever named shows: crimes as on any page, and any page that is not the site's own
/// home, as then strangers may put up what they like below its name.
pub fn compare_unnamed(
    probed: &Probed,
    home: Option<&Portrait>,
    signs: &Signs,
    is_unknown: &dyn Fn(&str) -> bool,
) -> Comparison {
    let seen = probed.reader.iter().chain(probed.others.iter().map(|other| &other.view));
    let is_home = |portrait: &&Portrait| {
        home.is_some_and(|home| {
            let bits = (home.content.simhash ^ portrait.content.simhash).count_ones();
            home.title == portrait.title && bits <= signs.same_bits
        })
    };
    let other = seen.filter_map(View::shown).find(|portrait| !is_home(portrait));
    match (compare(probed, signs, is_unknown), other) {
        (Comparison::Same, Some(portrait)) => Comparison::Cloaked(Cloaked {
            page: probed.page.clone(),
            existence: probed.existence,
            weight: Weight::Open,
            differences: vec![format!("页面标题“{}”", portrait.title)],
        }),
        (compared, _) => compared,
    }
}

/// What a reader was shown, and what others are measured by.
struct Reader<'a> {
    looks: Vec<&'a Portrait>,
    signs: &'a Signs,
    is_unknown: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    /// How a view differs, and how much that proves: by the worst of its differences.
    fn differs(&self, visitor: &Other, other: &Portrait) -> Option<(Weight, String)> {
        let who = visitor.who.as_str();
        let known: BTreeSet<&Crime> = self.looks.iter().flat_map(|look| all(look)).collect();
        let new: Vec<&Crime> = all(other).filter(|crime| !known.contains(crime)).collect();
        if let Some(why) = crime(&new, other, self.signs) {
            return Some((Weight::Crime, format!("{who}：{why}")));
        }
        let owners: BTreeSet<String> = self.looks.iter().map(|look| registrable_of(&look.address)).collect();
        let owner = registrable_of(&other.address);
        if !owners.is_empty() && !owners.contains(&owner) && self.is_stranger(&other.address) {
            return Some((Weight::Elsewhere, format!("{who}：被引到 {owner}，页面标题“{}”", other.title)));
        }
        self.strange_hosts(who, other).or_else(|| self.other_text(visitor, other))
    }

    fn is_stranger(&self, address: &str) -> bool {
        crate::address::Address::parse(address).is_ok_and(|address| (self.is_unknown)(address.host()))
    }

    fn strange_hosts(&self, who: &str, other: &Portrait) -> Option<(Weight, String)> {
        let [one, two] = self.looks.as_slice() else { return None };
        let is_new = |host: &&String| {
            !one.hosts.contains(*host) && !two.hosts.contains(*host) && (self.is_unknown)(host)
        };
        let new: Vec<&str> = other.hosts.iter().filter(is_new).map(String::as_str).collect();
        // Whoever shows each look other hosts shows the next one others again.
        (one.hosts == two.hosts && new.len() >= self.signs.hosts).then(|| {
            let shown = new.iter().take(5).copied().collect::<Vec<_>>().join("、");
            (Weight::Different, format!("{who}：多出 {} 个未知主机的链接（{shown}）", new.len()))
        })
    }

    fn other_text(&self, visitor: &Other, other: &Portrait) -> Option<(Weight, String)> {
        let [one, two] = self.looks.as_slice() else { return None };
        let bits = |a: &Portrait, b: &Portrait| (a.content.simhash ^ b.content.simhash).count_ones();
        let is_long = [one, two, &other].iter().all(|look| look.content.main_chars >= self.signs.other_chars);
        let differs = is_long
            && bits(one, two) <= self.signs.same_bits
            && bits(one, other) >= self.signs.other_bits
            && one.title != other.title
            // A site for phones says the same in other words.
            && registrable_of(&one.address) == registrable_of(&other.address)
            && (visitor.is_twin || one.address == other.address);
        differs.then(|| {
            (
                Weight::Different,
                format!("{}：内容完全不同，标题“{}”而非“{}”", visitor.who, other.title, one.title),
            )
        })
    }
}

fn all(portrait: &Portrait) -> impl Iterator<Item = &Crime> {
    portrait.head.iter().chain(&portrait.text)
}

/// Why words of crimes prove something, in Chinese; `None` where they are too few.
fn crime(words: &[&Crime], portrait: &Portrait, signs: &Signs) -> Option<String> {
    let different: BTreeSet<&str> = words.iter().map(|crime| crime.word.as_str()).collect();
    let class = &words.first()?.class;
    (different.len() >= signs.words)
        .then(|| format!("出现{class}（{}），页面标题“{}”", joined(words.iter().copied()), portrait.title))
}
