//! PowerPoint 97 to 2003: atoms of text in nested containers, read in the order of the file.

use encoding_rs::WINDOWS_1252;

use super::Reading;
use crate::facts::Gap;
use crate::file::{le16, le32, ole};

/// Bytes of the stream that are read.
const STREAM: usize = 64 << 20;

const WIDE: u32 = 0x0fa0;
const NARROW: u32 = 0x0fa8;

pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let Some(stream) = ole::stream(bytes, "PowerPoint Document", STREAM) else {
        return reading.budget.reach(Gap::Damaged, "演示文稿结构无法读取");
    };
    let mut text = String::new();
    let mut at = 0;
    while let (Some(version), Some(kind), Some(length)) =
        (le16(&stream, at), le16(&stream, at + 2), le32(&stream, at + 4))
    {
        at += 8;
        if version & 0xf == 0xf {
            continue; // A container: what it holds comes next.
        }
        let body = at.checked_add(length as usize).and_then(|end| stream.get(at..end));
        let Some(body) = body else { break };
        match kind {
            WIDE => {
                let units = body.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
                text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
                text.push('\n');
            }
            NARROW => {
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(body).0);
                text.push('\n');
            }
            _ => {}
        }
        at += body.len();
    }
    reading.keep("幻灯片", &text.replace(['\r', '\u{b}'], "\n"));
}
