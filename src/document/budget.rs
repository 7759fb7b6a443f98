//! How much of a document is looked at.

use std::cell::{Cell, RefCell};

use super::Limited;
use crate::facts::Gap;

/// How much of a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes unpacked, over everything in it. Documents of 40 MB with pictures unpack to little more than that.
    pub unpacked_bytes: u64,
    /// Bytes of text kept. The longest statute book has 3 MB.
    pub text_bytes: usize,
    /// Archives in archives.
    pub depth: usize,
    /// Steps of the readers that follow references, PDF above all.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { unpacked_bytes: 64 << 20, text_bytes: 12 << 20, depth: 2, steps: 20_000_000 }
    }
}

/// What is left of the limits while a document is read.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    unpacked: Cell<u64>,
    text: Cell<usize>,
    steps: Cell<u64>,
    reached: RefCell<Option<Limited>>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Budget {
        Budget {
            limits,
            unpacked: Cell::new(limits.unpacked_bytes),
            text: Cell::new(limits.text_bytes),
            steps: Cell::new(limits.steps),
            reached: RefCell::new(None),
        }
    }

    /// Notes that something stays unread. The first reason is the one that is told.
    pub(super) fn reach(&self, gap: Gap, why: impl Into<String>) {
        self.reached.borrow_mut().get_or_insert_with(|| Limited { gap, why: why.into() });
    }

    /// Why something stays unread.
    pub(super) fn reached(&self) -> Option<Limited> {
        self.reached.borrow().clone()
    }

    /// How many of so many bytes may be unpacked.
    pub(super) fn unpack(&self, wanted: usize) -> usize {
        let granted = wanted.min(usize::try_from(self.unpacked.get()).unwrap_or(usize::MAX));
        if granted == 0 && wanted > 0 {
            self.reach(Gap::TooLarge, "解压后内容过大，只读取了前一部分");
        }
        granted
    }

    /// So many bytes were unpacked.
    pub(super) fn unpacked(&self, bytes: usize) {
        self.unpacked.set(self.unpacked.get().saturating_sub(bytes as u64));
    }

    /// As much of a text as may be kept.
    pub(super) fn text<'a>(&self, text: &'a str) -> &'a str {
        let end = text.floor_char_boundary(self.text.get());
        if end < text.len() {
            self.reach(Gap::TooLarge, "文字过多，只读取了前一部分");
        }
        self.text.set(self.text.get() - end);
        &text[..end]
    }

    /// Whether another so many steps may be taken.
    pub(super) fn step(&self, steps: u64) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        if left < steps {
            self.reach(Gap::TooLarge, "文档结构异常复杂，只读取了前一部分");
        }
        left >= steps
    }
}
