//! A page as its scripts leave it, as far as they can be read without being run.
//!
//! What a script writes is put into the source where the script stands, and the whole is parsed again: a script may
//! write nothing but the beginning of a hidden container, and the links that follow are hidden all the same. Most
//! pages write nothing that matters and stay as they are.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use ego_tree::NodeId;

use super::dom::{self, attribute};
use super::gate::{self, StartTags};
use super::{Page, Program, concealed::find_ignoring_case, hosts_in};
use crate::finding::Place;
use crate::script::{Deed, HOLE, Manner, Reading, Readings};

/// How often what was written may write in its turn.
const ROUNDS: usize = 3;
/// Bytes that scripts may add to one page.
const ADDED_BYTES: usize = 2 << 20;
/// Scripts of one page that are read.
const SCRIPTS: usize = 500;
/// Selectors of what the scripts of one page, or of one file, hide.
const HIDDEN: usize = 50;

/// A page as its scripts leave it.
pub struct Acted<'a> {
    before: &'a Page,
    /// The file that wrote all of it, where it is no page of the site.
    program: Option<&'a Program>,
    /// With what its scripts write, where that matters.
    after: Option<Page>,
    pieces: Vec<Piece>,
    hidden: Vec<String>,
}

/// What one script wrote.
struct Piece {
    /// Where it stands in the source afterwards.
    range: Range<usize>,
    /// Where the script begins in the source as it came; of a file, where it writes.
    script: usize,
    manner: Manner,
}

impl Page {
    /// What the scripts of the page make of it. Written HTML matters where it names a host that `is_wanted`, or says
    /// something of what stands around it.
    pub fn acted(&self, readings: &Readings, is_wanted: &dyn Fn(&str) -> bool) -> Acted<'_> {
        let (mut hidden, mut matters) = (Vec::new(), false);
        for (_, code) in self.inline_scripts() {
            let reading = readings.of(code);
            hidden.extend(concealments(&reading).map(str::to_owned));
            if !matters {
                let written = written(&reading);
                matters = hosts_in(&written).any(is_wanted) || reaches_beyond(&written);
            }
        }
        hidden.truncate(HIDDEN);
        let mut acted = Acted { before: self, program: None, after: None, pieces: Vec::new(), hidden };
        if matters {
            let mut left = ADDED_BYTES;
            let spliced = splice(&self.source, readings, ROUNDS, &mut left);
            acted.after = Some(self.with_source(spliced.source));
            acted.pieces = spliced.pieces;
        }
        acted
    }

    /// Its inline scripts, each with its code.
    pub fn inline_scripts(&self) -> impl Iterator<Item = (NodeId, &str)> {
        let scripts = self.scripts.iter().take(SCRIPTS).filter_map(|node| self.dom.tree.get(*node));
        let scripts = scripts.filter(|node| node.value().as_element().is_some_and(is_code));
        scripts.map(|node| (node.id(), dom::own_text(node)))
    }
}

impl Program {
    /// What a page would be that is nothing but what the script writes into it. Written HTML matters where it names a
    /// host that `is_wanted`.
    pub fn acted(&self, readings: &Readings, is_wanted: &dyn Fn(&str) -> bool) -> Acted<'_> {
        let reading = readings.of(&self.code);
        let blank = &self.blank;
        let hidden = concealments(&reading).take(HIDDEN).map(str::to_owned).collect();
        let mut acted = Acted { before: blank, program: Some(self), after: None, pieces: Vec::new(), hidden };
        if hosts_in(&written(&reading)).any(is_wanted) {
            let spliced = put_together(&reading, readings);
            acted.after = Some(blank.with_source(spliced.source));
            acted.pieces = spliced.pieces;
        }
        acted
    }

    /// Selectors of what it hides or takes out of the pages that load it, and never shows: a file serves all pages, and what
    /// it does both with is a menu or a tab.
    pub fn hides(&self, readings: &Readings) -> Vec<String> {
        let reading = readings.of(&self.code);
        let shown: HashSet<&str> = reading.acts.iter().filter_map(|act| act.deed.shown()).collect();
        let mut hidden = BTreeSet::new();
        for selector in concealments(&reading).filter(|selector| !shown.contains(selector)) {
            if hidden.len() < HIDDEN {
                hidden.insert(selector.to_owned());
            }
        }
        hidden.into_iter().collect()
    }
}

/// What stands around what a file writes: it is written into the body of a page.
const FRAME: [&str; 2] = ["<!DOCTYPE html><html><head></head><body>", "</body></html>"];

