//! The objects of a file, by their numbers.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::object::{Object, Parser};
use crate::document::archive::Unpacked;
use crate::document::budget::Budget;

/// References followed from one to the next.
const HOPS: usize = 8;

/// A file whose objects were found.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    pub(super) budget: &'a Budget,
    /// Where each object begins, behind `obj`. The last one of a number counts: that is how files are changed.
    places: HashMap<u32, usize>,
    /// Objects that were packed together into streams.
    packed: HashMap<u32, Object>,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8], budget: &'a Budget) -> File<'a> {
        let places = memmem::find_iter(bytes, b"obj")
            .take_while(|_| budget.step(4))
            .filter_map(|at| Some((number_before(bytes, at)?, at + 3)))
            .collect();
        let mut file = File { bytes, budget, places, packed: HashMap::new() };
        for number in file.numbers() {
            let object = file.resolve(&Object::Reference(number));
            if object.get("Type").is_name("ObjStm") {
                file.unpack_objects(number, &object);
            }
        }
        file
    }

    /// The numbers of all objects that stand in the file by themselves, or were unpacked.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.places.keys().chain(self.packed.keys()).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The catalogue, as the last trailer names it.
    pub(super) fn root(&self) -> Option<Object> {
        let named = memmem::rfind(self.bytes, b"/Root")
            .and_then(|at| Parser::new(self.bytes, at + 5, self.budget).next())
            .map(|root| self.resolve(&root));
        let is_root = |object: &Object| object.get("Type").is_name("Catalog");
        named.filter(is_root).or_else(|| {
            self.numbers().into_iter().map(|number| self.resolve(&Object::Reference(number))).find(is_root)
        })
    }

    /// What an object stands for.
    pub(super) fn resolve(&self, object: &Object) -> Object {
        let mut object = self.copy(object);
        for _ in 0..HOPS {
            let Object::Reference(number) = object else { return object };
            object = match self.places.get(&number) {
                Some(at) => Parser::new(self.bytes, *at, self.budget).next().unwrap_or(Object::Null),
                None => self.packed.get(&number).map_or(Object::Null, |object| self.copy(object)),
            };
        }
        Object::Null
    }

    /// A copy, which costs as many steps as there are objects in it: a huge one may be asked for very often.
    fn copy(&self, object: &Object) -> Object {
        if self.budget.step(object.weight()) { object.clone() } else { Object::Null }
    }

    /// The content of the stream with this number, unpacked; `None` where it is packed in a way that text never is.
    pub(super) fn stream(&self, number: u32) -> Option<Vec<u8>> {
        let mut parser = Parser::new(self.bytes, *self.places.get(&number)?, self.budget);
        let dictionary = parser.next()?;
        if parser.next()? != Object::Word("stream".to_owned()) {
            return None;
        }
        let mut start = parser.at;
        start += usize::from(self.bytes.get(start) == Some(&b'\r'));
        start += usize::from(self.bytes.get(start) == Some(&b'\n'));
        let rest = self.bytes.get(start..)?;
        let ends = |length: &usize| {
            rest.get(*length..).is_some_and(|tail| tail.trim_ascii_start().starts_with(b"endstream"))
        };
        let length = self.resolve(dictionary.get("Length")).index().filter(ends);
        let length = length.or_else(|| memmem::find(rest, b"endstream")).unwrap_or(rest.len());
        if !self.budget.step(length as u64 / 64) {
            return None;
        }
        self.decode(&dictionary, &rest[..length])
    }

    fn decode(&self, dictionary: &Object, raw: &[u8]) -> Option<Vec<u8>> {
        let filters = match self.resolve(dictionary.get("Filter")) {
            Object::Array(filters) => filters,
            Object::Null => Vec::new(),
            filter => vec![filter],
        };
        let source: Box<dyn Read + '_> = match filters.as_slice() {
            [] => Box::new(raw),
            // A photograph is handed on as it is.
            [one] if one.is_name("DCTDecode") => Box::new(raw),
            [one] if one.is_name("FlateDecode") || one.is_name("Fl") => Box::new(ZlibDecoder::new(raw)),
            _ => return None,
        };
        let mut bytes = Vec::new();
        // What was unpacked before an error is worth reading.
        let _ = Unpacked { source, budget: self.budget }.read_to_end(&mut bytes);
        Some(bytes)
    }

    fn unpack_objects(&mut self, number: u32, dictionary: &Object) {
        let (Some(count), Some(first)) = (dictionary.get("N").index(), dictionary.get("First").index())
        else {
            return;
        };
        let Some(bytes) = self.stream(number) else { return };
        let mut header = Parser::new(&bytes, 0, self.budget);
        for _ in 0..count {
            let (Some(number), Some(offset)) =
                (header.next().and_then(|number| number.index()), header.next().and_then(|at| at.index()))
            else {
                return;
            };
            let object = Parser::new(&bytes, first.saturating_add(offset), self.budget).next();
            if let (Ok(number), Some(object)) = (u32::try_from(number), object) {
                self.packed.insert(number, object);
            }
        }
    }
}

/// The number in `12 0 obj`, read backwards from `obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let head = bytes[at.saturating_sub(24)..at].trim_ascii_end();
    let generation = head.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let head = &head[..head.len() - generation];
    let number = head.trim_ascii_end();
    let digits = number.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let is_head = generation > 0 && number.len() < head.len();
    let text = std::str::from_utf8(&number[number.len() - digits..]).ok()?;
    text.parse().ok().filter(|_| is_head)
}
