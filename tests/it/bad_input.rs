//! Bad input, row by row of the table in the design: a clear line for whoever has to mend it, and nothing lost.

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use sitewarden::address::Address;
use sitewarden::config::Site;
use sitewarden::facts::Skip;
use sitewarden::report::{self, Format, Report};
use sitewarden::scan::Scanner;

use crate::scans;
use crate::server::{Reply, Routes, Server};

/// Runs the program in a folder of its own.
fn sitewarden(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    command.current_dir(folder).args(arguments).env_remove("SITEWARDEN_LOG");
    command.output().expect("the program starts")
}

/// Scans a server with the program, data in `data` below `folder`.
fn scan(folder: &Path, server: &Server, more: &[&str]) -> Output {
    let home = server.home();
    let mut arguments =
        vec!["scan", &home, "--data", "data", "--allow-private", "127.0.0.0/8", "--rate", "0"];
    arguments.extend_from_slice(&["--confirm-spacing", "0s"]);
    arguments.extend_from_slice(more);
    sitewarden(folder, &arguments)
}

/// Asserts how the program ended and that its words hold all of these.
#[track_caller]
fn check(output: &Output, exit: i32, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in:\n{said}");
    }
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("it is below the folder")).expect("a folder");
    fs::write(file, content).expect("a file");
}

/// A site of one page.
fn small_site() -> Server {
    Server::start(Routes::default().at("/", Reply::page("<title>首页</title><p>首页</p>")))
}

/// A site whose home page leads to `/bad`, which answers `bad`, and to a page that leads on.
fn site_with(bad: Reply) -> Server {
    let home = "<title>首页</title><a href='/bad'>坏</a><a href='/good'>好</a>";
    let good = "<title>好</title><p>好的页面</p><a href='/beyond'>更远</a>";
    Server::start(
        Routes::default()
            .at("/", Reply::page(home))
            .at("/bad", bad)
            .at("/good", Reply::page(good))
            .at("/beyond", Reply::page("<title>更远</title><p>更远的页面</p>")),
    )
}

fn was_asked(server: &Server, target: &str) -> bool {
    server.log().iter().any(|asked| asked.target == target)
}

fn evidence(report: &Report, check: &str) -> Vec<String> {
    let findings = report.findings.iter().map(|reported| &reported.finding);
    findings.filter(|finding| finding.check == check).map(|finding| finding.evidence.clone()).collect()
}

// -- What the operator wrote

#[test]
fn every_problem_of_a_configuration_is_told_before_a_request() {
    let (folder, server) = (scratch(), small_site());
    let home = server.home();
    let config = format!(
        "colour = \"red\"\n[[site]]\nid = \"a\"\nhome = \"{home}\"\nschedule = \"61 * * * *\"\n\
         [[site]]\nid = \"b\"\nhome = \"gopher://x\"\n\
         [crawl]\nallow_private = [\"127.0.0.0/8\"]\nconfirm_spacing = \"soon\"\n\
         [store]\nurl = \"env:SITEWARDEN_TEST_NO_SUCH_NAME\"\n"
    );
    write(folder.path(), "s.toml", config);
    let problems = ["s.toml:1:", "colour", "s.toml:5:", "s.toml:8:", "gopher://x", "s.toml:11:", "soon"];
    for command in
        [&["scan", "--site", "a", "--config", "s.toml"][..], &["config", "check", "--config", "s.toml"]]
    {
        let output = sitewarden(folder.path(), command);
        check(&output, 2, &problems);
        check(&output, 2, &["s.toml:13:", "SITEWARDEN_TEST_NO_SUCH_NAME"]);
    }
    assert_eq!(server.log().len(), 0, "nothing may be asked");
    assert!(!folder.path().join("data").exists(), "nothing may be written");
}

/// Asserts that a file in the folder named by `key` stops the program before a request, with these words.
fn check_own_file(key: &str, file: &str, content: &str, words: &[&str]) {
    let (folder, server) = (scratch(), small_site());
    write(folder.path(), &format!("own/{file}"), content);
    write(folder.path(), "s.toml", format!("{key} = \"own\"\n"));
    let output = scan(folder.path(), &server, &["--config", "s.toml"]);
    check(&output, 2, words);
    assert_eq!(server.log().len(), 0, "nothing may be asked");
}

#[test]
fn an_error_in_a_dictionary_is_named_with_its_line() {
    check_own_file(
        "dictionaries_dir",
        "misspellings.txt",
        "按装 → 安装 | colour=red\n",
        &["misspellings.txt:1"],
    );
    let header = "# what: 自有\n# source: 自有\n# licence: 自有\n# date: 2026-11-21\n# kind: allow\n";
    check_own_file("dictionaries_dir", "own.txt", &format!("{header}-没有此条\n"), &["own.txt:6"]);
}

