//! The faults of the demo site, and whether a scan found them.

use std::sync::LazyLock;

use url::Url;

use super::content::{CONTENT, Fault};
use crate::finding::{Finding, Scope};

/// A fault that was put into the demo site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// Id of the check that must find it.
    pub check: String,
    /// Path of the page where a person must look.
    pub page: String,
    /// Part of what the finding must name: of its target, its identity or its evidence. Empty where any will do.
    pub shows: String,
}

/// How the findings of a scan compare with what was planted.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Faults that were not found.
    pub missed: Vec<&'static Planted>,
    /// Findings that stand for no fault.
    pub unexpected: Vec<&'a Finding>,
}

impl Comparison<'_> {
    /// Whether every fault was found, and nothing else.
    pub fn is_exact(&self) -> bool {
        self.missed.is_empty() && self.unexpected.is_empty()
    }
}

/// Everything that was planted.
pub fn planted() -> &'static [Planted] {
    static PLANTED: LazyLock<Vec<Planted>> = LazyLock::new(|| {
        let at = |page: &str, fault: &Fault| Planted {
            check: fault.check.clone(),
            page: page.to_owned(),
            shows: fault.shows.clone(),
        };
        // The home page is no column: its footer lacks the mark of the police, the page the entry for the elderly, two
        // marks lead to no register, and its search has never heard of the newest notice. What is said of the site as a
        // whole is said there.
        let on_home = |check: &str, shows: &str| Planted {
            check: check.to_owned(),
            page: "/".to_owned(),
            shows: shows.to_owned(),
        };
        let mut planted = vec![
            on_home("footer-element", "公安"),
            on_home("footer-mark", "ICP备案编号没有链接"),
            on_home("footer-mark", "党政机关网站标识没有链接"),
            on_home("home-element", "适老化"),
            on_home("search-miss", "关于开展排污许可证质量复核工作的通知"),
            on_home("optional-tag", "Image"),
        ];
        for column in &CONTENT.columns {
            planted.extend(column.planted.iter().map(|fault| at(&column.path, fault)));
        }
        for article in &CONTENT.articles {
            planted.extend(article.planted.iter().map(|fault| at(&article.path(), fault)));
        }
        planted
    });
    &PLANTED
}

/// Compares findings with what was planted. Several findings may stand for one fault.
pub fn compare<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Comparison<'a> {
    let mut found = vec![false; planted().len()];
    let mut unexpected = Vec::new();
    for finding in findings {
        let mut explained = false;
        for (planted, found) in planted().iter().zip(&mut found) {
            if planted.explains(finding) {
                (*found, explained) = (true, true);
            }
        }
        if !explained {
            unexpected.push(finding);
        }
    }
    let missed =
        planted().iter().zip(&found).filter(|(_, found)| !**found).map(|(planted, _)| planted).collect();
    Comparison { missed, unexpected }
}

impl Planted {
    fn explains(&self, finding: &Finding) -> bool {
        // A finding about the whole site or a host may point at any page that shows it.
        let same_page = finding.scope == Scope::Site
            || Url::parse(&finding.page).is_ok_and(|page| page.path() == self.page);
        let named = [finding.target.as_deref().unwrap_or_default(), &finding.what, &finding.evidence];
        finding.check == self.check && same_page && named.iter().any(|text| text.contains(&self.shows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{About, Findings};
    use crate::finding::{Category, Severity};

    static ABOUT: About = About {
        id: "misspelling",
        name: "错别字",
        category: Category::Text,
        severity: Severity::Medium,
        advice: "",
        explanation: "",
    };

    #[test]
    fn missed_and_unexpected_are_told_apart() {
        let fault = planted().iter().find(|planted| planted.check == "misspelling").unwrap();
        let mut findings = Vec::new();
        let mut collect = Findings::new(&ABOUT, &mut findings);
        drop(collect.add(&format!("http://127.0.0.1:1{}", fault.page), fault.shows.clone(), "…"));
        drop(collect.add("http://127.0.0.1:1/", fault.shows.clone(), "…"));
        let comparison = compare(&findings);
        assert_eq!(comparison.missed.len(), planted().len() - 1);
        assert_eq!(comparison.unexpected.len(), 1);
        assert_eq!(comparison.unexpected[0].page, "http://127.0.0.1:1/");
        assert!(!comparison.is_exact());
    }
}
