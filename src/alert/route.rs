//! Who hears of a notice, and by which channels.

use jiff::{Timestamp, civil::Time};

use crate::beijing;
use crate::config::{Alert, Kind, Readership, Route};
use crate::notice::{Event, Notice};
use crate::store::outbox::Letter;

/// The letters of a notice: one for each recipient and each channel that some route names, each once.
///
/// A recipient's ladder is entered at `rung`, counted from 0: escalation goes up by enqueueing again one higher.
/// Those whose ladder has no such rung get nothing.
pub fn letters(alert: &Alert, notice: &Notice, rung: usize, now: Timestamp) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for route in alert.routes.iter().filter(|route| takes(route, notice)) {
        let due = due(route, notice, now);
        let people = route.recipients.iter().filter_map(|id| {
            let recipient = alert.recipients.iter().find(|recipient| recipient.id == *id)?;
            Some((recipient.id.clone(), recipient.channels.get(rung..)?.to_vec()))
        });
        let groups = route.channels.iter().filter(|_| rung == 0).map(|id| (String::new(), vec![id.clone()]));
        for (recipient, ladder) in people.chain(groups).filter(|(_, ladder)| !ladder.is_empty()) {
            let known = letters
                .iter_mut()
                .find(|letter| letter.recipient == recipient && letter.ladder.first() == ladder.first());
            match known {
                Some(letter) => letter.due = letter.due.min(due),
                None => letters.push(Letter { notice: notice.clone(), recipient, ladder, due }),
            }
        }
    }
    letters
}

/// The letters of a notice that goes to whom the settings name, whatever routes say: to people by mail where they have
/// it, for only mail carries documents; else as they are told first.
pub fn letters_to(alert: &Alert, notice: &Notice, readers: Readership<'_>, now: Timestamp) -> Vec<Letter> {
    let is_mail = |id: &&String| {
        alert.channels.iter().any(|channel| channel.id == **id && matches!(channel.kind, Kind::Mail(_)))
    };
    let people = readers.recipients.iter().filter_map(|id| {
        let recipient = alert.recipients.iter().find(|recipient| recipient.id == *id)?;
        let by_mail = recipient.channels.iter().filter(is_mail).filter(|_| recipient.mail.is_some());
        let mut ladder: Vec<String> = by_mail.cloned().collect();
        if ladder.is_empty() {
            ladder.extend(recipient.channels.first().cloned());
        }
        Some((recipient.id.clone(), ladder))
    });
    let groups = readers.channels.iter().map(|id| (String::new(), vec![id.clone()]));
    let told = people.chain(groups).filter(|(_, ladder)| !ladder.is_empty());
    told.map(|(recipient, ladder)| Letter { notice: notice.clone(), recipient, ladder, due: now }).collect()
}

/// The same as [`letters`] for the news that a channel is broken, which should not be told by that channel.
pub fn letters_around(alert: &Alert, notice: &Notice, broken: &str, now: Timestamp) -> Vec<Letter> {
    let mut letters = letters(alert, notice, 0, now);
    letters.iter_mut().for_each(|letter| letter.ladder.retain(|channel| channel != broken));
    letters.retain(|letter| !letter.ladder.is_empty());
    letters
}

fn takes(route: &Route, notice: &Notice) -> bool {
    let site = notice.site.as_ref().map(|site| &site.id);
    notice.severity >= route.severity
        && (route.events.is_empty() || route.events.contains(&notice.event))
        && (route.sites.is_empty() || site.is_some_and(|site| route.sites.contains(site)))
}

/// Now; a digest waits for the end of quiet hours.
fn due(route: &Route, notice: &Notice, now: Timestamp) -> Timestamp {
    match route.quiet {
        Some((from, until)) if notice.event == Event::Digest => after_quiet(from, until, now),
        _ => now,
    }
}

