//! The assessment of IPv6 support: tables for a terminal, JSON for programs, a page for people.

mod html;
mod text;

use std::io;
use std::path::{Path, PathBuf};

pub use html::html;
pub use text::text;

use super::{escape, figures, wording, write::replace};
use crate::ipv6::{Assessment, Line, Measured, Part, Visit};

/// The assessment and all that was measured, as one JSON object.
pub fn json(assessment: &Assessment) -> String {
    let json = serde_json::to_string_pretty(assessment).expect("plain strings and numbers always serialise");
    let mut out = escape::json(&json).into_owned();
    out.push('\n');
    out
}

/// Writes all three into a folder, which is made where it is missing, and the copies of the home page that they rest on;
/// returns the files. `body` gives a copy by its name in the evidence.
pub fn write_all(
    assessment: &Assessment,
    dir: &Path,
    body: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dir)?;
    let mut paths = Vec::new();
    let mut put = |name: &str, content: &[u8]| -> io::Result<()> {
        let path = dir.join(name);
        replace(&path, content)?;
        paths.push(path);
        Ok(())
    };
    put("ipv6.html", html(assessment).as_bytes())?;
    put("ipv6.json", json(assessment).as_bytes())?;
    put("ipv6.txt", text(assessment).as_bytes())?;
    for copy in &assessment.measured.copies {
        // Not named as a page: it may be hostile, and nobody should open it by a double click.
        let name = if copy.address.is_ipv6() { "home-ipv6.source.txt" } else { "home-ipv4.source.txt" };
        if let Some(body) = body(&copy.sha256) {
            put(name, &body)?;
        }
    }
    Ok(paths)
}

/// The result in one sentence.
pub(super) fn verdict(assessment: &Assessment) -> String {
    let total = assessment.total;
    if let Some(why) = &assessment.blind {
        return format!("未知：{why}，对该网站的 IPv6 支持度不作任何判断");
    }
    let Some(grade) = total.grade else { return "未知：没有可以评定的指标".to_owned() };
    let (points, of) = (figures::points(total.points), figures::points(total.of));
    let rest = total.full - total.of;
    let rest = if rest > 0.0 {
        format!("，另有 {} 分未能评定", figures::points(rest))
    } else {
        String::new()
    };
    format!("{grade}：{points} / {of} 分{rest}", grade = grade.chinese())
}

/// Whose points these are. No authority has published any, so every report has to say so.
pub(super) fn footing(assessment: &Assessment) -> String {
    let word = wording::footing(&assessment.confidence);
    format!(
        "分值为{}（{}：{}），未找到任何官方权重表；实测值随附，可按其他权重重新计算",
        assessment.weighting, word.label, word.meaning
    )
}

/// Points of a line: won and full, or that it brings none.
pub(super) fn points(line: &Line) -> String {
    match (line.points, line.full) {
        (_, full) if full <= 0.0 => "—".to_owned(),
        (Some(points), full) => format!("{} / {}", figures::points(points), figures::points(full)),
        (None, full) => format!("— / {}", figures::points(full)),
    }
}

/// From where it was measured.
pub(super) fn vantage(measured: &Measured) -> String {
    let vantage = &measured.vantage;
    let address = vantage.address.map_or_else(|| "没有 IPv6 路由".to_owned(), |address| address.to_string());
    let unfit = vantage.unfit.as_ref().map(|why| format!("（{why}）")).unwrap_or_default();
    let reached = vantage.references.iter().filter(|reference| reference.took_ms.is_some()).count();
    format!("{address}{unfit}，参考目标连通 {reached}/{}", vantage.references.len())
}

