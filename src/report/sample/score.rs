//! The score of the sample reports.

use jiff::civil::date;

use super::{HOME, at};
use crate::score::{ColumnDue, Gauge, Judged, Judgement, Line, Outlook, Said, ScoreSheet, Standing, Worse};

fn line(id: &str, name: &str, group: &str, standing: Standing, lost: f64, confidence: &str) -> Line {
    Line {
        id: id.to_owned(),
        name: name.to_owned(),
        group: group.to_owned(),
        expectation: String::new(),
        measured: String::new(),
        standing,
        lost,
        unconfirmed: 0.0,
        gained: 0.0,
        cap: if group == "扣分指标" { 5.0 } else { 0.0 },
        findings: 0,
        gauges: Vec::new(),
        said: None,
        authority: "国办秘函〔2019〕19号".to_owned(),
        confidence: confidence.to_owned(),
    }
}

/// What a person said of an indicator.
fn said(indicator: &str, note: &str) -> Said {
    Said {
        number: 3,
        at: at("2026-11-21T00:30:00Z"),
        author: "王工".to_owned(),
        note: note.to_owned(),
        judgement: Judgement {
            indicator: indicator.to_owned(),
            standing: Judged::Failed,
            points: 0.0,
            until: Some(date(2026, 12, 31)),
        },
    }
}

fn outlook() -> Outlook {
    let due = |name: &str, kind: &str, newest, due| ColumnDue {
        name: name.to_owned(),
        address: format!("{HOME}dt/"),
        kind_name: kind.to_owned(),
        newest,
        due,
    };
    let worse = |id: &str, name: &str, standing, points| Worse {
        id: id.to_owned(),
        name: name.to_owned(),
        standing,
        points,
    };
    Outlook {
        days: 14,
        due: vec![
            due("工作动态", "动态要闻类", date(2026, 11, 8), date(2026, 11, 22)),
            due("<b>\u{1b}[31m通知", "通知公告类", date(2026, 6, 1), date(2026, 12, 1)),
        ],
        worse: vec![
            worse("VETO-04", "栏目不更新", Standing::Failed, 0.0),
            worse("DED-05", "政策文件", Standing::Failed, 5.0),
        ],
    }
}

/// A score with something of everything.
pub(super) fn score() -> ScoreSheet {
    let told = |line: Line, expectation: &str, measured: &str, findings| Line {
        expectation: expectation.to_owned(),
        measured: measured.to_owned(),
        findings,
        ..line
    };
    let gauge = |name: &str, unit: &str, [measured, warn, fail]: [u64; 3]| Gauge {
        name: name.to_owned(),
        unit: unit.to_owned(),
        measured,
        warn,
        fail,
    };
    let mut lines = vec![
        told(
            line("VETO-01", "安全、泄密事故等严重问题", "单项否决", Standing::Failed, 0.0, "verified"),
            "不得出现严重表述错误、反动暴力色情内容、页面被篡改等",
            "发现 1 处严重表述错误（待人工确认）",
            1,
        ),
        told(
            line("VETO-02", "站点无法访问", "单项否决", Standing::NotMeasured, 0.0, "verified"),
            "一周内首页无法访问次数占比低于 5%",
            "单次扫描不能测量，需持续探测",
            0,
        ),
        told(
            line("VETO-03", "首页不更新", "单项否决", Standing::Met, 0.0, "verified"),
            "首页 2 周内有信息更新",
            "最新信息 2026-11-20",
            0,
        ),
        told(
            line("VETO-04", "栏目不更新", "单项否决", Standing::Failed, 0.0, "verified"),
            "空白栏目少于 5 个",
            "空白栏目 3 个",
            3,
        ),
        told(
            line("DED-04", "动态要闻", "扣分指标", Standing::Failed, 5.0, "recalled-med"),
            "2 周内有更新",
            "1 个栏目超期",
            1,
        ),
        told(
            line("DED-05", "政策文件", "扣分指标", Standing::Warning, 0.0, "verified-2nd"),
            "政策文件类一级栏目 6 个月内有更新",
            "最新 2026-06-01，距超期 10 天",
            0,
        ),
        told(
            line("LINK-02", "内容页链接可用", "扣分指标", Standing::Failed, 0.4, "verified-2nd"),
            "链接均可打开",
            "4 条失效链接，每条扣 0.1 分",
            4,
        ),
        told(
            line("TAG-01", "页面标签", "建议", Standing::Failed, 0.0, "default"),
            "内容页标签齐全",
            "1 类模板缺少 2 个标签",
            1,
        ),
        told(
            line("BON-01", "支持移动端", "加分指标", Standing::NotMeasured, 0.0, "recalled-low"),
            "页面适配移动设备",
            "未检测",
            0,
        ),
    ];
    lines[0].gauges = vec![gauge("严重表述错误", "个", [1, 1, 1])];
    lines[2].gauges = vec![gauge("首页最新信息距今", "天", [1, 10, 15])];
    lines[3].gauges = vec![gauge("空白栏目", "个", [3, 3, 5])];
    lines[3].said = Some(said("VETO-04", "现场核实"));
    lines[6].unconfirmed = 0.1;
    ScoreSheet {
        scale: "2019".to_owned(),
        scale_name: "国办秘函〔2019〕19号检查指标".to_owned(),
        scale_confidence: "verified".to_owned(),
        rules_version: "2026.11".to_owned(),
        lines,
        total: None,
        full: 100.0,
        bonus: 0.0,
        bonus_cap: 30.0,
        vetoes: vec!["VETO-01".to_owned(), "VETO-04".to_owned()],
        confirmed: vec!["VETO-04".to_owned()],
        outlook: outlook(),
        verdict: "不合格（待人工确认）：发现 1 项单项否决情形，依据国办秘函〔2019〕19号第一部分。".to_owned(),
    }
}
