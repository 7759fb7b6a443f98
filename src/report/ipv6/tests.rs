use super::*;
use crate::indicators::RuleSet;
use crate::ipv6::{sample, score};

fn assessment() -> Assessment {
    Assessment { rules_version: "2026.11".to_owned(), ..score(&sample::faulty(), &RuleSet::built_in()) }
}

#[test]
fn shows_everything_as_text() {
    insta::assert_snapshot!(text(&assessment()));
}

#[test]
fn the_page_says_whose_weights_and_lets_nothing_out() {
    let page = html(&assessment());
    for expected in
        ["项目权重", "未找到任何官方权重表", "YD/T 3118-2016", "未通过 IPv6 打开的二级链接", "无 AAAA"]
    {
        assert!(page.contains(expected), "{expected}");
    }
    for forbidden in ["<script", "\u{202e}", "<link", "src="] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn a_blind_monitor_says_so_first() {
    let mut measured = sample::measured();
    measured.vantage.references[0].took_ms = None;
    measured.ports.clear();
    measured.visits.v6.clear();
    let assessment = score(&measured, &RuleSet::built_in());
    assert!(text(&assessment).contains("结论    未知：监测端"));
    assert!(html(&assessment).contains("<body class=\"tone-doubt\">"));
}

#[test]
fn the_copies_stand_beside_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let body = |name: &str| (name == "ab".repeat(32)).then(|| b"<script>".to_vec());
    let written = write_all(&assessment(), folder.path(), &body).unwrap();
    let names: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["ipv6.html", "ipv6.json", "ipv6.txt", "home-ipv6.source.txt"]);
    assert_eq!(std::fs::read(&written[3]).unwrap(), b"<script>");
}

#[test]
fn json_is_the_assessment() {
    let back: Assessment = serde_json::from_str(&json(&assessment())).unwrap();
    assert_eq!(back, assessment());
}
