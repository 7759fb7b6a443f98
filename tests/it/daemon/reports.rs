//! Documents: made up for after a pause, sent with the mail, once; and the report of a fault that is over.

use std::io::Read as _;

use base64::Engine as _;
use jiff::{SignedDuration, Timestamp};
use sitewarden::digest::sha256;
use sitewarden::paper::Kind;
use sitewarden::store;
use sitewarden::store::papers::{Paper, PaperFilter};

use super::stage::{Daemon, QUICK, Switchboard, wait_for};
use crate::doubles::{DINGTALK_SECRET, MailServer, Robots, Vendor};

/// A reader with a mailbox, a group with a robot, and a site.
fn configuration(board: &Switchboard, mail: &MailServer, robots: &Robots, reports: &str) -> String {
    format!(
        "rules_dir = \"rules\"\n{QUICK}\
         [[alert.channel]]\nid = \"mail\"\nkind = \"mail\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"plain\"\n\
         from = \"网哨 <warden@example.test>\"\n\
         [[alert.channel]]\nid = \"duty\"\nkind = \"dingtalk\"\nurl = \"{}\"\nsecret = \"{DINGTALK_SECRET}\"\n\
         [[alert.recipient]]\nid = \"zhang\"\nname = \"张三\"\nchannels = [\"mail\"]\nmail = \"zhang@example.test\"\n\
         [alert.links]\nbase = \"https://warden.example.test\"\nsecret = \"a key of this program\"\n\
         [reports]\nrecipients = [\"zhang\"]\nchannels = [\"duty\"]\n{reports}\n\
         [[site]]\nid = \"demo\"\nname = \"示例市生态环境局\"\nhome = \"{}/0\"\n\
         [site.schedule]\nprobe_interval = \"5s\"\n",
        mail.port(),
        robots.url(Vendor::DingTalk),
        board.base,
    )
}

/// Faults a second apart are two: nobody waits here for five minutes.
const RULES: &str = "version = \"test\"\n[[availability]]\ncoverage_least = 0.95\nmerge_gap = \"1s\"\n\
    silence = \"3m\"\nclock_tolerance = \"2s\"\nquarter_lead = \"336h\"\nspread = \"30m\"\n\
    source = \"本项目建议值\"\nconfidence = \"default\"\n";

fn daemon(configuration: &str) -> Daemon {
    let daemon = Daemon::new(configuration);
    std::fs::create_dir(daemon.file("rules")).expect("writable");
    std::fs::write(daemon.file("rules/availability.toml"), RULES).expect("writable");
    daemon
}

fn papers(daemon: &Daemon) -> Vec<Paper> {
    let url = format!("sqlite:{}", daemon.file("data/record.db").display());
    let reader = store::open_reader(&url).expect("a record");
    let mut papers = reader.papers(&PaperFilter::default()).expect("the record works");
    papers.reverse();
    papers
}

/// The documents of a mail, by name.
fn enclosed(mail: &str) -> Vec<(String, Vec<u8>)> {
    let part = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n")?;
        let name = head.split("filename=\"").nth(1)?.split('"').next()?.to_owned();
        assert!(head.contains("Content-Transfer-Encoding: base64"), "{head}");
        let text: String = body.split("\r\n--").next()?.split_whitespace().collect();
        let content = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
        Some((name, content))
    };
    let head = mail.split("boundary=\"").nth(1).expect("a mail of several parts");
    let boundary = head.split('"').next().expect("a boundary");
    mail.split(&format!("--{boundary}")).filter_map(part).collect()
}

