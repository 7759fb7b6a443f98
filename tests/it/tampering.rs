//! Tampering over the life of a site: what is an attack and how sure that is, what settles, what a person approves of.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use sitewarden::fetch::{Connection, Fetch, Fixture, Outcome, Pending, Request};
use sitewarden::finding::{Confidence, Finding, Scope, Severity};
use sitewarden::report::Report;

use crate::scans::{HOME, Scratch};

fn fixtures(side: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/tampering").join(side)
}

/// What the check says, by page.
fn said(report: &Report) -> BTreeMap<String, Finding> {
    let findings = report.findings.iter().map(|reported| &reported.finding);
    findings
        .filter(|finding| finding.check == "tampering")
        .map(|finding| (finding.page.replace(HOME, "/"), finding.clone()))
        .collect()
}

/// A site of eight articles below one column, each with its own text; `change` may spoil a page.
fn site(change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    const TEXTS: [&str; 8] = [
        "监测人员在六条河流的断面采集水样，现场测定溶解氧和酸碱度",
        "演练模拟放射源在运输途中丢失，各组按预案搜寻、警戒和监测",
        "来自各县区的技术人员参加培训，课程包括采样规范和数据审核",
        "会议听取今年空气质量情况汇报，安排秋冬季防治任务和巡查",
        "工作人员到园区走访企业，介绍排污许可办理流程，收集困难",
        "全市优良天数同比增加，细颗粒物平均浓度下降，三个县区靠前",
        "志愿者为学生讲解垃圾分类和节水知识，参观水质自动监测站",
        "本市公布重点排污单位名录，督促企业公开排放信息接受监督",
    ];
    let folder = tempfile::tempdir().expect("a scratch folder");
    let write = |name: &str, title: &str, body: &str| {
        let metas = match body.starts_with("<h1>") {
            true => {
                "<meta name=\"ArticleTitle\" content=\"稿件\"><meta name=\"PubDate\" content=\"2026-11-09\">"
            }
            false => "",
        };
        let html = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title>{metas}</head><body>\
             <div class=\"nav\"><a href=\"/\">首页</a><a href=\"/dt/\">动态</a></div>{body}\
             <div class=\"footer\"><p>主办单位：示例市生态环境局</p></div></body></html>"
        );
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
        fs::write(path, change(name, html)).expect("writable");
    };
    write("index.html", "示例市生态环境局", "<p>欢迎访问</p>");
    let mut rows = String::new();
    for (number, text) in TEXTS.iter().enumerate() {
        rows.push_str(&format!(
            "<li><a href=\"{number}.html\">{text}</a><span>2026-11-0{}</span></li>",
            number + 1
        ));
        let body = format!("<h1>第{number}条</h1><p>发布时间：2026-11-0{} </p><p>{text}。</p>", number + 1);
        write(&format!("dt/{number}.html"), &format!("第{number}条-示例市生态环境局"), &body);
    }
    write("dt/index.html", "动态-示例市生态环境局", &format!("<ul>{rows}</ul>"));
    folder
}

fn clean() -> tempfile::TempDir {
    site(|_, html| html)
}

fn approve(scratch: &Scratch) {
    let approval = sitewarden::baseline::Approval { by: "王工".to_owned(), at: jiff::Timestamp::now() };
    sitewarden::scan::accept(&scratch.settings, &scratch.site, None, &approval).expect("there are baselines");
}

#[test]
fn each_kind_of_change_has_its_level() {
    use {Confidence::*, Severity::*};
    let levels = |approved: bool| {
        let scratch = Scratch::new();
        scratch.scan(&fixtures("fires").join("_before"));
        if approved {
            approve(&scratch);
        }
        let report = scratch.scan(&fixtures("fires"));
        let judged = scratch.judge();
        assert_eq!(said(&judged), said(&report), "judging again needs no request");
        said(&report)
    };
    for approved in [false, true] {
        let said = levels(approved);
        for (page, severity, confidence, shows) in [
            ("/dt/1.html", High, Probable, "cyber legion"),
            ("/dt/2.html", High, Probable, "脚本"),
            ("/dt/3.html", Critical, Confirmed, "hacked by"),
            ("/dt/4.html", Low, Note, "logo-new.png"),
            ("/dt/5.html", High, Probable, "等 6 个"),
            ("/dt/6.html", High, Probable, "表单"),
            ("/dt/7.html", Medium, Note, "欢迎光临"),
        ] {
            let finding = &said[page];
            assert_eq!((finding.severity, finding.confidence), (severity, confidence), "{finding:#?}");
            assert!(finding.evidence.contains(shows), "{}", finding.evidence);
            assert!(finding.evidence.contains("已复核 3 次"), "{}", finding.evidence);
            assert_eq!(finding.evidence.matches("SHA-256").count(), 2, "{}", finding.evidence);
            assert_eq!(finding.evidence.contains("未经人工认可"), !approved, "{}", finding.evidence);
        }
        assert_eq!(said.len(), 7);
    }
}

