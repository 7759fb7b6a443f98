//! Accounts: who there is, and what each may do and see.

use std::iter;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};

use super::findings::filter::{Choice, choices};
use super::setup::login as read_login;
use crate::config::Site;
use crate::people::{Account, Password, Role, Token, hash_password};
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::store::{NewAccount, Store, StoreError};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Characters of a first password: nobody guesses it, and it can be typed from a note.
const FIRST_CHARS: usize = 20;

/// Characters of a person's name.
const NAME_CHARS: usize = 40;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    people: Vec<PersonRow>,
    roles: Vec<Choice>,
    sites: Vec<SiteChoice>,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    person: PersonRow,
    roles: Vec<Choice>,
    sites: Vec<SiteChoice>,
}

/// Something that is shown once and never again.
#[derive(Template)]
#[template(path = "secret.html")]
pub(super) struct SecretPage {
    pub(super) shell: Shell,
    pub(super) told: String,
    pub(super) secret: String,
    pub(super) back: &'static str,
}

struct PersonRow {
    login: String,
    name: String,
    role: &'static str,
    sites: String,
    state: &'static str,
    class: &'static str,
    has_factor: bool,
    is_closed: bool,
    is_locked: bool,
    created: String,
}

/// A site to choose.
pub(super) struct SiteChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

impl PersonRow {
    fn new(account: &Account, now: jiff::Timestamp) -> PersonRow {
        let is_locked = account.is_locked(now);
        let (state, class) = match (account.is_closed, is_locked, account.must_change) {
            (true, ..) => ("已停用", "plain"),
            (_, true, _) => ("已锁定", "bad"),
            (_, _, true) => ("待改密码", "warn"),
            _ => ("正常", "good"),
        };
        PersonRow {
            login: account.login.clone(),
            name: shown(&account.name),
            role: account.role.chinese(),
            sites: scope(&account.sites),
            state,
            class,
            has_factor: account.totp.is_some(),
            is_closed: account.is_closed,
            is_locked,
            created: figures::minute(account.created),
        }
    }
}

/// The sites that somebody sees, in words.
pub(super) fn scope(sites: &[String]) -> String {
    if sites.is_empty() { "全部".to_owned() } else { sites.join("、") }
}

/// The roles to choose from.
pub(super) fn roles(chosen: Role) -> Vec<Choice> {
    choices(chosen.word(), Role::ALL.map(|role| (role.word(), role.chinese())))
}

/// The sites to choose from.
pub(super) fn site_choices(app: &App, chosen: &[String]) -> Vec<SiteChoice> {
    let choice = |site: &Site| SiteChoice {
        id: site.id.clone(),
        name: site.title().to_owned(),
        chosen: chosen.contains(&site.id),
    };
    app.current().settings.sites.iter().map(choice).collect()
}

/// The role that a form names.
pub(super) fn role(fields: &Fields) -> Result<Role, Failure> {
    Role::of_word(fields.get("role")).ok_or_else(|| Failure::Wrong("请选择角色".to_owned()))
}

/// The sites that a form names; none where all are meant.
pub(super) fn sites(app: &App, fields: &Fields) -> Result<Vec<String>, Failure> {
    let named = fields.all("site").to_vec();
    let settings = app.current().settings;
    match named.iter().find(|id| settings.sites.iter().all(|site| site.id != **id)) {
        Some(unknown) => Err(Failure::Wrong(format!("没有站点 {unknown}"))),
        None => Ok(named),
    }
}

fn name(fields: &Fields) -> Result<String, Failure> {
    let name = fields.required("name", "姓名")?;
    if name.chars().count() > NAME_CHARS {
        return Err(Failure::Wrong(format!("姓名不能超过 {NAME_CHARS} 字")));
    }
    Ok(name.to_owned())
}

/// A password that nobody has chosen, for an account to begin with; and its text, to be shown once.
fn first_password(login: &str) -> (String, Password) {
    let tried = iter::repeat_with(|| {
        let text: String = Token::random().expose().chars().take(FIRST_CHARS).collect();
        let password = Password::new(&text, login).ok()?;
        Some((text, password))
    });
    tried.flatten().next().expect("nearly every random text is a good password")
}

