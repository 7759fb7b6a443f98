//! Declarations: of all properties, those that can hide something, read as what they do to sight.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, parse_important,
};

use super::value::{Color, Length, Part, parts};

/// Declarations that are read of one rule or attribute.
const DECLARATIONS: usize = 256;

/// A declaration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Declared {
    pub(super) declaration: Declaration,
    pub(super) is_important: bool,
}

/// What a declaration does to sight. `None` in an inherited property stands for `inherit`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Declaration {
    Display(Display),
    Visible(Option<bool>),
    Opacity(f32),
    /// `filter: opacity(…)`.
    Filter(f32),
    FontSize(Option<Length>),
    Color(Option<Ink>),
    Background(Ground),
    Position(Position),
    Inset(Side, Length),
    Margin(Side, Length),
    Padding(Side, Length),
    TextIndent(Option<Length>),
    Size(Axis, Length),
    MinSize(Axis, Length),
    MaxSize(Axis, Length),
    Overflow(Axis, Overflow),
    /// `clip: rect(…)`: whether nothing is left.
    Clip(bool),
    /// `clip-path`: whether nothing is left.
    ClipPath(bool),
    Transform(Transform),
    ZIndex(Option<i32>),
    /// `content-visibility: hidden`.
    Skipped(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    None,
    Inline,
    /// Has no box of its own.
    Contents,
    /// Any box.
    Box,
}

/// The colour of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ink {
    Known(Color),
    /// A variable, a system colour.
    Unknown,
}

/// What is behind text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ground {
    Color(Color),
    /// A picture, a gradient, a variable.
    Picture,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Static,
    /// `relative`, `sticky`.
    Relative,
    Absolute,
    Fixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Across,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    Shown,
    Clipped,
}

/// What a transformation does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Transform {
    /// Shift to the right and down, in pixels.
    pub(super) shift: (f32, f32),
    /// Whether it makes everything vanish: `scale(0)`, `rotateX(90deg)`.
    pub(super) collapses: bool,
}

const SIDES: [Side; 4] = [Side::Top, Side::Right, Side::Bottom, Side::Left];

/// Reads the content of a `style` attribute.
pub(super) fn of_attribute(css: &str) -> Vec<Declared> {
    block(&mut Parser::new(css))
}

/// Reads the declarations of a block.
pub(super) fn block(input: &mut Parser<'_>) -> Vec<Declared> {
    let mut body = Body;
    let read = RuleBodyParser::new(input, &mut body);
    read.filter_map(Result::ok).flatten().take(DECLARATIONS).collect()
}

/// The grammar of a block: declarations, and nothing nested.
struct Body;

impl<'i> DeclarationParser<'i> for Body {
    type Declaration = Vec<Declared>;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _: &ParserState,
    ) -> Result<Vec<Declared>, ParseError<()>> {
        let mut declarations = Vec::new();
        read(&name.to_ascii_lowercase(), &parts(input), &mut declarations);
        let is_important = input.try_parse(parse_important).is_ok();
        // A value that a browser cannot read to its end counts for nothing.
        input.expect_exhausted()?;
        let declared = |declaration| Declared { declaration, is_important };
        Ok(declarations.into_iter().map(declared).collect())
    }
}

impl<'i> AtRuleParser<'i> for Body {
    type Prelude = ();
    type AtRule = Vec<Declared>;
    type Error = ();
}

impl<'i> QualifiedRuleParser<'i> for Body {
    type Prelude = ();
    type QualifiedRule = Vec<Declared>;
    type Error = ();
}

