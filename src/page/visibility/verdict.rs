//! From the styles on the way to the root to what hides a leaf.

use super::declaration::{Axis, Display, Ground, Position};
use super::leaves::Leaf;
use super::style::{Style, pixels};
use super::value::{Length, WINDOW};
use super::{Hidden, Hiding, Sight, Strength};
use crate::page::dom::{Node, attribute};

/// `scrollamount` of a marquee from which on nobody can read it.
const TOO_FAST: f32 = 1_000.0;
/// Line breaks in a row that push what follows out of sight.
const BREAKS: usize = 100;

/// What hides a leaf: the outermost of what says most.
pub(super) fn of(sight: &Sight<'_>, leaf: &Leaf<'_>) -> Option<Hidden> {
    let innermost = sight.style(leaf.element());
    let mut found = of_text(sight, leaf, &innermost);
    let mut note = |by: Hiding, at: Node<'_>, strength: Strength| {
        // Later ones are further out.
        if found.is_none_or(|hidden| strength >= hidden.strength) {
            found = Some(Hidden { by, at: at.id(), strength });
        }
    };

    let mut way = Way::default();
    let mut inner: Option<Node<'_>> = None;
    let node = leaf.element();
    for node in std::iter::once(node).chain(node.ancestors()).filter(|node| node.value().is_element()) {
        let style = sight.style(node);
        way.enter(node, &style);
        let softened = |strength| if style.is_revealed { Strength::Soft } else { strength };
        for (by, strength) in of_box(sight, node, &style, &way) {
            note(by, node, softened(strength));
        }
        if is_folded(node, inner) {
            note(Hiding::Semantic, node, Strength::Soft);
        }
        way.leave(&style);
        inner = Some(node);
    }
    if let Some((at, is_slide)) = way.beyond(sight.thresholds.offscreen_px) {
        let is_usual = is_slide || sight.style(at).is_revealed;
        let strength = if is_usual { Strength::Soft } else { Strength::Hard };
        note(Hiding::Offscreen, at, strength);
    }
    found
}

/// What hides text by itself.
fn of_text(sight: &Sight<'_>, leaf: &Leaf<'_>, style: &Style) -> Option<Hidden> {
    let thresholds = sight.thresholds;
    let at = leaf.element().id();
    let hidden = |by, strength| Some(Hidden { by, at, strength });
    if !style.is_visible {
        return hidden(Hiding::Visibility, Strength::Soft);
    }
    if style.indent <= -thresholds.indent_px {
        return hidden(Hiding::Indent, Strength::Hard);
    }
    if !matches!(leaf, Leaf::Text(_)) {
        return None;
    }
    if style.font <= thresholds.font_px {
        return hidden(Hiding::Tiny, Strength::Hard);
    }
    let color = style.color?;
    if color.alpha <= thresholds.opacity {
        return hidden(Hiding::SameColour, Strength::Hard);
    }
    // What is behind text may be said in a sheet that is missing.
    let backdrop = style.backdrop.filter(|_| !sight.has_gaps)?;
    let seen = color.over(backdrop);
    // Contrast alone calls dark red on black the same.
    let is_same = seen.contrast(backdrop) < thresholds.contrast && seen.distance(backdrop) < 0.1;
    if is_same { hidden(Hiding::SameColour, Strength::Hard) } else { None }
}

/// What hides everything inside of an element.
fn of_box(sight: &Sight<'_>, node: Node<'_>, style: &Style, way: &Way<'_>) -> Vec<(Hiding, Strength)> {
    let thresholds = sight.thresholds;
    let mut found = Vec::new();
    let Some(element) = node.value().as_element() else { return found };
    if style.display == Display::None {
        let is_meant = attribute(element, "hidden").is_some() || element.name() == "dialog";
        found.push((if is_meant { Hiding::Semantic } else { Hiding::Display }, Strength::Soft));
    }
    if style.is_scripted_away {
        found.push((Hiding::Scripted, Strength::Soft));
    }
    if style.opacity <= thresholds.opacity {
        found.push((Hiding::Opacity, Strength::Hard));
    }
    if style.transform.collapses || style.is_skipped {
        found.push((Hiding::Collapsed, Strength::Hard));
    }
    if style.is_clipped_away() {
        found.push((Hiding::Clip, Strength::Hard));
    }
    let is_closed = style.is_closed_box(thresholds.box_px) && !way.escapes;
    if is_closed || is_dot(node, style, thresholds.box_px) {
        found.push((Hiding::ZeroBox, Strength::Hard));
    }
    if element.name() == "marquee" {
        let number = |name: &str| match attribute(element, name).map(pixels) {
            Some(Length::Px(px)) => Some(px),
            _ => None,
        };
        let is_small = [Axis::Across, Axis::Down]
            .into_iter()
            .filter_map(|axis| style.extent(axis))
            .any(|extent| extent <= thresholds.marquee_px);
        if is_small || number("scrollamount").is_some_and(|amount| amount >= TOO_FAST) {
            found.push((Hiding::Marquee, Strength::Hard));
        }
    }
    if style.pushed_down() >= thresholds.pushed_px || follows_breaks(node) {
        found.push((Hiding::PushedAway, Strength::Soft));
    }
    if style.level.is_some_and(|level| level < 0)
        && style.position != Position::Static
        && is_covered(sight, node)
    {
        found.push((Hiding::Covered, Strength::Hard));
    }
    found
}

