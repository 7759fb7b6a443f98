//! Which attributes refer to other addresses, and what such a link is to the page.

use super::LinkKind::{self, Anchor, Frame, Image, Media, Other, Script, Speculative, Style};
use super::attributes::is_data;
use super::dom::{Element, Node, attribute};
use super::{Link, css, scripts};

/// Characters of a link's text that are kept.
const LINK_TEXT: usize = 80;

/// Attributes in which lazy loaders keep the picture that `src` only stands in for.
const LAZY: [&str; 14] = [
    "data-src",
    "data-original",
    "data-lazy",
    "data-lazy-src",
    "data-lazyload",
    "data-ks-lazyload",
    "data-echo",
    "data-actualsrc",
    "data-real-src",
    "lay-src",
    "lazy-src",
    "lazyload",
    "original",
    "_src",
];

/// What an attribute of an element is, where its value is an address and nothing else.
fn plain(element: &str, attribute: &str) -> Option<LinkKind> {
    Some(match (element, attribute) {
        ("a" | "area", "href") => Anchor,
        ("img", "src") => Image,
        ("video", "poster") => Image,
        ("body" | "table" | "thead" | "tbody" | "tr" | "td" | "th", "background") => Image,
        ("iframe" | "frame", "src") => Frame,
        ("script", "src") => Script,
        ("video" | "audio" | "source" | "track" | "embed" | "bgsound", "src") => Media,
        ("object", "data") => Media,
        ("form", "action") => Other,
        _ => return None,
    })
}

/// Calls `each` with every address in the attributes of an element, as written. `data:` is no address.
pub(super) fn of_element(element: &Element, mut each: impl FnMut(&str, LinkKind)) {
    let name = element.name();
    match name {
        "link" => return link(element, each),
        "meta" => return refresh(element).into_iter().for_each(|address| each(address, Frame)),
        "input" if is(element, "type", "image") => src(element, Image, &mut each),
        "param" if is(element, "name", "movie") || is(element, "name", "src") => {
            attribute(element, "value").into_iter().for_each(|address| each(address, Media));
        }
        "option" => {
            let value = attribute(element, "value").filter(|value| scripts::looks_like_address(value.trim()));
            value.into_iter().for_each(|address| each(address, Speculative));
        }
        _ => {}
    }
    let lazy = if name == "img" { lazy(element) } else { None };
    for (attribute, value) in element.attrs() {
        match (name, attribute) {
            ("img", "src") if lazy.is_some() => each(lazy.unwrap_or_default(), Image),
            ("img" | "source", "srcset" | "data-srcset") => {
                candidates(value)
                    .filter(|address| !is_data(address))
                    .for_each(|address| each(address, Image));
            }
            (_, "style") => css::addresses(value, &mut each),
            (_, handler) if handler.starts_with("on") => {
                scripts::literals_in(value).for_each(|address| each(address, Speculative));
            }
            _ => {
                if let Some(kind) = plain(name, attribute).filter(|_| !is_data(value)) {
                    each(value, kind);
                    if kind == Anchor && is_script(value) {
                        scripts::literals_in(value).for_each(|address| each(address, Speculative));
                    }
                }
            }
        }
    }
    // Some loaders write no `src` at all.
    if let Some(lazy) = lazy.filter(|_| attribute(element, "src").is_none()) {
        each(lazy, Image);
    }
}

fn is_script(address: &str) -> bool {
    address.trim_start().get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"))
}

fn is(element: &Element, name: &str, value: &str) -> bool {
    attribute(element, name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
}

fn src(element: &Element, kind: LinkKind, each: &mut impl FnMut(&str, LinkKind)) {
    attribute(element, "src").filter(|value| !is_data(value)).into_iter().for_each(|value| each(value, kind));
}

fn lazy(element: &Element) -> Option<&str> {
    let (_, value) = element.attrs().find(|(name, value)| LAZY.contains(name) && !value.trim().is_empty())?;
    // `lazyload="true"` and numbers are switches.
    let is_address = value.contains(['/', '.']) && !is_data(value);
    is_address.then_some(value)
}

fn link(element: &Element, mut each: impl FnMut(&str, LinkKind)) {
    let Some(href) = attribute(element, "href").filter(|href| !is_data(href)) else { return };
    let rel = attribute(element, "rel").unwrap_or_default();
    let has = |word: &str| rel.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(word));
    if has("stylesheet") {
        each(href, Style);
    } else if !has("preconnect") && !has("dns-prefetch") {
        // Those two name a host and nothing that could be fetched from it.
        each(href, Other);
    }
}

/// The address in `<meta http-equiv=refresh content="5; url=…">`.
fn refresh(element: &Element) -> Option<&str> {
    if !is(element, "http-equiv", "refresh") {
        return None;
    }
    refreshed(attribute(element, "content")?)
}

/// The address in `5; url=…`.
pub(super) fn refreshed(content: &str) -> Option<&str> {
    let content = content.trim_start();
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start();
    let rest = rest.trim_start_matches([';', ',']).trim_start();
    let rest = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => {
            rest[3..].trim_start().strip_prefix('=').map_or(rest, str::trim_start)
        }
        _ => rest,
    };
    let address = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.trim_end(),
    };
    (!address.is_empty()).then_some(address)
}

/// The addresses of a `srcset`.
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, descriptors) = rest.split_at(end);
        // A comma inside of an address belongs to it, one at its end does not.
        let bare = address.trim_end_matches(',');
        rest = if bare.len() < address.len() {
            descriptors
        } else {
            descriptors.find(',').map_or("", |comma| &descriptors[comma + 1..])
        };
        (!bare.is_empty()).then_some(bare)
    })
}

