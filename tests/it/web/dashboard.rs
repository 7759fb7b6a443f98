//! A dashboard on loopback, and people who use it.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use sitewarden::config::{Settings, Site};
use sitewarden::crawl::Tally;
use sitewarden::people::{Password, Role, Token, hash_password};
use sitewarden::scan::Shared;
use sitewarden::store::{Action, NewAccount};
use sitewarden::web::{App, Current, Knobs};

/// What everybody's password is.
pub(super) const PASSWORD: &str = "河流-断面-Quality7";

/// A daemon that does nothing but remember what it was asked for.
#[derive(Default)]
struct Still(Mutex<Vec<String>>);

impl Still {
    fn note(&self, what: &str, site: &str) {
        self.0.lock().expect("nobody panics while holding it").push(format!("{what} {site}"));
    }
}

impl Knobs for Still {
    fn health(&self) -> Vec<String> {
        Vec::new()
    }

    fn metrics(&self) -> String {
        "sitewarden_up 1\n".to_owned()
    }

    fn scan(&self, site: &str) {
        self.note("scan", site);
    }

    fn read(&self, site: &str) {
        self.note("read", site);
    }

    fn reload(&self) {
        self.note("reload", "");
    }

    fn progress(&self, _: &str) -> Option<Tally> {
        None
    }
}

/// A dashboard, until it is dropped.
pub(super) struct Dashboard {
    pub(super) app: App,
    pub(super) base: String,
    daemon: Arc<Still>,
    _stop: tokio::sync::oneshot::Sender<()>,
    _data: tempfile::TempDir,
}

impl Dashboard {
    /// Serves the sites `sthjt` and `other`; nobody has an account yet.
    pub(super) async fn start() -> Dashboard {
        let data = tempfile::tempdir().expect("a scratch folder");
        let mut settings = Settings::in_folder(data.path());
        settings.sites = ["sthjt", "other"]
            .map(|id| {
                let home = format!("http://{id}.example.gov.cn/").parse_home();
                Site { id: id.to_owned(), name: Some(format!("示例站点 {id}")), ..Site::at(&home, &[]) }
            })
            .to_vec();
        let shared = Shared::open(&settings).expect("everything opens");
        let current = Current {
            settings: Arc::new(settings),
            rules: shared.rules.clone(),
            lexicons: shared.dictionaries.of_drafts(),
        };
        let daemon = Arc::new(Still::default());
        let app = App::new(shared.store, shared.evidence, current, daemon.clone(), Token::sent("first"));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let until = async move {
            let _ = stopped.await;
        };
        tokio::spawn(sitewarden::web::serve(listener, app.clone(), until));
        Dashboard { app, base, daemon, _stop: stop, _data: data }
    }

    /// What the daemon was asked for, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.daemon.0.lock().expect("nobody panics while holding it").clone()
    }

    /// Makes an account and logs in.
    pub(super) async fn person(&self, login: &str, role: Role, sites: &[&str]) -> Person {
        let account = account(login, role, sites);
        self.app.store.add_account(&account, &nobody("account.add")).expect("the login is new");
        self.stranger().entered(login).await
    }

    /// Somebody who is not logged in.
    pub(super) fn stranger(&self) -> Person {
        Person::at(&self.base)
    }
}

/// Somebody's account.
pub(super) fn account(login: &str, role: Role, sites: &[&str]) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        sites: sites.iter().map(|&site| site.to_owned()).collect(),
        password: hash_password(&Password::new(PASSWORD, "").expect("good enough")),
        totp: None,
        must_change: false,
    }
}

/// An action of nobody.
pub(super) fn nobody(what: &str) -> Action {
    Action {
        at: Timestamp::now(),
        actor: String::new(),
        address: String::new(),
        what: what.to_owned(),
        subject: String::new(),
        detail: String::new(),
    }
}

/// Somebody with a browser.
pub(super) struct Person {
    pub(super) client: Client,
    pub(super) base: String,
}

impl Person {
    /// Somebody at the dashboard with this address, not logged in.
    pub(super) fn at(base: &str) -> Person {
        // An error means that one is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy().build();
        Person { client: client.expect("a client needs nothing special"), base: base.to_owned() }
    }

    /// The same, logged in.
    pub(super) async fn entered(self, login: &str) -> Person {
        let entered = self.post("/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(entered.status(), StatusCode::SEE_OTHER);
        self
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).send().await.expect("it answers")
    }

    /// The text of a page that is there.
    pub(super) async fn read(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a whole page")
    }

    /// Sends a form as it is, without the token of the session.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(format!("{}{path}", self.base)).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await.expect("it answers")
    }

    /// Sends a form as a page of the session does.
    pub(super) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.form_token().await;
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    pub(super) async fn form_token(&self) -> String {
        let page = self.read("/account").await;
        let (_, rest) =
            page.split_once("name=\"form_token\" value=\"").expect("every page has a form to leave");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

trait ParseHome {
    fn parse_home(&self) -> sitewarden::address::Address;
}

impl ParseHome for String {
    fn parse_home(&self) -> sitewarden::address::Address {
        sitewarden::address::Address::parse(self).expect("a good address")
    }
}
