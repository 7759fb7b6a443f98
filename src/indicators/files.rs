//! Rule files: those that the program was built with, and those of a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// The files this program was built with, in the order of the overview.
pub(super) const BUILT_IN: [(&str, &str); 19] = [
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
    ("rules/availability.toml", include_str!("../../rules/availability.toml")),
    ("rules/contracts/sichuan.toml", include_str!("../../rules/contracts/sichuan.toml")),
    ("rules/contracts/shaoguan.toml", include_str!("../../rules/contracts/shaoguan.toml")),
    ("rules/contracts/fujian.toml", include_str!("../../rules/contracts/fujian.toml")),
    ("rules/ipv6.toml", include_str!("../../rules/ipv6.toml")),
    ("rules/remedy.toml", include_str!("../../rules/remedy.toml")),
];

/// Above this a rule file is refused: ours have 20 kB, so it is something else by mistake.
const FILE_BYTES: u64 = 1 << 20;

/// Where contracts stand within a folder of rules.
const CONTRACTS: &str = "contracts";

/// The rule files of a folder in the order of their names, those of its contracts among them.
pub(super) fn toml_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let contracts = folder.join(CONTRACTS);
    let within = contracts.is_dir().then_some(contracts);
    for entry in fs::read_dir(folder)?.chain(within.map(fs::read_dir).transpose()?.into_iter().flatten()) {
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
