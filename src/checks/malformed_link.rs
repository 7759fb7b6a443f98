//! Links that nobody outside can follow, by the way they are written.

use super::{About, Check, Context, Findings, check};
use crate::address::{NoAddress, has_template_variable, looks_protocolless};
use crate::facts::Oddity;
use crate::page::{Link, LinkKind, Page};

/// Characters of a link shown in a finding. Some are whole documents pasted into an attribute.
const SHOWN: usize = 200;

check! {
    /// A link is written in a way that leads nobody anywhere: a file of the editor's own computer, an address of the
    /// internal network, a misspelt scheme, a variable that no program replaced.
    ///
    /// ## Why it matters
    /// It works for the person who wrote it, on their computer, and for nobody else; inspectors count it as dead.
    /// Internal addresses also tell attackers how the network is built.
    ///
    /// ## What to do
    /// Write the public address of the target.
    MalformedLink, id: "malformed-link", name: "链接书写错误", category: Links, severity: Medium,
    advice: "将链接改为外部可以访问的正确网址。"
}

impl Check for MalformedLink {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let built_by_script = page.oddities.contains(&Oddity::ScriptBuilt);
        for link in page.links.iter().filter(|link| is_followed(link.kind) && is_suspicious(&link.raw)) {
            if built_by_script && has_template_variable(&link.raw) {
                continue; // A template for the visitor's browser to fill in.
            }
            if let Some(why) = malformed(link, page, context) {
                let shown: String = link.raw.trim().chars().take(SHOWN).collect();
                found
                    .add(page.address.as_str(), shown.clone(), format!("链接“{shown}”{why}"))
                    .target(&shown)
                    .place(page.place(link.node));
            }
        }
    }
}

fn is_followed(kind: LinkKind) -> bool {
    matches!(
        kind,
        LinkKind::Anchor
            | LinkKind::Image
            | LinkKind::Frame
            | LinkKind::Media
            | LinkKind::Style
            | LinkKind::Script
    )
}

fn malformed(link: &Link, page: &Page, context: &Context<'_>) -> Option<String> {
    match page.base.resolve(&link.raw, page.charset.encoding) {
        Err(NoAddress::Malformed(why)) => Some(format!("：{why}")),
        Err(NoAddress::NotFetchable) => None,
        Ok(_) if looks_protocolless(&link.raw) => {
            Some("缺少 http:// 或 https://，浏览器会当作站内相对路径".to_owned())
        }
        Ok(address) => context.is_intranet(&address).then(|| "指向内部网络地址，外部无法访问".to_owned()),
    }
}

/// Whether a link could be malformed at all; tells the ordinary ones, nearly all of them, without parsing a URL.
fn is_suspicious(raw: &str) -> bool {
    let is_plain = raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-_?=&%#:+,~".contains(&byte));
    if !is_plain {
        return true;
    }
    match raw.split_once("//") {
        Some(("" | "http:" | "https:", rest)) => {
            let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
            !host.contains('.') || host.starts_with(|first: char| first.is_ascii_digit()) || is_local(host)
        }
        Some(_) => true,
        None => raw.contains(':') || looks_protocolless(raw) || is_leftover(raw),
    }
}

fn is_local(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    ["local", "lan", "internal", "intranet", "corp", "arpa", "localdomain", "localhost"].contains(&last)
}

fn is_leftover(raw: &str) -> bool {
    ["undefined", "null", "NaN"].iter().any(|word| raw.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: bool) {
        assert_eq!(is_suspicious(raw), expected, "{raw:?}");
    }

    #[test]
    fn ordinary_links_cost_no_parsing() {
        for raw in
            ["/art/1.html", "../a/b.html?id=3&x=%20", "http://www.example.gov.cn/a", "//h.test/x", "#top", ""]
        {
            check(raw, false);
        }
    }

    #[test]
    fn odd_ones_are_looked_at() {
        for raw in [
            "http：//www.example.gov.cn/",
            "file:///C:/a.doc",
            "C:\\a.doc",
            "http://192.168.1.5/",
            "http://oa/",
            "http://server.local/",
            "www.example.gov.cn/a.html",
            "${url}",
            "undefined",
            "http://http://www.example.gov.cn/",
        ] {
            check(raw, true);
        }
    }
}
