//! The words of a PDF.
//!
//! Read here rather than by a crate: those at hand abort on nested arrays, panic on Chinese fonts that are not embedded
//! or unpack without a limit, and a scan meets hostile files every day. Objects are found by looking for `obj`, which
//! also reads files whose tables are wrong; every step is counted. Text comes out by the fonts' own `ToUnicode` tables,
//! and by GBK and Unicode where a font names one of those encodings.

mod content;
mod file;
mod font;
mod object;

use std::collections::HashSet;
use std::rc::Rc;

use super::Reading;
use super::budget::Budget;
use super::reflow::reflow;
use crate::facts::Gap;
use content::Interpreter;
use file::File;
use object::Object;

/// Pages read.
const PAGES: usize = 5_000;

pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    if memchr::memmem::find(bytes, b"/Encrypt").is_some() {
        return reading.budget.reach(Gap::Locked, "PDF 已加密，未读取文字");
    }
    let file = File::open(bytes, reading.budget);
    let mut interpreter = Interpreter::new(&file);
    let mut has_text = false;
    for (number, page) in (1..).zip(pages(&file)) {
        let text = interpreter.page(&page);
        has_text |= !text.trim().is_empty();
        reading.keep(format!("第{number}页"), &reflow(&text));
    }
    if interpreter.has_unreadable {
        reading.budget.reach(Gap::NoText, "PDF 部分字体没有文字对照表，这部分文字未能读取");
    }
    if !has_text {
        reading.budget.reach(Gap::NoText, "PDF 中没有可提取的文字（可能是扫描件）");
    }
}

/// The photographs of a file, in the order of their numbers, which is nearly always that of its pages.
pub(super) fn pictures(bytes: &[u8], budget: &Budget) -> Vec<Vec<u8>> {
    let file = File::open(bytes, budget);
    let is_photograph = |number: &u32| {
        let object = file.resolve(&Object::Reference(*number));
        object.get("Subtype").is_name("Image") && file.resolve(object.get("Filter")).is_name("DCTDecode")
    };
    let numbers = file.numbers().into_iter().filter(is_photograph);
    numbers.take(PAGES).filter_map(|number| file.stream(number)).collect()
}

/// A page: what it shows, and by which fonts.
struct Page {
    dictionary: Object,
    resources: Rc<Object>,
}

/// The pages in reading order; in the order of the file where its tree is damaged.
fn pages(file: &File<'_>) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting: Vec<(Object, Rc<Object>)> =
        file.root().map(|root| (root.get("Pages").clone(), Rc::new(Object::Null))).into_iter().collect();
    while let Some((node, inherited)) = waiting.pop() {
        if let Object::Reference(number) = node
            && !seen.insert(number)
        {
            continue; // A tree that runs in circles.
        }
        let node = file.resolve(&node);
        let own = file.resolve(node.get("Resources"));
        let resources = if own == Object::Null { inherited } else { Rc::new(own) };
        match file.resolve(node.get("Kids")) {
            Object::Array(kids) => {
                waiting.extend(kids.into_iter().rev().map(|kid| (kid, resources.clone())));
            }
            _ if node.get("Type").is_name("Page") => pages.push(Page { dictionary: node, resources }),
            _ => {}
        }
        if pages.len() == PAGES || !file.budget.step(1) {
            break;
        }
    }
    if pages.is_empty() {
        let all = file.numbers().into_iter().map(|number| file.resolve(&Object::Reference(number)));
        let leaves = all.filter(|object| object.get("Type").is_name("Page")).take(PAGES);
        pages.extend(
            leaves.map(|page| Page {
                resources: Rc::new(file.resolve(page.get("Resources"))),
                dictionary: page,
            }),
        );
    }
    pages
}