#[test]
fn what_was_missed_is_made_once_and_mailed_with_its_files() {
    let (board, mail, robots) = (Switchboard::start(1), MailServer::start(), Robots::start());
    let plan = "[[reports.plan]]\nkind = \"daily\"\neach = \"day\"\nat = \"0 0 * * *\"";
    let mut daemon = daemon(&configuration(&board, &mail, &robots, plan));
    // Somebody knew of the plan three days ago, and nobody was there since.
    let since = Timestamp::now() - SignedDuration::from_hours(72);
    let url = format!("sqlite:{}", daemon.file("data/record.db").display());
    let known = ("demo".to_owned(), "report:daily-day".to_owned());
    store::open(&url).expect("a record").know_jobs(&[known], since).expect("the record works");
    daemon.start();
    wait_for("three mails", || mail.mails().len() >= 3);
    wait_for("three messages", || robots.delivered(Vendor::DingTalk).len() >= 3);
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
    let made = papers(&daemon);
    let first = sitewarden::beijing::clock(since).date();
    assert_eq!(made[0].matter.period.to_string(), first.to_string());
    for (paper, mail) in made.iter().zip(mail.mails()) {
        let there = enclosed(&mail.text);
        let names: Vec<&str> = there.iter().map(|(name, _)| name.as_str()).collect();
        let day = paper.matter.period;
        assert_eq!(names, [format!("demo-daily-{day}.html"), format!("demo-daily-{day}.docx")]);
        for ((_, content), file) in there.iter().zip(&paper.files) {
            assert_eq!(sha256(content), file.sha256);
            let kept = std::fs::read(daemon.file("data/reports").join(&file.path)).expect("on the disk");
            assert_eq!(&kept, content);
        }
        let mut word = zip::ZipArchive::new(std::io::Cursor::new(&there[1].1)).expect("a Word file");
        let mut text = String::new();
        word.by_name("word/document.xml").expect("its text").read_to_string(&mut text).expect("UTF-8");
        assert!(text.contains("每日读网记录") && text.contains("示例市生态环境局"));
    }
    let told = robots.delivered(Vendor::DingTalk).join("\n");
    assert!(told.contains("每日读网记录") && told.contains("https://warden.example.test/sites/demo/reports"));
    // Whoever comes back makes and tells nothing a second time.
    let (mails, documents) = (mail.mails().len(), made.len());
    daemon.start();
    wait_for("the daemon", || daemon.figure("sitewarden_up") == Some(1.0));
    wait_for("another look", || daemon.figure("sitewarden_probes_total").is_some_and(|probes| probes >= 4.0));
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!((mail.mails().len(), papers(&daemon).len()), (mails, documents));
}

#[test]
fn a_fault_that_is_over_gets_its_report_and_whoever_owes_it_is_reminded_once() {
    let (board, mail, robots) = (Switchboard::start(1), MailServer::start(), Robots::start());
    let reports = "contract = \"sichuan\"\nremind = \"72h\"\n[[alert.route]]\nchannels = [\"duty\"]";
    let mut daemon = daemon(&configuration(&board, &mail, &robots, reports));
    daemon.start();
    wait_for("the site to be seen", || {
        daemon.figure("sitewarden_probes_total").is_some_and(|probes| probes >= 4.0)
    });
    board.set(0, false);
    wait_for("its alarm", || !robots.delivered(Vendor::DingTalk).is_empty());
    wait_for("the incident", || !daemon.incidents(true).is_empty());
    board.set(0, true);
    let report = || mail.mails().into_iter().map(|mail| mail.text).find(|text| text.contains("demo-fault-"));
    wait_for("its report", || report().is_some());
    let [(_, page), _] = &enclosed(&report().expect("it was there"))[..] else { panic!("two files") };
    let page = String::from_utf8_lossy(page);
    for expected in
        ["告警与处置", "示例市生态环境局", "无人确认", "修复用时", ">发生</td>", ">duty</td>", "送达</td>"]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let made = papers(&daemon);
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(made[0].matter.kind, Kind::Fault);
    assert!(made[0].incident.is_some() && made[0].matter.interval.is_some());
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
    // Two days are left, and that is less than `remind`. It is looked at with every start, and told with the first.
    let is_reminder = |text: &&String| text.contains("最迟提交") && text.contains("台账区间");
    let reminders = || robots.delivered(Vendor::DingTalk).iter().filter(is_reminder).count();
    daemon.start();
    wait_for("the reminder", || reminders() > 0);
    assert_eq!(daemon.stop(), Some(0));
    daemon.start();
    wait_for("another look", || daemon.figure("sitewarden_probes_total").is_some_and(|probes| probes >= 4.0));
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(reminders(), 1);
}
