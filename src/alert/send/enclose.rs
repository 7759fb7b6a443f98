//! The documents that go with a mail.

use std::time::Duration;

use crate::alert::message::Enclosed;
use crate::cabinet::Cabinet;
use crate::notice::{Enclosure, Notice};
use crate::paper::PaperFormat;

/// Bytes a second that the slowest line carries that anybody should have to wait for.
const SLOWEST: u64 = 64 << 10;

/// Where documents come from, and how much of them one mail carries.
#[derive(Debug, Clone)]
pub struct Post {
    cabinet: Cabinet,
    bytes: u64,
}

impl Post {
    /// Documents out of a cabinet, `bytes` of them with one mail at most.
    pub fn new(cabinet: Cabinet, bytes: u64) -> Post {
        Post { cabinet, bytes }
    }

    /// The documents of a notice, in their order, as far as they fit. One that is gone or was altered is left out and
    /// said in the log: the mail still tells where to look.
    pub(super) async fn of(&self, notice: &Notice) -> Vec<Enclosed> {
        let (cabinet, wanted) = (self.cabinet.clone(), self.fitting(notice));
        let taken = tokio::task::spawn_blocking(move || {
            let take = |document: Enclosure| {
                let content = cabinet.take(&document);
                let content = content.inspect_err(|error| tracing::error!(%error, "not enclosed"));
                let media = PaperFormat::of_word(document.ending()).map(PaperFormat::media);
                Some(Enclosed {
                    name: document.name().to_owned(),
                    media: media.unwrap_or("application/octet-stream"),
                    content: content.ok()?,
                })
            };
            wanted.into_iter().filter_map(take).collect()
        });
        taken.await.expect("reading files does not panic")
    }

    /// Time that the documents of a notice may take.
    pub(super) fn time_for(&self, notice: &Notice) -> Duration {
        let bytes: u64 = self.fitting(notice).iter().map(|document| document.bytes).sum();
        // Base64 adds a third.
        Duration::from_secs(bytes.saturating_mul(4) / 3 / SLOWEST)
    }

    fn fitting(&self, notice: &Notice) -> Vec<Enclosure> {
        let mut room = self.bytes;
        let fits = |document: &&Enclosure| {
            let left = room.checked_sub(document.bytes);
            room = left.unwrap_or(room);
            left.is_some()
        };
        notice.enclosed.iter().filter(fits).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::testing::notice;
    use crate::notice::Event;

    fn enclosing(sizes: &[u64]) -> Notice {
        let document = |bytes: &u64| Enclosure {
            path: format!("2026-11/{bytes}.html"),
            bytes: *bytes,
            sha256: "0".repeat(64),
        };
        Notice { enclosed: sizes.iter().map(document).collect(), ..notice("report-1", Event::Report) }
    }

    #[test]
    fn documents_go_with_a_mail_as_far_as_they_fit() {
        let check = |limit: u64, sizes: &[u64], expected: &[u64]| {
            let post = Post::new(Cabinet::below(std::path::Path::new("nowhere")), limit);
            let fitting: Vec<u64> = post.fitting(&enclosing(sizes)).iter().map(|one| one.bytes).collect();
            assert_eq!(fitting, expected, "{limit} {sizes:?}");
        };
        check(10, &[4, 6], &[4, 6]);
        check(9, &[4, 6], &[4]);
        // What is too large leaves its room to those after it.
        check(9, &[4, 6, 5], &[4, 5]);
        check(9, &[u64::MAX, 9], &[9]);
        check(0, &[1], &[]);
    }

    #[test]
    fn a_slow_line_gets_the_time_that_it_takes() {
        let post = Post::new(Cabinet::below(std::path::Path::new("nowhere")), 10 << 20);
        assert_eq!(post.time_for(&enclosing(&[])), Duration::ZERO);
        assert_eq!(post.time_for(&enclosing(&[3 * SLOWEST])), Duration::from_secs(4));
        assert_eq!(post.time_for(&enclosing(&[20 << 20])), Duration::ZERO, "what does not go takes no time");
    }
}
