//! Selectors: read, weighed and matched.
//!
//! What hangs on the visitor (`:hover`, `:focus`) is left out and noted: such a rule applies to nothing at first sight,
//! but it shows that what it matches can be brought to light. Anything unknown makes the whole selector void.

use std::cell::Cell;

use cssparser::{Parser, Token, parse_nth};

use super::names::{Names, classes};
use crate::page::dom::{Element, Node, attribute};

/// Compounds in one selector. Real ones have up to six.
const COMPOUNDS: usize = 8;
/// Alternatives inside of `:is(…)` and `:not(…)`.
const ALTERNATIVES: usize = 16;
/// Siblings counted for `:nth-child(…)`.
const SIBLINGS: usize = 1_000;

/// A selector.
#[derive(Debug)]
pub(super) struct Selector {
    /// From right to left, each with how it stands to the one on its right.
    compounds: Vec<(Compound, Combinator)>,
    /// What the elements around one that it matches are called.
    around: Names,
    /// Ids, classes and tags, in one number.
    pub(super) specificity: u32,
    /// Whether it matches only while the visitor points at something.
    pub(super) is_dynamic: bool,
}

/// How an element stands to the one on the right of it in a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    Ancestor,
    Parent,
    Before,
    Earlier,
}

/// Tests that one element must pass.
#[derive(Debug, Default)]
struct Compound {
    tag: Option<Box<str>>,
    tests: Vec<Test>,
}

#[derive(Debug)]
enum Test {
    Id(Box<str>),
    Class(Box<str>),
    Attribute {
        name: Box<str>,
        how: How,
        value: Box<str>,
    },
    Not(Vec<Compound>),
    Is(Vec<Compound>),
    /// `:nth-child(an+b)`, counted from the front or from the back, among all or those of its name.
    Nth {
        step: i32,
        offset: i32,
        from_end: bool,
        of_type: bool,
    },
    Root,
    Link,
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Present,
    Equal,
    Word,
    Dash,
    Start,
    End,
    Inside,
}

