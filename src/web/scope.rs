//! What a visitor may speak of. What is not theirs is not there.

use super::answer::Failure;
use super::app::App;
use super::visitor::Visitor;
use crate::config::Site;
use crate::people::Permission;

/// A site that the visitor sees.
pub(super) fn site(app: &App, visitor: &Visitor, id: &str) -> Result<Site, Failure> {
    let settings = app.current().settings;
    let site = settings.sites.iter().find(|site| site.id == id && visitor.sees(id));
    site.cloned().ok_or(Failure::NotFound)
}

/// Every site that the visitor sees, in the order of the configuration.
pub(super) fn sites(app: &App, visitor: &Visitor) -> Vec<Site> {
    let settings = app.current().settings;
    settings.sites.iter().filter(|site| visitor.sees(&site.id)).cloned().collect()
}

/// Lets on only who may do that: for routes where looking takes less than changing.
pub(super) fn must(visitor: &Visitor, permission: Permission) -> Result<(), Failure> {
    if visitor.may(permission) { Ok(()) } else { Err(Failure::Forbidden) }
}
