//! What an assignment or a call does to the page and to the visitor.

use super::value::Value;
use super::{HOLE, Manner};

/// Something a script would do, and where it says so: bytes into the script.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// What.
    pub deed: Deed,
    /// Where.
    pub at: usize,
    /// What is asked before it in its branch, and what is unwrapped around that place: a library asks for phones somewhere,
    /// which says nothing of what stands outside of that branch.
    pub near: Manner,
    /// It is done only when the visitor does something: clicks, types.
    pub waits: bool,
}

/// What a script would do. Texts may have [holes](super::HOLE).
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Writes HTML where the script stands, as if it were part of the source.
    Write(String),
    /// Puts HTML into an element, which closes everything left open in it.
    Insert(String),
    /// Sends the visitor to an address.
    Go(String),
    /// Opens an address in another window.
    Open(String),
    /// Sends the window away from which this one was opened.
    GoBehind(String),
    /// Gives the page another title.
    Retitle(String),
    /// Loads an address into an element: `script`, `iframe`, `img`.
    Load(&'static str, String),
    /// Hides what a selector means.
    Hide(String),
    /// Shows what a selector means, or hides and shows it in turn.
    Show(String),
    /// Takes what a selector means out of the page.
    Remove(String),
    /// Asks the visitor to be sent messages from then on.
    Notify,
}

impl Deed {
    /// The HTML that it puts into the page.
    pub fn markup(&self) -> Option<&str> {
        match self {
            Deed::Write(html) | Deed::Insert(html) => Some(html),
            _ => None,
        }
    }

    /// The selector of what it shows.
    pub fn shown(&self) -> Option<&str> {
        match self {
            Deed::Show(selector) => Some(selector),
            _ => None,
        }
    }
}

/// Words that begin or separate statements and are worth nothing themselves.
pub(super) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "var"
            | "let"
            | "const"
            | "if"
            | "else"
            | "for"
            | "while"
            | "do"
            | "return"
            | "try"
            | "catch"
            | "finally"
            | "switch"
            | "case"
            | "default"
            | "break"
            | "continue"
            | "throw"
            | "in"
            | "of"
            | "async"
            | "function"
    )
}

/// Elements whose address is loaded.
const LOADING: [&str; 6] = ["script", "iframe", "frame", "img", "embed", "object"];

/// What assigning to something does.
pub(super) fn assigned(way: &str, given: &Value) -> Option<Deed> {
    let text = || given.text();
    let (of, property) = way.rsplit_once('.').unwrap_or(("", way));
    match property {
        "location" if matches!(of, "" | "document" | "opener") => Some(sent(way)?(text())),
        "href" => Some(sent(of)?(text())),
        "title" if of == "document" => Some(Deed::Retitle(text())),
        "innerHTML" | "outerHTML" if is_markup(given) => Some(Deed::Insert(text())),
        "src" | "data" => loading(of).map(|element| Deed::Load(element, text())),
        "display" if text() == "none" => hidden(of),
        "height" | "width" if matches!(text().as_str(), "0" | "0px") => hidden(of),
        "visibility" if text() == "hidden" => hidden(of),
        "display" | "visibility" => shown(of),
        "cssText" if hides(&text()) => hidden(of),
        "hidden" => Some(Deed::Hide(selector(of)?.to_owned())),
        _ => None,
    }
}

/// Whether the worth of what has this way is remembered: of variables and of the properties of elements that the
/// script made, not of what the page or the browser may change.
pub(super) fn is_kept(way: &str) -> bool {
    !way.contains('.') && way != "location" || way.starts_with('<')
}

