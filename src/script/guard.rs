//! For whom a script does what it does, by the names and words it asks with.

use std::ops::Range;

/// Something that a script asks before it acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Guard {
    /// Whether the visitor is the spider of a search engine.
    Spider,
    /// Whether the visitor comes from a search engine.
    Search,
    /// Whether the visitor has a phone.
    Phone,
    /// Whether the visitor was here before.
    Once,
    /// What time it is.
    Time,
    /// Whether the visitor wants to go back.
    Back,
}

impl Guard {
    const ALL: [Guard; 6] =
        [Guard::Spider, Guard::Search, Guard::Phone, Guard::Once, Guard::Time, Guard::Back];

    /// Its Chinese name.
    pub fn chinese(self) -> &'static str {
        match self {
            Guard::Spider => "搜索引擎爬虫",
            Guard::Search => "从搜索引擎来的访客",
            Guard::Phone => "手机访客",
            Guard::Once => "首次访问",
            Guard::Time => "特定时间",
            Guard::Back => "点击返回的访客",
        }
    }
}

/// What a script asks before it acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guards(u8);

impl Guards {
    /// Whether it asks this.
    pub fn has(self, guard: Guard) -> bool {
        self.0 & (1 << guard as u8) != 0
    }

    /// These and others.
    pub fn with(self, others: Guards) -> Guards {
        Guards(self.0 | others.0)
    }

    /// Everything it asks.
    pub fn all(self) -> impl Iterator<Item = Guard> {
        Guard::ALL.into_iter().filter(move |&guard| self.has(guard))
    }
}

/// Names under which a script learns something of its visitor.
const AGENT: &[&str] = &["userAgent", "appVersion", "platform"];
const REFERRER: &[&str] = &["referrer"];
const MEMORY: &[&str] = &["cookie", "localStorage", "sessionStorage"];
const HISTORY: &[&str] = &["pushState", "onpopstate"];
const CLOCK: &[&str] = &["getHours", "getDay", "getMinutes"];

/// Words of user agents and of addresses, in small letters.
const SPIDERS: &[&str] = &[
    "spider",
    "googlebot",
    "bingbot",
    "bytespider",
    "yisou",
    "360spider",
    "sogou web",
    "baiduspider",
    "crawler",
    "slurp",
];
const PHONES: &[&str] = &[
    "android",
    "iphone",
    "ipad",
    "ipod",
    "mobile",
    "phone",
    "symbian",
    "ucweb",
    "midp",
    "blackberry",
    "windows ce",
];
const ENGINES: &[&str] = &[
    "baidu", "sogou", "so.com", "sm.cn", "360", "bing", "google", "soso", "youdao", "yahoo", "haosou",
    "toutiao", "118114", "gougou",
];

/// Words that only tell a spider where they end: `bottom` is said by every script.
const SPIDERS_WHOLE: &[&str] = &["bot"];

/// What is said of a visitor, one bit each.
mod sign {
    pub(super) const AGENT: u8 = 1;
    pub(super) const REFERRER: u8 = 1 << 1;
    pub(super) const MEMORY: u8 = 1 << 2;
    pub(super) const CLOCK: u8 = 1 << 3;
    pub(super) const HISTORY: u8 = 1 << 4;
    pub(super) const SPIDERS: u8 = 1 << 5;
    pub(super) const PHONES: u8 = 1 << 6;
    pub(super) const ENGINES: u8 = 1 << 7;
}

/// What is said of a visitor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Said(u8);

impl Said {
    const SOURCES: u8 = sign::AGENT | sign::REFERRER;
    const WORDS: u8 = sign::SPIDERS | sign::PHONES | sign::ENGINES;

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn with(self, other: Said) -> Said {
        Said(self.0 | other.0)
    }

    /// With what is said elsewhere, where half of a question is missing: lists of words stand before the loop that goes
    /// through them.
    pub(super) fn completed(self, free: Said) -> Said {
        match (self.0 & Said::SOURCES != 0, self.0 & Said::WORDS != 0) {
            (true, false) => Said(self.0 | free.0 & Said::WORDS),
            (false, true) => Said(self.0 | free.0 & Said::SOURCES),
            _ => self,
        }
    }

