//! Each metric by itself: how it stands, and in which words.

use super::compare::Part;
use super::delays;
use super::hosts::HostReach;
use super::judged::{Judged, failed, share, unknown};
use super::links::LinkRate;
use super::measured::{Measured, Opening, Reason, Trouble};
use super::vigil::{Beat, Vigil};
use super::visits::Visit;
use crate::indicators::{Ipv6Rules, Metric};

/// Hosts or addresses that a line names.
const NAMED: usize = 5;

/// Judges one metric.
pub(super) fn judge(metric: Metric, measured: &Measured, rules: &Ipv6Rules) -> Judged {
    let delay = |phase, floor| delays::judge(&measured.visits, phase, floor, rules);
    let floors = rules.floor_ms;
    match metric {
        Metric::Aaaa => aaaa(measured),
        Metric::Chain => chain(measured),
        Metric::Home => home(measured),
        Metric::Success => success(measured, rules),
        Metric::Stability => stability(measured, rules),
        Metric::SecondLinks => links(&measured.second, "首页"),
        Metric::ThirdLinks => links(&measured.third, "二级页面"),
        Metric::ExternalLinks => external(measured),
        Metric::DnsDelay => delay(|phases| phases.dns, floors.dns),
        Metric::TcpDelay => delay(|phases| phases.tcp, floors.tcp),
        Metric::FirstByteDelay => delay(|phases| phases.first_byte, floors.first_byte),
        Metric::HomeDelay => delay(|phases| phases.home, floors.home),
        Metric::Consistency => consistency(measured),
        Metric::DualStack => dual_stack(measured),
        Metric::Windows => windows(measured),
        Metric::Ports => ports(measured),
        Metric::Large => large(measured, rules),
        Metric::Download => delays::download(&measured.visits),
    }
}

fn aaaa(measured: &Measured) -> Judged {
    let names = &measured.names;
    if names.is_unknown() {
        return unknown("域名服务器均无应答".to_owned());
    }
    let public: Vec<String> = names.public().map(|address| address.to_string()).collect();
    let unfit: Vec<String> = names
        .aaaa
        .iter()
        .filter_map(|aaaa| aaaa.unfit.as_ref().map(|why| format!("{} 为{why}", aaaa.address)))
        .collect();
    if public.is_empty() {
        let said = if unfit.is_empty() { "没有 AAAA 记录".to_owned() } else { unfit.join("；") };
        return failed(format!("{}：{said}", names.host));
    }
    let mut said = format!("{}：{}", names.host, public.join("、"));
    if !unfit.is_empty() {
        said = format!("{said}（另有 {}）", unfit.join("；"));
    }
    // A host of which nothing was learnt counts neither way.
    let own: Vec<&HostReach> =
        measured.own_hosts.iter().filter(|host| !is(host.trouble.as_ref(), Reason::Dns)).collect();
    let lacking: Vec<&str> =
        own.iter().filter(|host| !host.has_aaaa).map(|host| host.host.as_str()).collect();
    if !own.is_empty() {
        said = format!("{said}；本站其他主机 {}/{}", own.len() - lacking.len(), own.len());
    }
    if !lacking.is_empty() {
        said = format!("{said}，缺：{}", named(&lacking));
    }
    share(1 + own.len() - lacking.len(), 1 + own.len(), said)
}

fn chain(measured: &Measured) -> Judged {
    let chain = &measured.chain;
    let zones: Vec<&str> = chain.cuts.iter().map(|cut| cut.zone.as_str()).collect();
    match (&chain.broken, chain.cuts.as_slice()) {
        (_, []) => unknown("地址中没有域名".to_owned()),
        // The root works; who cannot reach it is cut off himself.
        (Some(_), [root]) if !root.answered() => unknown("监测端经 IPv6 连不上根服务器".to_owned()),
        (Some(why), _) => failed(format!("{why}（已走过 {}）", zones.join(" → "))),
        (None, _) => share(1, 1, format!("{} → AAAA", zones.join(" → "))),
    }
}

