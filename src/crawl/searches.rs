//! Asking the site's own search for some of its titles, as an inspector does.
//!
//! A handful of GET requests at the end of a scan, through the same layers as every other: at the host's pace, and
//! not where robots.txt or the operator says no. Whether a page of results is what it seems is judged here, as its
//! body does not outlive the answer; what follows from it is for the checks.

use std::{borrow::Cow, collections::HashSet};

use jiff::{ToSpan, civil::Date};
use url::form_urlencoded;

use super::Crawl;
use super::visit::Visitor;
use crate::address::{Address, Key, Relation};
use crate::facts::{HOME, Oddity, PageFacts, PageKind, Search, SearchOutcome};
use crate::fetch::{Purpose, Request};
use crate::link::{Evidence, judge};
use crate::page::{self, LinkKind, Page, SearchForm, Source};
use crate::snapshot::Snapshot;

/// Questions of one scan at most: the search of a site is its most expensive page.
const MOST: usize = 4;
/// Characters of a title that is searched for. A shorter one is found on many pages.
const TITLE_CHARS: std::ops::RangeInclusive<usize> = 6..=60;
/// Letters from which two titles are the same: results cut long ones.
const SAME_LETTERS: usize = 8;

/// What the home page says about searching.
pub(super) struct Desk {
    form: SearchForm,
    action: Address,
    encoding: &'static encoding_rs::Encoding,
    pub(super) home: Address,
    /// Where the home page leads: what a page of results shares with it is no result.
    known: HashSet<Key>,
}

/// A page that must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    title: String,
    address: Address,
}

impl Crawl<'_> {
    /// Asks the site's own search for some of its titles, where it has one that can be asked.
    pub(super) async fn try_search(&mut self) {
        if !self.site.search {
            return;
        }
        let Some(desk) = self.desk() else { return };
        for wanted in self.wanted() {
            let Some(address) = desk.question(&wanted.title) else { continue };
            if self.site.excludes(&address) {
                return;
            }
            let asked = address.to_string();
            let outcome = self.visitor.search(&desk, &wanted, address).await;
            self.progress.searches.push(Search {
                title: wanted.title,
                wanted: wanted.address.to_string(),
                asked,
                outcome,
            });
        }
    }

    /// The search form of the home page, from its evidence; `None` where it has none that is sent to the site itself.
    pub(super) fn desk(&self) -> Option<Desk> {
        let facts = self.state.page(HOME)?;
        let visit = self.state.visit(HOME)?;
        let body = self.visitor.evidence.get_blocking(visit.body?).ok().flatten()?;
        let home = Address::parse(&facts.address).ok()?;
        let content_type = visit.content_type.as_deref();
        let page = page::parse(Source { address: &home, content_type, body: &body, is_home: true });
        let form = page.search_form(&self.visitor.examiner.rules.searching().signs)?;
        let encoding = page.charset.encoding;
        let action = page.base.resolve(&form.action, encoding).ok()?;
        let known = keys(&page).map(|(_, key)| key).collect();
        let is_own = self.site.scope.relation(&action) == Relation::Own;
        is_own.then_some(Desk { form, action, encoding, home, known })
    }

    /// The newest titles of each kind that the index has had time to take in.
    fn wanted(&self) -> Vec<Wanted> {
        let rules = &self.visitor.examiner.rules;
        let searching = rules.searching();
        let latest = self.visitor.examiner.today.saturating_sub(i64::from(searching.index_days).days());
        let (mut articles, mut policies, mut services) = (Vec::new(), Vec::new(), Vec::new());
        self.state.pages(&mut |facts| {
            let of = match facts.kind {
                PageKind::Service => &mut services,
                PageKind::Article => {
                    match tag(facts, "ColumnName").and_then(|name| rules.columns().classify(name)) {
                        Some((kind, _)) if kind.id == "policy" => &mut policies,
                        _ => &mut articles,
                    }
                }
                _ => return,
            };
            if let Some(dated) = dated(facts, latest) {
                // Of two equally new ones the first that was met.
                let place = of.partition_point(|(date, _): &(Date, Wanted)| *date >= dated.0);
                of.insert(place, dated);
                of.truncate(MOST);
            }
        });
        let each =
            [(policies, searching.policies), (services, searching.services), (articles, searching.articles)];
        let chosen = each.into_iter().flat_map(|(pages, most)| pages.into_iter().take(most));
        chosen.map(|(_, wanted)| wanted).take(MOST).collect()
    }
}

/// A page with a title that can be searched for, and its date.
fn dated(facts: &PageFacts, latest: Date) -> Option<(Date, Wanted)> {
    let date = facts.published.filter(|date| *date <= latest)?;
    // A page with a list on it is no single piece of information.
    let title = tag(facts, "ArticleTitle").filter(|_| facts.items.is_empty())?.trim();
    let address = Address::parse(&facts.address).ok()?;
    TITLE_CHARS.contains(&title.chars().count()).then(|| (date, Wanted { title: title.to_owned(), address }))
}

fn tag<'a>(facts: &'a PageFacts, name: &str) -> Option<&'a str> {
    let mut tags = facts.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case(name));
    tags.find(|tag| !tag.value.is_empty()).map(|tag| tag.value.as_str())
}

