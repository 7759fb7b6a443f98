//! What robots.txt and the sitemaps name that nobody expects there.
//!
//! Of hundreds of thousands of addresses only those are kept that a check may have to say something of.

use std::collections::BTreeMap;

use crate::address::{Address, Relation};
use crate::config::Site;
use crate::facts::{Listing, ListingFile, Mention, Named};
use crate::text::Lexicons;

/// Foreign hosts kept of one file. The next one says nothing new about it.
const HOSTS: usize = 200;
/// Addresses of the site kept of one file.
const SPEAKING: usize = 50;

/// What a file names that nobody expects there; `None` where it names nothing of the kind.
pub(super) fn listing(
    (address, file): (&Address, ListingFile),
    mentions: &[Mention],
    site: &Site,
    lexicons: &Lexicons,
) -> Option<Listing> {
    let mut foreign: BTreeMap<String, Named> = BTreeMap::new();
    let mut speaking = Vec::new();
    for mention in mentions {
        let Ok(named) = address.resolve(&mention.address, encoding_rs::UTF_8) else { continue };
        if site.scope.relation(&named) == Relation::Own {
            if speaking.len() < SPEAKING && speaks(&named, lexicons) {
                speaking.push(Named { mention: mention.clone(), times: 1, own: true });
            }
        } else if let Some(known) = foreign.get_mut(&named.authority()) {
            known.times += 1;
        } else if foreign.len() < HOSTS {
            foreign.insert(named.authority(), Named { mention: mention.clone(), times: 1, own: false });
        }
    }
    let named: Vec<Named> = foreign.into_values().chain(speaking).collect();
    (!named.is_empty()).then(|| Listing { address: address.to_string(), file, named })
}

/// Whether the dictionaries have something to say of an address. Short Latin words are part of many a name of a file:
/// what is written in Latin letters alone says nothing.
fn speaks(address: &Address, lexicons: &Lexicons) -> bool {
    if !address.as_str().contains('%') {
        return false;
    }
    let words = address.readable();
    !words.is_ascii() && !lexicons.hits(&words).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(addresses: &[&str]) -> Vec<(String, u64)> {
        let map = Address::parse("http://www.example.gov.cn/sitemap.xml").expect("a good address");
        let site = Site::at(&map, &[]);
        let mention =
            |(at, address): (usize, &&str)| Mention { address: (*address).to_owned(), offset: at as u64 };
        let mentions: Vec<Mention> = addresses.iter().enumerate().map(mention).collect();
        let listing = listing((&map, ListingFile::Sitemap), &mentions, &site, &Lexicons::built_in());
        let named = listing.map_or_else(Vec::new, |listing| listing.named);
        named.into_iter().map(|named| (named.mention.address, named.times)).collect()
    }

    #[test]
    fn only_what_a_check_may_speak_of_is_kept() {
        let own = "http://www.example.gov.cn";
        assert_eq!(named(&[&format!("{own}/a.html"), &format!("{own}/%E9%99%84%E4%BB%B6.pdf")]), []);
        assert_eq!(
            named(&["http://a.example/1", "http://b.example/", "http://a.example/2"]),
            [("http://a.example/1".to_owned(), 2), ("http://b.example/".to_owned(), 1)]
        );
        let planted = [
            format!("{own}/upload/六合彩资料.html"),
            format!("{own}/upload/%E5%85%AD%E5%90%88%E5%BD%A9.html"),
            format!("{own}/s?k=%C1%F9%BA%CF%B2%CA"),
        ];
        let texts: Vec<&str> = planted.iter().map(String::as_str).collect();
        assert_eq!(named(&texts), planted.each_ref().map(|text| (text.clone(), 1)));
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let many: Vec<String> = (0..500).map(|number| format!("http://h{number}.example/")).collect();
        let texts: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(named(&texts).len(), HOSTS);
    }
}