#[test]
fn a_script_from_a_domain_that_intruders_favour_is_confirmed_where_a_person_approved() {
    let spoilt = site(|name, html| match name {
        "dt/2.html" => html.replace("</head>", "<script src=\"//a.evil-example.top/x.js\"></script></head>"),
        _ => html,
    });
    for (approved, expected) in
        [(false, (Severity::High, Confidence::Probable)), (true, (Severity::Critical, Confidence::Confirmed))]
    {
        let scratch = Scratch::new();
        scratch.scan(clean().path());
        if approved {
            approve(&scratch);
        }
        let said = said(&scratch.scan(spoilt.path()));
        let levels: Vec<_> = said.values().map(|finding| (finding.severity, finding.confidence)).collect();
        assert_eq!(levels, [expected]);
    }
}

/// An emblem: a disc of `ink` in a picture of so many pixels a side.
fn emblem(side: u32, ink: u8) -> DynamicImage {
    let middle = f64::from(side) / 2.0;
    let shade = |x: u32, y: u32| {
        let reach = (f64::from(x) - middle).hypot(f64::from(y) - middle) / middle;
        if reach < 0.7 { Luma([ink]) } else { Luma([255]) }
    };
    GrayImage::from_fn(side, side, shade).into()
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("it can be written");
    bytes.into_inner()
}

/// The site with a picture by which visitors know it at the head of its column.
fn with_logo(name: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = site(|page, html| match page {
        "dt/index.html" => html.replace("<ul>", &format!("<p><img src=\"/img/{name}\"></p><ul>")),
        _ => html,
    });
    fs::create_dir(folder.path().join("img")).expect("writable");
    fs::write(folder.path().join("img").join(name), bytes).expect("writable");
    folder
}

#[test]
fn an_emblem_is_known_by_what_it_shows() {
    use ImageFormat::{Jpeg, Png};
    let known = written(&emblem(120, 60), Png);
    let skull: DynamicImage =
        GrayImage::from_fn(120, 120, |x, y| Luma([if (x / 14 + y / 16) % 2 == 0 { 0 } else { 220 }])).into();
    let mut huge = known.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
    for (what, name, bytes, shows) in [
        ("as it was", "logo.png", known.clone(), None),
        ("compressed anew", "logo.png", written(&emblem(120, 60), Jpeg), None),
        ("larger", "logo.png", written(&emblem(200, 60), Png), None),
        ("in another shade", "logo.png", written(&emblem(120, 90), Png), None),
        ("under another name", "logo-2027.png", known.clone(), None),
        ("another one", "logo.png", written(&skull, Png), Some("/64")),
        ("another one under another name", "logo-2027.png", written(&skull, Png), Some("/64")),
        (
            "a drawing that cannot be compared",
            "logo.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            Some("logo.png"),
        ),
        ("a bomb by its head", "logo.png", huge, Some("logo.png")),
        ("cut short", "logo.png", known[..known.len() / 2].to_vec(), Some("logo.png")),
    ] {
        let scratch = Scratch::new();
        scratch.scan(with_logo("logo.png", &known).path());
        approve(&scratch);
        let report = scratch.scan(with_logo(name, &bytes).path());
        let said = said(&report);
        let evidence: Vec<&str> = said.values().map(|finding| finding.evidence.as_str()).collect();
        match shows {
            None => assert!(evidence.is_empty(), "{what}: {evidence:#?}"),
            Some(shows) => {
                assert_eq!(evidence.len(), 1, "{what}: {evidence:#?}");
                assert!(
                    evidence[0].contains("标识图片变化") && evidence[0].contains(shows),
                    "{what}: {}",
                    evidence[0]
                );
            }
        }
    }
}

#[test]
fn a_change_stays_until_it_is_mended_or_approved() {
    let spoilt = site(|name, html| match name {
        "dt/2.html" => html.replace("<h1>", "<h1>Hacked by z3r0 "),
        _ => html,
    });
    let scratch = Scratch::new();
    scratch.scan(clean().path());
    for _ in 0..2 {
        assert_eq!(said(&scratch.scan(spoilt.path())).len(), 1, "what alarmed is no baseline");
    }
    assert_eq!(said(&scratch.scan(clean().path())).len(), 0);
    assert_eq!(said(&scratch.scan(spoilt.path())).len(), 1);
    approve(&scratch);
    assert_eq!(said(&scratch.scan(spoilt.path())).len(), 0);
}

