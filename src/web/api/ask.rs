//! What is asked, and how it is refused: always as JSON.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::report::escape;
use crate::store::StoreError;
use crate::web::answer::Failure;

/// What a handler of the interface gives.
pub(super) type Told = Result<Response, Refused>;

/// A failure, told to a program.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Failure);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused(failure)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        Refused(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.0.json()
    }
}

const JSON: (HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

/// A value as JSON. Characters that fool a terminal are escaped.
pub(super) fn told(status: StatusCode, value: &impl Serialize) -> Told {
    match serde_json::to_string(value) {
        Ok(json) => Ok((status, [JSON], escape::json(&json).into_owned()).into_response()),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            Err(Refused(Failure::Broken))
        }
    }
}

/// JSON that another module has written already.
pub(super) fn told_as_is(json: String) -> Told {
    Ok(([JSON], json).into_response())
}

/// Parts of the path.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Refused> {
        // What is no number where one belongs names nothing.
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(path)| Named(path)).map_err(|_| Refused(Failure::NotFound))
    }
}

/// What stands behind the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Refused> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(query)| Asked(query)).map_err(|error| wrong("查询参数", &error.body_text()))
    }
}

/// A JSON body.
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Sent<T>, Refused> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Sent(body)),
            Err(JsonRejection::BytesRejection(_)) => Err(Refused(Failure::TooLarge)),
            Err(error) => Err(wrong("请求内容", &error.body_text())),
        }
    }
}

/// What does not read as it should, with the parser's words so far as they are short.
fn wrong(what: &str, why: &str) -> Refused {
    let why: String = why.chars().take(200).collect();
    Refused(Failure::Wrong(format!("{what}无法解析：{why}")))
}