/// By what a rule is looked up.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Handle<'a> {
    Id(&'a str),
    Class(&'a str),
    Tag(&'a str),
    Any,
}

/// A selector that cannot be read.
struct Void;

/// Reads a list of selectors; those that cannot be read are left out.
pub(super) fn list(input: &mut Parser<'_>) -> Vec<Selector> {
    input.parse_comma_separated_ignoring_errors(|input| -> Result<Selector, cssparser::ParseError<()>> {
        selector(input).map_err(|Void| cssparser::ParseError::custom(()))
    })
}

fn selector(input: &mut Parser<'_>) -> Result<Selector, Void> {
    let mut compounds: Vec<(Compound, Combinator)> = Vec::new();
    let (mut current, mut pending) = (Compound::default(), None);
    let mut weight = Weight::default();
    let mut next = |current: &mut Compound, pending: &mut Option<Combinator>| {
        // A combinator takes effect once the compound on its right begins.
        if let Some(combinator) = pending.take() {
            if current.is_empty() || compounds.len() + 1 >= COMPOUNDS {
                return Err(Void);
            }
            compounds.push((std::mem::take(current), combinator));
        }
        Ok(())
    };
    while let Ok(token) = input.next_including_whitespace().cloned() {
        match token {
            Token::WhiteSpace(_) => {
                pending = pending.or((!current.is_empty()).then_some(Combinator::Ancestor))
            }
            Token::Delim('>') => pending = Some(Combinator::Parent),
            Token::Delim('+') => pending = Some(Combinator::Before),
            Token::Delim('~') => pending = Some(Combinator::Earlier),
            token => {
                next(&mut current, &mut pending)?;
                simple(token, input, &mut current, &mut weight)?;
            }
        }
    }
    let dangles = pending.is_some_and(|combinator| combinator != Combinator::Ancestor);
    if current.is_empty() || dangles {
        return Err(Void);
    }
    // Each combinator was kept with the compound on its left, which is where it is needed from right to left.
    compounds.push((current, Combinator::Ancestor));
    compounds.reverse();
    let around = around(&compounds);
    Ok(Selector { compounds, around, specificity: weight.total(), is_dynamic: weight.is_dynamic })
}

/// What selectors from right to left ask of the elements around the one that they match. What stands around an earlier
/// sibling stands around the element itself.
fn around(compounds: &[(Compound, Combinator)]) -> Names {
    let mut names = Names::default();
    for (compound, combinator) in compounds.iter().skip(1) {
        if !matches!(combinator, Combinator::Ancestor | Combinator::Parent) {
            continue;
        }
        if let Some(tag) = &compound.tag {
            names.add_tag(tag);
        }
        for test in &compound.tests {
            match test {
                Test::Id(id) => names.add_id(id),
                Test::Class(class) => names.add_class(class),
                _ => {}
            }
        }
    }
    names
}

/// Specificity while it is counted.
#[derive(Default, Clone, Copy)]
struct Weight {
    ids: u32,
    classes: u32,
    tags: u32,
    is_dynamic: bool,
}

impl Weight {
    fn total(self) -> u32 {
        self.ids.min(255) << 16 | self.classes.min(255) << 8 | self.tags.min(255)
    }
}

fn simple(
    token: Token<'_>,
    input: &mut Parser<'_>,
    into: &mut Compound,
    weight: &mut Weight,
) -> Result<(), Void> {
    match token {
        Token::Delim('*') => into.tests.push(Test::Is(Vec::new())),
        Token::Ident(name) if into.is_empty() => {
            weight.tags += 1;
            into.tag = Some(name.to_ascii_lowercase().into());
        }
        Token::IDHash(id) => {
            weight.ids += 1;
            into.tests.push(Test::Id(id.as_ref().into()));
        }
        Token::Delim('.') => {
            let Ok(Token::Ident(class)) = input.next_including_whitespace() else { return Err(Void) };
            weight.classes += 1;
            into.tests.push(Test::Class(class.as_ref().into()));
        }
        Token::SquareBracketBlock => {
            weight.classes += 1;
            into.tests.push(nested(input, by_attribute)?);
        }
        Token::Colon => pseudo(input, into, weight)?,
        _ => return Err(Void),
    }
    Ok(())
}

fn nested<T>(
    input: &mut Parser<'_>,
    read: impl FnOnce(&mut Parser<'_>) -> Result<T, Void>,
) -> Result<T, Void> {
    let read = |input: &mut Parser<'_>| -> Result<T, cssparser::ParseError<()>> {
        read(input).map_err(|Void| cssparser::ParseError::custom(()))
    };
    // The lifetimes of a nested block are those of the input.
    input.parse_nested_block(read).map_err(|_| Void)
}

fn by_attribute(input: &mut Parser<'_>) -> Result<Test, Void> {
    let Ok(name) = input.expect_ident_cloned() else { return Err(Void) };
    let name = name.to_ascii_lowercase().into();
    let how = match input.next() {
        Err(_) => return Ok(Test::Attribute { name, how: How::Present, value: "".into() }),
        Ok(Token::Delim('=')) => How::Equal,
        Ok(Token::IncludeMatch) => How::Word,
        Ok(Token::DashMatch) => How::Dash,
        Ok(Token::PrefixMatch) => How::Start,
        Ok(Token::SuffixMatch) => How::End,
        Ok(Token::SubstringMatch) => How::Inside,
        Ok(_) => return Err(Void),
    };
    let Ok(value) = input.expect_ident_or_string().cloned() else { return Err(Void) };
    Ok(Test::Attribute { name, how, value: value.as_ref().into() })
}

fn pseudo(input: &mut Parser<'_>, into: &mut Compound, weight: &mut Weight) -> Result<(), Void> {
    let nth = |step, offset, from_end, of_type| Test::Nth { step, offset, from_end, of_type };
    let Ok(token) = input.next_including_whitespace().cloned() else { return Err(Void) };
    match token {
        Token::Ident(name) => {
            weight.classes += 1;
            match name.to_ascii_lowercase().as_str() {
                "first-child" => into.tests.push(nth(0, 1, false, false)),
                "last-child" => into.tests.push(nth(0, 1, true, false)),
                "first-of-type" => into.tests.push(nth(0, 1, false, true)),
                "last-of-type" => into.tests.push(nth(0, 1, true, true)),
                "only-child" => {
                    into.tests.extend([nth(0, 1, false, false), nth(0, 1, true, false)]);
                }
                "root" => into.tests.push(Test::Root),
                "link" | "any-link" => into.tests.push(Test::Link),
                "empty" => into.tests.push(Test::Empty),
                "hover" | "focus" | "focus-within" | "focus-visible" | "active" | "target" | "checked" => {
                    weight.is_dynamic = true;
                    into.tests.push(Test::Is(Vec::new()));
                }
                // `:visited`, parts of elements (`::before`), and whatever there may be.
                _ => return Err(Void),
            }
            Ok(())
        }
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            let from_end = name.contains("-last-");
            let test = match name.as_str() {
                "not" | "is" | "where" | "matches" | "-webkit-any" => {
                    let mut inner = Weight::default();
                    let found = nested(input, |input| alternatives(input, &mut inner))?;
                    weight.is_dynamic |= inner.is_dynamic;
                    if name != "where" {
                        weight.ids += inner.ids;
                        weight.classes += inner.classes;
                        weight.tags += inner.tags;
                    }
                    if name == "not" { Test::Not(found) } else { Test::Is(found) }
                }
                "nth-child" | "nth-last-child" | "nth-of-type" | "nth-last-of-type" => {
                    weight.classes += 1;
                    let (step, offset) = nested(input, |input| parse_nth(input).map_err(|_| Void))?;
                    nth(step, offset, from_end, name.ends_with("of-type"))
                }
                _ => return Err(Void),
            };
            into.tests.push(test);
            Ok(())
        }
        _ => Err(Void),
    }
}

/// Compounds parted by commas. They weigh as much as the heaviest of them.
fn alternatives(input: &mut Parser<'_>, heaviest: &mut Weight) -> Result<Vec<Compound>, Void> {
    let mut found = Vec::new();
    let (mut current, mut weight) = (Compound::default(), Weight::default());
    loop {
        let token = input.next().cloned();
        match token {
            Ok(Token::Comma) | Err(_) => {
                if current.is_empty() || found.len() >= ALTERNATIVES {
                    return Err(Void);
                }
                found.push(std::mem::take(&mut current));
                let weight = std::mem::take(&mut weight);
                if weight.total() >= heaviest.total() {
                    *heaviest = Weight { is_dynamic: heaviest.is_dynamic | weight.is_dynamic, ..weight };
                }
                if token.is_err() {
                    return Ok(found);
                }
            }
            Ok(token) => simple(token, input, &mut current, &mut weight)?,
        }
    }
}

impl Selector {
    /// By what elements that it may match are found.
    pub(super) fn handle(&self) -> Handle<'_> {
        let Some((key, _)) = self.compounds.first() else { return Handle::Any };
        let id = key.tests.iter().find_map(|test| match test {
            Test::Id(id) => Some(Handle::Id(id)),
            _ => None,
        });
        let class = key.tests.iter().find_map(|test| match test {
            Test::Class(class) => Some(Handle::Class(class)),
            _ => None,
        });
        id.or(class).or(key.tag.as_deref().map(Handle::Tag)).unwrap_or(Handle::Any)
    }

    /// Whether it can match an element at all, given what the elements around it are called.
    pub(super) fn may_match(&self, around: Names) -> bool {
        around.may_have(self.around)
    }

    /// Whether it matches an element. Every element looked at takes a step; without any left nothing matches.
    pub(super) fn matches(&self, node: Node<'_>, steps: &Cell<u32>) -> bool {
        matches_from(&self.compounds, node, steps)
    }
}

