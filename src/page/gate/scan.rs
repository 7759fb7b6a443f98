//! The start tags of a source, found without building anything.

use memchr::{memchr, memmem};

use super::ATTRIBUTES;

/// Elements whose content is text up to their own end tag.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// What is known of a source before it is parsed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Where the first tag with more attributes than the cap begins.
    pub(super) flood: Option<usize>,
    /// Start tags up to there.
    pub(super) tags: usize,
    /// Those of `html`.
    pub(super) htmls: usize,
    /// Those of `body`.
    pub(super) bodies: usize,
}

/// Surveys a source up to its first flood of attributes.
pub(super) fn survey(source: &str) -> Survey {
    let mut survey = Survey::default();
    for tag in StartTags::new(source) {
        if tag.attributes > ATTRIBUTES {
            survey.flood = Some(tag.start);
            break;
        }
        survey.tags += 1;
        survey.htmls += usize::from(tag.name.eq_ignore_ascii_case("html"));
        survey.bodies += usize::from(tag.name.eq_ignore_ascii_case("body"));
    }
    survey
}

/// A start tag in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::page) struct StartTag<'a> {
    /// Offset of its `<`.
    pub(in crate::page) start: usize,
    /// One past its `>`.
    pub(in crate::page) end: usize,
    /// Its name as written.
    pub(in crate::page) name: &'a str,
    /// How many attributes it has.
    pub(in crate::page) attributes: usize,
}

/// Iterates the start tags of a source; comments and the content of scripts and the like are skipped.
pub(in crate::page) struct StartTags<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> StartTags<'a> {
    pub(in crate::page) fn new(source: &'a str) -> StartTags<'a> {
        StartTags { source, at: 0 }
    }

    /// Reads the tag that begins at `start`, and moves behind it.
    fn tag(&mut self, start: usize) -> StartTag<'a> {
        let bytes = self.source.as_bytes();
        let is_name_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let name_end =
            bytes[start + 1..].iter().position(is_name_end).map_or(bytes.len(), |at| start + 1 + at);
        let mut at = name_end;
        let mut attributes = 0;
        loop {
            while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
                at += 1;
            }
            if matches!(bytes.get(at), None | Some(b'>')) {
                break;
            }
            attributes += 1;
            // A name may begin with `=`.
            at += 1;
            while bytes.get(at).is_some_and(|byte| !is_name_end(byte) && *byte != b'=') {
                at += 1;
            }
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            if bytes.get(at) == Some(&b'=') {
                at = value_end(bytes, at + 1);
            }
        }
        self.at = (at + 1).min(bytes.len());
        StartTag { start, end: self.at, name: &self.source[start + 1..name_end], attributes }
    }

    /// Moves to the end tag of `name`.
    fn skip_raw(&mut self, name: &str) {
        let bytes = self.source.as_bytes();
        while let Some(found) = memmem::find(&bytes[self.at..], b"</") {
            self.at += found + 2;
            let candidate = bytes.get(self.at..self.at + name.len());
            if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes())) {
                return;
            }
        }
        self.at = bytes.len();
    }
}

/// Where the attribute value that begins at or after `at` ends.
fn value_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let length = match rest.first() {
        Some(quote @ (b'"' | b'\'')) => memchr(*quote, &rest[1..]).map(|end| end + 2),
        _ => rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>'),
    };
    length.map_or(bytes.len(), |length| at + length)
}

impl<'a> Iterator for StartTags<'a> {
    type Item = StartTag<'a>;

    fn next(&mut self) -> Option<StartTag<'a>> {
        loop {
            let bytes = self.source.as_bytes();
            let start = self.at + memchr(b'<', &bytes[self.at..])?;
            if bytes.get(start + 1).is_some_and(u8::is_ascii_alphabetic) {
                let tag = self.tag(start);
                if RAW.iter().any(|raw| raw.eq_ignore_ascii_case(tag.name)) {
                    self.skip_raw(tag.name);
                }
                return Some(tag);
            }
            self.at = start + 1;
            if self.source[start..].starts_with("<!--") {
                // `<!-->` is a comment as well.
                let end = memmem::find(&bytes[start + 2..], b"-->")?;
                self.at = start + 2 + end + 3;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, tags: &[(&str, usize)]) {
        let found: Vec<_> = StartTags::new(source).map(|tag| (tag.name, tag.attributes)).collect();
        assert_eq!(found, tags, "{source}");
    }

    #[test]
    fn start_tags() {
        check("<p>a<b>", &[("p", 0), ("b", 0)]);
        check("<a href=x title='>' c><I/>", &[("a", 3), ("I", 0)]);
        check("<a href = \"a>b\" =x b=''>", &[("a", 3)]);
        check("<!-- <p> --><p>", &[("p", 0)]);
        check("<!--><p>", &[("p", 0)]);
        check("<script>if(a<b){'</p>'}</SCRIPT><p>", &[("script", 0), ("p", 0)]);
        check("a < b </p> <p", &[("p", 0)]);
        check("<p a='never closed>", &[("p", 1)]);
        check("<!-- never closed <p>", &[]);
        check("<", &[]);
        check("<style>", &[("style", 0)]);
    }

    #[test]
    fn documents_are_counted() {
        assert_eq!(survey("<html><body><HTML><p>"), Survey { flood: None, tags: 4, htmls: 2, bodies: 1 });
    }
}
