//! Signatures, as each vendor wants them. All are made for one attempt: each is good for an hour at most.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::digest::{hex, sha256};

/// HMAC-SHA256.
pub fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// DingTalk: the key is the secret, the message time and secret. Not yet percent-encoded.
pub fn dingtalk(millis: i64, secret: &str) -> String {
    STANDARD.encode(hmac(secret.as_bytes(), format!("{millis}\n{secret}").as_bytes()))
}

/// Feishu: time and secret are the *key*, the message is empty.
pub fn feishu(seconds: i64, secret: &str) -> String {
    STANDARD.encode(hmac(format!("{seconds}\n{secret}").as_bytes(), b""))
}

/// Standard Webhooks, one entry of the list. `None` where the secret is not base64.
pub fn webhook(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).ok()?;
    let signed = [format!("{id}.{seconds}.").as_bytes(), body].concat();
    Some(format!("v1,{}", STANDARD.encode(hmac(&key, &signed))))
}

/// A request, as the two clouds sign it.
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'a> {
    /// Method.
    pub method: &'a str,
    /// Path.
    pub path: &'a str,
    /// Query, names in order and encoded.
    pub query: &'a str,
    /// Header lines that are signed: names in lower case and in order.
    pub headers: &'a [(String, String)],
    /// Body.
    pub body: &'a [u8],
}

impl Canonical<'_> {
    fn names(&self) -> String {
        self.headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";")
    }

    fn hash(&self) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let Canonical { method, path, query, body, .. } = self;
        let names = self.names();
        let text = format!("{method}\n{path}\n{query}\n{headers}\n{names}\n{}", sha256(body));
        sha256(text)
    }
}

/// The `Authorization` of Aliyun's ACS3-HMAC-SHA256.
pub fn acs3(request: &Canonical<'_>, id: &str, secret: &str) -> String {
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", request.hash());
    let signature = hex(&hmac(secret.as_bytes(), to_sign.as_bytes()));
    format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={},Signature={signature}", request.names())
}

/// The `Authorization` of Tencent Cloud's TC3-HMAC-SHA256.
pub fn tc3(request: &Canonical<'_>, id: &str, secret: &str, service: &str, now: Timestamp) -> String {
    let date = now.strftime("%Y-%m-%d").to_string();
    let scope = format!("{date}/{service}/tc3_request");
    let to_sign = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{}", now.as_second(), request.hash());
    let by_date = hmac(format!("TC3{secret}").as_bytes(), date.as_bytes());
    let by_service = hmac(&by_date, service.as_bytes());
    let key = hmac(&by_service, b"tc3_request");
    let signature = hex(&hmac(&key, to_sign.as_bytes()));
    format!(
        "TC3-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={}, Signature={signature}",
        request.names()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dingtalk_vectors() {
        let check = |secret: &str, expected: &str| assert_eq!(dingtalk(1_700_000_000_000, secret), expected);
        check("this is secret", "sSFWELbV2YwjdDQhWZwTcWlX5BWUx5J6TPpsZmuPii0=");
        let long = format!("SEC{}", "0123456789abcdef".repeat(4));
        check(&long, "bTgY2yDbep+wesS7jKiNj+srsHoADES4+C4f8LCHFtU=");
    }

    #[test]
    fn feishu_vectors() {
        assert_eq!(feishu(1_599_360_473, "demo"), "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
        assert_eq!(feishu(1_700_000_000, "demo"), "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=");
    }

    #[test]
    fn webhook_vector() {
        let signature = webhook(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            b"{\"test\": 2432232314}",
        );
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(webhook("whsec_no base64!", "a", 0, b""), None);
    }

    /// The published example of Tencent's signing page.
    #[test]
    fn tc3_vector() {
        let body = "{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}";
        let headers = [
            ("content-type".to_owned(), "application/json; charset=utf-8".to_owned()),
            ("host".to_owned(), "cvm.tencentcloudapi.com".to_owned()),
            ("x-tc-action".to_owned(), "describeinstances".to_owned()),
        ];
        let request =
            Canonical { method: "POST", path: "/", query: "", headers: &headers, body: body.as_bytes() };
        assert_eq!(
            request.hash(),
            "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
            "the hash that the page shows on the way"
        );
    }
}
