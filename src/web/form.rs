//! What a form sends: read once at the gate, where its token is compared, and handed on as it came.

use std::collections::HashMap;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::http::request::Parts;

use super::answer::Failure;

use crate::digest::is_same;

/// Bytes that a request may bring: an upload to be checked, with room for its form.
pub(super) const BODY_BYTES: usize = 32 << 20;

/// The field of every form that says that a page of ours has made it.
const FIELD: &str = "form_token";
/// The same for scripts, as a header.
const HEADER: &str = "x-form-token";

/// The body of a request that changes something, if it carries the token of its session: as a header, or as a field
/// of its form.
pub(super) async fn checked(parts: &Parts, body: Body, token: &str) -> Result<Body, Failure> {
    let bytes = to_bytes(body, BODY_BYTES).await.map_err(|_| Failure::TooLarge)?;
    let by_header = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
    let is_ours = match by_header {
        Some(sent) => is_same(sent, token),
        None if content_type(parts).starts_with("multipart/form-data") => {
            // The token is the first field of our forms, so a short look is enough.
            let head = &bytes[..bytes.len().min(4096)];
            let marker = format!("name=\"{FIELD}\"\r\n\r\n{token}\r\n");
            !token.is_empty() && memchr::memmem::find(head, marker.as_bytes()).is_some()
        }
        None => fields(&bytes).iter().any(|(name, value)| name == FIELD && is_same(value, token)),
    };
    if is_ours { Ok(Body::from(bytes)) } else { Err(Failure::Forged) }
}

/// Whether a browser that says where a request comes from says that it comes from here. `public` is our address as
/// browsers have it, where a proxy stands before us.
pub(super) fn comes_from_here(parts: &Parts, public: Option<&str>) -> bool {
    let text = |name| parts.headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), _) if public.is_some_and(|public| public == origin) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        _ => true,
    }
}

fn content_type(parts: &Parts) -> &str {
    parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn fields(bytes: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The fields of a form. One that is sent twice keeps all its values.
#[derive(Debug, Default)]
pub(super) struct Fields(HashMap<String, Vec<String>>);

impl Fields {
    /// The fields of a form as it was sent, or of a query.
    pub(super) fn of(bytes: &[u8]) -> Fields {
        let mut sent: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in fields(bytes) {
            sent.entry(name).or_default().push(value);
        }
        Fields(sent)
    }

    /// The value of a field, trimmed; empty where it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).first().map_or("", |value| value.trim())
    }

    /// The value of a field as it was sent: of a password every space counts.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of a field that must be there.
    pub(super) fn required(&self, name: &str, what: &str) -> Result<&str, Failure> {
        match self.get(name) {
            "" => Err(Failure::Wrong(format!("请填写{what}"))),
            value => Ok(value),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Failure> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Failure::TooLarge)?;
        Ok(Fields::of(&bytes))
    }
}
