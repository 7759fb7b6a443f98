//! Names and packing: what a body is called, and how it looks on disk.

use object_store::path::Path;
use sha2::{Digest as _, Sha256};
use zstd::bulk::Compressor;

use crate::facts::BlobId;

/// Largest body. Far above every cap of the crawl, so whatever claims to be larger is damaged or an attack.
pub(super) const BODY_BYTES: u64 = 256 << 20;

/// zstd level. Measured on 5,000 pages of 23 KB (115 MB, one core): level 3 takes 0.89 s for 46 MB, level 1 0.60 s
/// for 50 MB, level -3 0.55 s for 63 MB, level -7 0.38 s for 80 MB. Below 1, little time buys much disk.
const LEVEL: i32 = 1;

/// What a body is called.
pub(super) fn name(body: &[u8]) -> BlobId {
    BlobId(Sha256::digest(body).into())
}

/// Where it lies: `ab/cdef….zst`. The 256 folders keep each of them small.
pub(super) fn location(id: BlobId) -> Path {
    let digits = id.to_string();
    let (folder, rest) = digits.split_at(2);
    Path::from_iter([folder, &format!("{rest}.zst")])
}

/// The folder that holds all names beginning with this byte.
pub(super) fn folder(first: u8) -> Path {
    Path::from(format!("{first:02x}"))
}

/// The body that lies there; `None` for a file that we did not put.
pub(super) fn located(location: &Path) -> Option<BlobId> {
    let (folder, rest) = location.as_ref().strip_suffix(".zst")?.split_once('/')?;
    let digits = format!("{folder}{rest}");
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut id = [0; 32];
    for (byte, digits) in id.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(BlobId(id))
}

/// Packs bodies. Kept between bodies, for setting one up costs more than packing a small body.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> std::io::Result<Packer> {
        Compressor::new(LEVEL).map(Packer)
    }

    pub(super) fn pack(&mut self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        self.0.compress(body)
    }
}

/// Unpacks what should be the body `id`, or says what is wrong with it.
pub(super) fn unpack(packed: &[u8], id: BlobId) -> Result<Vec<u8>, String> {
    // The packer always writes the size, so memory is taken once, and never more than the cap.
    let size = match zstd::zstd_safe::get_frame_content_size(packed) {
        Ok(Some(size)) if size <= BODY_BYTES => size,
        Ok(Some(size)) => return Err(format!("it claims to unpack to {size} bytes")),
        Ok(None) | Err(_) => return Err("it is not packed the way evidence is".to_owned()),
    };
    let body = zstd::bulk::decompress(packed, size as usize).map_err(|error| error.to_string())?;
    match name(&body) == id {
        true => Ok(body),
        false => Err("it holds another body".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_where_it_lies_and_the_other_way_round() {
        let id = name(b"abc");
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(id.to_string(), digits);
        assert_eq!(location(id).as_ref(), format!("ba/{}.zst", &digits[2..]));
        assert_eq!(located(&location(id)), Some(id));
    }

    #[test]
    fn foreign_files_are_nobodys() {
        let name = "f".repeat(62);
        let foreign = [
            "README.md",
            "ff/x.zst",
            &format!("ff/{name}"),
            &format!("fff/{name}.zst"),
            &format!("+f/{name}.zst"),
        ];
        for path in foreign {
            assert_eq!(located(&Path::from(path)), None, "{path}");
        }
    }

    #[test]
    fn packing_and_back() {
        let mut packer = Packer::new().unwrap();
        for body in ["", "x", "四川省生态环境厅", &"公告".repeat(100_000)] {
            let packed = packer.pack(body.as_bytes()).unwrap();
            assert_eq!(unpack(&packed, name(body.as_bytes())).as_deref(), Ok(body.as_bytes()));
        }
    }

    fn check(packed: &[u8], expected: &str) {
        let error = unpack(packed, name(b"abc")).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn damage_is_noticed() {
        let packed = Packer::new().unwrap().pack(b"abc").unwrap();
        check(&[], "not packed");
        check(b"<html>", "not packed");
        check(&packed[..packed.len() - 1], "");
        check(&Packer::new().unwrap().pack(b"abd").unwrap(), "another body");
        // The header of a frame that says it holds 1 TiB.
        let bomb = [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &(1_u64 << 40).to_le_bytes(), &[1, 0, 0]].concat();
        check(&bomb, "claims to unpack to 1099511627776 bytes");
    }
}
