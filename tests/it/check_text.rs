//! The editor's check as a person, a script and an editor run it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Runs `check-text` with `input` on standard input.
fn check_text(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    command.arg("check-text").args(arguments).env_remove("SITEWARDEN_LOG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("the program starts");
    // A program that refuses its arguments does not wait for input.
    let _ = running.stdin.take().expect("piped").write_all(input);
    running.wait_with_output().expect("the program ends")
}

#[track_caller]
fn check(arguments: &[&str], input: &str, code: i32, expected: &str) {
    let output = check_text(arguments, input.as_bytes());
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{shown}{errors}");
    assert!(if expected.is_empty() { shown.is_empty() } else { shown.contains(expected) }, "{shown}");
}

#[test]
fn clean_text_says_nothing_to_a_script() {
    check(&["-", "--format", "jsonl"], "关于召开会议的通知", 0, "");
}

#[test]
fn each_finding_is_a_line() {
    check(&["-", "--format", "jsonl"], "认真布署", 0, "\"check\":\"misspelling\"");
    check(&["-", "--format", "jsonl"], "<html><body><p>认真<b>布</b>署</p>", 0, "\"page\":\"-\"");
}

#[test]
fn exit_codes_say_what_was_found() {
    check(&["-", "--fail-on", "medium"], "认真布署", 1, "【布署】");
    check(&["-", "--fail-on", "critical"], "认真布署", 0, "【布署】");
    check(&["-", "--allow", "布署", "--fail-on", "low"], "认真布署", 0, "没有发现问题");
    check(&["没有这个文件.docx"], "", 2, "");
    check(&["-", "--dictionaries", "没有这个目录"], "", 2, "");
}

#[test]
fn files_are_named() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("通知.txt");
    std::fs::write(&file, encoding_rs::GBK.encode("关于认真布署有关工作的通知").0).expect("writable");
    let name = file.to_str().expect("UTF-8");
    check(&[name, "--mode", "review"], "", 0, "通知.txt  正文");
    let output = check_text(&[name, "--format", "sarif"], b"");
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "misspelling");
}
