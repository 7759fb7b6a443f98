//! Links of a page to strangers, each with how it is kept from sight.

use std::cell::{Cell, OnceCell};

use crate::address::{Address, Relation};
use crate::checks::Context;
use crate::checks::stranger::{Stranger, Targets};
use crate::facts::LinkKind;
use crate::finding::Place;
use crate::page::{Acted, Borders, Carrier, Hidden, Hiding, NodeId, Page, Position, Sight};

/// Links to strangers that are looked at on one page.
const SUSPECTS: usize = 1_000;
/// Of those, so many are looked up in the source, which takes a walk through all of it.
const PLACES: u32 = 64;

/// A link to a stranger.
pub(super) struct Suspect {
    pub(super) target: Stranger,
    /// What it shows, or would show.
    pub(super) text: String,
    /// What it says in attributes besides.
    pub(super) aside: String,
    pub(super) part: Part,
    pub(super) sight: Kept,
    /// The script in a file that keeps it from sight, where one does.
    pub(super) veiled_by: Option<Address>,
    at: At,
}

/// What a link is to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// Something to click on.
    Anchor,
    /// A page, film or program inside of this one.
    Frame,
    /// What all relative links of the page are read against.
    Base,
    /// Where the visitor is sent by itself.
    Refresh,
    /// What search engines are told: `canonical`, `alternate`.
    Relation,
    /// Where what a visitor types is sent.
    Form,
    /// What browsers connect to before anybody asks for it: an early sign of more.
    Hint,
    /// The manifest of an app that visitors may install.
    Manifest,
}

/// How a link is kept from the eyes of visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It can be seen.
    Visible,
    Hidden(Hidden),
    /// It can be seen, and stands where no link belongs.
    Displaced(Position),
    Concealed(Carrier),
    /// No visitor sees the headers of an answer.
    Announced,
}

enum At {
    Node(NodeId),
    Offset(usize),
    Header,
}

/// What all suspects of a page are looked at with; made only for pages that have any.
struct Look<'a> {
    page: &'a Page,
    sight: Sight<'a>,
    borders: Borders,
    /// Look-ups in the source that are left.
    places: Cell<u32>,
}

/// The links of a page to strangers.
pub(super) fn suspects(acted: &Acted<'_>, context: &Context<'_>) -> Vec<Suspect> {
    let page = acted.page();
    let targets = Targets::new(page, context);
    let look = OnceCell::new();
    let look = || look.get_or_init(|| Look::at(acted, context));
    let mut suspects = Vec::new();
    for link in &page.links {
        let is_wanted =
            !matches!(link.kind, LinkKind::Image | LinkKind::Style | LinkKind::Script | LinkKind::Pagination);
        let stranger = is_wanted.then(|| targets.stranger(&link.raw)).flatten();
        if let Some((target, part)) = stranger.zip(part(page, link.node, link.kind)) {
            let sight = look().kept(link.node, part);
            let veiled_by = look().veiled_by(sight);
            let (text, aside) = (link.text.clone(), page.said_aside(link.node));
            suspects.push(Suspect { target, text, aside, part, sight, veiled_by, at: At::Node(link.node) });
        }
        if suspects.len() >= SUSPECTS {
            break;
        }
    }
    for link in page.concealed(&|host| targets.may_be_strange(host)) {
        if let Some(target) = targets.stranger(&link.raw) {
            let at = At::Offset(link.offset);
            let unseen = Suspect::alone(target, Part::Anchor, Kept::Concealed(link.carrier), at);
            suspects.push(Suspect { text: link.text, ..unseen });
        }
    }
    for (node, raw) in page.hints() {
        if let Some(target) = targets.stranger(raw) {
            suspects.push(Suspect::alone(target, Part::Hint, Kept::Visible, At::Node(node)));
        }
    }
    if let Some(target) = targets.stranger(page.base.as_str()) {
        suspects.push(Suspect::alone(target, Part::Base, Kept::Visible, At::Offset(0)));
    }
    let announced = page.announced_refresh().map(|raw| (raw, Part::Refresh));
    let relations = page.announced_relations().map(|raw| (raw, Part::Relation));
    for (raw, part) in announced.into_iter().chain(relations) {
        if let Some(target) = targets.stranger(raw) {
            suspects.push(Suspect::alone(target, part, Kept::Announced, At::Header));
        }
    }
    suspects
}

