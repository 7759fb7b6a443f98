use std::path::Path;
use std::time::Duration;

use super::super::read;
use crate::config::{Alert, Kind, MailTls, show};
use crate::finding::Severity;

const WHOLE: &str = r#"
    [[site]]
    id = "sthjt"
    home = "https://www.example.gov.cn/"
    [alert]
    timeout = "20s"
    allow_private = ["10.0.0.0/8"]
    [alert.links]
    base = "https://warden.example.gov.cn/"
    secret = "a-key-of-this-program"
    [[alert.channel]]
    id = "duty"
    kind = "dingtalk"
    url = "https://oapi.dingtalk.com/robot/send?access_token=dingtalk-token-0001"
    secret = "SECdingtalk-secret"
    per_minute = 10
    ipv4 = true
    [[alert.channel]]
    id = "leaders"
    kind = "wecom"
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=wecom-key-0002"
    [[alert.channel]]
    id = "hook"
    kind = "webhook"
    url = "https://ops.example.gov.cn/hook/path-0003"
    secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    [[alert.channel]]
    id = "voice"
    kind = "http"
    url = "https://dyvmsapi.aliyuncs.com/?key=voice-key-0004"
    headers = ["x-acs-action: SingleCallByTts", "x-api-key: header-secret-0005"]
    body = '{"to":"{mobile}","p":{"code":"{code}"}}'
    signer = "acs3"
    sign_id = "access-id"
    sign_secret = "access-secret-0006"
    success_body = ["/Code", "OK"]
    quota_minute = 1
    quota_hour = 5
    [[alert.channel]]
    id = "mail"
    kind = "mail"
    host = "mail.example.gov.cn"
    tls = "implicit"
    from = "网哨 <warden@example.gov.cn>"
    user = "warden"
    password = "mail-password-0007"
    [[alert.recipient]]
    id = "zhang"
    name = "张三"
    channels = ["duty", "voice", "mail"]
    mobile = "13800000000"
    mail = "zhang@example.gov.cn"
    [[alert.route]]
    severity = "high"
    events = ["opened", "recovered"]
    sites = ["sthjt"]
    recipients = ["zhang"]
    channels = ["leaders"]
    quiet = "22:00-07:00"
"#;

fn whole() -> crate::config::Settings {
    read(Path::new("c.toml"), WHOLE).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn everything_can_be_said() {
    let Alert { channels, recipients, routes, links, timeout, .. } = whole().alert;
    assert_eq!(timeout, Duration::from_secs(20));
    assert_eq!(links.expect("they were set").base, "https://warden.example.gov.cn");
    assert_eq!((channels[0].budget.per_minute, channels[0].budget.reserve, channels[0].ipv4), (10, 5, true));
    assert_eq!(channels[3].quota.hour, 5);
    let Kind::Mail(mail) = &channels[4].kind else { panic!("mail") };
    assert_eq!((mail.port, mail.tls), (465, MailTls::Implicit));
    assert_eq!(recipients[0].channels, ["duty", "voice", "mail"]);
    assert_eq!((routes[0].severity, routes[0].quiet.is_some()), (Severity::High, true));
}

#[test]
fn no_secret_is_shown() {
    let settings = whole();
    for shown in [show(&settings), format!("{settings:?}")] {
        for hidden in [
            "dingtalk-token-0001",
            "SECdingtalk-secret",
            "wecom-key-0002",
            "whsec_",
            "path-0003",
            "voice-key-0004",
            "header-secret-0005",
            "access-secret-0006",
            "mail-password-0007",
            "a-key-of-this-program",
        ] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
    assert!(show(&settings).contains("url = \"***0001\""), "{}", show(&settings));
}

#[test]
fn every_problem_at_once() {
    let text = r#"
[alert]
timeout = "0s"
[alert.links]
base = "warden"
[[alert.channel]]
id = "Duty"
kind = "dingding"
[[alert.channel]]
id = "duty"
kind = "dingtalk"
url = "not an address with token-0001"
[[alert.channel]]
id = "hook"
kind = "webhook"
url = "https://ops.example.gov.cn/"
secrets = ["no base64!"]
[[alert.channel]]
id = "hook"
kind = "stdout"
colour = "red"
[[alert.channel]]
id = "sms"
kind = "http"
url = "env:SITEWARDEN_NO_SUCH_NAME"
body = "{mobil}"
signer = "tc3"
[[alert.channel]]
id = "mail"
kind = "mail"
host = "mail.example.gov.cn"
from = "nobody"
user = "warden"
[[alert.recipient]]
id = "zhang"
name = "张三"
channels = ["hook", "phone"]
mobile = "1380000-0000"
mail = "zhang@example.gov.cn\r\nBcc: a@b"
[[alert.route]]
events = ["open"]
sites = ["sthjt"]
recipients = ["li"]
quiet = "night"
[[alert.route]]
severity = "worst"
"#;
    let problems = read(Path::new("c.toml"), text).expect_err("there are many");
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(!shown.join("\n").contains("token-0001"));
    insta::assert_snapshot!(shown.join("\n"));
}
