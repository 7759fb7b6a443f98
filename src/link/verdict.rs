//! From what came back, and how often, to a verdict and the words for it.

use crate::facts::Try;
use crate::fetch::{BodyEnd, Capture, FailureKind, Outcome, TlsWeakness};

use super::{Verdict, waf};

/// What a verdict rests on.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What came of the last try.
    pub outcome: &'a Outcome,
    /// Every try that failed, the last one included where it did.
    pub tries: &'a [Try],
    /// Failed tries that confirm a failure.
    pub tries_needed: u8,
}

/// The verdict, and why, in Chinese.
///
/// Judges the answer, not the content: whether a page is an error page in disguise is asked of
/// [`soft404`](super::soft404), whether a file is what it should be of [`file`](crate::file).
pub fn judge(evidence: &Evidence<'_>) -> (Verdict, String) {
    match evidence.outcome {
        Ok(capture) => answered(capture, evidence),
        Err(failure) => failed(failure.kind, evidence),
    }
}

fn answered(capture: &Capture, evidence: &Evidence<'_>) -> (Verdict, String) {
    if let Some(firewall) = waf::challenge(capture.status, &capture.headers, &capture.body) {
        return (Verdict::Blocked, format!("{} {firewall}，需人工核实", capture.status));
    }
    let reason = status_reason(capture.status);
    match Meaning::of(capture.status) {
        Meaning::Fine if capture.end == BodyEnd::Truncated => {
            confirm("内容传输中断，长度小于声明长度", evidence)
        }
        // Where something could be decoded a browser shows that much, too.
        Meaning::Fine if capture.end == BodyEnd::Undecodable && capture.body.is_empty() => {
            confirm("传输压缩编码（Content-Encoding）有误，无法还原内容", evidence)
        }
        Meaning::Fine => fine(capture, reason),
        Meaning::Refused => (Verdict::Blocked, format!("{reason}，需人工核实")),
        Meaning::Later if refusals(evidence) < usize::from(evidence.tries_needed) => {
            (Verdict::Suspect, format!("{reason}，稍后再试"))
        }
        Meaning::Later => (Verdict::Blocked, format!("{reason}，需人工核实")),
        Meaning::Failed => confirm(&reason, evidence),
    }
}

/// What a status says of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Fine,
    /// The monitor is refused; a visitor may not be.
    Refused,
    /// The monitor came too often; the same request may well be served in a while.
    Later,
    Failed,
}

impl Meaning {
    fn of(status: u16) -> Meaning {
        match status {
            200..=299 | 304 => Meaning::Fine,
            // A login stands in front of it, which visitors may have.
            401 | 407 | 511 => Meaning::Refused,
            // One vendor of inspections counts 403 as certainly unusable. Firewalls answer monitors with it so often
            // that LINK-03 lets it count only after a look with a browser from elsewhere.
            403 => Meaning::Refused,
            // Asks for another kind of client: 阿里云 refuses with 405, 瑞数 with 412, 加速乐 with 521.
            405 | 406 | 412 | 418 | 421 | 444 | 451 | 456 | 468 | 521 | 999 => Meaning::Refused,
            429 => Meaning::Later,
            _ => Meaning::Failed,
        }
    }
}

fn fine(capture: &Capture, reason: String) -> (Verdict, String) {
    if let Some(weakness) = capture.tls.first() {
        return (Verdict::Degraded, format!("可以访问，但{}", weakness_wording(weakness)));
    }
    match capture.hops.len() {
        0 => (Verdict::Ok, reason),
        1 => (Verdict::Redirected, format!("跳转到 {}", capture.address)),
        hops => (Verdict::Redirected, format!("经 {hops} 次跳转到 {}", capture.address)),
    }
}

fn failed(kind: FailureKind, evidence: &Evidence<'_>) -> (Verdict, String) {
    let wording = failure_wording(kind);
    match kind {
        FailureKind::Robots => (Verdict::Blocked, wording.to_owned()),
        FailureKind::OwnNetwork => (Verdict::Unverified, wording.to_owned()),
        // Where an address leads is no matter of luck: no visitor outside ever gets there.
        FailureKind::ForbiddenAddress | FailureKind::ForbiddenPort => (Verdict::Broken, wording.to_owned()),
        _ => confirm(wording, evidence),
    }
}

/// Broken once enough tries agree, suspect until then.
fn confirm(reason: &str, evidence: &Evidence<'_>) -> (Verdict, String) {
    let failures = evidence.tries.iter().filter(|attempt| counts(attempt)).count().max(1);
    let needed = usize::from(evidence.tries_needed).max(1);
    if failures >= needed {
        (Verdict::Broken, format!("{reason}（{failures} 次尝试均失败）"))
    } else {
        (Verdict::Suspect, format!("{reason}（第 {failures} 次失败，满 {needed} 次方确认）"))
    }
}

