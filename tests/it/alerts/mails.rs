//! Mail, and a server that fails.

use sitewarden::alert::send::Post;
use sitewarden::cabinet::Cabinet;
use sitewarden::config::{Mail, MailTls};
use sitewarden::ledger::Period;

use super::*;
use crate::doubles::{MailFault, MailServer};

fn mail(server: &MailServer, tls: MailTls, login: bool) -> Channel {
    let settings = Mail {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        tls,
        login: login.then(|| ("warden".to_owned(), secret("authorisation-code-0001"))),
        from: "网哨 <warden@example.test>".to_owned(),
        ca: None,
    };
    channel("mail", Kind::Mail(Box::new(settings)))
}

fn scene(server: &MailServer, tls: MailTls, address: &str) -> Scene {
    let hands = Hands::new();
    let mut scene = Scene::new(&hands, vec![mail(server, tls, true)]);
    scene.alert.recipients[0].mail = Some(address.to_owned());
    scene
}

fn first_verdict(fault: MailFault, address: &str) -> (String, usize) {
    let server = MailServer::start();
    server.fail(Some(fault));
    let scene = scene(&server, MailTls::Plain, address);
    scene.tell(&[notice(1, Event::Opened, scene.hands.now())]);
    scene.run(0);
    server.fail(None);
    let verdict = scene.verdicts("n1-opened")[0].clone();
    scene.run(3 * 3600);
    (verdict, server.mails().len())
}

#[test]
fn the_fault_menu_of_a_mail_server() {
    let check = |fault, address: &str, expected: &str, mails: usize| {
        let (verdict, count) = first_verdict(fault, address);
        assert_eq!((verdict.as_str(), count), (expected, mails), "{fault:?}");
    };
    check(MailFault::Busy, "zhang@example.test", "retry", 1);
    check(MailFault::Silence, "zhang@example.test", "undetermined", 1);
    check(MailFault::Login, "zhang@example.test", "refused-channel", 1);
    check(MailFault::Recipients, "slow@example.test", "retry", 1);
    check(MailFault::Recipients, "gone@example.test", "refused-message", 0);
    check(MailFault::Content, "zhang@example.test", "refused-message", 0);
    check(MailFault::Cut, "zhang@example.test", "undetermined", 2);
}

#[test]
fn nothing_goes_in_clear_where_starttls_was_wanted() {
    let server = MailServer::start();
    let scene = scene(&server, MailTls::Starttls, "zhang@example.test");
    scene.tell(&[notice(1, Event::Opened, scene.hands.now())]);
    scene.run(60);
    assert_eq!(scene.verdicts("n1-opened"), ["refused-channel"]);
    assert!(server.mails().is_empty());
}

#[test]
fn starttls_is_used_and_its_certificate_checked() {
    let server = MailServer::with_starttls();
    let mut scene = scene(&server, MailTls::Starttls, "zhang@example.test");
    let root = scene._folder.path().join("root.pem");
    std::fs::write(&root, server.pem()).expect("a scratch folder");
    let Kind::Mail(mail) = &mut scene.alert.channels[0].kind else { panic!("mail") };
    mail.host = "localhost".to_owned();
    scene.tell(&[notice(1, Event::Opened, scene.hands.now())]);
    scene.run(0);
    assert!(server.mails().is_empty(), "nobody vouches for the server");
    let Kind::Mail(mail) = &mut scene.alert.channels[0].kind else { panic!("mail") };
    mail.ca = Some(root);
    scene.run(3600);
    assert_eq!(server.mails().len(), 1, "{:?}", scene.deliveries());
}

#[test]
fn a_mail_carries_documents_as_far_as_they_fit() {
    let server = MailServer::start();
    let scene = scene(&server, MailTls::Plain, "zhang@example.test");
    let cabinet = Cabinet::below(scene._folder.path());
    let month: Period = "2026-11".parse().expect("a period");
    let put = |name: &str, content: &[u8]| cabinet.put(month, name, content).expect("writable");
    let enclosed = vec![put("large.html", &[b'x'; 5_000]), put("small.html", b"<p>small</p>")];
    scene.tell(&[Notice { enclosed, ..notice(1, Event::Report, scene.hands.now()) }]);
    let sender = Sender::new(&scene.alert, &Fetching::default()).expect("the network side is set up");
    let sender = sender.with(Post::new(cabinet, 4_096));
    let outbox = Arc::clone(&scene.store) as Arc<dyn Outbox>;
    let clock = Arc::new(scene.hands.clone());
    scene.run_with(&Dispatcher::new(scene.alert.clone(), outbox, sender, clock), 60);
    let [mail] = &server.mails()[..] else { panic!("one mail") };
    assert!(
        mail.text.contains("filename=\"small.html\"") && !mail.text.contains("large.html"),
        "{}",
        mail.text
    );
}

#[test]
fn one_mail_for_each_recipient() {
    let server = MailServer::start();
    server.fail(Some(MailFault::Recipients));
    let mut scene = scene(&server, MailTls::Plain, "zhang@example.test");
    let mut gone = scene.alert.recipients[0].clone();
    (gone.id, gone.mail) = ("gone".to_owned(), Some("gone@example.test".to_owned()));
    scene.alert.recipients.push(gone);
    scene.alert.routes[0].recipients.push("gone".to_owned());
    scene.tell(&[notice(1, Event::Opened, scene.hands.now())]);
    scene.run(60);
    let mails = server.mails();
    assert_eq!(mails.len(), 1, "a bad address does not sink the rest");
    assert_eq!(mails[0].to, ["RCPT TO:<zhang@example.test>"]);
    assert!(mails[0].text.contains("Message-ID: <sitewarden.n1-opened@example.test>"));
}
