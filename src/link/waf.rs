//! Firewalls and bot challenges: answers meant for programs, not for visitors.
//!
//! They are recognised and named, never solved or evaded: the keeper of the site is asked to let the monitor in. A
//! site that is blocked to us says nothing about the page asked for.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Bytes of a body looked at. Challenge pages are short; the longest seen has 25 kB of script.
const HEAD: usize = 64 << 10;

/// Visible characters up to which an answer with status 200 may be a block page. News about a firewall is longer.
const BLOCK_PAGE_CHARS: usize = 400;

/// Visible characters up to which a page counts as made of script alone.
const SCRIPT_ONLY_CHARS: usize = 10;

/// The name, in Chinese, of the firewall or challenge that gave this answer; `None` for an answer of the site itself.
/// Header names are in lower case, as a capture has them.
pub fn challenge(status: u16, headers: &[(String, String)], body_head: &[u8]) -> Option<&'static str> {
    let answer = Answer { status, headers, body: &body_head[..body_head.len().min(HEAD)] };
    answer.by_header().or_else(|| answer.by_body()).or_else(|| answer.by_status())
}

struct Answer<'a> {
    status: u16,
    headers: &'a [(String, String)],
    body: &'a [u8],
}

impl Answer<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn sets_cookie(&self, is_known: impl Fn(&str) -> bool) -> bool {
        let cookies = self.headers.iter().filter(|(key, _)| key == "set-cookie");
        cookies.filter_map(|(_, value)| value.split_once('=')).any(|(name, _)| is_known(name.trim()))
    }

    /// Whether the answer is no page in the first place: the marks of firewalls also stand on pages they let through.
    fn is_refusal(&self) -> bool {
        self.status >= 400
    }

    fn by_header(&self) -> Option<&'static str> {
        if self.header("cf-mitigated").is_some_and(|value| value.eq_ignore_ascii_case("challenge")) {
            return Some("Cloudflare 人机质询");
        }
        // A missing page is missing behind a firewall, too.
        if matches!(self.status, 404 | 410) || !self.is_refusal() {
            return None;
        }
        if self.header("x-powered-by-anquanbao").is_some() {
            return Some("安全宝拦截");
        }
        let is_jiasule =
            self.header("x-via-jsl").is_some() || self.sets_cookie(|name| name.starts_with("__jsl"));
        if is_jiasule && matches!(self.status, 403 | 405 | 412 | 418 | 503 | 521) {
            return Some("加速乐（创宇盾）拦截或质询");
        }
        if matches!(self.status, 400 | 412) && self.sets_cookie(is_ruishu_cookie) {
            return Some("瑞数动态安全质询");
        }
        let server = self.header("server").unwrap_or_default().to_ascii_lowercase();
        let by_server = SERVERS.iter().find(|(token, _)| server.contains(token));
        by_server
            .filter(|_| matches!(self.status, 403 | 405 | 406 | 418 | 444 | 456 | 468))
            .map(|(_, name)| *name)
    }

    fn by_body(&self) -> Option<&'static str> {
        if matches!(self.status, 404 | 410) {
            return None;
        }
        // Counting ends early on an ordinary page, long before the search for signatures would.
        let visible = visible_chars(self.body, BLOCK_PAGE_CHARS + 1);
        if visible > BLOCK_PAGE_CHARS && !self.is_refusal() {
            return None;
        }
        let signature = SIGNATURES.find(self.body)?;
        let fits = match signature.needs {
            Needs::ScriptOnly => visible <= SCRIPT_ONLY_CHARS,
            Needs::ShortText => self.is_refusal() || visible <= BLOCK_PAGE_CHARS,
        };
        fits.then_some(signature.name)
    }

    fn by_status(&self) -> Option<&'static str> {
        match self.status {
            521 => Some("加速乐（创宇盾）质询（521）"),
            412 => Some("动态安全质询（412，疑似瑞数）"),
            202 if self.body.trim_ascii().is_empty() => Some("动态安全质询（202 空响应）"),
            418 | 444 | 456 | 468 => Some("防火墙拦截"),
            _ => None,
        }
    }
}

/// 瑞数 sets a pair of cookies with a random name and a fixed end.
fn is_ruishu_cookie(name: &str) -> bool {
    let ends = ["80S", "80T", "443S", "443T", "80O", "443O", "80P", "443P"];
    name.starts_with("FSSB") || (name.len() >= 10 && ends.iter().any(|end| name.ends_with(end)))
}

const SERVERS: &[(&str, &str)] = &[
    ("cloudflare", "Cloudflare 拦截"),
    ("yunjiasu", "百度云加速拦截"),
    ("yunsuo", "云锁拦截"),
    ("safedog", "网站安全狗拦截"),
    ("huaweicloudwaf", "华为云 WAF 拦截"),
    ("cloudwaf", "云 WAF 拦截"),
    ("qianxin", "奇安信网站卫士拦截"),
    ("wzws", "奇安信（360）网站卫士拦截"),
    ("safeline", "长亭雷池 WAF 拦截"),
    ("akamaighost", "Akamai 拦截"),
];