#[test]
fn ordinary_changes_are_followed() {
    let scratch = Scratch::new();
    scratch.scan(clean().path());
    approve(&scratch);
    // Each time a little more is another text, until nothing of the first is left.
    for version in ["甲", "乙"] {
        let edited = site(|name, html| match name {
            "dt/2.html" => html.replace("来自各县区的技术人员", &format!("来自全市{version}组的人员")),
            _ => html,
        });
        assert_eq!(said(&scratch.scan(edited.path())).len(), 0);
    }
    let known = sitewarden::scan::baselines(&scratch.settings, &scratch.site).expect("readable");
    let baseline = known.good(&format!("{HOME}dt/2.html")).expect("a key page");
    assert!(baseline.portrait.opening.contains("乙组"), "{}", baseline.portrait.opening);
    assert_eq!(baseline.approval.as_ref().map(|approval| approval.by.as_str()), Some("王工"));
}

#[test]
fn what_most_pages_share_is_one_finding() {
    let check = |change: fn(&str, String) -> String, expected: (Severity, Confidence), shows: &str| {
        let scratch = Scratch::new();
        scratch.scan(clean().path());
        let said = said(&scratch.scan(site(change).path()));
        let finding = said.values().next().expect("it is told");
        assert_eq!((said.len(), finding.scope), (1, Scope::Site), "{said:#?}");
        assert_eq!((finding.severity, finding.confidence), expected, "{}", finding.evidence);
        assert!(finding.evidence.contains(shows), "{}", finding.evidence);
    };
    fn rebuilt(html: &str) -> String {
        html.replace("<p>", "<section class=\"r\"><article class=\"x\"><p class=\"y\">")
            .replace("<h1>", "<header class=\"h\"><h2 class=\"t\">")
            .replace("<li>", "<dd class=\"row\">")
            .replace("<ul>", "<dl class=\"rows\">")
            .replace("<div class=\"footer\">", "<footer class=\"f2\">")
            .replace("<body>", "<body class=\"new\"><main class=\"m\">")
            .replace("<div class=\"nav\">", "<nav class=\"n2\">")
            .replace("<a ", "<a class=\"l\" ")
    }
    check(|_, html| rebuilt(&html), (Severity::Low, Confidence::Note), "应为网站改版");
    check(
        |_, html| html.replace("</head>", "<script src=\"//kb.loader-cdn.example/kb.js\"></script></head>"),
        (Severity::Critical, Confidence::Probable),
        "疑似全站被篡改",
    );
    check(
        |_, html| html.replace("<body>", "<body><h1>Hacked by z3r0</h1>"),
        (Severity::Critical, Confidence::Confirmed),
        "疑似全站被篡改",
    );
}

#[test]
fn a_renamed_organ_is_no_attack_unless_a_stranger_comes_with_it() {
    fn renamed(html: &str) -> String {
        html.replace("示例市生态环境局", "示例市自然资源和生态局")
    }
    let check = |change: fn(&str, String) -> String, expected: (Severity, Confidence), shows: &str| {
        let scratch = Scratch::new();
        scratch.scan(clean().path());
        approve(&scratch);
        let said = said(&scratch.scan(site(change).path()));
        let whole = said.values().find(|finding| finding.scope == Scope::Site).expect("it is told");
        assert_eq!((whole.severity, whole.confidence), expected, "{}", whole.evidence);
        assert!(whole.evidence.contains(shows), "{}", whole.evidence);
        let known = sitewarden::scan::baselines(&scratch.settings, &scratch.site).expect("readable");
        assert!(known.waiting(HOME).is_some(), "{shows}: it waits for a person");
    };
    let attacked = (Severity::Critical, Confidence::Probable);
    check(|_, html| renamed(&html), (Severity::Low, Confidence::Note), "应为机构改革或单位更名");
    // One page with a stranger's script is enough.
    check(
        |name, html| match name {
            "dt/2.html" => renamed(&html)
                .replace("</head>", "<script src=\"//a.loader-cdn.example/x.js\"></script></head>"),
            _ => renamed(&html),
        },
        attacked,
        "疑似全站被篡改",
    );
    // A name that names nobody, and a menu that leads elsewhere, are no organ's, either.
    check(|_, html| html.replace("示例市生态环境局", "欢迎光临"), attacked, "疑似全站被篡改");
    check(
        |_, html| {
            let menu = "<a href=\"/\">首页</a><a href=\"/dt/\">动态</a></div>";
            let other =
                "<a href=\"/a/\">首页</a><a href=\"/b/\">动态</a></div><p><a href=\"/dt/\">动态</a></p>";
            renamed(&html).replace(menu, other)
        },
        attacked,
        "疑似全站被篡改",
    );
}

