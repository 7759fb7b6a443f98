//! What was seen when: articles and lists over all scans of a site. Forged dates of publication are told from it.
//!
//! Of an article only its first sighting is kept: which date it showed then, and until when a list had stood without
//! it. Nothing of that changes later, so what follows from it stays true until the site mends it. It cannot be had a
//! second time and is therefore part of the record; 200,000 articles are some 20 MB there.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use crate::address::Address;
use crate::facts::{ItemFact, PageFacts, PageKind, TargetId};
use crate::snapshot::Snapshot;

/// Dated rows from which a page is a list, so that its last row tells how far back it reaches.
const LIST_ROWS: usize = 3;
/// Characters by which titles are compared: lists cut them off.
const TITLE_CHARS: usize = 30;

/// A page or a title by its hash: equal ones are the same, but for one chance in a thousand million on a large site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of a page, equal for all addresses that the crawl takes for one.
    pub fn of_page(address: &str) -> Key {
        match Address::parse(address) {
            Ok(address) => Key(xxh3_64(address.key().to_string().as_bytes())),
            Err(_) => Key(xxh3_64(address.as_bytes())),
        }
    }

    /// The key of a title, marks and spaces aside.
    pub fn of_title(title: &str) -> Key {
        let letters: String = title.chars().take(TITLE_CHARS).filter(|c| c.is_alphanumeric()).collect();
        Key(xxh3_64(letters.as_bytes()))
    }
}

/// The first sighting of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The article.
    pub page: Key,
    /// Its title.
    pub title: Key,
    /// The date of publication it showed then, if any.
    pub shown: Option<Date>,
    /// The day of the scan that met it first.
    pub first_seen: Date,
    /// The day of the last scan before, in which a list that would have shown an article of this date stood without
    /// it. `None`: no list tells, or an article with this title was known elsewhere and only moved.
    pub absent: Option<Date>,
}

impl Sighting {
    /// By how many days its date is earlier than the day on which it was not there yet.
    pub fn days_back(&self) -> Option<i32> {
        Some((self.absent? - self.shown?).get_days()).filter(|days| *days > 0)
    }
}

/// A list, as the last scan saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSighting {
    /// Its page.
    pub page: Key,
    /// The day of that scan.
    pub seen: Date,
    /// How far back it reached: the date of its last row. Pinned rows, which may be older, stand first.
    pub reach: Date,
}

/// Everything seen on a site.
#[derive(Debug, Default)]
pub struct Sightings {
    articles: HashMap<Key, Sighting>,
    titles: HashSet<Key>,
    lists: HashMap<Key, ListSighting>,
}

/// What a scan adds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learnt {
    /// Articles that nobody knew.
    pub articles: Vec<Sighting>,
    /// Lists, each in the place of what was known of it.
    pub lists: Vec<ListSighting>,
}

impl Sightings {
    /// What is known already.
    pub fn of(articles: Vec<Sighting>, lists: Vec<ListSighting>) -> Sightings {
        let mut sightings = Sightings::default();
        sightings.take(&Learnt { articles, lists });
        sightings
    }

    /// The first sighting of the article at this address.
    pub fn article(&self, address: &str) -> Option<&Sighting> {
        self.articles.get(&Key::of_page(address))
    }

    /// Learns what a scan that began on `day` saw, and says what is new.
    pub fn learn(&mut self, snapshot: &dyn Snapshot, day: Date) -> Learnt {
        let seen = Seen::of(snapshot);
        let mut new: HashMap<Key, Sighting> = HashMap::new();
        let mut order = Vec::new();
        let mut lists = Vec::new();
        for list in &seen.lists {
            let before = self.lists.get(&list.page);
            for row in &list.rows {
                let Some(Some(page)) = seen.keys.get(row.target as usize).copied() else { continue };
                if self.articles.contains_key(&page) {
                    continue;
                }
                let sighting = new.entry(page).or_insert_with(|| {
                    order.push(page);
                    Sighting { page, title: row.title, shown: row.date, first_seen: day, absent: None }
                });
                let is_moved = self.titles.contains(&row.title);
                let told =
                    before.filter(|before| !is_moved && row.date.is_some_and(|date| date > before.reach));
                sighting.absent = sighting.absent.max(told.map(|before| before.seen));
            }
            lists.extend(list.reach().map(|reach| ListSighting { page: list.page, seen: day, reach }));
        }
        for article in seen.articles {
            if self.articles.contains_key(&article.page) {
                continue;
            }
            let sighting = new.entry(article.page).or_insert_with(|| {
                order.push(article.page);
                let Article { page, title, shown } = article;
                Sighting { page, title, shown, first_seen: day, absent: None }
            });
            sighting.shown = article.shown.or(sighting.shown);
        }
        let articles = order.into_iter().filter_map(|page| new.remove(&page)).collect();
        let learnt = Learnt { articles, lists };
        self.take(&learnt);
        learnt
    }

    fn take(&mut self, learnt: &Learnt) {
        self.titles.extend(learnt.articles.iter().map(|article| article.title));
        self.articles.extend(learnt.articles.iter().map(|article| (article.page, *article)));
        self.lists.extend(learnt.lists.iter().map(|list| (list.page, *list)));
    }
}

/// What of a scan matters here, gathered in one pass over its pages.
#[derive(Default)]
struct Seen {
    /// By the number of the target: the key of a page of the site.
    keys: Vec<Option<Key>>,
    lists: Vec<List>,
    articles: Vec<Article>,
}

struct Article {
    page: Key,
    title: Key,
    shown: Option<Date>,
}

struct List {
    page: Key,
    rows: Vec<Row>,
}

