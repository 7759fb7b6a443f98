//! Forms: the one by which visitors search the site.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::Page;

/// Forms of a page that are looked at. Real pages have a handful.
const FORMS: usize = 20;
/// Nodes of a form that are looked at.
const NODES: usize = 500;
/// Fields of a form that are sent.
const FIELDS: usize = 30;

/// A form that a search can be asked with, by GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchForm {
    /// Where it is sent, as written.
    pub action: String,
    /// The name of the field for the words.
    pub words: String,
    /// The other fields, as they stand.
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// The form by which this page lets its visitors search: it is sent by GET, has one field for words, and says
    /// somewhere one of `signs`.
    pub fn search_form(&self, signs: &[String]) -> Option<SearchForm> {
        let nodes = self.dom.tree.root().descendants();
        nodes.filter(|node| named(node, "form")).take(FORMS).find_map(|form| read(form, signs))
    }
}

fn read(form: NodeRef<'_, Node>, signs: &[String]) -> Option<SearchForm> {
    let element = form.value().as_element()?;
    let is_get = element.attr("method").is_none_or(|method| method.eq_ignore_ascii_case("get"));
    let action = element.attr("action").unwrap_or_default().trim();
    // What a script sends goes where no one can tell.
    let is_scripted = action.is_empty() || action.starts_with('#') || action.starts_with("javascript:");
    if !is_get || is_scripted {
        return None;
    }
    let mut said = said_by(element);
    let mut words: Option<String> = None;
    let mut fields = Vec::new();
    for node in form.descendants().take(NODES) {
        if let Some(text) = node.value().as_text() {
            said.push_str(text);
        }
        let Some(input) = node.value().as_element().filter(|element| element.name() == "input") else {
            continue;
        };
        said.push_str(&said_by(input));
        let Some(name) = input.attr("name").filter(|name| !name.is_empty()) else { continue };
        let kind = input.attr("type").unwrap_or("text").to_ascii_lowercase();
        match kind.as_str() {
            "text" | "search" if words.is_none() => words = Some(name.to_owned()),
            // Whoever asks for more than words, or for a secret, is no search of the site.
            "text" | "search" | "password" | "email" | "tel" | "file" => return None,
            "hidden" if fields.len() < FIELDS => {
                fields.push((name.to_owned(), input.attr("value").unwrap_or_default().to_owned()));
            }
            _ => {}
        }
    }
    let said = said.to_ascii_lowercase();
    let is_search = signs.iter().any(|sign| said.contains(sign.as_str()));
    words.filter(|_| is_search).map(|words| SearchForm { action: action.to_owned(), words, fields })
}

/// What the attributes of an element say of its use.
fn said_by(element: &Element) -> String {
    const TELLING: [&str; 8] = ["action", "id", "class", "name", "placeholder", "title", "value", "alt"];
    TELLING.iter().filter_map(|name| element.attr(name)).flat_map(|text| [text, " "]).collect()
}

fn named(node: &NodeRef<'_, Node>, name: &str) -> bool {
    node.value().as_element().is_some_and(|element| element.name() == name)
}

#[cfg(test)]
mod tests {
    use crate::page::tests::page_at;

    #[test]
    fn a_search_has_one_field_and_says_what_it_is() {
        let check = |html: &str, expected: Option<(&str, &str, usize)>| {
            let form = page_at("/", html).search_form(&["搜索".to_owned(), "search".to_owned()]);
            let seen = form.as_ref().map(|form| (&*form.action, &*form.words, form.fields.len()));
            assert_eq!(seen, expected, "{html}");
        };
        check("<form action=/s><input name=q><button>搜索</button></form>", Some(("/s", "q", 0)));
        check(
            "<form action=/Search.jsp method=GET><input type=hidden name=site value=1><input type=text name=q></form>",
            Some(("/Search.jsp", "q", 1)),
        );
        check("<form action=/s><input name=q placeholder=请输入搜索词></form>", Some(("/s", "q", 0)));
        check("<form action=/s><input name=q></form>", None);
        check("<form action=/s method=post><input name=q><button>搜索</button></form>", None);
        check("<form action='javascript:go()'><input name=q><button>搜索</button></form>", None);
        check("<form><input name=q><button>搜索</button></form>", None);
        check("<form action=/s>搜索<input name=user><input type=password name=word></form>", None);
        check(
            "<form action=/login><input name=u></form><form action=/search><input name=q></form>",
            Some(("/search", "q", 0)),
        );
    }
}
