//! What a report says of a hostile script.

use super::charge::{Charge, Way};
use crate::script::Guard;

/// Rule, for whom, what, to whom, how wrapped, and where.
pub(super) fn evidence(charge: &Charge, offset: Option<u64>) -> String {
    let mut factors = Vec::new();
    let guards: Vec<&str> = charge.manner.guards.all().map(Guard::chinese).collect();
    if !guards.is_empty() {
        factors.push(format!("脚本判断访问者（{}）", guards.join("、")));
    }
    factors.push(done(charge));
    factors.extend(charge.manner.wrappings.said());
    if let Some(target) = &charge.target {
        factors.extend(target.oddities());
    }
    if let Some(offset) = offset {
        factors.push(format!("位于源码第 {offset} 字节"));
    }
    format!("[{}] {}", charge.rule.id(), factors.join("；"))
}

fn done(charge: &Charge) -> String {
    let host = charge.target.as_ref().map_or("", |target| target.host.as_str());
    match &charge.way {
        Way::Go => format!("跳转到未登记的网站 {host}"),
        Way::Open => format!("打开未登记的网站 {host}"),
        Way::GoBehind => format!("将打开本页的窗口转向未登记的网站 {host}"),
        Way::Program => format!("加载未登记网站的脚本 {host}"),
        Way::Frame => format!("嵌入未登记的网站 {host}"),
        Way::Overlay => format!("以全屏框架覆盖页面，显示未登记的网站 {host}"),
        Way::Data => "以 data: 地址嵌入整页内容".to_owned(),
        Way::Notify => "请求向访客推送通知，政府网站一般不需要".to_owned(),
        Way::Entitle(title) => format!("按访问者是否为搜索引擎改写页面标题：“{title}”"),
        Way::Retitle(title) => format!("仅让搜索引擎看到标题“{title}”，对其他访问者改为另一标题"),
    }
}
