//! Sitemaps: XML, index, plain text, any of them gzipped.
//!
//! Reads what is there and no more: a map that is broken half-way gives the addresses up to there. Fetching the
//! children of an index, down to [`MAX_DEPTH`], is up to the crawl.

use std::{borrow::Cow, io::Read};

use flate2::read::MultiGzDecoder;
use quick_xml::{Reader, escape::resolve_xml_entity, events::Event};

use crate::facts::Mention;

/// Addresses taken from one map; the protocol allows no more.
pub const MAX_URLS: usize = 50_000;

/// Levels of indexes followed; the protocol allows one, generators make two.
pub const MAX_DEPTH: usize = 3;

/// Bytes of a map after decompression; the protocol allows no more.
const MAX_BYTES: usize = 50 << 20;

/// Bytes of one address; longer ones are no addresses.
const MAX_ADDRESS: usize = 8 << 10;

/// What a sitemap lists, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Addresses of pages.
    pub urls: Vec<Mention>,
    /// Addresses of further maps.
    pub children: Vec<Mention>,
    /// Whether it was cut at a cap or broken off at an error.
    pub limited: bool,
}

/// Reads a sitemap.
pub fn parse(body: &[u8]) -> Sitemap {
    let (bytes, is_cut) = inflate(body, MAX_BYTES);
    let text = decode(&bytes);
    let mut map = if text.trim_start().starts_with('<') { read_xml(&text) } else { read_lines(&text) };
    map.limited |= is_cut;
    map
}

/// The body without gzip, should it still be in it, up to a cap.
fn inflate(body: &[u8], cap: usize) -> (Cow<'_, [u8]>, bool) {
    if !body.starts_with(b"\x1f\x8b") {
        let kept = body.len().min(cap);
        return (Cow::Borrowed(&body[..kept]), kept < body.len());
    }
    let mut inflated = Vec::new();
    let ended = MultiGzDecoder::new(body).take(cap as u64).read_to_end(&mut inflated);
    let is_cut = ended.is_err() || inflated.len() >= cap;
    (Cow::Owned(inflated), is_cut)
}

/// UTF-8 by the protocol, but a byte order mark or a declaration of GBK is believed.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).to_ascii_lowercase();
    let is_gbk = ["\"gb2312\"", "\"gbk\"", "\"gb18030\""].iter().any(|name| head.contains(name));
    if is_gbk {
        encoding_rs::GB18030.decode_without_bom_handling(bytes).0
    } else {
        String::from_utf8_lossy(bytes)
    }
}

fn read_lines(text: &str) -> Sitemap {
    let is_address = |line: &str| line.starts_with("http://") || line.starts_with("https://");
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').filter_map(|line| {
        let offset = at as u64;
        at += line.len();
        let address = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let is_kept = is_address(address) && address.len() <= MAX_ADDRESS;
        is_kept.then(|| Mention { address: address.to_owned(), offset })
    });
    let urls = lines.by_ref().take(MAX_URLS).collect();
    Sitemap { urls, children: Vec::new(), limited: lines.next().is_some() }
}

/// Where an address stands: `loc` counts below `url` and `sitemap`, not below `image`, whatever their prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Page,
    Map,
    Other,
}

fn read_xml(text: &str) -> Sitemap {
    let mut map = Sitemap::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut entry = Entry::Other;
    let mut address: Option<Mention> = None;
    loop {
        let offset = reader.buffer_position();
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => {
                map.limited = true;
                return map;
            }
        };
        match event {
            Event::Eof => return map,
            Event::Start(tag) => match tag.local_name().as_ref() {
                name if is(name, "url") => entry = Entry::Page,
                name if is(name, "sitemap") => entry = Entry::Map,
                name if is(name, "loc") && entry != Entry::Other => {
                    address = Some(Mention { address: String::new(), offset });
                }
                name if is(name, "image") || is(name, "video") || is(name, "news") => entry = Entry::Other,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                name if is(name, "loc") => {
                    let Some(found) = address.take() else { continue };
                    if map.urls.len() + map.children.len() >= MAX_URLS {
                        map.limited = true;
                        return map;
                    }
                    map.take(entry, found);
                }
                // What follows a picture within the entry of a page is about the page again.
                name if is(name, "image") || is(name, "video") || is(name, "news") => entry = Entry::Page,
                name if is(name, "url") || is(name, "sitemap") => entry = Entry::Other,
                _ => {}
            },
            Event::Text(part) => append(&mut address, &part),
            Event::CData(part) => append(&mut address, &part),
            Event::GeneralRef(part) => {
                let named = resolve_xml_entity(&part).map(str::to_owned);
                let numbered = || part.resolve_char_ref().ok().flatten().map(String::from);
                append(&mut address, &named.or_else(numbered).unwrap_or_else(|| format!("&{};", &*part)));
            }
            _ => {}
        }
    }
}

impl Sitemap {
    fn take(&mut self, entry: Entry, found: Mention) {
        let address = found.address.trim();
        if address.is_empty() || address.len() > MAX_ADDRESS {
            return;
        }
        let mention = Mention { address: address.to_owned(), ..found };
        match entry {
            Entry::Page => self.urls.push(mention),
            Entry::Map => self.children.push(mention),
            Entry::Other => {}
        }
    }
}

