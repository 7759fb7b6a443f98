//! Words that have no place on an official page.

use super::{About, Check, Context, Findings, check, words};
use crate::page::Page;

check! {
    /// A page, or a file that it offers, has words of gambling, pornography, fraud, forgery or contraband, or words that
    /// official texts avoid: in its text, hidden or not, its title, its tags or its attributes.
    ///
    /// ## Why it matters
    /// Such words are nearly always planted by an intruder for search engines. Until they are gone, the site
    /// advertises crime under an official name, which fails an inspection by itself.
    ///
    /// ## What to do
    /// Take the text out, find out how it came in, and search the server for more of it. A report on a crackdown is
    /// recognised as such; where it is not, add `sensitive-word:<word>` to the site's `allow` list.
    SensitiveWord, id: "sensitive-word", name: "敏感词与不当用语", category: Text, severity: High,
    advice: "请立即删除相关内容，并排查页面是否被篡改、挂马或植入暗链；确属正常报道的，可将该词加入本站点的允许清单。"
}

impl Check for SensitiveWord {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        words::report(page, context, found, |class| !class.is_misspelling());
    }
}
