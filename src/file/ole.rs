//! The outside of an OLE compound file: doc, xls, ppt, wps, et, dps, and everything encrypted by Office.
//!
//! Read here rather than by the `cfb` crate, which refuses files that Office and WPS open, and which follows chains
//! that a hostile file may make long. Only the header, the allocation tables that it names and the
//! first directory sectors are looked at.

use super::{Kind, Whole, le16, le32};

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A sector that is not in use.
const FREE: u32 = 0xffff_ffff;

/// Directory sectors followed to find out which program wrote the file.
const DIRECTORY_SECTORS: usize = 64;

/// Share of the sectors in use that may be missing at the end: some writers reserve more than they fill.
const MISSING: u64 = 10;

/// Type of the directory entry that holds the small streams.
const ROOT: u8 = 5;

pub(super) fn is_ole(body: &[u8]) -> bool {
    body.starts_with(MAGIC)
}

/// Which program this belongs to, by the name of its main stream.
pub(super) fn kind(body: &[u8]) -> Kind {
    let Some(file) = Ole::read(body) else { return Kind::Ole };
    let has = |name: &str| file.directory().any(|entry| entry_is(entry, name));
    if has("WordDocument") {
        Kind::Word
    } else if has("Workbook") || has("Book") {
        Kind::Excel
    } else if has("PowerPoint Document") {
        Kind::PowerPoint
    } else {
        Kind::Ole
    }
}

/// Whether the header is sound and the sectors in use are there.
pub(super) fn whole(body: &[u8]) -> Whole {
    let Some(file) = Ole::read(body) else { return Whole::No("文件头错误") };
    if file.directory().next().is_none() {
        return Whole::No("缺少目录（中途截断）");
    }
    let used = file.sectors_in_use();
    let present = (body.len() as u64).div_ceil(file.sector as u64).saturating_sub(1);
    if used.saturating_sub(present) * 100 > used * MISSING { Whole::No("中途截断") } else { Whole::Yes }
}

struct Ole<'a> {
    body: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
}

impl<'a> Ole<'a> {
    fn read(body: &'a [u8]) -> Option<Ole<'a>> {
        let sector = match le16(body, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        (is_ole(body) && le16(body, 28) == Some(0xfffe)).then_some(Ole { body, sector })
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.body.get(start..)?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// Allocation tables named in the header: enough for the first 7 MB.
    fn tables(&self) -> impl Iterator<Item = u32> {
        (0..109).map_while(|at| le32(self.body, 76 + 4 * at)).take_while(|number| *number != FREE)
    }

    /// The sector after this one in its chain.
    fn next(&self, number: u32) -> Option<u32> {
        let per_table = (self.sector / 4) as u32;
        let table = self.tables().nth((number / per_table) as usize)?;
        le32(self.sector_at(table)?, (number % per_table) as usize * 4)
    }

    /// The bytes of a chain of sectors, at most so many, and never more than the file has: that ends a chain that runs
    /// in circles.
    fn chain(&self, first: u32, most: usize) -> Vec<u8> {
        let most = most.min(self.body.len());
        let mut bytes = Vec::new();
        let mut next = Some(first);
        while let Some(sector) = next.filter(|_| bytes.len() < most).and_then(|at| self.sector_at(at)) {
            bytes.extend_from_slice(&sector[..sector.len().min(most - bytes.len())]);
            next = next.and_then(|at| self.next(at));
        }
        bytes
    }

    /// The used entries of the directory.
    fn directory(&self) -> impl Iterator<Item = &'a [u8]> {
        let first = le32(self.body, 48);
        let sectors = std::iter::successors(first, |number| self.next(*number)).take(DIRECTORY_SECTORS);
        let sectors = sectors.map_while(|number| self.sector_at(number));
        sectors.flat_map(|sector| sector.chunks_exact(128)).filter(|entry| entry[66] != 0)
    }

    /// One past the last sector in use, as far as the tables named in the header tell.
    fn sectors_in_use(&self) -> u64 {
        let per_table = self.sector / 4;
        let mut used = 0;
        for (number, table) in self.tables().enumerate() {
            let Some(entries) = self.sector_at(table) else {
                return used.max(u64::from(table) + 1);
            };
            let last = entries.chunks_exact(4).rposition(|entry| entry != FREE.to_le_bytes());
            if let Some(last) = last {
                used = (number * per_table + last + 1) as u64;
            }
        }
        used
    }
}

/// Streams below this size stand in a file of their own, in sectors of 64 bytes.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// The stream of this name, cut at `most` bytes; `None` where it is not there, or not all of it.
pub(crate) fn stream(body: &[u8], name: &str, most: usize) -> Option<Vec<u8>> {
    let file = Ole::read(body)?;
    let entry = file.directory().find(|entry| entry_is(entry, name))?;
    let (first, length) = (le32(entry, 116)?, le32(entry, 120)? as usize);
    if length >= SMALL {
        let wanted = length.min(most);
        return Some(file.chain(first, wanted)).filter(|bytes| bytes.len() == wanted);
    }
    let root = file.directory().find(|entry| entry[66] == ROOT)?;
    let small = file.chain(le32(root, 116)?, (le32(root, 120)? as usize).min(most));
    let table = file.chain(le32(body, 60)?, (le32(body, 64)? as usize).saturating_mul(file.sector).min(most));
    let mut bytes = Vec::new();
    let mut at = first;
    while bytes.len() < length {
        let start = (at as usize).checked_mul(SMALL_SECTOR)?;
        bytes.extend_from_slice(small.get(start..start + SMALL_SECTOR)?);
        at = le32(&table, (at as usize).checked_mul(4)?)?;
    }
    bytes.truncate(length);
    Some(bytes)
}

/// Whether a directory entry bears this name (UTF-16, with its closing zero counted).
fn entry_is(entry: &[u8], name: &str) -> bool {
    let length = 2 * (name.len() + 1);
    le16(entry, 64) == Some(length as u32)
        && entry.chunks_exact(2).zip(name.bytes()).all(|(unit, letter)| unit == [letter, 0])
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A real file, as the `cfb` crate writes it.
    fn some_ole(stream: &str, bytes: usize) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).expect("in memory");
        file.create_stream(stream).expect("a new stream").write_all(&vec![7; bytes]).expect("in memory");
        file.into_inner().into_inner()
    }

    #[test]
    fn tells_the_program() {
        let check = |stream: &str, expected: Kind| {
            let body = some_ole(stream, 9000);
            assert_eq!((kind(&body), whole(&body)), (expected, Whole::Yes), "{stream}");
        };
        check("WordDocument", Kind::Word);
        check("Workbook", Kind::Excel);
        check("Book", Kind::Excel);
        check("PowerPoint Document", Kind::PowerPoint);
        check("EncryptedPackage", Kind::Ole);
    }

    #[test]
    fn a_cut_file_is_noticed() {
        let good = some_ole("WordDocument", 200_000);
        let check =
            |body: &[u8], expected: bool| assert_eq!(whole(body) == Whole::Yes, expected, "{}", body.len());
        check(&good, true);
        check(&good[..good.len() - 500], true);
        check(&good[..good.len() / 2], false);
        check(&good[..600], false);
        check(&good[..100], false);
        check(MAGIC, false);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut body = some_ole("Other", 100);
        let table = le32(&body, 76).expect("a table") as usize;
        let directory = le32(&body, 48).expect("a directory");
        let sector = 1 << le16(&body, 30).expect("a shift");
        let link = (table + 1) * sector + directory as usize * 4;
        body[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        assert_eq!(kind(&body), Kind::Ole);
    }
}
