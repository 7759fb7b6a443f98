//! sitewarden 网哨: watches government websites and tells their keepers, with evidence, what breaks
//! the published indicators before an inspector does.
//!
//! Data flows one way. A [`scan`] takes a [`config`], lets [`crawl`] ask the [`frontier`] for addresses and
//! [`fetch`] them, turns bodies into a [`page`] and compact [`facts`], and keeps both in the crawl [`state`].
//! Once everything is seen, [`checks`] judge a [`snapshot`] of it, [`score`] counts the findings against the
//! [`indicators`], [`diff`] compares them with what the [`store`] remembers, and [`report`] shows the result.
//!
//! Beside it stands what watches around the clock need: a [`schedule`] says what is due, a [`ledger`] of intervals how
//! long a site was up, a [`contract`] what was promised of that, and [`duty`] puts them together from the record.
//! [`ipv6`] asks another question of a site, in the same order: measured first, judged afterwards.
//!
//! The modules stand here in reading order: each depends on those below it or on plain data, never on those above.

pub mod daemon;

pub mod web;

pub mod backup;
pub mod cli;
pub mod config;
pub mod demo;
pub mod duty;
pub mod progress;
pub mod scan;

pub mod alert;

pub mod cabinet;
pub mod report;
pub mod store;

pub mod diff;
pub mod score;

pub mod incident;

pub mod contract;
pub mod registers;
pub mod schedule;

pub mod ipv6;
pub mod paper;

pub mod ledger;

pub mod crawl;
pub mod frontier;
pub mod state;

pub mod checks;

pub mod baseline;
pub mod column;
pub mod inventory;

pub mod probe;

pub mod indicators;
pub mod sightings;
pub mod snapshot;
pub mod template;

pub mod link;

pub mod evidence;
pub mod fetch;
pub mod net;

pub mod editor;

pub mod ocr;
pub mod picture;
pub mod printer;
pub mod qr;

pub mod browser;

pub mod document;
pub mod file;
pub mod page;
pub mod script;
pub mod speller;
pub mod text;

pub mod privacy;

pub mod notice;

pub mod life;

pub mod address;
pub mod finding;
pub mod people;

pub mod facts;

pub mod beijing;
pub mod digest;
pub mod digits;
pub mod likeness;
pub mod lock;
pub mod pixels;
