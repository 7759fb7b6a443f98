//! Which addresses are one and the same.
//!
//! The key is for comparing, never for asking: paths keep their case and their slashes, `www.` and the scheme stay,
//! parameters keep their order. Only what no server answers differently is folded: the spelling of
//! percent-encoding, user names, session numbers, tracking parameters, a bare `?`.

use std::{borrow::Cow, fmt};

use super::Address;

/// A dedup key: two addresses with the same key are fetched once. Computing it twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    pub(super) fn of(address: &Address) -> Key {
        let url = address.url();
        let has_user = !url.username().is_empty() || url.password().is_some();
        let path = fold_path(url.path());
        let query = url.query().map(fold_query);
        let is_folded =
            matches!(path, Cow::Owned(_)) || !matches!(query, None | Some(Some(Cow::Borrowed(_))));
        if !has_user && !is_folded {
            return Key(url.as_str().to_owned());
        }
        let mut text = String::with_capacity(url.as_str().len() + 8);
        text.push_str(url.scheme());
        text.push_str("://");
        text.push_str(address.host());
        if let Some(port) = url.port() {
            text.push_str(&format!(":{port}"));
        }
        text.push_str(&path);
        if let Some(query) = query.flatten() {
            text.push('?');
            text.push_str(&query);
        }
        Key(text)
    }

    /// The key as text: itself a URL, readable in reports.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 128-bit hash, the key of indexes.
    pub fn hash128(&self) -> u128 {
        xxhash_rust::xxh3::xxh3_128(self.0.as_bytes())
    }
}

fn fold_path(path: &str) -> Cow<'_, str> {
    let path = fold_percent(path);
    let has_session = path.bytes().any(|byte| byte == b';') || path.contains("/(");
    if !has_session {
        return path;
    }
    let mut folded = String::with_capacity(path.len());
    for segment in path.split('/').skip(1) {
        let segment = without_session_parameter(segment);
        if !is_session_segment(&segment) {
            folded.push('/');
            folded.push_str(&segment);
        }
    }
    if folded.is_empty() {
        folded.push('/');
    }
    if folded == *path { path } else { Cow::Owned(folded) }
}

/// Session numbers of ASP.NET without cookies: `/(S(abc123…))/page.aspx`.
fn is_session_segment(segment: &str) -> bool {
    let inner = segment.strip_prefix("(S(").and_then(|rest| rest.strip_suffix("))"));
    inner.is_some_and(|inner| inner.len() == 24 && inner.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A segment without `;jsessionid=…` and its like.
fn without_session_parameter(segment: &str) -> Cow<'_, str> {
    let mut parts = segment.split(';');
    let name = parts.next().unwrap_or_default();
    let kept: Vec<&str> =
        parts.clone().filter(|part| !part.split_once('=').is_some_and(is_session)).collect();
    // What is left must not become a dot segment, which would lead elsewhere.
    if kept.len() == parts.count() || (kept.is_empty() && matches!(name, "." | "..")) {
        return Cow::Borrowed(segment);
    }
    let mut left = name.to_owned();
    for part in kept {
        left.push(';');
        left.push_str(part);
    }
    Cow::Owned(left)
}

/// The query without sessions and trackers; `None` where nothing is left of it.
fn fold_query(query: &str) -> Option<Cow<'_, str>> {
    let query = fold_percent(query);
    if !query.split('&').any(is_noise) {
        return (!query.is_empty()).then_some(query);
    }
    let kept: Vec<&str> = query.split('&').filter(|parameter| !is_noise(parameter)).collect();
    let left = kept.join("&");
    (!left.is_empty()).then_some(Cow::Owned(left))
}

fn is_noise(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|pair| is_session(pair) || is_tracker(pair))
}

/// Session numbers, by the names that servers give them.
fn is_session((name, value): (&str, &str)) -> bool {
    const NAMES: &[&str] =
        &["jsessionid", "phpsessid", "cfid", "cftoken", "sessionid", "session_id", "zenid", "oscsid"];
    let is_named = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    // `sid` is as often the number of a site or a column: only a long token is a session.
    let is_token = || value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_prefix =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    is_named || has_prefix("aspsessionid") || (name.eq_ignore_ascii_case("sid") && is_token())
}

/// Marks that campaigns, statistics and messengers add to a shared link.
fn is_tracker((name, value): (&str, &str)) -> bool {
    const NAMES: &[&str] = &[
        "spm",
        "scm",
        "fbclid",
        "gclid",
        "msclkid",
        "yclid",
        "bd_vid",
        "hmsr",
        "hmpl",
        "hmcu",
        "hmkw",
        "hmci",
        "nsukey",
        "isappinstalled",
        "wxshare_count",
        "_wv",
        "mc_cid",
        "mc_eid",
        "_ga",
        "sharer_sharetime",
        "sharer_shareid",
    ];
    // WeChat says in `from` where a link was shared; elsewhere the name is an ordinary one.
    const SHARED_IN: &[&str] = &["timeline", "groupmessage", "singlemessage"];
    name.starts_with("utm_") || NAMES.contains(&name) || (name == "from" && SHARED_IN.contains(&value))
}