#[test]
fn an_error_in_a_rule_is_named_with_its_line() {
    check_own_file("rules_dir", "own.toml", "[[rule]]\nid = \"X-1\"\ncolour = 1\n", &["own.toml:"]);
    check_own_file("rules_dir", "own.toml", "id = \"own\"\n\n[[rule\n", &["own.toml:3"]);
}

#[test]
fn a_mistyped_argument_is_told_before_a_request() {
    let (folder, server) = (scratch(), small_site());
    check(&scan(folder.path(), &server, &["--only", "no-such-check"]), 2, &["no-such-check"]);
    check(&scan(folder.path(), &server, &["--rate", "fast"]), 2, &["--rate"]);
    check(&sitewarden(folder.path(), &["scan", "ftp://a.test/"]), 2, &["ftp://a.test/"]);
    assert_eq!(server.log().len(), 0, "nothing may be asked");
}

// -- What a site answers

/// Far longer than linear work takes on a busy machine, and far shorter than anything else would.
const LINEAR: Duration = Duration::from_secs(90);

/// Scans a site of which one page is bad, within a time that only linear work keeps, and sees that all else was seen.
fn scan_with(bad: Reply) -> (Server, Report) {
    let server = site_with(bad);
    let begun = Instant::now();
    let report = server.scan(|settings| settings.fetch.caps.page = 256 << 10);
    assert!(begun.elapsed() < LINEAR, "{:?}", begun.elapsed());
    assert!(was_asked(&server, "/beyond"), "the scan did not go on: {:?}", server.log());
    assert!(report.coverage.finished);
    assert_eq!(report.could_not_run, []);
    (server, report)
}

/// Asserts that a page is kept, marked as cut.
#[track_caller]
fn check_limited(bad: Reply) {
    let (_server, report) = scan_with(bad);
    assert_eq!((report.coverage.pages, report.coverage.limited), (4, 1), "{:?}", report.coverage);
}

#[test]
fn a_body_without_end_is_cut_at_the_cap() {
    check_limited(Reply::Endless("<p>没完没了</p>".as_bytes()));
}

#[test]
fn a_compression_bomb_is_cut_at_the_cap() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(&b"<p>bomb bomb bomb bomb bomb bomb bomb bomb bomb bomb bomb".repeat(1 << 18))
        .expect("in memory");
    let bomb = encoder.finish().expect("in memory");
    let head = "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip";
    check_limited(Reply::Answer(head.to_owned(), bomb));
}

#[test]
fn a_body_that_cannot_be_decoded_is_told() {
    let head = "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip";
    let (_server, report) =
        scan_with(Reply::Answer(head.to_owned(), b"\x1f\x8b\x08\0garbage, not gzip".to_vec()));
    let dead = evidence(&report, "dead-link");
    assert!(dead.len() == 1 && dead[0].contains("无法还原"), "{dead:?}");
}

#[test]
fn floods_of_tags_and_attributes_are_cut() {
    check_limited(Reply::page("<div>".repeat(40_000)));
    check_limited(Reply::page("<b><i><a>".repeat(20_000)));
    let attributes: String = (0..30_000).map(|n| format!(" a{n}")).collect();
    check_limited(Reply::page(format!("<p{attributes}>x")));
}

#[test]
fn a_drip_is_given_up_and_told() {
    let (_server, report) = scan_with(Reply::Drip);
    assert!(
        evidence(&report, "dead-link")[0].contains("内容传输过慢"),
        "{:?}",
        evidence(&report, "dead-link")
    );
}

#[test]
fn headers_without_end_are_refused_and_told() {
    let long = format!("200 OK\r\nContent-Type: text/html\r\nX-Long: {}", "x".repeat(10 << 20));
    let (_server, report) = scan_with(Reply::Answer(long, b"<p>x</p>".to_vec()));
    let dead = evidence(&report, "dead-link");
    assert!(dead.len() == 1 && dead[0].contains("响应头过大"), "{dead:?}");
}

/// Asserts that a page that is odd but readable is read: the link in it is followed.
fn check_read(content_type: &str, body: &[u8]) {
    let link = b"<a href='/found-in-it'>more</a>";
    let (server, report) = scan_with(Reply::file(content_type, [body, link].concat()));
    assert!(was_asked(&server, "/found-in-it"), "{:?}", String::from_utf8_lossy(&body[..body.len().min(80)]));
    assert_eq!(report.coverage.pages, 4);
}