/// Everybody.
pub(in crate::web) async fn list(State(app): State<App>, visitor: Visitor) -> Answer {
    let accounts = app.ask(|store| store.accounts()).await?;
    page(&PeoplePage {
        shell: Shell::new(&visitor, "people", "人员"),
        people: accounts.iter().map(|account| PersonRow::new(account, app.now())).collect(),
        roles: roles(Role::Operator),
        sites: site_choices(&app, &[]),
    })
}

/// Makes an account, and shows its first password once.
pub(in crate::web) async fn add(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let login = read_login(fields.get("login")).map_err(Failure::Wrong)?;
    let (name, role, sites) = (name(&fields)?, role(&fields)?, sites(&app, &fields)?);
    let detail = format!("{}，站点：{}", role.chinese(), scope(&sites));
    let note = visitor.action(app.now(), "account.add", &login, detail);
    let (secret, password) = first_password(&login);
    let known = login.clone();
    app.ask(move |store| {
        let password = hash_password(&password);
        let account = NewAccount { login, name, role, sites, password, totp: None, must_change: true };
        store.add_account(&account, &note)
    })
    .await?;
    told(&visitor, &known, secret)
}

fn told(visitor: &Visitor, login: &str, secret: String) -> Answer {
    page(&SecretPage {
        shell: Shell::new(visitor, "people", "初始密码"),
        told: format!("账号 {login} 的初始密码，只显示这一次；首次登录须修改。"),
        secret,
        back: "/people",
    })
}

/// An account.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(login): Path<String>,
) -> Answer {
    let account = account(&app, login).await?;
    page(&PersonPage {
        shell: Shell::new(&visitor, "people", format!("人员：{}", shown(&account.name))),
        person: PersonRow::new(&account, app.now()),
        roles: roles(account.role),
        sites: site_choices(&app, &account.sites),
    })
}

async fn account(app: &App, login: String) -> Result<Account, Failure> {
    app.ask(move |store| store.account(&login)).await?.ok_or(Failure::NotFound)
}

/// Changes an account: its name, role and sites, or by the button that was pressed its lock, password, second factor,
/// or whether it is closed.
pub(in crate::web) async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(login): Path<String>,
    fields: Fields,
) -> Answer {
    let account = account(&app, login.clone()).await?;
    let (mut changed, mut secret, mut password) = (account, None, None);
    let (what, detail) = match fields.get("deed") {
        "edit" => {
            (changed.name, changed.role, changed.sites) =
                (name(&fields)?, role(&fields)?, sites(&app, &fields)?);
            ("account.change", format!("{}，站点：{}", changed.role.chinese(), scope(&changed.sites)))
        }
        "close" => {
            changed.is_closed = true;
            ("account.close", String::new())
        }
        "reopen" => {
            changed.is_closed = false;
            ("account.reopen", String::new())
        }
        "unlock" => {
            (changed.failures, changed.locked_until) = (0, None);
            ("account.unlock", String::new())
        }
        "factor" => {
            (changed.totp, changed.totp_step) = (None, None);
            ("account.totp.remove", String::new())
        }
        "password" => {
            (secret, password) = Some(first_password(&login)).unzip();
            changed.must_change = true;
            ("account.password.reset", String::new())
        }
        _ => return Err(Failure::Wrong("请选择操作".to_owned())),
    };
    let note = visitor.action(app.now(), what, &login, detail);
    let is_done = app
        .ask(move |store| {
            if let Some(password) = password {
                changed.password = hash_password(&password);
            }
            if !leaves_an_admin(store, &changed)? {
                return Ok(false);
            }
            store.change_account(&changed, &note)?;
            Ok(true)
        })
        .await?;
    match (is_done, secret) {
        (false, _) => Err(Failure::Wrong("至少须保留一个可用的系统管理员账号".to_owned())),
        (true, Some(secret)) => told(&visitor, &login, secret),
        (true, None) => Ok(Redirect::to("/people").into_response()),
    }
}

/// Whether somebody can still keep accounts once this one is changed.
fn leaves_an_admin(store: &dyn Store, changed: &Account) -> Result<bool, StoreError> {
    let is_admin = |account: &Account| account.role == Role::Admin && !account.is_closed;
    let others = store.accounts()?;
    let others = others.iter().filter(|account| account.id != changed.id);
    Ok(is_admin(changed) || others.into_iter().any(is_admin))
}
