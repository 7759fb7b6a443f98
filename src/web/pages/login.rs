//! Logging in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::people::{Account, Token, is_code, is_password, stand_in};
use crate::store::{Session, StoreError};
use crate::web::answer::{Answer, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::gate::COOKIE;
use crate::web::visitor::Visitor;

/// How long a session lasts: a shift and the hand-over.
const SESSION: SignedDuration = SignedDuration::from_hours(12);

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    wrong: Option<&'static str>,
    login: String,
    next: String,
    asks_code: bool,
}

#[derive(Deserialize)]
pub(in crate::web) struct Wanted {
    #[serde(default)]
    next: String,
}

/// The form; where there is no account yet, the way to make the first one.
pub(in crate::web) async fn show(State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    if app.ask(|store| store.accounts()).await?.is_empty() {
        return Ok(Redirect::to("/setup").into_response());
    }
    page(&LoginPage { wrong: None, login: String::new(), next: here(&wanted.next), asks_code: false })
}

/// How a login went.
enum Entry {
    In(Box<Account>, Token),
    Wrong,
    Locked,
    Code,
}

/// Checks login, password and code, and begins a session. A new one each time: what a stranger may have put into the
/// browser before is worth nothing.
pub(in crate::web) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let (login, next) = (fields.get("login").to_owned(), here(fields.get("next")));
    let (password, code) = (fields.raw("password").to_owned(), fields.get("code").to_owned());
    let now = app.now();
    let entry = {
        let login = login.clone();
        app.ask(move |store| try_entry(store, &visitor, &login, &password, &code, now)).await?
    };
    let (wrong, asks_code) = match entry {
        Entry::In(account, token) => {
            let next = if account.must_change { "/account/password".to_owned() } else { next };
            let mut response = Redirect::to(&next).into_response();
            set_cookie(&mut response, token.expose(), is_secure(&app, &headers), SESSION.as_secs());
            return Ok(response);
        }
        Entry::Wrong => ("用户名、密码或验证码不正确", false),
        Entry::Locked => ("多次登录失败，账号已暂时锁定，请 15 分钟后再试", false),
        Entry::Code => ("请输入身份验证器上的六位验证码", true),
    };
    let shown = page(&LoginPage { wrong: Some(wrong), login, next, asks_code })?;
    Ok((axum::http::StatusCode::UNAUTHORIZED, shown).into_response())
}

fn try_entry(
    store: &dyn crate::store::Store,
    visitor: &Visitor,
    login: &str,
    password: &str,
    code: &str,
    now: Timestamp,
) -> Result<Entry, StoreError> {
    let note = |what: &str, detail: &str| crate::store::Action {
        actor: login.chars().take(32).collect(),
        ..visitor.action(now, what, "", detail)
    };
    let found = store.account(login)?.filter(|account| !account.is_closed);
    // Takes the same time whether there is such an account or not.
    let is_right = is_password(password, found.as_ref().map_or(stand_in(), |account| &account.password));
    let Some(account) = found else {
        store.note(&note("login.refused", "没有这个账号"))?;
        return Ok(Entry::Wrong);
    };
    if account.is_locked(now) {
        store.note(&note("login.refused", "账号锁定中"))?;
        return Ok(Entry::Locked);
    }
    let step = match &account.totp {
        Some(_) if is_right && code.is_empty() => return Ok(Entry::Code),
        Some(secret) => is_code(secret, code, account.totp_step, now),
        None => None,
    };
    if !is_right || (account.totp.is_some() && step.is_none()) {
        let (failures, locked_until) = account.after_failure(now);
        let note = note("login.refused", "密码或验证码不正确");
        store.note_login(account.id, failures, locked_until, None, Some(&note))?;
        return Ok(if locked_until.is_some() { Entry::Locked } else { Entry::Wrong });
    }
    store.note_login(account.id, 0, None, step, None)?;
    let (token, form) = (Token::random(), Token::random());
    let session = Session {
        hash: token.hash(),
        account: account.id,
        form: form.expose().to_owned(),
        begun: now,
        last_used: now,
        until: now.saturating_add(SESSION).unwrap_or(Timestamp::MAX),
    };
    store.begin_session(&session, &note("login", ""))?;
    Ok(Entry::In(Box::new(account), token))
}

/// Ends the session.
pub(in crate::web) async fn leave(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Answer {
    if let Some(session) = visitor.session() {
        let (hash, note) = (session.hash.clone(), visitor.action(app.now(), "logout", "", ""));
        app.ask(move |store| store.end_session(&hash, &note)).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    set_cookie(&mut response, "", is_secure(&app, &headers), 0);
    Ok(response)
}

/// A path of ours to go to; anything else could lead a visitor to a stranger.
pub(in crate::web) fn here(next: &str) -> String {
    let is_path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if is_path { next.to_owned() } else { "/".to_owned() }
}

/// Whether the browser speaks TLS, to us or to a proxy before us.
fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    let settings = app.current().settings;
    let is_public = settings.web.public_url.as_deref().is_some_and(|url| url.starts_with("https:"));
    is_public || headers.get("x-forwarded-proto").is_some_and(|value| value == "https")
}

fn set_cookie(response: &mut Response, value: &str, is_secure: bool, seconds: i64) {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let cookie = HeaderValue::from_str(&cookie).expect("tokens are letters, digits, - and _");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let check = |next: &str, expected: &str| assert_eq!(here(next), expected, "{next}");
        check("/sites/sthjt?x=1", "/sites/sthjt?x=1");
        for next in ["", "https://a.test/", "//a.test/", "/\\a.test", "javascript:alert(1)", "/a\r\nb"] {
            check(next, "/");
        }
    }
}
