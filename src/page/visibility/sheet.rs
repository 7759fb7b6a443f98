//! Style sheets: their rules that can hide something, found by id, class or tag.

use std::collections::HashMap;

use cssparser::{
    AtRuleParser, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser, StyleSheetParser, Token,
};

use super::declaration::{self, Declared};
use super::selector::{self, Handle, Selector};
use super::value::WINDOW;

/// Bytes of a sheet that are read. The longest real ones have some 700 KB.
const BYTES: usize = 1 << 20;
/// Selectors with rules that can hide something. The largest frameworks have 6,000 in all.
const RULES: usize = 20_000;
/// Sheets that one may import: as many as a page may ask for in all.
const IMPORTS: usize = 20;
/// How deep `@media` and `@supports` may nest.
const NESTING: u8 = 8;

/// A style sheet.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    rules: Vec<Rule>,
    blocks: Vec<Vec<Declared>>,
    ids: HashMap<Box<str>, Vec<u32>>,
    classes: HashMap<Box<str>, Vec<u32>>,
    tags: HashMap<Box<str>, Vec<u32>>,
    others: Vec<u32>,
    /// What it imports, as written.
    pub(super) imports: Vec<String>,
    /// Whether it was cut, so that rules are unknown.
    pub(super) is_cut: bool,
}

#[derive(Debug)]
struct Rule {
    selector: Selector,
    /// An index into the blocks.
    block: u32,
}

/// A rule that an element may have to obey.
pub(super) struct Candidate<'a> {
    pub(super) selector: &'a Selector,
    pub(super) declarations: &'a [Declared],
    /// Its number in the sheet.
    pub(super) number: u32,
}

impl Sheet {
    /// Reads a sheet.
    pub(crate) fn parse(css: &str) -> Sheet {
        let cut = css.floor_char_boundary(css.len().min(BYTES));
        let mut sheet = Sheet { is_cut: cut < css.len(), ..Sheet::default() };
        let mut input = Parser::new(&css[..cut]);
        read(&mut input, &mut sheet, 0);
        sheet
    }

    /// How many rules it has.
    pub(super) fn size(&self) -> usize {
        self.rules.len()
    }

    fn add(&mut self, selectors: Vec<Selector>, declarations: Vec<Declared>) {
        if declarations.is_empty() || selectors.is_empty() {
            return;
        }
        if self.rules.len() + selectors.len() > RULES {
            self.is_cut = true;
            return;
        }
        // Both numbers are bounded by RULES.
        let block = self.blocks.len() as u32;
        self.blocks.push(declarations);
        for selector in selectors {
            let number = self.rules.len() as u32;
            match selector.handle() {
                Handle::Id(id) => self.ids.entry(id.into()).or_default().push(number),
                Handle::Class(class) => self.classes.entry(class.into()).or_default().push(number),
                Handle::Tag(tag) => self.tags.entry(tag.into()).or_default().push(number),
                Handle::Any => self.others.push(number),
            }
            self.rules.push(Rule { selector, block });
        }
    }

    /// The rules whose rightmost part names this id, one of these classes, or this tag.
    pub(super) fn candidates<'a>(
        &'a self,
        id: Option<&str>,
        classes: impl Iterator<Item = &'a str>,
        tag: &str,
    ) -> impl Iterator<Item = Candidate<'a>> {
        let by_id = id.and_then(|id| self.ids.get(id));
        let by_class: Vec<&Vec<u32>> = classes.filter_map(|class| self.classes.get(class)).collect();
        let by_tag = self.tags.get(tag);
        let lists = by_id.into_iter().chain(by_class).chain(by_tag).chain([&self.others]);
        lists.flatten().map(|number| {
            let rule = &self.rules[*number as usize];
            let declarations = &self.blocks[rule.block as usize];
            Candidate { selector: &rule.selector, declarations, number: *number }
        })
    }
}

fn read(input: &mut Parser<'_>, sheet: &mut Sheet, depth: u8) {
    let mut reader = Reader { sheet, depth };
    // Rules that cannot be read count for nothing; the parser goes on behind them.
    StyleSheetParser::new(input, &mut reader).for_each(drop);
}

/// The grammar of a sheet.
struct Reader<'a> {
    sheet: &'a mut Sheet,
    depth: u8,
}

impl<'i> QualifiedRuleParser<'i> for Reader<'_> {
    type Prelude = Vec<Selector>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, ParseError<()>> {
        Ok(selector::list(input))
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.sheet.add(selectors, declaration::block(input));
        Ok(())
    }
}

/// The beginning of a rule with an `@`.
enum At {
    /// Its rules count.
    Applies,
    /// They do not.
    Void,
    Import(String),
}

