//! A tree sink that counts what the tree builder asks of it.

use std::borrow::Cow;
use std::cell::{Cell, Ref};

use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName};
use scraper::{Html, HtmlTreeSink};

use super::ATTRIBUTES;

/// Steps an element counts for: it costs memory, a look at the stack does not.
const ELEMENT_STEPS: u64 = 4;

/// The sink of `scraper` with a meter in front.
pub(super) struct Meter {
    tree: HtmlTreeSink,
    steps: Cell<u64>,
    elements: Cell<u64>,
    last_parent: Cell<NodeId>,
}

impl Meter {
    pub(super) fn new(empty: Html) -> Meter {
        let root = empty.tree.root().id();
        Meter {
            tree: HtmlTreeSink::new(empty),
            steps: Cell::new(0),
            elements: Cell::new(0),
            last_parent: Cell::new(root),
        }
    }

    /// Which cap is passed, in Chinese.
    pub(super) fn over(&self, steps: u64, elements: u64, depth: usize) -> Option<&'static str> {
        if self.elements.get() > elements {
            return Some("元素过多");
        }
        if self.steps.get() > steps {
            return Some("标签错乱，解析步骤过多");
        }
        let html = self.tree.0.borrow();
        let last = html.tree.get(self.last_parent.get())?;
        (last.ancestors().take(depth + 1).count() > depth).then_some("嵌套过深")
    }

    fn count(&self, steps: u64) {
        self.steps.set(self.steps.get() + steps);
    }
}

impl TreeSink for Meter {
    type Output = Html;
    type Handle = NodeId;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.tree.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn get_document(&self) -> NodeId {
        self.tree.get_document()
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        self.count(1);
        one == other
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.count(1);
        self.tree.elem_name(target)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.count(ELEMENT_STEPS);
        self.elements.set(self.elements.get() + 1);
        self.tree.create_element(name, attributes, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.tree.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.tree.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.last_parent.set(*parent);
        self.tree.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.last_parent.set(*previous);
        self.tree.append_based_on_parent_node(element, previous, child);
    }

    fn append_before_sibling(&self, sibling: &NodeId, node: NodeOrText<NodeId>) {
        self.tree.append_before_sibling(sibling, node);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.tree.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.tree.get_template_contents(target)
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        // Each is looked up and moved into a sorted list: thousands of `<body a1=…>` would be quadratic.
        let present = match self.tree.0.borrow().tree.get(*target).and_then(|node| node.value().as_element())
        {
            Some(element) => element.attrs.len(),
            None => return,
        };
        if present + attributes.len() <= ATTRIBUTES {
            self.tree.add_attrs_if_missing(target, attributes);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        // Every child is told its new parent.
        let children = match self.tree.0.borrow().tree.get(*node) {
            Some(node) => node.children().count(),
            None => return,
        };
        self.count(children as u64);
        self.tree.reparent_children(node, new_parent);
    }
}
