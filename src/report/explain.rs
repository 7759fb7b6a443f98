//! What a check or an indicator means, for `sitewarden explain`.

use super::wording;
use crate::checks;
use crate::indicators::{Rule, RuleSet};

/// Every check and every indicator, one a line.
pub fn list(rules: &RuleSet) -> String {
    let mut out = String::new();
    for about in checks::ALL.iter().map(|check| check.about()) {
        out.push_str(&format!("{:<20} {}\n", about.id, about.name));
    }
    for scale in rules.scales() {
        for rule in rules.rules(&scale.id) {
            out.push_str(&format!("{:<20} {}（{}）\n", rule.id, rule.name, scale.id));
        }
    }
    out
}

/// Everything about a check or, for each scale that has it, an indicator; `None` where nothing has this id.
pub fn explain(rules: &RuleSet, id: &str) -> Option<String> {
    if let Some(check) = checks::find(id) {
        let about = check.about();
        return Some(format!("{} {}\n\n{}\n建议：{}\n", about.id, about.name, about.text(), about.advice));
    }
    let parts: Vec<String> = rules.named(id).map(of_rule).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn of_rule(rule: &Rule) -> String {
    let checks = rule.checks();
    let measured = match (rule.measure, checks.is_empty()) {
        (Some(_), _) => "由扫描所得的事实判断".to_owned(),
        (None, false) => format!("由检查项 {} 判断", checks.join("、")),
        (None, true) if rule.takes_entries() => "机器不检测，由人工认定（sitewarden entry add）".to_owned(),
        (None, true) => "本版本不检测".to_owned(),
    };
    let footing = wording::footing(&rule.confidence.to_string());
    let rows = [
        ("要求", rule.wording()),
        ("依据", wording::basis(&rule.authority, &rule.confidence.to_string())),
        ("可信度", format!("{}：{}（{}）", rule.confidence, footing.label, footing.meaning)),
        ("界限", rule.thresholds()),
        ("后果", rule.consequence_wording()),
        ("判断", measured),
        ("证据", evidence(rule)),
        ("整改", remedy(rule)),
    ];
    let mut out = format!("{} {}〔{}，口径 {}〕\n", rule.id, rule.name, rule.group, rule.scale);
    for (label, text) in rows.into_iter().filter(|(_, text)| !text.is_empty()) {
        out.push_str(&format!("  {label}：{text}\n"));
    }
    out
}

/// What proves it: as the rule says, or what the findings of its checks carry.
fn evidence(rule: &Rule) -> String {
    let of_findings = || {
        let names: Vec<_> = rule.checks().into_iter().map(wording::check_name).collect();
        format!(
            "“{}”各条问题的页面网址、标题、位置与前后文字、原件 SHA-256、尝试次数、首次与最近发现时间，以及检查总数",
            names.join("”“")
        )
    };
    rule.evidence.clone().unwrap_or_else(of_findings)
}

/// What to do: as the rule says, or as its checks advise.
fn remedy(rule: &Rule) -> String {
    let of_checks = || {
        let mut advice: Vec<&str> = Vec::new();
        for check in rule.checks().into_iter().filter_map(checks::find) {
            if !advice.contains(&check.about().advice) {
                advice.push(check.about().advice);
            }
        }
        advice.join("")
    };
    rule.remedy.clone().unwrap_or_else(of_checks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_explains_itself_with_its_certainty() {
        let rules = RuleSet::built_in();
        let text = explain(&rules, "ded-05").expect("there is such a rule");
        assert!(text.contains("政策文件") && text.contains("verified-2nd"), "{text}");
        assert!(text.contains("口径 2019") && text.contains("口径 sichuan"), "{text}");
        let text = explain(&rules, "VETO-04").expect("there is such a rule");
        assert!(text.contains("空白栏目：3 个预警，5 个否决"), "{text}");
        assert!(explain(&rules, "dead-link").is_some_and(|text| text.contains("建议：")));
        assert!(explain(&rules, "NO-99").is_none());
    }

    #[test]
    fn every_rule_says_what_proves_it_and_what_to_do() {
        let rules = RuleSet::built_in();
        for scale in rules.scales() {
            for rule in rules.rules(&scale.id) {
                let says_itself = rule.evidence.is_some() && rule.remedy.is_some();
                assert!(says_itself || !rule.checks().is_empty(), "{} {}", rule.scale, rule.id);
                assert!(!remedy(rule).is_empty(), "{} {}", rule.scale, rule.id);
            }
        }
    }

    #[test]
    fn only_what_was_read_is_called_a_basis() {
        let rules = RuleSet::built_in();
        for scale in rules.scales() {
            for rule in rules.rules(&scale.id) {
                let text = of_rule(rule);
                let as_law = format!("依据：{}\n", rule.authority);
                assert_eq!(text.contains(&as_law), rule.confidence.is_requirement(), "{text}");
            }
        }
    }
}