#[test]
fn nul_bytes_and_broken_encodings_are_read_as_far_as_they_go() {
    check_read("text/html; charset=utf-8", b"<ti\0tle>\0\0</title>\0<p>\0</p>");
    check_read("text/html; charset=gb2312", b"<p>\xff\xfe\x80\x81\xa1\xd6\xd0\xb9</p>");
    check_read("text/html; charset=no-such-encoding", "<p>中国</p>".as_bytes());
    check_read("text/html; charset=utf-8", b"<p>\xd6\xd0\xb9\xfa \xf0\x9f\x98</p>");
}

// -- Where links lead

/// A name server to which every name is 10.1.2.3. It ends with the process.
fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port on loopback");
    let at = socket.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            let query = &packet[..length];
            // A header of 12 bytes, then the name up to its zero byte, then type and class.
            let Some(end) = query[12..].iter().position(|byte| *byte == 0).map(|zero| 12 + zero + 5) else {
                continue;
            };
            let wants_v4 = query[end - 4..end - 2] == [0, 1];
            let mut answer = query[..2].to_vec();
            answer.extend_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(wants_v4), 0, 0, 0, 0]);
            answer.extend_from_slice(&query[12..end]);
            if wants_v4 {
                answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend_from_slice(&Ipv4Addr::new(10, 1, 2, 3).octets());
            }
            socket.send_to(&answer, from).expect("loopback takes it");
        }
    });
    at
}

#[test]
fn private_addresses_are_refused_on_every_hop() {
    let links =
        ["/one", "/two", "http://intern.example.test/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/"];
    let links: String = links.map(|link| format!("<a href='{link}'>去</a>")).concat();
    let server = Server::start(
        Routes::default()
            .at("/", Reply::page(format!("<title>首页</title>{links}")))
            .at("/one", Reply::to("http://10.1.2.3/"))
            .at("/two", Reply::to("/three"))
            .at("/three", Reply::to("http://by-name.example.test/")),
    );
    let report = server.scan(|settings| settings.fetch.dns = vec![name_server()]);
    let dead = evidence(&report, "dead-link");
    assert_eq!(dead.iter().filter(|evidence| evidence.contains("内网地址")).count(), 3, "{dead:?}");
    assert_eq!(evidence(&report, "malformed-link").len(), 2, "{:?}", evidence(&report, "malformed-link"));
}

#[test]
fn traps_are_bounded_and_shown() {
    fn number(target: &str) -> u64 {
        let digits: String = target.chars().filter(char::is_ascii_digit).collect();
        digits.get(..digits.len().min(9)).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }
    let endless = |target: &str| {
        let next = number(target) + 1;
        Reply::page(format!("<title>{next}</title><p>{next}</p><a href='/more?id={next}'>下一个</a>"))
    };
    let same = |target: &str| {
        let next = number(target) + 1;
        Reply::page(format!("<title>同</title><p>总是同样的话</p><a href='/same/{next}.html'>下一个</a>"))
    };
    let deeper =
        |target: &str| Reply::page(format!("<title>{target}</title><a href='x{}/'>深</a>", target.len()));
    let session = |target: &str| {
        let next = target.len();
        Reply::page(format!(
            "<title>会话</title><p>会话</p><a href='/session?PHPSESSID={next}aaaaaaaa'>我</a>"
        ))
    };
    let home = "<title>首页</title><a href=/more?id=1>一</a><a href=/same/1.html>二</a><a href=/deeper/>三</a>\
                <a href=/session>四</a>";
    let server = Server::start(
        Routes::default()
            .at("/", Reply::page(home))
            .below("/more", endless)
            .below("/same/", same)
            .below("/deeper/", deeper)
            .below("/session", session),
    );
    let coverage = server.scan(|_| ()).coverage;
    for (prefix, most) in [("/more", 30), ("/same/", 30), ("/deeper/", 60), ("/session", 2)] {
        let asked = server.log().iter().filter(|asked| asked.target.starts_with(prefix)).count();
        assert!((1..=most).contains(&asked), "{prefix} was asked for {asked} times");
    }
    for trap in ["/more?id (20)", "/same/#.html (20)"] {
        assert!(coverage.budgets_hit.iter().any(|hit| hit.ends_with(trap)), "{:?}", coverage.budgets_hit);
    }
    assert!(coverage.skipped.contains_key(&Skip::TrapBudget), "{:?}", coverage.skipped);
    assert!(coverage.skipped.contains_key(&Skip::TrapShape), "{:?}", coverage.skipped);
}

// -- What is shown of it

fn render(report: &Report, format: Format) -> String {
    let bytes = report::render(report, format).expect("text always fits");
    String::from_utf8(bytes).expect("text is UTF-8")
}

