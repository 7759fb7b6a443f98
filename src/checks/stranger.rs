//! Where a link leads: to somebody known, or to a stranger.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::address::{Address, Relation};
use crate::checks::Context;
use crate::finding::excused;
use crate::indicators::{Hosts, is_below};
use crate::page::Page;
use crate::script::{HOLE, unescape};

/// A host that nobody vouches for.
#[derive(Debug, Clone)]
pub(in crate::checks) struct Stranger {
    pub(in crate::checks) address: Address,
    pub(in crate::checks) host: String,
    /// It lies in a top-level domain that planted links favour.
    pub(in crate::checks) is_abused: bool,
    /// It has no name, only a number.
    pub(in crate::checks) is_number: bool,
    pub(in crate::checks) disguise: Option<Disguise>,
    /// Its port, where it is none that ordinary sites have.
    pub(in crate::checks) odd_port: Option<u16>,
    /// It sends visitors on to wherever its customers like.
    pub(in crate::checks) is_short: bool,
    /// Anybody gets a place under its host, and this one is told apart by what stands behind `#` alone.
    pub(in crate::checks) is_lent: bool,
    /// A page of the site itself sends visitors on to it.
    is_launched: bool,
}

impl Stranger {
    /// Whether its host is none that anybody has who means well.
    pub(in crate::checks) fn is_odd(&self) -> bool {
        self.is_abused || self.is_number || self.disguise.is_some() || self.odd_port.is_some()
    }

    /// What its address says to a reader.
    pub(in crate::checks) fn said(&self) -> String {
        format!("{}\n{}", self.host, self.address.readable())
    }

    /// What is odd about it, in Chinese.
    pub(in crate::checks) fn oddities(&self) -> impl Iterator<Item = String> {
        let abused = self.is_abused.then(|| "其域名后缀常见于垃圾链接".to_owned());
        let disguise = self.disguise.map(|disguise| disguise.chinese().to_owned());
        let port = self.odd_port.map(|port| format!("使用非常用端口 {port}"));
        let lent = self.is_lent.then(|| "位于任何人可申请的托管空间，以“#/”区分页面".to_owned());
        let launched = self.is_launched.then(|| "经由本站的跳转地址".to_owned());
        let short = self.is_short.then(|| "短网址，看不出去向".to_owned());
        disguise.into_iter().chain(abused).chain(port).chain(short).chain(lent).chain(launched)
    }
}

/// How an address pretends to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::checks) enum Disguise {
    /// `http://www.gov.cn@host/`.
    Userinfo,
    /// `http://2130706433/`, `http://0x7f.1/`.
    Number,
    /// `www.gov.cn.example.com`, `gov-cn.example.com`.
    LookAlike,
    /// Letters of other scripts that look like Latin ones, full-width stops, percents.
    Homograph,
    /// `www.gov.cn.news.info.service.a.example.com`: so long that nobody reads to its end.
    LongChain,
}

impl Disguise {
    pub(in crate::checks) fn chinese(self) -> &'static str {
        match self {
            Disguise::Userinfo => "以“@”前的文字冒充域名",
            Disguise::Number => "以数字形式书写主机",
            Disguise::LookAlike => "域名仿冒 gov.cn",
            Disguise::Homograph => "域名使用形近字符",
            Disguise::LongChain => "域名层级过多，掩盖实际归属",
        }
    }
}

/// Tells strangers from those a page may link to.
pub(in crate::checks) struct Targets<'a, 'c> {
    page: &'a Page,
    context: &'a Context<'c>,
    hosts: &'a Hosts,
    /// Hosts asked about so far, as written: most links of a page share a few.
    asked: RefCell<HashMap<String, bool>>,
}

impl<'a, 'c> Targets<'a, 'c> {
    pub(in crate::checks) fn new(page: &'a Page, context: &'a Context<'c>) -> Targets<'a, 'c> {
        Targets { page, context, hosts: context.rules.hosts(), asked: RefCell::default() }
    }

    /// The stranger that a link leads to; `None` where it leads to somebody known or nowhere.
    pub(in crate::checks) fn stranger(&self, raw: &str) -> Option<Stranger> {
        let raw = &*plain(raw);
        self.direct(raw).or_else(|| self.launched(raw))
    }

