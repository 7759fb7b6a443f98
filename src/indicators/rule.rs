//! One rule: a line of an inspector's table, as a file writes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Certainty;
use crate::finding::{Confidence, Finding, Severity};

/// A table of points that a site may be scored by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Id, as a site's configuration names it.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// Points at the outset.
    pub full: f64,
    /// Below this the site fails.
    pub pass: f64,
    /// Above this the bonus part is added.
    pub good: f64,
    /// Most points of the bonus part; 0: it has none.
    #[serde(default)]
    pub bonus: f64,
    /// Points of the lines on services, which are not held against a body that serves nobody outside: the rest then
    /// counts for the whole.
    #[serde(default)]
    pub services: f64,
    /// Id of the scale whose rules it takes over, except those that it has itself.
    #[serde(default)]
    pub based_on: Option<String>,
    /// The text that is wanted before the figures it takes over may be called its own.
    #[serde(default)]
    pub wanted: Option<String>,
    /// How sure these figures are.
    pub confidence: Certainty,
}

/// A line of an inspector's table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id, unique within its scale: `LINK-01`.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// Part of the table: 单项否决 | 扣分指标 | 加分指标 | 建议.
    pub group: String,
    /// What follows where it is not met.
    pub consequence: Consequence,
    /// Where it is looked for.
    pub pages: Vec<PageArea>,
    /// The document it rests on.
    pub authority: String,
    /// How sure its figures are.
    pub confidence: Certainty,
    /// Id of the scale it belongs to.
    pub scale: String,
    /// Points lost for each finding, unless its [`Count`] says otherwise.
    #[serde(default)]
    pub points: f64,
    /// Most points that can be lost here; 0: no cap.
    #[serde(default)]
    pub item_cap: f64,
    /// Which lines hold the points of this one, where it only details them.
    #[serde(default)]
    pub part_of: Option<String>,
    /// Whether it is about services to people outside, which not every body has.
    #[serde(default)]
    pub services: bool,
    /// What is expected, in Chinese.
    pub expectation: String,
    /// Thresholds.
    #[serde(default)]
    pub param: BTreeMap<String, f64>,
    /// Which findings cost points here.
    #[serde(default)]
    pub counts: Vec<Count>,
    /// Numbers of findings that fail the site; any one is enough.
    #[serde(default)]
    pub limit: Vec<Limit>,
    /// How it is measured where no finding tells.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// What proves it, in Chinese, where no check says so.
    #[serde(default)]
    pub evidence: Option<String>,
    /// What to do, in Chinese, where no check says so.
    #[serde(default)]
    pub remedy: Option<String>,
    /// The text that is wanted before its figures may be called those of its scale.
    #[serde(skip)]
    pub wanted: Option<String>,
}

/// What follows where a rule is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// 单项否决: the site fails at once.
    Veto,
    /// Points are lost.
    Deduct,
    /// Points could be won.
    Bonus,
    /// Listed only.
    Advisory,
}

/// Where a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageArea {
    /// 首页.
    Home,
    /// 栏目页.
    Column,
    /// 内容页.
    Article,
    /// 办事指南.
    Service,
    /// 互动留言页.
    Message,
    /// 搜索.
    Search,
    /// Pictures.
    Image,
    /// Files offered for download.
    Attachment,
    /// Every page.
    All,
    /// The site as a whole.
    Site,
    /// Name service.
    Dns,
}

/// How a rule is measured where no finding tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Whether the home page opened in this scan.
    HomeOpens,
    /// The newest date reachable from the home page.
    HomeUpdated,
    /// How long the home page took.
    HomeLoads,
    /// The columns that will be overdue before long.
    ColumnsDue,
}

/// Which findings count, and how much each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Id of the check.
    pub check: String,
    /// On which pages.
    #[serde(default)]
    pub on: On,
    /// Only those of this severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Only those whose evidence contains this. A finding carries no kind of column or class of word of its own;
    /// its evidence names them in the words of the report, which is where a rule can tell them apart.
    #[serde(default)]
    pub says: Option<String>,
    /// Points for each, where they differ from those of the rule.
    #[serde(default)]
    pub points: Option<f64>,
    /// What is counted.
    #[serde(default)]
    pub per: Per,
}

/// On which pages findings count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The home page.
    Home,
    /// Every other.
    Other,
    /// All.
    #[default]
    Any,
}

/// What is counted of a finding that stands for many pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// The finding, once.
    #[default]
    Finding,
    /// Every page it was seen on.
    Page,
}

/// A number of findings that fails the site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What is counted, in Chinese.
    pub name: String,
    /// From this number on there is a warning.
    pub warn: u64,
    /// From this number on the site fails.
    pub fail: u64,
    /// Where the site has fewer guides than this, it fails as soon as all of them count.
    #[serde(default)]
    pub all_guides_below: Option<u64>,
    /// Which findings.
    #[serde(default)]
    pub counts: Vec<Count>,
    /// Id of what must be offered: that nothing of the kind was seen is a warning, as it may stand elsewhere.
    #[serde(default)]
    pub offer: Option<String>,
}

impl Rule {
    /// Everything this rule counts, for points or against a limit.
    pub fn all_counts(&self) -> impl Iterator<Item = &Count> {
        self.counts.iter().chain(self.limit.iter().flat_map(|limit| &limit.counts))
    }

