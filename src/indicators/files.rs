//! Rule files: those that the program was built with, and those of a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// The files this program was built with, in the order of the overview.
pub(super) const BUILT_IN: [(&str, &str); 14] = [
    ("rules/national-2019.toml", include_str!("../../rules/national-2019.toml")),
    ("rules/sichuan.toml", include_str!("../../rules/sichuan.toml")),
    ("rules/survey-2015.toml", include_str!("../../rules/survey-2015.toml")),
    ("rules/project.toml", include_str!("../../rules/project.toml")),
    ("rules/columns.toml", include_str!("../../rules/columns.toml")),
    ("rules/tags.toml", include_str!("../../rules/tags.toml")),
    ("rules/home.toml", include_str!("../../rules/home.toml")),
    ("rules/services.toml", include_str!("../../rules/services.toml")),
    ("rules/publishing.toml", include_str!("../../rules/publishing.toml")),
    ("rules/privacy.toml", include_str!("../../rules/privacy.toml")),
    ("rules/hosts.toml", include_str!("../../rules/hosts.toml")),
    ("rules/tampering.toml", include_str!("../../rules/tampering.toml")),
    ("rules/intrusion.toml", include_str!("../../rules/intrusion.toml")),
    ("rules/ipv6.toml", include_str!("../../rules/ipv6.toml")),
];

/// Above this a rule file is refused: ours have 20 kB, so it is something else by mistake.
const FILE_BYTES: u64 = 1 << 20;

/// The rule files of a folder, in the order of their names.
pub(super) fn toml_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a rule file.
pub(super) fn text_of(file: &Path) -> std::io::Result<String> {
    if fs::metadata(file)?.len() > FILE_BYTES {
        return Err(std::io::Error::other(format!("is longer than {FILE_BYTES} bytes")));
    }
    fs::read_to_string(file)
}
