//! IPv6 support, measured in a lab of both families: what is broken is told, by the right line.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use sitewarden::indicators::Metric;
use sitewarden::ipv6::{Assessment, Part, Reason, Standing};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use crate::lab::{self, Lab, REFERENCES, RESOLVER, ROOT, UNHURRIED};
use crate::server::{Reply, Routes};

const HOME: &str = "http://www.site.test/";
const V4: &str = "10.99.0.1:80";
const V6: &str = "[fd00:99::1]:80";

/// Text that no two pages share, long enough for shingles and for more than one packet.
const NEWS: &str =
    "全省生态环境保护大会召开，部署下一阶段污染防治攻坚重点任务，要求压实责任、精准治污，持续改善环境质量。";

fn page(title: &str, body: &str) -> Reply {
    let news = NEWS.repeat(20);
    Reply::page(format!("<html><head><title>{title}</title></head><body><p>{news}</p>{body}</body></html>"))
}

fn home(more: &str) -> Reply {
    page(
        "示例厅首页",
        &format!("<ul><li><a href=/a.html>要闻</a></li><li><a href=/b.html>通知</a></li></ul>{more}"),
    )
}

/// A site whose links all work.
fn site() -> Routes {
    Routes::default()
        .at("/", home(""))
        .at("/a.html", page("要闻", "<a href=/c.html>更多要闻</a>"))
        .at("/b.html", page("通知", ""))
        .at("/c.html", page("更多要闻", ""))
}

/// The site over both families.
pub(crate) fn healthy() -> Lab {
    over_v6(site())
}

/// The site over IPv4, and this over IPv6.
fn over_v6(routes: Routes) -> Lab {
    Lab::new().name("www.site.test", &["10.99.0.1", "fd00:99::1"]).serve(V4, site()).serve(V6, routes)
}

fn standing(assessment: &Assessment, metric: Metric) -> Standing {
    line(assessment, metric).0
}

fn line(assessment: &Assessment, metric: Metric) -> (Standing, &str) {
    let line = assessment.line(metric).expect("the rules have such a line");
    (line.standing, &line.measured)
}

#[test]
fn a_healthy_site_gets_every_point() {
    lab::inside("ipv6::a_healthy_site_gets_every_point", || {
        let found = healthy().assess(HOME);
        let lost: Vec<_> = found.lines.iter().filter(|line| line.points != Some(line.full)).collect();
        let unknown: Vec<Metric> = lost.iter().map(|line| line.metric).collect();
        assert_eq!(unknown, [Metric::Stability, Metric::ExternalLinks, Metric::Windows], "{lost:#?}");
        assert_eq!((found.total.points, found.total.of), (100.0, 100.0));
        assert_eq!(standing(&found, Metric::Large), Standing::Met);
        let zones: Vec<&str> = found.measured.chain.cuts.iter().map(|cut| cut.zone.as_str()).collect();
        assert_eq!(zones, [".", "test", "site.test"]);
        assert_eq!((found.measured.second.opened, found.measured.third.opened), (2, 1));
    });
}

#[test]
fn a_dead_address_closes_the_gate() {
    lab::inside("ipv6::a_dead_address_closes_the_gate", || {
        let lab = Lab::new().name("www.site.test", &["10.99.0.1", "fd00:99::dead"]).serve(V4, site());
        let found = lab.assess(HOME);
        assert_eq!(standing(&found, Metric::Aaaa), Standing::Met);
        assert_eq!(standing(&found, Metric::Home), Standing::Failed);
        assert_eq!(standing(&found, Metric::Ports), Standing::Failed);
        assert!(found.gate.as_ref().is_some_and(|gate| gate.contains("V6-03")), "{:?}", found.gate);
        // AAAA and the chain stand for themselves.
        assert_eq!((found.total.points, found.total.of), (15.0, 100.0));
    });
}

