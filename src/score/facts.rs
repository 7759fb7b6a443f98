//! What the score wants to know besides findings.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::column::{ColumnState, Judged};
use crate::config::Site;
use crate::facts::{HOME, Oddity, PageFacts, PageKind, Search, SearchOutcome, Visit};
use crate::indicators::{Offer, RuleSet};
use crate::link::Verdict;
use crate::page::LinkKind;
use crate::snapshot::Snapshot;

/// Columns that will be due, soonest first, at most: enough for any outlook, and it keeps the row of a scan small.
const DUE: usize = 200;

/// What one scan saw, as far as rules ask for it that no finding answers. Kept with the scan, so that its score can
/// be computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The date of judgement.
    pub today: Date,
    /// Addresses of the home page: as configured, and as it answered.
    pub home: BTreeSet<String>,
    /// Whether the home page opened.
    pub home_opened: HomeOpened,
    /// How current the home page is.
    pub home_newest: HomeNewest,
    /// How the columns stand.
    pub columns: ColumnTally,
    /// Service guides seen.
    pub guides: u64,
    /// Titles that the site's own search gave a clear answer to.
    pub searches: u64,
    /// Ids of what must be offered and was seen nowhere.
    pub not_offered: BTreeSet<String>,
    /// Columns that are in time, and until when, soonest first.
    pub due: Vec<ColumnDue>,
    /// Whether the body serves people outside.
    pub services: bool,
    /// The checks that were asked, where not all were.
    pub only: Option<Vec<String>>,
}

/// Whether the home page opened in this scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HomeOpened {
    /// It did.
    Yes {
        /// How long it took.
        millis: u32,
    },
    /// It did not; why, in Chinese.
    No(String),
    /// The monitor was refused or saw nothing; why, in Chinese.
    Unknown(String),
}

/// The newest date that can be reached from the home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HomeNewest {
    /// It has one.
    Date(Date),
    /// It has none, or the page cannot be read; why, in Chinese.
    Unknown(String),
}

/// Numbers of columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnTally {
    /// In time.
    pub fresh: u64,
    /// In time, but not for long.
    pub warn: u64,
    /// Overdue.
    pub stale: u64,
    /// With nothing in them.
    pub empty: u64,
    /// Of which nothing can be claimed.
    pub unclear: u64,
}

/// A column that is in time, but not for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDue {
    /// Its name.
    pub name: String,
    /// Its page.
    pub address: String,
    /// Its kind in the words of the report: `动态要闻类`.
    pub kind_name: String,
    /// The newest date in it.
    pub newest: Date,
    /// The last day on which it is in time.
    pub due: Date,
}

impl Facts {
    /// The columns that are in time today and no more in so many days.
    pub(super) fn due_within(&self, days: u32) -> impl Iterator<Item = &ColumnDue> {
        let end = self.today.checked_add(i64::from(days).days()).unwrap_or(self.today);
        self.due.iter().take_while(move |column| column.due < end)
    }

    /// Gathers them from a scan of the site with these columns.
    pub fn gather(
        snapshot: &dyn Snapshot,
        site: &Site,
        columns: &[Judged],
        rules: &RuleSet,
        today: Date,
        only: Option<&[String]>,
    ) -> Facts {
        let mut home = BTreeSet::from([site.home.as_str().to_owned()]);
        let mut opened = HomeOpened::Unknown("本次扫描没有访问首页".to_owned());
        if let Some(visit) = snapshot.visit(HOME) {
            opened = opened_by(&visit);
            home.extend(visit.landed);
        }
        let page = snapshot.page(HOME);
        home.extend(page.iter().map(|page| page.address.clone()));
        let home_newest = match page {
            Some(page) => newest(snapshot, &page, today),
            None => HomeNewest::Unknown("没有取得首页内容".to_owned()),
        };
        let mut tally = ColumnTally::default();
        for judged in columns {
            match judged.state {
                ColumnState::Fresh { .. } => tally.fresh += 1,
                ColumnState::Warn { .. } => tally.warn += 1,
                ColumnState::Stale { .. } => tally.stale += 1,
                ColumnState::Empty => tally.empty += 1,
                ColumnState::CannotJudge(_) | ColumnState::NotAColumn => tally.unclear += 1,
            }
        }
        let clear = |search: &&Search| !matches!(search.outcome, SearchOutcome::Unclear(_));
        Facts {
            today,
            home,
            home_opened: opened,
            home_newest,
            columns: tally,
            guides: guides(snapshot),
            searches: snapshot.searches().iter().filter(clear).count() as u64,
            not_offered: not_offered(snapshot, columns, &rules.services().offers),
            due: due(columns),
            services: site.services,
            only: only.map(<[String]>::to_vec),
        }
    }