/// All that the script of a file writes, piece by piece.
fn put_together(reading: &Reading, readings: &Readings) -> Spliced {
    let mut whole = Spliced { source: FRAME[0].to_owned(), pieces: Vec::new() };
    let mut left = ADDED_BYTES;
    for act in &reading.acts {
        let Some(html) = markup(&act.deed).filter(|html| html.len() <= left) else { continue };
        left -= html.len();
        let inner = splice(&html, readings, ROUNDS - 1, &mut left);
        let manner = inner.pieces.iter().fold(act.near, |all, piece| all.with(piece.manner));
        let start = whole.source.len();
        whole.source.push_str(&inner.source);
        whole.pieces.push(Piece { range: start..whole.source.len(), script: act.at, manner });
    }
    whole.source.push_str(FRAME[1]);
    whole
}

impl Acted<'_> {
    /// The page.
    pub fn page(&self) -> &Page {
        self.after.as_ref().unwrap_or(self.before)
    }

    /// Selectors of what scripts hide or take out.
    pub fn hidden(&self) -> &[String] {
        &self.hidden
    }

    /// In what manner what stands at an offset of the page was written; `None` where no script wrote it.
    pub fn writer(&self, offset: u64) -> Option<Manner> {
        self.pieces.iter().find(|piece| piece.range.contains(&(offset as usize))).map(|piece| piece.manner)
    }

    /// In what manner an element was written; `None` where no script wrote it.
    pub fn manner_at(&self, node: NodeId) -> Option<Manner> {
        // Looking for a place takes a walk through the source.
        if self.pieces.is_empty() {
            return None;
        }
        self.writer(self.page().place(node).offset?)
    }

    /// A place of the page in the source as it came: for what a script wrote, that of the script. In a file it is the
    /// byte where the file writes; no element stands there.
    pub fn place_before(&self, place: Place) -> Place {
        let before = place.offset.map(|offset| self.offset_before(offset as usize));
        match self.program {
            None => Place { offset: before.map(|offset| offset as u64), ..place },
            Some(program) => Place { context: place.context, ..program.place(before.unwrap_or(0)) },
        }
    }

    /// The place of a byte of the code of the file that wrote the page.
    pub fn place_in_file(&self, at: usize) -> Place {
        self.program.map(|program| program.place(at)).unwrap_or_default()
    }

    fn offset_before(&self, offset: usize) -> usize {
        let mut added = 0;
        for piece in &self.pieces {
            if piece.range.contains(&offset) {
                return piece.script;
            }
            if offset < piece.range.start {
                break;
            }
            added += piece.range.len();
        }
        offset - added
    }
}

/// A source with what its scripts write.
struct Spliced {
    source: String,
    pieces: Vec<Piece>,
}

/// Puts what scripts write behind them; `left` says how many bytes may still be added.
fn splice(source: &str, readings: &Readings, rounds: usize, left: &mut usize) -> Spliced {
    let mut spliced = Spliced { source: String::with_capacity(source.len()), pieces: Vec::new() };
    let mut copied = 0;
    for script in scripts_in(source).take(SCRIPTS) {
        let reading = readings.of(script.code);
        let mut html = written(&reading);
        if html.is_empty() || html.len() > *left {
            continue;
        }
        *left -= html.len();
        let mut manner = reading.manner_of_markup();
        if rounds > 1 {
            let inner = splice(&html, readings, rounds - 1, left);
            manner = inner.pieces.iter().fold(manner, |all, piece| all.with(piece.manner));
            html = inner.source;
        }
        spliced.source.push_str(&source[copied..script.end]);
        copied = script.end;
        let start = spliced.source.len();
        spliced.source.push_str(&html);
        spliced.pieces.push(Piece { range: start..spliced.source.len(), script: script.start, manner });
    }
    spliced.source.push_str(&source[copied..]);
    spliced
}

/// A script in a source.
struct Script<'a> {
    start: usize,
    /// One past its end tag.
    end: usize,
    code: &'a str,
}

fn scripts_in(source: &str) -> impl Iterator<Item = Script<'_>> {
    let tags = StartTags::new(source).filter(|tag| tag.name.eq_ignore_ascii_case("script"));
    tags.filter_map(|tag| {
        let rest = &source[tag.end..];
        let length = find_ignoring_case(rest, "</script")?;
        let closed = rest[length..].find('>').map_or(rest.len(), |at| length + at + 1);
        let script =
            Script { start: tag.start, end: tag.end + closed, code: &source[tag.end..tag.end + length] };
        (!script.code.trim().is_empty() && runs(&source[tag.start..tag.end])).then_some(script)
    })
}

/// Whether a start tag, as written, is that of a script which runs.
fn runs(tag: &str) -> bool {
    let dom = gate::fragment(tag);
    dom.tree
        .values()
        .filter_map(|node| node.as_element())
        .any(|element| element.name() == "script" && is_code(element))
}

/// Whether a script element holds a program, as opposed to a template or data, and runs it itself.
fn is_code(element: &dom::Element) -> bool {
    let kind = attribute(element, "type").unwrap_or_default().trim();
    let is_program =
        |kind: &str| kind == "module" || kind.contains("javascript") || kind.contains("ecmascript");
    attribute(element, "src").is_none() && (kind.is_empty() || is_program(&kind.to_ascii_lowercase()))
}

