//! How a link is written: what can be said before, or in spite of, resolving it.

use super::NoAddress;

/// Tells links that need no resolving: those with nothing to fetch and those that lead nowhere by their spelling.
pub(super) fn inspect(raw: &str) -> Result<(), NoAddress> {
    let text = strip(raw);
    if text.is_empty() || text.starts_with('#') {
        return Err(NoAddress::NotFetchable);
    }
    if is_plain(text.as_bytes()) {
        return Ok(());
    }
    if let Some(why) = left_by_a_program(text).or_else(|| misspelt_scheme(text)) {
        return Err(NoAddress::Malformed(why));
    }
    match scheme(text).as_deref() {
        None | Some("http" | "https") => Ok(()),
        Some("file") => Err(NoAddress::Malformed("指向本机文件（file://），外部无法访问")),
        Some(drive) if drive.len() == 1 => Err(NoAddress::Malformed("指向本机磁盘路径，外部无法访问")),
        Some(name) if NEARLY_HTTP.contains(&name) => {
            Err(NoAddress::Malformed("协议名书写有误，应为 http 或 https"))
        }
        // Anything else belongs to some application: `weixin:`, `alipays:`, `mqqwpa:`.
        Some(_) => Err(NoAddress::NotFetchable),
    }
}

/// What a keyboard makes of `http` and `https`.
const NEARLY_HTTP: &[&str] = &[
    "htp", "htps", "htttp", "htttps", "hhttp", "hhttps", "ttp", "ttps", "htpp", "htpps", "httpp", "httpps",
    "httpss", "thtp", "hthp", "hppt", "hppts", "hpts", "hptt", "hptts",
];

/// Strips what browsers strip around a link: spaces and C0 controls, no other white space.
fn strip(raw: &str) -> &str {
    raw.trim_matches(|c: char| c <= ' ')
}

/// A link whose host stands behind three slashes or more, with two: browsers skip the rest, the parser does not.
pub(super) fn fewer_slashes(raw: &str) -> &str {
    let text = strip(raw);
    let slashes = text.bytes().take_while(|byte| matches!(byte, b'/' | b'\\')).count();
    if slashes > 2 { &text[slashes - 2..] } else { text }
}

/// The common case, told in one pass: a plain path or an ordinary http address, nothing odd about its letters.
fn is_plain(text: &[u8]) -> bool {
    let after_scheme = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme.as_bytes()))
        .or_else(|| text.strip_prefix(b"/"))
        .or_else(|| text.strip_prefix(b"."));
    after_scheme.is_some_and(|rest| {
        rest.iter().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'?' | b'=' | b'&')
        })
    })
}

/// The scheme as a browser reads it, in lower case; `None` for a relative link.
fn scheme(text: &str) -> Option<String> {
    let mut name = String::new();
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            ':' if !name.is_empty() => return Some(name),
            'a'..='z' | 'A'..='Z' => name.push(c.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !name.is_empty() => name.push(c),
            _ => return None,
        }
    }
    None
}

fn left_by_a_program(text: &str) -> Option<&'static str> {
    if has_template_variable(text) {
        return Some("链接中有未替换的模板变量");
    }
    let lower = text.get(..text.len().min(64)).unwrap_or(text);
    let is_word = ["undefined", "null", "nan"].iter().any(|word| lower.eq_ignore_ascii_case(word));
    (is_word || ["[object Object]", "[object%20Object]"].iter().any(|word| text.contains(word)))
        .then_some("链接是脚本出错留下的内容（undefined、null 或 [object Object]）")
}

/// Whether a link still holds a variable of a template, `${…}`, `{{…}}` or `<%…%>`. On a page that is filled by
/// scripts in the visitor's browser this is no defect.
pub fn has_template_variable(raw: &str) -> bool {
    [("${", "}"), ("{{", "}}"), ("<%", "%>")]
        .iter()
        .any(|(open, close)| raw.find(open).is_some_and(|start| raw[start..].contains(close)))
}

