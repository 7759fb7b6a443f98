//! Foreign words made harmless for a chat: nothing to click, nothing to read that an audit minds, nothing that a
//! robot takes for markup or for a mention.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::report::escape;

static SCHEME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\bhttp(s?)(:/*)").expect("a constant that was tried"));
/// Everything with a dot inside that a chat might turn into a link.
static DOTTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+").expect("a constant that was tried"));
static DECIMAL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[0-9]+\.[0-9]+$").expect("a constant that was tried"));

/// One line with nothing to click: `hxxp://bad[.]test`.
pub(super) fn unlinked(text: &str) -> String {
    let line = line(text);
    let line = SCHEME.replace_all(&line, "hxxp$1$2");
    let broken = DOTTED.replace_all(&line, |found: &Captures<'_>| match &found[0] {
        number if DECIMAL.is_match(number) => number.to_owned(),
        host => host.replace('.', "[.]"),
    });
    broken.into_owned()
}

/// Words of a page: the first and last character of each run of text, and how much lies between.
pub(super) fn quoted(text: &str) -> String {
    let line = line(text);
    let chars: Vec<char> = line.chars().filter(|char| !char.is_whitespace()).collect();
    match chars[..] {
        [] => String::new(),
        [only] => format!("{only}*"),
        [first, last] => format!("{first}*{last}"),
        [first, .., last] => {
            // More stars than this say nothing more.
            const MOST: usize = 8;
            format!("{first}{}{last}（共{}字）", "*".repeat((chars.len() - 2).min(MOST)), chars.len())
        }
    }
}

/// One line, with treacherous characters shown by their number.
pub(super) fn line(text: &str) -> String {
    escape::terminal(text)
}

/// For Markdown and for the tags of WeCom and Feishu: what could be markup becomes its full-width twin. None of the
/// robots dependably knows a back-slash. What is common in addresses stays, for at worst it slants a word.
pub(super) fn markdown(text: &str) -> String {
    let twin = |char: char| match char {
        '<' => '＜',
        '>' => '＞',
        '[' => '［',
        ']' => '］',
        '`' => '｀',
        '*' => '＊',
        '@' => '＠',
        '\\' => '＼',
        other => other,
    };
    text.chars().map(twin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_clicked() {
        let check = |text: &str, expected: &str| assert_eq!(unlinked(text), expected);
        check("见 http://bad.test/a?b=1 处", "见 hxxp://bad[.]test/a?b=1 处");
        check("HTTPS://www.bad.com.cn", "hxxpS://www[.]bad[.]com[.]cn");
        check("bad.test:8080", "bad[.]test:8080");
        check("10.0.0.1", "10[.]0[.]0[.]1");
        check("澳门.中国", "澳门[.]中国");
        check("共 3.5 万条，附件 a.docx。", "共 3.5 万条，附件 a[.]docx。");
        check("首页\r\n无法访问\u{202e}", "首页 无法访问<U+202E>");
    }

    #[test]
    fn quotes_show_their_ends_only() {
        let check = |text: &str, expected: &str| assert_eq!(quoted(text), expected);
        check("澳门赌场开户", "澳****户（共6字）");
        check("赌博", "赌*博");
        check("赌", "赌*");
        check("", "");
        check(&"赌".repeat(1000), "赌********赌（共1000字）");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(
            markdown("[点我](http://a) <at user_id=\"all\"></at> **急** @all"),
            "［点我］(http://a) ＜at user_id=\"all\"＞＜/at＞ ＊＊急＊＊ ＠all"
        );
    }
}
