//! The files of an archive, unpacked within the budget.

use std::io::{self, Read};

use encoding_rs::GB18030;
use flate2::read::DeflateDecoder;

use super::budget::Budget;
use crate::facts::Gap;
use crate::file::zip::{self, Method, Packed};

/// An opened archive.
pub(super) struct Archive<'a> {
    members: Vec<(String, Packed<'a>)>,
    budget: &'a Budget,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8], budget: &'a Budget) -> Archive<'a> {
        let members: Vec<_> = zip::files(bytes).map(|file| (name(file.name), file)).collect();
        if members.is_empty() {
            budget.reach(Gap::Damaged, "压缩包目录无法读取");
        }
        Archive { members, budget }
    }

    /// Names and files, in the order of the archive.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Packed<'a>)> {
        self.members.iter().map(|(name, file)| (name.as_str(), file))
    }

    /// The names between a prefix and a suffix that enclose a number, by that number: `ppt/slides/slide12.xml`.
    pub(super) fn numbered(&self, prefix: &str, suffix: &str) -> Vec<(u32, &str)> {
        let number = |name: &str| name.strip_prefix(prefix)?.strip_suffix(suffix)?.parse().ok();
        let mut found: Vec<(u32, &str)> =
            self.members().filter_map(|(name, _)| Some((number(name)?, name))).collect();
        found.sort_unstable();
        found
    }

    /// A file to be read bit by bit.
    pub(super) fn read(&self, wanted: &str) -> Option<impl Read + '_> {
        let (_, file) = self.members().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(self.unpacked(file))
    }

    /// A whole file, or as much of it as may be unpacked.
    pub(super) fn unpack(&self, file: &Packed<'a>) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.unpacked(file).read_to_end(&mut bytes).is_err() {
            self.budget.reach(Gap::Damaged, "压缩包内文件损坏，只读取了前一部分");
        }
        bytes
    }

    fn unpacked(&self, file: &Packed<'a>) -> Unpacked<'a> {
        let packed = file.bytes();
        let source: Box<dyn Read + 'a> = match file.method {
            _ if file.is_encrypted => {
                self.budget.reach(Gap::Locked, "文件已加密，无法读取");
                Box::new(io::empty())
            }
            Method::Stored => Box::new(packed),
            Method::Deflated => Box::new(DeflateDecoder::new(packed)),
            Method::Other => {
                self.budget.reach(Gap::Foreign, "压缩方式少见，部分内容未读取");
                Box::new(io::empty())
            }
        };
        Unpacked { source, budget: self.budget }
    }
}

/// Names are UTF-8, or what Windows in China writes.
fn name(bytes: &[u8]) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    };
    name.replace('\\', "/")
}

/// Counts what comes out of a packed file, and ends where the budget does.
pub(super) struct Unpacked<'a> {
    pub(super) source: Box<dyn Read + 'a>,
    pub(super) budget: &'a Budget,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let granted = self.budget.unpack(into.len());
        let read = self.source.read(&mut into[..granted])?;
        self.budget.unpacked(read);
        Ok(read)
    }
}
