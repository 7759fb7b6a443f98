//! The program itself: `alert test` and `alert list`.

use std::{fs, process::Command};

use super::*;

/// Runs the program with the most talkative log; gives exit code, output and log.
fn run(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    let output = command.current_dir(folder).arg("-vv").args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_channel_is_tried_and_no_secret_is_logged() {
    let robots = Robots::start();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let config = format!(
        r#"
        [alert]
        allow_private = ["127.0.0.0/8"]
        [[alert.channel]]
        id = "duty"
        kind = "dingtalk"
        url = "{}"
        secret = "{DINGTALK_SECRET}"
        [[alert.channel]]
        id = "leaders"
        kind = "wecom"
        url = "{}-removed"
        [[alert.channel]]
        id = "lines"
        kind = "file"
        path = "alerts.jsonl"
        "#,
        robots.url(Vendor::DingTalk),
        robots.url(Vendor::WeCom)
    );
    fs::write(folder.path().join("sitewarden.toml"), config).expect("a scratch folder");

    let (code, output, log) = run(folder.path(), &["alert", "test"]);
    assert_eq!(code, Some(3), "one of them refuses: {output}{log}");
    let lines: Vec<&str> = output.lines().collect();
    assert!(lines[0].starts_with("duty（dingtalk）  已确认"), "{output}");
    assert!(lines[1].starts_with("leaders（wecom）  通道不可用：93000"), "{output}");
    assert!(lines[2].starts_with("lines（file）  已确认"), "{output}");
    assert!(robots.delivered(Vendor::DingTalk)[0].contains("【网站监测】测试"));
    let written = fs::read_to_string(folder.path().join("alerts.jsonl")).expect("a line was written");
    assert!(written.ends_with('\n') && written.contains("\"event\":\"test\""), "{written}");
    for hidden in ["dingtalk-token-0001", "wecom-key-0001", DINGTALK_SECRET, "sign="] {
        assert!(!log.contains(hidden) && !output.contains(hidden), "{hidden}: {log}");
    }

    let (code, output, _) = run(folder.path(), &["alert", "test", "--channel", "lines"]);
    assert_eq!((code, output.lines().count()), (Some(0), 1), "{output}");
    assert_eq!(run(folder.path(), &["alert", "test", "--channel", "no-such"]).0, Some(2));
}

#[test]
fn the_delivery_log_can_be_read() {
    let hands = Hands::new();
    let robots = Robots::start();
    let mut scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom)]);
    scene.alert.allow_private.clear();
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(1);
    let data = scene._folder.path();
    let url = data.join("record.db");
    let config = format!("[store]\nurl = \"sqlite:{}\"\n", url.display());
    fs::write(data.join("sitewarden.toml"), config).expect("a scratch folder");
    let (code, output, log) = run(data, &["alert", "list", "--unconfirmed"]);
    assert_eq!(code, Some(0), "{log}");
    assert!(output.contains("n1-opened  首页无法访问  zhang → wecom  待发"), "{output}");
    assert!(output.contains("通道不可用（its address is not public"), "{output}");
    assert!(output.contains("通道 wecom：待发 1 条"), "{output}");
}