struct Row {
    target: TargetId,
    title: Key,
    date: Option<Date>,
}

impl Seen {
    fn of(snapshot: &dyn Snapshot) -> Seen {
        let mut seen = Seen::default();
        snapshot.pages(&mut |facts| {
            // An address that answers from elsewhere is the page that it answers with.
            let page = Key::of_page(&facts.address);
            seen.put(facts.id, page);
            match facts.kind {
                PageKind::Home | PageKind::Column => {
                    let list = List { page, rows: rows(facts) };
                    if list.rows.iter().filter(|row| row.date.is_some()).count() >= LIST_ROWS {
                        seen.lists.push(list);
                    }
                }
                PageKind::Article => {
                    let title = Key::of_title(facts.own_title());
                    seen.articles.push(Article { page, title, shown: facts.dated() });
                }
                PageKind::Service | PageKind::Message | PageKind::Search | PageKind::Other => {}
            }
        });
        snapshot.targets(&mut |target| {
            if target.own && seen.keys.get(target.id as usize).copied().flatten().is_none() {
                seen.put(target.id, Key::of_page(&target.address));
            }
        });
        seen
    }

    fn put(&mut self, id: TargetId, key: Key) {
        let at = id as usize;
        self.keys.resize(self.keys.len().max(at + 1), None);
        self.keys[at] = Some(key);
    }
}

impl List {
    /// The date of its last row that has one.
    fn reach(&self) -> Option<Date> {
        self.rows.iter().rev().find_map(|row| row.date)
    }
}

fn rows(facts: &PageFacts) -> Vec<Row> {
    let row = |item: &ItemFact| {
        Some(Row { target: item.target?, title: Key::of_title(&item.title), date: item.date })
    };
    facts.items.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::column::tests::column_page;
    use crate::facts::ShownDate;
    use crate::state::{Batch, State};

    const LIST: &str = "http://www.example.gov.cn/xwdt/";

    /// A scan that saw one list with these articles: number, day of November 2026.
    fn scan(articles: &[(u32, i8)]) -> State {
        let state = State::temporary().expect("a state in a temporary folder");
        let mut batch = Batch::default();
        let mut list = column_page("要闻", &[]);
        list.address = LIST.to_owned();
        for (id, day) in articles {
            let shown = date(2026, 11, *day);
            list.items.push(ItemFact {
                target: Some(*id),
                title: format!("第{id}号消息"),
                date: Some(shown),
            });
            let mut article = column_page("要闻", &[]);
            (article.id, article.kind) = (*id, PageKind::Article);
            (article.address, article.title) = (address(*id), format!("第{id}号消息"));
            article.shown = ShownDate::Published(shown);
            batch.page(&article, &[], &[]);
        }
        batch.page(&list, &[], &[]);
        state.apply(batch).expect("the state takes rows");
        state
    }

    fn address(id: u32) -> String {
        format!("http://www.example.gov.cn/xwdt/{id}.html")
    }

    fn days_back(sightings: &Sightings, id: u32) -> Option<i32> {
        sightings.article(&address(id)).expect("it was seen").days_back()
    }

    #[test]
    fn an_article_that_was_not_there_when_it_says_is_told() {
        let mut sightings = Sightings::default();
        let first = sightings.learn(&scan(&[(10, 9), (11, 5), (12, 1)]), date(2026, 11, 10));
        assert_eq!((first.articles.len(), first.lists.len()), (3, 1));
        assert_eq!(days_back(&sightings, 10), None, "nobody looked before");
        let later = scan(&[(20, 14), (21, 3), (10, 9), (11, 5), (12, 1)]);
        let second = sightings.learn(&later, date(2026, 11, 15));
        assert_eq!(second.articles.len(), 2);
        assert_eq!(days_back(&sightings, 20), None, "it is newer than the last look");
        assert_eq!(days_back(&sightings, 21), Some(7));
        // Nothing that comes later changes it, and a second look at the same scan teaches nothing.
        assert_eq!(sightings.learn(&later, date(2026, 11, 15)).articles, []);
        sightings.learn(&scan(&[(30, 19), (31, 18), (21, 3)]), date(2026, 11, 20));
        assert_eq!(days_back(&sightings, 21), Some(7));
    }

    #[test]
    fn what_the_list_could_not_show_or_showed_elsewhere_is_no_forgery() {
        let mut sightings = Sightings::default();
        sightings.learn(&scan(&[(10, 9), (11, 8), (12, 7)]), date(2026, 11, 10));
        // Older than the list reached back, as pinned and archived articles are.
        sightings.learn(&scan(&[(5, 2), (10, 9), (11, 8), (12, 7)]), date(2026, 11, 15));
        assert_eq!(days_back(&sightings, 5), None);
        // The same title as one that was known: it moved.
        let moved = scan(&[(21, 8), (10, 9), (12, 7)]);
        let mut list = moved.page(7).expect("the list");
        list.items[0].title = "第11号 消息".to_owned();
        let mut batch = Batch::default();
        batch.facts(&list, &[]);
        moved.apply(batch).expect("the state takes rows");
        sightings.learn(&moved, date(2026, 11, 20));
        assert_eq!(days_back(&sightings, 21), None);
    }

    #[test]
    fn keys_are_of_what_is_the_same() {
        assert_eq!(Key::of_page("http://a.test/x#y"), Key::of_page("http://a.test/x"));
        assert_ne!(Key::of_page("http://a.test/x"), Key::of_page("http://a.test/y"));
        assert_eq!(Key::of_title("“某某”通知 "), Key::of_title("某某通知"));
        Key::of_page("no address");
    }
}
