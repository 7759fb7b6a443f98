//! What a reader calls things: Chinese words, with their meaning where a word alone does not explain itself.

use super::figures;
use crate::checks;
use crate::facts::{Coverage, Gap, PageKind, Skip};
use crate::finding::{Category, Confidence, Scope, Severity};
use crate::life::Life;
use crate::link::Verdict;
use crate::score::{self, Gauge, Line, Standing};

/// What fails a site at once.
pub(super) const VETO: &str = "单项否决";

/// What can be won.
pub(super) const BONUS: &str = "加分指标";

/// A word and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The word, for a tag or a cell.
    pub label: &'static str,
    /// One sentence, for the legend.
    pub meaning: &'static str,
}

const fn word(label: &'static str, meaning: &'static str) -> Word {
    Word { label, meaning }
}

/// Severities, worst first.
pub const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

/// Degrees of certainty, surest first.
pub const CONFIDENCES: [Confidence; 3] = [Confidence::Confirmed, Confidence::Probable, Confidence::Note];

/// Verdicts, in the order of the legend: what counts against the site first.
pub const VERDICTS: [Verdict; 8] = [
    Verdict::Broken,
    Verdict::Invalid,
    Verdict::Suspect,
    Verdict::Blocked,
    Verdict::Degraded,
    Verdict::Redirected,
    Verdict::Unverified,
    Verdict::Ok,
];

/// Words for the footing of a rule's figures, surest first.
pub const FOOTINGS: [&str; 6] =
    ["verified", "verified-2nd", "recalled-high", "recalled-med", "recalled-low", "default"];

/// The name of a check; its id where no check of that name exists (any more).
pub fn check_name(id: &str) -> &str {
    checks::find(id).map_or(id, |check| check.about().name)
}

/// How bad.
pub fn severity(severity: Severity) -> Word {
    match severity {
        Severity::Critical => word("严重", "属于单项否决类情形，经人工确认后网站即可能不合格，应立即处置"),
        Severity::High => word("高", "扣分较多，或访问者会立即察觉，应当日处置"),
        Severity::Medium => word("中", "会扣分或影响公信力，应尽快整改"),
        Severity::Low => word("低", "建议列入日常维护"),
    }
}

/// How sure.
pub fn confidence(confidence: Confidence) -> Word {
    match confidence {
        Confidence::Confirmed => word("已确认", "机器已反复核实，证据充分"),
        Confidence::Probable => word("待人工确认", "很可能属实，须由人工判断后方可作为结论"),
        Confidence::Note => word("提示", "仅供参考，不触发告警"),
    }
}

/// What a link turned out to be.
pub fn verdict(verdict: Verdict) -> Word {
    match verdict {
        Verdict::Ok => word("正常", "应答正常"),
        Verdict::Redirected => word("跳转", "转到其他地址后应答正常，不计为问题"),
        Verdict::Broken => word("失效", "多次复核仍无法访问，计入扣分"),
        Verdict::Suspect => word("疑似失效", "本次访问失败但尚未完成复核，不计入扣分"),
        Verdict::Blocked => {
            word("被拦截", "防火墙、登录或 robots.txt 拒绝监测程序，访问者可能正常，不计入扣分")
        }
        Verdict::Degraded => word("可用有缺陷", "可以访问，但加密协议过旧、证书不符或响应缓慢，不计入扣分"),
        Verdict::Invalid => word("内容无效", "有应答，但内容为空、无法解码或与应有类型不符，计入扣分"),
        Verdict::Unverified => word("未核实", "受预算或监测端自身网络所限，无法判断，不计入扣分"),
    }
}

/// Where a finding stands.
pub fn life(life: Life) -> Word {
    match life {
        Life::New => word("新增", "本次首次发现"),
        Life::Open => word("持续", "以前已发现，本次仍然存在"),
        Life::Acknowledged => word("已知悉", "已有人员确认并处理中"),
        Life::Dismissed => word("已忽略", "已有人员说明不属于问题，到期前不计入问题数"),
        Life::Fixed => word("已修复", "原页面已重新检查，问题不再出现"),
        Life::Reopened => word("复发", "曾经修复，本次再次出现"),
    }
}

/// How an indicator stands.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "达标",
        Standing::Warning => "预警",
        Standing::Failed => "未达标",
        Standing::NotMeasured => "未检测",
    }
}

/// How a line stands, as its part of the table has it: a veto that a machine suggests is a candidate, and what was not
/// measured of the bonus part can be claimed.
pub fn state(line: &Line) -> &'static str {
    match (line.group.as_str(), line.standing) {
        (VETO, Standing::Failed) if line.said.is_some() => "已认定",
        (VETO, Standing::Failed) => "候选",
        (BONUS, Standing::NotMeasured) => "可申报",
        (BONUS, Standing::Met) => "已认定",
        (_, other) => standing(other),
    }
}