/// What a visitor sees of a page. Takes note where style sheets or scripts of the site are wanting.
pub(super) fn sight<'a>(acted: &'a Acted<'_>, context: &'a Context<'_>) -> Sight<'a> {
    let thresholds = &context.rules.hosts().dark_link.sight;
    let (sight, missing) = acted.page().sight(context.sheets, acted.hidden(), thresholds);
    let is_own = |address: &Address| context.site.scope.relation(address) == Relation::Own;
    context.is_provisional.set(missing.iter().any(is_own));
    sight
}

/// What a link is, by the element that holds it.
fn part(page: &Page, node: NodeId, kind: LinkKind) -> Option<Part> {
    Some(match (page.element(node)?, kind) {
        ("a" | "area" | "option", _) => Part::Anchor,
        ("meta", _) => Part::Refresh,
        ("iframe" | "frame" | "object" | "embed" | "param", _) => Part::Frame,
        ("form", _) => Part::Form,
        ("link", _) if page.is_said_to_engines(node) => Part::Relation,
        ("link", _) if page.is_manifest(node) => Part::Manifest,
        // What scripts and `noscript` hold is read elsewhere.
        ("script" | "noscript" | "link", _) => return None,
        (_, LinkKind::Speculative) => Part::Anchor,
        _ => return None,
    })
}

impl<'a> Look<'a> {
    fn at(acted: &'a Acted<'_>, context: &'a Context<'_>) -> Look<'a> {
        let page = acted.page();
        Look { page, sight: sight(acted, context), borders: page.borders(), places: Cell::new(PLACES) }
    }

    fn kept(&self, node: NodeId, part: Part) -> Kept {
        let hidden = match part {
            Part::Anchor if self.page.element(node) != Some("option") => self.sight.hidden(node),
            Part::Anchor | Part::Frame => {
                self.page.dom.tree.get(node).and_then(|node| self.sight.hidden_box(node))
            }
            // These are never seen, and hide nothing.
            Part::Base | Part::Refresh | Part::Relation | Part::Form | Part::Hint | Part::Manifest => {
                return Kept::Visible;
            }
        };
        if let Some(hidden) = hidden {
            return Kept::Hidden(hidden);
        }
        match self.position(node) {
            None | Some(Position::Body) => Kept::Visible,
            Some(position) => Kept::Displaced(position),
        }
    }

    fn veiled_by(&self, sight: Kept) -> Option<Address> {
        match sight {
            Kept::Hidden(hidden) => self.sight.veiled_by(hidden).cloned(),
            _ => None,
        }
    }

    fn position(&self, node: NodeId) -> Option<Position> {
        let left = self.places.get().checked_sub(1).filter(|_| self.borders.may_displace())?;
        self.places.set(left);
        let offset = self.page.place(node).offset?;
        Some(self.borders.position(offset as usize))
    }
}

impl Suspect {
    /// One that says nothing.
    fn alone(target: Stranger, part: Part, sight: Kept, at: At) -> Suspect {
        let (text, aside) = (String::new(), String::new());
        Suspect { target, text, aside, part, sight, veiled_by: None, at }
    }

    /// Where it stands.
    pub(super) fn place(&self, page: &Page) -> Place {
        match self.at {
            At::Node(node) => page.place(node),
            At::Offset(offset) => Place { offset: Some(offset as u64), ..Place::default() },
            At::Header => Place::default(),
        }
    }

    /// Where what hides it stands.
    pub(super) fn hider(&self, page: &Page) -> Option<Place> {
        match self.sight {
            Kept::Hidden(hidden) => Some(page.place(hidden.at)),
            _ => None,
        }
    }

    /// What is hidden together: the container, or for what is hidden link by link, the way of hiding.
    pub(super) fn company(&self, page: &Page) -> Company {
        match self.sight {
            Kept::Visible => Company::Visible(self.part),
            Kept::Displaced(position) => Company::Displaced(position),
            Kept::Concealed(carrier) => Company::Concealed(carrier),
            Kept::Announced => Company::Announced(self.part),
            Kept::Hidden(hidden) => match self.at {
                At::Node(node) if page.is_within(hidden.at, node) => Company::OneByOne(hidden.by, self.part),
                _ => Company::Container(hidden.at, self.part),
            },
        }
    }
}

/// What is judged together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    Visible(Part),
    Displaced(Position),
    Concealed(Carrier),
    Announced(Part),
    Container(NodeId, Part),
    OneByOne(Hiding, Part),
}
