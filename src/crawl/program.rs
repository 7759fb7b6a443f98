//! Looking at a script that the site keeps in a file of its own: judged once, for all pages that load it.
//!
//! Runs on a blocking thread, like everything that costs.

use super::examine::{Examiner, starts_document};
use super::recall::{self, Recall};
use crate::address::Address;
use crate::checks;
use crate::facts::{CouldNotRun, Target, Visit};
use crate::finding::Finding;
use crate::page::{LinkKind, Program};
use crate::script::SCRIPT_BYTES;

/// Scripts read of one site. Real sites have some dozens; generated names must not make a scan download for ever. What
/// comes later is only asked whether it is there.
pub(super) const PROGRAMS: u64 = 500;

/// What came of reading a script.
#[derive(Default)]
pub struct Screened {
    /// What the checks found in it.
    pub findings: Vec<Finding>,
    /// Those that could not run on it.
    pub could_not_run: Vec<CouldNotRun>,
    /// Whether only a part of it was read.
    pub is_cut: bool,
}

/// Whether a target is a script of the site. What a page loads as one is one whatever it is called; a name tells where
/// a page only announces it (`preload`), or where a finding is looked for again.
pub(super) fn is_program(target: &Target, address: &Address) -> bool {
    let is_named = || address.extension().is_some_and(|name| ["js", "mjs"].contains(&name));
    target.own
        && match target.found_as {
            LinkKind::Script => true,
            LinkKind::Image | LinkKind::Style | LinkKind::Media => false,
            _ => is_named(),
        }
}

/// Whether a visit brought a script whose body was kept whole.
pub fn brought_program(target: &Target, address: &Address, visit: &Visit) -> bool {
    visit.verdict.works() && is_program(target, address)
}

/// Whether a visit only asked whether a script is there, as so many had been read before.
pub fn left_program(target: &Target, address: &Address, visit: &Visit) -> bool {
    visit.body.is_none() && brought_program(target, address, visit)
}

impl Examiner {
    /// Takes in the style sheets and scripts that earlier readings met.
    pub fn take_in(&self, recall: &Recall) {
        recall.looks(|address, kind, body| match recall::is_style(kind) {
            true => self.sheets.insert(address, body),
            false => drop(self.know_program(address, Some(kind), body)),
        });
    }

    /// Takes in what a script that lies at an address hides on the pages that load it, and gives the script. What is a page
    /// in truth (a site may answer every address with its home page) is no script, and browsers run none of it.
    pub fn know_program(
        &self,
        address: &Address,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Option<Program> {
        let program = (!starts_document(body)).then(|| Program::new(address, content_type, body));
        let hidden = program.as_ref().map(|program| program.hides(&self.readings)).unwrap_or_default();
        self.sheets.veil(address, &hidden);
        program
    }

    /// Checks a script that lies at an address.
    pub fn read_program(&self, address: &Address, content_type: Option<&str>, body: &[u8]) -> Screened {
        let Some(program) = self.know_program(address, content_type, body) else {
            return Screened::default();
        };
        let (findings, could_not_run) = checks::run_program(&program, &self.context());
        let is_cut = body.len() > SCRIPT_BYTES || self.readings.of(program.code()).is_cut;
        Screened { findings, could_not_run, is_cut }
    }
}