/// Shows one page changed for the first request only, as a deployment that is half done does.
struct HalfDeployed {
    changed: Fixture,
    done: Fixture,
    asked: AtomicUsize,
}

impl Fetch for HalfDeployed {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        let is_first =
            request.address.url().path() == "/dt/2.html" && self.asked.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first { self.changed.fetch(request) } else { self.done.fetch(request) }
    }
}

#[test]
fn what_settles_is_not_told_and_what_cannot_be_seen_again_is_a_note() {
    let spoil = |name: &str, html: String| match name {
        "dt/2.html" => html.replace("<h1>", "<h1>Hacked by z3r0 "),
        _ => html,
    };
    let (before, spoilt) = (clean(), site(spoil));
    let fixture = |folder: &Path| Fixture::new(folder).expect("a readable fixture");
    let scratch = Scratch::new();
    scratch.scan(before.path());
    let half = HalfDeployed {
        changed: fixture(spoilt.path()),
        done: fixture(before.path()),
        asked: AtomicUsize::new(0),
    };
    assert_eq!(said(&scratch.scan_by(half)).len(), 0);

    let refused = site(spoil);
    fs::write(refused.path().join("_answers.toml"), "[\"/dt/2.html\"]\nstatus = 403\n").expect("writable");
    let blocked = HalfDeployed {
        changed: fixture(spoilt.path()),
        done: fixture(refused.path()),
        asked: AtomicUsize::new(0),
    };
    let said = said(&scratch.scan_by(blocked));
    let confidences: Vec<_> = said.values().map(|finding| finding.confidence).collect();
    assert_eq!(confidences, [Confidence::Note], "{said:#?}");
}

/// Counts fetches on fresh connections: those that look again.
struct Counting(Fixture, std::sync::Arc<AtomicUsize>);

impl Fetch for Counting {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        if request.connection == Connection::Fresh && request.address.as_str().contains("/dt/") {
            self.1.fetch_add(1, Ordering::SeqCst);
        }
        let outcome: Pending<'a> = self.0.fetch(request);
        Box::pin(async move { outcome.await as Outcome })
    }
}

#[test]
fn looking_again_is_bounded() {
    let scratch = Scratch::new();
    scratch.scan(clean().path());
    let spoilt = site(|_, html| html.replace("<h1>", "<h1>Hacked by z3r0 "));
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let fixture = Fixture::new(spoilt.path()).expect("a readable fixture");
    scratch.scan_by(Counting(fixture, asked.clone()));
    assert_eq!(asked.load(Ordering::SeqCst), 8 * 3, "three times for each page that changed");
}

#[test]
fn the_program_shows_compares_and_accepts() {
    let scratch = Scratch::new();
    scratch.scan(clean().path());
    let spoilt = site(|name, html| match name {
        "dt/2.html" => html.replace("<h1>", "<h1>Hacked by \u{1b}[31mz3r0 13800138000 "),
        _ => html,
    });
    scratch.scan(spoilt.path());
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sitewarden"))
            .arg("baseline")
            .args(arguments)
            .args([HOME, "--data"])
            .arg(&scratch.settings.data_dir)
            .output()
            .expect("the program starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, shown, _) = run(&["show"]);
    assert_eq!(code, Some(0));
    assert_eq!(shown.lines().count(), 10, "{shown}");
    assert_eq!(shown.matches("有变化待处理").count(), 1, "{shown}");
    let (_, diff, _) = run(&["diff"]);
    assert!(diff.contains("/dt/2.html") && diff.contains("+ Hacked by"), "{diff}");
    assert!(!diff.contains('\u{1b}') && !diff.contains("13800138000"), "{diff}");
    assert!(diff.contains("- 第2条"), "{diff}");
    let page = format!("{HOME}dt/2.html");
    let (code, accepted, _) = run(&["accept", "--page", &page, "--by", "王工"]);
    assert_eq!((code, accepted.as_str()), (Some(0), "已认可 1 个页面的基线\n"));
    assert_eq!(run(&["diff"]).1, "没有待处理的变化\n");
    assert!(run(&["show"]).1.contains("王工 认可于"));
    let (code, _, error) = run(&["accept", "--page", &format!("{HOME}no.html"), "--by", "王工"]);
    assert!(code == Some(2) && error.contains("has no baseline"), "{error}");
    assert_eq!(run(&["accept", "--by", " "]).0, Some(2));
}