impl<'i> RuleBodyItemParser<'i, Vec<Declared>, ()> for Body {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

/// What a property with this value does; nothing where the value is none of it.
fn read(property: &str, value: &[Part], into: &mut Vec<Declaration>) {
    use Axis::{Across, Down};
    let Some(first) = value.first() else { return };
    let length = || first.length();
    let inherits = first.is_word("inherit") || first.is_word("unset");
    let inherited = || if inherits { Some(None) } else { length().map(Some) };
    let declaration = match property {
        "display" => display(first),
        "visibility" => visibility(first),
        "opacity" => first.share().map(Declaration::Opacity),
        "filter" => Some(Declaration::Filter(filter(value))),
        "font-size" => font_size(first, inherits),
        "font" => font(value),
        "color" => ink(first, inherits).map(Declaration::Color),
        "background-color" => Some(Declaration::Background(ground(std::slice::from_ref(first)))),
        "background" => Some(Declaration::Background(ground(value))),
        "background-image" if !first.is_word("none") => Some(Declaration::Background(Ground::Picture)),
        "position" => position(first),
        "text-indent" => inherited().map(Declaration::TextIndent),
        "width" => length().map(|length| Declaration::Size(Across, length)),
        "height" => length().map(|length| Declaration::Size(Down, length)),
        "min-width" => length().map(|length| Declaration::MinSize(Across, length)),
        "min-height" => length().map(|length| Declaration::MinSize(Down, length)),
        "max-width" => length().map(|length| Declaration::MaxSize(Across, length)),
        "max-height" => length().map(|length| Declaration::MaxSize(Down, length)),
        "overflow" => {
            into.push(Declaration::Overflow(Across, overflow(first)));
            Some(Declaration::Overflow(Down, overflow(value.get(1).unwrap_or(first))))
        }
        "overflow-x" => Some(Declaration::Overflow(Across, overflow(first))),
        "overflow-y" => Some(Declaration::Overflow(Down, overflow(first))),
        "clip" => Some(Declaration::Clip(is_empty_rectangle(first))),
        "clip-path" | "-webkit-clip-path" => Some(Declaration::ClipPath(is_empty_shape(first))),
        "transform" | "-webkit-transform" => Some(Declaration::Transform(transform(value))),
        "translate" => Some(Declaration::Transform(Transform { shift: shift(value), collapses: false })),
        "scale" => {
            let collapses = value.iter().any(|part| part.share() == Some(0.0));
            Some(Declaration::Transform(Transform { shift: (0.0, 0.0), collapses }))
        }
        "z-index" => Some(Declaration::ZIndex(first.share().map(|level| level as i32))),
        "content-visibility" => Some(Declaration::Skipped(first.is_word("hidden"))),
        "top" => length().map(|length| Declaration::Inset(Side::Top, length)),
        "right" => length().map(|length| Declaration::Inset(Side::Right, length)),
        "bottom" => length().map(|length| Declaration::Inset(Side::Bottom, length)),
        "left" => length().map(|length| Declaration::Inset(Side::Left, length)),
        "inset" => return around(value, Declaration::Inset, into),
        "margin" => return around(value, Declaration::Margin, into),
        "padding" => return around(value, Declaration::Padding, into),
        "margin-top" => length().map(|length| Declaration::Margin(Side::Top, length)),
        "margin-left" => length().map(|length| Declaration::Margin(Side::Left, length)),
        "padding-top" => length().map(|length| Declaration::Padding(Side::Top, length)),
        "padding-bottom" => length().map(|length| Declaration::Padding(Side::Bottom, length)),
        "padding-left" => length().map(|length| Declaration::Padding(Side::Left, length)),
        "padding-right" => length().map(|length| Declaration::Padding(Side::Right, length)),
        _ => None,
    };
    into.extend(declaration);
}

/// One to four values for the four sides.
fn around(value: &[Part], declaration: fn(Side, Length) -> Declaration, into: &mut Vec<Declaration>) {
    let lengths: Option<Vec<Length>> = value.iter().map(Part::length).collect();
    let Some(lengths) = lengths else { return };
    for (index, side) in SIDES.into_iter().enumerate() {
        // top, right, bottom, left; what is not said is taken from the opposite side.
        let from = match (lengths.len(), index) {
            (1, _) => 0,
            (2, _) => index % 2,
            (3, 3) => 1,
            _ => index,
        };
        into.extend(lengths.get(from).map(|length| declaration(side, *length)));
    }
}

fn display(part: &Part) -> Option<Declaration> {
    let Part::Word(word) = part else { return None };
    Some(Declaration::Display(match word.as_str() {
        "none" => Display::None,
        "inline" | "ruby" | "initial" | "unset" => Display::Inline,
        "contents" => Display::Contents,
        "inherit" | "revert" => return None,
        _ => Display::Box,
    }))
}

fn visibility(part: &Part) -> Option<Declaration> {
    let Part::Word(word) = part else { return None };
    Some(Declaration::Visible(match word.as_str() {
        "hidden" | "collapse" => Some(false),
        "visible" | "initial" => Some(true),
        "inherit" | "unset" => None,
        _ => return None,
    }))
}

/// How much `filter` lets through.
fn filter(value: &[Part]) -> f32 {
    let mut shown = 1.0;
    for part in value {
        // The old way of one browser, `alpha(opacity=0)`, does nothing in those of today.
        if let Part::Call(name, arguments) = part
            && name == "opacity"
        {
            shown *= arguments.first().and_then(Part::share).unwrap_or(1.0);
        }
    }
    shown
}

fn font_size(part: &Part, inherits: bool) -> Option<Declaration> {
    let size = match part {
        _ if inherits => None,
        Part::Word(word) => Some(named_size(word)?),
        // Of the font around it.
        Part::Length(Length::Percent(share)) => Some(Length::Em(*share)),
        part => Some(part.length()?),
    };
    Some(Declaration::FontSize(size))
}

fn named_size(word: &str) -> Option<Length> {
    Some(match word {
        "xx-small" => Length::Px(9.0),
        "x-small" => Length::Px(10.0),
        "small" => Length::Px(13.0),
        "medium" | "initial" => Length::Px(16.0),
        "large" => Length::Px(18.0),
        "x-large" => Length::Px(24.0),
        "xx-large" => Length::Px(32.0),
        "smaller" => Length::Em(0.83),
        "larger" => Length::Em(1.2),
        _ => return None,
    })
}

/// `font: 12px/1.5 宋体`: the size is the first length.
fn font(value: &[Part]) -> Option<Declaration> {
    let size = value.iter().find(|part| matches!(part, Part::Length(_) | Part::Number(0.0)))?;
    font_size(size, false)
}

fn ink(part: &Part, inherits: bool) -> Option<Option<Ink>> {
    match part {
        Part::Color(color) => Some(Some(Ink::Known(*color))),
        Part::Word(word) if inherits || word == "currentcolor" => Some(None),
        Part::Word(_) | Part::Call(..) => Some(Some(Ink::Unknown)),
        _ => None,
    }
}

fn ground(value: &[Part]) -> Ground {
    let is_picture = |part: &Part| matches!(part, Part::Call(..) | Part::Other);
    if value.iter().any(is_picture) {
        return Ground::Picture;
    }
    let color = value.iter().find_map(|part| match part {
        Part::Color(color) => Some(*color),
        _ => None,
    });
    Ground::Color(color.unwrap_or(Color::NONE))
}

fn position(part: &Part) -> Option<Declaration> {
    let Part::Word(word) = part else { return None };
    Some(Declaration::Position(match word.as_str() {
        "static" | "initial" | "unset" => Position::Static,
        "relative" | "sticky" | "-webkit-sticky" => Position::Relative,
        "absolute" => Position::Absolute,
        "fixed" => Position::Fixed,
        _ => return None,
    }))
}

fn overflow(part: &Part) -> Overflow {
    let is_clipped = ["hidden", "clip", "scroll", "auto"].iter().any(|word| part.is_word(word));
    if is_clipped { Overflow::Clipped } else { Overflow::Shown }
}

/// Whether `rect(top right bottom left)` leaves nothing worth seeing.
fn is_empty_rectangle(part: &Part) -> bool {
    let Part::Call(name, edges) = part else { return false };
    let px = |index: usize| edges.get(index).and_then(Part::length).and_then(|length| length.px(16.0, None));
    let is_thin =
        |low: Option<f32>, high: Option<f32>| low.zip(high).is_some_and(|(low, high)| high - low <= 1.0);
    name == "rect" && (is_thin(px(0), px(2)) || is_thin(px(3), px(1)))
}

fn is_empty_shape(part: &Part) -> bool {
    let Part::Call(name, arguments) = part else { return false };
    let lengths: Vec<Length> = arguments.iter().filter_map(Part::length).collect();
    let first = lengths.first();
    match name.as_str() {
        "inset" => {
            let share = |index: usize| match lengths.get(index) {
                Some(Length::Percent(share)) => *share,
                _ => 0.0,
            };
            match lengths.len() {
                0 => false,
                1 => share(0) >= 0.5,
                2 => share(0) >= 0.5 || share(1) >= 0.5,
                _ => share(0) + share(2) >= 1.0,
            }
        }
        "circle" | "ellipse" => {
            matches!(first, Some(Length::Px(size) | Length::Percent(size)) if *size <= 0.0)
        }
        // All corners in one place.
        "polygon" => {
            let mut corners = lengths.chunks(2);
            lengths.len() >= 4 && corners.next().is_some_and(|first| corners.all(|corner| corner == first))
        }
        _ => false,
    }
}

fn transform(value: &[Part]) -> Transform {
    let mut whole = Transform::default();
    for part in value {
        let Part::Call(name, arguments) = part else { continue };
        let number = |index: usize| arguments.get(index).and_then(Part::share);
        match name.as_str() {
            "translate" | "translate3d" => {
                let (right, down) = shift(arguments);
                whole.shift = (whole.shift.0 + right, whole.shift.1 + down);
            }
            "translatex" => whole.shift.0 += shift(arguments).0,
            "translatey" => whole.shift.1 += shift(arguments).0,
            "scale" | "scale3d" | "scalex" | "scaley" => {
                whole.collapses |= arguments.iter().take(2).any(|part| part.share() == Some(0.0));
            }
            "rotatex" | "rotatey" => {
                let degrees = number(0).unwrap_or(0.0).rem_euclid(180.0);
                whole.collapses |= (degrees - 90.0).abs() < 0.01;
            }
            "matrix" => {
                whole.collapses |= number(0) == Some(0.0) && number(1) == Some(0.0);
                whole.shift.0 += number(4).unwrap_or(0.0);
                whole.shift.1 += number(5).unwrap_or(0.0);
            }
            _ => {}
        }
    }
    whole
}

/// Right and down. A share of an unknown size counts for nothing.
fn shift(arguments: &[Part]) -> (f32, f32) {
    let px =
        |index: usize| arguments.get(index).and_then(Part::length).and_then(|length| length.px(16.0, None));
    (px(0).unwrap_or(0.0), px(1).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, expected: &[Declaration]) {
        let found: Vec<_> = of_attribute(css).into_iter().map(|declared| declared.declaration).collect();
        assert_eq!(found, expected, "{css}");
    }

    #[test]
    fn declarations() {
        use Declaration::*;
        check("display:none", &[Display(super::Display::None)]);
        check("DISPLAY : N\\6fNE", &[Display(super::Display::None)]);
        check("display:/*x*/none/**/;", &[Display(super::Display::None)]);
        check("colour:red;;;display:none !important", &[Display(super::Display::None)]);
        check("color:#fff0", &[Color(Some(Ink::Known(super::Color { rgb: [1.0; 3], alpha: 0.0 })))]);
        check("color:rgba(255, 255, 255, 1)", &[Color(Some(Ink::Known(super::Color::WHITE)))]);
        check("color:hsl(0 0% 100% / 100%)", &[Color(Some(Ink::Known(super::Color::WHITE)))]);
        check("color:var(--x)", &[Color(Some(Ink::Unknown))]);
        check("color:inherit", &[Color(None)]);
        check("background:#fff url(a.png)", &[Background(Ground::Picture)]);
        check(
            "margin:0 0 0 -9999px",
            &[
                Margin(Side::Top, Length::Px(0.0)),
                Margin(Side::Right, Length::Px(0.0)),
                Margin(Side::Bottom, Length::Px(0.0)),
                Margin(Side::Left, Length::Px(-9999.0)),
            ],
        );
        check("clip:rect(0 0 0 0)", &[Clip(true)]);
        check("clip:rect(1px,1px,1px,1px)", &[Clip(true)]);
        check("clip:rect(0,200px,100px,0)", &[Clip(false)]);
        check("clip-path:inset(50%)", &[ClipPath(true)]);
        check("clip-path:circle(0)", &[ClipPath(true)]);
        check("clip-path:polygon(0 0,0 0,0 0)", &[ClipPath(true)]);
        check("clip-path:polygon(0 0,100% 0,0 100%)", &[ClipPath(false)]);
        check("filter:opacity(0%)", &[Filter(0.0)]);
        check("width:10", &[]);
        check("opacity:.0", &[Opacity(0.0)]);
        check("font:0/0 a", &[FontSize(Some(Length::Px(0.0)))]);
    }

    #[test]
    fn transformations() {
        let check = |css: &str, shift: (f32, f32), collapses: bool| {
            let transform = Declaration::Transform(Transform { shift, collapses });
            assert_eq!(of_attribute(css)[0].declaration, transform, "{css}");
        };
        check("transform:translate(-9999px,10px)", (-9999.0, 10.0), false);
        check("transform:translateX(-50%)", (0.0, 0.0), false);
        check("transform:scale(0)", (0.0, 0.0), true);
        check("transform:rotateX(90deg)", (0.0, 0.0), true);
        check("transform:rotateX(180deg) scale(.5)", (0.0, 0.0), false);
    }
}
