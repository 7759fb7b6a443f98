//! Words of the head that are written in numbers: `&#x516D;&#x5408;`. Browsers and search engines read them, people who
//! look for words in a source do not.

use super::Page;
use super::concealed::find_ignoring_case;
use super::dom::attribute;
use super::examine::fold;
use super::gate::{self, StartTags};
use crate::finding::Place;
use crate::text::normalise::is_han;

/// So many Chinese characters in numbers are no accident.
const CODED: usize = 4;

/// A field of the head.
pub struct Field {
    /// `title`, or the name of the meta element.
    pub name: String,
    /// What it says.
    pub value: String,
    /// Where it stands.
    pub place: Place,
}

impl Page {
    /// The fields of the head, of those that search engines read, whose Chinese is written in numbers.
    pub fn coded_fields(&self) -> Vec<Field> {
        if memchr::memmem::find(self.source.as_bytes(), b"&#").is_none() {
            return Vec::new();
        }
        self.fields().filter(|(written, _)| coded_han(written) >= CODED).map(|(_, field)| field).collect()
    }

    /// The titles of the page, where there are several and they differ.
    pub fn rival_titles(&self) -> Vec<Field> {
        if self.title_tags() < 2 {
            return Vec::new();
        }
        let titles: Vec<Field> =
            self.fields().map(|(_, field)| field).filter(|field| field.name == "title").collect();
        let differ = titles.iter().any(|title| title.value != titles[0].value);
        if differ { titles } else { Vec::new() }
    }

    /// How many tags in the source may be those of a title, at most.
    fn title_tags(&self) -> usize {
        let bytes = self.source.as_bytes();
        let is_title =
            |at: &usize| bytes.get(at + 1..at + 6).is_some_and(|name| name.eq_ignore_ascii_case(b"title"));
        memchr::memchr_iter(b'<', bytes).filter(is_title).count()
    }

    /// The title and the meta tags that search engines read, as written and as meant.
    fn fields(&self) -> impl Iterator<Item = (&str, Field)> {
        StartTags::new(&self.source).filter_map(|tag| {
            let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
            let end = match () {
                () if is("title") => tag.end + find_ignoring_case(&self.source[tag.end..], "</title")?,
                () if is("meta") => tag.end,
                () => return None,
            };
            let written = &self.source[tag.start..end];
            let dom = gate::fragment(written);
            let mut nodes = dom.tree.root().descendants();
            let element =
                nodes.find_map(|node| node.value().as_element().filter(|element| is(element.name())))?;
            let (name, value) = match element.name() {
                "title" => (
                    "title".to_owned(),
                    nodes.filter_map(|node| node.value().as_text()).map(|text| &**text).collect(),
                ),
                _ => {
                    let name = attribute(element, "name")?.to_ascii_lowercase();
                    let is_read = matches!(name.as_str(), "keywords" | "description");
                    (is_read.then_some(name)?, attribute(element, "content")?.to_owned())
                }
            };
            let place = Place { offset: Some(tag.start as u64), ..Place::default() };
            Some((written, Field { name, value: fold(&value), place }))
        })
    }
}

/// How many Chinese characters are written in numbers.
fn coded_han(written: &str) -> usize {
    let references = written.split("&#").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
        let number = match rest[..end].strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => rest[..end].parse(),
        };
        char::from_u32(number.ok()?)
    });
    references.filter(|c| is_han(*c)).count()
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page;

    #[test]
    fn fields_in_numbers() {
        let check = |html: &str, expected: &[(&str, &str)]| {
            let page = page(html);
            let fields = page.coded_fields();
            let fields: Vec<_> =
                fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
            assert_eq!(fields, expected, "{html}");
        };
        let coded = "&#20845;&#x5408;&#24425;&#x5f69;";
        check(&format!("<title>{coded}</title>"), &[("title", "六合彩彩")]);
        check(&format!("<META content='{coded}' name=Keywords>"), &[("keywords", "六合彩彩")]);
        // Icons, a sign or two, and the body are written like that everywhere.
        check("<title>&#xe60b;&#xe60c;&#xe60d;&#xe60e;</title>", &[]);
        check("<title>&#30830;&#23450;</title>", &[]);
        check(&format!("<title>字</title><p>{coded}"), &[]);
    }

    #[test]
    fn titles_that_differ() {
        let check = |html: &str, expected: &[&str]| {
            let titles: Vec<String> =
                page(html).rival_titles().into_iter().map(|title| title.value).collect();
            assert_eq!(titles, expected, "{html}");
        };
        check("<title>一</title><title>二 </title>", &["一", "二"]);
        check("<title>一</title><title>一</title>", &[]);
        check("<title>一</title>", &[]);
        check("", &[]);
    }
}
