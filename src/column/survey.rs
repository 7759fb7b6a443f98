//! All columns of a site, judged.

use std::collections::{HashMap, HashSet};

use jiff::{ToSpan, civil::Date};

use super::{Classified, ColumnState, classify, newest, state};
use crate::config;
use crate::facts::{Oddity, PageFacts, PageKind, ShownDate, TargetId};
use crate::indicators::RuleSet;
use crate::page::LinkKind;
use crate::snapshot::Snapshot;

/// One column of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its page.
    pub page: TargetId,
    /// Address of that page.
    pub address: String,
    /// Kind of that page.
    pub kind: PageKind,
    /// What it is.
    pub column: Classified,
    /// How it stands.
    pub state: ColumnState,
    /// The newest date in it that is not after the day of the judgement, and that its article does not contradict.
    pub newest: Option<Date>,
    /// The newest such date by the list alone.
    pub listed: Option<Date>,
    /// Rows of its list.
    pub rows: usize,
    /// Rows with a date.
    pub dated: usize,
}

/// Judges every column of a site, once each, in the order of their pages' numbers.
pub fn survey(
    snapshot: &dyn Snapshot,
    registered: &[config::Column],
    rules: &RuleSet,
    today: Date,
) -> Vec<Judged> {
    let tolerance = rules.publishing().dating.days;
    let rules = rules.columns();
    let registered: HashMap<_, _> =
        registered.iter().map(|column| (place(column.address.as_str()).to_owned(), column)).collect();
    let mut seen = HashSet::new();
    let mut columns = Vec::new();
    snapshot.pages(&mut |facts| {
        let place = place(&facts.address);
        let Some(column) = classify(facts, registered.get(place).copied(), rules) else { return };
        if !seen.insert(place.to_owned()) {
            return; // The same list, under http and https or with and without its index file.
        }
        let mut facts = dated_by_articles(facts, snapshot);
        let listed = newest(&facts, today);
        confirm(&mut facts, snapshot, today, tolerance);
        columns.push(Judged {
            page: facts.id,
            address: facts.address.clone(),
            kind: facts.kind,
            state: state(&facts, &column, rules, today),
            newest: newest(&facts, today),
            listed,
            column,
            rows: facts.items.len(),
            dated: facts.items.iter().filter(|item| item.date.is_some()).count(),
        });
    });
    spare_picture_columns(snapshot, &mut columns);
    columns
}

/// An address without scheme and index file: where a column stands, however it is reached.
pub fn place(address: &str) -> &str {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (folder, file) = address.rsplit_once('/').unwrap_or((address, ""));
    let is_index = file.is_empty() || matches!(file.split_once('.'), Some(("index" | "default", _)));
    if is_index && !file.contains('?') { folder } else { address }
}

/// Facts with the dates that the list leaves out, taken from the articles it leads to.
fn dated_by_articles(facts: &PageFacts, snapshot: &dyn Snapshot) -> PageFacts {
    let mut facts = facts.clone();
    for item in facts.items.iter_mut().filter(|item| item.date.is_none()) {
        item.date = item.target.and_then(|target| snapshot.page(target)).and_then(|page| page.dated());
    }
    facts
}

/// Lets the articles confirm the newest date of a list. An inspector opens the newest item: one that shows an earlier
/// date counts by that, one that shows none counts for nothing. A list that would lose all its dates keeps them:
/// what shows no date anywhere does so by its template, and another check says so.
fn confirm(facts: &mut PageFacts, snapshot: &dyn Snapshot, today: Date, tolerance: u16) {
    let mut rows: Vec<(Date, usize)> = facts
        .items
        .iter()
        .enumerate()
        .filter_map(|(row, item)| Some((item.date.filter(|date| *date <= today)?, row)))
        .collect();
    rows.sort_unstable_by(|one, other| other.cmp(one));
    let mut taken = Vec::new();
    let mut newest = None;
    for (listed, row) in rows {
        if newest >= Some(listed) {
            break; // No later row can be newer.
        }
        let article = facts.items[row].target.and_then(|target| snapshot.page(target));
        let date = article.map_or(Some(listed), |article| by_article(&article, listed, tolerance));
        newest = newest.max(date);
        if date != Some(listed) {
            taken.push((row, date));
        }
    }
    if newest.is_some() {
        for (row, date) in taken {
            facts.items[row].date = date;
        }
    }
}

