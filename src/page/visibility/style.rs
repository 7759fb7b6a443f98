//! The style of an element, as far as it decides on sight: what browsers do by themselves, what attributes of old say,
//! then declarations in the order of the cascade.

use super::declaration::{Axis, Declaration, Display, Ground, Ink, Overflow, Position, Side, Transform};
use super::names::Names;
use super::value::{Color, Length, WINDOW};
use crate::page::dom::{Element, Flow, attribute, flow};

/// The size of text where nobody says anything.
const FONT: f32 = 16.0;

/// The style of an element.
#[derive(Debug, Clone)]
pub(super) struct Style {
    // -- inherited
    pub(super) is_visible: bool,
    pub(super) font: f32,
    /// `None`: unknown.
    pub(super) color: Option<Color>,
    /// Of the first line, in pixels.
    pub(super) indent: f32,
    // -- its own
    pub(super) display: Display,
    /// How much shines through, filters included.
    pub(super) opacity: f32,
    filter: f32,
    pub(super) ground: Ground,
    pub(super) position: Position,
    inset: [Length; 4],
    margin: [Length; 4],
    pub(super) padding: [Length; 4],
    size: [Length; 2],
    min_size: [Length; 2],
    max_size: [Length; 2],
    overflow: [Overflow; 2],
    clip: bool,
    clip_path: bool,
    pub(super) transform: Transform,
    pub(super) level: Option<i32>,
    pub(super) is_skipped: bool,
    /// Whether a script hides it or takes it out.
    pub(super) is_scripted_away: bool,
    // -- of the way from the root
    /// What it and the elements around it are called.
    pub(super) names: Names,
    /// What is behind its text; `None`: unknown.
    pub(super) backdrop: Option<Color>,
    /// Whether pointing at something brings it to light.
    pub(super) is_revealed: bool,
}

impl Style {
    /// That of the page itself.
    pub(super) fn root() -> Style {
        Style {
            is_visible: true,
            font: FONT,
            color: Some(Color::BLACK),
            indent: 0.0,
            display: Display::Box,
            opacity: 1.0,
            filter: 1.0,
            ground: Ground::Color(Color::NONE),
            position: Position::Static,
            inset: [Length::Unknown; 4],
            margin: [Length::Unknown; 4],
            padding: [Length::Unknown; 4],
            size: [Length::Unknown; 2],
            min_size: [Length::Unknown; 2],
            max_size: [Length::Unknown; 2],
            overflow: [Overflow::Shown; 2],
            clip: false,
            clip_path: false,
            transform: Transform::default(),
            level: None,
            is_skipped: false,
            is_scripted_away: false,
            names: Names::default(),
            backdrop: Some(Color::WHITE),
            is_revealed: false,
        }
    }

    /// That of an element inside of this one, before any declaration.
    pub(super) fn of_child(&self, element: &Element, link_color: Color) -> Style {
        let mut style = Style {
            is_visible: self.is_visible,
            font: self.font,
            color: self.color,
            indent: self.indent,
            names: self.names.with(Names::of(element)),
            backdrop: self.backdrop,
            ..Style::root()
        };
        style.display = by_default(element);
        style.old_attributes(element);
        if matches!(element.name(), "a" | "area") && attribute(element, "href").is_some() {
            style.color = Some(link_color);
        }
        style
    }

    /// What attributes said before there were style sheets; any declaration is stronger.
    fn old_attributes(&mut self, element: &Element) {
        let name = element.name();
        let takes_size = matches!(
            name,
            "img"
                | "iframe"
                | "frame"
                | "embed"
                | "object"
                | "table"
                | "td"
                | "th"
                | "tr"
                | "marquee"
                | "canvas"
                | "video"
                | "hr"
        );
        for (key, value) in element.attrs() {
            match (name, key) {
                ("font", "size") => self.font = font_of_old(value).unwrap_or(self.font),
                ("font", "color") | ("body", "text") => {
                    self.color = Color::of_attribute(value).or(self.color);
                }
                ("body" | "table" | "tr" | "td" | "th" | "marquee", "bgcolor") => {
                    self.ground = Color::of_attribute(value).map_or(self.ground, Ground::Color);
                }
                ("body" | "table" | "td" | "th", "background") => self.ground = Ground::Picture,
                (_, "width") if takes_size => self.size[0] = pixels(value),
                (_, "height") if takes_size => self.size[1] = pixels(value),
                _ => {}
            }
        }
    }

