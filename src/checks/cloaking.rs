//! Pages that show search engines, or those who come from one, another thing than their readers.

use super::{About, Check, Context, Findings, check};
use crate::finding::{Confidence, Severity};
use crate::link::cloak::{Existence, Weight};
use crate::snapshot::Snapshot;

check! {
    /// A page shows search engines, or visitors who come from one, something that its readers are not shown.
    ///
    /// ## Why it matters
    /// Whoever breaks into a site to sell something hides it from those who keep the site: only the engines, which rank
    /// it, and their visitors, who shall buy, are shown it. The site itself looks as always. Such pages are a veto.
    ///
    /// ## What to do
    /// Keep the logs and the files, then look on the server for what asks who the visitor is: the configuration of the
    /// web server, its modules, the first lines of the programs behind the pages. What is bound to the addresses of the
    /// engines themselves cannot be seen from outside; look for the site in the engines, too.
    Cloaking, id: "cloaking", name: "搜索引擎伪装", category: Intrusion, severity: Critical,
    advice: "请保全日志和文件，排查服务器配置、模块和程序中按访问者身份显示不同内容的代码，并在搜索引擎中核查本站收录结果。"
}

impl Check for Cloaking {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        for cloaked in snapshot.cloaking().unwrap_or_default().cloaked {
            let (severity, confidence) = match cloaked.weight {
                Weight::Crime => (Severity::Critical, Confidence::Confirmed),
                Weight::Elsewhere => (Severity::Critical, Confidence::Probable),
                Weight::Different => (Severity::High, Confidence::Probable),
                Weight::Open => (Severity::Low, Confidence::Note),
            };
            let what = match cloaked.existence {
                Existence::Real => "与普通读者所见不同",
                Existence::NoSuchPath => "不存在的地址也返回页面",
                Existence::NoSuchHost => "不存在的子域名也返回页面（泛域名解析）",
            };
            let evidence = format!("{what}：{}", cloaked.differences.join("；"));
            found.add(&cloaked.page, "cloaking", evidence).severity(severity).confidence(confidence);
        }
    }
}
