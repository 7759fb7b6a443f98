//! Names and packing: what a body is called, and how it looks in a pack.

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
    fn a_name_is_the_sha256_of_the_body() {
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(name(b"abc").to_string(), digits);
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
