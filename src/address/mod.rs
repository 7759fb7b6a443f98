//! Addresses: what is requested, what counts as the same, and what belongs to the site.
//!
//! Three things that must never be confused: the *request URL* ([`Address`]) is what the page linked after
//! WHATWG resolution and is sent unchanged; the [`Key`] says which addresses are one and the same; the content
//! key (in `page`) says which bodies are.

mod key;
mod private;
mod query;
mod reading;
mod scope;
mod shape;
mod spelling;

use std::fmt;

use encoding_rs::{Encoding, UTF_8};
use serde::{Deserialize, Serialize};
use url::{ParseError, Url};

pub use key::Key;
pub use private::{intranet, is_private};
pub use scope::{NoHost, Relation, Scope, ScopeEntry};
pub use spelling::{has_template_variable, looks_protocolless, odd_spelling};

/// A request URL: absolute, http or https, without fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(Url);

/// Why a link does not lead to an [`Address`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAddress {
    /// Nothing to fetch and nothing wrong: empty, `#top`, `javascript:`, `mailto:`, `tel:`, `data:` and the like.
    NotFetchable,
    /// A link nobody can follow; the text says why, in Chinese.
    Malformed(&'static str),
}

impl Address {
    /// Reads an absolute URL.
    pub fn parse(text: &str) -> Result<Address, NoAddress> {
        read(text, None, UTF_8)
    }

    /// Resolves what a page wrote in an attribute, as a browser does: against `self` as base, the query encoded in
    /// the page's own encoding (a GBK page sends GBK), the path always in UTF-8.
    ///
    /// A browser strips spaces and control characters around a link and takes out tabs and line ends within it, but
    /// keeps U+3000 and U+00A0: such a link is [`NoAddress::Malformed`] where they stand in front of a scheme.
    pub fn resolve(&self, raw: &str, encoding: &'static Encoding) -> Result<Address, NoAddress> {
        read(raw, Some(&self.0), encoding)
    }

    /// The URL, for those who send requests.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Host name or literal address, lower case, as in the URL.
    pub fn host(&self) -> &str {
        self.0.host_str().expect("an address always has a host")
    }

    /// Host and port, the unit of politeness: `www.example.gov.cn:443`.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host(), self.0.port_or_known_default().unwrap_or(0))
    }

    /// What this address is the same as.
    pub fn key(&self) -> Key {
        Key::of(self)
    }
}

/// The one way from text to an address: what is wrong by its spelling alone is said first, the rest is WHATWG.
fn read(raw: &str, base: Option<&Url>, encoding: &'static Encoding) -> Result<Address, NoAddress> {
    spelling::inspect(raw)?;
    let in_page_encoding = query::encoder(encoding);
    let mut options = Url::options().base_url(base);
    if encoding.output_encoding() != UTF_8 {
        options = options.encoding_override(Some(&in_page_encoding));
    }
    let mut url = options
        .parse(spelling::fewer_slashes(raw))
        .map_err(|error| NoAddress::Malformed(unreadable(error)))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(NoAddress::NotFetchable);
    }
    if matches!(url.host_str(), Some("http" | "https")) {
        return Err(NoAddress::Malformed("网址中重复书写了协议（http://http://）"));
    }
    url.set_fragment(None);
    Ok(Address(url))
}

