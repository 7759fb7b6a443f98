//! What is odd about a document as a whole: shells, challenges, mere redirects.

use super::examine::Signs;
use super::{Item, Link, LinkKind, Region, Text};
use crate::facts::Oddity;

/// Bytes of visible text up to which a page may be a challenge, a shell or a redirect; more is a page to read.
const SHORT_TEXT: usize = 600;
/// Bytes of visible text of a page that only redirects: a few words of patience.
const REDIRECT_TEXT: usize = 90;
/// Characters of main text below which nothing was filled in.
const SHELL_CHARS: u32 = 60;
/// Links a person may follow on a challenge or redirect page.
const FEW_LINKS: usize = 2;

/// Marks that challenges of firewalls leave in their source.
const CHALLENGES: [&str; 9] = [
    "$_ts",
    "$_ss",
    "__jsl_clearance",
    "acw_sc__v2",
    "cf_chl_",
    "challenge-platform",
    "aliyun_waf",
    "_waf_",
    "FSSBBIl1UgzbN7N",
];
/// What block pages of firewalls say.
const BLOCKED: [&str; 6] = [
    "您的访问被阻断",
    "您的请求已被拦截",
    "请求被拦截",
    "网站防火墙",
    "访问验证",
    "您的访问请求可能对网站造成安全威胁",
];

/// What the document as a whole is looked at by.
pub(super) struct Whole<'a> {
    pub(super) source: &'a str,
    pub(super) title: &'a str,
    pub(super) text: &'a Text,
    pub(super) links: &'a [Link],
    pub(super) items: &'a [Item],
    pub(super) main_chars: u32,
    pub(super) signs: &'a Signs,
}

/// The oddity of the document as a whole; a challenge explains a redirect, and that explains a shell.
pub(super) fn whole(page: &Whole<'_>) -> Option<Oddity> {
    if is_challenge(page) {
        Some(Oddity::Challenge)
    } else if only_redirects(page) {
        Some(Oddity::RedirectsOnly)
    } else if is_shell(page) {
        Some(Oddity::ScriptBuilt)
    } else {
        None
    }
}

fn anchors(page: &Whole<'_>) -> usize {
    page.links.iter().filter(|link| link.kind == LinkKind::Anchor).count()
}

fn is_challenge(page: &Whole<'_>) -> bool {
    if page.text.visible.len() > SHORT_TEXT || anchors(page) > FEW_LINKS {
        return false;
    }
    let speaks = || BLOCKED.iter().any(|words| page.text.visible.contains(words));
    // Pages behind 瑞数 keep its scripts; only without title and text they are the challenge itself.
    let is_marked = page.signs.firewall_mark && page.title.is_empty() && page.text.visible.is_empty();
    let has_script =
        || !page.signs.scripts.is_empty() && CHALLENGES.iter().any(|mark| page.source.contains(mark));
    is_marked || speaks() || has_script()
}

fn only_redirects(page: &Whole<'_>) -> bool {
    (page.signs.refreshes || !page.signs.redirects.is_empty())
        && page.text.visible.len() <= REDIRECT_TEXT
        && anchors(page) <= FEW_LINKS
        && page.items.is_empty()
}

/// Little to read and no list, although scripts are there to bring them.
fn is_shell(page: &Whole<'_>) -> bool {
    if page.signs.scripts.is_empty() || page.main_chars >= SHELL_CHARS || !page.items.is_empty() {
        return false;
    }
    // A page that says itself that there is nothing is not waiting for a script.
    if page.text.visible.contains("暂无") {
        return false;
    }
    let is_bare = page.text.visible.len() <= SHORT_TEXT / 2 && anchors(page) <= FEW_LINKS;
    let has_main_pictures = || {
        let shown = page.text.blocks.iter().any(|block| block.region == Region::Main);
        shown && page.links.iter().filter(|link| link.kind == LinkKind::Image).count() > FEW_LINKS
    };
    is_bare || ((page.signs.fills || page.text.visible.contains("{{")) && !has_main_pictures())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    fn check(html: &str, expected: &[Oddity]) {
        assert_eq!(page(html).oddities, expected, "{html}");
    }

    #[test]
    fn documents_as_a_whole() {
        use Oddity::{Challenge, RedirectsOnly, ScriptBuilt, SeveralDocuments};
        let text = "本单位负责全省生态环境保护工作，".repeat(20);
        check(
            "<html><head><meta content='x' r='m'><script r='m'>$_ts={}</script></head><body></body>",
            &[Challenge],
        );
        check("<script>document.cookie='__jsl_clearance=1';location.href='/'</script>", &[Challenge]);
        check("<script>var arg1='x';acw_sc__v2</script>", &[Challenge]);
        check("<p>很抱歉，您的访问被阻断</p>", &[Challenge]);
        check(&format!("<script r='m'>$_ts={{}}</script><p>{text}</p>"), &[]);
        check("<meta http-equiv=refresh content='0;url=./a/'>", &[RedirectsOnly]);
        check("<script>location.href='/a/'</script>正在跳转", &[RedirectsOnly]);
        check(&format!("<meta http-equiv=refresh content='10;url=/'><p>{text}</p>"), &[]);
        check("<div id=app></div><script src=app.js></script>", &[ScriptBuilt]);
        check("<div><li>{{el.name}}</li></div><script>$.ajax({})</script>", &[ScriptBuilt]);
        check("<p>暂无内容</p>", &[]);
        check("<p>暂无内容</p><script>$.ajax({})</script>", &[]);
        check(&format!("<p>{text}</p><script>$.ajax({{}})</script>"), &[]);
        check(
            &format!("<html><body><p>{text}</p></body></html><html><body></body></html>"),
            &[SeveralDocuments],
        );
        check(&format!("<title>a</title><title>b</title><p>{text}</p>"), &[SeveralDocuments]);
    }
}
