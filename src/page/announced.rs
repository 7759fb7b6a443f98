//! What the headers of an answer say in place of elements of the head: where the visitor is sent, and what stands for
//! the page elsewhere.

use super::{Page, links};

impl Page {
    /// Where the header `Refresh` sends the visitor.
    pub fn announced_refresh(&self) -> Option<&str> {
        links::refreshed(self.announced.refresh.as_deref()?)
    }

    /// What stands for the page elsewhere, as the header `Link` tells search engines.
    pub fn announced_relations(&self) -> impl Iterator<Item = &str> {
        let header = self.announced.link.as_deref().unwrap_or_default();
        header.split('<').skip(1).filter_map(|link| {
            let (address, parameters) = link.split_once('>')?;
            let parameters = parameters.to_ascii_lowercase();
            let tells = ["canonical", "alternate", "amphtml"].iter().any(|rel| parameters.contains(rel));
            (tells && parameters.contains("rel")).then_some(address.trim())
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::Announced;
    use crate::page::tests::page;

    #[test]
    fn headers_are_read_like_elements() {
        let mut page = page("");
        page.announced = Announced {
            refresh: Some("3;url=http://a.example/".to_owned()),
            link: Some("</a.css>; rel=preload, <http://b.example/>; rel=\"canonical\"".to_owned()),
        };
        assert_eq!(page.announced_refresh(), Some("http://a.example/"));
        assert_eq!(page.announced_relations().collect::<Vec<_>>(), ["http://b.example/"]);
    }
}
