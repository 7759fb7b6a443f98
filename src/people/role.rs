//! Roles, and what each may do.

use serde::{Deserialize, Serialize};

/// What somebody is to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps accounts and the program; does everything.
    Admin,
    /// Decides about the site: findings, baselines, exclusions, entries, tickets.
    Manager,
    /// Is on duty: confirms, assigns, checks again, acknowledges, enters tickets.
    Operator,
    /// Writes for the site: checks texts, sees findings and says that they are mended.
    Editor,
    /// Looks, and sees the audit log.
    Auditor,
}

/// One kind of thing that may or may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Be logged in at all: own account, checking a text.
    Enter,
    /// See sites, findings, scans, reports.
    View,
    /// Assign, comment, say that something is mended, have it checked again, acknowledge, enter tickets.
    Work,
    /// Dismiss findings, accept baselines, exclude downtime, judge indicators, vouch for hosts.
    Decide,
    /// See who did what.
    Audit,
    /// Keep accounts, tokens and imports.
    Administer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [Role::Admin, Role::Manager, Role::Operator, Role::Editor, Role::Auditor];

    /// Whether it may do that.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{Administer, Audit, Decide, Enter, View, Work};
        match permission {
            Enter | View => true,
            Work => matches!(self, Role::Admin | Role::Manager | Role::Operator | Role::Editor),
            Decide => matches!(self, Role::Admin | Role::Manager),
            Audit => matches!(self, Role::Admin | Role::Manager | Role::Auditor),
            Administer => self == Role::Admin,
        }
    }

    /// Its name for people.
    pub fn chinese(self) -> &'static str {
        match self {
            Role::Admin => "系统管理员",
            Role::Manager => "站点管理员",
            Role::Operator => "值班员",
            Role::Editor => "编辑",
            Role::Auditor => "审计员",
        }
    }

    /// The same word as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Manager => "manager",
            Role::Operator => "operator",
            Role::Editor => "editor",
            Role::Auditor => "auditor",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_json_and_come_back() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("{:?}", role.word()));
            assert_eq!(Role::of_word(role.word()), Some(role));
        }
    }
}