fn home(measured: &Measured) -> Judged {
    let Some(first) = measured.openings.first() else { return unknown("未访问".to_owned()) };
    if first.v6.is_none() && measured.names.is_unknown() {
        return unknown("域名服务器均无应答".to_owned());
    }
    let said = measured.openings.iter().filter(|opening| is_wanted(opening, first)).map(opened);
    let said = said.collect::<Vec<_>>().join("；");
    let v4_trouble = first.v4.as_ref().and_then(|opened| opened.trouble.as_ref());
    let v6_trouble = first.v6.as_ref().and_then(|opened| opened.trouble.as_ref());
    if let (Some(v4), Some(v6)) = (v4_trouble, v6_trouble)
        && v4.reason == v6.reason
    {
        return unknown(format!("{said}；IPv4 下同样打不开，与 IPv6 无关"));
    }
    if !opens(first) {
        return failed(said);
    }
    let wanted: Vec<&Opening> =
        measured.openings.iter().filter(|opening| is_wanted(opening, first)).collect();
    let opening = wanted.iter().filter(|opening| opens(opening)).count();
    share(opening, wanted.len(), said)
}

/// Whether the home page must open so: as it was asked for, and by each scheme that works over IPv4.
fn is_wanted(opening: &Opening, first: &Opening) -> bool {
    let works_on_v4 = opening.v4.as_ref().is_some_and(|opened| opened.trouble.is_none());
    works_on_v4 || opening.address == first.address
}

fn opens(opening: &Opening) -> bool {
    opening.v6.as_ref().is_some_and(|opened| opened.trouble.is_none())
}

fn opened(opening: &Opening) -> String {
    let scheme = opening.address.split("://").next().unwrap_or_default();
    match opening.v6.as_ref().map(|opened| &opened.trouble) {
        None => format!("{scheme}：没有公网 AAAA"),
        Some(None) => format!("{scheme}：200"),
        Some(Some(trouble)) => format!("{scheme}：{}", trouble.detail),
    }
}

fn success(measured: &Measured, rules: &Ipv6Rules) -> Judged {
    let visits = &measured.visits;
    if visits.v6.is_empty() {
        return if measured.names.is_unknown() {
            unknown("域名服务器均无应答".to_owned())
        } else {
            failed("没有公网 IPv6 地址可访问".to_owned())
        };
    }
    let said = format!(
        "v6 {}，v4 {}；间隔 {:.1} 秒{}",
        rate_of(&visits.v6),
        rate_of(&visits.v4),
        visits.spacing_ms / 1000.0,
        failures_by_address(&visits.v6)
    );
    if visits.v6.len() < rules.least_visits {
        return unknown(format!("{said}；少于 {} 次，不作判定", rules.least_visits));
    }
    if visits.spacing_ms > rules.longest_spacing_s as f64 * 1000.0 {
        return unknown(format!("{said}；间隔超过 {} 秒，不作判定", rules.longest_spacing_s));
    }
    share(succeeded(&visits.v6), visits.v6.len(), said)
}

fn succeeded(visits: &[Visit]) -> usize {
    visits.iter().filter(|visit| visit.trouble.is_none()).count()
}

fn rate_of(visits: &[Visit]) -> String {
    if visits.is_empty() { "–".to_owned() } else { format!("{}/{}", succeeded(visits), visits.len()) }
}

fn failures_by_address(visits: &[Visit]) -> String {
    let mut said: Vec<String> = visits
        .iter()
        .filter_map(|visit| {
            visit.trouble.as_ref().map(|trouble| format!("{} {}", visit.address, trouble.detail))
        })
        .collect();
    said.sort();
    said.dedup();
    said.truncate(NAMED);
    if said.is_empty() { String::new() } else { format!("；失败：{}", said.join("；")) }
}

