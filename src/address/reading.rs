//! What an address says to somebody who reads it.

use percent_encoding::percent_decode_str;

use super::Address;

impl Address {
    /// Path and query with their percents undone, each part of them a line: in UTF-8, and where that is none, in GBK.
    pub fn readable(&self) -> String {
        let url = self.url();
        let written = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let bytes: Vec<u8> = percent_decode_str(written).collect();
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(other) => encoding_rs::GB18030.decode_without_bom_handling(other.as_bytes()).0.into_owned(),
        };
        text.replace(['/', '?', '&', '=', '+'], "\n").trim_matches('\n').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_undone_in_the_encoding_they_were_made_in() {
        let check = |written: &str, expected: &str| {
            let address = Address::parse(&format!("http://x.gov.cn{written}")).expect("a good address");
            assert_eq!(address.readable(), expected, "{written}");
        };
        check("/", "");
        check("/a/b.html?c=1&d=e", "a\nb.html\nc\n1\nd\ne");
        check("/附件/一.html", "附件\n一.html");
        check("/%E9%99%84%E4%BB%B6", "附件");
        check("/s?k=%D6%D0%B9%FA", "s\nk\n中国");
        check("/%zz%e9", "%zz\u{fffd}");
    }
}