fn append(found: &mut Option<Mention>, part: &str) {
    if let Some(found) = found.as_mut().filter(|found| found.address.len() <= MAX_ADDRESS) {
        found.address.push_str(part);
    }
}

fn is(name: &str, expected: &str) -> bool {
    name.eq_ignore_ascii_case(expected)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn check(body: &[u8], urls: &[&str], children: &[&str], limited: bool) {
        let map = parse(body);
        assert_eq!((map.urls.len(), map.limited), (urls.len(), limited), "{map:?}");
        let addresses = |named: &[Mention]| -> Vec<String> {
            named.iter().map(|mention| mention.address.clone()).collect()
        };
        assert_eq!((addresses(&map.urls), addresses(&map.children)), (owned(urls), owned(children)));
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn says_where_addresses_stand() {
        let check = |text: &str, needle: &str| {
            let offset = text.find(needle).expect("it is there") as u64;
            let map = parse(text.as_bytes());
            let mentions = map.urls.iter().chain(&map.children);
            assert!(mentions.into_iter().any(|mention| mention.offset == offset), "{needle}: {map:?}");
        };
        check(MAP, "<loc> http");
        check(MAP, "<loc><![CDATA");
        check("http://x/a\r\n# 无\nhttp://x/b\n", "http://x/b");
        check("<sitemapindex><sitemap><loc>http://x/1.xml</loc></sitemap></sitemapindex>", "<loc>");
    }

    const MAP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"x\">
        <url><loc> http://x.gov.cn/a?b=1&amp;c=2 </loc><lastmod>2025-01-01</lastmod>
        <image:image><image:loc>http://x.gov.cn/p.png</image:loc></image:image></url>
        <url><loc><![CDATA[http://x.gov.cn/b&c]]></loc></url></urlset>";

    #[test]
    fn reads_maps() {
        check(MAP.as_bytes(), &["http://x.gov.cn/a?b=1&c=2", "http://x.gov.cn/b&c"], &[], false);
        check(
            b"<s:urlset><s:url><s:loc>http://x/&#x41;&#66;</s:loc></s:url></s:urlset>",
            &["http://x/AB"],
            &[],
            false,
        );
        check(
            b"<sitemapindex><sitemap><loc>http://x/1.xml</loc></sitemap><sitemap><loc>http://x/2.xml</loc></sitemap></sitemapindex>",
            &[],
            &["http://x/1.xml", "http://x/2.xml"],
            false,
        );
        check(
            "\u{feff}http://x/a\r\n# no\n https://x/b \n".as_bytes(),
            &["http://x/a", "https://x/b"],
            &[],
            false,
        );
        check(b"", &[], &[], false);
        check(b"<html><body>404</body></html>", &[], &[], false);
    }

    #[test]
    fn reads_other_encodings() {
        let text =
            "<?xml version=\"1.0\" encoding=\"GBK\"?><urlset><url><loc>http://x/附件</loc></url></urlset>";
        check(&encoding_rs::GBK.encode(text).0, &["http://x/附件"], &[], false);
        let wide: Vec<u8> =
            std::iter::once(0xfeffu16).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        check(&wide, &["http://x/附件"], &[], false);
    }

    #[test]
    fn survives_broken_ones() {
        let url = "<urlset><url><loc>http://x/a</loc></url>";
        check(format!("{url}<url><loc>http://x/b</l").as_bytes(), &["http://x/a"], &[], true);
        check(format!("{url}</nonsense><url><loc>http://x/b").as_bytes(), &["http://x/a"], &[], false);
        check(
            format!("<!DOCTYPE u [<!ENTITY e \"eeee\">]>{url}<url><loc>http://x/&e;&</loc></url>").as_bytes(),
            &["http://x/a", "http://x/&e;&"],
            &[],
            false,
        );
        let long = format!("<urlset><url><loc>http://x/{}</loc></url></urlset>", "a".repeat(10_000));
        check(long.as_bytes(), &[], &[], false);
    }

    #[test]
    fn keeps_to_its_caps() {
        let many = "<url><loc>http://x/a</loc></url>".repeat(MAX_URLS + 5);
        let map = parse(format!("<urlset>{many}</urlset>").as_bytes());
        assert_eq!((map.urls.len(), map.limited), (MAX_URLS, true));
        let map = parse("http://x/a\n".repeat(MAX_URLS + 5).as_bytes());
        assert_eq!((map.urls.len(), map.limited), (MAX_URLS, true));
    }

    #[test]
    fn inflates_what_is_gzipped() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"http://x/a\n").expect("in memory");
        let body = encoder.finish().expect("in memory");
        check(&body, &["http://x/a"], &[], false);
        check(&body[..body.len() - 4], &["http://x/a"], &[], true);
        let (inflated, is_cut) = inflate(&body, 4);
        assert_eq!((&*inflated, is_cut), (&b"http"[..], true));
    }
}
