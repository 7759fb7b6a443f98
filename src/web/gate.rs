//! The gate before every route: who asks, whether he may, whether the form is one of ours; and the headers that keep
//! browsers from doing what no page of ours wants.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::answer::Failure;
use super::app::App;
use super::form;
use super::routes::Need;
use super::visitor::{Visitor, Who, address};
use crate::people::Token;
use crate::store::StoreError;

/// The cookie of a session.
pub(super) const COOKIE: &str = "sitewarden_session";

/// Nothing from elsewhere, no inline script or style, no frame around us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Lets through who may use a route.
pub(super) async fn gate(State((app, need)): State<(App, Need)>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let (mut parts, body) = request.into_parts();
    let who = match who(&app, &parts.headers).await {
        Ok(who) => who,
        Err(error) => return Failure::from(error).into_response(),
    };
    let visitor = Visitor { who, address: address(&parts) };
    match need {
        Need::Nothing => {}
        Need::Permission(permission) => match &visitor.who {
            Who::Nobody if is_api => return Failure::Unknown.json(),
            Who::Nobody => return to_login(&parts.uri.to_string()),
            // A password that somebody else chose opens nothing but the page to change it.
            Who::Person(account, _) if account.must_change && !parts.uri.path().starts_with("/account") => {
                return Redirect::to("/account/password").into_response();
            }
            _ if !visitor.may(permission) => return Failure::Forbidden.into_response(),
            _ => {}
        },
    }
    let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !form::comes_from_here(&parts) {
        return Failure::Forged.into_response();
    }
    // What anybody may send needs no token: it carries what it takes (a password, a signature) itself.
    let body = match &visitor.who {
        Who::Person(_, session) if changes && need != Need::Nothing => {
            match form::checked(&parts, body, &session.form).await {
                Ok(body) => body,
                Err(failure) => return failure.into_response(),
            }
        }
        _ => body,
    };
    parts.extensions.insert(visitor);
    next.run(Request::from_parts(parts, body)).await
}

/// Who asks, by cookie or by token. A token that is sent and not good is nobody's.
async fn who(app: &App, headers: &HeaderMap) -> Result<Who, StoreError> {
    let now = app.now();
    if let Some(sent) = bearer(headers) {
        let hash = Token::sent(sent).hash();
        let token = app.ask(move |store| store.token(&hash, now)).await?;
        return Ok(token.map_or(Who::Nobody, Who::Program));
    }
    let Some(sent) = cookie(headers) else { return Ok(Who::Nobody) };
    let hash = Token::sent(sent).hash();
    let found = app.ask(move |store| store.session(&hash, now)).await?;
    Ok(found.map_or(Who::Nobody, |(session, account)| Who::Person(Box::new(account), session)))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The value of our cookie.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

fn to_login(wanted: &str) -> Response {
    let wanted: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/login?next={wanted}")).into_response()
}

/// What is no page of ours.
pub(super) async fn nothing_here() -> Response {
    Failure::NotFound.into_response()
}

/// Adds the headers that every answer has.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let is_static = request.uri().path().starts_with("/static/");
    let mut response: Response<Body> = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if !is_static {
        set(header::CACHE_CONTROL, "no-store");
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return Failure::WrongMethod.into_response();
    }
    response
}