fn matches_from(compounds: &[(Compound, Combinator)], node: Node<'_>, steps: &Cell<u32>) -> bool {
    let Some(left) = steps.get().checked_sub(1) else { return false };
    steps.set(left);
    let Some(((compound, _), rest)) = compounds.split_first() else { return true };
    if !compound.matches(node) {
        return false;
    }
    let Some((_, combinator)) = rest.first() else { return true };
    let is_element = |node: &Node<'_>| node.value().is_element();
    match combinator {
        Combinator::Ancestor => {
            node.ancestors().filter(is_element).any(|node| matches_from(rest, node, steps))
        }
        Combinator::Parent => {
            node.parent().is_some_and(|node| is_element(&node) && matches_from(rest, node, steps))
        }
        Combinator::Before => {
            node.prev_siblings().find(is_element).is_some_and(|node| matches_from(rest, node, steps))
        }
        Combinator::Earlier => {
            node.prev_siblings().filter(is_element).take(SIBLINGS).any(|node| matches_from(rest, node, steps))
        }
    }
}

impl Compound {
    fn is_empty(&self) -> bool {
        self.tag.is_none() && self.tests.is_empty()
    }

    fn matches(&self, node: Node<'_>) -> bool {
        let Some(element) = node.value().as_element() else { return false };
        self.tag.as_deref().is_none_or(|tag| tag == element.name())
            && self.tests.iter().all(|test| test.passes(node, element))
    }
}