/// Whether a failed try says anything about the link, rather than about us.
fn counts(attempt: &Try) -> bool {
    match (attempt.status, attempt.failure) {
        (_, Some(kind)) => !matches!(kind, FailureKind::OwnNetwork | FailureKind::Robots),
        (Some(status), None) => !matches!(Meaning::of(status), Meaning::Refused | Meaning::Later),
        (None, None) => false,
    }
}

/// How often the server asked to come back later.
fn refusals(evidence: &Evidence<'_>) -> usize {
    let is_plea = |status: u16| Meaning::of(status) == Meaning::Later;
    evidence.tries.iter().filter(|attempt| attempt.status.is_some_and(is_plea)).count()
}

/// A status with what it means, in Chinese.
pub fn status_reason(status: u16) -> String {
    match status_wording(status) {
        "" => format!("状态码 {status}"),
        wording => format!("{status} {wording}"),
    }
}

/// What a status means, in Chinese; empty where there is no word for it.
pub fn status_wording(status: u16) -> &'static str {
    match status {
        200 => "正常",
        204 | 205 => "无内容",
        206 => "部分内容",
        304 => "未修改",
        201..=299 => "成功",
        300..=399 => "跳转未给出目标",
        400 => "请求无效",
        401 => "需要登录",
        402 => "需要付费",
        403 => "禁止访问",
        404 => "未找到",
        405 => "方法不被允许",
        406 => "不接受",
        407 => "需要代理认证",
        408 => "请求超时",
        410 => "已永久删除",
        412 => "前提条件不满足",
        414 => "网址过长",
        418 | 444 | 456 | 468 => "拒绝服务",
        421 => "服务器不提供该站点",
        425 => "过早请求",
        429 => "请求过于频繁",
        431 => "请求头过大",
        451 => "因法律原因不可用",
        500 => "服务器内部错误",
        501 => "服务器不支持",
        502 => "网关错误",
        503 => "服务不可用",
        504 => "网关超时",
        511 => "需要网络认证",
        521 => "源站拒绝",
        522 | 524 => "源站超时",
        _ => "",
    }
}

/// A kind of failure, in Chinese.
pub fn failure_wording(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NoSuchName => "域名不存在",
        FailureKind::NoAddress => "域名没有对应的 IP 地址",
        FailureKind::DnsError => "域名解析出错",
        FailureKind::DnsTimeout => "域名解析超时",
        FailureKind::ForbiddenAddress => "指向内网地址，外部无法访问",
        FailureKind::ForbiddenPort => "端口属于其他服务，浏览器拒绝打开",
        FailureKind::Refused => "连接被拒绝",
        FailureKind::Unreachable => "网络不可达",
        FailureKind::ConnectTimeout => "连接超时",
        FailureKind::Tls => "HTTPS 握手失败",
        FailureKind::Certificate => "证书无效，无法访问",
        FailureKind::Reset => "连接被中断",
        FailureKind::FirstByteTimeout => "服务器响应超时",
        FailureKind::BodyTimeout => "内容传输过慢或停滞",
        FailureKind::Deadline => "访问超时",
        FailureKind::HeadersTooLarge => "响应头过大",
        FailureKind::Protocol => "返回的不是有效的 HTTP 响应",
        FailureKind::RedirectLoop => "循环跳转",
        FailureKind::TooManyRedirects => "跳转次数过多",
        FailureKind::BadRedirect => "跳转目标缺失或无效",
        FailureKind::Robots => "robots.txt 不允许访问",
        FailureKind::OwnNetwork => "监测端网络异常，未能核实",
    }
}