/// Writes percent-encoding in one way: upper-case digits, letters and digits and `-._~` as themselves. A `%` that
/// begins no escape becomes `%25`, so that what follows it cannot turn into one.
fn fold_percent(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut folded = Vec::with_capacity(bytes.len() + 2);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            folded.push(bytes[at]);
            at += 1;
            continue;
        }
        match (bytes.get(at + 1).and_then(hex), bytes.get(at + 2).and_then(hex)) {
            (Some(high), Some(low)) => {
                let value = high << 4 | low;
                if value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~') {
                    folded.push(value);
                } else {
                    folded.extend([b'%', DIGITS[usize::from(high)], DIGITS[usize::from(low)]]);
                }
                at += 3;
            }
            _ => {
                folded.extend(b"%25");
                at += 1;
            }
        }
    }
    if folded == bytes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(String::from_utf8(folded).expect("only ASCII was exchanged for ASCII"))
}

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

fn hex(byte: &u8) -> Option<u8> {
    (*byte as char).to_digit(16).map(|digit| digit as u8)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> String {
        Address::parse(text).expect("a good address").key().to_string()
    }

    #[test]
    fn folds_what_makes_no_difference() {
        let check = |path: &str, expected: &str| {
            assert_eq!(
                key(&format!("http://x.gov.cn{path}")),
                format!("http://x.gov.cn{expected}"),
                "{path}"
            );
        };
        check("", "/");
        check(":80/a", "/a");
        check("/a#b", "/a");
        check("/a?", "/a");
        check("/%e9%99%84%7eA%2d", "/%E9%99%84~A-");
        check("/%41%2F%3f", "/A%2F%3F");
        check("/a%zz%", "/a%25zz%25");
        check("/%%34%31", "/%2541");
        check("/a.do;jsessionid=AAA?x=1", "/a.do?x=1");
        check("/a.do;JSESSIONID=AAA.node1;v=2/b", "/a.do;v=2/b");
        check("/a.do;%6Asessionid=1", "/a.do");
        check("/;jsessionid=1", "/");
        check("/a;b=1", "/a;b=1");
        check("/a/..;jsessionid=1/b", "/a/..;jsessionid=1/b");
        check("/app/(S(abcdefghij0123456789abcd))/p.aspx", "/app/p.aspx");
        check("/a(S(x))/(1)/p", "/a(S(x))/(1)/p");
        check("/a?PHPSESSID=1&id=2", "/a?id=2");
        check("/a?ASPSESSIONIDQQAB=1", "/a");
        check("/a?CFID=1&CFTOKEN=2&x=3", "/a?x=3");
        check("/a?sid=12", "/a?sid=12");
        check("/a?sid=0123456789abcdef0123456789abcdef", "/a");
        check("/a?utm_source=x&utm_medium=y", "/a");
        check("/a?id=1&from=timeline&isappinstalled=0", "/a?id=1");
        check("/a?from=2024", "/a?from=2024");
        check("/a?spm=1&b&&c=", "/a?b&&c=");
        check("/a?k=%d6%d0", "/a?k=%D6%D0");
    }

    #[test]
    fn keeps_apart_what_servers_may() {
        let check = |one: &str, other: &str| assert_ne!(key(one), key(other));
        check("http://x.gov.cn/A.html", "http://x.gov.cn/a.html");
        check("http://x.gov.cn/a", "http://x.gov.cn/a/");
        check("http://x.gov.cn/a//b", "http://x.gov.cn/a/b");
        check("http://x.gov.cn/", "https://x.gov.cn/");
        check("http://www.x.gov.cn/", "http://x.gov.cn/");
        check("http://x.gov.cn/?a=1&b=2", "http://x.gov.cn/?b=2&a=1");
        check("http://x.gov.cn/a%2Fb", "http://x.gov.cn/a/b");
        check("http://x.gov.cn/", "http://x.gov.cn/index.html");
        check("http://x.gov.cn:8080/", "http://x.gov.cn/");
    }

    #[test]
    fn drops_user_names() {
        assert_eq!(key("http://a:b@x.gov.cn:81/c?d"), "http://x.gov.cn:81/c?d");
    }

    fn addresses() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "/",
            "//",
            "a",
            "B",
            "..",
            ".",
            "%",
            "%2e",
            "%2E",
            "%41",
            "%4",
            "%25",
            "%e4",
            "%zz",
            ";",
            ";jsessionid=1",
            ";%6asessionid=2",
            "(S(abcdefghij0123456789abcd))",
            "?",
            "&",
            "utm_a=1",
            "sid=",
            "0123456789abcdef",
            "=",
            "#",
            "中",
            " ",
            "\\",
            "%3B",
            "%3b",
            "from=timeline",
            ":",
            "@",
            "'",
            "|",
            "%%34%31",
        ]);
        prop::collection::vec(piece, 0..14).prop_map(|pieces| format!("http://x.gov.cn/{}", pieces.concat()))
    }

    proptest! {
        #[test]
        fn computing_it_twice_changes_nothing(text in addresses()) {
            let address = Address::parse(&text).expect("any path is a good address");
            let request = address.as_str().to_owned();
            let once = address.key();
            let again = Address::parse(once.as_str()).expect("a key is a URL").key();
            prop_assert_eq!(once, again);
            prop_assert_eq!(request, address.as_str());
        }
    }
}