    /// Lays a declaration over what was said before it.
    pub(super) fn apply(&mut self, declaration: &Declaration, parent: &Style) {
        match *declaration {
            Declaration::Display(display) => self.display = display,
            Declaration::Visible(is_visible) => self.is_visible = is_visible.unwrap_or(parent.is_visible),
            Declaration::Opacity(opacity) => self.opacity = opacity,
            Declaration::Filter(filter) => self.filter = filter,
            Declaration::FontSize(size) => {
                let size = size.map_or(Some(parent.font), |size| size.px(parent.font, Some(parent.font)));
                self.font = size.unwrap_or(parent.font);
            }
            Declaration::Color(None) => self.color = parent.color,
            Declaration::Color(Some(Ink::Known(color))) => self.color = Some(color),
            Declaration::Color(Some(Ink::Unknown)) => self.color = None,
            Declaration::Background(ground) => self.ground = ground,
            Declaration::Position(position) => self.position = position,
            Declaration::Inset(side, length) => self.inset[side as usize] = length,
            Declaration::Margin(side, length) => self.margin[side as usize] = length,
            Declaration::Padding(side, length) => self.padding[side as usize] = length,
            Declaration::TextIndent(indent) => {
                let indent =
                    indent.map_or(Some(parent.indent), |indent| indent.px(self.font, Some(WINDOW.0)));
                self.indent = indent.unwrap_or(0.0);
            }
            Declaration::Size(axis, length) => self.size[axis as usize] = length,
            Declaration::MinSize(axis, length) => self.min_size[axis as usize] = length,
            Declaration::MaxSize(axis, length) => self.max_size[axis as usize] = length,
            Declaration::Overflow(axis, overflow) => self.overflow[axis as usize] = overflow,
            Declaration::Clip(is_empty) => self.clip = is_empty,
            Declaration::ClipPath(is_empty) => self.clip_path = is_empty,
            Declaration::Transform(transform) => self.transform = transform,
            Declaration::ZIndex(level) => self.level = level,
            Declaration::Skipped(is_skipped) => self.is_skipped = is_skipped,
        }
    }

    /// Works out what takes all declarations together.
    pub(super) fn settle(&mut self) {
        self.opacity *= self.filter;
        if self.is_out_of_flow() && self.display == Display::Inline {
            self.display = Display::Box;
        }
        // Laid over something else, nobody knows over what.
        if self.is_out_of_flow() {
            self.backdrop = None;
        }
        self.backdrop = match self.ground {
            Ground::Picture => None,
            Ground::Color(color) if color.alpha >= 1.0 => Some(color),
            Ground::Color(color) => self.backdrop.map(|below| color.over(below)),
        };
    }

    pub(super) fn is_out_of_flow(&self) -> bool {
        matches!(self.position, Position::Absolute | Position::Fixed)
    }

    /// Whether it is what absolutely placed elements inside are placed by.
    pub(super) fn holds_placed(&self) -> bool {
        self.position != Position::Static || self.transform != Transform::default()
    }

    /// Whether clipping leaves nothing of it.
    pub(super) fn is_clipped_away(&self) -> bool {
        self.clip_path || (self.clip && self.is_out_of_flow())
    }