    /// What is asked by it. To look back is nothing that anything hangs on.
    pub(super) fn guards(self) -> Guards {
        let has = |wanted: u8| self.0 & wanted == wanted;
        let asked = [
            (Guard::Spider, has(sign::AGENT | sign::SPIDERS)),
            (Guard::Search, has(sign::REFERRER | sign::ENGINES)),
            (Guard::Phone, has(sign::AGENT | sign::PHONES)),
            (Guard::Once, has(sign::MEMORY)),
            (Guard::Time, has(sign::CLOCK)),
        ];
        Guards(asked.into_iter().filter(|asked| asked.1).fold(0, |all, (guard, _)| all | 1 << guard as u8))
    }
}

/// What was said in a script, as far as it matters here, and at which token.
#[derive(Debug, Clone, Default)]
pub(super) struct Signs(Vec<(usize, Said)>);

/// Words are looked for in texts of at most this length: lists of user agents are short.
const SAID_BYTES: usize = 2_000;

/// Places that are remembered of one script.
const SAID: usize = 20_000;

/// Tokens around what a script does with the history within which its deeds wait for those who go back.
const BACK_REACH: usize = 1_000;

impl Signs {
    /// A name or a property was used.
    pub(super) fn name(&mut self, name: &str, token: usize) {
        let names = [
            (AGENT, sign::AGENT),
            (REFERRER, sign::REFERRER),
            (MEMORY, sign::MEMORY),
            (HISTORY, sign::HISTORY),
            (CLOCK, sign::CLOCK),
        ];
        let is_named = |(names, _): &(&[&str], u8)| names.contains(&name);
        self.add(Said(names.into_iter().filter(is_named).fold(0, |signs, (_, sign)| signs | sign)), token);
    }

    /// A literal or a regular expression was said.
    pub(super) fn say(&mut self, text: &str, token: usize) {
        if text.len() > SAID_BYTES {
            return;
        }
        let plain = text.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
        let ends = |at: usize| !plain[at..].starts_with(|c: char| c.is_ascii_alphabetic());
        let has_whole = |word: &str| plain.match_indices(word).any(|(at, _)| ends(at + word.len()));
        let mut signs = 0;
        if has(SPIDERS) || SPIDERS_WHOLE.iter().any(|word| has_whole(word)) {
            signs |= sign::SPIDERS;
        }
        if has(PHONES) {
            signs |= sign::PHONES;
        }
        if has(ENGINES) {
            signs |= sign::ENGINES;
        }
        self.add(Said(signs), token);
    }

    /// Something was said.
    pub(super) fn add(&mut self, said: Said, token: usize) {
        if !said.is_empty() && self.0.len() < SAID && self.0.last() != Some(&(token, said)) {
            self.0.push((token, said));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that was said.
    pub(super) fn all(&self) -> Said {
        self.0.iter().fold(Said::default(), |all, (_, said)| all.with(*said))
    }

    /// What was said outside of the tokens that are `inside`.
    pub(super) fn outside(&self, inside: &[bool]) -> Said {
        let outside = self.0.iter().filter(|(token, _)| !inside.get(*token).copied().unwrap_or(false));
        outside.fold(Said::default(), |all, (_, said)| all.with(*said))
    }

    /// Whether the history is looked after near a token.
    pub(super) fn back(&self, token: usize) -> Guards {
        let is_near = |at: usize| at.abs_diff(token) <= BACK_REACH;
        let mut said = self.0.iter();
        let looks = said.any(|(at, said)| said.0 & sign::HISTORY != 0 && is_near(*at));
        if looks { Guards(1 << Guard::Back as u8) } else { Guards::default() }
    }

    /// The same, to be asked for ranges.
    pub(super) fn marks(&self) -> Marks {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by_key(|(token, _)| *token);
        let mut counts = vec![[0; SIGNS]];
        for (_, said) in &sorted {
            let mut count = *counts.last().expect("begins with one");
            (0..SIGNS).for_each(|bit| count[bit] += u32::from(said.0 >> bit & 1));
            counts.push(count);
        }
        Marks { tokens: sorted.into_iter().map(|(token, _)| token).collect(), counts }
    }
}

/// Kinds of signs.
const SIGNS: usize = 8;

/// Where what was said, so that asking for a range costs the same however much was said in it.
pub(super) struct Marks {
    tokens: Vec<usize>,
    /// How often each sign was said before each of them.
    counts: Vec<[u32; SIGNS]>,
}

impl Marks {
    /// What was said in a range.
    pub(super) fn within(&self, range: &Range<usize>) -> Said {
        let index = |token: usize| self.tokens.partition_point(|&at| at < token);
        let (from, to) = (&self.counts[index(range.start)], &self.counts[index(range.end)]);
        Said((0..SIGNS).fold(0, |all, bit| all | u8::from(to[bit] > from[bit]) << bit))
    }
}
