//! Judging words: normalisation, dictionaries, matching.
//!
//! Words are data. What is wrong, what excuses it and how bad it is stands in files under `dictionaries/` that a
//! person without Rust can read and a customer can layer over; the code here only knows how to read those files
//! ([`dictionary`]), how to see through disguises ([`normalise`]) and how to find everything in one pass
//! ([`Lexicons::hits`]). A [`Shelf`] holds them where they may change while the program runs, and a [`Segmenter`] tells them
//! where words end. What becomes of a hit is for the checks to say.

mod class;
mod compiler;
pub mod dictionary;
mod files;
mod frame;
pub mod health;
mod history;
mod index;
mod lexicon;
mod matcher;
mod near;
pub mod normalise;
mod reference;
mod roster;
mod shelf;
mod tables;
mod when;
mod words;

pub use class::{Class, Tier};
pub use dictionary::DictionaryError;
pub use frame::Frame;
pub use lexicon::{Lexicons, Origin};
pub use matcher::Hit;
pub use reference::Reference;
pub use shelf::Shelf;
pub use when::{Term, When};
pub use words::{Cut, Segmenter};
