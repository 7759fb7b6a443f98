//! The structure of raster pictures: their size, and whether they are walked to their end.
//!
//! Each walk moves forward at every step and does nothing with the pixels, so it takes time linear in the body.

use flate2::Crc;

use super::{Whole, be16, be32, find_last, le16, le32};

type Walked = (Option<(u32, u32)>, Whole);

/// Chunks with their checksums, up to `IEND`.
pub(super) fn png(body: &[u8]) -> Walked {
    let size = be32(body, 16).zip(be32(body, 20));
    let mut at = 8;
    let mut has_pixels = false;
    loop {
        let (Some(length), Some(name)) = (be32(body, at), body.get(at + 4..at + 8)) else {
            return (size, Whole::No("中途截断，缺少结束块"));
        };
        let data_end = (at + 8).saturating_add(length as usize);
        let Some(sum) = be32(body, data_end) else {
            return (size, Whole::No("中途截断，缺少结束块"));
        };
        // A lower-case letter marks a chunk that readers may skip, and so they forgive its checksum.
        let is_critical = name[0].is_ascii_uppercase();
        if is_critical && checksum(&body[at + 4..data_end]) != sum {
            return (size, Whole::No("数据块校验失败"));
        }
        match name {
            b"IDAT" => has_pixels = true,
            b"IEND" if has_pixels => return (size, Whole::Yes),
            b"IEND" => return (size, Whole::No("没有图像数据")),
            _ => {}
        }
        at = data_end + 4;
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Segments up to the scan, then its end mark. Anything may follow that; cameras and editors add to it.
pub(super) fn jpeg(body: &[u8]) -> Walked {
    let mut size = None;
    let mut at = 2;
    loop {
        while body.get(at) == Some(&0xff) && body.get(at + 1) == Some(&0xff) {
            at += 1; // Fill bytes.
        }
        let (Some(0xff), Some(marker)) = (body.get(at), body.get(at + 1)) else {
            return (size, Whole::No("没有图像数据"));
        };
        match marker {
            0xd8 | 0x01 | 0xd0..=0xd7 => at += 2,
            0xd9 => return (size, Whole::No("没有图像数据")),
            0xda => break,
            _ => {
                let Some(length) = be16(body, at + 2).filter(|length| *length >= 2) else {
                    return (size, Whole::No("中途截断"));
                };
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    size = be16(body, at + 7).zip(be16(body, at + 5));
                }
                at += 2 + length as usize;
            }
        }
    }
    let whole = if find_last(&body[at..], b"\xff\xd9").is_some() {
        Whole::Yes
    } else {
        Whole::No("缺少结束标记")
    };
    (size, whole)
}

/// Blocks up to the trailer. One that only lacks the trailer is shown whole by every browser.
pub(super) fn gif(body: &[u8]) -> Walked {
    let size = le16(body, 6).zip(le16(body, 8));
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let Some(flags) = body.get(10) else { return (size, Whole::No("中途截断")) };
    let mut at = 13 + table(*flags);
    let mut has_picture = false;
    loop {
        let blocks = match body.get(at) {
            Some(0x21) => at + 2,
            Some(0x2c) => match body.get(at + 9) {
                Some(flags) => at + 11 + table(*flags),
                None => return (size, Whole::No("中途截断")),
            },
            Some(0x3b) | None if has_picture => return (size, Whole::Yes),
            Some(0x3b) | None => return (size, Whole::No("没有图像数据")),
            // Readers stop at what they do not know and show what they have.
            Some(_) if has_picture => return (size, Whole::Yes),
            Some(_) => return (size, Whole::No("数据块错误")),
        };
        has_picture |= body[at] == 0x2c;
        match after_blocks(body, blocks) {
            Some(next) => at = next,
            None => return (size, Whole::No("中途截断")),
        }
    }
}

/// The place after a run of GIF sub-blocks, which an empty one ends.
fn after_blocks(body: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match body.get(at)? {
            0 => return Some(at + 1),
            length => at += 1 + usize::from(*length),
        }
    }
}

/// The length that the container promises.
pub(super) fn webp(body: &[u8]) -> Walked {
    let size = match body.get(12..16) {
        Some(b"VP8 ") => {
            le16(body, 26).zip(le16(body, 28)).map(|(width, height)| (width & 0x3fff, height & 0x3fff))
        }
        Some(b"VP8L") => le32(body, 21).map(|bits| ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)),
        Some(b"VP8X") => {
            le32(body, 24).zip(le32(body, 27)).map(|(width, height)| (low24(width), low24(height)))
        }
        _ => None,
    };
    // An odd length may lack its byte of padding.
    let promised = le32(body, 4).map_or(usize::MAX, |length| length as usize);
    let whole = if body.len().saturating_sub(7) >= promised { Whole::Yes } else { Whole::No("中途截断") };
    (size, whole)
}

fn low24(value: u32) -> u32 {
    (value & 0xff_ffff) + 1
}

/// Rows of uncompressed pixels; the length in the header is wrong too often to count.
pub(super) fn bmp(body: &[u8]) -> Walked {
    if le32(body, 14) == Some(12) {
        return (le16(body, 18).zip(le16(body, 20)), Whole::CannotTell);
    }
    let (Some(width), Some(height)) = (le32(body, 18), le32(body, 22)) else {
        return (None, Whole::No("中途截断"));
    };
    let height = (height as i32).unsigned_abs(); // Negative: from the top.
    let size = Some((width, height));
    let (Some(start), Some(bits), Some(compression)) = (le32(body, 10), le16(body, 28), le32(body, 30))
    else {
        return (size, Whole::No("中途截断"));
    };
    if !matches!(compression, 0 | 3) {
        return (size, Whole::CannotTell);
    }
    let row = (u64::from(width) * u64::from(bits)).div_ceil(32) * 4;
    let needed = u64::from(start).saturating_add(row.saturating_mul(u64::from(height)));
    let whole = if body.len() as u64 >= needed { Whole::Yes } else { Whole::No("中途截断") };
    (size, whole)
}

