//! What a visitor sees of a page, and by what the rest is hidden.
//!
//! A small cascade over the properties that can hide something: inline styles, `style` elements, the site's own style
//! sheets, attributes of old. There is no layout: sizes and places count where they are told in numbers. Whatever is
//! unknown counts as visible. Nothing is worked out but what is asked for, and nothing twice, so that a page costs
//! what is asked of it.

mod declaration;
mod leaves;
mod names;
mod selector;
mod sheet;
mod sheets;
mod style;
mod value;
mod veils;
mod verdict;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ego_tree::NodeId;
use scraper::Html;
use serde::Deserialize;

use super::dom::{Element, Node, attribute};
use cssparser::Parser;
use declaration::{Declaration, Display};
use selector::Selector;
use sheet::Sheet;
use style::Style;
use value::Color;
use veils::Veil;

use crate::address::Address;

pub use sheets::Sheets;
pub(crate) use sheets::Wanted;

/// Elements that selectors may be held against, for one page: some hundred milliseconds at worst.
const STEPS: u32 = 4_000_000;

/// Where sight begins. The figures are in `rules/hosts.toml`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Boxes up to so many pixels show nothing.
    pub box_px: f32,
    /// Text up to this size cannot be read.
    pub font_px: f32,
    /// So far beyond the upper or left edge nobody looks.
    pub offscreen_px: f32,
    /// So far beyond the first line's beginning nobody looks.
    pub indent_px: f32,
    /// So far down nobody scrolls.
    pub pushed_px: f32,
    /// So little of a colour cannot be seen.
    pub opacity: f32,
    /// A contrast below this cannot be seen.
    pub contrast: f32,
    /// A marquee up to this size shows nothing.
    pub marquee_px: f32,
}

/// By what something is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hiding {
    /// `display: none`.
    Display,
    /// `visibility: hidden`.
    Visibility,
    /// A box of no size that shows nothing beyond its edges.
    ZeroBox,
    /// Beyond the edges of the window.
    Offscreen,
    /// `text-indent`.
    Indent,
    /// `clip`, `clip-path`.
    Clip,
    /// `opacity`.
    Opacity,
    /// Text too small to be read.
    Tiny,
    /// Text in the colour of what is behind it.
    SameColour,
    /// Behind something opaque.
    Covered,
    /// A marquee too small or too fast.
    Marquee,
    /// Far below the end of the page.
    PushedAway,
    /// `hidden`, closed `details` and `dialog`.
    Semantic,
    /// `scale(0)`, `rotateX(90deg)`, `content-visibility: hidden`.
    Collapsed,
    /// A link with nothing in it that could be seen.
    Empty,
    /// By a script, or taken out by one.
    Scripted,
}

/// How much being hidden says. Menus and tabs hide things as well, but never by a size of one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Usual in menus, tabs and dialogues.
    Soft,
    /// No visitor ever needs it.
    Hard,
}

/// What hides an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// By what.
    pub by: Hiding,
    /// The element that does it: itself, or one around it.
    pub at: NodeId,
    /// How much that says.
    pub strength: Strength,
}

/// The sight of one page.
pub struct Sight<'a> {
    dom: &'a Html,
    sheets: Vec<Arc<Sheet>>,
    /// What the scripts in the page hide.
    scripted: Vec<Selector>,
    /// What those hide that it loads.
    veils: Vec<Arc<Veil>>,
    /// Whether rules are unknown: a sheet is missing or was cut.
    has_gaps: bool,
    thresholds: &'a Thresholds,
    link_color: Color,
    steps: Cell<u32>,
    styles: RefCell<HashMap<NodeId, Rc<Style>>>,
}

