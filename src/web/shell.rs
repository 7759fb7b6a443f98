//! What stands around every page: name, menu, who is logged in.

use super::visitor::Visitor;
use crate::people::Permission;

/// What stands around a page.
pub(super) struct Shell {
    /// Title of the page.
    pub(super) title: String,
    /// The part of the menu that it belongs to.
    pub(super) part: &'static str,
    /// The person's name.
    pub(super) name: String,
    /// The person's role.
    pub(super) role: &'static str,
    /// What every form must carry.
    pub(super) form_token: String,
    /// The menu: path, words, part.
    pub(super) menu: Vec<(&'static str, &'static str, &'static str)>,
}

/// The menu: what it takes to see an entry, its path, its words, its part.
const MENU: [(Permission, &str, &str, &str); 11] = [
    (Permission::View, "/", "总览", "overview"),
    (Permission::View, "/incidents", "事件", "incidents"),
    (Permission::View, "/findings", "问题", "findings"),
    (Permission::View, "/tickets", "报障单", "tickets"),
    (Permission::View, "/reports", "报告", "reports"),
    (Permission::Enter, "/check", "发布前检查", "check"),
    (Permission::Administer, "/imports", "数据导入", "imports"),
    (Permission::Enter, "/account", "我的账号", "account"),
    (Permission::Administer, "/people", "人员", "people"),
    (Permission::Administer, "/tokens", "令牌", "tokens"),
    (Permission::Audit, "/audit", "审计", "audit"),
];

impl Shell {
    pub(super) fn new(visitor: &Visitor, part: &'static str, title: impl Into<String>) -> Shell {
        let menu = MENU.into_iter().filter(|(needed, ..)| visitor.may(*needed));
        Shell {
            title: title.into(),
            part,
            name: visitor.name().to_owned(),
            role: visitor.account().map_or("", |account| account.role.chinese()),
            form_token: visitor.form_token().to_owned(),
            menu: menu.map(|(_, path, words, part)| (path, words, part)).collect(),
        }
    }
}
