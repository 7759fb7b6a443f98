//! Making the portrait of a page, or saying why what was seen is not the page.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::{Blind, Picture, Portrait, Sketch, Use, Word};
use crate::address::{Address, Relation};
use crate::config::Site;
use crate::facts::{BlobId, Oddity};
use crate::finding::Confidence;
use crate::indicators::{Hosts, RuleSet, Tampering};
use crate::likeness::Likeness;
use crate::link::soft404;
use crate::page::{Link, LinkKind, Page, Region, lasting};
use crate::text::Lexicons;

/// Characters kept of a field of the head, and of the beginning of the text.
const FIELD_CHARS: usize = 200;
/// Characters of text that are looked at. What stands behind is known by the hosts it links to.
const TEXT_CHARS: usize = 60_000;
/// Characters of a shingle of text.
const GRAM: usize = 3;
/// Hosts kept for each use; a page with more is full of links already.
const HOSTS: usize = 200;
/// Entries of the menu, pictures, words and names that are kept.
const MENU: usize = 200;
const PICTURES: usize = 20;
const WORDS: usize = 20;
const NAMES: usize = 8;

/// Makes portraits of the pages of a site.
pub struct Studio<'a> {
    /// The site.
    pub site: &'a Site,
    /// Rules.
    pub rules: &'a RuleSet,
    /// Dictionaries.
    pub lexicons: &'a Lexicons,
    /// What the crawl saw of a picture.
    pub look_of: &'a dyn Fn(&Address) -> Option<Look>,
}

/// What a crawl saw of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its bytes.
    pub bytes: u64,
    /// What it looks like, where that could be told.
    pub likeness: Option<Likeness>,
}

impl Studio<'_> {
    /// The portrait of a page that was kept as `body`.
    pub fn portray(&self, page: &Page, body: BlobId) -> Result<Portrait, Blind> {
        let words = self.words(page);
        let hosts = self.hosts(page);
        if let Some(blind) = self.blind(page, words.is_empty(), hosts.keys().any(|used| used.is_powerful())) {
            return Err(blind);
        }
        let shape = page.shape();
        let text = Texts::of(page);
        Ok(Portrait {
            body,
            kind: page.kind,
            head: head(page, &shape.lang),
            names: names(&page.title, self.rules.hosts()),
            opening: text.opening,
            parts: text.parts,
            text: text.sketch,
            form: shape.elements.into_iter().collect(),
            dress: shape.dress,
            menu: menu(page),
            hosts: self.with_forms(hosts, page, &shape.forms),
            pictures: self.pictures(page),
            words,
            is_thin: page
                .oddities
                .iter()
                .any(|oddity| matches!(oddity, Oddity::ScriptBuilt | Oddity::RedirectsOnly)),
        })
    }

    /// Why what was seen is not the page. A stand-in that brings words or powers of a stranger is none.
    fn blind(&self, page: &Page, is_clean: bool, is_powered: bool) -> Option<Blind> {
        let has = |wanted: fn(&Oddity) -> bool| page.oddities.iter().any(wanted);
        let rules = self.rules.tampering();
        if has(|oddity| *oddity == Oddity::Challenge) {
            Some(Blind::Refused)
        } else if has(|oddity| matches!(oddity, Oddity::Limited(_))) {
            Some(Blind::Cut)
        } else if is_garbled(&page.text.visible, rules) {
            Some(Blind::Garbled)
        } else if !is_clean || is_powered {
            None
        } else if is_stand_in(page, rules) {
            Some(Blind::Maintenance)
        } else if says_gone(page) {
            Some(Blind::Gone)
        } else {
            None
        }
    }

    fn words(&self, page: &Page) -> BTreeSet<Word> {
        let mut words = BTreeSet::new();
        let mut take = |text: &str, is_heading: &dyn Fn(usize) -> bool| {
            for hit in self.lexicons.hits(text) {
                if hit.class.is_alien() && hit.confidence >= Confidence::Probable && words.len() < WORDS {
                    let about = hit.class.chinese().to_owned();
                    words.insert(Word { words: hit.words, about, is_heading: is_heading(hit.start) });
                }
            }
        };
        take(&page.title, &|_| true);
        take(&page.text.visible, &|offset| page.is_heading(offset));
        words
    }

    /// The foreign hosts that a page uses.
    fn hosts(&self, page: &Page) -> BTreeMap<Use, BTreeMap<String, u32>> {
        let mut hosts = BTreeMap::new();
        if page.base != page.address {
            self.count(&mut hosts, Use::Frame, page.base.clone());
        }
        for link in &page.links {
            let used = match link.kind {
                LinkKind::Script => Use::Script,
                LinkKind::Frame => Use::Frame,
                LinkKind::Style => Use::Style,
                LinkKind::Image | LinkKind::Media => Use::Image,
                LinkKind::Anchor => Use::Link,
                LinkKind::Pagination | LinkKind::Speculative | LinkKind::Other => continue,
            };
            if let Ok(address) = page.base.resolve(&link.raw, page.charset.encoding) {
                self.count(&mut hosts, used, address);
            }
        }
        hosts
    }

    fn with_forms(
        &self,
        mut hosts: BTreeMap<Use, BTreeMap<String, u32>>,
        page: &Page,
        forms: &[String],
    ) -> BTreeMap<Use, BTreeMap<String, u32>> {
        for action in forms {
            if let Ok(address) = page.base.resolve(action, page.charset.encoding) {
                self.count(&mut hosts, Use::Form, address);
            }
        }
        hosts
    }

    fn count(&self, hosts: &mut BTreeMap<Use, BTreeMap<String, u32>>, used: Use, address: Address) {
        if self.site.scope.relation(&address) == Relation::Own {
            return;
        }
        let of_use = hosts.entry(used).or_default();
        let host = address.host().trim_end_matches('.');
        if of_use.len() < HOSTS || of_use.contains_key(host) {
            let times = of_use.entry(host.to_owned()).or_default();
            *times = times.saturating_add(1);
        }
    }

    fn pictures(&self, page: &Page) -> Vec<Picture> {
        let rules = self.rules.tampering();
        let is_emblem = |link: &&Link| link.kind == LinkKind::Image && rules.is_emblem(&link.raw);
        let marks = page.links.iter().filter(is_emblem);
        let resolved = marks.filter_map(|link| page.base.resolve(&link.raw, page.charset.encoding).ok());
        let mut pictures: Vec<Picture> = resolved
            .take(PICTURES)
            .map(|address| {
                let look = (self.look_of)(&address);
                Picture {
                    bytes: look.map(|look| look.bytes),
                    likeness: look.and_then(|look| look.likeness),
                    address: cut(&address.key().to_string()),
                }
            })
            .collect();
        pictures.sort();
        pictures.dedup();
        pictures
    }
}

