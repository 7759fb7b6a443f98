//! What of a script waits for the visitor: functions that are handed to a click, and those that only such functions
//! call, or that nothing in the script calls, as what stands in an `onclick` of the page does.
//!
//! Told by the shape of the tokens alone. Whether an element is hidden when the page is seen hangs on it: banners that
//! drift across a page have a button that closes them.

use std::collections::HashMap;
use std::ops::Range;

use super::lexer::{Kind, Token};
use super::outline::Outline;

/// Functions that are called one out of another.
const CALLED: usize = 4;

/// Functions of one name.
const MEANINGS: usize = 8;

/// What only somebody does who sees the page. What every visitor does sooner or later (scrolling, moving the mouse) is
/// no reason to wait for.
const EVENTS: [&str; 16] = [
    "click",
    "dblclick",
    "mousedown",
    "mouseup",
    "mouseover",
    "mouseout",
    "mouseenter",
    "mouseleave",
    "hover",
    "keydown",
    "keyup",
    "keypress",
    "submit",
    "change",
    "focus",
    "blur",
];

/// Methods that are told the event they wait for.
const BINDERS: [&str; 7] = ["on", "one", "bind", "live", "delegate", "addEventListener", "attachEvent"];

/// Which tokens of a script are only read by who waits.
pub(super) struct Waiting(Vec<bool>);

impl Waiting {
    /// What waits in a script.
    pub(super) fn of(tokens: &[Token], partners: &[usize]) -> Waiting {
        let outline = Outline { tokens, partners };
        let shape = Shape(outline);
        let mut ranges: Vec<Range<usize>> = (0..tokens.len()).filter_map(|at| shape.handed(at)).collect();
        let mut waiting = Waiting(outline.covered(&ranges));
        let mut functions = shape.functions();
        for _ in 0..CALLED {
            let (found, left): (Vec<_>, Vec<_>) =
                functions.into_iter().partition(|Functions { bodies, uses }| {
                    let is_inside = |at| bodies.iter().any(|body| body.contains(at));
                    uses.iter().all(|at| waiting.holds(*at) || is_inside(at))
                });
            if found.is_empty() {
                break;
            }
            ranges.extend(found.into_iter().flat_map(|functions| functions.bodies));
            waiting = Waiting(outline.covered(&ranges));
            functions = left;
        }
        waiting
    }

    /// Whether what stands at a token waits.
    pub(super) fn holds(&self, token: usize) -> bool {
        self.0.get(token).copied().unwrap_or_default()
    }
}

/// Functions of one name.
#[derive(Default)]
struct Functions {
    bodies: Vec<Range<usize>>,
    /// Where else the script names them.
    uses: Vec<usize>,
}

/// The shape of a script.
struct Shape<'t>(Outline<'t>);

impl<'t> Shape<'t> {
    /// What is handed to an event by the name at a token: `.click(…)`, `.on("click", …)`, `.onclick = …`.
    fn handed(&self, at: usize) -> Option<Range<usize>> {
        let name = self.0.name(at)?;
        if self.0.is(at + 1, "(") {
            let told = || match &self.0.tokens.get(at + 2)?.kind {
                Kind::Text(told) => told.split([' ', '.']).next(),
                _ => None,
            };
            let waits = is_event(name) || (BINDERS.contains(&name) && told().is_some_and(is_event));
            return waits.then(|| at + 2..self.0.partners[at + 1]);
        }
        let is_given = name.starts_with("on") && is_event(name) && self.0.is(at + 1, "=");
        is_given.then(|| at + 2..self.end_of_function(at + 2).unwrap_or(at + 3))
    }

    /// Where a function ends that begins at a token.
    fn end_of_function(&self, at: usize) -> Option<usize> {
        let open = if self.0.name(at) == Some("function") {
            (at + 1..at + 3).find(|&at| self.0.is(at, "("))?
        } else {
            at
        };
        let close = self.0.is(open, "(").then(|| self.0.partners[open])?;
        let body = if self.0.is(close + 1, "=>") { close + 2 } else { close + 1 };
        self.0.is(body, "{").then(|| self.0.partners[body])
    }

    /// The functions that have a name. Minifiers give hundreds of them the same one, of which nothing can be told.
    fn functions(&self) -> Vec<Functions> {
        let Outline { tokens, .. } = self.0;
        let mut by_name: HashMap<&str, Functions> = HashMap::new();
        for at in (0..tokens.len()).filter(|&at| self.0.name(at) == Some("function")) {
            if let (Some(name), Some(end)) = (self.0.name(at + 1), self.end_of_function(at)) {
                by_name.entry(name).or_default().bodies.push(at..end);
            }
        }
        by_name.retain(|_, functions| functions.bodies.len() <= MEANINGS);
        for (at, token) in tokens.iter().enumerate() {
            let used = match &token.kind {
                Kind::Name(name) => name,
                // `setTimeout("hide()", 100)`
                Kind::Text(code) => code.split_once('(').map_or("", |(name, _)| name.trim()),
                _ => continue,
            };
            let is_its_own = at > 0 && self.0.name(at - 1) == Some("function");
            if let Some(functions) = by_name.get_mut(used).filter(|_| !is_its_own) {
                functions.uses.push(at);
            }
        }
        by_name.into_values().collect()
    }
}

/// Whether a name is one of an event that is waited for, with or without `on`.
fn is_event(name: &str) -> bool {
    EVENTS.contains(&name.strip_prefix("on").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::super::lexer;
    use super::*;

    /// Whether `hide` waits in a script.
    #[track_caller]
    fn check(code: &str, expected: bool) {
        let tokens = lexer::tokens(code).tokens;
        let waiting = Waiting::of(&tokens, &lexer::partners(&tokens));
        let at = tokens.iter().position(|token| token.kind == Kind::Name("hide".to_owned()));
        assert_eq!(waiting.holds(at.expect("it hides")), expected, "{code}");
    }

    #[test]
    fn what_is_handed_to_an_event_waits() {
        check("$('.close').click(function(){ $('#a').hide(); });", true);
        check("$('.close').on('click.float', () => { $('#a').hide(); });", true);
        check("x.addEventListener('click', function(){ hide(a) })", true);
        check("x.onclick = function(){ hide(a) }; y()", true);
        check("x.onclick = () => { hide(a) }", true);
        check("function shut(){ hide(a) } x.onclick = shut;", true);
        check("function inner(){ hide(a) } function shut(){ inner() } $('b').click(shut)", true);
    }

    #[test]
    fn what_only_the_page_can_call_waits() {
        check("function shut(){ document.getElementById('a').style.display='none'; hide() }", true);
        check("function again(){ hide(a); again() }", true);
    }

    #[test]
    fn what_is_done_at_once_does_not() {
        check("$('#a').hide();", false);
        check("$(function(){ $('#a').hide(); })", false);
        check("function run(){ hide(a) } run();", false);
        check("function run(){ hide(a) } setTimeout('run()', 100);", false);
        check("function run(){ hide(a) } window.onload = run;", false);
        check("function run(){ hide(a) } x.onclick = run; run()", false);
        check("x.onclick = function(){ y() }; hide(a)", false);
        check("window.addEventListener('load', function(){ hide(a) })", false);
        check("$(window).on('scroll', function(){ hide(a) })", false);
    }

    #[test]
    fn broken_and_deep_scripts_end() {
        check(&format!("{}hide", "x.click(function(){".repeat(20_000)), true);
        check("x.onclick = function( hide", false);
        check(&format!("{} hide", "function e(){e()}".repeat(20_000)), false);
    }
}