/// What a call does.
pub(super) fn called(path: &str, arguments: &[Value]) -> Vec<Deed> {
    let text = |at: usize| arguments.get(at).map(Value::text);
    let (of, method) = path.rsplit_once('.').unwrap_or(("", path));
    let deed = match (method, arguments) {
        ("requestPermission", _) if of == "Notification" || of == "window.Notification" => Some(Deed::Notify),
        ("subscribe", _) if of.ends_with("pushManager") => Some(Deed::Notify),
        ("write" | "writeln", _) if of == "document" => {
            Some(Deed::Write(arguments.iter().map(Value::text).collect()))
        }
        ("insertAdjacentHTML", [_, html]) => Some(Deed::Insert(html.text())),
        ("html" | "append" | "prepend" | "before" | "after" | "replaceWith" | "appendTo", [html, ..])
            if is_markup(html) =>
        {
            Some(Deed::Insert(html.text()))
        }
        ("replace" | "assign", [url, ..]) => sent(of).map(|sent| sent(url.text())),
        ("open", [url, ..]) if of.is_empty() || of == "window" => Some(Deed::Open(url.text())),
        ("getScript", [url, ..]) => Some(Deed::Load("script", url.text())),
        ("setAttribute" | "attr", [name, given]) => assigned(&format!("{of}.{}", name.text()), given),
        ("css", [name, given]) => assigned(&format!("{of}.style.{}", name.text()), given),
        ("hide" | "fadeOut" | "slideUp", _) => selector(of).map(|selector| Deed::Hide(selector.to_owned())),
        ("show" | "fadeIn" | "slideDown" | "toggle" | "fadeToggle" | "slideToggle", _) => {
            selector(of).map(|selector| Deed::Show(selector.to_owned()))
        }
        ("remove" | "empty", []) => selector(of).map(|selector| Deed::Remove(selector.to_owned())),
        _ => None,
    };
    // `$('<div>…</div>')` makes elements, and nobody makes them for nothing.
    let made = (matches!(path, "$" | "jQuery"))
        .then(|| text(0).filter(|html| html.trim_start().starts_with('<') && html.contains("</")))
        .flatten();
    deed.into_iter().chain(made.map(Deed::Insert)).collect()
}

/// What a call gives, where that matters: the element that was found or made.
pub(super) fn returned(path: &str, arguments: &[Value]) -> Value {
    let first = || arguments.first().map(Value::text).filter(|text| !text.contains(HOLE));
    let method = path.rsplit('.').next().unwrap_or(path);
    let way = match method {
        "createElement" | "getElementsByTagName" => first().map(|tag| element(&tag)),
        "getElementById" => first().map(|id| format!("#{id}")),
        "getElementsByClassName" => first().map(|class| format!(".{class}")),
        "querySelector" | "querySelectorAll" | "$" | "jQuery" => {
            first().map(|text| if is_selector(&text) { text } else { element(&text) })
        }
        // These give what they were called on.
        "hide" | "show" | "css" | "attr" | "addClass" | "append" | "find" | "children" | "eq" | "first" => {
            path.rsplit_once('.').map(|(of, _)| of.to_owned())
        }
        _ => None,
    };
    way.map_or(Value::Unknown, Value::Path)
}

/// Whether a call runs the text that it is given last.
pub(super) fn runs(path: &str) -> bool {
    matches!(path, "eval" | "execScript" | "Function" | "document.eval" | "globalEval" | "$.globalEval")
}

/// Whether a call runs the text that it is given first, sooner or later.
pub(super) fn runs_later(path: &str) -> bool {
    matches!(path, "setTimeout" | "setInterval")
}

/// The way to elements of a name: `iframe`, `<iframe/>`.
fn element(text: &str) -> String {
    let name = text.trim_start_matches(['<', ' ']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    format!("<{}>", name[..end].to_ascii_lowercase())
}

/// What is sent where, by the way to its location.
fn sent(location: &str) -> Option<fn(String) -> Deed> {
    match location {
        "opener.location" => Some(Deed::GoBehind),
        "location" => Some(Deed::Go),
        location if location.ends_with(".location") => Some(Deed::Go),
        _ => None,
    }
}

fn loading(of: &str) -> Option<&'static str> {
    let tag = of.strip_prefix('<')?.strip_suffix('>')?;
    LOADING.into_iter().find(|element| *element == tag)
}

fn hidden(of: &str) -> Option<Deed> {
    styled(of).map(|selector| Deed::Hide(selector.to_owned()))
}

fn shown(of: &str) -> Option<Deed> {
    styled(of).map(|selector| Deed::Show(selector.to_owned()))
}

/// The element whose style this is, as a selector.
fn styled(of: &str) -> Option<&str> {
    selector(of.strip_suffix(".style")?)
}

/// The way to an element, as a selector.
fn selector(way: &str) -> Option<&str> {
    is_selector(way).then_some(way)
}

fn is_selector(text: &str) -> bool {
    text.len() <= 200 && text.starts_with(['#', '.']) && text.len() > 1
}

fn hides(css: &str) -> bool {
    let plain: String = css.chars().filter(|char| !char.is_whitespace()).collect();
    plain.contains("display:none") || plain.contains("visibility:hidden")
}

fn is_markup(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains('<'))
}