/// A weakness of a connection, in Chinese.
pub fn weakness_wording(weakness: &TlsWeakness) -> String {
    match weakness {
        TlsWeakness::Obsolete(name) => format!("只支持过时的加密方式（{name}）"),
        TlsWeakness::IncompleteChain => "证书链不完整".to_owned(),
        TlsWeakness::Expired => "证书不在有效期内".to_owned(),
        TlsWeakness::WrongName => "证书与域名不符".to_owned(),
        TlsWeakness::Untrusted => "证书不受信任".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::address::Address;
    use crate::fetch::{Failure, Hop, Timings};

    fn capture(status: u16) -> Capture {
        Capture {
            address: Address::parse("http://x.gov.cn/a").expect("a good address"),
            hops: Vec::new(),
            status,
            headers: Vec::new(),
            body: Bytes::from_static(b"<p>text</p>"),
            end: BodyEnd::Complete,
            timings: Timings::default(),
            remote: None,
            tls: Vec::new(),
            certificate: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn failure(kind: FailureKind) -> Outcome {
        let (detail, hops) = (String::new(), Vec::new());
        Err(Failure { kind, detail, hops, elapsed: Duration::ZERO, retry_after: None })
    }

    fn tries(outcome: &Outcome, count: usize) -> Vec<Try> {
        let (status, failure) = match outcome {
            Ok(capture) => (Some(capture.status), None),
            Err(failure) => (None, Some(failure.kind)),
        };
        vec![Try { at: Timestamp::UNIX_EPOCH, status, failure }; count]
    }

    fn check(outcome: Outcome, count: usize, verdict: Verdict, part: &str) {
        let evidence = Evidence { outcome: &outcome, tries: &tries(&outcome, count), tries_needed: 3 };
        let (found, reason) = judge(&evidence);
        assert!(found == verdict && reason.contains(part), "{found:?} {reason} for {outcome:?}");
    }

    #[test]
    fn answers() {
        check(Ok(capture(200)), 0, Verdict::Ok, "200");
        check(Ok(capture(206)), 0, Verdict::Ok, "206");
        check(Ok(capture(404)), 1, Verdict::Suspect, "404 未找到（第 1 次");
        check(Ok(capture(404)), 3, Verdict::Broken, "404 未找到（3 次");
        check(Ok(capture(410)), 3, Verdict::Broken, "410");
        check(Ok(capture(400)), 3, Verdict::Broken, "400");
        check(Ok(capture(503)), 2, Verdict::Suspect, "503");
        check(Ok(capture(503)), 3, Verdict::Broken, "503");
        check(Ok(capture(302)), 3, Verdict::Broken, "跳转未给出目标");
        check(Ok(capture(599)), 3, Verdict::Broken, "状态码 599");
        for status in [401, 403, 405, 407, 412, 418, 429, 521] {
            check(Ok(capture(status)), 9, Verdict::Blocked, "需人工核实");
        }
        check(Ok(capture(429)), 2, Verdict::Suspect, "稍后再试");
        check(Ok(capture(412)), 1, Verdict::Blocked, "需人工核实");
    }

    #[test]
    fn answers_with_a_catch() {
        let hop = Hop { from: "http://x.gov.cn/".to_owned(), status: 301, location: "/a".to_owned() };
        check(
            Ok(Capture { hops: vec![hop.clone()], ..capture(200) }),
            0,
            Verdict::Redirected,
            "跳转到 http://x.gov.cn/a",
        );
        check(
            Ok(Capture { hops: vec![hop.clone(), hop.clone()], ..capture(200) }),
            0,
            Verdict::Redirected,
            "2 次",
        );
        check(Ok(Capture { hops: vec![hop], ..capture(404) }), 3, Verdict::Broken, "404");
        check(
            Ok(Capture { tls: vec![TlsWeakness::Expired], ..capture(200) }),
            0,
            Verdict::Degraded,
            "有效期",
        );
        check(Ok(Capture { end: BodyEnd::Truncated, ..capture(200) }), 1, Verdict::Suspect, "中断");
        check(Ok(Capture { end: BodyEnd::Capped, ..capture(200) }), 0, Verdict::Ok, "200");
        check(Ok(Capture { end: BodyEnd::Undecodable, ..capture(200) }), 1, Verdict::Ok, "200");
        let nothing = Capture { end: BodyEnd::Undecodable, body: Bytes::new(), ..capture(200) };
        check(Ok(nothing), 3, Verdict::Broken, "无法还原");
        let body = Bytes::from_static(b"<script>$_ts</script>");
        check(Ok(Capture { body, ..capture(200) }), 0, Verdict::Blocked, "瑞数");
    }

    #[test]
    fn failures() {
        use FailureKind::*;
        check(failure(ForbiddenAddress), 1, Verdict::Broken, "内网地址");
        check(failure(ForbiddenPort), 1, Verdict::Broken, "浏览器拒绝打开");
        check(failure(Robots), 1, Verdict::Blocked, "robots");
        check(failure(OwnNetwork), 3, Verdict::Unverified, "监测端");
        for kind in [
            NoSuchName,
            NoAddress,
            DnsError,
            DnsTimeout,
            Refused,
            Unreachable,
            ConnectTimeout,
            Tls,
            Certificate,
            Reset,
            FirstByteTimeout,
            BodyTimeout,
            Deadline,
            HeadersTooLarge,
            Protocol,
            RedirectLoop,
            TooManyRedirects,
            BadRedirect,
        ] {
            check(failure(kind), 1, Verdict::Suspect, failure_wording(kind));
            check(failure(kind), 3, Verdict::Broken, failure_wording(kind));
        }
    }

    #[test]
    fn tries_that_say_nothing_of_the_link_do_not_count() {
        let outcome = Ok(capture(404));
        let mut tries = tries(&outcome, 2);
        tries.extend(super::tests::tries(&failure(FailureKind::OwnNetwork), 5));
        tries.extend(super::tests::tries(&Ok(capture(429)), 5));
        let (verdict, _) = judge(&Evidence { outcome: &outcome, tries: &tries, tries_needed: 3 });
        assert_eq!(verdict, Verdict::Suspect);
    }
}
