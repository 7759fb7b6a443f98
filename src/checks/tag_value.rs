//! Page tags (网页标签) whose values are there and wrong.

use jiff::{ToSpan, civil::Date};
use url::Host;

use super::tag_reading::{bare, hosts, said, shown};
use super::{About, Check, Context, Draft, Findings, check};
use crate::address::{Address, Relation, Scope};
use crate::facts::{HOME, Oddity, PageKind, Tag};
use crate::finding::{Confidence, Severity};
use crate::indicators::{Pattern, TagRule, ValueRule};
use crate::page::{Page, Region, parse_date_time};
use crate::snapshot::Snapshot;

check! {
    /// A page tag has a value that cannot be right: another site's host, a code of the wrong form or of another site,
    /// a date that is none or lies in the future, the title of another article.
    ///
    /// ## Why it matters
    /// Inspectors' tools and search services tell by the tags which site a page belongs to and when it was published.
    /// Wrong values mostly come with a template that was copied from another site.
    ///
    /// ## What to do
    /// Correct the value in the template or in the field of the content management system that it is taken from:
    /// `SiteDomain` is the host of the site, `SiteIDCode` its registered code, `PubDate` reads `YYYY-MM-DD HH:MM`.
    TagValue, id: "tag-value", name: "页面标签值不规范", category: Tags, severity: Medium,
    advice: "请更正标签的值：SiteDomain 填本站域名，SiteIDCode 填本站标识码，PubDate 填“YYYY-MM-DD HH:MM”，ArticleTitle 与标题一致。"
}

impl Check for TagValue {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if page.oddities.iter().any(Oddity::replaces_page) {
            return;
        }
        let tags = context.rules.tags();
        for tag in tags.all() {
            let Some(rule) = &tag.value else { continue };
            // Of several values the first in the head is what readers of tags take; that there are several is for
            // `tag-repeated` to say.
            let Some(value) = tags.filled(&page.tags, &tag.name).next().map(|tag| tag.value.as_str()) else {
                continue;
            };
            let wrong = match rule {
                ValueRule::Host => wrong_host(value, &page.address, &context.site.scope),
                ValueRule::Code { forms, shown } => {
                    let registered = registered(page, context);
                    wrong_code(value, forms, registered, || codes_shown(page, shown))
                }
                ValueRule::Date { forms, days_ahead } => {
                    wrong_date(value, forms, latest(context.today, *days_ahead))
                }
                ValueRule::Title { shared_chars } => wrong_title(value, page, *shared_chars),
                ValueRule::Position { after, between, least_names } => {
                    wrong_position(value, &way(page, after, between), *least_names)
                }
            };
            if let Some(wrong) = wrong {
                wrong.report(found, page.address.as_str(), tag, value);
            }
        }
    }

    /// Pages whose code is not that of the home page: where the bottom of a page comes by script, only this tells.
    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        for tag in context.rules.tags().all() {
            let Some(ValueRule::Code { forms, .. }) = &tag.value else { continue };
            let code = |tags: &[Tag]| {
                let value = context.rules.tags().filled(tags, &tag.name).next()?.value.as_str();
                forms.iter().any(|form| form.is_in(value)).then(|| value.to_ascii_lowercase())
            };
            let Some(home) = snapshot.page(HOME) else { continue };
            let (Some(of_home), Ok(at_home)) = (code(&home.tags), Address::parse(&home.address)) else {
                continue;
            };
            snapshot.pages(&mut |page| {
                let Some(value) = code(&page.tags).filter(|value| *value != of_home) else { return };
                // Other hosts of the same owner are often sites with codes of their own.
                let same_host = Address::parse(&page.address)
                    .is_ok_and(|address| bare(address.host()) == bare(at_home.host()));
                if same_host && !page.oddities.iter().any(Oddity::replaces_page) {
                    let why = format!("首页的网站标识码为“{of_home}”");
                    let wrong = Wrong { why, confidence: Confidence::Probable, severity: Severity::Medium };
                    wrong.report(found, &page.address, tag, &value).kind(page.kind);
                }
            });
        }
    }
}

