//! Where links to strangers lead: whether what stands there may be linked by a government site.
//!
//! A lapsed domain is bought by somebody else, and nothing changes on the page that links it. So each unknown host is
//! looked at in two views, as a reader at a desk and as one with a phone who comes from the site: those who take
//! domains over show the latter more. Plain functions of what was seen.

use serde::{Deserialize, Serialize};

use super::failure_wording;
use super::portrait::{Parking, Portrait, View, joined, registrable_of};
use crate::fetch::FailureKind;

/// A host, looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// Its name in the inventory.
    pub host: String,
    /// The address that was asked for: one that the site links.
    pub address: String,
    /// At a desk, coming from nowhere.
    pub direct: View,
    /// With a phone, coming from the site.
    pub phone: View,
}

/// How a host stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostState {
    /// Answers, and nothing speaks against it.
    Ok,
    /// Nobody is there: the name does not exist, or nothing answers.
    Dead,
    /// The name is for sale, or was parked by who owns it now.
    Parked,
    /// Shows another page than it did.
    Changed,
    /// Shows one visitor another thing than the next.
    Suspicious,
    /// Sells what is a crime.
    Illicit,
    /// Nothing can be said: we are refused, or it fails.
    Unobservable,
}

impl HostState {
    /// Every state.
    pub const ALL: [HostState; 7] = [
        HostState::Ok,
        HostState::Dead,
        HostState::Parked,
        HostState::Changed,
        HostState::Suspicious,
        HostState::Illicit,
        HostState::Unobservable,
    ];

    /// How much somebody is needed; the more, the higher.
    pub fn urgency(self) -> u8 {
        match self {
            HostState::Ok => 0,
            HostState::Unobservable => 1,
            HostState::Dead => 2,
            HostState::Changed => 3,
            HostState::Suspicious => 4,
            HostState::Parked => 5,
            HostState::Illicit => 6,
        }
    }

    /// Whether what stands there may be no page to link to.
    pub fn is_in_doubt(self) -> bool {
        self.urgency() > HostState::Dead.urgency()
    }

    /// The word for it, the same as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            HostState::Ok => "ok",
            HostState::Dead => "dead",
            HostState::Parked => "parked",
            HostState::Changed => "changed",
            HostState::Suspicious => "suspicious",
            HostState::Illicit => "illicit",
            HostState::Unobservable => "unobservable",
        }
    }

    /// The word for it in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            HostState::Ok => "正常",
            HostState::Dead => "失效",
            HostState::Parked => "停放待售",
            HostState::Changed => "内容变更",
            HostState::Suspicious => "可疑",
            HostState::Illicit => "违法内容",
            HostState::Unobservable => "无法判断",
        }
    }
}

/// How a host stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: HostState,
    /// Why, in Chinese.
    pub why: String,
}

/// What a host showed when it was last taken for what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// The address that answered.
    pub address: String,
    /// Title.
    pub title: String,
    /// Simhash of its main text.
    pub simhash: u64,
    /// Characters of main text.
    pub chars: u32,
    /// SHA-256 of the body, in hexadecimal digits.
    pub digest: String,
}

impl Print {
    /// The print of what was shown.
    pub fn of(portrait: &Portrait) -> Print {
        Print {
            address: portrait.address.clone(),
            title: portrait.title.clone(),
            simhash: portrait.content.simhash,
            chars: portrait.content.main_chars,
            digest: portrait.digest.to_string(),
        }
    }
}

/// From when on what was seen says something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// So many different words of crimes, one of them in title, keywords or description, make a page illicit.
    pub words_with_head: usize,
    /// So many different words of crimes in the text alone, if they stand as densely as the next figure says.
    pub words: usize,
    /// Words of crimes in a thousand characters.
    pub per_thousand: u32,
    /// Bits in which simhashes must differ for two texts to be different pages.
    pub changed_bits: u32,
    /// Characters of main text from which a simhash says anything.
    pub changed_chars: u32,
    /// By what a name is told to be for sale.
    pub parking: Parking,
}

