//! What the marks at the bottom of the home page must be beyond being there, and how the site must name itself.

use serde::Deserialize;

use super::{Certainty, Pattern};

/// One expectation of a mark.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// What is expected of it, in Chinese, as evidence words it: `链接到公安备案系统`.
    pub expects: String,
    /// What must hold.
    pub must: Must,
    /// How it stands in visible text and in the text of links and pictures. What the first group holds is the mark.
    #[serde(default)]
    pub text: Vec<Pattern>,
    /// How it stands in what links, pictures and scripts refer to.
    #[serde(default)]
    pub address: Vec<Pattern>,
    /// How it stands in the page as received: many marks are written by a script.
    #[serde(default)]
    pub source: Vec<Pattern>,
    /// How sure it is that this is asked for.
    pub confidence: Certainty,
}

/// What must hold of a mark that stands on the page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Must {
    /// Each must look like this.
    Match(Pattern),
    /// A link of the page, or a script in it, must lead to one of these.
    LeadTo(Vec<Pattern>),
    /// It must be the identity code of the site.
    BeOwnCode,
    /// It must not stand there at all.
    BeAbsent,
}

/// How the site must name itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// What the host of a government site ends with.
    pub suffixes: Vec<String>,
    /// How sure the suffixes are.
    pub domain: Certainty,
    /// What a name may end with besides the name of the body.
    pub endings: Vec<String>,
    /// Words in the id or class of an element that make it the head of a page.
    pub head: Vec<String>,
    /// How sure it is that title and head must name the body.
    pub name: Certainty,
}
