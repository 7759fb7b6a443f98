//! The dictionaries of each site: those of everybody, and the people in office whom its own register names.
//!
//! A title such as 局长 says on each site who its own holder is, so that people of one site are none of another's
//! business. A set of its own costs a few megabytes and a tenth of a second, and only sites with such a register have one.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Register, Rows, roster};
use crate::text::{DictionaryError, Lexicons, Shelf};

/// The dictionaries of each site.
#[derive(Debug, Clone)]
pub struct Dictionaries {
    common: Arc<Lexicons>,
    of_site: HashMap<String, Arc<Lexicons>>,
    of_drafts: Arc<Lexicons>,
}

impl Dictionaries {
    /// Those of a shelf, with the people of registers laid over them.
    pub fn of(shelf: &Shelf, registers: &[Register]) -> Result<Dictionaries, Vec<DictionaryError>> {
        let people = |wanted: &dyn Fn(&Register) -> bool| {
            let rosters = registers.iter().filter(|one| matches!(one.rows, Rows::Roster(_)) && wanted(one));
            match roster(&rosters.cloned().collect::<Vec<_>>()) {
                text if text.is_empty() => Ok(shelf.lexicons()),
                text => shelf.with_people(&text),
            }
        };
        let mut of_site = HashMap::new();
        for register in registers.iter().filter(|one| matches!(one.rows, Rows::Roster(_))) {
            let site = &register.site;
            of_site.insert(site.clone(), people(&|other| other.site == *site)?);
        }
        let of_drafts = match of_site.len() {
            1 => of_site.values().next().cloned().unwrap_or_else(|| shelf.lexicons()),
            _ => people(&|_| true)?,
        };
        Ok(Dictionaries { common: shelf.lexicons(), of_site, of_drafts })
    }

    /// Those of a site.
    pub fn of_site(&self, site: &str) -> Arc<Lexicons> {
        self.of_site.get(site).unwrap_or(&self.common).clone()
    }

    /// Those for a text that is on no site yet, and may come onto any: with the people of all.
    pub fn of_drafts(&self) -> Arc<Lexicons> {
        self.of_drafts.clone()
    }
}
