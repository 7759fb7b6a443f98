//! A scan that is killed or stopped goes on where it was: the same findings, and hardly a page fetched twice.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::portal::{Counts, Portal};

/// Scans that are killed, and how often each.
const SCANS: usize = 4;
const KILLS: usize = 5;
/// Requests that may be under way when a scan stops: those of one host, and robots.txt asked anew.
const IN_FLIGHT: usize = 8;

/// What makes a finding the same: id, check, page, target.
type Found = BTreeSet<[String; 4]>;

/// Numbers drawn by chance, but the same for the same seed.
struct Chance(u64);

impl Chance {
    /// Seeded by `SEED`, to try other moments than the usual ones.
    fn seeded() -> Chance {
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
        println!("SEED={seed}");
        Chance(seed)
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

fn scan(server: &Portal, data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sitewarden"))
        .args(["--quiet", "scan", &format!("http://{}/", server.address), "--data"])
        .arg(data)
        .args(["--allow-private", "127.0.0.0/8", "--rate", "0", "--confirm-spacing", "10ms"])
        .args(["--today", "2026-11-21", "--format", "jsonl"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Lets a scan run to its end and gives what it found.
fn finish(scan: Child) -> Found {
    let output = scan.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("findings are UTF-8");
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    let mut found = Found::new();
    for line in text.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).expect("a line is an object");
        let field = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        assert!(found.insert(["id", "check", "page", "target"].map(field)), "twice: {line}");
    }
    found
}

/// Waits until the server has been asked `requests` times, or the scan has ended.
fn wait_for(server: &Portal, requests: usize, scan: &mut Child) {
    while server.requests() < requests && scan.try_wait().expect("it can be asked").is_none() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// A port where nobody listens. Held, so that nobody comes to listen there meanwhile.
fn nobody() -> (tokio::net::TcpSocket, std::net::SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).expect("loopback has free ports");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

fn differences<'a>(one: &'a Found, other: &'a Found) -> Vec<&'a [String; 4]> {
    one.symmetric_difference(other).collect()
}

fn fetched_more(before: &Counts, after: &Counts) -> Vec<(String, usize)> {
    let more = after.iter().map(|(path, count)| {
        (path.clone(), count.saturating_sub(before.get(path).copied().unwrap_or_default()))
    });
    more.filter(|(_, more)| *more > 0).collect()
}

#[test]
fn a_killed_or_stopped_scan_goes_on_where_it_was() {
    let (_held, down) = nobody();
    let server = Portal::start(down);
    let data = tempfile::tempdir().expect("a scratch folder");
    let undisturbed = finish(scan(&server, &data.path().join("undisturbed")));
    let needed = server.counts();
    let total = server.requests();
    let checks: BTreeSet<&str> = undisturbed.iter().map(|[_, check, ..]| check.as_str()).collect();
    for check in ["dead-link", "broken-image", "host-down", "malformed-link", "misspelling"] {
        assert!(checks.contains(check), "the site has no {check}: {checks:?}");
    }

    stopped_in_order(&server, &data.path().join("stopped"), &undisturbed, total);

    let mut chance = Chance::seeded();
    for number in 0..SCANS {
        server.forget();
        let folder = data.path().join(number.to_string());
        let mut moments: Vec<usize> = (0..KILLS).map(|_| chance.below(total as u64) as usize).collect();
        moments.sort_unstable();
        println!("scan {number}: killed after {moments:?} of {total} requests");
        for moment in &moments {
            let mut child = scan(&server, &folder);
            wait_for(&server, *moment, &mut child);
            thread::sleep(Duration::from_micros(chance.below(20_000)));
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
        }
        let found = finish(scan(&server, &folder));
        assert_eq!(differences(&undisturbed, &found), Vec::<&[String; 4]>::new(), "scan {number}");
        let more = fetched_more(&needed, &server.counts());
        println!("{} requests more", more.iter().map(|(_, more)| more).sum::<usize>());
        for (path, more) in more {
            assert!(more <= KILLS, "{path} was fetched {more} times more than needed");
        }
    }
}

/// SIGTERM: the scan says that it stops and that it can go on, and loses nothing that it has seen.
fn stopped_in_order(server: &Portal, folder: &Path, undisturbed: &Found, total: usize) {
    server.forget();
    let mut child = scan(server, folder);
    wait_for(server, total / 2, &mut child);
    let stop = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(stop.expect("kill is there").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("扫描已停止") && said.lines().count() == 1, "{said}");
    assert!(server.requests() < total, "it was stopped too late");
    let found = finish(scan(server, folder));
    assert_eq!(differences(undisturbed, &found), Vec::<&[String; 4]>::new());
    let requests = server.requests();
    assert!(requests <= total + IN_FLIGHT, "{requests} requests instead of {total}");
}
