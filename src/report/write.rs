//! Reports as files: each is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Format, Report, file_name, render};

/// Writes a report into a folder, which is made where it is missing; returns the files in the order of `formats`.
/// An earlier report is replaced only once the new one is on the disk.
pub fn write_all(report: &Report, formats: &[Format], dir: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir).map_err(|error| named(dir, &error))?;
    let mut paths = Vec::with_capacity(formats.len());
    for format in formats {
        let path = dir.join(file_name(*format));
        render(report, *format)
            .and_then(|content| replace(&path, &content))
            .map_err(|error| named(&path, &error))?;
        paths.push(path);
    }
    Ok(paths)
}

/// Puts a file in place whole: another one of its name is replaced once it is on the disk.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // Beside the target, as a rename is atomic within one file system only; with the process id, so that two runs
    // into the same folder do not write into each other's file.
    let draft = path.with_added_extension(format!("{}.part", std::process::id()));
    let written = write_synced(&draft, content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The first error is the one to tell; a draft that cannot be removed changes nothing about it.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// The error with the name of the file it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("writing {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn files_are_replaced_whole() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let out = dir.path().join("a/b");
        let paths = write_all(&sample::report(), &Format::ALL, &out).expect("written");
        assert_eq!(paths.len(), Format::ALL.len());
        let again = write_all(&sample::failed(), &[Format::Text], &out).expect("written");
        let expected = render(&sample::failed(), Format::Text).expect("text always fits");
        assert_eq!(fs::read(&again[0]).expect("there"), expected);
        let left = fs::read_dir(&out).expect("a folder").count();
        assert_eq!(left, Format::ALL.len(), "no drafts are left behind");
    }

    #[test]
    fn an_error_names_its_file_and_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        fs::create_dir(dir.path().join("report.json")).expect("made");
        let error = write_all(&sample::report(), &[Format::Json], dir.path()).expect_err("it is a folder");
        assert!(error.to_string().contains("report.json"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }
}
