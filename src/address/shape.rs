//! The shape of an address: what it has in common with others made by the same program, and what smells of a trap.

use super::Address;

/// Hexadecimal digits from which a run counts as a number drawn at random.
const LONG_HEX: usize = 16;

/// Times a segment may stand in a path. Real sites have two (`/news/news/`); relative links that miss a `../` add one
/// on every page.
const SAME_SEGMENTS: usize = 3;

impl Address {
    /// What this address is an instance of: its path with digits as `#`, dates as `D`, long hexadecimal numbers as
    /// `H`, and the sorted names of its query parameters: `/a/D/tD_#.html?id&page`. Without the host.
    pub fn template(&self) -> String {
        let mut template = mask(self.url().path());
        if let Some(query) = self.url().query() {
            let names = query.split('&').map(|parameter| parameter.split('=').next().unwrap_or_default());
            let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            names.sort_unstable();
            names.dedup();
            template.push('?');
            template.push_str(&names.join("&"));
        }
        template
    }

    /// The non-empty segments of the path.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.url().path().split('/').filter(|segment| !segment.is_empty())
    }

    /// The extension of the last segment, as written: `html` of `/a/b.html`. `None` for a directory or where what
    /// follows the dot is no extension.
    pub fn extension(&self) -> Option<&str> {
        let name = self.url().path().rsplit('/').next().unwrap_or_default();
        let (_, extension) = name.split(';').next().unwrap_or_default().rsplit_once('.')?;
        let is_short = (1..=8).contains(&extension.len());
        let is_word = extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let has_letter = extension.bytes().any(|byte| byte.is_ascii_alphabetic());
        (is_short && is_word && has_letter).then_some(extension)
    }

    /// The path up to its last slash, with it: `/a/` of `/a/b.html`.
    pub fn directory(&self) -> &str {
        let path = self.url().path();
        path.rfind('/').map_or("/", |slash| &path[..=slash])
    }

    /// Whether the same segment stands three times or more in the path, side by side or not. Short numbers may: they
    /// are days, months and columns.
    pub fn path_repeats(&self) -> bool {
        let is_short_number =
            |segment: &str| segment.len() <= 2 && segment.bytes().all(|byte| byte.is_ascii_digit());
        let mut segments: Vec<&str> = self.segments().filter(|segment| !is_short_number(segment)).collect();
        segments.sort_unstable();
        segments.chunk_by(|one, next| one == next).any(|same| same.len() >= SAME_SEGMENTS)
    }

    /// Whether this looks like a leaf of a calendar, of which there is no end: a year or month in the query, a path
    /// that ends in a date, or the word itself.
    pub fn calendar_smell(&self) -> bool {
        let path = self.url().path().to_ascii_lowercase();
        if ["calendar", "rili"].iter().any(|word| path.contains(word)) {
            return true;
        }
        if self.url().query().is_some_and(|query| query.split('&').any(is_calendar_parameter)) {
            return true;
        }
        ends_in_date(&self.segments().collect::<Vec<_>>())
    }
}

fn is_calendar_parameter(parameter: &str) -> bool {
    const NAMES: &[&str] =
        &["y", "year", "nian", "m", "month", "yue", "d", "day", "date", "rq", "riqi", "yearmonth", "ym"];
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let is_date = !value.is_empty()
        && value.len() <= 10
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_date && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `/2025/01/`, `/2025/1/2`, `/202501/`, `/2025-01-02`: a date where a file name would stand.
fn ends_in_date(segments: &[&str]) -> bool {
    let Some(last) = segments.last() else { return false };
    let is_month_or_day =
        |segment: &str| segment.len() <= 2 && segment.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    let is_year = |segment: &&str| segment.len() == 4 && plausible_year(segment.as_bytes());
    if is_month_or_day(last) {
        let before = &segments[..segments.len() - 1];
        return before.last().is_some_and(is_year) || before.iter().rev().nth(1).is_some_and(is_year);
    }
    mask(last) == "D"
}

/// Replaces what varies from one instance to the next. Percent-escapes stay as they are.
fn mask(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let at_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if bytes[at] == b'%' {
            let end = (at + 3).min(bytes.len());
            masked.push_str(&text[at..end]);
            at = end;
        } else if let Some(length) = at_word.then(|| random_number(&bytes[at..])).flatten() {
            masked.push('H');
            at += length;
        } else if bytes[at].is_ascii_digit() {
            let (mark, length) = number(&bytes[at..]);
            masked.push(mark);
            at += length;
        } else {
            masked.push(char::from(bytes[at])); // The path of a URL is ASCII.
            at += 1;
        }
    }
    masked
}

