//! What shows that a finding is true, in words.

use crate::finding::Proof;

/// Label and value of what is known.
pub(super) fn rows(proof: &Proof) -> Vec<(&'static str, String)> {
    let path = (!proof.path.is_empty()).then(|| path(proof));
    let tries = proof.tries.map(|tries| format!("{tries} 次"));
    [
        ("页面标题", proof.title.clone()),
        ("栏目路径", path),
        ("尝试访问", tries),
        ("原件 SHA-256", proof.original.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

/// The way from home: `首页 > 政务公开 > 通知公告`.
pub(super) fn path(proof: &Proof) -> String {
    let names = std::iter::once("首页").chain(proof.path.iter().map(String::as_str));
    names.collect::<Vec<_>>().join(" > ")
}
