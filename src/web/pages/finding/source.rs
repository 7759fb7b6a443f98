//! The source of the page around a finding, from the original that was kept.

use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::page;
use crate::privacy::mask_all;
use crate::report::escape;

/// Characters of source shown before and after the place.
const AROUND: usize = 600;

/// A piece of source, in lines.
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) after: String,
}

/// The source around the place of a finding; nothing where no original was kept, or no place is known.
pub(super) async fn excerpt(evidence: &Evidence, finding: &Finding) -> Option<Excerpt> {
    let id = finding.proof.original.as_deref()?.parse().ok()?;
    let offset = finding.place.as_ref()?.offset?;
    let body = match evidence.get(id).await {
        Ok(body) => body?,
        Err(error) => {
            tracing::warn!(%error, original = %id, "the original of a finding cannot be read");
            return None;
        }
    };
    around(&page::decode(&body, None), usize::try_from(offset).ok()?)
}

/// The text on both sides of a byte of it. Private data are masked, as everywhere outside of the evidence.
fn around(source: &str, offset: usize) -> Option<Excerpt> {
    let middle = source.floor_char_boundary(offset.min(source.len()));
    let (before, after) = source.split_at_checked(middle)?;
    let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
    Some(Excerpt { before: harmless(&before[start..]), after: harmless(&after[..end]) })
}

/// Lines stay lines; what hides or reorders text is shown by its number.
fn harmless(text: &str) -> String {
    let masked = mask_all(text);
    let lines: Vec<_> = masked.lines().map(escape::visible).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_bounded_and_harmless() {
        let source = format!("{}\u{202e}<b>\r\n{}", "前".repeat(2_000), "后".repeat(2_000));
        let found = around(&source, 2_000 * "前".len() + 1).unwrap();
        assert_eq!(found.before.chars().count(), AROUND);
        assert!(found.after.starts_with("<U+202E><b>\n后"), "{}", found.after);
        assert!(around("短", usize::MAX).is_some_and(|found| found.before == "短" && found.after.is_empty()));
    }
}