/// What must hold besides the mark.
#[derive(Clone, Copy)]
enum Needs {
    /// Nothing but script: pages that were let through carry the same marks.
    ScriptOnly,
    /// Hardly any text, or a status that refuses.
    ShortText,
}

struct Signature {
    mark: &'static str,
    name: &'static str,
    needs: Needs,
}

const fn script(mark: &'static str, name: &'static str) -> Signature {
    Signature { mark, name, needs: Needs::ScriptOnly }
}

const fn notice(mark: &'static str, name: &'static str) -> Signature {
    Signature { mark, name, needs: Needs::ShortText }
}

const KNOWN: &[Signature] = &[
    script("$_ts", "瑞数动态安全质询"),
    script("$_ss", "瑞数动态安全质询"),
    script(" r='m'>", "瑞数动态安全质询"),
    script(" r=\"m\">", "瑞数动态安全质询"),
    script("acw_sc__v2", "阿里云反爬虫质询"),
    script("acw_sc__v3", "阿里云反爬虫质询"),
    script("__jsl_clearance", "加速乐（创宇盾）质询"),
    script("wzwschallenge", "奇安信（360）网站卫士质询"),
    script("wzws_sid", "奇安信（360）网站卫士质询"),
    script("cdn-cgi/challenge-platform", "Cloudflare 人机质询"),
    script("_cf_chl_opt", "Cloudflare 人机质询"),
    script("/_guard/", "防火墙脚本质询"),
    script("__tst_status", "脚本质询"),
    script("yunsuo_session_verify", "云锁质询"),
    script("safeline_bot_challenge", "长亭雷池 WAF 质询"),
    script("sl-challenge", "长亭雷池 WAF 质询"),
    notice("errors.aliyun.com", "阿里云 WAF 拦截"),
    notice("由于您访问的URL有可能对网站造成安全威胁", "阿里云 WAF 拦截"),
    notice("很抱歉，由于您访问的", "阿里云 WAF 拦截"),
    notice("网站防火墙", "网站防火墙拦截"),
    notice("您的请求带有不合法参数", "网站安全狗拦截"),
    notice("safedog.cn", "网站安全狗拦截"),
    notice("365cyd", "创宇盾拦截"),
    notice("创宇盾", "创宇盾拦截"),
    notice("wangzhan.360", "奇安信（360）网站卫士拦截"),
    notice("wangzhan.qianxin", "奇安信网站卫士拦截"),
    notice("wzws-waf-cgi", "奇安信（360）网站卫士拦截"),
    notice("D盾_拦截提示", "D盾拦截"),
    notice("waf.tencent-cloud.com", "腾讯云 WAF 拦截"),
    notice("网站管理员设置了拦截", "防火墙拦截"),
    notice("您的访问请求可能对网站造成安全威胁", "防火墙拦截"),
    notice("您的访问可能对网站造成威胁", "防火墙拦截"),
    notice("您的访问存在安全风险", "防火墙拦截"),
    notice("您的请求可能存在威胁，已被拦截", "防火墙拦截"),
    notice("请求包含恶意行为", "防火墙拦截"),
    notice("请求已被拦截", "防火墙拦截"),
    notice("您的访问被阻断", "防火墙拦截"),
    notice("访问被WAF拦截", "防火墙拦截"),
    notice("Web应用防火墙", "Web 应用防火墙拦截"),
    notice("_Incapsula_Resource", "Imperva 拦截"),
    notice("Attention Required! | Cloudflare", "Cloudflare 拦截"),
    notice("The requested URL was rejected. Please consult with your administrator", "F5 防火墙拦截"),
];

/// [`KNOWN`] in UTF-8 and, for Chinese marks, in GBK, as old firewalls write.
static SIGNATURES: LazyLock<Signatures> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut owners = Vec::new();
    for (owner, signature) in KNOWN.iter().enumerate() {
        patterns.push(signature.mark.as_bytes().to_vec());
        owners.push(owner);
        if !signature.mark.is_ascii() {
            patterns.push(encoding_rs::GBK.encode(signature.mark).0.into_owned());
            owners.push(owner);
        }
    }
    let matcher = AhoCorasick::new(patterns).expect("a few dozen short patterns");
    Signatures { matcher, owners }
});

struct Signatures {
    matcher: AhoCorasick,
    owners: Vec<usize>,
}

impl Signatures {
    fn find(&self, body: &[u8]) -> Option<&'static Signature> {
        self.matcher.find(body).map(|found| &KNOWN[self.owners[found.pattern().as_usize()]])
    }
}

/// Visible characters of a page, roughly: what stands outside of tags, scripts and styles. Stops at `enough`. Bytes of
/// UTF-8 that continue a character do not count; a character of GBK counts twice.
fn visible_chars(body: &[u8], enough: usize) -> usize {
    let mut count = 0;
    let mut rest = body;
    while count < enough {
        let Some(open) = rest.iter().position(|byte| *byte == b'<') else { break };
        count += letters(&rest[..open]);
        rest = &rest[open..];
        let skipped = ["script", "style", "title", "noscript"].iter().find(|name| begins_element(rest, name));
        rest = match skipped {
            Some(name) => after_element(rest, name),
            None if rest.starts_with(b"<!--") => after(rest, b"-->"),
            None => after(rest, b">"),
        };
    }
    (count + if count < enough { letters(rest) } else { 0 }).min(enough)
}

