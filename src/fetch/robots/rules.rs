//! The text of robots.txt, read as RFC 9309 says, and as leniently.

use std::time::Duration;

use crate::{address::Address, facts::Mention, fetch::percent};

/// The name robots.txt knows us by.
const PRODUCT: &str = "sitewarden";
/// Rules kept; real files have fewer than a hundred.
const RULES: usize = 5_000;
/// Longest pattern kept. No address that is fetched is longer.
const PATTERN: usize = 2_048;
/// Longest pause between requests taken seriously.
const LONGEST_DELAY: f64 = 300.0;

/// What a robots.txt asks of us.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// Sitemaps it names, as written.
    pub sitemaps: Vec<Mention>,
    /// Pause between requests it asks for.
    pub crawl_delay: Option<Duration>,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allows: bool,
    /// In the spelling of [`percent::normalise`]; may hold `*`, and `$` at the end.
    pattern: String,
}

impl Rules {
    /// Whether an address may be fetched: the longest rule that fits decides, the kinder one of two as long.
    pub fn allows(&self, address: &Address) -> bool {
        let url = address.url();
        if self.rules.is_empty() || url.path() == "/robots.txt" {
            return true;
        }
        let mut path = percent::normalise(url.path().as_bytes());
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(&percent::normalise(query.as_bytes()));
        }
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, &path));
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// Reads a robots.txt. Never fails: what is not understood is skipped.
pub fn parse(body: &[u8]) -> Rules {
    let mark = if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut at = mark;
    let mut ours = Group::default();
    let mut everybody = Group::default();
    let mut sitemaps = Vec::new();
    let mut named = Named::default();
    for line in body[mark..].split(|byte| matches!(byte, b'\n' | b'\r')) {
        let offset = at as u64;
        at += line.len() + 1;
        let Some((key, value)) = directive(line) else { continue };
        match key.as_str() {
            "user-agent" | "useragent" => named.add(value),
            "sitemap" => {
                sitemaps.push(Mention { address: String::from_utf8_lossy(value).into_owned(), offset });
            }
            "allow" | "disallow" | "crawl-delay" => {
                named.closed = true;
                for (is_meant, group) in [(named.us, &mut ours), (named.all, &mut everybody)] {
                    if is_meant {
                        group.add(&key, value);
                    }
                }
            }
            _ => {}
        }
        ours.exists |= named.us;
    }
    let group = if ours.exists { ours } else { everybody };
    Rules { sitemaps, crawl_delay: group.crawl_delay, rules: group.rules }
}