/// Every picture of the directory lies within the file.
pub(super) fn ico(body: &[u8]) -> Walked {
    let count = le16(body, 4).unwrap_or(0) as usize;
    let edge = |at: usize| body.get(at).map(|edge| if *edge == 0 { 256 } else { u32::from(*edge) });
    let lies_within = |entry: usize| {
        let (length, start) = (le32(body, entry + 8), le32(body, entry + 12));
        length
            .zip(start)
            .is_some_and(|(length, start)| u64::from(length) + u64::from(start) <= body.len() as u64)
    };
    let whole = if (0..count).all(|number| lies_within(6 + 16 * number)) {
        Whole::Yes
    } else {
        Whole::No("中途截断")
    };
    // A favicon of one pixel is drawn large all the same, so the size of the first entry is told, no more.
    (edge(6).zip(edge(7)), whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::find;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let content = [name, data].concat();
        let sum = checksum(&content);
        [&(data.len() as u32).to_be_bytes()[..], &content, &sum.to_be_bytes()].concat()
    }

    fn some_png() -> Vec<u8> {
        let header = [&2u32.to_be_bytes()[..], &3u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let chunks =
            [chunk(b"IHDR", &header), chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", b"xyz"), chunk(b"IEND", b"")];
        [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
    }

    fn is_whole(walked: Walked) -> bool {
        walked.1 == Whole::Yes
    }

    #[test]
    fn png_is_walked_by_its_chunks() {
        let good = some_png();
        assert_eq!(png(&good), (Some((2, 3)), Whole::Yes));
        assert!(is_whole(png(&[&good[..], b"trailing"].concat())));
        for cut in [good.len() - 1, good.len() - 12, 40, 20, 8] {
            assert!(!is_whole(png(&good[..cut])), "cut at {cut}");
        }
        let flip = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        };
        let text = find(&good, b"a\0b").expect("the text chunk");
        let pixels = find(&good, b"xyz").expect("the pixels");
        assert!(is_whole(png(&flip(text))));
        assert!(!is_whole(png(&flip(pixels))));
    }

    #[test]
    fn jpeg_is_walked_to_its_scan() {
        let head = b"\xff\xd8\xff\xe0\0\x04\xff\xd9\xff\xff\xc0\0\x0b\x08\0\x03\0\x02\x01\x01\x11\0\xff\xda\0\x02abc";
        let with = |tail: &[u8]| [&head[..], tail].concat();
        assert_eq!(jpeg(&with(b"\xff\xd9")), (Some((2, 3)), Whole::Yes));
        assert!(is_whole(jpeg(&with(b"\xff\xd9\0\0\0junk"))));
        assert!(!is_whole(jpeg(&with(b""))));
        assert!(!is_whole(jpeg(&head[..12])));
        assert!(!is_whole(jpeg(b"\xff\xd8\xff\xd9")));
        assert!(!is_whole(jpeg(b"\xff\xd8\xff\xe0\0\0")));
    }

    #[test]
    fn gif_is_walked_by_its_blocks() {
        let good = b"GIF89a\x02\0\x03\0\0\0\0,\0\0\0\0\x02\0\x03\0\0\x02\x02D\x01\0;";
        assert_eq!(gif(good), (Some((2, 3)), Whole::Yes));
        assert!(is_whole(gif(&good[..good.len() - 1])));
        assert!(!is_whole(gif(&good[..good.len() - 2])));
        assert!(!is_whole(gif(b"GIF89a\x02\0\x03\0\0\0\0;")));
        assert!(!is_whole(gif(b"GIF89a\x02\0")));
    }

    #[test]
    fn webp_keeps_its_promise() {
        let good = b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x02\0\x03\0";
        assert_eq!(webp(good), (Some((2, 3)), Whole::Yes));
        assert!(is_whole(webp(&good[..good.len() - 1])));
        assert!(!is_whole(webp(&good[..good.len() - 4])));
    }

    #[test]
    fn bmp_has_all_its_rows() {
        let header = |height: i32| {
            [
                &b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0"[..],
                &height.to_le_bytes(),
                b"\x01\0\x18\0\0\0\0\0",
                &[0; 20],
            ]
            .concat()
        };
        let with = |height: i32, pixels: usize| [header(height), vec![0; pixels]].concat();
        assert_eq!(bmp(&with(3, 24)), (Some((2, 3)), Whole::Yes));
        assert_eq!(bmp(&with(-3, 24)), (Some((2, 3)), Whole::Yes));
        assert!(!is_whole(bmp(&with(3, 23))));
        assert!(!is_whole(bmp(&with(i32::MIN, 23))));
    }

    #[test]
    fn ico_holds_its_pictures() {
        let good = b"\0\0\x01\0\x01\0\x10\0\0\0\x01\0\x20\0\x04\0\0\0\x16\0\0\0abcd";
        assert_eq!(ico(good), (Some((16, 256)), Whole::Yes));
        assert!(!is_whole(ico(&good[..good.len() - 1])));
    }
}