/// Judges a host by what it shows, and by what it showed before.
pub fn judge(landing: &Landing, before: Option<&Print>, signs: &Signs) -> Standing {
    let views = [("直接访问", &landing.direct), ("手机从本站点击进入", &landing.phone)];
    let shown = || views.iter().filter_map(|(who, view)| Some((*who, view.shown()?)));
    let stands = |state, why: String| Standing { state, why };
    for (who, portrait) in shown() {
        if let Some(why) = illicit(portrait, signs) {
            let moved = moved(&landing.address, portrait);
            return stands(HostState::Illicit, format!("{who}时{moved}{why}"));
        }
    }
    if let Some((_, portrait)) = shown().find(|(_, portrait)| portrait.for_sale.is_some()) {
        let sign = portrait.for_sale.as_deref().unwrap_or_default();
        return stands(
            HostState::Parked,
            format!("域名已停放或待售（{sign}），页面标题“{}”", portrait.title),
        );
    }
    let (direct, phone) = (landing.direct.shown(), landing.phone.shown());
    match (direct, phone) {
        (Some(direct), Some(phone)) if leads_elsewhere(direct, phone, signs) => {
            let why = format!(
                "直接访问与手机从本站进入看到的不是同一网站：“{}”与“{}”（{}）",
                direct.title,
                phone.title,
                registrable_of(&phone.address)
            );
            stands(HostState::Suspicious, why)
        }
        (Some(portrait), _) | (None, Some(portrait)) => match before {
            Some(print) if is_another(portrait, print, signs) => {
                let why = format!("页面标题由“{}”变为“{}”，内容也已不同", print.title, portrait.title);
                stands(HostState::Changed, why)
            }
            _ => stands(HostState::Ok, format!("页面标题“{}”", portrait.title)),
        },
        (None, None) => unseen(&landing.direct),
    }
}

fn unseen(view: &View) -> Standing {
    match view {
        View::Gone(kind) => dead(*kind),
        View::Unobservable(why) => Standing { state: HostState::Unobservable, why: why.clone() },
        View::Shown(_) => unreachable!("what was shown was judged before"),
    }
}

/// How a host stands that nobody reaches.
pub fn dead(kind: FailureKind) -> Standing {
    Standing { state: HostState::Dead, why: failure_wording(kind).to_owned() }
}

/// Why a page is illicit, in Chinese.
pub fn illicit(portrait: &Portrait, signs: &Signs) -> Option<String> {
    let all = || portrait.head.iter().chain(&portrait.text);
    let different = all().map(|crime| &crime.word).collect::<std::collections::BTreeSet<_>>().len();
    let in_head = !portrait.head.is_empty() && different >= signs.words_with_head;
    let dense =
        u64::from(portrait.hits) * 1_000 >= u64::from(signs.per_thousand) * u64::from(portrait.chars.max(1));
    let in_text = dense && portrait.text.len() >= signs.words;
    let class = || all().next().map_or("", |crime| crime.class.as_str());
    (in_head || in_text)
        .then(|| format!("页面标题为“{}”，有{}（{}）", portrait.title, class(), joined(all())))
}

fn moved(asked: &str, portrait: &Portrait) -> String {
    let (from, to) = (registrable_of(asked), registrable_of(&portrait.address));
    if from == to { String::new() } else { format!("跳转到 {to}，") }
}

/// Whether two visitors who asked for one page ended on different ones, by owner and by what they read.
fn leads_elsewhere(one: &Portrait, other: &Portrait, signs: &Signs) -> bool {
    let owners = [one, other].map(|portrait| registrable_of(&portrait.address));
    owners[0] != owners[1] && one.title != other.title && differs(one, &Print::of(other), signs)
}

fn is_another(portrait: &Portrait, print: &Print, signs: &Signs) -> bool {
    let is_long = portrait.content.main_chars.min(print.chars) >= signs.changed_chars;
    is_long && portrait.title != print.title && differs(portrait, print, signs)
}