    /// Whether an address is that of the home page.
    pub fn is_home(&self, address: &str) -> bool {
        self.home.contains(address)
    }
}

impl ColumnTally {
    /// All of them.
    pub fn all(&self) -> u64 {
        self.fresh + self.warn + self.stale + self.empty + self.unclear
    }
}

/// Guides to single matters: lists of them have rows.
fn guides(snapshot: &dyn Snapshot) -> u64 {
    let mut guides = 0;
    snapshot.pages(&mut |page| guides += u64::from(page.kind == PageKind::Service && page.items.is_empty()));
    guides
}

/// What nothing on the site, and no link of it, shows to be offered.
fn not_offered(snapshot: &dyn Snapshot, columns: &[Judged], offers: &[Offer]) -> BTreeSet<String> {
    let named = |offer: &&Offer| columns.iter().any(|judged| offer.is_title(&judged.column.name));
    let mut missing: Vec<&Offer> = offers.iter().filter(|offer| !named(offer)).collect();
    snapshot.pages(&mut |page| missing.retain(|offer| !offer.is_title(&page.title)));
    snapshot.targets(&mut |target| {
        missing.retain(|offer| !offer.address.iter().any(|pattern| pattern.is_in(&target.address)));
    });
    missing.into_iter().map(|offer| offer.id.clone()).collect()
}

/// The columns that are in time, soonest due first.
fn due(columns: &[Judged]) -> Vec<ColumnDue> {
    let until = |judged: &Judged| match judged.state {
        ColumnState::Warn { newest, due } => Some((newest, due)),
        ColumnState::Fresh { newest } => judged.column.cycle.map(|cycle| (newest, cycle.due(newest))),
        _ => None,
    };
    let of = |judged: &Judged| {
        let (newest, due) = until(judged)?;
        let (name, kind_name) = (judged.column.name.clone(), judged.column.kind_name.clone());
        Some(ColumnDue { name, address: judged.address.clone(), kind_name, newest, due })
    };
    let mut all: Vec<ColumnDue> = columns.iter().filter_map(of).collect();
    all.sort_by(|one, other| (one.due, &one.address).cmp(&(other.due, &other.address)));
    all.truncate(DUE);
    all
}

fn opened_by(visit: &Visit) -> HomeOpened {
    match visit.verdict {
        Verdict::Ok | Verdict::Redirected | Verdict::Degraded => HomeOpened::Yes { millis: visit.millis },
        Verdict::Broken | Verdict::Invalid | Verdict::Suspect => HomeOpened::No(visit.reason.clone()),
        Verdict::Blocked | Verdict::Unverified => HomeOpened::Unknown(visit.reason.clone()),
    }
}

