//! Twenty incidents while the daemon is killed again and again: each is told, in order, and each end is told.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::stage::{Daemon, QUICK, Switchboard, wait_for};
use crate::doubles::{Robots, Vendor, WEBHOOK_SECRET};

const INCIDENTS: usize = 20;

/// How often it is killed; `SITEWARDEN_KILLS` says otherwise.
fn kills() -> usize {
    std::env::var("SITEWARDEN_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// A small generator, the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[test]
fn whatever_happens_to_the_daemon_every_beginning_and_end_is_told() {
    let (board, robots) = (Switchboard::start(INCIDENTS), Robots::start());
    let channel = format!(
        "[[alert.channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nsecrets = [\"{WEBHOOK_SECRET}\"]\n\
         per_minute = 0\n[[alert.route]]\nseverity = \"low\"\nchannels = [\"hook\"]\n",
        robots.url(Vendor::Webhook)
    );
    let mut daemon = Daemon::new(&format!("{QUICK}{channel}{}", board.targets()));
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let kills = kills();
    let (mut next, mut down, mut killed) = (0, Vec::new(), 0);
    while killed < kills || next < INCIDENTS || !down.is_empty() {
        // A page that fails works again once the record knows of it.
        let open: HashSet<String> =
            daemon.incidents(true).into_iter().map(|incident| incident.trouble.subject).collect();
        down.retain(|page: &usize| {
            let is_known = open.contains(&format!("probe:t{page}"));
            board.set(*page, is_known);
            !is_known
        });
        if next < INCIDENTS && next * kills <= killed * INCIDENTS {
            board.set(next, false);
            down.push(next);
            next += 1;
        }
        daemon.start();
        // On a busy machine it is hardly awake by then: what is still not noticed is given longer and longer lives.
        let longer = 1 + (killed / kills.max(1)) as u32;
        std::thread::sleep(Duration::from_millis(300 + dice.throw(1_200)) * longer);
        daemon.kill();
        killed += 1;
        assert!(killed < kills + 200, "incidents are never noticed: {down:?}\n{}", daemon.log());
    }
    daemon.start();
    wait_for("every end to be told", || {
        // Some are told twice, of a daemon that was killed before it could note that it had.
        let journal = robots.journal();
        let ended: HashSet<&str> = journal.iter().map(id).filter(|id| id.ends_with("-recovered")).collect();
        daemon.incidents(true).is_empty() && ended.len() >= daemon.incidents(false).len()
    });
    wait_for("it to be up", || daemon.figure("sitewarden_up") == Some(1.0));
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());

    let journal = robots.journal();
    let place = |wanted: &str| journal.iter().position(|one| id(one) == wanted);
    let incidents = daemon.incidents(false);
    let told: HashSet<&str> = incidents.iter().map(|incident| incident.trouble.subject.as_str()).collect();
    assert_eq!(told.len(), INCIDENTS, "{told:?}");
    for incident in &incidents {
        let number = incident.id.0;
        let ended = place(&format!("{number}-recovered"))
            .unwrap_or_else(|| panic!("the end of {number} was not told"));
        match place(&format!("{number}-opened")) {
            Some(opened) => assert!(opened < ended, "the end of {number} came first"),
            None => assert!(journal[ended].text.contains("中断，现已恢复"), "{number} was never told"),
        }
    }
    let mut times: HashMap<&str, usize> = HashMap::new();
    for one in &journal {
        *times.entry(id(one)).or_default() += 1;
    }
    let repeats: usize = times.values().map(|times| times - 1).sum();
    assert!(repeats <= killed, "{repeats} repeats for {killed} kills");
    println!("{} incidents, {killed} kills, {} messages, {repeats} repeats", incidents.len(), journal.len());
}

fn id(arrived: &crate::doubles::Arrived) -> &str {
    let header = arrived.headers.iter().find(|(name, _)| name == "webhook-id");
    header.map_or("", |(_, value)| value.as_str())
}