fn differs(portrait: &Portrait, print: &Print, signs: &Signs) -> bool {
    (portrait.content.simhash ^ print.simhash).count_ones() >= signs.changed_bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{BlobId, ContentKeys};
    use crate::link::portrait::Crime;

    fn signs() -> Signs {
        let parking = Parking { words: Vec::new(), hosts: Vec::new(), chars: 0 };
        Signs { words_with_head: 2, words: 4, per_thousand: 5, changed_bits: 20, changed_chars: 120, parking }
    }

    fn crimes(words: &str) -> Vec<Crime> {
        words.chars().map(|word| Crime { word: word.to_string(), class: "涉赌词语".to_owned() }).collect()
    }

    /// A page with these words of crimes, one a letter, in head and text.
    fn portrait(address: &str, simhash: u64, head: &str, text: &str) -> Portrait {
        Portrait {
            address: address.to_owned(),
            title: format!("标题{simhash}"),
            digest: BlobId([0; 32]),
            head: crimes(head),
            text: crimes(text),
            hits: text.chars().count() as u32,
            chars: 1_000,
            for_sale: None,
            content: ContentKeys { simhash, main_chars: 500, ..ContentKeys::default() },
            hosts: std::collections::BTreeSet::new(),
        }
    }

    fn shown(portrait: Portrait) -> View {
        View::Shown(Box::new(portrait))
    }

    const HERE: &str = "http://a.example/";

    fn check(direct: View, phone: View, before: Option<u64>, expected: HostState) {
        let landing = Landing { host: "a.example".to_owned(), address: HERE.to_owned(), direct, phone };
        let print = before.map(|simhash| Print::of(&portrait(HERE, simhash, "", "")));
        let standing = judge(&landing, print.as_ref(), &signs());
        assert_eq!(standing.state, expected, "{standing:?} for {landing:?}");
    }

    #[test]
    fn a_host_stands_by_the_worst_of_what_it_shows() {
        let clean = || shown(portrait(HERE, 1, "", ""));
        let refused = || View::Unobservable("状态码 403".to_owned());
        check(clean(), clean(), None, HostState::Ok);
        check(clean(), refused(), None, HostState::Ok);
        check(clean(), shown(portrait(HERE, 1, "甲", "乙")), None, HostState::Illicit);
        check(refused(), shown(portrait(HERE, 1, "甲乙", "")), None, HostState::Illicit);
        check(refused(), refused(), None, HostState::Unobservable);
        check(View::Gone(FailureKind::NoSuchName), refused(), None, HostState::Dead);
        let parked = || Portrait { for_sale: Some("域名出售".to_owned()), ..portrait(HERE, 1, "", "") };
        check(clean(), shown(parked()), None, HostState::Parked);
    }

    #[test]
    fn a_page_that_mentions_a_crime_is_none() {
        let says = |head: &str, text: &str, chars: u32| Portrait { chars, ..portrait(HERE, 1, head, text) };
        check(shown(says("", "甲乙丙", 200)), shown(says("", "", 9)), None, HostState::Ok);
        check(shown(says("甲", "", 200)), shown(says("", "", 9)), None, HostState::Ok);
        check(shown(says("", "甲乙丙丁", 800)), shown(says("", "", 9)), None, HostState::Illicit);
        check(shown(says("", "甲乙丙丁", 801)), shown(says("", "", 9)), None, HostState::Ok);
    }

    #[test]
    fn another_page_than_before_is_told() {
        let now = |simhash| shown(portrait(HERE, simhash, "", ""));
        check(now(0), now(0), Some(0b111), HostState::Ok);
        check(now(0), now(0), Some(u64::MAX >> 44), HostState::Changed);
        let elsewhere = |address: &str| shown(portrait(address, u64::MAX, "", ""));
        check(now(0), elsewhere("http://b.example/"), None, HostState::Suspicious);
        check(now(0), elsewhere("http://m.a.example/"), None, HostState::Ok);
    }
}
