//! A script in a file of its own: what it writes is a page by itself.

use super::{Document, Page, charset, read};
use crate::address::Address;
use crate::finding::Place;
use crate::script::SCRIPT_BYTES;

/// A script in a file of its own.
pub struct Program {
    /// What stands where nothing was written yet.
    pub(super) blank: Page,
    /// Its code, decoded.
    pub(super) code: String,
    body: Vec<u8>,
}

/// Steps in which a place in the file is looked for.
const STEP: usize = 256;

impl Program {
    /// Reads the body of a file, at most [`SCRIPT_BYTES`] of it; `content_type` is what its header says. Any bytes make a
    /// script.
    pub fn new(address: &Address, content_type: Option<&str>, body: &[u8]) -> Program {
        let body = &body[..body.len().min(SCRIPT_BYTES)];
        let charset::Decoded { text: code, charset, .. } = charset::decode(body, content_type);
        let (text, oddities) = (String::new(), Vec::new());
        let blank = read(Document { address, is_home: false, charset, text, oddities });
        Program { blank, code, body: body.to_vec() }
    }

    /// Where it lies.
    pub fn address(&self) -> &Address {
        &self.blank.address
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The page that it begins with: an empty one at its address.
    pub fn blank(&self) -> &Page {
        &self.blank
    }

    /// The place of a byte of the code.
    pub fn place(&self, offset: usize) -> Place {
        Place { offset: Some(self.byte_in_file(offset) as u64), ..Place::default() }
    }

    /// The byte of the file where a byte of the code stands: editors and `grep -b` count those, whatever the encoding.
    fn byte_in_file(&self, offset: usize) -> usize {
        let mut decoder = self.blank.charset.encoding.new_decoder_with_bom_removal();
        let mut text = String::with_capacity(STEP * 4);
        let (mut at, mut decoded) = (0, 0);
        while at < self.body.len() {
            // Near the place one byte at a time; a character never takes more than four, nor gives more than six.
            let step = if decoded + STEP * 8 < offset { STEP } else { 1 };
            let chunk = &self.body[at..self.body.len().min(at + step)];
            text.clear();
            let (_, read, _) = decoder.decode_to_string(chunk, &mut text, false);
            if decoded + text.len() > offset {
                return at;
            }
            decoded += text.len();
            at += read.max(1);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_bytes() {
        let address = Address::parse("http://a.test/a.js").unwrap();
        let check = |body: &[u8], content_type: &str| {
            let program = Program::new(&address, Some(content_type), body);
            let in_code = program.code().find("location").unwrap();
            let in_file = body.windows(8).position(|bytes| bytes == b"location").unwrap();
            assert_eq!(program.byte_in_file(in_code), in_file, "{content_type}");
        };
        let code = format!("/* {} */location='/a'", "主办单位：某局；".repeat(700));
        check(code.as_bytes(), "text/javascript");
        check(format!("\u{feff}{code}").as_bytes(), "text/javascript; charset=utf-8");
        check(&encoding_rs::GBK.encode(&code).0, "text/javascript; charset=gbk");
        check(&[&[0xff; 5_000], code.as_bytes()].concat(), "text/javascript; charset=utf-8");
        check(b"location", "");
    }

    #[test]
    fn any_bytes_make_a_script() {
        let address = Address::parse("http://a.test/a.js").unwrap();
        for body in [&b""[..], &[0; 3_000], &[0xff; 3_000], b"\xff\xfe\x3c", &vec![b'('; 2 << 20]] {
            let program = Program::new(&address, None, body);
            assert!(program.byte_in_file(usize::MAX) <= body.len());
        }
    }
}