impl Desk {
    /// The address that asks for some words, encoded as the form's page is.
    pub(super) fn question(&self, words: &str) -> Option<Address> {
        let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|text| self.encoding.encode(text).0;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.encoding_override(Some(encode));
        query.extend_pairs(&self.form.fields).append_pair(&self.form.words, words);
        let mut url = self.action.url().clone();
        url.set_query(Some(&query.finish()));
        Address::parse(url.as_str()).ok()
    }
}

impl Visitor {
    async fn search(&self, desk: &Desk, wanted: &Wanted, address: Address) -> SearchOutcome {
        let request = Request { referrer: Some(desk.home.clone()), ..Request::of(address, Purpose::Page) };
        let outcome = self.fetch.fetch(&request).await;
        // Asked once: an answer that says error is one, a connection that failed may have had a bad moment.
        let (verdict, reason) = judge(&Evidence { outcome: &outcome, tries: &[], tries_needed: 0 });
        let works = verdict.works();
        match outcome {
            Ok(capture) if works => {
                let page = page::parse(Source {
                    address: &capture.address,
                    content_type: capture.header("content-type"),
                    body: &capture.body,
                    is_home: false,
                });
                let nothing = &self.examiner.rules.searching().nothing;
                read(&page, &desk.known, wanted, nothing)
            }
            Ok(_) if verdict.counts() => SearchOutcome::Failed(reason),
            _ => SearchOutcome::Unclear(reason),
        }
    }
}

/// What a page of results says.
fn read(page: &Page, known: &HashSet<Key>, wanted: &Wanted, nothing: &[String]) -> SearchOutcome {
    let unclear = |why: &str| SearchOutcome::Unclear(why.to_owned());
    if page.oddities.contains(&Oddity::Challenge) {
        return unclear("被防护设备拦截");
    }
    let key = wanted.address.key();
    let title = letters(&wanted.title);
    let bears = |text: &str| {
        let shown = letters(text);
        shown.contains(&title) || (shown.chars().count() >= SAME_LETTERS && title.starts_with(&shown))
    };
    if keys(page).any(|(text, link)| link == key || bears(text)) {
        return SearchOutcome::Found;
    }
    if page.oddities.iter().any(Oddity::hides_content) {
        return unclear("结果由脚本显示");
    }
    let shows_others = page.items.iter().any(|item| {
        let link = page.base.resolve(&page.links[item.link].raw, page.charset.encoding);
        item.date.is_some() && link.is_ok_and(|address| !known.contains(&address.key()))
    });
    if shows_others || nothing.iter().any(|words| page.text.visible.contains(words.as_str())) {
        return SearchOutcome::Missed;
    }
    unclear("结果页上没有可识别的结果，可能由脚本显示")
}

/// Text and key of every link that a person may follow.
fn keys(page: &Page) -> impl Iterator<Item = (&str, Key)> {
    page.links.iter().filter(|link| link.kind == LinkKind::Anchor).filter_map(|link| {
        let address = page.base.resolve(&link.raw, page.charset.encoding).ok()?;
        Some((link.text.as_str(), address.key()))
    })
}

/// A text without what results add and leave out.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn address(path: &str) -> Address {
        Address::parse(&format!("http://www.example.gov.cn{path}")).expect("a good address")
    }

    #[test]
    fn results_are_read_as_a_visitor_reads_them() {
        let rules = RuleSet::built_in();
        let wanted = Wanted {
            title: "关于印发《监测办法》的通知（全文）".to_owned(),
            address: address("/zc/1.html"),
        };
        let known = HashSet::from([address("/xw/9.html").key()]);
        let check = |body: &str, expected: &str| {
            let html =
                format!("<title>搜索</title><p>您搜索的是：关于印发《监测办法》的通知（全文）</p>{body}");
            let at = address("/search/");
            let source = Source { address: &at, content_type: None, body: html.as_bytes(), is_home: false };
            let outcome = read(&page::parse(source), &known, &wanted, &rules.searching().nothing);
            assert!(format!("{outcome:?}").starts_with(expected), "{body}: {outcome:?}");
        };
        check("<li><a href=/zc/1.html>结果</a></li>", "Found");
        check("<li><a href=/s?id=7>关于印发<em>《监测办法》</em>的通知…</a></li>", "Found");
        check("<li><a href=/zc/2.html>关于公布监测点位的通告</a><span>2026-11-02</span></li>", "Missed");
        check("<p>抱歉，没有找到相关结果</p>", "Missed");
        // A list that stands on the home page, too, is the frame of the page and no result.
        check("<li><a href=/xw/9.html>最新要闻标题文字</a><span>2026-11-02</span></li>", "Unclear");
        check("<div id=list></div><script src=a.js></script>", "Unclear");
        check("", "Unclear");
    }

    #[test]
    fn questions_are_encoded_as_their_page_is() {
        let form = SearchForm {
            action: "/s".to_owned(),
            words: "q".to_owned(),
            fields: vec![("site".to_owned(), "a&b".to_owned())],
        };
        let check = |encoding, expected: &str| {
            let desk = Desk {
                form: form.clone(),
                action: address("/s?old=1"),
                encoding,
                home: address("/"),
                known: HashSet::new(),
            };
            let asked = desk.question("环境 一").expect("an address");
            assert_eq!(asked.url().query(), Some(expected));
        };
        check(encoding_rs::UTF_8, "site=a%26b&q=%E7%8E%AF%E5%A2%83+%E4%B8%80");
        check(encoding_rs::GBK, "site=a%26b&q=%BB%B7%BE%B3+%D2%BB");
    }
}