#[test]
fn one_dead_address_of_two_is_told() {
    lab::inside("ipv6::one_dead_address_of_two_is_told", || {
        let found =
            healthy().name("www.site.test", &["10.99.0.1", "fd00:99::dead", "fd00:99::1"]).assess(HOME);
        assert_eq!(standing(&found, Metric::Home), Standing::Met);
        let (ports, said) = line(&found, Metric::Ports);
        assert_eq!(ports, Standing::Partial);
        assert!(said.contains("[fd00:99::dead]:80"), "{said}");
        let (success, said) = line(&found, Metric::Success);
        assert!(success == Standing::Partial && said.contains("v6 5/10，v4 10/10"), "{said}");
        // The links are no worse for it.
        assert_eq!(standing(&found, Metric::SecondLinks), Standing::Met);
    });
}

#[test]
fn a_port_closed_on_v6_only_is_told() {
    lab::inside("ipv6::a_port_closed_on_v6_only_is_told", || {
        let found = healthy().serve("10.99.0.1:443", Routes::default()).assess(HOME);
        let (ports, said) = line(&found, Metric::Ports);
        assert_eq!(ports, Standing::Partial);
        assert!(said.contains("[fd00:99::1]:443 连接被拒绝") && !said.contains("]:80 "), "{said}");
    });
}

#[test]
fn another_site_on_v6_is_told() {
    lab::inside("ipv6::another_site_on_v6_is_told", || {
        let other = site().at("/", Reply::page("<title>Welcome to nginx!</title><p>It works."));
        let found = over_v6(other).assess(HOME);
        assert_eq!(standing(&found, Metric::Home), Standing::Met);
        assert_eq!(standing(&found, Metric::Consistency), Standing::Failed);
        let consistency = found.measured.consistency.expect("both families answer");
        let title = consistency.differences.iter().find(|difference| difference.part == Part::Title).unwrap();
        assert_eq!(
            (title.only_v4.as_slice(), title.only_v6.as_slice()),
            (&["示例厅首页".to_owned()][..], &["Welcome to nginx!".to_owned()][..])
        );
    });
}

#[test]
fn links_planted_on_v6_only_are_named() {
    lab::inside("ipv6::links_planted_on_v6_only_are_named", || {
        let planted = home("<div style='display:none'><a href=http://bet.example/>下注</a></div>");
        let found = over_v6(site().at("/", planted)).assess(HOME);
        let (consistency, said) = line(&found, Metric::Consistency);
        assert_eq!(consistency, Standing::Failed);
        assert!(said.contains("仅 IPv6 出现的外部主机：bet.example"), "{said}");
    });
}

#[test]
fn a_redirect_to_a_host_without_v6_is_told() {
    lab::inside("ipv6::a_redirect_to_a_host_without_v6_is_told", || {
        let found = over_v6(Routes::default().at("/", Reply::to("http://old.site.test/")))
            .name("old.site.test", &["10.99.0.1"])
            .assess(HOME);
        let (home, said) = line(&found, Metric::Home);
        assert_eq!(home, Standing::Failed);
        assert!(said.contains("没有对应的 IP 地址") && said.contains("http://old.site.test/"), "{said}");
        assert!(found.measured.visits.v6.iter().all(|visit| {
            visit.trouble.as_ref().is_some_and(|trouble| trouble.reason == Reason::NoAddress)
        }));
    });
}

#[test]
fn a_slow_v6_is_told() {
    lab::inside("ipv6::a_slow_v6_is_told", || {
        let slow = site().eyeing(|_| {
            std::thread::sleep(Duration::from_millis(300));
            None
        });
        let mut lab = over_v6(slow);
        // Floors below the delay of the server, so that the test need not wait for the real ones.
        lab.rules = lab::rules("{ dns = 60000, tcp = 60000, first_byte = 100, home = 100 }");
        let found = lab.assess(HOME);
        for (metric, expected) in [
            (Metric::FirstByteDelay, Standing::Failed),
            (Metric::HomeDelay, Standing::Failed),
            (Metric::TcpDelay, Standing::Met),
        ] {
            assert_eq!(standing(&found, metric), expected, "{:?}", line(&found, metric));
        }
    });
}