impl Test {
    fn passes(&self, node: Node<'_>, element: &Element) -> bool {
        match self {
            Test::Id(id) => attribute(element, "id") == Some(id),
            Test::Class(class) => classes(element).any(|found| found == &**class),
            Test::Attribute { name, how, value } => {
                attribute(element, name).is_some_and(|found| how.holds(found, value))
            }
            Test::Not(compounds) => !compounds.iter().any(|compound| compound.matches(node)),
            // Without alternatives it stands for `*`.
            Test::Is(compounds) => {
                compounds.is_empty() || compounds.iter().any(|compound| compound.matches(node))
            }
            Test::Nth { step, offset, from_end, of_type } => {
                let counts = |other: &Node<'_>| {
                    other.value().as_element().is_some_and(|other| !of_type || other.name() == element.name())
                };
                let before = if *from_end {
                    node.next_siblings().filter(counts).take(SIBLINGS).count()
                } else {
                    node.prev_siblings().filter(counts).take(SIBLINGS).count()
                };
                // At most SIBLINGS, far below the limit of the type.
                let behind = before as i64 + 1 - i64::from(*offset);
                match i64::from(*step) {
                    0 => behind == 0,
                    step => behind % step == 0 && behind / step >= 0,
                }
            }
            Test::Root => node.parent().is_some_and(|parent| parent.value().is_document()),
            Test::Link => matches!(element.name(), "a" | "area") && attribute(element, "href").is_some(),
            Test::Empty => node.first_child().is_none(),
        }
    }
}

impl How {
    fn holds(self, found: &str, value: &str) -> bool {
        match self {
            How::Present => true,
            How::Equal => found == value,
            How::Word => found.split_ascii_whitespace().any(|word| word == value),
            How::Dash => {
                found.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            // An empty value matches nothing.
            How::Start => !value.is_empty() && found.starts_with(value),
            How::End => !value.is_empty() && found.ends_with(value),
            How::Inside => !value.is_empty() && found.contains(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    /// The ids of the elements that a selector matches, and its specificity.
    fn check(css: &str, expected: &[&str], specificity: u32) {
        let page = page(
            "<div id=a class='x y'><p id=b><a id=c href=/ data-k='one two'>1</a><a id=d>2</a></p>\
             <ul id=e><li id=f><li id=g class=x><li id=h></ul></div>",
        );
        let selectors = list(&mut Parser::new(css));
        let [selector] = selectors.as_slice() else { panic!("{css}: {selectors:?}") };
        let steps = Cell::new(10_000);
        let found: Vec<&str> = page
            .dom
            .tree
            .root()
            .descendants()
            .filter(|node| node.value().is_element() && selector.matches(*node, &steps))
            .filter_map(|node| attribute(node.value().as_element()?, "id"))
            .collect();
        assert_eq!((found.as_slice(), selector.specificity), (expected, specificity), "{css}");
    }

    #[test]
    fn matching() {
        check("#a", &["a"], 0x1_00_00);
        check(".x.y", &["a"], 0x2_00);
        check(".x", &["a", "g"], 0x1_00);
        check("div a", &["c", "d"], 2);
        check("DIV > a", &[], 2);
        check("p>a + a", &["d"], 3);
        check("li ~ .x", &["g"], 0x1_01);
        check("div #e li:first-child", &["f"], 0x1_01_02);
        check("li:nth-child(2n+1)", &["f", "h"], 0x1_01);
        check("li:last-child", &["h"], 0x1_01);
        check("li:not(.x)", &["f", "h"], 0x1_01);
        check(":is(p, ul) > [id]", &["c", "d", "f", "g", "h"], 0x1_01);
        check("[data-k~=two]", &["c"], 0x1_00);
        check("a:link", &["c"], 0x1_01);
        check("*[id^='c']", &["c"], 0x1_00);
    }

    #[test]
    fn what_cannot_be_read_matches_nothing() {
        for css in ["a::before", "a:visited", "> a", "a >", "a:has(b)", "1", ".", "a b c d e f g h i"] {
            assert!(list(&mut Parser::new(css)).is_empty(), "{css}");
        }
        assert_eq!(list(&mut Parser::new("a::before, b")).len(), 1);
        assert!(list(&mut Parser::new("li:hover ul"))[0].is_dynamic);
    }

    #[test]
    fn steps_are_bounded() {
        let page = page(&"<div>".repeat(300));
        let selectors = list(&mut Parser::new("x div div div div div div div"));
        let steps = Cell::new(100_000);
        let nodes = page.dom.tree.root().descendants();
        assert!(
            !nodes.filter(|node| node.value().is_element()).any(|node| selectors[0].matches(node, &steps))
        );
        assert_eq!(steps.get(), 0);
    }
}
