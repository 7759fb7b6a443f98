//! The portrait of one page: what matters of it for telling whether a stranger has changed it, in some KB.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Picture, Sketch};
use crate::facts::{BlobId, PageKind};

/// What a page looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// The original in the evidence.
    pub body: BlobId,
    /// What kind of page.
    pub kind: PageKind,
    /// Fields of its head, by name: title, keywords, description, charset, lang.
    pub head: BTreeMap<String, String>,
    /// Names of the site or its organ in the title.
    pub names: BTreeSet<String>,
    /// How its text begins.
    pub opening: String,
    /// Hash of the text of each part: head and menus, main part, foot. The same for any order of its blocks.
    pub parts: [u64; 3],
    /// Its text.
    pub text: Sketch,
    /// Its elements.
    pub form: Sketch,
    /// Hash of what gives it its colours.
    pub dress: u64,
    /// Hashes of where its menus lead, ascending.
    pub menu: Vec<u32>,
    /// Foreign hosts with how often they are used.
    pub hosts: BTreeMap<Use, BTreeMap<String, u32>>,
    /// Pictures by which visitors know it.
    pub pictures: Vec<Picture>,
    /// Words that only strangers bring.
    pub words: BTreeSet<Word>,
    /// Whether a script or a redirect fills it, so that its text says nothing.
    pub is_thin: bool,
}

/// What a foreign host is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// Scripts.
    Script,
    /// Frames, redirects, the base of all links.
    Frame,
    /// Forms are sent there.
    Form,
    /// Style sheets.
    Style,
    /// Pictures and films.
    Image,
    /// Links to follow.
    Link,
}

impl Use {
    /// Whether whoever has the host can change the page, or takes what its visitors enter.
    pub fn is_powerful(self) -> bool {
        matches!(self, Use::Script | Use::Frame | Use::Form)
    }

    /// Its name in reports.
    pub fn chinese(self) -> &'static str {
        match self {
            Use::Script => "脚本",
            Use::Frame => "框架或跳转",
            Use::Form => "表单提交",
            Use::Style => "样式",
            Use::Image => "图片",
            Use::Link => "链接",
        }
    }
}

/// A word that only strangers bring onto an official site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Word {
    /// The word.
    pub words: String,
    /// What it is about, in Chinese.
    pub about: String,
    /// Whether it stands in the title or a heading.
    pub is_heading: bool,
}

/// Why a page gives no portrait: what was seen is not the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blind {
    /// A firewall's challenge or block page.
    Refused,
    /// A notice in the place of the site.
    Maintenance,
    /// It says that it is gone.
    Gone,
    /// Cut short.
    Cut,
    /// Its characters could not be read.
    Garbled,
}
