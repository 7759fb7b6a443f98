//! Whether both families show the same page: part by part, against what two visits of one family differ by.
//!
//! A mean would hide a swapped headline or a planted link among a thousand things that are the same, so the worst part
//! decides, and what differs is named.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::copies::Copy;
use crate::address::{Address, Scope};
use crate::indicators::Ipv6Rules;

/// Differing things that are named of each kind.
const SHOWN: usize = 10;
/// Characters of a line that is shown.
const LINE_CHARS: usize = 80;

/// The home page in both families.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consistency {
    /// Each part.
    pub parts: Vec<Likeness>,
    /// What differs, named.
    pub differences: Vec<Difference>,
    /// Time between the first and the last copy, in seconds.
    pub within_s: f64,
}

/// A part of the page and how alike it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The part.
    pub part: Part,
    /// Two copies over IPv4, from 0 (nothing in common) to 1.
    pub noise: f64,
    /// The less alike of two pairs of one copy over IPv4 and one over IPv6.
    pub across: f64,
    /// What it should be at least.
    pub expected: f64,
    /// Whether that counts as the same.
    pub same: bool,
}

/// Parts of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// HTTP status.
    Status,
    /// The address that answered, but for its scheme.
    Landed,
    /// Title.
    Title,
    /// Encoding.
    Charset,
    /// Visible text.
    Text,
    /// Structure of tags.
    Tags,
    /// Links within the site.
    Links,
    /// Hosts of others.
    Strangers,
    /// Pictures, scripts, style sheets.
    Resources,
}

impl Part {
    /// Its name, in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Part::Status => "状态码",
            Part::Landed => "最终地址",
            Part::Title => "标题",
            Part::Charset => "编码",
            Part::Text => "正文文字",
            Part::Tags => "标签结构",
            Part::Links => "站内链接",
            Part::Strangers => "外部主机",
            Part::Resources => "引用资源",
        }
    }
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In which part.
    pub part: Part,
    /// Only over IPv4.
    pub only_v4: Vec<String>,
    /// Only over IPv6.
    pub only_v6: Vec<String>,
}

/// Two copies of the page in each family.
pub(super) struct Copies {
    pub(super) v4: [Copy; 2],
    pub(super) v6: [Copy; 2],
    pub(super) within_s: f64,
}

/// Compares them.
pub(super) fn compare(copies: &Copies, scope: &Scope, rules: &Ipv6Rules) -> Consistency {
    let all = rules.similarity;
    let parts: [(Part, f64, &Measure<'_>); 9] = [
        (Part::Status, 1.0, &|a, b| equal(&a.status, &b.status)),
        (Part::Landed, 1.0, &|a, b| equal(schemeless(&a.landed), schemeless(&b.landed))),
        (Part::Title, 1.0, &|a, b| equal(&a.title, &b.title)),
        (Part::Charset, 1.0, &|a, b| equal(&a.charset, &b.charset)),
        (Part::Text, all.text, &|a, b| jaccard(&a.shingles, &b.shingles)),
        (Part::Tags, all.tags, &|a, b| cosine(&a.tags, &b.tags)),
        (Part::Links, all.links, &|a, b| jaccard(&names(&a.internal), &names(&b.internal))),
        (Part::Strangers, 1.0, &|a, b| jaccard(&a.strangers(scope), &b.strangers(scope))),
        (Part::Resources, all.resources, &|a, b| jaccard(&names(&a.resources), &names(&b.resources))),
    ];
    let [first4, second4] = &copies.v4;
    let [first6, second6] = &copies.v6;
    let parts = parts.into_iter().map(|(part, expected, alike)| {
        let noise = alike(first4, second4);
        let across = alike(first4, first6).min(alike(second4, second6));
        let same = across >= expected || across >= noise - rules.noise_margin;
        Likeness { part, noise, across, expected, same }
    });
    Consistency { parts: parts.collect(), differences: differences(copies, scope), within_s: copies.within_s }
}

/// How alike two copies are in one part.
type Measure<'a> = dyn Fn(&Copy, &Copy) -> f64 + 'a;

/// What a copy has of one part, in words.
type Naming<'a> = dyn Fn(&Copy) -> BTreeSet<String> + 'a;

fn equal<T: PartialEq + ?Sized>(one: &T, other: &T) -> f64 {
    if one == other { 1.0 } else { 0.0 }
}

fn schemeless(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

fn names(addresses: &[Address]) -> BTreeSet<String> {
    addresses.iter().map(|address| schemeless(address.as_str()).to_owned()).collect()
}

/// What both have of all there is; two empty sets are the same.
fn jaccard<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 1.0 } else { common as f64 / all as f64 }
}