/// Bytes of the way to a page: more is a paragraph that speaks of a place.
const WAY_BYTES: usize = 400;
/// Letters of a title that are looked for: a text that long is no title.
const TITLE: usize = 100;

/// What is wrong with a value.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    why: String,
    confidence: Confidence,
    severity: Severity,
}

impl Wrong {
    fn surely(severity: Severity, why: impl Into<String>) -> Option<Wrong> {
        Some(Wrong { why: why.into(), confidence: Confidence::Confirmed, severity })
    }

    fn less_sure(self, confidence: Confidence) -> Wrong {
        Wrong { confidence, ..self }
    }

    fn report<'a>(self, found: &'a mut Findings<'_>, page: &str, tag: &TagRule, value: &str) -> Draft<'a> {
        let what = format!("{}={}", tag.name, shown(&said(value, tag.value.as_ref())));
        let evidence = format!("{}（{}）的值为“{}”，{}", tag.name, tag.label, shown(value), self.why);
        found.add(page, what, evidence).severity(self.severity).confidence(self.confidence)
    }
}

/// A host must be that of the page, or one that stands for it: another of the site, one below, or the portal above
/// that many departments are part of. One of several is enough.
fn wrong_host(value: &str, page: &Address, scope: &Scope) -> Option<Wrong> {
    let named = hosts(value);
    if named.is_empty() {
        return Wrong::surely(Severity::Medium, "不是域名");
    }
    // A site that is tried out under a bare address names the host that it will have.
    if !matches!(page.url().host(), Some(Host::Domain(name)) if name != "localhost") {
        return None;
    }
    let own = bare(page.host());
    let is_below = |host: &str, above: &str| {
        // Everybody is below `gov.cn`.
        psl::domain_str(above).is_some() && host.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
    };
    let fits = |host: &String| {
        let other = bare(host);
        other == own
            || is_below(own, other)
            || is_below(other, own)
            || Address::parse(&format!("http://{host}/"))
                .is_ok_and(|address| scope.relation(&address) == Relation::Own)
    };
    if named.iter().any(fits) {
        return None;
    }
    let wrong = Wrong::surely(Severity::Medium, format!("与页面所在域名 {} 不一致", shown(page.host())))?;
    let is_related = named
        .iter()
        .any(|host| psl::domain_str(bare(host)).is_some_and(|domain| psl::domain_str(own) == Some(domain)));
    Some(if is_related { wrong.less_sure(Confidence::Probable) } else { wrong })
}

/// The code the site is registered under, as configured. Its other hosts may have codes of their own.
fn registered<'a>(page: &Page, context: &Context<'a>) -> Option<&'a str> {
    let at_home = bare(page.address.host()) == bare(context.site.home.host());
    context.site.id_code.as_deref().filter(|_| at_home)
}

