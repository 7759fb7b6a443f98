//! The gate before every route: who asks, whether he may, whether the form is one of ours; and the headers that keep
//! browsers from doing what no page of ours wants.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::answer::Failure;
use super::app::App;
use super::form;
use super::proxied;
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
    let is_api = is_api(request.uri());
    let (mut parts, body) = request.into_parts();
    let who = match who(&app, &parts).await {
        Ok(who) => who,
        Err(error) => return refuse(error.into(), is_api),
    };
    let visitor = Visitor { who, address: address(&parts) };
    match need {
        Need::Nothing => {}
        Need::Permission(permission) => match &visitor.who {
            Who::Nobody if is_api => return refuse(Failure::Unknown, is_api),
            Who::Nobody => return to_login(&parts.uri.to_string()),
            // A password that somebody else chose opens nothing but the page to change it.
            Who::Person(account, _) if account.must_change && is_api => {
                return refuse(Failure::Forbidden, is_api);
            }
            Who::Person(account, _) if account.must_change && !parts.uri.path().starts_with("/account") => {
                return Redirect::to("/account/password").into_response();
            }
            _ if !visitor.may(permission) => return refuse(Failure::Forbidden, is_api),
            _ => {}
        },
    }
    let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes {
        let settings = app.current().settings;
        if !form::comes_from_here(&parts, settings.web.public_url.as_deref()) {
            return refuse(Failure::Forged, is_api);
        }
    }
    // What anybody may send needs no token: it carries what it takes (a password, a signature) itself.
    let body = match &visitor.who {
        Who::Person(_, session) if changes && need != Need::Nothing => {
            match form::checked(&parts, body, &session.form).await {
                Ok(body) => body,
                Err(failure) => return refuse(failure, is_api),
            }
        }
        _ => body,
    };
    parts.extensions.insert(visitor);
    next.run(Request::from_parts(parts, body)).await
}

/// Whether a program asks, rather than a browser for a page.
fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// A refusal, as a page or as JSON.
fn refuse(failure: Failure, is_api: bool) -> Response {
    if is_api { failure.json() } else { failure.into_response() }
}

/// Who asks, by the word of a trusted proxy, by token or by cookie. A token that is sent and not good is nobody's.
async fn who(app: &App, parts: &Parts) -> Result<Who, StoreError> {
    let (now, headers) = (app.now(), &parts.headers);
    if let Some(login) = proxied::login(app, parts) {
        return proxied::who(app, login).await;
    }
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
pub(super) async fn nothing_here(uri: Uri) -> Response {
    refuse(Failure::NotFound, is_api(&uri))
}

/// Adds the headers that every answer has.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let is_static = request.uri().path().starts_with("/static/");
    let is_api = is_api(request.uri());
    let mut response: Response<Body> = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = response.headers_mut().remove(header::ALLOW);
        response = refuse(Failure::WrongMethod, is_api);
        response.headers_mut().extend(allowed.map(|methods| (header::ALLOW, methods)));
    }
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
    response
}