    /// The stranger that an address of the site itself sends visitors on to.
    fn launched(&self, raw: &str) -> Option<Stranger> {
        let (_, query) = raw.split_once('?')?;
        let nested = query.split(['&', '=']).map(unescape).find(|value| {
            ["http://", "https://", "//"].iter().any(|start| value.to_ascii_lowercase().starts_with(start))
        })?;
        let own = self.page.base.resolve(raw, self.page.charset.encoding).ok()?;
        let is_own =
            own.host() == self.page.address.host() || self.context.site.scope.relation(&own) == Relation::Own;
        let stranger = self.direct(&nested).filter(|_| is_own)?;
        Some(Stranger { is_launched: true, ..stranger })
    }

    /// The stranger that an address names itself.
    fn direct(&self, raw: &str) -> Option<Stranger> {
        // What names no host stays on the site; most links do.
        let written = written_host(raw)?;
        // What only the running script would know is nobody.
        let is_routed = raw.contains("#/") || raw.contains("#!/");
        if written.contains(HOLE) || !(is_routed || self.may_be_strange(written)) {
            return None;
        }
        let address = self.page.base.resolve(raw, self.page.charset.encoding).ok()?;
        let host = address.host().trim_end_matches('.').to_owned();
        let is_lent = is_routed && self.hosts.dark_link.is_lent(&host);
        if self.is_vouched(&address, &host) || !is_lent && self.hosts.knows(&host) {
            return None;
        }
        let is_number = matches!(address.url().host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)));
        let figures = &self.hosts.dark_link;
        let is_long = host.split('.').count() > figures.most_labels;
        let disguise =
            disguise(written, &host, is_number, &address).or(is_long.then_some(Disguise::LongChain));
        let is_abused = figures.is_abused(&host);
        let odd_port = address.url().port().filter(|port| !figures.usual_ports.contains(port));
        let is_short = figures.shorteners.iter().any(|known| is_below(&host, known));
        let is_launched = false;
        Some(Stranger {
            is_abused,
            is_number,
            disguise,
            odd_port,
            address,
            host,
            is_short,
            is_lent,
            is_launched,
        })
    }

    /// Whether a host, as written, may be a stranger's. Says yes where its spelling leaves any doubt.
    pub(in crate::checks) fn may_be_strange(&self, written: &str) -> bool {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
        if !written.bytes().all(is_plain) {
            return true;
        }
        if let Some(answer) = self.asked.borrow().get(written) {
            return *answer;
        }
        let address = Address::parse(&format!("http://{written}/"));
        let answer =
            address.is_ok_and(|address| !self.is_vouched(&address, written) && !self.hosts.knows(written));
        self.asked.borrow_mut().insert(written.to_owned(), answer);
        answer
    }

    /// Whether it lies in the domain that the page's own host was registered under.
    fn is_kin(&self, address: &Address) -> bool {
        let own = self.page.address.url().domain().and_then(psl::domain_str);
        own.is_some() && address.url().domain().and_then(psl::domain_str) == own
    }

    /// Whether it is the site's own, or somebody of the site said that it is meant.
    fn is_vouched(&self, address: &Address, host: &str) -> bool {
        let site = self.context.site;
        site.scope.relation(address) == Relation::Own
            || host == self.page.address.host()
            || self.is_kin(address)
            || self.context.is_intranet(address)
            || excused(&site.allow, "dark-link").any(|known| is_below(host, known))
    }
}

/// An address without what browsers leave out: tabs, line ends, and control characters in front.
fn plain(raw: &str) -> Cow<'_, str> {
    let raw = raw.trim_start_matches(|c: char| c <= ' ');
    match raw.contains(['\t', '\n', '\r']) {
        true => Cow::Owned(raw.replace(['\t', '\n', '\r'], "")),
        false => Cow::Borrowed(raw),
    }
}