/// The HTML that a script puts into the page, all of it.
fn written(reading: &Reading) -> String {
    reading.acts.iter().filter_map(|act| markup(&act.deed)).collect()
}

/// The HTML that a deed puts into the page.
fn markup(deed: &Deed) -> Option<Cow<'_, str>> {
    match deed {
        Deed::Write(html) => Some(Cow::Borrowed(html)),
        Deed::Insert(html) => Some(Cow::Owned(closed(html))),
        _ => None,
    }
}

/// HTML with nothing left open.
fn closed(html: &str) -> String {
    let dom = gate::fragment(html);
    let root = dom.tree.root().first_child().and_then(scraper::ElementRef::wrap);
    root.map(|root| root.inner_html()).unwrap_or_default()
}

/// Whether written HTML says something of what stands around it: it leaves elements open or closes those of others,
/// or brings styles.
fn reaches_beyond(html: &str) -> bool {
    if html.is_empty() {
        return false;
    }
    let is_void = |name: &str| {
        ["br", "img", "input", "hr", "meta", "link", "area", "embed", "param", "col", "base", "source", "wbr"]
            .iter()
            .any(|void| name.eq_ignore_ascii_case(void))
    };
    let tags = StartTags::new(html).filter(|tag| !is_void(tag.name));
    let opened = tags.count();
    let closed = memchr::memmem::find_iter(html.as_bytes(), b"</").count();
    opened != closed || find_ignoring_case(html, "<style").is_some()
}

/// Selectors of what a script hides or takes out of itself, as far as they are known.
fn concealments(reading: &Reading) -> impl Iterator<Item = &str> {
    reading.acts.iter().filter(|act| !act.waits).filter_map(|act| match &act.deed {
        Deed::Hide(selector) | Deed::Remove(selector) if !selector.contains(HOLE) => Some(selector.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::page;

    /// The source afterwards, where it changed.
    fn after(html: &str) -> Option<String> {
        let page = page(html);
        let readings = Readings::default();
        let acted = page.acted(&readings, &|host| host.ends_with(".example"));
        acted.after.map(|page| page.source)
    }

    #[test]
    fn what_is_written_stands_behind_its_script() {
        let check = |html: &str, expected: &str| assert_eq!(after(html).as_deref(), Some(expected), "{html}");
        let link = "<a href=//a.example/>字</a>";
        check(
            &format!("<script>document.write('{link}')</script>后"),
            &format!("<script>document.write('{link}')</script>{link}后"),
        );
        // One writes the beginning, another the end.
        check(
            "<script>document.write('<div>')</script>字<script>document.write('</div>')</script>",
            "<script>document.write('<div>')</script><div>字<script>document.write('</div>')</script></div>",
        );
        // What is put into an element closes itself.
        check(
            "<script>x.innerHTML='<p><a href=\"//a.example/\">字'</script>",
            "<script>x.innerHTML='<p><a href=\"//a.example/\">字'</script><p><a href=\"//a.example/\">字</a></p>",
        );
        // What was written writes.
        check(
            r"<script>document.write('<script>document.write(\'<i>//a.example/\')<\/script>')</script>",
            concat!(
                r"<script>document.write('<script>document.write(\'<i>//a.example/\')<\/script>')</script>",
                "<script>document.write('<i>//a.example/')</script><i>//a.example/"
            ),
        );
    }

    #[test]
    fn what_does_not_matter_is_left() {
        for html in [
            "<script>document.write('<p>字</p>')</script>",
            "<script>document.write('<a href=//a.gov.cn/>字</a>')</script>",
            "<script type=text/template>document.write('<a href=//a.example/>字</a>')</script>",
            "<script src=a.js>document.write('<a href=//a.example/>字</a>')</script>",
            "<p>document.write('<a href=//a.example/>字</a>')</p>",
        ] {
            assert_eq!(after(html), None, "{html}");
        }
    }

    #[test]
    fn places_are_those_of_the_source_as_it_came() {
        let html = "前<script>document.write('<a href=//a.example/>字</a>')</script>后<b>";
        let page = page(html);
        let readings = Readings::default();
        let acted = page.acted(&readings, &|_| true);
        let at = |needle: &str| acted.page().source.rfind(needle).unwrap();
        assert_eq!(acted.offset_before(at("<a ")), html.find("<script").unwrap());
        assert!(acted.writer(at("<a ") as u64).is_some());
        assert_eq!(acted.offset_before(at("<b>")), html.find("<b>").unwrap());
        assert!(acted.writer(at("<b>") as u64).is_none());
    }

    #[test]
    fn what_scripts_hide_is_known() {
        let page = page("<script>$('#a').hide();document.getElementById('b').remove()</script>");
        assert_eq!(page.acted(&Readings::default(), &|_| true).hidden(), ["#a", "#b"]);
    }
}
