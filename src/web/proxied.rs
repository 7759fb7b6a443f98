//! People whom a proxy has logged in: it says who they are, in a header that is believed from nobody else.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;

use super::app::App;
use super::visitor::Who;
use crate::people::{Account, Token};
use crate::store::{Session, StoreError};

/// The login that a trusted proxy vouches for.
pub(super) fn login(app: &App, parts: &Parts) -> Option<String> {
    let settings = app.current().settings;
    let proxy = settings.web.proxy.as_ref()?;
    let ConnectInfo(from) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let mut sent = parts.headers.get_all(&proxy.header).iter();
    // Two of them: one is somebody else's, and nobody knows which.
    let (Some(value), None) = (sent.next(), sent.next()) else { return None };
    let login = value.to_str().ok()?.trim();
    (proxy.trusts(from.ip()) && !login.is_empty()).then(|| login.to_owned())
}

/// Who has this login. Whoever has no account here, or a closed one, is nobody.
pub(super) async fn who(app: &App, login: String) -> Result<Who, StoreError> {
    let found = app.ask(move |store| store.account(&login)).await?;
    let Some(account) = found.filter(|account| !account.is_closed) else { return Ok(Who::Nobody) };
    let now = app.now();
    let session = Session {
        // None on record: there is nothing to end here.
        hash: String::new(),
        account: account.id,
        form: Token::sent(&format!("{}:{}", app.form_key.expose(), account.login)).hash(),
        begun: now,
        last_used: now,
        until: now,
    };
    // A password that nobody types need not be changed.
    Ok(Who::Person(Box::new(Account { must_change: false, ..account }), session))
}
