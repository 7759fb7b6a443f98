//! Rendered messages.

mod answers;

use std::time::Duration;

use super::*;
use crate::alert::sheet::PREFIX;
use crate::alert::testing::{at, notice};
use crate::config::{
    Budget, Encoding, Http, Links, MailTls, Method as HttpMethod, Quota, Recipient, Robot, Signer, Success,
    Webhook,
};
use crate::notice::{Event, Fact, Notice};
use crate::store::outbox::Form;

fn secret(text: &str) -> Secret {
    Secret::read(text).unwrap()
}

fn channel(kind: Kind) -> Channel {
    let budget = Budget { per_minute: 20, per_second: 0, reserve: 5, penalty: Duration::from_secs(600) };
    Channel { id: "duty".to_owned(), kind, budget, quota: Quota::default(), ipv4: false }
}

fn robot(url: &str) -> Robot {
    Robot { url: secret(url), secret: Some(secret("this is secret")) }
}

fn dingtalk() -> Channel {
    channel(Kind::DingTalk(robot(
        "https://oapi.dingtalk.example.test/robot/send?access_token=t0ken-of-a-robot-0001",
    )))
}

fn wecom() -> Channel {
    channel(Kind::WeCom(robot("https://qyapi.example.test/cgi-bin/webhook/send?key=k3y-of-a-robot-0001")))
}

fn feishu() -> Channel {
    channel(Kind::Feishu(robot(
        "https://open.feishu.example.test/open-apis/bot/v2/hook/t0ken-of-a-robot-0001",
    )))
}

fn zhang() -> Recipient {
    Recipient {
        id: "zhang".to_owned(),
        name: "张三".to_owned(),
        mobile: Some("13800000000".to_owned()),
        mail: Some("zhang@example.test".to_owned()),
        wecom: Some("ZhangSan".to_owned()),
        feishu: Some("ou_zhang".to_owned()),
        ..Recipient::default()
    }
}

fn links() -> Links {
    Links {
        base: "https://warden.example.test".to_owned(),
        secret: secret("a key of this program"),
        valid: Duration::from_secs(86_400),
    }
}

fn request(channel: &Channel, notice: &Notice, to: &Recipient) -> HttpRequest {
    let message = Message { notice, form: Form::Full, to: &[to], links: Some(&links()), enclosed: &[] };
    match render(channel, &message, at(0)).unwrap() {
        Request::Http(request) => request,
        other => panic!("{other:?}"),
    }
}

fn json(request: &HttpRequest) -> serde_json::Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[test]
fn messages_look_like_this() {
    let (notice, zhang) = (notice("n-12", Event::Opened), zhang());
    let shown = [dingtalk(), wecom(), feishu()]
        .map(|channel| {
            let request = request(&channel, &notice, &zhang);
            format!("{request:?}\n{}", serde_json::to_string_pretty(&json(&request)).unwrap())
        })
        .join("\n\n");
    insta::assert_snapshot!(shown);
}

#[test]
fn signatures_stand_where_each_vendor_wants_them() {
    let (notice, zhang) = (notice("n-12", Event::Opened), zhang());
    let signed = request(&dingtalk(), &notice, &zhang);
    let url = url::Url::parse(signed.url.expose()).unwrap();
    let pairs: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(pairs, ["access_token", "timestamp", "sign"]);
    let text = signed.url.expose();
    assert!(
        !text[text.find("sign=").unwrap() + 5..].contains(['+', '/', '=']),
        "all percent-encoded: {text}"
    );

    let unsigned =
        Robot { secret: None, ..robot("https://a.test/robot/send?access_token=t&timestamp=1&sign=old") };
    let bare = request(&channel(Kind::DingTalk(unsigned)), &notice, &zhang);
    assert_eq!(
        bare.url.expose(),
        "https://a.test/robot/send?access_token=t",
        "no stale signature, and no new one"
    );

    let body = json(&request(&feishu(), &notice, &zhang));
    assert_eq!(body["timestamp"], at(0).as_second().to_string());
    assert_eq!(body["sign"].as_str().unwrap().len(), 44);
}

