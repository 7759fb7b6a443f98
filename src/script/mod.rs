//! What a script would do, read without running it.
//!
//! What was put on a hacked site hides its addresses: in escapes, character codes, packers, strings taken apart.
//! [`lexer`] makes tokens of a script, [`fold`] computes the expressions that need nothing but what stands there
//! ([`value`]), [`unpack`] undoes the wrappings that need a loop, and [`act`] says what an assignment or a call does
//! to the page. [`guard`] says for whom it is done: only for spiders, only for phones, only for those who come from
//! a search engine; [`branch`] which statements hang on that, [`waiting`] which on what the visitor does.
//!
//! Nothing is ever run, every step is counted, and what cannot be read is left out. Whether an act is an attack is
//! for the checks to say.

mod act;
mod branch;
mod fold;
mod guard;
mod lexer;
mod outline;
mod readings;
mod unpack;
mod value;
mod waiting;

pub use act::{Act, Deed};
pub use guard::{Guard, Guards};
pub use readings::Readings;
pub use unpack::{Wrapping, Wrappings, unescape};

/// Bytes of a script that are read. Most libraries have some 100 to 300 KB, the largest that sites keep in one file
/// (charts, maps) hardly a megabyte.
pub const SCRIPT_BYTES: usize = 1 << 20;

/// Scripts inside of scripts: `eval` of `eval` of …
const DEPTH: usize = 5;

/// What a script would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What it would do to the page and the visitor, in order.
    pub acts: Vec<Act>,
    /// How it was wrapped.
    pub wrappings: Wrappings,
    /// Whether only a part of it was read: it is longer than is read, in bytes or in tokens, takes more steps, or does more
    /// than is noted. The rest is unknown.
    pub is_cut: bool,
}

/// In what manner something is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// What is asked before.
    pub guards: Guards,
    /// How it is wrapped.
    pub wrappings: Wrappings,
}

impl Manner {
    /// This and another one.
    pub fn with(self, other: Manner) -> Manner {
        Manner { guards: self.guards.with(other.guards), wrappings: self.wrappings.with(other.wrappings) }
    }
}

impl Reading {
    /// In what manner a small script does something: what is asked before that, and how all of it is wrapped.
    pub fn manner_of(&self, act: &Act) -> Manner {
        Manner { guards: act.near.guards, wrappings: self.wrappings }
    }

    /// In what manner it writes.
    pub fn manner_of_markup(&self) -> Manner {
        let writes = self.acts.iter().filter(|act| act.deed.markup().is_some());
        let wrapped = Manner { guards: Guards::default(), wrappings: self.wrappings };
        writes.fold(wrapped, |all, act| all.with(act.near))
    }

    /// The HTML that the script puts into the page, piece by piece.
    pub fn markup(&self) -> impl Iterator<Item = &str> {
        self.acts.iter().filter_map(|act| act.deed.markup())
    }
}

/// A piece of a text that only the running script would know.
pub const HOLE: char = '\u{FFFC}';

/// Reads a script.
pub fn read(code: &str) -> Reading {
    let mut cut = code.len().min(SCRIPT_BYTES);
    while !code.is_char_boundary(cut) {
        cut -= 1;
    }
    let reading = fold::read(&code[..cut]);
    Reading { is_cut: reading.is_cut || cut < code.len(), ..reading }
}

#[cfg(test)]
mod tests;
