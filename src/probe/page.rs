//! What an answer to a page probe means.
//!
//! Open is what a visitor would call open (VETO-02): a final 2xx with a whole body, within the time. A firewall that
//! refuses the monitor says nothing about the site.

use std::time::Duration;

use super::State;
use crate::config::Expect;
use crate::fetch::{BodyEnd, Capture, Failure, FailureKind, Outcome};
use crate::link::{challenge, failure_wording, status_reason, weakness_wording};
use crate::page;

/// Judges what came back; `slow` is the time from which an answer counts as slow.
pub(super) fn judge(
    outcome: &Outcome,
    expect: &Expect,
    took: Duration,
    timeout: Duration,
    slow: Duration,
) -> (State, String) {
    match outcome {
        Err(failure) => failed(failure),
        Ok(_) if took >= timeout => (State::Bad, format!("{} 秒内未打开", timeout.as_secs())),
        Ok(capture) => answered(capture, expect, took, slow),
    }
}

fn failed(failure: &Failure) -> (State, String) {
    let reason = failure_wording(failure.kind).to_owned();
    match failure.kind {
        FailureKind::OwnNetwork | FailureKind::ForbiddenAddress | FailureKind::ForbiddenPort => {
            (State::Blind, reason)
        }
        FailureKind::Robots => (State::Refused, reason),
        _ => (State::Bad, reason),
    }
}

fn answered(capture: &Capture, expect: &Expect, took: Duration, slow: Duration) -> (State, String) {
    let is_wanted = match expect.statuses.as_slice() {
        [] => (200..300).contains(&capture.status),
        statuses => statuses.contains(&capture.status),
    };
    if !is_wanted {
        if let Some(firewall) = challenge(capture.status, &capture.headers, &capture.body) {
            return (State::Refused, format!("{} {firewall}", capture.status));
        }
        return (State::Bad, status_reason(capture.status));
    }
    if capture.end == BodyEnd::Truncated {
        return (State::Bad, "内容传输中断，长度小于声明长度".to_owned());
    }
    if let Some(wrong) = unexpected(capture, expect) {
        // A challenge with status 200 lacks the words, too.
        return match challenge(capture.status, &capture.headers, &capture.body) {
            Some(firewall) => (State::Refused, firewall.to_owned()),
            None => (State::Bad, wrong),
        };
    }
    if let Some(weakness) = capture.tls.first() {
        return (State::Weak, weakness_wording(weakness));
    }
    if took >= slow {
        return (State::Weak, format!("响应缓慢：{:.1} 秒", took.as_secs_f64()));
    }
    (State::Good, String::new())
}

/// What the content lacks or should not have.
fn unexpected(capture: &Capture, expect: &Expect) -> Option<String> {
    if capture.body.is_empty() && expect.statuses.is_empty() {
        return Some("页面内容为空".to_owned());
    }
    if expect.words.is_empty() && expect.not_words.is_empty() && expect.json.is_empty() {
        return None;
    }
    let text = page::decode(&capture.body, capture.header("content-type"));
    if let Some(word) = expect.words.iter().find(|word| !text.contains(word.as_str())) {
        return Some(format!("页面缺少应有内容“{word}”"));
    }
    if let Some(word) = expect.not_words.iter().find(|word| text.contains(word.as_str())) {
        return Some(format!("页面出现不应有的内容“{word}”"));
    }
    if expect.json.is_empty() {
        return None;
    }
    let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else {
        return Some("返回内容不是 JSON".to_owned());
    };
    expect.json.iter().find_map(|(pointer, wanted)| {
        let found = value.pointer(pointer).map(|found| match found {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let is_wanted = found.as_deref() == Some(wanted.as_str());
        (!is_wanted).then(|| match found {
            Some(found) => {
                let found: String = found.chars().take(50).collect();
                format!("JSON {pointer} 应为“{wanted}”，实为“{found}”")
            }
            None => format!("JSON 中没有 {pointer}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::testing::answer;

    const SLOW: Duration = Duration::from_secs(5);
    const TIMEOUT: Duration = Duration::from_secs(15);

    fn check(status: u16, body: &str, expect: &Expect, millis: u64, expected: State, why: &str) {
        let outcome =
            answer(status).map(|capture| Capture { body: bytes::Bytes::from(body.to_owned()), ..capture });
        let (state, said) = judge(&outcome, expect, Duration::from_millis(millis), TIMEOUT, SLOW);
        assert_eq!(state, expected, "{status} {body} {millis}: {said}");
        assert!(said.contains(why), "{said} lacks {why}");
    }

    #[test]
    fn open_is_what_a_visitor_calls_open() {
        let any = Expect::default();
        check(200, "<p>示例省生态环境厅</p>", &any, 200, State::Good, "");
        check(204, "", &Expect { statuses: vec![204], ..Expect::default() }, 200, State::Good, "");
        check(200, "", &any, 200, State::Bad, "为空");
        check(404, "没有", &any, 200, State::Bad, "404");
        check(500, "错误", &any, 200, State::Bad, "500");
        check(200, "<p>慢</p>", &any, 4_999, State::Good, "");
        check(200, "<p>慢</p>", &any, 5_000, State::Weak, "5.0 秒");
        // 15 s included is a failure (VETO-02).
        check(200, "<p>慢</p>", &any, 14_999, State::Weak, "15.0 秒");
        check(200, "<p>慢</p>", &any, 15_000, State::Bad, "15 秒内未打开");
        check(401, "", &Expect { statuses: vec![401, 200], ..Expect::default() }, 20, State::Good, "");
    }

    #[test]
    fn content_is_looked_at_where_it_was_asked_for() {
        let words = Expect { words: vec!["生态环境厅".to_owned()], ..Expect::default() };
        check(200, "<title>示例省生态环境厅</title>", &words, 20, State::Good, "");
        check(200, "<title>欢迎</title>", &words, 20, State::Bad, "缺少应有内容“生态环境厅”");
        let not = Expect { not_words: vec!["维护中".to_owned()], ..Expect::default() };
        check(200, "系统维护中", &not, 20, State::Bad, "不应有的内容");
        let json = |pointer: &str, value: &str| Expect {
            json: vec![(pointer.to_owned(), value.to_owned())],
            ..Expect::default()
        };
        check(200, "{\"status\":\"UP\"}", &json("/status", "UP"), 20, State::Good, "");
        check(200, "{\"db\":{\"ok\":true}}", &json("/db/ok", "true"), 20, State::Good, "");
        check(200, "{\"status\":\"DOWN\"}", &json("/status", "UP"), 20, State::Bad, "实为“DOWN”");
        check(200, "{}", &json("/status", "UP"), 20, State::Bad, "没有 /status");
        check(200, "<html>", &json("/status", "UP"), 20, State::Bad, "不是 JSON");
    }
}