#[test]
fn webhooks_are_signed_with_every_secret() {
    let secrets = vec![
        secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        secret("whsec_bmV3IHNlY3JldCBvZiAyNCBieXRlcw=="),
    ];
    let channel = channel(Kind::Webhook(Webhook { url: secret("https://a.test/hook"), secrets }));
    let request = request(&channel, &notice("n.12", Event::Opened), &zhang());
    let header = |name: &str| &request.headers.iter().find(|(other, _)| other == name).unwrap().1;
    assert_eq!(header("webhook-id"), "n-12", "without a dot");
    assert_eq!(header("webhook-signature").split(' ').count(), 2);
    assert_eq!(json(&request)["type"], "incident.opened");
}

#[test]
fn long_texts_fit_every_channel() {
    let mut long = notice("n-12", Event::Opened);
    long.title = "题".repeat(5000);
    long.facts = (0..200).map(|fact| Fact::own("说明", "错*[误]".repeat(fact))).collect();
    let zhang = zhang();
    let content = |channel: &Channel, pointer: &str| {
        json(&request(channel, &long, &zhang)).pointer(pointer).unwrap().as_str().unwrap().to_owned()
    };
    let check = |text: &str, bytes: usize| {
        assert!(text.len() <= bytes && text.len() > bytes / 2, "{}", text.len());
        assert!(
            text.contains("…(截断)") && text.contains("编号 n-12") && text.contains("/ack?i=12"),
            "{text}"
        );
        assert!(text.matches("**").count().is_multiple_of(2) && text.contains(PREFIX));
    };
    check(&content(&dingtalk(), "/markdown/text"), 18_000);
    check(&content(&wecom(), "/markdown/content"), 4096);
    let by_number = Recipient { wecom: None, ..zhang.clone() };
    let text = json(&request(&wecom(), &long, &by_number));
    check(text["text"]["content"].as_str().unwrap(), 2048);
    assert_eq!(text["text"]["mentioned_mobile_list"][0], "13800000000");
    assert!(request(&feishu(), &long, &zhang).body.len() <= 20_000);
}

#[test]
fn a_mention_stands_in_list_and_text() {
    let body = json(&request(&dingtalk(), &notice("n-12", Event::Opened), &zhang()));
    assert_eq!(body["at"]["atMobiles"][0], "13800000000");
    assert!(body["markdown"]["text"].as_str().unwrap().contains("@13800000000"));
    let body = json(&request(&dingtalk(), &notice("n-12", Event::Recovered), &zhang()));
    assert_eq!(body["at"]["atMobiles"], serde_json::json!([]), "nobody is called for an all-clear");
}

#[test]
fn foreign_words_do_no_harm() {
    let mut hostile = notice("n-12", Event::Opened);
    hostile.title = "[中奖](http://bad.test) <at user_id=\"all\"></at> @all\r\nX: y".to_owned();
    let zhang = zhang();
    for channel in [dingtalk(), wecom(), feishu()] {
        let body = String::from_utf8(request(&channel, &hostile, &zhang).body).unwrap();
        for harm in ["http://bad.test", "[中奖]", "bad.test/a", "<at user", "@all", "澳门赌场"] {
            assert!(!body.contains(harm), "{harm}: {body}");
        }
    }
}

#[test]
fn a_bare_message_has_no_foreign_word() {
    let notice = notice("n-12", Event::Opened);
    for channel in [dingtalk(), wecom(), feishu()] {
        let message = Message { notice: &notice, form: Form::Bare, to: &[], links: None, enclosed: &[] };
        let Ok(Request::Http(request)) = render(&channel, &message, at(0)) else { panic!("an HTTP request") };
        let body = String::from_utf8(request.body).unwrap();
        assert!(body.contains(PREFIX) && body.contains("n-12"));
        assert!(!body.contains("首页") && !body.contains("hxxp") && !body.contains("澳"), "{body}");
    }
}

fn gateway(encoding: Encoding, body: &str, signer: Signer) -> Http {
    Http {
        method: HttpMethod::Post,
        url: secret("https://dyvmsapi.example.test/?a=1"),
        headers: vec![
            ("x-acs-action".to_owned(), secret("SingleCallByTts")),
            ("x-acs-version".to_owned(), secret("2017-05-25")),
        ],
        body: body.to_owned(),
        encoding,
        signer,
        success: Success { statuses: Vec::new(), body: Some(("/Code".to_owned(), "OK".to_owned())) },
        retry: vec!["isv.BUSINESS_LIMIT_CONTROL".to_owned()],
    }
}