/// The date of a row, once its article was asked.
fn by_article(article: &PageFacts, listed: Date, tolerance: u16) -> Option<Date> {
    if article.kind != PageKind::Article || article.oddities.iter().any(Oddity::hides_content) {
        return Some(listed);
    }
    match article.shown {
        ShownDate::Published(shown) if shown < listed.saturating_sub(i64::from(tolerance).days()) => {
            Some(shown)
        }
        ShownDate::Published(_) | ShownDate::Unlabelled => Some(listed),
        ShownDate::None => None,
    }
}

/// A column may consist of pictures that lead somewhere, with neither a row nor a word. A page that links to what no
/// other page links to is not blank; its state becomes one that claims nothing.
fn spare_picture_columns(snapshot: &dyn Snapshot, columns: &mut [Judged]) {
    let blank: HashSet<_> = columns
        .iter()
        .filter(|judged| judged.state == ColumnState::Empty)
        .map(|judged| judged.page)
        .collect();
    if blank.is_empty() {
        return;
    }
    // For each target of a blank column: that column, until another page turns out to lead there, too.
    let mut only_from: HashMap<TargetId, Option<TargetId>> = HashMap::new();
    snapshot.links(&mut |page, links| {
        if blank.contains(&page) {
            for link in links.iter().filter(|link| link.kind == LinkKind::Anchor && link.target != page) {
                let from = only_from.entry(link.target).or_insert(Some(page));
                if *from != Some(page) {
                    *from = None;
                }
            }
        }
    });
    snapshot.links(&mut |page, links| {
        for link in links {
            if let Some(from) = only_from.get_mut(&link.target)
                && *from != Some(page)
            {
                *from = None;
            }
        }
    });
    let with_own_links: HashSet<_> = only_from.into_values().flatten().collect();
    for judged in columns.iter_mut().filter(|judged| with_own_links.contains(&judged.page)) {
        judged.state = ColumnState::CannotJudge("没有可识别的列表");
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::column::tests::column_page;
    use crate::facts::{Echo, HostDown, Listing, OutLink, Probe, Search, Target, Visit};
    use crate::indicators::RuleSet;
    use crate::link::cloak;
    use crate::link::landing::Landing;

    #[test]
    fn a_list_has_one_place_however_it_is_linked() {
        let check = |address: &str, expected: &str| assert_eq!(place(address), expected);
        check("http://www.example.gov.cn/xwdt/", "www.example.gov.cn/xwdt");
        check("https://www.example.gov.cn/xwdt/index.html", "www.example.gov.cn/xwdt");
        check("https://www.example.gov.cn/xwdt/default.aspx", "www.example.gov.cn/xwdt");
        check("https://www.example.gov.cn/list.jsp?id=3", "www.example.gov.cn/list.jsp?id=3");
        check("https://www.example.gov.cn/index.jsp?id=3", "www.example.gov.cn/index.jsp?id=3");
        check("https://www.example.gov.cn/", "www.example.gov.cn");
    }

    /// Pages and their links, and nothing else of a scan.
    struct Pages<'a>(&'a [(PageFacts, Vec<OutLink>)]);

    impl Snapshot for Pages<'_> {
        fn targets(&self, _: &mut dyn FnMut(&Target)) {}
        fn pages(&self, each: &mut dyn FnMut(&PageFacts)) {
            self.0.iter().for_each(|(facts, _)| each(facts));
        }

        fn visits(&self, _: &mut dyn FnMut(&Target, &Visit)) {}

        fn links(&self, each: &mut dyn FnMut(TargetId, &[OutLink])) {
            self.0.iter().for_each(|(facts, links)| each(facts.id, links));
        }

        fn target(&self, _: TargetId) -> Option<Target> {
            None
        }

        fn visit(&self, _: TargetId) -> Option<Visit> {
            None
        }

        fn links_of(&self, _: TargetId) -> Vec<OutLink> {
            Vec::new()
        }

        fn page(&self, id: TargetId) -> Option<PageFacts> {
            self.0.iter().find(|(facts, _)| facts.id == id).map(|(facts, _)| facts.clone())
        }

        fn hosts_down(&self) -> Vec<HostDown> {
            Vec::new()
        }

        fn probes(&self) -> Vec<Probe> {
            Vec::new()
        }

        fn listings(&self) -> Vec<Listing> {
            Vec::new()
        }

        fn echo(&self) -> Option<Echo> {
            None
        }

        fn landings(&self) -> Vec<Landing> {
            Vec::new()
        }

        fn cloaking(&self) -> Option<cloak::Probe> {
            None
        }

        fn searches(&self) -> Vec<Search> {
            Vec::new()
        }

        fn plain_http(&self) -> Option<String> {
            None
        }
    }

    /// A page at `/name/` that links to these targets.
    fn page(
        id: TargetId,
        name: &str,
        dates: &[Option<Date>],
        links: &[TargetId],
    ) -> (PageFacts, Vec<OutLink>) {
        let mut facts = column_page(name, dates);
        (facts.id, facts.address) = (id, format!("http://www.example.gov.cn/{name}/"));
        facts.content.main_chars = 12;
        (facts, links.iter().map(|target| OutLink { target: *target, kind: LinkKind::Anchor }).collect())
    }

    fn states(pages: &[(PageFacts, Vec<OutLink>)]) -> Vec<(TargetId, ColumnState)> {
        let columns = survey(&Pages(pages), &[], &RuleSet::built_in(), date(2026, 11, 21));
        columns.into_iter().map(|judged| (judged.page, judged.state)).collect()
    }

    #[test]
    fn a_column_that_links_to_what_no_other_page_does_is_not_blank() {
        let pages = [
            page(1, "要闻", &[], &[2, 3, 9]),
            page(2, "公示", &[], &[1, 3, 9]),
            page(3, "解读", &[], &[1, 2, 7]),
        ];
        let unclear = ColumnState::CannotJudge("没有可识别的列表");
        assert_eq!(states(&pages), [(1, ColumnState::Empty), (2, ColumnState::Empty), (3, unclear)]);
    }

    #[test]
    fn the_same_list_is_judged_once() {
        let mut again = page(2, "要闻", &[], &[]);
        again.0.address = "https://www.example.gov.cn/要闻/index.html".to_owned();
        assert_eq!(states(&[page(1, "要闻", &[], &[]), again]), [(1, ColumnState::Empty)]);
    }

    #[test]
    fn articles_lend_their_dates_to_rows_without_one() {
        let mut column = page(1, "要闻", &[None], &[5]);
        column.0.items[0].target = Some(5);
        let mut article = page(5, "稿件", &[], &[1]);
        (article.0.kind, article.0.published) = (PageKind::Article, Some(date(2026, 11, 20)));
        let fresh = ColumnState::Fresh { newest: date(2026, 11, 20) };
        assert_eq!(states(&[column, article]), [(1, fresh)]);
    }

    #[test]
    fn the_newest_date_of_a_list_is_the_one_that_its_article_shows() {
        let check = |articles: &[(Option<Date>, ShownDate)], newest: Option<Date>| {
            let listed: Vec<_> = articles.iter().map(|(listed, _)| *listed).collect();
            let mut pages = vec![page(1, "要闻", &listed, &[])];
            for (row, (id, (_, shown))) in (2..).zip(articles).enumerate() {
                let mut article = page(id, "稿件", &[], &[]);
                (article.0.kind, article.0.shown) = (PageKind::Article, *shown);
                pages[0].0.items[row].target = Some(id);
                pages.push(article);
            }
            let judged = survey(&Pages(&pages), &[], &RuleSet::built_in(), date(2026, 11, 21));
            assert_eq!(judged[0].newest, newest, "{articles:?}");
            assert_eq!(judged[0].listed, listed[0], "{articles:?}");
        };
        let (new, old) = (Some(date(2026, 11, 19)), Some(date(2026, 10, 8)));
        let shown = |date: Option<Date>| ShownDate::Published(date.expect("a date"));
        check(&[(new, shown(new)), (old, shown(old))], new);
        check(&[(new, shown(old)), (old, shown(old))], old);
        check(&[(new, ShownDate::None), (old, shown(old))], old);
        check(&[(new, ShownDate::Unlabelled), (old, shown(old))], new);
        // A few days lie between writing and publishing; an article may speak of its update.
        check(&[(new, ShownDate::Published(date(2026, 11, 17))), (old, shown(old))], new);
        check(&[(new, ShownDate::Published(date(2026, 11, 21))), (old, shown(old))], new);
        // No article shows a date: that is the template's.
        check(&[(new, ShownDate::None), (old, ShownDate::None)], new);
        // Older rows are not asked.
        check(&[(new, shown(new)), (old, ShownDate::None)], new);
    }
}
