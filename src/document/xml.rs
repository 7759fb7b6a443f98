//! XML as documents need it: elements by their local names, text with its entities resolved.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};

/// What comes next.
pub(super) enum Token<'a> {
    /// An element begins.
    Open(&'a str, Element<'a>),
    /// An element ends; those without content, too.
    Close(&'a str),
    /// A piece of text.
    Text(&'a str),
}

/// The attributes of an element.
pub(super) struct Element<'a>(&'a BytesStart<'a>);

impl Element<'_> {
    /// An attribute, by its local name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self
            .0
            .attributes()
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let plain = unescape(&found.value).map(Cow::into_owned);
        Some(plain.unwrap_or_else(|_| found.value.into_owned()))
    }

    /// Whether an attribute says yes.
    pub(super) fn is(&self, name: &str) -> bool {
        matches!(self.attribute(name).as_deref(), Some("1" | "true" | "on"))
    }
}

/// Shows every token of a file, up to where it is damaged; says whether it was sound.
pub(super) fn walk(source: impl Read, mut see: impl FnMut(Token<'_>)) -> bool {
    let mut reader = Reader::from_reader(BufReader::new(source));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => {
                see(Token::Open(start.local_name().as_ref(), Element(&start)));
            }
            Ok(Event::End(end)) => see(Token::Close(end.local_name().as_ref())),
            Ok(Event::Text(text)) => see(Token::Text(&text)),
            Ok(Event::CData(text)) => see(Token::Text(&text)),
            Ok(Event::GeneralRef(reference)) => {
                let mut written = [0; 4];
                match reference.resolve_char_ref() {
                    Ok(Some(c)) => see(Token::Text(c.encode_utf8(&mut written))),
                    _ => see(Token::Text(resolve_predefined_entity(&reference).unwrap_or(""))),
                }
            }
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
