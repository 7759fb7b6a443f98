//! Meta tags with a name, as 网页标签规范 asks for them. Which ones must be there is for checks to say.

use super::Page;
use super::dom::{Element, attribute};
use crate::facts::Tag;

/// The tag of a `meta` element, if it has a name.
pub(super) fn tag(element: &Element, in_head: bool) -> Option<Tag> {
    let name = attribute(element, "name").filter(|name| !name.trim().is_empty())?;
    let value = attribute(element, "content").unwrap_or_default();
    // `trim` takes U+00A0 and U+3000 as well.
    Some(Tag { name: name.to_owned(), value: value.trim().to_owned(), in_head })
}

impl Page {
    /// The first non-empty value of a tag that stands in the head, else in the body; names compare without case.
    pub fn tag(&self, name: &str) -> Option<&str> {
        first(&self.tags, name)
    }
}

/// The first non-empty value of a tag that stands in the head, else in the body; names compare without case.
pub(super) fn first<'a>(tags: &'a [Tag], name: &str) -> Option<&'a str> {
    let filled = || {
        tags.iter()
            .filter(|tag| tag.name.trim().eq_ignore_ascii_case(name))
            .filter(|tag| !tag.value.is_empty())
    };
    filled().find(|tag| tag.in_head).or_else(|| filled().next()).map(|tag| tag.value.as_str())
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    fn check(html: &str, name: &str, value: Option<&str>) {
        assert_eq!(page(html).tag(name), value, "{html}");
    }

    #[test]
    fn tags() {
        check("<head><meta name=SiteName content=某厅>", "SiteName", Some("某厅"));
        check("<head><meta content='某厅' name='sitename'>", "SiteName", Some("某厅"));
        check("<head><meta name=PubDate content='\u{a0}2026-01-02&nbsp;'>", "pubdate", Some("2026-01-02"));
        check("<head><meta name=A content=><meta name=A content=b>", "A", Some("b"));
        check("<head></head><body><meta name=A content=b>", "A", Some("b"));
        check("<head><!--<meta name=A content=b>--></head>", "A", None);
        check("<head><meta name=A><meta http-equiv=B content=c>", "A", None);
        check("<head><meta name=A content=' '>", "A", None);
        check("<body><p>x</p><meta name=A content=two></body>", "a", Some("two"));
    }

    #[test]
    fn the_head_comes_first_and_duplicates_are_kept() {
        let page = page(
            "<head><meta name=A content=''><meta name=a content=one></head><body><meta name=A content=two>",
        );
        assert_eq!(page.tag("A"), Some("one"));
        let kept: Vec<_> = page.tags.iter().map(|tag| (tag.value.as_str(), tag.in_head)).collect();
        assert_eq!(kept, [("", true), ("one", true), ("two", false)]);
    }
}