/// The text of a page, in three forms.
struct Texts {
    opening: String,
    parts: [u64; 3],
    sketch: Sketch,
}

impl Texts {
    /// Each block counts by itself, so that their order does not.
    fn of(page: &Page) -> Texts {
        let (mut opening, mut parts, mut grams) = (String::new(), [0_u64; 3], Vec::new());
        let mut left = TEXT_CHARS;
        for block in &page.text.blocks {
            let text = lasting(page.text.of(block));
            let part = match block.region {
                Region::Navigation => 0,
                Region::Main => 1,
                Region::Footer => 2,
            };
            parts[part] = parts[part].wrapping_add(xxh3_64(text.as_bytes()));
            if part == 1 && opening.len() < FIELD_CHARS {
                opening.push_str(&text);
                opening.push(' ');
            }
            let chars: Vec<char> = text.chars().take(left).collect();
            left -= chars.len();
            let gram = |gram: &[char]| xxh3_64(gram.iter().collect::<String>().as_bytes());
            match chars.len() {
                0 => {}
                1..GRAM => grams.push(gram(&chars)),
                _ => grams.extend(chars.windows(GRAM).map(gram)),
            }
        }
        Texts { opening: cut(opening.trim_end()), parts, sketch: grams.into_iter().collect() }
    }
}

fn head(page: &Page, lang: &str) -> BTreeMap<String, String> {
    let meta = |name: &str| {
        let mut tags = page.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case(name));
        tags.next().map_or("", |tag| tag.value.as_str())
    };
    let fields = [
        ("title", page.title.as_str()),
        ("keywords", meta("keywords")),
        ("description", meta("description")),
        ("charset", page.charset.encoding.name()),
        ("lang", lang),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), cut(&lasting(value)))).collect()
}

/// The names of institutions in a title.
fn names(title: &str, hosts: &Hosts) -> BTreeSet<String> {
    let parts = title.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > GRAM);
    parts.filter(|part| hosts.dark_link.names_institution(part)).take(NAMES).map(cut).collect()
}

/// Where the menus of a page lead.
fn menu(page: &Page) -> Vec<u32> {
    let links = page.links_in(Region::Navigation).filter(|link| link.kind == LinkKind::Anchor);
    let keys = links.filter_map(|link| page.base.resolve(&link.raw, page.charset.encoding).ok());
    let mut menu: Vec<u32> =
        keys.take(MENU).map(|address| (xxh3_64(address.key().to_string().as_bytes()) >> 32) as u32).collect();
    menu.sort_unstable();
    menu.dedup();
    menu
}

fn is_garbled(text: &str, rules: &Tampering) -> bool {
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    lost > 0 && lost as f64 > rules.garbled_share * text.chars().count() as f64
}

fn is_stand_in(page: &Page, rules: &Tampering) -> bool {
    let chars = page.text.visible.chars().take(rules.maintenance_chars as usize + 1).count();
    let says = |text: &str| rules.maintenance.iter().any(|word| text.contains(word.as_str()));
    chars <= rules.maintenance_chars as usize && (says(&page.title) || says(&page.text.visible))
}