#[test]
fn a_name_server_without_v6_breaks_the_chain() {
    lab::inside("ipv6::a_name_server_without_v6_breaks_the_chain", || {
        let found = Lab { zone_has_aaaa: false, ..healthy() }.assess(HOME);
        let (chain, said) = line(&found, Metric::Chain);
        assert_eq!(chain, Standing::Failed);
        assert!(said.starts_with("区 site.test 没有带 AAAA 的域名服务器"), "{said}");
        assert_eq!((found.total.points, found.gate), (95.0, None));
    });
}

#[test]
fn a_firewall_on_v6_only_is_named() {
    lab::inside("ipv6::a_firewall_on_v6_only_is_named", || {
        let refusing = Routes::default().below("/", |_| Reply::status("403 Forbidden\r\nServer: safeline"));
        let found = over_v6(refusing).assess(HOME);
        let (home, said) = line(&found, Metric::Home);
        assert_eq!(home, Standing::Failed);
        assert!(said.contains("长亭雷池 WAF 拦截（403）"), "{said}");
        let failures = &found.measured.second.failures;
        assert!(failures.len() == 2, "{failures:?}");
        assert!(failures.iter().all(|failure| failure.trouble.reason == Reason::Firewall));
    });
}

#[test]
fn a_missing_page_that_answers_200_is_no_success() {
    lab::inside("ipv6::a_missing_page_that_answers_200_is_no_success", || {
        let missing = Reply::page("<title>提示</title><p>您访问的页面不存在</p>");
        let found = over_v6(site().at("/b.html", missing)).assess(HOME);
        assert_eq!(standing(&found, Metric::SecondLinks), Standing::Partial);
        let [failure] = found.measured.second.failures.as_slice() else { panic!("one failure") };
        assert_eq!(
            (failure.trouble.reason, failure.address.as_str()),
            (Reason::SoftMissing, "http://www.site.test/b.html")
        );
    });
}

#[test]
fn own_and_foreign_hosts_without_v6_are_told() {
    lab::inside("ipv6::own_and_foreign_hosts_without_v6_are_told", || {
        let more = "<img src=http://static.site.test/a.png><script src=http://cdn.example/x.js></script>\
                    <a href=http://static.site.test/d.html>旧闻</a><a href=http://cdn.example/>外链</a>";
        let routes = || site().at("/", home(more));
        let found = Lab::new()
            .name("www.site.test", &["10.99.0.1", "fd00:99::1"])
            .name("static.site.test", &["10.99.0.1"])
            .name("cdn.example", &["10.99.0.2"])
            .serve(V4, routes())
            .serve(V6, routes())
            .assess(HOME);
        assert_eq!(standing(&found, Metric::Aaaa), Standing::Partial);
        let (windows, said) = line(&found, Metric::Windows);
        assert_eq!(windows, Standing::Failed);
        assert!(said.ends_with("仅 IPv4：本站 static.site.test，外部 cdn.example"), "{said}");
        assert_eq!(standing(&found, Metric::ExternalLinks), Standing::Failed);
        let [failure] = found.measured.second.failures.as_slice() else { panic!("one failure") };
        assert_eq!(failure.trouble.reason, Reason::NoAddress);
    });
}

#[test]
fn a_monitor_without_v6_knows_nothing() {
    lab::inside("ipv6::a_monitor_without_v6_knows_nothing", || {
        let lab = Lab::new().name("www.site.test", &["10.99.0.1", "fd00:99::dead"]).serve(V4, site());
        let found = Lab { references: false, ..lab }.assess(HOME);
        assert!(found.blind.is_some());
        assert!(found.lines.iter().all(|line| line.standing == Standing::Unknown && line.points.is_none()));
        assert_eq!((found.total.grade, found.gate), (None, None));
    });
}

