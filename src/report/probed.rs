//! What probes saw, as `sitewarden probe` shows it.

use serde_json::json;

use super::escape;
use crate::config::Target;
use crate::probe::sight::Sight;
use crate::probe::{Sample, State};

/// What was asked, and what was seen.
pub struct Probed {
    /// Whether we see at all.
    pub sight: Sight,
    /// Each target with its sample.
    pub probed: Vec<(Target, Sample)>,
}

/// To be read.
pub fn text(probed: &Probed) -> String {
    let mut out = String::new();
    for (target, sample) in &probed.probed {
        let name = escape::terminal(&target.name);
        let why = escape::terminal(&sample.why);
        let status = sample.status.map_or_else(String::new, |status| format!("  {status}"));
        out.push_str(&format!(
            "〔{}〕{name}{status}  {} 毫秒  {why}\n",
            chinese(sample.state),
            sample.took.as_millis()
        ));
        if let Some(until) = sample.until {
            out.push_str(&format!("    有效期至 {until}\n"));
        }
        if !sample.shown.is_empty() {
            out.push_str(&format!("    {}\n", escape::terminal(&sample.shown.join("  "))));
        }
    }
    for (family, sees) in [("IPv4", probed.sight.v4), ("IPv6", probed.sight.v6)] {
        if sees == Some(false) {
            out.push_str(&format!(
                "注意：监测端的 {family} 网络不通，对照地址均无法连接，以上结果可能是监测端的问题。\n"
            ));
        }
    }
    out
}

/// One JSON object a line.
pub fn jsonl(probed: &Probed) -> String {
    let line = |(target, sample): &(Target, Sample)| {
        let line = json!({
            "schema": 1,
            "target": target.id,
            "name": target.name,
            "at": sample.at,
            "millis": sample.took.as_millis() as u64,
            "state": sample.state,
            "why": sample.why,
            "status": sample.status,
            "shown": sample.shown,
            "until": sample.until,
        });
        format!("{line}\n")
    };
    probed.probed.iter().map(line).collect()
}

fn chinese(state: State) -> &'static str {
    match state {
        State::Good => "正常",
        State::Weak => "欠佳",
        State::Bad => "故障",
        State::Refused => "拒绝监测",
        State::Blind => "无法判断",
    }
}