/// Columns of a table and its rows.
pub(super) struct Table {
    pub(super) name: String,
    /// What stands beside the name, smaller.
    pub(super) note: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// What the lines rest on, as tables; those without rows are left out.
pub(super) fn evidence(measured: &Measured) -> Vec<Table> {
    let mut tables = vec![
        failures("未通过 IPv6 打开的二级链接", &measured.second),
        failures("未通过 IPv6 打开的三级链接", &measured.third),
        differences(measured),
        likeness(measured),
        copies(measured),
        resources(measured),
        external(measured),
        chain(measured),
        ports(measured),
        answers(measured),
        visits("IPv6 访问", &measured.visits.v6),
        visits("IPv4 访问", &measured.visits.v4),
        visits("一日内失败的 IPv6 访问", measured.vigil.as_ref().map_or(&[], |vigil| &vigil.failures)),
    ];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn failures(name: &str, rate: &crate::ipv6::LinkRate) -> Table {
    let rows = rate.failures.iter().map(|failure| {
        vec![
            failure.trouble.reason.chinese().to_owned(),
            failure.address.clone(),
            failure.trouble.detail.clone(),
            failure.page.clone(),
        ]
    });
    let counted = rate.tried.saturating_sub(rate.skipped);
    Table {
        name: name.to_owned(),
        note: format!("共 {} 条，测 {counted} 条，成功 {} 条", rate.known, rate.opened),
        head: vec!["原因", "链接", "实测", "所在页面"],
        rows: rows.collect(),
    }
}

fn differences(measured: &Measured) -> Table {
    let differences = measured.consistency.iter().flat_map(|consistency| &consistency.differences);
    let list = |things: &[String]| {
        if things.is_empty() { "—".to_owned() } else { things.join("；") }
    };
    let rows = differences.map(|difference| {
        vec![difference.part.chinese().to_owned(), list(&difference.only_v4), list(&difference.only_v6)]
    });
    Table {
        name: "两种协议的首页差异".to_owned(),
        note: "两次访问都有、另一协议两次都没有的内容".to_owned(),
        head: vec!["项", "仅 IPv4", "仅 IPv6"],
        rows: rows.collect(),
    }
}

fn likeness(measured: &Measured) -> Table {
    let Some(consistency) = &measured.consistency else {
        return Table { name: String::new(), note: String::new(), head: Vec::new(), rows: Vec::new() };
    };
    let rows = consistency.parts.iter().map(|part| {
        let exact = matches!(part.part, Part::Status | Part::Landed | Part::Title | Part::Charset);
        let figure = |value: f64| match (exact, value >= 1.0) {
            (true, true) => "相同".to_owned(),
            (true, false) => "不同".to_owned(),
            (false, _) => format!("{value:.3}"),
        };
        let verdict = if part.same { "一致" } else { "不一致" };
        vec![
            part.part.chinese().to_owned(),
            figure(part.across),
            figure(part.noise),
            figure(part.expected),
            verdict.to_owned(),
        ]
    });
    Table {
        name: "一致性逐项".to_owned(),
        note: format!("四份副本在 {:.1} 秒内取得", consistency.within_s),
        head: vec!["项", "v4 与 v6", "v4 与 v4（底噪）", "要求", "判定"],
        rows: rows.collect(),
    }
}

fn copies(measured: &Measured) -> Table {
    let rows = measured.copies.iter().map(|copy| {
        vec![
            figures::moment(copy.at),
            copy.address.to_string(),
            copy.landed.clone(),
            copy.status.to_string(),
            copy.bytes.to_string(),
            copy.sha256.clone(),
        ]
    });
    Table {
        name: "首页副本（证据）".to_owned(),
        note: "每种协议的第一份，存入证据库".to_owned(),
        head: vec!["时间（北京）", "地址", "最终地址", "状态码", "字节", "SHA-256"],
        rows: rows.collect(),
    }
}

fn yes(has: bool) -> String {
    if has { "有" } else { "无" }.to_owned()
}

fn resources(measured: &Measured) -> Table {
    let rows = measured.resources.iter().map(|resource| {
        vec![
            resource.reach.host.clone(),
            if resource.own { "本站" } else { "外部" }.to_owned(),
            resource.count.to_string(),
            yes(resource.reach.has_aaaa),
            resource
                .reach
                .trouble
                .as_ref()
                .map_or_else(|| "可连接".to_owned(), |trouble| trouble.detail.clone()),
        ]
    });
    Table {
        name: "首页引用资源的主机（天窗）".to_owned(),
        note: String::new(),
        head: vec!["主机", "归属", "资源数", "AAAA", "IPv6"],
        rows: rows.collect(),
    }
}

fn external(measured: &Measured) -> Table {
    let rows = measured.external.iter().filter_map(|host| {
        let trouble = host.trouble.as_ref()?;
        Some(vec![host.host.clone(), yes(host.has_aaaa), trouble.detail.clone(), host.sample.clone()])
    });
    Table {
        name: "不支持 IPv6 的外部链接主机".to_owned(),
        note: format!("查 {} 个，共 {} 个", measured.external.len(), measured.external_known),
        head: vec!["主机", "AAAA", "实测", "示例链接"],
        rows: rows.collect(),
    }
}

fn millis(value: Option<f64>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| format!("{value:.1}"))
}

fn chain(measured: &Measured) -> Table {
    let rows = measured.chain.cuts.iter().flat_map(|cut| {
        cut.servers.iter().map(|server| {
            vec![
                cut.zone.clone(),
                server.name.clone(),
                server.address.map_or_else(|| "—".to_owned(), |address| address.to_string()),
                millis(server.took_ms),
                server.said.clone(),
            ]
        })
    });
    Table {
        name: "授权链解析记录".to_owned(),
        note: measured.chain.broken.clone().unwrap_or_default(),
        head: vec!["区", "域名服务器", "地址", "毫秒", "应答"],
        rows: rows.collect(),
    }
}

fn ports(measured: &Measured) -> Table {
    let rows = measured.ports.iter().map(|check| {
        let said = check.trouble.as_ref().map_or_else(|| "开放".to_owned(), |trouble| trouble.detail.clone());
        vec![check.address.to_string(), check.port.to_string(), said, millis(check.took_ms)]
    });
    Table {
        name: "各地址端口".to_owned(),
        note: String::new(),
        head: vec!["地址", "端口", "实测", "毫秒"],
        rows: rows.collect(),
    }
}

fn answers(measured: &Measured) -> Table {
    let rows = measured.names.answers.iter().map(|answer| {
        let addresses: Vec<String> = answer.addresses.iter().map(ToString::to_string).collect();
        let error = answer.error.as_ref().map_or_else(|| "—".to_owned(), Clone::clone);
        vec![answer.server.to_string(), addresses.join("、"), error]
    });
    Table {
        name: "各解析服务器的应答".to_owned(),
        note: measured.names.host.clone(),
        head: vec!["服务器", "地址", "错误"],
        rows: rows.collect(),
    }
}

fn visits(name: &str, visits: &[Visit]) -> Table {
    let rows = visits.iter().map(|visit| {
        let phases = visit.phases;
        let said = visit.trouble.as_ref().map_or_else(|| "200".to_owned(), |trouble| trouble.detail.clone());
        let mut row = vec![figures::moment(visit.at), visit.address.to_string(), said];
        let times = [phases.dns, phases.tcp, phases.tls, phases.first_byte, phases.body(), phases.home];
        row.extend(times.map(millis));
        row.push(visit.bytes.to_string());
        row
    });
    Table {
        name: name.to_owned(),
        note: "毫秒；DNS、TCP、TLS 另行连接测得，首包自请求发出，“首页”自建连至正文收完".to_owned(),
        head: vec!["时间（北京）", "地址", "结果", "DNS", "TCP", "TLS", "首包", "正文", "首页", "字节"],
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests;