/// The codes that the bottom of a page shows. Those in the text of an article are of whom it speaks about.
fn codes_shown(page: &Page, pattern: &Pattern) -> Vec<String> {
    let footer: Vec<&str> = page
        .text
        .blocks
        .iter()
        .filter(|block| block.region == Region::Footer)
        .filter_map(|block| page.text.visible.get(block.start..block.end))
        .collect();
    let mut codes: Vec<String> = pattern.all_in(&footer.join("\n")).map(str::to_ascii_lowercase).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn wrong_code(
    value: &str,
    forms: &[Pattern],
    registered: Option<&str>,
    codes_shown: impl FnOnce() -> Vec<String>,
) -> Option<Wrong> {
    if !forms.iter().any(|form| form.is_in(value)) {
        return Wrong::surely(Severity::Medium, "不符合网站标识码的格式（10 位数字，或 bm 加 8 位数字）");
    }
    if let Some(registered) = registered.filter(|registered| !registered.eq_ignore_ascii_case(value)) {
        return Wrong::surely(Severity::Medium, format!("与登记的网站标识码“{registered}”不一致"));
    }
    match codes_shown().as_slice() {
        [shown] if !shown.eq_ignore_ascii_case(value) => {
            Wrong::surely(Severity::Medium, format!("页面底部显示的网站标识码为“{shown}”"))
        }
        // A footer with several codes lists those of others, too.
        _ => None,
    }
}

/// The last day that a date may name.
fn latest(today: Date, days_ahead: u16) -> Date {
    today.saturating_add(i64::from(days_ahead).days())
}

fn wrong_date(value: &str, forms: &[Pattern], latest: Date) -> Option<Wrong> {
    match parse_date_time(value) {
        Some(time) if time.date() > latest => Wrong::surely(Severity::Low, "晚于检查日期"),
        Some(_) => None,
        None if forms.iter().any(|form| form.is_in(value)) => None,
        None => Wrong::surely(Severity::Low, "不能识别为日期"),
    }
}

/// A title of which the page shows nothing. Spelling differs too much between tag and page for more: line breaks,
/// quotation marks, an ellipsis, a subtitle.
fn wrong_title(value: &str, page: &Page, shared_chars: usize) -> Option<Wrong> {
    let is_whole =
        !page.oddities.iter().any(|oddity| matches!(oddity, Oddity::ScriptBuilt | Oddity::Limited(_)));
    if page.kind != PageKind::Article || !is_whole || shares(value, &page.text.visible, shared_chars) {
        return None;
    }
    if shares(value, &page.title, shared_chars) {
        return None;
    }
    Some(Wrong::surely(Severity::Low, "页面上没有这一标题")?.less_sure(Confidence::Note))
}

/// The names on the way to a page, as it shows it: 首页 > 政务公开 > 通知公告.
fn way<'a>(page: &'a Page, after: &[String], between: &[char]) -> Vec<&'a str> {
    let of = |text: &'a str| {
        let (at, word) = after.iter().filter_map(|word| Some((text.find(word.as_str())?, word))).min()?;
        // A way is short, and stands at the beginning of its block.
        (at + text.len() <= WAY_BYTES).then(|| &text[at + word.len()..])
    };
    let Some(way) = page.text.blocks.iter().find_map(|block| of(page.text.of(block))) else {
        return Vec::new();
    };
    way.split(between).map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// A name that does not stand on the way to the page. What stands there may be shortened or a translation.
fn wrong_position(value: &str, way: &[&str], least_names: usize) -> Option<Wrong> {
    let fits = |name: &&str| name.contains(value) || value.contains(*name);
    if way.len() < least_names || way.iter().any(fits) {
        return None;
    }
    let why = format!("页面显示的位置为“{}”", shown(&way.join(" > ")));
    Some(Wrong::surely(Severity::Low, why)?.less_sure(Confidence::Note))
}

/// Whether a title, or `chars` letters of it in a row, stand in a text; marks and spaces do not count.
fn shares(title: &str, text: &str, chars: usize) -> bool {
    if text.contains(title) {
        return true;
    }
    let title: Vec<char> = letters(title).take(TITLE).collect();
    let text: String = letters(text).collect();
    // A short title has no parts, and one of marks alone says nothing.
    title.len() <= chars && text.contains(&title.iter().collect::<String>())
        || title.windows(chars.max(1)).any(|part| text.contains(&part.iter().collect::<String>()))
}

