//! One's own account: password and second factor.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};

use crate::people::{Account, Password, TotpSecret, hash_password, is_code, is_password};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    account: Account,
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    shell: Shell,
    wrong: Option<String>,
    must_change: bool,
}

#[derive(Template)]
#[template(path = "totp.html")]
struct TotpPage {
    shell: Shell,
    wrong: Option<&'static str>,
    has_factor: bool,
    secret: String,
    uri: String,
}

fn own(visitor: &Visitor) -> Result<Account, Failure> {
    visitor.account().cloned().ok_or(Failure::Forbidden)
}

/// Who one is.
pub(in crate::web) async fn show(visitor: Visitor) -> Answer {
    page(&AccountPage { shell: Shell::new(&visitor, "account", "我的账号"), account: own(&visitor)? })
}

/// The form for a new password.
pub(in crate::web) async fn password(visitor: Visitor) -> Answer {
    let must_change = own(&visitor)?.must_change;
    page(&PasswordPage { shell: Shell::new(&visitor, "account", "修改密码"), wrong: None, must_change })
}

/// Changes the password; every session of the account ends.
pub(in crate::web) async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    fields: Fields,
) -> Answer {
    let account = own(&visitor)?;
    let (old, new, again) = (fields.raw("old").to_owned(), fields.raw("new").to_owned(), fields.raw("again"));
    let accepted = match Password::new(&new, &account.login) {
        _ if new != again => Err("两次输入的密码不一致".to_owned()),
        _ if new == old => Err("新密码与原密码相同".to_owned()),
        Ok(password) => Ok(password),
        Err(weak) => Err(weak.to_string()),
    };
    let must_change = account.must_change;
    let changed = match accepted {
        Err(wrong) => Err(wrong),
        Ok(password) => {
            let note = visitor.action(app.now(), "account.password", &account.login, "");
            app.ask(move |store| {
                if !is_password(&old, &account.password) {
                    return Ok(Err("原密码不正确".to_owned()));
                }
                let password = hash_password(&password);
                store.change_account(&Account { password, must_change: false, ..account }, &note)?;
                Ok(Ok(()))
            })
            .await?
        }
    };
    match changed {
        Ok(()) => Ok(Redirect::to("/login").into_response()),
        Err(wrong) => {
            let shell = Shell::new(&visitor, "account", "修改密码");
            page(&PasswordPage { shell, wrong: Some(wrong), must_change })
        }
    }
}

/// The form for a second factor, with a new secret.
pub(in crate::web) async fn totp(visitor: Visitor) -> Answer {
    totp_page(&visitor, &own(&visitor)?, TotpSecret::random(), None)
}

fn totp_page(
    visitor: &Visitor,
    account: &Account,
    secret: TotpSecret,
    wrong: Option<&'static str>,
) -> Answer {
    page(&TotpPage {
        shell: Shell::new(visitor, "account", "两步验证"),
        wrong,
        has_factor: account.totp.is_some(),
        uri: secret.uri(&account.login),
        secret: secret.base32(),
    })
}

/// Sets the second factor up once a code shows that the app knows it, or takes it away with a code of it.
pub(in crate::web) async fn change_totp(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let account = own(&visitor)?;
    let (code, now) = (fields.get("code"), app.now());
    let (totp, what) = match &account.totp {
        Some(secret) if is_code(secret, code, account.totp_step, now).is_some() => {
            (None, "account.totp.remove")
        }
        Some(_) => return totp_page(&visitor, &account, TotpSecret::random(), Some("验证码不正确")),
        None => match TotpSecret::of_base32(fields.get("secret")) {
            Some(secret) if is_code(&secret, code, None, now).is_some() => (Some(secret), "account.totp.add"),
            Some(secret) => {
                return totp_page(&visitor, &account, secret, Some("验证码不正确，请核对时间后重试"));
            }
            None => return Err(Failure::Wrong("密钥不正确".to_owned())),
        },
    };
    let note = visitor.action(now, what, &account.login, "");
    app.ask(move |store| store.change_account(&Account { totp, totp_step: None, ..account }, &note)).await?;
    Ok(Redirect::to("/account").into_response())
}
