//! The hosts that a site links to, looked at between two scans; and that nobody asks a host for more than it was
//! promised, however many of us there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::alarms::dingtalk;
use super::stage::{Daemon, QUICK, wait_for};
use crate::doubles::{Robots, Vendor};
use crate::server::{Asked, Reply, Routes, Server};

const SOCIETY: &str =
    "<title>示例市环境科学学会</title><p>学会组织开展环境监测技术培训，欢迎会员报名参加。</p>";
const CASINO: &str = "<title>真人荷官 百家乐</title><meta name=keywords content=百家乐,六合彩>\
                      <p>百家乐、六合彩、真人荷官，注册送彩金。</p>";

/// A stranger who is a society of scientists until it is told to be a casino.
struct Stranger {
    server: Server,
    is_casino: Arc<AtomicBool>,
}

impl Stranger {
    fn start() -> Stranger {
        let is_casino = Arc::new(AtomicBool::new(false));
        let told = is_casino.clone();
        let shown = move |_: &str| Reply::page(if told.load(Ordering::SeqCst) { CASINO } else { SOCIETY });
        Stranger { server: Server::start(Routes::default().below("/", shown)), is_casino }
    }
}

#[test]
fn a_link_whose_host_changes_hands_is_told_without_a_scan_and_so_is_its_end() {
    let (robots, stranger) = (Robots::start(), Stranger::start());
    let home = format!("<title>示例市生态环境局</title><a href=\"{}\">学会</a>", stranger.server.home());
    let site = Server::start(Routes::default().at("/", Reply::page(home)));
    let mut daemon = Daemon::new(&format!(
        "{QUICK}{}[[site]]\nid = \"demo\"\nname = \"示例市生态环境局\"\nhome = \"{}\"\n\
         [site.schedule]\nrecheck_interval = \"5s\"\n",
        dingtalk(&robots),
        site.home()
    ));
    daemon.start();
    let rechecks = |daemon: &Daemon| daemon.figure("sitewarden_rechecks_total").unwrap_or_default();
    wait_for("two re-checks", || rechecks(&daemon) >= 2.0);
    assert_eq!(robots.delivered(Vendor::DingTalk), [""; 0], "what stays as it is says nothing");
    let pages = site.log().len();

    stranger.is_casino.store(true, Ordering::SeqCst);
    let told = |word: &str| robots.delivered(Vendor::DingTalk).iter().any(|text| text.contains(word));
    wait_for("the alarm", || told("不良外链"));
    stranger.is_casino.store(false, Ordering::SeqCst);
    wait_for("the all-clear", || told("已恢复"));
    assert_eq!(robots.delivered(Vendor::DingTalk).len(), 2, "{:?}", robots.delivered(Vendor::DingTalk));
    let of_site: Vec<_> = site.log().into_iter().skip(pages).map(|asked| asked.target).collect();
    assert!(of_site.iter().all(|target| target == "/"), "the site itself is only probed: {of_site:?}");
    assert_eq!(daemon.figure("sitewarden_scans_total"), Some(1.0));
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
}

/// Whether a request is for a page below the home page of a site, which nobody probes.
fn is_of(asked: &Asked, part: &str) -> bool {
    asked.target.starts_with(part) && asked.target != part
}

#[test]
fn two_sites_on_one_host_are_crawled_at_the_pace_of_one() {
    const RATE: f64 = 20.0;
    const PAGES: usize = 60;
    let menu = |part: &str| -> String {
        let links = (0..PAGES).map(|page| format!("<a href=\"/{part}/{page}.html\">第{page}篇</a>"));
        format!("<title>示例市生态环境局</title>{}", links.collect::<String>())
    };
    let routes = Routes::default()
        .at("/a/", Reply::page(menu("a")))
        .at("/b/", Reply::page(menu("b")))
        .below("/", |_| Reply::page("<title>示例市生态环境局</title><p>全市环境质量保持稳定。</p>"));
    let server = Server::start(routes);
    let site = |part: &str| format!("[[site]]\nid = \"{part}\"\nhome = \"{}{part}/\"\n", server.home());
    let slow = QUICK.replace("rate = 0", &format!("rate = {RATE}"));
    let target = format!("[[target]]\nid = \"up\"\nprobe = \"{}up\"\n", server.home());
    let mut daemon = Daemon::new(&format!("{slow}{}{}{target}", site("a"), site("b")));
    daemon.start();
    wait_for("both scans", || daemon.figure("sitewarden_scans_total") == Some(2.0));
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());

    let log = server.log();
    let span = |part: &str| {
        let of_part = || log.iter().filter(|asked| is_of(asked, part)).map(|asked| asked.at);
        (of_part().min().expect("it was crawled"), of_part().max().expect("it was crawled"))
    };
    let ((first_a, last_a), (first_b, last_b)) = (span("/a/"), span("/b/"));
    assert!(first_a < last_b && first_b < last_a, "they were not crawled at the same time");
    let (first, last) = (first_a.min(first_b), last_a.max(last_b));
    let between = log.iter().filter(|asked| (first..=last).contains(&asked.at)).count();
    // Probes go ahead, and what waits gives up a turn for each: all of them count.
    let most = RATE * last.duration_since(first).as_secs_f64() + RATE / 2.0;
    assert!(between >= 2 * PAGES && between as f64 <= most, "{between} requests where {most} were promised");
    let probes = log.iter().filter(|asked| asked.target == "/up").map(|asked| asked.at);
    let probes: Vec<_> = probes.filter(|at| (first..=last).contains(at)).collect();
    assert!(probes.len() >= 2, "probes go on meanwhile");
    let gap = probes.windows(2).map(|pair| pair[1].duration_since(pair[0])).max();
    assert!(gap.is_some_and(|gap| gap < Duration::from_secs(3)), "a probe waited: {gap:?}");
}
