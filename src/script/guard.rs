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
    "bot",
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

/// What was said in a script, as far as it matters here.
#[derive(Default)]
pub(super) struct Signs {
    agent: bool,
    referrer: bool,
    memory: bool,
    clock: bool,
    history: bool,
    spiders: bool,
    phones: bool,
    engines: bool,
}

/// Words are looked for in texts of at most this length: lists of user agents are short.
const SAID_BYTES: usize = 2_000;

impl Signs {
    /// A name or a property was used.
    pub(super) fn name(&mut self, name: &str) {
        self.agent |= AGENT.contains(&name);
        self.referrer |= REFERRER.contains(&name);
        self.memory |= MEMORY.contains(&name);
        self.clock |= CLOCK.contains(&name);
        self.history |= HISTORY.contains(&name);
    }

    /// A literal or a regular expression stands there.
    pub(super) fn say(&mut self, text: &str) {
        if text.len() > SAID_BYTES {
            return;
        }
        let plain = text.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
        self.spiders |= has(SPIDERS);
        self.phones |= has(PHONES);
        self.engines |= has(ENGINES);
    }

    pub(super) fn guards(&self) -> Guards {
        let asked = [
            (Guard::Spider, self.agent && self.spiders),
            (Guard::Search, self.referrer && self.engines),
            (Guard::Phone, self.agent && self.phones),
            (Guard::Once, self.memory),
            (Guard::Time, self.clock),
            (Guard::Back, self.history),
        ];
        Guards(asked.into_iter().filter(|asked| asked.1).fold(0, |all, (guard, _)| all | 1 << guard as u8))
    }
}
