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
    /// Whether nobody ever made such a page: its address is a random one.
    pub is_invented: bool,
    /// What a reader is shown, twice.
    pub reader: [View; 2],
    /// What others are shown: who they are, in Chinese, and what they saw.
    pub others: Vec<(String, View)>,
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
    /// Whether its address is a random one.
    pub is_invented: bool,
    /// How bad the worst difference is.
    pub weight: Weight,
    /// What differs in which view, in Chinese; the worst first.
    pub differences: Vec<String>,
}

/// How much a difference proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
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
    let others: Vec<(&str, &Portrait)> =
        probed.others.iter().filter_map(|(who, view)| Some((who.as_str(), view.shown()?))).collect();
    // That a page is missing is what a random address must answer.
    let is_readable = probed.is_invented || looks.len() == probed.reader.len();
    if !is_readable {
        return Comparison::Unobservable;
    }
    let reader = Reader { looks, signs, is_unknown };
    let mut differences: Vec<(Weight, String)> =
        others.iter().filter_map(|(who, portrait)| reader.differs(who, portrait)).collect();
    if probed.is_invented {
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
            is_invented: probed.is_invented,
            weight: *weight,
            differences: differences.iter().map(|(_, what)| what.clone()).collect(),
        }),
        None if others.is_empty() && !probed.is_invented => Comparison::Unobservable,
        None => Comparison::Same,
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
    fn differs(&self, who: &str, other: &Portrait) -> Option<(Weight, String)> {
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
        self.strange_hosts(who, other).or_else(|| self.other_text(who, other))
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

    fn other_text(&self, who: &str, other: &Portrait) -> Option<(Weight, String)> {
        let [one, two] = self.looks.as_slice() else { return None };
        let bits = |a: &Portrait, b: &Portrait| (a.content.simhash ^ b.content.simhash).count_ones();
        let is_long = [one, two, &other].iter().all(|look| look.content.main_chars >= self.signs.other_chars);
        let differs = is_long
            && bits(one, two) <= self.signs.same_bits
            && bits(one, other) >= self.signs.other_bits
            && one.title != other.title
            // A site for phones says the same in other words.
            && registrable_of(&one.address) == registrable_of(&other.address)
            && one.address == other.address;
        differs.then(|| {
            (Weight::Different, format!("{who}：内容完全不同，标题“{}”而非“{}”", other.title, one.title))
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
