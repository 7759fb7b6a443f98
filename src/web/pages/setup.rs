//! The first account. Whoever makes it must know the code that the program has written to its log and beside its data:
//! otherwise whoever comes first would own the monitor.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};

use crate::digest::is_same;
use crate::people::{Password, Role, hash_password};
use crate::store::NewAccount;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    wrong: Option<String>,
    login: String,
    name: String,
}

/// The form, as long as there is no account.
pub(in crate::web) async fn show(State(app): State<App>) -> Answer {
    if has_accounts(&app).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    page(&SetupPage { wrong: None, login: "admin".to_owned(), name: String::new() })
}

/// Makes the account.
pub(in crate::web) async fn make(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    if has_accounts(&app).await? {
        return Err(Failure::NotFound);
    }
    match account(&app, &fields) {
        Err(wrong) => {
            let (login, name) = (fields.get("login").to_owned(), fields.get("name").to_owned());
            page(&SetupPage { wrong: Some(wrong), login, name })
        }
        Ok((account, password)) => {
            let note = visitor.action(app.now(), "account.add", &account.login, "首个账号");
            app.ask(move |store| {
                let password = hash_password(&password);
                store.add_account(&NewAccount { password, ..account }, &note)
            })
            .await?;
            Ok(Redirect::to("/login").into_response())
        }
    }
}

fn account(app: &App, fields: &Fields) -> Result<(NewAccount, Password), String> {
    if !is_same(fields.get("code"), app.setup_code.expose()) {
        return Err("初始化口令不正确：见程序日志，或数据目录下的 setup-code 文件".to_owned());
    }
    let login = login(fields.get("login"))?;
    if fields.raw("password") != fields.raw("again") {
        return Err("两次输入的密码不一致".to_owned());
    }
    let password = Password::new(fields.raw("password"), &login).map_err(|weak| weak.to_string())?;
    let name = match fields.get("name") {
        "" => login.clone(),
        name => name.to_owned(),
    };
    let (role, sites) = (Role::Admin, Vec::new());
    Ok((
        NewAccount { login, name, role, sites, password: String::new(), totp: None, must_change: false },
        password,
    ))
}

/// Reads the login of a new account.
pub(in crate::web) fn login(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if (2..=32).contains(&text.len()) && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("用户名为 2 至 32 个小写字母、数字、点、下划线或短横".to_owned())
    }
}

async fn has_accounts(app: &App) -> Result<bool, Failure> {
    Ok(!app.ask(|store| store.accounts()).await?.is_empty())
}
