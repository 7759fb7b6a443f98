//! The check before publication, as an editor uses it.

use reqwest::{Response, StatusCode};
use sitewarden::people::Role;

use super::dashboard::{Dashboard, Person};

/// Sends a form with a file, as a browser does.
pub(super) async fn send(
    person: &Person,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Response {
    const BOUNDARY: &str = "----------------3cf6a1";
    let token = person.form_token().await;
    let mut body = Vec::new();
    for (name, value) in [("form_token", token.as_str())].iter().chain(fields) {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        let disposition = format!("form-data; name=\"file\"; filename=\"{name}\"");
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: x/y\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let request = person.client.post(format!("{}{path}", person.base)).body(body);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    request.header("content-type", kind).send().await.expect("it answers")
}

async fn text(answer: Response) -> String {
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.expect("a whole page")
}

#[tokio::test]
async fn a_fault_is_framed_in_its_sentence() {
    let dashboard = Dashboard::start().await;
    let editor = dashboard.person("bianji", Role::Editor, &["other"]).await;
    assert!(editor.read("/check").await.contains("发布前检查"));
    let draft = "第一句。各单位要认真布署，抓好落实。<script>alert(1)</script>";
    let page = text(send(&editor, "/check", &[("text", draft)], None).await).await;
    assert!(page.contains("各单位要认真<mark>布署</mark>，抓好落实。"), "{page}");
    assert!(page.contains("部署") && !page.contains("<script>alert"), "{page}");
    let clean = text(send(&editor, "/check", &[("text", "今天天气晴朗。")], None).await).await;
    assert!(clean.contains("未发现问题"));
    let empty = send(&editor, "/check", &[("text", " ")], None).await;
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn files_are_read_whatever_is_in_them() {
    let dashboard = Dashboard::start().await;
    let editor = dashboard.person("bianji", Role::Editor, &[]).await;
    let html = "<html><body><p>认真布署</p></body></html>".as_bytes();
    let page = text(send(&editor, "/check", &[], Some(("通知.html", html))).await).await;
    assert!(page.contains("通知.html") && page.contains("<mark>布署</mark>"), "{page}");
    let hostile: [(&str, Vec<u8>); 5] = [
        ("empty.docx", Vec::new()),
        ("cut.docx", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("noise.pdf", [b"%PDF-1.7\n".as_slice(), &[0xff; 4096]].concat()),
        ("deep.html", "<div>".repeat(50_000).into_bytes()),
        ("nul.txt", vec![0; 100_000]),
    ];
    for (name, bytes) in hostile {
        let answer = send(&editor, "/check", &[], Some((name, &bytes))).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
    }
    let named = send(&editor, "/check", &[], Some(("<img src=x>.txt", "布署".as_bytes()))).await;
    assert!(!text(named).await.contains("<img src=x>"));
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let dashboard = Dashboard::start().await;
    let editor = dashboard.person("bianji", Role::Editor, &[]).await;
    let answer = send(&editor, "/check", &[], Some(("big.txt", &vec![b'x'; 33 << 20]))).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}
