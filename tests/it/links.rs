//! `sitewarden links`: what a scan leaves behind, and what a person says about it.

use std::path::Path;
use std::process::{Command, Output};

use crate::scans::{HOME, Scratch};

fn links(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    command.args(["links"]).args(arguments).arg("--data").arg(data).env_remove("SITEWARDEN_LOG");
    command.output().expect("the program starts")
}

fn rows(data: &Path, arguments: &[&str]) -> Vec<serde_json::Value> {
    let output = links(data, &[&[HOME, "--format", "json"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("an array")
}

#[test]
fn hosts_are_listed_and_approved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/bad-external-link/fires");
    let scratch = Scratch::new();
    scratch.scan(&folder.join("_before"));
    let report = scratch.scan(&folder);
    let data = scratch.settings.data_dir.as_path();
    let bad = |report: &sitewarden::report::Report| {
        report.findings.iter().filter(|found| found.finding.check == "bad-external-link").count()
    };
    assert_eq!(bad(&report), 7);

    let illicit = rows(data, &["--state", "illicit"]);
    let hosts: Vec<&str> = illicit.iter().filter_map(|row| row["host"].as_str()).collect();
    assert_eq!(hosts, ["cloaked.example", "lapsed.example", "moved.example"]);
    assert_eq!((&illicit[1]["was"], &illicit[1]["anchors"][0]), (&"ok".into(), &"示例市环境科学学会".into()));

    let by = ["--by", "张三", "--note", "经核实"];
    let approved = links(data, &[&["approve", "changed.example", HOME], by.as_slice()].concat());
    assert!(approved.status.success(), "{}", String::from_utf8_lossy(&approved.stderr));
    let refused = links(data, &[&["approve", "nobody.example", HOME], by.as_slice()].concat());
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));

    // Approval holds for the evidence at hand, too.
    assert_eq!(bad(&scratch.judge()), 6);
    let changed =
        rows(data, &[]).into_iter().find(|row| row["host"] == "changed.example").expect("is listed");
    assert_eq!((&changed["state"], &changed["approved"]["by"]), (&"ok".into(), &"张三".into()));

    // And taking it back, too; both stay on record.
    let late = links(
        data,
        &[&["approve", "changed.example", HOME, "--until", "2020-01-01"], by.as_slice()].concat(),
    );
    assert_eq!(late.status.code(), Some(2), "{}", String::from_utf8_lossy(&late.stderr));
    let revoke = || links(data, &[&["revoke", "changed.example", HOME], by.as_slice()].concat());
    let revoked = revoke();
    assert!(revoked.status.success(), "{}", String::from_utf8_lossy(&revoked.stderr));
    assert_eq!(revoke().status.code(), Some(2), "nobody vouches for it any more");
    assert_eq!(bad(&scratch.judge()), 7);
    let changed =
        rows(data, &[]).into_iter().find(|row| row["host"] == "changed.example").expect("is listed");
    assert_eq!((&changed["state"], &changed["approved"]), (&"changed".into(), &serde_json::Value::Null));
    let said: Vec<bool> =
        changed["said"].as_array().expect("a list").iter().map(|said| said["revoked"] == true).collect();
    assert_eq!(said, [false, true]);
}

#[test]
fn who_was_vouched_for_is_looked_at_again_once_that_is_taken_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/bad-external-link/fires");
    let scratch = Scratch::new();
    scratch.scan(&folder.join("_before"));
    let data = scratch.settings.data_dir.clone();
    let by = ["--by", "张三", "--note", "经核实"];
    let say = |deed: &str| {
        let done = links(&data, &[&[deed, "moved.example", HOME], by.as_slice()].concat());
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let is_reported = || {
        let report = scratch.scan(&folder);
        report.findings.iter().any(|found| found.finding.what == "moved.example")
    };
    say("approve");
    assert!(!is_reported());
    say("revoke");
    assert!(is_reported());
}