impl<'a> Sight<'a> {
    /// Looks at a page with the style sheets that it asks for.
    pub(crate) fn new(
        dom: &'a Html,
        wanted: Wanted,
        hidden_by_script: &[String],
        thresholds: &'a Thresholds,
    ) -> Sight<'a> {
        let scripted =
            hidden_by_script.iter().flat_map(|selector| selector::list(&mut Parser::new(selector)));
        Sight {
            dom,
            scripted: scripted.collect(),
            link_color: link_color(dom),
            sheets: wanted.sheets,
            veils: wanted.veils,
            has_gaps: wanted.has_gaps,
            thresholds,
            steps: Cell::new(STEPS),
            styles: RefCell::default(),
        }
    }

    /// What hides an element from a visitor; `None` where it, or a part of it, can be seen. An element without anything
    /// to see is hidden by being [`Hiding::Empty`].
    pub fn hidden(&self, node: NodeId) -> Option<Hidden> {
        let node = self.dom.tree.get(node)?;
        let leaves = leaves::of(node);
        let mut first = None;
        for leaf in &leaves {
            let hidden = verdict::of(self, leaf)?;
            first = first.or(Some(hidden));
        }
        let empty = || Hidden { by: Hiding::Empty, at: node.id(), strength: Strength::Hard };
        Some(first.unwrap_or_else(|| self.hidden_box(node).unwrap_or_else(empty)))
    }

    /// What hides the box of an element, whatever is in it: of frames and pictures.
    pub fn hidden_box(&self, node: Node<'_>) -> Option<Hidden> {
        verdict::of(self, &leaves::Leaf::Picture(node))
    }

    /// The script that hides something from a file of its own; `None` where something else does.
    pub fn veiled_by(&self, hidden: Hidden) -> Option<&Address> {
        let node = self.dom.tree.get(hidden.at).filter(|_| hidden.by == Hiding::Scripted)?;
        self.veils.iter().find(|veil| veil.covers(node, &self.steps)).map(|veil| veil.script())
    }

    /// The style of an element.
    fn style(&self, node: Node<'_>) -> Rc<Style> {
        // From the outermost element that is not known yet inwards: pages may nest hundreds deep.
        let mut unknown = Vec::new();
        let mut style = None;
        for node in std::iter::once(node).chain(node.ancestors()).filter(|node| node.value().is_element()) {
            style = self.styles.borrow().get(&node.id()).cloned();
            if style.is_some() {
                break;
            }
            unknown.push(node);
        }
        let mut style = style.unwrap_or_else(|| Rc::new(Style::root()));
        for node in unknown.into_iter().rev() {
            style = Rc::new(self.compute(node, &style));
            self.styles.borrow_mut().insert(node.id(), style.clone());
        }
        style
    }

    fn compute(&self, node: Node<'_>, parent: &Style) -> Style {
        let Some(element) = node.value().as_element() else { return parent.clone() };
        let mut style = parent.of_child(element, self.link_color);
        let mut declared: Vec<(Rank, &Declaration)> = Vec::new();
        // Without steps left nothing would match: what sheets say is unknown, and unknown is visible.
        let sheets = if self.steps.get() > 0 { self.sheets.as_slice() } else { &[] };
        for (order, sheet) in sheets.iter().enumerate() {
            let classes = names::classes(element);
            for candidate in sheet.candidates(attribute(element, "id"), classes, element.name()) {
                let may_match = candidate.selector.may_match(parent.names);
                if !may_match || !candidate.selector.matches(node, &self.steps) {
                    continue;
                }
                if candidate.selector.is_dynamic {
                    style.is_revealed |= candidate.declarations.iter().any(|one| reveals(&one.declaration));
                    continue;
                }
                for one in candidate.declarations {
                    let rank = Rank {
                        is_important: one.is_important,
                        is_inline: false,
                        specificity: candidate.selector.specificity,
                        order: (order, candidate.number),
                    };
                    declared.push((rank, &one.declaration));
                }
            }
        }
        let inline = inline(element);
        for one in &inline {
            let rank =
                Rank { is_important: one.is_important, is_inline: true, specificity: 0, order: (0, 0) };
            declared.push((rank, &one.declaration));
        }
        // Equal ranks keep the order in which they were written.
        declared.sort_by_key(|(rank, _)| *rank);
        for (_, declaration) in declared {
            style.apply(declaration, parent);
        }
        style.is_scripted_away = self.scripted.iter().any(|selector| selector.matches(node, &self.steps))
            || self.veils.iter().any(|veil| veil.covers(node, &self.steps));
        style.settle();
        style
    }
}

/// What goes before what in the cascade; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_important: bool,
    is_inline: bool,
    specificity: u32,
    /// Sheet, and rule in it.
    order: (usize, u32),
}

fn inline(element: &Element) -> Vec<declaration::Declared> {
    attribute(element, "style").map(declaration::of_attribute).unwrap_or_default()
}

/// Whether a declaration can bring something to light.
fn reveals(declaration: &Declaration) -> bool {
    match declaration {
        Declaration::Display(display) => *display != Display::None,
        Declaration::Visible(is_visible) => *is_visible != Some(false),
        Declaration::Opacity(opacity) => *opacity > 0.0,
        Declaration::Inset(..)
        | Declaration::Size(..)
        | Declaration::MaxSize(..)
        | Declaration::Transform(_) => true,
        _ => false,
    }
}

/// The colour that `<body link>` gives links.
fn link_color(dom: &Html) -> Color {
    let root = dom.tree.root();
    let html = root.children().find(|node| node.value().is_element());
    let body = html.into_iter().flat_map(|html| html.children()).filter_map(|node| node.value().as_element());
    body.filter(|element| element.name() == "body")
        .find_map(|body| Color::of_attribute(attribute(body, "link")?))
        .unwrap_or(Color::LINK)
}

#[cfg(test)]
mod tests;
