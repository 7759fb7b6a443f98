//! What the text of an inline script says about addresses, read without running it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::pagination;

/// Bytes of a literal that may still be an address.
const LITERAL_BYTES: usize = 2048;

/// Calls of a pager that are read in one script; each may look through all of it.
const PAGERS: usize = 4;

/// What a place in a script may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Location,
    WindowOpen,
    TrsPager,
    HanwebPager,
    Record,
    /// Content is fetched or written by script.
    Fills,
}

const MARKERS: [(&str, Marker); 19] = [
    ("location", Marker::Location),
    ("window.open", Marker::WindowOpen),
    ("createPageHTML", Marker::TrsPager),
    ("dataproxy.jsp", Marker::HanwebPager),
    ("<record", Marker::Record),
    ("$.ajax", Marker::Fills),
    ("$.get(", Marker::Fills),
    ("$.getJSON", Marker::Fills),
    ("$.post(", Marker::Fills),
    ("jQuery.ajax", Marker::Fills),
    ("axios", Marker::Fills),
    ("fetch(", Marker::Fills),
    ("XMLHttpRequest", Marker::Fills),
    ("new Vue", Marker::Fills),
    ("createApp", Marker::Fills),
    ("ReactDOM", Marker::Fills),
    (".jpage(", Marker::Fills),
    ("template(", Marker::Fills),
    ("Handlebars", Marker::Fills),
];

static MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(MARKERS.map(|(text, _)| text)).expect("a handful of short literals always compiles")
});

/// What was read from a script.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Script {
    /// Where the script sends the visitor: `location = '…'`.
    pub(super) redirects: Vec<String>,
    /// What it opens: `window.open('…')`.
    pub(super) opens: Vec<String>,
    /// Pages of a known pagination.
    pub(super) pages: Vec<String>,
    /// HTML kept inside of it, to be shown later.
    pub(super) island: Option<String>,
    /// Whether it fetches content.
    pub(super) fills: bool,
}

/// Reads a script.
pub(super) fn read(script: &str) -> Script {
    let mut found = Script::default();
    let (mut pagers, mut records) = (0, 0);
    for hit in MATCHER.find_iter(script) {
        let (before, after) = (&script[..hit.start()], &script[hit.end()..]);
        let marker = MARKERS[hit.pattern().as_usize()].1;
        if matches!(marker, Marker::TrsPager | Marker::HanwebPager) {
            pagers += 1;
            if pagers > PAGERS || !found.pages.is_empty() {
                continue;
            }
        }
        match marker {
            Marker::Location if is_word_start(before) => found.redirects.extend(assigned(after)),
            Marker::WindowOpen => found.opens.extend(argument(after)),
            Marker::TrsPager => pagination::trs(script, after, &mut found.pages),
            Marker::HanwebPager => pagination::hanweb(script, &mut found.pages),
            Marker::Record => {
                // One look takes in all records.
                records += 1;
                if records == 1 {
                    found.island = pagination::island(script);
                }
            }
            Marker::Fills => found.fills = true,
            Marker::Location => {}
        }
    }
    found
}

/// The addresses in an event attribute or a `javascript:` link: literals that look like one.
pub(super) fn literals_in(code: &str) -> impl Iterator<Item = &str> {
    let mut rest = code;
    std::iter::from_fn(move || {
        let start = rest.find(['\'', '"'])?;
        let quote = rest.as_bytes()[start] as char;
        let (literal, remains) = rest[start + 1..].split_once(quote)?;
        rest = remains;
        Some(literal)
    })
    .filter(|literal| looks_like_address(literal))
}

/// Whether a text that may be anything looks like an address.
pub(super) fn looks_like_address(text: &str) -> bool {
    const PAGES: [&str; 8] = [".html", ".htm", ".shtml", ".jsp", ".php", ".aspx", ".asp", ".do"];
    if text.len() < 2 || text.len() > LITERAL_BYTES || text.contains(|c: char| c.is_whitespace() || c == '<')
    {
        return false;
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    ["http://", "https://", "/", "./", "../"].iter().any(|start| text.starts_with(start))
        || (PAGES.iter().any(|end| path.ends_with(end)) && !path.starts_with('.'))
}

fn is_word_start(before: &str) -> bool {
    // `window.location`, `top.location`, but not `mylocation` or `a.location.b` of a map library.
    let word_end = before.trim_end_matches('.');
    !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '\'' | '"' | '-'))
        && (word_end.len() == before.len()
            || ["window", "document", "self", "top", "parent"]
                .iter()
                .any(|object| word_end.ends_with(object)))
}

/// The literal assigned to `location`: `= '…'`, `.href = '…'`, `.replace('…')`, `.assign('…')`.
fn assigned(after: &str) -> Option<String> {
    for call in [".replace", ".assign"] {
        if let Some(rest) = after.strip_prefix(call) {
            return argument(rest);
        }
    }
    let rest = after.strip_prefix(".href").unwrap_or(after).trim_start().strip_prefix('=')?;
    whole_literal(rest)
}

/// The first argument of a call, where it is a literal.
fn argument(after: &str) -> Option<String> {
    whole_literal(after.trim_start().strip_prefix('(')?)
}

/// A literal that is a whole expression; half of a concatenation is no address.
fn whole_literal(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let end = rest.as_bytes()[1..].iter().take(LITERAL_BYTES).position(|byte| *byte == quote as u8)?;
    let literal = &rest[1..=end];
    let is_whole = !rest[end + 2..].trim_start().starts_with('+');
    let is_plain = !literal.is_empty() && !literal.contains(['\\', '\n', '<', ' ']);
    (is_whole && is_plain && !literal.starts_with('#') && literal != "about:blank")
        .then(|| literal.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, redirects: &[&str], opens: &[&str]) {
        let found = read(script);
        assert_eq!(found.redirects, redirects, "{script}");
        assert_eq!(found.opens, opens, "{script}");
    }

    #[test]
    fn redirects() {
        check("location='/a.html'", &["/a.html"], &[]);
        check("window.location.href = \"./b/\";", &["./b/"], &[]);
        check("top.location.replace('c.html')", &["c.html"], &[]);
        check("document.location.assign ( 'd' )", &["d"], &[]);
        check("if(location.href=='/a'){}", &[], &[]);
        check("location.href='/a?id='+id", &[], &[]);
        check("var mylocation='/a'", &[], &[]);
        check("map.location='/a'", &[], &[]);
        check("location.href='#top'", &[], &[]);
        check("location.reload()", &[], &[]);
        check("location.href = \"<a>\"", &[], &[]);
        check("location='never closed", &[], &[]);
        check("window.open('/e.html','_blank')", &[], &["/e.html"]);
        check("window.open(url)", &[], &[]);
    }

    #[test]
    fn filling() {
        assert!(read("$.ajax({url:'/a'})").fills);
        assert!(!read("var a=1").fills);
    }

    #[test]
    fn literals() {
        let check = |code: &str, expected: &[&str]| {
            assert_eq!(literals_in(code).collect::<Vec<_>>(), expected, "{code}");
        };
        check("window.open('/a.html','_blank')", &["/a.html"]);
        check("go(\"b.shtml?id=1\")", &["b.shtml?id=1"]);
        check("this.className='on'", &[]);
        check("f('.html')", &[]);
        check("f('a b.html')", &[]);
        check("f('http://a.gov.cn')", &["http://a.gov.cn"]);
        check("f('unclosed", &[]);
    }
}