#[test]
fn templates_are_filled_and_escaped() {
    let mut notice = notice("n-12", Event::Opened);
    notice.title = "他说\"{mobile}\"&x=1".to_owned();
    let body = |encoding, template: &str| {
        let channel = channel(Kind::Http(Box::new(gateway(encoding, template, Signer::None))));
        String::from_utf8(request(&channel, &notice, &zhang()).body).unwrap()
    };
    let json =
        body(Encoding::Json, r#"{"to":"{mobile}","p":{"code":"{code}","n":"{incident}","t":"{title}"}}"#);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["to"], &json["p"]["code"]), (&"13800000000".into(), &"sthjt".into()));
    assert!(json["p"]["t"].as_str().unwrap().contains("他说\"{mobile}\"&x=1"), "{json}");
    let form = body(Encoding::Form, "to={mobile}&text={title}");
    let pairs: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).collect();
    assert_eq!(pairs.len(), 2, "{form}");
}

#[test]
fn gateways_are_signed() {
    let signers = [
        (Signer::Header { name: "x-signature".to_owned(), secret: secret("k") }, "x-signature"),
        (Signer::Acs3 { id: "ak".to_owned(), secret: secret("sk") }, "authorization"),
        (
            Signer::Tc3 { id: "ak".to_owned(), secret: secret("sk"), service: "vms".to_owned() },
            "authorization",
        ),
    ];
    for (signer, header) in signers {
        let channel = channel(Kind::Http(Box::new(gateway(Encoding::Json, "{}", signer))));
        let request = request(&channel, &notice("n-12", Event::Opened), &zhang());
        assert_eq!(request.headers.iter().filter(|(name, _)| name == header).count(), 1);
        assert!(!format!("{request:?}").contains("sk"));
    }
}

fn mail_of(notice: &Notice, to: &Recipient) -> Result<String, Unsendable> {
    let server = Mail {
        host: "mail.example.test".to_owned(),
        port: 587,
        tls: MailTls::Starttls,
        login: None,
        from: "网哨 <warden@example.test>".to_owned(),
        ca: None,
    };
    let message = Message { notice, form: Form::Full, to: &[to], links: None, enclosed: &[] };
    match render(&channel(Kind::Mail(Box::new(server))), &message, at(0))? {
        Request::Mail(mail) => Ok(String::from_utf8(mail.raw).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mail_can_be_threaded_and_recognised() {
    let mut recovered = notice("n-13", Event::Recovered);
    recovered.opening = Some("n-12".to_owned());
    recovered.title = "首页\r\nBcc: everybody@example.test".to_owned();
    let mail = mail_of(&recovered, &zhang()).unwrap();
    for line in [
        "Message-ID: <sitewarden.n-13@example.test>",
        "In-Reply-To: <sitewarden.n-12@example.test>",
        "References: <sitewarden.n-12@example.test>",
        "Auto-Submitted: auto-generated",
        "Date: Sun, 22 Nov 2026 02:00:00 +0000",
        "Subject: =?utf-8?b?",
    ] {
        assert!(mail.contains(line), "{line}: {mail}");
    }
    assert!(!mail.contains("\nBcc:"));
    assert!(mail_of(&notice("n-12", Event::Opened), &zhang()).unwrap().contains("sitewarden.n-12@"));
    let forged = Recipient { mail: Some("a@example.test\r\nBcc: b@example.test".to_owned()), ..zhang() };
    assert!(mail_of(&recovered, &forged).is_err());
    let forged = Recipient { name: "张三\r\nBcc: b@example.test".to_owned(), ..zhang() };
    assert!(mail_of(&recovered, &forged).is_err());
    assert!(mail_of(&recovered, &Recipient { mail: None, ..zhang() }).is_err());
}

#[test]
fn no_secret_is_shown() {
    for channel in [dingtalk(), wecom(), feishu()] {
        let request = request(&channel, &notice("n-12", Event::Opened), &zhang());
        let shown = format!("{channel:?} {request:?}");
        for hidden in ["t0ken", "k3y", "this is secret", "sign="] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
}
