//! Page numbers and lists that two families of Chinese content management systems leave to a script.
//!
//! Both are read from literals in the script; nothing is run. What is not written as a plain number is left alone.

use memchr::memmem;

/// Pages of one list at most. 2,000 pages of 20 rows hold more than any column we met.
pub(super) const MAX_PAGES: usize = 2_000;
const RECORD: &str = "<record>";
/// Pages that one request to the Hanweb proxy brings, as its own script asks.
const PAGES_PER_REQUEST: usize = 3;

/// Addresses of the pages after the first of a TRS list. `arguments` is what follows `createPageHTML`:
/// `(20, 0, "index", "html")`, with an element id before or a record count behind; the page count may be a variable
/// that `script` gives a number.
pub(super) fn trs(script: &str, arguments: &str, pages: &mut Vec<String>) {
    let Some(arguments) = arguments.trim_start().strip_prefix('(') else { return };
    let Some((arguments, _)) = arguments.split_once(')') else { return };
    let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
    let literals: Vec<&str> = arguments.iter().filter_map(|argument| unquoted(argument)).collect();
    let [.., name, extension] = literals.as_slice() else { return };
    let is_extension =
        (2..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphabetic());
    if !is_extension
        || !(1..=64).contains(&name.len())
        || name.contains(|c: char| c.is_whitespace() || c == '<')
    {
        return;
    }
    let first = arguments.iter().find(|argument| unquoted(argument).is_none());
    let Some(total) = first.and_then(|argument| argument.parse().ok().or_else(|| variable(script, argument)))
    else {
        return;
    };
    pages.extend((1..total.min(MAX_PAGES)).map(|page| format!("{name}_{page}.{extension}")));
}

/// Addresses of the further pages of a Hanweb (jpaas) list whose `script` asks `dataproxy.jsp` for them.
pub(super) fn hanweb(script: &str, pages: &mut Vec<String>) {
    const PASSED_ON: [&str; 9] = [
        "col",
        "appid",
        "webid",
        "path",
        "columnid",
        "sourceContentType",
        "unitid",
        "webname",
        "permissiontype",
    ];
    let Some(proxy) = quoted_around(script, "dataproxy.jsp") else { return };
    let proxy = proxy.split('?').next().unwrap_or_default();
    let total = setting(script, "totalRecord").and_then(|value| value.parse::<usize>().ok());
    let per_page = setting(script, "perPage").and_then(|value| value.parse::<usize>().ok());
    let (Some(total), Some(per_page @ 1..=1000)) = (total, per_page) else { return };
    if setting(script, "columnid").is_none() {
        return;
    }
    let passed_on: String = PASSED_ON
        .iter()
        .filter_map(|name| setting(script, name).map(|value| (name, value)))
        .map(|(name, value)| format!("&{name}={value}"))
        .collect();
    let records = per_page * PAGES_PER_REQUEST;
    let requests = total.div_ceil(records).min(MAX_PAGES / PAGES_PER_REQUEST);
    pages.extend((0..requests).map(|request| {
        let (start, end) = (request * records + 1, ((request + 1) * records).min(total));
        format!("{proxy}?startrecord={start}&endrecord={end}&perpage={per_page}{passed_on}")
    }));
}

/// The HTML in `<record><![CDATA[…]]></record>` islands of a Hanweb page or answer, put together.
pub(super) fn island(source: &str) -> Option<String> {
    let mut html = String::new();
    let mut rest = source;
    // Most pages have none.
    while let Some(found) = memmem::find(rest.as_bytes(), RECORD.as_bytes()) {
        let record = &rest[found + RECORD.len()..];
        rest = record;
        let Some(data) = record.trim_start().strip_prefix("<![CDATA[") else { continue };
        let Some((data, after)) = data.split_once("]]>") else { break };
        html.push_str(data);
        rest = after;
    }
    (!html.is_empty()).then_some(html)
}

fn unquoted(argument: &str) -> Option<&str> {
    let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    argument[1..].strip_suffix(quote)
}

/// The number that `var name = …` gives to a variable.
fn variable(script: &str, name: &str) -> Option<usize> {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return None;
    }
    let (_, after) = script.split_once(&format!("var {name}"))?;
    let digits = after.trim_start().strip_prefix('=')?.trim_start();
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// The value of `name: value`, `name = value` or `name=value&…`, quotes taken off.
fn setting<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    script.match_indices(name).find_map(|(at, _)| {
        let before = script[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            return None;
        }
        let after = script[at + name.len()..].trim_start_matches(['\'', '"']).trim_start();
        let value = after.strip_prefix([':', '='])?.trim_start();
        let value = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => value[1..].split_once(quote)?.0,
            None => value.split([',', '&', ';', '}', '\'', '"', '\n']).next()?.trim_end(),
        };
        (!value.is_empty() && value.len() <= 100 && !value.contains([' ', '+', '('])).then_some(value)
    })
}

/// The quoted literal around the first occurrence of `part`.
fn quoted_around<'a>(script: &'a str, part: &str) -> Option<&'a str> {
    let at = script.find(part)?;
    let start = script[..at].rfind(['\'', '"'])? + 1;
    let end = at + script[at..].find(['\'', '"'])?;
    let literal = &script[start..end];
    (literal.len() <= 300 && !literal.contains(char::is_whitespace)).then_some(literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[&str]) {
        let mut pages = Vec::new();
        for (at, name) in script.match_indices("createPageHTML") {
            trs(script, &script[at + name.len()..], &mut pages);
        }
        assert_eq!(pages, expected, "{script}");
    }

    #[test]
    fn trs_pagers() {
        check("createPageHTML(3, 0, \"index\", \"html\");", &["index_1.html", "index_2.html"]);
        check("createPageHTML(2,1,'list','shtml',40)", &["list_1.shtml"]);
        check("createPageHTML('page-div', 2, 1, 'index', 'html', 12);", &["index_1.html"]);
        check("var countPage = 2//共几页\ncreatePageHTML(countPage,0,'index','html')", &["index_1.html"]);
        check("createPageHTML(1,0,'index','html')", &[]);
        check("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){", &[]);
        check("createPageHTML(n,0,'index','html')", &[]);
        check("createPageHTML(3, 0, 'index', 'a/b')", &[]);
        check("createPageHTML(3", &[]);
        let mut pages = Vec::new();
        trs("", "(999999999,0,'index','html')", &mut pages);
        assert_eq!(pages.len(), MAX_PAGES - 1);
    }

    #[test]
    fn hanweb_pagers() {
        let script = "$('#1').jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp',totalRecord:100,perPage:15,\
                      params:{col:1,webid:3,columnid:77,unitid:'88'}})";
        let mut pages = Vec::new();
        hanweb(script, &mut pages);
        let shared = "&perpage=15&col=1&webid=3&columnid=77&unitid=88";
        assert_eq!(
            pages,
            ["startrecord=1&endrecord=45", "startrecord=46&endrecord=90", "startrecord=91&endrecord=100"]
                .map(|range| format!("/module/web/jpage/dataproxy.jsp?{range}{shared}"))
        );
        pages.clear();
        hanweb("url:'/module/web/jpage/dataproxy.jsp'", &mut pages);
        assert!(pages.is_empty());
    }

    #[test]
    fn islands() {
        let check =
            |source: &str, html: Option<&str>| assert_eq!(island(source).as_deref(), html, "{source}");
        check("<record><![CDATA[<li>a]]></record><record> <![CDATA[<li>b]]></record>", Some("<li>a<li>b"));
        check("<record>plain</record>", None);
        check("<record><![CDATA[never closed", None);
    }
}