/// The rules for one agent, from all groups that name it.
#[derive(Default)]
struct Group {
    exists: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

impl Group {
    fn add(&mut self, key: &str, value: &[u8]) {
        if key == "crawl-delay" {
            let seconds = std::str::from_utf8(value).ok().and_then(|value| value.parse::<f64>().ok());
            let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
            self.crawl_delay = seconds.map(|seconds| Duration::from_secs_f64(seconds.min(LONGEST_DELAY)));
        } else if !value.is_empty() && value.len() <= PATTERN && self.rules.len() < RULES {
            let mut pattern = percent::normalise(value);
            if !pattern.starts_with(['/', '*']) {
                pattern.insert(0, '/');
            }
            self.rules.push(Rule { allows: key == "allow", pattern });
        }
    }
}

/// Whom the rules being read are for: the `User-agent` lines before them.
#[derive(Default)]
struct Named {
    us: bool,
    all: bool,
    /// Rules have followed, so the next `User-agent` begins a new group.
    closed: bool,
}

impl Named {
    fn add(&mut self, value: &[u8]) {
        if self.closed {
            *self = Named::default();
        }
        let token =
            value.iter().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')).count();
        self.us |= value[..token].eq_ignore_ascii_case(PRODUCT.as_bytes());
        self.all |= value.first() == Some(&b'*');
    }
}

/// Key (in lower case) and value of a line.
fn directive(line: &[u8]) -> Option<(String, &[u8])> {
    let line = line.split(|byte| *byte == b'#').next()?;
    let colon = line.iter().position(|byte| *byte == b':')?;
    let key = line[..colon].trim_ascii();
    // Keys longer than any we know are not worth a copy.
    (key.len() <= 16)
        .then(|| (String::from_utf8_lossy(key).to_ascii_lowercase(), line[colon + 1..].trim_ascii()))
}

/// Whether a pattern fits the beginning of a path, or all of it where it ends in `$`.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        // The part before is no longer the last: its first place leaves most to those after it.
        if let Some(middle) = last.replace(part) {
            let Some(at) = str::find(rest, middle) else { return false };
            rest = &rest[at + middle.len()..];
        }
    }
    match (last, to_the_end) {
        (None, true) => rest.is_empty(),
        (None, false) => true,
        (Some(last), true) => rest.ends_with(last),
        (Some(last), false) => rest.contains(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(robots: &str, path: &str, allowed: bool) {
        let address = Address::parse(&format!("http://a.test{path}")).unwrap();
        assert_eq!(parse(robots.as_bytes()).allows(&address), allowed, "{path} under\n{robots}");
    }

    fn check_pattern(pattern: &str, path: &str, fitting: bool) {
        check(&format!("User-agent: *\nDisallow: {pattern}"), path, !fitting);
    }

    #[test]
    fn patterns_fit_as_the_standard_says() {
        for (pattern, path, fitting) in [
            ("/", "/", true),
            ("/", "/a/b?c", true),
            ("", "/a", false),
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish.asp", false),
            ("/fish*", "/fishheads/yummy.html", true),
            ("/fish/", "/fish", false),
            ("/fish/", "/fish/?id=1", true),
            ("/*.php", "/index.php?a=1", true),
            ("/*.php", "/php/", false),
            ("/*.php$", "/a/file.php", true),
            ("/*.php$", "/file.php?a", false),
            ("/*.php$", "/a.php.php", true),
            ("/fish*.php", "/fishheads/catfish.php?p", true),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("/*?*", "/a?b", true),
            ("/*?*", "/a", false),
            ("/*a*b*c$", "/xaybzc", true),
            ("/*a*b*c$", "/xcybza", false),
            ("/a*b$", "/ab", true),
            ("/a*ab$", "/ab", false),
            ("*/x", "/a/x", true),
            ("x", "/x1", true),
            ("/附件/", "/%E9%99%84%E4%BB%B6/1", true),
            ("/%e9%99%84", "/附件", true),
            ("/%7Euser", "/~user/", true),
            ("/a%2Fb", "/a/b", false),
        ] {
            check_pattern(pattern, path, fitting);
        }
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_ties() {
        check("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true);
        check("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false);
        check("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true);
        check("User-agent: *\nDisallow: /\nAllow: /$", "/", true);
        check("User-agent: *\nDisallow: /\nAllow: /$", "/x", false);
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
    }

    #[test]
    fn our_own_group_comes_before_that_of_all() {
        let both = "User-agent: *\nDisallow: /\n\nUser-agent: SiteWarden/1.0\nDisallow: /private\n";
        check(both, "/a", true);
        check(both, "/private", false);
        check("User-agent: sitewarden\nUser-agent: other\nDisallow: /x", "/x", false);
        check("User-agent: sitewarden\nDisallow: /x\nUser-agent: other\nDisallow: /y", "/y", true);
        check(
            "User-agent: sitewarden\nDisallow: /x\nUser-agent: o\nDisallow: /\nUser-agent: sitewarden\nDisallow: /y",
            "/y",
            false,
        );
        check("User-agent: sitewardens\nDisallow: /", "/a", true);
        check("User-agent: sitewarden\n\nUser-agent: *\nDisallow: /", "/a", false);
        check("User-agent: *\nDisallow: /\nUser-agent: sitewarden\nAllow:", "/a", true);
        check("Disallow: /", "/a", true);
    }

    #[test]
    fn odd_files_are_read() {
        check("\u{feff}User-agent: *\r\nDisallow: /a # all of it\r\n", "/a", false);
        check("USER-AGENT:*\rdisallow :/a\r", "/a", false);
        check("User-agent: *\nFoo: bar\nno colon\n: \nDisallow: /a", "/a", false);
        let rules = parse(
            b"Sitemap: http://a.test/1.xml\nUser-agent: *\nCrawl-delay: 0.5\nSITEMAP: /2.xml\n\xff\xfe: x",
        );
        let mention = |address: &str, offset| Mention { address: address.to_owned(), offset };
        assert_eq!(rules.sitemaps, [mention("http://a.test/1.xml", 0), mention("/2.xml", 60)]);
        assert_eq!(rules.crawl_delay, Some(Duration::from_millis(500)));
        for (delay, expected) in
            [("86400", Some(300)), ("-1", None), ("NaN", None), ("x", None), ("1e999", None)]
        {
            let rules = parse(format!("User-agent: *\nCrawl-delay: {delay}").as_bytes());
            assert_eq!(rules.crawl_delay.map(|delay| delay.as_secs()), expected, "{delay}");
        }
    }
}