fn misspelt_scheme(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(16).map(|c| narrow(c).to_ascii_lowercase()).collect();
    let begun = head.trim_start();
    let is_web = begun.starts_with("http://") || begun.starts_with("https://");
    if is_web && begun.len() < head.len() {
        return Some("网址前有全角空格或不间断空格，浏览器会当作站内相对路径");
    }
    if is_web && !text.chars().take("http://".len()).all(|c| c.is_ascii()) {
        return Some("协议部分用了全角字符（如“http：//”）");
    }
    let word_end = begun.find(|c: char| !c.is_ascii_alphabetic())?;
    let (word, rest) = begun.split_at(word_end);
    if !matches!(word, "http" | "https" | "mailto" | "javascript" | "tel") {
        return None;
    }
    let after_space = rest.trim_start();
    if after_space.starts_with(':') && after_space.len() < rest.len() {
        return Some("协议名与冒号之间有空格");
    }
    let without_colon = ["//", ";//", "\\\\"].iter().any(|slashes| after_space.starts_with(slashes));
    (word.starts_with("http") && without_colon).then_some("协议后缺少冒号（应为 http://）")
}

/// The half-width form of a full-width letter or sign.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    }
}

/// Whether a relative link was surely meant as a whole address, its scheme forgotten: `www.example.gov.cn/a.html`.
/// A browser takes it for a path below the page.
pub fn looks_protocolless(raw: &str) -> bool {
    let text = strip(raw);
    let host = text.split(['/', '\\', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    // File names end in these, too, but `.com` and `.cn` are none that a site would offer.
    let ends_as_name =
        [".cn", ".com", ".net", ".org"].iter().any(|end| host.len() > end.len() && host.ends_with(end));
    is_name && (ends_as_name || (host.starts_with("www.") && host.matches('.').count() >= 2))
}

/// What is odd about the spelling of a link that browsers follow all the same, in Chinese.
pub fn odd_spelling(raw: &str) -> Option<&'static str> {
    let text = strip(raw);
    let before_query = text.split(['?', '#']).next().unwrap_or_default();
    if before_query.contains('\\') {
        Some("用了反斜杠")
    } else if text.contains(['\t', '\n', '\r']) {
        Some("中间有换行或制表符")
    } else if before_query.contains([' ', '\u{a0}', '\u{3000}']) {
        Some("含有空格")
    } else if host_as_written(text).chars().any(|c| narrow(c) != c || c == '。') {
        Some("域名用了全角字符")
    } else if text.len() < raw.len() {
        Some("首尾有空格")
    } else {
        None
    }
}

fn host_as_written(text: &str) -> &str {
    let after = text.split_once("//").map_or("", |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_forgotten_scheme() {
        let check = |raw: &str, expected: bool| assert_eq!(looks_protocolless(raw), expected, "{raw:?}");
        check("www.example.gov.cn/a.html", true);
        check("www.example.gov.cn", true);
        check(" WWW.Example.Gov.CN:8080/x", true);
        check("sthjt.example.gov.cn?a=1", true);
        check("example.com", true);
        check("www.example.museum/", true);
        check("index.html", false);
        check("./www.example.gov.cn/", false);
        check("/www.example.gov.cn/", false);
        check("http://www.example.gov.cn", false);
        check("www.html", false);
        check("t20250101_1.html", false);
        check("附件.cn.doc", false);
        check(".cn", false);
        check("", false);
    }

    #[test]
    fn tells_odd_spellings() {
        let check = |raw: &str, expected: Option<&str>| assert_eq!(odd_spelling(raw), expected, "{raw:?}");
        check("/a/b.html?x=a b", None);
        check("\\a\\b.html", Some("用了反斜杠"));
        check("/a b.doc", Some("含有空格"));
        check("/a\nb", Some("中间有换行或制表符"));
        check("http://ｗww.x.gov.cn/", Some("域名用了全角字符"));
        check("http://www。x.gov.cn/", Some("域名用了全角字符"));
        check("http://www.x.gov.cn/（公告）", None);
        check(" /a ", Some("首尾有空格"));
    }

    #[test]
    fn plain_means_nothing_to_say() {
        let check = |raw: &str, expected: bool| assert_eq!(is_plain(raw.as_bytes()), expected, "{raw:?}");
        check("/a/b_1.html?x=1&y=2", true);
        check("../a.html", true);
        check("https://www.x.gov.cn/a/", true);
        check("http://http://x", false);
        check("a.html", false);
        check("javascript:;", false);
        check("/${id}", false);
    }
}
