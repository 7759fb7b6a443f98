//! Text of monitored sites is foreign wherever it is shown: one function per medium makes it harmless there.
//!
//! HTML escaping itself is done by the templates; [`visible`] comes before it, as browsers honour characters that
//! reorder or hide text just as terminals do.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters of a quoted log value; longer ones are cut, as a log line is read by people.
const LOG_CHARS: usize = 300;

/// Whether a character is not seen itself but changes what is seen: control codes, bidirectional overrides,
/// zero-width characters, separators that break lines, tag characters, and the two that XML forbids.
fn is_treacherous(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// Shows every treacherous character by its number: `<U+001B>` for escape, `<U+202E>` for a bidirectional override.
/// Tabs and line ends become a space, so that a value stays one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '\t' | '\n' | '\r' => out.push(' '),
            _ if is_treacherous(char) => {
                write!(out, "<U+{:04X}>", u32::from(char)).expect("writing to a string cannot fail");
            }
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// For a terminal: visible, and white space folded.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in visible(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// For a log line: in double quotes, with quotes, back-slashes and treacherous characters escaped as Rust writes
/// them, so that a value can neither end its line nor pass for another field.
pub fn log(text: &str) -> String {
    match text.char_indices().nth(LOG_CHARS) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// For JSON that was serialised already: treacherous characters as `\uXXXX`. The value stays the same, yet looking
/// at the file in a terminal is safe. Outside of strings JSON has none of these but line ends, which stay.
pub fn json(serialised: &str) -> Cow<'_, str> {
    let hidden = |char: char| char != '\n' && is_treacherous(char);
    if !serialised.contains(hidden) {
        return Cow::Borrowed(serialised);
    }
    let mut out = String::with_capacity(serialised.len() + 16);
    for char in serialised.chars() {
        if hidden(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("writing to a string cannot fail");
            }
        } else {
            out.push(char);
        }
    }
    Cow::Owned(out)
}

/// For a cell of a spreadsheet: visible, and with an apostrophe before anything a program may take for a formula,
/// its full-width look-alikes included.
pub fn spreadsheet(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    let formula = shown.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    // Tabs and line ends in front once made programs skip them; `visible` has turned them into spaces.
    if formula { Cow::Owned(format!("'{shown}")) } else { shown }
}

/// An address that may become a link: `http` and `https` only, never `javascript:` or `data:`.
pub fn href(address: &str) -> Option<&str> {
    let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    let web = lower.starts_with("http://") || lower.starts_with("https://");
    (web && !address.contains(is_treacherous)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_hidden_characters_visible() {
        fn check(input: &str, expected: &str) {
            assert_eq!(visible(input), expected);
        }
        check("普通文字 plain", "普通文字 plain");
        check("\x1b[31m红", "<U+001B>[31m红");
        check("a\0b\x7fc", "a<U+0000>b<U+007F>c");
        check("\u{9b}31m", "<U+009B>31m");
        check("abc\u{202e}cod.exe", "abc<U+202E>cod.exe");
        check("零\u{200b}宽", "零<U+200B>宽");
        check("一\r\n二\t三", "一  二 三");
        check("\u{e0041}", "<U+E0041>");
        check("a\u{ffff}", "a<U+FFFF>");
        check("👨‍👩", "👨<U+200D>👩");
    }

    #[test]
    fn terminal_text_is_one_line() {
        fn check(input: &str, expected: &str) {
            assert_eq!(terminal(input), expected);
        }
        check("  一\r\n\r\n二\u{3000}三 ", "一 二 三");
        check("\x1b]0;title\x07", "<U+001B>]0;title<U+0007>");
        check("", "");
    }

    #[test]
    fn log_values_stay_in_their_quotes() {
        fn check(input: &str, expected: &str) {
            assert_eq!(log(input), expected);
        }
        check("死链", "\"死链\"");
        check("a\" level=error", r#""a\" level=error""#);
        check("a\nb\x1b[0m", r#""a\nb\u{1b}[0m""#);
        check("\u{202e}x", r#""\u{202e}x""#);
        assert_eq!(log(&"长".repeat(1000)).chars().count(), LOG_CHARS + 3);
    }

    #[test]
    fn json_keeps_its_value() {
        fn check(input: &str, expected: &str) {
            let serialised = serde_json::to_string(input).expect("a string serialises");
            let shown = json(&serialised);
            assert_eq!(shown, expected);
            let back: String = serde_json::from_str(&shown).expect("still JSON");
            assert_eq!(back, input);
        }
        check("普通", "\"普通\"");
        check("\x1b\n", r#""\u001b\n""#);
        check("\u{7f}\u{9b}\u{202e}", r#""\u007f\u009b\u202e""#);
        check("\u{e0041}", r#""\udb40\udc41""#);
    }

    #[test]
    fn cells_are_never_formulas() {
        fn check(input: &str, expected: &str) {
            assert_eq!(spreadsheet(input), expected);
        }
        check("死链 404", "死链 404");
        check("=HYPERLINK(\"http://a.test\")", "'=HYPERLINK(\"http://a.test\")");
        check("+1", "'+1");
        check("-1+1", "'-1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "' =1");
        check("＝1", "'＝1");
        check("a=1", "a=1");
    }

    #[test]
    fn only_web_addresses_become_links() {
        fn check(input: &str, expected: bool) {
            assert_eq!(href(input).is_some(), expected, "{input}");
        }
        check("http://www.example.gov.cn/", true);
        check("HTTPS://www.example.gov.cn/", true);
        check("javascript:alert(1)", false);
        check("data:text/html,x", false);
        check("http://a.test/\u{202e}", false);
        check("一二三四五六七八九", false);
        check("", false);
    }
}
