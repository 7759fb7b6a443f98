//! Where the crawl states of a site lie: one folder per scan, of which the last finished one is kept for `judge`.

use std::path::{Path, PathBuf};

use crate::store::ScanId;

/// The folders of one site.
pub(super) struct Folders {
    site: PathBuf,
}

impl Folders {
    pub(super) fn of(states: &Path, site: &str) -> Folders {
        Folders { site: states.join(site) }
    }

    /// The folder of a scan.
    pub(super) fn of_scan(&self, scan: ScanId) -> PathBuf {
        self.site.join(scan.to_string())
    }

    /// A folder for a reading, empty: what an earlier one left there is gone.
    pub(super) fn of_reading(&self) -> PathBuf {
        let folder = self.site.join("reading");
        if folder.exists()
            && let Err(error) = std::fs::remove_dir_all(&folder)
        {
            tracing::warn!(folder = %folder.display(), %error, "the state of an earlier reading cannot be removed");
        }
        folder
    }

    /// The file with what the speller has learned of the site's own way of writing.
    pub(super) fn idiolect(&self) -> PathBuf {
        self.site.join("idiolect")
    }

    /// The file with what readings remember of the pages that they read.
    pub(super) fn recall(&self) -> PathBuf {
        self.site.join("recall")
    }

    /// The folder of the newest scan, if there is one.
    pub(super) fn newest(&self) -> Option<PathBuf> {
        self.all().into_iter().max().map(|scan| self.of_scan(scan))
    }

    /// Removes the state of a scan. One that cannot be removed costs disk space, nothing else.
    pub(super) fn remove(&self, scan: ScanId) {
        let folder = self.of_scan(scan);
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::warn!(folder = %folder.display(), %error, "an old crawl state cannot be removed");
        }
    }

    /// Removes the states of all scans but this one.
    pub(super) fn keep_only(&self, scan: ScanId) {
        for other in self.all().into_iter().filter(|other| *other != scan) {
            self.remove(other);
        }
    }

    fn all(&self) -> Vec<ScanId> {
        let entries = std::fs::read_dir(&self.site).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).map(ScanId).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_told_by_number_and_kept() {
        let root = tempfile::tempdir().expect("a scratch folder");
        let folders = Folders::of(root.path(), "site");
        assert_eq!(folders.newest(), None);
        for scan in [9, 10, 2] {
            std::fs::create_dir_all(folders.of_scan(ScanId(scan))).expect("a folder");
        }
        assert_eq!(folders.newest(), Some(folders.of_scan(ScanId(10))));
        folders.keep_only(ScanId(9));
        assert_eq!(folders.all(), [ScanId(9)]);
    }
}