/// The host in an address, as written; `None` where it names none.
fn written_host(raw: &str) -> Option<&str> {
    let at = raw.find(['/', '\\'])?;
    let rest = raw[at..].trim_start_matches(['/', '\\']);
    // One slash begins a path, unless a scheme stands before it.
    if raw[at..].len() - rest.len() < 2 && !raw[..at].ends_with(':') {
        return None;
    }
    let host = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = host.strip_suffix(|c: char| c.is_ascii_whitespace()).unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

fn disguise(written: &str, host: &str, is_number: bool, address: &Address) -> Option<Disguise> {
    let dotted = |text: &str| text.matches('.').count();
    if !address.url().username().is_empty() && dotted(address.url().username()) > 0 {
        return Some(Disguise::Userinfo);
    }
    let bare = written.split(':').next().unwrap_or_default();
    if is_number && !host.starts_with('[') && bare != host {
        return Some(Disguise::Number);
    }
    let is_foreign =
        |c: char| matches!(c, '\u{370}'..='\u{5ff}' | '\u{ff01}'..='\u{ff61}' | '\u{3002}' | 'ɡ' | 'ı');
    let decoded = || host.split('.').filter(|label| label.starts_with("xn--")).any(imitates_latin);
    if written.contains(is_foreign) || written.contains('%') || decoded() {
        return Some(Disguise::Homograph);
    }
    let imitates = host.split('.').collect::<Vec<_>>().windows(2).any(|pair| pair == ["gov", "cn"])
        || ["gov-cn", "govcn", "g0v", "cn.gov."].iter().any(|part| host.contains(part));
    imitates.then_some(Disguise::LookAlike)
}

/// Whether an encoded label mixes letters of other scripts with Latin ones, or has nothing but such as look like them.
fn imitates_latin(label: &str) -> bool {
    let (label, _) = idna::domain_to_unicode(label);
    let is_foreign = |c: char| matches!(c, '\u{370}'..='\u{5ff}' | 'ɡ' | 'ı');
    label.chars().any(is_foreign) && label.chars().all(|c| is_foreign(c) || c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_as_written() {
        let check = |raw: &str, expected: Option<&str>| assert_eq!(written_host(raw), expected, "{raw}");
        check("http://a.example/b", Some("a.example"));
        check("//a.example", Some("a.example"));
        check("HTTP:\\\\a.example\\b", Some("a.example"));
        check("http:/a.example", Some("a.example"));
        check("/a/b.html", None);
        check("a.html", None);
        check("../a", None);
        check("http://a.gov.cn@b.example/", Some("a.gov.cn@b.example"));
        let check = |raw: &str| assert_eq!(written_host(&plain(raw)), Some("a.example"), "{raw:?}");
        check("http:/\n/a.example/");
        check("\u{1} h\ttp://a.exa\tmple/");
        check("\\\\a.example\\b");
    }

    #[test]
    fn addresses_that_pretend() {
        let check = |raw: &str, expected: Option<Disguise>| {
            let address = Address::parse(raw).unwrap();
            let is_number = matches!(address.url().host(), Some(url::Host::Ipv4(_)));
            let host = address.host().to_owned();
            assert_eq!(disguise(written_host(raw).unwrap(), &host, is_number, &address), expected, "{raw}");
        };
        check("http://a.example/", None);
        check("http://www.gov.cn@a.example/", Some(Disguise::Userinfo));
        check("http://3405803777/", Some(Disguise::Number));
        check("http://203.0.113.1:8080/", None);
        check("http://www.gov.cn.a.example/", Some(Disguise::LookAlike));
        check("http://gov-cn.example/", Some(Disguise::LookAlike));
        check("http://gоv.example/", Some(Disguise::Homograph));
        check("http://xn--gv-fmc.example/", Some(Disguise::Homograph));
        check("http://xn--fiqs8s.example/", None);
        check("http://0xCB007101/", Some(Disguise::Number));
        check("http://0313.0.0161.1/", Some(Disguise::Number));
        check("http://a。example/", Some(Disguise::Homograph));
        check("http://a．example/", Some(Disguise::Homograph));
        check("http://%61.example/", Some(Disguise::Homograph));
        check("http://www.gov.cn.com/", Some(Disguise::LookAlike));
        check("http://www.cn.gov.example/", Some(Disguise::LookAlike));
        check("http://g0v.example/", Some(Disguise::LookAlike));
    }
}
