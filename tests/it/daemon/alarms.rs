//! What is told and what is not: findings, storms, blindness, a changed configuration.

use std::net::TcpListener;

use sitewarden::incident::Cause;

use super::stage::{Daemon, QUICK, Switchboard, page, wait_for};
use crate::doubles::{DINGTALK_SECRET, Fate, Robots, Vendor};
use crate::ports::own_address;
use crate::server::{Reply, Routes, Server};

/// A route of everything that matters to one robot.
pub(super) fn dingtalk(robots: &Robots) -> String {
    format!(
        "[[alert.channel]]\nid = \"duty\"\nkind = \"dingtalk\"\nurl = \"{}\"\nsecret = \"{DINGTALK_SECRET}\"\n\
         [[alert.route]]\nseverity = \"medium\"\nchannels = [\"duty\"]\n",
        robots.url(Vendor::DingTalk)
    )
}

#[test]
fn a_finding_is_told_soon_after_its_page_has_changed() {
    let (robots, site) = (Robots::start(), tempfile::tempdir().expect("a scratch folder"));
    page(site.path(), "index.html", "<a href=\"a.html\">大气环境</a>");
    page(site.path(), "a.html", "<p>全市环境空气质量优良天数比例同比上升。</p>");
    let folder = site.path().to_owned();
    let served = Server::start(Routes::default().below("/", move |target| {
        let name = target.trim_start_matches('/');
        let name = if name.is_empty() { "index.html" } else { name };
        std::fs::read(folder.join(name))
            .map_or_else(|_| Reply::status("404 Not Found"), |html| Reply::file("text/html", html))
    }));
    let configuration = format!(
        "{QUICK}{}[[site]]\nid = \"demo\"\nname = \"示例市生态环境局\"\nhome = \"{}\"\n\
         [site.schedule]\nread_interval = \"5s\"\n",
        dingtalk(&robots),
        served.home()
    );
    let mut daemon = Daemon::new(&configuration);
    daemon.start();
    wait_for("a reading", || {
        daemon.figure("sitewarden_readings_total").is_some_and(|readings| readings >= 1.0)
    });
    assert_eq!(robots.delivered(Vendor::DingTalk), [""; 0]);
    page(site.path(), "a.html", "<p>未变。</p>");
    page(
        site.path(),
        "index.html",
        "<a href=\"a.html\">大气环境</a><p>联系人身份证号110101199003078515。</p>",
    );
    wait_for("the alarm", || robots.delivered(Vendor::DingTalk).iter().any(|text| text.contains("个人隐私")));
    let told = robots.delivered(Vendor::DingTalk).join("\n");
    assert!(!told.contains("110101199003078515"), "{told}");
    page(site.path(), "index.html", "<a href=\"a.html\">大气环境</a>");
    wait_for("the all-clear", || {
        robots.delivered(Vendor::DingTalk).iter().any(|text| text.contains("已恢复"))
    });
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
}

#[test]
fn three_hundred_at_once_keep_to_the_budget_and_all_are_named() {
    const TARGETS: usize = 300;
    let (board, robots) = (Switchboard::start(TARGETS), Robots::start());
    let mut daemon = Daemon::new(&format!("{QUICK}{}{}", dingtalk(&robots), board.targets()));
    daemon.start();
    wait_for("every target to be seen", || {
        daemon.figure("sitewarden_probes_total").is_some_and(|probes| probes >= 2.0 * TARGETS as f64)
    });
    (0..TARGETS).for_each(|target| board.set(target, false));
    wait_for("all of them to be told", || {
        let told = robots.delivered(Vendor::DingTalk).join("\n");
        (0..TARGETS).all(|target| told.contains(&format!("目标{target:03}号")))
    });
    let journal = robots.journal();
    let refused = journal.iter().filter(|one| matches!(one.fate, Fate::Refused(_))).count();
    assert_eq!(refused, 0, "the robot was sent too much");
    println!("{TARGETS} incidents in {} messages", journal.len());
}

#[test]
fn our_own_network_is_one_alarm_and_no_outage() {
    let robots = Robots::start();
    let mut sites: Vec<TcpListener> =
        (0..5).map(|_| TcpListener::bind(own_address()).expect("a free port")).collect();
    let reference = TcpListener::bind(own_address()).expect("a free port");
    let addresses: Vec<_> = sites.iter().map(|site| site.local_addr().expect("it is bound")).collect();
    let known = reference.local_addr().expect("it is bound");
    let targets: String = addresses
        .iter()
        .enumerate()
        .map(|(number, address)| format!("[[target]]\nid = \"t{number}\"\nprobe = \"tcp://{address}\"\n"))
        .collect();
    let quick = QUICK.replace("references = []", &format!("references = [\"{known}\"]"));
    let mut daemon = Daemon::new(&format!("{quick}{}{targets}", dingtalk(&robots)));
    daemon.start();
    wait_for("the targets to be seen", || {
        daemon.figure("sitewarden_probes_total").is_some_and(|probes| probes >= 10.0)
    });
    // The cable is pulled: whatever was reached is reached no more.
    drop(reference);
    sites.clear();
    wait_for("the alarm", || !robots.delivered(Vendor::DingTalk).is_empty());
    let probes = daemon.figure("sitewarden_probes_total").unwrap_or_default();
    wait_for("more probes in the dark", || {
        daemon.figure("sitewarden_probes_total").is_some_and(|now| now >= probes + 20.0)
    });
    let told = robots.delivered(Vendor::DingTalk);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("监测失明"), "{told:?}");
    let causes: Vec<Cause> = daemon.incidents(false).iter().map(|incident| incident.trouble.cause).collect();
    assert_eq!(causes, [Cause::Blind]);
}

#[test]
fn a_configuration_with_errors_changes_nothing_and_a_good_one_is_taken_in() {
    let board = Switchboard::start(3);
    let mut daemon = Daemon::new(&format!("{QUICK}{}", board.targets()));
    daemon.start();
    wait_for("the targets", || daemon.figure("sitewarden_targets") == Some(3.0));
    daemon.configure("[probe]\nintervall = \"1s\"\n");
    wait_for("the refusal", || daemon.figure("sitewarden_config_reloads_refused_total") == Some(1.0));
    let probes = daemon.figure("sitewarden_probes_total").unwrap_or_default();
    wait_for("the rounds to go on", || {
        daemon.figure("sitewarden_probes_total").is_some_and(|now| now >= probes + 6.0)
    });
    assert_eq!(daemon.figure("sitewarden_targets"), Some(3.0));
    assert!(daemon.log().contains("intervall"), "{}", daemon.log());
    let fewer = board.targets().replace("[[target]]\nid = \"t2\"", "[[target]]\nid = \"t9\"");
    daemon.configure(&format!("{QUICK}{fewer}[[target]]\nid = \"t4\"\nprobe = \"{}/0\"\n", board.base));
    wait_for("the new targets", || daemon.figure("sitewarden_targets") == Some(4.0));
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
}
