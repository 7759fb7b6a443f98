//! The table of contents of a ZIP, and the documents that are one: OOXML, OFD, ODF.
//!
//! Walked here rather than by the `zip` crate: only names are wanted, and a hostile table (a million entries, entries
//! that overlap, several ends) must cost next to nothing.

use super::{Kind, Whole, find_last, le16, le32};

/// Entries looked at. The longest document seen had a few thousand pictures; more says nothing new.
const ENTRIES: usize = 5_000;

/// The end record and the longest comment that may follow it.
const END: usize = 22 + 0xffff;

/// What kind of document this is; plain `Zip` where it is none or its table of contents cannot be read.
pub(super) fn kind(body: &[u8]) -> Kind {
    let Some(table) = table(body) else { return Kind::Zip };
    let mut kind = Kind::Zip;
    let mut has_types = false;
    for name in names(body, table) {
        let name = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
        has_types |= name == "[content_types].xml";
        kind = match name.as_str() {
            "ofd.xml" => return Kind::Ofd,
            "content.xml" if kind == Kind::Zip => Kind::OpenDocument,
            _ if name.starts_with("word/") => Kind::Word,
            _ if name.starts_with("xl/") => Kind::Excel,
            _ if name.starts_with("ppt/") => Kind::PowerPoint,
            _ => kind,
        };
    }
    // The folders alone prove nothing: somebody may have packed them.
    if has_types || kind == Kind::OpenDocument { kind } else { Kind::Zip }
}

/// Whether a document of this kind may be a ZIP.
pub(super) fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::Excel | Kind::PowerPoint | Kind::Ofd | Kind::OpenDocument)
}

/// Whether the table of contents is there and its entries point to files.
pub(super) fn whole(body: &[u8]) -> Whole {
    let Some(table) = table(body) else { return Whole::No("缺少压缩包目录（中途截断）") };
    let seen = names(body, table).count();
    if seen < table.entries.min(ENTRIES) { Whole::No("压缩包目录错误") } else { Whole::Yes }
}

/// Where the table of contents stands.
#[derive(Debug, Clone, Copy)]
struct Table {
    start: usize,
    entries: usize,
    /// Bytes before the archive, as in a self-extracting one; offsets do not count them.
    before: usize,
}

fn table(body: &[u8]) -> Option<Table> {
    let tail = body.len().saturating_sub(END);
    let end = tail + find_last(&body[tail..], b"PK\x05\x06")?;
    let (entries, length, offset) = (le16(body, end + 10)?, le32(body, end + 12)?, le32(body, end + 16)?);
    let is_wide = entries == 0xffff || length == u32::MAX || offset == u32::MAX;
    if is_wide {
        // Zip64: the numbers stand elsewhere. Archives of that size are not read to the end anyway.
        return Some(Table { start: end, entries: 0, before: 0 });
    }
    let start = end.checked_sub(length as usize)?;
    let before = start.checked_sub(offset as usize)?;
    Some(Table { start, entries: entries as usize, before })
}

/// The names in the table of contents, as far as it is sound.
fn names(body: &[u8], table: Table) -> impl Iterator<Item = &[u8]> {
    entries(body, table).map(|entry| entry.name)
}

/// A file in an archive, still packed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    /// As written: UTF-8 or what the packer's machine spoke.
    pub(crate) name: &'a [u8],
    /// Whether a password is needed.
    pub(crate) is_encrypted: bool,
    /// How it is packed.
    pub(crate) method: Method,
    archive: &'a [u8],
    local: usize,
    length: usize,
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
    /// One of those that nobody uses for documents.
    Other,
}

impl<'a> Packed<'a> {
    /// Its bytes in the archive; nothing where they are not there.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        let start = || {
            let name = le16(self.archive, self.local + 26)? as usize;
            let extra = le16(self.archive, self.local + 28)? as usize;
            Some(self.local + 30 + name + extra)
        };
        let rest = start().and_then(|start| self.archive.get(start..)).unwrap_or_default();
        &rest[..rest.len().min(self.length)]
    }
}

/// The files of an archive, as far as its table of contents is sound.
pub(crate) fn files(body: &[u8]) -> impl Iterator<Item = Packed<'_>> {
    table(body).into_iter().flat_map(|table| entries(body, table))
}

fn entries(body: &[u8], table: Table) -> impl Iterator<Item = Packed<'_>> {
    let mut at = table.start;
    (0..table.entries.min(ENTRIES)).map_while(move |_| {
        if body.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) =
            (le16(body, at + 28)? as usize, le16(body, at + 30)? as usize, le16(body, at + 32)? as usize);
        let local = table.before.checked_add(le32(body, at + 42)? as usize)?;
        let entry = Packed {
            name: body.get(at + 46..at + 46 + name)?,
            is_encrypted: le16(body, at + 8)? & 1 == 1,
            method: match le16(body, at + 10)? {
                0 => Method::Stored,
                8 => Method::Deflated,
                _ => Method::Other,
            },
            archive: body,
            local,
            length: le32(body, at + 20)? as usize,
        };
        at += 46 + name + extra + comment;
        (body.get(local..local.checked_add(4)?)? == b"PK\x03\x04").then_some(entry)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An archive of empty files with these names.
    pub(in crate::file) fn some_zip(names: &[&str]) -> Vec<u8> {
        let mut body = Vec::new();
        let mut table = Vec::new();
        for name in names {
            let offset = body.len() as u32;
            let length = (name.len() as u16).to_le_bytes();
            body.extend([&b"PK\x03\x04"[..], &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
            let entry =
                [&b"PK\x01\x02"[..], &[0; 24], &length, &[0; 12], &offset.to_le_bytes(), name.as_bytes()];
            table.extend(entry.concat());
        }
        let count = (names.len() as u16).to_le_bytes();
        let (offset, length) = ((body.len() as u32).to_le_bytes(), (table.len() as u32).to_le_bytes());
        body.extend(table);
        body.extend([&b"PK\x05\x06"[..], &[0; 4], &count, &count, &length, &offset, &[0; 2]].concat());
        body
    }

    #[test]
    fn tells_documents_by_their_names() {
        let check = |names: &[&str], expected: Kind| {
            let body = some_zip(names);
            assert_eq!((kind(&body), whole(&body)), (expected, Whole::Yes), "{names:?}");
        };
        check(&[], Kind::Zip);
        check(&["a.txt", "b/c.doc"], Kind::Zip);
        check(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"], Kind::Word);
        check(&["xl/workbook.xml", "[Content_Types].xml"], Kind::Excel);
        check(&["[Content_Types].xml", "ppt\\presentation.xml"], Kind::PowerPoint);
        check(&["word/document.xml"], Kind::Zip);
        check(&["OFD.xml", "Doc_0/Document.xml"], Kind::Ofd);
        check(&["mimetype", "content.xml"], Kind::OpenDocument);
    }

    #[test]
    fn a_damaged_table_is_noticed() {
        let check = |body: &[u8], expected: bool| assert_eq!(whole(body) == Whole::Yes, expected);
        let good = some_zip(&["a", "b"]);
        check(&good, true);
        check(&[&b"MZ stub"[..], &good].concat(), true);
        check(&[&good[..], b"trailing"].concat(), true);
        check(&good[..good.len() - 23], false);
        check(b"PK\x03\x04", false);
        let mut wrong = good.clone();
        wrong[0] = b'X';
        check(&wrong, false);
        let mut claims = good;
        let count = claims.len() - 12;
        claims[count] = 200;
        check(&claims, false);
    }
}