/// What a rule's figures rest on. Only `verified` is the text of a regulation; no other word may look like it.
pub fn footing(confidence: &str) -> Word {
    match confidence {
        "verified" => word("原文已核", "指标条文已对照文件原文核对"),
        "verified-2nd" => word("二手材料佐证", "数值见于自查报告、通报或同类系统，未见文件原文"),
        "recalled-high" => word("待核实（较有把握）", "未见任何文本，依据一般认识给出，请以正式文件为准"),
        "recalled-med" => word("待核实（把握一般）", "未见任何文本，依据一般认识给出，请以正式文件为准"),
        "recalled-low" => word("待核实（把握不大）", "未见任何文本，依据一般认识给出，请以正式文件为准"),
        "default" => word("项目默认", "不是法规要求，由本项目设定，可在规则中修改"),
        _ => word("待核实", "规则未说明出处，请以正式文件为准"),
    }
}

/// What a rule rests on. Where its figures were not read, the document is named for reference only: nobody may take
/// them for its words.
pub fn basis(authority: &str, confidence: &str) -> String {
    if score::is_requirement(confidence) {
        authority.to_owned()
    } else {
        format!("参考 {authority}，数值未与原文核对")
    }
}

/// What stands in the place of a measurement: a person's word with name, time and reason, then the machine's.
pub fn measured(line: &Line) -> String {
    let Some(said) = &line.said else { return line.measured.clone() };
    let until = said.judgement.until.map_or_else(String::new, |until| format!("，至 {until} 有效"));
    format!(
        "人工认定（{}），{}，{}{until}：{}；机器检测：{}",
        standing(line.standing),
        said.author,
        super::figures::minute(said.at),
        said.note,
        line.measured
    )
}

/// How far a number is from failing its line: `3 个（预警 3，否决 5），再有 2 个即触发`.
pub fn distance(gauge: &Gauge) -> String {
    let Gauge { name, unit, measured, warn, fail } = gauge;
    let left = match gauge.left() {
        0 => "已达到".to_owned(),
        left => format!("再有 {left} {unit}即触发"),
    };
    let mark = if *measured >= *warn && gauge.left() > 0 { "，已过预警线" } else { "" };
    format!("{name} {measured} {unit}（预警 {warn}，触发 {fail}）：{left}{mark}")
}

/// Part of the inspection.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Availability => "站点可用性",
        Category::Links => "链接",
        Category::Images => "图片",
        Category::Attachments => "附件",
        Category::Tags => "页面标签",
        Category::Columns => "栏目更新",
        Category::Services => "解读、办事与互动",
        Category::Text => "文字内容",
        Category::Layout => "页面规范",
        Category::Security => "连接安全",
        Category::Intrusion => "入侵与暗链",
    }
}

/// How far a finding reaches.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Page => "单个页面",
        Scope::Template => "页面模板",
        Scope::Site => "整个站点",
    }
}

/// What a page is.
pub fn page_kind(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Home => "首页",
        PageKind::Column => "栏目页",
        PageKind::Article => "内容页",
        PageKind::Service => "办事指南",
        PageKind::Message => "互动留言",
        PageKind::Search => "搜索页",
        PageKind::Other => "其他页面",
    }
}

/// Whether a page tag must be there.
pub fn requirement(required: bool) -> &'static str {
    if required { "必选" } else { "可选" }
}

/// How far the scripts of a site were read; empty where there are none.
pub(super) fn programs(coverage: &Coverage) -> String {
    let Coverage { programs, programs_cut, programs_unread, .. } = coverage;
    let mut told = Vec::new();
    for (count, words) in [
        (programs, "个脚本已读取"),
        (programs_cut, "个只读到一部分"),
        (programs_unread, "个超出数量上限、未读取"),
    ] {
        if *count > 0 {
            told.push(format!("{} {words}", figures::count(*count)));
        }
    }
    told.join("，")
}

/// Why some of the words of a file were not read.
pub fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::TooLarge => "内容过大，未读取或只读取前一部分",
        Gap::Locked => "已加密，无法读取",
        Gap::NoText => "扫描件或字体不可识别，没有可提取的文字",
        Gap::Damaged => "结构损坏，未能完整读取",
        Gap::Foreign => "格式不支持，文字未读取",
    }
}

/// Why an address was not visited.
pub fn skip(skip: Skip) -> &'static str {
    match skip {
        Skip::Robots => "robots.txt 不允许访问",
        Skip::PageBudget => "超出本次扫描的页面数上限",
        Skip::TrapBudget => "同类地址过多，超出模板预算",
        Skip::TrapShape => "地址异常（路径重复或过长）",
        Skip::HostDown => "所在主机无法访问",
        Skip::Excluded => "配置中已排除",
        Skip::Unread => "不在本次读网范围内",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_read_text_is_called_verified() {
        fn check(word: &str, expected: &str) {
            assert_eq!(footing(word).label, expected);
        }
        check("verified", "原文已核");
        check("verified-2nd", "二手材料佐证");
        check("recalled-low", "待核实（把握不大）");
        check("default", "项目默认");
        check("VERIFIED?", "待核实");
        check("", "待核实");
    }

    #[test]
    fn an_unknown_check_keeps_its_id() {
        assert_eq!(check_name("no-such-check"), "no-such-check");
    }
}