/// Letters and digits outside markup, which some systems leave in their titles.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let mut in_markup = false;
    text.chars().filter(move |c| {
        in_markup = (in_markup || *c == '<') && *c != '>';
        !in_markup && c.is_alphanumeric()
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::indicators::RuleSet;
    use crate::page::Source;

    fn rule(name: &str) -> ValueRule {
        let rules = RuleSet::built_in();
        let tag = rules.tags().all().iter().find(|tag| tag.name == name).expect("there is such a tag");
        tag.value.clone().expect("its value has a rule")
    }

    #[test]
    fn names_on_the_way_to_a_page() {
        let Some(ValueRule::Position { after, between, least_names }) = RuleSet::built_in()
            .tags()
            .all()
            .iter()
            .find(|tag| tag.name == "ColumnName")
            .and_then(|tag| tag.value.clone())
        else {
            panic!("it must stand on the way")
        };
        let check = |value: &str, body: &str, fine: bool| {
            let address = Address::parse("http://www.example.gov.cn/tz/").expect("a good address");
            let source =
                Source { address: &address, content_type: None, body: body.as_bytes(), is_home: false };
            let page = crate::page::parse(source);
            let wrong = wrong_position(value, &way(&page, &after, &between), least_names);
            assert_eq!(wrong.is_none(), fine, "{value} {body}: {wrong:?}");
        };
        let way = "<p>当前位置：<a href=/>首页</a> &gt; 政务公开 &gt; <a href=.>通知公告</a></p>";
        check("通知公告", way, true);
        check("政务公开", way, true);
        check("市局通知公告", way, true);
        check("公共头", way, false);
        check("公共头", "<p>您现在的位置：首页 » 通知公告 » 正文</p>", false);
        check("公共头", "<p>当前位置：<a href=/>首页</a></p>", true);
        check("公共头", "<p>通知公告</p>", true);
        check("公共头", &format!("<p>{}当前位置：首页 > 通知</p>", "某".repeat(200)), true);
        check("", "<p>当前位置：首页 > 通知</p>", true);
    }

    #[test]
    fn hosts() {
        let check = |home: &str, page: &str, value: &str, expected: Option<Confidence>| {
            let [home, page] = [home, page].map(|address| Address::parse(address).expect("a good address"));
            let wrong = wrong_host(value, &page, &Scope::new(&home, &["other.example.cn".to_owned()]));
            assert_eq!(wrong.map(|wrong| wrong.confidence), expected, "{page} {value}");
        };
        let at = |value: &str, expected: Option<Confidence>| {
            check("http://hb.example.gov.cn/", "http://hb.example.gov.cn/a.html", value, expected);
        };
        at("hb.example.gov.cn", None);
        at("https://hb.example.gov.cn/", None);
        at("HTTP://WWW.HB.EXAMPLE.GOV.CN", None);
        at("hb.example.gov.cn:80", None);
        at("old.another.gov.cn,hb.example.gov.cn", None);
        at("www.example.gov.cn", None);
        at("zx.hb.example.gov.cn", None);
        at("other.example.cn", None);
        at("jy.example.gov.cn", Some(Confidence::Probable));
        at("www.another.gov.cn", Some(Confidence::Confirmed));
        at("www.gov.cn", Some(Confidence::Confirmed));
        at("gov.cn", Some(Confidence::Confirmed));
        at("hb.example.gov.cn.evil.com", Some(Confidence::Confirmed));
        at("示例市生态环境局", Some(Confidence::Confirmed));
        check("http://www.example.gov.cn/", "http://hb.example.gov.cn/", "jy.example.gov.cn", None);
        check("http://192.0.2.7/", "http://192.0.2.7/", "hb.example.gov.cn", None);
        check("http://192.0.2.7/", "http://192.0.2.7/", "x", Some(Confidence::Confirmed));
    }

    #[test]
    fn codes() {
        let ValueRule::Code { forms, shown } = rule("SiteIDCode") else { panic!("it is a code") };
        let check = |value: &str, registered: Option<&str>, footer: &str, expected: &str| {
            let in_footer = || shown.all_in(footer).map(str::to_ascii_lowercase).collect();
            let why = wrong_code(value, &forms, registered, in_footer).map(|wrong| wrong.why);
            let fits = why
                .as_deref()
                .map_or(expected.is_empty(), |why| !expected.is_empty() && why.contains(expected));
            assert!(fits, "{value} {registered:?} {footer}: {why:?}");
        };
        check("5100000099", None, "", "");
        check("bm17000099", None, "网站标识码：BM17000099", "");
        check("5100000099", None, "政府网站标识码 5100000099 蜀ICP备05000000号", "");
        check("5100000099", None, "标识码：5100000098", "5100000098");
        check("5100000099", None, "标识码：51000000981", "");
        check("5100000099", None, "标识码：5100000097；标识码：5100000098", "");
        check("5100000099", Some("5100000099"), "", "");
        check("5100000099", Some("5100000098"), "", "登记");
        check("510000009", None, "", "格式");
        check("51000000990", None, "", "格式");
        check("bm1700009", None, "", "格式");
        check("川51000000", None, "", "格式");
    }

    #[test]
    fn a_code_counts_at_the_bottom_of_the_page_alone() {
        let ValueRule::Code { shown, .. } = rule("SiteIDCode") else { panic!("it is a code") };
        let address = Address::parse("http://www.example.gov.cn/a.html").expect("a good address");
        let check = |body: &str, expected: &[&str]| {
            let (content_type, body, is_home) = (Some("text/html; charset=utf-8"), body.as_bytes(), false);
            let page = crate::page::parse(Source { address: &address, content_type, body, is_home });
            assert_eq!(codes_shown(&page, &shown), expected, "{}", page.source);
        };
        let main = "<div class=content><p>示例市教育局网站标识码：5100000098，问题已整改到位。</p></div>";
        check(main, &[]);
        check(
            &format!(
                "{main}<div class=footer><p>网站标识码：<span>BM17000099</span> 蜀ICP备05000000号</p></div>"
            ),
            &["bm17000099"],
        );
    }

    #[test]
    fn dates() {
        let ValueRule::Date { forms, days_ahead } = rule("PubDate") else { panic!("it is a date") };
        let check = |value: &str, expected: &str| {
            let wrong = wrong_date(value, &forms, latest(date(2026, 11, 21), days_ahead));
            assert_eq!(wrong.map(|wrong| wrong.why).unwrap_or_default(), expected, "{value}");
        };
        check("2026-11-21 09:05", "");
        check("2026-11-21 09:05:33", "");
        check("2026-11-21 09:05:33.0", "");
        check("2026-11-21", "");
        check("2026-11-21\u{a0}09:05", "");
        check("2026-11-21  09:05", "");
        check("2026-11-21 09∶05", "");
        check("2026年11月21日", "");
        check("2026/11/21 9:05", "");
        check("2026-11-22 00:01", "");
        check("1982-12-04", "");
        check("2026-11-23", "晚于检查日期");
        check("1970-01-01 08:00", "不能识别为日期");
        check("2026-02-30", "不能识别为日期");
        check("Sat Nov 21 09:30:00 CST 2026", "不能识别为日期");
        check("1763690000000", "不能识别为日期");
        check("今天", "不能识别为日期");
        assert_eq!(latest(Date::MAX, days_ahead), Date::MAX);
    }

    #[test]
    fn titles() {
        let check = |title: &str, text: &str, expected: bool| {
            assert_eq!(shares(title, text, 6), expected, "{title} / {text}");
        };
        check("关于开展复核工作的通知", "首页\n关于开展复核工作的通知\n正文", true);
        check("关于“开展”复核工作的通知", "关于\"开展\"复核\n工作的通知", true);
        check("关于开展复核工作的通知……", "关于开展复核工作的通知（第二号）", true);
        check("<h1 style=a>关于开展<br>复核工作</h1>", "关于开展复核工作", true);
        check("要闻", "要 闻", true);
        check("……", "", true);
        check("要闻一则", "别的", false);
        check("环境监测站招聘公告", "关于开展复核工作的通知", false);
    }
}