fn stability(measured: &Measured, rules: &Ipv6Rules) -> Judged {
    let own = Vigil::of(measured.visits.v4.iter().chain(&measured.visits.v6));
    let longest = measured.vigil.iter().chain(&own).max_by_key(|vigil| vigil.span_s());
    let Some(vigil) = longest.filter(|vigil| !vigil.v6.is_empty()) else {
        return unknown("没有 IPv6 访问".to_owned());
    };
    let (span, hours) = (u64::from(vigil.span_s()), rules.stability_hours);
    if span < hours * 3600 {
        let said =
            if span < 3600 { format!("{span} 秒") } else { format!("{:.1} 小时", span as f64 / 3600.0) };
        return unknown(format!("观测 {said}，不足 {hours} 小时，不作判定"));
    }
    let rate = |beats: &[Beat]| {
        let good = beats.iter().filter(|Beat(_, succeeded)| *succeeded).count();
        (good, beats.len(), format!("{good}/{}", beats.len()))
    };
    let ((good, all, v6), (_, _, v4)) = (rate(&vigil.v6), rate(&vigil.v4));
    let covered = vigil.covered_s(rules.longest_spacing_s) as f64 / span as f64;
    let said = format!(
        "{:.1} 小时内 v6 {v6}，v4 {v4}；间隔不超过 {} 秒的时段占 {:.1}%{}",
        span as f64 / 3600.0,
        rules.longest_spacing_s,
        covered * 100.0,
        failures_by_address(&vigil.failures)
    );
    if covered < rules.stability_coverage {
        return unknown(format!("{said}；观测有中断，不作判定"));
    }
    share(good, all, said)
}

fn links(rate: &LinkRate, from: &str) -> Judged {
    let counted = rate.tried.saturating_sub(rate.skipped);
    let Some(percent) = rate.rate() else { return unknown(format!("{from}没有可测的站内链接")) };
    let mut said = format!("{}/{counted}（{:.1}%）", rate.opened, percent * 100.0);
    if rate.tried < rate.known {
        said = format!("{said}，共 {} 条，抽测 {} 条", rate.known, rate.tried);
    }
    if rate.skipped > 0 {
        said = format!("{said}，{} 条未访问", rate.skipped);
    }
    let mut classes: Vec<Reason> = rate.failures.iter().map(|failure| failure.trouble.reason).collect();
    classes.sort();
    classes.dedup();
    for class in classes {
        let count = rate.failures.iter().filter(|failure| failure.trouble.reason == class).count();
        said = format!("{said}；{} {count}", class.chinese());
    }
    share(rate.opened, counted, said)
}

fn external(measured: &Measured) -> Judged {
    let hosts = &measured.external;
    if hosts.is_empty() {
        return unknown("没有外部链接".to_owned());
    }
    let reached = hosts.iter().filter(|host| host.trouble.is_none()).count();
    let with_aaaa = hosts.iter().filter(|host| host.has_aaaa).count();
    let of_known = if measured.external_known > hosts.len() {
        format!("，共 {} 个，查 {} 个", measured.external_known, hosts.len())
    } else {
        String::new()
    };
    let said = format!("{} 个外部主机，有 AAAA {with_aaaa}，可连接 {reached}{of_known}", hosts.len());
    share(reached, hosts.len(), said)
}

fn consistency(measured: &Measured) -> Judged {
    let Some(consistency) = &measured.consistency else {
        return unknown("缺少一种协议的首页，无法对照".to_owned());
    };
    let differing: Vec<String> = consistency
        .parts
        .iter()
        .filter(|part| !part.same)
        .map(|part| match part.part {
            Part::Status | Part::Landed | Part::Title | Part::Charset => {
                format!("{}不同", part.part.chinese())
            }
            _ => format!("{} {:.2}（底噪 {:.2}）", part.part.chinese(), part.across, part.noise),
        })
        .collect();
    if differing.is_empty() {
        return share(1, 1, format!("{} 项均一致，截图未比对", consistency.parts.len()));
    }
    let strangers = consistency.differences.iter().find(|difference| difference.part == Part::Strangers);
    let new: Vec<&str> =
        strangers.iter().flat_map(|difference| &difference.only_v6).map(String::as_str).collect();
    let new = if new.is_empty() {
        String::new()
    } else {
        format!("；仅 IPv6 出现的外部主机：{}", named(&new))
    };
    failed(format!("{}{new}", differing.join("、")))
}

