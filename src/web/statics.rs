//! Style and script: built in, named by what is in them, so that browsers may keep them.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::answer::{Answer, Failure};

const FILES: [(&str, &str, &str); 4] = [
    ("style.css", "text/css; charset=utf-8", include_str!("static/style.css")),
    ("dark.css", "text/css; charset=utf-8", include_str!("static/dark.css")),
    ("app.js", "text/javascript; charset=utf-8", include_str!("static/app.js")),
    ("handout.css", "text/css; charset=utf-8", crate::report::periodic::STYLE),
];

/// A file.
pub(super) async fn file(Path(name): Path<String>) -> Answer {
    let (_, kind, text) = FILES.iter().find(|(known, ..)| *known == name).ok_or(Failure::NotFound)?;
    let headers = [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=86400")];
    let response: Response = (headers, *text).into_response();
    Ok(response)
}
