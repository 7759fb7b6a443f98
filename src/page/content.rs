//! Keys of the main content: which pages say the same, but for what changes at every visit.

use xxhash_rust::xxh3::xxh3_128;

use super::dates::{self, Years};
use super::{Region, Text};
use crate::facts::ContentKeys;

mod simhash;

/// Labels before numbers that change at every visit.
const COUNTERS: [&str; 8] =
    ["浏览次数", "阅读次数", "点击数", "点击量", "访问量", "浏览量", "阅读量", "阅读"];
/// Digits from which a number is a token, a serial or a count and no part of a sentence.
const LONG_NUMBER: usize = 4;
/// Letters and digits in a row that are a session or request token.
const TOKEN: usize = 16;

/// The keys of a page's main content. `linked` says how many bytes of each block are link text.
pub(super) fn keys(text: &Text, linked: &[usize]) -> ContentKeys {
    let mut masked = String::with_capacity(text.visible.len());
    for (block, linked) in text.blocks.iter().zip(linked) {
        let own = text.of(block);
        // Lists of links are what pages of a template share, or what changes whenever another page is published.
        if block.region == Region::Main && linked * 2 <= own.len() {
            mask(own, &mut masked);
            masked.push('\n');
        }
    }
    if masked.is_empty() {
        return ContentKeys::default();
    }
    ContentKeys {
        digest: xxh3_128(masked.as_bytes()),
        simhash: simhash::simhash(&masked),
        main_chars: characters(&masked),
    }
}

/// What of a text lasts: dates, times, counters and tokens are masked.
pub fn lasting(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    mask(text, &mut masked);
    masked
}

/// Characters of a text but blanks and line ends. Counts bytes that begin one, in blocks whose count fits into a byte:
/// so the processor does many at once.
fn characters(text: &str) -> u32 {
    let begins = |byte: u8| (byte & 0xC0 != 0x80) & (byte != b' ') & (byte != b'\n');
    let of_block = |block: &[u8]| block.iter().fold(0, |count: u8, byte| count + u8::from(begins(*byte)));
    text.as_bytes().chunks(255).map(|block| u32::from(of_block(block))).sum()
}

/// Appends `text` to `out` without dates, times, counters and tokens.
fn mask(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = next_alphanumeric(bytes, at) {
        at = next;
        let run = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let digits = bytes[at..at + run].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = if digits > 0
            && let Some(found) = dates::at(text, at, Years::Optional)
        {
            found.end
        } else if let Some(end) = time_end(bytes, at, digits) {
            end
        } else if (digits == run && (digits >= LONG_NUMBER || is_counted(&text[..at])))
            || (run >= TOKEN && bytes[at..at + run].iter().any(u8::is_ascii_digit))
        {
            at + run
        } else {
            at += run;
            continue;
        };
        out.push_str(&text[copied..at]);
        out.push('#');
        (copied, at) = (end, end);
    }
    out.push_str(&text[copied..]);
}

/// The first ASCII letter or digit from `at` on. Looks at blocks, which the processor does at once: Chinese text has few.
fn next_alphanumeric(bytes: &[u8], at: usize) -> Option<usize> {
    const BLOCK: usize = 32;
    let block_has = |block: &[u8]| block.iter().fold(false, |has, byte| has | byte.is_ascii_alphanumeric());
    let rest = bytes.get(at..)?;
    let clean = rest.chunks(BLOCK).take_while(|block| !block_has(block)).count() * BLOCK;
    let within = rest.get(clean..)?.iter().position(u8::is_ascii_alphanumeric)?;
    Some(at + clean + within)
}

/// Where the `HH:MM[:SS]` that begins at `at` ends.
fn time_end(bytes: &[u8], at: usize, digits: usize) -> Option<usize> {
    let pair = |at: usize| {
        bytes.get(at) == Some(&b':')
            && bytes.get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_digit))
    };
    let minutes = at + digits;
    if !(1..=2).contains(&digits) || !pair(minutes) {
        return None;
    }
    Some(if pair(minutes + 3) { minutes + 6 } else { minutes + 3 })
}

fn is_counted(before: &str) -> bool {
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '(' | '['));
    COUNTERS.iter().any(|label| before.ends_with(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    fn check(text: &str, masked: &str) {
        let mut out = String::new();
        mask(text, &mut out);
        assert_eq!(out, masked);
    }

    proptest::proptest! {
        #[test]
        fn what_lasts_lasts(text in "([0-9年月日:/.-]|[a-zA-Z]|阅读|浏览次数|[：# ]|\\PC){0,40}") {
            let once = lasting(&text);
            proptest::prop_assert_eq!(lasting(&once), once);
        }
    }

    #[test]
    fn masking() {
        check("发布时间：2026-01-02 10:20:30 来源", "发布时间：# 来源");
        check("2026年1月2日会议", "#会议");
        check("现在是10:20", "现在是#");
        check("浏览次数：12 次", "浏览次数：# 次");
        check("共12项，3个", "共12项，3个");
        check("编号100234", "编号#");
        check("token 0123456789abcdef01", "token #");
        check("ABC GB3095标准", "ABC GB3095标准");
        check("01-02 通知", "# 通知");
        check("", "");
    }

    #[test]
    fn pages_that_say_the_same() {
        let text = "省生态环境厅召开会议，研究部署污染防治攻坚战重点任务，".repeat(5);
        let keys = |html: &str| page(html).content;
        let one = keys(&format!("<p>{text}</p><p>发布时间：2026-01-02 浏览次数：1</p>"));
        let other = keys(&format!("<p>{text}</p><p>发布时间：2026-01-03 浏览次数：22</p>"));
        assert_eq!(one, other);
        assert_ne!(one.digest, keys(&format!("<p>{text}。</p>")).digest);
        let linked = keys(&format!("<p>{text}</p><li><a href=x>某某新闻标题某某</a></li>"));
        assert_eq!(linked, keys(&format!("<p>{text}</p>")));
        assert_eq!(keys("<nav>一</nav>"), ContentKeys::default());
        assert_eq!(keys("<p>一 二</p>").main_chars, 2);
    }
}
