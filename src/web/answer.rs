//! What goes back: pages, and failures as pages or as JSON.

use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::diff::Refusal;
use crate::store::StoreError;

/// What a page handler gives.
pub(super) type Answer = Result<Response, Failure>;

/// A page, rendered.
pub(super) fn page(template: &impl Template) -> Answer {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Err(Failure::Broken)
        }
    }
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nobody is logged in.
    Unknown,
    /// Whoever is logged in may not.
    Forbidden,
    /// The form was not one of ours, or is too old.
    Forged,
    /// There is nothing of this name, or nothing for this visitor.
    NotFound,
    /// This is not done that way.
    WrongMethod,
    /// What was sent makes no sense; the text says why, in Chinese.
    Wrong(String),
    /// Too much was sent.
    TooLarge,
    /// Too many ask for the same at once.
    Busy,
    /// The record cannot be used.
    Store(StoreError),
    /// A fault of ours.
    Broken,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::NoSuchFinding { .. }
            | StoreError::NoSuchEntry { .. }
            | StoreError::NoSuchTicket { .. }
            | StoreError::NoSuchExclusion { .. }
            | StoreError::NoSuchHandIn { .. }
            | StoreError::NoSuchHost { .. }
            | StoreError::NotApproved { .. }
            | StoreError::NoSuchAccount { .. } => Failure::NotFound,
            StoreError::Refused(refusal) => Failure::Wrong(refused(refusal).to_owned()),
            StoreError::LoginTaken { login } => Failure::Wrong(format!("用户名 {login} 已被使用")),
            error => Failure::Store(error),
        }
    }
}

/// Why a decision is not taken, for a person.
fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Fixed => "问题已修复，无须处理",
        Refusal::EndsInThePast => "忽略的截止日期须晚于今天",
        Refusal::NoReason => "请填写忽略的理由",
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Failure::Unknown => StatusCode::UNAUTHORIZED,
            Failure::Forbidden | Failure::Forged => StatusCode::FORBIDDEN,
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Failure::Wrong(_) => StatusCode::BAD_REQUEST,
            Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Store(_) | Failure::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For a person, in Chinese.
    fn words(&self) -> String {
        match self {
            Failure::Unknown => "需要登录".to_owned(),
            Failure::Forbidden => "没有权限进行此操作".to_owned(),
            Failure::Forged => "页面已过期，请返回后刷新再试".to_owned(),
            Failure::NotFound => "没有这个页面，或无权查看".to_owned(),
            Failure::WrongMethod => "不支持这种请求方式".to_owned(),
            Failure::Wrong(why) => why.clone(),
            Failure::TooLarge => "提交的内容过大".to_owned(),
            Failure::Busy => "正在处理的请求较多，请稍后再试".to_owned(),
            Failure::Store(_) => "数据暂时无法读写，请稍后再试".to_owned(),
            Failure::Broken => "程序内部错误".to_owned(),
        }
    }

    fn log(&self) {
        if let Failure::Store(error) = self {
            tracing::error!(%error, "the record could not be used for a page");
        }
    }

    /// The same for a program.
    pub(super) fn json(self) -> Response {
        self.log();
        (self.status(), Json(json!({ "error": self.words() }))).into_response()
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    status: u16,
    words: String,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let template = FailurePage { status: self.status().as_u16(), words: self.words() };
        // A failure page that cannot be rendered is still a failure.
        let html = template.render().unwrap_or_default();
        (self.status(), Html(html)).into_response()
    }
}