fn says_gone(page: &Page) -> bool {
    soft404::phrases(&page.title, &page.main_text(FIELD_CHARS), page.content.main_chars).is_some()
}

/// The first characters of a text.
fn cut(text: &str) -> String {
    text.chars().take(FIELD_CHARS).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::baseline::Delta;
    use crate::page::{self, Source};

    /// The portrait of a page of an invented site.
    pub(crate) fn portray(html: &[u8]) -> Result<Portrait, Blind> {
        let address = Address::parse("http://www.example.gov.cn/a.html").expect("a good address");
        let site = Site::at(&address, &[]);
        let (rules, lexicons) = (RuleSet::built_in(), lexicons());
        let studio = Studio { site: &site, rules: &rules, lexicons, look_of: &|_| None };
        let page = page::parse(Source { address: &address, content_type: None, body: html, is_home: false });
        studio.portray(&page, BlobId([0; 32]))
    }

    fn lexicons() -> &'static Lexicons {
        static LEXICONS: std::sync::LazyLock<Lexicons> = std::sync::LazyLock::new(Lexicons::built_in);
        &LEXICONS
    }

    fn portrait(html: &str) -> Portrait {
        portray(format!("<meta charset=utf-8>{html}").as_bytes()).expect("a page to be seen")
    }

    #[test]
    fn what_changes_by_itself_is_no_change() {
        let check = |before: &str, after: &str| {
            let delta = Delta::between(&portrait(before), &portrait(after));
            assert!(delta.is_empty(), "{before} {after} {delta:#?}");
        };
        check("<p>今天是2026年11月21日 星期</p>", "<p>今天是2026年11月22日 星期</p>");
        check("<p>浏览次数：12</p>", "<p>浏览次数：90233</p>");
        check("<p>访问量 31234</p>", "<p>访问量 31235</p>");
        check("<li>甲项工作安排<li>乙项工作总结", "<li>乙项工作总结<li>甲项工作安排");
        check(
            "<div class=nav><a href='/x;jsessionid=0123456789ABCDEF0123'>动态</a></div>",
            "<div class=nav><a href='/x;jsessionid=FEDCBA98765432100000'>动态</a></div>",
        );
        check("<input type=hidden value=a1b2>", "<input type=hidden value=c3d4>");
    }

    #[test]
    fn what_was_not_the_page_is_not_seen() {
        let check = |html: &str, expected: Option<Blind>| {
            assert_eq!(portray(html.as_bytes()).err(), expected, "{html}");
        };
        check("<meta charset=utf-8><p>您的请求已被拦截", Some(Blind::Refused));
        check("<meta charset=utf-8><title>系统升级</title><p>敬请谅解", Some(Blind::Maintenance));
        check(
            "<meta charset=utf-8><title>您访问的页面不存在</title><p>您访问的页面不存在",
            Some(Blind::Gone),
        );
        check("<meta charset=utf-8><p>设备维护规程\u{fffd}\u{fffd}\u{fffd}", Some(Blind::Garbled));
        // A notice that brings a stranger's script or words is no notice.
        check("<meta charset=utf-8><p>系统升级<script src=//a.example/x.js></script>", None);
        check("<meta charset=utf-8><p>系统升级 hacked by z3r0", None);
    }

    #[test]
    fn an_endless_page_has_a_small_portrait() {
        let links: String = (0..20_000)
            .map(|n| format!("<a href=http://h{n}.example/>第{n}处</a><img src=/logo{n}.png><p>文{n}"))
            .collect();
        let html = format!("<title>{}</title><div class=nav>{links}</div>", "长".repeat(9_000));
        if let Ok(portrait) = portray(html.as_bytes()) {
            let bytes = serde_json::to_vec(&portrait).expect("plain data");
            assert!(bytes.len() < 32 << 10, "{} bytes", bytes.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_page_equals_itself(html in "(<[a-z]{1,5}( class=[a-z]+)?>|[一-十0-9:年月 -]|\\PC){0,60}") {
            if let Ok(portrait) = portray(html.as_bytes()) {
                prop_assert!(Delta::between(&portrait, &portrait).is_empty());
                prop_assert_eq!(portray(html.as_bytes()), Ok(portrait));
            }
        }

        #[test]
        fn the_order_of_a_list_does_not_matter(
            rows in proptest::collection::vec("[一-龥]{2,12}", 1..12),
            turn in 0_usize..12,
        ) {
            let list = |rows: &[String]| {
                let rows: String = rows.iter().map(|row| format!("<li>{row}</li>")).collect();
                portray(format!("<meta charset=utf-8><div class=main><ul>{rows}</ul></div>").as_bytes())
            };
            let mut turned = rows.clone();
            turned.rotate_left(turn % rows.len());
            if let (Ok(one), Ok(other)) = (list(&rows), list(&turned)) {
                prop_assert_eq!((one.parts, one.text, one.form), (other.parts, other.text, other.form));
            }
        }
    }
}