#[test]
fn the_command_shows_writes_and_keeps() {
    lab::inside("ipv6::the_command_shows_writes_and_keeps", || {
        let folder = tempfile::tempdir().unwrap();
        let (data, reports) = (folder.path().join("data"), folder.path().join("report"));
        let (rules, config) = (lab::rules_folder(UNHURRIED), folder.path().join("sitewarden.toml"));
        std::fs::write(&config, format!("rules_dir = {:?}\n", rules.path())).unwrap();
        let output = healthy().run(|_| {
            Command::new(env!("CARGO_BIN_EXE_sitewarden"))
                .args(["ipv6", HOME, "--spacing", "1ms", "--dns", RESOLVER, "--root", ROOT])
                .args(["--reference", REFERENCES[0], "--reference", REFERENCES[1]])
                .args(["--allow-private", "10.99.0.0/16", "--allow-private", "fd00:99::/32", "--data"])
                .arg(&data)
                .arg("--config")
                .arg(&config)
                .arg("--output")
                .arg(&reports)
                .output()
                .expect("it can be started")
        });
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("达标：100 / 100 分") && said.contains("项目权重"), "{said}");
        for file in ["ipv6.html", "ipv6.json", "ipv6.txt", "home-ipv4.source.txt", "home-ipv6.source.txt"] {
            assert!(reports.join(file).is_file(), "{file}");
        }
        let url = format!("sqlite:{}", data.join("record.db").display());
        let kept = sitewarden::store::open(&url).unwrap().assessments("site-test", 9).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].1.total.points, 100.0);
    });
}

#[test]
fn a_scan_assesses_ipv6_too_where_asked() {
    lab::inside("ipv6::a_scan_assesses_ipv6_too_where_asked", || {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sitewarden.toml"), lab::configuration()).unwrap();
        let output = healthy().run(|_| {
            Command::new(env!("CARGO_BIN_EXE_sitewarden"))
                .current_dir(folder.path())
                .args([
                    "scan",
                    HOME,
                    "--config",
                    "sitewarden.toml",
                    "--ipv6",
                    "--output",
                    "report",
                    "--quiet",
                ])
                .output()
                .expect("it can be started")
        });
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for file in ["report.html", "ipv6.html"] {
            assert!(folder.path().join("report").join(file).is_file(), "{file}");
        }
        let url = format!("sqlite:{}", folder.path().join("data/record.db").display());
        let record = sitewarden::store::open(&url).unwrap();
        let kept =
            [record.scans("site-test", 9).unwrap().len(), record.assessments("site-test", 9).unwrap().len()];
        assert_eq!(kept, [1, 1]);
    });
}

/// The demo site under a name of its own, over both families.
#[test]
fn the_demo_site_is_assessed_as_the_readme_shows() {
    lab::inside("ipv6::the_demo_site_is_assessed_as_the_readme_shows", || {
        let runtime = Runtime::new().unwrap();
        let demo = runtime.block_on(sitewarden::demo::serve()).unwrap();
        for address in [V4, V6] {
            runtime.spawn(forward(runtime.block_on(TcpListener::bind(address)).unwrap(), demo.address));
        }
        let found =
            Lab::new().name("www.site.test", &["10.99.0.1", "fd00:99::1"]).assess("http://www.site.test/");
        let shown = sitewarden::report::ipv6::text(&found);
        // What a clock measured differs from run to run.
        let masked = |line: &str| -> String {
            line.trim().chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect()
        };
        let all: Vec<String> = shown.lines().map(masked).collect();
        let readme = include_str!("../../README.md");
        let example = readme.split_once("### IPv6").unwrap().1.split_once("```text").unwrap().1;
        let lines = example.split_once("```").unwrap().0.lines().filter(|line| !matches!(*line, "" | "…"));
        for line in lines {
            assert!(all.contains(&masked(line)), "{line}\n{shown}");
        }
    });
}

/// Passes connections on to the demo site, which knows nothing of the lab.
async fn forward(listener: TcpListener, to: SocketAddr) {
    while let Ok((mut from, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut there = TcpStream::connect(to).await?;
            tokio::io::copy_bidirectional(&mut from, &mut there).await
        });
    }
}