    /// Whether this version can measure it at all.
    pub fn is_measurable(&self) -> bool {
        self.measure.is_some() || self.all_counts().next().is_some()
    }

    /// What it wants to be offered at all.
    pub fn offers(&self) -> impl Iterator<Item = &str> {
        self.limit.iter().filter_map(|limit| limit.offer.as_deref())
    }

    /// Whether a person may judge it, where no machine can or against the machine. A line that only details others
    /// holds nothing to judge, and one that is listed only has no consequence.
    pub fn takes_entries(&self) -> bool {
        self.part_of.is_none() && self.consequence != Consequence::Advisory
    }

    /// This rule as another scale takes it over. What fails a site at once fails it everywhere; any other figure is
    /// no surer than that scale is.
    pub(super) fn inherited_by(&self, scale: &Scale) -> Rule {
        let mut rule = Rule { scale: scale.id.clone(), ..self.clone() };
        if rule.consequence != Consequence::Veto {
            rule.confidence = rule.confidence.max(scale.confidence);
        }
        if !rule.confidence.is_requirement() {
            rule.wanted.clone_from(&scale.wanted);
        }
        rule
    }

    /// A threshold by name.
    pub fn param(&self, name: &str) -> Option<f64> {
        self.param.get(name).copied()
    }

    /// The expectation, with what it rests on. Only what was read in the document, or in something derived from
    /// it, is called a requirement.
    pub fn wording(&self) -> String {
        if self.confidence.is_requirement() {
            format!("{}（依据：{}，可信度 {}）", self.expectation, self.authority, self.confidence)
        } else {
            let wanted =
                self.wanted.as_ref().map_or_else(String::new, |text| format!("；待取得{text}后核定"));
            format!("{}（参考口径，数值未与原文核对，可信度 {}{wanted}）", self.expectation, self.confidence)
        }
    }

    /// What follows where it is not met, in Chinese.
    pub fn consequence_wording(&self) -> String {
        match (self.consequence, &self.part_of) {
            (Consequence::Veto, _) => "一项成立即不合格，须人工确认".to_owned(),
            (_, Some(part_of)) => part_of.clone(),
            (Consequence::Deduct, None) if self.points > 0.0 && self.item_cap > 0.0 => {
                format!("每处扣 {} 分，最多扣 {} 分", self.points, self.item_cap)
            }
            (Consequence::Deduct, None) if self.points > 0.0 => format!("每处扣 {} 分", self.points),
            (Consequence::Deduct, None) => "扣分值未知，以人工认定为准".to_owned(),
            (Consequence::Bonus, None) => "加分值未知，以人工认定为准".to_owned(),
            (Consequence::Advisory, None) => "不计分".to_owned(),
        }
    }

    /// Its thresholds, in Chinese; empty where it has none.
    pub fn thresholds(&self) -> String {
        let limits = self.limit.iter();
        let limits =
            limits.map(|limit| format!("{}：{} 个预警，{} 个否决", limit.name, limit.warn, limit.fail));
        let params = self.param.iter().map(|(name, value)| format!("{name} = {value}"));
        limits.chain(params).collect::<Vec<_>>().join("；")
    }

    /// Ids of the checks whose findings it counts, each once.
    pub fn checks(&self) -> Vec<&str> {
        let mut checks: Vec<&str> = Vec::new();
        for count in self.all_counts() {
            if !checks.contains(&count.check.as_str()) {
                checks.push(&count.check);
            }
        }
        checks
    }
}

impl Count {
    /// Whether a finding counts here. Notes never do, nor do links that were not confirmed as broken or invalid.
    pub fn matches(&self, finding: &Finding, is_home: &dyn Fn(&str) -> bool) -> bool {
        finding.confidence >= Confidence::Probable && self.speaks_of(finding, is_home)
    }

    /// Whether a finding is one that would count here, were it no note.
    pub fn is_hinted_by(&self, finding: &Finding, is_home: &dyn Fn(&str) -> bool) -> bool {
        finding.confidence < Confidence::Probable && self.speaks_of(finding, is_home)
    }

    fn speaks_of(&self, finding: &Finding, is_home: &dyn Fn(&str) -> bool) -> bool {
        self.check == finding.check
            && finding.verdict.is_none_or(|verdict| verdict.counts())
            && self.severity.is_none_or(|severity| severity == finding.severity)
            && self.says.as_ref().is_none_or(|words| finding.evidence.contains(words))
            && self.on.takes(finding, is_home)
    }

    /// How often a finding counts here.
    pub fn weight(&self, finding: &Finding) -> u64 {
        match self.per {
            Per::Finding => 1,
            Per::Page => finding.occurrences.max(1),
        }
    }
}

impl On {
    /// A finding that stands for many pages is on the home page if one of its samples is, and elsewhere if it was
    /// seen more than once.
    fn takes(self, finding: &Finding, is_home: &dyn Fn(&str) -> bool) -> bool {
        let on_home = || is_home(&finding.page) || finding.samples.iter().any(|page| is_home(page));
        match self {
            On::Any => true,
            On::Home => on_home(),
            On::Other => finding.occurrences > 1 || !on_home(),
        }
    }
}