fn dual_stack(measured: &Measured) -> Judged {
    if measured.names.is_unknown() {
        return unknown("域名服务器均无应答".to_owned());
    }
    let (v4, v6) = (measured.names.a.len(), measured.names.public().count());
    let both = usize::from(v4 > 0) + usize::from(v6 > 0);
    share(both, 2, format!("A {v4} 个，公网 AAAA {v6} 个"))
}

fn windows(measured: &Measured) -> Judged {
    let resources = &measured.resources;
    if resources.is_empty() {
        return unknown("首页没有引用资源，或首页未取得".to_owned());
    }
    let lacking = |own: bool| -> Vec<&str> {
        let lacking = resources.iter().filter(|resource| resource.own == own && !resource.reach.has_aaaa);
        lacking.map(|resource| resource.reach.host.as_str()).collect()
    };
    let (own, foreign) = (lacking(true), lacking(false));
    let list = |hosts: &[&str]| if hosts.is_empty() { "无".to_owned() } else { named(hosts) };
    let fine = resources.len() - own.len() - foreign.len();
    let said =
        format!("{} 个资源主机，仅 IPv4：本站 {}，外部 {}", resources.len(), list(&own), list(&foreign));
    share(fine, resources.len(), said)
}

fn ports(measured: &Measured) -> Judged {
    let (v4, v6): (Vec<_>, Vec<_>) = measured.ports.iter().partition(|check| check.address.is_ipv4());
    // What is closed over IPv4, too, is not meant to be open.
    let is_meant = |port: u16| {
        let model = if v4.is_empty() { &v6 } else { &v4 };
        model.iter().any(|check| check.port == port && check.trouble.is_none())
    };
    let wanted: Vec<_> = v6.iter().filter(|check| is_meant(check.port)).collect();
    if wanted.is_empty() {
        return unknown("没有公网 IPv6 地址，或 IPv4 也未开放端口".to_owned());
    }
    let said: Vec<String> = wanted
        .iter()
        .filter_map(|check| {
            let trouble = check.trouble.as_ref()?;
            Some(format!("[{}]:{} {}", check.address, check.port, trouble.detail))
        })
        .collect();
    let open = wanted.len() - said.len();
    let closed = if said.is_empty() { String::new() } else { format!("；{}", said.join("；")) };
    share(open, wanted.len(), format!("开放 {open}/{}{closed}", wanted.len()))
}

fn large(measured: &Measured, rules: &Ipv6Rules) -> Judged {
    let largest = |visits: &[Visit]| {
        let whole = visits.iter().filter(|visit| visit.complete && visit.trouble.is_none());
        whole.map(|visit| visit.bytes).max().unwrap_or(0)
    };
    let (v4, v6) = (largest(&measured.visits.v4), largest(&measured.visits.v6));
    let stuck = measured
        .visits
        .v6
        .iter()
        .any(|visit| visit.phases.tcp.is_some() && is(visit.trouble.as_ref(), Reason::Timeout));
    if v6 > rules.large_bytes {
        share(1, 1, format!("{v6} 字节的响应完整到达"))
    } else if v4 > rules.large_bytes && stuck {
        failed(format!("IPv4 收到 {v4} 字节，IPv6 连接成功后响应不到：疑似路径 MTU 黑洞"))
    } else {
        unknown(format!("没有超过 {} 字节的 IPv6 响应可供判断", rules.large_bytes))
    }
}

fn is(trouble: Option<&Trouble>, reason: Reason) -> bool {
    trouble.is_some_and(|trouble| trouble.reason == reason)
}

/// The first few, and how many more there are.
fn named(things: &[&str]) -> String {
    let first = things.iter().take(NAMED).copied().collect::<Vec<_>>().join("、");
    if things.len() > NAMED { format!("{first} 等 {} 个", things.len()) } else { first }
}