fn after_quiet(from: Time, until: Time, now: Timestamp) -> Timestamp {
    let here = beijing::clock(now);
    let time = here.time();
    let over_midnight = from > until;
    let is_quiet = if over_midnight { time >= from || time < until } else { time >= from && time < until };
    if !is_quiet {
        return now;
    }
    let today = here.date();
    let day = if over_midnight && time >= from { today.tomorrow().unwrap_or(today) } else { today };
    beijing::at(day.to_datetime(until)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::alert::testing::notice;
    use crate::config::{Budget, Channel, Mail, MailTls, Quota, Recipient, Robot, Secret};
    use crate::finding::Severity;
    use crate::notice::SiteName;

    fn alert() -> Alert {
        let person = |id: &str, channels: &[&str]| Recipient {
            id: id.to_owned(),
            channels: channels.iter().map(|&channel| channel.to_owned()).collect(),
            ..Recipient::default()
        };
        let route = |severity, sites: &[&str], recipients: &[&str]| Route {
            severity,
            events: Vec::new(),
            sites: sites.iter().map(|&site| site.to_owned()).collect(),
            recipients: recipients.iter().map(|&id| id.to_owned()).collect(),
            channels: vec!["duty".to_owned()],
            quiet: Some((Time::constant(22, 0, 0, 0), Time::constant(7, 0, 0, 0))),
        };
        Alert {
            recipients: vec![person("zhang", &["duty", "sms", "voice"]), person("li", &["mail"])],
            routes: vec![
                route(Severity::Low, &[], &["zhang"]),
                route(Severity::High, &["sthjt"], &["zhang", "li"]),
            ],
            ..Alert::default()
        }
    }

    fn told(notice: &Notice, rung: usize) -> Vec<String> {
        let letters = letters(&alert(), notice, rung, Timestamp::UNIX_EPOCH);
        letters.iter().map(|letter| format!("{}:{}", letter.recipient, letter.ladder.join(">"))).collect()
    }

    #[test]
    fn each_recipient_and_channel_once() {
        let mut notice = notice("a", Event::Opened);
        notice.severity = Severity::Medium;
        assert_eq!(told(&notice, 0), ["zhang:duty>sms>voice", ":duty"]);
        notice.severity = Severity::High;
        notice.site = Some(SiteName { id: "sthjt".to_owned(), name: "示例厅".to_owned() });
        assert_eq!(told(&notice, 0), ["zhang:duty>sms>voice", ":duty", "li:mail"]);
        assert_eq!(told(&notice, 1), ["zhang:sms>voice"], "escalation enters one rung higher");
        assert_eq!(told(&notice, 3), [""; 0]);
        let around = letters_around(&alert(), &notice, "duty", Timestamp::UNIX_EPOCH);
        assert_eq!(around.len(), 2, "the group itself cannot be told");
        assert_eq!(around[0].ladder, ["sms", "voice"]);
    }

    #[test]
    fn documents_go_by_mail_where_there_is_one() {
        let channel = |id: &str, kind| Channel {
            id: id.to_owned(),
            kind,
            budget: Budget { per_minute: 0, per_second: 0, reserve: 0, penalty: Duration::ZERO },
            quota: Quota::default(),
            ipv4: false,
        };
        let mail = Mail {
            host: "mail.example.test".to_owned(),
            port: 25,
            tls: MailTls::Starttls,
            login: None,
            from: "warden@example.test".to_owned(),
            ca: None,
        };
        let robot = Robot { url: Secret::read("https://robot.example.test/").unwrap(), secret: None };
        let mut alert = alert();
        alert.channels = vec![
            channel("duty", Kind::WeCom(robot)),
            channel("mail", Kind::Mail(Box::new(mail.clone()))),
            channel("mail2", Kind::Mail(Box::new(mail))),
        ];
        let person = |id: &str, channels: &[&str], mail: Option<&str>| Recipient {
            id: id.to_owned(),
            channels: channels.iter().map(|&channel| channel.to_owned()).collect(),
            mail: mail.map(str::to_owned),
            ..Recipient::default()
        };
        alert.recipients = vec![
            person("both", &["duty", "mail", "mail2"], Some("both@example.test")),
            person("no-address", &["duty", "mail"], None),
            person("robot", &["duty"], Some("robot@example.test")),
            person("nothing", &[], None),
        ];
        let told = |recipients: &[&str], channels: &[&str]| -> Vec<String> {
            let [recipients, channels] =
                [recipients, channels].map(|ids| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>());
            let readers = Readership { recipients: &recipients, channels: &channels };
            let letters = letters_to(&alert, &notice("a", Event::Report), readers, Timestamp::UNIX_EPOCH);
            letters.iter().map(|letter| format!("{}:{}", letter.recipient, letter.ladder.join(">"))).collect()
        };
        assert_eq!(
            told(&["both", "no-address", "robot"], &[]),
            ["both:mail>mail2", "no-address:duty", "robot:duty"]
        );
        assert_eq!(told(&["nothing", "unknown"], &["duty"]), [":duty"]);
        assert_eq!(told(&[], &[]), [""; 0], "no route of alarms steps in");
    }

    #[test]
    fn digests_wait_for_the_morning() {
        let check = |now: &str, expected: &str| {
            let (now, expected): (Timestamp, Timestamp) = (now.parse().unwrap(), expected.parse().unwrap());
            let letters_of = |event| letters(&alert(), &notice("a", event), 0, now);
            assert_eq!(letters_of(Event::Digest)[0].due, expected, "{now}");
            assert_eq!(letters_of(Event::Opened)[0].due, now, "an alarm does not wait");
        };
        check("2026-11-22T23:30:00+08", "2026-11-23T07:00:00+08");
        check("2026-12-31T22:00:00+08", "2027-01-01T07:00:00+08");
        check("2026-11-22T06:59:59+08", "2026-11-22T07:00:00+08");
        check("2026-11-22T07:00:00+08", "2026-11-22T07:00:00+08");
        check("2026-11-22T12:00:00+08", "2026-11-22T12:00:00+08");
    }
}
