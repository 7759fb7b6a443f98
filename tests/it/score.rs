//! Scores of earlier scans computed again, and what people say about indicators.

use std::{fs, path::Path};

use jiff::Timestamp;
use sitewarden::address::Address;
use sitewarden::config::Site;
use sitewarden::report::Rescored;
use sitewarden::scan::{self, Author, Rescorer, ScanError};
use sitewarden::score::{Judged, Judgement, Standing, differences};
use sitewarden::store::ScanId;

use crate::scans::{HOME, Scratch};

const PAGE: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>示例网站</title></head><body>\
                    <p>各单位要认真部署。<a href=\"/gone.html\">附注</a> <a href=\"/lost.html\">附注二</a></p></body></html>";

fn scanned() -> Scratch {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("index.html"), PAGE).expect("writable");
    let scratch = Scratch::new();
    scratch.scan(folder.path());
    scratch
}

fn site() -> Site {
    Site::at(&Address::parse(HOME).expect("a good address"), &[])
}

fn rescored(scratch: &Scratch, scale: Option<&str>, scan: Option<i64>) -> Result<Rescored, ScanError> {
    let scorer = Rescorer::open(&scratch.settings, site(), scale, Timestamp::now())?;
    scorer.one(scan.map(ScanId))
}

fn judge(scratch: &Scratch, indicator: &str, standing: Judged, points: f64) -> Result<i64, ScanError> {
    let judgement = Judgement { indicator: indicator.to_owned(), standing, points, until: None };
    Ok(scan::judge_by_person(&scratch.settings, &site(), author(), judgement)?.number)
}

fn author() -> Author {
    Author { name: "王工".to_owned(), note: "现场核实".to_owned(), at: Timestamp::now() }
}

#[test]
fn the_same_rules_give_the_same_score() {
    let scratch = scanned();
    let again = rescored(&scratch, None, None).expect("there is a scan");
    assert_eq!(again.score.as_ref(), Some(&again.stored));
    assert!(again.stored.total.is_some_and(|total| total < 100.0), "{:#?}", again.stored);
}

#[test]
fn other_rules_give_another_score_and_say_where() {
    let mut scratch = scanned();
    let by_2015 = rescored(&scratch, Some("2015"), None).expect("there is a scan");
    assert_eq!(by_2015.score.expect("scored").scale, "2015");
    let rules = tempfile::tempdir().expect("a scratch folder");
    let adjusted = "[[adjust]]\nscale = \"2019\"\nid = \"DED-38\"\npoints = 1\nitem_cap = 1\n\
                    authority = \"本省\"\nconfidence = \"verified\"\n";
    fs::write(rules.path().join("own.toml"), adjusted).expect("writable");
    scratch.settings.rules_dir = Some(rules.path().to_owned());
    let again = rescored(&scratch, None, None).expect("there is a scan");
    let score = again.score.expect("scored");
    assert_ne!(score.rules_version, again.stored.rules_version);
    let changed: Vec<_> =
        differences(&again.stored, &score).into_iter().map(|difference| difference.id).collect();
    assert_eq!(changed, ["DED-38"]);
    assert_eq!(score.total, again.stored.total.map(|total| total + 4.0));
}

#[test]
fn entries_count_at_once_and_in_the_next_scan_and_can_be_taken_back() {
    let scratch = scanned();
    let veto = judge(&scratch, "VETO-01f", Judged::Failed, 0.0).expect("a person may");
    judge(&scratch, "DED-34", Judged::Failed, 2.0).expect("a person may");
    let score = rescored(&scratch, None, None).expect("there is a scan").score.expect("scored");
    assert_eq!((&score.confirmed[..], score.total), (&["VETO-01f".to_owned()][..], None));
    let next = scratch.judge();
    assert_eq!(next.score.confirmed, ["VETO-01f"], "by a scan as well");
    scan::take_back(&scratch.settings, &site(), author(), veto).expect("it is there");
    let score = rescored(&scratch, None, None).expect("there is a scan").score.expect("scored");
    assert!(score.vetoes.is_empty());
    let login = score.lines.iter().find(|line| line.id == "DED-34").expect("a line");
    assert_eq!((login.standing, login.lost), (Standing::Failed, 2.0));
    assert_eq!(login.said.as_ref().map(|said| said.author.as_str()), Some("王工"));
    let log = scan::entries(&scratch.settings, &site()).expect("readable");
    assert_eq!(log.len(), 3, "nothing is ever gone");
}

#[test]
fn an_entry_speaks_of_the_scans_after_it_and_the_one_before() {
    let scratch = scanned();
    scratch.judge();
    judge(&scratch, "DED-34", Judged::Failed, 2.0).expect("a person may");
    scratch.judge();
    let scorer = Rescorer::open(&scratch.settings, site(), None, Timestamp::now()).expect("opens");
    let mut lost = Vec::new();
    scorer
        .all(&mut |rescored| {
            let score = rescored.score.as_ref().expect("scored");
            lost.push(score.lines.iter().find(|line| line.id == "DED-34").expect("a line").lost);
        })
        .expect("there are scans");
    assert_eq!(lost, [0.0, 2.0, 2.0]);
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let scratch = scanned();
    let check = |error: Option<ScanError>, expected: &str| {
        let error = error.expect(expected);
        assert!(error.is_operators() && error.to_string().contains(expected), "{error}");
    };
    check(rescored(&scratch, Some("1999"), None).err(), "there are 2019, sichuan, 2015");
    check(rescored(&scratch, None, Some(99)).err(), "no scan 99");
    check(judge(&scratch, "NO-1", Judged::Met, 0.0).err(), "no indicator NO-1");
    check(judge(&scratch, "VETO-03", Judged::Failed, 3.0).err(), "brings no points");
    check(scan::take_back(&scratch.settings, &site(), author(), 7).err(), "no entry 7");
}

#[test]
fn findings_carry_what_proves_them() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let column = |name: &str, rest: &str| {
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{name}</title>\
             <meta name=\"ColumnName\" content=\"{name}\"></head><body><ul>{rest}</ul></body></html>"
        )
    };
    let row = |address: &str| {
        format!("<li><a href=\"{address}\">关于认真做好工作的通知</a><span>2026-11-20</span></li>")
    };
    write(folder.path(), "index.html", &PAGE.replace("/gone.html", "/xxgk/"));
    write(folder.path(), "xxgk/index.html", &column("通知公告", &row("/xxgk/1.html").repeat(3)));
    let article = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>第一则</title></head><body>\
                   <p>各单位要认真布署。</p></body></html>";
    write(folder.path(), "xxgk/1.html", article);
    let report = Scratch::new().scan(folder.path());
    let mut findings = report.findings.iter().map(|reported| &reported.finding);
    let misspelt = findings.find(|finding| finding.what == "布署").expect("布署 is found");
    assert_eq!(misspelt.proof.title.as_deref(), Some("第一则"));
    assert_eq!(misspelt.proof.path, ["通知公告"]);
    let digest = misspelt.proof.original.as_deref().expect("the page was kept");
    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    let dead = report.findings.iter().find(|reported| reported.finding.check == "dead-link");
    assert_eq!(dead.expect("a dead link").finding.proof.tries, Some(3));
    assert!(report.conduct.timings.visits >= 3 && report.conduct.columns.all() > 0);
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("writable");
}