/// The newest date of the home page's lists and of the articles it leads to; dates to come do not count.
fn newest(snapshot: &dyn Snapshot, home: &PageFacts, today: Date) -> HomeNewest {
    if home.oddities.contains(&Oddity::Challenge) {
        return HomeNewest::Unknown("首页被防护设备拦截".to_owned());
    }
    let shown = home.items.iter().filter_map(|item| item.date);
    let anchors = snapshot.links_of(HOME).into_iter().filter(|link| link.kind == LinkKind::Anchor);
    let articles = anchors
        .filter_map(|link| snapshot.page(link.target))
        .filter(|page| page.kind == PageKind::Article)
        .filter_map(|page| page.published);
    match shown.chain(articles).filter(|date| *date <= today).max() {
        Some(date) => HomeNewest::Date(date),
        None => HomeNewest::Unknown("首页及其链接的稿件上没有可识别的日期".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::address::Address;
    use crate::facts::{Announced, OutLink, Target, TargetId};
    use crate::state::{Batch, State};

    const TODAY: Date = date(2026, 11, 21);

    fn page(id: TargetId, address: &str, kind: PageKind, published: Option<Date>) -> PageFacts {
        let mut page = crate::column::tests::column_page("", &[]);
        (page.id, page.kind, page.published) = (id, kind, published);
        page.address = address.to_owned();
        page
    }

    fn visit(id: TargetId, verdict: Verdict) -> Visit {
        Visit {
            id,
            verdict,
            reason: "500 服务器错误".to_owned(),
            status: Some(500),
            failure: None,
            landed: Some("http://www.example.gov.cn/home.html".to_owned()),
            hops: Vec::new(),
            content_type: None,
            announced: Announced::default(),
            bytes: 0,
            end: None,
            tls: Vec::new(),
            certificate_until: None,
            millis: 120,
            tries: Vec::new(),
            at: Timestamp::UNIX_EPOCH,
            body: None,
            likeness: None,
        }
    }

    fn gather(change: impl FnOnce(&mut Batch)) -> Facts {
        let state = State::temporary().expect("a state in a temporary folder");
        let mut batch = Batch::default();
        batch.target(&Target {
            id: HOME,
            address: "http://www.example.gov.cn/".to_owned(),
            own: true,
            depth: 0,
            found_on: None,
            found_as: LinkKind::Other,
        });
        change(&mut batch);
        state.apply(batch).expect("the state takes rows");
        let home = Address::parse("http://www.example.gov.cn/").expect("an address");
        Facts::gather(&state, &Site::at(&home, &[]), &[], &RuleSet::built_in(), TODAY, None)
    }

    #[test]
    fn the_home_page_is_as_new_as_the_newest_article_it_leads_to() {
        let facts = gather(|batch| {
            batch.visit(&visit(HOME, Verdict::Redirected));
            let link = |target| OutLink { target, kind: LinkKind::Anchor };
            let home = page(HOME, "http://www.example.gov.cn/home.html", PageKind::Home, None);
            batch.page(&home, &[link(2), link(3), link(4)], &[]);
            for (id, published) in [(2, date(2026, 11, 3)), (3, date(2026, 11, 9)), (4, date(2027, 1, 1))] {
                let address = format!("http://www.example.gov.cn/{id}.html");
                batch.page(&page(id, &address, PageKind::Article, Some(published)), &[], &[]);
            }
        });
        assert_eq!(facts.home_newest, HomeNewest::Date(date(2026, 11, 9)));
        assert_eq!(facts.home_opened, HomeOpened::Yes { millis: 120 });
        assert!(
            facts.is_home("http://www.example.gov.cn/home.html")
                && facts.is_home("http://www.example.gov.cn/")
        );
        assert!(!facts.is_home("http://www.example.gov.cn/2.html"));
    }

    #[test]
    fn a_home_page_that_did_not_open_has_no_date() {
        let facts = gather(|batch| batch.visit(&visit(HOME, Verdict::Broken)));
        assert_eq!(facts.home_opened, HomeOpened::No("500 服务器错误".to_owned()));
        assert!(matches!(facts.home_newest, HomeNewest::Unknown(_)));
        assert!(matches!(gather(|_| {}).home_opened, HomeOpened::Unknown(_)));
    }
}