fn unreadable(error: ParseError) -> &'static str {
    match error {
        ParseError::EmptyHost => "网址缺少域名",
        ParseError::IdnaError | ParseError::InvalidDomainCharacter => "域名中有空格或不允许的字符",
        ParseError::InvalidPort => "端口号无效",
        ParseError::InvalidIpv4Address | ParseError::InvalidIpv6Address => "IP 地址书写有误",
        ParseError::RelativeUrlWithoutBase => "不是完整的网址",
        _ => "网址无法解析",
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, GBK, UTF_16LE};

    use super::*;

    fn base() -> Address {
        Address::parse("http://www.example.gov.cn/zwgk/tz/index.html").expect("a good base")
    }

    fn text(result: Result<Address, NoAddress>) -> String {
        match result {
            Ok(address) => address.as_str().to_owned(),
            Err(NoAddress::NotFetchable) => "-".to_owned(),
            Err(NoAddress::Malformed(why)) => format!("! {why}"),
        }
    }

    #[test]
    fn resolves_as_browsers_do() {
        let check = |raw: &str, expected: &str| {
            assert_eq!(text(base().resolve(raw, UTF_8)), expected, "{raw:?}");
        };
        check("./t1.html", "http://www.example.gov.cn/zwgk/tz/t1.html");
        check("../../a/./b/../c.html", "http://www.example.gov.cn/a/c.html");
        check("../../../../x", "http://www.example.gov.cn/x");
        check("%2e%2E/x", "http://www.example.gov.cn/zwgk/x");
        check("/", "http://www.example.gov.cn/");
        check("?page=2", "http://www.example.gov.cn/zwgk/tz/index.html?page=2");
        check("//other.gov.cn/a", "http://other.gov.cn/a");
        check("https:x", "https://x/");
        check("http:/x", "http://www.example.gov.cn/x");
        check("http:x.html", "http://www.example.gov.cn/zwgk/tz/x.html");
        check("https:/other.gov.cn/x", "https://other.gov.cn/x");
        check("http:\\\\other.gov.cn\\a\\b.html", "http://other.gov.cn/a/b.html");
        check("\\files\\a.doc", "http://www.example.gov.cn/files/a.doc");
        check("///other.gov.cn/x", "http://other.gov.cn/x");
        check(" \t\n/a b/c \r\n", "http://www.example.gov.cn/a%20b/c");
        check("/a\n\tb.html", "http://www.example.gov.cn/ab.html");
        check("ht\ntp://other.gov.cn/", "http://other.gov.cn/");
        check("HTTP://WWW.EXAMPLE.GOV.CN:80/A#b", "http://www.example.gov.cn/A");
        check("http://www.example.gov.cn:8080/", "http://www.example.gov.cn:8080/");
        check("/附件.pdf", "http://www.example.gov.cn/%E9%99%84%E4%BB%B6.pdf");
        check("http://ｗｗｗ.example.gov.cn/", "http://www.example.gov.cn/");
        check("http://www。example。gov。cn/", "http://www.example.gov.cn/");
        check("http://四川.政务/", "http://xn--wbsy6n.xn--zfr164b/");
        check("http://0x7f.1/", "http://127.0.0.1/");
        check("http://[2001:DB8::1]/", "http://[2001:db8::1]/");
        check("http://user:pw@x.gov.cn/", "http://user:pw@x.gov.cn/");
        check("www.other.gov.cn/x", "http://www.example.gov.cn/zwgk/tz/www.other.gov.cn/x");
        check("http://localhost/a", "http://localhost/a");
        check("a'b?c'd\"<>", "http://www.example.gov.cn/zwgk/tz/a'b?c%27d%22%3C%3E");
        check("x?a={1}|[2]^`", "http://www.example.gov.cn/zwgk/tz/x?a={1}|[2]^`");
        check("x{1}`|", "http://www.example.gov.cn/zwgk/tz/x%7B1%7D%60|");
        check("%zz%4", "http://www.example.gov.cn/zwgk/tz/%zz%4");
    }

    #[test]
    fn leaves_alone_what_is_not_for_fetching() {
        for raw in [
            "",
            "  ",
            "#",
            "#top",
            " #a",
            "javascript:void(0)",
            "JavaScript:;",
            "java\nscript:x()",
            "mailto:a@example.gov.cn",
            "tel:12345",
            "data:image/png;base64,AAAA",
            "about:blank",
            "blob:https://x/1",
            "sms:10086",
            "weixin://dl/x",
            "ftp://ftp.example.gov.cn/a",
        ] {
            assert_eq!(base().resolve(raw, UTF_8), Err(NoAddress::NotFetchable), "{raw:?}");
        }
    }

    #[test]
    fn names_what_nobody_can_follow() {
        let check = |raw: &str, part: &str| {
            let found = text(base().resolve(raw, UTF_8));
            assert!(found.starts_with('!') && found.contains(part), "{raw:?}: {found}");
        };
        check("file:///C:/Users/a.doc", "本机");
        check("file://server/share", "本机");
        check("C:\\Users\\a.doc", "磁盘");
        check("d:/a.doc", "磁盘");
        check("http://http://www.x.gov.cn/", "重复");
        check("http://https://www.x.gov.cn/", "重复");
        check("http：//www.x.gov.cn/", "全角");
        check("http:／／www.x.gov.cn/", "全角");
        check("ｈttp://www.x.gov.cn/", "全角");
        check("http //www.x.gov.cn/", "冒号");
        check("http//www.x.gov.cn/", "冒号");
        check("http;//www.x.gov.cn/", "冒号");
        check("http ://www.x.gov.cn/", "空格");
        check("mailto : x", "空格");
        check("htttp://www.x.gov.cn/", "协议名");
        check("\u{3000}http://www.x.gov.cn/", "全角空格");
        check("\u{a0}https://www.x.gov.cn/", "全角空格");
        check("http://", "缺少域名");
        check("http://www.x .gov.cn/", "域名");
        check("http://www.x\u{3000}.gov.cn/", "域名");
        check("http://www.x.gov.cn:port/", "端口");
        check("http://www.x.gov.cn:99999/", "端口");
        check("http://10.0.0.256/", "IP");
        check("http://[::g]/", "IP");
        check("/a/${id}.html", "模板");
        check("{{ item.url }}", "模板");
        check("/a?id=<%=id%>", "模板");
        check("undefined", "脚本");
        check("null", "脚本");
        check("[object Object]", "脚本");
        check("/a/[object%20Object]", "脚本");
    }

    #[test]
    fn needs_a_whole_url_without_a_base() {
        assert!(matches!(Address::parse("/a"), Err(NoAddress::Malformed(_))));
        assert_eq!(text(Address::parse(" https://x.gov.cn ")), "https://x.gov.cn/");
    }

    #[test]
    fn encodes_the_query_as_the_page_does_and_the_path_in_utf_8() {
        let check = |encoding: &'static Encoding, raw: &str, expected: &str| {
            let found = text(base().resolve(raw, encoding));
            assert_eq!(
                found,
                format!("http://www.example.gov.cn/{expected}"),
                "{raw:?} in {}",
                encoding.name()
            );
        };
        check(GBK, "/附件.html?k=中国", "%E9%99%84%E4%BB%B6.html?k=%D6%D0%B9%FA");
        check(GB18030, "/附件.html?k=中国", "%E9%99%84%E4%BB%B6.html?k=%D6%D0%B9%FA");
        check(BIG5, "/s?k=中國", "s?k=%A4%A4%B0%EA");
        check(UTF_8, "/s?k=中国", "s?k=%E4%B8%AD%E5%9B%BD");
        check(UTF_16LE, "/s?k=中", "s?k=%E4%B8%AD");
        // What the encoding lacks becomes a percent-encoded character reference.
        check(GBK, "/s?k=😀a", "s?k=%26%23128512%3Ba");
        check(BIG5, "/s?k=中\u{4e2a}国", "s?k=%A4%A4%26%2320010%3B%26%2322269%3B");
        check(GBK, "/s?k=%D6%D0&b=a b", "s?k=%D6%D0&b=a%20b");
        check(GBK, "/s?a=€", "s?a=%80");
        check(GB18030, "/s?k=😀", "s?k=%949%FC6");
        check(GBK, "/s?中#中", "s?%D6%D0");
    }

    #[test]
    fn keeps_its_text_through_serde() {
        let address = Address::parse("http://x.gov.cn/a?b=%d6").expect("a good address");
        let json = serde_json::to_string(&address).expect("serialises");
        assert_eq!(json, "\"http://x.gov.cn/a?b=%d6\"");
        assert_eq!(serde_json::from_str::<Address>(&json).expect("reads back"), address);
    }
}
