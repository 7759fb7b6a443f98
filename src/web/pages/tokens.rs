//! Tokens of programs: made here, shown once, made useless again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::{SignedDuration, Timestamp};

use super::findings::filter::Choice;
use super::people::{SecretPage, SiteChoice, role, roles, scope, site_choices, sites};
use crate::people::{Role, Token};
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::store::{ApiToken, NewToken};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Days that a token lasts at most: one that nobody looks after ends by itself.
const DAYS: i64 = 730;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<TokenRow>,
    roles: Vec<Choice>,
    sites: Vec<SiteChoice>,
    days: i64,
}

struct TokenRow {
    id: i64,
    name: String,
    role: &'static str,
    sites: String,
    made: String,
    until: String,
    used: String,
    state: &'static str,
    class: &'static str,
    is_good: bool,
}

impl TokenRow {
    fn new(token: &ApiToken, now: Timestamp) -> TokenRow {
        let (state, class) = match (token.revoked, token.until <= now) {
            (Some(_), _) => ("已撤销", "plain"),
            (None, true) => ("已过期", "plain"),
            (None, false) => ("有效", "good"),
        };
        TokenRow {
            id: token.id,
            name: shown(&token.name),
            role: token.role.chinese(),
            sites: scope(&token.sites),
            made: format!("{} {}", figures::minute(token.created), shown(&token.made_by)),
            until: figures::minute(token.until),
            used: token.last_used.map_or_else(|| "从未".to_owned(), figures::minute),
            state,
            class,
            is_good: token.revoked.is_none() && token.until > now,
        }
    }
}

/// Every token.
pub(in crate::web) async fn list(State(app): State<App>, visitor: Visitor) -> Answer {
    let tokens = app.ask(|store| store.tokens()).await?;
    page(&TokensPage {
        shell: Shell::new(&visitor, "tokens", "令牌"),
        tokens: tokens.iter().map(|token| TokenRow::new(token, app.now())).collect(),
        roles: roles(Role::Auditor),
        sites: site_choices(&app, &[]),
        days: DAYS,
    })
}

/// Makes a token, and shows it once.
pub(in crate::web) async fn make(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let name: String = fields.required("name", "用途")?.chars().take(60).collect();
    let (role, sites) = (role(&fields)?, sites(&app, &fields)?);
    let days: i64 = fields.get("days").parse().unwrap_or_default();
    if !(1..=DAYS).contains(&days) {
        return Err(Failure::Wrong(format!("有效期为 1 至 {DAYS} 天")));
    }
    let (now, token) = (app.now(), Token::random());
    let until = now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
    let note =
        visitor.action(now, "token.make", &name, format!("{}，站点：{}", role.chinese(), scope(&sites)));
    let new = NewToken { hash: token.hash(), name, role, sites, until };
    app.ask(move |store| store.add_token(&new, &note)).await?;
    page(&SecretPage {
        shell: Shell::new(&visitor, "tokens", "新令牌"),
        told: "令牌只显示这一次，请立即保存。".to_owned(),
        secret: token.expose().to_owned(),
        back: "/tokens",
    })
}

/// Makes a token useless.
pub(in crate::web) async fn revoke(State(app): State<App>, visitor: Visitor, Path(id): Path<i64>) -> Answer {
    let now = app.now();
    let is_known = app
        .ask(move |store| {
            let Some(token) = store.tokens()?.into_iter().find(|token| token.id == id) else {
                return Ok(false);
            };
            store.revoke_token(id, &visitor.action(now, "token.revoke", token.name, ""))?;
            Ok(true)
        })
        .await?;
    if is_known { Ok(Redirect::to("/tokens").into_response()) } else { Err(Failure::NotFound) }
}