    /// How far it is moved to the right and down by what it says itself, in pixels.
    pub(super) fn shift(&self) -> (f32, f32) {
        let px = |length: Length, whole: f32| length.px(self.font, Some(whole));
        let (mut right, mut down) = self.transform.shift;
        if self.position != Position::Static {
            let side = |side: Side, whole: f32| px(self.inset[side as usize], whole);
            // Only a distance beyond the opposite edge counts from there.
            let far = |side: f32| (side < 0.0).then_some(side);
            right += side(Side::Left, WINDOW.0)
                .or_else(|| side(Side::Right, WINDOW.0).and_then(far))
                .unwrap_or(0.0);
            down += side(Side::Top, WINDOW.1)
                .or_else(|| side(Side::Bottom, WINDOW.1).and_then(far))
                .unwrap_or(0.0);
        }
        if self.display != Display::Inline {
            down += px(self.margin[Side::Top as usize], WINDOW.0).unwrap_or(0.0);
        }
        (right + px(self.margin[Side::Left as usize], WINDOW.0).unwrap_or(0.0), down)
    }

    /// How far its content is pushed down, in pixels.
    pub(super) fn pushed_down(&self) -> f32 {
        let px = |length: Length| length.px(self.font, Some(WINDOW.0)).unwrap_or(0.0);
        px(self.margin[Side::Top as usize]).max(0.0) + px(self.padding[Side::Top as usize]).max(0.0)
    }

    /// Whether it is a box no larger than `least` pixels in one direction that shows nothing beyond its edges.
    pub(super) fn is_closed_box(&self, least: f32) -> bool {
        [Axis::Across, Axis::Down].into_iter().any(|axis| {
            let is_clipped = self.overflow[axis as usize] == Overflow::Clipped
                // One direction that is clipped makes the other scroll.
                || self.overflow.contains(&Overflow::Clipped);
            is_clipped && self.extent(axis).is_some_and(|extent| extent <= least)
        })
    }

    /// Its size, where it is told in pixels or is nothing at all; paddings are part of what is seen.
    pub(super) fn extent(&self, axis: Axis) -> Option<f32> {
        if matches!(self.display, Display::Inline | Display::Contents) {
            return None;
        }
        let at = axis as usize;
        let px = |length: Length| match length {
            // A share of nothing known is known only where it is none.
            Length::Percent(share) => (share == 0.0).then_some(0.0),
            length => length.px(self.font, None),
        };
        let (size, most) = (px(self.size[at]), px(self.max_size[at]));
        let size = match (size, most) {
            (Some(size), Some(most)) => size.min(most),
            (size, most) => size.or(most)?,
        };
        let sides = match axis {
            Axis::Across => [Side::Left, Side::Right],
            Axis::Down => [Side::Top, Side::Bottom],
        };
        let padding: f32 = sides.iter().filter_map(|side| px(self.padding[*side as usize])).sum();
        Some(size.max(px(self.min_size[at]).unwrap_or(0.0)) + padding)
    }
}

/// How an element is shown where no style sheet says anything.
fn by_default(element: &Element) -> Display {
    let is_hidden = attribute(element, "hidden").is_some()
        || (element.name() == "dialog" && attribute(element, "open").is_none())
        || (element.name() == "input" && is_hidden_input(element));
    if is_hidden
        || matches!(element.name(), "head" | "script" | "style" | "template" | "noscript" | "datalist")
    {
        return Display::None;
    }
    match (element.name(), flow(element)) {
        ("img" | "iframe" | "embed" | "object" | "video" | "canvas" | "input" | "svg", _) => Display::Box,
        (_, Flow::Block) => Display::Box,
        _ => Display::Inline,
    }
}

fn is_hidden_input(element: &Element) -> bool {
    attribute(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
}

/// `<font size>`: 1 to 7, or so much more or less than 3.
fn font_of_old(value: &str) -> Option<f32> {
    const SIZES: [f32; 7] = [10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0];
    let number: i32 = value.trim().parse().ok()?;
    let step = if value.trim().starts_with(['+', '-']) { 3 + number } else { number };
    SIZES.get(usize::try_from(step.clamp(1, 7) - 1).ok()?).copied()
}

/// The number of pixels at the start of an attribute.
pub(super) fn pixels(value: &str) -> Length {
    let value = value.trim();
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    match value[..digits].parse::<f32>() {
        Ok(_) if value[digits..].starts_with('%') => Length::Unknown,
        Ok(number) => Length::Px(number),
        Err(_) => Length::Unknown,
    }
}