fn cosine(one: &BTreeMap<u64, u32>, other: &BTreeMap<u64, u32>) -> f64 {
    let length =
        |counts: &BTreeMap<u64, u32>| counts.values().map(|n| f64::from(*n).powi(2)).sum::<f64>().sqrt();
    let product: f64 =
        one.iter().filter_map(|(path, n)| other.get(path).map(|m| f64::from(*n) * f64::from(*m))).sum();
    let lengths = length(one) * length(other);
    match (one.is_empty(), other.is_empty()) {
        (true, true) => 1.0,
        // Rounding must not make a page differ from itself.
        _ if lengths > 0.0 => (product / lengths).min(1.0),
        _ => 0.0,
    }
}

/// What both copies of one family have and no copy of the other: what comes and goes at every visit is in neither.
fn differences(copies: &Copies, scope: &Scope) -> Vec<Difference> {
    let kinds: [(Part, &Naming<'_>); 8] = [
        (Part::Status, &|copy| BTreeSet::from([copy.status.to_string()])),
        (Part::Landed, &|copy| BTreeSet::from([schemeless(&copy.landed).to_owned()])),
        (Part::Title, &|copy| BTreeSet::from([copy.title.clone()])),
        (Part::Charset, &|copy| BTreeSet::from([copy.charset.clone()])),
        (Part::Strangers, &|copy| copy.strangers(scope)),
        (Part::Links, &|copy| names(&copy.internal)),
        (Part::Resources, &|copy| names(&copy.resources)),
        (Part::Text, &|copy| copy.lines.iter().cloned().collect()),
    ];
    let found = kinds.into_iter().map(|(part, of)| {
        let [v4, v6] = [&copies.v4, &copies.v6].map(|family| [of(&family[0]), of(&family[1])]);
        Difference { part, only_v4: only(&v4, &v6), only_v6: only(&v6, &v4) }
    });
    found.filter(|difference| !(difference.only_v4.is_empty() && difference.only_v6.is_empty())).collect()
}

fn only(here: &[BTreeSet<String>; 2], there: &[BTreeSet<String>; 2]) -> Vec<String> {
    let always = here[0].intersection(&here[1]);
    let lone = always.filter(|thing| there.iter().all(|set| !set.contains(*thing)));
    lone.take(SHOWN).map(|thing| thing.chars().take(LINE_CHARS).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;
    use crate::ipv6::copies;

    const LIST: &str = "<ul><li><a href=/1.html>关于开展生态环境保护督察整改工作的通知</a></li>\
                        <li><a href=/2.html>全省空气质量预报会商会议召开</a></li></ul>";

    fn copy(html: &str) -> Copy {
        let address = Address::parse("http://www.example.test/").unwrap();
        let mut capture = crate::fetch::testing::answer(200).unwrap();
        capture.address = address.clone();
        capture.headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
        capture.body = html.to_owned().into();
        copies::read(&capture, true, &Scope::new(&address, &[]))
    }

    fn compared(v4: [&str; 2], v6: [&str; 2]) -> Consistency {
        let copies = Copies { v4: v4.map(copy), v6: v6.map(copy), within_s: 1.0 };
        let scope = Scope::new(&Address::parse("http://www.example.test/").unwrap(), &[]);
        compare(&copies, &scope, RuleSet::built_in().ipv6())
    }

    fn differing(found: &Consistency) -> Vec<Part> {
        found.parts.iter().filter(|part| !part.same).map(|part| part.part).collect()
    }

    #[test]
    fn the_same_page_is_the_same() {
        let found = compared([LIST; 2], [LIST; 2]);
        assert_eq!(differing(&found), []);
        assert_eq!(found.differences, []);
    }

    #[test]
    fn one_planted_host_is_enough() {
        let planted = format!("{LIST}<div style=display:none><a href=http://bet.example/>x</a></div>");
        let found = compared([LIST; 2], [&planted; 2]);
        assert!(differing(&found).contains(&Part::Strangers), "{found:?}");
        let hosts = found.differences.iter().find(|difference| difference.part == Part::Strangers).unwrap();
        assert_eq!(hosts.only_v6, ["bet.example"]);
    }

    #[test]
    fn every_headline_replaced_in_the_same_template_is_another_page() {
        let other = LIST.replace("督察整改", "志愿服务").replace("预报会商", "治理推进");
        let found = compared([LIST; 2], [&other; 2]);
        assert!(differing(&found).contains(&Part::Text), "{found:?}");
    }

    #[test]
    fn what_changes_at_every_visit_is_noise() {
        let with = |host: &str| format!("{LIST}<a href=http://{host}.example/>推荐</a>");
        let [a, b, c, d] = ["a", "b", "c", "d"].map(with);
        let found = compared([&a, &b], [&c, &d]);
        assert_eq!(differing(&found), []);
        assert_eq!(found.differences, []);
    }
}