impl Link {
    /// The link of an element to what is written there; the text of an anchor is not known before it ends.
    pub(super) fn of(node: Node<'_>, element: &Element, raw: &str, kind: LinkKind) -> Link {
        let text = if kind == Anchor {
            String::new()
        } else {
            clip(attribute(element, "alt").or_else(|| attribute(element, "title")).unwrap_or_default())
        };
        Link { raw: raw.to_owned(), kind, text, node: node.id() }
    }
}

/// White space folded, as many characters as a link keeps.
pub(super) fn clip(text: &str) -> String {
    let mut clipped = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        if length > 0 {
            clipped.push(' ');
            length += 1;
        }
        // Most fit, as their bytes alone tell.
        if length + word.len() <= LINK_TEXT {
            clipped.push_str(word);
            length += word.chars().count();
            continue;
        }
        for character in word.chars() {
            if length >= LINK_TEXT {
                clipped.truncate(clipped.trim_end().len());
                return clipped;
            }
            clipped.push(character);
            length += 1;
        }
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    fn check(html: &str, expected: &[(&str, LinkKind)]) {
        let page = page(html);
        let found: Vec<_> = page.links.iter().map(|link| (link.raw.as_str(), link.kind)).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn plain_attributes() {
        check("<a href=' /a.html?a=1&amp;b=2 '>x</a>", &[(" /a.html?a=1&b=2 ", Anchor)]);
        check("<a href>x</a><a name=y>x</a>", &[("", Anchor)]);
        check("<map><area href=a></map>", &[("a", Anchor)]);
        check("<img src=a.png><body background=b.png>", &[("b.png", Image), ("a.png", Image)]);
        check("<iframe src=a></iframe>", &[("a", Frame)]);
        check("<frameset><frame src=a></frameset>", &[("a", Frame)]);
        check("<video src=a></video><video poster=b></video>", &[("a", Media), ("b", Image)]);
        check(
            "<audio><source src=a></audio><object data=b><embed src=c></object>",
            &[("a", Media), ("b", Media), ("c", Media)],
        );
        check("<object><param name=movie value=a.swf></object>", &[("a.swf", Media)]);
        check("<form action=/s></form><input type=IMAGE src=a><input src=b>", &[("/s", Other), ("a", Image)]);
        check("<script src=a.js></script>", &[("a.js", Script)]);
        check("<!-- <a href=x>y</a> -->", &[]);
        check("<noscript><a href=y>z</a><img src=w></noscript>", &[("y", Speculative), ("w", Speculative)]);
        check("<img src='data:image/gif;base64,AA=='>", &[]);
    }

    #[test]
    fn link_elements() {
        check(
            "<link rel='StyleSheet' href=a.css><link rel=icon href=b.ico>",
            &[("a.css", Style), ("b.ico", Other)],
        );
        check("<link rel=dns-prefetch href=//a><link rel=canonical href=/b>", &[("/b", Other)]);
    }

    #[test]
    fn lazy_pictures() {
        check("<img src=loading.gif data-original=a.jpg>", &[("a.jpg", Image)]);
        check("<img data-src=a.jpg>", &[("a.jpg", Image)]);
        check("<img src=a.jpg lazyload=true>", &[("a.jpg", Image)]);
        check(
            "<img src=a.jpg srcset='b.jpg 1x, c,d.jpg 2x,e.jpg'>",
            &[("a.jpg", Image), ("b.jpg", Image), ("c,d.jpg", Image), ("e.jpg", Image)],
        );
        check("<picture><source srcset='a.webp, b.webp'></picture>", &[("a.webp", Image), ("b.webp", Image)]);
    }

    #[test]
    fn styles() {
        check("<p style='background: url(a.png)'>", &[("a.png", Image)]);
        check("<style>@import 'a.css';b{c:url(d.png)}</style>", &[("a.css", Style), ("d.png", Image)]);
    }

    #[test]
    fn refreshes() {
        check("<meta http-equiv=Refresh content='0;URL=./a/'>", &[("./a/", Frame)]);
        check("<meta http-equiv=refresh content='5, url = \"a\" '>", &[("a", Frame)]);
        check("<meta http-equiv=refresh content='5;/a'>", &[("/a", Frame)]);
        check("<meta http-equiv=refresh content=300>", &[]);
    }

    #[test]
    fn guesses() {
        check(
            "<select><option value='http://a.gov.cn/'>a<option value=3>b</select>",
            &[("http://a.gov.cn/", Speculative)],
        );
        check("<div onclick=\"window.open('/a.html')\">", &[("/a.html", Speculative)]);
        check(
            "<a href=\"javascript:go('/a.html')\">x</a>",
            &[("javascript:go('/a.html')", Anchor), ("/a.html", Speculative)],
        );
        let text = "某市召开工作会议。".repeat(9);
        check(&format!("<p>{text}</p><script>location.href='/m/'</script>"), &[("/m/", Speculative)]);
        check("<script>location.href='/m/'</script>", &[("/m/", Frame)]);
        check(
            "<script>createPageHTML(2,0,'index','html')</script>",
            &[("index_1.html", LinkKind::Pagination)],
        );
    }

    #[test]
    fn texts() {
        let check = |html: &str, expected: &str| assert_eq!(page(html).links[0].text, expected, "{html}");
        check("<a href=x> 一 <b>二</b></a>", "一 二");
        check("<a href=x><p>一</p><p>二</p></a>", "一 二");
        check("<a href=x title=题></a>", "题");
        check("<a href=x><img src=y alt=图></a>", "图");
        check("<img src=y alt=图>", "图");
        check(&format!("<a href=x>{}</a>", "字".repeat(200)), &"字".repeat(80));
    }
}
