//! Pages that nobody here wrote: Chinese manuals as Debian packages them, served on loopback and scanned by the real
//! program. What it calls dead must be dead, what wget finds dead it must find too, and its words must be slips that a
//! proofreader would mark.

use std::{
    collections::BTreeSet,
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::Command,
};

use axum::{
    Router,
    http::{StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use sitewarden::address::{Address, Key};

/// Checks that may fire on a manual: it has dead links like any site, and no government's tags and footer. It has
/// neither columns nor anything that would have to be hidden.
const APPLICABLE: &[&str] =
    &["dead-link", "broken-image", "missing-tag", "footer-element", "home-element", "misspelling"];

/// Slips that stand in these manuals indeed.
const MISSPELT: &[&str] = &["一部份", "部份", "做为", "帐号", "帐户", "所必须的"];

/// A manual.
struct Manual {
    package: &'static str,
    folder: &'static str,
    home: &'static str,
}

#[test]
fn gimp_help() {
    check(&Manual {
        package: "gimp-help-zh-cn",
        folder: "/usr/share/gimp/2.0/help",
        home: "zh_CN/index.html",
    });
}

#[test]
fn debian_reference() {
    check(&Manual {
        package: "debian-reference-zh-cn",
        folder: "/usr/share/debian-reference",
        home: "index.zh-cn.html",
    });
}

fn check(manual: &Manual) {
    if !Path::new(manual.folder).join(manual.home).exists() {
        return println!("skipped: the package {} is not installed", manual.package);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let address = serve(&runtime, manual.folder);
    let home = format!("http://{address}/{}", manual.home);
    let Some(dead) = dead_by_wget(&home) else {
        return println!("skipped: wget is not installed");
    };
    let findings = scan(&home);

    let strange: Vec<&Value> =
        findings.iter().filter(|finding| !APPLICABLE.contains(&text(finding, "check"))).collect();
    assert!(strange.is_empty(), "{strange:#?}");

    let unfair: Vec<&str> = of(&findings, "misspelling")
        .map(|finding| text(finding, "evidence"))
        .filter(|evidence| !MISSPELT.iter().any(|word| evidence.contains(&format!("【{word}】"))))
        .collect();
    assert!(unfair.is_empty(), "{unfair:#?}");

    let targets: BTreeSet<&str> = findings.iter().filter_map(|finding| finding["target"].as_str()).collect();
    let alive: Vec<&&str> = targets.iter().filter(|target| status(target) == 200).collect();
    assert!(alive.is_empty(), "called broken, but there: {alive:#?}");

    let found: BTreeSet<Key> = targets.iter().map(|target| key(target)).collect();
    let missed: Vec<&String> = dead.iter().filter(|target| !found.contains(&key(target))).collect();
    assert!(missed.is_empty(), "dead according to wget, and not found: {missed:#?}");
}

/// What the program reports on a site.
fn scan(home: &str) -> Vec<Value> {
    let data = tempfile::tempdir().expect("a scratch folder");
    let scanned = Command::new(env!("CARGO_BIN_EXE_sitewarden"))
        .args(["--quiet", "scan", home, "--allow-private", "127.0.0.0/8", "--rate", "0"])
        .args(["--confirm-spacing", "10ms", "--no-external", "--format", "jsonl", "--data"])
        .arg(data.path())
        .output()
        .expect("the program starts");
    assert!(scanned.status.success(), "{}", String::from_utf8_lossy(&scanned.stderr));
    let lines = String::from_utf8(scanned.stdout).expect("JSON is UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect()
}

/// What wget finds dead on a site; `None` where there is no wget.
fn dead_by_wget(home: &str) -> Option<BTreeSet<String>> {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let wget = Command::new("wget")
        .args([
            "--no-config",
            "--no-verbose",
            "--spider",
            "--recursive",
            "--level=inf",
            "--no-directories",
            home,
        ])
        .env("LC_ALL", "C")
        .current_dir(scratch.path())
        .output();
    let log = match wget {
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("wget does not start: {error}"),
    };
    let mut lines = log.lines().skip_while(|line| !line.starts_with("Found "));
    let summary = lines.next().unwrap_or_else(|| panic!("wget came to no end: {log}"));
    let dead: BTreeSet<String> = lines.filter(|line| line.starts_with("http")).map(str::to_owned).collect();
    assert_eq!(summary.contains("no broken links"), dead.is_empty(), "{summary}");
    Some(dead)
}

/// The status of a plain request for `target`.
fn status(target: &str) -> u16 {
    let address = Address::parse(target).expect("a finding names an address");
    let mut connection = TcpStream::connect(address.authority()).expect("the server is up");
    let path = target.splitn(4, '/').nth(3).unwrap_or_default();
    write!(connection, "GET /{path} HTTP/1.0\r\n\r\n").expect("the server listens");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("the server answers");
    let line = String::from_utf8_lossy(&answer[..answer.len().min(32)]).into_owned();
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

/// Serves the files of a folder, as they are and nothing else, until the runtime ends.
fn serve(runtime: &tokio::runtime::Runtime, folder: &'static str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a listener for tokio");
    let address = listener.local_addr().expect("a bound listener has an address");
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener for tokio");
        let files = Router::new().fallback(move |uri: Uri| async move { file(folder, uri.path()) });
        axum::serve(listener, files).await
    });
    address
}

fn file(folder: &str, path: &str) -> Response {
    let media_type = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "png" => "image/png",
        "gif" => "image/gif",
        "jpg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    };
    match std::fs::read(Path::new(folder).join(path.trim_start_matches('/'))) {
        Ok(body) => ([(CONTENT_TYPE, media_type)], body).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn of<'a>(findings: &'a [Value], check: &'a str) -> impl Iterator<Item = &'a Value> {
    findings.iter().filter(move |finding| finding["check"] == check)
}

fn text<'a>(finding: &'a Value, field: &str) -> &'a str {
    finding[field].as_str().unwrap_or_default()
}

fn key(address: &str) -> Key {
    Address::parse(address).unwrap_or_else(|error| panic!("{address}: {error:?}")).key()
}
