//! Addresses in style sheets: `url(…)` and `@import`.

use super::LinkKind;
use super::attributes::is_data;

/// Calls `each` with every address in a style sheet or `style` attribute, as written. What is commented out is no
/// part of it.
pub(super) fn addresses(css: &str, mut each: impl FnMut(&str, LinkKind)) {
    let mut from = 0;
    while let Some(found) = css[from..].find(['(', '@', '/', '"', '\'']) {
        let at = from + found;
        let rest = &css[at..];
        from = at + 1;
        let (value, is_import) = if let Some(value) = rest.strip_prefix('(') {
            if !ends_with(&css[..at], "url") {
                continue;
            }
            let before = css[..at - "url".len()].trim_end();
            (value, ends_with(before, "@import"))
        } else if let Some(value) = rest.strip_prefix("@import")
            && value.trim_start().starts_with(['"', '\''])
        {
            (value, true)
        } else {
            from = at + aside(rest).unwrap_or(1);
            continue;
        };
        // What never ends is looked for once.
        let Some((address, length)) = literal(value) else { break };
        // Addresses are read once: what looks like `url(` inside of one is part of it.
        from = css.len() - value.len() + length;
        if !address.is_empty() && !address.starts_with('#') && !is_data(address) {
            each(address, if is_import { LinkKind::Style } else { kind(address, &css[from..]) });
        }
    }
}

/// The length of a comment or a quoted text at the start of `css`, in neither of which an address counts.
fn aside(css: &str) -> Option<usize> {
    if let Some(comment) = css.strip_prefix("/*") {
        return Some(comment.find("*/").map_or(css.len(), |end| end + "/**/".len()));
    }
    let quote = css.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let mut escaped = false;
    let end = css[1..].find(|c| {
        // An unclosed quote ends with its line.
        let ends = !escaped && (c == quote || c == '\n');
        escaped = !escaped && c == '\\';
        ends
    });
    Some(end.map_or(css.len(), |end| end + 2))
}

/// A quoted or bare literal at the start of `value`, and where it ends.
fn literal(value: &str) -> Option<(&str, usize)> {
    let trimmed = value.trim_start();
    let before = value.len() - trimmed.len();
    match trimmed.chars().next()? {
        quote @ ('"' | '\'') => {
            let end = trimmed[1..].find(quote)?;
            Some((&trimmed[1..=end], before + end + 2))
        }
        _ => {
            let end = trimmed.find(')')?;
            Some((trimmed[..end].trim_end(), before + end))
        }
    }
}

/// Fonts are no pictures, not even those drawn in SVG; only sources of fonts are followed by a `format(…)`.
fn kind(address: &str, after: &str) -> LinkKind {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_font = [".woff", ".woff2", ".ttf", ".otf", ".eot"].iter().any(|end| ends_with(path, end))
        || after.trim_start_matches([')', ' ']).starts_with("format(");
    if is_font { LinkKind::Other } else { LinkKind::Image }
}

fn ends_with(text: &str, end: &str) -> bool {
    let text = text.as_bytes();
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkKind::{Image, Other, Style};

    fn check(css: &str, expected: &[(&str, LinkKind)]) {
        let mut found = Vec::new();
        addresses(css, |address, kind| found.push((address.to_owned(), kind)));
        let found: Vec<_> = found.iter().map(|(address, kind)| (address.as_str(), *kind)).collect();
        assert_eq!(found, expected, "{css}");
    }

    #[test]
    fn addresses_in_css() {
        check("background:url(a.png)", &[("a.png", Image)]);
        check(
            "background:URL( 'a (1).png' ) no-repeat, url(\"b.png\")",
            &[("a (1).png", Image), ("b.png", Image)],
        );
        check("@import 'a.css'; @import url(b.css);", &[("a.css", Style), ("b.css", Style)]);
        check("@font-face{src:url(a.woff2?v=1)}", &[("a.woff2?v=1", Other)]);
        check("@font-face{src: url('a.svg#A') format('svg')}", &[("a.svg#A", Other)]);
        check("background:url(data:image/png;base64,AA==)", &[]);
        check("filter:url(#blur);width:calc(1px)", &[]);
        check("url(", &[]);
        check("url('a", &[]);
        check("/* url(a.png) */ b{c:url(b.png)} /* @import 'c.css';", &[("b.png", Image)]);
        check("/*/ url(a.png) */ b{c:url(//h/*/b.png)}", &[("//h/*/b.png", Image)]);
        check(r#"a{content:"/*\"";b:url(b.png)}"#, &[("b.png", Image)]);
        check("a{content:'/*\n;b:url(b.png)}", &[("b.png", Image)]);
        check("@media(a){b{c:url(图.png)}}", &[("图.png", Image)]);
    }
}
