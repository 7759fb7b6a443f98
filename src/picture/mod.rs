//! Pictures of findings: the page as it was kept, what is wrong framed, and above it what, where and when.
//!
//! The document shown is the original from the evidence, at its own address: a site that shows a browser something else
//! than it showed us gains nothing. Whatever else the page loads is asked of a [`Supply`], so that the rules of
//! fetching hold here as well; the browser itself connects to nobody. Scripts of the page are not run. Numbers of
//! people are masked before anything is drawn. Keeping pictures and choosing what is worth one are left to others.

mod served;
mod sheet;
mod studio;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::browser::BrowserError;
use crate::facts::BlobId;
use crate::finding::Fingerprint;

pub use served::{Resource, Supply};
pub use studio::{Studio, Workshop};

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Address of the page.
    pub address: &'a str,
    /// Its original, decoded.
    pub html: &'a str,
    /// What on it.
    pub hint: Hint<'a>,
    /// Label and value of what stands above the page: fit to be shown, and bounded.
    pub caption: &'a [(&'static str, String)],
}

/// What is known of where a finding stands. The page is searched for all of it, the surest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Hint<'a> {
    /// CSS path of the element.
    pub selector: Option<&'a str>,
    /// Address that the element leads to or loads.
    pub target: Option<&'a str>,
    /// Words that it holds, in its text or in what stands for it.
    pub words: Option<&'a str>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The bytes, as JPEG.
    pub jpeg: Vec<u8>,
    /// What can be seen on it.
    pub sight: Sight,
}

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPicture {
    /// The finding.
    pub finding: Fingerprint,
    /// Its site.
    pub site: String,
    /// The picture, in the evidence: the SHA-256 of its bytes.
    pub image: BlobId,
    /// The page it shows, in the evidence.
    pub original: BlobId,
    /// When it was taken.
    pub taken: Timestamp,
    /// What can be seen on it.
    pub sight: Sight,
}

/// What can be seen on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "sight", content = "concealment")]
pub enum Sight {
    /// What was found, as visitors see it.
    Shown,
    /// What was found, which visitors do not see; where it could be, it was made visible.
    Hidden(Concealment),
    /// The page only.
    Absent,
}

/// Why visitors do not see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concealment {
    /// It stands in the head of the page.
    Head,
    /// A script of the page writes or does it, and none is run for a picture.
    Script,
    /// A style takes it out of the page.
    Display,
    /// A style leaves its place empty.
    Visibility,
    /// It is transparent.
    Opacity,
    /// It has no size.
    Size,
    /// It stands beyond the borders of the page.
    Outside,
    /// What is around it cuts it off.
    Clipped,
    /// It has the colour of what is behind it.
    Colour,
}

impl Sight {
    /// In Chinese, for whoever looks at the picture.
    pub fn note(self) -> String {
        match self {
            Sight::Shown => "红框内为问题所在处".to_owned(),
            Sight::Hidden(Concealment::Head) => "问题位于页面头部（head），访问者在页面上看不到".to_owned(),
            Sight::Hidden(Concealment::Script) => {
                "问题出自页面脚本；为安全起见，截图时不运行页面脚本，画面为页面开头".to_owned()
            }
            Sight::Hidden(concealment) => {
                format!(
                    "访问者看不到此处内容（{}）；为取证已强制显示，虚线框内为问题所在处",
                    concealment.words()
                )
            }
            Sight::Absent => "问题处未能在画面上定位，画面为页面开头".to_owned(),
        }
    }
}

impl Concealment {
    fn words(self) -> &'static str {
        match self {
            Concealment::Head => "位于页面头部",
            Concealment::Script => "由脚本写入",
            Concealment::Display => "样式 display: none",
            Concealment::Visibility => "样式 visibility: hidden",
            Concealment::Opacity => "透明",
            Concealment::Size => "尺寸或字号近于零",
            Concealment::Outside => "移出页面可见范围",
            Concealment::Clipped => "被外层裁切",
            Concealment::Colour => "与背景同色",
        }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The browser did not do its work.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The page leaves its address before it is shown.
    #[error("the page cannot be shown: {0}")]
    Unshown(String),
    /// What came of it is no picture, or larger than one may be.
    #[error("the picture is damaged or too large")]
    Unfit,
}

#[cfg(test)]
mod tests;