#[test]
fn text_of_a_site_is_harmless_in_every_format() {
    let home = "<title>\u{1b}]0;owned\u{7}</title><title>x</title><a href='/a?\u{202e}=<script>alert(1)</script>'>\
                <b>&lt;script&gt;alert(2)&lt;/script&gt;\u{1b}[31m\u{202e}</b></a>\
                <p>&lt;img src=x onerror=alert(3)&gt; =HYPERLINK(\"x\") 按装</p>";
    let server = Server::start(Routes::default().at("/", Reply::page(home)));
    let report = server.scan(|_| ());
    assert!(!evidence(&report, "dead-link").is_empty());
    for format in [Format::Text, Format::Json, Format::Jsonl, Format::Html] {
        let shown = render(&report, format);
        let control = shown.chars().find(|char| char.is_control() && *char != '\n' || *char == '\u{202e}');
        assert_eq!(control, None, "{format:?}");
        if format == Format::Html {
            for attack in ["<script>alert", "<img src=x", "javascript:alert"] {
                assert!(!shown.contains(attack), "{attack}");
            }
        }
    }
    let lines = render(&report, Format::Jsonl);
    for line in lines.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("each line is one object");
    }
    assert_eq!(lines.lines().count(), report.findings.len());
}

// -- What lies on the disk

/// Opens the record of a server's site in this process, as another program would.
fn hold(folder: &Path, server: &Server) -> Scanner {
    let site = Site::at(&Address::parse(&server.home()).expect("a good address"), &[]);
    Scanner::open(scans::settings(&folder.join("data")), site, jiff::Timestamp::now())
        .expect("everything opens")
}

#[test]
fn a_record_in_use_is_named_with_who_uses_it() {
    let (folder, server) = (scratch(), small_site());
    let _held = hold(folder.path(), &server);
    let holder = format!("process {}", std::process::id());
    check(&scan(folder.path(), &server, &[]), 3, &["data/record.db", &holder]);
    assert_eq!(server.log().len(), 0, "nothing may be asked");
}

#[test]
fn a_corrupt_record_is_named_and_left_alone() {
    let (folder, server) = (scratch(), small_site());
    let garbage = "this is no database ".repeat(1000);
    write(folder.path(), "data/record.db", &garbage);
    check(&scan(folder.path(), &server, &[]), 3, &["data/record.db", "damaged", "backup"]);
    assert_eq!(fs::read_to_string(folder.path().join("data/record.db")).expect("still there"), garbage);
    assert_eq!(server.log().len(), 0, "nothing may be asked");
}

#[test]
fn a_crawl_state_that_will_not_open_is_moved_aside() {
    let (folder, server) = (scratch(), small_site());
    check(&scan(folder.path(), &server, &["--only", "dead-link"]), 0, &[]);
    let site = hold(folder.path(), &server); // Begins the second scan and is stopped at once.
    let transport =
        sitewarden::fetch::Transport::network(&scans::settings(folder.path()).fetch).expect("a network");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(site.scan(transport, &(), std::future::ready(()))).expect("it stops");
    drop(site);
    let states =
        folder.path().join("data/crawl").join(Site::at(&Address::parse(&server.home()).unwrap(), &[]).id);
    for file in ["conf", "db"] {
        write(&states.join("2"), file, "garbage, garbage, garbage");
    }
    let output = scan(folder.path(), &server, &["--only", "dead-link"]);
    check(&output, 0, &["moved aside", "2"]);
    let aside = fs::read_dir(&states).expect("a folder").flatten();
    let aside: Vec<_> = aside.map(|entry| entry.file_name().into_string().expect("a name")).collect();
    assert!(aside.iter().any(|name| name.starts_with("2") && name != "2"), "{aside:?}");
}

/// A file system of a few hundred kilobytes; gone when dropped.
struct TinyDisk(PathBuf);

impl TinyDisk {
    /// `None` where this process may not mount anything.
    fn mount(at: PathBuf, size: &str) -> Option<TinyDisk> {
        fs::create_dir_all(&at).expect("a folder");
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", &options, "sitewarden-test"]).arg(&at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(TinyDisk(at))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named() {
    // What is full first: the record, the crawl state, the record again at the end, the evidence alone.
    for (disk, size, named) in [
        ("data", "16k", "data/record.db"),
        ("data", "96k", "data/"),
        ("data", "144k", "data/"),
        ("data/evidence", "32k", "data/evidence"),
    ] {
        let folder = scratch();
        // Random enough not to become small, so that it fills what is kept of it.
        let words: String =
            (0..20_000u64).map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        let server = Server::start(Routes::default().at("/", Reply::page(words)));
        let Some(_disk) = TinyDisk::mount(folder.path().join(disk), size) else {
            eprintln!("skipped: a full disk takes the right to mount one");
            return;
        };
        check(&scan(folder.path(), &server, &[]), 3, &["no space", named]);
    }
}
