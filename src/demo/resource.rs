//! What the demo server answers with.

use std::{borrow::Cow, time::Duration};

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
    /// How long the server thinks before it answers.
    pub(super) delay: Duration,
    pub(super) body: Cow<'static, [u8]>,
}

impl Resource {
    /// A page in UTF-8.
    pub(super) fn page(html: String) -> Self {
        Resource::file("text/html; charset=utf-8", html.into_bytes())
    }

    /// Any other body.
    pub(super) fn file(content_type: &'static str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Resource { status: 200, content_type, location: None, delay: Duration::ZERO, body: body.into() }
    }

    /// A redirect.
    pub(super) fn redirect(status: u16, location: &str) -> Self {
        Resource { status, location: Some(location.to_owned()), ..Resource::page(String::new()) }
    }

    /// The same with another status.
    pub(super) fn with_status(self, status: u16) -> Self {
        Resource { status, ..self }
    }

    /// The same after a while.
    pub(super) fn after(self, delay: Duration) -> Self {
        Resource { delay, ..self }
    }
}