impl<'i> AtRuleParser<'i> for Reader<'_> {
    type Prelude = At;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<At, ParseError<()>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "media" if is_met(input) => At::Applies,
            // Whatever is asked for here, browsers of today support it.
            "supports" | "layer" | "-moz-document" => {
                while input.next().is_ok() {}
                At::Applies
            }
            "import" => {
                let address = input.expect_url_or_string()?.as_ref().to_owned();
                if is_met(input) { At::Import(address) } else { At::Void }
            }
            _ => {
                while input.next().is_ok() {}
                At::Void
            }
        })
    }

    fn rule_without_block(&mut self, at: At, _: &ParserState) -> Result<(), ()> {
        if let At::Import(address) = at {
            match self.sheet.imports.len() < IMPORTS {
                true => self.sheet.imports.push(address),
                false => self.sheet.is_cut = true,
            }
        }
        Ok(())
    }

    fn parse_block(&mut self, at: At, _: &ParserState, input: &mut Parser<'i>) -> Result<(), ParseError<()>> {
        if matches!(at, At::Applies) && self.depth < NESTING {
            read(input, self.sheet, self.depth + 1);
        }
        Ok(())
    }
}

/// Whether a page on a screen meets a list of media queries, as of an attribute.
pub(super) fn is_screen(media: &str) -> bool {
    is_met(&mut Parser::new(media))
}

/// Whether one of the queries of a list is met; an empty list always is. Reads the list to its end.
fn is_met(input: &mut Parser<'_>) -> bool {
    if input.is_exhausted() {
        return true;
    }
    let queries = input.parse_comma_separated(|input| -> Result<bool, ParseError<()>> { Ok(query(input)) });
    queries.is_ok_and(|queries| queries.contains(&true))
}

/// `not print and (max-width: 600px)`: what is not understood is not met.
fn query(input: &mut Parser<'_>) -> bool {
    let (mut met, mut negated, mut is_known) = (true, false, true);
    while let Ok(token) = input.next().cloned() {
        match token {
            Token::Ident(word) => match word.to_ascii_lowercase().as_str() {
                "not" => negated = true,
                "only" | "and" | "all" | "screen" => {}
                _ => met = false,
            },
            Token::ParenthesisBlock => {
                let feature: Result<_, ParseError<()>> = input.parse_nested_block(|input| Ok(feature(input)));
                match feature.ok().flatten() {
                    Some(holds) => met &= holds,
                    None => is_known = false,
                }
            }
            _ => is_known = false,
        }
    }
    is_known && met != negated
}

/// `(min-width: 768px)` in the window we imagine; `None` where it asks for anything else.
fn feature(input: &mut Parser<'_>) -> Option<bool> {
    let name = input.expect_ident_cloned().ok()?.to_ascii_lowercase();
    input.expect_colon().ok()?;
    let wanted = super::value::parts(input).first()?.length()?.px(16.0, None)?;
    Some(match name.as_str() {
        "min-width" | "min-device-width" => WINDOW.0 >= wanted,
        "max-width" | "max-device-width" => WINDOW.0 <= wanted,
        "min-height" | "min-device-height" => WINDOW.1 >= wanted,
        "max-height" | "max-device-height" => WINDOW.1 <= wanted,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rules a sheet has, and what it imports.
    fn check(css: &str, rules: usize, imports: &[&str]) {
        let sheet = Sheet::parse(css);
        assert_eq!(
            (sheet.rules.len(), sheet.imports.as_slice()),
            (rules, &*imports.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>()),
            "{css}"
        );
    }

    #[test]
    fn rules() {
        check("a{display:none} b{border:0} c,d{opacity:0}", 3, &[]);
        check("a{display:none", 1, &[]);
        check("}}a{display:none}", 0, &[]);
        check("@charset 'x'; @import 'b.css'; @import url(c.css) print; a{top:0}", 1, &["b.css"]);
        check("@media print{a{display:none}}", 0, &[]);
        check("@media screen{a{display:none}} b{top:0}", 2, &[]);
        check(
            "@media (max-width:600px){a{top:0}} @media only screen and (min-width:600px){a{top:0}}",
            1,
            &[],
        );
        check("@media (hover:none){a{top:0}} @media not print{a{top:0}}", 1, &[]);
        check("@supports (display:grid){@media all{a{top:0}}}", 1, &[]);
        check("@font-face{src:url(a)} @keyframes x{from{top:0}} a{top:0}", 1, &[]);
        check("<!-- a{top:0} -->", 1, &[]);
    }

    #[test]
    fn floods_are_cut() {
        assert!(Sheet::parse(&"a{top:0}".repeat(RULES + 1)).is_cut);
        assert!(Sheet::parse(&" ".repeat(BYTES + 1)).is_cut);
        assert!(!Sheet::parse(&"@media all{".repeat(1_000)).is_cut);
        let imports = Sheet::parse(&"@import 'a.css';".repeat(100_000));
        assert!(imports.is_cut && imports.imports.len() == IMPORTS);
    }
}
