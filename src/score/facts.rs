//! What the score wants to know besides findings.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::address::Address;
use crate::column::{ColumnState, survey};
use crate::config;
use crate::facts::{Oddity, PageFacts, PageKind, TargetId, Visit};
use crate::indicators::RuleSet;
use crate::link::Verdict;
use crate::page::LinkKind;
use crate::snapshot::Snapshot;

/// What one scan saw, as far as rules ask for it that no finding answers.
#[derive(Debug, Clone)]
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
    /// The checks that were asked, where not all were.
    pub only: Option<Vec<String>>,
}

/// Whether the home page opened in this scan.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeNewest {
    /// It has one.
    Date(Date),
    /// It has none, or the page cannot be read; why, in Chinese.
    Unknown(&'static str),
}

/// Numbers of columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

impl Facts {
    /// Gathers them from a scan of a site.
    pub fn gather(
        snapshot: &dyn Snapshot,
        site: &config::Site,
        rules: &RuleSet,
        today: Date,
        only: Option<&[String]>,
    ) -> Facts {
        let mut home = BTreeSet::from([site.home.as_str().to_owned()]);
        let mut opened = HomeOpened::Unknown("本次扫描没有访问首页".to_owned());
        let mut home_id = None;
        let key = site.home.key();
        snapshot.visits(&mut |target, visit| {
            if home_id.is_none() && Address::parse(&target.address).is_ok_and(|address| address.key() == key)
            {
                home_id = Some(target.id);
                home.extend(visit.landed.clone());
                opened = opened_by(visit);
            }
        });
        let page = home_id.and_then(|id| snapshot.page(id)).or_else(|| page_of_kind_home(snapshot));
        home.extend(page.iter().map(|page| page.address.clone()));
        let home_newest = match page {
            Some(page) => newest(snapshot, &page, today),
            None => HomeNewest::Unknown("没有取得首页内容"),
        };
        let mut columns = ColumnTally::default();
        for judged in survey(snapshot, &site.columns, rules.columns(), today) {
            match judged.state {
                ColumnState::Fresh { .. } => columns.fresh += 1,
                ColumnState::Warn { .. } => columns.warn += 1,
                ColumnState::Stale { .. } => columns.stale += 1,
                ColumnState::Empty => columns.empty += 1,
                ColumnState::CannotJudge(_) | ColumnState::NotAColumn => columns.unclear += 1,
            }
        }
        Facts { today, home, home_opened: opened, home_newest, columns, only: only.map(<[String]>::to_vec) }
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

fn opened_by(visit: &Visit) -> HomeOpened {
    match visit.verdict {
        Verdict::Ok | Verdict::Redirected | Verdict::Degraded => HomeOpened::Yes { millis: visit.millis },
        Verdict::Broken | Verdict::Invalid | Verdict::Suspect => HomeOpened::No(visit.reason.clone()),
        Verdict::Blocked | Verdict::Unverified => HomeOpened::Unknown(visit.reason.clone()),
    }
}

fn page_of_kind_home(snapshot: &dyn Snapshot) -> Option<PageFacts> {
    let mut home = None;
    snapshot.pages(&mut |page| {
        if home.is_none() && page.kind == PageKind::Home {
            home = Some(page.clone());
        }
    });
    home
}

/// The newest date of the home page's lists and of the articles it leads to; dates to come do not count.
fn newest(snapshot: &dyn Snapshot, home: &PageFacts, today: Date) -> HomeNewest {
    if home.oddities.contains(&Oddity::Challenge) {
        return HomeNewest::Unknown("首页被防护设备拦截");
    }
    let shown = home.items.iter().filter_map(|item| item.date);
    let articles = anchors_of(snapshot, home.id);
    let articles = articles
        .into_iter()
        .filter_map(|target| snapshot.page(target))
        .filter(|page| page.kind == PageKind::Article)
        .filter_map(|page| page.published);
    match shown.chain(articles).filter(|date| *date <= today).max() {
        Some(date) => HomeNewest::Date(date),
        None => HomeNewest::Unknown("首页及其链接的稿件上没有可识别的日期"),
    }
}

fn anchors_of(snapshot: &dyn Snapshot, page: TargetId) -> Vec<TargetId> {
    let mut targets = Vec::new();
    snapshot.links(&mut |from, links| {
        if from == page {
            targets.extend(links.iter().filter(|link| link.kind == LinkKind::Anchor).map(|link| link.target));
        }
    });
    targets
}