fn letters(text: &[u8]) -> usize {
    text.iter().filter(|byte| !byte.is_ascii_whitespace() && !(0x80..0xc0).contains(*byte)).count()
}

fn begins_element(text: &[u8], name: &str) -> bool {
    let is_named = text.get(1..=name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    is_named && text.get(name.len() + 1).is_none_or(|next| !next.is_ascii_alphanumeric())
}

/// What follows the end tag of the element that `text` begins with; nothing where it is never closed.
fn after_element<'a>(text: &'a [u8], name: &str) -> &'a [u8] {
    let mut rest = &text[1..];
    while let Some(at) = rest.windows(2).position(|pair| pair == b"</") {
        rest = &rest[at + 1..];
        if begins_element(rest, name) {
            return after(rest, b">");
        }
    }
    &[]
}

fn after<'a>(text: &'a [u8], mark: &[u8]) -> &'a [u8] {
    text.windows(mark.len()).position(|window| window == mark).map_or(&[], |at| &text[at + mark.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Option<&'static str> {
        let headers: Vec<_> =
            headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        challenge(status, &headers, body)
    }

    #[test]
    fn names_firewalls() {
        let check = |status: u16, headers: &[(&str, &str)], body: &str, part: &str| {
            let found = named(status, headers, body.as_bytes());
            assert!(found.is_some_and(|name| name.contains(part)), "{status} {body}: {found:?}");
        };
        let ruishu = "<html><head><meta content=\"a\" r=\"m\"><script r='m'>$_ts=window['$_ts'];</script></head><body></body></html>";
        check(412, &[], ruishu, "瑞数");
        check(200, &[], ruishu, "瑞数");
        check(202, &[], ruishu, "瑞数");
        check(412, &[], "", "412");
        check(400, &[("set-cookie", "FSSBBIl1UgzbN7N80S=abc; Path=/")], "<p>bad</p>", "瑞数");
        check(
            521,
            &[("set-cookie", "__jsluid_s=1; max-age=1")],
            "<script>document.cookie=1</script>",
            "加速乐",
        );
        check(521, &[], "", "加速乐");
        check(403, &[("x-via-jsl", "abc,-")], "<p>no</p>", "加速乐");
        check(202, &[], " \n", "202");
        check(405, &[], "<html>由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</html>", "阿里云");
        check(
            200,
            &[],
            "<html><script>var arg1='A';document.cookie='acw_sc__v2='+x;</script></html>",
            "阿里云",
        );
        check(403, &[("cf-mitigated", "challenge")], "", "Cloudflare");
        check(403, &[("server", "WZWS-RAY")], "", "网站卫士");
        check(418, &[("server", "HuaweiCloudWAF")], "", "华为云");
        check(444, &[], "", "防火墙");
        check(200, &[], "<title>提示</title><p>网站防火墙：请求已被拦截</p>", "防火墙");
        check(503, &[], "<p>您的请求可能存在威胁，已被拦截</p>", "防火墙");
    }

    #[test]
    fn reads_notices_in_gbk() {
        let body = encoding_rs::GBK.encode("<p>网站防火墙</p>").0;
        assert_eq!(named(403, &[], &body), Some("网站防火墙拦截"));
    }

    #[test]
    fn leaves_the_site_alone() {
        let check = |status: u16, headers: &[(&str, &str)], body: &str| {
            assert_eq!(named(status, headers, body.as_bytes()), None, "{status} {body}");
        };
        check(200, &[], "");
        check(404, &[("x-via-jsl", "a")], "<p>网站防火墙</p>");
        check(404, &[], "");
        check(500, &[], "<p>出错</p>");
        check(403, &[("server", "nginx")], "<h1>403 Forbidden</h1>");
        check(200, &[("set-cookie", "__jsluid_s=1"), ("server", "cloudflare")], "<p>正文</p>");
        // A page that came through still carries the marks.
        check(
            200,
            &[],
            "<html><script r='m'>$_ts</script><body>今天召开了全省生态环境保护工作会议</body></html>",
        );
        // News about firewalls.
        check(200, &[], &format!("<p>{}网站防火墙</p>", "政务网站应部署防护设备。".repeat(60)));
        check(200, &[], "<script>location.href='/index.html'</script>");
    }

    #[test]
    fn counts_what_is_visible() {
        let check = |body: &str, expected: usize| {
            assert_eq!(visible_chars(body.as_bytes(), 100), expected, "{body:?}")
        };
        check("", 0);
        check("<p>四川 ab</p>", 4);
        check("<title>x</title><SCRIPT>a</p>b</SCRIPT>c<!-- d -->e<style>f", 2);
        check(&"字".repeat(500), 100);
        check("<", 0);
        check("<p", 0);
    }
}
