//! The check before publication.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::header;
use serde::Deserialize;

use super::ask::{Refused, Sent, Told, told_as_is};
use crate::report::proofread;
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::proof::{self, Content, Draft};
use crate::web::upload::Upload;

/// A draft, as sent in JSON: `text` or `html`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    text: Option<String>,
    html: Option<String>,
    /// `quiet` or `review`.
    #[serde(default)]
    mode: String,
    /// What the draft is called in the result.
    name: Option<String>,
}

/// Checks a text, a page or a file.
pub(super) async fn check(State(app): State<App>, request: Request) -> Told {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let draft = if is_form {
        uploaded(Upload::from_request(request, &app).await?)?
    } else {
        typed(Sent::from_request(request, &app).await?.0)?
    };
    let checked = proof::check(&app, draft).await?;
    told_as_is(proofread::spanned(&checked, app.now()))
}

fn typed(sent: Typed) -> Result<Draft, Refused> {
    let mode = proof::mode(&sent.mode)?;
    let content = match (sent.text, sent.html) {
        (Some(text), None) => Content::Text(text),
        (None, Some(html)) => Content::Html(html),
        _ => return Err(Failure::Wrong("请给出 text 或 html 之一".to_owned()).into()),
    };
    Ok(Draft { name: sent.name.unwrap_or_else(|| "-".to_owned()), content, mode })
}

fn uploaded(upload: Upload) -> Result<Draft, Refused> {
    let mode = proof::mode(upload.get("mode"))?;
    let file = upload.file.ok_or_else(|| Failure::Wrong("请给出文件字段 file".to_owned()))?;
    Ok(Draft { name: file.name, content: Content::File(file.bytes), mode })
}
