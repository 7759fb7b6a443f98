//! For whom a script does what it does, by the names and words it asks with.

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

/// What was said in a script, as far as it matters here, and where.
#[derive(Default)]
pub(super) struct Signs {
    all: u8,
    said: Vec<(usize, u8)>,
}

/// Words are looked for in texts of at most this length: lists of user agents are short.
const SAID_BYTES: usize = 2_000;

/// Places that are remembered of one script; what a script says besides counts for all of it alone.
const SAID: usize = 20_000;

impl Signs {
    /// A name or a property was used, at a byte of the script.
    pub(super) fn name(&mut self, name: &str, at: usize) {
        let names = [
            (AGENT, sign::AGENT),
            (REFERRER, sign::REFERRER),
            (MEMORY, sign::MEMORY),
            (HISTORY, sign::HISTORY),
            (CLOCK, sign::CLOCK),
        ];
        let is_named = |(names, _): &(&[&str], u8)| names.contains(&name);
        self.add(names.into_iter().filter(is_named).fold(0, |signs, (_, sign)| signs | sign), at);
    }

    /// A literal or a regular expression stands at a byte of the script.
    pub(super) fn say(&mut self, text: &str, at: usize) {
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
        self.add(signs, at);
    }

    fn add(&mut self, signs: u8, at: usize) {
        if signs != 0 {
            self.all |= signs;
            if self.said.len() < SAID && self.said.last() != Some(&(at, signs)) {
                self.said.push((at, signs));
            }
        }
    }

    /// What all of the script asks.
    pub(super) fn guards(&self) -> Guards {
        asked(self.all)
    }

    /// What is asked within so many bytes of a place.
    pub(super) fn near(&self, at: usize, reach: usize) -> Guards {
        let near = self.said.iter().filter(|(said, _)| said.abs_diff(at) <= reach);
        asked(near.fold(0, |signs, (_, said)| signs | said))
    }
}

fn asked(signs: u8) -> Guards {
    let has = |wanted: u8| signs & wanted == wanted;
    let asked = [
        (Guard::Spider, has(sign::AGENT | sign::SPIDERS)),
        (Guard::Search, has(sign::REFERRER | sign::ENGINES)),
        (Guard::Phone, has(sign::AGENT | sign::PHONES)),
        (Guard::Once, has(sign::MEMORY)),
        (Guard::Time, has(sign::CLOCK)),
        (Guard::Back, has(sign::HISTORY)),
    ];
    Guards(asked.into_iter().filter(|asked| asked.1).fold(0, |all, (guard, _)| all | 1 << guard as u8))
}