/// Whether a picture or frame is a dot: it shows nothing beyond its edges, whatever its overflow.
fn is_dot(node: Node<'_>, style: &Style, least: f32) -> bool {
    let name = node.value().as_element().map_or("", |element| element.name());
    matches!(name, "img" | "iframe" | "embed" | "object" | "video" | "canvas" | "svg")
        && [Axis::Across, Axis::Down]
            .into_iter()
            .filter_map(|axis| style.extent(axis))
            .any(|extent| extent <= least)
}

/// Whether a node is a closed `details` that shows nothing but its summary, which `inner` is not.
fn is_folded(node: Node<'_>, inner: Option<Node<'_>>) -> bool {
    let is =
        |node: Node<'_>, name: &str| node.value().as_element().is_some_and(|element| element.name() == name);
    let is_closed = node.value().as_element().is_some_and(|element| attribute(element, "open").is_none());
    is(node, "details") && is_closed && !inner.is_some_and(|inner| is(inner, "summary"))
}

/// Whether so many line breaks stand in front of a node that nobody scrolls that far.
fn follows_breaks(node: Node<'_>) -> bool {
    let mut breaks = 0;
    for before in node.prev_siblings() {
        match before.value() {
            scraper::Node::Element(element) if element.name() == "br" => breaks += 1,
            scraper::Node::Text(text) if text.trim().is_empty() => {}
            _ => break,
        }
        if breaks >= BREAKS {
            return true;
        }
    }
    false
}

/// Whether an element below everything else lies behind something opaque around it. The backgrounds of `body` and
/// `html` are those of the window, behind everything.
fn is_covered(sight: &Sight<'_>, node: Node<'_>) -> bool {
    for around in node.ancestors() {
        let Some(element) = around.value().as_element() else { break };
        if matches!(element.name(), "body" | "html") {
            break;
        }
        let style = sight.style(around);
        // It begins a stack of its own, the bottom of which is its background.
        if style.opacity < 1.0 || style.transform != Default::default() || style.level.is_some() {
            return false;
        }
        if matches!(style.ground, Ground::Color(color) if color.alpha >= 1.0) {
            return true;
        }
    }
    false
}

/// What adds up on the way from a leaf to the root.
#[derive(Default)]
struct Way<'a> {
    shift: (f32, f32),
    /// The element that moves furthest, to the left and upwards.
    furthest: [Option<(Node<'a>, f32)>; 2],
    /// Whether what is inside is placed by something further out, so that the edges here do not cut it.
    escapes: bool,
    /// Whether it is placed by the window, so that nothing further out matters to its place.
    is_fixed: bool,
}

impl<'a> Way<'a> {
    /// Comes to the next element further out.
    fn enter(&mut self, node: Node<'a>, style: &Style) {
        if style.holds_placed() && !self.is_fixed {
            self.escapes = false;
        }
        if self.is_fixed {
            return;
        }
        let (right, down) = style.shift();
        self.shift = (self.shift.0 + right, self.shift.1 + down);
        for (index, moved) in [right, down].into_iter().enumerate() {
            if self.furthest[index].is_none_or(|(_, most)| moved < most) {
                self.furthest[index] = Some((node, moved));
            }
        }
    }

    /// Leaves it behind: what it says of its place matters to those further out, while its own edges still cut.
    fn leave(&mut self, style: &Style) {
        self.escapes |= style.is_out_of_flow();
        self.is_fixed |= style.position == Position::Fixed;
    }

    /// The element that moves the leaf out of sight, if any does, and whether it is just one window aside, as slides
    /// are.
    fn beyond(&self, far: f32) -> Option<(Node<'a>, bool)> {
        let moved = [self.shift.0, self.shift.1];
        let at = moved.iter().position(|moved| *moved <= -far)?;
        let (node, most) = self.furthest[at]?;
        Some((node, most == -[WINDOW.0, WINDOW.1][at]))
    }
}
