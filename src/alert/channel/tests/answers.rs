//! What the answers of every vendor mean.

use super::*;
use crate::alert::verdict::Verdict;

fn verdict(channel: &Channel, status: u16, body: &str) -> String {
    let reply = Reply { status, retry_after: None, body: body.as_bytes().to_vec() };
    match judge(channel, &reply, at(0)) {
        Verdict::Confirmed => "confirmed".to_owned(),
        Verdict::Permanent { scope, .. } => format!("{scope:?}").to_lowercase(),
        Verdict::Retry { throttled: true, after, .. } => {
            format!("throttled {}", after.map_or(0, |after| after.as_secs()))
        }
        Verdict::Retry { tries, .. } => format!("retry {}", tries.unwrap_or_default()),
        Verdict::Undetermined { .. } => "undetermined".to_owned(),
    }
}

#[test]
fn answers_of_dingtalk() {
    let channel = dingtalk();
    let check = |body: &str, expected: &str| assert_eq!(verdict(&channel, 200, body), expected, "{body}");
    check(r#"{"errcode":0,"errmsg":"ok"}"#, "confirmed");
    check(r#"{"errcode":"0","errmsg":"whatever"}"#, "confirmed");
    for (code, errmsg, expected) in [
        (310000, "keywords not in content", "channel"),
        (310000, "invalid timestamp", "channel"),
        (310000, "机器人发送签名过期", "channel"),
        (310000, "sign not match, more: [https://a.test]", "channel"),
        (310000, "签名不匹配", "channel"),
        (310000, "ip 1.2.3.4 not in whitelist", "channel"),
        (300005, "token is not exist", "channel"),
        (300001, "token is not exist", "channel"),
        (40035, "缺少参数 access_token", "channel"),
        (88, "缺少参数 access_token", "channel"),
        (43002, "需要POST请求", "message"),
        (43004, "无效的HTTP HEADER Content-Type", "message"),
        (400013, "群已被解散", "channel"),
        (400101, "access_token不存在", "channel"),
        (400102, "机器人已停用", "channel"),
        (400105, "不支持的消息类型", "message"),
        (400106, "机器人不存在", "channel"),
        (430101, "消息中包含不安全的链接", "message"),
        (430102, "消息中包含不合适的文本", "message"),
        (430103, "消息中包含不合适的图片", "message"),
        (430104, "消息中包含不合适的内容", "message"),
        (460101, "message too long, exceed 20000 bytes", "message"),
        (400000, "message too long, exceed 20000 bytes", "message"),
        (130101, "send too fast, exceed 20 times per minute", "throttled 600"),
        (410100, "发送速度太快而限流", "throttled 600"),
        (77777, "frequency", "throttled 600"),
        (90030, "webhook 调用次数已达上限", "channel"),
        (-1, "系统繁忙", "retry 3"),
        (12345, "something new", "retry 3"),
    ] {
        check(&serde_json::json!({ "errcode": code, "errmsg": errmsg }).to_string(), expected);
    }
    check(r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b1c"}"#, "throttled 5");
    check(r#"{"status":1111,"errcode":130101,"wait":7}"#, "throttled 7");
    for unreadable in ["{}", "null", "[]", "<html>", "{\"errcode\":", "", r#"{"errmsg":"ok"}"#] {
        check(unreadable, "undetermined");
    }
    assert_eq!(verdict(&channel, 502, "<html>"), "retry 0");
    assert_eq!(verdict(&channel, 301, ""), "channel");
}

#[test]
fn answers_of_wecom() {
    let channel = wecom();
    let tail = "hint: [1790806079345572489457392], from ip: 198.51.100.7, more info at https://a.test";
    let check = |body: &str, expected: &str| assert_eq!(verdict(&channel, 200, body), expected, "{body}");
    check(r#"{"errcode":0,"errmsg":"ok"}"#, "confirmed");
    check(r#"{"errcode":0,"errmsg":"ok. Warning: wrong json format. "}"#, "confirmed");
    for (code, expected) in [
        (93000, "channel"),
        (40058, "message"),
        (40008, "message"),
        (40007, "message"),
        (40006, "message"),
        (40033, "message"),
        (40035, "message"),
        (40063, "message"),
        (44004, "message"),
        (45001, "message"),
        (45002, "message"),
        (45007, "message"),
        (45008, "message"),
        (45034, "message"),
        (40003, "message"),
        (46004, "message"),
        (45009, "throttled 65"),
        (45033, "retry 0"),
        (-1, "retry 3"),
    ] {
        check(&format!(r#"{{"errcode":{code},"errmsg":"x, {tail}"}}"#), expected);
    }
    for unreadable in ["{}", "null", "<html>", r#"{"errmsg":"ok"}"#] {
        check(unreadable, "undetermined");
    }
    let reply = Reply {
        status: 200,
        retry_after: None,
        body: format!(r#"{{"errcode":93000,"errmsg":"x, {tail}"}}"#).into(),
    };
    assert!(
        !format!("{:?}", judge(&channel, &reply, at(0))).contains("198.51"),
        "our own address is not shown"
    );
}

#[test]
fn answers_of_feishu() {
    let channel = feishu();
    let check = |status: u16, body: &str, expected: &str| {
        assert_eq!(verdict(&channel, status, body), expected, "{body}");
    };
    check(
        200,
        r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#,
        "confirmed",
    );
    check(200, r#"{"StatusCode":0}"#, "confirmed");
    check(200, r#"{"code":19021,"StatusCode":0}"#, "channel");
    check(200, r#"{"code":null,"StatusCode":0}"#, "undetermined");
    check(200, r#"{"msg":"success"}"#, "undetermined");
    check(200, "null", "undetermined");
    check(400, r#"{"code":9499,"msg":"Bad Request","data":{}}"#, "message");
    check(429, r#"{"code":99991400,"msg":"request trigger frequency limit"}"#, "throttled 0");
    check(500, "<html>", "retry 0");
    for (code, expected) in [
        (9499, "message"),
        (19001, "channel"),
        (19021, "channel"),
        (19022, "channel"),
        (19024, "channel"),
        (11232, "throttled 0"),
        (11247, "throttled 0"),
        (10002, "message"),
        (200621, "message"),
    ] {
        check(200, &format!(r#"{{"code":{code},"data":{{}},"msg":"x"}}"#), expected);
    }
    let reply = Reply {
        status: 429,
        retry_after: Some("38".to_owned()),
        body: br#"{"code":99991400,"msg":"x"}"#.to_vec(),
    };
    assert_eq!(
        judge(&channel, &reply, at(0)),
        Verdict::throttled(Some(Duration::from_secs(38)), "99991400 x")
    );
}

#[test]
fn answers_to_webhooks_are_statuses() {
    let channel = channel(Kind::Webhook(Webhook { url: secret("https://a.test/"), secrets: Vec::new() }));
    for (status, expected) in [
        (200, "confirmed"),
        (204, "confirmed"),
        (302, "channel"),
        (400, "message"),
        (404, "channel"),
        (408, "retry 0"),
        (410, "channel"),
        (429, "throttled 0"),
        (500, "retry 0"),
        (502, "throttled 0"),
        (504, "throttled 0"),
    ] {
        assert_eq!(verdict(&channel, status, "not json"), expected, "{status}");
    }
}

#[test]
fn answers_of_gateways() {
    let channel = channel(Kind::Http(Box::new(gateway(Encoding::Json, "{}", Signer::None))));
    for (status, body, expected) in [
        (200, r#"{"Code":"OK","CallId":"1"}"#, "confirmed"),
        (200, r#"{"Code":"isv.BUSINESS_LIMIT_CONTROL"}"#, "retry 0"),
        (200, r#"{"Code":"isv.INVALID"}"#, "message"),
        (200, r#"{}"#, "undetermined"),
        (200, "<html>", "undetermined"),
        (500, "", "retry 0"),
        (403, "", "channel"),
    ] {
        assert_eq!(verdict(&channel, status, body), expected, "{body}");
    }
}
