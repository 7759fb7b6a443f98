//! Pages that do not say whose they are, and hosts that are none of a government.

use std::collections::BTreeMap;

use scraper::node::Element;

use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::facts::Oddity;
use crate::finding::{Confidence, Severity};
use crate::indicators::Identity;
use crate::page::Page;
use crate::snapshot::Snapshot;

check! {
    /// The name of the body stands neither in the title nor in the head of a page, or the site answers under a host
    /// that is no government domain.
    ///
    /// ## Why it matters
    /// The full official name on every page and the `.gov.cn` domain are what tells visitors, and search engines, an
    /// official site from a counterfeit.
    ///
    /// ## What to do
    /// Add the name to the title template and, as text or as the alternative text of the logo, to the head template.
    /// Redirect other domains to the main one and give up idle ones.
    SiteIdentity, id: "site-identity", name: "网站名称或域名不规范", category: Layout, severity: Low,
    advice: "请在页面标题和页头（文字或徽标的 alt）中写明网站全称；网站使用 .gov.cn 或 .政务 域名。"
}

impl Check for SiteIdentity {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        let identity = context.rules.identity();
        let Some(name) = own_name(page, context) else { return };
        let name = bare(name, identity);
        let confidence = if identity.name.is_requirement() { Confidence::Probable } else { Confidence::Note };
        // A page without any title is another defect, and the home page of a frame has none.
        if !page.title.is_empty() && !squeezed(&page.title).contains(&name) {
            let evidence = format!("页面标题“{}”中没有网站名称“{name}”", page.title);
            found.add(page.address.as_str(), "title", evidence).confidence(confidence);
        }
        if let Some(heads) = heads(page, identity)
            && !heads.contains(&name)
        {
            let evidence = format!("页头的文字和图片说明中没有网站名称“{name}”");
            found.add(page.address.as_str(), "head", evidence).confidence(confidence);
        }
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let identity = context.rules.identity();
        let mut strange: BTreeMap<String, (u64, Vec<String>)> = BTreeMap::new();
        snapshot.pages(&mut |page| {
            let Ok(address) = Address::parse(&page.address) else { return };
            if is_foreign(address.host(), identity) {
                let (pages, samples) = strange.entry(address.host().to_owned()).or_default();
                *pages += 1;
                if samples.len() < SAMPLES {
                    samples.push(page.address.clone());
                }
            }
        });
        for (host, (pages, samples)) in strange {
            let Some(first) = samples.first().cloned() else { continue };
            let evidence = format!("网站使用的域名 {host} 不是政府网站域名（.gov.cn、.政务）");
            found
                .add(&first, format!("domain {host}"), evidence)
                .severity(Severity::Medium)
                .confidence(Confidence::Probable)
                .site_wide(pages, samples);
        }
    }
}

/// Pages named in a finding.
const SAMPLES: usize = 5;
/// Elements of a head that are looked at. A head that holds the whole menu has some hundred.
const HEAD_NODES: usize = 2_000;

/// The name of the site: as configured, or as its tag says.
fn own_name<'a>(page: &'a Page, context: &'a Context<'_>) -> Option<&'a str> {
    /// Bytes of a name at least: four characters.
    const NAME_BYTES: usize = 12;
    let tagged = page.tags.iter().find(|tag| tag.name.eq_ignore_ascii_case("SiteName"));
    let tagged = tagged.map(|tag| tag.value.as_str());
    context.site.name.as_deref().or(tagged).filter(|name| name.len() >= NAME_BYTES)
}

/// The name of the body within that of its site: 示例省生态环境厅门户网站.
fn bare(name: &str, identity: &Identity) -> String {
    let name = squeezed(name);
    let ending = identity.endings.iter().filter(|ending| name.ends_with(ending.as_str()));
    let ending = ending.map(|ending| ending.len()).filter(|length| *length < name.len()).max().unwrap_or(0);
    name[..name.len() - ending].to_owned()
}

/// A text without its spaces: logos and heads space their letters.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What stands in the heads of a page as text or beside a picture; `None` where no element is recognisably a head, or
/// where it shows nothing that could be read: a background picture may hold the name.
fn heads(page: &Page, identity: &Identity) -> Option<String> {
    let mut said = String::new();
    let mut shows_picture = false;
    let mut left = HEAD_NODES;
    let tree = page.dom.tree.root();
    for head in
        tree.descendants().filter(|node| node.value().as_element().is_some_and(|e| is_head(e, identity)))
    {
        for node in head.descendants() {
            if left == 0 {
                return None;
            }
            left -= 1;
            if let Some(text) = node.value().as_text() {
                said.push_str(text);
            }
            let Some(element) = node.value().as_element() else { continue };
            shows_picture |= element.name() == "img";
            for attribute in ["alt", "title"] {
                said.push_str(element.attr(attribute).unwrap_or_default());
            }
        }
    }
    shows_picture.then(|| squeezed(&said))
}

/// Whether an element is the head of the page, by its name, id or class: `header`, `top-box`, `logo`.
fn is_head(element: &Element, identity: &Identity) -> bool {
    let named = |attribute: &str| {
        let words = element.attr(attribute).unwrap_or_default().split(|c: char| !c.is_ascii_alphanumeric());
        words.into_iter().any(|word| identity.head.iter().any(|head| word.eq_ignore_ascii_case(head)))
    };
    element.name() == "header" || (element.name() != "head" && (named("class") || named("id")))
}

/// Whether a host is a name, and none of a government.
fn is_foreign(host: &str, identity: &Identity) -> bool {
    let is_name = host.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic))
        && host.contains('.')
        && !host.starts_with('[');
    is_name && !identity.suffixes.iter().any(|suffix| host.ends_with(suffix.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;
    use crate::page::{Source, parse};

    #[test]
    fn only_names_outside_the_government_are_foreign() {
        let rules = RuleSet::built_in();
        let check = |host: &str, expected: bool| {
            assert_eq!(is_foreign(host, rules.identity()), expected, "{host}");
        };
        check("sthjt.example.gov.cn", false);
        check("xn--fiqs8s.xn--zfr164b", false);
        check("www.example.com", true);
        check("www.notgov.cn", true);
        check("127.0.0.1", false);
        check("[::1]", false);
        check("localhost", false);
    }

    #[test]
    fn a_head_says_the_name_as_text_or_beside_its_logo() {
        let rules = RuleSet::built_in();
        let check = |html: &str, expected: Option<bool>| {
            let address = Address::parse("http://www.example.gov.cn/").expect("a good address");
            let source =
                Source { address: &address, content_type: None, body: html.as_bytes(), is_home: true };
            let said = heads(&parse(source), rules.identity());
            assert_eq!(said.map(|said| said.contains("示例市生态环境局")), expected, "{html}");
        };
        check("<div class=header><img src=a.png alt='示例市 生态环境局'></div>", Some(true));
        check("<header><img src=a.png><h1>示例市<b>生态环境局</b></h1></header>", Some(true));
        check("<div id=top-logo><a title=示例市生态环境局><img src=a.png></a></div>", Some(true));
        check("<div class=logo><img src=logo.png></div>", Some(false));
        check("<div class=logo><a href=/></a></div>", None);
        check("<div class=topic><img src=a.png></div>", None);
    }

    #[test]
    fn a_site_may_be_called_more_than_its_body() {
        let rules = RuleSet::built_in();
        let check = |name: &str, expected: &str| assert_eq!(bare(name, rules.identity()), expected);
        check("示例市生态环境局", "示例市生态环境局");
        check("示例市生态环境局 政府门户网站", "示例市生态环境局");
        check("网站", "网站");
    }
}