/// The length of a UUID or long hexadecimal number at the start of `bytes`.
fn random_number(bytes: &[u8]) -> Option<usize> {
    let run = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_uuid = run == 8
        && bytes.len() >= 36
        && bytes[..36].iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if is_uuid {
        return Some(36);
    }
    let word = &bytes[..run];
    let is_random = run >= LONG_HEX
        && word.iter().all(u8::is_ascii_hexdigit)
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic);
    is_random.then_some(run)
}

/// The mark for the number at the start of `bytes` and how long that is.
fn number(bytes: &[u8]) -> (char, usize) {
    let run = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = &bytes[..run];
    match run {
        4 if plausible_year(digits) => divided_date(bytes).map_or(('#', 4), |length| ('D', length)),
        6 if plausible_year(digits) && two(&digits[4..], 1..=12) => ('D', 6),
        8 if plausible_year(digits) && two(&digits[4..], 1..=12) && two(&digits[6..], 1..=31) => ('D', 8),
        _ => ('#', run),
    }
}

/// The length of `2025-1-2` at the start of `bytes`, which begins with a year.
fn divided_date(bytes: &[u8]) -> Option<usize> {
    let mut at = 4;
    for _ in 0..2 {
        bytes.get(at).filter(|byte| matches!(byte, b'-' | b'_' | b'.'))?;
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=2).contains(&digits) {
            return None;
        }
        at += 1 + digits;
    }
    Some(at)
}

fn plausible_year(digits: &[u8]) -> bool {
    digits.starts_with(b"19") || digits.starts_with(b"20")
}

fn two(digits: &[u8], range: std::ops::RangeInclusive<u8>) -> bool {
    range.contains(&((digits[0] - b'0') * 10 + digits[1] - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> Address {
        Address::parse(&format!("http://x.gov.cn{path}")).expect("a good address")
    }

    #[test]
    fn addresses_of_one_program_share_a_template() {
        let check = |path: &str, expected: &str| assert_eq!(address(path).template(), expected, "{path}");
        check("/", "/");
        check("/xwdt/202501/t20250102_3344.html", "/xwdt/D/tD_#.html");
        check("/art/2025/1/2/art_12_345.html", "/art/#/#/#/art_#_#.html");
        check("/2025-01-02/a", "/D/a");
        check("/2025_1_2.html", "/D.html");
        check("/202513/99999999", "/#/#");
        check("/list.jsp?page=2&id=7&page=3", "/list.jsp?id&page");
        check("/a?", "/a?");
        check("/d41d8cd98f00b204e9800998ecf8427e.pdf", "/H.pdf");
        check("/123e4567-e89b-12d3-a456-426614174000/x", "/H/x");
        check("/%E9%99%84/2", "/%E9%99%84/#");
        check("/decade/facade", "/decade/facade");
        check("/1234567890123456", "/#");
        check("/20250102123456.jpg", "/#.jpg");
    }

    #[test]
    fn names_the_parts_of_a_path() {
        let check = |path: &str, directory: &str, extension: Option<&str>| {
            let address = address(path);
            assert_eq!((address.directory(), address.extension()), (directory, extension), "{path}");
        };
        check("/", "/", None);
        check("/a/b.html", "/a/", Some("html"));
        check("/a/b.PDF?x=/y.doc", "/a/", Some("PDF"));
        check("/a.b/", "/a.b/", None);
        check("/a/v1.2", "/a/", None);
        check("/x.7z", "/", Some("7z"));
        check("/a.jsp;jsessionid=1.2", "/", Some("jsp"));
        check("/a.", "/", None);
        check("/a.averylongword", "/", None);
        assert_eq!(address("/a//b/").segments().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn tells_paths_that_run_in_circles() {
        let check = |path: &str, expected: bool| assert_eq!(address(path).path_repeats(), expected, "{path}");
        check("/a/a/a/", true);
        check("/a/b/a/b/a", true);
        check("/news/news/x", false);
        check("/art/2011/11/11/11/x", false);
        check("/", false);
        check(&"/x".repeat(5000), true);
    }

    #[test]
    fn smells_calendars() {
        let check =
            |path: &str, expected: bool| assert_eq!(address(path).calendar_smell(), expected, "{path}");
        check("/calendar/view", true);
        check("/day?y=2025&m=1", true);
        check("/list?month=2025-01", true);
        check("/list?date=20250101", true);
        check("/2025/01/", true);
        check("/2025/1/31", true);
        check("/202501/", true);
        check("/x/2025-01-02", true);
        check("/zwgk/202501/t20250102_33.html", false);
        check("/art/2025/1/2/art_1_2.html", false);
        check("/list?page=3&mid=5", false);
        check("/search?m=list", false);
        check("/12/", false);
    }
}
